// The buttons that every figure has: a step back, the beginning, a link to the state of now.

import { copier } from "./copy.mjs";
import { button, make } from "./dom.mjs";

const OWN = "textarea, input:not([type=range], [type=radio], [type=checkbox])"; // these step back by themselves

/** Whether a key asks for a step back of the figure. */
export function stepsBack(/** @type {KeyboardEvent} */ { key, ctrlKey, metaKey, altKey, shiftKey, target }) {
  const box = /** @type {Element} */ (target);
  if (key.toLowerCase() !== "z" || !(ctrlKey || metaKey) || altKey || shiftKey) return false;
  return !box.matches(OWN) || box.closest(".widget-fields") !== null;
}

/** The row of them, and what brings it up to date. */
export function tools(/** @type {import("./frame.mjs").Frame} */ figure) {
  const { words, voice } = figure,
    unlinked = make("span", { class: "widget-note" }),
    undoing = button(words.undo, () => figure.undo(), { "aria-keyshortcuts": "Control+Z Meta+Z" });
  const refused = () => {
    unlinked.textContent = words.unlinked;
    voice.say(words.unlinked);
  };
  const box = make(
    "p",
    { class: "widget__row widget__tools" },
    undoing,
    button(words.reset, () => figure.reset()),
    copier(figure, words.link, () => figure.address(), refused),
    unlinked,
  );
  const paint = () => {
    undoing.setAttribute("aria-disabled", String(!figure.past.steps.length));
    unlinked.textContent = "";
  };
  return { box, paint };
}
