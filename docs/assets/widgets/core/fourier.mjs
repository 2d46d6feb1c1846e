// Discrete Fourier transforms: of powers of two by halves, of any length by Bluestein's chirp.
//
// L. I. Bluestein, "A linear filtering approach to the computation of discrete Fourier transform", IEEE Trans. Audio
// Electroacoust. 18, 1970: as kt = (k² + t² − (k − t)²) / 2, the sum over t is a convolution, and so three transforms
// of a power of two.

/** @typedef {{re: Float64Array, im: Float64Array}} Complex */

/** In place: X_k = Σ_t x_t exp(−2πi kt / n), n a power of two. */
export function transform(/** @type {Complex} */ { re, im }) {
  const n = re.length;
  for (let at = 0, back = 0; at < n; at += 1) {
    if (at < back) {
      [re[at], re[back]] = [re[back], re[at]];
      [im[at], im[back]] = [im[back], im[at]];
    }
    let bit = n >> 1;
    while (bit && back & bit) {
      back ^= bit;
      bit >>= 1;
    }
    back |= bit;
  }
  const { cosines, sines } = circle(n);
  for (let size = 2; size <= n; size *= 2) {
    const half = size / 2,
      step = n / size;
    for (let start = 0; start < n; start += size)
      for (let k = 0, at = start; k < half; k += 1, at += 1) {
        const c = cosines[k * step],
          s = -sines[k * step],
          other = at + half,
          a = re[other] * c - im[other] * s,
          b = re[other] * s + im[other] * c;
        re[other] = re[at] - a;
        im[other] = im[at] - b;
        re[at] += a;
        im[at] += b;
      }
  }
}

/** @type {Map<number, {cosines: Float64Array, sines: Float64Array}>} */
const circles = new Map();
/** The turns k/n for k below n/2. */
function circle(/** @type {number} */ n) {
  let found = circles.get(n);
  if (!found) {
    const turns = (/** @type {(angle: number) => number} */ of) =>
      Float64Array.from({ length: n / 2 }, (_, k) => of((2 * Math.PI * k) / n));
    found = { cosines: turns(Math.cos), sines: turns(Math.sin) };
    circles.set(n, found);
  }
  return found;
}

/**
 * Σ_t x_t exp(∓2πi kt / n) for k below count: − for sign −1, as a transform has it, and + for 1, as its inverse.
 * @param {Complex} x
 * @param {number} n
 * @param {number} count
 * @param {-1 | 1} sign
 * @returns {Complex}
 */
export function sums({ re, im }, n, count, sign) {
  const given = re.length,
    room = 2 ** Math.ceil(Math.log2(given + count)),
    empty = () => ({ re: new Float64Array(room), im: new Float64Array(room) }),
    [a, b] = [empty(), empty()],
    most = Math.max(given, count),
    cosines = new Float64Array(most),
    sines = new Float64Array(most);
  for (let k = 0; k < most; k += 1) {
    const angle = (Math.PI * ((k * k) % (2 * n))) / n;
    cosines[k] = Math.cos(angle);
    sines[k] = sign * Math.sin(angle);
  }
  for (let t = 0; t < given; t += 1) {
    a.re[t] = re[t] * cosines[t] - im[t] * sines[t];
    a.im[t] = re[t] * sines[t] + im[t] * cosines[t];
  }
  const chirp = (/** @type {number} */ place, /** @type {number} */ k) => {
    b.re[place] = cosines[k];
    b.im[place] = -sines[k];
  };
  for (let k = 0; k < count; k += 1) chirp(k, k);
  for (let t = 1; t < given; t += 1) chirp(room - t, t);
  transform(a);
  transform(b);
  for (let at = 0; at < room; at += 1) {
    // conjugated, so that the same transform leads back
    const real = a.re[at] * b.re[at] - a.im[at] * b.im[at];
    a.im[at] = -(a.re[at] * b.im[at] + a.im[at] * b.re[at]);
    a.re[at] = real;
  }
  transform(a);
  const found = { re: new Float64Array(count), im: new Float64Array(count) };
  for (let k = 0; k < count; k += 1) {
    const real = a.re[k] / room,
      imaginary = -a.im[k] / room;
    found.re[k] = real * cosines[k] - imaginary * sines[k];
    found.im[k] = real * sines[k] + imaginary * cosines[k];
  }
  return found;
}
