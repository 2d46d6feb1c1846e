"""5.14.2: the three views against torch and each other, the sizes, and what a transposed convolution is not."""

import doctest
import json
import runpy
from functools import partial
from itertools import product
from math import prod
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cnnbook.convolution import _sizes, transposed
from cnnbook.convolution.transposed import (
    colliding_sizes,
    conv_output_size,
    convolution_matrix,
    gather,
    output_size,
    scatter,
)

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests/widgets/golden/transposed.json"


def whole(*shape: int, seed: int = 0) -> torch.Tensor:
    """Whole numbers in float64, whose sums and products are exact: equal means equal."""
    return torch.randint(-9, 10, shape, generator=torch.Generator().manual_seed(seed)).double()


def conv(input, weight, **arguments):
    return (F.conv1d, F.conv2d, F.conv3d)[weight.dim() - 3](input, weight, **arguments)


def conv_transpose(input, weight, **arguments):
    kinds = (F.conv_transpose1d, F.conv_transpose2d, F.conv_transpose3d)
    return kinds[weight.dim() - 3](input, weight, **arguments)


def by_matrix(input, weight, **arguments):
    """The third view, used as an operation on a batch."""
    matrix = convolution_matrix(weight, tuple(input.shape[2:]), **arguments)
    return input.flatten(1) @ matrix


# The source chapter's example, and others small enough to do by hand.


def test_the_sources_two_by_two_becomes_seven_by_seven():
    x, w = torch.ones(1, 2, 2), torch.ones(1, 1, 4, 4)
    assert output_size(2, kernel_size=4, stride=3) == (2 - 1) * 3 + 4 == 7
    for view in (scatter, gather):
        y = view(x, w, stride=3)[0]
        assert y.shape == (7, 7)
        # The four maps overlap in a cross: the source's own example is a checkerboard.
        assert y[0].tolist() == y[:, 0].tolist() == [1, 1, 1, 2, 1, 1, 1]
        assert y[3].tolist() == [2, 2, 2, 4, 2, 2, 2]


def test_every_pixel_paints_the_kernel_as_it_is():
    w = torch.tensor([[[[1.0, 2.0], [3.0, 4.0]]]])
    x = torch.tensor([[[0.0, 10.0], [0.0, 0.0]]])
    painted = [[0, 0, 0, 10, 20], [0, 0, 0, 30, 40], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0]]
    assert scatter(x, w, stride=3)[0].tolist() == painted
    assert gather(x, w, stride=3)[0].tolist() == painted


def test_where_a_pixel_paints():
    # Pixel i paints rows i·s - p, ..., i·s - p + d(k - 1), in steps of d: not the pixels of its own position.
    for i, s, p, d in product(range(3), (1, 2, 3), (0, 1), (1, 2)):
        one_hot = torch.eye(3)[i][None]
        y = scatter(one_hot, torch.ones(1, 1, 3), stride=s, padding=p, dilation=d)[0]
        assert y.nonzero().flatten().tolist() == [j for j in (i * s - p + u * d for u in range(3)) if 0 <= j < len(y)]


def test_the_matrix_by_hand():
    # Dumoulin & Visin 2016, section 4.1: a 3×3 kernel over a 4×4 image, 4 rows and 16 columns.
    w = torch.arange(1.0, 10.0).reshape(1, 1, 3, 3)
    matrix = convolution_matrix(w, size=2)
    assert matrix.tolist() == [
        [1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0, 0, 0, 0, 0],
        [0, 1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0, 0, 0, 0],
        [0, 0, 0, 0, 1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0],
        [0, 0, 0, 0, 0, 1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9],
    ]


def test_output_padding_adds_room_and_paints_nothing_when_there_is_no_padding():
    x, w = whole(1, 2, 4) + 20, whole(2, 1, 3, seed=1)
    longer = scatter(x, w, stride=3, output_padding=2)
    assert torch.equal(longer[..., :-2], scatter(x, w, stride=3)) and not longer[..., -2:].any()
    # With padding the room is taken back from what was cut off, so that it does hold paint.
    assert scatter(x, w, stride=3, padding=2, output_padding=2)[..., -2:].all()


