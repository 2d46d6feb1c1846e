"""Figures of 5.14.2."""

import torch
from draw import CELL, Drawing, rows

from cnnbook.convolution.transposed import colliding_sizes, conv_output_size, convolution_matrix, output_size, scatter

WORDS = {
    "zh": {
        "input": "输入 2×2", "stamps": "印章：像素 × 核", "output": "输出 7×7", "stamp": "第 {} 枚", "cut": "裁掉 p", "kept": "输出，长 {}", "extra": "output_padding",
        "conv_in": "卷积的输入尺寸", "conv_out": "卷积的输出尺寸", "stretched": "插零、补零之后的输入", "rotated": "旋转后的核", "from": "7 个输入", "to": "3 个输出",
    },
    "en": {
        "input": "input 2×2", "stamps": "stamps: pixel × kernel", "output": "output 7×7", "stamp": "stamp {}", "cut": "p cropped", "kept": "output, length {}", "extra": "output_padding",
        "conv_in": "input size of the convolution", "conv_out": "output size of the convolution", "stretched": "input with zeros between and around", "rotated": "rotated kernel",
        "from": "7 inputs", "to": "3 outputs",
    },
}  # fmt: skip
IMAGE = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
TONES = "abcd"


def stamps(lang: str) -> str:
    w, d = WORDS[lang], Drawing()
    size, k, s = 26, 4, 3
    d.text(size, 1.5 * size - 14, w["input"], "f-soft", 12)
    d.grid(0, 1.5 * size, rows(IMAGE), lambda i, j: f"f-{TONES[2 * i + j]}", size, "f-on")
    x = 2 * size + 30
    small = 18
    d.text(x + 4 * small + 6, -14, w["stamps"], "f-soft", 12)
    for i in range(2):
        for j in range(2):
            stamp = IMAGE[i, j] * torch.ones(k, k)
            d.grid(x + j * (k * small + 12), i * (k * small + 12), rows(stamp), f"f-{TONES[2 * i + j]}", small, "f-on")
    d.arrow(x - 24, 2.5 * size, x - 6, 2.5 * size)
    x += 2 * k * small + 12
    d.arrow(x + 8, 2.5 * size, x + 30, 2.5 * size)
    x += 40
    d.text(x + 3.5 * size, -14, w["output"], "f-soft", 12)
    output = scatter(IMAGE[None], torch.ones(1, 1, k, k), stride=s)[0]
    d.grid(x, 0, rows(output), "f-pad", size)
    for i in range(2):  # the stamps, laid where they fall, show through each other
        for j in range(2):
            d.rect(
                x + j * s * size,
                i * s * size,
                k * size,
                k * size,
                f"f-{TONES[2 * i + j]} s-{TONES[2 * i + j]}",
                'fill-opacity=".16" stroke-width="2"',
            )
    return d.svg()


