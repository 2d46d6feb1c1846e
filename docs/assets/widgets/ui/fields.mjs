// A grid of numbers to edit: arrow keys move, and one of them is in the order of the tab key. No number is lost while
// another is typed: what is none leaves the number as it was, and a sentence below says so.

import { range } from "../core/numbers.mjs";
import { number } from "./board.mjs";
import { fill, make, MOVES } from "./dom.mjs";

const MOST = 99,
  NUMBER = /^-?(\d+\.?\d*|\.\d+)$/;

/** @type {HTMLInputElement | null} the field whose text is the reader's, and not the number as it is */
let typed = null;

export const cell = (/** @type {number} */ at, /** @type {number} */ side) => [Math.floor(at / side), at % side];

/**
 * @param {any} widget has rows of numbers by this name, and their text in the address by this key
 * @param {(at: number) => void} [reached] called with the field that has the focus
 * @param {number} [scale] in the address a number stands times this
 */
export function editor(widget, /** @type {string} */ name, /** @type {string} */ key, reached = () => {}, scale = 1) {
  const box = /** @type {{children: HTMLCollectionOf<HTMLInputElement>} & HTMLDivElement} */ (
    make("div", { class: `widget-fields widget-fields-${key}`, role: "group", "aria-label": widget.words[name] })
  );
  const note = make("p", { class: "widget-note", hidden: true });
  const place = (/** @type {any} */ field) => [...box.children].indexOf(field);
  box.addEventListener("keydown", (event) => {
    const move = MOVES[event.key];
    if (event.ctrlKey || event.metaKey) typed = null; // one step back shows here, too
    if (!move) return;
    const side = widget[name][0].length,
      [row, column] = cell(place(event.target), side).map((at, axis) => at + move[axis]);
    event.preventDefault();
    if (row >= 0 && column >= 0 && row < widget[name].length && column < side)
      box.children[row * side + column].focus();
  });
  box.addEventListener("focusin", (/** @type {Event & {target: HTMLInputElement}} */ { target }) => {
    for (const field of box.children) field.tabIndex = field === target ? 0 : -1;
    target.select();
    reached(place(target));
  });
  box.addEventListener("input", (/** @type {Event & {target: HTMLInputElement}} */ { target }) => {
    typed = target;
    note.hidden = true;
    const at = place(target),
      given = widget[name].flat().map((value) => Math.round(value * scale)),
      text = plain(target) || "0",
      value = NUMBER.test(text) ? Number(text) : NaN;
    if (scale > 1 ? !Number.isNaN(value) : Number.isInteger(value))
      given[at] = Math.round(Math.max(-MOST, Math.min(MOST, value)) * scale) + 0;
    widget[key] = given.join(".");
    widget.edited?.(key);
    widget.changed();
  });
  box.addEventListener("focusout", (/** @type {Event & {target: HTMLInputElement}} */ { target }) => {
    const value = number(widget[name].flat()[place(target)]),
      text = plain(target);
    if (typed === target && text && Number(text) !== Number(plain({ value }))) {
      const { typed: words, kinds } = widget.words;
      note.textContent = fill(words, { text, value, kind: kinds[Number(scale > 1)] });
      note.hidden = false;
      box.after(note);
      widget.voice.say(note.textContent);
    }
    typed = null;
    target.value = value;
  });
  return box;
}

const plain = (/** @type {{value: string}} */ { value }) => value.normalize("NFKC").trim().replace("−", "-");

/** The numbers as they are, and the class of each field. */
export function paintFields(
  /** @type {any} */ box,
  /** @type {number[][]} */ grid,
  /** @type {string} */ name,
  /** @type {string} */ words,
  /** @type {(at: number) => string} */ looks,
) {
  const side = grid[0].length;
  if (box.childElementCount !== grid.flat().length || box.dataset.side !== String(side)) {
    box.dataset.side = String(side);
    box.style.setProperty("--side", String(side));
    box.replaceChildren(
      ...grid.flat().map((_, at) =>
        make("input", {
          type: "text",
          inputmode: "decimal",
          maxlength: 6,
          autocomplete: "off",
          tabindex: at ? "-1" : "0",
          "aria-label": fill(words, { name, i: cell(at, side)[0], j: at % side }),
        }),
      ),
    );
  }
  grid.flat().forEach((value, at) => {
    const field = box.children[at];
    if (field !== typed) field.value = number(value);
    field.className = looks(at);
  });
}

/** Rows of numbers from the text in the address where it has as many; if not, by their place. */
export function fitted(
  /** @type {string} */ text,
  /** @type {number} */ rows,
  /** @type {number} */ side,
  /** @type {(at: number) => number} */ otherwise,
  scale = 1,
) {
  const given = text ? text.split(".") : [],
    value = given.length === rows * side ? (/** @type {number} */ at) => Number(given[at]) / scale : otherwise;
  return range(rows).map((i) => range(side).map((j) => value(i * side + j)));
}
