// The run, away from the page's own thread: {start, change, go, stop} come, {point, state, over} go.

import { garments } from "./garments.mjs";
import { AREA, CLASSES, Run } from "./run.mjs";

const SLICE = 25, // ms of work before it looks for messages
  REST = 100; // ms between two pictures of the state

/** @type {Run | null} */
let run = null;
let going = false,
  asked = 0,
  told = 0,
  total = 0,
  /** @type {(step: number) => boolean} */
  measured = () => false;

const say = (/** @type {any} */ words) => postMessage({ ...words, asked });
const next = new MessageChannel();
next.port1.onmessage = () => work();

function point() {
  const { answers, ...numbers } = run.measure();
  const each = answers.length / CLASSES; // one of each class is shown
  say({ kind: "point", ...numbers, answers: answers.filter((_, at) => at % each === 0), filters: run.filters.slice() });
}

function state(/** @type {boolean} */ now) {
  if (!now && performance.now() - told < REST) return;
  told = performance.now();
  say({ kind: "state", step: run.step, norm: run.norm ?? null, filters: run.filters.slice() });
}

function over(/** @type {string} */ why) {
  going = false;
  state(true);
  say({ kind: "over", step: run.step, why });
}

function work() {
  if (!going) return;
  const end = performance.now() + SLICE;
  while (performance.now() < end) {
    run.advance();
    if (run.died || measured(run.step) || run.step === total) point();
    if (run.died || run.step === total) return over(run.died);
  }
  state(false);
  next.port2.postMessage(null);
}

const acts = {
  async start({ settings, steps, every, points, number }) {
    going = false;
    asked = number;
    total = steps;
    measured = (step) => step % every === 0 || points.includes(step);
    try {
      const data = await garments(settings.seed);
      if (asked !== number) return; // another run has been asked for meanwhile
      run = new Run(data, settings);
      const each = data.test.length / CLASSES,
        shown = new Uint8Array(CLASSES * AREA);
      for (let label = 0; label < CLASSES; label += 1)
        shown.set(data.test.subarray(label * each, label * each + AREA), label * AREA);
      say({ kind: "images", images: shown });
      point();
    } catch (error) {
      say({ kind: "failed", why: String(error.message) });
    }
  },
  change: ({ settings, steps }) => {
    total = steps;
    run?.change(settings);
  },
  go: () => {
    if (!run || going || run.died || run.step >= total) return;
    going = true;
    work();
  },
  stop: () => {
    going = false;
  },
};

onmessage = ({ data: { act, ...more } }) => acts[act](more);
