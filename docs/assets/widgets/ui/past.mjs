// The states that a figure has been in, for whoever wants one back. A stroke, such as a slider drawn along or a number
// typed, is one step.

const MOST = 200; // steps that are kept

export class Past {
  constructor() {
    /** @type {string[][]} */
    this.steps = [];
    /** @type {string[] | null} */
    this.now = null;
    /** @type {EventTarget | null} the field under the hand */
    this.held = null;
    /** @type {EventTarget | null} the field whose stroke began the last step */
    this.begun = null;
  }

  /** A hand is on a field, or on none: then what comes next is another step. */
  hold(/** @type {EventTarget | null} */ field) {
    this.held = field;
    if (!field) this.begun = null;
  }

  /** After a change. */
  note(/** @type {string[]} */ fields) {
    const changed = this.now !== null && this.now.join("~") !== fields.join("~");
    if (changed && (!this.held || this.held !== this.begun)) {
      this.steps = [...this.steps, this.now].slice(-MOST);
      this.begun = this.held;
    }
    this.now = fields;
  }

  /** The state before the last step, which is the state of now from here on; nothing where there is none. */
  back() {
    const was = this.steps.at(-1);
    if (!was) return null;
    this.steps = this.steps.slice(0, -1);
    this.hold(null);
    this.now = was;
    return was;
  }
}
