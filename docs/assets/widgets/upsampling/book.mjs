// Runs that the book has published, and how far the reader's own is from one of them.

import { armOf, BASE } from "./settings.mjs";

/**
 * @typedef {{steps: number[], arms: Record<string, Record<string, Record<string, number[]>>>}} Book by arm, seed and
 *   figure: ripple in grey levels, spread in per cent
 */

/** The published curves of a choice, if there are any: those of the bench's own rate, steps and loss. */
export function published(/** @type {Book} */ book, /** @type {Record<string, any>} */ choice) {
  const same = ["rate", "steps", "loss"].every((name) => choice[name] === BASE[name]);
  return (same && book.arms[armOf(choice)]?.[choice.seed]) || null;
}

/** How far apart they are at the published steps that the run has reached: the largest distance of either figure. */
export function apart(
  /** @type {Book} */ { steps },
  /** @type {Record<string, number[]>} */ curves,
  /** @type {import("../training/client.mjs").Point[]} */ points,
) {
  const found = { points: 0, ripple: 0, spread: 0 };
  steps.forEach((step, at) => {
    const here = points.find((one) => one.step === step);
    if (!here) return;
    found.points += 1;
    for (const name of /** @type {("ripple" | "spread")[]} */ (["ripple", "spread"]))
      found[name] = Math.max(found[name], Math.abs(here[name] - curves[name][at]));
  });
  return found;
}
