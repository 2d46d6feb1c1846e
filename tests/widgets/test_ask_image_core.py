"""What <ask-image> does to a picture, in Node, is what the package does: each step, and the answer."""

import json
import re
import subprocess
import sys
from itertools import product

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from PIL import Image

import node
from cnnbook import weights
from cnnbook.cli import pictures
from cnnbook.domains.images import cnn, grey, normalise, prepare, to_tensor
from manuscript import ROOT

sys.path.insert(0, str(ROOT / "hooks"))
import weights as shipped

CORE = (ROOT / "docs/assets/widgets/core").as_uri()
ASKED = """
import { readFileSync } from "node:fs";
const core = {};
for (const name of ["garments", "pixels", "resizing", "weights"]) Object.assign(core, await import(`CORE/${name}.mjs`));
const cases = JSON.parse(readFileSync(0, "utf8"));
const greys = ({ values, width, height }) => ({ values: Float32Array.from(values), width, height });
const pixels = ({ bytes, width, height }) => ({ bytes: Uint8ClampedArray.from(bytes), width, height });
const plain = (_, value) => (ArrayBuffer.isView(value) ? [...value] : value);
const ways = {
  resize: ({ rows, columns, ...picture }) => {
    const { values, width, height } = greys(picture);
    return core.resize(values, height, width, rows, columns);
  },
  prepare: (picture) => core.prepare(greys(picture)),
  reduce: ({ by, ...picture }) => core.reduce(pixels(picture), by).bytes,
  opaque: (picture) => {
    const on = core.ground(pixels(picture).bytes);
    return on === null ? null : { on, ...core.grey(pixels(picture), on) };
  },
  round: (value) => core.rounded(value),
  answer: ({ file, values }) => {
    const buffer = Uint8Array.from(file).buffer;
    return core.answering(core.read(buffer), core.facts(buffer))(Float32Array.from(values));
  },
};
process.stdout.write(JSON.stringify(cases.map(([way, given]) => ways[way](given)), plain));
"""


