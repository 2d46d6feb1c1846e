// <ask-speech>: which digit does a recording say? The package's network hears the microphone, a file, or an example.
//
// The answer is that of cnnbook predict speech: the same second, the same spectrogram, the same weights.

import { decoded, MOST_BYTES, SoundError } from "./ask-speech/decoding.mjs";
import { record } from "./ask-speech/microphone.mjs";
import { heard } from "./ask-speech/network.mjs";
import { Player } from "./ask-speech/player.mjs";
import { converted, percent, Views } from "./ask-speech/views.mjs";
import { fill, language, make } from "./ui/dom.mjs";
import { drops } from "./ui/drops.mjs";
import { fetched } from "./ui/fetched.mjs";
import { button, COMMON, Frame } from "./ui/frame.mjs";

const { WORDS } = await import(`./ask-speech/words.${language()}.mjs`);

const EXAMPLES = [..."0123456789"].map((digit) => `en${digit}`).concat("zh7"),
  FIRST = "en7";

/** @type {any} */
let mine; // what was made of a sound of the reader's own outlasts a swap of the page

class AskSpeech extends Frame {
  key = "ask-speech";
  words = { ...COMMON, ...WORDS };
  names = ["sound"];
  start = [FIRST];
  choices = { sound: EXAMPLES };
  /** @type {Record<string, number>} */
  largest = {};
  example = FIRST;
  heard = mine;
  own = !!mine;
  /** Of the sound on show. */
  shown = mine && { own: true, example: FIRST, fetching: "" };
  asked = 0;
  here = false;
  player = new Player();

  /** The example, as the address has it; a sound of the reader's own has no place there, and is not lost for that. */
  get sound() {
    return this.own ? FIRST : this.example;
  }
  set sound(name) {
    if (this.own && name === FIRST) return;
    this.own = false;
    this.example = name;
  }

