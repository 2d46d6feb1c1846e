// <transposed-lab>: one transposed convolution, its size and its three views, under the reader's fingers.
//
// All numbers come from core/convolution.mjs, which is tested against PyTorch. What is pinned in one view lights up in
// all. The picture within the element, drawn when the site is built, is what shows without JavaScript.

import { collidingSizes, outputSize, range, refusal, scatter } from "./core/convolution.mjs";
import { transposedSnippet } from "./core/snippet.mjs";
import { Board, MOVES, number } from "./ui/board.mjs";
import { announcer, fill, language, make, radios } from "./ui/dom.mjs";
import { WORDS } from "./transposed/words.mjs";
import { paintViews } from "./transposed/views.mjs";
import { readState, whole, wholes, writeState } from "./ui/state.mjs";

const NAMES = ["axes", "n", "k", "s", "p", "o", "d", "x", "w", "pin"], START = ["2", "2", "4", "3", "0", "0", "1", "", "", "o24"];
const SLIDERS = { n: ["n", "b", 1, 6], k: ["k", "a", 1, 6], s: ["s", "b", 1, 4], p: ["p", "d", 0, 4], o: ["output_padding", "c", 0, 4], d: ["d", "a", 1, 3] };
const LARGEST = { 1: { n: 6, k: 6, d: 3 }, 2: { n: 4, k: 5, d: 2 } }; // so that a picture stays one that can be read
const MOST = 99;

class TransposedLab extends HTMLElement {
  connectedCallback() {
    if (this.form) return; // moved, not made
    this.words = WORDS[language()];
    this.build();
    this.follow = () => { this.read(); this.paint(); };
    this.redraw = () => this.paint(); // a canvas does not follow by itself
    addEventListener("popstate", this.follow);
    for (const name of ["beforeprint", "afterprint"]) addEventListener(name, this.redraw);
    this.scheme = new MutationObserver(this.redraw);
    this.scheme.observe(document.body, { attributeFilter: ["data-md-color-scheme"] });
    this.read();
    this.paint();
  }

  disconnectedCallback() {
    removeEventListener("popstate", this.follow);
    for (const name of ["beforeprint", "afterprint"]) removeEventListener(name, this.redraw);
    clearTimeout(this.writing);
    clearInterval(this.playing);
    this.scheme.disconnect();
    this.voice.stop();
    this.form = null;
  }

  read() {
    const number = (name) => whole(SLIDERS[name][2], SLIDERS[name][3]), values = wholes(-MOST, MOST, 25);
    const pin = (text) => (/^([io]\d{1,3})?$/.test(text) ? text : null);
    this.take(readState("transposed", [["1", "2"], ...Object.keys(SLIDERS).map(number), values, values, pin], START));
  }

  take(fields) {
    this.stop();
    NAMES.forEach((name, at) => { this[name] = name in SLIDERS ? Number(fields[at]) : fields[at]; });
    this.settle();
  }

  /** Within what the dimensions allow; the numbers fit the sizes. */
  settle() {
    const largest = LARGEST[this.axes];
    for (const name of "nkd") this[name] = Math.min(this[name], largest[name]);
    const fit = (key, side, otherwise) => {
      const given = this[key] ? this[key].split(".").map(Number) : [], flat = this.axes === "1", was = flat ? given.length : Math.floor(Math.sqrt(given.length));
      const rows = range(flat ? 1 : side).map((i) => range(side).map((j) => (i < was && j < was ? given[i * was + j] : otherwise(i * side + j))));
      if (this[key]) this[key] = rows.flat().join(".");
      return rows;
    };
    this.input = fit("x", this.n, (at) => at + 1);
    this.kernel = fit("w", this.k, () => 1);
    this.step = null;
  }

