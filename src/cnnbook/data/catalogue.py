"""The data sets of the book: a card for each, and ``load``, which checks the checksum.

A card (``cards/NAME.toml``) says what kind a data set is of, where it comes from, under which licence, how large it is
and what its classes are called in both languages. A set with ``embedded = true`` is installed with the package and
loads offline; any other is downloaded once, by name, on the reader's own machine. Each kind has a module of its name
beside this one, whose ``load`` reads the sets of that kind.
"""

from __future__ import annotations

import difflib
import functools
import hashlib
import importlib
import io
import tomllib
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np

from cnnbook.data.download import DataError

if TYPE_CHECKING:
    from cnnbook.data.images import ImageData
    from cnnbook.data.speech import Recordings, SpeechData
    from cnnbook.data.texts import TextData

_HERE = Path(__file__).parent

Images = Literal["fashion-mnist", "fashion-mnist-mini", "photographs"]
Speech = Literal["spoken-digits"]
Real = Literal["fsdd"]
Texts = Literal["sentiment-en", "sentiment-zh"]


@dataclass(frozen=True)
class Card:
    """What is known about a data set.

    Attributes:
        id: The name that ``load`` takes.
        kind: ``"images"``, ``"speech"`` or ``"texts"``: what ``load`` gives, see there.
        title: The title by language, ``{"zh": …, "en": …}``.
        description: What it holds, by language.
        source: Where it comes from.
        classes: The names of the classes by language, in the order of the labels.
        licence: SPDX expression.
        copyright: Whose it is.
        citation: How to cite it.
        counts: Number of examples by part, ``{"train": …, "test": …}``.
        embedded: Whether the files are installed with the package.
        files: One table a file: ``name``, ``bytes``, ``sha256`` (of an archive that is packed anew at every download,
            ``content_sha256``) and, unless embedded, ``url``.
        shape: Shape of one example, of an image ``(C, H, W)``; empty where they differ.
        mean: Mean of the training values, in units of the full range 0…1.
        std: Their standard deviation, in the same units.
    """

    id: str
    kind: str
    title: dict[str, str]
    description: dict[str, str]
    source: str
    licence: str
    copyright: str
    citation: str
    counts: dict[str, int]
    classes: dict[str, tuple[str, ...]]
    embedded: bool
    files: tuple[dict[str, Any], ...]
    shape: tuple[int, ...] = ()
    mean: float = 0.0
    std: float = 1.0

    @property
    def size(self) -> int:
        """Size of the files in bytes."""
        return sum(file["bytes"] for file in self.files)


def folder_of_files() -> Path:
    """The folder of the embedded files, inside the installed package."""
    return _HERE / "files"


def names(kind: str | None = None) -> tuple[str, ...]:
    """Names of all data sets, or of those of one kind, sorted.

    Examples:
        >>> names("images")
        ('fashion-mnist', 'fashion-mnist-mini', 'photographs')
        >>> len(names())
        7
    """
    found = sorted(path.stem for path in (_HERE / "cards").glob("*.toml"))
    return tuple(name for name in found if kind is None or card(name).kind == kind)


@functools.cache
def card(name: str) -> Card:
    """The card of a data set.

    Args:
        name: One of ``names()``.

    Raises:
        DataError: There is no such data set; the message names the nearest. Or a key of the card is unknown or missing.

    Examples:
        >>> card("fashion-mnist-mini").classes["en"][:3]
        ('T-shirt/top', 'Trouser', 'Pullover')
    """
    if name not in names():
        near = difflib.get_close_matches(name, names(), n=1, cutoff=0.4)
        hint = f"; did you mean {near[0]!r}?" if near else "."
        raise DataError(f"no data set is called {name!r}{hint} There are: {', '.join(names())}")
    table = tomllib.loads((_HERE / "cards" / f"{name}.toml").read_text(encoding="utf-8-sig"))
    _check(f"cards/{name}.toml", table)
    table["shape"] = tuple(table.get("shape", ()))
    table["classes"] = {language: tuple(classes) for language, classes in table["classes"].items()}
    table["files"] = tuple(table["files"])
    return Card(**table)


FILE_KEYS = {"name": True, "bytes": True, "sha256": False, "content_sha256": False, "url": False, "part": False}


def _check(file: str, table: dict[str, Any]) -> None:
    """Refuse a card with a key that no card has, or without one that it must have."""
    keys = {one.name: one.default is MISSING for one in fields(Card)}
    found = table.get("files", ())
    for place, part, known in (("", table, keys), *((f"files[{i}].", one, FILE_KEYS) for i, one in enumerate(found))):
        for key in part:
            if key not in known:
                near = difflib.get_close_matches(key, known, n=1)
                hint = f"; did you mean {near[0]!r}?" if near else ""
                raise DataError(f"{file}: {place}{key} is an unknown key, got {part[key]!r}{hint}")
        for key, needed in known.items():
            if needed and key not in part:
                raise DataError(f"{file}: {place}{key} is missing")


def checked_bytes(path: Path, sha256: str) -> bytes:
    """The bytes of a file, once their checksum has been found right.

    Raises:
        DataError: It is another.
    """
    data = path.read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise DataError(f"{path} is not the file its card describes: SHA-256 must be {sha256}, got {found}")
    return data


def embedded_arrays(info: Card) -> dict[str, np.ndarray]:
    """The arrays of a data set that is installed with the package.

    Raises:
        DataError: The file is damaged.
    """
    (file,) = info.files
    with np.load(io.BytesIO(checked_bytes(folder_of_files() / file["name"], file["sha256"]))) as arrays:
        return dict(arrays)


if TYPE_CHECKING:  # what a name loads is known before it is run

    @overload
    def load(name: Images = ..., *, download: bool = ...) -> ImageData: ...
    @overload
    def load(name: Texts, *, download: bool = ...) -> TextData: ...
    @overload
    def load(name: Speech, *, download: bool = ...) -> SpeechData: ...
    @overload
    def load(name: Real, *, download: bool = ...) -> Recordings: ...
    @overload
    def load(name: str, *, download: bool = ...) -> ImageData | TextData | SpeechData | Recordings: ...


def load(name: str = "fashion-mnist-mini", *, download: bool = False) -> ImageData | TextData | SpeechData | Recordings:
    """Load a data set and verify its checksum.

    The result is cached: treat its tensors as read-only.

    Args:
        name: One of ``names()``. ``"fashion-mnist-mini"`` is installed with the package: 5,000 training and 2,000
            test images of ten classes, 500 and 200 of each.
        download: Whether a data set that is not embedded may be downloaded if it is not there yet.

    Returns:
        By the kind of its card: of images ``cnnbook.data.images.ImageData``, images ``uint8 (N, C, H, W)`` and labels
        ``int64 (N,)`` of both parts; of texts ``cnnbook.data.texts.TextData``; of speech
        ``cnnbook.data.speech.SpeechData``, spectrograms, or, of recordings of real people,
        ``cnnbook.data.speech.Recordings``, samples.

    Raises:
        DataError: The name is unknown, a file is missing and ``download`` is false, or a checksum is wrong.

    Examples:
        >>> data = load("fashion-mnist-mini")
        >>> data.train_images.shape, data.train_labels.bincount().tolist()
        (torch.Size([5000, 1, 28, 28]), [500, 500, 500, 500, 500, 500, 500, 500, 500, 500])
        >>> load("sentiment-en").test_texts[8]
        'To be oblivious to the existence of this film would be very sweet indeed.'
    """
    loader = importlib.import_module(f".{card(name).kind}", __package__)
    return loader.load(name, download=True) if download else loader.load(name)  # one key of its cache
