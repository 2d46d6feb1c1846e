// Files that are dropped.

/** Hands the first of the files that are dropped onto a figure, or none, to what takes it; what ends that. */
export function drops(/** @type {HTMLElement} */ figure, /** @type {(file?: File) => void} */ take) {
  const ends = new AbortController(),
    { signal } = ends;
  // Beside the figure it would take the page's place in the window, and all on it would be lost.
  for (const name of ["dragover", "drop"])
    document.addEventListener(
      name,
      (/** @type {DragEvent} */ event) => {
        if (event.dataTransfer.types.includes("Files")) event.preventDefault();
      },
      { signal },
    );
  figure.addEventListener(
    "dragover",
    (event) => {
      event.preventDefault();
      figure.classList.add("widget-over");
    },
    { signal },
  );
  figure.addEventListener("dragleave", () => figure.classList.remove("widget-over"), { signal });
  figure.addEventListener(
    "drop",
    (event) => {
      event.preventDefault();
      figure.classList.remove("widget-over");
      take(event.dataTransfer.files[0]);
    },
    { signal },
  );
  return () => ends.abort();
}
