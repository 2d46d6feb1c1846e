// Pooling and batch normalisation, forwards and backwards, by PyTorch's rules: see layers.mjs. No DOM.

import { Layer, parameter, size } from "./layers.mjs";

/** @typedef {import("./products.mjs").Numbers} Numbers */

/** What the two kinds of pooling share: where each window begins, and its pixels. Without padding. */
class Pool extends Layer {
  constructor(Real, shape, /** @type {number} */ kernel, stride = kernel) {
    const [channels, height, width] = shape,
      [rows, columns] = [height, width].map((side) => Math.floor((side - kernel) / stride) + 1);
    super(Real, shape, [channels, rows, columns]);
    this.window = [...Array(kernel * kernel).keys()].map((at) => Math.floor(at / kernel) * width + (at % kernel));
    this.corners = Int32Array.from({ length: channels * rows * columns }, (_, at) => {
      const [c, i, j] = [Math.floor(at / (rows * columns)), Math.floor(at / columns) % rows, at % columns];
      return (c * height + i * stride) * width + j * stride;
    });
  }

  /** For each output of n examples: its place, and that of its window in the input. */
  each(/** @type {number} */ n, /** @type {(at: number, corner: number) => void} */ act) {
    const { corners } = this;
    for (let one = 0; one < n; one += 1)
      corners.forEach((corner, at) => act(one * corners.length + at, one * size(this.from) + corner));
  }
}

/** torch.nn.MaxPool2d(kernel, stride): of equal pixels the first. */
export class MaxPool2d extends Pool {
  forward(/** @type {Numbers} */ x, /** @type {number} */ n) {
    const y = this.room("y", n * size(this.shape)),
      chosen = (this.chosen = new Int32Array(n * size(this.shape)));
    this.each(n, (at, corner) => {
      let best = corner;
      for (const step of this.window)
        if (x[corner + step] > x[best] || Number.isNaN(x[corner + step])) best = corner + step;
      chosen[at] = best;
      y[at] = x[best];
    });
    return y;
  }

  backward(/** @type {Numbers} */ dy, /** @type {number} */ n) {
    const dx = this.room("dx", n * size(this.from)).fill(0);
    this.chosen.forEach((from, at) => (dx[from] += dy[at]));
    return dx;
  }
}

/** torch.nn.AvgPool2d(kernel, stride) */
export class AvgPool2d extends Pool {
  forward(/** @type {Numbers} */ x, /** @type {number} */ n) {
    const y = this.room("y", n * size(this.shape)),
      { window } = this;
    this.each(n, (at, corner) => {
      y[at] = window.reduce((sum, step) => sum + x[corner + step], 0) / window.length;
    });
    return y;
  }

  backward(/** @type {Numbers} */ dy, /** @type {number} */ n) {
    const dx = this.room("dx", n * size(this.from)).fill(0),
      { window } = this;
    this.each(n, (at, corner) => {
      for (const step of window) dx[corner + step] += dy[at] / window.length;
    });
    return dx;
  }
}

/** torch.nn.BatchNorm2d(channels) */
export class BatchNorm2d extends Layer {
  constructor(Real, shape, epsilon = 1e-5, momentum = 0.1) {
    super(Real, shape);
    const [channels] = shape;
    this.parameters = [parameter(Real, "weight", [channels]), parameter(Real, "bias", [channels])];
    this.parameters[0].value.fill(1);
    this.epsilon = epsilon;
    this.momentum = momentum;
    this.mean = new Real(channels);
    this.variance = new Real(channels).fill(1);
  }

  /** The values of one channel, over the batch. */
  channel(/** @type {number} */ c, /** @type {number} */ n, /** @type {(at: number) => void} */ act) {
    const area = size(this.shape.slice(1));
    for (let one = 0; one < n; one += 1) {
      const start = (one * this.shape[0] + c) * area;
      for (let at = start; at < start + area; at += 1) act(at);
    }
  }

  forward(/** @type {Numbers} */ x, /** @type {number} */ n) {
    const count = n * size(this.shape.slice(1)),
      y = this.room("y", n * size(this.shape)),
      normal = this.room("normal", n * size(this.shape)),
      [weight, bias] = this.parameters.map(({ value }) => value),
      { epsilon, momentum } = this;
    this.scale = this.room("scale", this.shape[0]);
    for (let c = 0; c < this.shape[0]; c += 1) {
      let mean = this.mean[c],
        variance = this.variance[c];
      if (this.training) {
        mean = variance = 0;
        this.channel(c, n, (at) => (mean += x[at]));
        mean /= count;
        this.channel(c, n, (at) => (variance += (x[at] - mean) ** 2));
        this.mean[c] += momentum * (mean - this.mean[c]);
        this.variance[c] += momentum * (variance / (count - 1) - this.variance[c]);
        variance /= count;
      }
      const scale = (this.scale[c] = 1 / Math.sqrt(variance + epsilon));
      this.channel(c, n, (at) => {
        normal[at] = (x[at] - mean) * scale;
        y[at] = normal[at] * weight[c] + bias[c];
      });
    }
    return y;
  }

  backward(/** @type {Numbers} */ dy, /** @type {number} */ n) {
    const count = n * size(this.shape.slice(1)),
      dx = this.room("dx", n * size(this.shape)),
      { normal } = this.kept,
      [weight, bias] = this.parameters;
    for (let c = 0; c < this.shape[0]; c += 1) {
      let sum = 0,
        along = 0;
      this.channel(c, n, (at) => {
        sum += dy[at];
        along += dy[at] * normal[at];
      });
      bias.grad[c] = sum;
      weight.grad[c] = along;
      const factor = weight.value[c] * this.scale[c];
      this.channel(c, n, (at) => {
        dx[at] = factor * (this.training ? dy[at] - (sum + normal[at] * along) / count : dy[at]);
      });
    }
    return dx;
  }
}
