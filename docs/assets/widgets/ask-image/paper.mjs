// The paper that is drawn on: by mouse, finger or pen, or by the arrow keys, with the space bar to put the pen down.

import { make, MOVES } from "../ui/dom.mjs";
import { inked, PAPER } from "./strokes.mjs";
import { paint } from "./views.mjs";

const STEP = 2, // pixels that an arrow key goes
  LEAST = 0.5; // pixels between two points of a line

/** @typedef {import("./strokes.mjs").Stroke} Stroke */

export class Paper {
  /** @type {Stroke[]} */
  strokes = [];
  /** @type {Stroke[][]} */
  past = [];
  pen = /** @type {"fine" | "broad"} */ ("broad");
  at = /** @type {[number, number]} */ ([PAPER / 2, PAPER / 2]);
  down = false; // whether a key or a finger holds the pen on the paper

  constructor(/** @type {string} */ name, /** @type {(word?: string) => void} */ drawn) {
    this.drawn = drawn;
    this.board = make("canvas", { class: "ask-paper", tabindex: "0", role: "application", "aria-label": name });
    this.mark = make("span", { class: "ask-mark", hidden: true });
    this.box = make("div", { class: "ask-desk" }, this.board, this.mark);
    const { board } = this;
    board.addEventListener("pointerdown", (event) => {
      if (event.button || this.finger !== undefined) return; // a second finger
      this.finger = event.pointerId;
      board.setPointerCapture(event.pointerId);
      this.mark.hidden = true;
      this.begin(this.under(event));
    });
    board.addEventListener("pointermove", (event) => {
      if (event.pointerId === this.finger) this.go(this.under(event));
    });
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"])
      board.addEventListener(end, (/** @type {PointerEvent} */ event) => {
        if (event.pointerId !== this.finger) return;
        this.finger = undefined;
        this.down = false;
      });
    board.addEventListener("keydown", (event) => this.key(event));
    board.addEventListener("blur", () => {
      this.mark.hidden = true;
      this.down = false;
    });
  }

  /** @returns {[number, number]} */
  under(/** @type {PointerEvent} */ { offsetX, offsetY }) {
    const { clientWidth, clientHeight } = this.board;
    return [(offsetX / clientWidth) * PAPER, (offsetY / clientHeight) * PAPER];
  }

  key(/** @type {KeyboardEvent} */ event) {
    const move = MOVES[event.key];
    if (event.key === "z" && (event.ctrlKey || event.metaKey)) {
      event.stopPropagation(); // a stroke less, and not a state of the figure
      this.undo();
    } else if (event.key === " ") {
      if (this.down) this.down = false;
      else this.begin(this.at);
      this.drawn(this.down ? "penDown" : "penUp");
    } else if (move) {
      const [x, y] = [move[1], move[0]].map((step, axis) =>
        Math.min(PAPER - 1, Math.max(1, this.at[axis] + STEP * step)),
      );
      this.at = [x, y];
      if (this.down) this.go(this.at);
      else this.drawn("moved");
    } else return;
    event.preventDefault();
    this.point();
  }

  get place() {
    const [x, y] = this.at.map(Math.round);
    return { x, y };
  }

  /** A mark where the keys are. */
  point() {
    const [left, top] = this.at.map((at) => `${(100 * at) / PAPER}%`);
    Object.assign(this.mark.style, { left, top });
    this.mark.hidden = false;
    this.mark.classList.toggle("ask-mark-down", this.down);
  }

  begin(/** @type {[number, number]} */ at) {
    this.past.push(this.strokes);
    this.down = true;
    this.at = at;
    this.strokes = [...this.strokes, { pen: this.pen, points: [at] }];
    this.drawn();
  }

  go(/** @type {[number, number]} */ at) {
    const { points } = this.strokes.at(-1),
      last = points.at(-1);
    this.at = at;
    if (Math.hypot(at[0] - last[0], at[1] - last[1]) < LEAST) return;
    points.push(at);
    this.drawn();
  }

  /** Other lines in the place of these; undo brings these back. */
  lay(/** @type {Stroke[]} */ strokes) {
    if (this.strokes.length) this.past.push(this.strokes);
    this.change(strokes);
  }

  undo() {
    this.change(this.past.pop() ?? []);
  }

  change(/** @type {Stroke[]} */ strokes) {
    this.strokes = strokes;
    this.down = false;
    this.finger = undefined; // one on its way adds nothing to them
    this.drawn();
  }

  /** The greys of what is drawn, which the paper shows. */
  greys() {
    const greys = inked(this.strokes);
    paint(this.board, greys, PAPER);
    return greys;
  }
}
