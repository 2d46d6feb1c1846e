"""``cnnbook predict speech``: any WAV of whole numbers, at once and without Lightning; all else is one clear line."""

import json
import subprocess
import sys
import time
import wave

import pytest
import torch
from typer.testing import CliRunner

from cnnbook.cli import app
from cnnbook.cli.predict_speech import predict
from cnnbook.data.speech import sample
from cnnbook.domains.speech import resample


def write(path, sound, rate=8000, channels=1):
    """Sixteen bits, the same in all channels."""
    samples = (sound * 32000).round().short()[:, None].expand(-1, channels).contiguous()
    with wave.open(str(path), "wb") as out:
        out.setparams((channels, 2, rate, 0, "NONE", ""))
        out.writeframes(samples.numpy().tobytes())
    return path


def call(*arguments):
    return CliRunner().invoke(app, ["predict", "speech", *map(str, arguments)], env={"COLUMNS": "200", "NO_COLOR": "1"})


def test_digits_of_a_synthesiser_are_heard_though_none_was_trained_on(tmp_path):
    right = 0
    for digit in range(10):
        found = predict(write(tmp_path / f"{digit}.wav", sample(digit, "en")))
        right += found["digits"][0]["digit"] == digit
        shares = [one["probability"] for one in found["digits"]]
        assert len(shares) == 3 and shares == sorted(shares, reverse=True) and sum(shares) <= 1.0001
    assert right >= 5, right  # guessing gets one


def test_rate_channels_and_length_are_converted_and_said(tmp_path):
    clip = sample(7, "en")
    plain = predict(write(tmp_path / "a.wav", clip))
    assert plain["converted"] == ["silence added to one second"]
    long = torch.cat([torch.zeros(4000), clip, torch.zeros(3000)])
    other = predict(write(tmp_path / "b.wav", resample(long, 8000, 44100), 44100, 2))
    assert other["converted"] == ["mean of 2 channels", "its loudest second taken", "44100 Hz to 8000 Hz"]
    assert (other["rate"], other["channels"]) == (44100, 2) and other["seconds"] == pytest.approx(1.575, abs=1e-3)
    assert other["digits"][0]["digit"] == plain["digits"][0]["digit"]
    lines = call(tmp_path / "b.wav").stdout.splitlines()
    assert lines[0].startswith(f"{plain['digits'][0]['digit']} (") and lines[1].startswith("then ")
    assert lines[2:] == [
        "read 44100 Hz, 2 channel(s), 1.58 s",
        "converted: mean of 2 channels; its loudest second taken; 44100 Hz to 8000 Hz",
    ]
    assert json.loads(call(tmp_path / "b.wav", "--json").stdout) == other


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (None, "there is no such file: "),
        (b"", "the file is empty: "),
        (b"fLaC\0\0\0\x22 and so on, for a while", "the sound cannot be read (libsndfile: "),
        (b"\0\0\0\x20ftypM4A " + bytes(40), "this is M4A or MP4 (AAC, ALAC), which is not read here; save it as WAV"),
        (b"a song, whatever it is called", "this is no sound of a known kind (WAV, FLAC, OGG, MP3 …): "),
        ("cut", "the file is cut off: its header promises 1600 bytes, 900 are there: "),
        ("silent", "there must be a sound among the samples, and all are the same: "),
    ],
)
def test_what_is_no_sound_is_one_line_and_exit_code_2(tmp_path, data, message):
    path = tmp_path / "x.wav"
    if isinstance(data, str):
        write(path, torch.zeros(800))
        data = path.read_bytes()[: -700 if data == "cut" else None]
    if data is not None:
        path.write_bytes(data)
    done = call(path)
    (line,) = done.stderr.strip().splitlines()
    assert done.exit_code == 2 and done.stdout == "" and line.startswith(f"cnnbook: {message}") and str(path) in line


def test_a_folder_is_no_file(tmp_path):
    done = call(tmp_path)
    assert done.exit_code == 2 and "and this is a folder: " in done.stderr


def test_it_answers_at_once_and_without_lightning(tmp_path):
    path = write(tmp_path / "x.wav", sample(3, "en"))
    code = (
        "import sys; from cnnbook.cli import main; sys.argv[1:] = ['predict', 'speech', sys.argv[1]]\n"
        "try: main()\nexcept SystemExit as end: assert not end.code\n"
        "print([m for m in sys.modules if 'lightning' in m or m in ('scipy', 'cnnbook.training', 'rich.console')])"
    )
    start = time.process_time(), time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"
    assert time.perf_counter() - start[1] < 20  # 2 s on an idle machine: what is not imported is what decides


def test_the_help_shows_an_example():
    output = CliRunner().invoke(app, ["predict", "speech", "--help"], env={"NO_COLOR": "1"}).output
    assert "Example: cnnbook predict speech" in output
