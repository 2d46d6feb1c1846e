"""The networks of the experiments, by name.

``small-cnn`` is the book's default for 28×28 images: two convolutions with stride 2 instead of pooling (Springenberg et
al.), which also train several times faster, all seeds at once, than convolutions at full size.

References:
    J. T. Springenberg et al., "Striving for simplicity: the all convolutional net", ICLR workshop 2015.
    W. Shi et al., "Real-time single image and video super-resolution using an efficient sub-pixel CNN", CVPR 2016.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from cnnbook.names import check_options, resolve
from cnnbook.randomness import Dropout, seed_layers, stream


def small_cnn(
    channels: tuple[int, int] = (8, 16),
    hidden: int = 64,
    classes: int = 10,
    dropout: float = 0.0,
    channel_dropout: float = 0.0,
    batch_norm: bool = False,
    size: int = 28,
    in_channels: int = 1,
) -> nn.Sequential:
    """Two convolutions with stride 2 and two linear layers.

    Args:
        channels: Channels after each convolution.
        hidden: Units of the hidden linear layer.
        classes: Number of outputs.
        dropout: Probability of a zero after the hidden layer.
        channel_dropout: Probability of a zeroed channel after the second convolution.
        batch_norm: Batch normalisation after each convolution.
        size: Height and width of the images.
        in_channels: Channels of the images.

    Returns:
        A network from ``(N, in_channels, size, size)`` to ``(N, classes)``.

    Examples:
        >>> small_cnn()(torch.zeros(2, 1, 28, 28)).shape
        torch.Size([2, 10])
        >>> sum(p.numel() for p in small_cnn().parameters())
        52266
    """
    layers: list[nn.Module] = []
    for number, (before, after) in enumerate(zip((in_channels, channels[0]), channels, strict=True)):
        kernel = 5 if number == 0 else 3
        layers.append(nn.Conv2d(before, after, kernel, stride=2, padding=kernel // 2))
        layers += [nn.BatchNorm2d(after)] if batch_norm else []
        layers.append(nn.ReLU())
        size = (size + 1) // 2
    layers += [Dropout(channel_dropout, whole_channels=True)] if channel_dropout else []
    layers += [nn.Flatten(), nn.Linear(channels[1] * size * size, hidden), nn.ReLU()]
    layers += [Dropout(dropout)] if dropout else []
    return nn.Sequential(*layers, nn.Linear(hidden, classes))


def mlp(hidden: int = 128, classes: int = 10, dropout: float = 0.0, inputs: int = 784) -> nn.Sequential:
    """One hidden layer on the flattened image: the comparison that knows no neighbourhood.

    Examples:
        >>> mlp()(torch.zeros(2, 1, 28, 28)).shape
        torch.Size([2, 10])
    """
    middle = [Dropout(dropout)] if dropout else []
    return nn.Sequential(nn.Flatten(), nn.Linear(inputs, hidden), nn.ReLU(), *middle, nn.Linear(hidden, classes))


def sub_pixel(factor: int = 2, channels: int = 16, in_channels: int = 1) -> nn.Sequential:
    """A small network for super-resolution: convolutions on the small image, then pixel shuffle.

    Returns:
        A network from ``(N, C, H, W)`` to ``(N, C, factor H, factor W)``.

    Examples:
        >>> sub_pixel(2)(torch.zeros(1, 1, 14, 14)).shape
        torch.Size([1, 1, 28, 28])
    """
    return nn.Sequential(
        nn.Conv2d(in_channels, channels, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(channels, in_channels * factor**2, 3, padding=1),
        nn.PixelShuffle(factor),
    )


NETWORKS: dict[str, Callable[..., nn.Module]] = {"small-cnn": small_cnn, "mlp": mlp, "sub-pixel": sub_pixel}


class Augmented(nn.Module):
    """A network behind a module that changes its training examples.

    Examples:
        >>> class Negative(nn.Module):
        ...     def forward(self, inputs, targets):
        ...         return -inputs, targets
        >>> both = Augmented(nn.Identity(), Negative())
        >>> both(torch.ones(1)), both(torch.ones(1), torch.zeros(1))
        (tensor([1.]), (tensor([-1.]), tensor([0.])))
    """

    def __init__(self, network: nn.Module, augment: nn.Module) -> None:
        super().__init__()
        self.network, self.augment = network, augment  # the network first: its random layers keep their numbers

    def forward(self, inputs: Tensor, targets: Tensor | None = None) -> Any:
        """Outputs for inputs alone; with targets, outputs and targets of the changed examples."""
        if targets is None:
            return self.network(inputs)
        inputs, targets = self.augment(inputs, targets)
        return self.network(inputs), targets


def build(
    network: str,
    options: Mapping[str, Any] | None = None,
    seed: int = 0,
    augment: Callable[[], nn.Module] | None = None,
) -> nn.Module:
    """A network by name, initialised by its seed alone, its random layers keyed by the same seed.

    Args:
        network: A name of ``NETWORKS`` or ``"package.module:function"``.
        options: Arguments of that function.
        seed: Draws the initial weights and, later, what the random layers draw.
        augment: Makes a module that changes the training examples, see ``Methods``; the network is then ``Augmented``.

    Returns:
        The network, on the CPU. The global generator is as it was.

    Raises:
        ValueError: There is no such network, it does not take one of the options, or it has a layer whose random
            numbers no seed decides.

    Examples:
        >>> bool((build("mlp", seed=1)[1].weight == build("mlp", seed=1)[1].weight).all())
        True
    """
    factory = resolve(network, NETWORKS, "network")
    check_options("network_options", options or {}, factory)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(stream(seed, "weights").initial_seed())
        made = factory(**(options or {}))
        made = Augmented(made, augment()) if augment else made
    return seed_layers(made, seed)
