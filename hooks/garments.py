"""The images that <training-widget> trains on, and those that <ask-image> begins with: made at each build from the
package's data.

A file holds the training images that one seed of the experiments draws, or some of the test images of each class. It is
gzip of bytes, image after image, class after class, each byte less the one above it, which is half as long. The few
test images of <ask-image> are their bytes, as they are.
"""

import gzip
from pathlib import Path

import keeping
from context import ROOT

FOLDER, KEPT = "assets/widgets/garments", ROOT / ".cache/garments"
DATA = ROOT / "src/cnnbook/data/files/fashion-mnist-mini.npz"
SEEDS, TRAIN, TEST = (0, 1, 2), 512, 500
SHOWN = ((9, 0), (8, 0), (4, 3))  # classes, and which of their test images: ask-image/examples.mjs names them


def packed(*parts) -> bytes:
    """Images, each part ``uint8 (N, H, W)``, as a file; the same bytes whenever it is made."""
    all_less = []
    for images in parts:
        less = images.copy()
        less[:, 1:] -= images[:, :-1]
        all_less.append(less.tobytes())
    return gzip.compress(b"".join(all_less), 9, mtime=0)


def drawn(seed: int):
    """The training images of a seed, ``uint8 (512, 28, 28)``: of each class those that `split` draws, in its order."""
    import torch

    from cnnbook.data.images import load
    from cnnbook.randomness import stream

    data, generator = load("fashion-mnist-mini"), stream(seed, "split")
    rows = []
    for label in range(10):
        members = torch.nonzero(data.train_labels == label).flatten()
        count = TRAIN // 10 + (label < TRAIN % 10)
        rows.append(members[torch.randperm(len(members), generator=generator)][:count])
    return data.train_images[torch.cat(rows), 0].numpy()


def tested():
    """Test images, ``uint8 (500, 28, 28)``: the first of each class."""
    import torch

    from cnnbook.data.images import load

    data = load("fashion-mnist-mini")
    first = [torch.nonzero(data.test_labels == label).flatten()[: TEST // 10] for label in range(10)]
    return data.test_images[torch.cat(first), 0].numpy()


def shown() -> bytes:
    """The bytes of the few test images, one image after the other."""
    import torch

    from cnnbook.data.images import load

    data = load("fashion-mnist-mini")
    rows = [torch.nonzero(data.test_labels == label).flatten()[which] for label, which in SHOWN]
    return data.test_images[torch.stack(rows), 0].numpy().tobytes()


def content(name: str) -> bytes:
    """A file by its name, ``test``, ``train-SEED`` or ``shown``; kept while the data and this module stay."""
    path = KEPT / f"{name}-{keeping.digest(DATA.read_bytes(), Path(__file__).read_bytes())}"
    return keeping.file(path, lambda: made(name))


def made(name: str) -> bytes:
    if name == "shown":
        return shown()
    return packed(tested() if name == "test" else drawn(int(name.removeprefix("train-"))))


def laid() -> dict[str, bytes]:
    """Every file, by its place in the site."""
    names = ("test", *(f"train-{seed}" for seed in SEEDS), "shown")
    return {f"{FOLDER}/{name}.bin": content(name) for name in names}
