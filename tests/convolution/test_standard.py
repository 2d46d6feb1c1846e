"""5.14.1: both operations against torch, SciPy and the source chapter's hand cases."""

import doctest
import json
import runpy
import subprocess
import sys
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import scipy.signal
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnbook.convolution import standard
from cnnbook.convolution.standard import convolve2d, cross_correlate2d, rotate180
from cnnbook.convolution.transposed import conv_output_size

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests/widgets/golden/standard.json"
pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")


def whole(*shape: int, seed: int = 0) -> torch.Tensor:
    """Whole numbers in float64, whose sums and products are exact: equal means equal."""
    return torch.randint(-9, 10, shape, generator=torch.Generator().manual_seed(seed)).double()


# The source chapter's own examples.

IMAGE = torch.arange(1.0, 10.0).reshape(3, 3)
EDGES = torch.tensor([[-1.0, -2.0, -1.0], [0.0, 0.0, 0.0], [1.0, 2.0, 1.0]])
PATCH = torch.tensor([[0.0, 0.0, 0.0], [0.0, 1.0, 1.0], [0.0, 1.0, 2.0]])
CORNERS = torch.tensor([[4.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, -4.0]])


def test_the_sources_nine_outputs_are_a_true_convolution():
    nine = [[-13, -20, -17], [-18, -24, -18], [13, 20, 17]]
    assert convolve2d(IMAGE, EDGES, padding=1).tolist() == nine
    assert cross_correlate2d(IMAGE, EDGES, padding=1).tolist() == [[-y for y in row] for row in nine]


def test_the_sources_second_example_is_a_cross_correlation():
    assert cross_correlate2d(PATCH, CORNERS).item() == -8
    assert convolve2d(PATCH, CORNERS).item() == 8


def test_minus_thirteen_by_hand():
    # The rotated kernel over the corner of the image, whose first row and column are padding.
    by_hand = 0 * 1 + 0 * 2 + 0 * 1 + 0 * 0 + 1 * 0 + 2 * 0 + 0 * -1 + 4 * -2 + 5 * -1
    assert convolve2d(IMAGE, EDGES, padding="same")[0, 0].item() == by_hand == -13


# Against torch and SciPy.

SIZES = [(1, 1), (1, 4), (3, 3), (4, 5), (6, 2)]
KERNELS = list(product((1, 2, 3, 4), repeat=2))


@pytest.mark.parametrize("padding", [0, 1, 2, 3, "valid", "same"])
def test_cross_correlation_is_torchs_conv2d(padding):
    compared = refused = 0
    for (height, width), (k_h, k_w), (n, inputs, outputs) in product(SIZES, KERNELS, [(1, 1, 1), (2, 3, 2)]):
        x, w = whole(n, inputs, height, width), whole(outputs, inputs, k_h, k_w, seed=1)
        try:
            expected = F.conv2d(x, w, padding=padding)
        except RuntimeError as error:
            assert "Kernel size can't be greater" in str(error)
            with pytest.raises(ValueError, match="kernel must not be larger than the padded input"):
                cross_correlate2d(x, w, padding)
            refused += 1
            continue
        assert torch.equal(cross_correlate2d(x, w, padding), expected)
        assert torch.equal(cross_correlate2d(x[0], w, padding), expected[0])
        if inputs == outputs == 1:
            assert torch.equal(cross_correlate2d(x[0, 0], w[0, 0], padding), expected[0, 0])
        compared += 1
    assert compared >= 50 and (refused > 0) == (padding in (0, 1, "valid"))


@pytest.mark.parametrize("padding", ["valid", "same", "full"])
def test_convolution_is_scipys_convolve2d(padding):
    for (height, width), (k_h, k_w) in product(SIZES, KERNELS):
        x, w = whole(height, width), whole(k_h, k_w, seed=1)
        if padding == "valid" and (k_h > height or k_w > width):
            continue
        expected = scipy.signal.convolve2d(x.numpy(), w.numpy(), mode=padding)
        assert np.array_equal(convolve2d(x, w, padding), expected)


