// <upsampling-widget>: the network of the bench of upsampling layers, trained on photographs in the page, and its
// lattice as it comes and goes: over time, layer by layer, channel by channel.
//
// What the book has published stands in the page as JSON (hooks/upsampling.py); photographs are fetched, and a worker
// starts, when a run is asked for.

import { Live } from "./training/live.mjs";
import { COMMON } from "./ui/frame.mjs";
import { language, make } from "./ui/dom.mjs";
import { published } from "./upsampling/book.mjs";
import { face, lay } from "./upsampling/controls.mjs";
import { Pictures } from "./upsampling/pictures.mjs";
import { curves, LatticePlot } from "./upsampling/plot.mjs";
import { joined, sentences, shown, told } from "./upsampling/report.mjs";
import {
  choiceOf,
  LAYERS,
  LOSSES,
  METRICS,
  NAMES,
  pointsOf,
  SEEDS,
  settingsOf,
  STARTS,
  startsOf,
  stateOf,
} from "./upsampling/settings.mjs";

const { WORDS } = await import(`./upsampling/words.${language()}.mjs`);
const EVERY = 25, // steps between two measurements at most
  PUBLISHED = ["ripple", "spread"]; // metrics of which the book has curves

/** @typedef {{data: import("./upsampling/book.mjs").Book & {stories: {name: string, choice: any}[]}}} Page */
/** @typedef {Record<string, any>} State by NAMES, and the metric */

class UpsamplingWidget extends /** @type {new () => Live & State & Page} */ (Live) {
  worker = new URL("./upsampling/worker.mjs", import.meta.url);
  words = { ...COMMON, ...WORDS };
  names = [...NAMES, "metric"];
  fresh = ["layer", "initial", "seed"];
  largest = /** @type {Record<string, number>} */ ({});

  get key() {
    return "upsampling";
  }
  get choice() {
    return choiceOf(this);
  }
  /** The curves of the published run that this is, as long as nothing was changed on the way. */
  get published() {
    return this.client.mixed ? null : published(this.data, this.choice);
  }
  get plan() {
    const { steps } = this.choice,
      points = [...pointsOf(steps), ...this.data.steps];
    return { settings: settingsOf(this.choice), steps, every: EVERY * Math.ceil(steps / 1000), points };
  }
  get level() {
    return Array(this.plot.points.length).fill(null);
  }

  build() {
    const { words } = this;
    this.data ??= JSON.parse(this.querySelector("script").textContent);
    this.choices = { layer: LAYERS, initial: STARTS, loss: LOSSES, seed: SEEDS, metric: METRICS };
    this.start = [...stateOf(this.data.stories[0].choice), METRICS[0]];
    this.buttons = lay(this);
    this.plot = new LatticePlot();
    this.guessed();
    this.pictures = new Pictures(words);
    this.laid = "";
    this.plot.explain({});
    this.line = make("p", { class: "widget__line" });
    this.replaceChildren(
      make("div", { class: "widget__stage" }, this.plot.box, this.plot.legend, this.form),
      this.buttons.copier.code,
      this.line,
      this.pictures.box,
      this.voice.box,
      this.twin,
    );
  }

  settle() {
    const starts = startsOf(this.layer);
    if (!starts.includes(this.initial)) this.initial = starts[0];
    super.settle();
  }

  told(/** @type {number} */ value) {
    return shown(this.metric === "gain" ? value : 10 ** value, this.metric);
  }

  /** Axes and their key, where they are not those that stand there. */
  lay(/** @type {number} */ steps, /** @type {string} */ metric, /** @type {number} */ wide) {
    const { plot, words } = this,
      laid = [steps, metric, wide].join();
    if (this.laid === laid) return;
    this.laid = laid;
    plot.axes(steps, metric, wide, words.steps, words[`axis${metric}`]);
    const share = metric === "share",
      curves = share ? { test: words.local, train: words.whole } : { test: words[`metric${metric}`] },
      behind = share ? words.perfect : words.book, // of a gain there is none, and so it is not seen
      { legend } = plot;
    plot.explain({ ...curves, guess: words.yours, tests: behind, others: words.before });
    legend.replaceWith(plot.legend);
  }

  /** What stands behind a run: the published one, or the share of a perfect residual. */
  behind(/** @type {string} */ metric) {
    const { published, data, client } = this,
      [first] = client.points;
    if (PUBLISHED.includes(metric)) return published && { x: data.steps, first: published[metric], second: [] };
    if (metric !== "share" || !first) return null;
    return { x: [0, this.choice.steps], first: [first.perfect, first.perfect], second: [] };
  }

  draw() {
    const { plot, client, guess, words, metric, pictures } = this,
      { images, pictures: made } = this.caught(),
      { points } = client;
    if (images) pictures.keep(images);
    if (made && points.length) pictures.show(points[0], points.at(-1));
    face(this);
    this.lay(this.choice.steps, metric, Math.max(280, Math.round(this.clientWidth)));
    plot.show({
      now: curves(points, metric),
      book: this.behind(metric),
      before: client.before.map((one) => curves(one, metric)),
      hidden: guess.drawing,
      guess: guess.values,
    });
    const said = guess.drawing ? words.guessing : joined(sentences(this));
    this.line.textContent = said;
    plot.box.setAttribute("aria-label", said);
    this.tabulate(() => told(this));
  }
}

customElements.define("upsampling-widget", UpsamplingWidget);
