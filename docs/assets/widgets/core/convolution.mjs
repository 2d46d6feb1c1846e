// Convolution and transposed convolution in whole or broken numbers, by PyTorch's names and rules. No DOM.
// Tensors are nested arrays: input (C_in, L) or (C_in, H, W), weight (C_out, C_in / groups, *k), and for a transposed
// convolution (C_in, C_out / groups, *k). Along one axis all is computed as an image of one row.

import { range } from "./numbers.mjs";

/** @typedef {any[]} Tensor nested arrays of numbers */
/** @typedef {import("./numbers.mjs").Ints} Ints */
/** @typedef {{stride?: Ints, padding?: Ints, output_padding?: Ints, dilation?: Ints, groups?: number}} Settings */

const NEUTRAL = { stride: 1, padding: 0, output_padding: 0, dilation: 1 };
/** Rows and columns of zeros. */
export const zeros = (/** @type {number} */ rows, /** @type {number} */ columns) =>
  range(rows).map(() => Array(columns).fill(0));
export const rotate = (/** @type {Tensor} */ plane) => plane.map((row) => [...row].reverse()).reverse();

/** Each setting as [down, across]; along one axis nothing happens downwards. */
function plan(/** @type {Settings} */ settings, /** @type {number} */ axes) {
  return Object.fromEntries(
    Object.entries(NEUTRAL).map(([name, neutral]) => {
      const given = [settings[name] ?? neutral].flat();
      return [name, axes === 1 ? [neutral, given[0]] : [given[0], given.at(-1)]];
    }),
  );
}

/** Planes of one row for an input along one axis; how many axes there were; and the way back. */
function lift(/** @type {Tensor} */ x) {
  const flat = !Array.isArray(x[0][0]);
  return {
    axes: flat ? 1 : 2,
    planes: flat ? x.map((row) => [row]) : x,
    drop: (/** @type {Tensor} */ y) => (flat ? y.map(([row]) => row) : y),
  };
}
const liftWeight = (/** @type {Tensor} */ w) => w.map((kernels) => lift(kernels).planes);

/**
 * The length of a transposed convolution's output along one axis, whether or not PyTorch takes the settings.
 * @param {number} size @param {number} kernel_size
 */
export function outputSize(size, kernel_size, { stride = 1, padding = 0, output_padding = 0, dilation = 1 } = {}) {
  return (size - 1) * stride - 2 * padding + dilation * (kernel_size - 1) + output_padding + 1;
}

/**
 * The length of a convolution's output along one axis: below 1 where the kernel is longer than the padded input.
 * @param {number} size @param {number} kernel_size
 */
export function convOutputSize(size, kernel_size, { stride = 1, padding = 0, dilation = 1 } = {}) {
  return Math.floor((size + 2 * padding - dilation * (kernel_size - 1) - 1) / stride) + 1;
}

/**
 * The input lengths that a convolution maps to one output length: what output_padding chooses among.
 * @param {number} out @param {number} kernel_size
 */
export function collidingSizes(out, kernel_size, { stride = 1, padding = 0, dilation = 1 } = {}) {
  const first = outputSize(out, kernel_size, { stride, padding, dilation });
  return range(stride)
    .map((extra) => first + extra)
    .filter((size) => size >= 1);
}

/**
 * What PyTorch says to impossible settings of a transposed convolution; null where it takes them.
 * @param {number[]} size one number an axis @param {Ints} kernel_size @param {Settings} settings
 */
export function refusal(size, kernel_size, settings = {}) {
  const axes = size.length,
    { stride: s, padding: p, output_padding: extra, dilation: d } = plan(settings, axes);
  const n = [1, ...size].slice(-2),
    k = axes === 1 ? [1, [kernel_size].flat()[0]] : [[kernel_size].flat()[0], [kernel_size].flat().at(-1)];
  if ([0, 1].some((axis) => extra[axis] >= s[axis] && extra[axis] >= d[axis])) {
    const named = (/** @type {string} */ name, /** @type {number[]} */ [down, across]) =>
      `${name}_height: ${down} ${name}_width: ${across}`;
    return (
      "output padding must be smaller than either stride or dilation, but got " +
      [named("output_padding", extra), named("stride", s), named("dilation", d)].join(" ")
    );
  }
  const out = n.map((length, axis) =>
    outputSize(length, k[axis], { stride: s[axis], padding: p[axis], output_padding: extra[axis], dilation: d[axis] }),
  );
  if (Math.min(...out) >= 1) return null;
  const [from, to] = [n, out].map((sizes) => sizes.join(" x "));
  const given = `Given input size per channel: (${from}). Calculated output size per channel: (${to}).`;
  return `${given} Output size is too small`;
}

