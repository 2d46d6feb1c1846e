// Runs that the book has published, and how far the reader's own is from one of them.

import { stateOf } from "./settings.mjs";

/**
 * @typedef {{label: string, choice: import("./settings.mjs").Choice, steps: number[],
 *   seeds: Record<string, Record<string, (number | null)[]>>}} Arm by seed and figure: train_nll, test_accuracy
 */

const key = (/** @type {import("./settings.mjs").Choice} */ choice) => stateOf({ ...choice, seed: "0" }).join();

/** The arm whose settings these are, and -1 where they are the reader's own. */
export function armOf(/** @type {Arm[]} */ arms, /** @type {import("./settings.mjs").Choice} */ choice) {
  const wanted = key(choice);
  return choice.seed in (arms[0]?.seeds ?? {}) ? arms.findIndex((arm) => key(arm.choice) === wanted) : -1;
}

/** The published curves of one seed. */
export const published = (
  /** @type {Arm} */ arm,
  /** @type {string} */ seed,
  /** @type {"nll" | "accuracy"} */ metric,
) => ({ x: arm.steps, test: arm.seeds[seed][`test_${metric}`], train: arm.seeds[seed][`train_${metric}`] });

/**
 * How far apart they are at the published steps that the run has reached: the largest distance on the training images,
 * which are the same. Both lost counts as no distance, one of them lost as all there is.
 */
export function apart(
  /** @type {Arm} */ arm,
  /** @type {string} */ seed,
  /** @type {import("./plot.mjs").Point[]} */ points,
  died = false, // then it is lost at all later steps
) {
  const found = { points: 0, nll: 0, accuracy: 0 };
  arm.steps.forEach((step, at) => {
    const here = points.find((one) => one.step === step);
    if (!here && !(died && step > points.at(-1).step)) return;
    found.points += 1;
    for (const metric of /** @type {("nll" | "accuracy")[]} */ (["nll", "accuracy"])) {
      const there = arm.seeds[seed][`train_${metric}`][at],
        own = Number.isFinite(here?.train[metric]) ? here.train[metric] : null;
      const far = there === null || own === null ? (there === own ? 0 : Infinity) : Math.abs(there - own);
      found[metric] = Math.max(found[metric], far);
    }
  });
  return found;
}
