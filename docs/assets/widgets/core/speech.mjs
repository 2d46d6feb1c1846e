// The network of cnnbook predict speech: two convolutions along time, the largest over time, a linear layer.

const PADDING = 2,
  STRIDE = 2; // of the second

/** torch.nn.Conv1d and ReLU: rows of channels by time. */
function convolved(/** @type {Float64Array[]} */ x, /** @type {any} */ { weight, bias }, stride = 1) {
  const [out, channels, size] = weight.shape,
    length = Math.floor((x[0].length + 2 * PADDING - size) / stride) + 1;
  return Array.from({ length: out }, (_, o) => {
    const y = new Float64Array(length).fill(bias.values[o]);
    for (let c = 0; c < channels; c += 1)
      for (let q = 0; q < size; q += 1) {
        const w = weight.values[(o * channels + c) * size + q];
        for (let t = 0; t < length; t += 1) y[t] += w * (x[c][t * stride + q - PADDING] ?? 0);
      }
    return y.map((value) => Math.max(0, value));
  });
}

/** @typedef {ReturnType<typeof answer>} Heard */

/**
 * What the network makes of a spectrogram.
 * @param {Map<string, {shape: number[], values: Float32Array}>} weights
 * @param {{mean: number, std: number}} facts
 * @param {Float64Array[]} spectrum rows of bands
 */
export function answer(weights, { mean, std }, spectrum) {
  const layer = (/** @type {number} */ at) => ({
      weight: weights.get(`${at}.weight`),
      bias: weights.get(`${at}.bias`),
    }),
    seen = spectrum.map((row) => row.map((value) => (value - mean) / std)),
    responses = convolved(convolved(seen, layer(0)), layer(2), STRIDE),
    largest = responses.map((row) => Math.max(...row)),
    { weight, bias } = layer(5),
    [digits, channels] = weight.shape,
    pull = (/** @type {number} */ digit, /** @type {number} */ c) => weight.values[digit * channels + c] * largest[c],
    outputs = Array.from({ length: digits }, (_, digit) =>
      largest.reduce((sum, _, c) => sum + pull(digit, c), bias.values[digit]),
    ),
    most = Math.max(...outputs),
    parts = outputs.map((value) => Math.exp(value - most)),
    all = parts.reduce((sum, value) => sum + value, 0);
  return { responses, largest, pull, outputs, chances: parts.map((value) => value / all) };
}

/** The filters that speak most for a digit, the strongest first. */
export const strongest = (/** @type {Heard} */ { largest, pull }, /** @type {number} */ digit, count = 6) =>
  [...largest.keys()].sort((a, b) => pull(digit, b) - pull(digit, a)).slice(0, count);
