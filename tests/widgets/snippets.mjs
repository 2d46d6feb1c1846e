// Prints, as JSON, what Copy as PyTorch gives for every golden case: of transposed convolutions, those that are
// refused, plain convolutions, and layers on ones and on a ramp.
import { readFileSync } from "node:fs";

import { load } from "./load.mjs";

const { boardSnippet, convSnippet, transposedSnippet } = await load("core/snippet.mjs");
const { numbers } = await load("checkerboard/numbers.mjs");

const golden = (name) => JSON.parse(readFileSync(new URL(`golden/${name}.json`, import.meta.url)));
const ones = (sizes) =>
  sizes.length
    ? Array(sizes[0])
        .fill(0)
        .map(() => ones(sizes.slice(1)))
    : 1;

const computed = golden("transposed").map(({ op, input, weight, output, ...settings }) =>
  transposedSnippet(input, weight, settings, output),
);
const refused = golden("checkerboard")
  .filter((one) => one.refused)
  .map(({ op, size, kernel_size, refused: rule, ...settings }) =>
    transposedSnippet([ones(size)], [[ones(size.map(() => kernel_size))]], settings, null, rule),
  );
const plain = golden("standard")
  .filter(({ input, padding }) => typeof input[0][0] === "number" && typeof padding === "number")
  .map(({ op, input, weight, padding, output }) =>
    convSnippet(input, weight, { stride: 1, padding }, op === "convolve2d", output),
  );
const boards = golden("checkerboard")
  .filter(({ op }) => op === "stacked")
  .flatMap(({ weight, stride, layers }) => {
    const flat = typeof weight[0] === "number",
      rows = flat ? [weight] : weight;
    return ["ones", "ramp"].map((x) => {
      const { input, y, straight } = numbers(rows, { flat, n: 3, s: stride, l: layers, x });
      return boardSnippet(rows, input, stride, layers, y, straight);
    });
  });
process.stdout.write(JSON.stringify({ computed, refused, plain, boards }));
