r"""5.14.3 The checkerboard effect: its law, the orders of cleanliness, and what measures a lattice.

A transposed convolution of stride s uses of its kernel, for each output, only the taps of one phase: those s apart. On
constant input the output is therefore flat exactly where the taps of every phase add up to the same: the `phase_sums`
are equal. Whether s divides k decides neither; it makes the numbers of taps equal, `overlap_count`, not their sums.

That is the law of constants, of order 1. Up to which polynomials a kernel keeps a lattice off says `cleanliness_order`,
and what it does to texture `phase_energies`. In an image, `phase_share` and `lattice_spectrum` measure the lattice that
is everywhere the same, `local_phase_share` and `local_lattice_spectrum` the one that follows what is in the image. The
upsampling layers, each of which is one transposed convolution, are in `cnnbook.convolution.upsampling`.

Examples:
    >>> import torch
    >>> bilinear = torch.tensor([0.5, 1.5, 1.5, 0.5])
    >>> phase_sums(bilinear, stride=2).tolist(), cleanliness_order(torch.ones(2), stride=2)
    ([2.0, 2.0], 1)

References:
    Odena, Dumoulin & Olah, *Deconvolution and Checkerboard Artifacts*, Distill 2016: overlaps, and gradients.
    Sugawara et al., *Super-Resolution using CNNs without Any Checkerboard Artifacts*, arXiv:1806.02658: the condition.
    Strang & Fix, *A Fourier analysis of the finite element variational method*, CIME 1971: the order.
"""

from cnnbook.convolution._balance import balance_phases, is_balanced, phase_energies, phase_sums
from cnnbook.convolution._lattice import lattice_spectrum, phase_share, power_spectrum
from cnnbook.convolution._local import local_lattice_spectrum, local_phase_share
from cnnbook.convolution._orders import cleanliness_order, phase_moments
from cnnbook.convolution._overlaps import gradient_overlap, input_gradient, overlap_count

__all__ = [
    "balance_phases",
    "cleanliness_order",
    "gradient_overlap",
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

# Where they stood first: imports of the layers from here go on working.
from cnnbook.convolution._equivalent import TransposedKernel as TransposedKernel
from cnnbook.convolution._equivalent import as_transposed as as_transposed
from cnnbook.convolution._resizing import ResizeConv as ResizeConv
from cnnbook.convolution._resizing import SubPixel as SubPixel
from cnnbook.convolution._resizing import icnr_ as icnr_
from cnnbook.convolution._upsampling import BalancedTransposedUpsample as BalancedTransposedUpsample
from cnnbook.convolution._upsampling import BlurredTransposedUpsample as BlurredTransposedUpsample
from cnnbook.convolution._upsampling import TransposedUpsample as TransposedUpsample
