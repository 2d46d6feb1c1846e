// A file as pixels, by the browser's own decoder; what cannot be read is refused with a word and nothing is lost.

import { reduce } from "../core/pixels.mjs";
import { HEAD, kindOf } from "./kinds.mjs";

const MOST_BYTES = 50_000_000,
  MOST_PIXELS = 50_000_000, // the cameras of most telephones
  FIRST = 1024, // longer side to which a large picture is first reduced
  TILE = 2048; // side of what is read at once

/** Why a file is refused: a word of words.refused, and what fills it. */
export class Refused extends Error {
  constructor(/** @type {string} */ word, /** @type {Record<string, any>} */ values = {}) {
    super(word);
    this.values = values;
  }
}

const millions = (/** @type {number} */ count) => Math.ceil(count / 1e6);

function bounded(/** @type {number} */ width, /** @type {number} */ height) {
  if (width * height > MOST_PIXELS) throw new Refused("pixels", { width, height, most: millions(MOST_PIXELS) });
}

/**
 * The pixels of the first frame, upright, its longer side at most FIRST, and the size that it had.
 * @returns {Promise<{pixels: import("../core/pixels.mjs").Pixels, width: number, height: number}>}
 */
export async function decoded(/** @type {Blob} */ file) {
  if (!file.size) throw new Refused("empty");
  if (file.size > MOST_BYTES) throw new Refused("bytes", { size: millions(file.size), most: millions(MOST_BYTES) });
  const { kind, ...head } = kindOf(new Uint8Array(await file.slice(0, HEAD).arrayBuffer()));
  if (kind === "SVG") throw new Refused("kind", { kind });
  if (head.width) bounded(head.width, head.height);
  let picture;
  try {
    // As the command does: upright by the EXIF data, and colours as they stand in the file.
    picture = await createImageBitmap(file, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
  } catch {
    const known = ["HEIC", "TIFF", "PDF", "AVIF"].includes(kind);
    throw new Refused(known ? "kind" : kind ? "broken" : "unknown", { kind });
  }
  try {
    const { width, height } = picture;
    bounded(width, height);
    return { pixels: small(picture), width, height };
  } finally {
    picture.close();
  }
}

/** Read tile by tile, so that beside the picture hardly any memory is needed. */
function small(/** @type {ImageBitmap} */ picture) {
  const { width, height } = picture,
    by = Math.ceil(Math.max(width, height) / FIRST),
    [wide, high] = [width, height].map((side) => Math.ceil(side / by)),
    bytes = new Uint8ClampedArray(4 * wide * high),
    step = by * Math.max(1, Math.floor(TILE / by)),
    board = document.createElement("canvas");
  board.width = Math.min(step, width);
  board.height = Math.min(step, height);
  const pen = board.getContext("2d", { willReadFrequently: true });
  pen.globalCompositeOperation = "copy";
  for (let top = 0; top < height; top += step)
    for (let left = 0; left < width; left += step) {
      const [columns, rows] = [Math.min(step, width - left), Math.min(step, height - top)];
      pen.drawImage(picture, left, top, columns, rows, 0, 0, columns, rows);
      const { data } = pen.getImageData(0, 0, columns, rows),
        part = reduce({ bytes: data, width: columns, height: rows }, by);
      for (let i = 0; i < part.height; i += 1)
        bytes.set(
          part.bytes.subarray(4 * i * part.width, 4 * (i + 1) * part.width),
          4 * ((top / by + i) * wide + left / by),
        );
    }
  return { bytes, width: wide, height: high };
}
