// What one may begin with: test images that the page fetches (hooks/garments.py), and drawings.

import { SIDE } from "../core/garments.mjs";
import { fetched } from "../ui/fetched.mjs";

/** @typedef {import("./strokes.mjs").Stroke} Stroke */

/** Those fetched, in the file's order, with the class that the data set says. */
const FETCHED = { boot: 9, bag: 8, coat: 4 };

/** @returns {Stroke} */
const line = (/** @type {"fine" | "broad"} */ pen, /** @type {number[]} */ ...numbers) => ({
  pen,
  points: numbers.flatMap((x, at) => (at % 2 ? [] : [/** @type {[number, number]} */ ([x, numbers[at + 1]])])),
});

/** @type {Record<string, Stroke[]>} */
export const DRAWN = {
  trousers: [
    line("broad", 20, 10, 36, 10),
    line("broad", 20, 10, 18, 48),
    line("broad", 36, 10, 38, 48),
    line("broad", 24, 14, 23, 30, 22, 48),
    line("broad", 32, 14, 33, 30, 34, 48),
    line("broad", 28, 12, 28, 16),
  ],
  cat: [
    line("fine", 12, 8, 16, 20, 12, 32, 20, 44, 36, 44, 44, 32, 40, 20, 44, 8, 34, 16, 22, 16, 12, 8),
    line("fine", 22, 28, 22, 29),
    line("fine", 34, 28, 34, 29),
    line("fine", 28, 34, 26, 36, 30, 36, 28, 34),
    line("fine", 4, 30, 18, 34),
    line("fine", 52, 30, 38, 34),
  ],
};

export const NAMES = [...Object.keys(FETCHED), ...Object.keys(DRAWN)];

/** The file of the weights, and the test images. */
export const files = () => Promise.all([fetched("weights/image-classes.bin"), fetched("garments/shown.bin")]);

/** A test image by its name, and its class. */
export function garment(/** @type {ArrayBuffer} */ bytes, /** @type {string} */ name) {
  const at = Object.keys(FETCHED).indexOf(name);
  return { greys: new Uint8Array(bytes, at * SIDE ** 2, SIDE ** 2), label: FETCHED[name] };
}
