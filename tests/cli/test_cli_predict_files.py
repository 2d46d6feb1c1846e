"""What people hand to ``cnnbook predict``: odd but whole files are answered, and what cannot be is one true line."""

import errno
import io
import json
import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from PIL import Image, ImageDraw, TiffImagePlugin
from typer.testing import CliRunner

from cnnbook.cli import app, given, pictures, predict_image
from cnnbook.cli.predict_speech import one_channel
from cnnbook.data.speech import sample
from cnnbook.domains.speech import resample
from cnnbook.errors import CnnbookError

FILES = Path(__file__).parents[1] / "data/files"
TROUSERS = [(90, 30), (210, 30), (230, 470), (165, 470), (150, 130), (135, 470), (70, 470)]


def call(kind, *arguments):
    return CliRunner().invoke(app, ["predict", kind, *map(str, arguments)])


def trousers(light="white", dark="navy", mode="RGB", size=(300, 500)):
    picture = Image.new("RGB", (300, 500), light)
    ImageDraw.Draw(picture).polygon(TROUSERS, fill=dark)
    return picture.resize(size).convert(mode)


def cut_out(colour):
    """Trousers of a colour with nothing around them."""
    shape = Image.eval(trousers(mode="L"), lambda level: 255 * (level < 128))
    picture = Image.new("RGBA", shape.size, colour)
    picture.putalpha(shape)
    return picture


@pytest.mark.parametrize(
    ("file", "size", "done"),
    [
        ("exif_desc_rational.jpg", (120, 160), ["turned as its EXIF data say", "3 channels to grey"]),
        ("exif_resunit_ascii.jpg", (120, 160), ["turned as its EXIF data say", "3 channels to grey"]),
        ("exif_orient_zero.jpg", (120, 160), ["3 channels to grey", "inverted", "120×160 trimmed to 109×121"]),
        ("bigtext.png", (120, 160), ["3 channels to grey", "inverted", "120×160 trimmed to 109×121"]),
        ("white_on_transparent.png", (120, 160), ["laid on black where transparent", "3 channels to grey"]),
    ],
)
def test_odd_but_whole_pictures_show_a_shirt(file, size, done):
    found = json.loads(call("image", FILES / file, "--json").stdout)
    assert found["classes"][0]["en"] == "T-shirt/top" and found["classes"][0]["probability"] > 0.9
    assert (found["width"], found["height"]) == size and found["done"][: len(done)] == done


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("bext_fmt_text.wav", []),
        ("odd_nopad.wav", []),
        ("zero_size.wav", []),
        ("stereo_antiphase.wav", ["channel 1 taken: the mean of 2 cancels them"]),
    ],
)
def test_odd_but_whole_recordings_say_seven(file, said):
    found = json.loads(call("speech", FILES / file, "--json").stdout)
    assert found["digits"][0]["digit"] == 7 and found["digits"][0]["probability"] > 0.9
    assert found["converted"] == [*said, "silence added to one second"] and found["seconds"] == 0.7


@pytest.mark.parametrize(
    ("kind", "file", "message"),
    [
        ("image", "damaged.avif", "the picture cannot be read: FILE (Failed to decode frame 0: "),
        (
            "image",
            "no_width.tif",
            "the picture cannot be read: FILE (it begins like TIFF, but its header does not hold",
        ),
        ("image", "broken_plane.tif", "the picture cannot be read: FILE (its data are broken)"),
        (
            "speech",
            "cuthead.wav",
            "the sound cannot be read (libsndfile: Error in WAV file. No 'data' chunk marker): FILE",
        ),
        ("speech", "rate_huge.wav", "a rate must be in 1,000…768,000 Hz, got 2,000,000,000 Hz: FILE"),
        ("speech", "rate1G.wav", "a rate must be in 1,000…768,000 Hz, got 1,000,000,000 Hz: FILE"),
    ],
)
def test_broken_files_are_one_true_line(kind, file, message, capfd):
    done = call(kind, FILES / file)
    (line,) = done.stderr.strip().splitlines()
    assert (done.exit_code, done.stdout) == (2, "") and capfd.readouterr() == ("", "")
    assert line.startswith("cnnbook: " + message.replace("FILE", str(FILES / file))), line


