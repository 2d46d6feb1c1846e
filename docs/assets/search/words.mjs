// What a text is made of: words, and runs of Chinese characters, which are counted by pairs. Pairs need no dictionary,
// and find 卷积 in 反卷积 as well as 平滑 in 标签平滑.

const PIECE = /\p{sc=Han}+|(?:(?!\p{sc=Han})[\p{L}\p{N}])+(?:\.\p{N}+)*/gu;
const HAN = /^\p{sc=Han}/u;
// What may end a word and leave what it is about: reproduce, reproducible, reproducibility.
const ENDING = new RegExp(
  "(?:abilit(?:y|ies)|ibilit(?:y|ies)|iz(?:ations?|ing|ed|es?)|at(?:ions?|ing|ed|es?)|[ai]bles?|ings?|ions?|[eo]rs?" +
    "|ed|es|ly|al|s|e|y)$",
);

/** @param {string} text */
export const isChinese = (text) => HAN.test(text);

/** The words and the Chinese runs of a text, in lower case. @param {string} text @returns {string[]} */
export const pieces = (text) => text.toLowerCase().match(PIECE) ?? [];

/** The same, each with where it begins. @param {string} text @returns {{ piece: string, at: number }[]} */
export const placed = (text) =>
  [...text.matchAll(PIECE)].map(({ 0: piece, index }) => ({ piece: piece.toLowerCase(), at: index }));

/** The pairs of a Chinese run; of a single character that. @param {string} run @returns {string[]} */
export function pairs(run) {
  const signs = [...run];
  return signs.length < 2 ? signs : signs.slice(1).map((sign, i) => signs[i] + sign);
}

/** What is counted of a text. @param {string} text @returns {string[]} */
export const tokens = (text) => pieces(text).flatMap((piece) => (isChinese(piece) ? pairs(piece) : [piece]));

/** A word without its ending, in American spelling; short words stay as they are. @param {string} word */
export function stem(word) {
  const plain = word.replace(/is(?=(?:e[drs]?|ers?|ing|ations?)$)/, "iz").replace(/our(?=s?$)/, "or"),
    short = plain.replace(ENDING, "");
  return (short.length > 2 ? short : plain).replace(/([^aeioulsz])\1$/, "$1"); // stopp, of stopping
}

/** Whether one slip of the finger leads to the other: a letter more, less or other, or two swapped.
 * @param {string} a @param {string} b */
export function isSlip(a, b) {
  if (Math.abs(a.length - b.length) > 1) return false;
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  const same = (/** @type {number} */ x, /** @type {number} */ y) => a.slice(i + x) === b.slice(i + y);
  const swapped = a[i] === b[i + 1] && a[i + 1] === b[i] && same(2, 2);
  return a !== b && (swapped || same(1, 1) || same(1, 0) || same(0, 1));
}
