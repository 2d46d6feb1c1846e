// Measures of a lattice, and upsamplers. No DOM. The formulas are those of cnnbook.convolution.checkerboard.

import { axisOf, mean, range } from "./numbers.mjs";

/** @typedef {import("./numbers.mjs").Ints} Ints */

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
