"""Figures of 5.17.3."""

import torch
from draw import Drawing

from cnnbook import weights
from cnnbook.data import load
from cnnbook.domains.images import cnn, normalise, prepare, to_tensor

WORDS = {
    "zh": {"file": "文件里的像素", "bytes": "整数，0…255", "unit": "除以 255，0…1", "normal": "减均值、除标准差", "hwc": "文件：(H, W, C)", "chw": "张量：(N, C, H, W)",
           "red": "红", "green": "绿", "blue": "蓝", "seen": "看到的图", "given": "网络看到的，28 × 28"},
    "en": {"file": "pixels of a file", "bytes": "whole numbers, 0…255", "unit": "over 255: 0…1", "normal": "less mean, over deviation", "hwc": "file: (H, W, C)", "chw": "tensor: (N, C, H, W)",
           "red": "red", "green": "green", "blue": "blue", "seen": "what they see", "given": "what the network sees, 28 × 28"},
}  # fmt: skip
BOOT, TOP, LEFT, SIDE = 0, 16, 2, 4  # which test image, and the window that is shown in numbers


def boot() -> torch.Tensor:
    """The first ankle boot of the test images, ``uint8 (28, 28)``."""
    data = load("fashion-mnist-mini")
    return data.test_images[data.test_labels == 9][BOOT, 0]


def pixels(lang: str) -> str:
    """An image, and a window of it as bytes, as numbers up to 1, and normalised."""
    d, words, size, data = Drawing(), WORDS[lang], 46, load("fashion-mnist-mini")
    image, rows, columns = boot(), slice(TOP, TOP + SIDE), slice(LEFT, LEFT + SIDE)
    step, scale = SIDE * size + 34, SIDE * size / 28
    whole = to_tensor(image)
    steps = (image, whole[0, 0], normalise(whole, data.card.mean, data.card.std)[0, 0])
    d.picture(0, 0, SIDE * size, SIDE * size, image.numpy(), more='style="image-rendering:pixelated"')
    d.rect(LEFT * scale, TOP * scale, SIDE * scale, SIDE * scale, "f-none s-a", 'stroke-width="2.5"')
    d.text(SIDE * size / 2, SIDE * size + 18, words["file"], "f-soft", 13)
    for place, (values, name) in enumerate(zip(steps, ("bytes", "unit", "normal"), strict=True)):
        x, y = (step, 0) if place == 0 else ((place - 1) * step, SIDE * size + 56)
        shown = [[round(float(value), 2) for value in row] for row in values[rows, columns]]
        d.grid(x, y, shown, size=size)
        d.text(x + SIDE * size / 2, y + SIDE * size + 18, words[name], "f-soft", 13)
    return d.svg()


def channels(lang: str) -> str:
    """Four coloured pixels: as a file holds them, and as three planes."""
    d, words, size = Drawing(), WORDS[lang], 44
    colour = torch.tensor([[[255, 0, 0], [0, 255, 0]], [[0, 0, 255], [255, 204, 0]]], dtype=torch.uint8)
    planes = to_tensor(colour)[0]
    for row in range(2):
        for column in range(2):
            rgb = ",".join(str(value) for value in colour[row, column].tolist())
            d.rect(column * size, row * size, size, size, "s-rule", f'style="fill:rgb({rgb})"')
            for channel, fill in enumerate(("red", "green", "blue")):
                x = 3 * size + (column * 3 + channel) * size * 0.9 + column * 14
                d.cell(x, row * size, int(colour[row, column, channel]), size=size * 0.9)
                if row == 0:
                    d.text(x + size * 0.45, -12, words[fill], "f-soft", 12)
    d.text(size, 2 * size + 18, words["seen"], "f-soft", 13)
    d.text(3 * size + 2.7 * size + 7, 2 * size + 18, words["hwc"], "f-soft", 13)
    top = 3.2 * size
    for channel, name in enumerate(("red", "green", "blue")):
        x = 1.2 * size + channel * 2.7 * size
        d.grid(x, top, [[round(float(value), 2) for value in row] for row in planes[channel]], size=size)
        d.text(x + size, top - 12, words[name], "f-soft", 12)
    d.text(4.9 * size, top + 2 * size + 18, words["chw"], "f-soft", 13)
    return d.svg()


@torch.no_grad()
def filters(lang: str) -> str:
    """The first filters of the installed network, and what each answers to an ankle boot."""
    state, facts = weights.read("image-classes")
    network = cnn(tuple(facts["channels"])).eval()
    network.load_state_dict(state)
    weight = network[0].weight[:, 0]
    answers = network[:2](normalise(to_tensor(boot()), facts["mean"], facts["std"]))[0]
    d, cell, wide, tall = Drawing(), 11, 76, 146
    for place, (kernel, answer) in enumerate(zip(weight, answers, strict=True)):
        x, y = (place % 8) * wide, (place // 8) * tall
        most = kernel.abs().max()
        for i, row in enumerate(kernel):
            for j, value in enumerate(row):
                fill, strength = ("f-a" if value > 0 else "f-b"), float(value.abs() / most)
                d.rect(x + j * cell, y + i * cell, cell, cell, fill, f'fill-opacity="{strength:.2f}"')
        d.rect(x, y, 5 * cell, 5 * cell, "f-none s-rule")
        grey = (answer / answer.max().clamp(min=1e-6) * 15).round().to(torch.uint8)
        d.picture(x, y + 5 * cell + 6, 5 * cell, 5 * cell, grey.numpy(), 16, 'style="image-rendering:pixelated"')
    return d.svg()


@torch.no_grad()
def answer(lang: str) -> str:
    """What <ask-image> shows at first: the boot, and the installed network's share of each class."""
    network, facts = weights.network("image-classes", lambda facts: cnn(tuple(facts["channels"])))
    x, _ = prepare(to_tensor(boot()))
    shares = network(normalise(x, facts["mean"], facts["std"])).softmax(-1)[0].tolist()
    d, side, step, long = Drawing(), 196, 20, 150
    seen = (255 * x[0, 0]).round().to(torch.uint8).numpy()
    d.picture(0, 0, side, side, seen, more='style="image-rendering:pixelated"')
    d.text(side / 2, side + 16, WORDS[lang]["given"], "f-soft", 13)
    for place, (name, share) in enumerate(zip(facts["classes"][lang], shares, strict=True)):
        y, best = (place + 0.5) * step, share == max(shares)
        d.text(side + 110, y, name, "f-ink", 13, "end")
        d.rect(side + 120, y - 6, long, 12, "f-pad")
        d.rect(side + 120, y - 6, long * share, 12, "f-a" if best else "f-b")
        d.text(side + 130 + long, y, f"{share:.0%}", "f-ink", 13, "start")
    return d.svg()
