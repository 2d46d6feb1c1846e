"""The weights of the package as figures read them: the same numbers, bit for bit."""

import gzip
import json
import subprocess
import sys

import numpy as np
import pytest

import node
from cnnbook.weights import read
from manuscript import ROOT

sys.path.insert(0, str(ROOT / "hooks"))
import weights

CORE = ROOT / "docs/assets/widgets/core/weights.mjs"
READ = """
import { readFileSync, writeFileSync } from "node:fs";
const { facts, half, read, unfolded } = await import(process.argv[1]);
const sent = new Uint8Array(readFileSync(process.argv[2])).buffer;
const bytes = new Uint8Array(sent)[0] === 0x1f ? await unfolded(sent) : sent;
const tensors = [...read(bytes)].map(([name, { shape, values }]) => [name, shape, [...new Uint8Array(values.buffer)]]);
const halves = [...new Uint8Array(Float32Array.from({ length: 65536 }, (_, bits) => half(bits)).buffer)];
process.stdout.write(JSON.stringify({ tensors, facts: facts(bytes), halves }));
"""


def asked(path):
    command = [node.find() or pytest.fail(node.MISSING), "--input-type=module", "-e", READ, CORE.as_uri(), str(path)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8")


@pytest.mark.parametrize("name", weights.NAMES)
def test_a_figure_reads_the_weights_that_the_package_answers_with(tmp_path, name):
    (tmp_path / "weights.bin").write_bytes(weights.content(name))
    found, (state, facts) = json.loads(asked(tmp_path / "weights.bin").stdout), read(name)
    assert [(one, shape) for one, shape, _ in found["tensors"]] == [(one, [*t.shape]) for one, t in state.items()]
    for one, _, values in found["tensors"]:
        assert bytes(values) == state[one].numpy().tobytes(), one
    assert found["facts"] == {key: value for key, value in facts.items() if key != "words"}
    every = np.arange(65536, dtype=np.uint16).view(np.float16).astype(np.float32)
    halves = np.frombuffer(bytes(found["halves"]), np.float32)
    assert np.array_equal(halves, every, equal_nan=True)


@pytest.mark.parametrize("name", weights.LARGE)
def test_the_vocabulary_is_the_package_s(name):
    assert gzip.decompress(weights.content(f"{name}.words")).decode() == read(name)[1]["words"]


@pytest.mark.parametrize(
    ("broken", "rule"),
    [
        (lambda whole: whole[:2], "cut off in their header"),
        (lambda whole: whole[:100], "cut off in their header"),
        (lambda whole: whole[:-2], "cut off in 6.bias"),
        (lambda whole: whole + b"\0\0", "end at byte"),
        (lambda whole: whole.replace(b'"float16"', b'"float64"'), "dtype must be float16 or float32, got float64"),
    ],
)
def test_weights_that_are_damaged_are_refused(tmp_path, broken, rule):
    (tmp_path / "weights.bin").write_bytes(broken(weights.content("image-classes")))
    assert rule in asked(tmp_path / "weights.bin").stderr


def test_what_is_fetched_is_small():
    assert max(len(weights.content(name)) for name in weights.NAMES) <= 150 * 1024
