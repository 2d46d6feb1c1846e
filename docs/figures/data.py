"""Pictures of the data sets' page."""

import torch
from draw import Drawing

from cnnbook.data import load

COLUMNS, SIZE = 8, 42


def strip(pictures):
    """Pictures side by side."""
    return torch.cat(list(pictures), dim=1).numpy()


def photographs(lang: str) -> str:
    """All photographs with their names, at half their size."""
    data, d, side = load("photographs"), Drawing(), 128
    images = torch.cat([data.train_images, data.test_images])[:, 0]
    small = torch.nn.functional.avg_pool2d(images[:, None].float(), 2)[:, 0].byte()
    for row in range(5):
        y = row * (side + 30)
        for place, name in enumerate(data.card.classes[lang][3 * row : 3 * row + 3]):
            d.text(place * side + side / 2, y + side + 12, name, "f-ink", 13)
        d.picture(0, y, 3 * side, side, strip(small[3 * row : 3 * row + 3]) // 16, 16)  # 16 greys: a light page
    return d.svg()


def fashion(lang: str) -> str:
    """The first pictures of each class."""
    data, d = load("fashion-mnist-mini"), Drawing()
    for label, name in enumerate(data.card.classes[lang]):
        pictures = data.train_images[data.train_labels == label][:COLUMNS, 0]
        y = label * (SIZE + 4)
        d.text(-12, y + SIZE / 2, name, "f-ink", 13, "end")
        d.picture(0, y, COLUMNS * SIZE, SIZE, strip(pictures))
    return d.svg()
