// What every interactive figure has: a state that stands in the address, controls that set it, a link to it, steps back
// and to the beginning, a table for whoever does not see the picture, and a voice.
//
// A figure gives its key, its words, the names of its state with their defaults, what each may be, and
//
//   build()      its parts, controls() among them; the buttons for link and steps stand last in these, or where the
//                figure lays `tools`
//   settle()     brings the state within what goes together
//   paint()      shows the state, after the paint() of here
//
// and, where it has more to do,
//
//   escape()     the Escape key, anywhere in the figure
//   restore()    a state of before
//   reset()      the beginning

import { announcer, button, language, make, radios, table } from "./dom.mjs";
import { Past } from "./past.mjs";
import { readState, whole, writeState } from "./state.mjs";
import { stepsBack, tools } from "./tools.mjs";

export { button };
export const { COMMON } = await import(`./words.${language()}.mjs`);

/** @typedef {Record<string, string[] | ((text: string) => string | null)>} Choices by what they set: readState() */

/**
 * What a figure gives. Types alone: a field of this class would hide the getter of a figure. A word is a text, or texts
 * by name.
 * @typedef {{words: Record<string, any>, names: string[], start: string[], choices: Choices,
 *   build(): void, settle(): void, moved?(field: string): void}} Given
 */
/**
 * Records, which a field fills or a getter: the name in the address, and of sliders, by name, how far they go now.
 * @typedef {Record<"key", string> & Record<"largest", Record<string, number>>} Asked
 */
/**
 * @typedef {{input: HTMLInputElement, value: HTMLOutputElement, box: HTMLElement,
 *   choice: (text: string) => string | null}} Slide
 */

export class Frame extends /** @type {new () => HTMLElement & Given & Asked} */ (HTMLElement) {
  connectedCallback() {
    if (this.form) return; // moved, not made
    /** @type {Record<string, Slide>} */
    this.slides = {};
    this.voice = announcer(make("p", { class: "book-unseen", role: "status" }));
    this.twin = make("details", { class: "widget__table" }, make("summary", {}, this.words.table));
    this.twin.addEventListener("toggle", () => this.paint());
    this.past = new Past();
    this.gear = tools(this);
    this.tools = this.gear.box;
    this.build();
    this.attach();
    this.read();
  }

  disconnectedCallback() {
    this.gone.abort();
    clearTimeout(this.writing);
    this.voice.stop();
    this.form = null;
  }

  attach() {
    this.gone = new AbortController();
    const { signal } = this.gone,
      held = { signal, capture: true };
    addEventListener("popstate", () => this.read(), { signal });
    this.addEventListener("input", ({ target }) => this.past.hold(target), held); // before what it changes
    for (const end of ["change", "focusout"]) this.addEventListener(end, () => this.past.hold(null), held);
    this.addEventListener("keydown", (event) => this.keyed(event), { signal });
  }

  keyed(/** @type {KeyboardEvent} */ event) {
    if (event.key === "Escape") this.escape();
    if (!stepsBack(event)) return;
    event.preventDefault();
    this.undo();
  }

  escape() {}

  undo() {
    const was = this.past.back();
    if (was) this.restore(was);
  }

  restore(/** @type {string[]} */ fields) {
    this.take(fields);
  }

  reset() {
    this.take(this.start);
  }

  /** A slider of whole numbers; largest may hold it back. */
  slider(/** @type {string} */ name, /** @type {number} */ min, /** @type {number} */ max, ...face) {
    const id = `${this.key}-${name}`;
    const input = make("input", { type: "range", id, min, max, step: 1, autocomplete: "off", "data-field": name });
    const value = make("output", { for: id });
    const box = make("p", { class: "widget__slider" }, make("label", { for: id }, ...face, value), input);
    this.slides[name] = { input, value, box, choice: whole(min, max) };
    return box;
  }

  /** A choice of a few, with its legend and faces: those of the words by the field and what it may be. */
  group(/** @type {string} */ field, legend = this.words[field], /** @type {string[]} */ faces = null) {
    const values = /** @type {string[]} */ (this.choices[field]),
      face = (/** @type {string} */ value, /** @type {number} */ at) => faces?.[at] ?? this.words[`${field}${value}`];
    return radios(
      this.key,
      field,
      legend,
      values.map((value, at) => [value, face(value, at)]),
    );
  }

  /** The form of the controls. Each sets the field that it carries; a box that is ticked, to its first choice. */
  controls(/** @type {Node[]} */ ...parts) {
    this.form = make("form", { class: "widget__controls", autocomplete: "off" }, ...parts);
    if (!this.form.contains(this.tools)) this.form.append(this.tools);
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("input", (/** @type {Event & {target: HTMLInputElement}} */ { target }) => {
      const { field } = target.dataset;
      if (target.type === "checkbox") this[field] = this.choices[field][target.checked ? 0 : 1];
      else this[field] = field in this.slides ? Number(target.value) : target.value;
      this.moved?.(field);
      this.changed();
    });
  }

  read() {
    const choice = (/** @type {string} */ name) => this.choices[name] ?? this.slides[name].choice;
    this.take(readState(this.key, this.names.map(choice), this.start));
  }

  take(/** @type {string[]} */ fields) {
    this.names.forEach((name, at) => {
      this[name] = name in this.slides ? Number(fields[at]) : fields[at];
    });
    this.changed();
  }

  /** After a change of the state. */
  changed() {
    this.settle();
    this.past.note(this.state);
    this.paint();
  }

  /** The state, as the address has it. */
  get state() {
    return this.names.map((name) => String(this[name]));
  }

  write() {
    clearTimeout(this.writing);
    writeState(this.key, this.state, this.start);
  }

  /** The page's, with the state of now, at this figure. */
  address() {
    this.write();
    const address = new URL(location.href);
    address.hash = this.closest("figure[id]")?.id ?? address.hash;
    return address.href;
  }

  paint() {
    this.past.now = this.state; // what is pinned is no step, but is there again after one back
    this.gear.paint();
    for (const [name, { input, value }] of Object.entries(this.slides)) {
      if (name in this.largest) input.max = String(this.largest[name]);
      input.value = value.textContent = String(this[name]);
    }
    for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (
      this.form.querySelectorAll("input[type=radio], input[type=checkbox]")
    )) {
      const { field } = box.dataset;
      box.checked = this[field] === (box.type === "checkbox" ? this.choices[field][0] : box.value);
    }
    clearTimeout(this.writing); // a browser takes a few changes of the address a second
    this.writing = setTimeout(() => this.write(), 150);
  }

  /** The numbers as a table, for whoever does not see the picture; what it says is asked for when it is open. */
  tabulate(/** @type {() => [caption: string, head: string[], rows: string[][]]} */ content) {
    this.twin.querySelector(".widget-scroll")?.remove();
    if (!this.twin.open) return;
    const frame = { class: "widget-scroll", tabindex: "0", role: "group", "aria-label": this.words.table };
    this.twin.append(make("div", frame, table(...content())));
  }
}
