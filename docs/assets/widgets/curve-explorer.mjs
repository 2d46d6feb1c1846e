// <curve-explorer>: training curves of a result, arm by arm, to move through and to guess at.
//
// Its data stand in the page as JSON, put there when the site is built (hooks/explorer.py); the picture below them is
// what shows without JavaScript. All seeds are thin lines, their median a thick one; training is blue, the test red,
// and the gap between the two is shaded.

import { band, breaksAt, distance, diverged, domain, medians, path, scale, ticks } from "./core/curves.mjs";
import { announcer, fill, language, make, radios as group, table } from "./ui/dom.mjs";
import { readState, writeState } from "./ui/state.mjs";

const [{ COMMON }, { WORDS }] = await Promise.all(
  ["ui", "curves"].map((folder) => import(`./${folder}/words.${language()}.mjs`)),
);
const HEIGHT = 320,
  MARGIN = { top: 14, right: 12, bottom: 40, left: 50 };

/** @typedef {{series: string, metric: string, axis: string}} Choice what read() unpacks */

class CurveExplorer extends /** @type {new () => HTMLElement & Choice} */ (HTMLElement) {
  connectedCallback() {
    if (this.data) return; // moved, not made
    this.data = JSON.parse(this.querySelector("script").textContent);
    this.words = { ...COMMON, ...WORDS };
    this.choices = [
      this.data.series.map((_, at) => String(at)),
      [...Array(Math.max(...this.data.series.map(({ arms }) => arms.length))).keys()].map(String),
      this.data.metrics.map(({ id }) => id),
      ["steps", "epochs"],
      ["seeds", "median"],
    ];
    this.start = ["0", String(this.data.start), this.data.metrics[0].id, this.data.axis, "seeds"];
    this.build();
    this.follow = () => {
      this.read();
      this.frame();
    };
    addEventListener("popstate", this.follow);
    this.watch = new ResizeObserver(() => this.frame());
    this.watch.observe(this);
    this.read();
    this.frame();
  }

  disconnectedCallback() {
    removeEventListener("popstate", this.follow);
    this.watch?.disconnect();
    this.voice?.stop();
    this.data = null;
  }

  /** The key of this figure in the address. */
  get key() {
    return `curves-${this.dataset.name}`;
  }

  read() {
    [this.series, this.arm, this.metric, this.axis, this.lines] = readState(this.key, this.choices, this.start);
    this.arm = String(Math.min(Number(this.arm), this.arms.length - 1));
    this.show();
  }

