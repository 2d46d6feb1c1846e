// The state of a figure in the address: versioned, clamped, and never taken for more than it is.
import assert from "node:assert/strict";
import test from "node:test";

import { load } from "./load.mjs";

const { readState, whole, wholes, writeState } = await load("ui/state.mjs");
const { Past } = await load("ui/past.mjs");

const choices = [["a", "b"], whole(1, 6), wholes(-99, 99, 4)],
  start = ["a", "2", ""];

function at(state) {
  globalThis.location = new URL(
    `https://book/page/${state === null ? "" : `?widget=${encodeURIComponent(state)}`}#place`,
  );
  globalThis.history = {
    state: null,
    replaceState: (_, __, address) => {
      globalThis.location = new URL(address);
    },
  };
  return readState("widget", choices, start);
}

test("what is written is read", () => {
  at(null);
  writeState("widget", ["b", "5", "1.-2.3"], start);
  assert.equal(location.hash, "#place");
  assert.deepEqual(readState("widget", choices, start), ["b", "5", "1.-2.3"]);
  writeState("widget", start, start);
  assert.equal(location.search, ""); // the default leaves the address as it is
});

test("a number beyond its ends becomes the nearest, what is none the default", () => {
  const cases = {
    "1~b~9~": ["b", "6", ""],
    [`1~b~${"9".repeat(400)}~`]: ["b", "6", ""],
    "1~b~-3~1.400.-400": ["b", "1", "1.99.-99"],
    "1~b~-0": ["b", "1", ""],
  };
  for (const broken of [
    "NaN",
    "1e3",
    "2.5",
    "Infinity",
    "0x4",
    " 4",
    "<img src=x onerror=alert(1)>",
    "javascript:alert(1)",
  ]) {
    cases[`1~c~${broken}~1.x${broken}`] = start;
  }
  for (const [state, expected] of Object.entries(cases)) assert.deepEqual(at(state), expected, state);
  assert.deepEqual(at("1~b~3~1.2.3.4.5"), ["b", "3", ""]); // more numbers than there are cells
});

test("another version shows the default", () => {
  for (const state of [null, "", "2~b~5~", "0~b~5~", "~~~~~~~~~~~"]) assert.deepEqual(at(state), start);
});

test("a stroke is one step, what changes nothing is none, and the past ends where it began", () => {
  const past = new Past(),
    slider = {};
  for (const state of ["1", "2", "2"]) past.note([state]);
  past.hold(slider);
  for (const state of ["3", "4", "5"]) past.note([state]);
  past.hold(null); // the hand is off
  past.hold(slider);
  past.note(["6"]);
  assert.deepEqual(
    [1, 2, 3, 4].map(() => past.back()),
    [["5"], ["2"], ["1"], null],
  );
  past.note(["1"]);
  assert.equal(past.back(), null);
});

test("the past is not endless", () => {
  const past = new Past();
  for (let at = 0; at < 1000; at += 1) past.note([String(at)]);
  assert.equal(past.steps.length, 200);
  assert.deepEqual(past.back(), ["998"]);
});
