// The numbers of training curves: medians over seeds that may have diverged, axes, paths.
import assert from "node:assert/strict";
import test from "node:test";

import { load } from "./load.mjs";

const { band, breaksAt, distance, diverged, domain, median, medians, path, scale, ticks } =
  await load("core/curves.mjs");

test("a median leaves out what diverged, and is none where nothing is left", () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(median([null, 10, 2, null, 9]), 9); // by number, not by spelling
  assert.equal(median([null, null]), null);
  assert.deepEqual(
    medians([
      [1, 5],
      [2, null],
      [9, 7],
    ]),
    [2, 6],
  );
});

test("a seed that breaks off is counted, and where", () => {
  const seeds = [
    [2, 1, 1],
    [2, 8, null],
    [2, null, null],
  ];
  assert.equal(diverged(seeds), 2);
  assert.deepEqual(seeds.map(breaksAt), [-1, 1, 0]);
});

test("an axis leaves out what is on its way to infinity, and nothing else", () => {
  assert.deepEqual(
    domain([
      [2.3, 1, 0.5],
      [2.3, 1.5, 1e6],
    ]),
    [0.5, 2.3],
  );
  assert.deepEqual(
    domain([
      [10, 40, 85],
      [10, 60, 90, null],
    ]),
    [10, 90],
  );
  assert.deepEqual(domain([[3, 3]]), [2.5, 3.5]);
  assert.deepEqual(domain([[null]]), [0, 1]);
});

test("ticks are round and inside", () => {
  assert.deepEqual(ticks([0, 400], 4), [0, 100, 200, 300, 400]);
  assert.deepEqual(
    ticks([0.13, 0.87], 5).map((at) => at.toFixed(1)),
    ["0.2", "0.4", "0.6", "0.8"],
  );
  for (const ends of [
    [0, 1],
    [3, 17.5],
    [-2, 900],
    [0.001, 0.002],
  ]) {
    const found = ticks(ends, 5);
    assert.ok(found.length >= 2 && found.length <= 7 && found[0] >= ends[0] - 1e-9 && found.at(-1) <= ends[1] + 1e-9);
  }
});

test("a scale stops at its ends", () => {
  const y = scale([0, 2], [300, 100]);
  assert.deepEqual([-1, 0, 1, 2, 99].map(y), [300, 300, 200, 100, 100]);
});

test("a path lifts the pen where a figure is missing", () => {
  assert.equal(path([0, 1, 2, 3], [5, null, 6, 7]), "M0.0 5.0M2.0 6.0L3.0 7.0");
  assert.equal(band([0, 1, 2], [1, 2, null], [3, 4, 5]), "M0.0 1.0L1.0 2.0L1.0 4.0L0.0 3.0Z");
  assert.equal(band([0, 1], [1, null], [1, 1]), "");
});

test("a guess is as far off as its points are on average", () => {
  assert.equal(distance([1, 2, 3], [2, 2, null]), 0.5);
  assert.equal(distance([1], [null]), null);
});

test("where a curve leaves the axis, a guess is measured from the axis's end", () => {
  assert.equal(distance([2, 3, 1], [2, 40, null], 3), 0);
  assert.equal(distance([2, 2, 1], [2, 40, null], 3), 0.5);
  assert.equal(distance([2, 2], [2, 40]), 19); // without an axis, all of it
});
