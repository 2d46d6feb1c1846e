"""``cnnbook predict image``: pictures of any size and mode, in time, and one line where there is nothing to say."""

import json
import os
import re
import struct
import subprocess
import sys
import zlib
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageDraw
from typer.testing import CliRunner

from cnnbook.cli import app
from cnnbook.cli.predict_image import answer

TROUSERS = [(90, 30), (210, 30), (230, 470), (165, 470), (150, 130), (135, 470), (70, 470)]


def call(*arguments):
    return CliRunner().invoke(app, ["predict", "image", *map(str, arguments)], env={"COLUMNS": "200", "NO_COLOR": "1"})


def trousers(mode: str = "RGB", light: str = "white", dark: str = "navy") -> Image.Image:
    picture = Image.new("RGB", (300, 500), light)
    ImageDraw.Draw(picture).polygon(TROUSERS, fill=dark)
    return picture.convert(mode)


def cut_out() -> Image.Image:
    """Trousers with nothing around them."""
    levels = np.array(trousers("RGBA"))
    levels[..., 3] = np.where((levels[..., :3] == 255).all(-1), 0, 255)
    return Image.fromarray(levels)


def sixteen() -> Image.Image:
    return Image.fromarray(np.asarray(trousers("L")).astype(np.uint16) * 257)


@pytest.mark.parametrize(
    ("name", "picture", "said"),
    [
        ("rgb.png", trousers(), "inverted"),
        ("white-on-black.png", trousers(light="black", dark="white"), "trimmed"),
        ("white-on-grey.png", trousers(light="#999", dark="white"), "trimmed"),
        ("l.png", trousers("L"), "inverted"),
        ("bit.png", trousers("1"), "mode 1 to L"),
        ("palette.png", trousers("P"), "mode P to RGB"),
        ("la.png", trousers("LA"), "mode LA to RGB"),
        ("rgba.png", cut_out(), "laid on white where transparent"),
        ("gif.gif", trousers("P"), "mode P to RGB"),
        ("sixteen.png", sixteen(), "16 bits to 8"),
        ("sixteen.tif", sixteen(), "16 bits to 8"),
        ("cmyk.jpg", trousers("CMYK"), "mode CMYK to RGB"),
        ("large.jpg", trousers().resize((3000, 5000)), "inverted"),
        ("small.png", trousers().resize((12, 20)), "inverted"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)
def test_trousers_of_any_kind_are_trousers(tmp_path, name, picture, said):
    picture.save(tmp_path / name)
    done = call(tmp_path / name)
    assert done.exit_code == 0, done.output
    first, second, third, how, _ = done.stdout.splitlines()
    assert first.endswith("裤子 · Trouser") and said in how, done.stdout
    shares = [float(line.split("%")[0]) for line in (first, second, third)]
    assert shares == sorted(shares, reverse=True) and sum(shares) < 100.2


def test_a_photograph_on_its_side_is_turned_as_its_exif_data_say(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    trousers().rotate(90, expand=True).save(tmp_path / "side.jpg", exif=exif)
    trousers().rotate(90, expand=True).save(tmp_path / "without.jpg")
    turned, without = answer(tmp_path / "side.jpg"), answer(tmp_path / "without.jpg")
    assert turned.classes[0].en == "Trouser" != without.classes[0].en
    assert "turned as its EXIF data say" in turned.done and turned.classes[0].zh == "裤子"


def test_of_an_animation_the_first_frame_is_taken(tmp_path):
    trousers().save(tmp_path / "two.gif", save_all=True, append_images=[Image.new("RGB", (300, 500), "red")])
    found = answer(tmp_path / "two.gif")
    assert found.done[0] == "the first of 2 frames" and found.classes[0].en == "Trouser"


def test_the_json_says_the_same(tmp_path):
    trousers().save(tmp_path / "t.png")
    found = json.loads(call(tmp_path / "t.png", "--json").stdout)
    assert found["classes"][0] | {"probability": 0} == {"zh": "裤子", "en": "Trouser", "probability": 0}
    assert (found["width"], found["height"], found["mode"]) == (300, 500, "RGB") and len(found["classes"]) == 3
    assert found["done"][0] == "3 channels to grey" and 0.8 < found["test_accuracy"] < 1


def png(width: int, height: int) -> bytes:
    """The head of a PNG file that says it is so large, and no pixel after."""
    chunk = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    head = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return head + struct.pack(">I", 1000) + b"IDAT"


def half() -> bytes:
    file = BytesIO()
    trousers().save(file, "JPEG")
    return file.getvalue()[: len(file.getvalue()) // 2]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "there is no such file"),
        (b"", "the file is empty"),
        (b"not a picture, whatever it is called", "this is no picture of a known kind"),
        (b"\0\0\0\x18ftypheic" + bytes(40), "this is HEIC, which is not read here; save it as PNG or JPEG"),
        (b"BM", "the picture cannot be read: "),
        (b"\x89PN", "this is no picture of a known kind"),
        (half(), "the picture cannot be read, it may be cut off"),
        (png(300, 500), "the picture cannot be read, it may be cut off"),
        (png(40_000, 40_000), "a picture must have at most 100 million pixels, got 40000×40000"),
        (b"P6\n0 0\n255\n", ""),
        (png(0, 0), ""),
    ],
    ids=[
        "missing",
        "empty",
        "text",
        "heic",
        "two-bytes",
        "three-bytes",
        "half",
        "head",
        "huge",
        "ppm-of-nothing",
        "png-of-nothing",
    ],
)
def test_what_cannot_be_read_is_one_line_and_exit_code_2(tmp_path, content, message):
    file = tmp_path / "picture.png"
    if content is not None:
        file.write_bytes(content)
    done = call(file)
    (line,) = done.stderr.strip().splitlines()
    assert (done.exit_code, done.stdout) == (2, "") and line.startswith(f"cnnbook: {message}"), done.output
    assert str(file) in line


@pytest.mark.parametrize(
    ("picture", "message"),
    [
        (Image.new("RGB", (20, 30), "red"), "something must stand out from the background"),
        (Image.fromarray(np.linspace(0, 1, 100, dtype=np.float32).reshape(10, 10)), "whole numbers, got floating"),
        (Image.fromarray(np.arange(100, dtype=np.int32).reshape(10, 10) - 50), "in 0…65535, got -50…49"),
    ],
    ids=["one-shade", "floating", "negative"],
)
def test_what_shows_nothing_is_refused(tmp_path, picture, message):
    picture.save(tmp_path / "p.tif")
    done = call(tmp_path / "p.tif")
    (line,) = done.stderr.strip().splitlines()
    assert done.exit_code == 2 and message in line, done.output


@pytest.mark.parametrize("command", ["predict", "predict image"])
def test_the_help_shows_an_example(command):
    done = CliRunner().invoke(app, [*command.split(), "--help"], env={"COLUMNS": "200", "NO_COLOR": "1"})
    assert done.exit_code == 0 and "Example: cnnbook predict" in re.sub(r"\x1b\[[0-9;]*m", "", done.output)


def test_an_answer_needs_no_training_code(tmp_path):
    trousers().save(tmp_path / "t.png")
    code = (
        f"import sys; from pathlib import Path; from cnnbook.cli.predict_image import show;"
        f"show(Path({str(tmp_path / 't.png')!r}), False);"
        "print([m for m in sys.modules if m.partition('.')[0] in ('lightning', 'pytorch_lightning', 'scipy', 'joblib')"
        " or m.startswith(('cnnbook.training', 'cnnbook.data'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ)
    assert done.stdout.splitlines()[-1] == "[]"
