r"""5.14.3 The checkerboard effect: its law, what measures it, and the upsampling layers that are compared on it.

A transposed convolution of stride s uses of its kernel, for each output, only the taps of one phase: those s apart. On
constant input the output is therefore flat exactly where the taps of every phase add up to the same: the `phase_sums`
are equal. Whether s divides k decides neither; it makes the numbers of taps equal, `overlap_count`, not their sums.

==============================  =============================================================
upsampling layer                on constant input
==============================  =============================================================
`TransposedUpsample`            flat where its phase sums happen to be equal
`BalancedTransposedUpsample`    flat: its phase sums are made equal at every forward
`BlurredTransposedUpsample`     flat: a running mean over s × s equalises them
`ResizeConv`                    flat: nearest or bilinear, then a convolution
`SubPixel`                      flat at the start with ICNR, then where training leaves it so
==============================  =============================================================

Each of them is one transposed convolution, `as_transposed`, and so the law holds for all. It is a law of constants: of
order 1. Up to which polynomials a kernel keeps a lattice off says `cleanliness_order`, and what it does to texture
`phase_energies`. In an image, `phase_share` and `lattice_spectrum` measure the lattice that is everywhere the same, and
`local_phase_share` and `local_lattice_spectrum` the one that follows what is in the image.

Examples:
    >>> kernel = as_transposed(ResizeConv(1, 1, scale=2)).weight
    >>> kernel.shape, is_balanced(kernel, stride=2), cleanliness_order(kernel, stride=2)
    (torch.Size([1, 1, 4, 4]), True, 1)

References:
    Odena, Dumoulin & Olah, *Deconvolution and Checkerboard Artifacts*, Distill 2016: overlaps, and resize-convolution.
    Sugawara et al., *Super-Resolution using CNNs without Any Checkerboard Artifacts*, arXiv:1806.02658: the condition.
    Aitken et al., *Checkerboard artifact free sub-pixel convolution*, arXiv:1707.02937: ICNR.
    Strang & Fix, *A Fourier analysis of the finite element variational method*, CIME 1971: the order.
    Shi et al., *Is the deconvolution layer the same as a convolutional layer?*, arXiv:1609.07009: it is.
"""

from cnnbook.convolution._balance import balance_phases, is_balanced, phase_energies, phase_sums
from cnnbook.convolution._equivalent import TransposedKernel, as_transposed, degrees_of_freedom
from cnnbook.convolution._lattice import lattice_spectrum, phase_share, power_spectrum
from cnnbook.convolution._local import local_lattice_spectrum, local_phase_share
from cnnbook.convolution._orders import cleanliness_order, phase_moments
from cnnbook.convolution._overlaps import gradient_overlap, input_gradient, overlap_count
from cnnbook.convolution._resizing import ResizeConv, SubPixel, icnr_
from cnnbook.convolution._upsampling import BalancedTransposedUpsample, BlurredTransposedUpsample, TransposedUpsample

__all__ = [
    "BalancedTransposedUpsample",
    "BlurredTransposedUpsample",
    "ResizeConv",
    "SubPixel",
    "TransposedKernel",
    "TransposedUpsample",
    "as_transposed",
    "balance_phases",
    "cleanliness_order",
    "degrees_of_freedom",
    "gradient_overlap",
    "icnr_",
    "input_gradient",
    "is_balanced",
    "lattice_spectrum",
    "local_lattice_spectrum",
    "local_phase_share",
    "overlap_count",
    "phase_energies",
    "phase_moments",
    "phase_share",
    "phase_sums",
    "power_spectrum",
]
