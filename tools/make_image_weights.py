"""Train the small network that ``cnnbook predict image`` answers with, and write its weights.

On the training images of the embedded part of Fashion-MNIST alone, mirrored at random and moved by up to two pixels, so
that the reader's own pictures need not lie as exactly; what it gets right of the test images is printed and kept.

    python tools/make_image_weights.py
"""

from __future__ import annotations

import torch
from torch.nn import functional as F

from cnnbook import weights
from cnnbook.data import load
from cnnbook.domains.images import cnn, normalise
from fitting import fit

CHANNELS, REACH = [16, 32], 2
STEPS, BATCH = 3000, 64


def moved(x: torch.Tensor) -> torch.Tensor:
    """Images of a batch, half of them mirrored, each moved by up to ``REACH`` pixels over black."""
    mirrored = torch.where(torch.rand(len(x), 1, 1, 1) < 0.5, x.flip(-1), x)
    down, right = torch.randint(2 * REACH + 1, (2, len(x)))
    rows, columns = ((start[:, None] + torch.arange(28)) for start in (down, right))
    padded = F.pad(mirrored, [REACH] * 4)[:, 0]
    return padded[torch.arange(len(x))[:, None, None], rows[:, :, None], columns[:, None, :]][:, None]


def main() -> None:
    """Train and write."""
    torch.manual_seed(0)
    data, network = load("fashion-mnist-mini"), cnn(tuple(CHANNELS))
    train, test = data.train_images / 255, data.test_images / 255
    how = {"mean": data.card.mean, "std": data.card.std}

    def batch() -> tuple[torch.Tensor, torch.Tensor]:
        rows = torch.randint(len(train), (BATCH,))
        return normalise(moved(train[rows]), **how), data.train_labels[rows]

    fit(network, batch, STEPS)
    with torch.no_grad():
        right = (network(normalise(test, **how)).argmax(-1) == data.test_labels).double().mean().item()
    classes = {lang: list(names) for lang, names in data.card.classes.items()}
    path = weights.save(
        "image-classes", network.state_dict(), channels=CHANNELS, classes=classes, test_accuracy=right, **how
    )
    print(f"{path.name}: {path.stat().st_size} bytes, test accuracy {right:.3f}")


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
