"""Pictures of “Before you start”: the ten classes, and the network that most of the book trains."""

import torch
from draw import Drawing
from torch import nn

from cnnbook.data import load
from cnnbook.training.networks import small_cnn

EXAMPLES, SIZE = 3, 44
WORDS = {
    "zh": {"image": "图像", "conv": "卷积 {}×{}，步长 {}", "linear": "全连接", "flat": "展平", "scores": "十类的分数"},
    "en": {"image": "image", "conv": "conv {}×{}, stride {}", "linear": "linear", "flat": "flatten", "scores": "ten scores"},
}  # fmt: skip


def classes(lang: str) -> str:
    """Three pictures of each class, five classes a row."""
    data, d = load("fashion-mnist-mini"), Drawing()
    for label, name in enumerate(data.card.classes[lang]):
        pictures = data.train_images[data.train_labels == label][:EXAMPLES, 0]
        x, y = label % 5 * (EXAMPLES * SIZE + 14), label // 5 * (SIZE + 34)
        d.picture(x, y, EXAMPLES * SIZE, SIZE, torch.cat(list(pictures), dim=1).numpy())
        d.text(x + EXAMPLES * SIZE / 2, y + SIZE + 13, name)
    return d.svg()


def maps(d: Drawing, x: float, shape: tuple[int, ...]) -> float:
    """Feature maps (C, H, W) as sheets one behind the other, centred on the axis y = 0; returns where they end."""
    channels, side, _ = shape
    size, shown = 4.6 * side, min(channels, 8)
    for sheet in range(shown):
        away = 4 * (shown - 1 - sheet)
        d.rect(x + away, -size / 2 - away / 2, size, size, "f-cell s-ink")
    d.text(x + size / 2, 82, "×".join(map(str, shape)), size=13)
    return x + size + 4 * (shown - 1)


def network(lang: str) -> str:
    """The default network: what goes through it, drawn to scale, with the shapes that it really has."""
    w, d = WORDS[lang], Drawing()
    values = torch.zeros(1, 1, 28, 28)
    right = maps(d, 0, (1, 28, 28))
    d.picture(0, -right / 2, right, right, load("fashion-mnist-mini").test_images[0, 0].numpy())
    d.text(right / 2, 102, w["image"], "f-soft", 12)
    flat = False
    for layer in small_cnn():
        values = layer(values)
        shape, after = tuple(values.shape[1:]), right + 92
        said = w["linear"]
        if isinstance(layer, nn.Conv2d):
            said = w["conv"].format(*layer.kernel_size, layer.stride[0])
        elif isinstance(layer, nn.Flatten):
            flat = True
            continue
        elif not isinstance(layer, nn.Linear):
            continue
        d.arrow(right + 10, 0, after - 10, 0)
        for line, words in enumerate(said.replace(", ", "|").replace("，", "|").split("|")):
            d.text((right + after) / 2, 14 + 16 * line, words, "f-ink", 12)
        if flat:
            d.text((right + after) / 2, -14, w["flat"], "f-soft", 12)
            flat = False
        if len(shape) == 3:
            right = maps(d, after, shape)
        else:
            tall = 24 + 1.4 * shape[0]
            d.rect(after, -tall / 2, 14, tall, "f-cell s-ink")
            d.text(after + 7, 82, str(shape[0]), size=13)
            right = after + 14
    d.text(right - 7, 102, w["scores"], "f-soft", 12)
    return d.svg()
