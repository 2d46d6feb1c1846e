// cnnbook.domains.text.TextCNN as it answers, and what each n-gram contributed to the answer.
//
// A filter's response at a place is a sum over the words under it, and what a word adds depends on nothing but the word
// and where under the filter it stands: it is worked out once for each word that occurs, and a key costs additions.

import { joined } from "./tokens.mjs";

const UNKNOWN = 1;

/** @typedef {{gram: string, at: number, count: number, share: number}} Share of the tokens from at on */
/**
 * @typedef {{shares: Share[], bias: number, margin: number, praise: number, unknown: Set<string>}} Answer
 *   the shares, the weightiest first, and the bias add up to the margin; praise is the probability of class 1
 */

export class TextNetwork {
  /**
   * @param {Map<string, {shape: number[], values: Float32Array}>} weights of the package
   * @param {string[]} words numbered from 2
   */
  constructor(weights, words) {
    this.numbers = new Map(words.map((word, at) => [word, at + 2]));
    const { shape, values } = weights.get("embedding.weight"),
      heads = weights.get("head.weight"),
      bias = weights.get("head.bias").values;
    this.width = shape[1];
    this.vectors = values;
    this.filters = [];
    for (let at = 0; weights.has(`convs.${at}.weight`); at += 1) {
      const { shape, values } = weights.get(`convs.${at}.weight`);
      this.filters.push({ channels: shape[0], size: shape[2], values, bias: weights.get(`convs.${at}.bias`).values });
    }
    const all = heads.shape[1];
    this.weights = Float64Array.from({ length: all }, (_, at) => heads.values[all + at] - heads.values[at]);
    this.bias = bias[1] - bias[0];
    this.taps = this.filters.reduce((sum, { channels, size }) => sum + channels * size, 0);
    /** @type {Map<number, Float64Array>} */
    this.kept = new Map();
  }

  /** What a word adds to the responses: by filter width, by place under the filter, by channel. */
  adds(/** @type {number} */ number) {
    let found = this.kept.get(number);
    if (found) return found;
    const { width, vectors } = this,
      vector = vectors.subarray(number * width, (number + 1) * width);
    found = new Float64Array(this.taps);
    let place = 0;
    for (const { channels, size, values } of this.filters)
      for (let q = 0; q < size; q += 1)
        for (let c = 0; c < channels; c += 1, place += 1)
          for (let d = 0; d < width; d += 1) found[place] += values[(c * width + d) * size + q] * vector[d];
    this.kept.set(number, found);
    return found;
  }

  /** Of each filter the largest response and its place: the first, where there are several or none is above 0. */
  largest(/** @type {number[]} */ numbers) {
    const adds = numbers.map((number) => this.adds(number)),
      found = [];
    let start = 0;
    for (const { channels, size, bias } of this.filters) {
      const most = new Float64Array(channels),
        places = new Int32Array(channels),
        sums = new Float64Array(channels),
        before = (size - 1) >> 1;
      for (let place = 0; place < adds.length; place += 1) {
        sums.set(bias);
        for (let q = 0; q < size; q += 1) {
          const under = adds[place + q - before], // beyond the text lie zeros
            from = start + q * channels;
          if (under) for (let c = 0; c < channels; c += 1) sums[c] += under[from + c];
        }
        for (let c = 0; c < channels; c += 1)
          if (sums[c] > most[c]) {
            most[c] = sums[c];
            places[c] = place;
          }
      }
      start += size * channels;
      found.push({ size, before, most, places });
    }
    return found;
  }

  /**
   * @param {string[]} cut tokens, of which one at least is known
   * @returns {Answer}
   */
  answer(cut) {
    const numbers = cut.map((token) => this.numbers.get(token) ?? UNKNOWN),
      /** @type {Map<string, Share>} */
      shares = new Map();
    let filter = 0;
    for (const { size, before, most, places } of this.largest(numbers))
      for (let c = 0; c < most.length; c += 1, filter += 1) {
        const first = places[c] - before,
          at = Math.max(0, first),
          under = cut.slice(at, first + size),
          gram = joined(under);
        const found = shares.get(gram) ?? { gram, at, count: under.length, share: 0 };
        found.share += this.weights[filter] * most[c];
        shares.set(gram, found);
      }
    const ordered = [...shares.values()].sort((a, b) => Math.abs(b.share) - Math.abs(a.share)),
      margin = ordered.reduce((sum, { share }) => sum + share, this.bias);
    return {
      shares: ordered,
      bias: this.bias,
      margin,
      praise: 1 / (1 + Math.exp(-margin)),
      unknown: new Set(cut.filter((_, at) => numbers[at] === UNKNOWN)),
    };
  }

  knows(/** @type {string[]} */ cut) {
    return cut.some((token) => this.numbers.has(token));
  }
}
