// WAV files, read as libsndfile reads them for the command: whole numbers of 8 to 32 bits, floats of 32 and 64.
//
// A browser would bring every sound to the rate of its own output first, by a filter of its own.

const PLACEHOLDER = 2 ** 31 - 2 ** 16, // from here on, a length says that it was not known when the header was written
  WHOLE = 1,
  FLOAT = 3,
  EXTENSIBLE = 0xfffe;

/** @typedef {{channels: Float32Array[], rate: number}} Sound */

/** A chunk's name and length, where one with a name in letters begins. */
function chunk(/** @type {DataView} */ view, /** @type {number} */ at) {
  if (at + 8 > view.byteLength) return null;
  const letters = [0, 1, 2, 3].map((place) => view.getUint8(at + place));
  if (letters.some((letter) => letter < 32 || letter > 126)) return null;
  return { name: String.fromCharCode(...letters), size: view.getUint32(at + 4, true) };
}

/** Whether these are the bytes of a WAV file. */
export const isWav = (/** @type {DataView} */ view) =>
  chunk(view, 0)?.name === "RIFF" && view.byteLength >= 12 && view.getUint32(8) === 0x57415645; // WAVE

/** How a sample is read, as a share of full scale; null of a kind that is not read here. */
function reader(/** @type {DataView} */ view, /** @type {number} */ kind, /** @type {number} */ bits) {
  /** @type {Record<string, (at: number) => number>} */
  const readers = {
    "1 8": (at) => (view.getUint8(at) - 128) / 128,
    "1 16": (at) => view.getInt16(at, true) / 2 ** 15,
    "1 24": (at) => ((view.getUint16(at, true) << 8) | (view.getInt8(at + 2) << 24)) / 2 ** 31,
    "1 32": (at) => view.getInt32(at, true) / 2 ** 31,
    "3 32": (at) => view.getFloat32(at, true),
    "3 64": (at) => view.getFloat64(at, true),
  };
  return readers[`${kind} ${bits}`] ?? null;
}

/**
 * The samples of a WAV file; null where it is of a kind that is not read here.
 * @returns {Sound | null | "cut"} "cut" where the file ends before the length that its header promises
 */
export function readWav(/** @type {DataView} */ view) {
  let at = 12,
    form = -1;
  for (let found = chunk(view, at); found; found = chunk(view, at)) {
    const start = at + 8,
      end = start + found.size;
    if (found.name === "fmt ") form = start;
    if (found.name === "data") {
      if (form < 0) return null;
      const there = view.byteLength - start,
        open = (found.size === 0 && !chunk(view, start)) || found.size >= PLACEHOLDER; // its writer was stopped
      if (!open && found.size > there) return "cut";
      return samples(view, form, start, open ? there : found.size);
    }
    at = found.size % 2 === 0 || chunk(view, end) ? end : end + 1;
  }
  return null;
}

function samples(/** @type {DataView} */ view, /** @type {number} */ form, /** @type {number} */ start, size) {
  const coded = view.getUint16(form, true),
    count = view.getUint16(form + 2, true),
    rate = view.getUint32(form + 4, true),
    bits = view.getUint16(form + 14, true),
    kind = coded === EXTENSIBLE ? view.getUint16(form + 24, true) : coded,
    read = [WHOLE, FLOAT].includes(kind) ? reader(view, kind, bits) : null;
  if (!read || !count) return null;
  const bytes = bits / 8,
    length = Math.floor(size / (bytes * count));
  const channels = Array.from({ length: count }, (_, channel) => {
    const found = new Float32Array(length);
    for (let at = 0; at < length; at += 1) found[at] = read(start + (at * count + channel) * bytes);
    return found;
  });
  return { channels, rate };
}
