// The buttons that every figure has: a step back, the beginning, a link to the state of now.

import { copier } from "./copy.mjs";
import { button, make } from "./dom.mjs";

// Fields with steps of their own.
const OWN = ":is(textarea, input:not([type=range], [type=radio], [type=checkbox])):not(.widget-fields *)";

/** Whether a key asks for a step back of the figure. */
export const stepsBack = (/** @type {KeyboardEvent} */ { key, ctrlKey, metaKey, altKey, shiftKey, target }) =>
  "zZ".includes(key) && (ctrlKey || metaKey) && !(altKey || shiftKey || /** @type {Element} */ (target).matches(OWN));

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
