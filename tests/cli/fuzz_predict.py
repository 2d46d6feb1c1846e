"""Damaged pictures and recordings for ``cnnbook predict``: run by test_cli_predict_fuzz.py in a process of its own.

    python tests/cli/fuzz_predict.py image 20000 0      # kind, how many files, seed

Prints, as JSON, how many of each format were answered and how many refused, what else was raised, and the largest
growth of memory. The address space is bounded, so that asking for gigabytes is an error.
"""

from __future__ import annotations

import functools
import io
import json
import random
import resource
import signal
import sys
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
import soundfile
from PIL import Image, ImageDraw

from cnnbook import weights
from cnnbook.cli import predict_image, predict_speech
from cnnbook.data.speech import sample
from cnnbook.errors import CnnbookError

ROOM = 2 * 2**30  # bytes of address space beyond what the libraries take
SECONDS = 20  # that one file may take


def pictures() -> dict[str, list[bytes]]:
    """Small whole files of each format, plain and odd."""
    plain = Image.new("RGB", (24, 32), "white")
    ImageDraw.Draw(plain).rectangle((6, 4, 17, 27), fill="navy")
    grey, clear = plain.convert("L"), plain.convert("RGBA")
    clear.putalpha(grey.point(lambda level: 255 - level))
    deep = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)
    exif = Image.Exif()
    exif[0x0112], exif[0x010E], exif[0x011A] = 6, "trousers", 72.0
    more = {"save_all": True, "append_images": [plain.rotate(90), plain.rotate(180)]}
    made = {
        "PNG": [
            (plain, {"exif": exif}),
            (clear, {}),
            (deep, {}),
            (plain.quantize(8), {"transparency": 0}),
            (plain, more),
        ],
        "JPEG": [(plain, {"exif": exif}), (plain, {"progressive": True}), (plain.convert("CMYK"), {}), (grey, {})],
        "GIF": [(plain, {}), (plain, more), (plain.quantize(8), {"transparency": 0})],
        "WEBP": [(plain, {"exif": exif}), (clear, {"lossless": True}), (plain, more)],
        "TIFF": [
            (plain, {"exif": exif}),
            *((plain, {"compression": one}) for one in ("tiff_lzw", "jpeg", "tiff_deflate")),
        ],
        "AVIF": [(plain, {"exif": exif}), (clear, {}), (plain, more)],
        "BMP": [(plain, {}), (grey, {}), (plain.quantize(8), {}), (clear, {})],
    }
    made["TIFF"] += [(grey.convert("1"), {"compression": "group4"}), (deep, {}), (plain, more)]
    return {kind: [saved(kind, *one) for one in those] for kind, those in made.items()}


def saved(kind: str, picture: Image.Image, options: dict) -> bytes:
    """A picture as a file."""
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def sounds() -> dict[str, list[bytes]]:
    """Short whole files of each format, plain and odd."""
    word = sample(7, "en").numpy()[:3000]
    both = np.stack([word, -word], axis=1)
    made = {
        "WAV": [
            (word, "PCM_16"),
            (both, "PCM_24"),
            (word, "FLOAT"),
            (word, "MS_ADPCM"),
            (word, "ULAW"),
            (word, "PCM_U8"),
        ],
        "FLAC": [(word, "PCM_16"), (both, "PCM_24")],
        "OGG": [(word, "VORBIS"), (both, "VORBIS"), (word, "OPUS")],
        "MP3": [(word, "MPEG_LAYER_III"), (both, "MPEG_LAYER_III")],
    }
    found = {}
    for kind, those in made.items():
        found[kind] = []
        for samples, subtype in those:
            file = io.BytesIO()
            soundfile.write(file, samples, 8000, subtype, format=kind)
            found[kind].append(file.getvalue())
    return found


EXTREME = [0, 1, 2**7, 2**8 - 1, 2**15, 2**16 - 1, 2**31 - 1, 2**31, 2**32 - 1]


def damaged(content: bytes, draw: random.Random) -> bytes:
    """One to four faults: bits, bytes, numbers, pieces that are missing, doubled or moved, an end that is."""
    data = bytearray(content)
    for _ in range(draw.randint(1, 4)):
        fault, near = (
            draw.randrange(8),
            min(len(data), 400) if draw.random() < 0.6 else len(data),
        )  # headers are in front
        at, size = draw.randrange(max(near, 1)), draw.choice([1, 2, 4, 8, 32])
        if fault <= 1 and data:
            data[at] ^= 1 << draw.randrange(8)
        elif fault == 2:
            data[at : at + size] = draw.randbytes(size)
        elif fault <= 4:
            width = draw.choice([2, 4])
            number = draw.choice(EXTREME) % 2 ** (8 * width)
            data[at : at + width] = number.to_bytes(width, draw.choice(["little", "big"]))
        elif fault == 5:
            del data[at : at + size]
        elif fault == 6:
            data[at:at] = data[at : at + size]
        elif draw.random() < 0.5:
            del data[at:]
    return bytes(data)


def memory() -> int:
    """The most that was resident so far, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main(kind: str, count: int, seed: int) -> None:
    """Damage, ask, count."""
    ask, whole = (predict_image.answer, pictures()) if kind == "image" else (predict_speech.predict, sounds())
    weights.network = functools.cache(weights.network)
    found, odd = Counter(), []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file")
        for name, files in whole.items():
            for content in files:
                path.write_bytes(content)
                ask(path)  # a whole file is answered
                found[f"{name} whole"] += 1
        taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (taken + ROOM,) * 2)
        before, kinds = memory(), list(whole)
        for number in range(count):
            draw, name = random.Random(f"{seed} {number}"), kinds[number % len(kinds)]
            content = damaged(draw.choice(whole[name]), draw)
            path.write_bytes(content)
            print(f"{name} {seed} {number}", file=sys.stderr, flush=True)
            signal.alarm(SECONDS)
            try:
                ask(path)
                found[f"{name} answered"] += 1
            except CnnbookError as error:
                found[f"{name} refused"] += 1
                if "\n" in str(error):
                    odd.append([name, number, f"two lines: {error}"])
            except Exception as error:
                odd.append([name, number, f"{type(error).__name__}: {error}"])
            signal.alarm(0)
    print(json.dumps({"found": found, "odd": odd[:50], "odd_count": len(odd), "grown": memory() - before}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
