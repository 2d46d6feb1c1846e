"""Images that the tests of 5.14 draw, and whether one is flat."""

import torch


def draw(*shape: int, seed: int = 0) -> torch.Tensor:
    """Noise in double precision, the same for the same seed."""
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def photograph(*shape: int, seed: int = 0) -> torch.Tensor:
    """Noise whose amplitude falls with one over the frequency, as that of photographs does."""
    waves = torch.fft.fft2(draw(*shape, seed=seed))
    rows, columns = (torch.fft.fftfreq(n) for n in shape[-2:])
    frequency = (rows[:, None] ** 2 + columns**2).sqrt().clamp(min=1 / max(shape))
    return torch.fft.ifft2(waves / frequency).real / 10


def is_flat(output: torch.Tensor) -> bool:
    """Whether every map is constant, up to rounding."""
    maps = output.detach().flatten(2)
    return bool(((maps.amax(-1) - maps.amin(-1)) < 1e-5 * (1 + maps.abs().amax(-1))).all())
