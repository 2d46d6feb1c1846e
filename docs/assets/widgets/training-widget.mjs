// <training-widget>: the book's network, trained on garments in the page by the reader, who may turn everything as it
// goes.
//
// What the book has published of this section stands in the page as JSON (hooks/training.py); images are fetched, and a
// worker starts, when a run is asked for. Out of sight, it stops.

import { distance } from "./core/curves.mjs";
import { Guess } from "./curves/guess.mjs";
import { apart, armOf, published } from "./training/book.mjs";
import { Client } from "./training/client.mjs";
import { Pictures } from "./training/pictures.mjs";
import { LivePlot } from "./training/plot.mjs";
import { choiceOf, NAMES, OPTIMIZERS, program, SEEDS, settingsOf, stateOf, STOPS, WIDTHS } from "./training/settings.mjs";
import { copying } from "./ui/copy.mjs";
import { fill, language, make } from "./ui/dom.mjs";
import { button, COMMON, Frame } from "./ui/frame.mjs";

const { WORDS } = await import(`./training/words.${language()}.mjs`);

const EVERY = 10, // steps between two measurements
  PER_CENT = ["dropout", "noise"],
  TESTS = 500;

/** @typedef {{data: {arms: import("./training/book.mjs").Arm[], stories: {name: string, choice: any}[]}}} Page */
/** @typedef {Record<string, any>} State by NAMES, and the metric */

