// What a figure shows, as a program for PyTorch that asserts it. No DOM.

/** @typedef {import("./convolution.mjs").Tensor} Tensor */

/** Nested numbers as Python writes floats: "[[1.0, -2.5]]". */
export const literal = (/** @type {any} */ x) =>
  Array.isArray(x) ? `[${x.map(literal).join(", ")}]` : Number.isInteger(x) ? `${x + 0}.0` : String(x);

const argument = (/** @type {number | number[]} */ value) => (Array.isArray(value) ? `(${value.join(", ")})` : value);

const named = (/** @type {Record<string, number | number[]>} */ settings) =>
  Object.entries(settings)
    .map(([name, value]) => `${name}=${argument(value)}`)
    .join(", ");

const begin = (/** @type {Tensor} */ x, /** @type {Tensor} */ w, more = "") => [
  "import torch",
  "import torch.nn.functional as F",
  "",
  `x = torch.tensor(${literal(x)}${more})`,
  `w = torch.tensor(${literal(w)}${more})`,
];
const asserted = (/** @type {Tensor} */ y) => [
  "assert y.tolist() == [",
  ...y.map((plane) => `    ${literal(plane)},`),
  "]",
  "print(y)",
];

/** A convolution of rows with rows, where `turned` is false a cross-correlation, and the assertion of what it gives. */
export const convSnippet = (
  /** @type {Tensor} */ x,
  /** @type {Tensor} */ w,
  /** @type {Record<string, number>} */ settings,
  /** @type {boolean} */ turned,
  /** @type {Tensor} */ y,
) =>
  [
    ...begin([x], [[w]]),
    `y = F.conv2d(x, ${turned ? "w.flip(-2, -1)" : "w"}, ${named(settings)})`,
    ...asserted([y]),
    "",
  ].join("\n");

/**
 * Layers of transposed convolution, or the gradient of as many convolutions with respect to their input, and the
 * assertion that both make of the input, or of the gradient from above, `y`; less a line where there is one.
 * @param {number[][]} rows of the kernel @param {number[][]} x a row, or rows @param {number[][]} y
 * @param {number[] | null} [line] its slope, and where it begins
 */
export function boardSnippet(rows, x, stride, layers, y, line = null) {
  const flat = y.length === 1,
    axes = flat ? 1 : 2,
    plane = (/** @type {any} */ one) => (flat ? one[0] : one);
  const along = `torch.arange(${y[0].length})`;
  return [
    ...begin([plane(x)], [[plane(rows)]], ", dtype=torch.float64"),
    "y = x",
    `for _ in range(${layers}):`,
    `    y = F.conv_transpose${axes}d(y, w, stride=${stride})`,
    "",
    "# The gradient of a convolution is the same.",
    "image = torch.zeros_like(y, requires_grad=True)",
    "z = image",
    `for _ in range(${layers}):`,
    `    z = F.conv${axes}d(z, w, stride=${stride})`,
    "z.backward(x)",
    "",
    "shown = torch.tensor([",
    ...[y].flatMap((/** @type {Tensor} */ all) => (flat ? all : [all])).map((one) => `    ${literal(one)},`),
    "], dtype=torch.float64)",
    "torch.testing.assert_close(y, shown)",
    "torch.testing.assert_close(image.grad, shown)",
    ...(line
      ? [
          `place = ${flat ? "" : along + "[:, None] + "}${along}`,
          `print(y - (${line[0]} * place + ${line[1]}))  # away from the border, what is off the line`,
        ]
      : ["print(y)"]),
    "",
  ].join("\n");
}

/**
 * A transposed convolution, and the assertion that it gives `y`, or that PyTorch refuses it in these words.
 * @param {Tensor} x (C_in, *size)
 * @param {Tensor} w (C_in, C_out / groups, *k)
 * @param {Record<string, number | number[]>} settings
 * @param {Tensor | null} y @param {string | null} [refused]
 */
export function transposedSnippet(x, w, settings, y, refused = null) {
  const call = `F.conv_transpose${Array.isArray(x[0][0]) ? 2 : 1}d(x, w, ${named(settings)})`;
  const head = begin(x, w);
  const tail = refused
    ? [
        "try:",
        `    ${call}`,
        "except RuntimeError as error:",
        `    assert "${refused}" in str(error)`,
        "    print(error)",
        "else:",
        '    raise AssertionError("PyTorch takes it")',
      ]
    : [`y = ${call}`, ...asserted(y)];
  return [...head, ...tail, ""].join("\n");
}
