// A button that copies a text.

import { button } from "./dom.mjs";

/** It says so when it has; where the browser refuses, the text is given away. */
export function copier(
  /** @type {import("./frame.mjs").Frame} */ { words, voice },
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
