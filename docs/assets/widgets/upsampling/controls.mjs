// The controls of <upsampling-widget>: settings to begin with, choices, sliders, buttons.

import { make } from "../ui/dom.mjs";
import { button } from "../ui/frame.mjs";
import { copying } from "../ui/program.mjs";
import { program, SEEDS, startsOf, stateOf, STOPS } from "./settings.mjs";

/** Lays them out as the widget's form, and keeps those that change their faces. */
export function lay(/** @type {any} */ widget) {
  const { words, data } = widget,
    slider = (/** @type {string} */ name) => widget.slider(name, 0, STOPS[name].length - 1, `${words[name]} `),
    row = (/** @type {Node[]} */ ...parts) => make("p", { class: "widget__row" }, ...parts),
    choose = (/** @type {any} */ choice) => widget.choose([...stateOf(choice), choice.metric ?? widget.metric]);
  const kept = {
    going: button(words.train, () => widget.press()),
    anew: button(words.anew, () => widget.begin()),
    turning: button(words.guess, () => widget.turn(), { "aria-pressed": "false" }),
    copier: copying(widget, () => program(widget.choice)),
  };
  widget.controls(
    row(
      make("span", { class: "widget-soft" }, words.stories),
      ...data.stories.map(({ name, choice }) => button(name, () => choose(choice))),
    ),
    row(widget.group("layer")),
    row(widget.group("initial"), widget.group("metric")),
    make(
      "details",
      { class: "widget__more" },
      make("summary", {}, words.more),
      make("div", { class: "widget__sliders" }, slider("rate"), slider("steps")),
      row(widget.group("loss"), widget.group("seed", words.seed, SEEDS)),
    ),
    row(kept.going, kept.anew, kept.turning, kept.copier.button),
  );
  return kept;
}

/** What stands on them now. */
export function face(/** @type {any} */ { slides, choice, buttons, client, guess, words, form }) {
  for (const [name, { input, value }] of Object.entries(/** @type {Record<string, any>} */ (slides))) {
    value.textContent = String(choice[name]);
    input.setAttribute("aria-valuetext", value.textContent);
  }
  for (const box of form.querySelectorAll("input[data-field=initial]"))
    box.disabled = !startsOf(choice.layer).includes(box.value);
  const { going, anew, turning } = buttons;
  going.textContent = words[{ going: "pause", paused: "resume" }[client.stage] ?? "train"];
  going.disabled = client.stage === "loading" || guess.drawing;
  anew.hidden = !["going", "paused"].includes(client.stage);
  turning.textContent = words[guess.state];
  turning.setAttribute("aria-pressed", String(guess.drawing));
}
