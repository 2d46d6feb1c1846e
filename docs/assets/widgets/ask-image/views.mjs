// What <ask-image> shows: pictures, the maps of a layer, the answer.

import { SIDE } from "../core/garments.mjs";
import { fill, make, table } from "../ui/dom.mjs";

export const percent = (/** @type {number} */ share) => `${Math.round(100 * share)}%`;

/** Greys 0…255 on a canvas, one pixel each; what is null stays clear. */
export function paint(
  /** @type {HTMLCanvasElement} */ board,
  /** @type {ArrayLike<number | null>} */ greys,
  /** @type {number} */ width,
) {
  const pixels = new ImageData(width, greys.length / width);
  for (let at = 0; at < greys.length; at += 1)
    if (greys[at] !== null) pixels.data.set([greys[at], greys[at], greys[at], 255], 4 * at);
  show(board, pixels);
}

export function show(/** @type {HTMLCanvasElement} */ board, /** @type {ImageData} */ pixels) {
  board.width = pixels.width; // which clears it
  board.height = pixels.height;
  board.getContext("2d").putImageData(pixels, 0, 0);
}

/** A part of the figure under its title. */
export const part = (/** @type {string} */ face, /** @type {Node[]} */ ...boxes) =>
  make("div", { class: "widget-part" }, make("span", { class: "widget-name" }, face), ...boxes);

/** The maps of a layer on one canvas, as many in a row as there is room for; all by one scale, of square roots. */
export class Maps {
  constructor(/** @type {string} */ name, /** @type {string} */ said) {
    this.said = said;
    this.board = make("canvas", { class: "ask-maps", role: "img", "aria-label": name });
    this.box = part(name, this.board);
  }

  draw(/** @type {Float32Array} */ values, /** @type {number} */ room) {
    const side = SIDE / 2,
      count = values.length / side ** 2,
      most = values.reduce((found, value) => Math.max(found, value), 1e-9),
      zoom = 3,
      columns = Math.max(1, Math.min(count, 16, Math.floor((room + zoom) / (zoom * (side + 1))))),
      width = columns * (side + 1) - 1,
      rows = Math.ceil(count / columns) * (side + 1) - 1,
      greys = Array(width * rows).fill(null);
    for (let map = 0; map < count; map += 1) {
      const corner = Math.floor(map / columns) * (side + 1) * width + (map % columns) * (side + 1);
      for (let at = 0; at < side ** 2; at += 1)
        greys[corner + Math.floor(at / side) * width + (at % side)] =
          255 * Math.sqrt(values[map * side ** 2 + at] / most);
    }
    paint(this.board, greys, width);
    this.board.style.width = `${zoom * width}px`;
    this.board.ariaLabel = fill(this.said, { n: count });
  }
}

/** Of each map of both layers how strong it is at most, where, and on what share of its places it is above zero. */
export const strengths = (/** @type {Float32Array[]} */ layers, /** @type {Record<string, any>} */ words) =>
  layers.flatMap((values, layer) =>
    [...Array(values.length / (SIDE / 2) ** 2).keys()].map((map) => {
      const own = values.subarray(map * (SIDE / 2) ** 2, (map + 1) * (SIDE / 2) ** 2),
        most = Math.max(...own),
        at = own.indexOf(most);
      return [
        fill(words.map, { layer: layer + 1, map: map + 1 }),
        most.toFixed(2),
        most ? `${Math.floor(at / (SIDE / 2))}, ${at % (SIDE / 2)}` : "–",
        percent(own.filter((value) => value > 0).length / own.length),
      ];
    }),
  );

/** The classes with their shares: a table whose bars are seen, and whose numbers are read. */
export class Answer {
  constructor(/** @type {Record<string, any>} */ words) {
    this.words = words;
    this.box = make("div");
  }

  show(/** @type {string[]} */ classes, /** @type {number[] | null} */ shares) {
    const best = shares ? shares.indexOf(Math.max(...shares)) : -1,
      rows = classes.map((name, at) => [name, shares ? percent(shares[at]) : "–"]);
    const shown = table(this.words.answer, [this.words.class, this.words.share], rows);
    shown.className = "ask-answer";
    [...shown.tBodies[0].rows].forEach((row, at) => {
      row.classList.toggle("ask-best", at === best);
      const bar = make("span", { class: "ask-bar" });
      bar.style.width = `${shares ? 100 * shares[at] : 0}%`;
      row.cells[1].prepend(make("span", { class: "ask-track", "aria-hidden": "true" }, bar));
    });
    this.box.replaceChildren(shown);
  }
}
