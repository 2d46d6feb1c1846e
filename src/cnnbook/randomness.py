"""Random numbers that depend on (seed, step, layer, row) alone: no state, the same on every device.

A network in training draws random numbers in its layers (dropout and its relatives, augmentation). Drawn from one
global generator, they depend on everything that was drawn before, so that ten networks trained at once, a run resumed
after a kill, or a batch shared between two processes all draw other numbers than a single, uninterrupted run. Here a
number is a hash of where it is used, made of integer tensor operations alone: it may be computed under
``torch.func.vmap``, on a GPU, or on the half of a batch, and is always the same.

A layer that draws inherits from ``RandomLayer`` and asks ``self.uniform(shape)``. Used alone it draws from torch's
generator like any layer; after ``seed_layers(network, seed)`` its numbers are a function of the seed and of
``set_step``.

References:
    J. K. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011 (counter-based generators).
    C. Wellons, "Prospecting for hash functions", 2018 (the 32-bit mixing function and its constants).
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

LOW_32 = 0xFFFFFFFF
DROPOUTS = (  # torch's, which draw from the global generator
    nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.Dropout3d, nn.AlphaDropout, nn.FeatureAlphaDropout,
)  # fmt: skip


def stream(seed: int, *purpose: object) -> torch.Generator:
    """A CPU generator of its own for each seed and purpose.

    Examples:
        >>> bool(torch.rand(1, generator=stream(3, "split")) == torch.rand(1, generator=stream(3, "split")))
        True
        >>> bool(torch.rand(1, generator=stream(3, "split")) == torch.rand(1, generator=stream(3, "order", 0)))
        False
    """
    digest = hashlib.blake2b(repr((int(seed), *purpose)).encode(), digest_size=7).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest))


def mix(bits: Any) -> Any:
    """Mix 32 bits so that each bit of the result depends on all: of a Python integer, or of an ``int32`` tensor in
    place.

    Tensors wrap around at 32 bits, as two's complement does on every device; integers are cut to the same.
    """
    for shift, factor in ((16, 0x21F0AAAD), (15, 0x735A2D97)):
        bits ^= (bits >> shift) & (LOW_32 >> shift)  # the mask makes the shift of a negative int32 a logical one
        bits *= factor
        if isinstance(bits, int):
            bits &= LOW_32
    bits ^= (bits >> 15) & (LOW_32 >> 15)
    return bits


def key_of(seed: int, step: int, layer: int, row: int = 0) -> tuple[int, int]:
    """The key of the numbers that one layer draws in one step: 32 bits of hash, as ``int32`` holds them, and the row.

    Args:
        seed: The seed of the run.
        step: Number of the step.
        layer: Number of the layer among the random ones.
        row: Place of the first row within the whole batch. Rows 2 and 3 of a batch of four are what a process gets that
            holds these rows alone and says ``row=2``.

    Examples:
        >>> key_of(seed=7, step=100, layer=0)
        (-624050389, 0)
    """
    word = 0
    for part in (seed, step, layer):
        word = mix((word + part) & LOW_32)
    return word - (1 << 32) if word >> 31 else word, row


def uniform(shape: Sequence[int], key: Tensor) -> Tensor:
    """Uniform numbers in [0, 1) that depend on the key alone.

    Args:
        shape: Shape of the result; its first axis counts the rows (examples) of the batch.
        key: ``int32 (2,)``, from ``key_of``.

    Returns:
        ``float32`` tensor of ``shape`` with 24 random bits each, on the device of ``key``.

    Examples:
        >>> whole = uniform((4, 3), torch.tensor(key_of(7, 100, 0), dtype=torch.int32))
        >>> half = uniform((2, 3), torch.tensor(key_of(7, 100, 0, row=2), dtype=torch.int32))
        >>> bool((whole[2:] == half).all())
        True
    """
    word, row = key[0], key[1]
    count = torch.arange(math.prod(shape), dtype=torch.int32, device=key.device).reshape(tuple(shape))
    bits = mix(mix((count + row * math.prod(shape[1:])) ^ word).add_(word))
    return ((bits >> 8) & 0xFFFFFF).to(torch.float32) * 2.0**-24


class RandomLayer(nn.Module):
    """Base of layers that draw random numbers.

    Examples:
        >>> class Jitter(RandomLayer):
        ...     def forward(self, x):
        ...         return x + 0.1 * self.uniform(x.shape) if self.training else x
        >>> layer = seed_layers(Jitter(), seed=5)
        >>> bool((layer(torch.zeros(2, 3)) == layer(torch.zeros(2, 3))).all())
        True
    """

    key: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.seed: int | None = None
        self.number = 0
        self.register_buffer("key", torch.zeros(2, dtype=torch.int32), persistent=False)

    def uniform(self, shape: Sequence[int]) -> Tensor:
        """Uniform ``float32`` numbers in [0, 1) of ``shape``, whose first axis is the batch."""
        if self.seed is not None:
            return uniform(shape, self.key)
        return torch.rand(tuple(shape), device=self.key.device)


class Dropout(RandomLayer):
    """Dropout whose masks are reproducible: in training, zero with probability ``p`` and divide the rest by ``1 - p``.

    Args:
        p: Probability of a zero, 0 ≤ p < 1.
        whole_channels: Draw one number a channel, ``(N, C)``, as ``torch.nn.Dropout2d`` does, instead of one an
            element.

    Raises:
        ValueError: ``p`` is outside [0, 1).

    Shapes:
        Any ``(N, …)``, or ``(N, C, …)`` with ``whole_channels``; the result has the shape of the input.

    Examples:
        >>> layer = seed_layers(Dropout(0.5), seed=0)
        >>> sorted(set(layer(torch.ones(4, 16)).flatten().tolist()))
        [0.0, 2.0]
        >>> layer.eval()(torch.ones(1, 2)).tolist()
        [[1.0, 1.0]]
    """

    def __init__(self, p: float = 0.5, *, whole_channels: bool = False) -> None:
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError(f"the probability of a zero must be in [0, 1), got p={p}")
        self.p = p
        self.whole_channels = whole_channels

    def forward(self, x: Tensor) -> Tensor:
        """Apply it to ``(N, …)``."""
        if not self.training or self.p == 0:
            return x
        shape = (*x.shape[:2], *[1] * (x.ndim - 2)) if self.whole_channels else x.shape
        return x * ((self.uniform(shape) >= self.p).to(x.dtype) / (1 - self.p))

    def extra_repr(self) -> str:
        """What ``print`` shows."""
        return f"p={self.p}, whole_channels={self.whole_channels}"


def random_layers(network: nn.Module) -> list[tuple[str, RandomLayer]]:
    """Name and layer of each ``RandomLayer`` of a network, in the order in which they were registered.

    Raises:
        ValueError: The network has a layer of torch's that draws from the global generator.
    """
    for name, layer in network.named_modules():
        inside = getattr(layer, "dropout", 0.0)  # recurrent and attention layers draw masks of their own
        if isinstance(layer, (*DROPOUTS, nn.RReLU)) or (isinstance(inside, int | float) and inside > 0):
            raise ValueError(
                f"a network trained over seeds must draw through cnnbook.randomness.RandomLayer, got "
                f"{type(layer).__name__} as layer {name or '(the network)'!r}: use cnnbook.randomness.Dropout"
            )
    return [(name, layer) for name, layer in network.named_modules() if isinstance(layer, RandomLayer)]


def seed_layers(network: nn.Module, seed: int) -> nn.Module:
    """Give each random layer of ``network`` its key; from now on its numbers depend on the seed and the step alone.

    Args:
        network: Any module; changed in place.
        seed: 0 ≤ seed < 2**32.

    Returns:
        ``network``.

    Raises:
        ValueError: The seed is out of range, or a layer draws from torch's global generator.
    """
    if not 0 <= seed <= LOW_32:
        raise ValueError(f"a seed must be in 0…2**32-1, got {seed}")
    for number, (_, layer) in enumerate(random_layers(network)):
        layer.seed, layer.number = seed, number
    set_step(network, 0)
    return network


def set_step(network: nn.Module, step: int, row: int = 0) -> None:
    """Tell each random layer which step comes next, and which row of the whole batch is its first."""
    for layer in network.modules():
        if isinstance(layer, RandomLayer) and layer.seed is not None:
            layer.key.copy_(torch.tensor(key_of(layer.seed, step, layer.number, row)))
