// Kernels of convolution/checkerboard after training, in thousandths; tools/widget_data.py wrote them
// from its code 34198c43554b43b7.

export const LEARNED = {
  3: [
    [158, -275, 192],
    [357, -258, 137],
    [-288, 259, 272],
  ],
  4: [
    [-58, -51, -262, -215],
    [77, 74, -296, -268],
    [72, 322, 273, 37],
    [-41, 132, 208, 67],
  ],
};
