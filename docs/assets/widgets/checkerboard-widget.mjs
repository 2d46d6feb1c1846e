// <checkerboard-widget>: one kernel and its phases. What falls on a cell is counted and added up; the sum decides.
//
// The input is constant or a ramp, so that whatever pattern there is comes from the kernel. Layers on top of each other
// are one layer with a longer kernel and the product of the strides, and a gradient of convolutions is the same numbers
// again.

import { balancePhases, drawn, tent } from "./core/checkerboard.mjs";
import { zeros } from "./core/convolution.mjs";
import { range } from "./core/numbers.mjs";
import { boardSnippet } from "./core/snippet.mjs";
import { Board } from "./ui/board.mjs";
import { language, make } from "./ui/dom.mjs";
import { editor, fitted } from "./ui/fields.mjs";
import { button, COMMON } from "./ui/frame.mjs";
import { title, titled, Widget } from "./ui/widget.mjs";
import { wholes } from "./ui/state.mjs";
import { numbers } from "./checkerboard/numbers.mjs";
import { LEARNED } from "./checkerboard/learned.mjs";
import { Pictures } from "./checkerboard/pictures.mjs";
import { Tone } from "./checkerboard/tone.mjs";
import { paintBoards } from "./checkerboard/views.mjs";

const { WORDS } = await import(`./checkerboard/words.${language()}.mjs`);
const SCALE = 1000; // in the address a weight is a whole number of thousandths
const LARGEST = { 1: { n: 8, l: 3 }, 2: { n: 6, l: 2 } };
const text = (/** @type {RegExp} */ rule) => (/** @type {string} */ one) => (rule.test(one) ? one : null);

/**
 * @typedef {{axes: string, side: string, n: number, k: number, s: number, l: number, fill: string, w: string,
 *   even: string, pin: string, x: string}} State by its names, from the address; even is the order of the balance
 */
/** @typedef {ReturnType<typeof numbers>} Numbers */

class CheckerboardWidget extends /** @type {new () => Widget & State & Numbers} */ (Widget) {
  key = "checkerboard";
  words = { ...COMMON, ...WORDS };
  /** @type {import("./ui/widget.mjs").Sliders} */
  sliders = { n: ["n", "b", 1, 8], k: ["k", "a", 1, 6], s: ["s", "b", 1, 4], l: ["L", "c", 1, 3] };
  names = ["axes", "side", "n", "k", "s", "l", "fill", "w", "even", "pin", "x"];
  start = ["2", "up", "5", "4", "3", "1", "u", "", "0", "", "ones"];
  choices = {
    axes: ["1", "2"],
    side: ["up", "down"],
    fill: text(/^([ubl]|r\d{1,3})?$/),
    w: wholes(-99 * SCALE, 99 * SCALE, 36),
    even: ["0", "1", "2"],
    pin: text(/^(p\d{1,4})?$/),
    x: ["ones", "ramp"],
  };

  get largest() {
    return LARGEST[this.axes];
  }
  get right() {
    const face = (/** @type {number} */ value) => value.toFixed(6).replace(/^-(0\.0+)$/, "$1"),
      moments = this.moments?.flat();
    return new Set(this.sums.flat().map((sum, at) => face(sum) + (moments ? ` ${face(moments[at])}` : ""))).size;
  }
  get flat() {
    return this.axes === "1";
  }

  settle() {
    for (const name of "nl") this[name] = Math.min(this[name], this.largest[name]);
    if (this.fill === "l") {
      this.k = this.k === 3 ? 3 : 4; // what there is
      this.s = 2;
    }
    const { k, s, flat, fill } = this,
      rows = flat ? 1 : k;
    const own = () => fitted(this.w, rows, k, () => 1, SCALE),
      learned = (LEARNED[k] ?? []).map((row) => row.map((tap) => tap / SCALE));
    const seeded = () => fitted(drawn(Number(fill.slice(1)), rows * k).join("."), rows, k, () => 0);
    this.raw =
      fill === "l"
        ? flat
          ? [learned[k >> 1]]
          : learned
        : fill === "b"
          ? tent(k, s, flat ? 1 : 2)
          : fill[0] === "r"
            ? seeded()
            : fill === "u"
              ? zeros(rows, k).map((row) => row.fill(1))
              : own();
    if (fill) this.w = "";
    else
      this.w = this.raw
        .flat()
        .map((tap) => Math.round(tap * SCALE) + 0)
        .join(".");
    while (!this.can(this.even)) this.even = String(Number(this.even) - 1);
    const order = Number(this.even);
    this.kernel = order ? balancePhases(this.raw, [flat ? 1 : s, s], 1, order) : this.raw;
    Object.assign(this, numbers(this.kernel, this));
    if (this.pin && Number(this.pin.slice(1)) >= this.sums.flat().length) this.pin = "";
  }

