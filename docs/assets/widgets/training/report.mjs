// What is said of a run: where it is, how it died, how far it is from the book's; and its numbers as a table.

import { distance } from "../core/curves.mjs";
import { diagnose } from "../core/diagnosis.mjs";
import { fill, language } from "../ui/dom.mjs";
import { apart } from "./book.mjs";
import { curves } from "./plot.mjs";

const TESTS = 500; // of the book's 2,000 test images
const [AND, END] = language() === "zh" ? ["；", "。"] : ["; ", "."];

/** A number as the page prints it: nats, or per cent. */
export function shown(/** @type {number | null} */ value, /** @type {string} */ metric) {
  if (value === null || !Number.isFinite(value)) return "–";
  return metric === "nll" ? value.toFixed(3) : `${value.toFixed(1)}%`;
}

/** Sentences on the state of a widget. */
export function sentences(/** @type {any} */ widget) {
  const { client, words, choice, guess, metric, arm } = widget,
    last = client.points.at(-1);
  if (client.stage === "failed") return [fill(words.failed, { why: client.why })];
  if (client.stage === "loading") return [words.loading];
  if (!last) return [fill(words.ready, { n: size(widget.width), images: choice.images })];
  const now = { step: client.step, steps: choice.steps, train: shown(last.train[metric], metric) };
  const parts = [
    fill(words.now, { ...now, test: shown(last.test[metric], metric) }),
    ...(client.norm === null ? [] : [fill(words.norm, { norm: Number(client.norm.toPrecision(3)) })]),
    fill(words.units, last),
    fill(words.calibration, { ece: shown(last.test.ece, "accuracy") }),
  ];
  const said = [parts.join(AND) + END];
  if (client.why) said.push(fill(words.lost, { step: client.step }));
  else if (last.silent) said.push(words.dumb);
  if (client.mixed) said.push(words.mixed);
  if (arm) said.push(compared(widget));
  if (guess.values && client.stage === "over") {
    const { x, test } = curves(client.points, metric),
      [, end] = widget.plot.ends,
      right = widget.plot.sampled(x, test),
      far = distance(guess.values, right, end);
    said.push(fill(words.off, { d: shown(far, metric), cut: Math.max(...right) > end ? words.cut : "" }));
  }
  return said;
}

/** What `cnnbook diagnose` says of the run so far; nothing of one that has only begun. */
export function diagnosed(/** @type {any} */ { client, words, guess }) {
  const { points } = client;
  if (guess.drawing || (points.length < 8 && !client.why)) return "";
  const of = (/** @type {(point: any) => number} */ value) => points.map((one) => [one.step, value(one)]),
    accuracy = of(({ test }) => test.accuracy / 100),
    found = diagnose(
      of(({ train }) => train.nll),
      of(({ test }) => test.nll),
      accuracy,
      10,
    ),
    { branch, sure, at } = found,
    { end, low, val, peak } = found,
    given = { end, low, val, peak, guess: Math.log(10) },
    numbers = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, shown(value ?? null, "nll")])),
    reason = branch === "diverged" && found.end === undefined ? "gone" : branch;
  return fill(words.diagnosis, {
    branch: words.branches[branch],
    sure: words.sureness[sure],
    why: fill(words.reasons[reason], { ...numbers, at }),
    first: words.firsts[branch],
  });
}

/** How far the run is from the published one. */
function compared(/** @type {any} */ { arm, client, seed, words }) {
  const { points, nll, accuracy } = apart(arm, seed, client.points, client.why !== "");
  if (nll === Infinity) return fill(words.parted, { seed });
  const near = (/** @type {number} */ far, /** @type {string} */ metric, /** @type {number} */ least) =>
    fill(far < least ? words.under : words.most, { d: shown(Math.max(far, least), metric) });
  const d = near(nll, "nll", 0.001),
    a = near(accuracy, "accuracy", 0.1);
  return fill(words.same, { seed, points, d, a, tests: TESTS });
}

/** Parameters of the network: of the book's 52,266. */
function size(/** @type {string} */ width) {
  const [one, two, hidden] = [8, 16, 64].map((units) => Math.round(units * Number(width)));
  const count = one * 26 + two * (one * 9 + 1) + hidden * (49 * two + 1) + 10 * (hidden + 1);
  return count.toLocaleString("en");
}

/**
 * The table.
 * @returns {[caption: string, head: string[], rows: string[][]]}
 */
export function told(/** @type {any} */ { words, client, metric }) {
  const rows = client.points.map(({ step, train, test, dead }) => [
    String(step),
    shown(train[metric], metric),
    shown(test[metric], metric),
    String(dead),
  ]);
  return [words[`metric${metric}`], [words.steps, words.train, words.test, words.deadUnits], rows];
}
