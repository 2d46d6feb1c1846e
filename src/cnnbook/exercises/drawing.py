"""Numbers for cases: random, the same every time, and short, since the smallest case that fails is shown."""

import torch
from torch import Tensor


def small_numbers(*shape: int, generator: torch.Generator) -> Tensor:
    """Whole numbers from −4 to 4, which read well, as floats.

    Examples:
        >>> small_numbers(2, 3, generator=torch.Generator().manual_seed(0)).shape
        torch.Size([2, 3])
    """
    return torch.randint(-4, 5, shape, generator=generator).float()