@pytest.mark.parametrize("padding", ["valid", "same", "full"])
def test_cross_correlation_is_scipys_correlate2d(padding):
    for (height, width), (k_h, k_w) in product(SIZES, KERNELS):
        x, w = whole(height, width), whole(k_h, k_w, seed=1)
        if padding == "valid" and (k_h > height or k_w > width):
            continue
        assert np.array_equal(cross_correlate2d(x, w, padding), scipy.signal.correlate2d(x, w, mode=padding))


@pytest.mark.parametrize("k", [1, 2, 3, 4, 5, 6])
def test_same_in_scipys_correlate_is_torchs_same_for_odd_kernels_only(k):
    # SciPy's two disagree: correlate2d puts the surplus zero of an even kernel last, as torch does, correlate first.
    x, w = whole(6, 6), whole(k, k, seed=1)
    ours, theirs = cross_correlate2d(x, w, "same"), torch.from_numpy(scipy.signal.correlate(x, w, mode="same"))
    assert torch.equal(ours, theirs) == (k % 2 == 1)
    if k % 2 == 0:  # the same picture, one pixel further down and right
        assert torch.equal(ours[:-1, :-1], theirs[1:, 1:])
    row, taps = x[:1], w[:1]
    numpys = np.correlate(row[0].numpy(), taps[0].numpy(), mode="same")
    assert np.array_equal(cross_correlate2d(row, taps, "same")[0], numpys) == (k % 2 == 1)


def test_scipy_swaps_image_and_kernel_where_we_and_torch_refuse():
    small, large = whole(2, 2), whole(3, 3, seed=1)
    swapped = scipy.signal.convolve2d(small, large, mode="valid")
    assert np.array_equal(swapped, convolve2d(large, small, "valid"))
    with pytest.raises(ValueError, match=r"kernel \(3, 3\) on \(2, 2\)"):
        convolve2d(small, large, "valid")
    with pytest.raises(RuntimeError, match="Kernel size can't be greater"):
        F.conv2d(small[None, None], large[None, None])


def test_channels_are_summed_and_not_rotated():
    x, w = whole(3, 5, 4), whole(2, 3, 2, 3, seed=1)
    for padding in ("valid", "same", "full"):
        expected = [sum(scipy.signal.convolve2d(x[c], w[o, c], mode=padding) for c in range(3)) for o in range(2)]
        assert np.array_equal(convolve2d(x, w, padding), np.stack(expected))


# Properties.

paddings = st.one_of(st.integers(0, 3), st.sampled_from(["valid", "same", "full"]))
lengths = st.integers(1, 4)


@settings(derandomize=True, max_examples=200)
@given(padding=paddings, k=st.tuples(lengths, lengths), extra=st.tuples(st.integers(0, 4), st.integers(0, 4)))
def test_convolution_is_cross_correlation_in_a_mirror(padding, k, extra):
    x, w = whole(*(length + more for length, more in zip(k, extra, strict=True))), whole(*k, seed=1)
    assert torch.equal(convolve2d(x, w, padding), cross_correlate2d(x.flip(-2, -1), w, padding).flip(-2, -1))
    if padding != "same":  # there the surplus sides differ
        assert torch.equal(convolve2d(x, w, padding), cross_correlate2d(x, rotate180(w), padding))


numbers = {"stride": st.integers(1, 4), "dilation": st.integers(1, 3)}


@st.composite
def layers(draw):
    """Input, kernel and all settings of a layer, ints or one int an axis."""
    pairs = {name: draw(st.one_of(number, st.tuples(number, number))) for name, number in numbers.items()}
    number = st.integers(0, 3)
    padding = draw(st.one_of(number, st.tuples(number, number), st.sampled_from(["valid", "same"])))
    if padding == "same":
        pairs["stride"] = draw(st.sampled_from([1, (1, 1)]))
    groups, inputs, outputs, n = (draw(st.integers(1, most)) for most in (3, 2, 2, 2))
    size, kernel = (draw(st.tuples(st.integers(1, most), st.integers(1, most))) for most in (9, 4))
    x = whole(n, groups * inputs, *size, seed=draw(st.integers(0, 99)))
    w = whole(groups * outputs, inputs, *kernel, seed=draw(st.integers(100, 199)))
    return x, w, {**pairs, "padding": padding, "groups": groups}


