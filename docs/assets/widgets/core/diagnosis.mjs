// What the curves of a run say is wrong with it: the questions of `cnnbook diagnose`, in its order and by its numbers
// (cnnbook.parameters.recipe), for a loss in nats over a known number of classes. No DOM.

import { median } from "./curves.mjs";

/** @typedef {[step: number, value: number][]} Points */
/** @typedef {"diverged" | "plateau" | "cannotTell" | "data" | "overfit" | "underfit" | "healthy"} Branch */
/** @typedef {{branch: Branch, sure: "sure" | "fairly" | "unsure", end?: number, val?: number, low?: number,
 *   at?: number, peak?: number}} Diagnosis with the ends of both curves, and where validation was lowest */

const [LEARNED, DIVERGED, SPIKE, RISE, GAP, UNDERFIT, UNDERFIT_OF_TWO] = [0.1, 1.2, 3, 0.05, 0.25, 0.5, 0.7],
  [SOFT, RIGHT, HIGHEST, ERRORS, NEAR, EDGE, OUT_OF_LINE] = [0.75, 0.65, 0.7, 2, 0.1, 0.15, 6],
  [EXCELLENT, ALWAYS, SLOW, STILL, FALLING, CHANCE] = [0.95, 0.005, 0.995, 0.02, 0.1, 2],
  [LEAST, FEW_TRAIN, FEW_VAL, MANY_POINTS, FEW, MANY, HUGE] = [3, 8, 5, 10, 4, 10, 1e30];

const finite = (/** @type {number} */ value) => Number.isFinite(value) && Math.abs(value) < HUGE;

/** Running medians over a tenth of the values; the last ones all take the last window. */
export function smoothed(/** @type {number[]} */ values) {
  const n = values.length,
    half = Math.trunc((n * 0.1) / 2);
  if (!half) return [...values];
  const found = [...Array(n - half).keys()].map((i) => median(values.slice(Math.max(0, i - half), i + half + 1)));
  return [...found, ...Array(half).fill(found.at(-1))];
}

/** Whether smoothed values still fell at the end. */
function falling(/** @type {number[]} */ values) {
  const before = values.at(Math.min(Math.trunc(values.length * 0.8), values.length - 1) - 1),
    last = values.at(-1);
  return values[0] > last && before - last >= FALLING * (values[0] - last);
}

/** How far values scatter about a smooth curve. */
function scattered(/** @type {number[]} */ values) {
  if (values.length < 10) return 0;
  const bends = values.slice(1, -1).map((value, at) => Math.abs(value - (values[at] + values[at + 2]) / 2));
  return (1.4826 * median(bends)) / Math.sqrt(1.5);
}

/** A curve as the questions see it: only what is finite, smoothed, and with an honest end. */
function course(/** @type {Points} */ points) {
  const good = points.filter(([, value]) => finite(value)),
    values = good.map(([, value]) => value),
    steps = good.map(([step]) => step),
    last = good.length ? steps.at(-1) : -Infinity,
    gone = points.filter(([step, value]) => !finite(value) && step > last),
    smooth = smoothed(values),
    scatter = scattered(values);
  let tail = 0;
  while (tail < values.length && values[values.length - 1 - tail] - smooth.at(-1) > OUT_OF_LINE * scatter) tail += 1;
  const lowest = Math.min(...smooth);
  return {
    steps,
    values,
    smooth,
    scatter,
    tail,
    gone: gone.length ? gone[0][0] : null,
    goneFor: gone.length,
    end: (last = 0) => (last ? median(values.slice(-last)) : smooth.at(-1)),
    doubt: (1.25 * scatter) / Math.sqrt(2 * Math.trunc((values.length * 0.1) / 2) + 1),
    low: lowest,
    at: steps[smooth.indexOf(lowest)],
  };
}

/**
 * Ask a run the questions; the first yes is the diagnosis.
 * @param {Points} trainLoss @param {Points} valLoss
 * @param {Points} valAccuracy shares of right answers, 0…1
 * @param {number} classes
 * @returns {Diagnosis}
 */
