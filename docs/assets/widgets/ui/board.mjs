// A grid of numbers that can be pointed at: by mouse, finger, or arrow keys.
//
// It is drawn on a canvas: five hundred numbers are five hundred boxes for the layout of a page, and one for it.
// What it shows is kept in `labels`, and a figure gives the numbers as a table as well.

import { make, MOVES } from "./dom.mjs";

const RIM = 2; // room for a frame

let printing = false; // paper has finer dots than screens
addEventListener("beforeprint", () => {
  printing = true;
});
addEventListener("afterprint", () => {
  printing = false;
});

/** A number as a reader writes it, to three decimals. */
export const number = (/** @type {number} */ value) => String(Math.round(value * 1000) / 1000 + 0).replace("-", "−");

let known = {};
/** The book's colours in the scheme of now. */
function colours(/** @type {Element} */ box) {
  const scheme = document.body.dataset.mdColorScheme;
  if (known.scheme !== scheme || !known.ink) {
    const style = getComputedStyle(box);
    known = { scheme, font: style.fontFamily };
    for (const name of ["ink", "soft", "on", "a", "b", "c", "d", "e", "cell", "pad", "rule"])
      known[name] = style.getPropertyValue(`--book-${name}`);
  }
  return known;
}

export class Board {
  /**
   * @this {Board & {size?: number}} which paint() sets
   * @param {((row: number, column: number, key?: string) => void) | null} point called with a cell
   */
  constructor(point = null) {
    this.box = make("canvas", {
      class: "widget-board",
      ...(point ? { tabindex: "0", role: "application" } : { role: "img" }),
    });
    this.shape = [1, 1];
    this.at = null;
    this.labels = [];
    if (!point) return;
    this.box.addEventListener("click", (event) => {
      this.at = [event.offsetY, event.offsetX].map((at, axis) => this.inside(Math.floor((at - RIM) / this.size), axis));
      point(this.at[0], this.at[1]);
    });
    this.box.addEventListener("keydown", (event) => {
      const move = MOVES[event.key];
      if (!move) return;
      event.preventDefault();
      this.at = this.at ? this.at.map((at, axis) => this.inside(at + move[axis], axis)) : [0, 0];
      point(this.at[0], this.at[1], event.key);
    });
  }

  inside(at, axis) {
    return Math.min(this.shape[axis] - 1, Math.max(0, at));
  }

  /**
   * @param {{rows: number, columns: number, size: number, name: string, at?: number[] | null,
   *   greys?: number[][] | null, fills?: {cells: number[][], tone: string, tint?: true | number}[],
   *   labels?: {cell: number[], text: string, tone?: string}[],
   *   frames?: {cell: number[], span?: number[], tone?: string}[]}} what size is that of a cell;
   *   at, where the keyboard goes on
   */
  paint({ rows, columns, size, name, at = null, greys = null, fills = [], labels = [], frames = [] }) {
    const { box } = this,
      tones = colours(box),
      pen = box.getContext("2d", { willReadFrequently: true }),
      wide = columns * size,
      high = rows * size,
      fine = printing ? 4 : Math.ceil(devicePixelRatio);
    Object.assign(this, { shape: [rows, columns], size, at, labels });
    box.setAttribute("aria-label", name);
    box.width = (wide + 2 * RIM) * fine; // which clears it
    box.height = (high + 2 * RIM) * fine;
    box.style.width = `${wide + 2 * RIM}px`;
    pen.setTransform(fine, 0, 0, fine, RIM * fine, RIM * fine);
    pen.fillStyle = tones.cell;
    pen.fillRect(0, 0, wide, high);
    if (greys) {
      const small = make("canvas", { width: columns, height: rows }),
        pixels = new ImageData(columns, rows);
      pixels.data.set(greys.flat().flatMap((grey) => [grey, grey, grey, 255]));
      small.getContext("2d").putImageData(pixels, 0, 0);
      pen.imageSmoothingEnabled = false;
      pen.drawImage(small, 0, 0, wide, high);
    }
    for (const { cells, tone, tint } of fills) {
      pen.globalAlpha = tint === true ? 0.18 : (tint ?? 1);
      pen.fillStyle = tones[tone];
      for (const [i, j] of cells) pen.fillRect(j * size, i * size, size, size);
    }
    pen.globalAlpha = 1;
    pen.strokeStyle = tones.rule;
    pen.beginPath();
    // Of small cells the rim alone.
    for (let i = 0; i <= rows; i += size < 8 ? rows : 1) {
      pen.moveTo(0, i * size);
      pen.lineTo(wide, i * size);
    }
    for (let j = 0; j <= columns; j += size < 8 ? columns : 1) {
      pen.moveTo(j * size, 0);
      pen.lineTo(j * size, high);
    }
    pen.stroke();
    pen.textAlign = "center";
    const longest = labels.reduce((one, { text }) => (text.length > one.length ? text : one), "0");
    pen.font = `100px ${tones.font}`;
    pen.font = `${size * Math.min(0.46, 88 / pen.measureText(longest).width)}px ${tones.font}`; // one for all
    for (const {
      cell: [i, j],
      text,
      tone = "ink",
    } of labels) {
      pen.fillStyle = tones[tone];
      pen.fillText(text, (j + 0.5) * size, (i + 0.66) * size);
    }
    pen.lineWidth = 2.5;
    for (const {
      cell: [i, j],
      span = [1, 1],
      tone = "a",
    } of frames) {
      pen.strokeStyle = tones[tone];
      pen.strokeRect(j * size, i * size, span[1] * size, span[0] * size);
    }
  }
}
