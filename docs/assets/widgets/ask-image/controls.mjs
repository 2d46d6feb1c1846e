// The controls of <ask-image>, and the ways by which a picture comes: chosen, dropped, pasted.

import { make } from "../ui/dom.mjs";
import { drops } from "../ui/drops.mjs";
import { button } from "../ui/frame.mjs";
import { NAMES } from "./examples.mjs";

/** Lays the controls out as the figure's form, and keeps those that change their faces. */
export function lay(/** @type {any} */ figure) {
  const { words, paper } = figure,
    row = (/** @type {Node[]} */ ...parts) => make("div", { class: "widget__row" }, ...parts),
    file = make("input", { type: "file", accept: "image/*", hidden: true, "aria-label": words.choose });
  file.addEventListener("change", () => {
    const [chosen] = file.files;
    if (chosen) figure.open(chosen);
    file.value = ""; // so that the same one can be chosen again
  });
  const examples = NAMES.map((name) => button(words[name], () => figure.begin(name), { "data-example": name })),
    drawing = button(words.draw, () => figure.draws(!figure.drawing)),
    undo = button(words.stroke, () => paper.past.length && paper.undo()),
    clear = button(words.clear, () => paper.strokes.length && paper.lay([])),
    tools = row(figure.group("pen"), undo, clear);
  figure.controls(
    row(make("span", { class: "widget-soft" }, words.examples), ...examples),
    row(
      button(words.choose, () => file.click()),
      drawing,
      make("span", { class: "widget-soft" }, words.hint),
    ),
    tools,
  );
  return { examples, drawing, undo, clear, tools, file };
}

/** Drops onto the figure, and pastes while it is in sight; what ends them. */
export function receiving(/** @type {any} */ figure) {
  const ends = new AbortController(),
    { signal } = ends;
  let near = false;
  const sight = new IntersectionObserver((seen) => (near = seen.at(-1).isIntersecting));
  sight.observe(figure);
  signal.addEventListener("abort", () => sight.disconnect());
  signal.addEventListener(
    "abort",
    drops(figure, (file) => (file ? figure.open(file) : figure.refuse("none"))),
  );
  document.addEventListener(
    "paste",
    (event) => {
      const [file] = event.clipboardData.files,
        elsewhere = event.target instanceof Element && event.target.closest("input, textarea");
      if (!file || elsewhere || !(near || figure.contains(document.activeElement))) return;
      event.preventDefault();
      figure.open(file);
    },
    { signal },
  );
  return () => ends.abort();
}
