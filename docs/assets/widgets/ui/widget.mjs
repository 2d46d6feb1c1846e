// What the book's widgets have in common: sliders, guess first, copy as PyTorch, the address, the table, the voice.
//
// A figure gives its key, words, sliders, the names of its state with their defaults, what the others may be, and

//   build()      its own parts, laid by lay()
//   settle()     brings the state within what goes together
//   show(...)    paints its own parts
//   program()    the program that is copied
//   right        what is to be guessed

import { number } from "./board.mjs";
import { announcer, fill, language, make, radios, table } from "./dom.mjs";
import { readState, whole, writeState } from "./state.mjs";

export const { COMMON } = await import(`./words.${language()}.mjs`);

/** A button and what it does. */
export function button(/** @type {string} */ face, /** @type {() => void} */ act, more = {}) {
  const box = make("button", { type: "button", ...more }, face);
  box.addEventListener("click", act);
  return box;
}

export const titled = (/** @type {string | Node} */ title, ...boxes) =>
  make(
    "div",
    { class: "widget-part" },
    make("span", { class: "widget-name" }, title),
    make("div", { class: "widget-scroll" }, ...boxes),
  );
export const title = (...face) => make("p", { class: "widget-title" }, ...face);

/** @typedef {Record<string, [symbol: string, tone: string, min: number, max: number]>} Sliders by what they set */
/** @typedef {Record<string, string[] | ((text: string) => string | null)>} Choices of what else is set: readState() */

/**
 * What a figure gives. Types alone: a field of this class would hide the getter of a figure. A word is a text, or texts
 * by name.
 * @typedef {{key: string, words: Record<string, any>, sliders: Sliders, names: string[], start: string[],
 *   choices: Choices, build(): void, settle(): void, show(): string | void, program(): string,
 *   moved?(field: string): void}} Given
 */
/**
 * A record, which a field fills or a getter.
 * @typedef {Record<"right", number> & Record<"largest", Record<string, number>>} Asked
 */

export class Widget extends /** @type {new () => HTMLElement & Given & Asked} */ (HTMLElement) {
  connectedCallback() {
    if (this.form) return; // moved, not made
    this.voice = announcer(make("p", { class: "book-unseen", role: "status" }));
    this.build();
    this.follow = () => this.read();
    this.redraw = () => this.paint(); // a canvas does not follow by itself
    addEventListener("popstate", this.follow);
    for (const name of ["beforeprint", "afterprint"]) addEventListener(name, this.redraw);
    this.scheme = new MutationObserver(this.redraw);
    this.scheme.observe(document.body, { attributeFilter: ["data-md-color-scheme"] });
    this.follow();
  }

  disconnectedCallback() {
    removeEventListener("popstate", this.follow);
    for (const name of ["beforeprint", "afterprint"]) removeEventListener(name, this.redraw);
    clearTimeout(this.writing);
    this.scheme.disconnect();
    this.voice.stop();
    this.stop();
    this.form = null;
  }

  /** Ends what runs by itself. */
  stop() {}

  read() {
    const { sliders } = this,
      choice = (/** @type {string} */ name) =>
        sliders[name] ? whole(sliders[name][2], sliders[name][3]) : this.choices[name];
    this.take(readState(this.key, this.names.map(choice), this.start));
  }

  take(/** @type {string[]} */ fields) {
    this.names.forEach((name, at) => {
      this[name] = name in this.sliders ? Number(fields[at]) : fields[at];
    });
    this.changed();
  }

  /** After a change of the state. */
  changed() {
    this.stop();
    if (this.guess?.shown) this.guess = undefined;
    this.settle();
    this.paint();
  }

