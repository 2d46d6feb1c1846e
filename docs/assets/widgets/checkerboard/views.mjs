// What <checkerboard-widget> shows of its state.

import { powerSpectrum } from "../core/checkerboard.mjs";
import { range } from "../core/numbers.mjs";
import { number } from "../ui/board.mjs";
import { fill, make } from "../ui/dom.mjs";
import { cell, paintFields } from "../ui/fields.mjs";
import { spread } from "./numbers.mjs";

const TONES = "abcde",
  DIGITS = 2;
const short = (/** @type {number} */ value) => number(Number(value.toFixed(DIGITS)));
const ends = (/** @type {number[][]} */ rows) =>
  [...new Set([Math.min(...rows.flat()), Math.max(...rows.flat())].map(short))].join(" … ");

/** Numbers on a board, each tinted by its size, null as padding; those that the pinned phase owns are framed. */
function paintTable(board, rows, name, size, /** @type {(i: number, j: number) => boolean} */ owned = () => false) {
  const faces = rows.map((row) => row.map((value) => (value === null ? "" : short(value)))),
    most = Math.max(...rows.flat().map(Math.abs)) || 1,
    byValue = new Map();
  faces.forEach((row, i) =>
    row.forEach((face, j) =>
      byValue
        .set(face, byValue.get(face) ?? [])
        .get(face)
        .push([i, j]),
    ),
  );
  board.paint({
    rows: rows.length,
    columns: rows[0].length,
    size,
    name,
    at: board.at,
    fills: [...byValue].map(([face, cells]) => ({
      cells,
      tone: face === "" ? "pad" : face[0] === "−" ? "b" : "a",
      tint: face === "" ? 1 : (0.75 * Math.abs(rows[cells[0][0]][cells[0][1]])) / most,
    })),
    labels:
      size < 16
        ? []
        : faces
            .flatMap((row, i) => row.map((text, j) => ({ cell: [i, j], text })))
            .filter(({ text }) => text.length * 4 < size + 3), // the table has all
    frames: rows.flatMap((row, i) =>
      row
        .map((_, j) => [i, j])
        .filter(([, j]) => owned(i, j))
        .map((one) => ({ cell: one, tone: "ink" })),
    ),
  });
}

/** All views; what is said of them. */
export function paintBoards(widget) {
  const { words, flat, s, k, period, sums, shown, counts, often, kernel, boards, heads, pin, moments, level } = widget,
    at = pin ? cell(Number(pin.slice(1)), period) : null;
  const side = widget.side === "down" ? "down" : "",
    ramp = moments ? "ramp" : "",
    even = spread(often) === 0,
    verdict = level ? words[`flat${ramp}`] : words.lattice;
  const owns = (i, j) => at !== null && (flat || i % period === at[0]) && j % period === at[1];
  heads.counts.textContent = words[`counts${side}`];
  heads.output.textContent = words[`output${side}${ramp}`];
  heads.phases.textContent = fill(words[`phases${ramp}`], { c: sums.flat().length });
  heads.spectrum.textContent = fill(words.spectrum, { s: period });
  const room = Math.max(3, Math.min(30, Math.floor((flat ? 660 : 316) / shown[0].length)));
  paintTable(boards.counts, counts, heads.counts.textContent, room, owns);
  paintTable(boards.output, shown, heads.output.textContent, room, owns);
  paintTable(
    boards.phases,
    moments ?? sums,
    heads.phases.textContent,
    Math.max(4, Math.min(36, Math.floor((flat ? 420 : 240) / period))),
    owns,
  );
  boards.phases.at = at;
  for (const box of widget.fills) box.setAttribute("aria-pressed", String(widget.fill[0] === box.dataset.fill));
  for (const box of widget.balancing) {
    box.setAttribute("aria-pressed", String(widget.even === box.dataset.order));
    box.disabled = !widget.can(box.dataset.order);
  }
  widget.short.textContent = ["1", "2"]
    .filter((order) => !widget.can(order))
    .map((order) => fill(words[`short${order}`], { s, c: Number(order) * (s - 1) + 1 }))
    .join(" ");
  const phase = (u) => {
    const [i, j] = cell(u, k);
    return (flat ? 0 : (i % s) * s) + (j % s);
  };
  paintFields(widget.fields, kernel, words.kernel, words.cell, (u) => {
    const [i, j] = cell(u, k),
      colour = flat || s < 3 ? TONES[phase(u)] : "none";
    return `widget-of-${colour} ${at && (flat || i % s === at[0] % s) && j % s === at[1] % s ? "widget-lit" : ""}`;
  });
  widget.terms([
    [words.divides, k % s ? words.no : words.yes, "b"],
    [words.overlap, `${ends(often)} · ${even ? words.even : words.uneven}`, "c"],
    [words.sums, ends(sums), "a"],
    moments ? [words.moments, ends(moments), "a"] : [words.gap, short(spread(sums)), "a"],
    [words.verdict, verdict, "ink widget-result"],
  ]);
  paintLine(widget, at);
  const peaks = paintSpectrum(widget);
  widget.tell(shown, heads.output.textContent);
  return `${words.verdict} ${verdict}. ${at ? widget.line.textContent : peaks}`;
}

