// The book's random numbers, bit for bit: the streams that draw weights, examples and their order (torch's generator,
// seeded by a hash of seed and purpose), and those of random layers, which are a hash of where they are used. As
// cnnbook.randomness has them. No DOM.

const WIDE = (1n << 64n) - 1n;

// Of BLAKE2b: the state it begins with, and which word of the message comes where in each round.
const START = [
  0x6a09e667f3bcc908n,
  0xbb67ae8584caa73bn,
  0x3c6ef372fe94f82bn,
  0xa54ff53a5f1d36f1n,
  0x510e527fade682d1n,
  0x9b05688c2b3e6c1fn,
  0x1f83d9abfb41bd6bn,
  0x5be0cd19137e2179n,
];
const ORDERS = (
  "0123456789abcdef ea489fd61c02b753 b8c052fdae367194 7931dcbe265a40f8 905724afe1bc683d " +
  "2c6a0b834d75fe19 c51fed4a0763928b db7ec13950f4862a 6fe9b308c2d714a5 a2847615fb9e3cd0"
)
  .split(" ")
  .map((row) => [...row].map((one) => parseInt(one, 16)));
const QUARTERS = ["048c", "159d", "26ae", "37bf", "05af", "16bc", "278d", "349e"].map((row) =>
  [...row].map((one) => parseInt(one, 16)),
);

/** The first eight bytes of BLAKE2b, whose digest has so many bytes, of a text of up to 128 characters of ASCII. */
export function blake2b(/** @type {string} */ text, /** @type {number} */ length) {
  const words = Array(16).fill(0n),
    turned = (/** @type {bigint} */ x, /** @type {bigint} */ by) => ((x >> by) | (x << (64n - by))) & WIDE;
  [...text].forEach((letter, at) => {
    words[at >> 3] |= BigInt(letter.charCodeAt(0)) << BigInt(8 * (at & 7));
  });
  const head = START[0] ^ BigInt(0x01010000 ^ length),
    v = [head, ...START.slice(1), ...START];
  v[12] ^= BigInt(text.length);
  v[14] ^= WIDE; // the last block, and the only one
  for (let round = 0; round < 12; round += 1)
    QUARTERS.forEach(([a, b, c, d], at) => {
      const order = ORDERS[round % 10];
      v[a] = (v[a] + v[b] + words[order[2 * at]]) & WIDE;
      v[d] = turned(v[d] ^ v[a], 32n);
      v[c] = (v[c] + v[d]) & WIDE;
      v[b] = turned(v[b] ^ v[c], 24n);
      v[a] = (v[a] + v[b] + words[order[2 * at + 1]]) & WIDE;
      v[d] = turned(v[d] ^ v[a], 16n);
      v[c] = (v[c] + v[d]) & WIDE;
      v[b] = turned(v[b] ^ v[c], 63n);
    });
  const first = head ^ v[0] ^ v[8];
  return [...Array(8).keys()].map((at) => Number((first >> BigInt(8 * at)) & 255n));
}

/** What Python's repr() says of a seed and a purpose: (3, 'order', 0). */
const tuple = (/** @type {(number | string)[]} */ parts) => {
  const shown = parts.map((part) => (typeof part === "string" ? `'${part}'` : part));
  return `(${shown.join(", ")})`;
};

/** A generator of its own for each seed and purpose: cnnbook.randomness.stream(seed, "order", epoch). */
export function stream(/** @type {number} */ seed, /** @type {(number | string)[]} */ ...purpose) {
  const bytes = blake2b(tuple([seed, ...purpose]), 7);
  return new Generator(bytes[3] * 2 ** 24 + (bytes[4] << 16) + (bytes[5] << 8) + bytes[6]); // what torch keeps of it
}

/**
 * torch.Generator on the CPU: the Mersenne Twister.
 *
 * M. Matsumoto, T. Nishimura, "Mersenne twister", ACM TOMACS 8 (1998).
 */
export class Generator {
  constructor(/** @type {number} */ seed) {
    const state = (this.state = new Uint32Array(624));
    state[0] = seed;
    for (let at = 1; at < 624; at += 1) state[at] = Math.imul(1812433253, state[at - 1] ^ (state[at - 1] >>> 30)) + at;
    this.at = 624;
  }

  /** 32 random bits. */
  random() {
    const { state } = this;
    if (this.at === 624) {
      for (let at = 0; at < 624; at += 1) {
        const bits = (state[at] & 0x80000000) | (state[(at + 1) % 624] & 0x7fffffff);
        state[at] = state[(at + 397) % 624] ^ (bits >>> 1) ^ (bits & 1 ? 0x9908b0df : 0);
      }
      this.at = 0;
    }
    let bits = state[this.at++];
    bits ^= bits >>> 11;
    bits ^= (bits << 7) & 0x9d2c5680;
    bits ^= (bits << 15) & 0xefc60000;
    return (bits ^ (bits >>> 18)) >>> 0;
  }

  /** torch.randperm(count) */
  randperm(/** @type {number} */ count) {
    const order = Int32Array.from({ length: count }, (_, at) => at);
    for (let at = 0; at < count - 1; at += 1) {
      const other = at + (this.random() % (count - at)),
        kept = order[at];
      order[at] = order[other];
      order[other] = kept;
    }
    return order;
  }

  /** torch.randint(low, high, (count,)) */
  randint(/** @type {number} */ low, /** @type {number} */ high, /** @type {number} */ count) {
    return Int32Array.from({ length: count }, () => low + (this.random() % (high - low)));
  }

  /** tensor.uniform_(-bound, bound), of float32. */
  uniform(/** @type {{length: number, [at: number]: number}} */ values, /** @type {number} */ bound) {
    const low = Math.fround(-bound),
      wide = Math.fround(Math.fround(bound) - low);
    for (let at = 0; at < values.length; at += 1)
      values[at] = Math.fround((this.random() & 0xffffff) * 2 ** -24 * wide + low);
  }
}

/** Mix 32 bits so that each bit of the result depends on all (C. Wellons, "Prospecting for hash functions", 2018). */
export function mix(/** @type {number} */ bits) {
  bits = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad);
  bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
  return bits ^ (bits >>> 15);
}

/** The key of the numbers that one layer draws in one step. */
export const keyOf = (/** @type {number} */ seed, /** @type {number} */ step, /** @type {number} */ layer) =>
  [seed, step, layer].reduce((word, part) => mix((word + part) | 0), 0);

/** Number `at` of those that a key gives: uniform in [0, 1), 24 random bits. */
export const uniformAt = (/** @type {number} */ key, /** @type {number} */ at) =>
  (mix((mix(at ^ key) + key) | 0) >>> 8) * 2 ** -24;