  build() {
    const { words } = this, button = (face, act) => {
      const box = make("button", { type: "button" }, face);
      box.addEventListener("click", act);
      return box;
    };
    this.sliders = Object.fromEntries(Object.entries(SLIDERS).map(([name, [symbol, tone, min, max]]) => {
      const input = make("input", { type: "range", id: `transposed-${name}`, min, max, step: 1, autocomplete: "off", "data-field": name });
      const value = make("output", { for: input.id });
      return [name, { input, value, box: make("p", { class: "lab__slider" },
        make("label", { for: input.id }, make("b", { class: `lab-${tone}` }, symbol), ` ${words[name]} `, value), input) }];
    }));
    this.guessing = button(words.guess, () => this.turn());
    this.copying = button(words.copy, () => this.copy());
    this.answer = make("input", { type: "number", min: 0, max: 99, id: "transposed-answer", autocomplete: "off", inputmode: "numeric" });
    this.question = make("form", { class: "lab__controls lab__row", hidden: true }, make("label", { for: "transposed-answer" }, words.ask, this.answer), button(words.reveal, () => this.turn()));
    this.form = make("form", { class: "lab__controls", autocomplete: "off" },
      make("p", { class: "lab__row" }, radios("transposed", "axes", words.axes, [["1", words.one], ["2", words.two]]), this.guessing, this.copying,
        button(words.reset, () => { this.take(START); this.paint(); })),
      make("div", { class: "lab__sliders" }, ...Object.values(this.sliders).map(({ box }) => box)));
    this.formula = make("p", { class: "lab-formula" });
    this.rule = make("p", { class: "lab-rule" });
    this.boards = { output: new Board((i, j) => this.pinned(`o${i * this.m + j}`)), spread: new Board((i, j) => this.pointSpread(i, j)), rotated: new Board(),
      matrix: new Board((i, j, key) => this.pinned(key === "ArrowUp" || key === "ArrowDown" ? `i${i}` : `o${j}`)), back: new Board() };
    this.fields = { input: this.editor("input", "x"), kernel: this.editor("kernel", "w") };
    this.stepper = make("input", { type: "range", min: 0, step: 1, id: "transposed-step", "aria-label": words.by, autocomplete: "off" });
    this.stepped = make("output", { for: "transposed-step" });
    this.player = button(words.play, () => this.play());
    this.mode = "stamps";
    const modes = radios("transposed", "mode", words.by, [["stamps", words.stamps], ["cells", words.cells]]);
    modes.querySelector("input").checked = true;
    const steps = make("form", { class: "lab__controls lab__row", autocomplete: "off" }, modes, this.player,
      make("label", { class: "lab-step", for: "transposed-step" }, this.stepper, this.stepped));
    const titled = (title, ...boxes) => make("div", { class: "lab-part" }, make("span", { class: "lab-name" }, title), make("div", { class: "lab-scroll" }, ...boxes));
    const filling = (face, name, value) => {
      const box = button(face, () => this.refill(value));
      box.setAttribute("aria-label", name);
      return box;
    };
    const fills = make("form", { class: "lab__controls lab-fills" }, filling("1, 1, 1", words.ones, () => 1), filling("1, 2, 3", words.count, (at) => at + 1));
    this.line = make("p", { class: "lab__line" });
    const title = (...face) => make("p", { class: "lab-title" }, ...face);
    this.head = title();
    this.views = make("div", { class: "lab-views" },
      title(words.scatters),
      make("div", { class: "lab-row" }, titled(words.input, this.fields.input), titled(words.kernel, this.fields.kernel, fills), titled(words.output, this.boards.output.box)),
      steps, this.line,
      title(words.gathers),
      make("div", { class: "lab-row" }, titled(words.stretched, this.boards.spread.box), titled(words.rotated, this.boards.rotated.box)),
      this.head, make("div", { class: "lab-scroll" }, this.boards.matrix.box));
    this.choices = make("p", { class: "lab__row lab-choices" });
    this.again = make("details", { class: "lab__table" }, make("summary", {}, words.compose));
    this.twin = make("details", { class: "lab__table" }, make("summary", {}, words.table));
    this.code = make("textarea", { class: "lab-code", hidden: true, readonly: true, rows: 10, "aria-label": words.copy });
    const live = make("p", { class: "book-unseen", role: "status" });
    this.voice = announcer(live);
    this.replaceChildren(this.form, this.code, this.question, this.formula, this.rule, this.views, this.choices, this.again, this.twin, live);
    for (const form of this.querySelectorAll("form")) form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("input", ({ target }) => {
      const { field } = target.dataset;
      this[field] = field === "axes" ? target.value : Number(target.value);
      if (field === "axes") this.x = this.w = "";
      if (!"pod".includes(field)) this.pin = ""; // it was another cell
      this.changed();
    });
    steps.addEventListener("input", ({ target }) => {
      if (target.name) { this.mode = target.value; this.step = null; } else this.step = Number(target.value);
      this.stop();
      this.paint();
    });
    this.addEventListener("keydown", (event) => { if (event.key === "Escape") this.pinned(""); });
    for (const box of [this.again, this.twin]) box.addEventListener("toggle", () => this.paint());
    this.answer.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // or it would press the button that has the focus then
      this.turn();
    });
  }

  /** A grid of numbers to edit: arrow keys move, one of them is in the order of the tab key. */
  editor(name, key) {
    const box = make("div", { class: `lab-fields lab-fields-${key}`, role: "group", "aria-label": this.words[name] });
    box.addEventListener("keydown", (event) => {
      const move = MOVES[event.key];
      if (!move) return;
      const side = this[name][0].length, at = [...box.children].indexOf(event.target), row = Math.floor(at / side) + move[0], column = (at % side) + move[1];
      event.preventDefault();
      if (row >= 0 && column >= 0 && row < this[name].length && column < side) box.children[row * side + column].focus();
    });
    box.addEventListener("focusin", ({ target }) => {
      for (const field of box.children) field.tabIndex = field === target ? 0 : -1;
      target.select();
      if (key === "x") this.pinned(`i${[...box.children].indexOf(target)}`);
    });
    box.addEventListener("input", () => {
      const values = [...box.children].map((field, at) => Number(whole(-MOST, MOST)(field.value.trim().replace("−", "-")) ?? (field.value.trim() ? this[name].flat()[at] : 0)));
      this[key] = values.join(".");
      this.changed();
    });
    box.addEventListener("focusout", ({ target }) => { target.value = number(this[name].flat()[[...box.children].indexOf(target)]); });
    return box;
  }

  refill(value) {
    this.w = this.kernel.flat().map((_, at) => value(at)).join(".");
    this.changed();
  }

  changed() {
    this.stop();
    if (this.guess?.shown) this.guess = undefined;
    this.settle();
    this.paint();
  }

  stop() {
    clearInterval(this.playing);
    this.playing = null;
    this.player.textContent = this.words.play;
  }

  pinned(pin) {
    if (pin === this.pin && this.step === null) return;
    this.pin = pin;
    this.step = null;
    this.stop();
    this.paint();
  }

  pointSpread(i, j) {
    const pixel = this.pixels.findIndex(({ cell }) => cell[0] === i && cell[1] === j);
    this.boards.spread.at = [i, j]; // a zero may be passed over
    if (pixel >= 0) this.pinned(`i${pixel}`);
  }

  // Guessing the size: the button hides what is known, the other one reveals it.

  turn() {
    const now = this.guess;
    if (now === undefined || now.shown) {
      this.guess = { shown: false };
      this.answer.value = "";
    } else this.guess = { shown: true, said: Number(this.answer.value) };
    this.paint();
    if (!this.guess.shown) this.answer.focus(); else this.guessing.focus();
  }

  play() {
    if (this.playing) { this.stop(); return; }
    const all = () => (this.mode === "stamps" ? this.input.flat().length : this.y.flat().length);
    if (this.step === null || this.step >= all()) this.step = 0;
    const next = () => {
      const { top, bottom } = this.getBoundingClientRect();
      if (this.step >= all() || bottom < 0 || top > innerHeight) { this.stop(); return; }
      this.step += 1;
      this.paint();
    };
    next();
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return; // one step for each press
    this.player.textContent = this.words.pause;
    this.playing = setInterval(next, this.mode === "stamps" ? 700 : 220);
  }

  get settings() { return { stride: this.s, padding: this.p, output_padding: this.o, dilation: this.d }; }
  get tensors() { return this.axes === "1" ? [this.input, [this.kernel]] : [[this.input], [[this.kernel]]]; }

  async copy() {
    const [x, w] = this.tensors, text = transposedSnippet(x, w, this.settings, this.refused ? null : scatter(x, w, this.settings), this.refused);
    try {
      await navigator.clipboard.writeText(text);
      this.copying.textContent = this.words.copied;
      this.voice.say(this.words.copied);
      setTimeout(() => { this.copying.textContent = this.words.copy; }, 1500);
    } catch { // no clipboard here: show what is to be copied
      this.code.value = text;
      this.code.hidden = false;
      this.code.focus();
      this.code.select();
    }
  }

  /** The size as words: 7, or 7×7. */
  by(size) { return this.axes === "1" ? String(size) : `${size}×${size}`; }
  index(at, side) { return this.axes === "1" ? String(at) : `${Math.floor(at / side)}, ${at % side}`; }

  paint() {
    const { words, settings, n, k } = this, flat = this.axes === "1";
    const size = flat ? [n] : [n, n], largest = LARGEST[this.axes];
    this.refused = refusal(size, k, settings);
    this.m = outputSize(n, k, settings);
    const hidden = this.guess?.shown === false, none = Boolean(this.refused);
    for (const [name, { input, value }] of Object.entries(this.sliders)) {
      input.max = String(largest[name] ?? SLIDERS[name][3]);
      input.value = String(this[name]);
      value.textContent = String(this[name]);
    }
    for (const box of this.form.querySelectorAll("input[type=radio]")) box.checked = box.value === this.axes;
    this.guessing.setAttribute("aria-pressed", String(hidden));
    this.question.hidden = !hidden;
    this.copying.hidden = this.choices.hidden = this.formula.hidden = hidden;
    this.code.hidden = true;
    this.views.hidden = this.again.hidden = this.twin.hidden = hidden || none;
    this.paintFormula();
    const said = this.guess?.shown ? fill(this.guess.said === (none ? 0 : this.m) ? words.right : words.wrong, { g: this.guess.said, m: none ? words.never : this.m }) : "";
    this.rule.hidden = hidden || !(none || said);
    this.rule.replaceChildren(said, ...(none ? [` ${words.refused} `, make("code", {}, this.refused)] : []));
    if (!hidden) this.paintChoices();
    if (!hidden && !none) paintViews(this);
    if (this.here) this.voice.say(hidden ? words.ask : none ? `${words.refused} ${this.refused}` : said + this.sentence);
    this.here = true; // nothing is said on arrival
    clearTimeout(this.writing); // a browser takes a few changes of the address a second
    this.writing = setTimeout(() => writeState("transposed", NAMES.map((name) => String(this[name])), START), 150);
  }

  paintFormula() {
    const { n, k, s, p, o, d } = this;
    const terms = [["(n − 1)⋅s", `(${n} − 1)⋅${s}`, "b"], ["− 2p", `− 2⋅${p}`, "d"], ["+ d⋅(k − 1)", `+ ${d}⋅(${k} − 1)`, "a"],
      ["+ output_padding", `+ ${o}`, "c"], ["+ 1", "+ 1", "ink"]];
    this.formula.replaceChildren(...[["n′ =", "", "ink"], ...terms, ["", `= ${number(this.m)}${this.refused ? " ✗" : ""}`, "ink lab-result"]].map(([symbols, numbers, tone]) =>
      make("span", { class: `lab-term lab-${tone}` }, make("i", {}, symbols), make("b", {}, numbers))));
  }

  /** Which sizes collide: buttons that choose output_padding. */
  paintChoices() {
    const { words, settings, n, k, o, m } = this, sizes = collidingSizes(n, k, settings), first = outputSize(n, k, { ...settings, output_padding: 0 });
    if (sizes.length < 2) this.choices.hidden = true;
    this.choices.replaceChildren(fill(words.collide, { sizes: sizes.join(words.and), n }), ...sizes.map((size) => {
      const box = make("button", { type: "button", "aria-pressed": String(size === m) }, `${size - first} → ${size}`);
      box.addEventListener("click", () => {
        this.o = size - first;
        this.changed();
        this.choices.querySelector('[aria-pressed="true"]')?.focus();
      });
      return box;
    }), ...(o >= this.s && !this.refused ? [fill(words.beyond, { m, n })] : []));
  }
}

customElements.define("transposed-lab", TransposedLab);
