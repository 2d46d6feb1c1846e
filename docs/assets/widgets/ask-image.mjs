// <ask-image>: the network of `cnnbook predict image`, asked in the page about a picture that the reader chooses,
// drops, pastes or draws. Nothing is sent: the browser decodes it, core/pixels.mjs and core/garments.mjs do the rest.

import { lay, receiving } from "./ask-image/controls.mjs";
import { Refused } from "./ask-image/decoding.mjs";
import { DRAWN, files, garment, NAMES } from "./ask-image/examples.mjs";
import { opened, square } from "./ask-image/given.mjs";
import { Paper } from "./ask-image/paper.mjs";
import { PAPER } from "./ask-image/strokes.mjs";
import { Shown } from "./ask-image/shown.mjs";
import { answering, prepare, SIDE } from "./core/garments.mjs";
import { facts, read } from "./core/weights.mjs";
import { fill, language, make } from "./ui/dom.mjs";
import { COMMON, Frame } from "./ui/frame.mjs";

const { WORDS } = await import(`./ask-image/words.${language()}.mjs`);

/** @typedef {import("./ask-image/given.mjs").Given} Given */
/**
 * The picture that is shown, the latest that was no drawing, what came of it; of the network what its file says.
 * @typedef {{given: Given | null, latest: Given | null, result: import("./ask-image/shown.mjs").Result | null,
 *   facts: any, ask: ReturnType<typeof answering> | null}} Kept
 */
class AskImage extends /** @type {new () => Frame & Record<"example" | "pen", string> & Kept} */ (Frame) {
  words = { ...COMMON, ...WORDS };
  names = ["example"];
  start = ["boot"];
  choices = { example: NAMES, pen: ["broad", "fine"] };
  largest = /** @type {Record<string, number>} */ ({});

  get key() {
    return "image";
  }

  build() {
    const { words } = this;
    this.pen = "broad";
    this.turn = 0; // of the pictures asked for, so that one that comes late is passed over
    this.drawing = this.here = false;
    this.taken = ""; // the example that the address named last
    this.trouble = this.heard = "";
    this.given = this.latest = this.result = this.facts = this.ask = null;
    this.paper = new Paper(words.paper, (word) => this.drew(word));
    this.parts = lay(this);
    this.shown = new Shown(words, this.paper.box);
    this.wrong = make("p", { class: "widget__line ask-wrong", hidden: true });
    this.replaceChildren(
      this.form,
      this.parts.file,
      make("p", { class: "widget__line ask-here" }, words.here),
      this.wrong,
      ...this.shown.boxes,
      this.twin,
      this.voice.box,
    );
    this.leave = receiving(this);
    this.watch = new ResizeObserver(() => this.draw());
    this.watch.observe(this);
    this.load();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.leave();
    this.watch.disconnect();
    cancelAnimationFrame(this.due);
  }

  /** The weights and the examples; what could not be fetched is asked for again by the next example. */
  load() {
    return files().then(
      ([weights, shown]) => {
        this.facts ??= facts(weights);
        this.ask ??= answering(read(weights), this.facts);
        this.garments = shown;
        this.draw();
      },
      (/** @type {Error} */ { message }) => {
        this.trouble = fill(this.words.failed, { why: message });
        this.paint();
      },
    );
  }

  // What the reader does.

  settle() {
    if (this.example !== this.taken) this.begin(this.example);
  }

  reset() {
    this.taken = ""; // the first example comes again, whatever picture has taken its place
    super.reset();
  }

  /** An example, in the address as well. */
  begin(/** @type {string} */ name) {
    this.example = this.taken = name;
    const turn = (this.turn += 1);
    if (DRAWN[name]) {
      this.drawing = true;
      this.paper.lay(DRAWN[name]);
      this.load();
    } else
      this.load().then(() => {
        if (turn !== this.turn || !this.garments) return;
        const { greys, label } = garment(this.garments, name);
        this.drawing = false;
        this.look({ ...square(greys, SIDE), label, example: name });
      });
    this.paint();
  }

  /** The paper in the place of the picture, or the picture again. */
  draws(/** @type {boolean} */ on) {
    this.drawing = on;
    this.turn += 1;
    if (on) this.drew();
    else if (this.latest) this.look(this.latest);
    this.paint();
    if (on) this.paper.board.focus();
  }

  /** The pen has moved, or a key has done something, which is heard before the answer. */
  drew(/** @type {string} */ word = "") {
    const { words, paper } = this;
    this.heard = word && fill(words[word], paper.place);
    if (["moved", "penUp"].includes(word)) return this.voice.say(this.heard);
    if (!this.drawing) return;
    this.turn += 1;
    cancelAnimationFrame(this.due);
    this.due = requestAnimationFrame(() => {
      const example = NAMES.find((name) => DRAWN[name] === paper.strokes); // until a line is added
      this.look({ ...square(paper.greys(), PAPER), example });
    });
  }

  async open(/** @type {Blob} */ file) {
    const turn = (this.turn += 1);
    try {
      const given = await opened(file);
      if (turn !== this.turn) return;
      this.drawing = false;
      this.look(given);
    } catch (error) {
      if (turn !== this.turn) return;
      this.refuse(error instanceof Refused ? error.message : "unread", error.values);
    }
  }

  refuse(/** @type {string} */ word, values = {}) {
    const why = fill(this.words.refused[word], values);
    this.trouble = this.given ? [why, this.words.kept].join(language() === "zh" ? "" : " ") : why;
    this.paint();
    this.voice.say(this.trouble);
  }

  // What it shows.

  look(/** @type {Given} */ given) {
    this.given = given;
    if (!this.drawing) this.latest = given;
    this.trouble = "";
    this.result = null;
    this.paint();
    if (this.here) this.voice.say([this.heard, this.shown.said].join(" ").trim());
    this.heard = "";
    this.here ||= Boolean(this.ask); // nothing is said on arrival
  }

  paint() {
    super.paint();
    const { parts, paper } = this;
    paper.pen = /** @type {"broad" | "fine"} */ (this.pen);
    for (const box of parts.examples)
      box.setAttribute("aria-pressed", String(box.dataset.example === this.given?.example));
    parts.drawing.setAttribute("aria-pressed", String(this.drawing));
    parts.tools.hidden = paper.box.hidden = !this.drawing;
    parts.undo.setAttribute("aria-disabled", String(!paper.past.length)); // which keeps the focus
    parts.clear.setAttribute("aria-disabled", String(!paper.strokes.length));
    this.wrong.hidden = !this.trouble;
    this.wrong.textContent = this.trouble;
    this.draw();
  }

  /** The picture and all that comes of it; after a change of the width, the maps alone. */
  draw() {
    const { given, shown, drawing, words } = this;
    shown.source.hidden = drawing;
    if (!this.ask || !given) {
      shown.line.textContent = this.trouble ? "" : words.loading;
      return;
    }
    if (!this.result) {
      const made = prepare(given.picture);
      this.result = made && { ...made, ...this.ask(made.values) };
      shown.show(given, this.result, this.facts);
    }
    shown.draw(this.result, this.clientWidth);
    this.tabulate(() => shown.table(this.result));
  }
}

customElements.define("ask-image", AskImage);
