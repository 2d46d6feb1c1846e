// The layers of a network, forwards and backwards, by PyTorch's names and rules. No DOM. A tensor is a flat array of a
// batch, row by row (N, C, H, W), and the shape of one example [C, H, W] or [features].
//
// A layer has the shape of its output; parameters, each with its gradient; and
//
//   forward(x, n)        its output for n examples
//   backward(dy, n)      the gradient of its input; gradients of its parameters replace what was there
//
// What it returns is its own, and holds until its next call. `training` says whether it draws and averages.

import { multiply } from "./products.mjs";
import { keyOf, uniformAt } from "./random.mjs";

/** @typedef {import("./products.mjs").Numbers} Numbers */
/** @typedef {Float32ArrayConstructor | Float64ArrayConstructor} Real the kind of the numbers */
/** @typedef {{name: string, value: Numbers, grad: Numbers, shape: number[]}} Parameter */

export const size = (/** @type {number[]} */ shape) => shape.reduce((product, side) => product * side, 1);

/** @returns {Parameter} */
export const parameter = (/** @type {Real} */ Real, /** @type {string} */ name, /** @type {number[]} */ shape) => ({
  name,
  shape,
  value: new Real(size(shape)),
  grad: new Real(size(shape)),
});

export class Layer {
  /** @type {Parameter[]} */
  parameters = [];
  training = true;

  constructor(/** @type {Real} */ Real, /** @type {number[]} */ shape, out = shape) {
    this.Real = Real;
    this.from = shape;
    this.shape = out;
    /** @type {Record<string, Numbers>} */
    this.kept = {};
  }

  /** Room for so many numbers, the same at each call. */
  room(/** @type {string} */ name, /** @type {number} */ count) {
    if (!(this.kept[name]?.length >= count)) this.kept[name] = new this.Real(count);
    return this.kept[name];
  }
}

/** torch.nn.Conv2d(channels, out, kernel, stride, padding), square in all. */
export class Conv2d extends Layer {
  constructor(Real, shape, /** @type {number} */ out, /** @type {number} */ kernel, stride = 1, padding = 0) {
    const [channels, height, width] = shape,
      sides = [height, width].map((side) => Math.floor((side + 2 * padding - kernel) / stride) + 1);
    super(Real, shape, [out, ...sides]);
    this.fan = channels * kernel * kernel;
    this.parameters = [parameter(Real, "weight", [out, channels, kernel, kernel]), parameter(Real, "bias", [out])];
    // Of each tap and output, where in the padded image its pixel lies: the image goes into a larger one of zeros.
    this.padded = [height + 2 * padding, width + 2 * padding];
    this.padding = padding;
    const [rows, columns] = sides,
      [tall, wide] = this.padded,
      places = (this.places = new Int32Array(this.fan * rows * columns));
    let at = 0;
    for (let c = 0; c < channels; c += 1)
      for (let u = 0; u < kernel; u += 1)
        for (let v = 0; v < kernel; v += 1)
          for (let i = 0; i < rows; i += 1)
            for (let j = 0; j < columns; j += 1) places[at++] = (c * tall + i * stride + u) * wide + j * stride + v;
    this.first = false; // whether nobody asks for the gradient of its input
  }

  /** The image of one example within zeros, or the way back. */
  pad(/** @type {Numbers} */ image, /** @type {number} */ start, /** @type {Numbers} */ padded, back = false) {
    const [channels, height, width] = this.from,
      { padding } = this,
      [tall, wide] = this.padded;
    for (let c = 0; c < channels; c += 1)
      for (let i = 0; i < height; i += 1) {
        const from = start + (c * height + i) * width,
          to = (c * tall + i + padding) * wide + padding;
        if (back) for (let j = 0; j < width; j += 1) image[from + j] = padded[to + j];
        else for (let j = 0; j < width; j += 1) padded[to + j] = image[from + j];
      }
  }

  forward(/** @type {Numbers} */ x, /** @type {number} */ n) {
    const { fan, places } = this,
      [out, ...sides] = this.shape,
      area = size(sides),
      count = places.length,
      columns = this.room("columns", n * count),
      padded = this.room("padded", this.from[0] * size(this.padded)),
      y = this.room("y", n * out * area),
      [weight, bias] = this.parameters.map(({ value }) => value);
    for (let one = 0; one < n; one += 1) {
      this.pad(x, one * size(this.from), padded);
      const start = one * count,
        first = one * out * area;
      for (let at = 0; at < count; at += 1) columns[start + at] = padded[places[at]];
      for (let o = 0; o < out; o += 1) y.fill(bias[o], first + o * area, first + (o + 1) * area);
      multiply(y, first, area, weight, 0, fan, 1, columns, start, area, 1, out, area, fan);
    }
    return y;
  }

