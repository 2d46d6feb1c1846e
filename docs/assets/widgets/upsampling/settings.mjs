// What <upsampling-widget> sets: the places of its sliders, the address, the names of the book's arms, the program that
// makes the same run. No DOM.

import { stopped } from "../training/stops.mjs";

/** @type {Record<string, number[]>} */
export const STOPS = {
  rate: [1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 1],
  steps: [60, 120, 250, 500, 1000, 2000],
};
export const LAYERS = ["k2", "k3", "k4", "k6", "nearest", "sub_pixel"],
  STARTS = ["default", "fan_in", "icnr"],
  LOSSES = ["mse", "l1"],
  SEEDS = ["0", "1", "2"],
  METRICS = ["share", "ripple", "spread", "gain"];

export const CROP = 128; // pixels along a side of the part of a photograph to test on

/** The names of a state, in the order of the address. */
export const NAMES = [...Object.keys(STOPS), "layer", "initial", "loss", "seed"];

/** @typedef {import("../training/stops.mjs").Choice} Choice */

export const BASE = { rate: 2e-3, steps: 500, layer: "k3", initial: "default", loss: "mse", seed: "0" };

/** The starts that a layer has: a convolution is drawn at its true fan-in anyway. */
export const startsOf = (/** @type {string} */ layer) =>
  layer === "nearest" ? ["default"] : layer === "sub_pixel" ? ["default", "icnr"] : ["default", "fan_in"];

export const { stateOf, choiceOf } = stopped(NAMES, STOPS, BASE);

/**
 * The run of a choice.
 * @returns {import("./run.mjs").Settings}
 */
export const settingsOf = (/** @type {Record<string, any>} */ { layer, initial, seed, ...more }) =>
  /** @type {any} */ ({ ...more, kind: layer, start: initial, seed: Number(seed) });

/** The book's name of a layer and its start: an upsampler of the bench. */
export function armOf(/** @type {Choice} */ { layer, initial }) {
  if (layer === "nearest") return layer;
  if (layer === "sub_pixel") return initial === "icnr" ? "sub_pixel_icnr" : layer;
  return `${initial === "fan_in" ? "transposed" : "default"}_${layer}`;
}

/** Steps after which a run is measured: close together at first, as on the axis. */
export function pointsOf(/** @type {number} */ steps) {
  const close = [...Array(9).keys()].flatMap((power) => [1, 1.5, 2, 3, 5, 7].map((one) => one * 10 ** power));
  return close.map(Math.round).filter((one) => one <= steps);
}

/** The program that makes this run with the package, and prints what the page shows at its end. */
export function program(/** @type {Choice} */ choice) {
  const { rate, steps, loss, seed } = choice;
  return [
    "from dataclasses import replace",
    "",
    "from cnnbook.experiments.convolution import upsampling",
    "from cnnbook.training import Optimizer, train_seeds",
    "",
    `config = replace(`,
    `    upsampling.arm("${armOf(choice)}", steps=${steps}, curve=()),`,
    `    data_options={"fold": upsampling.fold_of(${seed})},`,
    `    optimizer=Optimizer("adam", lr=${rate}, schedule="cosine"),`,
    ...(loss === "l1" ? [`    loss="mae",`] : []),
    ")",
    `result = train_seeds(config, [${seed}], engine="processes", accelerator="cpu")`,
    'print("ripple", round(result["test_ripple"][0], 4))',
    'print("spread", round(100 * result["spread"][0], 2))',
    "",
  ].join("\n");
}
