"""Figures of 5.16.8."""

import torch
from draw import Drawing

from cnnbook.generalisation.dropout import DropBlock2d, Dropout, Dropout2d

WORDS = {
    "zh": {"Dropout": "逐元素（dropout）", "DropBlock2d": "成块（DropBlock）", "Dropout2d": "整个通道（Dropout2d）"},
    "en": {"Dropout": "elements (dropout)", "DropBlock2d": "blocks (DropBlock)", "Dropout2d": "channels (Dropout2d)"},
}


def telling(layer, n: int) -> torch.Tensor:
    """The first mask (2, n, n) that shows what falls together: something falls, and not in both channels alike."""
    for seed in range(100):
        torch.manual_seed(seed)
        kept = layer(torch.ones(1, 2, n, n))[0] > 0
        if not kept[0].all() and kept[1].any() and (kept[0] != kept[1]).any():
            return kept
    raise ValueError("no such mask in 100 draws")


def units(lang: str) -> str:
    d, size, n = Drawing(), 15, 8
    for column, layer in enumerate((Dropout(0.25), DropBlock2d(0.25, block_size=3), Dropout2d(0.25))):
        kept = telling(layer, n)
        x = column * (n * size + 46)
        d.text(x + n * size / 2 + 5, -16, WORDS[lang][type(layer).__name__], "f-ink", 12)
        for channel, tone in ((1, "c"), (0, "b")):  # the second channel lies behind the first
            left, top = x + 10 * channel, (n * size + 12) * channel
            for i in range(n):
                for j in range(n):
                    fill = f"f-{tone}" if kept[channel, i, j] else "f-pad"
                    d.rect(left - 10 * channel + j * size, top + i * size, size, size, f"{fill} s-rule")
    return d.svg()
