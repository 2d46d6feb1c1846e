// From the bytes of a file to samples: WAV by the book's own reader, all else by the browser, at the file's own rate.

import { isWav, readWav } from "../core/wav.mjs";

export const MOST_BYTES = 10_000_000; // a digit takes less than one
const MOST_SAMPLES = 20_000_000, // in all channels, as of the command
  RATES = [1000, 768_000], // Hz, likewise
  CONTEXTS = [8000, 96_000], // Hz that every browser decodes at
  USUAL = 48_000; // Hz

/** What keeps a file from being heard, by the name of its words. */
export class SoundError extends Error {}

const marked = (/** @type {DataView} */ view, /** @type {number} */ at, /** @type {string} */ mark) =>
  view.byteLength >= at + mark.length &&
  [...mark].every((one, place) => view.getUint8(at + place) === one.charCodeAt(0));

/** The rate of a FLAC, Ogg Vorbis or MP3 file, as its header says; of others the usual one. */
export function rateOf(/** @type {DataView} */ view) {
  if (marked(view, 0, "fLaC") && view.byteLength > 21) return view.getUint32(18) >>> 12;
  if (marked(view, 28, "\x01vorbis") && view.byteLength > 44) return view.getUint32(40, true);
  let at = 0;
  if (marked(view, 0, "ID3") && view.byteLength > 10)
    at = [6, 7, 8, 9].reduce((size, place) => size * 128 + view.getUint8(place), 0) + 10;
  if (at + 4 > view.byteLength || view.getUint16(at) < 0xffe0) return USUAL;
  const version = (view.getUint8(at + 1) >> 3) & 3, // 3: MPEG 1; 2: MPEG 2; 0: MPEG 2.5
    base = [44_100, 48_000, 32_000][(view.getUint8(at + 2) >> 2) & 3];
  return base ? base / { 3: 1, 2: 2, 1: 1, 0: 4 }[version] : USUAL;
}

async function byBrowser(/** @type {ArrayBuffer} */ bytes) {
  const own = rateOf(new DataView(bytes)),
    rate = own >= CONTEXTS[0] && own <= CONTEXTS[1] ? own : USUAL,
    found = await new OfflineAudioContext(1, 1, rate).decodeAudioData(bytes).catch(() => null);
  if (!found) throw new SoundError("unread");
  const channels = Array.from({ length: found.numberOfChannels }, (_, at) => found.getChannelData(at));
  return { channels, rate };
}

/**
 * The samples of a file.
 * @returns {Promise<import("../core/wav.mjs").Sound>}
 */
export async function decoded(/** @type {ArrayBuffer} */ bytes) {
  if (!bytes.byteLength) throw new SoundError("empty");
  const view = new DataView(bytes);
  let sound = null;
  try {
    sound = isWav(view) ? readWav(view) : null;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // a header that points beyond the file
  }
  if (sound === "cut") throw new SoundError("cut");
  sound ??= await byBrowser(bytes);
  const { channels, rate } = sound;
  if (!channels[0].length) throw new SoundError("missing");
  if (rate < RATES[0] || rate > RATES[1]) throw new SoundError("range");
  if (channels.length * channels[0].length > MOST_SAMPLES) throw new SoundError("long");
  if (!channels.every((one) => one.every(Number.isFinite))) throw new SoundError("unread");
  return sound;
}