@settings(derandomize=True, max_examples=600)
@given(layers())
def test_with_all_its_settings_cross_correlation_is_torchs_conv2d_or_is_refused_with_it(layer):
    x, w, arguments = layer
    try:
        expected = F.conv2d(x, w, **arguments)
    except RuntimeError as error:
        assert "Kernel size can't be greater" in str(error)
        for operation in (cross_correlate2d, convolve2d):
            with pytest.raises(ValueError, match="kernel must not be larger than the padded input"):
                operation(x, w, **arguments)
        return
    found = cross_correlate2d(x, w, **arguments)
    assert torch.equal(found, expected) and torch.equal(cross_correlate2d(x[0], w, **arguments), expected[0])
    if x.shape[1] == 1 and len(w) == 1:
        assert torch.equal(cross_correlate2d(x[0, 0], w[0, 0], **arguments), expected[0, 0])
    if arguments["padding"] != "same":
        assert torch.equal(convolve2d(x, rotate180(w), **arguments), expected)
        zeros = 0 if arguments["padding"] == "valid" else arguments["padding"]
        sizes = conv_output_size(
            tuple(x.shape[2:]), tuple(w.shape[2:]), arguments["stride"], zeros, arguments["dilation"]
        )
        assert tuple(found.shape[2:]) == sizes


@settings(derandomize=True, max_examples=150)
@given(k=st.tuples(lengths, lengths), s=st.integers(1, 3), d=st.integers(1, 3), padding=st.sampled_from(["full", 0, 2]))
def test_convolution_with_a_stride_and_a_dilation_is_what_scipys_is_with_zeros_between_and_outputs_left_out(
    k, s, d, padding
):
    x, w = whole(9, 10), whole(*k, seed=1)
    spread = np.zeros([d * (n - 1) + 1 for n in k])
    spread[::d, ::d] = w
    image = x if padding == "full" else F.pad(x, [padding] * 4)
    if any(n > m for n, m in zip(spread.shape, image.shape, strict=True)):
        return
    expected = scipy.signal.convolve2d(image, spread, mode="full" if padding == "full" else "valid")[::s, ::s]
    assert np.array_equal(convolve2d(x, w, padding, s, d), expected)


@settings(derandomize=True, max_examples=100)
@given(k=st.tuples(lengths, lengths), d=st.integers(1, 3))
def test_same_with_a_dilation_is_a_mirror_as_well(k, d):
    x, w = whole(7, 8), whole(*k, seed=1)
    mirror = cross_correlate2d(x.flip(-2, -1), w, "same", dilation=d).flip(-2, -1)
    assert torch.equal(convolve2d(x, w, "same", dilation=d), mirror) and mirror.shape == x.shape


def test_a_learned_kernel_makes_the_difference_disappear():
    torch.manual_seed(0)
    images, targets = torch.randn(8, 1, 6, 6).double(), torch.randn(8, 1, 4, 4).double()
    start = torch.randn(1, 1, 3, 3).double()

    def learn(operation, kernel, steps=200):
        for _ in range(steps):
            kernel = kernel.clone().requires_grad_()
            loss = (operation(images, kernel) - targets).square().mean()
            (gradient,) = torch.autograd.grad(loss, kernel)
            kernel = (kernel - 0.05 * gradient).detach()
        return kernel

    crossed, convolved = learn(cross_correlate2d, start), learn(convolve2d, rotate180(start))
    assert not torch.allclose(crossed, start) and not torch.allclose(crossed, convolved)
    torch.testing.assert_close(convolved, rotate180(crossed))
    torch.testing.assert_close(convolve2d(images, convolved), cross_correlate2d(images, crossed))