export function diagnose(trainLoss, valLoss, valAccuracy, classes) {
  const train = course(trainLoss),
    val = course(valLoss),
    accuracy = course(valAccuracy),
    unit = Math.log(classes),
    scale = Math.log(Math.min(Math.max(classes, FEW), MANY)),
    margins = /** @type {number[]} */ ([]);
  let doubtful = false;
  const over = (/** @type {number} */ value, /** @type {number} */ threshold) => {
    margins.push(Math.abs(value - threshold) / threshold);
    return value > threshold;
  };
  /** @returns {Diagnosis} */
  const found = (/** @type {Branch} */ branch, more = {}) => {
    const few = train.values.length < FEW_TRAIN || (val.values.length > 0 && val.values.length < FEW_VAL),
      near = margins.length > 0 && Math.min(...margins) < NEAR;
    return { branch, sure: doubtful || (few && near) ? "unsure" : few || near ? "fairly" : "sure", ...more };
  };
  const out = (one) => one.tail && one.end(one.tail) - one.end() > EDGE * unit;
  /** The end of a curve, with a look at its very last values. */
  const ends = (one) => {
    if (!out(one)) return one.end();
    if (one.tail > 1 || (out(train) && out(val))) return one.end(one.tail);
    doubtful = true;
    return one.end();
  };

  const last = Math.max(...[train, val].filter((one) => one.steps.length).map((one) => one.steps.at(-1)), -Infinity);
  for (const one of [train, val]) {
    if (one === val && one.gone !== null && !one.values.length) continue; // never finite: it is measured wrongly
    const many = one === train && one.values.length >= MANY_POINTS && one.goneFor === 1;
    if (one.gone !== null && !(many && last >= one.gone)) return found("diverged", { at: one.gone });
  }
  if (train.values.length < LEAST) return found("cannotTell");

  const end = ends(train),
    said = { end, peak: Math.max(...train.values) };
  const collapsed = end - train.low > Math.max(GAP * unit, 4 * train.scatter) && train.low <= (1 - LEARNED) * unit;
  if (over(end / unit, DIVERGED)) return found("diverged", said);
  const stuck = over(end / unit, 1 - LEARNED);
  if (stuck && Math.max(...train.values) > SPIKE * unit) return found("diverged", said);
  if (collapsed) return found("diverged", said);
  const slow = falling(train.smooth) && train.smooth.at(-1) < SLOW * train.smooth[0],
    still = Math.max(...train.smooth) - train.low < STILL * unit && end > UNDERFIT * unit && !slow;
  if (stuck || still) return found("plateau", said);

  if (Math.max(val.values.length, accuracy.values.length) < LEAST || val.values.length < LEAST)
    return found("cannotTell", said);
  if (oneAnswer(accuracy.values, val.values, train.values, classes)) return found("plateau", said);
  const guess = 1 - 1 / classes,
    close = ends(val),
    right = accuracy.smooth.length > 0 && 1 - accuracy.smooth.at(-1) <= (1 - LEARNED) * guess,
    all = { ...said, val: close, low: val.low, at: val.at };
  if (over(val.low / unit, 1 - LEARNED) && !right) return found("data", all);
  const perCent = accuracy.smooth.length > 0 ? (accuracy.smooth.at(-1) * classes) / 100 : 0; // as such: × chance
  if (right && val.low > unit && 1 / CHANCE < perCent && perCent < CHANCE) doubtful = true;
  if (close > val.end() && close > DIVERGED * unit) return found("diverged", all);
  const rise = close - val.low;
  if (rise > RISE * scale && val.smooth.length > 1 && val.smooth.at(-2) - val.low <= RISE * scale) margins.push(0);
  if (over(rise, Math.max(RISE * scale, ERRORS * val.doubt))) return found("overfit", all);
  if (over(close - end, Math.max(GAP * scale, ERRORS * Math.hypot(train.doubt, val.doubt))))
    return found("overfit", all);
  if (over(end / unit, classes === 2 ? UNDERFIT_OF_TWO : UNDERFIT)) {
    const soft = close < SOFT * end && close <= UNDERFIT * unit,
      chance = 1 / classes,
      answers = accuracy.smooth.length > 0 && accuracy.smooth.at(-1) - chance > RIGHT * (1 - chance);
    if (!soft && !(answers && end <= HIGHEST * unit)) return found("underfit", all);
  }
  return found("healthy", all);
}

/** Whether an accuracy never moves, and the loss is that of always one answer. */
function oneAnswer(
  /** @type {number[]} */ accuracy,
  /** @type {number[]} */ val,
  /** @type {number[]} */ train,
  /** @type {number} */ classes,
) {
  const values =
      accuracy.length && accuracy.at(-1) < EXCELLENT ? accuracy.slice(Math.floor(accuracy.length / 5)) : accuracy,
    share = values.at(-1);
  if (values.length < LEAST + 1 || Math.max(...values) - Math.min(...values) > ALWAYS || !(share >= 0.5 && share < 1))
    return false;
  const same = values.slice(1).filter((value, at) => value === values[at]).length / (values.length - 1),
    chance = -share * Math.log(share) - (1 - share) * Math.log(1 - share),
    loss = median(val.slice(-3)),
    most = chance + (1 - share) * Math.log(classes - 1);
  return !(same < 0.6 || Math.min(loss, median(train)) < 0.75 * chance || loss > 1.2 * most);
}
