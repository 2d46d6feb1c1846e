r"""5.17.2 What invariance, order, neighbourhood and a small change are, as operations that measure them.

==========================  ============================================================================
question                    operation
==========================  ============================================================================
does it move along?         `shift`, and `shift_consistency` of a classifier's decisions
what breaks it, what mends  any stride; `BlurPool2d` in its place
how far does it see?        `receptive_field`
does order matter?          `patch_order` and `permute_pixels`: all pixels, whole patches, or within them
do neighbours belong?       `autocorrelation` of pixels, `mutual_information` of symbols, by distance
==========================  ============================================================================

A map f is *equivariant* to shifts where it moves along with its input, f(T x) = T f(x), and *invariant* where it stays
as it is, f(T x) = f(x).

Examples:
    >>> import torch
    >>> shift(torch.tensor([[[[1.0, 2.0, 3.0]]]]), right=1).tolist()
    [[[[3.0, 1.0, 2.0]]]]

References:
    R. Zhang, "Making convolutional networks shift-invariant again", arXiv:1904.11486.
    A. Azulay, Y. Weiss, "Why do deep convolutional networks generalize so poorly to small image transformations?",
    arXiv:1805.12177.
    O. S. Kayhan, J. C. van Gemert, "On translation invariance in CNNs: convolutional layers can exploit absolute
    spatial location", arXiv:2003.07064.
"""

from cnnbook.domains._invariance import BlurPool2d, shift_consistency
from cnnbook.domains._neighbours import autocorrelation, mutual_information
from cnnbook.domains._order import patch_order, permute_pixels
from cnnbook.geometry import receptive_field, shift

__all__ = [
    "BlurPool2d",
    "autocorrelation",
    "mutual_information",
    "patch_order",
    "permute_pixels",
    "receptive_field",
    "shift",
    "shift_consistency",
]
