// Numbers of training curves: medians over seeds, domains of axes, ticks, paths. No DOM.
// A seed that diverged has null from there on; it is counted, and takes no part in a median.

/** @typedef {(number | null)[]} Curve one seed's figure at each point */

/**
 * Median of the numbers; null where there is none.
 * @param {(number | null)[]} values
 */
export function median(values) {
  const there = values.filter((value) => value !== null).sort((a, b) => a - b);
  const half = there.length >> 1;
  if (!there.length) return null;
  return there.length % 2 ? there[half] : (there[half - 1] + there[half]) / 2;
}

/**
 * Median over the seeds at each point.
 * @param {Curve[]} seeds
 * @returns {Curve}
 */
export function medians(seeds) {
  return (seeds[0] ?? []).map((_, point) => median(seeds.map((seed) => seed[point])));
}

/**
 * How many seeds have no figure at the last point.
 * @param {Curve[]} seeds
 */
export function diverged(seeds) {
  return seeds.filter((seed) => seed.at(-1) === null).length;
}

/**
 * Where a seed's curve breaks off: its last point with a figure, or -1 where it is whole or empty.
 * @param {Curve} seed
 */
export function breaksAt(seed) {
  return seed.at(-1) === null ? seed.findLastIndex((value) => value !== null) : -1;
}

/**
 * Smallest and largest of the curves' numbers, but no further up than three quartile distances above the upper
 * quartile (Tukey's outer fence): a curve on its way to infinity would press all others flat.
 * @param {Curve[]} curves
 * @returns {[number, number]}
 */
export function domain(curves) {
  const values = curves
    .flat()
    .filter((value) => value !== null)
    .sort((a, b) => a - b);
  if (!values.length) return [0, 1];
  const [first, third] = [0.25, 0.75].map((share) => values[Math.floor(share * (values.length - 1))]);
  const low = values[0],
    fence = third + 3 * (third - first);
  const high = values.findLast((value) => value <= fence) ?? low;
  return high > low ? [low, high] : [low - 0.5, low + 0.5];
}

/**
 * Round numbers within a domain, about `count` of them.
 * @param {[number, number]} ends
 * @param {number} count
 */
export function ticks([low, high], count) {
  const raw = (high - low) / Math.max(count, 1);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((width) => width >= raw * 0.999);
  const found = [];
  const beyond = high + 1e-9 * step;
  for (let at = Math.ceil(low / step - 1e-9); at * step <= beyond; at += 1) found.push(at * step + 0); // + 0: no −0
  return found;
}

/**
 * A linear scale, which stops at its ends.
 * @param {[number, number]} from
 * @param {[number, number]} to
 */
export function scale([low, high], [start, end]) {
  return (/** @type {number} */ value) => {
    const share = Math.min(1, Math.max(0, (value - low) / (high - low)));
    return start + share * (end - start);
  };
}

/**
 * SVG path data through the points that are there.
 * @param {number[]} x
 * @param {Curve} y
 */
export function path(x, y) {
  let data = "",
    pen = "M";
  y.forEach((value, point) => {
    if (value === null) {
      pen = "M";
      return;
    }
    data += `${pen}${x[point].toFixed(1)} ${value.toFixed(1)}`;
    pen = "L";
  });
  return data;
}

/**
 * SVG path data of the band between two curves, where both are there.
 * @param {number[]} x
 * @param {Curve} above
 * @param {Curve} below
 */
export function band(x, above, below) {
  const both = x.map((_, point) => point).filter((point) => above[point] !== null && below[point] !== null);
  if (both.length < 2) return "";
  const there = both.map((point) => `${x[point].toFixed(1)} ${above[point].toFixed(1)}`);
  const back = both.reverse().map((point) => `${x[point].toFixed(1)} ${below[point].toFixed(1)}`);
  return `M${there.join("L")}L${back.join("L")}Z`;
}

/**
 * Mean distance of a guess from a curve, over the points where both are. A guess cannot be beyond the end of the axis:
 * where the curve is, it counts as at that end.
 * @param {Curve} guess
 * @param {Curve} curve
 */
export function distance(guess, curve, end = Infinity) {
  const apart = guess.flatMap((value, point) =>
    value === null || curve[point] === null ? [] : [Math.abs(value - Math.min(end, curve[point]))],
  );
  return apart.length ? apart.reduce((sum, value) => sum + value, 0) / apart.length : null;
}
