// What figures have in common in which the reader trains a network: a run is begun, stopped, changed as it goes, and
// may be guessed first. Out of sight, it stops.
//
// A figure gives what a Frame asks for, `worker`, the address of its worker, and
//
//   plan        what the worker is asked for: settings, steps, and after which of them it measures
//   fresh       the fields that begin another run
//   level       where the line of a guess lies at first, in units of the axis, and where it begins
//   told(v)     a number of the plot in words, in units of the axis
//   build()     makes, beside its own parts, `plot`, `line`, `pictures`, and `buttons`: `turning` begins a guess
//   draw()      shows what changes as the run goes

import { Guess } from "../curves/guess.mjs";
import { fill } from "../ui/dom.mjs";
import { Frame } from "../ui/frame.mjs";
import { Client } from "./client.mjs";

const REST = 80; // ms between two paintings of a run

/** @typedef {{settings: any, steps: number, every: number, points: number[]}} Plan */
/**
 * @typedef {{worker: URL, fresh: string[], plot: any, line: HTMLElement, pictures: any,
 *   buttons: any, told(value: number): string, draw(): void}} Given
 */
/** @typedef {Record<"plan", Plan> & Record<"level", (number | null)[]> & {client?: Client}} Asked a getter fills two */

export class Live extends /** @type {new () => Frame & Given & Asked} */ (Frame) {
  connectedCallback() {
    if (this.form) return;
    this.client ??= new Client(this.worker, (message) => this.heard(message));
    this.news = /** @type {any} */ ({}); // what has come of the run since it was painted
    super.connectedCallback();
    this.watches = [
      new ResizeObserver(() => this.draw()),
      new IntersectionObserver((seen) => seen.at(-1).isIntersecting || this.pause()),
    ];
    for (const watch of this.watches) watch.observe(this);
    this.away = () => document.hidden && this.pause();
    document.addEventListener("visibilitychange", this.away);
    this.scheme = new MutationObserver(() => this.pictures.repaint());
    this.scheme.observe(document.body, { attributeFilter: ["data-md-color-scheme"] });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const watch of [...this.watches, this.scheme]) watch.disconnect();
    document.removeEventListener("visibilitychange", this.away);
    clearTimeout(this.due);
    this.client.end();
  }

  /** A guess over the plot. */
  guessed() {
    this.guess = new Guess(this.plot, (key) => this.drawn(key));
  }

  // What the reader does.

  /** Other settings, all at once: by the fields of the address. */
  choose(/** @type {string[]} */ fields) {
    this.client.leave();
    this.take(fields);
  }

  begin() {
    const { settings, steps, every, points } = this.plan;
    this.client.begin(settings, steps, every, points);
    this.paint();
  }

  /** Whether a press is passed over: while images come, or a guess is drawn. */
  get held() {
    return this.client.stage === "loading" || this.guess.drawing;
  }

  press() {
    const { stage } = this.client;
    if (this.held) return;
    if (stage === "going") this.pause();
    else if (stage === "paused") this.client.go();
    else this.begin();
    this.paint();
  }

  pause() {
    if (this.client.stage !== "going") return;
    this.client.stop();
    this.paint();
  }

  /** The guess: the button begins it; once more, and the run shows what is right. */
  turn() {
    if (this.guess.drawing) {
      this.guess.reveal();
      this.begin();
    } else {
      this.client.leave();
      this.guess.begin(this.level);
      this.paint();
    }
  }

  escape() {
    if (!this.guess.values) return;
    this.guess.leave();
    this.paint();
    this.buttons.turning.focus();
  }

  /** Steps back as a hand would set them. */
  restore(/** @type {string[]} */ fields) {
    const was = this.state;
    this.take(fields);
    this.names.forEach((name, at) => was[at] === fields[at] || this.moved(name));
    this.paint();
  }

  reset() {
    this.guess.leave();
    this.client.leave();
    this.client.before = [];
    super.reset();
  }

  drawn(/** @type {string} */ key) {
    const { guess, words, plot } = this;
    this.paint();
    if (!key || !guess.drawing) return;
    const x = `${words.steps} ${Math.round(plot.points[guess.point])}`;
    this.voice.say(fill(words.at, { x, y: this.told(guess.values[guess.point]) }));
  }

  /** A setting was moved: a run goes on with it, but for some, which begin another. */
  moved(/** @type {string} */ field) {
    const { client } = this;
    if (field === "metric" || client.stage === "idle") return;
    if (this.fresh.includes(field)) client.leave();
    else client.change(this.plan.settings, this.plan.steps);
  }

  settle() {
    const { guess, client } = this;
    if (guess.values && client.stage === "idle") guess.leave();
  }

  heard(/** @type {any} */ message) {
    this.news = { ...this.news, ...message };
    if (["over", "failed"].includes(message.kind)) {
      this.paint();
      this.voice.say(this.line.textContent); // and nothing on the way
    } else this.due ||= window.setTimeout(() => this.draw(), REST);
  }

  /** What has come since this was asked for last. */
  caught() {
    clearTimeout(this.due);
    this.due = 0;
    const { news } = this;
    this.news = {};
    return news;
  }

  // What it shows.

  paint() {
    super.paint();
    this.draw();
  }
}
