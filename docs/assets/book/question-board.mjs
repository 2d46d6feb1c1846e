// The board of a question in which cells are painted: the board of the interactive figures, whose cells change sides.

import { Board } from "../widgets/ui/board.mjs";
import { announcer, fill, make } from "../widgets/ui/dom.mjs";

const LARGEST = 36; // the side of a cell in pixels

/** A board in this box: what is painted, as "0,1 0,3", how to clear it, and how it follows the page. */
export function board(box) {
  const [rows, columns] = box.dataset.shape.split(",").map(Number),
    texts = box.dataset.labels ? box.dataset.labels.split("|").map((row) => row.split(",")) : [],
    painted = new Set(),
    said = announcer(make("span", { class: "book-unseen", "aria-live": "polite" }), 150);

  const order = () => [...painted].map((cell) => cell.split(",").map(Number)).sort(([i, j], [k, l]) => i - k || j - l);

  function paint() {
    const room = box.clientWidth || columns * LARGEST,
      cells = order();
    grid.paint({
      rows,
      columns,
      size: Math.min(LARGEST, Math.floor((room - 4) / columns)),
      name: box.dataset.board,
      at: grid.at,
      fills: [{ cells, tone: "a" }],
      labels: texts.flatMap((row, i) =>
        row.map((text, j) => ({ cell: [i, j], text, tone: painted.has(`${i},${j}`) ? "on" : "ink" })),
      ),
      frames: grid.at && document.activeElement === grid.box ? [{ cell: grid.at, tone: "ink" }] : [],
    });
  }

  function say() {
    const [i, j] = grid.at,
      text = texts[i]?.[j],
      state = painted.has(`${i},${j}`) ? box.dataset.colour : box.dataset.bare;
    said.say([fill(box.dataset.cell, { i: i + 1, j: j + 1 }), text, state].filter(Boolean).join(", "));
  }

  function turn() {
    const cell = String(grid.at);
    if (!painted.delete(cell)) painted.add(cell);
  }

  const grid = new Board((i, j, key) => {
    if (!key) turn();
    paint();
    say();
  });
  grid.box.addEventListener("keydown", (event) => {
    if (event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    grid.at ??= [0, 0];
    turn();
    paint();
    say();
  });
  for (const change of ["focus", "blur"]) grid.box.addEventListener(change, paint);
  box.append(grid.box, said.box);
  const room = new ResizeObserver(paint),
    scheme = new MutationObserver(paint);

  function watch() {
    room.observe(box);
    scheme.observe(document.body, { attributeFilter: ["data-md-color-scheme"] });
  }
  watch();
  return {
    cells: () => order().join(" "),
    watch,
    end() {
      room.disconnect();
      scheme.disconnect();
    },
    clear() {
      painted.clear();
      paint();
    },
  };
}
