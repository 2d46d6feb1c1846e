// The words of <transposed-widget>, English.

export const WORDS = {
  o: "", d: "dilation",
  output: "output y",
  ones: "a kernel of ones", count: "a kernel of 1, 2, 3 …", refused: "PyTorch refuses these settings:",
  scatters: "Scatter: each pixel stamps the whole kernel, times its value, onto the output; overlaps are added", gathers: "Gather: the input with zeros between and around; the kernel, rotated by 180°, moves one cell at a time", matrices: "Matrix C ({r}×{c}): row i is the stamp of pixel i; output j is column j times x",
  rotated: "rotated kernel", stretched: "input with zeros between and around", play: "Play", pause: "Pause", by: "Step", stamps: "by stamps", cells: "by outputs", step: "{t} of {all}",
  hint: "Click a cell, or move with the arrow keys, to see what makes it; Esc lets go. Input and kernel can be edited.", size: "Output {m}. ", none: ": no stamp reaches it", paints: "{x} paints {c} cells, from y[{a}] to y[{b}]", cut: "the stamp of {x} is cropped away",
  collide: "A convolution with these settings maps {sizes} all to {n}; output_padding chooses among them:", beyond: "output_padding is not below the stride: {m} is none of them, and the convolution does not lead back to {n}.", compose: "Convolve again with the same settings: do shape and values return?",
  back: "conv(y) has size {b}, {same}. The values {values}.", same: "as the input, {n}", other: "not the input's {n}", equal: "happen to be the input's", differ: "do not return: a convolution is the transposed one's adjoint, not its inverse", short: "y with its padding is shorter than the kernel: there is no convolution.",
};
