"""Spoken digits: synthetic ones that are installed with the package, and real recordings to be downloaded by name.

The archive that GitHub makes of a repository has no bytes that stay the same for ever. What is checked of a download is
therefore what is in it: names and bytes of all recordings, by one SHA-256.

References:
    Z. Jackson et al., "Free Spoken Digit Dataset", v1.0.10, https://github.com/Jakobovski/free-spoken-digit-dataset.
"""

from __future__ import annotations

import functools
import hashlib
import io
import os
import re
import tarfile
import wave
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from cnnbook.data import archives
from cnnbook.data.catalogue import Card, card, embedded_arrays
from cnnbook.data.download import DataError, cache_folder, receive

SYNTHETIC, REAL = "spoken-digits", "fsdd"
LANGUAGES = ("zh", "en")
PACKED, UNPACKED = 2, 8  # how many times the size on its card an archive may have at most, packed anew; unpacked
RECORDING = re.compile(r"(?:.*/)?recordings/((\d)_([a-z]+)_\d+\.wav)")


@dataclass(frozen=True)
class Spoken:
    """Spoken digits of one part.

    Attributes:
        spectra: Log-mel spectrograms from 0 (60 dB below the loudest cell) to 1, ``float32 (N, 24, 49)``.
        digits: What is said, ``int64 (N,)``.
        languages: Places in `LANGUAGES`, ``int64 (N,)``.
        voices: Number of the voice within the part, ``int64 (N,)``.
    """

    spectra: Tensor
    digits: Tensor
    languages: Tensor
    voices: Tensor


@dataclass(frozen=True)
class SpeechData:
    """Spoken digits of both parts.

    Attributes:
        card: Where they come from.
        train: By ten voices.
        test: By six others.
    """

    card: Card
    train: Spoken
    test: Spoken


@functools.cache
def _arrays() -> dict[str, np.ndarray]:
    return embedded_arrays(card(SYNTHETIC))


def spoken_digits(part: str) -> Spoken:
    """The synthetic digits: each in Chinese and in English, in noise, by voices that the other part has not.

    Args:
        part: ``"train"`` (600, ten voices) or ``"test"`` (240, six others).

    Raises:
        DataError: The file is damaged.

    Examples:
        >>> spoken_digits("test").spectra.shape
        torch.Size([240, 24, 49])
    """
    facts = [torch.from_numpy(_arrays()[f"{part}_{name}"]).long() for name in ("digits", "languages", "voices")]
    return Spoken(torch.from_numpy(_arrays()[f"{part}_spectra"]) / 60, *facts)


def sample(digit: int, language: str = "en") -> Tensor:
    """A clean synthetic clip of 0.7 s at 8 kHz: ``float32 (5600,)`` in −1…1.

    Args:
        digit: 0…9.
        language: ``"zh"`` or ``"en"``.

    Raises:
        ValueError: There is no such clip.

    Examples:
        >>> sample(7, "zh").shape
        torch.Size([5600])
    """
    if digit not in range(10) or language not in LANGUAGES:
        raise ValueError(f"a clip must be of a digit 0…9 in zh or en, got {digit}, {language!r}")
    return torch.from_numpy(_arrays()["samples"][10 * LANGUAGES.index(language) + digit]).float() / 128


@dataclass(frozen=True)
class Recordings:
    """Real recordings at 8 kHz.

    Attributes:
        waves: Samples in −1…1, ``float32 (samples,)`` each.
        digits: ``int64 (N,)``.
        speakers: Places in ``names``, ``int64 (N,)``.
        names: Of the speakers, in the order of the alphabet.
    """

    waves: tuple[Tensor, ...]
    digits: Tensor
    speakers: Tensor
    names: tuple[str, ...]


def recordings_path() -> Path:
    """Where the archive of the real recordings is, or will be."""
    return cache_folder() / REAL / card(REAL).files[0]["name"]


