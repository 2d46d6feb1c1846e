// What stands between the page and a run: settings, the runs of the book, a worker that may be late.
import assert from "node:assert/strict";
import test from "node:test";

import { load } from "./load.mjs";

const { BASE, choiceOf, NAMES, program, settingsOf, stateOf, STOPS } = await load("training/settings.mjs");
const { apart, armOf, published } = await load("training/book.mjs");
const { restored } = await load("training/garments.mjs");
const { Run } = await load("training/run.mjs");

const back = (choice) => {
  const fields = stateOf(choice);
  return choiceOf(Object.fromEntries(NAMES.map((name, at) => [name, STOPS[name] ? Number(fields[at]) : fields[at]])));
};

test("a choice comes back from the address", () => {
  const choice = { ...BASE, rate: 2e-5, decay: 0.1, optimizer: "adamw", images: 50, seed: "2", noise: 0.3 };
  assert.deepEqual(back(choice), choice);
  assert.equal(back({ rate: 1e6 }).rate, 1e6);
  assert.ok(STOPS.rate.every((one, at) => at === 0 || one > STOPS.rate[at - 1]));
});

test("a batch is never larger than the images, and momentum is an optimiser of its own", () => {
  const run = settingsOf({ ...BASE, batch: 64, images: 20, optimizer: "momentum" });
  assert.deepEqual([run.batch, run.optimizer, run.momentum, run.seed], [20, "sgd", 0.9, 0]);
});

test("a program names what differs from the package's defaults", () => {
  const plain = program(BASE);
  assert.match(plain, /Optimizer\("sgd", lr=0.2, momentum=0.0\)/);
  assert.doesNotMatch(plain, /network_options|label_noise|methods/);
  const all = program({ ...BASE, optimizer: "adam", dropout: 0.5, noise: 0.9, shift: 2, width: "2", decay: 0.01 });
  for (const part of [
    '"hidden": 128, "dropout": 0.5',
    "label_noise=0.9",
    'RandomShift, {"pixels": 2',
    "weight_decay=0.01",
  ])
    assert.ok(all.includes(part), part);
});

const ARM = {
  label: "SGD 0.2",
  choice: { rate: 0.2, steps: 20 },
  steps: [0, 10, 20],
  seeds: {
    0: {
      train_nll: [2.3, 1.5, 1],
      train_accuracy: [10, 40, 60],
      test_nll: [2.3, 1.6, null],
      test_accuracy: [1, 2, 3],
    },
  },
};
const point = (step, nll, accuracy) => ({ step, train: { nll, accuracy }, test: { nll, accuracy } });

test("a run is the book's where all settings are, and the seed was published", () => {
  assert.equal(armOf([ARM], { ...BASE, steps: 20 }), 0);
  assert.equal(armOf([ARM], { ...BASE, steps: 20, batch: 64 }), -1);
  assert.equal(armOf([ARM], { ...BASE, steps: 20, seed: "2" }), -1);
  assert.equal(armOf([], BASE), -1);
  assert.deepEqual(published(ARM, "0", "nll"), { x: [0, 10, 20], test: [2.3, 1.6, null], train: [2.3, 1.5, 1] });
});

test("how far a run is from the book's counts the steps that it has reached", () => {
  assert.deepEqual(apart(ARM, "0", [point(0, 2.3, 10), point(5, 9, 9), point(10, 1.4, 41)]), {
    points: 2,
    nll: 1.5 - 1.4,
    accuracy: 1,
  });
  assert.equal(apart(ARM, "0", [point(0, 2.3, 10), point(3, NaN, NaN)], true).nll, Infinity);
});

test("bytes of images come back from their differences", () => {
  const bytes = new Uint8Array(784);
  bytes[0] = 250;
  bytes[28] = 10; // 260 is 4
  bytes[784 - 28] = 7;
  const image = restored(bytes);
  assert.deepEqual([image[0], image[28], image[56], image[784 - 28]], [250, 4, 4, 11]);
});

const noise = (count) => Uint8Array.from({ length: count * 784 }, (_, at) => (at * 2654435761) >>> 24),
  garments = { train: noise(512), test: noise(20) };

test("settings may be changed between two steps; the seed and the width stay", () => {
  const run = new Run(garments, settingsOf({ ...BASE, images: 20, batch: 4 }));
  const first = run.advance(),
    { network } = run;
  run.change(
    settingsOf({ ...BASE, images: 50, batch: 8, noise: 0.5, optimizer: "adam", rate: 0.001, dropout: 0.5, shift: 2 }),
  );
  run.advance();
  assert.ok(Number.isFinite(first) && run.network === network && run.step === 2);
  assert.equal(run.seen, 4 + 8);
  assert.equal(run.train.labels.length, 50);
  assert.equal(run.steps.name, "adam");
  assert.equal(network.drawing[0].p, 0.5);
  run.change({ ...run.settings, seed: 7, width: 4 });
  assert.deepEqual([run.settings.seed, run.settings.width], [0, 1]);
});

test("a rate of a million kills a run, which says at which step", () => {
  const run = new Run(garments, settingsOf({ ...BASE, rate: 1e6 }));
  while (!run.died && run.step < 20) run.advance();
  assert.equal(run.died, "loss");
  assert.ok(run.step <= 10);
  assert.ok(Number.isNaN(run.measure().train.nll));
});
