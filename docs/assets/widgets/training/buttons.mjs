// The buttons of a run: begin or go on, begin anew, guess first, copy the program; and the settings to begin with.

import { make } from "../ui/dom.mjs";
import { button } from "../ui/frame.mjs";
import { copying } from "../ui/program.mjs";

export const row = (/** @type {Node[]} */ ...parts) => make("p", { class: "widget__row" }, ...parts);

/** Those that change their faces. */
export const buttons = (/** @type {any} */ widget, /** @type {() => string} */ program) => ({
  going: button(widget.words.start, () => widget.press()),
  anew: button(widget.words.anew, () => widget.begin()),
  turning: button(widget.words.guess, () => widget.turn(), { "aria-pressed": "false" }),
  copier: copying(widget, program),
});

/** A button for each setting that the page names. */
export const stories = (/** @type {any} */ { words, data }, /** @type {(choice: any) => void} */ choose) =>
  row(
    make("span", { class: "widget-soft" }, words.stories),
    ...data.stories.map(({ name, choice }) => button(name, () => choose(choice))),
  );

/** What stands on them now, and beside the sliders. */
export function faced(
  /** @type {any} */ { slides, choice, buttons, client, guess, words, held },
  shown = (/** @type {string} */ name) => String(choice[name]),
) {
  for (const [name, { input, value }] of Object.entries(/** @type {Record<string, any>} */ (slides))) {
    value.textContent = shown(name);
    input.setAttribute("aria-valuetext", value.textContent);
  }
  const { going, anew, turning } = buttons;
  going.textContent = words[{ going: "pause", paused: "resume" }[client.stage] ?? "start"];
  going.setAttribute("aria-disabled", String(held)); // it keeps the focus, which a disabled button would lose
  const over = !["loading", "going", "paused"].includes(client.stage);
  if (over && document.activeElement === anew) going.focus();
  anew.hidden = over;
  turning.textContent = words[guess.state];
  turning.setAttribute("aria-pressed", String(guess.drawing));
}