  show() {
    for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (this.form.querySelectorAll("input[type=radio]")))
      box.checked = box.value === this[box.dataset.field];
    this.slider.max = String(this.arms.length - 1);
    this.slider.value = this.arm;
    this.each.checked = this.lines === "seeds";
  }

  get arms() {
    return this.data.series[Number(this.series)].arms;
  }
  get here() {
    return this.arms[Number(this.arm)];
  }
  get unit() {
    return this.data.metrics.find(({ id }) => id === this.metric);
  }

  /** A number of the metric as the page prints it. */
  number(value, unit = this.unit.unit) {
    if (value === null) return this.words.none;
    return value.toFixed(Math.abs(value) < 1000 ? this.unit.digits : 0).replace("-", "−") + unit;
  }

  /** The metric with its unit. */
  get title() {
    const unit = this.unit.unit.trim();
    return this.unit.name + (unit ? ` (${unit})` : "");
  }

  build() {
    const { words, data } = this;
    const radios = (/** @type {[field: string, legend: string, options: string[][]]} */ ...face) =>
      group(this.key, ...face);
    this.slider = make("input", { type: "range", min: 0, step: 1, id: `${this.key}-slider`, autocomplete: "off" });
    this.value = make("output", { for: this.slider.id });
    this.each = make("input", { type: "checkbox", autocomplete: "off" });
    this.button = make("button", { type: "button", "aria-pressed": "false" }, words.guess);
    this.form = make(
      "form",
      { class: "widget__controls", autocomplete: "off" },
      make(
        "p",
        { class: "widget__slider" },
        make("label", { for: this.slider.id }, `${data.parameter} `, this.value),
        this.slider,
      ),
      make(
        "p",
        { class: "widget__row" },
        ...(data.series.length > 1
          ? [
              radios(
                "series",
                data.group,
                data.series.map(({ name }, at) => [String(at), name]),
              ),
            ]
          : []),
        ...(data.metrics.length > 1
          ? [
              radios(
                "metric",
                words.metric,
                data.metrics.map(({ id, name }) => [id, name]),
              ),
            ]
          : []),
        radios("axis", words.axis, [
          ["steps", words.steps],
          ["epochs", words.epochs],
        ]),
      ),
      make("p", { class: "widget__row" }, make("label", {}, this.each, ` ${words.seeds}`), this.button),
    );
    this.parts = Object.fromEntries(
      ["grid", "others", "gap", "trains", "tests", "train", "test", "broken", "guess"].map((name) => [
        name,
        make(name === "grid" || name === "broken" ? "svg:g" : "svg:path", { class: `curve-${name}` }),
      ]),
    );
    this.plot = make(
      "svg:svg",
      { class: "curve-plot", role: "img", tabindex: "-1", height: HEIGHT },
      ...Object.values(this.parts),
    );
    const legend = make(
      "p",
      { class: "widget__legend", "aria-hidden": "true" },
      ...["test", "train", "others"].flatMap((name) => [make("i", { class: `curve-key-${name}` }), `${words[name]} `]),
    );
    this.line = make("p", { class: "widget__line" });
    const live = make("p", { class: "book-unseen", role: "status" });
    this.voice = announcer(live);
    this.twin = make("details", { class: "widget__table" }, make("summary", {}, words.table));
    this.replaceChildren(this.form, this.plot, legend, this.line, live, this.twin);
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("input", () => this.changed());
    this.button.addEventListener("click", () => this.turn());
    this.twin.addEventListener("toggle", () => this.tell());
    this.plot.addEventListener("pointerdown", (event) => this.drag(event));
    this.plot.addEventListener("pointermove", (event) => event.buttons && this.drag(event));
    this.plot.addEventListener("keydown", (event) => this.key_(event));
  }

  changed() {
    for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (
      this.form.querySelectorAll("input[type=radio]:checked")
    ))
      this[box.dataset.field] = box.value;
    this.arm = String(Math.min(Number(this.slider.value), this.arms.length - 1));
    this.lines = this.each.checked ? "seeds" : "median";
    this.show();
    writeState(this.key, [this.series, this.arm, this.metric, this.axis, this.lines], this.start);
    this.frame();
    if (!this.guess) return;
    if (this.revealed) this.leave();
    else this.begin();
    this.paint();
  }

  /** Axes for all arms of the series: while only the slider moves, they stay, and the curves alone are painted. */
  frame() {
    const wide = Math.max(280, Math.round(this.clientWidth));
    const framed = [this.series, this.metric, this.axis, wide].join();
    if (framed === this.framed) {
      this.paint();
      return;
    }
    this.framed = framed;
    const points = (arm) => arm.steps.map((step) => (this.axis === "epochs" ? step / arm.epoch : step));
    const all = this.arms.map((arm) => [medians(arm.test[this.metric]), medians(arm.train[this.metric])]);
    const ends = domain(all.flat());
    // Equal budgets: as far as the arm goes that ends first.
    const last = Math.min(...this.arms.map((arm) => points(arm).at(-1)));
    this.last = last;
    this.x = scale([0, last], [MARGIN.left, wide - MARGIN.right]);
    this.y = scale(ends, [HEIGHT - MARGIN.bottom, MARGIN.top]);
    this.fromY = (pixel) =>
      ends[0] + ((HEIGHT - MARGIN.bottom - pixel) / (HEIGHT - MARGIN.bottom - MARGIN.top)) * (ends[1] - ends[0]);
    this.points = points;
    this.all = all;
    this.ends = ends;
    this.plot.setAttribute("width", String(wide));
    this.plot.setAttribute("viewBox", `0 0 ${wide} ${HEIGHT}`);
    const words = (x, y, text, anchor) => make("svg:text", { x, y, "text-anchor": anchor }, text);
    const across = ticks([0, last], wide < 420 ? 4 : 7),
      up = ticks(ends, 5);
    this.parts.grid.replaceChildren(
      ...up.flatMap((at) => [
        make("svg:line", { x1: MARGIN.left, x2: wide - MARGIN.right, y1: this.y(at), y2: this.y(at) }),
        words(MARGIN.left - 6, this.y(at) + 4, String(Number(at.toPrecision(6))), "end"),
      ]),
      ...across.map((at) =>
        words(this.x(at), HEIGHT - MARGIN.bottom + 18, String(Number(at.toPrecision(6))), "middle"),
      ),
      words(wide - MARGIN.right, HEIGHT - 4, this.words[this.axis], "end"),
      words(4, HEIGHT - 4, this.title, "start"),
    );
    this.paint();
  }

  /** Points of an arm within the axis, in pixels; its curves cut likewise. */
  within(arm) {
    const at = this.points(arm);
    const count = at.filter((point) => point <= this.last + 1e-9).length;
    return { count, x: at.slice(0, count).map(this.x) };
  }

  paint() {
    const { parts, metric, words } = this,
      arm = this.here,
      hidden = this.guess && !this.revealed;
    const { count, x } = this.within(arm);
    const pixels = (curve) => curve.slice(0, count).map((value) => (value === null ? null : this.y(value)));
    const draw = (name, data) => parts[name].setAttribute("d", data);
    const tests = arm.test[metric],
      trains = arm.train[metric];
    const [test, train] = this.all[Number(this.arm)];
    draw(
      "others",
      this.arms
        .map((other, at) => {
          const cut = this.within(other);
          return path(
            cut.x,
            this.all[at][0].slice(0, cut.count).map((value) => (value === null ? null : this.y(value))),
          );
        })
        .join(""),
    );
    const seeds = (curves) =>
      this.lines === "seeds" && !hidden ? curves.map((curve) => path(x, pixels(curve))).join("") : "";
    draw("tests", seeds(tests));
    draw("trains", seeds(trains));
    draw("test", hidden ? "" : path(x, pixels(test)));
    draw("train", hidden ? "" : path(x, pixels(train)));
    draw("gap", hidden ? "" : band(x, pixels(test), pixels(train)));
    parts.others.toggleAttribute("hidden", Boolean(hidden));
    parts.broken.replaceChildren(
      ...(hidden ? [] : tests.map(breaksAt).filter((at) => at >= 0 && at < count)).map((at) =>
        make("svg:text", { x: x[at], y: MARGIN.top + 10, "text-anchor": "middle" }, "✕"),
      ),
    );
    draw("guess", this.guess ? path(x, this.guess.slice(0, count).map(this.y)) : "");
    this.value.textContent = arm.label;
    this.slider.setAttribute("aria-valuetext", arm.label);
    const lost = diverged(tests),
      n = tests.length;
    const state = lost ? fill(words.broken, { k: lost, n }) : fill(words.whole, { n });
    const end = fill(words.end, { test: this.number(test[count - 1]), train: this.number(train[count - 1]) });
    const sentence = hidden
      ? words.guessing
      : [this.off(test), state, end].filter(Boolean).join(language() === "zh" ? "；" : "; ");
    this.line.textContent = sentence;
    this.plot.setAttribute("aria-label", `${this.unit.name}, ${this.data.parameter} ${arm.label}: ${sentence}`);
    this.voice.say(`${arm.label}: ${sentence}`);
    this.tell();
  }

  /** The table, for whoever does not see the plot; made when it is open. */
  tell() {
    if (!this.twin.open || (this.guess && !this.revealed)) {
      this.twin.querySelector("table")?.remove();
      return;
    }
    const { words, metric } = this,
      arm = this.here,
      [test, train] = this.all[Number(this.arm)];
    const head = [
      words[this.axis],
      fill(words.median, { part: words.test }),
      fill(words.median, { part: words.train }),
      words.range,
    ];
    const rows = this.points(arm).map((at, point) => {
      const there = arm.test[metric].map((seed) => seed[point]).filter((value) => value !== null);
      const range = there.length
        ? `${this.number(Math.min(...there), "")} … ${this.number(Math.max(...there), "")}`
        : words.none;
      return [String(Number(at.toPrecision(4))), this.number(test[point], ""), this.number(train[point], ""), range];
    });
    this.twin.querySelector("table")?.remove();
    this.twin.append(table(`${this.title}, ${this.data.parameter} ${arm.label}`, head, rows));
  }

  // Guessing: the button begins, reveals, and begins anew; another setting, once revealed, or Escape leaves it.

  turn() {
    if (!this.guess || this.revealed) this.begin();
    else {
      this.revealed = true;
      this.mode("again", false);
    }
    this.paint();
  }

  begin() {
    const [test] = this.all[Number(this.arm)];
    const first = test[0] ?? (this.ends[0] + this.ends[1]) / 2;
    this.guess = this.here.steps.map(() => first);
    this.revealed = false;
    this.point = 0;
    this.mode("reveal", true);
  }

  leave() {
    this.guess = null;
    this.mode("guess", false);
  }

  /** What the button says, and whether the plot is there to draw on. */
  mode(word, drawing) {
    this.button.textContent = this.words[word];
    this.button.setAttribute("aria-pressed", String(drawing));
    this.plot.setAttribute("tabindex", drawing ? "0" : "-1");
  }

  off(test) {
    if (!this.guess) return "";
    const { count } = this.within(this.here);
    const apart = distance(this.guess.slice(0, count), test.slice(0, count));
    return apart === null ? "" : fill(this.words.off, { d: this.number(apart) });
  }

  drag(event) {
    if (!this.guess || this.revealed) return;
    event.preventDefault();
    const { left, top, width } = this.plot.getBoundingClientRect();
    const ratio = Number(this.plot.getAttribute("width")) / width;
    const at = (event.clientX - left) * ratio,
      { x } = this.within(this.here);
    const nearest = x.reduce((best, place, point) => (Math.abs(place - at) < Math.abs(x[best] - at) ? point : best), 0);
    const value = Math.min(this.ends[1], Math.max(this.ends[0], this.fromY((event.clientY - top) * ratio)));
    // A quick hand skips points: those between the last and this one follow a straight line; those after stay level.
    const from = event.type === "pointermove" ? this.point : nearest,
      before = this.guess[from];
    for (let point = Math.min(from, nearest); point <= Math.max(from, nearest); point += 1) {
      const share = from === nearest ? 1 : (point - from) / (nearest - from);
      this.guess[point] = before + share * (value - before);
    }
    for (let point = Math.max(from, nearest) + 1; point < this.guess.length; point += 1) this.guess[point] = value;
    this.point = nearest;
    this.paint();
  }

  key_(event) {
    if (!this.guess || this.revealed) return;
    if (event.key === "Escape") {
      this.leave();
      this.paint();
      return;
    }
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!moves) return;
    event.preventDefault();
    const { count } = this.within(this.here),
      step = (this.ends[1] - this.ends[0]) / 40;
    this.point = Math.min(count - 1, Math.max(0, this.point + moves[0]));
    if (moves[1]) {
      const value = Math.min(this.ends[1], Math.max(this.ends[0], this.guess[this.point] + moves[1] * step));
      this.guess.fill(value, this.point);
    }
    this.paint();
    const x = Number(this.points(this.here)[this.point].toPrecision(4));
    this.voice.say(fill(this.words.at, { x: `${this.words[this.axis]} ${x}`, y: this.number(this.guess[this.point]) }));
  }
}

customElements.define("curve-explorer", CurveExplorer);
