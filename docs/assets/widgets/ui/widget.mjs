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
import { copying } from "./program.mjs";
import { fill, language, make } from "./dom.mjs";
import { button, Frame } from "./frame.mjs";

const { SHARED } = await import(`./widget/words.${language()}.mjs`);

export const titled = (/** @type {string | Node} */ title, ...boxes) =>
  make(
    "div",
    { class: "widget-part" },
    make("span", { class: "widget-name" }, title),
    make("div", { class: "widget-scroll" }, ...boxes),
  );
/** The output: on a phone it is the first of its row, so that nothing above it grows. */
export const first = (/** @type {HTMLElement} */ part) => {
  part.classList.add("widget-first");
  return part;
};
export const title = (...face) => make("p", { class: "widget-title" }, ...face);

/** @typedef {Record<string, [symbol: string, tone: string, min: number, max: number]>} Sliders by what they set */
/** @typedef {{sliders: Sliders, show(): string | void, program(): string}} Given beside what a Frame asks for */
/** @typedef {Record<"right", number>} Asked a record, which a field fills or a getter */

export class Widget extends /** @type {new () => Frame & Given & Asked} */ (Frame) {
  connectedCallback() {
    if (this.form) return;
    this.words = { ...SHARED, ...this.words };
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
    this.guessing = button(words.guess, () => this.ask());
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
    this.lacking = make("span", { class: "widget-note" });
    this.question = make(
      "form",
      { class: "widget__controls widget__row", hidden: true },
      make("label", { for: this.answer.id }, words.ask, this.answer),
      button(words.reveal, () => this.predict()),
      this.lacking,
    );
    this.tools.prepend(this.guessing, this.copying);
    this.controls(
      make("p", { class: "widget__row" }, ...groups),
      this.tools,
      make("div", { class: "widget__sliders widget__dock" }, ...sliders),
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

  // Guessing: the button hides what is known, the other one reveals it; the first once more, or Escape, leaves it.

  get unknown() {
    return this.guess?.shown === false;
  }

  ask() {
    if (this.unknown) {
      this.leave();
      return;
    }
    this.guess = { shown: false };
    this.answer.value = this.lacking.textContent = "";
    this.paint();
    this.answer.focus();
  }

  predict() {
    const { answer, lacking, words } = this;
    if (answer.value === "") {
      lacking.textContent = words.lacking;
      this.voice.say(words.lacking);
      answer.focus();
      return;
    }
    this.guess = { shown: true, said: Number(answer.value) };
    this.paint();
    this.guessing.focus();
  }

  leave() {
    this.guess = undefined;
    this.paint();
    this.guessing.focus();
  }

  escape() {
    if (this.unknown) this.leave();
    else this.pinned("");
  }

  reset() {
    this.guess = undefined;
    super.reset();
  }

  paint() {
    super.paint();
    const { words, unknown: hidden } = this;
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
