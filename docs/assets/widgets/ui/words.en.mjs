// Words that figures share, English.

export const COMMON = {
  guess: "Guess first", reveal: "Reveal", right: "Right: {m}.", wrong: "You said {g}; it is {m}.", copy: "Copy as PyTorch", copied: "Copied", reset: "Back to the source's example",
  axes: "Dimensions", axes1: "1-D", axes2: "2-D", n: "input size", k: "kernel size", s: "stride", p: "padding", input: "input x", kernel: "kernel w", cell: "{name}, row {i}, column {j}", and: ", ",
  ask: "What is the output size n′? If it is impossible, say 0.", never: "impossible", table: "The numbers", row: "row", column: "column", value: "value",
};
