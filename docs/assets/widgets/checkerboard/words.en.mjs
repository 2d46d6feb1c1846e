// The words of <checkerboard-widget>, English.

export const WORDS = {
  side: "Shown as", sideup: "output", sidedown: "gradient", l: "layers",
  ask: "How many different values does the output take inside, away from the border? 1 is flat.",
  ones: "Uniform", bilinear: "Bilinear", random: "Random", learned: "Learned", balance: "Balance phases",
  counts: "How many taps fall on each cell", output: "Output of a constant input of ones", countsdown: "How many windows use each pixel", outputdown: "Gradient that reaches each pixel",
  phases: "Phase sums: the {c} interleaved convolutions", spectrum: "Amplitude of the output by frequency, in cycles a cell; dashed are the multiples of 1/{s}", tone: "Play the output as a tone", silence: "Stop",
  divides: "s divides k", even: "even", uneven: "uneven", overlap: "overlap inside", sums: "phase sums", gap: "max − min", verdict: "output", flat: "flat ✓", lattice: "a lattice ✗", yes: "yes", no: "no",
  hint: "Click a phase or a cell, or move with the arrow keys: its taps and its cells are framed. Esc lets go.",
  phase: "Phase [{r}]: {sum}. Its {c} taps are an ordinary convolution of their own, which writes one cell in {s}.", empty: "Phase [{r}] has no tap: its cells stay 0.",
  trained: "A kernel of the bench's network after training, k = {k}: the input channel with the largest weights.", line: " (its middle row)",
  pictures: "A photograph instead: made small, enlarged by each upsampler; the numbers are phase shares", byown: "this kernel", bynearest: "nearest", bybilinear: "bilinear", byshuffle: "sub-pixel, random start", byicnr: "sub-pixel, ICNR",
  peaks: "Peaks: {peaks}.", none: "No peak.",
};