@pytest.mark.parametrize("orientation", range(10))
@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "tiff", "avif"])
def test_every_orientation_is_set_upright_and_said(tmp_path, kind, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # Pillow's numbers of what brings it back
    whole = trousers(dark="black")
    lying = whole.transpose(Image.Transpose(undo[orientation])) if orientation in undo else whole
    lying.save(tmp_path / "p", kind, exif=exif, **({"quality": 100} if kind in ("jpeg", "webp", "avif") else {}))
    seen = pictures.read(tmp_path / "p")
    off = np.abs(seen.pixels.float().mean(-1).numpy() - np.asarray(whole.convert("L")).astype(float)).mean()
    assert off < 3 and (seen.width, seen.height) == (300, 500)
    word = {3: "turned", 6: "turned", 8: "turned", 2: "mirrored", 4: "mirrored", 5: "turned and mirrored"}
    word[7] = word[5]
    assert seen.done == ([f"{word[orientation]} as its EXIF data say"] if orientation in word else [])


@pytest.mark.parametrize(
    ("colour", "ground"),
    [
        ("white", "black"),
        ("#eee", "black"),
        ("yellow", "black"),
        ("#888", "white"),
        ("navy", "white"),
        ("black", "white"),
    ],
)
@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_the_ground_shows_the_thing(tmp_path, colour, ground, mode):
    cut_out(colour).convert(mode).save(tmp_path / "p.png")
    found = predict_image.answer(tmp_path / "p.png")
    assert found.classes[0].en == "Trouser" and found.done[0] == f"laid on {ground} where transparent"


def test_a_light_thing_with_a_dark_print_is_laid_on_black_and_a_dark_one_on_paper_on_white(tmp_path):
    shirt = cut_out("white")
    ImageDraw.Draw(shirt).rectangle((130, 60, 170, 100), fill="black")
    shirt.save(tmp_path / "print.png")
    assert pictures.read(tmp_path / "print.png").done == ["laid on black where transparent"]
    paper = trousers(mode="RGBA")
    paper.putalpha(Image.new("L", paper.size, 0))
    paper.paste(trousers(mode="RGBA").crop((5, 5, 295, 495)), (5, 5))  # a margin that is transparent
    paper.save(tmp_path / "paper.png")
    assert pictures.read(tmp_path / "paper.png").done == ["laid on white where transparent"]
    assert predict_image.answer(tmp_path / "paper.png").classes[0].en == "Trouser"


@pytest.mark.parametrize("value", [(6, 6), TiffImagePlugin.IFDRational(6, 1), "side", b"x", 60_000])
def test_an_orientation_of_any_type_is_taken_or_left(tmp_path, monkeypatch, value):
    trousers().save(tmp_path / "p.jpg")
    monkeypatch.setattr(Image.Image, "getexif", lambda self: {0x0112: value})
    done = pictures.read(tmp_path / "p.jpg").done
    assert done == (["turned as its EXIF data say"] if not isinstance(value, str | bytes | int) else [])


def test_png_texts_and_profiles_of_any_size_anywhere_do_not_count(tmp_path):
    trousers().save(tmp_path / "p.png")
    whole = (tmp_path / "p.png").read_bytes()
    large = zlib.compress(bytes(2_000_000))

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head, end = whole[:33], whole.index(b"IEND") - 4
    for extra in (
        chunk(b"zTXt", b"a\0\0" + large),
        chunk(b"iCCP", b"a\0\0" + large),
        chunk(b"iTXt", b"a\0\1\0\0\0" + large),
    ):
        (tmp_path / "front.png").write_bytes(head + extra + whole[33:])
        (tmp_path / "back.png").write_bytes(whole[:end] + extra + whole[end:])
        for file in ("front.png", "back.png"):
            assert predict_image.answer(tmp_path / file).classes[0].en == "Trouser"


def tagged(picture, **options):
    file = io.BytesIO()
    picture.save(file, "PNG", **options)
    return file.getvalue()


def test_one_transparent_colour_of_any_mode_is_transparent(tmp_path):
    """tRNS: a colour that is not seen; what is told apart by it alone must be."""
    shape = np.asarray(trousers(mode="L")) < 128
    plain = np.where(shape, 200, 201).astype(np.uint8)
    rgb = np.repeat(plain[..., None], 3, -1)
    content = {
        "L": tagged(Image.fromarray(plain), transparency=201),
        "RGB": tagged(Image.fromarray(rgb), transparency=(201, 201, 201)),
        "I;16": tagged(Image.fromarray(plain.astype(np.uint16) * 257), transparency=201 * 257),
        "P": tagged(Image.fromarray((~shape).astype(np.uint8)).convert("P"), transparency=1),
    }
    for mode, data in content.items():
        (tmp_path / "p.png").write_bytes(data)
        found = predict_image.answer(tmp_path / "p.png")
        assert (found.mode, found.classes[0].en) == (mode, "Trouser"), (mode, found)
        assert any(one.startswith("laid on ") for one in found.done), found.done


def test_opaque_is_not_called_transparent_and_nothing_is_not_shown(tmp_path):
    trousers(mode="RGBA").save(tmp_path / "opaque.png")
    assert predict_image.answer(tmp_path / "opaque.png").done[0] == "mode RGBA to RGB"
    Image.new("RGBA", (20, 20), (255, 0, 0, 0)).save(tmp_path / "none.png")
    with pytest.raises(CnnbookError, match="something must be visible, and all of the picture is transparent"):
        pictures.read(tmp_path / "none.png")


def sixteen(channels):
    """A PNG of 16 bits a channel by hand: Pillow writes none in colour."""
    levels = np.asarray(trousers(mode="L", size=(30, 50))).astype(">u2") * 257
    rows = np.repeat(levels[..., None], channels, -1)
    if channels in (2, 4):
        rows[..., -1] = 65535
    raw = b"".join(b"\0" + row.tobytes() for row in rows)
    parts = [(b"IHDR", struct.pack(">IIBBBBB", 30, 50, 16, {1: 0, 2: 4, 3: 2, 4: 6}[channels], 0, 0, 0))]
    parts += [(b"IDAT", zlib.compress(raw)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_sixteen_bits_are_said(tmp_path, channels):
    (tmp_path / "p.png").write_bytes(sixteen(channels))
    found = predict_image.answer(tmp_path / "p.png")
    assert found.done[0] == "16 bits to 8" and found.classes[0].en == "Trouser"


@pytest.mark.parametrize(
    "kind",
    [
        "BMP",
        "DDS",
        "GIF",
        "ICO",
        "ICNS",
        "JPEG",
        "JPEG2000",
        "MPO",
        "PCX",
        "PPM",
        "QOI",
        "SGI",
        "TGA",
        "TIFF",
        "WEBP",
        "AVIF",
    ],
)
def test_trousers_of_any_kind_of_file(tmp_path, kind):
    picture = trousers(size=(256, 256)) if kind in ("ICO", "ICNS") else trousers(mode="P" if kind == "GIF" else "RGB")
    picture.save(tmp_path / "p", kind)
    assert predict_image.answer(tmp_path / "p").classes[0].en == "Trouser"


@pytest.mark.parametrize("mode", ["CMYK", "LAB", "L", "1", "I;16", "RGBA"])
def test_trousers_of_any_mode(tmp_path, mode):
    picture = (
        Image.merge("LAB", [trousers(mode="L")] * 3) if mode == "LAB" else trousers(mode="L" if ";" in mode else "RGB")
    )
    picture = Image.fromarray(np.asarray(picture).astype(np.uint16) * 257) if mode == "I;16" else picture
    (picture if mode in ("LAB", "I;16") else picture.convert(mode)).save(tmp_path / "p.tif")
    found = predict_image.answer(tmp_path / "p.tif")
    assert found.classes[0].en == "Trouser" and found.mode == mode


def test_a_large_picture_in_tiles_is_what_it_is_in_one_piece(tmp_path, monkeypatch):
    noise = np.random.default_rng(0).integers(0, 256, (300, 500, 4), np.uint8)
    Image.fromarray(noise).save(tmp_path / "p.png")
    monkeypatch.setattr(pictures, "FIRST", 70)  # 8 by 8 pixels become one, the last row and column fewer
    whole = pictures.read(tmp_path / "p.png")
    monkeypatch.setattr(pictures, "TILE", 100)
    tiles = pictures.read(tmp_path / "p.png")
    assert torch.equal(whole.pixels, tiles.pixels) and whole.pixels.shape == (38, 63, 3)
    assert whole.done[-1] == "reduced to 63×38"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes and devices among its files")
@pytest.mark.parametrize("kind", ["image", "speech"])
def test_what_is_no_plain_file_is_not_opened(tmp_path, kind):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    said = {
        "/dev/zero": "there must be a file to read, and this is a device: /dev/zero",
        tmp_path: f"there must be a file to read, and this is a folder: {tmp_path}",
        tmp_path
        / "pipe": f"there must be a file to read, and this is a pipe; save what comes out of it first: {tmp_path}/pipe",
        tmp_path / "loop": f"the file cannot be read: {tmp_path}/loop (Too many levels of symbolic links)",
        tmp_path / ("n" * 300): f"the file cannot be read: {tmp_path}/{'n' * 300} (File name too long)",
        tmp_path / "two\nlines": f"there is no such file: {tmp_path}/two lines",
    }
    for path, message in said.items():
        done = call(kind, path)
        assert (done.exit_code, done.stderr) == (2, f"cnnbook: {message}\n")


def test_what_may_not_be_read_and_what_is_too_large(tmp_path, monkeypatch):
    (tmp_path / "p").write_bytes(bytes(11))

    def closed(*_):
        raise PermissionError(13, "Permission denied")

    with pytest.raises(CnnbookError, match="a file must have at most 0 MB, got 0 MB: "):
        given.content(tmp_path / "p", 10)
    monkeypatch.setattr(Path, "open", closed)
    with pytest.raises(CnnbookError, match=r"the file cannot be read: .*/p \(Permission denied\)"):
        given.content(tmp_path / "p", 100)


@pytest.mark.parametrize("suffix", ["flac", "ogg", "mp3", "aiff"])
def test_recordings_of_other_kinds_are_heard(tmp_path, suffix):
    path = tmp_path / f"seven.{suffix}"
    soundfile.write(path, resample(sample(7, "en"), 8000, 44100).numpy(), 44100)
    found = json.loads(call("speech", path, "--json").stdout)
    assert found["digits"][0]["digit"] == 7 and found["rate"] == 44100


@pytest.mark.parametrize(
    ("right", "said"),
    [
        (-1.0, ["channel 1 taken: the mean of 2 cancels them"]),
        (-1.1, ["channel 2 taken: the mean of 2 cancels them"]),
        (-0.9, ["channel 1 taken: the mean of 2 cancels them"]),
        (0.0, ["mean of 2 channels"]),
        (1.0, ["mean of 2 channels"]),
        (-0.3, ["mean of 2 channels"]),
        (3.0, ["scaled to full scale from 1.5 times it", "mean of 2 channels"]),
    ],
)
def test_channels_that_cancel_are_not_mixed(right, said):
    left = torch.sin(torch.arange(1000) / 5) * 0.5
    wave, done = one_channel(torch.stack([left, right * left + 0.2 * (right != 3.0)]))
    assert [one[:32] for one in done] == [one[:32] for one in said]
    assert wave.abs().max() > 0.1 and abs(wave.mean()) < 1e-6 and wave.abs().max() <= 1.01


def test_unrelated_channels_and_one_among_silent_ones_are_mixed():
    noise = torch.randn(8, 8000, generator=torch.Generator().manual_seed(0)) * 0.1
    assert one_channel(noise)[1] == ["mean of 8 channels"]
    noise[1:] = 0
    assert one_channel(noise)[1] == ["mean of 8 channels"]


def tiny(kind, **options):
    file = io.BytesIO()
    Image.new("L", (7, 5), 9).save(file, kind, **options)
    return file.getvalue()


def bombs():
    """Small files whose headers ask for gigabytes."""
    tiff, side = tiny("TIFF"), struct.pack("<HI", 4, 1)
    for tag, was in ((256, 7), (257, 5)):
        entry = struct.pack("<H", tag) + side
        assert tiff.count(entry + struct.pack("<I", was)) == 1
        tiff = tiff.replace(entry + struct.pack("<I", was), entry + struct.pack("<I", 60_000))
    webp = bytearray(tiny("WEBP", lossless=True))
    at = webp.index(b"VP8L") + 9
    webp[at : at + 4] = (16_383 | 16_383 << 14 | 0xF << 28 & int.from_bytes(webp[at : at + 4], "little")).to_bytes(
        4, "little"
    )
    return {
        "tiff": tiff,
        "webp": bytes(webp),
        "gif": b"GIF89a\x01\0\x01\0\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\x02\x02D\x01\0;",
        "bmp": b"BM"
        + struct.pack("<IHHIIiiHHIIiiII", 100, 0, 0, 54, 40, 60000, 60000, 1, 24, 0, 0, 0, 0, 0, 0)
        + bytes(60),
    }


@pytest.mark.parametrize("kind", ["tiff", "webp", "gif", "bmp"])
def test_a_header_that_asks_for_too_much_is_refused(tmp_path, kind):
    (tmp_path / "p").write_bytes(bombs()[kind])
    done = call("image", tmp_path / "p")
    assert done.exit_code == 2 and len(done.stderr.splitlines()) == 1
    assert "a picture must have at most 100 million pixels" in done.stderr, done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="memory is counted as Linux does")
def test_the_largest_picture_of_sixteen_bits_stays_within_bounds(tmp_path):
    """Ten thousand by ten thousand, 65 times what its file has: decoded it has 200 MB, and little is added to them."""
    raw, row = zlib.compressobj(1), b"\0" + b"\x12\x34" * 10_000
    data = b"".join(raw.compress(row) for _ in range(10_000)) + raw.flush()
    parts = [(b"IHDR", struct.pack(">IIBBBBB", 10_000, 10_000, 16, 0, 0, 0, 0)), (b"IDAT", data), (b"IEND", b"")]
    (tmp_path / "p.png").write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + b"".join(struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in parts)
    )
    code = (
        "import resource, sys; from pathlib import Path; from cnnbook.cli import pictures\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "seen = pictures.read(Path(sys.argv[1]))\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, seen.done)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "p.png")], capture_output=True, text=True, check=True
    )
    kilobytes, said = done.stdout.split(maxsplit=1)
    assert int(kilobytes) < 400_000 and "reduced to 1000×1000" in said


