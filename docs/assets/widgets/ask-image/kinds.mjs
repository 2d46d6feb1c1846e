// What the first bytes of a file say of it: its kind, and, of the common kinds, the size of the picture. No DOM.

export const HEAD = 1 << 19; // bytes to look at: a JPEG may have as many before its size

const HEVC = ["heic", "heix", "hevc", "mif1", "msf1"];

/** The size of a JPEG, which stands in the first of its frames. */
function frame(/** @type {DataView} */ view) {
  for (let at = 2; at + 9 < view.byteLength && view.getUint8(at) === 0xff;) {
    const mark = view.getUint8(at + 1);
    if (mark >= 0xc0 && mark <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(mark))
      return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    at += mark === 0xff ? 1 : 2 + view.getUint16(at + 2);
  }
  return {};
}

/** The size of a WebP, which is of three sorts. */
function canvas(/** @type {DataView} */ view, /** @type {string} */ sort) {
  const three = (/** @type {number} */ at) => view.getUint16(at, true) + (view.getUint8(at + 2) << 16);
  if (sort === "VP8X") return { width: 1 + three(24), height: 1 + three(27) };
  if (sort === "VP8 ") return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  const bits = view.getUint32(21, true);
  return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >> 14) & 0x3fff) };
}

/** @returns {{kind: string, width?: number, height?: number}} the kind "" is none that is known */
export function kindOf(/** @type {Uint8Array} */ bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    text = String.fromCharCode(...bytes.subarray(0, 256)),
    long = bytes.length >= 30;
  if (/^(?:\xef\xbb\xbf)?\s*<(?:svg|\?xml|!doctype svg|!--)/i.test(text)) return { kind: "SVG" };
  if (text.startsWith("\x89PNG") && long) return { kind: "PNG", width: view.getUint32(16), height: view.getUint32(20) };
  if (text.startsWith("\xff\xd8\xff")) return { kind: "JPEG", ...frame(view) };
  if (text.startsWith("GIF8") && long)
    return { kind: "GIF", width: view.getUint16(6, true), height: view.getUint16(8, true) };
  if (text.startsWith("RIFF") && text.slice(8, 12) === "WEBP" && long)
    return { kind: "WebP", ...canvas(view, text.slice(12, 16)) };
  if (text.startsWith("BM") && long)
    return { kind: "BMP", width: Math.abs(view.getInt32(18, true)), height: Math.abs(view.getInt32(22, true)) };
  if (text.startsWith("%PDF")) return { kind: "PDF" };
  if (text.startsWith("II*\0") || text.startsWith("MM\0*")) return { kind: "TIFF" };
  if (text.slice(4, 8) === "ftyp") return { kind: HEVC.includes(text.slice(8, 12)) ? "HEIC" : "AVIF" };
  return { kind: "" };
}
