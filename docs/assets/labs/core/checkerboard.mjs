// The checkerboard effect in numbers: overlap counts, phase sums, measures of a lattice, upsamplers. No DOM.
// The formulas are those of cnnbook.convolution.checkerboard.

import { place, range, scatter, zeros } from "./convolution.mjs";

/** @typedef {number | number[]} Ints one number, or one an axis */

const axisOf = (/** @type {Ints} */ value, /** @type {number} */ axis) => (Array.isArray(value) ? value[axis] ?? value[0] : value);
const gcd = (/** @type {number} */ a, /** @type {number} */ b) => (b ? gcd(b, a % b) : a);
const sum = (/** @type {number[]} */ values) => values.reduce((total, value) => total + value, 0);
const mean = (/** @type {number[]} */ values) => sum(values) / values.length;

/**
 * How many taps paint each output of a transposed convolution without padding.
 * @param {number[]} size one number an axis @param {Ints} kernel_size @param {Ints} stride @param {Ints} [dilation]
 */
export function overlapCount(size, kernel_size, stride, dilation = 1) {
  const ones = (/** @type {number[]} */ lengths) => (lengths.length === 1 ? Array(lengths[0]).fill(1) : zeros(lengths[0], lengths[1]).map((row) => row.fill(1)));
  const kernel = size.map((_, axis) => axisOf(kernel_size, axis));
  return scatter([ones(size)], [[ones(kernel)]], { stride, dilation })[0];
}

/** For each phase along one axis, the taps it has. */
const phases = (/** @type {number} */ k, /** @type {number} */ stride, /** @type {number} */ dilation) =>
  range(stride).map((phase) => range(k).filter((u) => place(0, u, { dilation }) % stride === phase));

/** The kernel as rows, the taps of each phase along both axes, and the way back to the kernel's own axes. */
function read(/** @type {any[]} */ weight, /** @type {Ints} */ stride, /** @type {Ints} */ dilation) {
  const flat = !Array.isArray(weight[0]), rows = flat ? [weight] : weight;
  const [down, across] = [rows, rows[0]].map(({ length }, axis) =>
    (flat && !axis ? [[0]] : phases(length, axisOf(stride, flat ? 0 : axis), axisOf(dilation, flat ? 0 : axis))));
  return { rows, down, across, drop: (/** @type {any[]} */ there) => (flat ? there[0] : there) };
}

/** What the taps of each phase add up to: one period of the output on constant input. */
export function phaseSums(/** @type {any[]} */ weight, /** @type {Ints} */ stride, /** @type {Ints} */ dilation = 1) {
  const { rows, down, across, drop } = read(weight, stride, dilation);
  return drop(down.map((us) => across.map((vs) => sum(us.flatMap((u) => vs.map((v) => rows[u][v]))))));
}

/** Whether all phases sum to the same, so that constant input gives flat output. */
export function isBalanced(/** @type {any[]} */ weight, /** @type {Ints} */ stride, /** @type {Ints} */ dilation = 1, tolerance = 1e-5) {
  const sums = phaseSums(weight, stride, dilation).flat();
  return Math.max(...sums) - Math.min(...sums) <= tolerance * sum(weight.flat().map(Math.abs));
}

/**
 * The nearest kernel whose phase sums are equal; null where a phase has no tap.
 * A change of Δ in the sum of a phase of n taps costs least, Δ²/n, where the taps share it.
 */
export function balancePhases(/** @type {any[]} */ weight, /** @type {Ints} */ stride, /** @type {Ints} */ dilation = 1) {
  const { rows, down, across, drop } = read(weight, stride, dilation);
  const cells = down.flatMap((us) => across.map((vs) => us.flatMap((u) => vs.map((v) => [u, v]))));
  if (!cells.every((taps) => taps.length) || [0, 1].some((axis) => gcd(axisOf(stride, axis), axisOf(dilation, axis)) > 1)) return null;
  const sums = cells.map((taps) => sum(taps.map(([u, v]) => rows[u][v])));
  const common = sum(sums.map((own, at) => own / cells[at].length)) / sum(cells.map((taps) => 1 / taps.length));
  const nearest = rows.map((row) => [...row]);
  cells.forEach((taps, at) => { for (const [u, v] of taps) nearest[u][v] += (common - sums[at]) / taps.length; });
  return drop(nearest);
}

/** The image in whole periods, its mean taken off; and the power that counts as none. */
function whole(/** @type {number[][]} */ image, /** @type {number[]} */ [down, across]) {
  const cut = image.slice(0, image.length - (image.length % down)).map((row) => row.slice(0, row.length - (row.length % across)));
  const level = mean(cut.flat()), largest = Math.max(...image.flat().map(Math.abs));
  return { centred: cut.map((row) => row.map((value) => value - level)), noise: Math.max((1e-5 * largest) ** 2, 1e-30) };
}

