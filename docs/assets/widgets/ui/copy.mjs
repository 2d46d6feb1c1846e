// Buttons that copy: any text; and a program, with a box that shows it where there is no clipboard.

import { button, make } from "./dom.mjs";

/** @typedef {import("./frame.mjs").Frame} Frame */

/** A button that copies a text and says so; where the browser refuses, the text is given away. */
export function copier(
  /** @type {Frame} */ { words, voice },
  /** @type {string} */ face,
  /** @type {() => string} */ text,
  /** @type {(text: string) => void} */ refused,
) {
  const box = button(face, async () => {
    const given = text();
    try {
      await navigator.clipboard.writeText(given);
    } catch {
      refused(given);
      return;
    }
    box.textContent = words.copied;
    voice.say(words.copied);
    setTimeout(() => {
      box.textContent = face;
    }, 1500);
  });
  return box;
}

/** Copy as PyTorch, for a figure, whose words and voice it uses: the button and the box. */
export function copying(/** @type {Frame} */ figure, /** @type {() => string} */ program) {
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
