// Kernels of convolution/upsampling after training, in thousandths; tools/widget_data.py wrote them
// from its code 2a42cb33e331ac5f.

export const LEARNED = {
  3: [
    [-39, 212, 17],
    [-139, 298, 178],
    [-207, 73, 82],
  ],
  4: [
    [-65, 73, 86, 6],
    [66, 277, 172, -43],
    [188, 309, 72, -93],
    [91, 92, -58, -50],
  ],
};