/** The share of an image's variance that the position modulo the stride explains. */
export function phaseShare(/** @type {number[][]} */ image, /** @type {Ints} */ stride) {
  const steps = [axisOf(stride, 0), axisOf(stride, 1)], { centred, noise } = whole(image, steps);
  const total = mean(centred.flat().map((value) => value * value));
  if (total <= noise) return 0;
  const groups = range(steps[0]).flatMap((a) => range(steps[1]).map((b) =>
    mean(centred.filter((_, i) => i % steps[0] === a).flatMap((row) => row.filter((_, j) => j % steps[1] === b)))));
  return mean(groups.map((level) => level * level)) / total;
}

/** The power along one axis (-1 rows, -2 columns), frequency by frequency, as the mean over all lines. */
export function powerSpectrum(/** @type {number[][]} */ image, axis = -1) {
  const level = mean(image.flat());
  const lines = axis === -1 ? image : image[0].map((_, j) => image.map((row) => row[j])), n = lines[0].length;
  return range((n >> 1) + 1).map((f) => sum(lines.map((line) => {
    let re = 0, im = 0;
    line.forEach((value, i) => {
      const turn = (2 * Math.PI * ((f * i) % n)) / n;
      re += (value - level) * Math.cos(turn);
      im -= (value - level) * Math.sin(turn);
    });
    return re * re + im * im;
  })) / (n * lines.length));
}

/** The power at the frequencies of a lattice, over the power at the frequencies around them. */
export function latticeSpectrum(/** @type {number[][]} */ image, /** @type {Ints} */ stride) {
  const steps = [axisOf(stride, 0), axisOf(stride, 1)], { centred, noise } = whole(image, steps);
  let peaks = noise, around = noise;
  for (const axis of [0, 1]) {
    const power = powerSpectrum(centred, axis - 2), n = axis ? centred[0].length : centred.length, s = steps[axis];
    const at = (/** @type {number} */ f) => power[Math.min(f, n - f)];
    const reach = Math.max(1, Math.min(8, (n / s - 1) >> 1));
    for (let m = 1; m < s; m += 1) {
      const peak = (m * n) / s;
      peaks += at(peak);
      around += mean(range(reach).flatMap((j) => [at(peak - j - 1), at(peak + j + 1)]));
    }
  }
  return peaks / around;
}

/** Every pixel scale × scale times. */
export const nearest = (/** @type {number[][]} */ image, /** @type {number} */ scale) =>
  range(image.length * scale).map((i) => range(image[0].length * scale).map((j) => image[Math.floor(i / scale)][Math.floor(j / scale)]));

/** Between the centres of pixels (align_corners=False). */
export function bilinear(/** @type {number[][]} */ image, /** @type {number} */ scale) {
  const ways = [image.length, image[0].length].map((n) => range(n * scale).map((j) => {
    const at = Math.max((j + 0.5) / scale - 0.5, 0), low = Math.floor(at);
    return { low, high: Math.min(low + 1, n - 1), share: at - low };
  }));
  const mix = (/** @type {number} */ a, /** @type {number} */ b, /** @type {number} */ share) => a * (1 - share) + b * share;
  return ways[0].map((y) => ways[1].map((x) =>
    mix(mix(image[y.low][x.low], image[y.low][x.high], x.share), mix(image[y.high][x.low], image[y.high][x.high], x.share), y.share)));
}

/** Channels (C · r², H, W) to one picture each of r × r times the pixels (C, r · H, r · W). */
export const pixelShuffle = (/** @type {number[][][]} */ x, /** @type {number} */ r) =>
  range(x.length / (r * r)).map((c) => range(x[0].length * r).map((i) => range(x[0][0].length * r).map((j) =>
    x[(c * r + (i % r)) * r + (j % r)][Math.floor(i / r)][Math.floor(j / r)])));

const both = (/** @type {number[]} */ line, /** @type {number} */ axes) => (axes === 1 ? [line] : line.map((down) => line.map((across) => down * across)));

/** Linear interpolation as a kernel: a tent as wide as two strides, as rows; balanced wherever the kernel holds it. */
export const tent = (/** @type {number} */ k, /** @type {number} */ stride, axes = 1) =>
  both(range(k).map((u) => Math.max(0, 1 - Math.abs(u - (k - 1) / 2) / stride)), axes);

/** Several transposed convolutions of one kernel, as one: its kernel, as rows, and its stride is the product of theirs. */
export function stacked(/** @type {number[][]} */ rows, /** @type {number} */ stride, /** @type {number} */ layers) {
  const flat = rows.length === 1;
  return range(layers - 1).reduce((kernel) => (flat ? scatter(kernel, [rows], { stride }) : scatter([kernel], [[rows]], { stride })[0]), rows);
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
