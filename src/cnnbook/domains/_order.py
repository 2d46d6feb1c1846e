"""Images whose pixels stand in another order: all pixels, whole patches, or the pixels within each patch.

What a reader takes is in `cnnbook.domains.differences`.
"""

from __future__ import annotations

import torch
from torch import Tensor

from cnnbook.checks import holds


def patch_order(size: int, patch: int, within: bool = False, generator: torch.Generator | None = None) -> Tensor:
    r"""A random order of the pixels of a square image that moves patches, or moves pixels within them.

    $$\text{patches:}\quad \pi(bP + u) = \sigma(b)\,P + u,\qquad
    \text{within:}\quad \pi(bP + u) = bP + \tau_b(u)$$

    for pixel u of patch b, with P pixels a patch and random permutations σ of the patches and τ of each patch's pixels.
    Patches of one pixel give a permutation of all pixels, and so does ``within`` with one patch.

    Args:
        size: Height and width of the image.
        patch: Height and width of a patch.
        within: Whether patches stay in place, and their pixels move.
        generator: What draws; torch's own by default.

    Returns:
        Which pixel comes to each place, counted row by row: a permutation of 0 … size² − 1, ``int64 (size²,)``.

    Raises:
        ValueError: ``patch`` does not divide ``size``.

    Examples:
        >>> order = patch_order(4, 2, generator=torch.Generator().manual_seed(1))
        >>> order.reshape(4, 4).tolist()  # four blocks of four pixels, each as it was
        [[2, 3, 10, 11], [6, 7, 14, 15], [8, 9, 0, 1], [12, 13, 4, 5]]
    """
    if patch < 1 or size < 1 or size % patch:
        raise ValueError(f"patch must divide size, got patch={patch} with size={size}")
    side = size // patch
    blocks = torch.arange(size * size).reshape(side, patch, side, patch).transpose(1, 2).reshape(side**2, patch**2)
    if within:
        moves = torch.rand(blocks.shape, generator=generator).argsort(1)
        blocks = blocks.gather(1, moves)
    else:
        blocks = blocks[torch.randperm(len(blocks), generator=generator)]
    return blocks.reshape(side, side, patch, patch).transpose(1, 2).reshape(-1)


def permute_pixels(images: Tensor, order: Tensor) -> Tensor:
    r"""Images whose pixels stand in another order, the same for all images or one for each.

    $$y_{n,c,p} = x_{n,c,\,\pi(p)}$$

    Args:
        images: ``(N, C, H, W)``.
        order: Which pixel comes to each place, ``int64 (H W,)`` for all images or ``(N, H W)``.

    Returns:
        ``(N, C, H, W)``.

    Raises:
        ValueError: The order is of another length, not one for each image, or has a place twice.

    Examples:
        >>> permute_pixels(torch.tensor([[[[1, 2], [3, 4]]]]), torch.tensor([3, 2, 1, 0]))[0, 0].tolist()
        [[4, 3], [2, 1]]
    """
    n, channels, height, width = images.shape
    if order.shape not in ((height * width,), (n, height * width)):
        raise ValueError(f"order must be ({height * width},) or ({n}, {height * width}), got {tuple(order.shape)}")
    if not holds(order.sort().values == torch.arange(height * width, device=order.device)):
        raise ValueError(f"order must hold each of 0…{height * width - 1} once, got {order.flatten()[:9].tolist()}")
    flat = images.flatten(2)
    return flat.gather(2, order.reshape(-1, 1, height * width).expand(n, channels, -1)).reshape(images.shape)
