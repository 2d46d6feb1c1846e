"""Figures of 5.14.4."""

import torch
from draw import Drawing

from cnnbook.convolution.porting import centre_shift, transposed_padding
from cnnbook.convolution.transposed import output_size, scatter

WORDS = {
    "zh": {
        "input": "输入", "full": "完整输出，长 {}", "torch": "PyTorch：padding=1，output_padding=1", "keras": "Keras、TensorFlow、JAX：SAME",
        "coarse": "输入的 3 个像素，各占 2 格", "left": "偏左{}格", "right": "偏右{}格", "half": "半", "none": "对准",
        "usual": "k = 3，p = 1（PyTorch 常用）", "same": "k = 3，p = 0（SAME）", "even": "k = 4，p = 1",
    },
    "en": {
        "input": "input", "full": "full output, length {}", "torch": "PyTorch: padding=1, output_padding=1", "keras": "Keras, TensorFlow, JAX: SAME",
        "coarse": "3 input pixels, 2 cells each", "left": "{} a cell left", "right": "{} a cell right", "half": "half", "none": "in place",
        "usual": "k = 3, p = 1 (usual in PyTorch)", "same": "k = 3, p = 0 (SAME)", "even": "k = 4, p = 1",
    },
}  # fmt: skip
TONES = "abc"


def two(lang: str) -> str:
    """One full output, and the six cells that either side keeps."""
    w, d = WORDS[lang], Drawing()
    size, n, k, s = 34, 3, 3, 2
    values = torch.tensor([[1.0, 2.0, 3.0]])
    full = scatter(values, torch.tensor([[[1.0, 10.0, 100.0]]]), stride=s)[0].tolist()
    d.text(-14, size / 2, w["input"], "f-soft", 12, "end")
    for i, value in enumerate(values[0].tolist()):
        d.cell((i * s + 1) * size, 0, value, f"f-{TONES[i]}", "f-on", size)
    keras = transposed_padding("keras-same", n, k, s)
    rows = (("torch", 1, output_size(n, k, s, 1, 1)), ("keras", keras.crop[0], len(full) - sum(keras.crop)))
    y = size + 26
    d.text(-14, y + size / 2, w["full"].format(len(full)), "f-soft", 12, "end")
    for j, value in enumerate(full):
        d.cell(j * size, y, value, "f-cell", "f-ink", size)
    for name, first, length in rows:
        y += size + 26
        d.text(-14, y + size / 2, w[name], "f-soft", 12, "end")
        for j, value in enumerate(full):
            kept = first <= j < first + length
            d.cell(j * size, y, value, "f-cell" if kept else "f-pad", "f-ink" if kept else "f-soft", size)
        d.frame(first * size, y, length, 1, "s-ink", size)
    return d.svg(whole=True)


def centres(lang: str) -> str:
    """The stamps of three settings under the pixels whose middle they should have."""
    w, d = WORDS[lang], Drawing()
    size, n, s = 34, 3, 2
    d.text(-14, size / 2, w["coarse"], "f-soft", 12, "end")
    for i in range(n):
        d.rect(i * s * size, 0, s * size, size, f"f-{TONES[i]} s-rule")
    bottom = size + 3 * 62 - 8
    y = size + 20
    for name, k, p in (("usual", 3, 1), ("same", 3, 0), ("even", 4, 1)):
        shift = centre_shift(k, s, p)
        d.text(-14, y + size / 2, w[name], "f-soft", 12, "end")
        for j in range(n * s):
            d.cell(j * size, y, "", "f-cell", "f-ink", size)
        start = s - p  # of the stamp of the middle pixel
        d.rect(start * size, y + 4, k * size, size - 8, "f-b s-b", 'fill-opacity=".3" stroke-width="2"')
        middle = (start + k / 2) * size
        d.line(middle, y + 1, middle, y + size - 1, "s-b", 'stroke-width="3"')
        side = "none" if shift == 0 else "right" if shift > 0 else "left"
        d.text(
            n * s * size + 14, y + size / 2, w[side].format({0: "", 0.5: w["half"]}[abs(shift)]), "f-ink", 12, "start"
        )
        y += 62
    axis = (s + s / 2) * size
    d.line(axis, -6, axis, bottom, "s-a", 'stroke-width="1.5" stroke-dasharray="4 3"')
    return d.svg(whole=True)
