// A curve that the reader draws over the plot, by mouse, finger or keys, before the true one shows.

import { MOVES } from "../ui/dom.mjs";

export class Guess {
  /**
   * @param {import("./plot.mjs").Plot} plot
   * @param {(key?: string) => void} drawn after a change
   */
  constructor(plot, drawn) {
    this.plot = plot;
    this.drawn = drawn;
    this.leave();
    plot.box.addEventListener("pointerdown", (event) => this.drag(event));
    plot.box.addEventListener("pointermove", (event) => event.buttons && this.drag(event));
    plot.box.addEventListener("keydown", (event) => this.press(event));
  }

  get drawing() {
    return this.state === "reveal";
  }
  get revealed() {
    return this.state === "again";
  }

  /** Level, from where the curve begins. */
  begin(/** @type {import("../core/curves.mjs").Curve} */ curve) {
    const [low, high] = this.plot.ends;
    this.values = curve.map(() => curve[0] ?? (low + high) / 2);
    this.point = 0;
    this.turn("reveal");
  }

  reveal() {
    this.turn("again");
  }

  leave() {
    /** @type {number[] | null} */
    this.values = null;
    this.turn("guess");
  }

  /** By what a press of the button does next; the plot can be reached while it is there to draw on. */
  turn(/** @type {"guess" | "reveal" | "again"} */ state) {
    this.state = state;
    this.plot.box.setAttribute("tabindex", this.drawing ? "0" : "-1");
  }

  drag(/** @type {PointerEvent} */ event) {
    if (!this.drawing) return;
    event.preventDefault();
    const { box, shown, wide, value } = this.plot,
      { left, top, width } = box.getBoundingClientRect(),
      ratio = wide / width,
      far = shown.map((x) => Math.abs(x - (event.clientX - left) * ratio)),
      nearest = far.indexOf(Math.min(...far)),
      to = value((event.clientY - top) * ratio);
    // A quick hand skips points: those between the last and this one follow a straight line; those after stay level.
    const from = event.type === "pointermove" ? this.point : nearest,
      before = this.values[from];
    for (let point = Math.min(from, nearest); point <= Math.max(from, nearest); point += 1) {
      const share = from === nearest ? 1 : (point - from) / (nearest - from);
      this.values[point] = before + share * (to - before);
    }
    this.values.fill(to, Math.max(from, nearest) + 1);
    this.point = nearest;
    this.drawn();
  }

  press(/** @type {KeyboardEvent} */ event) {
    if (!this.drawing) return;
    const move = MOVES[event.key];
    if (!move) return;
    event.preventDefault();
    const [low, high] = this.plot.ends,
      [down, across] = move,
      { length } = this.plot.shown;
    this.point = Math.min(length - 1, Math.max(0, this.point + across));
    const value = this.values[this.point] - (down * (high - low)) / 40;
    if (down) this.values.fill(Math.min(high, Math.max(low, value)), this.point);
    this.drawn(event.key);
  }
}
