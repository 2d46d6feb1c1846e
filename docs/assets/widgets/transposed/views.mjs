// What <transposed-widget> shows of its state: the boards of the three views, the sum in words, the numbers as a table.

import { conv, convOutputSize, reaching, scatter, spread } from "../core/convolution.mjs";
import { range } from "../core/numbers.mjs";
import { number } from "../ui/board.mjs";
import { fill, make } from "../ui/dom.mjs";
import { cell, paintFields } from "../ui/fields.mjs";

const TONES = "abcde";

const tone = (/** @type {number} */ i) => TONES[i % TONES.length];

/** All views of the element's state. */
export function paintViews(widget) {
  const { settings, n, k } = widget,
    flat = widget.axes === "1",
    [x, w] = widget.tensors,
    rows = (tensor) => (flat ? tensor : tensor[0]);
  widget.y = rows(scatter(x, w, settings));
  // For every output the products that make it: [pixel, tap], both counted row by row.
  const along = reaching(n, k, settings),
    down = flat ? [[[0, 0]]] : along;
  const products = down.flatMap((above) =>
    along.map((beside) => above.flatMap(([i, u]) => beside.map(([j, v]) => [i * n + j, u * k + v]))),
  );
  const values = widget.input.flat(),
    stamps = values.map(() => /** @type {number[]} */ ([]));
  products.forEach((pairs, at) => {
    for (const [i] of pairs) stamps[i].push(at);
  });
  // A step pins what it comes to.
  const all = widget.mode === "stamps" ? values.length : products.length,
    step = Math.min(widget.step ?? all, all);
  const pin = widget.step !== null && step ? `${widget.mode === "stamps" ? "i" : "o"}${step - 1}` : widget.pin,
    at = Number(pin.slice(1));
  const kind = at < (pin[0] === "i" ? values : products).length ? pin[0] : "",
    pairs = kind === "o" ? products[at] : [];
  widget.stepper.max = String(all);
  widget.stepper.value = String(step);
  widget.stepped.textContent = fill(widget.words.step, { t: step, all });
  const view = {
    flat,
    values,
    taps: widget.kernel.flat(),
    products,
    stamps,
    step,
    kind,
    at,
    pairs,
    lit: (i) => (kind === "i" ? i === at : pairs.some(([one]) => one === i)),
  };
  paintOutput(widget, view);
  paintGather(widget, view, rows(spread(x, flat ? [k] : [k, k], settings)));
  paintMatrix(widget, view);
  paintSentence(widget, view);
  const fields = (name, looks) =>
    paintFields(widget.fields[name], widget[name], widget.words[name], widget.words.cell, looks);
  fields("input", (i) => `widget-on-${tone(i)}${view.lit(i) ? " widget-lit" : ""}`);
  fields("kernel", (u) => (pairs.some(([, one]) => one === u) ? "widget-lit" : ""));
  if (widget.again.open) paintAgain(widget, w);
  widget.tell(widget.y, `${widget.words.output} ${widget.by(widget.m)}`);
}

/** The output as far as the steps have come. */
function paintOutput(widget, { values, taps, products, stamps, step, kind, at }) {
  const { m } = widget,
    whole = widget.mode === "cells",
    until = whole ? step : products.length;
  const shown = products
    .slice(0, until)
    .map((pairs) => pairs.reduce((sum, [i, u]) => sum + (whole || i < step ? values[i] * taps[u] : 0), 0));
  widget.boards.output.paint({
    rows: widget.y.length,
    columns: m,
    size: m > 16 ? 22 : 30,
    name: `${widget.words.output} ${widget.by(m)}`,
    at: kind === "o" ? cell(at, m) : null,
    fills: stamps.map((places, i) => ({
      cells: places.filter((j) => (whole ? j < until : i < step)).map((j) => cell(j, m)),
      tone: tone(i),
      tint: true,
    })),
    labels: shown.map((value, j) => ({ cell: cell(j, m), text: number(value) })),
    frames:
      kind === "i"
        ? stamps[at].map((j) => ({ cell: cell(j, m), tone: tone(at) }))
        : kind
          ? [{ cell: cell(at, m), tone: "ink" }]
          : [],
  });
}