  /** Controls, then the figure's own parts; of these `views` are hidden while one guesses. */
  lay(/** @type {Node[]} */ groups, /** @type {HTMLElement[]} */ views, /** @type {Node[]} */ own = views) {
    const { words, key } = this,
      id = (/** @type {string} */ name) => `${key}-${name}`;
    this.slides = Object.fromEntries(
      Object.entries(this.sliders).map(([name, [symbol, tone, min, max]]) => {
        const input = make("input", {
            type: "range",
            id: id(name),
            min,
            max,
            step: 1,
            autocomplete: "off",
            "data-field": name,
          }),
          value = make("output", { for: input.id });
        return [
          name,
          {
            input,
            value,
            box: make(
              "p",
              { class: "widget__slider" },
              make(
                "label",
                { for: input.id },
                make("b", { class: `widget-${tone}` }, symbol),
                ` ${words[name]} `,
                value,
              ),
              input,
            ),
          },
        ];
      }),
    );
    this.guessing = button(words.guess, () => this.predict());
    this.copying = button(words.copy, () => this.copy());
    this.answer = make("input", {
      type: "number",
      min: 0,
      max: 99,
      id: id("answer"),
      autocomplete: "off",
      inputmode: "numeric",
    });
    this.question = make(
      "form",
      { class: "widget__controls widget__row", hidden: true },
      make("label", { for: id("answer") }, words.ask, this.answer),
      button(words.reveal, () => this.predict()),
    );
    this.form = make(
      "form",
      { class: "widget__controls", autocomplete: "off" },
      make(
        "p",
        { class: "widget__row" },
        ...groups,
        this.guessing,
        this.copying,
        button(words.reset, () => this.take(this.start)),
      ),
      make("div", { class: "widget__sliders" }, ...Object.values(this.slides).map(({ box }) => box)),
    );
    this.formula = make("p", { class: "widget-formula" });
    this.rule = make("p", { class: "widget-rule" });
    this.twin = make("details", { class: "widget__table" }, make("summary", {}, words.table));
    this.code = make("textarea", {
      class: "widget-code",
      hidden: true,
      readonly: true,
      rows: 10,
      "aria-label": words.copy,
    });
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
    this.form.addEventListener("input", (/** @type {Event & {target: HTMLInputElement}} */ { target }) => {
      const { field } = target.dataset;
      this[field] = field in this.sliders ? Number(target.value) : target.value;
      this.moved?.(field);
      this.changed();
    });
    this.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.pinned("");
    });
    this.twin.addEventListener("toggle", () => this.paint());
    this.answer.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // or it would press the button that has the focus then
      this.predict();
    });
  }

  group(/** @type {string} */ field, /** @type {string[]} */ values) {
    return radios(
      this.key,
      field,
      this.words[field],
      values.map((value) => [value, this.words[`${field}${value}`]]),
    );
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

  async copy() {
    const text = this.program(),
      { words } = this;
    try {
      await navigator.clipboard.writeText(text);
      this.copying.textContent = words.copied;
      this.voice.say(words.copied);
      setTimeout(() => {
        this.copying.textContent = words.copy;
      }, 1500);
    } catch {
      // no clipboard here: show what is to be copied
      this.code.value = text;
      this.code.hidden = false;
      this.code.focus();
      this.code.select();
    }
  }

  paint() {
    const { words } = this,
      hidden = this.guess?.shown === false;
    for (const [name, { input, value }] of Object.entries(this.slides)) {
      input.max = String(this.largest[name] ?? this.sliders[name][3]);
      input.value = value.textContent = String(this[name]);
    }
    for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (this.form.querySelectorAll("input[type=radio]")))
      box.checked = box.value === this[box.dataset.field];
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
    clearTimeout(this.writing); // a browser takes a few changes of the address a second
    this.writing = setTimeout(
      () =>
        writeState(
          this.key,
          this.names.map((name) => String(this[name])),
          this.start,
        ),
      150,
    );
  }

  /** Terms of a formula, above in symbols and below in numbers, each with its colour. */
  terms(/** @type {string[][]} */ rows) {
    this.formula.replaceChildren(
      ...rows.map(([symbols, numbers, tone]) =>
        make("span", { class: `widget-term widget-${tone}` }, make("i", {}, symbols), make("b", {}, numbers)),
      ),
    );
  }

  /** The output as a table, when it is open. */
  tell(/** @type {number[][]} */ y, /** @type {string} */ caption) {
    if (!this.twin.open) return;
    const { words } = this,
      rows = y.map((row, i) => [
        y.length > 1 ? `${words.row} ${i}` : words.value,
        ...row.map((value) => number(value)),
      ]);
    this.twin.querySelector(".widget-scroll")?.remove();
    this.twin.append(
      make(
        "div",
        { class: "widget-scroll", tabindex: "0", role: "group", "aria-label": words.table },
        table(caption, [words.column, ...y[0].keys()].map(String), rows),
      ),
    );
  }
}
