"""How far neighbouring pixels belong together: correlation and information by distance, of two sets of images.

Nothing is trained. A seed draws the images, and for photographs the squares that are cut out of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from cnnbook.data.catalogue import load
from cnnbook.domains.differences import autocorrelation, mutual_information, patch_order, permute_pixels
from cnnbook.evidence.experiment import Experiment, Metric, Progress, RunOptions
from cnnbook.evidence.text import Text
from cnnbook.randomness import stream

DISTANCES = (1, 2, 3, 4, 6, 8, 12, 16, 24)
LEVELS = 8  # few, so that there are far more pairs of pixels than pairs of levels


@dataclass(frozen=True)
class Pixels:
    """Images, and whether their pixels stand in one random order, the same for all."""

    data: str
    permuted: bool = False
    images: int = 64
    side: int = 28


def drawn(config: Pixels, seed: int) -> Tensor:
    """The images of a seed, grey levels 0…255 ``(N, 1, side, side)``: whole, or random squares of larger ones."""
    draw, data = stream(seed, "neighbours"), load(config.data)
    images = torch.cat([data.train_images, data.test_images])
    picked = images[torch.randint(len(images), (config.images,), generator=draw)]
    corners = torch.randint(picked.shape[-1] - config.side + 1, (config.images, 2), generator=draw).tolist()
    side = config.side
    squares = [one[:, top : top + side, left : left + side] for one, (top, left) in zip(picked, corners, strict=True)]
    order = patch_order(side, 1 if config.permuted else side, generator=draw)
    return permute_pixels(torch.stack(squares), order)


def measure(
    config: Pixels, seeds: Sequence[int], options: RunOptions, progress: Progress | None
) -> dict[str, list[float]]:
    """Correlation, and information of grey levels in bits, by distance; how much the correlation falls on the way."""
    rows = []
    for number, seed in enumerate(seeds, 1):
        images = drawn(config, seed).float()
        symbols = (images * LEVELS / 256).long()
        along_rows = symbols.flatten(0, 2)
        correlation = autocorrelation(images, DISTANCES).tolist()
        information = mutual_information(along_rows, DISTANCES).tolist()
        row = {f"correlation@{d}": one for d, one in zip(DISTANCES, correlation, strict=True)}
        row |= {f"information@{d}": one for d, one in zip(DISTANCES, information, strict=True)}
        rows.append(row | {"fall": correlation[0] - correlation[DISTANCES.index(12)]})
        if progress:
            progress(number, len(seeds))
    return {name: [row[name] for row in rows] for name in rows[0]}


NEIGHBOURS = Experiment(
    name="domains/differences/neighbours",
    question=Text(
        zh="一个像素能说出邻居多少？隔几个像素呢？",
        en="How much does a pixel say about its neighbour, and about one some pixels away?",
    ),
    arms={
        f"{name}{'_permuted' if permuted else ''}": Pixels(data, permuted)
        for name, data in (("photographs", "photographs"), ("garments", "fashion-mnist-mini"))
        for permuted in (False, True)
    },
    baseline="photographs_permuted",
    metrics=[
        Metric("fall", "higher"),
        *(Metric(f"correlation@{d}", "higher") for d in DISTANCES),
        *(Metric(f"information@{d}", "higher", "bits") for d in DISTANCES),
    ],
    budget=Text(
        "每个种子抽 64 张 28 × 28 的图，灰度分 8 级", "64 images of 28 × 28 pixels a seed, in 8 levels of grey"
    ),
    labels={
        "photographs": Text("照片", "photographs"),
        "photographs_permuted": Text("照片，像素换序", "photographs, pixels in another order"),
        "garments": Text("Fashion-MNIST", "Fashion-MNIST"),
        "garments_permuted": Text("Fashion-MNIST，像素换序", "Fashion-MNIST, pixels in another order"),
    },
    measure=measure,
    comparisons=[
        ("photographs", "photographs_permuted"),
        ("garments", "garments_permuted"),
        ("photographs", "garments"),
    ],
    module="cnnbook.experiments.domains.differences",
)
