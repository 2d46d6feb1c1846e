// Answers as the theme shows them: pages, each with its sections, of which those show that score as the first does.
import { excerpt, hits, marked } from "./marks.mjs";
import { isChinese } from "./words.mjs";

/** @typedef {import("./index.mjs").Index} Index */

const PAGES = 12,
  SECTIONS = 5, // of a page; the best are shown, the rest is folded
  SHOWN = 2,
  CLOSE = 0.6; // of the best section's score: as good
const LENGTH = { han: 90, latin: 180 }; // of an excerpt, in characters

/** @param {Index} index @param {string} text */
export function results(index, text) {
  const { answers, said } = index.ask(text);
  return answers.slice(0, PAGES).map(({ page, sections }) => {
    const [{ at, title }] = index.pages[page].sections,
      best = sections
        .slice(0, SECTIONS)
        .map(({ id, score }, i) => ({ id, top: i < SHOWN && score >= CLOSE * sections[0].score }));
    const items = best.map(({ id, top }) => shown(index.sections[id], said, top ? 2 : 1));
    // The theme wants the page itself among them.
    if (!items.some(({ location }) => !location.includes("#"))) items.push(shown({ at, title, text: "" }, said, 0));
    return items;
  });
}

/** @param {{ at: string, title: string, text: string }} section @param {string[]} said @param {number} score */
function shown({ at, title, text }, said, score) {
  const found = hits(text, said),
    there = [...new Set([...hits(title, said), ...found].map(({ phrase }) => phrase))],
    [page, part] = at.split("#"),
    asked = there.length ? "?h=" + encodeURIComponent(there.join(",")) : "",
    length = isChinese(text.match(/\p{L}/u)?.[0] ?? "") ? LENGTH.han : LENGTH.latin;
  return {
    location: page + asked + (part ? "#" + part : ""),
    title: marked(title, there),
    text: text && `<p>${marked(excerpt(text, found, length), there)}</p>`,
    score,
    terms: {},
  };
}
