// One run of the bench's network on patches of photographs, a step at a time; its settings may be changed between two
// steps. No DOM.

import { Order } from "../core/batches.mjs";
import { bicubic } from "../core/bicubic.mjs";
import { Optimizer, rate } from "../core/optimizers.mjs";
import { stream } from "../core/random.mjs";
import { fastNumbers } from "../core/simd.mjs";
import { SCALE, SuperResolution } from "../core/super_resolution.mjs";
import { Looks } from "./looks.mjs";

/**
 * @typedef {{seed: number, kind: import("../core/super_resolution.mjs").Kind,
 *   start: import("../core/super_resolution.mjs").Start, rate: number, steps: number, loss: "mse" | "l1"}} Settings
 */
/** @typedef {{train: Uint8Array, test: Uint8Array}} Photographs bytes, image by image: see photographs.mjs */

export const PHOTOGRAPHS = 12,
  SIDE = 256;
const PATCH = 32,
  STEP = 8, // pixels from one patch to the next
  ALONG = (SIDE - PATCH) / STEP + 1, // patches along a side
  PATCHES = 256, // that a seed draws
  BATCH = 8,
  INPUT = PATCH / SCALE;

/** The patches of a seed: small ones less a half, and what bicubic interpolation of them lacks. */
export function patches(/** @type {Uint8Array} */ bytes, /** @type {number} */ seed) {
  const area = SIDE * SIDE,
    half = SIDE / SCALE,
    photographs = [...Array(PHOTOGRAPHS).keys()].map((at) =>
      Float64Array.from(bytes.subarray(at * area, (at + 1) * area), (byte) => byte / 255),
    ),
    small = photographs.map((image) => bicubic(image, [SIDE, SIDE], [half, half]));
  const rows = stream(seed, "split")
      .randperm(PHOTOGRAPHS * ALONG * ALONG)
      .slice(0, PATCHES),
    inputs = new Float32Array(PATCHES * INPUT * INPUT),
    lacking = new Float32Array(PATCHES * PATCH * PATCH);
  rows.forEach((row, at) => {
    const photograph = Math.floor(row / (ALONG * ALONG)),
      [top, left] = [Math.floor(row / ALONG) % ALONG, row % ALONG].map((place) => place * STEP),
      input = inputs.subarray(at * INPUT * INPUT, (at + 1) * INPUT * INPUT);
    for (let i = 0; i < INPUT; i += 1) {
      const from = (top / SCALE + i) * half + left / SCALE;
      input.set(small[photograph].subarray(from, from + INPUT), i * INPUT);
    }
    bicubic(input, [INPUT, INPUT], [PATCH, PATCH]).forEach((plain, place) => {
      const pixel = (top + Math.floor(place / PATCH)) * SIDE + left + (place % PATCH);
      lacking[at * PATCH * PATCH + place] = photographs[photograph][pixel] - plain;
    });
  });
  return { inputs: inputs.map((value) => value - 0.5), lacking };
}

export class Run {
  constructor(/** @type {Photographs} */ photographs, /** @type {Settings} */ settings) {
    const Real = fastNumbers(),
      { seed, kind, start } = settings;
    this.settings = settings;
    this.step = 0;
    this.died = "";
    this.network = new SuperResolution(Real, kind, INPUT).initialise(seed, start);
    this.steps = new Optimizer(this.network.parameters, "adam");
    this.order = new Order(PATCHES, seed);
    this.patches = patches(photographs.train, seed);
    this.x = new Real(BATCH * INPUT * INPUT);
    this.lacking = new Real(BATCH * PATCH * PATCH);
    this.looks = new Looks(
      Real,
      this.network,
      Float64Array.from(photographs.test, (byte) => byte / 255),
    );
  }

  /** Settings that hold from the next step on. The network and its seed stay. */
  change(/** @type {Settings} */ { rate, steps, loss }) {
    this.settings = { ...this.settings, rate, steps, loss };
  }

  /** One step; the loss of its batch. */
  advance() {
    const { rate: lr, steps, loss: kind } = this.settings,
      { x, lacking, step } = this;
    for (let at = 0; at < BATCH; at += 1) {
      const row = this.order.example(step * BATCH + at),
        cut = (/** @type {Float32Array} */ all, /** @type {number} */ area) =>
          all.subarray(row * area, (row + 1) * area);
      x.set(cut(this.patches.inputs, INPUT * INPUT), at * INPUT * INPUT);
      lacking.set(cut(this.patches.lacking, PATCH * PATCH), at * PATCH * PATCH);
    }
    const loss = this.network.error(x, lacking, BATCH, kind);
    this.steps.step({ lr: lr * rate({ schedule: "cosine" }, step, steps) });
    this.step += 1;
    if (!Number.isFinite(loss)) this.died ||= "loss";
    return loss;
  }

  /** What is measured after so many steps; the residual and the output are pictures of the part to test on. */
  measure() {
    const found = { step: this.step, ...this.looks.onGrey(), ...this.looks.onPhotograph() };
    if (!Number.isFinite(found.ripple) || !Number.isFinite(found.psnr)) this.died ||= "loss";
    return found;
  }
}
