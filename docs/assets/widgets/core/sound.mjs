// A sound as the network takes it: one channel, its loudest second, 8 kHz. As cnnbook.domains.speech and the command.

import { sums } from "./fourier.mjs";

export const RATE = 8000; // Hz
const CANCELLED = 0.1, // of the power that the mean of unrelated channels has: below, they cancel each other
  SILENT = 1e-6; // of full scale

/**
 * @typedef {{kind: "scaled", by: number} | {kind: "mean", n: number} | {kind: "channel", which: number, n: number}
 *   | {kind: "loudest" | "filled"} | {kind: "rate", from: number}} Conversion
 */

const power = (/** @type {Float32Array} */ wave) => wave.reduce((sum, value) => sum + value * value, 0) / wave.length;
const average = (/** @type {Float32Array} */ wave) => wave.reduce((sum, value) => sum + value, 0) / wave.length;
export const loudness = (/** @type {Float32Array} */ wave) =>
  wave.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
export const silent = (/** @type {Float32Array} */ wave) => !(loudness(wave) > SILENT);

/** The mean of the channels, each less its own mean; where that cancels what they hold, the loudest of them. */
export function oneChannel(/** @type {Float32Array[]} */ channels) {
  /** @type {Conversion[]} */
  const said = [],
    peak = Math.max(...channels.map(loudness)),
    n = channels.length;
  if (peak > 1) {
    channels = channels.map((one) => one.map((value) => value / peak));
    said.push({ kind: "scaled", by: peak });
  }
  channels = channels.map((one) => {
    const mean = average(one);
    return one.map((value) => value - mean);
  });
  if (n === 1) return { wave: channels[0], said };
  const wave = channels[0].map((_, at) => channels.reduce((sum, one) => sum + one[at], 0) / n),
    powers = channels.map(power),
    all = powers.reduce((sum, one) => sum + one, 0);
  if (power(wave) >= (CANCELLED * all) / n ** 2) return { wave, said: [...said, { kind: "mean", n }] };
  const which = powers.indexOf(Math.max(...powers));
  return { wave: channels[which], said: [...said, { kind: "channel", which, n }] };
}

/** Where the loudest second of a sound begins; of a shorter one, which stands in the middle of silence, before it. */
export function secondOf(/** @type {Float32Array} */ wave, /** @type {number} */ rate) {
  const missing = rate - wave.length;
  if (missing >= 0) return missing ? -Math.floor(missing / 2) : 0;
  let energy = 0;
  for (let at = 0; at < rate; at += 1) energy += wave[at] ** 2;
  // Sums from the beginning on, as the package has them, so that the same second is the loudest.
  let [before, until, start, most] = [0, energy, 0, energy];
  for (let at = 0; at < wave.length - rate; at += 1) {
    before += wave[at] ** 2;
    until += wave[at + rate] ** 2;
    if (until - before > most) [start, most] = [at + 1, until - before];
  }
  return start;
}

/** That second: rate samples from start on, with zeros for what lies beyond the sound. */
export const cutOut = (/** @type {Float32Array} */ wave, /** @type {number} */ start, /** @type {number} */ rate) =>
  Float32Array.from({ length: rate }, (_, at) => wave[start + at] ?? 0);

/** A sound at another rate, by its Fourier coefficients below half of both rates. */
export function resample(/** @type {Float32Array} */ wave, /** @type {number} */ rate, to = RATE) {
  if (rate === to) return wave;
  const before = wave.length,
    after = Math.max(1, Math.round((before * to) / rate)),
    count = Math.floor((Math.min(before, after) + 1) / 2),
    given = { re: Float64Array.from(wave), im: new Float64Array(before) },
    spectrum = sums(given, before, count, -1);
  for (let k = 1; k < count; k += 1) {
    spectrum.re[k] *= 2; // those of negative frequencies are their conjugates
    spectrum.im[k] *= 2;
  }
  return Float32Array.from(sums(spectrum, after, after, 1).re, (value) => value / before);
}

/** One second at 8 kHz of a sound of any kind, and what was done to it. */
export function prepared(/** @type {Float32Array[]} */ channels, /** @type {number} */ rate) {
  const { wave, said } = oneChannel(channels),
    start = secondOf(wave, rate);
  if (wave.length !== rate) said.push({ kind: wave.length > rate ? "loudest" : "filled" });
  if (rate !== RATE) said.push({ kind: "rate", from: rate });
  return { wave, start, second: resample(cutOut(wave, start, rate), rate), said };
}
