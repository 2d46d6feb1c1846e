// The picture of <curve-explorer>: axes, and the curves of one arm before those of the others.

import { band, breaksAt, domain, path, scale, ticks } from "../core/curves.mjs";
import { make } from "../ui/dom.mjs";

const HEIGHT = 320,
  LOW = 220, // on a phone, where it stays in view above its controls
  NARROW = 420,
  MARGIN = { top: 14, right: 12, bottom: 40, left: 50 };

/** @typedef {import("../core/curves.mjs").Curve} Curve */
/** @typedef {{x: number[], test: Curve, train: Curve}} Medians of an arm */

export class Plot {
  constructor() {
    const part = (/** @type {"svg:g" | "svg:path"} */ kind, /** @type {string} */ name) =>
      make(kind, { class: `curve-${name}` });
    const path = (/** @type {string} */ name) => part("svg:path", name);
    this.grid = part("svg:g", "grid");
    this.broken = part("svg:g", "broken");
    this.parts = {
      others: path("others"),
      gap: path("gap"),
      trains: path("trains"),
      tests: path("tests"),
      train: path("train"),
      test: path("test"),
      guess: path("guess"),
    };
    const { guess, ...curves } = this.parts;
    const look = { class: "curve-plot", role: "img", tabindex: "-1" };
    this.box = make("svg:svg", look, this.grid, ...Object.values(curves), this.broken, guess);
  }

  /** The legend, of which those are seen that the plot has. */
  explain(/** @type {Record<string, string>} */ words) {
    this.keys = Object.entries(words).map(([key, word]) => {
      const sign = make("i", { class: `curve-key-${key}` }, key === "broken" ? "✕" : "");
      return { key, face: make("span", {}, sign, word) };
    });
    const faces = this.keys.map(({ face }) => face);
    this.legend = make("p", { class: "widget__legend", "aria-hidden": "true" }, ...faces);
  }

  /** Paths by their names. */
  draw(/** @type {Record<string, string>} */ data) {
    for (const [name, part] of Object.entries(this.parts)) part.setAttribute("d", data[name]);
    for (const { key, face } of this.keys) face.hidden = !(data[key] ?? this.broken.childElementCount);
  }

  /** The axes, as far as the arm goes that ends first: equal budgets. */
  lay(
    /** @type {Medians[]} */ all,
    /** @type {number} */ wide,
    /** @type {string} */ across,
    /** @type {string} */ up,
  ) {
    const { left, right, top, bottom } = this.edges(wide);
    this.last = Math.min(...all.map(({ x }) => x.at(-1)));
    this.ends = domain(all.flatMap(({ test, train }) => [test, train]));
    this.x = scale([0, this.last], [left, right]);
    this.y = scale(this.ends, [bottom, top]);
    this.value = scale([top, bottom], [this.ends[1], this.ends[0]]); // the way back
    const marks = (/** @type {number[]} */ values, /** @type {(value: number) => number} */ to) =>
      values.map((value) => ({ at: to(value), face: String(Number(value.toPrecision(6))) }));
    this.rule(
      marks(ticks([0, this.last], wide < NARROW ? 4 : 7), this.x),
      marks(ticks(this.ends, 5), this.y),
      across,
      up,
    );
  }

  /** Where the curves lie in a picture that is so wide. */
  edges(/** @type {number} */ wide) {
    const high = wide < NARROW ? LOW : HEIGHT;
    this.wide = wide;
    return { left: MARGIN.left, right: wide - MARGIN.right, top: MARGIN.top, bottom: high - MARGIN.bottom, high };
  }

  /** Lines and numbers of both axes, and their names. */
  rule(
    /** @type {{at: number, face: string}[]} */ columns,
    /** @type {{at: number, face: string}[]} */ rows,
    /** @type {string} */ across,
    /** @type {string} */ up,
  ) {
    const { wide } = this,
      { left, right, bottom, high } = this.edges(wide),
      words = (x, y, text, anchor) => make("svg:text", { x, y, "text-anchor": anchor }, text);
    this.box.setAttribute("width", String(wide));
    this.box.setAttribute("height", String(high));
    this.box.setAttribute("viewBox", `0 0 ${wide} ${high}`);
    this.grid.replaceChildren(
      ...rows.flatMap(({ at, face }) => [
        make("svg:line", { x1: left, x2: right, y1: at, y2: at }),
        words(left - 6, at + 4, face, "end"),
      ]),
      ...columns.map(({ at, face }) => words(at, bottom + 18, face, "middle")),
      words(right, high - 4, across, "end"),
      words(4, high - 4, up, "start"),
    );
  }

  /** Where the points of an arm are that lie within the axis, in pixels. */
  within(/** @type {Medians} */ { x }) {
    return x.filter((point) => point <= this.last + 1e-9).map(this.x);
  }

  /**
   * What is hidden is guessed.
   * @param {{tests: Curve[], trains: Curve[], each: boolean, hidden: boolean, curve: Medians, all: Medians[],
   *   guess: number[] | null}} what each draws every seed
   */
  paint({ tests, trains, each, hidden, curve, all, guess }) {
    const x = this.within(curve),
      pixels = (/** @type {Curve} */ one, count = x.length) =>
        one.slice(0, count).map((value) => (value === null ? null : this.y(value))),
      line = (/** @type {Curve} */ one) => path(x, pixels(one)),
      others = all.map((one) => {
        const own = this.within(one);
        return path(own, pixels(one.test, own.length));
      });
    const data = {
      others: hidden ? "" : others.join(""),
      gap: hidden ? "" : band(x, pixels(curve.test), pixels(curve.train)),
      trains: each && !hidden ? trains.map(line).join("") : "",
      tests: each && !hidden ? tests.map(line).join("") : "",
      train: hidden ? "" : line(curve.train),
      test: hidden ? "" : line(curve.test),
      guess: guess ? line(guess) : "",
    };
    const ends = hidden ? [] : tests.map(breaksAt).filter((at) => at >= 0 && at < x.length);
    this.broken.replaceChildren(
      ...ends.map((at) => make("svg:text", { x: x[at], y: MARGIN.top + 10, "text-anchor": "middle" }, "✕")),
    );
    this.draw(data);
    this.shown = x;
  }
}
