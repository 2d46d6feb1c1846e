// The log-mel spectrogram of cnnbook.domains.speech: frames, their power, mel bands, decibels below the loudest.

import { transform } from "./fourier.mjs";
import { RATE } from "./sound.mjs";

export const BANDS = 24,
  WINDOW = 256,
  HOP = 160; // of 8 kHz: 32 ms every 20 ms
const FLOOR = 1e-10, // of power
  DEPTH = 60; // decibels

const mel = (/** @type {number} */ hertz) => 2595 * Math.log10(1 + hertz / 700),
  hertz = (/** @type {number} */ mels) => 700 * (10 ** (mels / 2595) - 1);
export const corners = Array.from({ length: BANDS + 2 }, (_, at) => hertz((mel(RATE / 2) * at) / (BANDS + 1)));
const hann = Float64Array.from({ length: WINDOW }, (_, t) => (1 - Math.cos((2 * Math.PI * t) / WINDOW)) / 2);
const filters = Array.from({ length: BANDS }, (_, band) => {
  const [left, middle, right] = corners.slice(band, band + 3);
  return Float64Array.from({ length: WINDOW / 2 + 1 }, (_, k) => {
    const at = (k * RATE) / WINDOW;
    return Math.max(0, Math.min((at - left) / (middle - left), (right - at) / (right - middle)));
  });
});

/** Of each band from low to high, a value a frame: from 0, 60 dB below the loudest or less, to 1. */
export function logMel(/** @type {Float32Array} */ wave) {
  const count = 1 + Math.floor((wave.length - WINDOW) / HOP),
    found = filters.map(() => new Float64Array(count));
  for (let frame = 0; frame < count; frame += 1) {
    const re = hann.map((value, t) => value * wave[frame * HOP + t]),
      im = new Float64Array(WINDOW);
    transform({ re, im });
    filters.forEach((filter, band) => {
      const power = filter.reduce((sum, value, k) => sum + value * (re[k] ** 2 + im[k] ** 2), 0);
      found[band][frame] = 10 * Math.log10(Math.max(FLOOR, power));
    });
  }
  const loudest = Math.max(...found.map((row) => Math.max(...row)));
  return found.map((row) => row.map((value) => Math.max(0, 1 + (value - loudest) / DEPTH)));
}
