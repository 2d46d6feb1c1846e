r"""Dropout by what it masks: single elements, whole channels, or blocks.

All three do the same: in training, multiply by a random mask of zeros and ones and rescale what is left; in evaluation,
nothing. `Dropout` and `Dropout2d` rescale by 1/(1 − p), so that the expected output is the input; `DropBlock2d` by the
share that was really kept, so that the mean over an example is. They differ in which elements fall together. Neighbours
in a feature map say much the same, so that a single masked element is easily guessed from those around it; a block or
a channel is not.

==============  =================================  ===============================
layer           what falls together                a mask as of
==============  =================================  ===============================
`Dropout`       nothing: every element alone       `DropBlock2d` with blocks of 1
`DropBlock2d`   squares of block_size × block_size
`Dropout2d`     a whole channel                    `DropBlock2d` with blocks of H × W
==============  =================================  ===============================

The layers are `cnnbook.randomness.RandomLayer`: they draw from torch's generator like any layer, or reproducibly from
a seed and a step.

References:
    G. E. Hinton et al., "Improving neural networks by preventing co-adaptation of feature detectors", arXiv:1207.0580.
    N. Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", JMLR 15 (2014).
    J. Tompson et al., "Efficient object localization using convolutional networks", arXiv:1411.4280 (whole channels).
    G. Ghiasi, T.-Y. Lin, Q. V. Le, "DropBlock: a regularization method for convolutional networks", arXiv:1810.12890.
"""

from __future__ import annotations

import torch
from torch import Tensor

from cnnbook.checks import feature_maps
from cnnbook.generalisation._dropblock import (
    DropBlock2d,
    block_gamma,
    block_mask,
    check,
    drop_block,
    drop_probability,
    drop_rate,
)
from cnnbook.randomness import Dropout

__all__ = [
    "DropBlock2d",
    "Dropout",
    "Dropout2d",
    "block_gamma",
    "block_mask",
    "drop_block",
    "drop_probability",
    "drop_rate",
    "dropout",
]


def dropout(x: Tensor, p: float = 0.5, mask: Tensor | None = None, training: bool = True) -> Tensor:
    r"""Dropout written out: mask, then rescale.

    $$y = \frac{m \odot x}{1 - p}, \qquad m_i \sim \text{Bernoulli}(1 - p), \qquad \operatorname{E}[y] = x$$

    Without the division the next layer would see inputs 1/(1−p) times larger in evaluation than in training.

    Args:
        x: ``(N, …)``, of floats.
        p: Probability of a zero, 0 ≤ p < 1.
        mask: Booleans that broadcast to ``x``, True where ``x`` is kept; of shape ``(N, C, 1, 1)`` it masks whole
            channels. Drawn from torch's generator, every element alone, if it is None.
        training: False gives ``x`` itself, as in evaluation.

    Returns:
        The shape of ``x``.

    Raises:
        ValueError: ``p`` is outside [0, 1), ``x`` is not of floats, or ``mask`` is not of booleans.

    Examples:
        >>> keep = torch.tensor([True, False, True, True])
        >>> dropout(torch.tensor([1.0, 2.0, 3.0, 4.0]), p=0.5, mask=keep).tolist()
        [2.0, 0.0, 6.0, 8.0]
        >>> dropout(torch.tensor([1.0, 2.0]), p=0.5, training=False).tolist()
        [1.0, 2.0]
    """
    check(x, p, mask)
    if not training:
        return x
    keep = torch.rand(x.shape, device=x.device) >= p if mask is None else mask
    return x * (keep.to(x.dtype) / (1 - p))


class Dropout2d(Dropout):
    """Dropout of whole channels: each of the N·C feature maps is kept, times 1/(1−p), or zero altogether.

    Args:
        p: Probability of a zeroed channel, 0 ≤ p < 1.

    Raises:
        ValueError: ``p`` is outside [0, 1), or, in use, the input is not ``(N, C, H, W)``.

    Shapes:
        ``(N, C, H, W)`` to the same.

    Examples:
        >>> _ = torch.manual_seed(0)
        >>> y = Dropout2d(0.5)(torch.ones(1, 4, 3, 3))
        >>> y.mean(dim=(2, 3)).tolist()  # four channels, each all zeros or all twos
        [[0.0, 2.0, 0.0, 0.0]]
    """

    def __init__(self, p: float = 0.5) -> None:
        super().__init__(p, whole_channels=True)

    def forward(self, x: Tensor) -> Tensor:
        """Apply it to ``(N, C, H, W)``."""
        feature_maps("feature maps", x)
        return super().forward(x)

    def extra_repr(self) -> str:
        """What ``print`` shows."""
        return f"p={self.p}"
