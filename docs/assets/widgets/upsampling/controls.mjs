// The controls of <upsampling-widget>: settings to begin with, choices, sliders, buttons.

import { buttons, faced, row, stories } from "../training/buttons.mjs";
import { make } from "../ui/dom.mjs";
import { program, SEEDS, startsOf, stateOf, STOPS } from "./settings.mjs";

/** Lays them out as the widget's form, and keeps those that change their faces. */
export function lay(/** @type {any} */ widget) {
  const { words } = widget,
    slider = (/** @type {string} */ name) => widget.slider(name, 0, STOPS[name].length - 1, `${words[name]} `),
    choose = (/** @type {any} */ choice) => widget.choose([...stateOf(choice), choice.metric ?? widget.metric]);
  const kept = buttons(widget, () => program(widget.choice));
  widget.controls(
    stories(widget, choose),
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
export function face(/** @type {any} */ widget) {
  faced(widget);
  for (const box of widget.form.querySelectorAll("input[data-field=initial]"))
    box.disabled = !startsOf(widget.choice.layer).includes(box.value);
}
