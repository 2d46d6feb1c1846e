// Resizing with antialiasing, by the rules of torch's interpolate(mode="bilinear", antialias=True). No DOM.
//
// An output is a weighted mean of the inputs under a triangle around its centre. The triangle is one input wide on each
// side, or, where the image shrinks, as many inputs as become one: none is passed over.

/** Of each output along an axis the first input that it sees, and the weights of that and the next ones. */
export function taps(/** @type {number} */ from, /** @type {number} */ to) {
  const scale = from / to,
    reach = Math.max(scale, 1);
  return [...Array(to).keys()].map((at) => {
    const centre = scale * (at + 0.5),
      first = Math.max(0, Math.trunc(centre - reach + 0.5)),
      end = Math.min(from, Math.trunc(centre + reach + 0.5));
    const weights = [...Array(end - first).keys()].map((k) =>
        Math.max(0, 1 - Math.abs((first + k - centre + 0.5) / reach)),
      ),
      sum = weights.reduce((total, weight) => total + weight, 0);
    return { first, weights: weights.map((weight) => weight / sum) };
  });
}

/** One channel (height, width), row by row, as (rows, columns): along the rows first, as torch does. */
export function resize(
  /** @type {Float32Array} */ values,
  /** @type {number} */ height,
  /** @type {number} */ width,
  /** @type {number} */ rows,
  /** @type {number} */ columns,
) {
  const narrow = new Float32Array(height * columns),
    found = new Float32Array(rows * columns);
  taps(width, columns).forEach(({ first, weights }, j) => {
    for (let i = 0; i < height; i += 1)
      narrow[i * columns + j] = weights.reduce((sum, weight, k) => sum + weight * values[i * width + first + k], 0);
  });
  taps(height, rows).forEach(({ first, weights }, i) => {
    for (let j = 0; j < columns; j += 1)
      found[i * columns + j] = weights.reduce((sum, weight, k) => sum + weight * narrow[(first + k) * columns + j], 0);
  });
  return found;
}
