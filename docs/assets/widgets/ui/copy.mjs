// Copy as PyTorch: a button, and, where there is no clipboard, a box that shows what is to be copied.

import { make } from "./dom.mjs";
import { button } from "./frame.mjs";

/** The two for a figure, whose words and voice they use. */
export function copying(/** @type {import("./frame.mjs").Frame} */ figure, /** @type {() => string} */ program) {
  const { words, voice } = figure,
    look = { class: "widget-code", hidden: true, readonly: true, rows: 10, "aria-label": words.copy },
    code = make("textarea", look);
  async function copy() {
    const text = program();
    try {
      await navigator.clipboard.writeText(text);
      face.textContent = words.copied;
      voice.say(words.copied);
      setTimeout(() => {
        face.textContent = words.copy;
      }, 1500);
    } catch {
      code.value = text;
      code.hidden = false;
      code.focus();
      code.select();
    }
  }
  const face = button(words.copy, copy);
  return { button: face, code };
}
