// What a network is to make small, with the gradient: cross-entropy, and penalties on weights. No DOM.

/** @typedef {import("./products.mjs").Numbers} Numbers */
/** @typedef {import("./layers.mjs").Parameter} Parameter */

/**
 * Mean cross-entropy of n rows of logits against class labels, in nats; the gradient goes into `gradient`.
 * @param {Numbers} logits (n, classes)
 * @param {ArrayLike<number>} labels
 * @param {number} n
 * @param {number} classes
 * @param {Numbers} [gradient]
 * @param {number} [smoothing] share of the target that is spread evenly over the classes
 */
export function crossEntropy(logits, labels, n, classes, gradient, smoothing = 0) {
  let loss = 0;
  for (let row = 0; row < n; row += 1) {
    const start = row * classes,
      label = labels[row];
    let most = -Infinity,
      sum = 0,
      total = 0;
    for (let at = start; at < start + classes; at += 1) most = Math.max(most, logits[at]);
    for (let at = start; at < start + classes; at += 1) {
      sum += Math.exp(logits[at] - most);
      total += logits[at];
    }
    const whole = most + Math.log(sum);
    loss += whole - (1 - smoothing) * logits[start + label] - (smoothing * total) / classes;
    if (gradient)
      for (let at = start; at < start + classes; at += 1) {
        const wanted = smoothing / classes + (at === start + label ? 1 - smoothing : 0);
        gradient[at] = (Math.exp(logits[at] - whole) - wanted) / n;
      }
  }
  return loss / n;
}

/**
 * The mean over `count` numbers of squares or of absolute values, of what outputs and targets differ by:
 * torch.nn.functional.mse_loss and l1_loss; the gradient goes into `gradient`.
 */
export function meanError(
  /** @type {Numbers} */ outputs,
  /** @type {Numbers} */ targets,
  /** @type {number} */ count,
  /** @type {Numbers} */ gradient,
  /** @type {"mse" | "l1"} */ kind = "mse",
) {
  let sum = 0;
  for (let at = 0; at < count; at += 1) {
    const apart = outputs[at] - targets[at];
    sum += kind === "mse" ? apart * apart : Math.abs(apart);
    gradient[at] = (kind === "mse" ? 2 * apart : Math.sign(apart)) / count;
  }
  return sum / count;
}

/** Weights, on which penalties act: parameters of two axes or more. */
const weights = (/** @type {Parameter[]} */ parameters) => parameters.filter(({ shape }) => shape.length > 1);

/** cnnbook.generalisation.weight_penalty.l2_penalty: λ/2 Σ w², added to the gradients as well. */
export function l2Penalty(/** @type {Parameter[]} */ parameters, /** @type {number} */ strength) {
  let sum = 0;
  for (const { value, grad } of weights(parameters))
    for (let at = 0; at < value.length; at += 1) {
      sum += value[at] ** 2;
      grad[at] += strength * value[at];
    }
  return (strength / 2) * sum;
}

/** cnnbook.generalisation.weight_penalty.l1_penalty: λ Σ |w|, added to the gradients as well. */
export function l1Penalty(/** @type {Parameter[]} */ parameters, /** @type {number} */ strength) {
  let sum = 0;
  for (const { value, grad } of weights(parameters))
    for (let at = 0; at < value.length; at += 1) {
      sum += Math.abs(value[at]);
      grad[at] += strength * Math.sign(value[at]);
    }
  return strength * sum;
}

/**
 * What is measured of logits: cnnbook.training.metrics.classification_scores. Not a number where a logit is none.
 *
 * C. Guo et al., "On calibration of modern neural networks", ICML 2017 (calibration error, 15 bins of equal width).
 */
export function scores(
  /** @type {Numbers} */ logits,
  /** @type {ArrayLike<number>} */ labels,
  /** @type {number} */ n,
  /** @type {number} */ classes,
  bins = 15,
) {
  const filled = [...Array(bins)].map(() => ({ count: 0, sure: 0, right: 0 }));
  let right = 0;
  for (let at = 0; at < n * classes; at += 1)
    if (!Number.isFinite(logits[at])) return { accuracy: NaN, nll: NaN, ece: NaN };
  for (let row = 0; row < n; row += 1) {
    const { answer, sure } = answered(logits, row, classes),
      bin = filled[Math.min(bins - 1, Math.max(0, Math.ceil(sure * bins) - 1))],
      hit = Number(answer === labels[row]);
    right += hit;
    bin.count += 1;
    bin.sure += sure;
    bin.right += hit;
  }
  const apart = filled.reduce((sum, bin) => sum + Math.abs(bin.sure - bin.right), 0);
  return { accuracy: right / n, nll: crossEntropy(logits, labels, n, classes), ece: apart / n };
}

/** The answer of a row of logits, and how sure it is of it. */
export function answered(/** @type {Numbers} */ logits, /** @type {number} */ row, /** @type {number} */ classes) {
  let answer = 0,
    sum = 0;
  const start = row * classes;
  for (let one = 1; one < classes; one += 1) if (logits[start + one] > logits[start + answer]) answer = one;
  for (let one = 0; one < classes; one += 1) sum += Math.exp(logits[start + one] - logits[start + answer]);
  return { answer, sure: 1 / sum };
}
