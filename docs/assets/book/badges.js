// A badge opens its card below its paragraph; a link to a card unfolds it. Without this a badge is a link to the card.
// (A function around all: the theme runs this again on each page that it swaps in.)
(function () {
  "use strict";
  if (window.bookBadges) return;
  window.bookBadges = true;

  const CLAIM = 'a.book-badge[href*="#claim-"]'; // another badge is a link like any other
  const opened = new WeakMap();

  function close(badge) {
    opened.get(badge)?.remove();
    opened.delete(badge);
    badge.setAttribute("aria-expanded", "false");
  }

  function open(badge, card) {
    const copy = card.cloneNode(true);
    for (const part of [copy, ...copy.querySelectorAll("[id]")]) part.removeAttribute("id");
    copy.removeAttribute("aria-labelledby");
    copy.setAttribute("aria-label", badge.title);
    copy.querySelector(".headerlink")?.remove();
    copy.querySelectorAll("details").forEach((part) => (part.open = true));
    copy.classList.add("book-claim--here");
    const block = badge.closest("td, th, li") ? badge.closest("table, li") : (badge.closest("p") ?? badge);
    if (block.matches("li")) block.append(copy);
    else (block.closest(".md-typeset__scrollwrap") ?? block).after(copy);
    opened.set(badge, copy);
    badge.setAttribute("aria-expanded", "true");
  }

  document.addEventListener(
    "click",
    (event) => {
      const badge = event.target.closest?.(CLAIM);
      if (!badge || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const card = badge.pathname === location.pathname && window.bookTarget(badge.hash);
      if (!card) return;
      event.preventDefault();
      event.stopPropagation();
      if (opened.has(badge)) close(badge);
      else open(badge, card);
    },
    true,
  );

  // A link to a card opens it, and the fold in which it lies.
  function reveal() {
    const card = location.hash.startsWith("#claim-") && window.bookTarget();
    const fold = card && card.querySelector(":scope > details");
    for (let part = fold; part; part = part.parentElement.closest("details")) part.open = true;
    if (fold) card.scrollIntoView();
  }
  addEventListener("hashchange", reveal);
  window.document$?.subscribe(reveal);
  if (!window.document$) reveal();

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const badge = document.activeElement?.closest?.(CLAIM);
    if (badge && opened.has(badge)) close(badge);
  });
})();
