// The share of an image's variance that is a lattice: cnnbook.convolution.checkerboard.phase_share, and likewise within
// tiles. No DOM.

import { axisOf, mean, range } from "./numbers.mjs";

/** @typedef {import("./numbers.mjs").Ints} Ints */

/** The image in whole periods; and the power that counts as none. */
export function whole(/** @type {number[][]} */ image, /** @type {number[]} */ [down, across]) {
  const cut = image
    .slice(0, image.length - (image.length % down))
    .map((row) => row.slice(0, row.length - (row.length % across)));
  const largest = Math.max(...image.flat().map(Math.abs));
  return { cut, noise: Math.max((1e-5 * largest) ** 2, 1e-30) };
}

/** The variance between the means of the phases over all of it: of rows, or of tiles, each with a mean of its own. */
function share(/** @type {number[][][]} */ tiles, /** @type {number[]} */ [down, across], /** @type {number} */ noise) {
  let between = 0,
    total = 0;
  for (const rows of tiles) {
    const level = mean(rows.flat()),
      power = (/** @type {number[]} */ values) => mean(values.map((value) => (value - level) ** 2));
    total += power(rows.flat()) / tiles.length;
    between +=
      power(
        range(down * across).map((phase) =>
          mean(
            rows
              .filter((_, i) => i % down === Math.floor(phase / across))
              .flatMap((row) => row.filter((_, j) => j % across === phase % across)),
          ),
        ),
      ) / tiles.length;
  }
  return total <= noise ? 0 : between / total;
}

/** The share of an image's variance that the position modulo the stride explains. */
export function phaseShare(/** @type {number[][]} */ image, /** @type {Ints} */ stride) {
  const steps = [axisOf(stride, 0), axisOf(stride, 1)],
    { cut, noise } = whole(image, steps);
  return share([cut], steps, noise);
}

/**
 * The same within tiles, in which a lattice is seen that changes its sign from place to place: variances are added up
 * over the tiles, then divided. A tile is a whole number of periods, two at least.
 */
export function localPhaseShare(/** @type {number[][]} */ image, /** @type {Ints} */ stride, /** @type {Ints} */ tile) {
  const steps = [axisOf(stride, 0), axisOf(stride, 1)],
    [down, across] = [axisOf(tile, 0), axisOf(tile, 1)],
    { cut, noise } = whole(image, steps);
  const tiles = range(Math.floor(cut.length / down)).flatMap((i) =>
    range(Math.floor(cut[0].length / across)).map((j) =>
      cut.slice(i * down, (i + 1) * down).map((row) => row.slice(j * across, (j + 1) * across)),
    ),
  );
  return share(tiles, steps, noise);
}
