// Measures of a lattice, and upsamplers. No DOM. The formulas are those of cnnbook.convolution.checkerboard.

import { axisOf, mean } from "./checkerboard.mjs";
import { range } from "./convolution.mjs";

/** @typedef {import("./checkerboard.mjs").Ints} Ints */

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

/** Every pixel scale × scale times. */
export const nearest = (/** @type {number[][]} */ image, /** @type {number} */ scale) =>
  range(image.length * scale).map((i) =>
    range(image[0].length * scale).map((j) => image[Math.floor(i / scale)][Math.floor(j / scale)]),
  );

/** Between the centres of pixels (align_corners=False). */
export function bilinear(/** @type {number[][]} */ image, /** @type {number} */ scale) {
  const ways = [image.length, image[0].length].map((n) =>
    range(n * scale).map((j) => {
      const at = Math.max((j + 0.5) / scale - 0.5, 0),
        low = Math.floor(at);
      return { low, high: Math.min(low + 1, n - 1), share: at - low };
    }),
  );
  const mix = (/** @type {number} */ a, /** @type {number} */ b, /** @type {number} */ share) =>
    a * (1 - share) + b * share;
  return ways[0].map((y) =>
    ways[1].map((x) =>
      mix(
        mix(image[y.low][x.low], image[y.low][x.high], x.share),
        mix(image[y.high][x.low], image[y.high][x.high], x.share),
        y.share,
      ),
    ),
  );
}

/** Channels (C · r², H, W) to one picture each of r × r times the pixels (C, r · H, r · W). */
export const pixelShuffle = (/** @type {number[][][]} */ x, /** @type {number} */ r) =>
  range(x.length / (r * r)).map((c) =>
    range(x[0].length * r).map((i) =>
      range(x[0][0].length * r).map((j) => x[(c * r + (i % r)) * r + (j % r)][Math.floor(i / r)][Math.floor(j / r)]),
    ),
  );
