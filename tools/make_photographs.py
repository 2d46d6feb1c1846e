"""Make the embedded data set ``photographs`` from the sample pictures that ship in the wheel of scikit-image.

Only photographs whose documentation there says CC0 or public domain. Each is turned to grey (luma, ITU-R 601), made
smaller by bicubic interpolation with antialiasing until its shorter side has 256 pixels, which also takes out noise and
traces of JPEG, and cropped to the 256×256 pixels of the centre. Training and test photographs are different ones.

    pip install scikit-image pillow        # anywhere: the book itself needs neither
    python tools/make_photographs.py PATH/TO/site-packages/skimage/data
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import numpy as np
from PIL import Image

from cnnbook.data.catalogue import card, folder_of_files

SIDE = 256
FILES = {
    "train": ("astronaut.png", "chelsea.png", "brick.png", "grass.png", "gravel.png"),
    "test": ("camera.png", "coffee.png", "rocket.jpg"),
}


def grey_square(path: Path) -> np.ndarray:
    """The central square of a picture, ``uint8 (256, 256)``."""
    grey = Image.open(path).convert("L")
    ratio = SIDE / min(grey.size)
    small = grey.resize([max(SIDE, round(side * ratio)) for side in grey.size], Image.Resampling.BICUBIC)
    left, top = ((side - SIDE) // 2 for side in small.size)
    return np.asarray(small.crop((left, top, left + SIDE, top + SIDE)))


def main() -> None:
    """Read the pictures, write the npz and print its size and SHA-256 for the card, with mean and deviation."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path, help="the folder skimage/data")
    parser.add_argument("--out", type=Path, default=folder_of_files() / "photographs.npz")
    args = parser.parse_args()
    arrays, first = {}, 0
    for part, files in FILES.items():
        arrays[f"{part}_images"] = np.stack([grey_square(args.source / file) for file in files])
        arrays[f"{part}_labels"] = np.arange(first, first + len(files))  # which photograph: a place in card.classes
        first += len(files)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(args.out, **arrays)
    data, pixels = args.out.read_bytes(), arrays["train_images"] / 255
    print(f"{args.out}: {len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()}")
    print(f"mean {pixels.mean():.4f}, std {pixels.std():.4f}; the card names {card('photographs').classes['en']}")


if __name__ == "__main__":
    main()