# The sizes: exactly torch's, and refused exactly where torch refuses.

NUMBERS = {"n": range(1, 6), "k": range(1, 5), "s": range(1, 5), "p": range(4), "d": range(1, 4)}


def test_output_size_is_torchs_and_refused_exactly_where_torch_refuses():
    refused = {"output_padding must be smaller than stride or dilation": 0, "output size must be at least 1": 0}
    for n, k, s, p, d, extra in product(*NUMBERS.values(), range(5)):
        x, w = torch.ones(1, 1, n, dtype=torch.float64), torch.ones(1, 1, k, dtype=torch.float64)
        try:
            expected = F.conv_transpose1d(x, w, stride=s, padding=p, output_padding=extra, dilation=d).shape[-1]
        except RuntimeError as error:
            with pytest.raises(ValueError) as caught:
                output_size(n, k, s, p, extra, d)
            rule = str(caught.value).split(", got")[0]
            refused[rule] += 1
            theirs = "Output size is too small" if "at least 1" in rule else "output padding must be smaller"
            assert theirs in str(error)
        else:
            assert output_size(n, k, s, p, extra, d) == expected
            assert 0 <= extra < max(s, d)
    assert all(count > 100 for count in refused.values())


def test_the_sources_formula_is_a_special_case():
    """out = (in - 1) s + k where padding = 0, dilation = 1 and output_padding = 0; each of the three breaks it."""
    for n, k, s in product(range(1, 6), range(1, 6), range(1, 5)):
        assert output_size(n, k, stride=s) == (n - 1) * s + k
        assert output_size(n + 2, k, stride=s, padding=1) != (n + 1) * s + k
        assert k == 1 or output_size(n, k, stride=s, dilation=2) != (n - 1) * s + k
        assert s == 1 or output_size(n, k, stride=s, output_padding=1) != (n - 1) * s + k


def test_conv_output_size_is_torchs_and_refused_exactly_where_torch_refuses():
    refused = 0
    for n, k, s, p, d in product(*NUMBERS.values()):
        x, w = torch.ones(1, 1, n, dtype=torch.float64), torch.ones(1, 1, k, dtype=torch.float64)
        try:
            expected = F.conv1d(x, w, stride=s, padding=p, dilation=d).shape[-1]
        except RuntimeError as error:
            assert "Kernel size can't be greater than actual input size" in str(error)
            with pytest.raises(ValueError, match=r"^padded input must not be shorter than the dilated kernel"):
                conv_output_size(n, k, s, p, d)
            refused += 1
        else:
            assert conv_output_size(n, k, s, p, d) == expected
    assert refused > 100


def test_at_most_s_lengths_collide_and_fewer_where_the_padding_is_wide():
    assert list(colliding_sizes(1, 1, 3, 1)) == [1]
    for out, k, s, p, d in product(*NUMBERS.values()):
        collide = colliding_sizes(out, k, s, p, d)
        assert len(collide) <= s
        assert (len(collide) == s) == (2 * p <= (out - 1) * s + d * (k - 1))


def test_colliding_sizes_by_brute_force():
    empty = 0
    for out, k, s, p, d in product(*NUMBERS.values()):
        expected = []
        for n in range(1, 60):
            if n + 2 * p > d * (k - 1) and conv_output_size(n, k, s, p, d) == out:
                expected.append(n)
        collide = colliding_sizes(out, k, s, p, d)
        assert isinstance(collide, range) and list(collide) == expected
        empty += not expected
        # They are what output_padding chooses among.
        choices = [(out - 1) * s - 2 * p + d * (k - 1) + 1 + extra for extra in range(s)]
        assert list(collide) == [n for n in choices if n >= 1]
        assert all(output_size(out, k, s, p, extra, d) == n for extra, n in enumerate(choices) if n >= 1)
    assert empty > 0


def test_output_padding_is_the_remainder_that_the_stride_drops():
    for n, k, s, p, d in product(range(4, 12), (1, 2, 3, 5), (1, 2, 3), (0, 1, 2), (1, 2)):
        if n + 2 * p <= d * (k - 1):
            continue
        out = conv_output_size(n, k, s, p, d)
        remainder = (n + 2 * p - d * (k - 1) - 1) % s
        assert output_size(out, k, s, p, remainder, d) == n


