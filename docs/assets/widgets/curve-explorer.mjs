// <curve-explorer>: training curves of a result, arm by arm, to move through and to guess at.
//
// Its data stand in the page as JSON, put there when the site is built (hooks/explorer.py); the picture below them is
// what shows without JavaScript. All seeds are thin lines, their median a thick one; training is blue, the test red,
// and the gap between the two is shaded.

import { diverged, distance, medians } from "./core/curves.mjs";
import { Guess } from "./curves/guess.mjs";
import { Plot } from "./curves/plot.mjs";
import { fill, language, make } from "./ui/dom.mjs";
import { button, COMMON, Frame } from "./ui/frame.mjs";

const { WORDS } = await import(`./curves/words.${language()}.mjs`);

const short = (/** @type {number} */ value) => String(Number(value.toPrecision(4)));

/** @typedef {{series: string, arm: number, metric: string, axis: string, lines: string}} State by its names */
/** @typedef {{data: any}} Given by hooks/explorer.py */

class CurveExplorer extends /** @type {new () => Frame & State & Given} */ (Frame) {
  words = { ...COMMON, ...WORDS };
  names = ["series", "arm", "metric", "axis", "lines"];

  get key() {
    return `curves-${this.dataset.name}`;
  }
  get arms() {
    return this.data.series[Number(this.series)].arms;
  }
  get largest() {
    return { arm: this.arms.length - 1 };
  }
  get unit() {
    return this.data.metrics.find(({ id }) => id === this.metric);
  }
  get seeds() {
    const { test, train } = this.arms[this.arm];
    return { tests: test[this.metric], trains: train[this.metric] };
  }

  /** A number of the metric as the page prints it. */
  number(value, unit = this.unit.unit) {
    if (value === null) return this.words.none;
    return value.toFixed(Math.abs(value) < 1000 ? this.unit.digits : 0).replace("-", "−") + unit;
  }

  /** The metric with its unit. */
  get name() {
    const unit = this.unit.unit.trim();
    return this.unit.name + (unit ? ` (${unit})` : "");
  }

