// The picture of a run as it goes. Steps stand on a logarithmic axis, as most happens in the first; so does a lattice,
// as it falls to a hundredth. Curves of the book and of the runs before stand behind.

import { path, scale, ticks } from "../core/curves.mjs";
import { Plot } from "../curves/plot.mjs";

/** Whole powers of ten within the ends. */
const decades = (/** @type {[number, number]} */ [low, high]) =>
  [...Array(Math.floor(high) - Math.ceil(low) + 1).keys()].map((at) => Math.ceil(low) + at);

/** @typedef {{x: number[], first: number[], second: number[]}} Curves of a metric; only one of two has a second */

const LOG = { share: [-2, 2], ripple: [-3, 1.5], spread: [-1, 2] }, // from 0.01 % to 100 %
  GAIN = [-8, 2],
  GUESSES = 12;

export class LatticePlot extends Plot {
  /** Axes for so many steps. */
  axes(
    /** @type {number} */ steps,
    /** @type {string} */ metric,
    /** @type {number} */ wide,
    /** @type {string} */ across,
    /** @type {string} */ up,
  ) {
    const { left, right, top, bottom } = this.edges(wide),
      along = scale([0, Math.log10(1 + steps)], [left, right]),
      log = metric in LOG;
    this.ends = /** @type {[number, number]} */ (LOG[metric] ?? GAIN);
    this.x = (/** @type {number} */ step) => along(Math.log10(1 + step));
    this.unit = log
      ? (/** @type {number} */ value) => Math.log10(Math.max(value, 1e-9))
      : (/** @type {number} */ value) => value;
    this.y = scale(this.ends, [bottom, top]); // of a number in units of the axis: decades, or dB
    this.value = scale([top, bottom], [this.ends[1], this.ends[0]]);
    const reached = [0, 1, 3, 10, 30, 100, 300, 1000].filter((step) => step <= steps),
      face = (/** @type {number} */ at) =>
        log ? String(Number((10 ** at).toPrecision(3))) : String(at).replace("-", "−");
    this.rule(
      reached.map((step) => ({ at: this.x(step), face: String(step) })),
      (log ? decades(this.ends) : ticks(this.ends, 5)).map((at) => ({ at: this.y(at), face: face(at) })),
      across,
      up,
    );
    this.points = [...Array(GUESSES + 1).keys()].map((at) => (1 + steps) ** (at / GUESSES) - 1); // of a guess
    this.shown = this.points.map(this.x);
  }

  /** A curve at the points of a guess, in units of the axis: what was measured last before each. */
  sampled(/** @type {Curves} */ { x, first }) {
    return this.points.map((at) => {
      const last = x.findLastIndex((step) => step <= at + 1e-9);
      return last < 0 || !Number.isFinite(first[last]) ? null : this.unit(first[last]);
    });
  }

  /** @param {{now: Curves, book: Curves | null, before: Curves[], hidden: boolean, guess: number[] | null}} what */
  show({ now, book, before, hidden, guess }) {
    const line = (/** @type {number[]} */ x, /** @type {number[]} */ y) =>
      path(
        x.map(this.x),
        y.map((value) => (Number.isFinite(value) ? this.y(this.unit(value)) : null)),
      );
    const data = {
      others: hidden ? "" : before.map(({ x, first }) => line(x, first)).join(""),
      gap: "",
      trains: "",
      tests: book && !hidden ? line(book.x, book.first) : "",
      train: hidden ? "" : line(now.x, now.second),
      test: hidden ? "" : line(now.x, now.first),
      guess: guess ? path(this.points.map(this.x), guess.map(this.y)) : "",
    };
    this.draw(data);
  }
}

/** A metric over the steps. */
export function curves(/** @type {any[]} */ points, /** @type {string} */ metric) {
  const of = (/** @type {string} */ name) => points.map((one) => one[name]);
  return {
    x: of("step"),
    first: of(metric === "share" ? "local" : metric),
    second: metric === "share" ? of("whole") : [],
  };
}
