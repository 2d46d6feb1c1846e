"""Video as the case of three axes: what a kernel over time sees that kernels over single frames do not.

The films are generated: a digit of seven segments that moves up, down, left or right by a pixel a frame, in noise. Two
questions are asked of the same films: which way, and which digit. Run backwards, a film has another answer to the first
and the same frames; a network that looks at frames one by one and pools over time gives both films one answer.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from cnnbook.data.sources import Arrays
from cnnbook.domains.similarities import digit, moving
from cnnbook.evidence.experiment import Experiment
from cnnbook.evidence.text import Text
from cnnbook.experiments._classifiers import METRICS, measure
from cnnbook.training.config import Optimizer, TrainConfig

FRAMES, SIZE, NOISE = 5, 10, 0.5
WAYS = torch.tensor([[-1, 0], [1, 0], [0, -1], [0, 1]])  # up, down, left, right
FILMS = {"train": 2000, "test": 2000}


def films(part: str) -> tuple[Tensor, Tensor, Tensor]:
    """The films of one part of the data: ``(N, 1, T, S, S)``, which way they move ``(N,)`` and which digit ``(N,)``."""
    draw = torch.Generator().manual_seed(sorted(FILMS).index(part))
    n = FILMS[part]
    ways, digits = (torch.randint(top, (n,), generator=draw) for top in (len(WAYS), 10))
    pictures = torch.stack([digit(number) for number in range(10)])[digits]
    start = torch.randint(SIZE, (n, 2), generator=draw)
    clean = moving(pictures, start, WAYS[ways], FRAMES, SIZE)
    return clean + NOISE * torch.randn(clean.shape, generator=draw), ways, digits


def moving_digits(ask: str) -> Arrays:
    """The films, and the answers to ``"way"`` or ``"digit"``.

    Examples:
        >>> moving_digits("way").train_inputs.shape
        torch.Size([2000, 1, 5, 10, 10])
    """
    place = {"way": 1, "digit": 2}[ask]
    (train, *_), (test, *_) = parts = films("train"), films("test")
    return Arrays(train, parts[0][place], test, parts[1][place], mean=0.2, std=0.64)


class FramesAsChannels(nn.Module):
    """``(N, 1, T, H, W)`` as images of T channels ``(N, T, H, W)``."""

    def forward(self, film: Tensor) -> Tensor:
        """See the class."""
        return film.squeeze(1)


def network(time: int = 3, channels: tuple[int, int] = (6, 12), classes: int = 4, flat: bool = False) -> nn.Sequential:
    """Two convolutions (the second of stride 2 in space), the mean over all places and frames, one linear layer.

    Args:
        time: Frames that a kernel covers: 1 for frame by frame.
        channels: Channels after each convolution.
        classes: Number of outputs.
        flat: Convolutions over images instead, whose channels are the frames.

    Returns:
        A network from ``(N, 1, T, H, W)`` to ``(N, classes)``.

    Examples:
        >>> network(time=1)(torch.zeros(2, 1, 5, 10, 10)).shape
        torch.Size([2, 4])
    """
    first, second = channels
    if flat:
        layers = [FramesAsChannels(), nn.Conv2d(FRAMES, first, 3, padding=1), nn.ReLU(),
                  nn.Conv2d(first, second, 3, stride=2, padding=1), nn.ReLU(), nn.AdaptiveAvgPool2d(1)]  # fmt: skip
    else:
        kernel, padding = (time, 3, 3), (time // 2, 1, 1)
        layers = [nn.Conv3d(1, first, kernel, padding=padding), nn.ReLU(),
                  nn.Conv3d(first, second, kernel, stride=(1, 2, 2), padding=padding), nn.ReLU(),
                  nn.AdaptiveAvgPool3d(1)]  # fmt: skip
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(second, classes))


def arm(ask: str, **options: object) -> TrainConfig:
    """One arm: 500 films."""
    return TrainConfig(
        network=network,
        network_options={"classes": {"way": 4, "digit": 10}[ask], **options},
        data=f"{__name__}:moving_digits",
        data_options={"ask": ask},
        n_train=500,
        steps=200,
        optimizer=Optimizer("adam", lr=1e-2),
    )


ARMS = {
    "way_frames": arm("way", time=1),
    "way_frames_wide": arm("way", time=1, channels=(11, 20)),
    "way_film": arm("way", time=3),
    "way_channels": arm("way", flat=True),
    "digit_frames": arm("digit", time=1),
    "digit_frames_wide": arm("digit", time=1, channels=(11, 20)),
    "digit_film": arm("digit", time=3),
    "digit_channels": arm("digit", flat=True),
}

EXPERIMENT = Experiment(
    name="domains/similarities",
    question=Text(
        zh="同一批短片，问往哪边移动、问是哪个数字：核跨过时间，比逐帧看多得到什么？",
        en="Of the same films, which way and which digit: what does a kernel over time see beyond single frames?",
    ),
    arms=ARMS,
    baseline="way_frames",
    metrics=METRICS,
    budget=Text(
        zh="500 段短片（5 帧，10 × 10 像素），批次 32，200 步，学习率相同",
        en="500 films of 5 frames of 10 × 10 pixels, batches of 32, 200 steps, one learning rate",
    ),
    labels={
        "way_frames": Text("方向：逐帧，核 1×3×3", "which way: frame by frame, kernel 1×3×3"),
        "way_frames_wide": Text("方向：逐帧，通道更多", "which way: frame by frame, more channels"),
        "way_film": Text("方向：跨时间，核 3×3×3", "which way: over time, kernel 3×3×3"),
        "way_channels": Text("方向：各帧作通道，核 3×3", "which way: frames as channels, kernel 3×3"),
        "digit_frames": Text("数字：逐帧，核 1×3×3", "which digit: frame by frame, kernel 1×3×3"),
        "digit_frames_wide": Text("数字：逐帧，通道更多", "which digit: frame by frame, more channels"),
        "digit_film": Text("数字：跨时间，核 3×3×3", "which digit: over time, kernel 3×3×3"),
        "digit_channels": Text("数字：各帧作通道，核 3×3", "which digit: frames as channels, kernel 3×3"),
    },
    measure=measure,
    comparisons=[
        *((f"way_{other}", "way_frames") for other in ("frames_wide", "film", "channels")),
        ("way_film", "way_channels"),
        *((f"digit_{other}", "digit_frames") for other in ("frames_wide", "film", "channels")),
        ("digit_film", "digit_frames_wide"),
        ("digit_film", "digit_channels"),
    ],
)