def test_the_same_settings_often_do_not_restore_the_shape():
    # "The transposed layer with the same hyperparameters restores the shape": counted over a textbook's range.
    total = lost = 0
    for n, k, p, s in product(range(4, 12), (1, 2, 3, 4, 5, 7), range(3), range(1, 4)):
        if n + 2 * p >= k:
            total += 1
            lost += output_size(conv_output_size(n, k, s, p), k, s, p) != n
    assert (lost, total) == (160, 417)
    assert output_size(conv_output_size(8, 3, stride=2), 3, stride=2) == 7


def test_dilation_lets_output_padding_go_beyond_any_size_that_the_convolution_maps_back():
    n, k, s, d = 3, 3, 1, 3
    for extra, positions in [(0, 3), (1, 4), (2, 5)]:
        longer = output_size(n, k, s, output_padding=extra, dilation=d)  # torch takes all three: d allows them
        assert conv_output_size(longer, k, s, dilation=d) == positions
        assert (longer in colliding_sizes(n, k, s, dilation=d)) == (extra < s)


def test_sizes_by_axis():
    assert output_size((2, 3), 4, stride=3) == (7, 10)
    assert output_size(2, (4, 2), (3, 1), (1, 0), (2, 0), (1, 2)) == (7, 4)
    assert output_size([2, 3], kernel_size=torch.Size([4, 2])) == (5, 4)
    assert output_size((2,), 4) == (5,)
    assert output_size((2, 3), (4,), stride=(3,)) == (7, 10)  # one for all, as torch takes it
    assert conv_output_size((7, 8), 3, stride=2, padding=(1, 0)) == (4, 3)
    assert colliding_sizes(4, 3, stride=(2, 1), padding=1) == (range(7, 9), range(4, 5))
    assert output_size(np.int64(2), 4) == 5 and type(output_size(np.int64(2), 4)) is int


# The three views.

NUMBERS_OF_THREE = {"size": 2, "kernel_size": 3, "stride": 2, "padding": 1, "output_padding": 2, "dilation": 2}
numbers = {
    "size": st.integers(1, 4),
    "kernel_size": st.integers(1, 4),
    "stride": st.integers(1, 4),
    "padding": st.integers(0, 3),
    "output_padding": st.sampled_from([0, 0, 1, 2, 3]),
    "dilation": st.sampled_from([1, 1, 2, 3]),
}


@st.composite
def layers(draw, most=2):
    """Input, weight and settings of a layer along one axis or more; the settings ints or one int an axis."""
    axes = draw(st.integers(1, most)) if most < 3 else most
    kinds = numbers if axes < 3 else {name: small(name) for name in numbers}  # the matrix grows with the cube
    values = {name: draw(st.one_of(number, st.tuples(*[number] * axes))) for name, number in kinds.items()}
    size, kernel = (
        value if isinstance(value, tuple) else (value,) * axes
        for value in (values.pop("size"), values.pop("kernel_size"))
    )
    groups, inputs, outputs, n = (draw(st.integers(1, up_to)) for up_to in ((3, 2, 2, 2) if axes < 3 else (2, 1, 2, 1)))
    x = whole(n, groups * inputs, *size, seed=draw(st.integers(0, 99)))
    w = whole(groups * inputs, outputs, *kernel, seed=draw(st.integers(100, 199)))
    return x, w, {**values, "groups": groups}


def small(name: str) -> st.SearchStrategy:
    """The numbers of a layer along three axes."""
    return st.integers("padding" not in name, NUMBERS_OF_THREE[name])


@settings(derandomize=True, max_examples=1200)
@given(layers())
def test_all_three_views_are_torchs_conv_transpose_or_are_refused_with_it(layer):
    compare(layer)


@settings(derandomize=True, max_examples=150)
@given(layers(most=3))
def test_along_three_axes_they_are_as_well(layer):
    compare(layer)