/** Cross-correlation of planes, with so many zeros at each of the four sides. */
export function correlate(
  /** @type {Tensor} */ x,
  /** @type {Tensor} */ w,
  /** @type {{stride: number[], dilation: number[], groups?: number, sides: number[][]}} */ {
    stride,
    dilation,
    groups = 1,
    sides: [[top, bottom], [left, right]],
  },
) {
  const inputs = w[0].length,
    height = x[0].length,
    width = x[0][0].length,
    kernel = [w[0][0].length, w[0][0][0].length];
  const [rows, columns] = [height + top + bottom, width + left + right].map((size, axis) =>
    convOutputSize(size, kernel[axis], { stride: stride[axis], dilation: dilation[axis] }),
  );
  return w.map((kernels, o) => {
    const first = Math.floor((o * groups) / w.length) * inputs,
      y = zeros(rows, columns);
    kernels.forEach((taps, c) =>
      taps.forEach((line, u) =>
        line.forEach((tap, v) => {
          for (let i = 0; i < rows; i += 1) {
            const row = x[first + c][i * stride[0] + u * dilation[0] - top];
            if (row)
              for (let j = 0; j < columns; j += 1) y[i][j] += tap * (row[j * stride[1] + v * dilation[1] - left] ?? 0);
          }
        }),
      ),
    );
    return y;
  });
}

/**
 * Convolution as PyTorch has it: the kernel is not rotated. Padding may be "valid", "same" or "full".
 * @param {Tensor} x
 * @param {Tensor} w
 * @param {Omit<Settings, "padding"> & {padding?: Ints | "valid" | "same" | "full"}} [settings]
 */
export function conv(x, w, settings = {}) {
  const { axes, planes, drop } = lift(x),
    kernels = liftWeight(w),
    words = settings.padding;
  const { stride, padding, dilation } = plan(
    typeof words === "string" ? { ...settings, padding: 0 } : /** @type {Settings} */ (settings),
    axes,
  );
  const sides = padding.map((p, axis) => {
    const reach = dilation[axis] * ((axis ? kernels[0][0][0] : kernels[0][0]).length - 1);
    if (words === "full") return [reach, reach];
    return words === "same" ? [reach >> 1, reach - (reach >> 1)] : [p, p];
  });
  return drop(correlate(planes, kernels, { stride, dilation, groups: settings.groups, sides }));
}

/** Where pixel i of the input puts tap u along one axis. */
export const place = (/** @type {number} */ i, /** @type {number} */ u, { stride = 1, padding = 0, dilation = 1 }) =>
  i * stride + u * dilation - padding;

/** For each output along one axis, the pairs [i, u] of pixel and tap that reach it. */
export function reaching(/** @type {number} */ size, /** @type {number} */ kernel_size, settings) {
  const found = range(outputSize(size, kernel_size, settings)).map(() => /** @type {number[][]} */ ([]));
  for (const i of range(size)) for (const u of range(kernel_size)) found[place(i, u, settings)]?.push([i, u]);
  return found;
}

/** What a transposed convolution knows of its shapes. */
export function read(/** @type {Tensor} */ x, /** @type {Tensor} */ w, /** @type {Settings} */ settings) {
  const lifted = lift(x),
    kernels = liftWeight(w),
    { groups = 1 } = settings,
    step = plan(settings, lifted.axes);
  const size = [lifted.planes[0].length, lifted.planes[0][0].length],
    kernel = [kernels[0][0].length, kernels[0][0][0].length];
  const axis = [0, 1].map((at) => Object.fromEntries(Object.keys(NEUTRAL).map((name) => [name, step[name][at]])));
  const out = axis.map((own, at) => outputSize(size[at], kernel[at], own));
  return {
    ...lifted,
    kernels,
    groups,
    step,
    axis,
    size,
    kernel,
    out,
    own: kernels[0].length,
    each: kernels.length / groups,
  };
}

/** Transposed convolution as stamp and add: every pixel paints the kernel, times its value. */
export function scatter(/** @type {Tensor} */ x, /** @type {Tensor} */ w, /** @type {Settings} */ settings = {}) {
  const { planes, drop, kernels, groups, axis, out, own, each } = read(x, w, settings);
  const y = range(groups * own).map(() => zeros(out[0], out[1]));
  planes.forEach((plane, c) =>
    kernels[c].forEach((taps, o) => {
      const target = y[Math.floor(c / each) * own + o];
      plane.forEach((line, i) =>
        taps.forEach((weights, u) => {
          const row = target[place(i, u, axis[0])];
          if (row)
            line.forEach((value, j) =>
              weights.forEach((tap, v) => {
                const at = place(j, v, axis[1]);
                if (at >= 0 && at < row.length) row[at] += value * tap;
              }),
            );
        }),
      );
    }),
  );
  return drop(y);
}

/** The input of the gather view: zeros between the pixels and around them; where padding is large, pixels go too. */
export function spread(
  /** @type {Tensor} */ x,
  /** @type {number[]} */ kernel_size,
  /** @type {Settings} */ settings = {},
) {
  const { axes, planes, drop } = lift(x),
    step = plan(settings, axes),
    kernel = [1, ...kernel_size].slice(-2);
  const size = [planes[0].length, planes[0][0].length];
  const margin = kernel.map((k, at) => step.dilation[at] * (k - 1) - step.padding[at]);
  const long = size.map((n, at) => (n - 1) * step.stride[at] + 1 + 2 * margin[at] + step.output_padding[at]);
  return drop(
    planes.map((plane) => {
      const wide = zeros(long[0], long[1]);
      plane.forEach((line, i) =>
        line.forEach((value, j) => {
          const row = wide[margin[0] + i * step.stride[0]],
            at = margin[1] + j * step.stride[1];
          if (row && at >= 0 && at < long[1]) row[at] = value;
        }),
      );
      return wide;
    }),
  );
}
