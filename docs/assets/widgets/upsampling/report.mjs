// What is said of a run: where it is, how it died, how far it is from the book's; and its numbers as a table.

import { distance } from "../core/curves.mjs";
import { mean } from "../core/numbers.mjs";
import { fill, language } from "../ui/dom.mjs";
import { number } from "../ui/board.mjs";
import { apart } from "./book.mjs";
import { percent, strength, together } from "./pictures.mjs";
import { curves } from "./plot.mjs";
import { armOf, settingsOf } from "./settings.mjs";

/** A number as the page prints it. */
export function shown(/** @type {number} */ value, /** @type {string} */ metric) {
  if (!Number.isFinite(value)) return "–";
  if (metric === "gain") return (value > 0 ? "+" : "") + number(Number(value.toFixed(2)));
  return metric === "ripple" ? levels(value) : percent(value);
}
const levels = (/** @type {number} */ value) => (Number.isFinite(value) ? value.toFixed(value < 0.0995 ? 3 : 2) : "–");

/** Parameters of the network of a choice. */
function size(/** @type {Record<string, any>} */ choice) {
  const { kind } = settingsOf(choice),
    width = kind === "k6" || kind === "sub_pixel" ? 15 : 16,
    taps = { nearest: 9, sub_pixel: 36 }[kind] ?? Number(kind.slice(1)) ** 2;
  return (width * (10 + 9 * width + 1 + taps) + (kind === "sub_pixel" ? 4 : 1)).toLocaleString("en");
}

/** Sentences on the state of a widget. */
export function sentences(/** @type {any} */ widget) {
  const { client, words, choice, guess, metric, data } = widget,
    last = client.points.at(-1);
  if (client.stage === "failed") return [fill(words.failed, { why: client.why })];
  if (client.stage === "loading") return [words.loading];
  if (!last) return [fill(words.ready, { n: size(choice) })];
  const { local, whole, ripple, spread, gain, painted } = last,
    given = { local: percent(local), whole: percent(whole), ripple: levels(ripple), spread: percent(spread) };
  const said = [fill(words.now, { ...given, gain: shown(gain, "gain"), step: client.step, steps: choice.steps })],
    each = mean(painted.slice(0, -1).map(strength)),
    sum = strength(together(painted));
  if (each > 0.01 && sum < each / 2) said.push(fill(words.hidden, { each: levels(each), sum: levels(sum) }));
  if (client.why) said.push(fill(words.lost, { step: client.step }));
  if (client.mixed) said.push(words.mixed);
  else if (widget.published) said.push(compared(widget, apart(data, widget.published, client.points)));
  if (guess.values && client.stage === "over") {
    const far = distance(guess.values, widget.plot.sampled(curves(client.points, metric))),
      name = metric === "gain" ? "offgain" : "off";
    said.push(fill(words[name], { d: metric === "gain" ? far.toFixed(1) : Number((10 ** far).toPrecision(2)) }));
  }
  return said;
}

/** How far the run is from the published one. */
function compared(/** @type {any} */ { words, seed }, /** @type {ReturnType<typeof apart>} */ found) {
  const near = (/** @type {number} */ far, /** @type {number} */ least) =>
    far < least ? fill(words.under, { d: least }) : fill(words.most, { d: Number(far.toPrecision(2)) });
  return fill(words.same, {
    seed,
    points: found.points,
    ripple: near(found.ripple, 0.001),
    spread: near(found.spread, 0.01),
  });
}

/**
 * The table.
 * @returns {[caption: string, head: string[], rows: string[][]]}
 */
export function told(/** @type {any} */ { words, client, choice }) {
  const names = ["local", "whole", "ripple", "spread", "gain"],
    rows = client.points.map((/** @type {any} */ point) => [
      String(point.step),
      ...names.map((name) => shown(point[name], name)),
    ]);
  const head = ["steps", "local", "whole", "metricripple", "metricspread", "axisgain"].map((name) => words[name]);
  return [`${words.axisshare}: ${armOf(choice)}`, head, rows];
}

/** Sentences as one text. */
export const joined = (/** @type {string[]} */ all) => all.join(language() === "zh" ? "" : " ");
