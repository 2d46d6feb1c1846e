// Marks on what was asked for: in the results, and on the page that a result leads to, whose address has them as ?h=.
import { isChinese, placed } from "./words.mjs";

/** @typedef {{ at: number, end: number, phrase: string }} Hit */

const SKIPPED = "script, style, noscript, textarea, svg, math, button, .katex, .headerlink, .book-unseen";
const APART = 3; // characters between two words of a phrase, at most: cross-correlation, output_padding

/** Where phrases stand in a text, the longest of those that begin at one place.
 * @param {string} text @param {string[]} phrases @returns {Hit[]} */
export function hits(text, phrases) {
  /** @type {Map<string, { phrase: string, words: string[] }[]>} */
  const wanted = new Map(); // by what a place must begin with
  for (const phrase of [...phrases].sort((a, b) => b.length - a.length)) {
    const words = phrase.split(" "),
      key = isChinese(phrase) ? phrase[0] : words[0];
    wanted.set(key, [...(wanted.get(key) ?? []), { phrase, words }]);
  }
  const parts = placed(text),
    /** @type {Hit[]} */
    found = [];
  parts.forEach(({ piece, at }, i) => {
    const starts = isChinese(piece) ? [...piece] : [piece]; // words are whole
    starts.forEach((sign, from) => {
      if (at + from < (found.at(-1)?.end ?? 0)) return;
      const some = isChinese(sign) ? [sign] : [sign, sign.replace(/s$/, ""), sign.replace(/es$/, "")];
      for (const { phrase, words } of new Set(some.flatMap((key) => wanted.get(key) ?? []))) {
        const end = ending(parts, i, from, words);
        if (!end) continue;
        found.push({ at: at + from, end, phrase });
        return;
      }
    });
  });
  return found;
}

/** Where a phrase ends that begins within a piece, or 0. Its last word may be in the plural; a Chinese run goes on.
 * @param {{ piece: string, at: number }[]} parts @param {number} i @param {number} from @param {string[]} words */
function ending(parts, i, from, words) {
  for (const [n, word] of words.entries()) {
    const { piece, at } = parts[i + n] ?? { piece: "", at: Infinity },
      before = n && parts[i + n - 1],
      rest = n ? piece : piece.slice(from),
      last = n === words.length - 1;
    if (before && at - before.at - before.piece.length > APART) return 0;
    const fits = last
      ? isChinese(word)
        ? rest.startsWith(word)
        : rest.replace(word, "").match(/^(e?s)?$/) && rest.startsWith(word)
      : rest === word;
    if (!fits) return 0;
    if (last) return parts[i + n].at + (n ? 0 : from) + (isChinese(word) ? word.length : rest.length);
  }
  return 0;
}

/** @param {string} text */
const escaped = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** A text as HTML, with marks. @param {string} text @param {string[]} phrases */
export function marked(text, phrases) {
  let html = "",
    done = 0;
  for (const { at, end } of hits(text, phrases)) {
    html += `${escaped(text.slice(done, at))}<mark>${escaped(text.slice(at, end))}</mark>`;
    done = end;
  }
  return html + escaped(text.slice(done));
}

/** The part of a text that has most hits, from where a sentence or a word begins.
 * @param {string} text @param {Hit[]} found @param {number} length */
export function excerpt(text, found, length) {
  if (text.length <= length) return text;
  const after = (/** @type {number} */ from) => found.filter(({ at }) => at >= from && at < from + length * 0.8).length;
  const first = found.reduce((best, { at }) => (after(at) > after(best) ? at : best), found[0]?.at ?? 0),
    before = text.slice(Math.max(0, first - length * 0.3), first),
    starts = [/(?<=[。！？；]|[.?!] )/gu, /(?<=[\s，、：])/gu].map((sign) => [...before.matchAll(sign)][0]?.index),
    start = first < length * 0.3 ? 0 : first - before.length + (starts[0] ?? starts[1] ?? 0),
    end = start + length;
  return (start > 0 ? "…" : "") + text.slice(start, end) + (end < text.length ? "…" : "");
}

/** Mark phrases on a page, and no others, and open what is folded and has them all.
 * @param {Element} body @param {string[]} phrases @param {Element?} target what the address names */
export function mark(body, phrases, target) {
  for (const before of body.querySelectorAll("mark")) before.replaceWith(...before.childNodes);
  body.normalize(); // a phrase may go across what was marked
  const texts = document.createTreeWalker(body, NodeFilter.SHOW_TEXT),
    /** @type {Text[]} */
    nodes = [];
  while (texts.nextNode()) nodes.push(/** @type {Text} */ (texts.currentNode));
  for (const node of nodes) {
    if (!hits(node.data, phrases).length || node.parentElement.closest(SKIPPED)) continue;
    const box = document.createElement("span");
    box.innerHTML = marked(node.data, phrases);
    node.replaceWith(...box.childNodes);
  }
  if (target?.id !== "traps") return;
  const has = (/** @type {Element} */ box) => phrases.every((phrase) => hits(box.textContent, [phrase]).length);
  const folded = [...body.querySelectorAll("details.trap")].find(
    (box) => target.compareDocumentPosition(box) & Node.DOCUMENT_POSITION_FOLLOWING && has(box),
  );
  if (folded) /** @type {HTMLDetailsElement} */ (folded).open = true;
}
