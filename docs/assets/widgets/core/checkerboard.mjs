// The checkerboard effect in numbers: overlap counts, phase sums, balance, layers on each other, spectrum. No DOM.
// The formulas are those of cnnbook.convolution.checkerboard.

import { place, range, scatter, zeros } from "./convolution.mjs";

/** @typedef {number | number[]} Ints one number, or one an axis */

export const axisOf = (/** @type {Ints} */ value, /** @type {number} */ axis) =>
  Array.isArray(value) ? (value[axis] ?? value[0]) : value;
const gcd = (/** @type {number} */ a, /** @type {number} */ b) => (b ? gcd(b, a % b) : a);
export const sum = (/** @type {number[]} */ values) => values.reduce((total, value) => total + value, 0);
export const mean = (/** @type {number[]} */ values) => sum(values) / values.length;

/**
 * How many taps paint each output of a transposed convolution without padding.
 * @param {number[]} size one number an axis @param {Ints} kernel_size @param {Ints} stride @param {Ints} [dilation]
 */
export function overlapCount(size, kernel_size, stride, dilation = 1) {
  const ones = (/** @type {number[]} */ lengths) =>
    lengths.length === 1 ? Array(lengths[0]).fill(1) : zeros(lengths[0], lengths[1]).map((row) => row.fill(1));
  const kernel = size.map((_, axis) => axisOf(kernel_size, axis));
  return scatter([ones(size)], [[ones(kernel)]], { stride, dilation })[0];
}

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
 * The nearest kernel whose phase sums are equal; null where a phase has no tap.
 * A change of Δ in the sum of a phase of n taps costs least, Δ²/n, where the taps share it.
 */
export function balancePhases(
  /** @type {any[]} */ weight,
  /** @type {Ints} */ stride,
  /** @type {Ints} */ dilation = 1,
) {
  const { rows, down, across, drop } = read(weight, stride, dilation);
  const cells = down.flatMap((us) => across.map((vs) => us.flatMap((u) => vs.map((v) => [u, v]))));
  if (
    !cells.every((taps) => taps.length) ||
    [0, 1].some((axis) => gcd(axisOf(stride, axis), axisOf(dilation, axis)) > 1)
  )
    return null;
  const sums = cells.map((taps) => sum(taps.map(([u, v]) => rows[u][v])));
  const common = sum(sums.map((own, at) => own / cells[at].length)) / sum(cells.map((taps) => 1 / taps.length));
  const nearest = rows.map((row) => [...row]);
  cells.forEach((taps, at) => {
    for (const [u, v] of taps) nearest[u][v] += (common - sums[at]) / taps.length;
  });
  return drop(nearest);
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
