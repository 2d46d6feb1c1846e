"""5.14 Convolution, transposed convolution and the checkerboard."""
