r"""Depth, width and skip connections: a family of small networks that differ in nothing else.

`convnet` makes a stem of two convolutions (28×28 to 7×7 pixels), then blocks of two 3×3 convolutions at constant size
and width, then one linear layer. A skip connection adds the input of a block to its output and has no parameters: with
and without, the networks are of one size and start from the same weights.

References:
    K. He et al., "Deep residual learning for image recognition", arXiv:1512.03385 (skips, degradation).
    K. He et al., "Delving deep into rectifiers", arXiv:1502.01852 (initialisation).
    K. Simonyan, A. Zisserman, "Very deep convolutional networks", arXiv:1409.1556 (stacked 3×3 kernels).
    P. Nakkiran et al., "Deep double descent", arXiv:1912.02292 (width past interpolation).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from cnnbook.checks import at_least_one
from cnnbook.geometry import receptive_field

__all__ = ["Block", "convnet", "count_parameters", "receptive_field"]


class Block(nn.Module):
    """Two 3×3 convolutions at constant size and width: f(x), or x + f(x) with a skip connection, then ReLU.

    Args:
        width: Channels, in and out.
        skip: Whether the input is added to the output.
        batch_norm: Batch normalisation after each convolution, which then has no bias.

    Raises:
        ValueError: The width is below 1.

    Shapes:
        ``(N, width, H, W)`` to the same.

    Examples:
        >>> block = Block(4, skip=True)
        >>> nothing = [nn.init.zeros_(p) for p in block.parameters()]
        >>> x = torch.rand(1, 4, 7, 7)
        >>> bool((block(x) == x).all())  # x + 0: with zero weights, a block with a skip is the identity
        True
    """

    def __init__(self, width: int, skip: bool = True, batch_norm: bool = False) -> None:
        super().__init__()
        at_least_one(width=width)
        self.skip = skip
        self.inside = nn.Sequential(
            *_convolution(width, width, 3, 1, batch_norm), nn.ReLU(), *_convolution(width, width, 3, 1, batch_norm)
        )

    def forward(self, x: Tensor) -> Tensor:
        """Apply it to ``(N, width, H, W)``."""
        return torch.relu(x + self.inside(x) if self.skip else self.inside(x))

    def extra_repr(self) -> str:
        """What ``print`` shows."""
        return f"skip={self.skip}"


def convnet(
    depth: int = 4,
    width: int = 16,
    skip: bool = False,
    batch_norm: bool = False,
    classes: int = 10,
    in_channels: int = 1,
    size: int = 28,
) -> nn.Sequential:
    r"""A small network by depth, width and skip connections.

    Stem, blocks and head: with $B = (\text{depth} - 2) / 2$ blocks,

    $$f(x) = W \operatorname{vec}\bigl(h_B(\cdots h_1(\operatorname{stem}(x)))\bigr) + b,\qquad
    h(x) = \operatorname{relu}(g(x)) \text{ or } \operatorname{relu}(x + g(x))$$

    Args:
        depth: Convolutions, 2 or more and even: the two of the stem, then two a block.
        width: Channels of all of them.
        skip: Whether each block adds its input to its output.
        batch_norm: Batch normalisation after each convolution.
        classes: Number of outputs.
        in_channels: Channels of the images.
        size: Height and width of the images.

    Returns:
        A network from ``(N, in_channels, size, size)`` to ``(N, classes)``, initialised for ReLU (He et al.).

    Raises:
        ValueError: The depth is odd or below 2, or another number is below 1.

    Examples:
        >>> network = convnet(depth=6, width=8, skip=True)
        >>> network(torch.zeros(2, 1, 28, 28)).shape
        torch.Size([2, 10])
        >>> [count_parameters(convnet(depth=depth, width=8)) for depth in (2, 4, 6)]
        [4722, 5890, 7058]
    """
    if depth < 2 or depth % 2:
        raise ValueError(f"depth must be even and at least 2, got depth={depth}")
    at_least_one(width=width, classes=classes, in_channels=in_channels, size=size)
    network = nn.Sequential(
        *(*_convolution(in_channels, width, 5, 2, batch_norm), nn.ReLU()),
        *(*_convolution(width, width, 3, 2, batch_norm), nn.ReLU()),
        *(Block(width, skip, batch_norm) for _ in range((depth - 2) // 2)),
        *(nn.Flatten(), nn.Linear(width * ((size + 3) // 4) ** 2, classes)),
    )
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
    return network


def count_parameters(network: nn.Module) -> int:
    r"""How many numbers a network learns.

    $$\sum_{p} \prod_a \text{size}_a(p)$$

    Args:
        network: Any module.

    Returns:
        The number of parameters that have a gradient.

    Raises:
        AttributeError: ``network`` is no module.

    Examples:
        >>> count_parameters(nn.Conv2d(8, 16, 3))  # 16 · 8 · 3 · 3 + 16
        1168
    """
    return sum(p.numel() for p in network.parameters() if p.requires_grad)


def _convolution(before: int, after: int, kernel: int, stride: int, batch_norm: bool) -> list[nn.Module]:
    layer = nn.Conv2d(before, after, kernel, stride=stride, padding=kernel // 2, bias=not batch_norm)
    return [layer, nn.BatchNorm2d(after)] if batch_norm else [layer]
