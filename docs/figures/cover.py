"""The cover: what a transposed convolution of ones looks like, from even overlap on the left to a lattice on the right."""

import torch
from draw import Drawing

from cnnbook.convolution.transposed import scatter


def cover(lang: str) -> str:
    d, cell, stride, rows_ = Drawing(0), 9, 3, 7
    x = 0.0
    for k in (3, 4, 5, 7):  # overlap 1 everywhere, then more and more
        columns = 7
        counts = scatter(torch.ones(1, rows_ + 4, columns + 4), torch.ones(1, 1, k, k), stride=stride)[0]
        inner = counts[6 : 6 + rows_ * stride, 6 : 6 + columns * stride]  # away from the rim, where fewer stamps reach
        top = inner.max().item()
        for i, line in enumerate(inner.tolist()):
            for j, count in enumerate(line):
                share = count / top
                tone = "f-b" if (i // stride + j // stride) % 2 else "f-a"
                d.rect(
                    x + j * cell,
                    i * cell,
                    cell - 1,
                    cell - 1,
                    tone,
                    f'fill-opacity="{0.16 + 0.84 * share**1.5 if top > 1 else 0.34:.2f}"',
                )
        x += columns * stride * cell
    label = {
        "zh": "重叠次数的四种样子：核 3、4、5、7，步长都是 3",
        "en": "Overlap counts for kernels 3, 4, 5 and 7 at stride 3",
    }[lang]
    svg = d.svg(whole=True).replace(
        "<svg ", f'<svg role="img" aria-label="{label}" preserveAspectRatio="xMidYMid slice" ', 1
    )
    return f'<div class="book-cover" data-search-exclude>{svg}</div>'
