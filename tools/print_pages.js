// Turns the chapters of tools/print_pages.py, which are templates, into one text: ids that are one chapter's own, links
// that stay within the document where they can, cards folded to their line, everything else unfolded.
({ root, address, width }) => {
  const GONE = [
    "script, style, button, audio, select, .headerlink, .book-foot, .book-download, .book-path",
    ".book-filter, .md-source-file, .book-language, .md-content__button, .book-stacked, .book-cta",
    '.book-question__answer, .book-question__row > button, [src$="#only-dark"], .katex-mathml, .md-clipboard',
  ].join();
  const REFERS = ["aria-labelledby", "aria-describedby", "for", "headers"];
  const templates = [...document.querySelectorAll("template")];
  const chapters = new Map(templates.map((one) => [new URL(one.dataset.url, root).href, one.id]));

  function renamed(part, chapter) {
    for (const own of part.querySelectorAll("[id]")) own.id = `${chapter}--${own.id}`;
    for (const name of REFERS) {
      for (const own of part.querySelectorAll(`[${name}]`)) {
        const ids = own.getAttribute(name).trim().split(/\s+/);
        own.setAttribute(name, ids.map((id) => `${chapter}--${id}`).join(" "));
      }
    }
    for (const own of part.querySelectorAll("svg *")) {
      for (const { name, value } of [...own.attributes]) {
        if (/href$/.test(name) && value.startsWith("#")) own.setAttribute(name, `#${chapter}--${value.slice(1)}`);
        else if (value.includes("url(#")) own.setAttribute(name, value.replaceAll("url(#", `url(#${chapter}--`));
      }
    }
  }

  // Within the document, else to the published book, else nowhere; the addresses of others are printed.
  function led(link, page) {
    const to = new URL(link.getAttribute("href"), page);
    const [place, hash] = [to.origin + to.pathname, decodeURIComponent(to.hash.slice(1))];
    if (chapters.has(place)) {
      const name = chapters.get(place);
      link.setAttribute("href", hash ? `#${name}--${hash}` : `#${name}`);
    } else if (!to.href.startsWith(root)) {
      link.href = to.href;
      if (/^https?:/.test(to.protocol) && !link.textContent.includes(to.host)) link.classList.add("print-address");
    } else if (address) link.href = address + to.href.slice(root.length);
    else link.removeAttribute("href");
  }

  function lowered(part, depth) {
    for (const heading of part.querySelectorAll("h1, h2, h3, h4, h5")) {
      const level = Number(heading.localName[1]);
      const other = document.createElement(`h${Math.min(6, level + depth)}`);
      for (const { name, value } of heading.attributes) other.setAttribute(name, value);
      other.classList.add(`print-h${level}`);
      other.append(...heading.childNodes);
      heading.replaceWith(other);
    }
  }

  for (const template of templates) {
    const { id, dataset } = template;
    const page = new URL(dataset.url, root).href;
    const part = template.content;
    part.querySelectorAll(GONE).forEach((one) => one.remove());
    for (const fold of part.querySelectorAll(".book-claim > details")) {
      const line = document.createElement("div");
      line.append(...fold.querySelector("summary").childNodes);
      fold.replaceWith(line);
    }
    part.querySelectorAll("details").forEach((one) => (one.open = true));
    part.querySelectorAll("[loading]").forEach((one) => one.removeAttribute("loading"));
    part
      .querySelectorAll("[aria-hidden]")
      .forEach((one) => one.closest(".katex") && one.removeAttribute("aria-hidden"));
    renamed(part, id);
    for (const image of part.querySelectorAll("img[src]")) image.src = new URL(image.getAttribute("src"), page).href;
    part.querySelectorAll("a[href]").forEach((link) => led(link, page));
    lowered(part, Number(dataset.depth));
    const chapter = document.createElement("section");
    chapter.className = "print-chapter";
    chapter.id = id;
    chapter.append(part);
    template.replaceWith(chapter);
  }
  // Links to what a page says only elsewhere, such as a filter, lead to the chapter.
  for (const link of document.querySelectorAll('a[href^="#"]')) {
    const name = link.getAttribute("href").slice(1);
    if (!document.getElementById(name)) link.setAttribute("href", `#${name.split("--")[0]}`);
  }
  // What is wider than the sheet is made to fit, not cut.
  const wide = ".print-chapter :is(table, .katex-display > .katex, .book-figure svg, .book-panels, img)";
  for (const box of document.querySelectorAll(wide)) {
    const is = Math.max(box.scrollWidth ?? 0, box.getBoundingClientRect().width);
    const room = Math.min(
      width,
      box.parentElement.closest("figure, details, .admonition, .book-exercise, li")?.clientWidth || width,
    );
    if (is > room + 1) box.style.zoom = Math.max(0.4, room / is);
  }
  const lost = [...document.querySelectorAll('a[href^="#"]')].filter(
    (link) => !document.getElementById(link.getAttribute("href").slice(1)),
  );
  const titles = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].map((one) => one.textContent.trim());
  return { lost: lost.map((link) => link.getAttribute("href")), titles };
};
