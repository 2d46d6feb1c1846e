"""Figures of 5.16.6."""

import torch
from draw import Drawing

from cnnbook.data import load
from cnnbook.generalisation.augmentation import (
    CutMix,
    Cutout,
    GaussianNoise,
    Mixup,
    RandomFlip,
    RandomResizedCrop,
    RandomRotation,
    RandomShift,
)

ROWS = {
    ("不增强", "none"): lambda x, y: (x, y),
    ("平移 ±2 像素", "shift ±2 pixels"): RandomShift(2),
    ("旋转 ±10°", "rotation ±10°"): RandomRotation(10),
    ("噪声", "noise"): GaussianNoise(0.1),
    ("左右翻转", "horizontal flip"): RandomFlip(),
    ("裁剪 60–100%", "crop 60–100%"): RandomResizedCrop((0.6, 1.0)),
    ("挖掉一块", "cutout"): Cutout(8),
    ("mixup", "mixup"): Mixup(),
    ("CutMix", "CutMix"): CutMix(),
}
BREAKING = {
    ("上下翻转", "vertical flip"): RandomFlip(axis="vertical"),
    ("旋转 ±180°", "rotation ±180°"): RandomRotation(180),
    ("裁剪 5–15%", "crop 5–15%"): RandomResizedCrop((0.05, 0.15)),
}
COUNT, SIZE = 8, 42


def gallery(lang: str, rows: dict) -> str:
    """One strip of pictures a row: a shoe, a dress, a bag, … each changed by the row's augmentation."""
    data, d = load("fashion-mnist-mini"), Drawing()
    first = [int((data.train_labels == label).nonzero()[0]) for label in (9, 3, 8, 1, 6, 5, 0, 7)]
    images, labels = data.train_images[first].float() / 255, data.train_labels[first]
    for row, (names, augment) in enumerate(rows.items()):
        torch.manual_seed(4)
        changed = augment(images, labels)[0].clamp(0, 1)
        y = row * (SIZE + 4)
        d.text(-12, y + SIZE / 2, names[lang == "en"], "f-ink", 13, "end")
        d.picture(0, y, COUNT * SIZE, SIZE, (torch.cat(list(changed[:, 0]), dim=1) * 255).byte().numpy())
    return d.svg()


def kinds(lang: str) -> str:
    return gallery(lang, ROWS)


def breaking(lang: str) -> str:
    return gallery(lang, BREAKING)