def terms(lang: str) -> str:
    w, d = WORDS[lang], Drawing()
    n, k, s, p, dilation, extra = 3, 3, 3, 1, 2, 1
    size, span = 30, dilation * (k - 1) + 1
    full = (n - 1) * s + span
    length = output_size(n, k, stride=s, padding=p, output_padding=extra, dilation=dilation)
    for i in range(n):
        y = i * (size + 8)
        d.text(i * s * size - 10, y + size / 2, w["stamp"].format(i), f"f-{TONES[i]}", 12, "end")
        for j in range(span):
            d.cell(
                (i * s + j) * size,
                y,
                "w" + "₀₁₂"[j // dilation] if j % dilation == 0 else "",
                f"f-{TONES[i]}" if j % dilation == 0 else "f-none",
                "f-on",
                size,
            )
    y = n * (size + 8) + 16
    cells = scatter(torch.ones(1, n), torch.ones(1, 1, k), stride=s, dilation=dilation)[0].tolist() + [0.0] * extra
    for j, value in enumerate(cells):
        kept = p <= j < p + length
        d.cell(j * size, y, value, "f-cell" if kept else "f-pad", "f-ink" if kept else "f-soft", size)
    # The far end: p cells are cropped, output_padding takes the first of them back.
    d.frame((full - p) * size, y, extra, 1, "s-c", size, "5 3")
    d.frame(p * size, y, length, 1, "s-ink", size)
    d.brace(0, (n - 1) * s * size, -8, "(n − 1) · s = " + str((n - 1) * s), below=False)
    d.brace((n - 1) * s * size, full * size, -8, "d · (k − 1) + 1 = " + str(span), below=False)
    d.brace(0, p * size, y + size + 6, w["cut"])
    d.brace(p * size, (p + length) * size, y + size + 6, w["kept"].format(length))
    d.text((full - p + 0.5 * extra) * size, y + size + 44, w["extra"], "f-c", 12)
    d.line(
        (full - p + 0.5 * extra) * size,
        y + size + 2,
        (full - p + 0.5 * extra) * size,
        y + size + 36,
        "s-c",
        'stroke-width="1.5"',
    )
    return d.svg()


def collide(lang: str) -> str:
    w, d = WORDS[lang], Drawing()
    setting = {"kernel_size": 3, "stride": 2, "padding": 1}
    outs = range(2, 6)
    sizes = [n for out in outs for n in colliding_sizes(out, **setting)]
    gap, drop = 54, 74
    d.text(-14, CELL / 2, w["conv_in"], "f-soft", 12, "end")
    d.text(-14, CELL + drop + CELL / 2, w["conv_out"], "f-soft", 12, "end")
    for i, n in enumerate(sizes):
        out = conv_output_size(n, **setting)
        tone = TONES[out - outs[0]]
        x = i * gap
        middle = (2 * (out - outs[0]) + 0.5) * gap + CELL / 2
        d.cell(x, 0, n, f"f-{tone}", "f-on")
        d.arrow(x + CELL / 2, CELL + 3, middle + (x + CELL / 2 - middle) * 0.3, CELL + drop - 3, f"s-{tone}")
        extra = next(extra for extra in range(2) if output_size(out, output_padding=extra, **setting) == n)
        d.text(x + CELL / 2 + (-12 if extra == 0 else 12), CELL + drop * 0.42, str(extra), f"f-{tone}", 12)
    for out in outs:
        d.cell((2 * (out - outs[0]) + 0.5) * gap, CELL + drop, out, f"f-{TONES[out - outs[0]]}", "f-on")
    return d.svg()


def gather(lang: str) -> str:
    w, d = WORDS[lang], Drawing()
    size, k, s = 24, 4, 3
    stretched = torch.zeros(s + 1, s + 1)
    stretched[::s, ::s] = IMAGE
    around = torch.nn.functional.pad(stretched, (k - 1,) * 4)
    n = len(around)
    d.text(n * size / 2, -14, w["stretched"], "f-soft", 12)

    def tone(i, j):
        inside = k - 1 <= i < n - k + 1 and k - 1 <= j < n - k + 1
        if not inside:
            return "f-pad"
        a, b = divmod(i - k + 1, s), divmod(j - k + 1, s)
        return f"f-{TONES[2 * a[0] + b[0]]}" if a[1] == b[1] == 0 else "f-cell"

    d.grid(0, 0, rows(around), tone, size, lambda i, j: "f-on" if around[i, j] else "f-soft")
    d.frame((k - 1) * size, (k - 1) * size, k, k, size=size)
    x = n * size + 26
    d.text(x + 2 * size, (n / 2 - 2) * size - 14, w["rotated"], "f-soft", 12)
    d.grid(x, (n / 2 - 2) * size, rows(torch.ones(k, k)), "f-cell", size)
    d.frame(x, (n / 2 - 2) * size, k, k, size=size)
    d.arrow(x + k * size + 8, n / 2 * size, x + k * size + 30, n / 2 * size)
    x += k * size + 38
    output = scatter(IMAGE[None], torch.ones(1, 1, k, k), stride=s)[0]
    d.text(x + 3.5 * size, (n / 2 - 3.5) * size - 14, w["output"], "f-soft", 12)
    d.grid(x, (n / 2 - 3.5) * size, rows(output), size=size)
    d.frame(x + 3 * size, (n / 2 - 0.5) * size, 1, 1, size=size)
    return d.svg()


def matrix(lang: str) -> str:
    w, d = WORDS[lang], Drawing()
    size, n, low = 28, 3, "₀₁₂"
    c = convolution_matrix(torch.tensor([[[1.0, 2.0, 3.0]]]), n, stride=2)  # the tap w₀ shows as 1, w₁ as 2, w₂ as 3
    taps = [[f"w{low[int(value) - 1]}" if value else "" for value in line] for line in c.tolist()]
    d.text(3.5 * size, -16, "C", "f-ink", 15)
    d.grid(0, 0, taps, lambda i, j: f"f-{TONES[i]}" if taps[i][j] else "f-cell", size, "f-on")
    d.text(3.5 * size, 3 * size + 16, f"{w['from']} → {w['to']}", "f-soft", 12)
    x = 7 * size + 60
    d.text(x + 1.5 * size, -16, "Cᵀ", "f-ink", 15)
    d.grid(x, 0, list(zip(*taps, strict=True)), lambda i, j: f"f-{TONES[j]}" if taps[j][i] else "f-cell", size, "f-on")
    x += 3 * size
    d.text(x + 14, 3.5 * size, "·", "f-soft", 18)
    d.grid(x + 28, 2 * size, [[f"y{low[i]}"] for i in range(n)], lambda i, j: f"f-{TONES[i]}", size, "f-on")
    x += 28 + size
    d.text(x + 18, 3.5 * size, "=", "f-soft", 18)
    for j in range(c.shape[1]):
        d.rect(x + 36, j * size, 104, size, "f-cell s-rule")
        d.text(
            x + 88, (j + 0.5) * size, " + ".join(f"y{low[i]}{taps[i][j]}" for i in range(n) if taps[i][j]), "f-ink", 12
        )
    return d.svg()