def compare(layer):
    """All views, with and without a batch, with torch."""
    x, w, arguments = layer
    try:
        expected = conv_transpose(x, w, **arguments)
    except RuntimeError:
        for view in (scatter, gather, by_matrix):
            with pytest.raises(ValueError, match=r"^output_padding must be smaller|^output size must be at least 1"):
                view(x, w, **arguments)
        return
    assert torch.equal(scatter(x, w, **arguments), expected)
    assert torch.equal(gather(x, w, **arguments), expected)
    assert torch.equal(scatter(x[0], w, **arguments), expected[0])
    assert torch.equal(gather(x[0], w, **arguments), expected[0])
    assert torch.equal(by_matrix(x, w, **arguments), expected.flatten(1))
    shape = tuple(expected.shape[2:])
    without_groups = {name: value for name, value in arguments.items() if name != "groups"}
    assert output_size(tuple(x.shape[2:]), tuple(w.shape[2:]), **without_groups) == shape


@settings(derandomize=True, max_examples=300)
@given(layers())
def test_the_transposed_convolution_is_the_adjoint_of_the_convolution(layer):
    x, w, arguments = layer
    try:
        back = scatter(x, w, **arguments)
    except ValueError:
        assume(False)
    y = whole(*back.shape, seed=200)
    ordinary = {name: value for name, value in arguments.items() if name != "output_padding"}
    forth = conv(y, w, **ordinary)
    # Only where output_padding reaches a stride does the convolution have more positions than x has pixels.
    reaches = any(
        extra >= s
        for extra, s in zip(
            *(np.broadcast_to(arguments[a], w.dim() - 2) for a in ("output_padding", "stride")), strict=True
        )
    )
    assert (forth.shape != x.shape) == reaches
    forth = forth[(..., *map(slice, x.shape[2:]))]
    assert torch.equal((forth * x).sum(), (y * back).sum())  # <conv y, x> = <y, convT x>
    # C is that convolution's matrix.
    matrix = convolution_matrix(w, tuple(x.shape[2:]), **arguments)
    assert matrix.shape == (prod(x.shape[1:]), prod(y.shape[1:]))
    assert torch.equal(y.flatten(1) @ matrix.T, forth.flatten(1))


def test_it_is_what_autograd_does_to_go_back_through_a_convolution():
    y, w = whole(2, 4, 7, 6).requires_grad_(), whole(6, 2, 3, 2, seed=1)
    arguments = {"stride": (2, 3), "padding": 1, "groups": 2}
    forth = F.conv2d(y, w, **arguments)
    direction = whole(*forth.shape, seed=2)
    (gradient,) = torch.autograd.grad(forth, y, direction)
    # 7 + 2 - 3 = 6 and 6 + 2 - 2 = 6 are divisible by the strides: no remainder to restore.
    assert torch.equal(scatter(direction, w, **arguments), gradient)


def test_it_is_not_the_inverse():
    y, w = whole(1, 1, 7, 7) + 10, whole(1, 1, 3, 3, seed=1)
    again = scatter(F.conv2d(y, w, stride=2), w, stride=2)
    assert again.shape == y.shape and not torch.allclose(again, y)  # the shape comes back, the values do not
    matrix = convolution_matrix(w, size=3, stride=2)
    assert matrix.shape == (9, 49)
    assert torch.linalg.matrix_rank(matrix) == 9  # 40 dimensions of the image are gone for good
    assert not torch.allclose(matrix @ matrix.T, torch.eye(9, dtype=torch.float64))
    assert not torch.allclose(matrix.T @ matrix, torch.eye(49, dtype=torch.float64))


def test_seen_as_an_ordinary_convolution_the_kernel_is_rotated():
    w = torch.tensor([[[1.0, 2.0, 3.0]]])
    one_hot = torch.tensor([[0.0, 1.0, 0.0]])
    assert F.conv1d(one_hot, w, padding=1)[0].tolist() == [3, 2, 1]
    assert (
        F.conv1d(one_hot, w.flip(-1), padding=1)[0].tolist() == scatter(one_hot, w, padding=1)[0].tolist() == [1, 2, 3]
    )


