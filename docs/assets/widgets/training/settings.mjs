// What can be set of a run: the stops of each slider, and the run and the program that belong to a state.

import { stopped } from "./stops.mjs";

const MANTISSAS = [1, 2, 3, 4, 5, 7];
/** From a millionth to a million. */
const RATES = [...Array(12).keys()]
  .flatMap((power) => MANTISSAS.map((one) => Number(`${one}e${power - 6}`)))
  .concat(1e6);

const tenths = (/** @type {number} */ last) => [...Array(last + 1).keys()].map((one) => one / 10);

/** @type {Record<string, number[]>} */
export const STOPS = {
  rate: RATES,
  batch: [4, 8, 16, 32, 64, 128],
  decay: [0, 1e-4, 1e-3, 1e-2, 0.1, 1, 10],
  dropout: tenths(9),
  noise: tenths(10),
  images: [10, 20, 50, 128, 256, 500, 512],
  shift: [0, 1, 2, 3, 4],
  steps: [60, 120, 240, 400, 512, 960, 1024, 1200],
};
export const OPTIMIZERS = ["sgd", "momentum", "adam", "adamw"],
  WIDTHS = ["0.5", "1", "2", "4"],
  SEEDS = ["0", "1", "2"];

/** The names of a state, in the order of the address. */
export const NAMES = [...Object.keys(STOPS), "optimizer", "width", "seed"];

/** @typedef {import("./stops.mjs").Choice} Choice */

export const BASE = {
  rate: 0.2,
  batch: 32,
  decay: 0,
  dropout: 0,
  noise: 0,
  images: 512,
  shift: 0,
  steps: 240,
  optimizer: "sgd",
  width: "1",
  seed: "0",
};

export const { stateOf, choiceOf } = stopped(NAMES, STOPS, BASE);

/**
 * The run of a choice, whose batch has no more images than there are.
 * @returns {import("./run.mjs").Settings}
 */
export function settingsOf(/** @type {Record<string, any>} */ { optimizer, seed, width, batch, images, ...more }) {
  return /** @type {any} */ ({
    ...more,
    images,
    batch: Math.min(batch, images),
    optimizer: optimizer === "momentum" ? "sgd" : optimizer,
    momentum: optimizer === "momentum" ? 0.9 : 0,
    seed: Number(seed),
    width: Number(width),
  });
}

/** The program that makes this run with the package. */
export function program(/** @type {Record<string, any>} */ choice) {
  const { optimizer, momentum, decay, rate, dropout, noise, shift, width, batch, images, seed } = settingsOf(
      /** @type {any} */ (choice),
    ),
    more = [
      ...(decay ? [`weight_decay=${decay}`] : []),
      ...(optimizer === "sgd" ? [`momentum=${momentum.toFixed(1)}`] : []),
    ],
    steps = [`"${optimizer}"`, `lr=${rate}`, ...more].join(", "),
    options = [
      width === 1 ? "" : `"channels": (${8 * width}, ${16 * width}), "hidden": ${64 * width}`,
      dropout ? `"dropout": ${dropout}` : "",
    ].filter(Boolean);
  return [
    "from cnnbook.training import Optimizer, TrainConfig, train_seeds",
    ...(shift
      ? ["from cnnbook.generalisation.augmentation import RandomShift", "from cnnbook.training import Methods"]
      : []),
    "",
    "config = TrainConfig(",
    ...(options.length ? [`    network_options={${options.join(", ")}},`] : []),
    `    n_train=${images},`,
    ...(noise ? [`    label_noise=${noise},`] : []),
    `    batch_size=${batch},`,
    `    steps=${choice.steps},`,
    `    optimizer=Optimizer(${steps}),`,
    ...(shift
      ? [`    methods=Methods(RandomShift, {"pixels": ${shift}, "fill": -0.2873 / 0.3544}),  # black comes in`]
      : []),
    ")",
    `result = train_seeds(config, [${seed}])`,
    'for name in ("train_nll", "test_nll", "train_accuracy", "test_accuracy"):',
    "    print(name, round(result[name][0], 4))",
    "",
  ].join("\n");
}
