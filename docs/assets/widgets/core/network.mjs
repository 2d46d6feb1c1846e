// A network as cnnbook.training.networks.build initialises it, and a step of its training. No DOM.

import { Conv2d, Dropout, Linear, ReLU, size } from "./layers.mjs";
import { answered, crossEntropy, l1Penalty, l2Penalty, scores } from "./losses.mjs";
import { stream } from "./random.mjs";

/** @typedef {import("./products.mjs").Numbers} Numbers */
/** @typedef {(values: Numbers, n: number) => Numbers} Pass */
/** @typedef {import("./layers.mjs").Layer & {forward: Pass, backward: Pass}} Layer */

const CHUNK = 64; // examples at once where nothing is learned
const GAIN = Math.sqrt(2 / (1 + Math.sqrt(5) ** 2)); // torch's, of a leaky ReLU with the slope √5

/** A weight and a bias as torch's layers draw them: reset_parameters(). */
export function reset(
  /** @type {import("./layers.mjs").Layer & {fan: number}} */ { parameters: [weight, bias], fan },
  /** @type {import("./random.mjs").Generator} */ generator,
) {
  generator.uniform(weight.value, Math.sqrt(3) * (GAIN / Math.sqrt(fan)));
  generator.uniform(bias.value, 1 / Math.sqrt(fan));
}

/** Layers one after the other, which end in logits. */
export class Network {
  constructor(/** @type {Layer[]} */ layers) {
    this.layers = layers;
    this.parameters = layers.flatMap((layer) => layer.parameters);
    this.classes = layers.at(-1).shape[0];
    const { Real } = layers[0];
    this.Real = Real;
    this.gradient = new Real(0);
    if (layers[0] instanceof Conv2d) layers[0].first = true;
  }

  /** Layers that draw, which are numbered in their order. */
  get drawing() {
    return /** @type {Dropout[]} */ (this.layers.filter((layer) => layer instanceof Dropout));
  }

  /** Weights, and later the masks, are a function of the seed: cnnbook.training.networks.build. */
  initialise(/** @type {number} */ seed) {
    const generator = stream(seed, "weights");
    for (const layer of this.layers) if (layer instanceof Conv2d || layer instanceof Linear) reset(layer, generator);
    this.drawing.forEach((layer, number) => Object.assign(layer, { seed, number }));
    return this;
  }

  /** Logits (n, classes). */
  forward(/** @type {Numbers} */ x, /** @type {number} */ n, training = false) {
    return this.layers.reduce((y, layer) => {
      layer.training = training;
      return layer.forward(y, n);
    }, x);
  }

  /**
   * The loss of a batch; the gradients lie with the parameters.
   * @param {Numbers} x @param {ArrayLike<number>} labels @param {number} n
   * @param {{step?: number, smoothing?: number, l2?: number, l1?: number}} options step is what random layers draw by
   */
  losses(x, labels, n, { step = 0, smoothing = 0, l2 = 0, l1 = 0 } = {}) {
    const { classes, parameters } = this;
    for (const layer of this.drawing) layer.step = step;
    if (this.gradient.length < n * classes) this.gradient = new this.Real(n * classes);
    let loss = crossEntropy(this.forward(x, n, true), labels, n, classes, this.gradient, smoothing);
    this.layers.reduceRight((dy, layer) => layer.backward(dy, n), this.gradient);
    if (l2) loss += l2Penalty(parameters, l2);
    if (l1) loss += l1Penalty(parameters, l1);
    return loss;
  }

  /** The length of the gradient of all parameters. */
  norm() {
    let sum = 0;
    for (const { grad } of this.parameters) for (const slope of grad) sum += slope * slope;
    return Math.sqrt(sum);
  }

  /**
   * What is measured of examples, the answers to them, and how many units of a ReLU are above zero
   * for none; whether those are all of a layer.
   */
  measure(/** @type {Numbers} */ x, /** @type {ArrayLike<number>} */ labels) {
    const { classes, layers } = this,
      n = labels.length,
      each = size(layers[0].from),
      logits = new Float64Array(n * classes),
      units = layers
        .filter((layer) => layer instanceof ReLU)
        .map((layer) => ({ layer, alive: new Uint8Array(layer.shape[0]) }));
    for (let start = 0; start < n; start += CHUNK) {
      const count = Math.min(CHUNK, n - start);
      logits.set(this.forward(x.subarray(start * each), count).subarray(0, count * classes), start * classes);
      for (const { layer, alive } of units) {
        const area = size(layer.shape) / alive.length,
          { y } = /** @type {ReLU} */ (layer);
        for (let at = 0; at < count * size(layer.shape); at += 1)
          if (y[at] > 0) alive[Math.floor(at / area) % alive.length] = 1;
      }
    }
    const all = units.flatMap(({ alive }) => [...alive]);
    return {
      ...scores(logits, labels, n, classes),
      dead: all.filter((one) => !one).length,
      units: all.length,
      silent: units.some(({ alive }) => alive.every((one) => !one)),
      answers: [...Array(n).keys()].map((row) => answered(logits, row, classes)),
    };
  }
}
