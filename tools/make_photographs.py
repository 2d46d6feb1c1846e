"""Make the embedded data set ``photographs`` from the sample pictures that ship in three wheels.

Only photographs whose documentation there says CC0, public domain or no known copyright. Each is turned to grey (luma,
ITU-R 601), made smaller by bicubic interpolation with antialiasing until its shorter side has 256 pixels, which also
takes out noise and traces of JPEG, and cropped to the 256×256 pixels of the centre. Training and test photographs are
different ones.

    pip download --no-deps scikit-image==0.24.0 scipy==1.9.3 matplotlib    # unpack them: nothing need be installed
    python tools/make_photographs.py skimage/data scipy/misc matplotlib/mpl-data/sample_data
"""

from __future__ import annotations

import argparse
import bz2
import hashlib
import pickle
from pathlib import Path

import numpy as np
from PIL import Image

from cnnbook.data.catalogue import card, folder_of_files

SIDE = 256
FILES = {
    "train": (
        *("astronaut.png", "chelsea.png", "brick.png", "grass.png", "gravel.png", "coins.png"),
        *("hubble_deep_field.jpg", "ihc.png", "grace_hopper.jpg", "face.dat", "ascent.dat", "retina.jpg"),
    ),
    "test": ("camera.png", "coffee.png", "rocket.jpg"),
}


def picture(path: Path) -> Image.Image:
    """A picture file; or one of the two that SciPy kept in forms of its own."""
    if path.name == "face.dat":
        return Image.fromarray(np.frombuffer(bz2.decompress(path.read_bytes()), np.uint8).reshape(768, 1024, 3))
    if path.name == "ascent.dat":
        return Image.fromarray(np.array(pickle.loads(path.read_bytes()), np.uint8))
    return Image.open(path)


def grey_square(path: Path) -> np.ndarray:
    """The central square of a picture, ``uint8 (256, 256)``."""
    grey = picture(path).convert("L")
    ratio = SIDE / min(grey.size)
    small = grey.resize([max(SIDE, round(side * ratio)) for side in grey.size], Image.Resampling.BICUBIC)
    left, top = ((side - SIDE) // 2 for side in small.size)
    return np.asarray(small.crop((left, top, left + SIDE, top + SIDE)))


def main() -> None:
    """Read the pictures, write the npz and print its size and SHA-256 for the card, with mean and deviation."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", type=Path, nargs="+", help="the folders of the three wheels that hold the pictures")
    parser.add_argument("--out", type=Path, default=folder_of_files() / "photographs.npz")
    args = parser.parse_args()
    arrays, first = {}, 0
    found = {path.name: path for source in args.sources for path in source.iterdir()}
    for part, files in FILES.items():
        arrays[f"{part}_images"] = np.stack([grey_square(found[file]) for file in files])
        arrays[f"{part}_labels"] = np.arange(first, first + len(files))  # which photograph: a place in card.classes
        first += len(files)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(args.out, **arrays)
    data, pixels = args.out.read_bytes(), arrays["train_images"] / 255
    print(f"{args.out}: {len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()}")
    print(f"mean {pixels.mean():.4f}, std {pixels.std():.4f}; the card names {card('photographs').classes['en']}")


if __name__ == "__main__":
    main()
