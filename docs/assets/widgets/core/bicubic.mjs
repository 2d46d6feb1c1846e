// Bicubic interpolation, as cnnbook.data.photographs shrinks and enlarges: torch's, with antialias=True. No DOM.
//
// R. Keys, "Cubic convolution interpolation for digital image processing", IEEE Trans. ASSP 29, 1981 (a = −1/2).

/** @typedef {import("./products.mjs").Numbers} Numbers */

const A = -0.5;

/** Keys' kernel. */
function keys(/** @type {number} */ x) {
  x = Math.abs(x);
  if (x < 1) return ((A + 2) * x - (A + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * A : 0;
}

/** For every pixel of a line of `to`, the first pixel of a line of `from` that it depends on, and their weights. */
function line(/** @type {number} */ from, /** @type {number} */ to) {
  const scale = from / to,
    wide = Math.max(scale, 1), // a smaller image is smoothed first
    reach = 2 * wide;
  return [...Array(to).keys()].map((at) => {
    const centre = scale * (at + 0.5),
      first = Math.max(0, Math.trunc(centre - reach + 0.5)),
      last = Math.min(from, Math.trunc(centre + reach + 0.5)),
      taps = [...Array(last - first).keys()].map((tap) => keys((tap + first - centre + 0.5) / wide)),
      sum = taps.reduce((total, tap) => total + tap, 0);
    return { first, taps: taps.map((tap) => tap / sum) };
  });
}

/** An image of height × width pixels as one of tall × wide. */
export function bicubic(
  /** @type {ArrayLike<number>} */ image,
  /** @type {[height: number, width: number]} */ [height, width],
  /** @type {[tall: number, wide: number]} */ [tall, wide],
) {
  const across = line(width, wide),
    down = line(height, tall),
    rows = new Float64Array(height * wide),
    found = new Float64Array(tall * wide);
  for (let i = 0; i < height; i += 1)
    across.forEach(({ first, taps }, j) => {
      let sum = 0;
      for (let tap = 0; tap < taps.length; tap += 1) sum += taps[tap] * image[i * width + first + tap];
      rows[i * wide + j] = sum;
    });
  down.forEach(({ first, taps }, i) => {
    for (let tap = 0; tap < taps.length; tap += 1)
      for (let j = 0; j < wide; j += 1) found[i * wide + j] += taps[tap] * rows[(first + tap) * wide + j];
  });
  return found;
}
