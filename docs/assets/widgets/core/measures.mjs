// Measures of a lattice, and upsamplers. No DOM. The formulas are those of cnnbook.convolution.checkerboard.

import { phaseSums, powerSpectrum } from "./checkerboard.mjs";
import { axisOf, mean, range, sum } from "./numbers.mjs";
import { whole } from "./shares.mjs";

/** @typedef {import("./numbers.mjs").Ints} Ints */

/** Whether all phases sum to the same, so that constant input gives flat output. */
export function isBalanced(
  /** @type {any[]} */ weight,
  /** @type {Ints} */ stride,
  /** @type {Ints} */ dilation = 1,
  tolerance = 1e-5,
) {
  const sums = phaseSums(weight, stride, dilation).flat();
  return Math.max(...sums) - Math.min(...sums) <= tolerance * sum(weight.flat().map(Math.abs));
}

/** The power at the frequencies of a lattice, over the power at the frequencies around them. */
export function latticeSpectrum(/** @type {number[][]} */ image, /** @type {Ints} */ stride) {
  const steps = [axisOf(stride, 0), axisOf(stride, 1)],
    { cut, noise } = whole(image, steps);
  let peaks = noise,
    around = noise;
  for (const axis of [0, 1]) {
    const power = powerSpectrum(cut, axis - 2),
      n = axis ? cut[0].length : cut.length,
      s = steps[axis];
    const at = (/** @type {number} */ f) => power[Math.min(f, n - f)];
    const reach = Math.max(1, Math.min(8, (n / s - 1) >> 1));
    for (let m = 1; m < s; m += 1) {
      const peak = (m * n) / s;
      peaks += at(peak);
      around += mean(range(reach).flatMap((j) => [at(peak - j - 1), at(peak + j + 1)]));
    }
  }
  return peaks / around;
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
