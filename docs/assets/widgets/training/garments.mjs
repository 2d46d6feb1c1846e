// The garments, fetched when they are first asked for: the test images, and the training images of one seed. A file is
// gzip of bytes, each less the one above it, image after image, class after class: hooks/garments.py makes it.

import { unpacked } from "../ui/fetched.mjs";
import { AREA } from "./run.mjs";

/** Bytes of images from what a file holds. */
export function restored(/** @type {Uint8Array} */ bytes) {
  for (let at = 0; at < bytes.length; at += 1) if (at % AREA >= 28) bytes[at] += bytes[at - 28];
  return bytes;
}

const file = (/** @type {string} */ name) => unpacked(`garments/${name}.bin`, restored);

/** @returns {Promise<import("./run.mjs").Garments>} */
export async function garments(/** @type {number} */ seed) {
  const [train, test] = await Promise.all([file(`train-${seed}`), file("test")]);
  return { train, test };
}
