// <transposed-widget>: one transposed convolution, its size and its three views, under the reader's fingers.
//
// All numbers come from core/convolution.mjs, which is tested against PyTorch. What is pinned in one view lights up in
// all. The picture within the element, drawn when the site is built, is what shows without JavaScript.

import { collidingSizes, outputSize, refusal, scatter } from "./core/convolution.mjs";
import { transposedSnippet } from "./core/snippet.mjs";
import { Board, number } from "./ui/board.mjs";
import { fill, language, make, radios } from "./ui/dom.mjs";
import { editor, fitted } from "./ui/fields.mjs";
import { button, COMMON } from "./ui/frame.mjs";
import { first, title, titled, Widget } from "./ui/widget.mjs";
import { wholes } from "./ui/state.mjs";
import { paintViews } from "./transposed/views.mjs";

const { WORDS } = await import(`./transposed/words.${language()}.mjs`);
/** @type {import("./ui/widget.mjs").Sliders} */
const SLIDERS = {
  n: ["n", "b", 1, 6],
  k: ["k", "a", 1, 6],
  s: ["s", "b", 1, 4],
  p: ["p", "d", 0, 4],
  o: ["output_padding", "c", 0, 4],
  d: ["d", "a", 1, 3],
};
const LARGEST = { 1: { n: 6, k: 6, d: 3 }, 2: { n: 4, k: 5, d: 2 } }; // so that a picture stays one that can be read
const values = wholes(-99, 99, 25);

/**
 * @typedef {{axes: string, n: number, k: number, s: number, p: number, o: number, d: number, x: string, w: string,
 *   pin: string}} State by its names, from the address
 */
/** @typedef {{y: number[][], sentence: string, pixels: {cell: number[]}[]}} Painted what paintViews() leaves */

class TransposedWidget extends /** @type {new () => Widget & State & Painted} */ (Widget) {
  key = "transposed";
  words = { ...COMMON, ...WORDS };
  sliders = SLIDERS;
  names = ["axes", "n", "k", "s", "p", "o", "d", "x", "w", "pin"];
  start = ["2", "2", "4", "3", "0", "0", "1", "", "", "o24"];
  choices = { axes: ["1", "2"], x: values, w: values, pin: (text) => (/^([io]\d{1,3})?$/.test(text) ? text : null) };

  get largest() {
    return LARGEST[this.axes];
  }
  get right() {
    return this.refused ? 0 : this.m;
  }
  get settings() {
    return { stride: this.s, padding: this.p, output_padding: this.o, dilation: this.d };
  }
  get tensors() {
    return this.axes === "1" ? [this.input, [this.kernel]] : [[this.input], [[this.kernel]]];
  }

  /** Within what the dimensions allow; the numbers fit the sizes. */
  settle() {
    for (const name of "nkd") this[name] = Math.min(this[name], this.largest[name]);
    const { n, k, settings } = this,
      rows = (side) => (this.axes === "1" ? 1 : side);
    this.input = fitted(this.x, rows(n), n, (at) => at + 1);
    this.kernel = fitted(this.w, rows(k), k, () => 1);
    if (this.x) this.x = this.input.flat().join(".");
    if (this.w) this.w = this.kernel.flat().join(".");
    this.step = null;
    this.refused = refusal(this.axes === "1" ? [n] : [n, n], k, settings);
    this.m = outputSize(n, k, settings);
  }

  moved(field) {
    if (field === "axes" || field === "n") this.x = "";
    if (field === "axes" || field === "k") this.w = ""; // of another size it is another kernel
    if (!"pod".includes(field)) this.pin = ""; // it was another cell
  }

  build() {
    const { words } = this;
    this.boards = {
      output: new Board((i, j) => this.pinned(`o${i * this.m + j}`)),
      spread: new Board((i, j) => this.pointSpread(i, j)),
      rotated: new Board(),
      matrix: new Board((i, j, key) => this.pinned(key === "ArrowUp" || key === "ArrowDown" ? `i${i}` : `o${j}`)),
      back: new Board(),
    };
    this.fields = {
      input: editor(this, "input", "x", (at) => this.pinned(`i${at}`)),
      kernel: editor(this, "kernel", "w"),
    };
    this.stepper = make("input", {
      type: "range",
      min: 0,
      step: 1,
      id: "transposed-step",
      "aria-label": words.by,
      autocomplete: "off",
    });
    this.stepped = make("output", { for: "transposed-step" });
    this.player = button(words.play, () => this.play());
    this.mode = "stamps";
    const modes = radios("transposed", "mode", words.by, [
      ["stamps", words.stamps],
      ["cells", words.cells],
    ]);
    modes.querySelector("input").checked = true;
    const steps = make(
      "form",
      { class: "widget__controls widget__row", autocomplete: "off" },
      modes,
      this.player,
      make("label", { class: "widget-step", for: "transposed-step" }, this.stepper, this.stepped),
    );
    const fills = make(
      "form",
      { class: "widget__controls widget-fills" },
      button("1, 1, 1", () => this.refill(() => 1), { "aria-label": words.ones }),
      button("1, 2, 3", () => this.refill((at) => at + 1), { "aria-label": words.count }),
    );
    this.line = make("p", { class: "widget__line" });
    this.head = title();
    this.views = make(
      "div",
      { class: "widget-views" },
      title(words.scatters),
      make(
        "div",
        { class: "widget-row" },
        titled(words.input, this.fields.input),
        titled(words.kernel, this.fields.kernel, fills),
        first(titled(words.output, this.boards.output.box)),
      ),
      steps,
      this.line,
      title(words.gathers),
      make(
        "div",
        { class: "widget-row" },
        titled(words.stretched, this.boards.spread.box),
        titled(words.rotated, this.boards.rotated.box),
      ),
      this.head,
      make("div", { class: "widget-scroll" }, this.boards.matrix.box),
    );
    this.collisions = make("p", { class: "widget__row widget-choices" });
    this.again = make("details", { class: "widget__table" }, make("summary", {}, words.compose));
    this.lay([this.group("axes")], [this.views, this.collisions, this.again]);
    steps.addEventListener("input", (/** @type {Event & {target: HTMLInputElement}} */ { target }) => {
      if (target.name) {
        this.mode = target.value;
        this.step = null;
      } else this.step = Number(target.value);
      this.stop();
      this.paint();
    });
    this.again.addEventListener("toggle", () => this.paint());
  }

