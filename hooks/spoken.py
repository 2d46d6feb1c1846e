"""The recordings that <ask-speech> begins with, as the page fetches them: clean clips of the data set spoken-digits.

Each is a WAV file of 8 bits at 8 kHz, which is what the data set holds: ``en0`` … ``en9``, and the Chinese ``zh7``.
"""

import io
import wave
from functools import partial
from pathlib import Path

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
    digest = keeping.digest(DATA.read_bytes(), Path(__file__).read_bytes())
    return {
        f"{FOLDER}/{lang}{digit}.wav": keeping.file(KEPT / f"{lang}{digit}-{digest}", partial(recorded, digit, lang))
        for digit, lang in CLIPS
    }