def missing_recordings() -> str:
    """The command that gets the real recordings; empty once they are there.

    Examples:
        >>> from unittest import mock
        >>> with mock.patch.dict(os.environ, CNNBOOK_DATA="/nowhere"):
        ...     missing_recordings()
        'the recordings are not on this machine yet: run  python -m cnnbook.data fsdd  (16 MB)'
    """
    if recordings_path().exists():
        return ""
    return f"the recordings are not on this machine yet: run  python -m cnnbook.data {REAL}  (16 MB)"


def recordings() -> Recordings:
    """The Free Spoken Digit Dataset: 3,000 recordings, 50 of each digit by each of six speakers.

    Raises:
        DataError: They are not here yet (the message names the command), or the archive holds others.
    """
    if missing := missing_recordings():
        raise DataError(missing)
    return _read(recordings_path())


def fetch_recordings(url: str | None = None, progress: Callable[[int, int | None], None] | None = None) -> Path:
    """Download the real recordings, unless they are there; a download that broke off goes on.

    Args:
        url: Where the archive is, if not where the card says.
        progress: Called with (bytes so far, bytes in all or None) after each chunk.

    Returns:
        The archive.

    Raises:
        DataError: The server cannot be reached, or the archive is much larger than it should be or holds other
            recordings (it is deleted).
    """
    path = recordings_path()
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    part, (file,) = path.with_name(f"{path.name}.part"), card(REAL).files
    receive(url or file["url"], part, None, 30.0, progress, most=PACKED * file["bytes"])
    try:
        _check(part, file["content_sha256"], UNPACKED * file["bytes"])
    except DataError:
        part.unlink()
        raise
    os.replace(part, path)
    return path


def _check(archive: Path, wanted: str, most: int) -> None:
    """Refuse an archive of other recordings before anything of it is unpacked."""
    found, count = archives.digest(archive, RECORDING, most)
    if found != wanted:
        raise DataError(
            f"{archive} does not hold the recordings that its card describes: the SHA-256 of names and files must be "
            f"{wanted}, got {found} of {count}"
        )


def load(name: str, *, download: bool = False) -> SpeechData | Recordings:
    """The speech of a data set; see `cnnbook.data.catalogue.load`.

    Args:
        name: ``"spoken-digits"``, synthetic and embedded, or ``"fsdd"``, real recordings.
        download: Whether the recordings may be downloaded if they are not there yet.

    Raises:
        DataError: The recordings are not here and ``download`` is false, or a checksum is wrong.

    Examples:
        >>> load("spoken-digits").train.spectra.shape
        torch.Size([600, 24, 49])
    """
    if name == SYNTHETIC:
        return SpeechData(card(name), spoken_digits("train"), spoken_digits("test"))
    if download:
        fetch_recordings()
    return recordings()


@functools.cache
def _read(archive: Path) -> Recordings:
    """All recordings of an archive, in the order of their names, once what is in it has been found right."""
    files: dict[str, tuple[int, str, bytes]] = {}
    try:
        with tarfile.open(archive) as tar:
            for member in tar:
                name, file = RECORDING.fullmatch(member.name), tar.extractfile(member) if member.isfile() else None
                if name and file:
                    files[name[1]] = (int(name[2]), name[3], file.read())
    except (tarfile.TarError, EOFError, OSError) as error:
        raise DataError(f"{archive} is no whole tar archive: {error}") from error
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name} {hashlib.sha256(files[name][2]).hexdigest()}\n".encode())
    wanted = card(REAL).files[0]["content_sha256"]
    if digest.hexdigest() != wanted:
        raise DataError(
            f"{archive} does not hold the recordings that its card describes: the SHA-256 of names and files must be "
            f"{wanted}, got {digest.hexdigest()} of {len(files)}"
        )
    names = sorted({speaker for _, speaker, _ in files.values()})
    waves = []
    for name in sorted(files):
        with wave.open(io.BytesIO(files[name][2])) as file:  # all are 8 kHz, 16 bits, one channel
            waves.append(
                torch.from_numpy(np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32) / 32768)
            )
    facts = [(files[name][0], names.index(files[name][1])) for name in sorted(files)]
    digits, speakers = (torch.tensor(column) for column in zip(*facts, strict=True))
    return Recordings(tuple(waves), digits, speakers, tuple(names))