  moved(field) {
    if ("axes k s l".includes(field)) this.pin = "";
    if ((field === "axes" || field === "k") && !this.fill) this.fill = "u"; // of another size it is another kernel
    if (this.fill === "l" && "ks".includes(field)) this.fill = field === "k" && LEARNED[this.k] ? "l" : "u";
  }

  /** Whether the kernel has taps enough to be balanced up to this order: order · (s − 1) + 1 along an axis. */
  can(/** @type {string} */ order) {
    return this.k > Number(order) * (this.s - 1);
  }

  /** An edited kernel is the reader's own, balanced or not. */
  edited() {
    this.fill = "";
    this.even = "0";
  }

  choose(fill) {
    this.fill = fill;
    this.even = "0";
    this.changed();
  }

  build() {
    const { words } = this,
      phase = (i, j) => this.pinned(`p${(this.flat ? 0 : i % this.period) * this.period + (j % this.period)}`);
    this.boards = { counts: new Board(phase), output: new Board(phase), phases: new Board(phase) };
    this.fields = editor(this, "kernel", "w", () => {}, SCALE);
    this.tone = new Tone();
    this.pictures = new Pictures(this);
    this.fills = Object.entries({ u: "ones", b: "bilinear", r: "random", l: "learned" }).map(([fill, name]) =>
      button(
        words[name],
        () =>
          this.choose(fill === "r" ? `r${this.fill[0] === "r" ? (Number(this.fill.slice(1)) + 1) % 1000 : 0}` : fill),
        { "data-fill": fill },
      ),
    );
    this.short = make("span", { id: `${this.key}-short` });
    this.balancing = ["1", "2"].map((order) =>
      button(
        words[`balance${order}`],
        () => {
          this.even = this.even === order ? "0" : order;
          this.changed();
        },
        { "data-order": order, "aria-describedby": this.short.id },
      ),
    );
    this.player = button(words.tone, () => this.listen());
    this.line = make("p", { class: "widget__line" });
    this.heads = { counts: make("span"), output: make("span"), phases: make("span"), spectrum: title() };
    this.plot = make("svg:svg", { class: "widget-plot", role: "img" });
    this.views = make(
      "div",
      { class: "widget-views" },
      make("form", { class: "widget__controls widget-fills" }, ...this.fills, ...this.balancing, this.short),
      make(
        "div",
        { class: "widget-row" },
        titled(words.kernel, this.fields),
        titled(this.heads.phases, this.boards.phases.box),
      ),
      this.line,
      make(
        "div",
        { class: "widget-row" },
        titled(this.heads.counts, this.boards.counts.box),
        titled(this.heads.output, this.boards.output.box),
      ),
      this.heads.spectrum,
      this.plot,
      make("form", { class: "widget__controls widget-fills" }, this.player),
      this.pictures.box,
    );
    this.lay([this.group("axes"), this.group("side"), this.group("x")], [this.views]);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.tone.end();
  }

  stop() {
    this.tone?.stop();
    if (this.player) this.player.textContent = this.words.tone;
  }

  listen() {
    if (this.tone.playing) {
      this.stop();
      return;
    }
    const inside = this.pattern[0]; // one period of a line, well inside
    this.tone.play(
      range(64).flatMap(() => inside),
      () => this.stop(),
    );
    this.player.textContent = this.words.silence;
  }

  program() {
    return boardSnippet(this.kernel, this.input, this.s, this.l, this.y, this.straight);
  }

  show() {
    this.pictures.paint();
    return paintBoards(this);
  }
}

customElements.define("checkerboard-widget", CheckerboardWidget);
