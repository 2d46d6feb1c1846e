// The same numbers in other ways: convolution by its two names, the gather view and the matrix of a transposed one, and
// its overlap counts; and others: whether phases are balanced, and the power of a lattice.
// No page needs them; the tests hold them, scatter() and torch against each other.

import { load } from "./load.mjs";

const { conv, correlate, read, rotate, scatter, spread, zeros } = await load("core/convolution.mjs");
const { phaseSums, powerSpectrum } = await load("core/checkerboard.mjs");
const { axisOf, mean, range, sum } = await load("core/numbers.mjs");
const { whole } = await load("core/shares.mjs");

/** @typedef {import("../../docs/assets/widgets/core/convolution.mjs").Tensor} Tensor */
/** @typedef {import("../../docs/assets/widgets/core/convolution.mjs").Settings} Settings */
/** @typedef {import("../../docs/assets/widgets/core/convolution.mjs").Ints} Ints */

/** Of an image and a kernel, or of channels (C_in, H, W) and (C_out, C_in, kH, kW); padding as in `conv`. */
export function crossCorrelate2d(/** @type {Tensor} */ x, /** @type {Tensor} */ w, padding = /** @type {any} */ (0)) {
  return Array.isArray(x[0][0]) ? conv(x, w, { padding }) : conv([x], [[w]], { padding })[0];
}

/** Convolution as mathematics has it: cross-correlation in a mirror. */
export function convolve2d(/** @type {Tensor} */ x, /** @type {Tensor} */ w, padding = /** @type {any} */ (0)) {
  const turn = Array.isArray(x[0][0]) ? (/** @type {Tensor} */ planes) => planes.map(rotate) : rotate;
  return turn(crossCorrelate2d(turn(x), w, padding));
}

/** Transposed convolution as an ordinary one at stride 1: the input spread by zeros, the kernel rotated by 180°. */
export function gather(/** @type {Tensor} */ x, /** @type {Tensor} */ w, /** @type {Settings} */ settings = {}) {
  const { planes, drop, kernels, groups, step, kernel, own, each } = read(x, w, settings);
  const wide = spread(planes, kernel, Object.fromEntries(Object.entries(step)));
  const turned = range(groups * own).map((o) =>
    range(each).map((c) => rotate(kernels[Math.floor(o / own) * each + c][o % own])),
  );
  return drop(
    correlate(wide, turned, {
      stride: [1, 1],
      dilation: step.dilation,
      groups,
      sides: [
        [0, 0],
        [0, 0],
      ],
    }),
  );
}

/** The matrix C of the convolution that is transposed: row (c, i) is what pixel i of channel c paints. */
export function convolutionMatrix(
  /** @type {Tensor} */ w,
  /** @type {number[]} */ size,
  /** @type {Settings} */ settings = {},
) {
  const channels = w.length,
    [rows, columns] = [1, ...size].slice(-2);
  return range(channels * rows * columns).map((at) => {
    const hot = range(channels).map(() => zeros(rows, columns));
    hot[Math.floor(at / (rows * columns))][Math.floor(at / columns) % rows][at % columns] = 1;
    return scatter(size.length === 1 ? hot.map(([row]) => row) : hot, w, settings).flat(2);
  });
}

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

/** Whether all phases sum to the same, so that constant input gives flat output. */
export function isBalanced(
  /** @type {any[]} */ weight,
  /** @type {Ints} */ stride,
  /** @type {Ints} */ dilation = 1,
  tolerance = 1e-5,
) {
  const sums = phaseSums(weight, stride, dilation).flat();
  return Math.max(...sums) - Math.min(...sums) <= tolerance * sum(weight.flat().map(Math.abs));
}

/** The power at the frequencies of a lattice, over the power at the frequencies around them. */
export function latticeSpectrum(/** @type {number[][]} */ image, /** @type {Ints} */ stride) {
  const steps = [axisOf(stride, 0), axisOf(stride, 1)],
    { cut, noise } = whole(image, steps);
  let peaks = noise,
    around = noise;
  for (const axis of [0, 1]) {
    const power = powerSpectrum(cut, axis - 2),
      n = axis ? cut[0].length : cut.length,
      s = steps[axis];
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
