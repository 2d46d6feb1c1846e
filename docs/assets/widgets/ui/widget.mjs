// What the widgets of 5.14 have in common beside their frame: a formula, guess first, copy as PyTorch.
//
// A figure gives what a Frame asks for, and
//
//   sliders      by what they set
//   build()      its own parts, laid by lay()
//   show()       paints its own parts
//   program()    the program that is copied
//   right        what is to be guessed

import { number } from "./board.mjs";
import { copying } from "./copy.mjs";
import { fill, make } from "./dom.mjs";
import { button, Frame } from "./frame.mjs";

export const titled = (/** @type {string | Node} */ title, ...boxes) =>
  make(
    "div",
    { class: "widget-part" },
    make("span", { class: "widget-name" }, title),
    make("div", { class: "widget-scroll" }, ...boxes),
  );
export const title = (...face) => make("p", { class: "widget-title" }, ...face);

/** @typedef {Record<string, [symbol: string, tone: string, min: number, max: number]>} Sliders by what they set */
/** @typedef {{sliders: Sliders, show(): string | void, program(): string}} Given beside what a Frame asks for */
/** @typedef {Record<"right", number>} Asked a record, which a field fills or a getter */

export class Widget extends /** @type {new () => Frame & Given & Asked} */ (Frame) {
  connectedCallback() {
    if (this.form) return;
    super.connectedCallback();
    this.redraw = () => this.paint(); // a canvas does not follow by itself
    for (const name of ["beforeprint", "afterprint"]) addEventListener(name, this.redraw);
    this.scheme = new MutationObserver(this.redraw);
    this.scheme.observe(document.body, { attributeFilter: ["data-md-color-scheme"] });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const name of ["beforeprint", "afterprint"]) removeEventListener(name, this.redraw);
    this.scheme.disconnect();
    this.stop();
  }

  /** Ends what runs by itself. */
  stop() {}

  /** After a change of the state. */
  changed() {
    this.stop();
    if (this.guess?.shown) this.guess = undefined;
    super.changed();
  }

  /** Controls, then the figure's own parts; of these `views` are hidden while one guesses. */
  lay(/** @type {Node[]} */ groups, /** @type {HTMLElement[]} */ views, /** @type {Node[]} */ own = views) {
    const { words, key } = this;
    const sliders = Object.entries(this.sliders).map(([name, [symbol, tone, min, max]]) =>
      this.slider(name, min, max, make("b", { class: `widget-${tone}` }, symbol), ` ${words[name]} `),
    );
    this.guessing = button(words.guess, () => this.predict());
    const copier = copying(this, () => this.program());
    this.copying = copier.button;
    this.code = copier.code;
    this.answer = make("input", {
      type: "number",
      min: 0,
      max: 99,
      id: `${key}-answer`,
      autocomplete: "off",
      inputmode: "numeric",
    });
    this.question = make(
      "form",
      { class: "widget__controls widget__row", hidden: true },
      make("label", { for: this.answer.id }, words.ask, this.answer),
      button(words.reveal, () => this.predict()),
    );
    this.controls(
      make(
        "p",
        { class: "widget__row" },
        ...groups,
        this.guessing,
        this.copying,
        button(words.reset, () => this.take(this.start)),
      ),
      make("div", { class: "widget__sliders" }, ...sliders),
    );
    this.formula = make("p", { class: "widget-formula" });
    this.rule = make("p", { class: "widget-rule" });
    this.seen = [this.copying, this.formula, ...views, this.twin];
    this.replaceChildren(
      this.form,
      this.code,
      this.question,
      this.formula,
      this.rule,
      ...own,
      this.twin,
      this.voice.box,
    );
    for (const form of this.querySelectorAll("form"))
      form.addEventListener("submit", (event) => event.preventDefault());
    this.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.pinned("");
    });
    this.answer.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // or it would press the button that has the focus then
      this.predict();
    });
  }

  pinned(/** @type {string} */ pin) {
    if (pin === this.pin) return;
    this.pin = pin;
    this.stop();
    this.paint();
  }

  // Guessing: the button hides what is known, the other one reveals it.

  predict() {
    const now = this.guess;
    if (now === undefined || now.shown) {
      this.guess = { shown: false };
      this.answer.value = "";
    } else this.guess = { shown: true, said: Number(this.answer.value) };
    this.paint();
    if (!this.guess.shown) this.answer.focus();
    else this.guessing.focus();
  }

  paint() {
    super.paint();
    const { words } = this,
      hidden = this.guess?.shown === false;
    this.guessing.setAttribute("aria-pressed", String(hidden));
    this.question.hidden = !hidden;
    this.code.hidden = true;
    for (const box of this.seen) box.hidden = hidden;
    const { right } = this,
      m = right || words.never;
    this.rule.textContent = this.guess?.shown
      ? fill(this.guess.said === right ? words.right : words.wrong, { g: this.guess.said, m })
      : "";
    const said = this.rule.textContent;
    const sentence = hidden ? words.ask : (this.show() ?? "");
    this.rule.hidden = hidden || !this.rule.textContent;
    if (this.here) this.voice.say(said + sentence);
    this.here = true; // nothing is said on arrival
  }

  /** Terms of a formula, above in symbols and below in numbers, each with its colour. */
  terms(/** @type {string[][]} */ rows) {
    this.formula.replaceChildren(
      ...rows.map(([symbols, numbers, tone]) =>
        make("span", { class: `widget-term widget-${tone}` }, make("i", {}, symbols), make("b", {}, numbers)),
      ),
    );
  }

  /** The output as a table; what is null is left empty. */
  tell(/** @type {(number | null)[][]} */ y, /** @type {string} */ caption) {
    const { words } = this;
    this.tabulate(() => {
      const head = (/** @type {number} */ i) => (y.length > 1 ? `${words.row} ${i}` : words.value);
      const rows = y.map((row, i) => [head(i), ...row.map((value) => (value === null ? "" : number(value)))]);
      return [caption, [words.column, ...y[0].keys()].map(String), rows];
    });
  }
}
