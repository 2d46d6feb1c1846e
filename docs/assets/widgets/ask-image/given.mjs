// A picture that was given to <ask-image>: grey, with how it looks and what was done to it on the way.

import { prepare } from "../core/garments.mjs";
import { grey, ground } from "../core/pixels.mjs";
import { decoded, Refused } from "./decoding.mjs";

/** @typedef {import("../core/garments.mjs").Done} Done */
/**
 * The picture with the size that it had; the ground on which it was laid; of an example its name, and the class that
 * the data set says.
 * @typedef {{picture: import("../core/pixels.mjs").Grey, width: number, height: number, done: Done[],
 *   look: ImageData | Uint8Array, on?: string, label?: number, example?: string}} Given
 */

/** Greys 0…255 of a square. @returns {Given} */
export const square = (/** @type {Uint8Array} */ greys, /** @type {number} */ side) => ({
  picture: { values: Float32Array.from(greys, (value) => value / 255), width: side, height: side },
  look: greys,
  width: side,
  height: side,
  done: [],
});

/** A file; Refused where nothing is to be seen in it. @returns {Promise<Given>} */
export async function opened(/** @type {Blob} */ file) {
  const { pixels, width, height } = await decoded(file),
    on = ground(pixels.bytes);
  if (on === null) throw new Refused("unseen");
  const { picture, coloured } = grey(pixels, on),
    { width: wide, height: high } = picture;
  if (!prepare(picture)) throw new Refused("flat");
  const done = [
    ...(wide < width || high < height ? [{ step: "large", wide, high }] : []),
    ...(on ? [{ step: on }] : []),
    ...(coloured ? [{ step: "grey" }] : []),
  ];
  return { picture, width, height, done, look: new ImageData(pixels.bytes, wide, high), on };
}
