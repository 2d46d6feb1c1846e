"""Figures of 5.14.1."""

import torch
from draw import CELL, Drawing, row, rows

from cnnbook.convolution.standard import convolve2d, cross_correlate2d, rotate180

IMAGE = torch.arange(1.0, 10.0).reshape(3, 3)
KERNEL = torch.tensor([[-1.0, -2.0, -1.0], [0.0, 0.0, 0.0], [1.0, 2.0, 1.0]])
WORDS = {
    "zh": {
        "input": "输入，四周补零", "kernel": "核", "rotated": "旋转 180°", "output": "输出", "patch": "输入的一块", "as_is": "原样盖上去", "first_rotate": "先旋转 180°",
        "correlation": "互相关", "convolution": "卷积", "narrow": "窄", "same": "等宽", "wide": "宽", "outputs": "{} 个输出", "channel": "输入通道 {}", "kernel_n": "核 {}", "sum": "逐格相加",
    },
    "en": {
        "input": "input, zeros around", "kernel": "kernel", "rotated": "rotated 180°", "output": "output", "patch": "patch of the input", "as_is": "laid on as it is", "first_rotate": "rotated 180° first",
        "correlation": "cross-correlation", "convolution": "convolution", "narrow": "narrow", "same": "same", "wide": "wide", "outputs": "{} outputs", "channel": "input channel {}", "kernel_n": "kernel {}", "sum": "add cell by cell",
    },
}  # fmt: skip


def sliding(lang: str) -> str:
    w, d = WORDS[lang], Drawing()
    padded = torch.nn.functional.pad(IMAGE, (1, 1, 1, 1))
    d.text(2.5 * CELL, -16, w["input"], "f-soft", 12)
    d.grid(
        0,
        0,
        rows(padded),
        lambda i, j: "f-cell" if 0 < i < 4 and 0 < j < 4 else "f-pad",
        ink=lambda i, j: "f-ink" if 0 < i < 4 and 0 < j < 4 else "f-soft",
    )
    d.frame(0, 0, 3, 3)
    x, small = 5 * CELL + 44, 26
    d.text(x + 1.5 * small, -16, w["kernel"], "f-soft", 12)
    d.grid(x, 0, rows(KERNEL), size=small)
    d.arrow(x + 1.5 * small, 3 * small + 6, x + 1.5 * small, 3 * small + 24, "s-a")
    d.grid(x, 3 * small + 30, rows(rotate180(KERNEL)), "f-a", small, "f-on")
    d.text(x + 1.5 * small, 6 * small + 44, w["rotated"], "f-a", 12)
    d.arrow(x - 34, 4.5 * small + 30, x - 8, 4.5 * small + 30)
    x += 3 * small
    d.arrow(x + 8, 2.5 * CELL, x + 34, 2.5 * CELL)
    x += 44
    d.text(x + 1.5 * CELL, CELL - 16, w["output"], "f-soft", 12)
    d.grid(x, CELL, rows(convolve2d(IMAGE, KERNEL, padding="same")))
    d.frame(x, CELL, 1, 1)
    return d.svg()


