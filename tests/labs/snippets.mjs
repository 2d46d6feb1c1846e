// Prints, as JSON, what Copy as PyTorch gives for every golden case of a transposed convolution.
import { readFileSync } from "node:fs";

import { transposedSnippet } from "../../docs/assets/labs/core/snippet.mjs";

const golden = (name) => JSON.parse(readFileSync(new URL(`../../docs/assets/labs/golden/${name}.json`, import.meta.url)));
const ones = (sizes) => (sizes.length ? Array(sizes[0]).fill(0).map(() => ones(sizes.slice(1))) : 1);

const computed = golden("transposed").map(({ op, input, weight, output, ...settings }) => transposedSnippet(input, weight, settings, output));
const refused = golden("checkerboard").filter((one) => one.refused).map(({ op, size, kernel_size, refused: rule, ...settings }) =>
  transposedSnippet([ones(size)], [[ones(size.map(() => kernel_size))]], settings, null, rule));
process.stdout.write(JSON.stringify([...computed, ...refused]));
