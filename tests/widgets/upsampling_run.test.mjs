// What stands between the page and a run of the super-resolution network: settings, the runs of the book, a file.
import assert from "node:assert/strict";
import test from "node:test";

import { load } from "./load.mjs";

const { armOf, BASE, choiceOf, NAMES, pointsOf, program, settingsOf, startsOf, stateOf, STOPS } =
  await load("upsampling/settings.mjs");
const { apart, published } = await load("upsampling/book.mjs");
const { parted } = await load("upsampling/photographs.mjs");
const { patches, Run } = await load("upsampling/run.mjs");
const { Order } = await load("core/batches.mjs");

const back = (choice) => {
  const fields = stateOf(choice);
  return choiceOf(Object.fromEntries(NAMES.map((name, at) => [name, STOPS[name] ? Number(fields[at]) : fields[at]])));
};

test("a choice comes back from the address, and has the name of the book's arm", () => {
  const choice = { ...BASE, rate: 0.05, steps: 2000, layer: "sub_pixel", initial: "icnr", loss: "l1", seed: "2" };
  assert.deepEqual(back(choice), choice);
  assert.deepEqual(settingsOf(choice), {
    rate: 0.05,
    steps: 2000,
    kind: "sub_pixel",
    start: "icnr",
    loss: "l1",
    seed: 2,
  });
  const names = ["k2", "nearest", "sub_pixel"].flatMap((layer) =>
    startsOf(layer).map((initial) => armOf({ layer, initial })),
  );
  assert.deepEqual(names, ["default_k2", "transposed_k2", "nearest", "sub_pixel", "sub_pixel_icnr"]);
});

test("a run is measured often at first, and at the end of its steps", () => {
  const points = pointsOf(500);
  assert.deepEqual(points.slice(0, 5), [1, 2, 2, 3, 5]);
  assert.ok(points.at(-1) <= 500 && points.includes(300));
});

test("a program names what differs from the bench", () => {
  const plain = program({ ...BASE, layer: "k3", initial: "fan_in" });
  assert.match(plain, /arm\("transposed_k3", steps=500, curve=\(\)\)/);
  assert.doesNotMatch(plain, /mae/);
  assert.match(program({ ...BASE, loss: "l1", rate: 0.1 }), /lr=0.1, schedule="cosine"\),\n {4}loss="mae"/);
});

const BOOK = { steps: [0, 20], arms: { transposed_k3: { 1: { ripple: [3, 1], spread: [70, 60] } } } };

test("a run is the book's where its rate, steps and loss are, and the arm was published", () => {
  const own = { ...BASE, layer: "k3", initial: "fan_in", seed: "1" };
  assert.deepEqual(published(BOOK, own).ripple, [3, 1]);
  for (const other of [{ rate: 1e-3 }, { steps: 60 }, { loss: "l1" }, { seed: "2" }, { initial: "default" }])
    assert.equal(published(BOOK, { ...own, ...other }), null);
  const points = [
    { step: 0, ripple: 3.5, spread: 70 },
    { step: 7, ripple: 9, spread: 9 },
  ];
  assert.deepEqual(apart(BOOK, published(BOOK, own), points), { points: 1, ripple: 0.5, spread: 0 });
});

const bytes = Uint8Array.from({ length: 12 * 65536 + 128 * 128 }, (_, at) => (at * 2654435761) >>> 24);

test("photographs come back from their differences, and a file of another length is refused", () => {
  const file = new Uint8Array(bytes.length);
  file[0] = 250;
  file[256] = 10; // 260 is 4
  file[12 * 65536 + 128] = 7;
  const { train, test: held } = parted(file);
  assert.deepEqual([train[0], train[256], train[512], train[65536]], [250, 4, 4, 0]);
  assert.deepEqual([held[0], held[128], held[256]], [0, 7, 7]);
  assert.throws(() => parted(new Uint8Array(100)), /100 bytes/);
});

test("settings may be changed between two steps; the network and its seed stay", () => {
  const data = { train: bytes.slice(0, 12 * 65536), test: bytes.slice(12 * 65536) },
    run = new Run(data, settingsOf({ ...BASE, layer: "k2", seed: "0" })),
    { network } = run,
    { inputs } = patches(data.train, 0),
    first = new Order(256, 0).example(0);
  run.advance();
  assert.deepEqual([...run.x.subarray(0, 256)], [...inputs.subarray(first * 256, (first + 1) * 256)]);
  run.change({ ...run.settings, rate: 1e9, loss: "l1", seed: 5, kind: "nearest" });
  assert.equal(run.settings.seed, 0);
  run.advance();
  run.advance();
  assert.ok(run.network === network && run.step === 3);
  run.change({ ...run.settings, rate: 1e200 });
  for (let step = 0; step < 3; step += 1) run.advance();
  run.measure();
  assert.equal(run.died, "loss");
});