@pytest.mark.parametrize("view", [scatter, gather, by_matrix])
@pytest.mark.parametrize(
    ("shape", "weight", "arguments"),
    [
        ((2, 2, 3), (2, 1, 3), {"stride": 2, "padding": 1, "output_padding": 1}),
        ((1, 4, 2), (4, 2, 2), {"groups": 2, "dilation": 3, "output_padding": 2}),
        ((1, 2, 2, 2), (2, 1, 2, 3), {"stride": (2, 1), "padding": (0, 1), "groups": 2}),
        ((1, 1, 2, 1, 2), (1, 2, 2, 1, 2), {"stride": (2, 1, 1), "padding": (1, 0, 0)}),
    ],
)
def test_gradients(view, shape, weight, arguments):
    x, w = whole(*shape).requires_grad_(), whole(*weight, seed=1).requires_grad_()
    assert torch.autograd.gradcheck(lambda x, w: view(x, w, **arguments), (x, w))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
@pytest.mark.parametrize("view", [scatter, gather, by_matrix])
def test_every_floating_dtype_stays_as_it_is(view, dtype):
    x, w = torch.ones(1, 2, 3, 3, dtype=dtype), torch.ones(2, 1, 3, 3, dtype=dtype)
    y = view(x, w, stride=2)
    assert y.dtype == dtype
    assert torch.equal(y.flatten(1), F.conv_transpose2d(x.double(), w.double(), stride=2).flatten(1).to(dtype))


@pytest.mark.parametrize("view", [scatter, gather])
def test_halves_are_added_up_in_single_precision(view):
    x = torch.full((3, 1), 300.0).half()
    w = torch.tensor([300.0, -300.0, 1.0]).half().reshape(3, 1, 1)
    assert view(x, w).item() == 300  # 300 · 300 is beyond float16
    generator = torch.Generator().manual_seed(0)
    x, w = (torch.randn(*shape, generator=generator).bfloat16() for shape in ((2, 64, 5, 5), (64, 8, 4, 4)))
    exact = view(x.double(), w.double(), stride=2)
    theirs = F.conv_transpose2d(x, w, stride=2)
    assert (view(x, w, stride=2) - exact).abs().max() <= (theirs - exact).abs().max() * 1.01
    with torch.autocast("cpu", torch.bfloat16):
        assert torch.equal(view(x.float(), w.float(), stride=2), view(x, w, stride=2))


@pytest.mark.parametrize("view", [scatter, gather])
@pytest.mark.parametrize("dims", [(None, 0), (0, None), (0, 0)])
def test_under_vmap_over_inputs_weights_or_both_it_is_what_it_is_alone(view, dims):
    x, w = whole(3, 2, 2, 4), whole(3, 2, 2, 3, seed=1)
    x, w = x if dims[0] == 0 else x[0], w if dims[1] == 0 else w[0]
    both = torch.vmap(partial(view, stride=2, padding=1), in_dims=dims)(x, w)
    for k in range(3):
        one = view(x[k] if dims[0] == 0 else x, w[k] if dims[1] == 0 else w, stride=2, padding=1)
        assert torch.equal(both[k], one)


@pytest.mark.skipif(torch.__version__ < "2.13", reason="torch up to 2.10 breaks the graph where it looks at autocast")
@pytest.mark.parametrize("view", [scatter, gather])
def test_it_compiles_whole(view):
    x, w = whole(1, 2, 3, 3), whole(2, 1, 3, 3, seed=1)
    assert torch.equal(torch.compile(view, backend="eager", fullgraph=True)(x, w, stride=2), view(x, w, stride=2))


def test_an_input_is_left_as_it_was():
    x, w = whole(1, 1, 3), whole(1, 1, 3, seed=1)
    before = x.clone(), w.clone()
    for view in (scatter, gather):
        view(x, w, stride=2)
    assert torch.equal(x, before[0]) and torch.equal(w, before[1])


# What is refused, and how.