@settings(derandomize=True, max_examples=100)
@given(a=st.tuples(lengths, lengths), b=st.tuples(lengths, lengths), c=st.tuples(lengths, lengths))
def test_full_convolution_is_commutative_and_associative(a, b, c):
    x, y, z = whole(*a), whole(*b, seed=1), whole(*c, seed=2)
    assert torch.equal(convolve2d(x, y, "full"), convolve2d(y, x, "full"))
    left = convolve2d(convolve2d(x, y, "full"), z, "full")
    assert torch.equal(left, convolve2d(x, convolve2d(y, z, "full"), "full"))


def test_cross_correlation_is_not_commutative():
    x, y = torch.tensor([[1.0, 0.0]]), torch.tensor([[1.0, 2.0]])
    assert cross_correlate2d(x, y, "full").tolist() == [[2, 1, 0]]
    assert cross_correlate2d(y, x, "full").tolist() == [[0, 1, 2]]


def test_rotate180_is_upside_down_and_left_to_right_and_its_own_inverse():
    kernel = torch.arange(12).reshape(2, 2, 3)
    assert rotate180(kernel).tolist() == [[[5, 4, 3], [2, 1, 0]], [[11, 10, 9], [8, 7, 6]]]
    assert torch.equal(rotate180(kernel), torch.rot90(kernel, 2, dims=(-2, -1)))
    assert torch.equal(rotate180(rotate180(kernel)), kernel)


@pytest.mark.parametrize("operation", [cross_correlate2d, convolve2d])
def test_gradients(operation):
    x, w = whole(2, 2, 3, 4).requires_grad_(), whole(3, 2, 2, 3, seed=1).requires_grad_()
    for padding in (1, "same", "full"):
        assert torch.autograd.gradcheck(lambda x, w, p=padding: operation(x, w, p), (x, w))
    assert torch.autograd.gradcheck(operation, (x[0, 0], w[0, 0]))
    few = w[:, :1].detach()[:2].requires_grad_()
    assert torch.autograd.gradcheck(lambda x, w: operation(x, w, 1, stride=(2, 1), dilation=2, groups=2), (x, few))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
@pytest.mark.parametrize("operation", [cross_correlate2d, convolve2d])
def test_every_floating_dtype_stays_as_it_is(operation, dtype):
    result = operation(IMAGE.to(dtype), EDGES.to(dtype), "same")
    assert result.dtype == dtype
    assert torch.equal(result, operation(IMAGE, EDGES, "same").to(dtype))


@pytest.mark.parametrize("operation", [cross_correlate2d, convolve2d])
def test_halves_are_added_up_in_single_precision_as_torch_does(operation):
    x, w = torch.full((1, 3), 300.0).half(), torch.tensor([[300.0, -300.0, 1.0]]).half()
    assert operation(x, w if operation is cross_correlate2d else rotate180(w)).item() == 300  # 300² is beyond float16
    generator = torch.Generator().manual_seed(0)
    x, w = (torch.randn(*shape, generator=generator).bfloat16() for shape in ((2, 64, 9, 9), (8, 64, 3, 3)))
    exact = operation(x.double(), w.double())
    kernel = w if operation is cross_correlate2d else rotate180(w)
    assert (operation(x, w) - exact).abs().max() <= (F.conv2d(x, kernel) - exact).abs().max() * 1.01


def test_under_autocast_it_computes_what_torch_computes():
    x, w = torch.rand(2, 3, 5, 5), torch.rand(4, 3, 3, 3)
    with torch.autocast("cpu", torch.bfloat16):
        for mixed in (w, w.bfloat16()):
            ours, theirs = cross_correlate2d(x, mixed), F.conv2d(x, mixed)
            assert ours.dtype == theirs.dtype == torch.bfloat16
            torch.testing.assert_close(ours, theirs, rtol=2**-7, atol=0)
        assert cross_correlate2d(x.double(), w.double()).dtype == torch.float64


@pytest.mark.parametrize("padding", [(1, 0), (0, 2), [2, 3]])
def test_padding_by_axis_is_torchs(padding):
    x, w = whole(2, 2, 3, 4), whole(3, 2, 2, 3, seed=1)
    assert torch.equal(cross_correlate2d(x, w, padding), F.conv2d(x, w, padding=tuple(padding)))
    assert torch.equal(convolve2d(x, w, padding), F.conv2d(x, rotate180(w), padding=tuple(padding)))


