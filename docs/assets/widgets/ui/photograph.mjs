// A small photograph, as it lies in photograph.bin: a byte a pixel, row by row.

import { fetched } from "./fetched.mjs";

export const SIDE = 64;

/** Rows of greys from 0 to 255. */
export const photograph = () =>
  fetched("photograph.bin", (bytes) => [...Array(SIDE).keys()].map((i) => [...new Uint8Array(bytes, i * SIDE, SIDE)]));
