// What <standard-widget> shows of its state: the padded input with its window, the kernel as it is laid, the output.

import { rotate } from "../core/convolution.mjs";
import { range } from "../core/numbers.mjs";
import { number } from "../ui/board.mjs";
import { fill } from "../ui/dom.mjs";
import { cell, paintFields } from "../ui/fields.mjs";

const PIXEL = 4;
const place = (/** @type {number[][]} */ rows) =>
  rows.flatMap((row, i) => row.map((value, j) => ({ cell: [i, j], value })));
const written = (/** @type {number} */ value) => (value < 0 ? `(${number(value)})` : number(value));

/** Greys of an output: a kernel that sums to 0 has its 0 in the middle, others are means. */
function greys(/** @type {number[][]} */ y, /** @type {number} */ sum) {
  const most = Math.max(...y.flat().map(Math.abs)) || 1;
  return y.map((row) => row.map((value) => (sum ? value / sum : 127.5 * (1 + value / most))));
}

/** All views; what is said of them. */
export function paintWindow(widget) {
  const { words, on, boards, heads, numbers, kernel, laid, input, y, k, p, s, m, pin, turn } = widget,
    photo = on === "photo",
    at = pin ? cell(Number(pin.slice(1)), m) : null;
  const size = photo ? PIXEL : 32,
    wide = input.length + 2 * p,
    corner = at?.map((one) => one * s);
  const look = (i, j) => input[i - p]?.[j - p],
    under = corner && range(k).map((u) => range(k).map((v) => look(corner[0] + u, corner[1] + v)));
  widget.editing.hidden = photo;
  widget.laying.style.order = widget.lens.style.order = photo ? "1" : ""; // two pictures stand side by side
  widget.lens.hidden = !(photo && at);
  heads.padded.textContent = p ? fill(words.padded, { p }) : words.input;
  heads.laid.textContent = turn === "yes" ? words.laid : words.kept;
  heads.output.textContent = fill(words.output, { m });
  paintFields(widget.fields.numbers, numbers, words.input, words.cell, () => "widget-of-none");
  paintFields(widget.fields.kernel, kernel, words.kernel, words.cell, () => "");
  for (const box of widget.fills) box.setAttribute("aria-pressed", String(widget.w === box.dataset.fill));
  const padded = range(wide).map((i) => range(wide).map((j) => look(i, j)));
  const rim = place(padded).filter(({ value }) => value === undefined);
  const face = (rows) =>
    place(rows).map((one) => ({
      cell: one.cell,
      text: number(one.value ?? 0),
      tone: one.value === undefined ? "soft" : "ink",
    }));
  boards.padded.paint({
    rows: wide,
    columns: wide,
    size,
    name: heads.padded.textContent,
    frames: corner ? [{ cell: corner, span: [k, k] }] : [],
    ...(photo
      ? { greys: padded.map((row) => row.map((value) => value ?? 0)) }
      : {
          fills: [{ cells: rim.map((one) => one.cell), tone: "pad" }],
          labels: face(padded),
        }),
  });
  if (under)
    boards.under.paint({
      rows: k,
      columns: k,
      size: 34,
      name: words.under,
      labels: face(under),
      frames: [{ cell: [0, 0], span: [k, k] }],
    });
  boards.laid.paint({
    rows: k,
    columns: k,
    size: 32,
    name: heads.laid.textContent,
    fills: [{ cells: place(laid).map((one) => one.cell), tone: "a", tint: true }],
    labels: face(laid),
  });
  const sum = kernel.flat().reduce((total, tap) => total + tap, 0);
  boards.output.paint({
    rows: m,
    columns: m,
    size,
    name: heads.output.textContent,
    at,
    ...(photo ? { greys: greys(y, sum) } : { labels: face(y) }),
    frames: at ? [{ cell: at, tone: photo ? "a" : "ink" }] : [],
  });
  const told = photo ? (sum ? words.mean : words.grey) : "";
  widget.line.textContent = at ? sentence(widget, at, under, laid) : `${words.hint} ${told}`;
  widget.tell(y, heads.output.textContent);
  return fill(words.size, { m }) + (at ? widget.line.textContent : told);
}

/** One output written out: zeros of the padding are left out. */
function sentence({ words, y, turn }, at, under, laid) {
  const products = (rows) =>
    place(under)
      .filter(({ value }) => value !== undefined)
      .map(({ cell: [u, v], value }) => [value, rows[u][v]]);
  const other = products(rotate(laid)).reduce((sum, [value, tap]) => sum + value * tap, 0);
  const terms =
    products(laid)
      .map(([value, tap]) => `${written(value)}⋅${written(tap)}`)
      .join(" + ") || "0";
  return `y[${at.join(", ")}] = ${terms} = ${number(y[at[0]][at[1]])}${fill(words.other[turn], { v: number(other) })}`;
}