ones = torch.ones
SETTINGS = {
    "stride 0": ({"stride": 0}, ValueError, "stride must be at least 1, got stride=0"),
    "stride -1": ({"stride": (1, -1)}, ValueError, "stride must be at least 1, got stride=-1"),
    "dilation": ({"dilation": 0}, ValueError, "dilation must be at least 1, got dilation=0"),
    "padding": ({"padding": -1}, ValueError, "padding must be at least 0, got padding=-1"),
    "negative extra": ({"output_padding": -1}, ValueError, "output_padding must be at least 0, got output_padding=-1"),
    "extra": (
        {"stride": 3, "output_padding": 3},
        ValueError,
        "output_padding must be smaller than stride or dilation, got output_padding=3 with stride=3, dilation=1",
    ),
    "extra on one axis": (
        {"stride": (3, 1), "dilation": (1, 2), "output_padding": 2},
        ValueError,
        "output_padding must be smaller than stride or dilation, got output_padding=2 with stride=1, dilation=2",
    ),
    "nothing left": (
        {"padding": 3},
        ValueError,
        "output size must be at least 1, got 0 from size=4, kernel_size=3, stride=1, padding=3, output_padding=0, "
        "dilation=1",
    ),
    "none at all": (
        {"padding": ()},
        ValueError,
        "padding must be an int or one int an axis, got padding=() with axes=2",
    ),
    "a word": ({"padding": "same"}, TypeError, "padding must be an int, got 'same'"),
    "a float": ({"stride": 2.0}, TypeError, "stride must be an int, got 2.0"),
    "a bool": ({"output_padding": True, "stride": 2}, TypeError, "output_padding must be an int, got True"),
    "none": ({"stride": None}, TypeError, "stride must be an int, got None"),
}
IN_LAYERS_ONLY = {
    "three": (
        {"stride": (1, 2, 3)},
        ValueError,
        "stride must be an int or one int an axis, got stride=(1, 2, 3) with axes=2",
    ),
    "no groups": ({"groups": 0}, ValueError, "groups must be at least 1, got groups=0"),
    "groups": ({"groups": 2}, ValueError, "C_in of the weight must be divisible by groups, got C_in=1 with groups=2"),
    "groups a bool": ({"groups": True}, TypeError, "groups must be an int, got True"),
    "groups a pair": ({"groups": (1, 1)}, TypeError, "groups must be an int, got (1, 1)"),
}


@pytest.mark.parametrize("case", SETTINGS | IN_LAYERS_ONLY)
def test_settings_that_are_refused_and_how(case):
    arguments, error, message = (SETTINGS | IN_LAYERS_ONLY)[case]
    x, w = ones(1, 1, 4, 4).double(), ones(1, 1, 3, 3).double()
    calls = [partial(view, x, w, **arguments) for view in (scatter, gather, by_matrix)]
    if case in SETTINGS:
        calls.append(partial(output_size, (4, 4), 3, **arguments))
    for call in calls:
        with pytest.raises(error) as caught:
            call()
        assert str(caught.value) == message
    with pytest.raises((RuntimeError, TypeError)):
        conv_transpose(x, w, **arguments)


