// The words of <checkerboard-lab>, English.

export const WORDS = {
  axes: "Dimensions", axes1: "1-D", axes2: "2-D", side: "Shown as", sideup: "output", sidedown: "gradient", n: "input size", k: "kernel size", s: "stride", l: "layers on top of each other",
  guess: "Guess first", reveal: "Reveal", ask: "How many different values does the output take inside, away from the border? 1 is flat.", right: "Right: {m}.", wrong: "You said {g}; it is {m}.", never: "0",
  copy: "Copy as PyTorch", copied: "Copied", reset: "Back to the source's example", table: "The numbers", row: "row", column: "column", value: "value",
  kernel: "kernel w", cell: "{name}, row {i}, column {j}", ones: "Uniform", bilinear: "Bilinear", random: "Random", learned: "Learned", balance: "Balance phases",
  counts: "How many taps fall on each cell", output: "Output of a constant input of ones", countsdown: "How many windows use each pixel", outputdown: "Gradient that reaches each pixel",
  phases: "Phase sums: the {c} interleaved convolutions", spectrum: "Power of the output along its rows, by frequency; dashed are the multiples of 1/{s}", tone: "Play the output as a tone", silence: "Stop",
  divides: "s divides k", even: "even", uneven: "uneven", overlap: "overlap inside", sums: "phase sums", gap: "max − min", verdict: "output", flat: "flat ✓", lattice: "a lattice ✗", yes: "yes", no: "no",
  hint: "Click a phase or a cell, or move with the arrow keys: its taps and its cells are framed. Esc lets go.",
  phase: "Phase [{r}]: {sum}. Its {c} taps are an ordinary convolution of their own, which writes every {s}th cell.", empty: "Phase [{r}] has no tap: its cells stay 0.",
  trained: "A kernel of the bench's network after training, k = {k}: the input channel with the largest weights.", line: " (its middle row)",
  peaks: "Peaks: {peaks}.", none: "No peak.", and: ", ", cells: "output",
  photo: "The same kernel on a photograph, beside other upsampling layers", share: "phase share {p}", up: "transposed", balanced: "transposed, balanced", blurred: "transposed, then mean", nearest: "nearest, then kernel", wide: "Shown in two dimensions, one layer, at strides from 2.",
};
