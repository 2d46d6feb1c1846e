// Files that a figure needs, fetched when they are first asked for.

import { unzipped } from "../core/gzip.mjs";

/** @type {Map<string, Promise<any>>} */
const kept = new Map();

async function asked(/** @type {string} */ path) {
  const answer = await fetch(new URL(`../${path}`, import.meta.url));
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.arrayBuffer();
}

/**
 * What is made of a file below widgets/, or its bytes; once each, and what failed may be asked for again.
 * @template [T=ArrayBuffer]
 * @param {string} path
 * @param {(bytes: ArrayBuffer) => T | Promise<T>} [made]
 * @returns {Promise<T>}
 */
export function fetched(path, made = (bytes) => /** @type {any} */ (bytes)) {
  const found = kept.get(path) ?? asked(path).then(made);
  kept.set(path, found);
  found.catch(() => kept.delete(path));
  return found;
}

/** The same of what gzip holds in it. */
export const unpacked = (/** @type {string} */ path, /** @type {(bytes: Uint8Array) => any} */ made) =>
  fetched(path, async (bytes) => made(new Uint8Array(await unzipped(bytes).arrayBuffer())));
