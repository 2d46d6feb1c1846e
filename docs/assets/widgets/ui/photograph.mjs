// A small photograph, as it lies in photograph.bin: a byte a pixel, row by row. Fetched when it is first asked for.

export const SIDE = 64;
let kept;

/** Rows of greys from 0 to 255. */
export const photograph = () =>
  (kept ??= fetch(new URL("../photograph.bin", import.meta.url))
    .then((answer) => answer.arrayBuffer())
    .then((bytes) => [...Array(SIDE).keys()].map((i) => [...new Uint8Array(bytes, i * SIDE, SIDE)])));
