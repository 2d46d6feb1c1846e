// What the network paints: a detail of a test photograph; what its channels add on grey, and their sum; how much of a
// lattice each layer has.

import { mean } from "../core/numbers.mjs";
import { scale } from "../core/curves.mjs";
import { Board } from "../ui/board.mjs";
import { fill, make } from "../ui/dom.mjs";
import { CROP } from "./settings.mjs";

const DETAIL = 48, // pixels along a side that are shown
  CORNER = [14, 40], // of the detail: top, left
  PIXEL = 3,
  OUT = 6, // times that a residual is brought out
  PERIODS = 2, // of a lattice along a side, and of the sum twice as many
  ALONG = 8, // lattices in a row
  CELL = 7,
  LEAST = 0.05; // grey levels that are drawn as black and white at most
const NAMES = ["photograph", "plain", "output", "residual"];
const BARS = { wide: 320, row: 32, tall: 9, left: 0, right: 258 };

/** What of four phases is a lattice: what their mean is taken from. */
export const lattice = (/** @type {number[]} */ period) => {
  const level = mean(period);
  return period.map((value) => value - level);
};
/** How strong a lattice is: its standard deviation. */
export const strength = (/** @type {number[]} */ period) => Math.sqrt(mean(lattice(period).map((value) => value ** 2)));
/** The periods of all channels and biases, added up. */
export const together = (/** @type {number[][]} */ painted) =>
  [0, 1, 2, 3].map((phase) => painted.reduce((sum, period) => sum + period[phase], 0));

/** Lattices side by side, ALONG in a row, a cell apart; grey is 0, and `most` is white. */
function tiled(/** @type {number[][]} */ lattices, /** @type {number} */ most, along = ALONG, periods = PERIODS) {
  const side = 2 * periods,
    columns = along * (side + 1) - 1,
    rows = Math.ceil(lattices.length / along) * (side + 1) - 1,
    gaps = [];
  const greys = [...Array(rows).keys()].map((i) =>
    [...Array(columns).keys()].map((j) => {
      const period = lattices[Math.floor(i / (side + 1)) * along + Math.floor(j / (side + 1))],
        [down, across] = [i % (side + 1), j % (side + 1)];
      if (period && down < side && across < side) return 128 + (127 * period[2 * (down % 2) + (across % 2)]) / most;
      gaps.push([i, j]);
      return 0;
    }),
  );
  return { rows, columns, greys, fills: [{ cells: gaps, tone: "cell" }] };
}

export class Pictures {
  constructor(/** @type {Record<string, any>} */ words) {
    this.words = words;
    const part = (/** @type {Node} */ title, /** @type {Node} */ box) =>
        make("div", { class: "widget-part" }, make("span", { class: "widget-name" }, title), box),
      text = (/** @type {string} */ name) => document.createTextNode(words[name] ?? "");
    this.boards = Object.fromEntries([...NAMES, "each", "sum"].map((name) => [name, new Board()]));
    this.title = text("channels");
    this.bars = make("svg:svg", { class: "upsampling-bars", role: "img", width: BARS.wide, height: 5 * BARS.row });
    const row = (/** @type {Node[]} */ ...parts) => make("div", { class: "widget-row" }, ...parts),
      { each, sum } = this.boards;
    this.box = make(
      "div",
      { class: "training-pictures", hidden: true },
      row(...NAMES.map((name) => part(text(name), this.boards[name].box))),
      row(part(this.title, each.box), part(text("sum"), sum.box), part(text("bars"), this.bars)),
    );
  }

  /** The test photograph, and bicubic interpolation of its small version. */
  keep(/** @type {Float32Array[]} */ [photograph, plain]) {
    this.lasting = { photograph, plain };
    this.box.hidden = false;
  }

  show(/** @type {any} */ first, /** @type {any} */ last) {
    this.points = [first, last];
    this.repaint();
  }

  /** A canvas does not follow the colours of the page by itself. */
  repaint() {
    if (!this.points) return;
    const { words } = this,
      [first, last] = this.points,
      [output, residual] = last.pictures;
    const images = { ...this.lasting, output, residual };
    for (const name of NAMES) {
      const grey = (/** @type {number} */ value) => (name === "residual" ? 128 + 255 * OUT * value : 255 * value);
      const greys = [...Array(DETAIL).keys()].map((i) => {
        const from = (CORNER[0] + i) * CROP + CORNER[1];
        return [...images[name].subarray(from, from + DETAIL)].map(grey);
      });
      this.boards[name].paint({ rows: DETAIL, columns: DETAIL, size: PIXEL, name: words[name], greys });
    }
    this.channels(last.painted);
    this.draw(first.layers, last.layers);
  }

  channels(/** @type {number[][]} */ painted) {
    const { words, boards } = this,
      lattices = painted.map(lattice),
      biases = strength(painted.at(-1)) > 0, // phases that have a bias of their own
      shown = biases ? lattices : lattices.slice(0, -1),
      most = Math.max(LEAST, ...lattices.flat().map(Math.abs).filter(Number.isFinite));
    this.title.textContent = fill(words[biases ? "biases" : "channels"], { n: lattices.length - 1 });
    boards.each.paint({ size: CELL, name: this.title.textContent, ...tiled(shown, most) });
    boards.sum.paint({ size: CELL, name: words.sum, ...tiled([lattice(together(painted))], most, 1, 2 * PERIODS) });
  }

  /** How much of a lattice each layer has, on a logarithmic scale. */
  draw(/** @type {number[]} */ before, /** @type {number[]} */ now) {
    const { words } = this,
      along = scale([-1.5, 2], [BARS.left, BARS.right]),
      at = (/** @type {number} */ value) => (value > 0 ? along(Math.log10(value)) : BARS.left);
    const said = words.layers.map((/** @type {string} */ name, /** @type {number} */ row) =>
      fill(words.bar, { name, now: percent(now[row]), was: percent(before[row]) }),
    );
    this.bars.setAttribute("aria-label", said.join("; "));
    this.bars.replaceChildren(
      ...words.layers.flatMap((/** @type {string} */ name, /** @type {number} */ row) => {
        const top = row * BARS.row,
          y = top + 17;
        return [
          make("svg:text", { x: BARS.left, y: top + 12 }, name),
          make("svg:rect", { x: BARS.left, y, width: Math.max(1, at(now[row]) - BARS.left), height: BARS.tall }),
          make("svg:line", { x1: at(before[row]), x2: at(before[row]), y1: y - 2, y2: y + BARS.tall + 2 }),
          make("svg:text", { x: BARS.wide, y: y + BARS.tall, "text-anchor": "end" }, percent(now[row])),
        ];
      }),
    );
  }
}

/** Per cent as the page prints them. */
export const percent = (/** @type {number} */ value) =>
  Number.isFinite(value) ? `${value.toFixed(value < 0.095 ? 2 : value < 10 ? 1 : 0)}%` : "–";
