// <training-widget>: the book's network, trained on garments in the page by the reader, who may turn everything as it
// goes.
//
// What the book has published of this section stands in the page as JSON (hooks/training.py); images are fetched, and a
// worker starts, when a run is asked for.

import { armOf, published } from "./training/book.mjs";
import { face, lay } from "./training/controls.mjs";
import { Live } from "./training/live.mjs";
import { Pictures } from "./training/pictures.mjs";
import { curves, LivePlot } from "./training/plot.mjs";
import { diagnosed, sentences, shown, told } from "./training/report.mjs";
import { choiceOf, NAMES, OPTIMIZERS, SEEDS, settingsOf, stateOf, WIDTHS } from "./training/settings.mjs";
import { language, make } from "./ui/dom.mjs";
import { COMMON } from "./ui/frame.mjs";

const { WORDS } = await import(`./training/words.${language()}.mjs`);

/** @typedef {{data: {arms: import("./training/book.mjs").Arm[], stories: {name: string, choice: any}[]}}} Page */
/** @typedef {Record<string, any>} State by NAMES, and the metric */

class TrainingWidget extends /** @type {new () => Live & State & Page} */ (Live) {
  worker = new URL("./training/worker.mjs", import.meta.url);
  words = { ...COMMON, ...WORDS };
  names = [...NAMES, "metric"];
  fresh = ["width", "seed"];
  largest = /** @type {Record<string, number>} */ ({});

  get key() {
    return "training";
  }
  get choice() {
    return choiceOf(this);
  }
  /** The published run that this is, as long as nothing was changed on the way. */
  get arm() {
    const at = armOf(this.data.arms, this.choice);
    return at < 0 || this.client.mixed ? null : this.data.arms[at];
  }
  get plan() {
    const at = armOf(this.data.arms, this.choice),
      { steps } = this.choice;
    return {
      settings: settingsOf(this.choice),
      steps,
      every: 10 * Math.ceil(steps / 240), // between two measurements, which cost as much
      points: at < 0 ? [] : this.data.arms[at].steps,
    };
  }
  get level() {
    return [this.metric === "nll" ? Math.log(10) : 10, ...Array(this.plot.points.length - 1).fill(null)];
  }

  build() {
    const { words } = this;
    this.data ??= JSON.parse(this.querySelector("script").textContent);
    this.choices = { optimizer: OPTIMIZERS, width: WIDTHS, seed: SEEDS, metric: ["nll", "accuracy"] };
    this.start = [...stateOf(this.data.stories[0].choice), "nll"];
    this.buttons = lay(this);
    const { test, train, yours: guess, published: tests, before: others } = words;
    this.plot = new LivePlot();
    this.plot.explain({ test, train, guess, tests, others });
    this.guessed();
    this.pictures = new Pictures(words);
    this.laid = "";
    this.line = make("p", { class: "widget__line" });
    this.diagnosis = make("p", { class: "training-diagnosis" });
    this.replaceChildren(
      make("div", { class: "widget__stage" }, this.plot.box, this.plot.legend, this.form),
      this.buttons.copier.code,
      this.line,
      this.diagnosis,
      this.pictures.box,
      this.voice.box,
      this.twin,
    );
  }

  told(/** @type {number} */ value) {
    return shown(value, this.metric);
  }

  draw() {
    const { plot, client, guess, words, metric, arm, seed, pictures } = this,
      { images, answers, filters } = this.caught();
    if (images) pictures.keep(images);
    if (answers) pictures.answer(answers);
    if (filters) pictures.show(filters);
    face(this);
    const laid = [this.choice.steps, metric, Math.max(280, Math.round(this.clientWidth))];
    if (this.laid !== laid.join()) plot.axes(laid[0], metric, laid[2], words.steps, words[`metric${metric}`]);
    this.laid = laid.join();
    plot.show({
      now: curves(client.points, metric),
      book: arm && published(arm, seed, metric),
      before: client.before.map((points) => curves(points, metric)),
      hidden: guess.drawing,
      guess: guess.values,
    });
    const said = guess.drawing ? words.guessing : sentences(this).join(language() === "zh" ? "" : " ");
    this.line.textContent = said;
    this.diagnosis.textContent = diagnosed(this);
    plot.box.setAttribute("aria-label", said);
    this.tabulate(() => told(this));
  }
}

customElements.define("training-widget", TrainingWidget);
