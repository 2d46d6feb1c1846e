// Upsamplers side by side: the photograph is made small, each makes it large again, and its phase share is measured,
// over all and in tiles, both away from the border, where taps are missing.
//
// A tile has 8 pixels, or two periods: slopes of a photograph, along which a lattice keeps its sign, are short,
// and inside 64 × 64 pixels there are 36 such tiles, of 16 pixels there would be 9.
//
// The figure's own kernel changes with every move; the others change with the period alone, and are kept.

import { drawn } from "../core/checkerboard.mjs";
import { conv, scatter } from "../core/convolution.mjs";
import { bilinear, nearest, pixelShuffle } from "../core/measures.mjs";
import { mean, range } from "../core/numbers.mjs";
import { localPhaseShare, phaseShare } from "../core/shares.mjs";
import { Board } from "../ui/board.mjs";
import { fill, make } from "../ui/dom.mjs";
import { photograph, SIDE } from "../ui/photograph.mjs";

const SIZE = 2, // of a pixel
  RIM = 6, // pixels at most to which the longest kernel gives less than all its taps
  TILE = 8;

/** The means of each period × period pixels, in whole periods. */
const shrunk = (photo, period) =>
  range(Math.floor(SIDE / period)).map((i) =>
    range(Math.floor(SIDE / period)).map((j) =>
      mean(range(period).flatMap((u) => photo[i * period + u].slice(j * period, (j + 1) * period))),
    ),
  );

/**
 * As many random kernels as there are phases, each the pixel itself and some of its neighbours: weights as a network
 * starts with.
 */
export const kernels = (period) =>
  range(period * period).map((seed) => [
    range(3).map((u) => range(3).map((v) => Number(u * v === 1) + drawn(seed, 9)[3 * u + v] / 90)),
  ]);

/** The kernel of the figure, so scaled that it keeps the mean, and the border cut off on both sides alike. */
function own(small, kernel, period, sums) {
  const level = mean(sums.flat()),
    large = scatter([small], [[kernel]], { stride: period })[0],
    size = small.length * period;
  const from = Math.max(0, (large.length - size) >> 1);
  return large
    .slice(from, from + size)
    .map((row) => row.slice(from, from + size).map((value) => value / (Math.abs(level) > 1e-9 ? level : 1)));
}

/** The phase shares of a picture: over all of it and in tiles. */
function shares(rows, period) {
  const rim = period * Math.ceil(RIM / period),
    inside = rows.slice(rim, -rim).map((row) => row.slice(rim, -rim));
  return [phaseShare(inside, period), localPhaseShare(inside, period, tileOf(period))];
}

const tileOf = (/** @type {number} */ period) => period * Math.max(2, Math.ceil(TILE / period));

export class Pictures {
  constructor(widget) {
    this.widget = widget;
    this.boards = Object.fromEntries(
      ["own", "nearest", "bilinear", "shuffle", "icnr"].map((name) => {
        const board = new Board();
        board.box.ariaLabel = widget.words[`by${name}`]; // until there is a picture to be described
        return [name, { board, face: make("figcaption") }];
      }),
    );
    this.box = make(
      "details",
      { class: "widget__more" },
      (this.title = make("summary")),
      make(
        "div",
        { class: "widget-row" },
        ...Object.values(this.boards).map(({ board, face }) =>
          make("figure", { class: "widget-picture" }, board.box, face),
        ),
      ),
    );
    this.box.addEventListener("toggle", () => this.paint());
  }

  /** What does not depend on the kernel. */
  lasting(photo, period) {
    if (this.kept?.period === period) return this.kept;
    const small = shrunk(photo, period),
      shuffled = (weights) => pixelShuffle(conv([small], weights, { padding: 1 }), period)[0];
    this.kept = {
      period,
      small,
      made: {
        nearest: nearest(small, period),
        bilinear: bilinear(small, period),
        shuffle: shuffled(kernels(period)),
        icnr: shuffled(Array(period * period).fill(kernels(1)[0])),
      },
    };
    return this.kept;
  }

  paint() {
    const { widget, box } = this,
      { period, words, whole, sums } = widget;
    box.hidden = widget.flat;
    this.title.textContent = fill(words.pictures, { t: tileOf(period) });
    if (widget.flat || !box.open) return;
    if (!this.photo) {
      photograph().then((photo) => {
        this.photo = photo;
        this.paint();
      });
      return;
    }
    const { small, made } = this.lasting(this.photo, period);
    for (const [name, rows] of Object.entries({ own: own(small, whole, period, sums), ...made })) {
      const { board, face } = this.boards[name];
      const [all, tiles] = shares(rows, period).map((share) => share.toFixed(4));
      face.textContent = fill(words.shares, { name: words["by" + name], all, tiles });
      board.paint({ rows: rows.length, columns: rows[0].length, size: SIZE, name: face.textContent, greys: rows });
    }
  }
}
