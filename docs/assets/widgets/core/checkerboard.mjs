// The checkerboard effect in numbers: phase sums and moments, balance, layers on each other, spectrum. No DOM.
// The formulas are those of cnnbook.convolution.checkerboard.

import { place, scatter, zeros } from "./convolution.mjs";
import { axisOf, mean, range, sum } from "./numbers.mjs";

/** @typedef {import("./numbers.mjs").Ints} Ints */

/** For each phase along one axis, the taps it has. */
const phases = (/** @type {number} */ k, /** @type {number} */ stride, /** @type {number} */ dilation) =>
  range(stride).map((phase) => range(k).filter((u) => place(0, u, { dilation }) % stride === phase));

/** The kernel as rows, the taps of each phase along both axes, and the way back to the kernel's own axes. */
function read(/** @type {any[]} */ weight, /** @type {Ints} */ stride, /** @type {Ints} */ dilation) {
  const flat = !Array.isArray(weight[0]),
    rows = flat ? [weight] : weight;
  const [down, across] = [rows, rows[0]].map(({ length }, axis) =>
    flat && !axis ? [[0]] : phases(length, axisOf(stride, flat ? 0 : axis), axisOf(dilation, flat ? 0 : axis)),
  );
  return { rows, down, across, drop: (/** @type {any[]} */ there) => (flat ? there[0] : there) };
}

/** What the taps of each phase add up to: one period of the output on constant input. */
export function phaseSums(/** @type {any[]} */ weight, /** @type {Ints} */ stride, /** @type {Ints} */ dilation = 1) {
  const { rows, down, across, drop } = read(weight, stride, dilation);
  return drop(down.map((us) => across.map((vs) => sum(us.flatMap((u) => vs.map((v) => rows[u][v]))))));
}

/**
 * The first moments of the phases, as a ramp meets them: taps times their places u, which on a square are u + v, for a
 * ramp along its diagonal.
 */
export const phaseMoments = (/** @type {number[][]} */ rows, /** @type {Ints} */ stride) =>
  phaseSums(
    rows.map((row, u) => row.map((tap, v) => tap * (u + v))),
    stride,
  );

/** A row of numbers without its part along another, which is of length 1. */
const without = (/** @type {number[]} */ row, /** @type {number[]} */ unit) => {
  const part = sum(row.map((value, at) => value * unit[at]));
  return row.map((value, at) => value - part * unit[at]);
};

/**
 * The nearest kernel whose phases are alike: in their sums, and at order 2 in their first moments along each axis.
 * Each difference between a phase and the first is a row that the kernel must be at right angles to; the rows are made
 * orthonormal (Gram and Schmidt, twice over against rounding), and the kernel's parts along them taken off.
 * Null where along an axis there are fewer than order · (stride − 1) + 1 taps, or a phase has none.
 */
export function balancePhases(
  /** @type {any[]} */ weight,
  /** @type {Ints} */ stride,
  /** @type {Ints} */ dilation = 1,
  order = 1,
) {
  const { rows, down, across, drop } = read(weight, stride, dilation),
    wide = rows[0].length;
  const short = [down, across].some(
    (taps, axis) => taps.flat().length <= order * (taps.length - 1) || taps.some((own) => !own.length),
  );
  if (short) return null;
  const degrees = [() => 1, (/** @type {number} */ u) => u, (/** @type {number} */ _, /** @type {number} */ v) => v];
  const units = degrees.slice(0, 2 * order - 1).reduce((/** @type {number[][]} */ found, weigh) => {
    const phases = down.flatMap((us) =>
      across.map((vs) =>
        rows.flatMap((row, u) => row.map((_, v) => (us.includes(u) && vs.includes(v) ? weigh(u, v) : 0))),
      ),
    );
    for (const phase of phases) {
      const row = phase.map((value, at) => value - phases[0][at]),
        rest = [...found, ...found].reduce(without, row),
        length = Math.hypot(...rest);
      if (length > 1e-9 * Math.hypot(...row)) found.push(rest.map((value) => value / length));
    }
    return found;
  }, []);
  const nearest = units.reduce(without, rows.flat());
  return drop(rows.map((_, u) => nearest.slice(u * wide, (u + 1) * wide)));
}

/** The power along one axis (-1 rows, -2 columns), frequency by frequency, as the mean over all lines. */
export function powerSpectrum(/** @type {number[][]} */ image, axis = -1) {
  const level = mean(image.flat());
  const lines = axis === -1 ? image : image[0].map((_, j) => image.map((row) => row[j])),
    n = lines[0].length;
  return range((n >> 1) + 1).map(
    (f) =>
      sum(
        lines.map((line) => {
          let re = 0,
            im = 0;
          line.forEach((value, i) => {
            const turn = (2 * Math.PI * ((f * i) % n)) / n;
            re += (value - level) * Math.cos(turn);
            im -= (value - level) * Math.sin(turn);
          });
          return re * re + im * im;
        }),
      ) /
      (n * lines.length),
  );
}

const both = (/** @type {number[]} */ line, /** @type {number} */ axes) =>
  axes === 1 ? [line] : line.map((down) => line.map((across) => down * across));

/** Linear interpolation as a kernel: a tent as wide as two strides, as rows; balanced wherever the kernel holds it. */
export const tent = (/** @type {number} */ k, /** @type {number} */ stride, axes = 1) =>
  both(
    range(k).map((u) => Math.max(0, 1 - Math.abs(u - (k - 1) / 2) / stride)),
    axes,
  );

/** Several transposed convolutions of one kernel, as one: its kernel, as rows; its stride is the product of theirs. */
export function stacked(/** @type {number[][]} */ rows, /** @type {number} */ stride, /** @type {number} */ layers) {
  const flat = rows.length === 1;
  return range(layers - 1).reduce(
    (kernel) => (flat ? scatter(kernel, [rows], { stride }) : scatter([kernel], [[rows]], { stride })[0]),
    rows,
  );
}

/** Whole numbers from -most to most, the same for the same seed (Mulberry32). */
export function drawn(/** @type {number} */ seed, /** @type {number} */ count, most = 9) {
  let state = seed + 1;
  return range(count).map(() => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) % (2 * most + 1)) - most;
  });
}
