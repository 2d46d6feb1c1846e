"""Figures of 5.17.1."""

import torch
from draw import Drawing

from cnnbook.domains.similarities import digit, moving

WORDS = {
    "zh": {"words": "词序列：一根轴", "image": "图像：两根轴", "video": "视频：三根轴", "time": "时间", "text": ("我", "很", "喜", "欢", "它"),
           "frame": "第 {} 帧"},
    "en": {"words": "words: one axis", "image": "image: two axes", "video": "video: three axes", "time": "time", "text": ("I", "do", "like", "it", "!"),
           "frame": "frame {}"},
}  # fmt: skip


def axes(lang: str) -> str:
    """One window each over words with their channels, an image, and three frames of a video."""
    d, words, size = Drawing(), WORDS[lang], 26
    # Words: a column is a place in the text, its cells are channels; the window takes all channels of three places.
    for place, word in enumerate(words["text"]):
        for channel in range(3):
            d.cell(place * size, channel * size, "", "f-pad" if 1 <= place <= 3 else "f-cell", size=size)
        d.text((place + 0.5) * size, 3 * size + 14, word, "f-ink", 13)
    d.frame(size, 0, 3, 3, size=size)
    d.text(2.5 * size, -18, words["words"], "f-ink", 13)
    left = 6.6 * size
    for row in range(5):
        for column in range(5):
            inside = 1 <= row <= 3 and 1 <= column <= 3
            d.cell(left + column * size, row * size, "", "f-pad" if inside else "f-cell", size=size)
    d.frame(left + size, size, 3, 3, size=size)
    d.text(left + 2.5 * size, -18, words["image"], "f-ink", 13)
    left, step = 13.2 * size, 0.8 * size
    for frame in range(3, -1, -1):  # the hindmost first, so that the nearer ones cover it
        x, y = left + frame * step, (3 - frame) * step - 0.4 * size
        for row in range(4):
            for column in range(4):
                inside = frame <= 2 and 1 <= row <= 2 and 0 <= column <= 1
                d.cell(x + column * size, y + row * size, "", "f-pad" if inside else "f-cell", size=size)
        if frame <= 2:
            d.frame(x, y + size, 2, 2, size=size)
    d.arrow(left + 4 * size + 10, 3 * step + 3.4 * size, left + 4 * size + 10 + 2.4 * step, 0.6 * step + 3.4 * size)
    d.text(left + 4 * size + 22 + 2.4 * step, 0.4 * step + 3.4 * size, words["time"], "f-soft", 12, "start")
    d.text(left + 3.2 * size, -18 - 0.4 * size, words["video"], "f-ink", 13)
    return d.svg()


def film(lang: str) -> str:
    """A 4 that moves to the right, frame by frame, and the same film backwards."""
    d, words, pixel = Drawing(), WORDS[lang], 7
    picture = digit(4, 9, 5)[None]
    there = moving(picture, torch.tensor([[1, 1]]), torch.tensor([[0, 1]]), frames=5, size=11)[0, 0]
    for row, frames in enumerate((there, there.flip(0))):
        for t, frame in enumerate(frames):
            x, y = t * 13 * pixel, row * 16 * pixel
            d.rect(x, y, 11 * pixel, 11 * pixel, "f-cell s-rule")
            for i, j in frame.nonzero().tolist():
                d.rect(x + j * pixel, y + i * pixel, pixel, pixel, "f-a")
            if row == 0:
                d.text(x + 5.5 * pixel, 12.6 * pixel, words["frame"].format(t + 1), "f-soft", 12)
        start, end = (0, 62 * pixel) if row == 0 else (62 * pixel, 0)
        d.arrow(
            64 * pixel + start / 10,
            row * 16 * pixel + 5.5 * pixel,
            64 * pixel + end / 10,
            row * 16 * pixel + 5.5 * pixel,
            "s-ink",
        )
    return d.svg(whole=True)
