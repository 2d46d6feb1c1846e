"""Figures of 5.16.8."""

import torch
from draw import Drawing

from cnnbook.generalisation.dropout import DropBlock2d, Dropout, Dropout2d

WORDS = {
    "zh": {"Dropout": "逐元素（dropout）", "DropBlock2d": "成块（DropBlock）", "Dropout2d": "整个通道（Dropout2d）"},
    "en": {"Dropout": "elements (dropout)", "DropBlock2d": "blocks (DropBlock)", "Dropout2d": "channels (Dropout2d)"},
}


def units(lang: str) -> str:
    d, size, n = Drawing(), 15, 8
    torch.manual_seed(6)  # masks in which each kind drops something and keeps something
    for column, layer in enumerate((Dropout(0.25), DropBlock2d(0.25, block_size=3), Dropout2d(0.5))):
        kept = layer(torch.ones(1, 2, n, n))[0] > 0
        x = column * (n * size + 46)
        d.text(x + n * size / 2 + 5, -16, WORDS[lang][type(layer).__name__], "f-ink", 12)
        for channel, tone in ((1, "c"), (0, "b")):  # the second channel lies behind the first
            left, top = x + 10 * channel, (n * size + 12) * channel
            for i in range(n):
                for j in range(n):
                    fill = f"f-{tone}" if kept[channel, i, j] else "f-pad"
                    d.rect(left - 10 * channel + j * size, top + i * size, size, size, f"{fill} s-rule")
    return d.svg(440)