def test_an_empty_batch_stays_empty():
    x, w = torch.ones(0, 2, 5, 5), torch.ones(3, 2, 3, 3)
    assert cross_correlate2d(x, w).shape == F.conv2d(x, w).shape == (0, 3, 3, 3)


# What is refused, and how.

ones = torch.ones
SHAPES = (
    "input and kernel must be (H, W) and (kH, kW), or ([N,] C_in, H, W) and (C_out, C_in / groups, kH, kW), got shapes "
)
PAIR = "padding must be an int or one int an axis, "
WORDS = 'padding must be an int or "valid", "same" or "full", got '
REFUSED = {
    "list": ([[1.0]], ones(1, 1), 0, TypeError, "input must be a torch.Tensor, got list"),
    "array": (ones(1, 1), np.ones((1, 1)), 0, TypeError, "kernel must be a torch.Tensor, got ndarray"),
    "ints": (ones(3, 3).int(), ones(3, 3).int(), 0, TypeError, "input must have a floating dtype, got torch.int32"),
    "bools": (ones(3, 3), ones(3, 3).bool(), 0, TypeError, "kernel must have a floating dtype, got torch.bool"),
    "complex": (ones(3, 3) + 0j, ones(3, 3), 0, TypeError, "input must have a floating dtype, got torch.complex64"),
    "two dtypes": (
        ones(3, 3),
        ones(3, 3).double(),
        0,
        TypeError,
        "input and kernel must have the same dtype, got torch.float32 and torch.float64",
    ),
    "plain and layout": (ones(3, 3), ones(1, 1, 3, 3), 0, ValueError, SHAPES + "(3, 3) and (1, 1, 3, 3)"),
    "layout and plain": (ones(1, 3, 3), ones(3, 3), 0, ValueError, SHAPES + "(1, 3, 3) and (3, 3)"),
    "one axis": (ones(3), ones(3), 0, ValueError, SHAPES + "(3,) and (3,)"),
    "five axes": (ones(1, 1, 1, 3, 3), ones(1, 1, 3, 3), 0, ValueError, SHAPES + "(1, 1, 1, 3, 3) and (1, 1, 3, 3)"),
    "channels": (
        ones(2, 3, 3),
        ones(1, 4, 3, 3),
        0,
        ValueError,
        "input must have kernel.shape[1]=4 channels, got shape (2, 3, 3)",
    ),
    "no kernel": (ones(3, 3), ones(0, 3), 0, ValueError, "kernel must have no axis of length 0, got shape (0, 3)"),
    "no image": (ones(3, 0), ones(3, 3), 2, ValueError, "input must have no axis of length 0, got shape (3, 0)"),
    "negative": (ones(3, 3), ones(3, 3), -1, ValueError, "padding must be at least 0, got padding=-1"),
    "a word": (ones(3, 3), ones(3, 3), "reflect", ValueError, WORDS + "'reflect'"),
    "a float": (ones(3, 3), ones(3, 3), 1.0, TypeError, "padding must be an int, got 1.0"),
    "a bool": (ones(3, 3), ones(3, 3), True, TypeError, "padding must be an int, got True"),
    "three": (ones(3, 3), ones(3, 3), (1, 1, 1), ValueError, PAIR + "got padding=(1, 1, 1) with axes=2"),
    "half a pair": (ones(3, 3), ones(3, 3), (1, -1), ValueError, "padding must be at least 0, got padding=-1"),
    "none": (ones(3, 3), ones(3, 3), None, TypeError, "padding must be an int, got None"),
    "too large": (
        ones(2, 5),
        ones(4, 3),
        0,
        ValueError,
        "kernel must not be larger than the padded input, got kernel (4, 3) on (2, 5)",
    ),
}


