"""Super-resolution of photographs: what is made small, what enlarges it without learning, and patches to learn from.

The photographs to test on are others than those to train on, and are taken whole.

References:
    R. Keys, "Cubic convolution interpolation for digital image processing", IEEE Trans. ASSP 29, 1981.
    C. Dong et al., "Learning a deep convolutional network for image super-resolution", ECCV 2014 (bicubic reduction).
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from cnnbook.data.images import load
from cnnbook.data.sources import Arrays

# Three photographs are left for testing in turn; textures and people are spread over the folds. The
# first fold tests on the test photographs of the data set.
FOLDS = ((12, 13, 14), (0, 2, 5), (1, 3, 6), (4, 7, 8), (9, 10, 11))


def shrink(images: Tensor, factor: int) -> Tensor:
    """Small versions of images by bicubic interpolation with antialiasing, the custom in super-resolution.

    Args:
        images: Values 0…1, ``(N, C, H, W)``.
        factor: Divides height and width.

    Raises:
        ValueError: ``factor`` does not divide the size of the images.

    Examples:
        >>> import torch
        >>> shrink(torch.ones(1, 1, 8, 6), 2).shape
        torch.Size([1, 1, 4, 3])
    """
    height, width = images.shape[-2:]
    if factor < 1 or height % factor or width % factor:
        raise ValueError(f"factor must divide the image size {height}×{width}, got factor={factor}")
    return F.interpolate(images, size=(height // factor, width // factor), mode="bicubic", antialias=True)


def enlarge(images: Tensor, factor: int) -> Tensor:
    """Bicubic interpolation to ``factor`` times the height and width: what a network has to beat.

    With the kernel of ``shrink`` (Keys 1981, a = -1/2), which leaves a ramp a ramp. PyTorch's ``interpolate`` uses it
    only with ``antialias=True``; without, a = -3/4 turns a ramp into a staircase of period ``factor``: a lattice.

    Args:
        images: ``(N, C, H, W)``.
        factor: Multiplies height and width.

    Examples:
        >>> import torch
        >>> enlarge(torch.ones(1, 1, 4, 3), 2).shape
        torch.Size([1, 1, 8, 6])
    """
    return F.interpolate(images, scale_factor=factor, mode="bicubic", antialias=True)


def photograph_patches(patch: int = 32, factor: int = 2, step: int = 8, fold: int = 0) -> Arrays:
    """Patches of photographs from their small versions (``shrink``); to test on, whole photographs that were not cut.

    Each training photograph is made small as a whole, then both are cut at the same places.

    Args:
        patch: Height and width of a target, in pixels.
        factor: How much smaller the inputs are.
        step: Pixels from one patch to the next.
        fold: Which three photographs are the test, 0 to 4 (``FOLDS``); the other twelve are cut up.

    Returns:
        Inputs ``float32 (N, 1, patch / factor, patch / factor)`` and targets ``uint8 (N, 1, patch, patch)``; for
        testing ``(3, 1, 256 / factor, 256 / factor)`` and ``(3, 1, 256, 256)``.

    Raises:
        ValueError: ``factor`` does not divide ``patch``, ``step`` and 256, a patch is larger than a photograph, or
            there is no such fold.

    Examples:
        >>> data = photograph_patches(patch=32, factor=2)
        >>> data.train_inputs.shape, data.test_targets.shape
        (torch.Size([10092, 1, 16, 16]), torch.Size([3, 1, 256, 256]))
    """
    photographs = load("photographs")
    side = photographs.card.shape[-1]
    if factor < 1 or step < 1 or any(number % factor for number in (patch, step, side)) or not 1 <= patch <= side:
        got = f"patch={patch}, step={step}, factor={factor}"
        raise ValueError(f"factor must divide patch, step and {side}, and patch be at most {side}, got {got}")
    if not 0 <= fold < len(FOLDS):
        raise ValueError(f"fold must be 0 to {len(FOLDS) - 1}, got {fold}")
    every = torch.cat([photographs.train_images, photographs.test_images])
    test = every[list(FOLDS[fold])]
    train = every[[which for which in range(len(every)) if which not in FOLDS[fold]]]

    def cut(images: Tensor, size: int, step: int) -> Tensor:
        return images.unfold(2, size, step).unfold(3, size, step).reshape(-1, 1, size, size)

    small = [shrink(x.float() / 255, factor) for x in (train, test)]
    inputs, targets = (cut(images, patch // by, step // by) for images, by in ((small[0], factor), (train, 1)))
    return Arrays(inputs, targets, small[1], test)
