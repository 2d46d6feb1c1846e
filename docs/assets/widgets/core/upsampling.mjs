// Layers that make images larger, forwards and backwards, by PyTorch's names and rules. No DOM.

import { Layer, parameter, size } from "./layers.mjs";
import { multiply } from "./products.mjs";

/** @typedef {import("./products.mjs").Numbers} Numbers */

/** Each number of the output is one of the input: that at places[…] of the same example. */
class Gather extends Layer {
  /** @type {Int32Array} */
  places;

  forward(/** @type {Numbers} */ x, /** @type {number} */ n) {
    const { places } = this,
      count = places.length,
      each = size(this.from),
      y = this.room("y", n * count);
    for (let one = 0; one < n; one += 1)
      for (let at = 0; at < count; at += 1) y[one * count + at] = x[one * each + places[at]];
    return y;
  }

  backward(/** @type {Numbers} */ dy, /** @type {number} */ n) {
    const { places } = this,
      count = places.length,
      each = size(this.from),
      dx = this.room("dx", n * each);
    dx.fill(0, 0, n * each);
    for (let one = 0; one < n; one += 1)
      for (let at = 0; at < count; at += 1) dx[one * each + places[at]] += dy[one * count + at];
    return dx;
  }
}

/** For every number of an output (C, H, W), the place in an input (C', H', W') that a rule names: [c, i, j]. */
function placed(
  /** @type {number[]} */ [channels, height, width],
  /** @type {number[]} */ [, tall, wide],
  /** @type {(c: number, i: number, j: number) => number[]} */ rule,
) {
  const places = new Int32Array(channels * height * width);
  let at = 0;
  for (let c = 0; c < channels; c += 1)
    for (let i = 0; i < height; i += 1)
      for (let j = 0; j < width; j += 1) {
        const [channel, row, column] = rule(c, i, j);
        places[at++] = (channel * tall + row) * wide + column;
      }
  return places;
}

/** torch.nn.ReplicationPad2d(padding) */
export class ReplicationPad2d extends Gather {
  constructor(Real, shape, /** @type {number} */ padding) {
    const [channels, height, width] = shape,
      within = (/** @type {number} */ at, /** @type {number} */ side) => Math.min(side - 1, Math.max(0, at - padding));
    super(Real, shape, [channels, height + 2 * padding, width + 2 * padding]);
    this.places = placed(this.shape, shape, (c, i, j) => [c, within(i, height), within(j, width)]);
  }
}

/** torch.nn.Upsample(scale_factor=scale): every pixel scale × scale times. */
export class Upsample extends Gather {
  constructor(Real, shape, /** @type {number} */ scale) {
    const [channels, height, width] = shape;
    super(Real, shape, [channels, height * scale, width * scale]);
    this.places = placed(this.shape, shape, (c, i, j) => [c, Math.floor(i / scale), Math.floor(j / scale)]);
  }
}

/** torch.nn.PixelShuffle(r) */
export class PixelShuffle extends Gather {
  constructor(Real, shape, /** @type {number} */ r) {
    const [channels, height, width] = shape;
    super(Real, shape, [channels / (r * r), height * r, width * r]);
    this.places = placed(this.shape, shape, (c, i, j) => [
      (c * r + (i % r)) * r + (j % r),
      Math.floor(i / r),
      Math.floor(j / r),
    ]);
  }
}

/**
 * torch.nn.ConvTranspose2d(channels, out, kernel, stride, padding, output_padding), square in all. Here the last may be
 * negative: then the output ends so many cells earlier.
 */
export class ConvTranspose2d extends Layer {
  constructor(
    Real,
    shape,
    /** @type {number} */ out,
    /** @type {number} */ kernel,
    stride = 1,
    padding = 0,
    outputPadding = 0,
  ) {
    const [channels, height, width] = shape,
      stamped = [height, width].map((side) => (side - 1) * stride + kernel),
      sides = stamped.map((side) => side - 2 * padding + outputPadding);
    super(Real, shape, [out, ...sides]);
    this.kernel = kernel;
    this.stride = stride;
    this.fan = out * kernel * kernel; // as PyTorch counts it
    this.parameters = [parameter(Real, "weight", [channels, out, kernel, kernel]), parameter(Real, "bias", [out])];
    this.padding = padding;
    this.whole = stamped.map((side, axis) => Math.max(side, padding + sides[axis]));
    // Of each tap and input pixel, the cell that it falls on, before the rim is cut off.
    this.places = new Int32Array(this.fan * height * width);
    const [tall, wide] = this.whole;
    let at = 0;
    for (let o = 0; o < out; o += 1)
      for (let u = 0; u < kernel; u += 1)
        for (let v = 0; v < kernel; v += 1)
          for (let i = 0; i < height; i += 1)
            for (let j = 0; j < width; j += 1) this.places[at++] = (o * tall + i * stride + u) * wide + j * stride + v;
  }

  /** What is left of all stamps once the rim is cut off, or the way back. */
  cut(/** @type {Numbers} */ image, /** @type {number} */ start, /** @type {Numbers} */ whole, back = false) {
    const [out, height, width] = this.shape,
      { padding } = this,
      [tall, wide] = this.whole;
    for (let o = 0; o < out; o += 1)
      for (let i = 0; i < height; i += 1) {
        const to = start + (o * height + i) * width,
          from = (o * tall + i + padding) * wide + padding;
        if (back) for (let j = 0; j < width; j += 1) whole[from + j] = image[to + j];
        else for (let j = 0; j < width; j += 1) image[to + j] = whole[from + j];
      }
  }

  forward(/** @type {Numbers} */ x, /** @type {number} */ n) {
    const { places, fan } = this,
      [channels, ...sides] = this.from,
      area = size(sides),
      each = size(this.shape),
      cells = size(this.whole),
      stamps = this.room("stamps", places.length),
      whole = this.room("whole", this.shape[0] * cells),
      y = this.room("y", n * each),
      [weight, bias] = this.parameters.map(({ value }) => value);
    this.x = x;
    for (let one = 0; one < n; one += 1) {
      stamps.fill(0);
      multiply(stamps, 0, area, weight, 0, 1, fan, x, one * channels * area, area, 1, fan, area, channels);
      for (let o = 0; o < this.shape[0]; o += 1) whole.fill(bias[o], o * cells, (o + 1) * cells);
      for (let at = 0; at < places.length; at += 1) whole[places[at]] += stamps[at];
      this.cut(y, one * each, whole);
    }
    return y;
  }

  backward(/** @type {Numbers} */ dy, /** @type {number} */ n) {
    const { places, fan, x } = this,
      [channels, ...sides] = this.from,
      [out] = this.shape,
      area = size(sides),
      each = size(this.shape),
      [weight, bias] = this.parameters,
      taps = this.room("taps", places.length),
      whole = this.room("dwhole", out * size(this.whole)),
      dx = this.room("dx", n * channels * area);
    weight.grad.fill(0);
    bias.grad.fill(0);
    dx.fill(0, 0, n * channels * area);
    whole.fill(0);
    for (let one = 0; one < n; one += 1) {
      const start = one * channels * area;
      for (let at = 0; at < each; at += 1) bias.grad[Math.floor((at * out) / each)] += dy[one * each + at];
      this.cut(dy, one * each, whole, true);
      for (let at = 0; at < places.length; at += 1) taps[at] = whole[places[at]];
      multiply(dx, start, area, weight.value, 0, fan, 1, taps, 0, area, 1, channels, area, fan);
      multiply(weight.grad, 0, fan, x, start, area, 1, taps, 0, 1, area, channels, fan, area);
    }
    return dx;
  }
}