WEIGHTS = "weight must be (C_in, C_out / groups, k), with kH, kW or with kD, kH, kW, got shape "
TENSORS = {
    "list": ([[1.0]], ones(1, 1, 1), TypeError, "input must be a torch.Tensor, got list"),
    "ints": (ones(1, 4).long(), ones(1, 1, 3), TypeError, "input must have a floating dtype, got torch.int64"),
    "bools": (ones(1, 4).bool(), ones(1, 1, 3), TypeError, "input must have a floating dtype, got torch.bool"),
    "two dtypes": (
        ones(1, 4).double(),
        ones(1, 1, 3),
        TypeError,
        "input and weight must have the same dtype, got torch.float64 and torch.float32",
    ),
    "plain image": (
        ones(4, 4),
        ones(1, 1, 3, 3),
        ValueError,
        "input must be (C_in, H, W) or (N, C_in, H, W), got shape (4, 4)",
    ),
    "a number": (torch.tensor(1.0), ones(1, 1, 3), ValueError, "input must be (C_in, L) or (N, C_in, L), got shape ()"),
    "an image for a volume": (
        ones(1, 4, 4),
        ones(1, 1, 3, 3, 3),
        ValueError,
        "input must be (C_in, D, H, W) or (N, C_in, D, H, W), got shape (1, 4, 4)",
    ),
    "a batch too many": (
        ones(1, 1, 1, 4),
        ones(1, 1, 3),
        ValueError,
        "input must be (C_in, L) or (N, C_in, L), got shape (1, 1, 1, 4)",
    ),
    "channels": (ones(2, 4), ones(3, 1, 3), ValueError, "input must have the weight's C_in=3 channels, got 2"),
    "channels of a batch": (
        ones(3, 2, 4),
        ones(3, 1, 3),
        ValueError,
        "input must have the weight's C_in=3 channels, got 2",
    ),
    "no pixels": (ones(1, 0), ones(1, 1, 3), ValueError, "size must be at least 1, got size=0"),
}
WEIGHT_ALONE = {
    "array": (ones(1, 4), np.ones((1, 1, 3)), TypeError, "weight must be a torch.Tensor, got ndarray"),
    "complex": (ones(1, 4), ones(1, 1, 3) + 0j, TypeError, "weight must have a floating dtype, got torch.complex64"),
    "flat": (ones(4, 4), ones(3, 3), ValueError, WEIGHTS + "(3, 3)"),
    "four axes": (ones(1, 4, 4, 4), ones(1, 1, 3, 3, 3, 3), ValueError, WEIGHTS + "(1, 1, 3, 3, 3, 3)"),
    "no kernel": (ones(1, 4), ones(1, 1, 0), ValueError, "weight must have no axis of length 0, got shape (1, 1, 0)"),
    "no outputs": (ones(1, 4), ones(1, 0, 3), ValueError, "weight must have no axis of length 0, got shape (1, 0, 3)"),
}


@pytest.mark.parametrize("case", TENSORS | WEIGHT_ALONE)
def test_tensors_that_are_refused_and_how(case):
    x, w, error, message = (TENSORS | WEIGHT_ALONE)[case]
    calls = [lambda: scatter(x, w), lambda: gather(x, w)]
    if case in WEIGHT_ALONE:
        calls.append(lambda: convolution_matrix(w, size=4))
    for call in calls:
        with pytest.raises(error) as caught:
            call()
        assert str(caught.value) == message


SIZES = {
    "size": (lambda: output_size(0, 3), ValueError, "size must be at least 1, got size=0"),
    "kernel": (lambda: output_size(3, 0), ValueError, "kernel_size must be at least 1, got kernel_size=0"),
    "a float": (lambda: output_size(3.0, 3), TypeError, "size must be an int, got 3.0"),
    "pair and triple": (
        lambda: output_size((3, 3, 3), (2, 2)),
        ValueError,
        "kernel_size must be an int or one int an axis, got kernel_size=(2, 2) with axes=3",
    ),
    "no axes": (
        lambda: output_size((), 3),
        ValueError,
        "size must be an int or one int an axis, got size=() with axes=1",
    ),
    "matrix size": (
        lambda: convolution_matrix(ones(1, 1, 3), size=0),
        ValueError,
        "size must be at least 1, got size=0",
    ),
    "matrix pair": (
        lambda: convolution_matrix(ones(1, 1, 3), size=(2, 2)),
        ValueError,
        "size must be an int or one int an axis, got size=(2, 2) with axes=1",
    ),
    "conv": (
        lambda: conv_output_size(4, 3, dilation=2),
        ValueError,
        "padded input must not be shorter than the dilated kernel, got 4 < 5 from size=4, kernel_size=3, padding=0, "
        "dilation=2",
    ),
    "conv size": (lambda: conv_output_size(0, 3, padding=2), ValueError, "size must be at least 1, got size=0"),
    "out": (lambda: colliding_sizes(0, 3), ValueError, "out must be at least 1, got out=0"),
    "out a bool": (lambda: colliding_sizes(True, 3), TypeError, "out must be an int, got True"),
    "missing": (lambda: output_size(3), TypeError, "missing a required argument: 'kernel_size'"),
}


@pytest.mark.parametrize("case", SIZES)
def test_sizes_that_are_refused_and_how(case):
    call, error, message = SIZES[case]
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == message


