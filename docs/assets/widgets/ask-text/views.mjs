// What <ask-text> shows of an answer: the sentence in its colours, and the sum.

import { spaced } from "../core/tokens.mjs";
import { fill, make } from "../ui/dom.mjs";
import { button } from "../ui/frame.mjs";

const SHOWN = 6, // n-grams, as the command shows them
  DEEPEST = 55, // per cent of a colour under a word that is read
  FULL = 1.5; // the share of a word from which on its colour is the deepest

/** A number with its sign, of hundredths. */
export const signed = (/** @type {number} */ hundredths) =>
  (hundredths < 0 ? "−" : "+") + (Math.abs(hundredths) / 100).toFixed(2);
export const hundredths = (/** @type {number} */ value) => Math.round(100 * value) + 0;
export const percent = (/** @type {number} */ share) => `${(100 * share).toFixed(1)}%`;

/** The tokens as they are read, with what each n-gram contributes spread over its tokens. */
export function sentence(
  /** @type {string[]} */ cut,
  /** @type {import("../core/text.mjs").Answer} */ { shares, unknown },
  /** @type {import("../core/text.mjs").Share | undefined} */ pinned,
) {
  const pull = new Map();
  for (const { at, count, share } of shares)
    for (let place = at; place < at + count; place += 1) pull.set(place, (pull.get(place) ?? 0) + share / count);
  const parts = [];
  let plain = "";
  cut.forEach((token, at) => {
    if (at && spaced(cut[at - 1], token)) plain += " ";
    const value = pull.get(at) ?? 0,
      here = pinned && at >= pinned.at && at < pinned.at + pinned.count,
      looks = [
        ...(value ? [value > 0 ? "asked-praise" : "asked-complaint"] : []),
        ...(unknown.has(token) ? ["asked-unknown"] : []),
        ...(here ? ["asked-here"] : []),
      ];
    if (!looks.length) {
      plain += token;
      return;
    }
    const depth = Math.round(DEEPEST * Math.min(1, Math.abs(value) / FULL));
    parts.push(plain, make("span", { class: looks.join(" "), style: `--depth: ${depth}%` }, token));
    plain = "";
  });
  return [...parts, plain];
}

/** A row of the sum. */
function row(/** @type {Node | string} */ name, /** @type {number} */ value, /** @type {number} */ most, look = "") {
  const wide = (50 * Math.min(1, Math.abs(value) / most)).toFixed(1),
    side = value < 0 ? `right: 50%; width: ${wide}%` : `left: 50%; width: ${wide}%`;
  return make(
    "li",
    { class: look },
    make("span", { class: "asked-name" }, name),
    make("span", { class: "asked-bar" }, make("i", { class: value < 0 ? "asked-minus" : "asked-plus", style: side })),
    make("b", {}, signed(value)),
  );
}

/** The n-grams that weigh most, all others, the constant, the sum; what is written adds up. */
export function sum(
  /** @type {import("../core/text.mjs").Answer} */ { shares, bias, margin },
  /** @type {Record<string, any>} */ words,
  /** @type {string} */ pinned,
  /** @type {(gram: string) => void} */ pin,
) {
  const there = shares.filter(({ share }) => hundredths(share)),
    top = there.slice(0, SHOWN),
    known = top.map(({ share }) => hundredths(share)),
    constant = hundredths(bias),
    total = hundredths(margin),
    others = total - constant - known.reduce((all, one) => all + one, 0),
    most = Math.max(100, Math.abs(total), ...known.map(Math.abs));
  const rows = top.map(({ gram }, at) => {
    const face = button(gram, () => pin(gram), { class: "asked-gram", "aria-pressed": String(gram === pinned) });
    return row(face, known[at], most);
  });
  const left = shares.length - top.length;
  return [
    ...rows,
    ...(left ? [row(fill(words.others, { n: left }), others, most, "asked-rest")] : []),
    row(words.constant, constant + (left ? 0 : others), most, "asked-rest"),
    row(words.sum, total, most, "asked-sum"),
  ];
}
