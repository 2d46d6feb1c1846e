"""Pictures of the data sets' page."""

import base64
import io

import torch
from draw import Drawing
from PIL import Image

from cnnbook.data import load

COLUMNS, SIZE = 8, 42


def fashion(lang: str) -> str:
    """The first pictures of each class."""
    data, d = load("fashion-mnist-mini"), Drawing()
    for label, name in enumerate(data.card.classes[lang]):
        pictures = data.train_images[data.train_labels == label][:COLUMNS, 0]
        strip = Image.fromarray(torch.cat(list(pictures), dim=1).numpy())
        file = io.BytesIO()
        strip.save(file, "PNG", optimize=True)
        y, href = label * (SIZE + 4), f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
        d.text(-12, y + SIZE / 2, name, "f-ink", 13, "end")
        d.reach((0, y), (COLUMNS * SIZE, y + SIZE))
        # xlink:href, since the theme sets the href of whatever has one, and an SVG image's cannot be set.
        d.parts.append(f'<image x="0" y="{y}" width="{COLUMNS * SIZE}" height="{SIZE}" xlink:href="{href}"/>')
    return d.svg(360)