class TrainingWidget extends /** @type {new () => Frame & State & Page} */ (Frame) {
  words = { ...COMMON, ...WORDS };
  names = [...NAMES, "metric"];
  largest = {};

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
    const slider = (/** @type {string} */ name) => this.slider(name, 0, STOPS[name].length - 1, `${words[name]} `),
      row = (/** @type {Node[]} */ ...parts) => make("p", { class: "widget__row" }, ...parts);
    this.arms = make(
      "select",
      { id: `${this.key}-arm`, autocomplete: "off" },
      ...[words.own, ...this.data.arms.map(({ label }) => label)].map((label, at) =>
        make("option", { value: at - 1 }, label),
      ),
    );
    this.arms.addEventListener("input", (event) => {
      event.stopPropagation(); // it is no field: it sets several
      const arm = this.data.arms[Number(this.arms.value)];
      if (arm) this.choose({ ...arm.choice, seed: this.seed });
    });
    this.going = button(words.start, () => this.press());
    this.anew = button(words.anew, () => this.begin());
    this.turning = button(words.guess, () => this.turn(), { "aria-pressed": "false" });
    this.copier = copying(this, () => program(this.choice));
    this.controls(
      row(
        make("span", { class: "widget-soft" }, words.stories),
        ...this.data.stories.map(({ name, choice }) => button(name, () => this.choose(choice))),
      ),
      make("div", { class: "widget__sliders" }, ...["rate", "batch", "decay"].map(slider)),
      row(this.group("optimizer")),
      make(
        "details",
        { class: "widget__more" },
        make("summary", {}, words.more),
        make("div", { class: "widget__sliders" }, ...["images", "noise", "dropout", "shift", "steps"].map(slider)),
        row(
          this.group("width", words.width, WIDTHS.map((one) => `×${one}`)),
          this.group("seed", words.seed, SEEDS),
          this.group("metric", words.metric, ["nll", "accuracy"].map((one) => words[`metric${one}`])),
        ),
      ),
      row(
        this.going,
        this.anew,
        this.turning,
        this.copier.button,
        ...(this.data.arms.length ? [make("label", { for: this.arms.id }, words.book, this.arms)] : []),
      ),
    );
    const legend = [
      ...["test", "train"].flatMap((name) => [make("i", { class: `curve-key-${name}` }), `${words[name]} `]),
      `${words.published} · ${words.before}`,
    ];
    this.plot = new LivePlot();
    this.guess = new Guess(this.plot, (key) => this.drawn(key));
    this.pictures = new Pictures(words);
    this.line = make("p", { class: "widget__line" });
    this.replaceChildren(
      this.form,
      this.copier.code,
      this.plot.box,
      make("p", { class: "widget__legend", "aria-hidden": "true" }, ...legend),
      this.line,
      this.pictures.box,
      this.voice.box,
      this.twin,
    );
    this.watches = [
      Object.assign(new ResizeObserver(() => this.paint()), { what: "size" }),
      new IntersectionObserver(([{ isIntersecting }]) => isIntersecting || this.pause()),
    ];
    for (const watch of this.watches) watch.observe(this);
    this.away = () => document.hidden && this.pause();
    document.addEventListener("visibilitychange", this.away);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const watch of this.watches) watch.disconnect();
    document.removeEventListener("visibilitychange", this.away);
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
    this.client.begin(settingsOf(this.choice), this.choice.steps, EVERY, steps);
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

  drawn(/** @type {string} */ key) {
    const { guess, words } = this;
    this.paint();
    if (!key || !guess.drawing) return;
    const x = `${words.steps} ${Math.round(this.plot.points[guess.point])}`;
    this.voice.say(fill(words.at, { x, y: this.number(guess.values[guess.point]) }));
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
    if (message.kind === "images") this.pictures.keep(message.test);
    if (message.answers) this.pictures.answer(message.answers);
    if (message.filters) this.pictures.show(message.filters);
    this.paint();
    if (["over", "failed"].includes(message.kind)) this.voice.say(this.line.textContent); // and nothing on the way
  }

  // What it shows.

  number(/** @type {number | null} */ value, metric = this.metric) {
    if (value === null || !Number.isFinite(value)) return this.words.none;
    return metric === "nll" ? value.toFixed(3) : `${value.toFixed(1)}%`;
  }

  faces() {
    const { choice } = this;
    for (const name of Object.keys(STOPS)) {
      const { input, value } = this.slides[name],
        shown = PER_CENT.includes(name) ? `${Math.round(100 * choice[name])}%` : String(choice[name]);
      value.textContent = shown;
      input.setAttribute("aria-valuetext", shown);
    }
    this.arms.value = String(armOf(this.data.arms, choice));
    const { stage } = this.client;
    this.going.textContent = this.words[{ going: "pause", paused: "resume" }[stage] ?? "start"];
    this.going.disabled = stage === "loading" || this.guess.drawing;
    this.anew.hidden = !["going", "paused"].includes(stage);
    this.turning.textContent = this.words[this.guess.state];
    this.turning.setAttribute("aria-pressed", String(this.guess.drawing));
  }

  paint() {
    super.paint();
    const { plot, client, guess, words, metric, arm, seed } = this,
      wide = Math.max(280, Math.round(this.clientWidth));
    this.faces();
    plot.axes(this.choice.steps, metric, wide, words.steps, words[`metric${metric}`]);
    plot.show({
      now: client.curves(metric),
      book: arm && published(arm, seed, metric),
      before: client.before.map((points) => client.curves(metric, points)),
      hidden: guess.drawing,
      guess: guess.values,
    });
    this.line.textContent = guess.drawing ? words.guessing : this.sentences().join(language() === "zh" ? "" : " ");
    plot.box.setAttribute("aria-label", this.line.textContent);
    this.tabulate(() => this.told());
  }

  /** Where the run is; how it died; how far it is from the book's. */
  sentences() {
    const { client, words, choice, guess } = this,
      last = client.points.at(-1),
      end = language() === "zh" ? "。" : ".";
    if (client.stage === "failed") return [fill(words.failed, { why: client.why })];
    if (client.stage === "loading") return [words.loading];
    if (!last) return [fill(words.ready, { n: this.size(), images: choice.images })];
    const now = { step: client.step, steps: choice.steps, train: this.number(last.train[this.metric]) };
    const parts = [
      fill(words.now, { ...now, test: this.number(last.test[this.metric]) }),
      fill(words.norm, { norm: client.norm === null ? words.none : Number(client.norm.toPrecision(3)) }),
      fill(words.units, last),
      fill(words.calibration, { ece: this.number(last.test.ece, "accuracy") }),
    ];
    const said = [parts.join(language() === "zh" ? "；" : "; ") + end];
    if (client.why) said.push(fill(words.lost, { step: client.step }));
    else if (last.silent) said.push(words.dumb);
    if (client.mixed) said.push(words.mixed);
    if (this.arm) said.push(this.compared());
    if (guess.values && client.stage === "over") {
      const { x, test } = client.curves(this.metric),
        far = distance(guess.values, this.plot.sampled(x, test));
      said.push(fill(words.off, { d: this.number(far) }));
    }
    return said;
  }

  compared() {
    const { arm, client, seed, words } = this,
      { points, nll, accuracy } = apart(arm, seed, client.points),
      d = nll < 1e-3 ? nll.toExponential(0) : this.number(nll, "nll");
    return fill(words.same, { seed, points, d, a: this.number(accuracy, "accuracy"), tests: TESTS });
  }

  /** Parameters of the network: of the book's 52,266. */
  size() {
    const [one, two, hidden] = [8, 16, 64].map((units) => Math.round(units * Number(this.width)));
    const count = one * 26 + two * (one * 9 + 1) + hidden * (49 * two + 1) + 10 * (hidden + 1);
    return count.toLocaleString("en");
  }

  /**
   * The table.
   * @returns {[caption: string, head: string[], rows: string[][]]}
   */
  told() {
    const { words, client, metric } = this;
    const rows = client.points.map(({ step, train, test, dead }) => [
      String(step),
      this.number(train[metric]),
      this.number(test[metric]),
      String(dead),
    ]);
    return [words[`metric${metric}`], [words.steps, words.train, words.test, words.deadUnits], rows];
  }
}

customElements.define("training-widget", TrainingWidget);
