// How weights follow the gradient: SGD with momentum, Adam, AdamW, and how the learning rate goes. As in PyTorch.
// No DOM.

/** @typedef {import("./layers.mjs").Parameter} Parameter */
/** @typedef {{name?: "sgd" | "adam" | "adamw", lr: number, weightDecay?: number, momentum?: number}} Settings */

const BETAS = [0.9, 0.999],
  EPSILON = 1e-8;

/** torch.optim.SGD, Adam or AdamW over parameters; the settings may change between steps, all but the name. */
export class Optimizer {
  constructor(/** @type {Parameter[]} */ parameters, /** @type {Settings["name"]} */ name) {
    this.parameters = parameters;
    this.name = name;
    this.steps = 0;
    const room = () => parameters.map(({ value }) => value.slice().fill(0));
    this.moments = [room(), name === "sgd" ? [] : room()];
  }

  /** One step, at a rate. */
  step(/** @type {Settings} */ { lr, weightDecay = 0, momentum = 0 }) {
    this.steps += 1;
    this.parameters.forEach(({ value, grad }, at) => {
      const [first, second] = this.moments.map((all) => all[at]);
      if (this.name === "sgd") this.descend(value, grad, first, lr, weightDecay, momentum);
      else this.adapt(value, grad, first, second, lr, weightDecay);
    });
  }

  descend(value, grad, first, lr, weightDecay, momentum) {
    for (let at = 0; at < value.length; at += 1) {
      let slope = grad[at] + weightDecay * value[at];
      if (momentum) slope = first[at] = momentum * first[at] + slope;
      value[at] -= lr * slope;
    }
  }

  /** D. P. Kingma, J. Ba, "Adam", ICLR 2015; I. Loshchilov, F. Hutter, "Decoupled weight decay", ICLR 2019. */
  adapt(value, grad, first, second, lr, weightDecay) {
    const apart = this.name === "adamw",
      [one, two] = BETAS,
      step = lr / (1 - one ** this.steps),
      root = Math.sqrt(1 - two ** this.steps);
    for (let at = 0; at < value.length; at += 1) {
      if (apart) value[at] *= 1 - lr * weightDecay;
      const slope = apart ? grad[at] : grad[at] + weightDecay * value[at];
      first[at] += (1 - one) * (slope - first[at]);
      second[at] = two * second[at] + (1 - two) * slope * slope;
      value[at] -= (step * first[at]) / (Math.sqrt(second[at]) / root + EPSILON);
    }
  }
}

const wave = (/** @type {number} */ share) => (1 - Math.cos(Math.PI * share)) / 2;
const between = (/** @type {number} */ from, /** @type {number} */ to, /** @type {number} */ share) =>
  from + (to - from) * wave(share);

/** Shares of the learning rate at step t of T, by the names of cnnbook.parameters.learning_rate and of its options. */
export const SCHEDULES = {
  constant: () => 1,
  linear: (t, T) => 1 - t / T,
  cosine: (t, T) => 1 - wave(Math.min(t / T, 1)),
  step_decay: (t, T, factor = 0.1, periods = 3) => factor ** Math.floor((periods * t) / T),
  exponential_decay: (t, T, last = 0.01) => last ** (t / T),
  one_cycle: (t, T, rise = 0.3, first = 1 / 25, last = 1 / 250_000) => {
    const top = rise * T - 1;
    return t <= top ? between(first, 1, t / top) : between(1, last, (t - top) / (T - 1 - top));
  },
};

/** The share of the rate at a step: first a warm-up over so many steps, then the schedule over the rest. */
export function rate(
  /** @type {{schedule?: string, warmup?: number}} */ { schedule = "constant", warmup = 0 },
  /** @type {number} */ step,
  /** @type {number} */ total,
) {
  return step < warmup ? (step + 1) / warmup : SCHEDULES[schedule](step - warmup, total - warmup);
}
