"""<ask-speech> answers as ``cnnbook predict speech`` does, to WAV files of any kind and rate."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
import soundfile
import torch

from cnnbook import weights as package
from cnnbook.cli.predict_speech import one_channel, predict
from cnnbook.data.speech import sample
from cnnbook.domains.speech import RATE, over_time, prepared, resample
from manuscript import ROOT

sys.path.insert(0, str(ROOT / "hooks"))
import weights


def at(rate: int, digit: int = 7, seconds: float = 0.7) -> np.ndarray:
    """A digit with a little noise, and silence behind it."""
    wave = resample(sample(digit), RATE, rate)
    draw = torch.Generator().manual_seed(digit)
    wave = torch.nn.functional.pad(wave, (0, max(0, round(rate * seconds) - len(wave))))
    return (wave + 0.003 * torch.randn(len(wave), generator=draw)).numpy()


def sounds() -> dict[str, tuple[np.ndarray, int, str]]:
    """Samples, rate and libsndfile's subtype, by a name."""
    made = {f"digit {digit}": (at(8000, digit), 8000, "PCM_16") for digit in range(10)}
    for rate in (1000, 4000, 7999, 8001, 11025, 16000, 22050, 44100, 48000, 96000):
        made[f"{rate} Hz"] = (at(rate, rate % 10), rate, "PCM_16")
    made |= {kind: (at(8000, 3), 8000, kind) for kind in ("PCM_U8", "PCM_24", "PCM_32", "FLOAT", "DOUBLE")}
    eight = at(8000, 8)
    made["long"] = (np.concatenate([0.01 * at(8000, 1), np.zeros(9000), at(8000, 6), at(8000, 2) / 4]), 8000, "PCM_16")
    made["long and fast"] = (np.concatenate([np.zeros(60_000), at(44100, 4), np.zeros(50_001)]), 44100, "PCM_16")
    made["two channels"] = (np.stack([eight, 0.5 * eight], 1), 8000, "PCM_16")
    made["opposite channels"] = (np.stack([0.5 * eight, -0.9 * eight, 0.4 * eight], 1), 8000, "FLOAT")
    made["beyond full scale"] = (7 * at(8000, 5), 8000, "FLOAT")
    made["off centre"] = (at(8000, 5) * 0.3 + 0.4, 8000, "PCM_16")
    made["very soft"] = (at(8000, 9) * 1e-4, 8000, "FLOAT")
    made["a click"] = (np.eye(1, 300, 40)[0], 8000, "PCM_16")
    made["one sample short"] = (at(8000, 2, 1)[:7999], 8000, "PCM_16")
    return made


SOUNDS = sounds()


@pytest.fixture(scope="module")
def asked(tmp_path_factory, program, served):
    folder = tmp_path_factory.mktemp("asked")
    (folder / "speech.bin").write_bytes(weights.content("speech"))
    files = {}
    for name, (samples, rate, kind) in SOUNDS.items():
        files[name] = folder / f"{name}.wav"
        soundfile.write(files[name], samples, rate, kind, format="WAVEX" if name == "PCM_24" else "WAV")
    whole = files["digit 3"].read_bytes()
    size = len(whole) - 44
    others = {
        "cut": whole[:-1000],
        "unfinished": whole[:40] + bytes(4) + whole[44:],
        "streamed": whole[:40] + b"\xff\xff\xff\xff" + whole[44:],
        "with notes": whole[:12] + b"LIST\x03\0\0\0abc" + whole[12:],
        "with padded notes": whole[:12] + b"LIST\x03\0\0\0abc\0" + whole[12:],
        "law": None,
        "empty": whole[:40] + bytes(4),
        "silent": whole[:44] + bytes(size),
        "none": b"RIFF",
        "another": b"ID3" + bytes(100),
    }
    for name, content in others.items():
        files[name] = folder / f"{name}.wav"
        files[name].write_bytes(content or b"")
    soundfile.write(files["law"], at(8000), 8000, "ULAW")
    environment = {**os.environ, "CNNBOOK_WIDGETS": str(served)}
    command = [program, "tests/widgets/ask_speech.mjs", str(folder / "speech.bin"), *map(str, files.values())]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, encoding="utf-8")
    return {name: (files[name], there) for name, there in zip(files, json.loads(done.stdout), strict=True)}


def in_words(said: dict) -> str:
    match said:
        case {"kind": "scaled", "by": by}:
            return f"scaled to full scale from {by:.3g} times it"
        case {"kind": "mean", "n": n}:
            return f"mean of {n} channels"
        case {"kind": "channel", "which": which, "n": n}:
            return f"channel {which + 1} taken: the mean of {n} cancels them"
        case {"kind": "rate", "from": rate}:
            return f"{rate} Hz to {RATE} Hz"
        case {"kind": kind}:
            return {"loudest": "its loudest second taken", "filled": "silence added to one second"}[kind]


@pytest.mark.parametrize("name", SOUNDS)
def test_the_answer_is_the_command_s(asked, name):
    path, there = asked[name]
    found = predict(path)
    chances = dict(enumerate(there["chances"]))
    assert {one["digit"]: chances[one["digit"]] for one in found["digits"]} == pytest.approx(
        {one["digit"]: one["probability"] for one in found["digits"]}, abs=1e-3
    )
    assert max(chances, key=chances.get) == found["digits"][0]["digit"] and sum(chances.values()) == pytest.approx(1)
    assert [in_words(one) for one in there["said"]] == found["converted"]
    assert (there["rate"], there["channels"]) == (found["rate"], found["channels"])
    assert there["samples"] / there["rate"] == found["seconds"]


@pytest.mark.parametrize("name", SOUNDS)
def test_so_are_the_spectrogram_and_the_responses(asked, name):
    path, there = asked[name]
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    wave = one_channel(torch.from_numpy(samples).T)[0]
    exact = prepared(wave.double(), rate)[0].numpy()  # single precision is off by 0.004 where it is softest
    assert np.abs(np.array(there["spectrum"]) - exact).max() < 1e-4
    network, facts = package.network("speech", lambda facts: over_time(tuple(facts["channels"])))
    with torch.no_grad():
        responses = network[:4]((prepared(wave, rate) - facts["mean"]) / facts["std"])[0].numpy()
    assert np.abs(np.array(there["responses"]) - responses).max() < 0.02


@pytest.mark.parametrize("name", ["unfinished", "streamed", "with notes", "with padded notes"])
def test_headers_that_are_common_are_read(asked, name):
    path, there = asked[name]
    assert there["chances"] == asked["digit 3"][1]["chances"]
    assert there["samples"] / there["rate"] == predict(path)["seconds"]


def test_what_is_no_sound_is_told_apart(asked):
    kinds = {name: asked[name][1] for name in ("cut", "law", "empty", "silent", "none", "another")}
    assert kinds == {"cut": "cut", "law": None, "empty": "empty", "silent": "silent", "none": None, "another": None}
