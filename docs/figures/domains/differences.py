"""Figures of 5.17.2."""

import torch
from draw import Drawing, number

from cnnbook.data.catalogue import load
from cnnbook.domains.differences import patch_order, permute_pixels
from cnnbook.evidence.results import load_result
from cnnbook.evidence.statistics import summary
from cnnbook.experiments.domains._different_images import NOISE, OFFSETS
from cnnbook.experiments.domains._neighbours import APART, DISTANCES

WORDS = {
    "zh": {"order": ("原图", "14×14 的块", "7×7 的块", "4×4 的块", "4×4 的块内", "所有像素"), "right": "向右平移的像素数",
           "same": "判断与平移前相同（%）", "distance": "相隔的像素数", "correlation": "相关系数", "noise": "每个像素至多变几级灰度",
           "kept": "判断不变（%）", "mlp": "多层感知机", "flat": "最大池化，展平", "stride_circular": "步长", "max_circular": "最大池化",
           "blur_circular": "BlurPool", "none_circular": "不缩小", "photographs": "照片", "garments": "Fashion-MNIST",
           "photographs_permuted": "照片，像素换序", "characters": "中文的字", "words": "英文的词",
           "words_shuffled": "英文的词，逐条打乱", "information": "占熵的百分比（%）", "apart": "相隔的像素或字词数", "numbers": "数", "shuffled": "数，大小打乱", "one_hot": "符号（one-hot）"},
    "en": {"order": ("as it is", "14×14 blocks", "7×7 blocks", "4×4 blocks", "within 4×4", "all pixels"), "right": "pixels to the right",
           "same": "decision as before the shift (%)", "distance": "pixels apart", "correlation": "correlation", "noise": "grey levels that each pixel may change by",
           "kept": "decision kept (%)", "mlp": "MLP", "flat": "max pooling, flattened", "stride_circular": "stride", "max_circular": "max pooling",
           "blur_circular": "BlurPool", "none_circular": "never smaller", "photographs": "photographs", "garments": "Fashion-MNIST",
           "photographs_permuted": "photographs, permuted", "characters": "Chinese characters", "words": "English words",
           "words_shuffled": "words, each text shuffled", "information": "share of the entropy (%)", "apart": "pixels or tokens apart", "numbers": "numbers", "shuffled": "numbers, shuffled", "one_hot": "symbols (one-hot)"},
}  # fmt: skip
LINES = (("a", ""), ("b", "7 3"), ("c", "2 3"), ("d", "9 3 2 3"), ("e", ""), ("soft", "4 4"))


def curves(lang: str, name: str, metric: str, points: tuple[int, ...], arms: tuple[str, ...], words: tuple[str, str],
           floor: float, top: float, ticks: tuple[float, ...]) -> str:  # fmt: skip
    """Means over the seeds with their intervals, point by point at even steps; what the lines are stands below."""
    d, w, result, wide, tall = Drawing(), WORDS[lang], load_result(name), 400, 200
    at = [wide * place / (len(points) - 1) for place in range(len(points))]
    for tick in ticks:
        y = tall * (top - tick) / (top - floor)
        d.line(0, y, wide, y, "s-rule")
        d.text(-8, y, number(tick), "f-soft", 12, "end")
    for x, point in zip(at, points, strict=True):
        d.text(x, tall + 16, str(point), "f-soft", 12)
    d.text(-26, -22, w[words[0]], "f-soft", 12, "start")
    d.text(wide / 2, tall + 36, w[words[1]], "f-soft", 12)
    for place, (arm, (tone, dash)) in enumerate(zip(arms, LINES, strict=False)):
        figures = [summary(result.of(arm, metric, point)) for point in points]
        path = [(x, tall * (top - one.mean) / (top - floor)) for x, one in zip(at, figures, strict=True)]
        shape = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in path)
        style = f'stroke-width="2" stroke-dasharray="{dash}" stroke-linejoin="round"'
        d.add(f'<path d="{shape}" class="f-none s-{tone}" {style}/>', *path)
        for x, one in zip(at, figures, strict=True):
            low, high = (tall * (top - end) / (top - floor) for end in (one.low, one.high))
            if low - high > 1:
                d.line(x, low, x, high, f"s-{tone}", 'stroke-width="1.5"')
        x, y = place % 2 * wide * 0.52, tall + 66 + 22 * (place // 2)
        d.line(x, y, x + 26, y, f"s-{tone}", f'stroke-width="2" stroke-dasharray="{dash}"')
        d.text(x + 34, y, w[arm], f"f-{tone}", 12, "start")
    return d.svg()


def shifts(lang: str) -> str:
    """How often the decision stays, by offset."""
    arms = ("mlp", "flat", "stride_circular", "blur_circular", "max_circular", "none_circular")
    return curves(
        lang, "domains/differences", "test_same", OFFSETS, arms, ("same", "right"), 0, 100, (0, 25, 50, 75, 100)
    )


def neighbours(lang: str) -> str:
    """The correlation of pixels, by distance."""
    arms = ("photographs", "garments", "photographs_permuted")
    ticks = (-0.2, 0, 0.2, 0.4, 0.6, 0.8, 1)
    return curves(
        lang,
        "domains/differences/neighbours",
        "correlation",
        DISTANCES,
        arms,
        ("correlation", "distance"),
        -0.2,
        1,
        ticks,
    )


def information(lang: str) -> str:
    """What a pixel, a character or a word says about another, by distance."""
    arms = ("photographs", "garments", "characters", "words", "words_shuffled")
    name, words = "domains/differences/information", ("information", "apart")
    return curves(lang, name, "share", APART, arms, words, 0, 60, (0, 20, 40, 60))


def noise(lang: str) -> str:
    """How often the decision stays, by noise."""
    arms = ("numbers", "one_hot", "shuffled")
    return curves(
        lang, "domains/differences/symbols", "test_kept", NOISE, arms, ("kept", "noise"), 0, 100, (0, 25, 50, 75, 100)
    )


def orders(lang: str) -> str:
    """One garment whose pixels stand in other orders."""
    d, size = Drawing(), 84
    image = load("fashion-mnist-mini").test_images[3:4]
    kinds = ((28, False), (14, False), (7, False), (4, False), (4, True), (1, False))
    for place, ((patch, within), word) in enumerate(zip(kinds, WORDS[lang]["order"], strict=True)):
        order = patch_order(28, patch, within, torch.Generator().manual_seed(5172))
        x = place * (size + 12)
        d.picture(
            x, 0, size, size, permute_pixels(image, order)[0, 0].numpy(), more='style="image-rendering:pixelated"'
        )
        d.text(x + size / 2, size + 14, word, "f-ink", 12)
    return d.svg()
