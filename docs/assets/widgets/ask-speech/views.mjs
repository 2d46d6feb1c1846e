// What <ask-speech> shows: the waveform, what the network sees, when its filters respond, ten digits.

import { strongest } from "../core/speech.mjs";
import { Board } from "../ui/board.mjs";
import { fill, make } from "../ui/dom.mjs";

const HIGH = 64, // of the waveform, as wide as the spectrogram
  STEP = 0.04; // seconds from one response to the next

const grey = (/** @type {number} */ value) => Math.round(255 * (1 - value));
const percent = (/** @type {number} */ share) => `${(100 * share).toFixed(1)}%`;

const titled = (/** @type {string | Node} */ title, /** @type {Node} */ box) =>
  make("div", { class: "widget-part" }, make("span", { class: "widget-name" }, title), box);

export class Views {
  constructor(/** @type {Record<string, any>} */ words) {
    this.words = words;
    this.wave = make("svg:svg", { class: "asked-wave", role: "img" });
    this.mel = new Board();
    this.filters = new Board();
    this.digits = make("ol", { class: "asked-shares asked-digits" });
    this.heading = make("span");
    this.box = make(
      "div",
      { class: "asked-heard" },
      make(
        "div",
        { class: "asked-pictures" },
        titled(words.wave, this.wave),
        titled(words.mel, this.mel.box),
        titled(this.heading, this.filters.box),
      ),
      titled(words.digits, this.digits),
    );
  }

  show(/** @type {any} */ heard, /** @type {number} */ room) {
    const frames = heard.spectrum[0].length,
      size = Math.max(4, Math.min(7, Math.floor((room - 4) / (frames + 1))));
    this.box.style.setProperty("--wide", `${(frames + 1) * size + 4}px`); // the responses' last reaches beyond
    this.showWave(heard, frames * size);
    this.showMel(heard, size);
    this.showFilters(heard, size);
    this.showDigits(heard);
  }

  showWave(/** @type {any} */ { wave, start, rate }, /** @type {number} */ wide) {
    const [first, end] = [Math.min(0, start), Math.max(wave.length, start + rate)],
      per = (end - first) / wide,
      most = wave.reduce((found, value) => Math.max(found, Math.abs(value)), 1e-9);
    let path = "";
    for (let x = 0; x < wide; x += 1) {
      const from = Math.floor(first + x * per),
        until = Math.max(from + 1, Math.floor(first + (x + 1) * per)),
        part = wave.subarray(Math.max(0, from), Math.max(0, until)),
        [low, high] = part.length ? [Math.min(...part), Math.max(...part)] : [0, 0],
        y = (/** @type {number} */ value) => (HIGH / 2 - (value / most) * (HIGH / 2 - 3)).toFixed(1);
      path += `M${x + 0.5} ${y(high)}V${Number(y(low)) + 0.6}`;
    }
    const seconds = (/** @type {number} */ at) => (at / rate).toFixed(2).replace("-", "−"),
      frame = { x: (start - first) / per, y: 1, width: rate / per, height: HIGH - 2, class: "asked-frame" },
      says = { seconds: seconds(wave.length), from: seconds(start), to: seconds(start + rate) };
    for (const [name, value] of Object.entries({ viewBox: `-1 0 ${wide + 2} ${HIGH}`, width: wide + 2, height: HIGH }))
      this.wave.setAttribute(name, String(value));
    this.wave.setAttribute("aria-label", fill(this.words.waveName, says));
    this.wave.replaceChildren(make("svg:path", { d: path }), make("svg:rect", frame));
  }

  showMel(/** @type {any} */ { spectrum }, /** @type {number} */ size) {
    const greys = [...spectrum].reverse().map((row) => [...row].map(grey)),
      picture = { rows: greys.length, columns: greys[0].length, size, greys };
    this.mel.paint({ ...picture, name: this.words.melName });
  }

  /** A row a filter; the times are those of the spectrogram above. */
  showFilters(/** @type {any} */ heard, /** @type {number} */ size) {
    const { responses, largest, best } = heard,
      rows = strongest(heard, best),
      columns = responses[0].length,
      greys = rows.map((c) => [...responses[c]].map((value) => grey(value / (largest[c] || 1)))),
      places = rows.map((c) => responses[c].indexOf(largest[c])),
      frames = rows.map((_, row) => ({ cell: [row, places[row]], tone: "a" })),
      name = fill(this.words.filtersName, { places: places.map((at) => `${(at * STEP).toFixed(2)} s`).join(", ") });
    this.heading.textContent = fill(this.words.filters, { n: rows.length });
    this.filters.paint({ rows: rows.length, columns, size: 2 * size, name, greys, frames });
  }

  showDigits(/** @type {any} */ { chances, best }) {
    const rows = chances.map((/** @type {number} */ chance, /** @type {number} */ digit) =>
      make(
        "li",
        { class: digit === best ? "asked-sum" : "" },
        make("span", { class: "asked-name" }, String(digit)),
        make("span", { class: "asked-bar" }, make("i", { class: "asked-plus", style: `width: ${percent(chance)}` })),
        make("b", {}, percent(chance)),
      ),
    );
    this.digits.replaceChildren(...rows);
  }
}

/** What was done to a sound before the network heard it. */
export function converted(/** @type {any[]} */ said, /** @type {Record<string, any>} */ words) {
  const done = said.map(({ kind, ...more }) => {
    const { by, which } = more;
    return fill(words[kind], { ...more, by: by?.toPrecision(3), which: which + 1 });
  });
  return done.length ? fill(words.converted, { done: done.join(words.and) }) : words.none;
}

export { percent };
