// <standard-widget>: one convolution, or cross-correlation, on numbers or on a photograph; an output is written out.

import { conv, convOutputSize, rotate } from "./core/convolution.mjs";
import { convSnippet } from "./core/snippet.mjs";
import { Board } from "./ui/board.mjs";
import { language, make } from "./ui/dom.mjs";
import { editor, fitted } from "./ui/fields.mjs";
import { button, COMMON } from "./ui/frame.mjs";
import { first, title, titled, Widget } from "./ui/widget.mjs";
import { wholes } from "./ui/state.mjs";
import { SIDE, photograph } from "./ui/photograph.mjs";
import { paintWindow } from "./standard/views.mjs";

const { WORDS } = await import(`./standard/words.${language()}.mjs`);
const KERNELS = {
  sobel: "-1.-2.-1.0.0.0.1.2.1",
  across: "-1.0.1.-2.0.2.-1.0.1",
  laplace: "0.1.0.1.-4.1.0.1.0",
  blur: "1.2.1.2.4.2.1.2.1",
};
const FIRST = ["yes", "numbers", "3", "3", "1", "1", "", KERNELS.sobel, "o0"]; // the source's −13
const SECOND = ["no", "numbers", "3", "3", "0", "1", "0.0.0.0.1.1.0.1.2", "4.0.0.0.0.0.0.0.-4", "o0"]; // its −8
const values = wholes(-99, 99, 49);

/**
 * @typedef {{turn: string, on: string, n: number, k: number, p: number, s: number, x: string, w: string,
 *   pin: string}} State by its names, from the address
 */

class StandardWidget extends /** @type {new () => Widget & State} */ (Widget) {
  key = "convolution";
  words = { ...COMMON, ...WORDS };
  /** @type {import("./ui/widget.mjs").Sliders} */
  sliders = { n: ["n", "b", 2, 7], k: ["k", "a", 1, 5], p: ["p", "d", 0, 4], s: ["s", "c", 1, 3] };
  names = ["turn", "on", "n", "k", "p", "s", "x", "w", "pin"];
  start = FIRST;
  choices = {
    turn: ["yes", "no"],
    on: ["numbers", "photo"],
    x: values,
    w: values,
    pin: (text) => (/^(o\d{1,4})?$/.test(text) ? text : null),
  };
  /** @type {Record<string, number>} */
  largest = {};

  get right() {
    return Math.max(this.m, 0);
  }
  get settings() {
    return { stride: this.s, padding: this.p };
  }

  settle() {
    const { n, k, on } = this;
    if (on === "photo" && !this.photo)
      photograph().then((photo) => {
        this.photo = photo;
        if (this.form) this.changed();
      });
    this.kernel = fitted(this.w, k, k, () => 1);
    this.numbers = fitted(this.x, n, n, (at) => at + 1);
    if (this.x) this.x = this.numbers.flat().join(".");
    this.w = this.kernel.flat().join(".");
    this.input = on === "photo" ? this.photo : this.numbers;
    this.laid = this.turn === "yes" ? rotate(this.kernel) : this.kernel;
    this.m = convOutputSize(on === "photo" ? SIDE : n, k, { stride: this.s, padding: this.p });
    this.y = this.input && this.m > 0 ? conv([this.input], [[this.laid]], this.settings)[0] : null;
    if (this.pin && Number(this.pin.slice(1)) >= this.m ** 2) this.pin = "";
  }

  moved(field) {
    if (field === "n" || field === "on") this.x = "";
    if (field === "k") this.w = ""; // of another size it is another kernel
    if (field !== "turn") this.pin = "";
  }

  build() {
    const { words } = this,
      point = (i, j) => this.pinned(`o${i * this.m + j}`);
    this.boards = { padded: new Board(), laid: new Board(), output: new Board(point), under: new Board() };
    this.fields = { numbers: editor(this, "numbers", "x"), kernel: editor(this, "kernel", "w") };
    this.fills = Object.keys(KERNELS).map((name) =>
      button(
        words[name],
        () => {
          Object.assign(this, { k: 3, w: KERNELS[name] });
          this.changed();
        },
        { "data-fill": KERNELS[name] },
      ),
    );
    const sources = [
      ["first", FIRST],
      ["second", SECOND],
    ].map((/** @type {[string, string[]]} */ [name, state]) => button(words[name], () => this.take(state)));
    this.line = make("p", { class: "widget__line" });
    this.heads = { padded: make("span"), laid: make("span"), output: make("span") };
    this.editing = titled(words.input, this.fields.numbers);
    this.laying = titled(this.heads.laid, this.boards.laid.box);
    this.lens = titled(words.under, this.boards.under.box);
    this.views = make(
      "div",
      { class: "widget-views" },
      title(words.slides),
      make(
        "div",
        { class: "widget-row" },
        titled(this.heads.padded, this.boards.padded.box),
        this.laying,
        first(titled(this.heads.output, this.boards.output.box)),
        this.lens,
      ),
      this.line,
      make(
        "div",
        { class: "widget-row" },
        this.editing,
        titled(words.kernel, this.fields.kernel),
        make("form", { class: "widget__controls widget-fills" }, ...this.fills, ...sources),
      ),
    );
    this.lay([this.group("turn"), this.group("on")], [this.views]);
  }

  program() {
    return convSnippet(this.input, this.kernel, this.settings, this.turn === "yes", this.y);
  }

  show() {
    const { words, k, p, s, m } = this,
      n = this.on === "photo" ? SIDE : this.n,
      impossible = m < 1;
    this.terms([
      ["n′ =", "", "ink"],
      ["⌊(n", `⌊(${n}`, "b"],
      ["+ 2p", `+ 2⋅${p}`, "d"],
      ["− k)", `− ${k})`, "a"],
      ["/ s⌋", `/ ${s}⌋`, "c"],
      ["+ 1", "+ 1", "ink"],
      ["", `= ${impossible ? "✗" : m}`, "ink widget-result"],
    ]);
    this.views.hidden = this.twin.hidden = impossible;
    this.copying.hidden = !this.y;
    this.slides.n.box.hidden = this.on === "photo";
    if (!this.y) this.rule.append(impossible ? words.short : words.wait);
    return this.y ? paintWindow(this) : this.rule.textContent;
  }
}

customElements.define("standard-widget", StandardWidget);
