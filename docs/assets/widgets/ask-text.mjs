// <ask-text>: praise or complaint? The package's networks answer as the reader writes, and show what decided.
//
// The answer is that of cnnbook predict text: the same tokens, the same weights, the same sum.

import { languageOf, tokens } from "./core/tokens.mjs";
import { network, there } from "./ask-text/networks.mjs";
import { hundredths, percent, sentence, signed, sum } from "./ask-text/views.mjs";
import { fill, language, make } from "./ui/dom.mjs";
import { button, COMMON, Frame } from "./ui/frame.mjs";

const { WORDS } = await import(`./ask-text/words.${language()}.mjs`);

const LONGEST = 10_000, // tokens, as of the command
  KEPT = 200; // characters that the address takes

// In the address ~ stands between fields.
const escaped = (/** @type {string} */ text) => text.replaceAll("^", "^1").replaceAll("~", "^0");
const restored = (/** @type {string} */ text) => text.replaceAll("^0", "~").replaceAll("^1", "^");

let long = ""; // what the address does not take outlasts a swap of the page

/** @typedef {{by: string}} State by its names, from the address */

class AskText extends /** @type {new () => Frame & State} */ (Frame) {
  key = "ask-text";
  words = { ...COMMON, ...WORDS };
  names = ["by", "said"];
  start = ["auto", escaped(WORDS.examples[0])];
  choices = {
    by: ["auto", "zh", "en"], // (lang is an attribute of any element)
    said: (/** @type {string} */ text) => (restored(text).length <= KEPT ? text : null),
  };
  /** @type {Record<string, number>} */
  largest = {};
  typed = long;
  here = false;

  /** What is typed, as the address has it; a long text has no place there, and is not lost when it is read again. */
  get said() {
    return this.typed.length > KEPT ? this.start[1] : escaped(this.typed);
  }
  set said(text) {
    if (this.typed.length <= KEPT || text !== this.start[1]) this.typed = restored(text);
  }

  build() {
    const { words, key } = this,
      id = `${key}-typed`;
    this.typing = make("textarea", { id, rows: 2, class: "asked-typed", spellcheck: "false", "data-field": "typed" });
    const examples = words.examples.map((/** @type {string} */ text) =>
      button(text, () => this.say(text), { "data-example": true }),
    );
    this.controls(
      make("label", { for: id }, words.typed),
      this.typing,
      make(
        "p",
        { class: "widget__row asked-examples" },
        make("span", { class: "widget-soft" }, words.example),
        ...examples,
      ),
      make("p", { class: "widget__row" }, this.group("by")),
    );
    this.result = make("p", { class: "asked-answer" });
    this.line = make("p", { class: "widget__line" });
    this.shown = make("p", { class: "asked-sentence" });
    this.rows = make("ol", { class: "asked-shares" });
    const looks = ["praise", "complaint", "unknown"].map((one) =>
      make("span", { class: `asked-${one} asked-key` }, words[one]),
    );
    this.views = make(
      "div",
      {},
      make("span", { class: "widget-name" }, words.seen),
      this.shown,
      make("p", { class: "widget__legend" }, ...looks, words.legend),
      make("span", { class: "widget-name" }, words.shares),
      this.rows,
    );
    this.replaceChildren(
      this.form,
      this.result,
      this.views,
      this.line,
      make("p", { class: "widget__legend" }, words.private),
      this.twin,
      this.voice.box,
    );
  }

  settle() {
    const { typed, by } = this;
    this.pinned = this.why = "";
    long = typed.length > KEPT ? typed : "";
    this.cut = tokens(typed);
    this.reading = by === "auto" ? languageOf(this.cut) : by;
    const net = (this.net = there[this.reading]);
    this.found = net && this.fit && net.knows(this.cut) ? net.answer(this.cut) : null;
    if (net || !this.fit) return;
    network(this.reading).then(
      () => this.form && this.changed(),
      ({ message }) => {
        this.why = message;
        if (this.form) this.paint();
      },
    );
  }

  /** Nothing is said on arrival. */
  speak(/** @type {string} */ words) {
    if (this.here) this.voice.say(words);
    this.here ||= !!this.found;
  }

  reset() {
    this.typed = ""; // a long text, too
    super.reset();
  }

  say(/** @type {string} */ text) {
    this.typed = text;
    this.changed();
  }

  /** Whether there is something to read, and not too much. */
  get fit() {
    return this.cut.length > 0 && this.cut.length <= LONGEST;
  }

  /** Why there is no answer. */
  get silence() {
    const { words, cut, net, why } = this,
      count = (/** @type {number} */ n) => n.toLocaleString("en");
    if (!cut.length) return words.empty;
    if (!this.fit) return fill(words.long, { most: count(LONGEST), n: count(cut.length) });
    if (!net) return why ? fill(words.failed, { why }) : words.wait;
    return fill(words.nothing, { network: words[`by${this.reading}`] });
  }

  pin(/** @type {string} */ gram) {
    this.pinned = this.pinned === gram ? "" : gram;
    this.paint();
    [...this.rows.querySelectorAll("button")].find((one) => one.textContent === gram)?.focus();
  }

  paint() {
    super.paint();
    const { words, found, cut, net, pinned } = this;
    if (this.typing.value !== this.typed) this.typing.value = this.typed;
    this.views.hidden = this.twin.hidden = !found;
    if (!found) {
      this.result.textContent = "";
      this.line.textContent = this.silence;
      this.speak(this.silence);
      return;
    }
    const { shares, bias, margin, praise, unknown } = found,
      said = fill(words.answer, {
        answer: margin > 0 ? words.praise : words.complaint,
        probability: percent(Math.max(praise, 1 - praise)),
      }),
      [first] = shares;
    this.result.textContent = said;
    this.result.className = `asked-answer asked-${margin > 0 ? "plus" : "minus"}`;
    this.shown.replaceChildren(
      ...sentence(
        cut,
        found,
        shares.find(({ gram }) => gram === pinned),
      ),
    );
    this.shown.lang = this.reading;
    this.shown.tabIndex = this.shown.scrollHeight > this.shown.clientHeight ? 0 : -1; // the keyboard scrolls it
    this.rows.replaceChildren(...sum(found, words, pinned, (gram) => this.pin(gram)));
    const facts = {
      network: words[`by${this.reading}`],
      n: cut.length,
      unknown: unknown.size ? fill(words.some, { n: unknown.size }) : words.all,
      right: `${Math.round(100 * net.accuracy)}%`,
    };
    this.line.textContent = fill(words.facts, facts);
    this.speak(fill(words.spoken, { said, gram: first.gram, share: signed(hundredths(first.share)) }));
    this.tabulate(() => {
      const rows = [...shares.map(({ gram, share }) => [gram, share]), [words.constant, bias], [words.sum, margin]];
      return [words.caption, [words.gram, words.share], rows.map(([name, value]) => [`${name}`, exact(Number(value))])];
    });
  }
}

/** A share as the table has it. */
const exact = (/** @type {number} */ value) => value.toFixed(4).replace("-", "−");

customElements.define("ask-text", AskText);
