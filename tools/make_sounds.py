"""Write the sounds that are played on the page of 5.17.5: docs/assets/sound/*.wav, clean clips of ``spoken-digits``.

python tools/make_sounds.py
"""

from __future__ import annotations

import wave
from pathlib import Path

from cnnbook.data.speech import sample

FOLDER = Path(__file__).resolve().parent.parent / "docs/assets/sound"
SOUNDS = {"qi.wav": (7, "zh"), "seven.wav": (7, "en")}


def main() -> None:
    """Write each as 8 bits at 8 kHz: what the data set holds."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, (digit, language) in SOUNDS.items():
        samples = (sample(digit, language) * 128).round() + 128
        with wave.open(str(FOLDER / name), "wb") as out:
            out.setparams((1, 1, 8000, 0, "NONE", ""))
            out.writeframes(samples.byte().numpy().tobytes())
        print(f"{FOLDER / name}: {(FOLDER / name).stat().st_size} bytes")


if __name__ == "__main__":
    main()
