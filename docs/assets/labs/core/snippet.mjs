// What a figure shows, as a program for PyTorch that asserts it. No DOM.

/** @typedef {import("./convolution.mjs").Tensor} Tensor */

/** Nested numbers as Python writes floats: "[[1.0, -2.5]]". */
export const literal = (/** @type {any} */ x) =>
  (Array.isArray(x) ? `[${x.map(literal).join(", ")}]` : Number.isInteger(x) ? `${x + 0}.0` : String(x));

const argument = (/** @type {number | number[]} */ value) => (Array.isArray(value) ? `(${value.join(", ")})` : value);

/**
 * A transposed convolution, and the assertion that it gives `y`, or that PyTorch refuses it in these words.
 * @param {Tensor} x (C_in, *size) @param {Tensor} w (C_in, C_out / groups, *k) @param {Record<string, number | number[]>} settings
 * @param {Tensor | null} y @param {string | null} [refused]
 */
export function transposedSnippet(x, w, settings, y, refused = null) {
  const call = `F.conv_transpose${Array.isArray(x[0][0]) ? 2 : 1}d(x, w, ${Object.entries(settings).map(([name, value]) => `${name}=${argument(value)}`).join(", ")})`;
  const head = ["import torch", "import torch.nn.functional as F", "", `x = torch.tensor(${literal(x)})`, `w = torch.tensor(${literal(w)})`];
  const tail = refused
    ? ["try:", `    ${call}`, "except RuntimeError as error:", `    assert "${refused}" in str(error)`, "    print(error)", "else:", '    raise AssertionError("PyTorch takes it")']
    : [`y = ${call}`, "assert y.tolist() == [", ...y.map((plane) => `    ${literal(plane)},`), "]", "print(y)"];
  return [...head, ...tail, ""].join("\n");
}
