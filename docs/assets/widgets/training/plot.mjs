// The picture of a run as it goes: both curves, those of the book and of the runs before behind them.

import { band, path } from "../core/curves.mjs";
import { Plot } from "../curves/plot.mjs";

/** @typedef {{x: number[], test: (number | null)[], train: (number | null)[]}} Curves */
/** @typedef {{accuracy: number, nll: number, ece: number}} Scores in per cent, nats, per cent */
/**
 * @typedef {{step: number, train: Scores, test: Scores, norm: number | null, dead: number, units: number,
 *   silent: boolean}} Point silent where a whole layer is dead
 */

const TOPS = { nll: 3, accuracy: 100 }, // a network that knows nothing loses 2.3
  GUESSES = 12;

/** A metric over the steps, for both parts; what is not finite is null. */
export function curves(/** @type {any[]} */ points, /** @type {"nll" | "accuracy"} */ metric) {
  const of = (/** @type {"test" | "train"} */ part) =>
    points.map((/** @type {Point} */ one) => (Number.isFinite(one[part][metric]) ? one[part][metric] : null));
  return { x: points.map(({ step }) => step), test: of("test"), train: of("train") };
}

export class LivePlot extends Plot {
  /** Axes for so many steps. */
  axes(
    /** @type {number} */ steps,
    /** @type {"nll" | "accuracy"} */ metric,
    /** @type {number} */ wide,
    /** @type {string} */ across,
    /** @type {string} */ up,
  ) {
    const top = TOPS[metric],
      points = [...Array(GUESSES + 1).keys()].map((at) => (at * steps) / GUESSES);
    this.lay([{ x: [0, steps], test: [0, top, top], train: [] }], wide, across, up);
    this.points = points; // where a guess has its values
    this.shown = points.map(this.x);
  }

  /** The numbers of a curve at the points of a guess, on straight lines between its own. */
  sampled(/** @type {number[]} */ x, /** @type {(number | null)[]} */ y) {
    return this.points.map((at) => {
      const after = x.findIndex((one) => one >= at);
      if (after < 0 || y[after] === null) return null;
      if (!after || x[after] === at) return y[after];
      const share = (at - x[after - 1]) / (x[after] - x[after - 1]);
      return y[after - 1] === null ? null : y[after - 1] + share * (y[after] - y[after - 1]);
    });
  }

  /** @param {{now: Curves, book: Curves | null, before: Curves[], hidden: boolean, guess: number[] | null}} what */
  show({ now, book, before, hidden, guess }) {
    const line = (/** @type {number[]} */ x, /** @type {(number | null)[]} */ y) =>
      path(
        x.map(this.x),
        y.map((value) => (value === null ? null : this.y(value))),
      );
    const both = [now.test, now.train].map((y) => y.map((value) => (value === null ? null : this.y(value))));
    const data = {
      others: hidden ? "" : before.map(({ x, test }) => line(x, test)).join(""),
      gap: hidden ? "" : band(now.x.map(this.x), both[0], both[1]),
      trains: book && !hidden ? line(book.x, book.train) : "",
      tests: book && !hidden ? line(book.x, book.test) : "",
      train: hidden ? "" : line(now.x, now.train),
      test: hidden ? "" : line(now.x, now.test),
      guess: guess ? line(this.points, guess) : "",
    };
    this.draw(data);
  }
}
