"""The settings of the map of what transfers: data, two networks each, what keeps a label there, and tuned rates.

A network is a function of ``width``, of which two is twice the channels, and of ``dropout`` before its last layer; the
first is the one that the book uses for such data, the second is larger and normalised. Rates, strengths of the penalty
and budgets were chosen on other seeds by ``benchmarks/transfer_rates.py``, whose record lies beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from cnnbook.data.catalogue import card
from cnnbook.data.download import cache_folder
from cnnbook.data.speech import missing_recordings
from cnnbook.domains.speech import LoudestOf, over_picture
from cnnbook.domains.text import TextCNN
from cnnbook.evidence.text import Text
from cnnbook.experiments.domains.speech import real
from cnnbook.experiments.domains.text import texts, words_of
from cnnbook.generalisation.architecture import convnet
from cnnbook.generalisation.augmentation import Augmentation, Compose, RandomFlip, RandomShift
from cnnbook.randomness import Dropout, RandomLayer
from cnnbook.training.networks import small_cnn

UNKNOWN = 1  # the number of a token that training has not seen
SILENCE = -0.2 / 0.28  # the lowest value of a spectrogram, standardised


def before_last(network: nn.Sequential, dropout: float) -> nn.Sequential:
    """The network with dropout before its last layer."""
    return nn.Sequential(*network[:-1], Dropout(dropout), network[-1]) if dropout else network  # ty: ignore[not-iterable]


def garments_book(width: int = 1, dropout: float = 0.0) -> nn.Module:
    """The book's network: two convolutions, 52,266 parameters."""
    return small_cnn(channels=(8 * width, 16 * width), dropout=dropout)


def garments_larger(width: int = 1, dropout: float = 0.0) -> nn.Module:
    """Six convolutions with skip connections and batch normalisation, 62,954 parameters."""
    return before_last(convnet(depth=6, width=32 * width, skip=True, batch_norm=True), dropout)


def text_book(lang: str, width: int = 1, dropout: float = 0.0) -> nn.Module:
    """36 filters over three tokens."""
    return TextCNN(words_of(lang), channels=36 * width, dropout=dropout)


def text_larger(lang: str, width: int = 1, dropout: float = 0.0) -> nn.Module:
    """Filters over two, three and four tokens, 48 each, word vectors twice as long, batch normalisation."""
    kernels, channels = (2, 3, 4), 48 * width
    network = TextCNN(words_of(lang), width=64, kernels=kernels, channels=channels)
    network.drop = nn.Sequential(nn.BatchNorm1d(len(kernels) * channels), Dropout(dropout))  # ty: ignore[invalid-assignment]
    return network


def digits_book(width: int = 1, dropout: float = 0.0) -> nn.Module:
    """Two convolutions over time and pitch."""
    return before_last(over_picture(channels=(12 * width, 24 * width)), dropout)