def rotation(lang: str) -> str:
    w, d = WORDS[lang], Drawing()
    patch = torch.tensor([[0.0, 0.0, 0.0], [0.0, 1.0, 1.0], [0.0, 1.0, 2.0]])
    kernel = torch.tensor([[4.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, -4.0]])
    lines = [
        ("as_is", "correlation", kernel, cross_correlate2d),
        ("first_rotate", "convolution", rotate180(kernel), convolve2d),
    ]
    for line, (how, name, laid, operation) in enumerate(lines):
        y, tone = line * (3 * CELL + 50), "ab"[line]
        d.text(1.5 * CELL, y - 14, w["patch"], "f-soft", 12)
        d.grid(0, y, rows(patch), lambda i, j: "f-pad" if (i, j) == (1, 1) else "f-cell")
        d.text(3 * CELL + 20, y + 1.5 * CELL, "×", "f-soft", 18)
        d.text(4.5 * CELL + 40, y - 14, w[how], f"f-{tone}", 12)
        d.grid(
            3 * CELL + 40,
            y,
            rows(laid),
            lambda i, j, laid=laid, tone=tone: f"f-{tone}" if laid[i, j] else "f-cell",
            ink=lambda i, j, laid=laid: "f-on" if laid[i, j] else "f-soft",
        )
        d.arrow(6 * CELL + 52, y + 1.5 * CELL, 6 * CELL + 82, y + 1.5 * CELL)
        d.text(7 * CELL + 78, y + 0.5 * CELL, w[name], f"f-{tone}", 12)
        value = operation(patch, kernel).item()
        d.cell(6.5 * CELL + 78, y + CELL, f"{'+' if value > 0 else '−'}{abs(value):.0f}", f"f-{tone}", "f-on")
    return d.svg()


def edges(lang: str) -> str:
    w, d = WORDS[lang], Drawing()
    n, k, size, y = 5, 3, 30, 0.0
    signal, kernel = torch.arange(1.0, n + 1).reshape(1, n), torch.ones(1, k)
    for tone, (name, padding, p) in zip(
        "abd", [("narrow", "valid", 0), ("same", "same", (k - 1) // 2), ("wide", "full", k - 1)], strict=True
    ):
        count = cross_correlate2d(signal, kernel, padding=padding).shape[1]
        d.text(-(k - 1) * size - 10, y + size / 2, w[name], f"f-{tone}", 14, "end")
        d.grid(
            -p * size,
            y,
            row(torch.nn.functional.pad(signal[0], (p, p))),
            lambda i, j, p=p: "f-cell" if p <= j < p + n else "f-pad",
            size,
            lambda i, j, p=p: "f-ink" if p <= j < p + n else "f-soft",
        )
        for stop in range(count):
            d.rect((stop - p) * size + 3, y + size + 6 + 7 * stop, k * size - 6, 4, f"f-{tone}")
        d.text((n + k - 1) * size + 6, y + size / 2, w["outputs"].format(count), f"f-{tone}", 13, "start")
        y += size + 6 + 7 * count + 16
    return d.svg()


def channels(lang: str) -> str:
    w, d = WORDS[lang], Drawing()
    size = 26
    torch.manual_seed(3)
    images, kernels = torch.randint(0, 4, (2, 4, 4)).double(), torch.randint(-1, 2, (2, 2, 2)).double()
    parts = [cross_correlate2d(image, kernel) for image, kernel in zip(images, kernels, strict=True)]
    for c, tone in enumerate("bc"):
        y = c * (4 * size + 36)
        d.text(2 * size, y - 12, w["channel"].format(c + 1), f"f-{tone}", 12)
        d.grid(0, y, rows(images[c]), size=size)
        d.text(4 * size + 18, y + 2 * size, "⋆", "f-soft", 26)
        x = 4 * size + 36
        d.text(x + size, y + size - 12, w["kernel_n"].format(c + 1), f"f-{tone}", 12)
        d.grid(x, y + size, rows(kernels[c]), f"f-{tone}", size, "f-on")
        d.arrow(x + 2 * size + 8, y + 2 * size, x + 2 * size + 34, y + 2 * size)
        x += 2 * size + 42
        d.grid(x, y + size / 2, rows(parts[c]), size=size)
        d.arrow(x + 3 * size + 8, y + 2 * size, x + 3 * size + 46, 4 * size + 18 + (c * 2 - 1) * 22)
    x += 3 * size + 56
    d.text(x + 1.5 * size, 4 * size + 18 - 1.5 * size - 12, w["sum"], "f-a", 12)
    d.grid(x, 4 * size + 18 - 1.5 * size, rows(sum(parts)), "f-a", size, "f-on")
    return d.svg()