/** The pinned phase in words. */
function paintLine({ line, words, whole, period, flat, sums, moments, fill: kind, k }, at) {
  if (!at) {
    line.textContent = kind === "l" ? fill(words.trained, { k }) + (flat ? words.line : "") : words.hint;
    return;
  }
  // On a ramp each tap with its place.
  const taps = whole.flatMap((row, i) =>
      row
        .map((tap, j) => (moments ? `${i + j} · ` : "") + (tap < 0 ? `(${short(tap)})` : short(tap)))
        .filter((_, j) => (flat || i % period === at[0]) && j % period === at[1]),
    ),
    r = flat ? at[1] : at.join(", ");
  const total = short((moments ?? sums)[flat ? 0 : at[0]][at[1]]),
    terms = taps.length > 9 ? [...taps.slice(0, 8), "…"] : taps;
  const sum = terms.length > 1 || moments ? `${terms.join(" + ")} = ${total}` : total;
  line.textContent = taps.length ? fill(words.phase, { r, sum, c: taps.length, s: period }) : fill(words.empty, { r });
}

/** Bars of amplitude; what is inside repeats, so that there is power at multiples of 1/period alone. */
function paintSpectrum(widget) {
  const { plot, words, sums, pattern, level, period, flat } = widget;
  const times = Math.max(1, Math.round(48 / period)),
    n = times * period,
    columns = pattern[0].map((_, j) => pattern.map((row) => row[j])),
    wide = Math.min(640, plot.clientWidth || 640);
  const powers = (flat ? [pattern] : [pattern, columns]).map((lines) =>
    powerSpectrum(lines.map((row) => range(times).flatMap(() => row))),
  );
  const shown = powers[0].map((_, f) =>
    level || !f ? 0 : powers.reduce((sum, power) => sum + power[f], 0) / powers.length,
  );
  widget.power = shown;
  const all = sums.flat(), // by which a ramp's output rises over a period
    most = (n * all.reduce((sum, value) => sum + value * value, 0)) / all.length || 1;
  const x = (f) => 10 + ((wide - 24) * f) / (n / 2),
    high = (value) => Math.min(90, 90 * Math.sqrt(value / most)),
    lattice = range(Math.floor(period / 2) + 1).slice(1),
    every = Math.ceil(lattice.length / 8);
  const text = (f, face) => make("svg:text", { x: x(f), y: 114, "text-anchor": "middle" }, face);
  plot.replaceChildren(
    ...lattice.map((m) => make("svg:path", { d: `M${x(m * times)} 4V98`, class: "widget-plot-at" })),
    make("svg:path", { d: `M10 98H${wide - 10}`, class: "widget-plot-axis" }),
    ...shown.flatMap((value, f) =>
      high(value) > 0.5
        ? [make("svg:path", { d: `M${x(f)} 98V${(98 - high(value)).toFixed(1)}`, class: "widget-plot-bar" })]
        : [],
    ),
    text(0, "0"),
    ...lattice.filter((_, m) => m % every === 0).map((m) => text(m * times, `${m}/${period}`)),
  );
  const found = lattice.filter((m) => high(shown[m * times]) > 0.5).map((m) => `${m}/${period}`);
  const said = found.length ? fill(words.peaks, { peaks: found.join(words.and) }) : words.none;
  plot.setAttribute("viewBox", `0 0 ${wide} 120`);
  plot.setAttribute("aria-label", said);
  return said;
}
