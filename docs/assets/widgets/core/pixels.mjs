// From pixels, four bytes each, to a grey picture, as cnnbook.cli.pictures takes a file: not large, and opaque. No DOM.

const LIGHT = 0.7, // grey from which on little would be left of a thing on white
  MOSTLY = 0.8; // share of a thing that must be so light before it is laid on black

/** @typedef {{bytes: ImageDataArray, width: number, height: number}} Pixels red, green, blue, alpha, row by row */
/** @typedef {{values: Float32Array, width: number, height: number}} Grey 0…1, row by row */

/** Of two bytes the product over 255, to the nearest. */
function times(/** @type {number} */ one, /** @type {number} */ other) {
  const product = one * other + 128;
  return ((product >> 8) + product) >> 8;
}

/** A mean as Pillow rounds it, in whole numbers: what should be exactly a half more may stay below. */
const mean = (/** @type {number} */ sum, /** @type {number} */ count) =>
  Math.floor(((sum + (count >> 1)) * Math.floor(2 ** 24 / count)) / 2 ** 24);

/** Means of squares of pixels, as Pillow rounds them; a colour counts as much as it is seen. */
export function reduce(/** @type {Pixels} */ { bytes, width, height }, /** @type {number} */ by) {
  if (by === 1) return { bytes, width, height };
  const wide = Math.ceil(width / by),
    high = Math.ceil(height / by),
    small = new Uint8ClampedArray(4 * wide * high),
    sums = [0, 0, 0, 0];
  for (let i = 0; i < high; i += 1)
    for (let j = 0; j < wide; j += 1) {
      const rows = Math.min(by, height - i * by),
        columns = Math.min(by, width - j * by),
        count = rows * columns;
      sums.fill(0);
      for (let u = 0; u < rows; u += 1)
        for (let at = 4 * ((i * by + u) * width + j * by), end = at + 4 * columns; at < end; at += 4) {
          const seen = bytes[at + 3];
          for (let c = 0; c < 3; c += 1) sums[c] += seen === 255 ? bytes[at + c] : times(bytes[at + c], seen);
          sums[3] += seen;
        }
      const [red, green, blue, alpha] = sums.map((sum) => mean(sum, count)),
        whole = alpha === 0 || alpha === 255;
      const colour = [red, green, blue].map((value) => (whole ? value : Math.floor((255 * value) / alpha)));
      small.set([...colour, alpha], 4 * (i * wide + j)); // which clips
    }
  return { bytes: small, width: wide, height: high };
}

/**
 * The ground on which a picture stands out: "white", "black", "" where it is opaque; null where nothing of it is seen.
 */
export function ground(/** @type {Uint8ClampedArray} */ bytes) {
  let seen = 0,
    light = 0,
    least = 255;
  for (let at = 0; at < bytes.length; at += 4) {
    const alpha = bytes[at + 3],
      luma = (19595 * bytes[at] + 38470 * bytes[at + 1] + 7471 * bytes[at + 2] + 32768) >> 16;
    least = Math.min(least, alpha);
    seen += alpha;
    if (luma / 255 > LIGHT) light += alpha;
  }
  if (!seen) return null;
  if (least === 255) return "";
  return light / seen > MOSTLY ? "black" : "white";
}

/** The picture on this ground, grey as the eye weighs colours: ITU-R 601; whether it had colours. */
export function grey(/** @type {Pixels} */ { bytes, width, height }, on = "") {
  const values = new Float32Array(width * height),
    below = on === "white" ? 255 : 0;
  let coloured = false;
  for (let at = 0; at < values.length; at += 1) {
    const alpha = bytes[4 * at + 3],
      [red, green, blue] = [0, 1, 2].map((channel) =>
        alpha === 255
          ? bytes[4 * at + channel]
          : Math.round((bytes[4 * at + channel] * alpha + below * (255 - alpha)) / 255),
      );
    const flat = red === green && green === blue;
    coloured ||= !flat;
    values[at] = (flat ? red : 0.299 * red + 0.587 * green + 0.114 * blue) / 255;
  }
  return { picture: { values, width, height }, coloured };
}
