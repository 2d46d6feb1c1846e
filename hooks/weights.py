"""The weights with which figures answer, those of ``cnnbook predict``: made at each build from the package's.

A file holds the length of its header as uint32, the header, JSON in UTF-8 with spaces behind it to a multiple of four
bytes, and the values of all tensors one after another, little-endian. The header names the values' type, each tensor
with its shape, and the facts of the package's file:

    {"dtype": "float16", "tensors": [["0.weight", [16, 1, 5, 5]], …], "facts": {"mean": 0.2873, …}}

docs/assets/widgets/core/weights.mjs reads it.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # MkDocs loads this file by its path alone
import keeping
from context import ROOT

FOLDER, KEPT = "assets/widgets/weights", ROOT / ".cache/weights"
PACKAGE = ROOT / "src/cnnbook/domains/weights"
NAMES = ("image-classes",)  # of the files that a figure asks for


def packed(tensors, facts) -> bytes:
    """Tensors by name, as float16, which is how the package keeps them, and their facts, as a file."""
    shapes = [[name, list(tensor.shape)] for name, tensor in tensors.items()]
    head = json.dumps(
        {"dtype": "float16", "tensors": shapes, "facts": facts}, ensure_ascii=False, separators=(",", ":")
    ).encode()
    head += b" " * (-len(head) % 4)
    values = b"".join(tensor.numpy().astype("<f2").tobytes() for tensor in tensors.values())
    return len(head).to_bytes(4, "little") + head + values


def content(name: str) -> bytes:
    """A file by its name; kept while the weights and this module stay."""
    own = (PACKAGE / f"{name}.pt").read_bytes(), Path(__file__).read_bytes()
    path = KEPT / f"{name}-{keeping.digest(*own)}"
    if (found := keeping.read(path)) is None:
        from cnnbook.weights import read  # which needs torch

        found = packed(*read(name))
        keeping.write(path, found)
    return found


def laid() -> dict[str, bytes]:
    """Every file, by its place in the site."""
    return {f"{FOLDER}/{name}.bin": content(name) for name in NAMES}


def on_files(files, config):
    from mkdocs.structure.files import File  # MkDocs calls this alone: macros are answered without it

    if not PACKAGE.is_dir():  # a book without them
        return files
    for uri, made in laid().items():
        files.append(File.generated(config, uri, content=made))
    return files
