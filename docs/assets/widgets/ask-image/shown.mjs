// What <ask-image> shows of a picture: how it looks, how the network sees it, the answer in bars and words, the maps.

import { SIDE } from "../core/garments.mjs";
import { fill, language, make } from "../ui/dom.mjs";
import { Answer, Maps, paint, part, percent, show, strengths } from "./views.mjs";

/** @typedef {import("./given.mjs").Given} Given */
/** @typedef {{values: Float32Array, done: Given["done"], maps: Float32Array[], shares: number[]}} Result */

const AREA = (SIDE / 2) ** 2, // of a map
  LONG = 152, // pixels of the longer side of a picture as it is shown
  EMPTY = [16, 32].map((count) => new Float32Array(count * AREA));

export class Shown {
  constructor(/** @type {Record<string, any>} */ words, /** @type {HTMLElement} */ paper) {
    const line = (/** @type {string} */ look) => make("p", { class: look });
    this.words = words;
    this.source = make("canvas", { class: "ask-given", role: "img", "aria-label": words.given });
    this.seen = make("canvas", { class: "ask-seen", role: "img", "aria-label": words.prepared });
    this.layers = ["first", "second"].map((name) => new Maps(words[name], words.maps));
    this.answer = new Answer(words);
    this.line = line("widget__line ask-line");
    this.steps = line("widget__line ask-steps");
    this.only = line("widget__legend");
    this.said = "";
    const given = part(words.given, this.source, paper);
    this.boxes = [
      make("div", { class: "widget-row ask-row" }, given, part(words.prepared, this.seen), this.answer.box),
      this.line,
      this.steps,
      ...this.layers.map(({ box }) => box),
      make("p", { class: "widget__legend" }, words.scale),
      this.only,
    ];
  }

  /** What changes with the picture alone; no result where nothing stands out in it. */
  show(/** @type {Given} */ given, /** @type {Result | null} */ result, /** @type {Record<string, any>} */ facts) {
    const { words } = this,
      { look, on, width, height } = given,
      names = facts.classes[language()];
    if (look instanceof ImageData) show(this.source, look);
    else paint(this.source, look, width);
    const enlarged = LONG / Math.max(this.source.width, this.source.height);
    this.source.style.width = `${Math.max(1, Math.round(enlarged * this.source.width))}px`;
    this.source.classList.toggle("ask-smooth", enlarged < 1);
    this.source.style.background = on ?? "";
    const values = result?.values ?? new Float32Array(SIDE ** 2);
    paint(this.seen, values.map((value) => 255 * value), SIDE); // prettier-ignore
    this.answer.show(names, result && result.shares);
    const steps = [...given.done, ...(result?.done ?? [])].map(({ step, ...sizes }) => fill(words.steps[step], sizes)),
      size = `${width}×${height}`;
    this.line.textContent = this.said = result ? this.sentence(names, result.shares, given.label) : words.blank;
    this.steps.textContent = result ? fill(words.done, { size, steps: steps.join(words.between) || words.asIs }) : "";
    this.only.textContent = fill(words.only, { right: percent(facts.test_accuracy) });
  }

  /** The answer in words. */
  sentence(/** @type {string[]} */ names, /** @type {number[]} */ shares, /** @type {number | undefined} */ label) {
    const { words } = this,
      [first, second] = [...shares.keys()].sort((a, b) => shares[b] - shares[a]),
      [share, then] = [first, second].map((at) => percent(shares[at])),
      best = fill(words.says, { best: names[first], share }),
      says = best + (then === "0%" ? words.end : fill(words.next, { next: names[second], then }));
    if (label === undefined) return says;
    return says + (language() === "zh" ? "" : " ") + fill(words.label, { label: names[label] });
  }

  /** The maps, as wide as there is room. */
  draw(/** @type {Result | null} */ result, /** @type {number} */ room) {
    const maps = result?.maps ?? EMPTY;
    this.layers.forEach((layer, at) => layer.draw(maps[at], room));
  }

  /** @returns {[string, string[], string[][]]} the maps in numbers */
  table(/** @type {Result | null} */ result) {
    return [this.words.tabled, this.words.heads, strengths(result?.maps ?? EMPTY, this.words)];
  }
}
