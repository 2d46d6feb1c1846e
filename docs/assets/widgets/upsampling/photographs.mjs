// The photographs of one seed, fetched when they are first asked for: those to train on, of which only what a patch
// needs is there, and a part of one to test on. A file is gzip of bytes, each less the one above it, image after image:
// hooks/photographs.py makes it.

import { unpacked } from "../ui/fetched.mjs";
import { PHOTOGRAPHS, SIDE } from "./run.mjs";
import { CROP } from "./settings.mjs";

/** Images of side × side from differences, in place. */
function restored(/** @type {Uint8Array} */ bytes, /** @type {number} */ side) {
  for (let at = 0; at < bytes.length; at += 1) if (at % (side * side) >= side) bytes[at] += bytes[at - side];
  return bytes;
}

/** The images of a file. */
export function parted(/** @type {Uint8Array} */ bytes) {
  const end = PHOTOGRAPHS * SIDE * SIDE;
  if (bytes.length !== end + CROP * CROP) throw new Error(`${bytes.length} bytes`);
  return { train: restored(bytes.subarray(0, end), SIDE), test: restored(bytes.subarray(end), CROP) };
}

/** @returns {Promise<import("./run.mjs").Photographs>} */
export const photographs = (/** @type {number} */ seed) => unpacked(`photographs/${seed}.bin`, parted);
