// What a seed draws of the data: which examples, which labels are wrong, their order. As cnnbook.data.splits and
// cnnbook.data.batches have it. No DOM.

import { keyOf, stream, uniformAt } from "./random.mjs";

/** `total` in `parts` whole numbers that differ by one at most. */
export const even = (/** @type {number} */ total, /** @type {number} */ parts) =>
  [...Array(parts).keys()].map((part) => Math.floor(total / parts) + Number(part < total % parts));

/**
 * The training examples of a seed, in their order: each with its class and its place among those of its class that the
 * seed has drawn. Fewer examples are the first of more.
 * @param {number[]} pool how many examples each class has
 * @param {number} n how many are drawn, as equal in number as can be
 * @param {number} seed
 */
export function split(pool, n, seed) {
  const generator = stream(seed, "split");
  for (const count of pool) generator.randperm(count); // which of them, the file with the images has settled
  const rows = even(n, pool.length).flatMap((count, label) =>
    [...Array(count).keys()].map((place) => ({ label, place })),
  );
  return [...generator.randperm(n)].map((at) => rows[at]);
}

/** Python's round: halves go to the even number. */
const rounded = (/** @type {number} */ value) => {
  const low = Math.floor(value);
  return value - low === 0.5 ? low + (low % 2) : Math.round(value);
};

/** Labels of which a share is replaced by another class. */
export function noisy(
  /** @type {number[]} */ labels,
  /** @type {number} */ share,
  /** @type {number} */ classes,
  /** @type {number} */ seed,
) {
  const generator = stream(seed, "noise"),
    wrong = generator.randperm(labels.length).slice(0, rounded(share * labels.length)),
    shift = generator.randint(1, classes, wrong.length),
    result = [...labels];
  wrong.forEach((place, at) => {
    result[place] = (labels[place] + shift[at]) % classes;
  });
  return result;
}

/** The examples in the order of training: a new one each epoch, without end. */
export class Order {
  constructor(/** @type {number} */ n, /** @type {number} */ seed) {
    this.n = n;
    this.seed = seed;
    this.epoch = -1;
    this.order = new Int32Array(0);
  }

  /** Example number `at` since the beginning. */
  example(/** @type {number} */ at) {
    const epoch = Math.floor(at / this.n);
    if (epoch !== this.epoch) {
      this.epoch = epoch;
      this.order = stream(this.seed, "order", epoch).randperm(this.n);
    }
    return this.order[at % this.n];
  }
}

/** The value of each byte of an image: 0…1, less the mean of the data, by its deviation; rounded as torch does. */
export const standardised = (/** @type {number} */ mean, /** @type {number} */ std) =>
  Float32Array.from({ length: 256 }, (_, byte) =>
    Math.fround(Math.fround(Math.fround(byte / 255) - Math.fround(mean)) / Math.fround(std)),
  );

/**
 * Moves each of n images by −pixels … pixels, down and across: cnnbook.generalisation.augmentation.RandomShift.
 * @param {import("./products.mjs").Numbers} images (n, side, side), in place
 * @param {number} n @param {number} side @param {number} pixels @param {number} fill
 * @param {{seed: number, step: number, number: number}} drawn number is the layer's among those that draw
 */
export function shifted(images, n, side, pixels, fill, { seed, step, number }) {
  const key = keyOf(seed, step, number),
    by = (/** @type {number} */ at) => Math.trunc(Math.fround(uniformAt(key, at) * (2 * pixels + 1))) - pixels,
    area = side * side;
  for (let one = 0; one < n; one += 1) {
    const image = images.subarray(one * area, (one + 1) * area),
      was = image.slice(),
      [down, right] = [by(2 * one), by(2 * one + 1)];
    for (let i = 0; i < side; i += 1)
      for (let j = 0; j < side; j += 1) {
        const [row, column] = [i - down, j - right],
          inside = row >= 0 && row < side && column >= 0 && column < side;
        image[i * side + j] = inside ? was[row * side + column] : fill;
      }
  }
}
