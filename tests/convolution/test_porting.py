"""5.14.4: padding, crops and weights against what the frameworks themselves compute; and where pixels lie."""

import doctest
import importlib.util
import json
import runpy
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cnnbook.convolution import porting
from cnnbook.convolution.porting import (
    TransposedPadding,
    centre_shift,
    conv_padding,
    torch_padding,
    transposed_padding,
    weight_to_torch,
)
from cnnbook.convolution.transposed import conv_output_size, output_size, scatter

ROOT = Path(__file__).parents[2]
TABLE = json.loads(Path(__file__).with_name("_porting.json").read_text("utf-8"))  # made by tools/make_porting.py


def image(n: int) -> torch.Tensor:
    return torch.arange(1.0, n + 1).double()[None]


def kernel(k: int) -> torch.Tensor:
    """1, 10, 100, …: the digits of an output say which pixel lies under which tap."""
    return (10.0 ** torch.arange(k)).double()[None, None]


def layer(answer: TransposedPadding, x: torch.Tensor, w: torch.Tensor, **setting: int) -> torch.Tensor:
    """PyTorch's layer as the answer says, and its crop."""
    rest = {"padding": answer.padding, "output_padding": answer.output_padding, **setting}
    return answer.cropped((F.conv_transpose1d if w.dim() == 3 else F.conv_transpose2d)(x, w, **rest))


# What the frameworks themselves compute.


@pytest.mark.parametrize("framework", TABLE["conv"])
def test_a_convolution_is_padded_as_in_the_framework(framework):
    for n, k, s, d, _, _, output in TABLE["conv"][framework]:
        padded = F.pad(image(n), conv_padding(framework, n, k, s, d))
        assert F.conv1d(padded, kernel(k), stride=s, dilation=d)[0].tolist() == output, (n, k, s, d)


@pytest.mark.parametrize("framework", TABLE["transposed"])
def test_a_transposed_convolution_is_that_of_the_framework(framework):
    name = framework.removesuffix("-transpose-kernel")
    layout = "jax" if framework in ("jax-same", "jax-valid") else "tensorflow"
    for n, k, s, d, size, extra, output in TABLE["transposed"][framework]:
        answer = transposed_padding(name, n, k, s, d, output_size=size, output_padding=extra)
        w = weight_to_torch(layout, kernel(k).movedim(-1, 0), transposed=True)
        assert layer(answer, image(n), w, stride=s, dilation=d)[0].tolist() == output, (n, k, s, d, size, extra)


@pytest.mark.parametrize("framework", TABLE["explicit"])
def test_padding_by_numbers_is_a_crop_of_the_full_output(framework):
    for n, k, s, d, begin, end, extra, output in TABLE["explicit"][framework]:
        last = d * (k - 1)
        crop = (begin, end - extra) if framework == "onnx" else (last - begin, last - end)
        answer = torch_padding(*crop, s, d)
        assert layer(answer, image(n), kernel(k), stride=s, dilation=d)[0].tolist() == output, (k, s, d, begin, end)


