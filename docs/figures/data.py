"""Pictures of the data sets' page."""

import base64
import io

import torch
from draw import Drawing
from PIL import Image

from cnnbook.data import load

COLUMNS, SIZE = 8, 42


def strip(pictures) -> str:
    """Pictures side by side, as the address of a PNG."""
    file = io.BytesIO()
    Image.fromarray(torch.cat(list(pictures), dim=1).numpy()).save(file, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"


def photographs(lang: str) -> str:
    """All photographs with their names, at half their size."""
    data, d, side = load("photographs"), Drawing(), 128
    images = torch.cat([data.train_images, data.test_images])[:, 0]
    small = torch.nn.functional.avg_pool2d(images[:, None].float(), 2)[:, 0].byte()
    for row in (0, 1):
        y = row * (side + 30)
        for place, name in enumerate(data.card.classes[lang][4 * row : 4 * row + 4]):
            d.text(place * side + side / 2, y + side + 12, name, "f-ink", 13)
        d.reach((0, y), (4 * side, y + side))
        href = strip(small[4 * row : 4 * row + 4])
        d.parts.append(f'<image x="0" y="{y}" width="{4 * side}" height="{side}" xlink:href="{href}"/>')
    return d.svg(360)


def fashion(lang: str) -> str:
    """The first pictures of each class."""
    data, d = load("fashion-mnist-mini"), Drawing()
    for label, name in enumerate(data.card.classes[lang]):
        pictures = data.train_images[data.train_labels == label][:COLUMNS, 0]
        y, href = label * (SIZE + 4), strip(pictures)
        d.text(-12, y + SIZE / 2, name, "f-ink", 13, "end")
        d.reach((0, y), (COLUMNS * SIZE, y + SIZE))
        # xlink:href, since the theme sets the href of whatever has one, and an SVG image's cannot be set.
        d.parts.append(f'<image x="0" y="{y}" width="{COLUMNS * SIZE}" height="{SIZE}" xlink:href="{href}"/>')
    return d.svg(360)