def asked(cases: list) -> list:
    """What the modules make of each case: a way, and what it is given."""
    command = [node.find() or pytest.fail(node.MISSING), "--input-type=module", "-e", ASKED.replace("CORE", CORE)]
    done = subprocess.run(command, input=json.dumps(cases), capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def given(picture: torch.Tensor, **more) -> dict:
    """A grey picture ``(1, 1, H, W)`` or bytes ``(H, W, 4)`` as the modules take it."""
    if picture.dtype == torch.uint8:
        return {"bytes": picture.flatten().tolist(), "width": picture.shape[1], "height": picture.shape[0], **more}
    return {"values": picture.flatten().tolist(), "width": picture.shape[3], "height": picture.shape[2], **more}


def things() -> list[torch.Tensor]:
    """Pictures of something on some ground: light and dark, wide and high, large and of one pixel; and of nothing."""
    generator, found = torch.Generator().manual_seed(0), []
    for (high, wide), (ground, ink) in product(
        [(60, 40), (28, 28), (9, 200), (131, 17), (3, 3), (300, 301)], [(1.0, 0.1), (0.0, 0.9), (0.3, 0.8), (0.6, 0.2)]
    ):
        picture = torch.full((1, 1, high, wide), ground)
        picture += 0.02 * torch.rand(picture.shape, generator=generator)
        rows, columns = slice(high // 3, high // 3 + max(1, high // 2)), slice(wide // 4, wide // 4 + max(1, wide // 3))
        noise = 0.3 * torch.rand(picture[..., rows, columns].shape, generator=generator)
        picture[..., rows, columns] = (ink + noise).clamp(0, 1)
        found.append(picture.clamp(0, 1))
    whole = torch.rand(1, 1, 40, 30, generator=generator)  # no ground at all
    dot = torch.zeros(1, 1, 28, 28)
    dot[..., 13, 5] = 1
    return [*found, whole, dot, torch.full((1, 1, 5, 7), 0.4), torch.ones(1, 1, 1, 1)]


def test_a_picture_is_resized_as_torch_does():
    generator = torch.Generator().manual_seed(0)
    sizes = [(1, 1), (5, 28), (28, 5), (29, 57), (300, 77), (14, 14), (28, 28)]
    wanted = [(1, 1), (28, 28), (3, 28), (28, 9)]
    cases = [(torch.rand(1, 1, *size, generator=generator), to) for size, to in product(sizes, wanted)]
    found = asked([("resize", given(x, rows=rows, columns=columns)) for x, (rows, columns) in cases])
    for (x, to), y in zip(cases, found, strict=True):
        torch_s = F.interpolate(x, to, mode="bilinear", antialias=True).flatten()
        assert torch.tensor(y) == pytest.approx(torch_s, abs=2e-6), (x.shape, to)


def steps(done: list[dict]) -> list[str]:
    """In the words of the command."""
    return [one["step"] if len(one) == 1 else f"{one['step']} to {one['wide']}×{one['high']}" for one in done]


def test_a_picture_is_prepared_as_the_command_does():
    pictures_ = things()
    found = asked([("prepare", given(picture)) for picture in pictures_])
    refused = 0
    for picture, mine in zip(pictures_, found, strict=True):
        try:
            x, done = prepare(picture)
        except ValueError:
            assert mine is None, picture.shape
            refused += 1
            continue
        assert torch.tensor(mine["values"]) == pytest.approx(x.flatten(), abs=5e-6), picture.shape
        assert steps(mine["done"]) == [re.sub(r"\d+×\d+ trimmed", "trimmed", one) for one in done]
    assert refused == 2


def test_halves_are_rounded_as_python_does():
    values = [0, 0.5, 1.5, 2.5, 2.4999, 2.5001, 3.5, 4, 17.5]
    assert asked([("round", value) for value in values]) == [round(value) for value in values]


def bytes_of(high: int, wide: int, seed: int, alpha: str) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    pixels = torch.randint(256, (high, wide, 4), generator=generator, dtype=torch.uint8)
    if alpha == "opaque":
        pixels[..., 3] = 255
    elif alpha == "cut out":
        pixels[..., 3] = 255 * (pixels[..., 3] > 127).to(torch.uint8)
    return pixels


@pytest.mark.parametrize("alpha", ["opaque", "cut out", "any"])
def test_a_large_picture_is_reduced_as_pillow_does(alpha):
    sizes = [(12, 12, 2), (13, 17, 3), (40, 9, 8), (5, 5, 1)]
    cases = [(bytes_of(high, wide, by, alpha), by) for high, wide, by in sizes]
    for (pixels, by), mine in zip(cases, asked([("reduce", given(one, by=by)) for one, by in cases]), strict=True):
        theirs = np.asarray(Image.fromarray(pixels.numpy(), "RGBA").reduce(by))
        assert mine == theirs.flatten().tolist(), by


def test_a_transparent_picture_is_laid_on_what_it_stands_out_from():
    light = bytes_of(9, 9, 1, "any") // 8 + torch.tensor([220, 220, 220, 0], dtype=torch.uint8)
    dark = bytes_of(9, 9, 2, "any")
    dark[..., :3] //= 3
    unseen = bytes_of(4, 4, 3, "any")
    unseen[..., 3] = 0
    cases = [light, dark, bytes_of(9, 9, 4, "any"), bytes_of(9, 9, 5, "opaque")]
    *found, nothing = asked([("opaque", given(one)) for one in [*cases, unseen]])
    assert nothing is None
    for pixels, mine in zip(cases, found, strict=True):
        theirs, ground = pictures._opaque(Image.fromarray(pixels.numpy(), "RGBA"), "picture")
        assert mine["on"] == ground
        wanted = grey(to_tensor(torch.from_numpy(np.array(theirs))))
        assert torch.tensor(mine["picture"]["values"]) == pytest.approx(wanted.flatten(), abs=0.6 / 255)
        assert mine["coloured"]
    assert {one["on"] for one in found} == {"black", "white", ""}
    same = torch.full((2, 2, 4), 200, dtype=torch.uint8)
    assert not asked([("opaque", given(same))])[0]["coloured"]


def test_the_network_answers_as_the_command_does():
    network, facts = weights.network("image-classes", lambda facts: cnn(tuple(facts["channels"])))
    inputs = [prepare(one)[0] for one in things()[:-2]]
    file = list(shipped.content("image-classes"))
    found = asked([("answer", {"file": file, "values": x.flatten().tolist()}) for x in inputs])
    with torch.no_grad():
        for x, mine in zip(inputs, found, strict=True):
            normal = normalise(x, facts["mean"], facts["std"])
            assert mine["shares"] == pytest.approx(network(normal).softmax(-1)[0].tolist(), abs=1e-5)
            for end, maps in zip((2, 4), mine["maps"], strict=True):
                assert maps == pytest.approx(network[:end](normal).flatten().tolist(), abs=1e-4)
