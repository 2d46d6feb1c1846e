// The garments, fetched when they are first asked for: the test images, and the training images of one seed. A file is
// gzip of bytes, each less the one above it, image after image, class after class: hooks/garments.py makes it.

import { AREA } from "./run.mjs";

/** @type {Map<string, Promise<Uint8Array>>} */
const kept = new Map();

/** Bytes of images from what a file holds. */
export function restored(/** @type {Uint8Array} */ bytes) {
  for (let at = 0; at < bytes.length; at += 1) if (at % AREA >= 28) bytes[at] += bytes[at - 28];
  return bytes;
}

async function fetched(/** @type {string} */ name) {
  const answer = await fetch(new URL(`../garments/${name}.bin`, import.meta.url));
  if (!answer.ok) throw new Error(String(answer.status));
  const stream = answer.body.pipeThrough(new DecompressionStream("gzip"));
  return restored(new Uint8Array(await new Response(stream).arrayBuffer()));
}

/** Once each; what failed may be asked for again. */
function file(/** @type {string} */ name) {
  const found = kept.get(name) ?? fetched(name);
  kept.set(name, found);
  found.catch(() => kept.delete(name));
  return found;
}

/** @returns {Promise<import("./run.mjs").Garments>} */
export async function garments(/** @type {number} */ seed) {
  const [train, test] = await Promise.all([file(`train-${seed}`), file("test")]);
  return { train, test };
}