  build() {
    const data = (this.data ??= JSON.parse(this.querySelector("script").textContent)), // once, when the page is there
      { words } = this,
      counts = data.series.map(({ arms }) => arms.length),
      most = Math.max(...counts) - 1;
    this.choices = {
      series: counts.map((_, at) => String(at)),
      arm: [...Array(most + 1).keys()].map(String),
      metric: data.metrics.map(({ id }) => id),
      axis: ["steps", "epochs"],
      lines: ["seeds", "median"],
    };
    this.start = ["0", String(data.start), data.metrics[0].id, data.axis, "seeds"];
    const several = (field, legend, faces) => (faces.length > 1 ? [this.group(field, legend, faces)] : []);
    const names = (all) => all.map(({ name }) => name);
    this.turning = button(words.guess, () => this.turn(), { "aria-pressed": "false" });
    this.tools.prepend(
      make(
        "label",
        {},
        make("input", { type: "checkbox", autocomplete: "off", "data-field": "lines" }),
        ` ${words.seeds}`,
      ),
      this.turning,
    );
    this.controls(
      this.slider("arm", 0, most, `${data.parameter} `),
      make(
        "p",
        { class: "widget__row" },
        ...several("series", data.group, names(data.series)),
        ...several("metric", words.metric, names(data.metrics)),
        this.group("axis", words.axis, [words.steps, words.epochs]),
      ),
    );
    const { test, train, others, yours: guess, lost: broken } = words;
    this.plot = new Plot();
    this.plot.explain({ test, train, others, guess, broken });
    this.laid = "";
    this.guess = new Guess(this.plot, (key) => this.drawn(key));
    this.line = make("p", { class: "widget__line" });
    this.replaceChildren(
      make("div", { class: "widget__stage" }, this.plot.box, this.plot.legend, this.form),
      this.line,
      this.voice.box,
      this.twin,
    );
    this.watch = new ResizeObserver(() => {
      this.lay();
      this.paint();
    });
    this.watch.observe(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.watch.disconnect();
  }

  settle() {
    this.arm = Math.min(this.arm, this.largest.arm);
    this.lay();
    if (this.guess.revealed) this.guess.leave();
    else if (this.guess.drawing) this.guess.begin(this.curve.test);
  }

  /** Axes for all arms of the series: while only the slider moves, they stay, and the curves alone are painted. */
  lay() {
    const wide = Math.max(280, Math.round(this.clientWidth)),
      laid = [this.series, this.metric, this.axis, wide].join();
    if (laid !== this.laid) {
      this.curves = this.arms.map((arm) => ({
        x: arm.steps.map((step) => (this.axis === "epochs" ? step / arm.epoch : step)),
        test: medians(arm.test[this.metric]),
        train: medians(arm.train[this.metric]),
      }));
      this.plot.lay(this.curves, wide, this.words[this.axis], this.name);
    }
    this.laid = laid;
  }

  get curve() {
    return this.curves[this.arm];
  }

  paint() {
    super.paint();
    const { words, curve, plot, guess } = this,
      { label } = this.arms[this.arm],
      hidden = guess.drawing,
      sentence = hidden ? words.guessing : this.sentence();
    this.slides.arm.value.textContent = label;
    this.slides.arm.input.setAttribute("aria-valuetext", label);
    plot.paint({ ...this.seeds, each: this.lines === "seeds", hidden, curve, all: this.curves, guess: guess.values });
    this.turning.textContent = words[guess.state];
    this.turning.setAttribute("aria-pressed", String(hidden));
    this.line.textContent = sentence;
    plot.box.setAttribute("aria-label", `${this.unit.name}, ${this.data.parameter} ${label}: ${sentence}`);
    const said = `${label}: ${sentence}`;
    if (this.said && said !== this.said) this.voice.say(said); // nothing is said on arrival
    this.said = said;
    if (hidden) this.twin.querySelector(".widget-scroll")?.remove();
    else this.tabulate(() => this.told(label));
  }

  /** How far off the guess is, how many seeds diverged, and where the curves end. */
  sentence() {
    const { words, curve, guess } = this,
      { tests } = this.seeds,
      n = tests.length,
      k = diverged(tests),
      count = this.plot.within(curve).length,
      [, end] = this.plot.ends,
      [said, right] = [guess.values ?? [], curve.test].map((values) => values.slice(0, count)),
      apart = guess.revealed ? distance(said, right, end) : null;
    const parts = [
      apart === null ? "" : fill(words.off, { d: this.number(apart) }) + (Math.max(...right) > end ? words.cut : ""),
      fill(k ? words.broken : words.whole, { k, n }),
      fill(words.end, { test: this.number(curve.test[count - 1]), train: this.number(curve.train[count - 1]) }),
    ];
    return parts.filter(Boolean).join(language() === "zh" ? "；" : "; ");
  }

  /**
   * The table.
   * @returns {[caption: string, head: string[], rows: string[][]]}
   */
  told(label) {
    const { words, curve } = this,
      { tests } = this.seeds,
      median = (part) => fill(words.median, { part });
    const rows = curve.x.map((at, point) => {
      const there = tests.map((seed) => seed[point]).filter((value) => value !== null),
        ends = [Math.min(...there), Math.max(...there)].map((value) => this.number(value, ""));
      return [
        short(at),
        this.number(curve.test[point], ""),
        this.number(curve.train[point], ""),
        there.length ? ends.join(" … ") : words.none,
      ];
    });
    return [
      `${this.name}, ${this.data.parameter} ${label}`,
      [words[this.axis], median(words.test), median(words.train), words.range],
      rows,
    ];
  }

  // Guessing: the button begins, reveals, and begins anew; another setting, once revealed, or Escape leaves it.

  turn() {
    if (this.guess.drawing) this.guess.reveal();
    else this.guess.begin(this.curve.test);
    this.paint();
  }

  escape() {
    if (!this.guess.values) return;
    this.guess.leave();
    this.paint();
    this.turning.focus();
  }

  /** After a change of the guess; what a key has done is said. */
  drawn(key) {
    const { guess, words } = this;
    this.paint();
    if (!key || !guess.drawing) return;
    const x = `${words[this.axis]} ${short(this.curve.x[guess.point])}`;
    this.voice.say(fill(words.at, { x, y: this.number(guess.values[guess.point]) }));
  }
}

customElements.define("curve-explorer", CurveExplorer);
