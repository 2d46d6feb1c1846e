// Lines of a pen on paper, as pixels. No DOM.

export const PAPER = 56, // pixels a side
  PENS = { fine: 1.5, broad: 4 }; // half the width of a line

/** @typedef {{pen: keyof typeof PENS, points: [x: number, y: number][]}} Stroke */

/** How far a point is from the line between two others. */
function away(x, y, [x0, y0], [x1, y1]) {
  const [dx, dy] = [x1 - x0, y1 - y0],
    along = dx || dy ? Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy))) : 0;
  return Math.hypot(x - x0 - along * dx, y - y0 - along * dy);
}

/** Black on white, with edges as soft as a pixel: greys 0…255, row by row. */
export function inked(/** @type {Stroke[]} */ strokes) {
  const greys = new Uint8Array(PAPER * PAPER).fill(255);
  for (const { pen, points } of strokes)
    points.forEach((end, at) => {
      const start = points[Math.max(0, at - 1)],
        reach = PENS[pen] + 0.5;
      const [left, right, top, bottom] = [0, 1].flatMap((axis) => [
        Math.max(0, Math.floor(Math.min(start[axis], end[axis]) - reach)),
        Math.min(PAPER, Math.ceil(Math.max(start[axis], end[axis]) + reach)),
      ]);
      for (let i = top; i < bottom; i += 1)
        for (let j = left; j < right; j += 1) {
          const ink = Math.min(1, Math.max(0, reach - away(j + 0.5, i + 0.5, start, end)));
          greys[i * PAPER + j] = Math.min(greys[i * PAPER + j], Math.round(255 * (1 - ink)));
        }
    });
  return greys;
}
