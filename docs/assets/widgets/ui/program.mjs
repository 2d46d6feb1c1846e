// Copy as PyTorch: a button, and, where there is no clipboard, a box that shows what is to be copied.

import { copier } from "./copy.mjs";
import { make } from "./dom.mjs";

/** The two for a figure, whose words and voice they use. */
export function copying(/** @type {import("./frame.mjs").Frame} */ figure, /** @type {() => string} */ program) {
  const { words } = figure,
    look = { class: "widget-code", hidden: true, readonly: true, rows: 10, "aria-label": words.copy },
    code = make("textarea", look);
  const shown = (/** @type {string} */ text) => {
    code.value = text;
    code.hidden = false;
    code.focus();
    code.select();
  };
  return { button: copier(figure, words.copy, program, shown), code };
}
