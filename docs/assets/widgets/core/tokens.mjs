// From a text to tokens, as cnnbook.domains.text cuts it: rule by rule the same as its _tokens.py.

const HAN = "\\u3400-\\u9fff",
  LETTER = `(?![${HAN}])[\\p{L}\\p{N}]`, // Python's \w less the underscore and Chinese
  CONTROL = "\\x00-\\x1f\\x7f-\\x9f";
const TOKEN = new RegExp(`[${HAN}]|(?:${LETTER})+(?:'(?:${LETTER})+)*|[^\\p{L}\\p{N}_\\s${CONTROL}]|_`, "gu");
const INVISIBLE = new RegExp(
  "[\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f" +
    "\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufff8" +
    "\\u{1bca0}-\\u{1bca3}\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}]",
  "gu",
);
const CHINESE = new RegExp(`[${HAN}]`),
  TIGHT = new RegExp(`[${HAN}，。]`); // beside these no space is written

/** Every Chinese character, every word of other scripts, every mark; none of a text without any. */
export const tokens = (/** @type {string} */ text) =>
  text.replace(INVISIBLE, "").normalize("NFKC").toLowerCase().replaceAll("’", "'").match(TOKEN) ?? [];

/** "zh" where one of the tokens is a Chinese character, else "en". */
export const languageOf = (/** @type {string[]} */ cut) => (cut.some((one) => CHINESE.test(one)) ? "zh" : "en");

/** Whether a space stands between two neighbours: only where neither is Chinese. */
export const spaced = (/** @type {string} */ one, /** @type {string} */ next) =>
  !TIGHT.test(one.at(-1)) && !TIGHT.test(next[0]);

/** Tokens as a reader writes them. */
export const joined = (/** @type {string[]} */ cut) =>
  cut.reduce((text, one, at) => text + (at && spaced(cut[at - 1], one) ? " " : "") + one, "");
