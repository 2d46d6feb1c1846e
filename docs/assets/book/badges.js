// A badge opens its card below its paragraph, a line of the claims page below the line; a link to a card unfolds it.
// Without this they are links to the card.
// (A function around all: the theme runs this again on each page that it swaps in.)
(function () {
  "use strict";
  if (window.bookBadges) return;
  window.bookBadges = true;

  const ROW = ".book-rows > li";
  const CLAIM = `a.book-badge[href*="#claim-"], ${ROW} > a`; // another badge is a link like any other
  const opened = new WeakMap();
  const fetched = new Map();

  // The cards of a section are there only when they are asked for.
  function build() {
    for (const fold of document.querySelectorAll(".book-fold")) window.bookUnfold(fold);
  }

  // The page that a line of the claims page leads to, read once.
  function pageOf(address) {
    if (!fetched.has(address)) {
      const page = fetch(address).then(async (answer) => {
        if (!answer.ok) throw new Error(`${answer.status}: ${address}`);
        return new DOMParser().parseFromString(await answer.text(), "text/html");
      });
      page.catch(() => fetched.delete(address));
      fetched.set(address, page);
    }
    return fetched.get(address);
  }

  function close(link) {
    opened.get(link)?.remove();
    opened.delete(link);
    link.setAttribute("aria-expanded", "false");
  }

  // The card below the link; its own links lead where they lead from the page that it is of.
  function open(link, card, from) {
    const copy = document.importNode(card, true);
    for (const part of [copy, ...copy.querySelectorAll("[id]")]) part.removeAttribute("id");
    for (const part of copy.querySelectorAll("a[href]")) part.href = new URL(part.getAttribute("href"), from).href;
    copy.removeAttribute("aria-labelledby");
    copy.setAttribute("aria-label", link.title || link.textContent);
    copy.querySelector(".headerlink")?.remove();
    copy.querySelectorAll("details").forEach((part) => (part.open = true));
    copy.classList.add("book-claim--here");
    const block = link.closest("td, th, li") ? link.closest("table, li") : (link.closest("p") ?? link);
    if (block.matches("li")) block.append(copy);
    else (block.closest(".md-typeset__scrollwrap") ?? block).after(copy);
    opened.set(link, copy);
    link.setAttribute("aria-expanded", "true");
  }

  async function openRow(link) {
    if (opened.has(link)) return;
    const { hash, href } = link;
    try {
      const page = await pageOf(href.slice(0, -hash.length));
      if (!opened.has(link)) open(link, page.getElementById(hash.slice(1)), href);
    } catch {
      location.assign(href); // from a file, or without a network: the reader goes there
    }
  }

  document.addEventListener(
    "click",
    (event) => {
      const link = event.target.closest?.(CLAIM);
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const row = link.matches(`${ROW} > a`);
      if (!row) build();
      const card = !row && link.pathname === location.pathname && window.bookTarget(link.hash);
      if (!row && !card) return;
      event.preventDefault();
      event.stopPropagation();
      if (opened.has(link)) close(link);
      else if (row) openRow(link);
      else open(link, card, location.href);
    },
    true,
  );

  // A link to a card opens it, and the fold in which it lies; on the claims page, the line's card. What was asked for
  // is kept: the theme soon puts the section into the address again, and may swap the same page in once more.
  let asked = { page: location.pathname, hash: location.hash };

  function reveal(hash) {
    if (!hash.startsWith("#claim-")) return;
    build();
    const card = window.bookTarget(hash);
    if (card?.matches(ROW)) openRow(card.querySelector("a"));
    const fold = card?.querySelector(":scope > details");
    for (let part = fold; part; part = part.parentElement.closest("details")) part.open = true;
    if (fold && !card.matches(":target")) location.replace(hash); // built after the browser had looked for it
    if (fold) card.scrollIntoView();
  }
  addEventListener("hashchange", ({ newURL }) => {
    const { pathname, hash } = new URL(newURL);
    asked = { page: pathname, hash };
    reveal(hash);
  });
  window.document$?.subscribe(() => {
    if (asked.page !== location.pathname) asked = { page: location.pathname, hash: location.hash };
    reveal(asked.hash);
  });
  if (!window.document$) reveal(asked.hash);

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const link = document.activeElement?.closest?.(CLAIM);
    if (link && opened.has(link)) close(link);
  });
})();