@pytest.mark.parametrize(("times", "bits"), [(1, 8), (4, 10), (16, 12), (64, 14), (257, 16)])
@pytest.mark.parametrize("kind", ["png", "tif"])
def test_grey_of_16_bits_that_uses_fewer_is_measured_by_those(tmp_path, times, bits, kind):
    levels = np.asarray(trousers(mode="L")).astype(np.uint16) * times
    Image.fromarray(levels).save(tmp_path / f"a.{kind}")
    found = predict_image.answer(tmp_path / f"a.{kind}")
    assert found.classes[0].en == "Trouser" and found.classes[0].probability > 0.9
    fewer = "" if bits == 16 else f", for only {bits} of them are in use"
    assert found.done[0] == f"16 bits to 8{fewer}"


def wide_png(levels):
    """A PNG file of 16 bits a channel, which Pillow cannot write; levels ``(H, W, 3 or 4)``."""
    height, width, channels = levels.shape
    head = struct.pack(">IIBBBBB", width, height, 16, {3: 2, 4: 6}[channels], 0, 0, 0)
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in levels)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    )


def test_colour_of_16_bits_that_lies_in_the_lower_8_is_refused_by_its_scale(tmp_path):
    levels, path = np.asarray(trousers()).astype(np.uint16), tmp_path / "a.png"
    path.write_bytes(wide_png(levels))
    said = f"its 16-bit levels stay below 256, 0.4% of full scale: save what fills fewer bits as 8: {path}"
    assert call("image", path).stderr == f"cnnbook: {said}\n"
    path.write_bytes(wide_png(levels * 16))
    assert predict_image.answer(path).classes[0].en == "Trouser"
    black = np.concatenate([0 * levels, np.where(levels[..., :1] < 99, 65535, 0)], axis=2)  # cut out
    path.write_bytes(wide_png(black))
    assert predict_image.answer(path).classes[0].en == "Trouser"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is a device that is always full on Linux alone")
