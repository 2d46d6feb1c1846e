"""The recordings that <ask-speech> begins with, as the page fetches them: clean clips of the data set spoken-digits.

Each is a WAV file of 8 bits at 8 kHz, which is what the data set holds: ``en0`` … ``en9``, and the Chinese ``zh7``.
"""

import io
import sys
import wave
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # MkDocs loads this file by its path alone
import keeping
from context import ROOT

FOLDER, KEPT = "assets/widgets/spoken", ROOT / ".cache/spoken"
DATA = ROOT / "src/cnnbook/data/files/spoken-digits.npz"
CLIPS = (*((digit, "en") for digit in range(10)), (7, "zh"))


def recorded(digit: int, lang: str) -> bytes:
    """A clip as a WAV file."""
    from cnnbook.data.speech import sample  # which needs torch

    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setparams((1, 1, 8000, 0, "NONE", ""))
        out.writeframes((sample(digit, lang) * 128 + 128).round().byte().numpy().tobytes())
    return file.getvalue()


def laid() -> dict[str, bytes]:
    """Every file, by its place in the site; kept while the data and this module stay."""
    digest, found = keeping.digest(DATA.read_bytes(), Path(__file__).read_bytes()), {}
    for digit, lang in CLIPS:
        path = KEPT / f"{lang}{digit}-{digest}"
        if (made := keeping.read(path)) is None:
            made = recorded(digit, lang)
            keeping.write(path, made)
        found[f"{FOLDER}/{lang}{digit}.wav"] = made
    return found


def on_files(files, config):
    from mkdocs.structure.files import File  # MkDocs calls this alone: macros are answered without it

    if not DATA.is_file():  # a book without them
        return files
    for uri, made in laid().items():
        files.append(File.generated(config, uri, content=made))
    return files