@pytest.mark.parametrize("operation", [cross_correlate2d, convolve2d])
@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_and_how(operation, case):
    x, w, padding, error, message = REFUSED[case]
    with pytest.raises(error) as caught:
        operation(x, w, padding)
    assert str(caught.value) == message


SETTINGS = {
    "stride": ({"stride": 0}, ValueError, "stride must be at least 1, got stride=0"),
    "stride a float": ({"stride": 2.0}, TypeError, "stride must be an int, got 2.0"),
    "three strides": (
        {"stride": (1, 2, 3)},
        ValueError,
        "stride must be an int or one int an axis, got stride=(1, 2, 3) with axes=2",
    ),
    "dilation": ({"dilation": (1, 0)}, ValueError, "dilation must be at least 1, got dilation=0"),
    "groups": ({"groups": 0}, ValueError, "groups must be at least 1, got groups=0"),
    "groups a pair": ({"groups": (1, 1)}, TypeError, "groups must be an int, got (1, 1)"),
    "groups of the outputs": (
        {"groups": 2},
        ValueError,
        "C_out of the kernel must be divisible by groups, got C_out=3 with groups=2",
    ),
    "groups of the inputs": ({"groups": 3}, ValueError, "input must have 3 · 2 channels, got shape (1, 2, 5, 5)"),
    "same with a stride": (
        {"padding": "same", "stride": (1, 2)},
        ValueError,
        'padding="same" must come with a stride of 1, got stride=(1, 2)',
    ),
    "too large": (
        {"dilation": (1, 3)},
        ValueError,
        "kernel must not be larger than the padded input, got kernel (3, 7) on (5, 5)",
    ),
}


@pytest.mark.parametrize("operation", [cross_correlate2d, convolve2d])
@pytest.mark.parametrize("case", SETTINGS)
def test_settings_that_are_refused_and_how(operation, case):
    arguments, error, message = SETTINGS[case]
    x, w = ones(1, 2, 5, 5), ones(3, 2, 3, 3)
    with pytest.raises(error) as caught:
        operation(x, w, **arguments)
    assert str(caught.value) == message
    with pytest.raises((RuntimeError, TypeError, ValueError)):
        F.conv2d(x, w, **arguments)


def test_rotate180_refuses_what_has_no_two_axes():
    with pytest.raises(TypeError, match=r"^kernel must be a torch.Tensor, got list$"):
        rotate180([[1.0, 2.0]])
    with pytest.raises(ValueError, match=r"^kernel must have at least 2 axes, got shape \(3,\)$"):
        rotate180(ones(3))


# The golden vectors, the docstrings' examples and the import.


def test_the_golden_file_is_what_torch_says_today(tmp_path):
    tool = runpy.run_path(str(ROOT / "tools/golden.py"))
    tool["write"](tmp_path)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["checkerboard.json", "standard.json", "transposed.json"]
    assert (tmp_path / GOLDEN.name).read_bytes() == GOLDEN.read_bytes(), "run: python tools/golden.py"
    assert json.loads(GOLDEN.read_text()) == tool["cases"]()["standard"]


def test_our_operations_equal_every_golden_case():
    cases = json.loads(GOLDEN.read_text())
    for case in cases:
        x, w = (torch.tensor(case[name], dtype=torch.float64) for name in ("input", "weight"))
        assert getattr(standard, case["op"])(x, w, case["padding"]).tolist() == case["output"], case
    assert {(case["op"], case["padding"]) for case in cases} == set(
        product(("cross_correlate2d", "convolve2d"), (0, 1, 2, "valid", "same", "full"))
    )
    assert GOLDEN.stat().st_size < 60_000


def test_the_examples_in_the_docstrings():
    failed, tried = doctest.testmod(standard)
    assert (failed, tried > 3) == (0, True)


def test_importing_the_operations_needs_torch_alone():
    script = (
        "import sys, torch; before = set(sys.modules)\n"
        "import cnnbook.convolution.standard, cnnbook.convolution.transposed\n"
        "print(*sorted({name.split('.')[0] for name in set(sys.modules) - before}))"
    )
    added = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert added == ["cnnbook"]
