// The controls of <ask-image>, and the ways by which a picture comes: chosen, dropped, pasted.

import { make } from "../ui/dom.mjs";
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
    undo = button(words.stroke, () => paper.undo()),
    clear = button(words.clear, () => paper.lay([])),
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

const carries = (/** @type {DataTransfer} */ data) => data.types.includes("Files");

/** Drops onto the figure, and pastes while it is in sight; what ends them. */
export function receiving(/** @type {any} */ figure) {
  const ends = new AbortController(),
    { signal } = ends;
  let near = false;
  const sight = new IntersectionObserver((seen) => (near = seen.at(-1).isIntersecting));
  sight.observe(figure);
  signal.addEventListener("abort", () => sight.disconnect());
  // A file dropped beside the figure would take the page's place in the window, and all on it would be lost.
  for (const name of ["dragover", "drop"])
    document.addEventListener(
      name,
      (/** @type {DragEvent} */ event) => {
        if (carries(event.dataTransfer)) event.preventDefault();
      },
      { signal },
    );
  figure.addEventListener(
    "dragover",
    (/** @type {DragEvent} */ event) => {
      event.preventDefault();
      figure.classList.add("ask-over");
    },
    { signal },
  );
  figure.addEventListener("dragleave", () => figure.classList.remove("ask-over"), { signal });
  figure.addEventListener(
    "drop",
    (/** @type {DragEvent} */ event) => {
      event.preventDefault();
      figure.classList.remove("ask-over");
      const [file] = event.dataTransfer.files;
      if (file) figure.open(file);
      else figure.refuse("none");
    },
    { signal },
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
