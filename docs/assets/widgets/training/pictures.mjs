// What the network looks at: the kernels of its first layer, and some test images with its answers.

import { Board } from "../ui/board.mjs";
import { fill, make } from "../ui/dom.mjs";

const SIDE = 28,
  KERNEL = 5,
  SHOWN = 10, // test images, one of each class
  UNSURE = 0.7;

export class Pictures {
  constructor(/** @type {Record<string, any>} */ words) {
    this.words = words;
    this.kernels = new Board();
    this.boards = [...Array(SHOWN)].map(() => new Board());
    this.captions = this.boards.map(() => make("span", { class: "training-answer" }));
    const garments = this.boards.map(({ box }, at) =>
      make("div", { class: "training-garment" }, box, this.captions[at]),
    );
    const titled = (/** @type {string} */ title, /** @type {Node[]} */ ...boxes) =>
      make("div", { class: "widget-part" }, make("span", { class: "widget-name" }, title), ...boxes);
    this.box = make(
      "div",
      { class: "training-pictures", hidden: true },
      titled(words.kernels, make("div", { class: "widget-scroll" }, this.kernels.box)),
      titled(words.answers, make("div", { class: "training-garments" }, ...garments)),
    );
  }

  /** The kernels side by side: grey for zero, white for the largest. */
  show(/** @type {Float32Array} */ values) {
    this.values = values;
    const count = values.length / KERNEL ** 2,
      columns = count * (KERNEL + 1) - 1,
      most = values.reduce((found, value) => Math.max(found, Math.abs(value)), 1e-9),
      cells = [];
    const greys = [...Array(KERNEL).keys()].map((i) =>
      [...Array(columns).keys()].map((at) => {
        const [kernel, j] = [Math.floor(at / (KERNEL + 1)), at % (KERNEL + 1)];
        if (j === KERNEL) cells.push([i, at]);
        return 128 + (127 * (values[(kernel * KERNEL + i) * KERNEL + j] || 0)) / most;
      }),
    );
    const name = fill(this.words.kernelsOf, { n: count });
    this.kernels.paint({ rows: KERNEL, columns, size: 7, name, greys, fills: [{ cells, tone: "cell" }] });
  }

  /** A test image of each class. */
  keep(/** @type {Uint8Array} */ bytes) {
    this.bytes = bytes;
    this.box.hidden = false;
    this.repaint();
  }

  /** A canvas does not follow the colours of the page by itself. */
  repaint() {
    if (!this.bytes) return;
    this.boards.forEach((board, label) => {
      const start = label * SIDE ** 2,
        greys = [...Array(SIDE).keys()].map((i) => [...this.bytes.subarray(start + i * SIDE, start + (i + 1) * SIDE)]);
      board.paint({ rows: SIDE, columns: SIDE, size: 2, name: this.words.classes[label], greys });
    });
    if (this.values) this.show(this.values);
  }

  /** The answers to them. */
  answer(/** @type {{answer: number, sure: number}[]} */ answers) {
    this.captions.forEach((caption, label) => {
      const { answer, sure } = answers[label],
        right = answer === label,
        share = Number.isFinite(sure) ? `${Math.round(100 * sure)}%` : "NaN";
      caption.textContent = `${right ? "✓" : "✗"} ${this.words.classes[answer]} ${share}`;
      const looks = ["training-answer", right ? "training-right" : "training-wrong"];
      caption.className = [...looks, ...(sure < UNSURE ? ["training-unsure"] : [])].join(" ");
    });
  }
}
