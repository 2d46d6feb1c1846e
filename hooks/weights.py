"""The weights with which figures answer, those of ``cnnbook predict``: made at each build from the package's.

A file holds the length of its header as uint32, the header, JSON in UTF-8 with spaces behind it to a multiple of four
bytes, and the values of all tensors one after another, little-endian. The header names the values' type, each tensor
with its shape, and the facts of the package's file:

    {"dtype": "float16", "tensors": [["0.weight", [16, 1, 5, 5]], …], "facts": {"mean": 0.2873, …}}

docs/assets/widgets/core/weights.mjs reads it. The large ones are sent as gzip, in which the low bytes of all values
stand before the high ones, the only ones that repeat; their vocabulary comes as a file of its own, a word a line.
"""

import gzip
import json
from pathlib import Path

import keeping
from context import ROOT

FOLDER, KEPT = "assets/widgets/weights", ROOT / ".cache/weights"
DATA = ROOT / "src/cnnbook/domains/weights"
NAMES = ("image-classes", "speech", "text-en", "text-zh")  # of the files that a figure asks for
LARGE = ("text-en", "text-zh")  # these have words


def packed(tensors, facts) -> bytes:
    """Tensors by name, as float16, which is how the package keeps them, and their facts, as a file."""
    shapes = [[name, list(tensor.shape)] for name, tensor in tensors.items()]
    head = json.dumps(
        {"dtype": "float16", "tensors": shapes, "facts": facts}, ensure_ascii=False, separators=(",", ":")
    ).encode()
    head += b" " * (-len(head) % 4)
    values = b"".join(tensor.numpy().astype("<f2").tobytes() for tensor in tensors.values())
    return len(head).to_bytes(4, "little") + head + values


def folded(file: bytes) -> bytes:
    """A file of float16 as gzip, the low bytes of its values before the high ones.

    >>> gzip.decompress(folded((4).to_bytes(4, "little") + b"{}  " + b"lhLH"))[8:]
    b'lLhH'
    """
    start = 4 + int.from_bytes(file[:4], "little")
    return gzip.compress(file[:start] + file[start::2] + file[start + 1 :: 2], 9, mtime=0)


def made(name: str) -> bytes:
    """A file of weights, NAME, or of words, NAME.words."""
    from cnnbook.weights import read  # which needs torch

    of, _, words = name.partition(".")
    tensors, facts = read(of)
    if words:
        return gzip.compress(facts["words"].encode(), 9, mtime=0)
    if name in LARGE:
        return folded(packed(tensors, {key: value for key, value in facts.items() if key != "words"}))
    return packed(tensors, facts)


def content(name: str) -> bytes:
    """A file by its name; kept while the weights and this module stay."""
    own = (DATA / f"{name.removesuffix('.words')}.pt").read_bytes(), Path(__file__).read_bytes()
    path = KEPT / f"{name}-{keeping.digest(*own)}"
    return keeping.file(path, lambda: made(name))


def laid() -> dict[str, bytes]:
    """Every file, by its place in the site."""
    return {f"{FOLDER}/{name}.bin": content(name) for name in (*NAMES, *(f"{name}.words" for name in LARGE))}
