// The worker as the page sees it: what it was asked, and what has come of it so far.

const BEFORE = 3; // runs that stay as grey curves

/** @typedef {{step: number} & Record<string, any>} Point what was measured after so many steps */
/** @typedef {"idle" | "loading" | "going" | "paused" | "over" | "failed"} Stage */

export class Client {
  /**
   * @param {URL} address of the worker
   * @param {(message: any) => void} heard
   */
  constructor(address, heard) {
    this.address = address;
    this.heard = heard;
    /** @type {Point[][]} */
    this.before = [];
    this.number = 0;
    this.clear();
  }

  clear() {
    /** @type {Stage} */
    this.stage = "idle";
    /** @type {Point[]} */
    this.points = [];
    this.step = 0;
    this.norm = null;
    this.why = "";
    this.mixed = false;
  }

  /** Forgets the run, of which a curve stays. */
  leave() {
    if (this.points.length > 1) this.before = [...this.before, this.points].slice(-BEFORE);
    this.send("stop");
    this.number += 1; // what still comes of the old one is not listened to
    this.clear();
  }

  begin(/** @type {any} */ settings, /** @type {number} */ steps, /** @type {number} */ every, points) {
    this.leave();
    this.stage = "loading";
    this.worker ??= this.hire();
    this.send("start", { settings, steps, every, points, number: this.number });
    this.go();
  }

  hire() {
    const worker = new Worker(this.address, { type: "module" });
    worker.addEventListener("message", ({ data }) => this.hear(data));
    worker.addEventListener("error", ({ message }) => {
      worker.terminate();
      if (this.worker === worker) this.worker = null; // the next run hires another
      const why = message ?? this.address.pathname.split("/").at(-1); // where it could not be fetched, no message
      this.hear({ kind: "failed", why, asked: this.number });
    });
    return worker;
  }

  send(/** @type {string} */ act, more = {}) {
    this.worker?.postMessage({ act, ...more });
  }

  go() {
    if (this.stage === "paused") this.stage = "going";
    this.send("go");
  }

  stop() {
    if (this.stage === "going") this.stage = "paused";
    this.send("stop");
  }

  /** From the next step on. */
  change(/** @type {any} */ settings, /** @type {number} */ steps) {
    if (this.step > 0) this.mixed = true;
    this.send("change", { settings, steps });
    if (this.stage === "over" && !this.why && this.step < steps) this.stage = "paused";
    if (this.stage === "paused" && this.step >= steps) this.go(); // to be told that it is over
  }

  /** The worker goes; a later run hires another. */
  end() {
    this.worker?.terminate();
    this.worker = null;
    this.leave();
  }

  hear(/** @type {any} */ { asked, kind, ...more }) {
    if (asked !== this.number) return;
    if (kind === "images") {
      this.stage = "going";
      this.send("go");
    } else if (kind === "failed") Object.assign(this, { stage: "failed", why: more.why });
    else this.step = more.step;
    if (kind === "point") this.points.push(more);
    if (kind === "over") Object.assign(this, { stage: "over", why: more.why });
    if (more.norm !== undefined) this.norm = more.norm;
    this.heard({ kind, ...more });
  }
}