@pytest.mark.parametrize("row", TABLE["layouts"], ids=lambda row: f"{row['framework']}-{row['transposed']}")
def test_weights_give_what_they_gave_in_the_framework(row):
    x, weight, output = (torch.tensor(row[name]).double() for name in ("input", "weight", "output"))
    w = weight_to_torch(row["framework"], weight, row["transposed"])
    assert w.is_contiguous()
    if row["transposed"]:
        assert torch.equal(F.conv_transpose2d(x, w, stride=2), output)
    else:
        assert torch.equal(F.conv2d(x, w, groups=len(x) // w.shape[1]), output)


def test_a_kernel_that_is_rotated_wrongly_does_not_pass():
    for row in TABLE["layouts"]:
        x, weight, output = (torch.tensor(row[name]).double() for name in ("input", "weight", "output"))
        if row["transposed"]:
            w = weight_to_torch(row["framework"], weight, transposed=True)
            assert not torch.equal(F.conv_transpose2d(x, w.flip(-2, -1), stride=2), output), row["framework"]


def test_jaxs_default_is_the_other_kernel_rotated_with_its_channels_exchanged():
    w = torch.arange(36.0).reshape(2, 3, 2, 3)
    other = weight_to_torch("jax-transpose-kernel", w.transpose(-2, -1), transposed=True)
    assert torch.equal(weight_to_torch("jax", w, transposed=True), other.flip(-2, -1))
    assert torch.equal(weight_to_torch("tensorflow", w, transposed=True), w.permute(3, 2, 0, 1))


LIBRARIES = {"tensorflow": "tensorflow", "keras": "tensorflow", "jax": "jax", "onnx": "onnxruntime"}
LIVE = [
    (kind, framework)
    for kind in ("conv", "transposed")
    for framework in TABLE[kind]
    if importlib.util.find_spec(LIBRARIES[framework.split("-")[0]])
]


@pytest.mark.parametrize("kind, framework", LIVE)  # none is needed: what is installed is asked again
def test_the_framework_computes_it_still(kind, framework):
    tool = runpy.run_path(str(ROOT / "tools/make_porting.py"))
    assert tool["rows"](framework, kind == "transposed") == TABLE[kind][framework]


# SAME: its formula, and why the transposed layer crops what it crops.

SIZES = {"n": st.integers(1, 9), "k": st.integers(1, 6), "s": st.integers(1, 4), "d": st.integers(1, 3)}
DRAWN = settings(derandomize=True, max_examples=150)


@DRAWN
@given(**SIZES)
def test_same_adds_as_few_zeros_as_give_a_pixel_for_each_begun_step(n, k, s, d):
    before, after = conv_padding("tensorflow-same", n, k, s, d)
    assert 0 <= after - before <= 1 and conv_padding("onnx-same-lower", n, k, s, d) == (after, before)
    reach, wanted = d * (k - 1) + 1, -(-n // s)
    assert max(n + before + after - reach, -1) // s + 1 >= wanted == len(range(0, n, s))
    if before + after:  # one zero less is one output less
        assert (n + before + after - 1 - reach) // s + 1 == wanted - 1


@DRAWN
@given(**SIZES, data=st.data())
def test_the_transposed_layer_crops_the_zeros_that_the_convolution_adds(n, k, s, d, data):
    # TensorFlow's transposed convolution is the gradient of its convolution over an image as large as the output.
    length = data.draw(st.integers((n - 1) * s + 1, n * s))
    answer = transposed_padding("tensorflow-same", n, k, s, d, output_size=length)
    w = torch.randint(-9, 10, (1, 1, k), generator=torch.Generator().manual_seed(n + k)).double()
    x, y = torch.arange(1.0, length + 1).double()[None], image(n) ** 2
    padded = F.pad(x, conv_padding("tensorflow-same", length, k, s, d))
    down, up = F.conv1d(padded, w, stride=s, dilation=d), layer(answer, y, w, stride=s, dilation=d)
    assert down.shape == y.shape and up.shape == x.shape
    assert (down * y).sum() == (x * up).sum()


@DRAWN
@given(**SIZES)
def test_sizes_are_those_that_the_frameworks_document(n, k, s, d):
    reach = d * (k - 1) + 1

    def length(framework, **options):
        answer = transposed_padding(framework, n, k, s, d, **options)
        full = output_size(n, k, s, answer.padding, answer.output_padding, d)
        return full - sum(answer.crop)

    for framework in ("tensorflow-same", "keras-same", "jax-same", "matlab-same"):
        assert length(framework) == n * s
    for framework in ("tensorflow-valid", "keras-valid", "jax-valid"):
        assert length(framework) == n * s + max(reach - s, 0)
    for extra in range(s):  # Keras: compute_conv_transpose_output_shape
        for framework, pad in (("keras-same", reach // 2), ("keras-valid", 0)):
            if (expected := (n - 1) * s + reach - 2 * pad + extra) > 0:
                assert length(framework, output_padding=extra) == expected
        assert length("onnx-notset", output_padding=extra) == (n - 1) * s + reach + extra
    if reach >= s:
        assert length("onnx-same-upper") == length("onnx-same-lower") == n * s
    assert length("onnx-notset", output_size=1) == 1


@DRAWN
@given(**SIZES, i=st.integers(0, 8))
def test_an_impulse_paints_where_the_crop_puts_it(n, k, s, d, i):
    assume(i < n)
    one = torch.eye(n).double()[i : i + 1]
    for framework in ("keras-same", "keras-valid", "jax-same"):
        answer = transposed_padding(framework, n, k, s, d)
        output = layer(answer, one, kernel(k), stride=s, dilation=d)[0]
        before = max(d * (k - 1) + 1 - s, 0) // 2 if framework.endswith("same") else 0
        expected = {i * s + u * d - before: 10.0**u for u in range(k)}
        assert {j: v for j, v in enumerate(output.tolist()) if v} == {
            j: v for j, v in expected.items() if 0 <= j < len(output)
        }


def test_pytorchs_two_numbers_reach_just_these_crops():
    for s, d, k in product((1, 2, 3), (1, 2), (1, 2, 4)):
        reached = {
            (p, p - extra): torch.equal(
                scatter(image(4), kernel(k), s, p, extra, dilation=d),
                layer(torch_padding(p, p - extra, s, d), image(4), kernel(k), stride=s, dilation=d),
            )
            for p, extra in product(range(4), range(max(s, d)))
            if 3 * s + d * (k - 1) + 1 + extra > 2 * p
        }
        assert all(reached.values())
        for before, after in product(range(4), range(-3, 4)):
            answer = torch_padding(before, after, s, d)
            alone = answer.crop == (0, 0)
            assert alone == (0 <= before - after < max(s, d))
            if 3 * s + d * (k - 1) + 1 > before + after:
                assert alone == ((before, after) in reached)
                full = F.pad(scatter(image(4), kernel(k), s, dilation=d), (0, 3))
                y = layer(answer, image(4), kernel(k), stride=s, dilation=d)
                assert torch.equal(y, full[:, before : full.shape[1] - 3 - after])


def test_an_even_kernel_at_stride_1_keeps_the_length_by_a_crop():
    for k, d in product((2, 4, 6), (1, 3)):
        answer = transposed_padding("pytorch-same", 10, k, dilation=d)
        assert answer == torch_padding((d * (k - 1)) // 2, -(-d * (k - 1) // 2), dilation=d)
        assert (answer.crop != (0, 0)) and layer(answer, image(10), kernel(k), dilation=d).shape[1] == 10
        sizes = {output_size(10, k, 1, p, e, d) for p in range((d * k) // 2) for e in range(d)}
        assert (10 in sizes) == (d > 1)  # a dilation has room for another way, whose ends are the other way round


def test_with_dilation_pytorchs_own_way_keeps_the_length_and_moves_the_output():
    alone = F.conv_transpose1d(image(10), kernel(2), dilation=3, padding=2, output_padding=1)
    same = layer(transposed_padding("pytorch-same", 10, 2, dilation=3), image(10), kernel(2), dilation=3)
    assert alone.shape == same.shape and torch.equal(alone[:, :-1], same[:, 1:])


def test_keras_and_the_usual_setting_are_a_pixel_apart():
    keras = layer(transposed_padding("keras-same", 4, 3, 2), image(4), kernel(3), stride=2)
    usual = F.conv_transpose1d(image(4), kernel(3), stride=2, padding=1, output_padding=1)
    assert keras.shape == usual.shape and torch.equal(keras[:, 1:], usual[:, :-1])


def test_two_axes_at_once_each_by_its_own():
    answer = transposed_padding("keras-same", (4, 5), (3, 4), 2)
    assert answer == ((0, 1), (0, 0), ((0, 1), (0, 0)))
    x, w = torch.rand(1, 4, 5).double(), torch.rand(1, 1, 3, 4).double()
    assert torch.equal(layer(answer, x, w, stride=2), scatter(x, w, stride=2, padding=(0, 1))[:, :-1])
    assert conv_padding("tf_SAME", (4, 5), (3, 4), 2) == ((0, 1), (1, 2))
    assert transposed_padding("onnx-notset", (4, 4), 3, 2, output_size=(8, 9)).crop == ((0, 0), (0, 0))


# Where pixels lie.


@DRAWN
@given(**SIZES, p=st.integers(0, 4))
def test_centres_by_the_centroid_of_an_impulse(n, k, s, d, p):
    reach, i = d * (k - 1) + 1, n + 4  # far from both ends
    middle = i * s + (s - 1) / 2  # the centre of the s fine pixels that coarse pixel i stands for
    shift = centre_shift(k, s, p, d)
    painted = scatter(torch.eye(2 * i + 1)[i : i + 1], torch.ones(1, 1, k), s, p, dilation=d)[0].nonzero().double()
    assert painted.mean().item() - middle == shift
    x = torch.zeros(1, (2 * i + 1) * s + reach, requires_grad=True)
    (seen,) = torch.autograd.grad(F.conv1d(x, torch.ones(1, 1, k), stride=s, padding=p, dilation=d)[0, i], x)
    assert seen[0].nonzero().double().mean().item() - middle == shift
    assert (shift == 0) == (2 * p == reach - s)


def test_a_ramp_stays_where_it_is_or_moves_by_the_shift():
    ramp = torch.arange(12.0)[None]
    for taps, k, p in (([1, 3, 3, 1], 4, 1), ([1, 2, 1], 3, 1), ([1, 2, 1], 3, 0)):
        w = torch.tensor([[taps]]).float() / sum(taps) * 2
        out = F.conv_transpose1d(ramp, w, stride=2, padding=p)[0]
        true = (torch.arange(len(out)) + 0.5) / 2 - 0.5  # where output j lies in the ramp's own pixels
        assert torch.allclose((out - true)[4:-4], torch.tensor(-centre_shift(k, 2, p) / 2)), (k, p)


def test_with_same_the_shift_depends_on_the_size_and_with_numbers_it_does_not():
    shifts = {n: centre_shift(3, 2, conv_padding("tensorflow-same", n, 3, 2)[0]) for n in (224, 225)}
    assert shifts == {224: 0.5, 225: -0.5} and centre_shift(3, 2, 1) == -0.5
    for k, s in product(range(1, 8), range(1, 5)):  # the last step has 1 to s pixels, and k less so many are added
        seen = {centre_shift(k, s, conv_padding("tensorflow-same", n, k, s)[0]) for n in range(20, 20 + 4 * s)}
        assert (len(seen) == 1) == ((k - 1) // 2 == max(k - s, 0) // 2), (k, s, seen)


def test_half_pixels_and_asymmetric_are_transposed_convolutions_and_align_corners_is_not():
    x = torch.tensor([[3.0, 1.0, 4.0, 1.0, 5.0]])
    found = {mode: torch.tensor([values]) for mode, values in TABLE["resized"].items()}
    for mode, corners in (("half_pixel", False), ("align_corners", True)):
        ours = F.interpolate(x[None], scale_factor=2, mode="linear", align_corners=corners)[0]
        assert torch.allclose(ours, found[mode], atol=1e-5)
    edges = F.pad(x[None], (1, 1), mode="replicate")[0]
    half = F.conv_transpose1d(edges, torch.tensor([[[1.0, 3, 3, 1]]]) / 4, stride=2, padding=3)
    old = F.conv_transpose1d(edges, torch.tensor([[[1.0, 2, 1]]]) / 2, stride=2, padding=3, output_padding=1)
    assert torch.allclose(half, found["half_pixel"], atol=1e-5) and centre_shift(4, 2, 1) == 0
    assert torch.allclose(old, found["asymmetric"], atol=1e-5) and centre_shift(3, 2, 1) == -0.5

    def stamp(i, corners):
        return F.interpolate(torch.eye(9)[None, i : i + 1], scale_factor=2, mode="linear", align_corners=corners)[0, 0]

    for corners in (False, True):  # a convolution has one stamp, wherever it is set
        same = torch.allclose(stamp(4, corners)[2:], stamp(3, corners)[:-2], atol=1e-6)
        assert same is not corners


# What is refused, and how; the examples.

CASES = {
    "unknown": (lambda: conv_padding("theano-half", 4, 3), ValueError, r"^framework must be one of tensorflow-same, "),
    "unknown up": (lambda: transposed_padding("jax-full", 4, 3), ValueError, r"jax-same, jax-valid, .*got 'jax-full'$"),
    "unknown weight": (
        lambda: weight_to_torch("theano", torch.ones(1, 1, 1)),
        ValueError,
        r"tensorflow, keras, .*got 'theano'$",
    ),
    "depthwise up": (
        lambda: weight_to_torch("keras-depthwise", torch.ones(1, 1, 1), transposed=True),
        ValueError,
        r"got 'keras-depthwise'$",
    ),
    "no name": (lambda: conv_padding(3, 3, 3), TypeError, r"^framework must be a string, got 3$"),
    "stride": (
        lambda: conv_padding("pytorch-same", 4, 3, 2),
        ValueError,
        r"^pytorch-same must have stride 1, as torch.nn.Conv2d demands, got stride=2$",
    ),
    "stride up": (lambda: transposed_padding("pytorch-same", 4, 3, 2), ValueError, r"must have stride 1"),
    "kernel": (
        lambda: conv_padding("jax-same", 4, 0),
        ValueError,
        r"^kernel_size must be at least 1, got kernel_size=0$",
    ),
    "axes": (lambda: conv_padding("jax-same", (4, 4, 4), (3, 3)), ValueError, r"got kernel_size=\(3, 3\) with axes=3$"),
    "option": (
        lambda: transposed_padding("jax-same", 4, 3, 2, output_size=9),
        ValueError,
        r"^jax-same must have no output_size, got output_size=9$",
    ),
    "elsewhere": (
        lambda: transposed_padding("tensorflow-same", 4, 3, 2, output_size=9),
        ValueError,
        r"^the convolution must lead from output_size back to size=4, got output_size=9, which leads to 5$",
    ),
    "no stamp": (
        lambda: transposed_padding("onnx-same-upper", 4, 1, 2),
        ValueError,
        r"^onnx-same-upper must have stamps that reach all of the output, got 7 < 8 with size=4, kernel_size=1, str",
    ),
    "nothing left": (
        lambda: transposed_padding("keras-same", 1, 2, 1, output_padding=0),
        ValueError,
        r"^output size must be at least 1, got 0 from size=1, kernel_size=2, stride=1, dilation=1$",
    ),
    "half": (lambda: torch_padding(0.5, 0), TypeError, r"^before must be an int, got 0.5$"),
    "bool": (lambda: torch_padding(0, (True, 0)), TypeError, r"^after must be an int, got True$"),
    "three": (lambda: torch_padding((1, 1, 1), (0, 0)), ValueError, r"got after=\(0, 0\) with axes=3$"),
    "flat": (
        lambda: weight_to_torch("onnx", torch.ones(3, 3)),
        ValueError,
        r"^weight must have at least 3 axes, got shape \(3, 3\)$",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_refused_and_how(case):
    call, error, message = CASES[case]
    with pytest.raises(error, match=message):
        call()


def test_names_have_aliases_and_arrays_are_weights():
    assert conv_padding("TF-SAME", 224, 3, 2) == conv_padding("tflite_same", 224, 3, 2) == (0, 1)
    assert transposed_padding("torch-same", 4, 2) == transposed_padding("pytorch-same", 4, 2)
    assert transposed_padding("flax-same", 4, 3, 2) == transposed_padding("jax-same", 4, 3, 2)
    assert weight_to_torch("flax", [[[1.0, 2.0]]]).shape == (2, 1, 1)
    assert conv_output_size(5, 3, 2, 1) == sum((5, *conv_padding("jax-same", 5, 3, 2))) // 2


def test_the_examples_in_the_docstrings():
    failed, tried = doctest.testmod(porting)
    assert (failed, tried >= 8) == (0, True)


def test_arrays_of_numpy_serve_whatever_their_order_and_byte_order():
    weight = np.arange(2.0 * 3 * 4 * 5).reshape(2, 3, 4, 5)
    rotated = weight[::-1, ::-1]
    expected = weight_to_torch("keras", torch.tensor(weight).flip(0, 1))
    for array in (rotated, np.ascontiguousarray(rotated).astype(">f8"), np.asfortranarray(rotated)):
        assert torch.equal(weight_to_torch("keras", array), expected)
    assert torch_padding(np.uint8(0), np.uint8(1), 2).cropped(torch.arange(3.0)).shape == (2,)
