"""How far neighbours belong together: of pixels their correlation by distance; of pixels, characters and words what one
says about another, the same measure for all three.

Nothing is trained. A seed draws the images and the texts, and for photographs the squares that are cut out of them.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from cnnbook.data.images import load
from cnnbook.data.texts import sentiment
from cnnbook.domains.differences import autocorrelation, mutual_information, patch_order, permute_pixels
from cnnbook.domains.text import tokens
from cnnbook.evidence.experiment import Experiment, Progress, RunOptions
from cnnbook.evidence.metrics import Axis, Curve, Metric
from cnnbook.evidence.text import Text
from cnnbook.figures import Figures, Points
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


def measure(config: Pixels, seeds: Sequence[int], options: RunOptions, progress: Progress | None) -> Figures:
    """Correlation by distance; how much it falls on the way."""
    rows = []
    for number, seed in enumerate(seeds, 1):
        correlation = autocorrelation(drawn(config, seed).float(), DISTANCES).tolist()
        curve: Points = {d: [one] for d, one in zip(DISTANCES, correlation, strict=True)}
        fall = correlation[0] - correlation[DISTANCES.index(12)]
        rows.append(Figures({"fall": [fall]}, {"correlation": curve}))
        if progress:
            progress(number, len(seeds))
    return Figures.of_seeds(rows)


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
        Metric(
            "fall",
            Text("相关系数从相邻到隔 12 像素的下降", "fall of the correlation from neighbours to 12 pixels apart"),
            "",
            "higher",
            digits=3,
        )
    ],
    curves=[
        Curve(
            Metric("correlation", Text("像素的相关系数", "correlation of pixels"), "", "higher", digits=3),
            Axis(
                "distance",
                "pixels",
                words=Text("{metric}（相隔 {at} 像素）", "{metric} {at} pixels apart"),
                one=Text("{metric}（相邻）", "{metric} 1 pixel apart"),
            ),
            DISTANCES,
        )
    ],
    budget=Text(
        "每个种子从照片或 fashion-mnist-mini 抽 64 张 28 × 28 的图像，没有训练",
        "64 images of 28 × 28 pixels a seed, of photographs or fashion-mnist-mini; nothing is trained",
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
)


APART = (1, 2, 3, 4, 6, 8, 12)  # pixels or tokens
TEXTS, TOKENS = 2000, 64  # texts a seed; symbols: the commonest tokens, and one for all others


@dataclass(frozen=True)
class Symbols:
    """Rows of pixels in 8 levels of grey, or texts; and whether each image or text is shuffled by itself."""

    data: str
    shuffled: bool = False


@functools.cache
def numbered(lang: str) -> list[Tensor]:
    """The texts of a language, each token as its rank among the commonest, all the rarer ones as the last."""
    data = sentiment(lang)
    texts = [tokens(text) for text in data.train_texts + data.test_texts]
    counts = Counter(token for text in texts for token in text)
    ranks = {token: rank for rank, (token, _) in enumerate(counts.most_common(TOKENS - 1))}
    return [torch.tensor([ranks.get(token, TOKENS - 1) for token in text]) for text in texts]


def sequences(config: Symbols, seed: int) -> list[Tensor]:
    """Sequences of symbols ``(L,)``: the rows of the images, or the texts.

    Examples:
        >>> len(sequences(Symbols("photographs"), seed=0)), len(sequences(Symbols("en"), seed=0))
        (1792, 2000)
    """
    draw = stream(seed, "information")
    if config.data in ("zh", "en"):
        texts = numbered(config.data)
        found = [texts[place] for place in torch.randperm(len(texts), generator=draw)[:TEXTS]]
        return [text[torch.randperm(len(text), generator=draw)] for text in found] if config.shuffled else found
    images = drawn(Pixels(config.data), seed)
    if config.shuffled:
        images = permute_pixels(images, torch.stack([patch_order(28, 1, generator=draw) for _ in images]))
    return list((images.float() * LEVELS / 256).long().flatten(0, 2))


def measure_information(
    config: Symbols, seeds: Sequence[int], options: RunOptions, progress: Progress | None
) -> Figures:
    """What a symbol says about the one at a distance, as a share of all there is to say about it (its entropy)."""
    rows = []
    for number, seed in enumerate(seeds, 1):
        found, curve = sequences(config, seed), {}
        for d in APART:
            pairs = torch.cat([torch.stack([one[:-d], one[d:]], dim=1) for one in found if len(one) > d])
            itself = pairs[:, 1:].expand(-1, 2)  # a symbol says all about itself: the entropy
            curve[d] = [float(mutual_information(pairs, [1]) / mutual_information(itself, [1]))]
        rows.append(Figures({"next": curve[1]}, {"share": curve}))
        if progress:
            progress(number, len(seeds))
    return Figures.of_seeds(rows)


INFORMATION = Experiment(
    name="domains/differences/information",
    question=Text(
        zh="一个像素、一个字、一个词，能说出隔几个位置的另一个多少？",
        en="How much does a pixel, a character or a word say about another one some places away?",
    ),
    arms={
        f"{name}{'_shuffled' if shuffled else ''}": Symbols(data, shuffled)
        for name, data in (
            ("photographs", "photographs"),
            ("garments", "fashion-mnist-mini"),
            ("characters", "zh"),
            ("words", "en"),
        )
        for shuffled in (False, True)
    },
    baseline="words_shuffled",
    metrics=[
        Metric(
            "next",
            Text("关于下一个符号的信息占其熵的比例", "information about the next symbol, as a share of its entropy"),
            "%",
            "higher",
            digits=1,
            scale=100,
        )
    ],
    curves=[
        Curve(
            Metric(
                "share",
                Text("关于另一个符号的信息占其熵的比例", "information about another symbol, as a share of its entropy"),
                "%",
                "higher",
                digits=1,
                scale=100,
            ),
            Axis(
                "distance",
                "symbols",
                words=Text("{metric}（相隔 {at} 个）", "{metric}, {at} places away"),
                one=Text("{metric}（相邻）", "{metric}, 1 place away"),
            ),
            APART,
        )
    ],
    budget=Text(
        "没有训练；每个种子抽 64 张 28 × 28 的照片或 fashion-mnist-mini 图像（灰度分 8 级），"
        "或 2000 条评论（最常见的 63 个字或词各算一个符号，其余合为一个）",
        "nothing is trained; a seed draws 64 images of 28 × 28 pixels in 8 levels of grey, of photographs or "
        "fashion-mnist-mini, or 2,000 reviews; of characters and words the 63 commonest are symbols, and all "
        "others one more",
    ),
    labels={
        "photographs": Text("照片", "photographs"),
        "photographs_shuffled": Text("照片，逐图打乱", "photographs, each shuffled"),
        "garments": Text("Fashion-MNIST", "Fashion-MNIST"),
        "garments_shuffled": Text("Fashion-MNIST，逐图打乱", "Fashion-MNIST, each shuffled"),
        "characters": Text("中文的字", "Chinese characters"),
        "characters_shuffled": Text("中文的字，逐条打乱", "Chinese characters, each text shuffled"),
        "words": Text("英文的词", "English words"),
        "words_shuffled": Text("英文的词，逐条打乱", "English words, each text shuffled"),
    },
    measure=measure_information,
    comparisons=[
        *((name, f"{name}_shuffled") for name in ("photographs", "garments", "characters", "words")),
        *((pixels, text) for pixels in ("photographs", "garments") for text in ("characters", "words")),
    ],
)