@pytest.mark.parametrize("command", [["predict", "text", "good"], ["predict", "text", "good", "--json"], ["exercises"]])
def test_an_answer_that_cannot_be_written_is_said_in_one_line(command):
    with open("/dev/full", "w") as full:
        arguments = [sys.executable, "-c", "from cnnbook.cli import main; main()", *command]
        done = subprocess.run(arguments, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2
    assert done.stderr == f"cnnbook: the answer cannot be written: {os.strerror(errno.ENOSPC)}\n"


@pytest.mark.skipif(sys.platform == "win32", reason="pipes end in another way there")
@pytest.mark.parametrize(
    "command", ["predict text good", "predict text good --json", "exercises", "list", "diagnose --help", "diagnose LOG"]
)
def test_where_nobody_reads_on_a_command_ends_without_a_word_as_if_by_the_signal(command):
    log = Path(__file__).parents[1] / "data/logs/reported/bom.csv"
    words = command.replace("LOG", str(log)).split()
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-c", "from cnnbook.cli import main; main()", *words], stdout=write, stderr=subprocess.PIPE
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.skipif(sys.platform != "linux", reason="file names of any bytes are Linux's")
@pytest.mark.parametrize("command", ["predict image", "predict speech", "diagnose"])
def test_a_file_name_that_is_no_text_survives_in_json(command, tmp_path):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.csv"))
    if command == "predict image":
        Image.fromarray(np.kron(np.eye(2, dtype=np.uint8), np.ones((9, 9), np.uint8)) * 255).save(path, "PNG")
    elif command == "predict speech":
        soundfile.write(sound := io.BytesIO(), np.sin(np.arange(8000)), 8000, format="WAV")
        path.write_bytes(sound.getvalue())
    else:
        path.write_text("step,train_loss\n0,3\n1,2\n2,1\n")
    done = subprocess.run(
        [sys.executable, "-c", "from cnnbook.cli import main; main()", *command.split(), path, "--json"],
        capture_output=True,
    )
    found = json.loads(done.stdout)
    assert Path(found["log" if command == "diagnose" else "file"]) == path


def test_text_that_is_not_utf_8_is_refused():
    done = call("text", os.fsdecode("不好".encode("gbk")))
    assert (done.exit_code, done.stderr) == (2, "cnnbook: a text must be UTF-8, and some of its bytes are not\n")


@pytest.mark.parametrize("command", ["predict image", "predict speech", "diagnose"])
def test_a_file_whose_name_begins_with_a_dash_is_known_from_an_option(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("-dash").touch()
    done = CliRunner().invoke(app, [*command.split(), "-dash"])
    said = f"cnnbook: a file name that begins with a dash needs -- before it: cnnbook {command} -- -dash\n"
    assert (done.exit_code, done.stderr) == (2, said)
    assert "No such option" in CliRunner().invoke(app, [*command.split(), "-other"]).stderr
