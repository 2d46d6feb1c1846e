// Weights as hooks/weights.py lays them: the length of a header, the header in JSON, all values one after another.

import { unzipped } from "./gzip.mjs";

const SIZES = { float16: 2, float32: 4 };

/** A number of the ten bits, the exponent of five and the sign of a half-precision float (IEEE 754). */
export function half(/** @type {number} */ bits) {
  const sign = bits & 0x8000 ? -1 : 1,
    exponent = (bits >> 10) & 31,
    rest = bits & 0x3ff;
  if (exponent === 31) return rest ? NaN : sign * Infinity;
  return exponent ? sign * 2 ** (exponent - 15) * (1 + rest / 1024) : sign * 2 ** -24 * rest;
}

/** A file as it is from how a large one is sent: gzip, with the low bytes of all values before the high ones. */
export async function unfolded(/** @type {ArrayBuffer} */ sent) {
  const bytes = new Uint8Array(await unzipped(sent).arrayBuffer()),
    start = 4 + new DataView(bytes.buffer).getUint32(0, true),
    half = (bytes.length - start) / 2,
    whole = new Uint8Array(bytes.length);
  whole.set(bytes.subarray(0, start));
  for (let at = 0; at < half; at += 1) {
    whole[start + 2 * at] = bytes[start + at];
    whole[start + 2 * at + 1] = bytes[start + half + at];
  }
  return whole.buffer;
}

/** @returns {{head: {dtype: "float16" | "float32", tensors: [string, number[]][], facts?: any}, at: number}} */
function header(/** @type {ArrayBuffer} */ buffer) {
  const size = buffer.byteLength < 4 ? Infinity : new DataView(buffer).getUint32(0, true);
  if (size > buffer.byteLength - 4) throw new Error("the weights are cut off in their header");
  return { head: JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, size))), at: 4 + size };
}

/** What the file says beside its tensors: classes, mean, standard deviation. */
export const facts = (/** @type {ArrayBuffer} */ buffer) => header(buffer).head.facts ?? {};

/**
 * The tensors by name, in the file's order.
 * @returns {Map<string, {shape: number[], values: Float32Array}>}
 */
export function read(/** @type {ArrayBuffer} */ buffer) {
  const found = new Map(),
    view = new DataView(buffer),
    { head, at } = header(buffer),
    size = SIZES[head.dtype];
  if (!size) throw new Error(`dtype must be float16 or float32, got ${head.dtype}`);
  let place = at;
  for (const [name, shape] of head.tensors) {
    const count = shape.reduce((product, side) => product * side, 1);
    if (place + count * size > buffer.byteLength) throw new Error(`the weights are cut off in ${name}`);
    const values = Float32Array.from({ length: count }, (_, which) => {
      const here = place + which * size;
      return size === 2 ? half(view.getUint16(here, true)) : view.getFloat32(here, true);
    });
    found.set(name, { shape, values });
    place += count * size;
  }
  if (place !== buffer.byteLength) throw new Error(`the weights end at byte ${place} of ${buffer.byteLength}`);
  return found;
}
