r"""DropBlock: dropout of square blocks of a feature map. What a reader takes is in `cnnbook.generalisation.dropout`.

References:
    G. Ghiasi, T.-Y. Lin, Q. V. Le, "DropBlock: a regularization method for convolutional networks", arXiv:1810.12890.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from cnnbook.checks import at_least_one, feature_maps
from cnnbook.precision import single
from cnnbook.randomness import RandomLayer


def block_gamma(p: float, block_size: int, height: int, width: int) -> float:
    r"""Probability that a block begins at one of the places where it fits.

    $$\gamma = \frac{p}{b^2} \cdot \frac{H W}{(H - b + 1)(W - b + 1)}$$

    Each block zeroes b² elements, hence the division; blocks must lie inside the map, hence the second factor. It is
    never above p.

    Args:
        p: Share of zeros that is asked for, 0 ≤ p < 1. Overlapping blocks zero somewhat less, see `drop_probability`.
        block_size: Side b of a block.
        height: Height H of the feature map.
        width: Its width W.

    Returns:
        The probability γ.

    Raises:
        ValueError: ``p`` is outside [0, 1), or the block does not fit into the map.

    Examples:
        >>> round(block_gamma(0.1, 3, 7, 7), 5)  # 0.1 / 9 · 49 / 25
        0.02178
    """
    check_p(p)
    if not 1 <= block_size <= min(height, width):
        raise ValueError(
            f"block_size must be in 1…{min(height, width)} to fit into a map of {height}×{width}, "
            f"got block_size={block_size}"
        )
    return p / block_size**2 * (height * width) / ((height - block_size + 1) * (width - block_size + 1))


def drop_rate(p: float, step: int, total: int) -> float:
    r"""The share of zeros at one step of training: from 0 at the first it rises in a straight line.

    $$p_t = p \cdot \min(t / T,\, 1)$$

    As in the paper, where the share kept falls from 1: a network that has learnt nothing yet is hurt by whole blocks.

    Args:
        p: Share of zeros at the end, 0 ≤ p < 1.
        step: The step t, from 0.
        total: Steps T of the ramp; after them the share stays.

    Returns:
        The share to set, ``layer.p = drop_rate(0.1, step, total)``.

    Raises:
        ValueError: ``p`` is outside [0, 1), the step is negative, or ``total`` is below 1.

    Examples:
        >>> [round(drop_rate(0.2, step, total=100), 3) for step in (0, 50, 100, 150)]
        [0.0, 0.1, 0.2, 0.2]
    """
    check_p(p)
    at_least_one(total=total)
    if step < 0:
        raise ValueError(f"step must be at least 0, got step={step}")
    return p * min(step / total, 1.0)


def block_mask(corners: Tensor, block_size: int) -> Tensor:
    r"""The mask of all blocks, from their upper left corners.

    $$m_{ij} = 1 - \max_{0 \le u, v < b} c_{i-u,\, j-v}$$

    An element falls if a corner lies in the window of the block's size that ends at it: a maximum over windows.

    Args:
        corners: Booleans ``(N, C, H − b + 1, W − b + 1)``, True where a block begins.
        block_size: Side b of a block.

    Returns:
        Booleans ``(N, C, H, W)``, True where an element is kept.

    Raises:
        ValueError: ``corners`` has not four axes.

    Examples:
        >>> corners = torch.zeros(1, 1, 2, 3, dtype=torch.bool)
        >>> corners[0, 0, 1, 0] = True
        >>> block_mask(corners, block_size=2)[0, 0].int().tolist()
        [[1, 1, 1, 1], [0, 0, 1, 1], [0, 0, 1, 1]]
    """
    feature_maps("corners", corners)
    around = F.pad(corners.float(), [block_size - 1] * 4)
    rows = F.max_pool2d(around, (block_size, 1), stride=1)
    return F.max_pool2d(rows, (1, block_size), stride=1) == 0


def drop_block(
    x: Tensor, p: float = 0.1, block_size: int = 3, mask: Tensor | None = None, training: bool = True
) -> Tensor:
    r"""DropBlock: zero squares of a feature map, then rescale by what was really left.

    $$y = m \odot x \cdot \frac{\text{count}(m)}{\text{ones}(m)}$$

    Blocks overlap, so that the share of zeros is not p but chance; the division is therefore by the share that was
    kept. Each example of the batch is rescaled by its own share (the paper counts over the batch), so that no example
    depends on its neighbours. Halves are counted in single precision.

    ``torchvision.ops.drop_block2d`` cuts blocks to a smaller map as well, rescales over the batch, and takes odd blocks
    only: with an even side its mask is two rows and columns larger than the map, and it raises.

    Args:
        x: ``(N, C, H, W)``, of floats.
        p: Share of zeros that is asked for, 0 ≤ p < 1.
        block_size: Side of a block; on a smaller map, of its shorter side.
        mask: Booleans of the shape of ``x``, True where ``x`` is kept, as `block_mask` gives; drawn from torch's
            generator if it is None.
        training: False gives ``x`` itself.

    Returns:
        The shape of ``x``; zero for an example of which nothing is kept.

    Raises:
        ValueError: As for `dropout`, the side of a block is below 1, or ``x`` is not ``(N, C, H, W)``.

    Examples:
        >>> keep = torch.tensor([[[[False, False, True, True], [False, False, True, True]]]])
        >>> drop_block(torch.ones(1, 1, 2, 4), p=0.3, block_size=2, mask=keep)[0, 0].tolist()  # 8 / 4 = 2
        [[0.0, 0.0, 2.0, 2.0], [0.0, 0.0, 2.0, 2.0]]
    """
    check(x, p, mask)
    feature_maps("feature maps", x)
    block_size = min(block_size, *x.shape[2:])
    gamma = block_gamma(p, block_size, *x.shape[2:])
    if not training:
        return x
    if mask is None:
        mask = block_mask(torch.rand(_corners(x, block_size), device=x.device) < gamma, block_size)
    kept = single(mask.expand(x.shape).to(x.dtype))  # float16 counts to 65,504
    scale = math.prod(x.shape[1:]) / kept.sum((1, 2, 3), keepdim=True).clamp(min=1)
    return (single(x) * kept * scale).to(x.dtype)


def drop_probability(p: float, block_size: int, height: int, width: int) -> Tensor:
    r"""How often each element of a feature map falls under DropBlock.

    $$P_{ij} = 1 - (1 - \gamma)^{n_{ij}}$$

    where n counts the blocks that cover the element: up to b² in the middle, one in a corner.

    Args:
        p: Share of zeros that is asked for, 0 ≤ p < 1.
        block_size: Side b of a block.
        height: Height H of the feature map.
        width: Its width W.

    Returns:
        ``float64 (H, W)``. Its mean is p if blocks cannot overlap (``block_size`` 1, or that of the map), else below.

    Raises:
        ValueError: As for `block_gamma`.

    Examples:
        >>> share = drop_probability(0.25, 3, 7, 7)
        >>> round(float(share.mean()), 3), round(float(share[0, 0]), 3), round(float(share[3, 3]), 3)
        (0.219, 0.054, 0.396)
    """
    gamma = block_gamma(p, block_size, height, width)
    rows, columns = (_covering(size, block_size) for size in (height, width))
    return 1 - (1 - gamma) ** torch.outer(rows, columns)


class DropBlock2d(RandomLayer):
    """DropBlock as a layer, see `drop_block`; for a share that rises in training see `drop_rate`.

    Args:
        p: Share of zeros that is asked for, 0 ≤ p < 1; may be set anew between steps.
        block_size: Side of a block; on a smaller feature map, of its shorter side.

    Raises:
        ValueError: ``p`` is outside [0, 1), the side is below 1, or, in use, the input is not ``(N, C, H, W)``.

    Shapes:
        ``(N, C, H, W)`` to the same.

    Examples:
        >>> layer = DropBlock2d(0.2, block_size=3)
        >>> layer(torch.ones(2, 8, 7, 7)).shape
        torch.Size([2, 8, 7, 7])
        >>> bool((layer.eval()(torch.ones(2, 8, 7, 7)) == 1).all())
        True
    """

    def __init__(self, p: float = 0.1, block_size: int = 3) -> None:
        super().__init__()
        check_p(p)
        at_least_one(block_size=block_size)
        self.p, self.block_size = p, block_size

    def forward(self, x: Tensor) -> Tensor:
        """Apply it to ``(N, C, H, W)``."""
        feature_maps("feature maps", x)
        if not self.training or self.p == 0:
            return x
        size = min(self.block_size, *x.shape[2:])
        mask = block_mask(self.uniform(_corners(x, size)) < block_gamma(self.p, size, *x.shape[2:]), size)
        return drop_block(x, self.p, size, mask)

    def extra_repr(self) -> str:
        """What ``print`` shows."""
        return f"p={self.p}, block_size={self.block_size}"


def _covering(size: int, block_size: int) -> Tensor:
    """Along one axis: how many blocks cover each place."""
    place = torch.arange(size, dtype=torch.float64)
    return place.clamp(max=size - block_size) - (place - block_size + 1).clamp(min=0) + 1


def _corners(x: Tensor, block_size: int) -> tuple[int, int, int, int]:
    n, c, height, width = x.shape
    return n, c, height - block_size + 1, width - block_size + 1


def check_p(p: float) -> None:
    """Refuse a probability outside [0, 1)."""
    if not 0 <= p < 1:
        raise ValueError(f"the probability of a zero must be in [0, 1), got p={p}")


def check(x: Tensor, p: float, mask: Tensor | None) -> None:
    """Refuse what cannot be masked and rescaled."""
    check_p(p)
    if not x.is_floating_point():
        raise ValueError(f"dropout rescales, so its input must be of floats, got {x.dtype}")
    if mask is not None and mask.dtype != torch.bool:
        raise ValueError(f"a mask must be of booleans, True where an element is kept, got {mask.dtype}")
    if mask is not None and torch.broadcast_shapes(mask.shape, x.shape) != x.shape:
        raise ValueError(f"a mask must fit the shape {tuple(x.shape)}, got {tuple(mask.shape)}")