# Torch's own corners, so that the book hears of it when one is rounded off.


def test_torch_checks_the_settings_late_and_not_everywhere():
    layer = torch.nn.ConvTranspose1d(1, 1, 3, stride=3, output_padding=3)  # taken without a word
    with pytest.raises(RuntimeError, match="output padding must be smaller than either stride or dilation"):
        layer(ones(1, 1, 4))
    # Neither an empty batch nor a meta tensor, which has a shape and no numbers, is held to the rule. Here both are.
    assert layer(ones(0, 1, 4)).shape == (0, 1, 15)
    assert layer.to("meta")(ones(1, 1, 4, device="meta")).shape == (1, 1, 15)
    for device, n in (("cpu", 0), ("meta", 1)):
        with pytest.raises(ValueError, match=r"^output_padding must be smaller"):
            scatter(ones(n, 1, 4, device=device), ones(1, 1, 3, device=device), stride=3, output_padding=3)
    assert scatter(ones(0, 1, 4), ones(1, 1, 3), stride=3, output_padding=2).shape == (0, 1, 14)


def test_torchs_output_size_argument_reaches_less_far_than_output_padding():
    layer = torch.nn.ConvTranspose1d(1, 1, 3, dilation=3, output_padding=2)
    assert layer(ones(1, 1, 4)).shape[-1] == output_size(4, 3, dilation=3, output_padding=2) == 12
    with pytest.raises(ValueError, match=r"valid sizes range from \[10\] to \[10\]"):
        layer(ones(1, 1, 4), output_size=[12])


def test_torch_takes_a_bool_in_a_pair_and_we_do_not():
    x, w = ones(1, 1, 4, 4), ones(1, 1, 3, 3)
    assert F.conv_transpose2d(x, w, stride=(2, True)).shape == (1, 1, 9, 6)
    with pytest.raises(TypeError):
        F.conv_transpose2d(x, w, stride=True)
    for stride in (True, (2, True)):
        with pytest.raises(TypeError, match=r"^stride must be an int, got True$"):
            scatter(x, w, stride=stride)


def test_torch_takes_integers_on_the_cpu_and_we_do_not():
    x, w = torch.ones(1, 1, 2, dtype=torch.long), torch.ones(1, 1, 2, dtype=torch.long)
    assert F.conv_transpose1d(x, w).tolist() == [[[1, 2, 1]]]
    with pytest.raises(TypeError, match="floating dtype"):
        scatter(x, w)


# The golden vectors and the docstrings' examples.


def test_the_golden_file_is_what_torch_says_today():
    tool = runpy.run_path(str(ROOT / "tools/golden.py"))
    assert GOLDEN.read_text() == tool["render"](tool["cases"]()["transposed"]), "run: python tools/golden.py"


def test_our_operations_equal_every_golden_case():
    cases = json.loads(GOLDEN.read_text())
    for case in cases:
        x, w = (torch.tensor(case.pop(name), dtype=torch.float64) for name in ("input", "weight"))
        expected, axes = case.pop("output"), int(case.pop("op").removeprefix("conv_transpose")[0])
        assert axes == w.dim() - 2
        assert scatter(x, w, **case).tolist() == expected, case
        assert gather(x, w, **case).tolist() == expected, case
        assert by_matrix(x[None], w, **case).flatten().tolist() == torch.tensor(expected).flatten().tolist(), case
    seen = {name: [case[name] for case in cases] for name in cases[0]}
    assert all({1, 2, 3} <= {v for v in seen[name] if isinstance(v, int)} for name in ("stride", "groups", "dilation"))
    assert all({0, 1, 2} <= {v for v in seen[name] if isinstance(v, int)} for name in ("padding", "output_padding"))
    assert all(any(isinstance(v, list) for v in seen[name]) for name in seen if name != "groups")
    assert GOLDEN.stat().st_size < 60_000


def test_the_examples_in_the_docstrings():
    for module, examples in ((transposed, 3), (_sizes, 5)):
        failed, tried = doctest.testmod(module)
        assert (failed, tried) == (0, examples)