  build() {
    const { words } = this,
      row = (/** @type {(Node | string)[]} */ ...parts) => make("p", { class: "widget__row" }, ...parts);
    this.recording = button(words.record, () => this.record());
    this.playing = button(words.listen, () => this.player.play(this.heard.second));
    this.file = make("input", { type: "file", accept: "audio/*,video/webm,.wav,.flac,.ogg,.mp3" });
    this.file.addEventListener("input", (event) => {
      event.stopPropagation(); // it is no field of the state
      const [file] = this.file.files;
      this.file.value = ""; // so that the same one can be chosen again
      if (file) this.open(file);
    });
    this.examples = EXAMPLES.map((name) =>
      button(name === "zh7" ? words.qi : name.slice(2), () => this.turn(name), { "data-sound": name }),
    );
    this.controls(
      row(this.recording, make("label", { class: "asked-file" }, words.choose, this.file), words.drop, this.playing),
      make(
        "p",
        { class: "widget__row asked-examples" },
        make("span", { class: "widget-soft" }, words.example),
        ...this.examples,
      ),
    );
    this.trouble = make("p", { class: "widget__line asked-trouble" });
    this.result = make("p", { class: "asked-answer" });
    this.line = make("p", { class: "widget__line" });
    this.views = new Views(words);
    this.replaceChildren(
      this.form,
      this.trouble,
      this.result,
      this.views.box,
      this.line,
      make("p", { class: "widget__legend" }, words.private),
      this.twin,
      this.voice.box,
    );
    this.leave = drops(this, (file) => file && this.open(file));
    this.redraw = () => this.draw(); // a canvas does not follow by itself
    for (const name of ["beforeprint", "afterprint"]) addEventListener(name, this.redraw);
    this.scheme = new MutationObserver(this.redraw);
    this.scheme.observe(document.body, { attributeFilter: ["data-md-color-scheme"] });
    this.resized = new ResizeObserver(this.redraw);
    this.resized.observe(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.leave();
    for (const name of ["beforeprint", "afterprint"]) removeEventListener(name, this.redraw);
    for (const watch of [this.scheme, this.resized]) watch.disconnect();
    this.recorder?.stop();
    this.player.end();
  }

  // What the reader does.

  reset() {
    mine = null;
    Object.assign(this, { own: false, fetching: "" });
    super.reset();
  }

  turn(/** @type {string} */ name) {
    Object.assign(this, { own: false, example: name, fetching: "" });
    this.changed();
  }

  open(/** @type {File} */ file) {
    if (file.size <= MOST_BYTES) this.hear(() => file.arrayBuffer(), file.name, true);
    else this.complain(fill(this.words.errors.big, { n: Math.ceil(file.size / 1e6) }));
  }

  async record() {
    const { words } = this;
    if (this.recorder) return this.recorder.stop();
    this.recorder = { stop() {} }; // while the reader is asked
    try {
      const { stop, bytes } = await record();
      if (!this.form) return stop();
      this.recorder = { stop, says: words.listening };
      this.complain("");
      const recorded = await bytes; // an example may be heard meanwhile
      await this.hear(async () => recorded, words.own, true);
    } catch (error) {
      this.fail(error);
    } finally {
      this.recorder = null;
      if (this.form) this.paint();
    }
  }

  // What comes of it. What cannot be heard leaves the sound before it where it was.

  async hear(/** @type {() => Promise<ArrayBuffer>} */ bytes, /** @type {string} */ name, own = false) {
    const turn = (this.asked += 1);
    try {
      const found = await heard(await decoded(await bytes())),
        best = found.chances.indexOf(Math.max(...found.chances));
      if (turn !== this.asked || !this.form) return;
      this.heard = { ...found, name, best };
      this.own = own;
      this.shown = { own, example: this.example, fetching: own ? "" : this.example };
      mine = own ? this.heard : null;
      this.why = "";
      this.changed();
    } catch (error) {
      if (turn !== this.asked || !this.form) return;
      Object.assign(this, this.shown); // what was chosen is not what is on show
      this.fail(error);
    }
  }

  fail(/** @type {Error} */ error) {
    const { words } = this,
      { message } = error;
    if (!(error instanceof SoundError)) this.complain(fill(words.failed, { why: message }));
    else this.complain(words.errors[message] ?? words[message]);
  }

  complain(/** @type {string} */ why) {
    this.why = why;
    this.paint();
  }

  settle() {
    const { own, example, words } = this;
    if (own || this.fetching === example) return;
    this.fetching = example;
    const lang = example.slice(0, 2),
      name = fill(words[`sound${lang}`], { digit: example.slice(2) });
    this.hear(() => fetched(`spoken/${example}.wav`), name);
  }

  paint() {
    super.paint();
    const { words, heard, recorder, example, own } = this,
      why = this.why || recorder?.says;
    this.recording.textContent = recorder ? words.stop : words.record;
    this.recording.setAttribute("aria-pressed", String(!!recorder));
    for (const one of this.examples) one.setAttribute("aria-pressed", String(!own && one.dataset.sound === example));
    this.trouble.textContent = why || (heard ? "" : words.wait);
    this.trouble.hidden = !this.trouble.textContent;
    for (const box of [this.views.box, this.twin, this.playing]) box.hidden = !heard;
    if (why) this.voice.say(why);
    if (!heard) return;
    const { chances, best, name, rate, channels, wave, said } = heard,
      chance = percent(chances[best]),
      [, next] = [...chances.keys()].sort((a, b) => chances[b] - chances[a]),
      seconds = (wave.length / rate).toFixed(2);
    this.result.textContent = fill(words.shown, { name, digit: best, chance });
    this.line.textContent = fill(words.facts, { rate, channels, seconds, done: converted(said, words) });
    const then = fill(words.then, { digit: next, chance: percent(chances[next]) });
    if (!why && this.here) this.voice.say(`${fill(words.answer, { name, digit: best, chance })}${words.and}${then}`);
    this.here = true; // nothing is said on arrival
    this.tabulate(() => [
      words.digits,
      [words.digit, words.chance],
      chances.map((/** @type {number} */ one, /** @type {number} */ digit) => [String(digit), one.toFixed(4)]),
    ]);
    this.draw();
  }

  draw() {
    if (this.heard) this.views.show(this.heard, this.clientWidth);
  }
}

customElements.define("ask-speech", AskSpeech);
