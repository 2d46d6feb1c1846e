"""Make the embedded data set ``fashion-mnist-mini`` from the whole of Fashion-MNIST.

The first 500 training images and the first 200 test images of each class, in file order, so that both parts are
balanced and anyone can make the same file again. The four ``*-ubyte.gz`` files come from the Debian package
``dataset-fashion-mnist`` (folder ``/usr/share/datasets/fashion-mnist``) or from the source named on the data card.

    python tools/make_fashion_mnist_mini.py /usr/share/datasets/fashion-mnist
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import numpy as np

from cnnbook.data.catalogue import folder_of_files
from cnnbook.data.idx import read_idx

PER_CLASS = {"train": 500, "test": 200}
PREFIX = {"train": "train", "test": "t10k"}


def first_of_each_class(labels: np.ndarray, count: int) -> np.ndarray:
    """Positions of the first ``count`` examples of each class, in file order."""
    return np.sort(np.concatenate([np.flatnonzero(labels == c)[:count] for c in np.unique(labels)]))


def main() -> None:
    """Read the four files, write the npz and print its size and SHA-256 for the card."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path, help="folder with the four *-ubyte.gz files")
    parser.add_argument("--out", type=Path, default=folder_of_files() / "fashion-mnist-mini.npz")
    args = parser.parse_args()
    arrays = {}
    for part, count in PER_CLASS.items():
        images = read_idx(args.source / f"{PREFIX[part]}-images-idx3-ubyte.gz")
        labels = read_idx(args.source / f"{PREFIX[part]}-labels-idx1-ubyte.gz")
        keep = first_of_each_class(labels, count)
        arrays[f"{part}_images"], arrays[f"{part}_labels"] = images[keep], labels[keep]
    args.out.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(args.out, **arrays)
    data = args.out.read_bytes()
    print(f"{args.out}: {len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()}")


if __name__ == "__main__":
    main()
