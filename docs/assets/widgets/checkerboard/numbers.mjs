// What a kernel makes of ones, or of a ramp: the numbers on the boards of <checkerboard-widget>. No DOM. Along one axis
// all is computed as an image of one row.
//
// Of a ramp's output it is what is left without its straight line. Steps from cell to cell would do along one axis; on
// a square they need a direction, and those of a clean kernel would still have to be compared. What is off the line is
// 0 without a lattice, and one colour above and another below with one. The border, where taps are missing, has no
// line: it stays empty.

import { phaseMoments, phaseSums, stacked } from "../core/checkerboard.mjs";
import { scatter } from "../core/convolution.mjs";
import { mean, range, sum } from "../core/numbers.mjs";

export const spread = (/** @type {number[][]} */ rows) => Math.max(...rows.flat()) - Math.min(...rows.flat());
const level = (/** @type {number[][]} */ rows, /** @type {number} */ most) => spread(rows) <= 1e-9 * Math.max(1, most);
const ones = (/** @type {number[][]} */ rows) => rows.map((row) => row.map(() => 1));

/**
 * @param {number[][]} kernel of each layer, as rows
 * @param {{flat: boolean, n: number, s: number, l: number, x: string}} settings whether along one axis; length
 *   of the input, stride, layers; "ones" or "ramp"
 */
export function numbers(kernel, { flat, n, s, l, x }) {
  const period = s ** l,
    steps = [flat ? 1 : period, period],
    place = range(flat ? 1 : n).map((i) => range(n).map((j) => i + j)); // on a square along the diagonal
  const up = (/** @type {number[][]} */ input, /** @type {number[][]} */ taps) =>
    scatter([input], [[taps]], { stride: period })[0];
  const whole = stacked(kernel, s, l), // layers as one
    taps = stacked(ones(kernel), s, l),
    input = x === "ramp" ? place : ones(place),
    y = up(input, whole),
    sums = phaseSums(whole, steps);
  const found = {
    whole,
    period,
    input,
    y,
    sums,
    counts: up(ones(place), taps),
    often: phaseSums(taps, steps), // what the counts are inside
    level: level(sums, Math.max(...sums.flat().map(Math.abs))),
    pattern: sums, // what repeats inside
    shown: /** @type {(number | null)[][]} */ (y),
    moments: /** @type {number[][] | null} */ (null),
    straight: /** @type {number[] | null} */ (null), // its slope, and where it begins
  };
  if (x === "ones") return found;
  // Cells of a phase with the sum S and the moment M are on a line of their own, (place · S − M) / period; these lines
  // have a mean. Where the sums differ they part: the pattern is that in the middle.
  const moments = phaseMoments(whole, steps),
    [S, M] = [sums, moments].map((rows) => mean(rows.flat())),
    straight = [S / period, -M / period],
    middle = (y.length + y[0].length - 2) / 2,
    noise = 1e-9 * Math.max(...y.flat().map(Math.abs));
  return {
    ...found,
    moments,
    straight,
    level: found.level && level(moments, 2 * whole[0].length * sum(whole.flat().map(Math.abs))),
    pattern: sums.map((row, i) => row.map((own, j) => (middle * (own - S) - (moments[i][j] - M)) / period)),
    shown: y.map((row, i) =>
      row.map((value, j) => {
        if (found.counts[i][j] !== found.often[i % steps[0]][j % period]) return null;
        const off = value - (straight[0] * (i + j) + straight[1]);
        return Math.abs(off) > noise ? off : 0;
      }),
    ),
  };
}
