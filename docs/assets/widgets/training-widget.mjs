// <training-widget>: the book's network, trained on garments in the page by the reader, who may turn everything as it
// goes.
//
// What the book has published of this section stands in the page as JSON (hooks/training.py); images are fetched, and a
// worker starts, when a run is asked for. Out of sight, it stops.

import { Guess } from "./curves/guess.mjs";
import { armOf, published } from "./training/book.mjs";
import { Client } from "./training/client.mjs";
import { face, lay } from "./training/controls.mjs";
import { Pictures } from "./training/pictures.mjs";
import { LivePlot } from "./training/plot.mjs";
import { diagnosed, sentences, shown, told } from "./training/report.mjs";
import { choiceOf, NAMES, OPTIMIZERS, SEEDS, settingsOf, stateOf, WIDTHS } from "./training/settings.mjs";
import { fill, language, make } from "./ui/dom.mjs";
import { COMMON, Frame } from "./ui/frame.mjs";

const { WORDS } = await import(`./training/words.${language()}.mjs`);

const REST = 80; // ms between two paintings of a run

/** @typedef {{data: {arms: import("./training/book.mjs").Arm[], stories: {name: string, choice: any}[]}}} Page */
/** @typedef {Record<string, any>} State by NAMES, and the metric */

class TrainingWidget extends /** @type {new () => Frame & State & Page} */ (Frame) {
  words = { ...COMMON, ...WORDS };
  names = [...NAMES, "metric"];
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

  build() {
    const { words } = this;
    this.data ??= JSON.parse(this.querySelector("script").textContent);
    this.client ??= new Client((message) => this.heard(message));
    this.choices = { optimizer: OPTIMIZERS, width: WIDTHS, seed: SEEDS, metric: ["nll", "accuracy"] };
    this.start = [...stateOf(this.data.stories[0].choice), "nll"];
    this.buttons = lay(this);
    const { test, train, yours: guess, published: tests, before: others } = words;
    this.plot = new LivePlot();
    this.plot.explain({ test, train, guess, tests, others });
    this.guess = new Guess(this.plot, (key) => this.drawn(key));
    this.pictures = new Pictures(words);
    this.news = {}; // what has come of the run since it was painted
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
    this.watches = [
      new ResizeObserver(() => this.draw()),
      new IntersectionObserver((seen) => seen.at(-1).isIntersecting || this.pause()),
    ];
    for (const watch of this.watches) watch.observe(this);
    this.away = () => document.hidden && this.pause();
    document.addEventListener("visibilitychange", this.away);
    this.scheme = new MutationObserver(() => this.pictures.repaint());
    this.scheme.observe(document.body, { attributeFilter: ["data-md-color-scheme"] });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const watch of [...this.watches, this.scheme]) watch.disconnect();
    document.removeEventListener("visibilitychange", this.away);
    clearTimeout(this.due);
    this.client.end();
  }

  // What the reader does.

  choose(/** @type {any} */ choice) {
    this.client.leave();
    this.take([...stateOf(choice), this.metric]);
  }

  begin() {
    const at = armOf(this.data.arms, this.choice),
      steps = at < 0 ? [] : this.data.arms[at].steps;
    const every = 10 * Math.ceil(this.choice.steps / 240); // steps between two measurements, which cost as much
    this.client.begin(settingsOf(this.choice), this.choice.steps, every, steps);
    this.paint();
  }

  press() {
    const { stage } = this.client;
    if (stage === "going") this.pause();
    else if (stage === "paused") this.client.go();
    else this.begin();
    this.paint();
  }

  pause() {
    if (this.client.stage !== "going") return;
    this.client.stop();
    this.paint();
  }

  /** The guess: the button begins it; once more, and the run shows what is right. */
  turn() {
    if (this.guess.drawing) {
      this.guess.reveal();
      this.begin();
    } else {
      this.client.leave();
      this.guess.begin([this.metric === "nll" ? Math.log(10) : 10, ...Array(this.plot.points.length - 1).fill(null)]);
      this.paint();
    }
  }

  escape() {
    if (!this.guess.values) return;
    this.guess.leave();
    this.paint();
    this.buttons.turning.focus();
  }

  /** Steps back as a hand would set them. */
  restore(/** @type {string[]} */ fields) {
    const was = this.state;
    this.take(fields);
    this.names.forEach((name, at) => was[at] === fields[at] || this.moved(name));
    this.paint();
  }

  reset() {
    this.guess.leave();
    this.client.leave();
    this.client.before = [];
    super.reset();
  }

  drawn(/** @type {string} */ key) {
    const { guess, words } = this;
    this.paint();
    if (!key || !guess.drawing) return;
    const x = `${words.steps} ${Math.round(this.plot.points[guess.point])}`;
    this.voice.say(fill(words.at, { x, y: shown(guess.values[guess.point], this.metric) }));
  }

  /** A setting was moved: a run goes on with it, but for a width or a seed, which begin another. */
  moved(/** @type {string} */ field) {
    const { client } = this;
    if (field === "metric" || client.stage === "idle") return;
    if (field === "width" || field === "seed") client.leave();
    else client.change(settingsOf(this.choice), this.choice.steps);
  }

  settle() {
    const { guess, client } = this;
    if (guess.values && client.stage === "idle") guess.leave();
  }

  heard(/** @type {any} */ message) {
    const { kind, images, answers, filters } = message;
    this.news = { ...this.news, ...(images && { images }), ...(answers && { answers }), ...(filters && { filters }) };
    if (["over", "failed"].includes(kind)) {
      this.paint();
      this.voice.say(this.line.textContent); // and nothing on the way
    } else this.due ||= setTimeout(() => this.draw(), REST);
  }

  // What it shows.

  paint() {
    super.paint();
    this.draw();
  }

  /** What changes as the run goes. */
  draw() {
    clearTimeout(this.due);
    this.due = 0;
    const { plot, client, guess, words, metric, arm, seed, pictures } = this,
      { images, answers, filters } = this.news;
    this.news = {};
    if (images) pictures.keep(images);
    if (answers) pictures.answer(answers);
    if (filters) pictures.show(filters);
    face(this);
    const laid = [this.choice.steps, metric, Math.max(280, Math.round(this.clientWidth))];
    if (this.laid !== laid.join()) plot.axes(laid[0], metric, laid[2], words.steps, words[`metric${metric}`]);
    this.laid = laid.join();
    plot.show({
      now: client.curves(metric),
      book: arm && published(arm, seed, metric),
      before: client.before.map((points) => client.curves(metric, points)),
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
