// The same numbers in other ways: convolution by its two names, the gather view and the matrix of a transposed one, and
// its overlap counts.
// No page needs them; the tests hold them, scatter() and torch against each other.

import { load } from "./load.mjs";

const { conv, correlate, read, rotate, scatter, spread, zeros } = await load("core/convolution.mjs");
const { axisOf, range } = await load("core/numbers.mjs");

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
