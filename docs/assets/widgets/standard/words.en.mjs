// The words of <standard-widget>, English.

export const WORDS = {
  turn: "Kernel", turnyes: "rotated: convolution", turnno: "as it is: cross-correlation", on: "On", onnumbers: "numbers", onphoto: "a photograph",
  first: "Source: −13", second: "Source: −8 or +8", sobel: "Sobel ↓", across: "Sobel →", laplace: "Laplace", blur: "Blur",
  slides: "One output is one stop of the kernel: multiply what meets, and add", padded: "input, padded by {p}", laid: "kernel, rotated by 180°", kept: "kernel, as it is", output: "output {m}×{m}", under: "under the kernel",
  hint: "Click an output, or move with the arrow keys, to see its window; Esc lets go. Input and kernel can be edited.", other: { yes: ". Not rotated, the same window gives {v}.", no: ". Rotated, the same window gives {v}." },
  short: "The kernel is longer than the padded input: PyTorch refuses.", size: "Output {m}×{m}. ", grey: "Of the output, grey is 0, light is positive and dark negative.", mean: "The output is divided by the sum of the kernel.", wait: "The photograph is on its way.",
};
