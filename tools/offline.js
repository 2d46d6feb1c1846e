// The search of the offline book: every word asked for stands in a section's title or text; Chinese is found as it is
// typed. The index is a script, which a browser takes from a file, and comes when it is first needed.
(function () {
  "use strict";
  const form = document.querySelector(".offline-search");
  if (!form) return;
  const [field, status, list] = form.children;
  const style = document.createElement("style");
  style.textContent = `
    .offline-search { position: relative; margin-inline-start: auto; }
    .offline-search input { width: 11rem; padding: .3rem .6rem; border: 1px solid var(--book-rule); border-radius: 4px;
      background: var(--book-panel); color: var(--book-ink); font: inherit; font-size: .65rem; }
    .offline-search [role="status"] { position: absolute; right: 0; padding: .1rem .5rem; font-size: .6rem;
      background: var(--book-paper); }
    .offline-search .offline-heard { width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
    .offline-search ol { position: absolute; z-index: 9; right: 0; width: min(26rem, 90vw); max-height: 70vh;
      overflow: auto; margin: .2rem 0 0; padding: .3rem; list-style: none; background: var(--book-paper);
      border: 1px solid var(--book-rule); }
    .offline-search a { display: block; padding: .3rem .5rem; color: var(--book-ink); font-size: .65rem; }
    .offline-search a:is(:hover, :focus) { background: var(--book-panel); }
    .offline-search small { display: block; color: var(--book-soft); }`;
  document.head.append(style);

  let index;
  function load() {
    index ??= new Promise((done) => {
      const script = document.createElement("script");
      script.src = `${form.dataset.base}offline-index.js`;
      script.onload = () => done(window.offlineIndex);
      document.head.append(script);
    });
    return index;
  }

  function count(text, word) {
    return text.toLowerCase().split(word).length - 1;
  }

  function excerpt(text, word) {
    const at = Math.max(0, text.toLowerCase().indexOf(word) - 30);
    return (at ? "…" : "") + text.slice(at, at + 120);
  }

  async function search() {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    const sections = await load();
    const found = [];
    for (const [address, title, text, page] of words.length ? sections : []) {
      const hits = words.map((word) => 20 * count(title, word) + Math.min(5, count(text, word)));
      if (hits.every(Boolean))
        found.push({ address, title, text, page, hits: hits.reduce((sum, one) => sum + one, 0) });
    }
    found.sort((one, other) => other.hits - one.hits);
    list.replaceChildren(
      ...found.slice(0, 30).map(({ address, title, text, page }) => {
        const [item, link, small] = ["li", "a", "small"].map((name) => document.createElement(name));
        link.href = form.dataset.base + address;
        small.textContent = excerpt(text, words[0]);
        link.append(title === page ? title : `${title} · ${page}`, small);
        item.append(link);
        return item;
      }),
    );
    list.hidden = !found.length;
    const { none, found: many } = form.dataset;
    status.classList.toggle("offline-heard", found.length > 0);
    status.textContent = !words.length ? "" : found.length ? `${found.length} ${many}` : none;
  }

  field.addEventListener("focus", load, { once: true });
  field.addEventListener("input", search);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    list.querySelector("a")?.click();
  });
  form.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") list.hidden = true;
  });
})();
