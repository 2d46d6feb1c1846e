"""The photographs that <upsampling-widget> trains on, as the page fetches them: made at each build from the package's
data.

A file holds, for one seed, the twelve photographs that it trains on, and a part of one that it is tested on. Of the
first only those pixels are there that a patch of the seed needs; the others repeat the one above, which is all but
free. It is gzip of bytes, image after image, each byte less the one above it.
"""

from pathlib import Path

import garments
import keeping
from context import ROOT

FOLDER, KEPT = "assets/widgets/photographs", ROOT / ".cache/photographs"
DATA = ROOT / "src/cnnbook/data/files/photographs.npz"
SEEDS, CROP = (0, 1, 2), 128
CORNERS = {0: (32, 72), 1: (16, 64), 2: (64, 64)}  # of the part to test on: top, left
REACH = 3  # pixels beyond a patch that its small version depends on


def photographs(seed: int):
    """Those to train on, ``uint8 (12, 256, 256)``, where a patch of the seed needs them, ``bool (12, 256, 256)``; and
    the part to test on, ``uint8 (128, 128)``."""
    import torch

    from cnnbook.data.images import load
    from cnnbook.data.photographs import FOLDS
    from cnnbook.experiments.convolution.upsampling import fold_of
    from cnnbook.randomness import stream

    data, held = load("photographs"), FOLDS[fold_of(seed)]
    every = torch.cat([data.train_images, data.test_images])[:, 0]
    train = every[[one for one in range(len(every)) if one not in held]]
    needed = torch.zeros(train.shape, dtype=torch.bool)
    along = (train.shape[-1] - 32) // 8 + 1
    drawn = torch.randperm(len(train) * along**2, generator=stream(seed, "split"))[:256]  # as `split` draws images
    for row in drawn.tolist():
        top, left = 8 * (row // along % along), 8 * (row % along)
        beyond = [slice(max(0, at - REACH), at + 32 + REACH) for at in (top, left)]
        needed[row // along**2, beyond[0], beyond[1]] = True
    top, left = CORNERS[seed]
    return train.numpy(), needed.numpy(), every[held[0], top : top + CROP, left : left + CROP].numpy()


def lean(images, needed):
    """The images, where a pixel that is not needed is that above it, at the top 0."""
    import numpy as np

    found = np.where(needed, images, 0)
    for row in range(1, images.shape[1]):
        found[:, row] = np.where(needed[:, row], images[:, row], found[:, row - 1])
    return found


def content(seed: int) -> bytes:
    """The file of a seed; kept while the data and the code stay."""
    code = (Path(file).read_bytes() for file in (__file__, garments.__file__))
    path = KEPT / f"{seed}-{keeping.digest(DATA.read_bytes(), *code)}"
    return keeping.file(path, lambda: made(seed))


def made(seed: int) -> bytes:
    train, needed, test = photographs(seed)
    return garments.packed(lean(train, needed), test[None])


def laid() -> dict[str, bytes]:
    """Every file, by its place in the site."""
    return {f"{FOLDER}/{seed}.bin": content(seed) for seed in SEEDS}
