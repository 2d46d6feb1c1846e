// The controls of <training-widget>: settings to begin with, sliders, choices, buttons, and the runs of the book.

import { make } from "../ui/dom.mjs";
import { armOf } from "./book.mjs";
import { buttons, faced, row, stories } from "./buttons.mjs";
import { program, SEEDS, stateOf, STOPS, WIDTHS } from "./settings.mjs";

const PER_CENT = ["dropout", "noise"],
  METRICS = ["nll", "accuracy"];

/** Lays them out as the widget's form, and keeps those that change their faces. */
export function lay(/** @type {any} */ widget) {
  const { words, data, key } = widget,
    slider = (/** @type {string} */ name) => widget.slider(name, 0, STOPS[name].length - 1, `${words[name]} `),
    sliders = (/** @type {string[]} */ ...names) => make("div", { class: "widget__sliders" }, ...names.map(slider)),
    choose = (/** @type {any} */ choice) => widget.choose([...stateOf(choice), widget.metric]);
  const arms = make(
    "select",
    { id: `${key}-arm`, autocomplete: "off" },
    ...[words.own, ...data.arms.map(({ label }) => label)].map((label, at) => make("option", { value: at - 1 }, label)),
  );
  arms.addEventListener("input", (event) => {
    event.stopPropagation(); // it is no field: it sets several
    const arm = data.arms[Number(arms.value)];
    if (arm) choose({ ...arm.choice, seed: widget.seed });
  });
  const kept = { arms, ...buttons(widget, () => program(widget.choice)) };
  widget.controls(
    stories(widget, choose),
    sliders("rate", "batch", "decay"),
    row(widget.group("optimizer")),
    make(
      "details",
      { class: "widget__more" },
      make("summary", {}, words.more),
      sliders("images", "noise", "dropout", "shift", "steps"),
      row(
        widget.group("width", words.width, WIDTHS.map((one) => `×${one}`)), // prettier-ignore
        widget.group("seed", words.seed, SEEDS),
        widget.group("metric", words.metric, METRICS.map((one) => words[`metric${one}`])), // prettier-ignore
      ),
    ),
    row(
      kept.going,
      kept.anew,
      kept.turning,
      kept.copier.button,
      ...(data.arms.length ? [make("label", { for: arms.id }, words.book, arms)] : []),
    ),
  );
  return kept;
}

/** What stands on them now. */
export function face(/** @type {any} */ widget) {
  const { choice, data } = widget;
  faced(widget, (name) => (PER_CENT.includes(name) ? `${Math.round(100 * choice[name])}%` : String(choice[name])));
  widget.buttons.arms.value = String(armOf(data.arms, choice));
}