  refill(value) {
    this.w = this.kernel
      .flat()
      .map((_, at) => value(at))
      .join(".");
    this.changed();
  }

  stop() {
    clearInterval(this.playing);
    this.playing = null;
    if (this.player) this.player.textContent = this.words.play;
  }

  pinned(pin) {
    if (this.step !== null) {
      this.step = null;
      this.pin = null; // a step had pinned what it came to
    }
    super.pinned(pin);
  }

  pointSpread(i, j) {
    const pixel = this.pixels.findIndex(({ cell }) => cell[0] === i && cell[1] === j);
    this.boards.spread.at = [i, j]; // a zero may be passed over
    if (pixel >= 0) this.pinned(`i${pixel}`);
  }

  play() {
    if (this.playing) {
      this.stop();
      return;
    }
    const all = () => (this.mode === "stamps" ? this.input.flat().length : this.y.flat().length);
    if (this.step === null || this.step >= all()) this.step = 0;
    const next = () => {
      const { top, bottom } = this.getBoundingClientRect();
      if (this.step >= all() || bottom < 0 || top > innerHeight) {
        this.stop();
        return;
      }
      this.step += 1;
      this.paint();
    };
    next();
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return; // one step for each press
    this.player.textContent = this.words.pause;
    this.playing = setInterval(next, this.mode === "stamps" ? 700 : 220);
  }

  program() {
    const [x, w] = this.tensors;
    return transposedSnippet(x, w, this.settings, this.refused ? null : scatter(x, w, this.settings), this.refused);
  }

  /** The size as words: 7, or 7×7. */
  by(size) {
    return this.axes === "1" ? String(size) : `${size}×${size}`;
  }
  index(at, side) {
    return this.axes === "1" ? String(at) : `${Math.floor(at / side)}, ${at % side}`;
  }

  show() {
    const { words, n, k, s, p, o, d, refused } = this;
    for (const box of [this.views, this.again, this.twin]) box.hidden = Boolean(refused);
    this.terms([
      ["n′ =", "", "ink"],
      ["(n − 1)⋅s", `(${n} − 1)⋅${s}`, "b"],
      ["− 2p", `− 2⋅${p}`, "d"],
      ["+ d⋅(k − 1)", `+ ${d}⋅(${k} − 1)`, "a"],
      ["+ output_padding", `+ ${o}`, "c"],
      ["+ 1", "+ 1", "ink"],
      ["", `= ${number(this.m)}${refused ? " ✗" : ""}`, "ink widget-result"],
    ]);
    this.paintChoices();
    if (!refused) {
      paintViews(this);
      return this.sentence;
    }
    this.rule.append(` ${words.refused} `, make("code", {}, refused));
    return `${words.refused} ${refused}`;
  }

  /** Which sizes collide: buttons that choose output_padding. */
  paintChoices() {
    const { words, settings, n, k, o, m } = this,
      sizes = collidingSizes(n, k, settings),
      first = outputSize(n, k, { ...settings, output_padding: 0 });
    if (sizes.length < 2) this.collisions.hidden = true;
    this.collisions.replaceChildren(
      fill(words.collide, { sizes: sizes.join(words.and), n }),
      ...sizes.map((size) =>
        button(
          `${size - first} → ${size}`,
          () => {
            this.o = size - first;
            this.changed();
            /** @type {HTMLElement} */ (this.collisions.querySelector('[aria-pressed="true"]'))?.focus();
          },
          { "aria-pressed": String(size === m) },
        ),
      ),
      ...(o >= this.s && !this.refused ? [fill(words.beyond, { m, n })] : []),
    );
  }
}

customElements.define("transposed-widget", TransposedWidget);
