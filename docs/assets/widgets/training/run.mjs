// One run of the book's network on the garments, a step at a time; its settings may be changed between two steps.
// No DOM.

import { noisy, Order, shifted, split, standardised } from "../core/batches.mjs";
import { smallCnn } from "../core/small_cnn.mjs";
import { Optimizer } from "../core/optimizers.mjs";
import { fastNumbers } from "../core/simd.mjs";

/**
 * @typedef {{seed: number, rate: number, optimizer: "sgd" | "adam" | "adamw", momentum: number, decay: number,
 *   batch: number, images: number, noise: number, dropout: number, shift: number, width: number}} Settings
 */
/** @typedef {{train: Uint8Array, test: Uint8Array}} Garments bytes, image by image, class by class: see garments.mjs */

export const CLASSES = 10,
  POOL = Array(CLASSES).fill(500), // images of each class among which a seed draws
  MOST = 512, // images that a seed has
  AREA = 28 * 28;
const MEAN = 0.2873,
  DEVIATION = 0.3544,
  VALUES = standardised(MEAN, DEVIATION);

const images = (/** @type {Uint8Array} */ bytes, /** @type {number[]} */ rows) => {
  const x = new Float32Array(rows.length * AREA);
  rows.forEach((row, at) => {
    for (let pixel = 0; pixel < AREA; pixel += 1) x[at * AREA + pixel] = VALUES[bytes[row * AREA + pixel]];
  });
  return x;
};

export class Run {
  constructor(/** @type {Garments} */ garments, /** @type {Settings} */ settings) {
    this.garments = garments;
    this.settings = settings;
    this.step = 0;
    this.seen = 0; // images, as one comes after another
    this.died = "";
    const count = garments.test.length / AREA;
    this.test = {
      x: images(garments.test, [...Array(count).keys()]),
      labels: [...Array(count).keys()].map((at) => Math.floor((at * CLASSES) / count)),
    };
    this.network = smallCnn(fastNumbers(), {
      channels: [8, 16].map((one) => Math.round(one * settings.width)),
      hidden: Math.round(64 * settings.width),
    }).initialise(settings.seed);
    this.steps = new Optimizer(this.network.parameters, settings.optimizer);
    this.draw();
    this.change(settings);
  }

  /** Settings that hold from the next step on. The width of the network and its seed stay. */
  change(/** @type {Settings} */ settings) {
    const was = this.settings;
    this.settings = { ...settings, seed: was.seed, width: was.width };
    if (settings.optimizer !== was.optimizer || !settings.momentum !== !was.momentum)
      this.steps = new Optimizer(this.network.parameters, settings.optimizer); // whose averages begin anew
    if (settings.images !== was.images || settings.noise !== was.noise) this.draw();
    this.network.drawing[0].p = settings.dropout;
  }

  /** The training images and their labels, some of them wrong. */
  draw() {
    const { seed, images: n, noise } = this.settings,
      rows = split(POOL, n, seed),
      most = Math.floor(MOST / CLASSES),
      start = (/** @type {number} */ label) => label * most + Math.min(label, MOST % CLASSES);
    this.train = {
      x: images(
        this.garments.train,
        rows.map(({ label, place }) => start(label) + place),
      ),
      labels: noisy(
        rows.map(({ label }) => label),
        noise,
        CLASSES,
        seed,
      ),
    };
    this.order = new Order(n, seed);
    this.x = new Float32Array(MOST * AREA);
  }

  /** One step; the loss of its batch. */
  advance() {
    const { batch, dropout, shift, seed, rate, decay, momentum, images: n } = this.settings,
      count = Math.min(batch, n),
      rows = [...Array(count).keys()].map((at) => this.order.example(this.seen + at)),
      { x, step } = this;
    rows.forEach((row, at) => x.set(this.train.x.subarray(row * AREA, (row + 1) * AREA), at * AREA));
    if (shift) {
      const number = Number(dropout > 0); // among what draws: after the network's own
      shifted(x, count, 28, shift, VALUES[0], { seed, step, number });
    }
    const loss = this.network.losses(
      x,
      rows.map((row) => this.train.labels[row]),
      count,
      { step },
    );
    this.norm = this.network.norm();
    this.steps.step({ lr: rate, weightDecay: decay, momentum });
    this.seen += count;
    this.step += 1;
    if (!Number.isFinite(loss)) this.died ||= "loss";
    return loss;
  }

  /** What is measured after so many steps, on the training images and on the test. */
  measure() {
    const train = this.network.measure(this.train.x, this.train.labels),
      test = this.network.measure(this.test.x, this.test.labels);
    const numbers = ({ accuracy, nll, ece }) => ({ accuracy: 100 * accuracy, nll, ece: 100 * ece });
    if (!Number.isFinite(train.nll)) this.died ||= "loss";
    return {
      step: this.step,
      train: numbers(train),
      test: numbers(test),
      norm: this.norm ?? null,
      dead: train.dead,
      units: train.units,
      silent: train.silent,
      answers: test.answers,
    };
  }

  /** The kernels of the first layer, one after another. */
  get filters() {
    return this.network.parameters[0].value;
  }
}
