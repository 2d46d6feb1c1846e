// A picture in the form of the training images, and the network's answer to it: cnnbook.domains.images. No DOM.

import { Conv2d, Linear, ReLU } from "./layers.mjs";
import { MaxPool2d } from "./pooling.mjs";
import { resize } from "./resizing.mjs";

export const SIDE = 28;
const NEAR = Math.fround(0.05); // of the whole range: what counts as background

/** @typedef {import("./pixels.mjs").Grey} Grey */
/** @typedef {{step: string, wide?: number, high?: number}} Done a step by its name, with the size that it left */

/** To the nearest whole number, halves to the even one, as Python rounds. */
export function rounded(/** @type {number} */ value) {
  const low = Math.floor(value),
    rest = value - low;
  return rest < 0.5 || (rest === 0.5 && low % 2 === 0) ? low : low + 1;
}

/** The median of the outermost pixels; of an even number the lower one of the middle. */
export function background(/** @type {Grey} */ { values, width, height }) {
  const rim = [];
  for (let j = 0; j < width; j += 1) rim.push(values[j], values[(height - 1) * width + j]);
  for (let i = 0; i < height; i += 1) rim.push(values[i * width], values[(i + 1) * width - 1]);
  return rim.sort((a, b) => a - b)[(rim.length - 1) >> 1];
}

/** The part of a picture that is not background: its first row and column, its height and width. */
function seen(/** @type {Grey} */ { values, width, height }) {
  let [top, left, bottom, right] = [height, width, -1, -1];
  for (let i = 0; i < height; i += 1)
    for (let j = 0; j < width; j += 1)
      if (values[i * width + j] > NEAR) {
        [top, left] = [Math.min(top, i), Math.min(left, j)];
        [bottom, right] = [i, Math.max(right, j)];
      }
  return { top, left, high: bottom - top + 1, wide: right - left + 1 };
}

/**
 * Something bright in the middle of a black square, and what was done to make it so; null where nothing stands out.
 * @returns {{values: Float32Array, done: Done[]} | null}
 */
export function prepare(/** @type {Grey} */ { values, width, height }, size = SIDE) {
  const level = background({ values, width, height }),
    mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  // What is shown is brighter than what surrounds it, or darker.
  const [brighter, darker] = [false, true].map((turned) => {
    const dark = turned ? 1 - level : level;
    return values.map((value) => Math.max(0, (turned ? 1 - value : value) - dark) / Math.max(1 - dark, NEAR));
  });
  const stands = (/** @type {Float32Array} */ side) => side.some((value) => value > NEAR),
    first = mean < level,
    turned = stands(first ? darker : brighter) ? first : !first,
    picture = turned ? darker : brighter;
  if (!stands(picture)) return null;
  const done = turned ? [{ step: "inverted" }] : [],
    { top, left, high, wide } = seen({ values: picture, width, height });
  let part = new Float32Array(high * wide);
  for (let i = 0; i < high; i += 1)
    part.set(picture.subarray((top + i) * width + left, (top + i) * width + left + wide), i * wide);
  if (high !== height || wide !== width) done.push({ step: "trimmed", wide, high });
  const [rows, columns] = [high, wide].map((side) => Math.max(1, rounded((side * size) / Math.max(high, wide))));
  if (rows !== high || columns !== wide) {
    part = resize(part, high, wide, rows, columns).map((value) => Math.min(1, Math.max(0, value)));
    done.push({ step: "resized", wide: columns, high: rows });
  }
  if (rows !== size || columns !== size) done.push({ step: "extended", wide: size, high: size });
  const whole = new Float32Array(size * size),
    [above, before] = [rows, columns].map((side) => (size - side) >> 1);
  for (let i = 0; i < rows; i += 1)
    whole.set(part.subarray(i * columns, (i + 1) * columns), (above + i) * size + before);
  return { values: whole, done };
}

/**
 * The network with its weights: of a prepared picture the maps of both convolutions, each as a channel after the other,
 * and the share of each class.
 * @param {Map<string, {shape: number[], values: Float32Array}>} tensors @param {{mean: number, std: number}} facts
 */
export function answering(tensors, { mean, std }) {
  const filled = (/** @type {any} */ layer, /** @type {string} */ name) => {
    layer.parameters[0].value.set(tensors.get(`${name}.weight`).values);
    layer.parameters[1].value.set(tensors.get(`${name}.bias`).values);
    return layer;
  };
  const [first, second, classes] = ["0", "2", "6"].map((name) => tensors.get(`${name}.bias`).shape[0]),
    one = filled(new Conv2d(Float32Array, [1, SIDE, SIDE], first, 5, 2, 2), "0"),
    two = filled(new Conv2d(Float32Array, one.shape, second, 3, 1, 1), "2"),
    pool = new MaxPool2d(Float32Array, two.shape, 2),
    last = filled(new Linear(Float32Array, pool.shape, classes), "6"),
    [reluOne, reluTwo] = [one, two].map(({ shape }) => new ReLU(Float32Array, shape));
  return (/** @type {Float32Array} */ values) => {
    const x = values.map((value) => (value - mean) / std),
      maps = [reluOne.forward(one.forward(x, 1), 1)];
    maps.push(reluTwo.forward(two.forward(maps[0], 1), 1));
    const logits = [...last.forward(pool.forward(maps[1], 1), 1)],
      most = Math.max(...logits),
      powers = logits.map((logit) => Math.exp(logit - most)),
      sum = powers.reduce((total, power) => total + power, 0);
    return { maps: maps.map((map) => Float32Array.from(map)), shares: powers.map((power) => power / sum) };
  };
}