/** Pixels among zeros, and the window of the rotated kernel. */
function paintGather(widget, { flat, values, taps, kind, at, pairs, lit }, wide) {
  const { n, k, d, m, words } = widget,
    reach = d * (k - 1),
    first = reach - widget.p,
    last = first + (n - 1) * widget.s,
    columns = wide[0].length;
  widget.pixels = values.map((value, i) => ({
    value,
    i,
    cell: cell(i, n).map((place, axis) => (flat && !axis ? 0 : first + place * widget.s)),
  }));
  const pixels = widget.pixels.filter((one) =>
    one.cell.every((place, axis) => place >= 0 && place < [wide.length, columns][axis]),
  );
  const taken = new Set(pixels.map((one) => one.cell[0] * columns + one.cell[1]));
  const zeros = wide
    .flat()
    .map((_, j) => cell(j, columns))
    .filter(([i, j]) => !taken.has(i * columns + j));
  const rim = zeros.filter((one) => one.some((place, axis) => (axis || !flat) && (place < first || place > last)));
  const window = kind === "o" ? cell(at, m) : null;
  const under = window ? range(taps.length).map((u) => cell(u, k).map((tap, axis) => window[axis] + tap * d)) : [];
  widget.boards.spread.paint({
    rows: wide.length,
    columns,
    size: columns > 16 ? 20 : 26,
    name: words.stretched,
    at: kind === "i" ? widget.pixels[at].cell : widget.boards.spread.at,
    fills: [
      { cells: rim, tone: "pad" },
      { cells: under, tone: "a", tint: true },
      ...pixels.map((one) => ({ cells: [one.cell], tone: tone(one.i) })),
    ],
    labels: [
      ...pixels.map((one) => ({ cell: one.cell, text: number(one.value), tone: "on" })),
      ...zeros.map((one) => ({ cell: one, text: "0", tone: "soft" })),
    ],
    frames: [
      ...(window ? [{ cell: window, span: [flat ? 1 : reach + 1, reach + 1] }] : []),
      ...pixels.filter(({ i }) => lit(i)).map((one) => ({ cell: one.cell, tone: "ink" })),
    ],
  });
  const used = pairs.map(([, u]) => cell(taps.length - 1 - u, k)),
    turned = [...taps].reverse().map(number);
  widget.boards.rotated.paint({
    rows: flat ? 1 : k,
    columns: k,
    size: 26,
    name: `${words.rotated}: ${turned.join(", ")}`,
    fills: [{ cells: used, tone: "a", tint: true }],
    labels: turned.map((text, u) => ({ cell: cell(u, k), text })),
    frames: used.map((one) => ({ cell: one })),
  });
}

/** Row i is the stamp of pixel i, laid out in one line. */
function paintMatrix(widget, { values, taps, products, stamps, kind, at }) {
  const rows = values.length,
    columns = products.length,
    board = widget.boards.matrix,
    size = columns <= 22 ? 26 : Math.max(3, Math.min(14, Math.floor(640 / columns)));
  const name = fill(widget.words.matrices, { r: rows, c: columns }),
    was = board.at ?? [0, 0];
  widget.head.textContent = name;
  board.paint({
    rows,
    columns,
    size,
    name,
    at: kind === "o" ? [was[0], at] : kind ? [at, was[1]] : null,
    fills: stamps.map((places, i) => ({ cells: places.map((j) => [i, j]), tone: tone(i) })),
    labels:
      size > 20
        ? products.flatMap((pairs, j) => pairs.map(([i, u]) => ({ cell: [i, j], text: number(taps[u]), tone: "on" })))
        : [],
    frames: kind
      ? [
          {
            ...(kind === "o" ? { cell: [0, at], span: [rows, 1] } : { cell: [at, 0], span: [1, columns] }),
            tone: "ink",
          },
        ]
      : [],
  });
}

/** What is pinned, in words; a sum in the colours of its pixels. */
function paintSentence(widget, { values, taps, stamps, kind, at, pairs }) {
  const { words, m, n } = widget,
    signed = (value) => (value < 0 ? `(${number(value)})` : number(value));
  let parts = [words.hint];
  if (kind === "o") {
    const sum = pairs.flatMap(([i, u], nth) => [
      nth ? " + " : " = ",
      make("b", { class: `widget-${tone(i)}` }, signed(values[i])),
      `⋅${signed(taps[u])}`,
    ]);
    parts = [
      `y[${widget.index(at, m)}]`,
      ...(pairs.length ? [...sum, ` = ${number(widget.y.flat()[at])}`] : [` = 0${words.none}`]),
    ];
  } else if (kind) {
    const x = `x[${widget.index(at, n)}] = ${number(values[at])}`,
      [a, b] = [stamps[at][0], stamps[at].at(-1)].map((j) => widget.index(j, m));
    parts = [stamps[at].length ? fill(words.paints, { x, c: stamps[at].length, a, b }) : fill(words.cut, { x })];
  }
  widget.line.replaceChildren(...parts);
  widget.sentence = fill(words.size, { m: widget.by(m) }) + (kind ? widget.line.textContent : "");
}

/** The convolution that is transposed, done to the output. */
function paintAgain(widget, w) {
  const { words, n, k, m, settings } = widget,
    flat = widget.axes === "1",
    size = convOutputSize(m, k, settings);
  const said = make("p", {});
  widget.again.querySelectorAll("p, canvas").forEach((old) => old.remove());
  if (size < 1) {
    widget.again.append(make("p", {}, words.short));
    return;
  }
  const back = conv(flat ? widget.y : [widget.y], w, settings),
    rows = flat ? back : back[0];
  const equal = JSON.stringify(rows) === JSON.stringify(widget.input);
  said.textContent = fill(words.back, {
    b: widget.by(size),
    same: fill(size === n ? words.same : words.other, { n: widget.by(n) }),
    values: equal ? words.equal : words.differ,
  });
  widget.boards.back.paint({
    rows: rows.length,
    columns: size,
    size: 34,
    name: "conv(y)",
    labels: rows.flat().map((value, at) => ({ cell: [Math.floor(at / size), at % size], text: number(value) })),
  });
  widget.again.append(said, widget.boards.back.box);
}