def digits_larger(width: int = 1, dropout: float = 0.0) -> nn.Module:
    """Four convolutions over time and pitch with batch normalisation."""
    layers: list[nn.Module] = [nn.Unflatten(1, (1, 24))]
    sizes = (1, 16 * width, 16 * width, 32 * width, 32 * width)
    for before, after, stride in zip(sizes, sizes[1:], (2, 1, 2, 1), strict=False):
        layers += [nn.Conv2d(before, after, 3, stride, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU()]
    return before_last(nn.Sequential(*layers, LoudestOf(-1), nn.Flatten(), nn.Linear(sizes[-1] * 6, 10)), dropout)


class WordDropout(RandomLayer):
    """Each token replaced by the unknown one with a probability of 0.1, in training."""

    def forward(self, inputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """Changed numbers ``int64 (N, L)``, and the targets; padding stays."""
        if not self.training:
            return inputs, targets
        lost = (self.uniform(inputs.shape) < 0.1) & (inputs > UNKNOWN)
        return torch.where(lost, UNKNOWN, inputs), targets


class MovedAndMasked(Augmentation):
    """A spectrogram moved by up to five frames (100 ms), and a span of up to four bands silenced, in training.

    References:
        D. S. Park et al., "SpecAugment", Interspeech 2019, arXiv:1904.08779.
    """

    draws = 3

    def forward(self, inputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """Changed spectrograms ``(N, bands, frames)``, and the targets."""
        if not self.training:
            return inputs, targets
        u = self.uniform((len(inputs), self.draws))
        bands, frames = inputs.shape[1:]
        later = (u[:, 0] * 11).long()[:, None] - 5
        source = torch.arange(frames, device=inputs.device) - later
        moved = inputs.gather(2, source.clamp(0, frames - 1)[:, None].expand(-1, bands, -1))
        moved = torch.where(((source < 0) | (source >= frames))[:, None], SILENCE, moved)
        span = (u[:, 1] * 5).long()[:, None]
        first = (u[:, 2] * (bands - span[:, 0] + 1)).long()[:, None]
        band = torch.arange(bands, device=inputs.device)
        masked = (band >= first) & (band < first + span)
        return torch.where(masked[:, :, None], SILENCE, moved), targets


def shift_and_flip(data: str) -> Compose:
    """Moved by up to two pixels, mirrored half of the time; what comes in is black."""
    info = card(data)
    return Compose(RandomShift(2, -info.mean / info.std), RandomFlip())


def missing() -> str:
    """The commands that get the data sets of the map that are not installed with the package; empty once they are."""
    images = cache_folder() / "fashion-mnist" / "train-images-idx3-ubyte.gz"
    lacking = [] if images.exists() else ["python -m cnnbook.data fashion-mnist  (31 MB)"]
    lacking += ["python -m cnnbook.data fsdd  (16 MB)"] if missing_recordings() else []
    return f"data sets are not on this machine yet: run  {' and '.join(lacking)}" if lacking else ""


@dataclass(frozen=True)
class Network:
    """One of the two networks of a setting, with what was tuned for it.

    Attributes:
        factory: ``factory(width, dropout)``, with ``options`` beside.
        lr: Learning rate of Adam.
        penalty: Strength of the L2 penalty.
    """

    factory: Callable[..., nn.Module]
    lr: float
    penalty: float


@dataclass(frozen=True)
class Setting:
    """Data, how much of it, and for how long.

    Attributes:
        title: its name on pages.
        data: a source of ``cnnbook.data.sources``; ``options`` go to it, ``shared`` to the networks.
        images: training examples in all, in ``classes`` equal parts.
        batch: examples a step.
        steps: a budget after which more steps change little.
        augment: changes that keep the label.
        book: the network that the book uses for such data.
        larger: a larger one.
    """

    title: Text
    data: Any
    examples: int
    classes: int
    batch: int
    steps: int
    augment: Any
    book: Network
    larger: Network
    options: Mapping[str, Any] = field(default_factory=dict)
    augment_options: Mapping[str, Any] = field(default_factory=dict)
    shared: Mapping[str, Any] = field(default_factory=dict)


def _garments(examples: int, data: str, title: Text, batch: int, steps: int, book: Network, larger: Network) -> Setting:
    return Setting(
        title, data, examples, 10, batch, steps, shift_and_flip, book, larger, augment_options={"data": data}
    )


def _reviews(lang: str, title: Text, book: Network, larger: Network) -> Setting:
    words = {"lang": lang}
    return Setting(title, texts, 4000, 2, 50, 400, WordDropout, book, larger, options=words, shared=words)


SETTINGS: dict[str, Setting] = {
    "garments_510": _garments(
        510,
        "fashion-mnist-mini",
        Text("510 张服装图", "510 garments"),
        30,
        600,
        Network(garments_book, 3e-3, 0.01),
        Network(garments_larger, 3e-3, 1e-3),
    ),
    "garments_5000": _garments(
        5000,
        "fashion-mnist",
        Text("5000 张服装图", "5,000 garments"),
        32,
        2000,
        Network(garments_book, 1e-3, 1e-4),
        Network(garments_larger, 1e-2, 1e-4),
    ),
    "reviews_zh": _reviews(
        "zh",
        Text("4000 条中文评论", "4,000 Chinese reviews"),
        Network(text_book, 1e-3, 1e-3),
        Network(text_larger, 1e-3, 1e-4),
    ),
    "reviews_en": _reviews(
        "en",
        Text("4000 条英文评论", "4,000 English reviews"),
        Network(text_book, 1e-2, 1e-3),
        Network(text_larger, 3e-3, 1e-4),
    ),
    "digits": Setting(
        Text("2000 条数字录音", "2,000 spoken digits"),
        real,
        2000,
        10,
        32,
        800,
        MovedAndMasked,
        Network(digits_book, 3e-3, 1e-4),
        Network(digits_larger, 3e-3, 1e-4),
    ),
    "garments_60000": _garments(
        60000,
        "fashion-mnist",
        Text("60,000 张服装图", "60,000 garments"),
        128,
        2000,
        Network(garments_book, 3e-3, 1e-4),
        Network(garments_larger, 1e-2, 1e-4),
    ),
}
