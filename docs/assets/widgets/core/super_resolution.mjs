// The network of the bench of upsampling layers, as cnnbook.experiments.convolution._super_resolution builds and
// initialises it: two convolutions on the small image, then the layer, whose output is added to bicubic interpolation.
// No DOM.

import { Conv2d, ReLU } from "./layers.mjs";
import { meanError } from "./losses.mjs";
import { Network, reset } from "./network.mjs";
import { stream } from "./random.mjs";
import { ConvTranspose2d, PixelShuffle, ReplicationPad2d, Upsample } from "./upsampling.mjs";

/** @typedef {import("./products.mjs").Numbers} Numbers */
/** @typedef {"k2" | "k3" | "k4" | "k6" | "nearest" | "sub_pixel"} Kind */
/** @typedef {"default" | "fan_in" | "icnr"} Start */

export const SCALE = 2,
  GREYS = [64, 128, 192], // the flat images, of 255
  BORDER = 8; // pixels that the padding of the convolutions reaches, left out of all figures

/** Channels before the layer: with them all networks have about the same number of parameters. */
export const widthOf = (/** @type {Kind} */ kind) => (kind === "k6" || kind === "sub_pixel" ? 15 : 16);

/** The layers that make of (C, H, W) one channel of twice the height and width. */
function upsampler(Real, /** @type {number[]} */ shape, /** @type {Kind} */ kind) {
  if (kind === "nearest") {
    const large = new Upsample(Real, shape, SCALE),
      padded = new ReplicationPad2d(Real, large.shape, 1);
    return [large, padded, new Conv2d(Real, padded.shape, 1, 3)];
  }
  if (kind === "sub_pixel") {
    const padded = new ReplicationPad2d(Real, shape, 1),
      conv = new Conv2d(Real, padded.shape, SCALE * SCALE, 3);
    return [padded, conv, new PixelShuffle(Real, conv.shape, SCALE)];
  }
  const kernel = Number(kind.slice(1)),
    over = kernel - SCALE, // cells by which a stamp hangs over; half of them on either side
    rim = Math.ceil((over - (over >> 1)) / SCALE),
    padded = new ReplicationPad2d(Real, shape, rim);
  const padding = rim * SCALE + (over >> 1);
  return [padded, new ConvTranspose2d(Real, padded.shape, 1, kernel, SCALE, padding, -(over % 2))];
}

export class SuperResolution extends Network {
  /** For small images of side × side; with the weights of another, where one is given. */
  constructor(Real, /** @type {Kind} */ kind, /** @type {number} */ side, /** @type {SuperResolution} */ other = null) {
    const width = widthOf(kind),
      first = new Conv2d(Real, [1, side, side], width, 3, 1, 1),
      second = new Conv2d(Real, first.shape, width, 3, 1, 1);
    const features = [first, new ReLU(Real, first.shape), second, new ReLU(Real, second.shape)];
    super([...features, ...upsampler(Real, second.shape, kind)]);
    this.kind = kind;
    this.features = features;
    if (other) {
      this.layers.forEach((layer, at) => {
        layer.parameters = other.layers[at].parameters;
      });
      this.parameters = other.parameters;
    }
  }

  /** The layer by itself, of maps that come from elsewhere. */
  enlarged(/** @type {Numbers} */ maps, /** @type {number} */ n) {
    return this.layers.slice(this.features.length).reduce((y, layer) => layer.forward(y, n), maps);
  }

  /** Weights are a function of the seed: cnnbook.training.networks.build. */
  initialise(/** @type {number} */ seed, /** @type {Start} */ start = "default") {
    const generator = stream(seed, "weights");
    for (const layer of this.layers) {
      if (layer instanceof Conv2d || layer instanceof ConvTranspose2d) reset(layer, generator);
      if (layer instanceof ConvTranspose2d && start === "fan_in")
        for (const { value } of layer.parameters)
          generator.uniform(value, ((layer.from[0] * layer.kernel ** 2) / layer.stride ** 2) ** -0.5);
    }
    if (start === "icnr") {
      const [weight, bias] = this.parameters.slice(-2), // of the last convolution: each phase gets the first one's
        taps = weight.value.length / SCALE ** 2;
      for (let phase = 1; phase < SCALE ** 2; phase += 1) weight.value.copyWithin(phase * taps, 0, taps);
      bias.value.fill(bias.value[0]);
    }
    return this;
  }

  /** The loss of a batch, whose targets are what bicubic interpolation lacks; the gradients lie with the parameters. */
  error(
    /** @type {Numbers} */ x,
    /** @type {Numbers} */ lacking,
    /** @type {number} */ n,
    /** @type {"mse" | "l1"} */ kind = "mse",
  ) {
    const count = n * this.layers.at(-1).shape.reduce((product, side) => product * side, 1);
    if (this.gradient.length < count) this.gradient = new this.Real(count);
    const loss = meanError(this.forward(x, n, true), lacking, count, this.gradient, kind);
    this.layers.reduceRight((dy, layer) => layer.backward(dy, n), this.gradient);
    return loss;
  }
}

/** The middle of an image of side × side pixels that no padding reaches, as rows. */
export const inside = (
  /** @type {Numbers} */ values,
  /** @type {number} */ start,
  /** @type {number} */ side,
  rim = BORDER,
) =>
  [...Array(side - 2 * rim).keys()].map((i) => {
    const from = start + (i + rim) * side;
    return [...values.subarray(from + rim, from + side - rim)];
  });
