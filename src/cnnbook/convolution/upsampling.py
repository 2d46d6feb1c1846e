r"""5.14.5 Upsampling layers: five kinds with one interface, and the one transposed convolution that each of them is.

==============================  ==================================================  ==============================
upsampling layer                as a transposed convolution, s = 2                  on constant input
==============================  ==================================================  ==============================
`TransposedUpsample`            any kernel of k × k taps                            flat where its phase sums happen
                                                                                    to be equal
`BalancedTransposedUpsample`    those of them whose phase sums are equal            flat by construction
`BlurredTransposedUpsample`     k + 1 taps, the last step a mean over 2 × 2         flat by construction
`ResizeConv`                    4 × 4 taps (nearest) or 6 × 6 (bilinear), 9 free    flat by construction
`SubPixel`                      any kernel of 6 × 6 taps, and a bias a phase        flat at the start with ICNR
==============================  ==================================================  ==============================

Each maps (N, C, H, W) to exactly (N, out_channels, scale · H, scale · W), and goes on with the nearest pixel past the
border.

Examples:
    >>> nearest = ResizeConv(1, 1, scale=2)
    >>> as_transposed(nearest).weight.shape, degrees_of_freedom(nearest)
    (torch.Size([1, 1, 4, 4]), 9)

References:
    Shi et al., *Is the deconvolution layer the same as a convolutional layer?*, arXiv:1609.07009: it is.
    Odena, Dumoulin & Olah, *Deconvolution and Checkerboard Artifacts*, Distill 2016: resize, then convolve.
    Sugawara et al., *Super-Resolution using CNNs without Any Checkerboard Artifacts*, arXiv:1806.02658: the mean.
    Aitken et al., *Checkerboard artifact free sub-pixel convolution*, arXiv:1707.02937: ICNR.
"""

from cnnbook.convolution._equivalent import TransposedKernel, as_transposed, degrees_of_freedom
from cnnbook.convolution._resizing import ResizeConv, SubPixel, icnr_
from cnnbook.convolution._upsampling import (
    BalancedTransposedUpsample,
    BlurredTransposedUpsample,
    TransposedUpsample,
    fan_in_,
)

__all__ = [
    "BalancedTransposedUpsample",
    "BlurredTransposedUpsample",
    "ResizeConv",
    "SubPixel",
    "TransposedKernel",
    "TransposedUpsample",
    "as_transposed",
    "degrees_of_freedom",
    "fan_in_",
    "icnr_",
]