  backward(/** @type {Numbers} */ dy, /** @type {number} */ n) {
    const { fan, places, first } = this,
      [out, ...sides] = this.shape,
      area = size(sides),
      count = places.length,
      { columns } = this.kept,
      [weight, bias] = this.parameters,
      dx = this.room("dx", first ? 0 : n * size(this.from)),
      taps = this.room("taps", count),
      padded = this.room("dpadded", this.from[0] * size(this.padded));
    weight.grad.fill(0);
    bias.grad.fill(0);
    for (let one = 0; one < n; one += 1) {
      const from = one * out * area;
      for (let o = 0; o < out; o += 1) {
        let sum = 0;
        for (let at = from + o * area; at < from + (o + 1) * area; at += 1) sum += dy[at];
        bias.grad[o] += sum;
      }
      multiply(weight.grad, 0, fan, dy, from, area, 1, columns, one * count, 1, area, out, fan, area);
      if (first) continue;
      taps.fill(0);
      multiply(taps, 0, area, weight.value, 0, 1, fan, dy, from, area, 1, fan, area, out);
      padded.fill(0);
      for (let at = 0; at < count; at += 1) padded[places[at]] += taps[at];
      this.pad(dx, one * size(this.from), padded, true);
    }
    return dx;
  }
}

/** torch.nn.Linear(features, out) */
export class Linear extends Layer {
  constructor(Real, shape, /** @type {number} */ out) {
    super(Real, shape, [out]);
    this.fan = size(shape);
    this.parameters = [parameter(Real, "weight", [out, this.fan]), parameter(Real, "bias", [out])];
  }

  forward(/** @type {Numbers} */ x, /** @type {number} */ n) {
    const { fan } = this,
      [out] = this.shape,
      y = this.room("y", n * out),
      [weight, bias] = this.parameters.map(({ value }) => value);
    this.x = x;
    for (let at = 0; at < n * out; at += 1) y[at] = bias[at % out];
    multiply(y, 0, out, x, 0, fan, 1, weight, 0, 1, fan, n, out, fan);
    return y;
  }

  backward(/** @type {Numbers} */ dy, /** @type {number} */ n) {
    const { fan, x } = this,
      [out] = this.shape,
      [weight, bias] = this.parameters,
      dx = this.room("dx", n * fan);
    weight.grad.fill(0);
    multiply(weight.grad, 0, fan, dy, 0, 1, out, x, 0, fan, 1, out, fan, n);
    bias.grad.fill(0);
    for (let at = 0; at < n * out; at += 1) bias.grad[at % out] += dy[at];
    dx.fill(0, 0, n * fan);
    multiply(dx, 0, fan, dy, 0, out, 1, weight.value, 0, fan, 1, n, fan, out);
    return dx;
  }
}

/** torch.nn.ReLU() */
export class ReLU extends Layer {
  forward(/** @type {Numbers} */ x, /** @type {number} */ n) {
    const count = n * size(this.shape),
      y = (this.y = this.room("y", count));
    for (let at = 0; at < count; at += 1) y[at] = x[at] <= 0 ? 0 : x[at]; // what is not a number stays so
    return y;
  }

  backward(/** @type {Numbers} */ dy, /** @type {number} */ n) {
    const count = n * size(this.shape),
      { y } = this,
      dx = this.room("dx", count);
    for (let at = 0; at < count; at += 1) dx[at] = y[at] <= 0 ? 0 : dy[at];
    return dx;
  }
}

/** cnnbook.randomness.Dropout(p, whole_channels): its masks are a function of the seed, the step and its number. */
export class Dropout extends Layer {
  constructor(Real, shape, p = 0.5, wholeChannels = false) {
    super(Real, shape);
    this.p = p;
    this.draws = wholeChannels ? shape[0] : size(shape); // an example
    this.seed = 0;
    this.step = 0;
    this.number = 0; // among the layers that draw
  }

  forward(/** @type {Numbers} */ x, /** @type {number} */ n) {
    const { p, draws } = this,
      count = n * size(this.shape),
      each = size(this.shape) / draws,
      y = this.room("y", count),
      mask = (this.mask = this.training && p > 0 ? this.room("mask", count) : null);
    if (!mask) return x;
    const key = keyOf(this.seed, this.step, this.number),
      kept = y instanceof Float32Array ? Math.fround(1 / (1 - p)) : 1 / (1 - p);
    for (let drawn = 0, at = 0; drawn < n * draws; drawn += 1) {
      const factor = uniformAt(key, drawn) >= Math.fround(p) ? kept : 0;
      for (const end = at + each; at < end; at += 1) {
        mask[at] = factor;
        y[at] = x[at] * factor;
      }
    }
    return y;
  }

  backward(/** @type {Numbers} */ dy, /** @type {number} */ n) {
    if (!this.mask) return dy;
    const count = n * size(this.shape),
      { mask } = this,
      dx = this.room("dx", count);
    for (let at = 0; at < count; at += 1) dx[at] = dy[at] * mask[at];
    return dx;
  }
}
