"""5.14.3: beyond constants. Moments by phase, ramps and parabolas, the nearest kernel clean on them, and texture."""

from itertools import product
from math import comb, prod

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from _draws import draw
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from cnnbook.convolution.checkerboard import (
    balance_phases,
    cleanliness_order,
    is_balanced,
    phase_energies,
    phase_moments,
    phase_sums,
)
from cnnbook.convolution.transposed import scatter
from cnnbook.convolution.upsampling import ResizeConv, as_transposed

THEIRS = torch.tensor([3.25, 0.75, 2.25, 4.75])  # balanced, and no more
LINEAR = torch.tensor([0.25, 0.75, 0.75, 0.25])
CUBIC = torch.tensor([-3.0, -9, 29, 111, 111, 29, -9, -3]) / 128  # Keys 1981, a = -1/2, at both quarters


def inside(weight: Tensor, x: Tensor, stride: int, dilation: int = 1) -> Tensor:
    """What the kernel makes of an image, wherever the output sees the image alone, from phase 0 on."""
    output = scatter(x[None], weight[None, None], stride, dilation=dilation)[0]
    for axis, (k, n) in enumerate(zip(weight.shape, x.shape, strict=True)):
        first = -(-dilation * (k - 1) // stride) * stride
        output = output.narrow(axis, first, (n - 1) * stride + 1 - first)
    return output


def is_polynomial(values: Tensor, below: int) -> bool:
    """Whether values on a grid are those of one polynomial of a total degree below a number: nothing else is left."""
    axes = [torch.linspace(-1, 1, n, dtype=torch.float64) for n in values.shape]
    grid = torch.meshgrid(*axes, indexing="ij")
    powers = [a for a in product(range(below), repeat=len(axes)) if sum(a) < below]
    terms = torch.stack([prod(x**e for x, e in zip(grid, a, strict=True)).flatten() for a in powers], dim=1)
    left = values.flatten() - terms @ torch.linalg.lstsq(terms, values.flatten()).solution
    return bool(left.abs().max() < 1e-9 * (1 + values.abs().max()))


# Moments.


def test_a_balanced_kernel_makes_a_lattice_of_a_ramp():
    ramp = torch.arange(8.0)
    assert inside(THEIRS, ramp, 2).diff().tolist() == [-2.5, 8] * 5
    assert inside(torch.ones(2), ramp, 2).diff().tolist()[:5] == [0, 1, 0, 1, 0]  # nearest: stairs
    assert inside(LINEAR, ramp, 2).diff().tolist() == [0.5] * 10
    assert phase_sums(THEIRS, 2).tolist() == [5.5, 5.5] and phase_moments(THEIRS, 2).tolist() == [4.5, 15]
    assert phase_sums(LINEAR, 2).tolist() == [1, 1] and phase_moments(LINEAR, 2).tolist() == [1.5, 1.5]


def test_moments_by_hand():
    weight = torch.arange(1.0, 7.0).reshape(2, 3)
    assert phase_moments(weight, (1, 2), degree=(0, 1)).tolist() == [[2 * 3 + 2 * 6, 2 + 5]]
    assert phase_moments(weight, (1, 2), degree=(1, 2)).tolist() == [[4 * 6, 5]]
    assert phase_moments(weight, (2, 1), degree=(1, 0)).tolist() == [[0], [15]]
    assert torch.equal(phase_moments(weight, 2, degree=(0, 0)), phase_sums(weight, 2))
    assert phase_moments(weight[0], 2, dilation=3, degree=2).tolist() == [36 * 3, 9 * 2]  # taps on 0, 3 and 6
    assert phase_moments(weight, 2, degree=1, axes=1).tolist() == [[6, 2], [12, 5]]


@settings(derandomize=True, max_examples=50)
@given(st.integers(1, 3), st.integers(1, 4), st.integers(1, 3), st.integers(0, 99))
def test_a_ramp_becomes_what_sums_and_first_moments_say(d, s, extra, seed):
    k = s + extra
    weight, x = draw(k, seed=seed), torch.arange(9.0 + d * k).double()
    output = inside(weight, x, s, d)
    first = -(-d * (k - 1) // s) * s
    j = torch.arange(first, first + len(output)).double()
    sums, moments = phase_sums(weight, s, d), phase_moments(weight, s, d)
    phase = torch.arange(first, first + len(output)) % s
    torch.testing.assert_close(output, (j * sums[phase] - moments[phase]) / s)


# The order.


@st.composite
def kernels(draw_):
    """A kernel that is clean to some order, or to none."""
    axes, s, order = draw_(st.integers(1, 2)), draw_(st.integers(2, 3)), draw_(st.integers(0, 3))
    d = draw_(st.sampled_from([1, 1, 5]))
    k = [max(order, 1) * (s - 1) + 1 + draw_(st.integers(0, 2)) for _ in range(axes)]
    weight = draw(*k, seed=draw_(st.integers(0, 999)))
    return (balance_phases(weight, s, d, order=order) if order else weight), s, d, order


@settings(derandomize=True, max_examples=60)
@given(kernels())
def test_polynomials_below_the_order_stay_polynomials_and_of_the_order_they_do_not(kernel):
    weight, s, d, made = kernel
    order = cleanliness_order(weight, s, d)
    assert order >= made
    places = [torch.arange(n * d / 2 + 7) - n for n in weight.shape]
    grid = torch.meshgrid(*[place.double() for place in places], indexing="ij")
    for below in (order, order + 1):
        degrees = [a for a in product(range(below), repeat=len(grid)) if sum(a) == below - 1]
        clean = [is_polynomial(inside(weight, prod(x**e for x, e in zip(grid, a)), s, d), below) for a in degrees]  # noqa: B905
        assert all(clean) == (below == order)
    assert [is_balanced(weight, s, d, order=n) for n in (order, order + 1) if n] == [True, False][order == 0 :]


@pytest.mark.parametrize("direction", [(0, 1), (1, 0), (1, 1), (1, -1), (2, 3)])
def test_at_order_2_a_ramp_in_any_direction_stays_one(direction):
    weight, place = draw(5, 4), torch.arange(9.0).double()
    ramp = 3 + direction[0] * place[:, None] + direction[1] * place
    assert not is_polynomial(inside(balance_phases(weight, 2), ramp, 2), 2)
    assert is_polynomial(inside(balance_phases(weight, 2, order=2), ramp, 2), 2)


def test_the_order_is_that_of_the_zeros_of_the_transfer_function():
    for s, order in product((2, 3, 4), (1, 2, 3)):
        weight = balance_phases(draw(order * (s - 1) + 3, seed=s), s, order=order).numpy()
        taps = np.arange(len(weight))
        for degree in range(order + 1):
            slopes = [np.sum(weight * taps**degree * np.exp(-2j * np.pi * m * taps / s)) for m in range(1, s)]
            assert (np.abs(slopes).max() < 1e-9) == (degree < order)


def one_row(mode: str, s: int, **options) -> Tensor:
    """What resizing makes of a single pixel, along a row."""
    pixel = torch.zeros(1, 1, 9, 9).double()
    pixel[..., 4, 4] = 1
    rows = F.interpolate(pixel, scale_factor=s, mode=mode, **options)[0, 0]
    return rows[rows.abs().sum(1).argmax()]


@pytest.mark.parametrize("s", [2, 3, 4, 5])
def test_the_orders_of_interpolation(s):
    assert cleanliness_order(one_row("nearest", s), s) == 1
    assert cleanliness_order(one_row("bilinear", s), s) == (3 if s == 2 else 2)
    assert cleanliness_order(one_row("bicubic", s, antialias=True), s) == 3  # a = -1/2
    assert cleanliness_order(one_row("bicubic", s), s) == 1  # a = -3/4: a lattice on a ramp
    triangle = 1 - torch.linspace(-1, 1, 2 * s + 1)[1:-1].abs()
    assert cleanliness_order(triangle, s) == 2  # on the pixels, not between them: at s = 2 as well
    for order in range(1, 5):
        spline = torch.ones(1)
        for _ in range(order):  # a running mean so many times over
            spline = scatter(spline[None], torch.ones(1, 1, s))[0]
        assert cleanliness_order(spline, s) == order


def test_keys_cubic_by_hand():
    row = one_row("bicubic", 2, antialias=True)
    taps = row[row.abs() > 1e-12]
    torch.testing.assert_close(2 * taps / taps.sum(), CUBIC.double())
    assert cleanliness_order(CUBIC, 2) == 3 and cleanliness_order(torch.outer(CUBIC, CUBIC), 2) == 3
    assert (
        cleanliness_order(torch.outer(CUBIC, LINEAR), 2) == 3 and cleanliness_order(torch.outer(CUBIC, THEIRS), 2) == 1
    )


def test_the_orders_of_layers():
    torch.manual_seed(0)
    for mode, order in (("nearest", 1), ("bilinear", 3)):
        assert cleanliness_order(as_transposed(ResizeConv(2, 3, 2, mode=mode)).weight, 2) == order
    cubic = nn.Sequential(nn.Upsample(scale_factor=2, mode="bicubic"), nn.Conv2d(1, 1, 3))
    assert cleanliness_order(as_transposed(cubic).weight, 2) == 1
    assert cleanliness_order(nn.ConvTranspose2d(2, 3, 4, 2).weight, 2) == 0
    # A convolution after it cannot spoil the order, and may raise it: a running mean does so by one.
    smooth = nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(1, 1, 2))
    nn.init.ones_(smooth[1].weight)
    assert cleanliness_order(as_transposed(smooth).weight, 2) == 2


def test_every_pair_of_channels_counts_and_other_axes_do_not():
    clean = balance_phases(draw(2, 3, 5, 5), 2, order=2)
    assert cleanliness_order(clean, 2) == 2
    clean[1, 2] = balance_phases(draw(5, 5), 2)
    assert cleanliness_order(clean, 2) == 1
    clean[1, 2] = 0  # a pair that paints nothing has no lattice
    assert cleanliness_order(clean, 2) == 2
    assert cleanliness_order(torch.outer(torch.tensor([1.0, 5.0]), LINEAR), (1, 2)) == 3
    assert cleanliness_order(torch.ones(8, 4, 1, 1), 2) == 0


# The nearest kernel.


@settings(derandomize=True, max_examples=40)
@given(st.integers(1, 2), st.integers(2, 4), st.sampled_from([1, 5]), st.integers(1, 3), st.integers(0, 99), st.data())
def test_balancing_to_an_order_is_the_orthogonal_projection(axes, s, d, order, seed, data):
    k = [order * (s - 1) + 1 + data.draw(st.integers(0, 2)) for _ in range(axes)]
    weight = draw(*k, seed=seed)
    found = balance_phases(weight, s, d, order=order)
    # The same from linear algebra, and from moments about the first tap.
    taps = torch.eye(weight.numel(), dtype=torch.float64).reshape(-1, *k)
    rows = []
    for degree in product(range(order), repeat=axes):
        if sum(degree) < order:
            moments = torch.stack([phase_moments(tap, s, d, degree).flatten() for tap in taps], dim=1)
            rows.append((moments[1:] - moments[:1]) / moments.abs().max())
    rows = torch.cat(rows)
    expected = weight.flatten() - torch.linalg.pinv(rows, rtol=1e-10) @ (rows @ weight.flatten())
    torch.testing.assert_close(found.flatten(), expected, rtol=1e-6, atol=1e-8)
    assert is_balanced(found, s, d, tolerance=1e-11, order=order)
    torch.testing.assert_close(balance_phases(found, s, d, order=order), found)
    assert float(found.sum().abs()) > 1e-9  # it is not one that adds up to nothing


@pytest.mark.parametrize(("s", "order"), [*product((2, 3, 4), (1, 2, 3))])
def test_so_many_taps_stay_free_and_all_that_are_left_are_running_means_of_kernels(s, order):
    for k in range(order * (s - 1) + 1, order * (s - 1) + 4):
        onto = torch.stack([balance_phases(tap, s, order=order) for tap in torch.eye(k).double()])
        assert float(onto.trace()) == pytest.approx(k - order * (s - 1))  # the rank of a projection
        kernel = draw(1, k - order * (s - 1))
        for _ in range(order):
            kernel = scatter(kernel, torch.ones(1, 1, s).double())
        torch.testing.assert_close(balance_phases(kernel[0], s, order=order), kernel[0])


def test_with_one_tap_to_spare_there_is_a_single_kernel_left():
    for k, taps in ((3, [1, 2, 1]), (4, [1, 3, 3, 1]), (5, [1, 4, 6, 4, 1])):
        left = balance_phases(draw(k), 2, order=k - 1)
        torch.testing.assert_close(left / left[0], torch.tensor(taps).double())
        assert taps == [comb(k - 1, u) for u in range(k)]


def test_weights_of_channels_three_axes_halves_and_gradients():
    weight = draw(2, 3, 5, 4).requires_grad_()
    level = balance_phases(weight, 2, order=2)
    torch.testing.assert_close(level[1, 2], balance_phases(weight[1, 2], 2, order=2))
    assert torch.autograd.gradcheck(lambda w: balance_phases(w, 2, order=2), weight[:1, :1].detach().requires_grad_())
    box = balance_phases(draw(2, 3, 3, 4, 5), 2, order=2)
    assert cleanliness_order(box, 2) == 2
    for dtype in (torch.float16, torch.bfloat16):
        half = balance_phases(weight.detach().to(dtype), 2, order=2)
        assert half.dtype == dtype and is_balanced(half, 2, order=2) and not is_balanced(weight.to(dtype), 2, order=2)
    with torch.autocast("cpu", torch.bfloat16):
        assert is_balanced(balance_phases(weight.detach().float(), 2, order=2), 2, order=2)


# Texture.


def test_the_energies_are_the_variances_of_white_noise():
    assert phase_energies(THEIRS, 2).tolist() == [15.625, 23.125]
    assert phase_energies(LINEAR, 2).tolist() == [0.625, 0.625] and phase_energies(torch.ones(2), 2).tolist() == [1, 1]
    noise = draw(1, 1, 200_000)
    output = F.conv_transpose1d(noise, THEIRS.double()[None, None], stride=2)[0, 0, 2:-2]
    assert float(output[::2].var()) == pytest.approx(15.625, rel=0.02)
    assert float(output[1::2].var()) == pytest.approx(23.125, rel=0.02)
    weight = draw(3, 2, 4, 3)
    assert torch.equal(phase_energies(weight, (2, 3)), phase_sums(weight.square(), (2, 3)))
    assert phase_energies(torch.full((4,), 300.0).half() / 1000, 2).dtype == torch.float16


@settings(derandomize=True, max_examples=40)
@given(st.integers(2, 4), st.integers(1, 3), st.integers(1, 3), st.integers(0, 99))
def test_clean_polynomials_say_nothing_of_texture(s, order, extra, seed):
    weight = balance_phases(draw(order * (s - 1) + 1 + extra, seed=seed), s, order=order)
    energies = phase_energies(weight, s)
    assert float(energies.max() / energies.min()) > 1.0001


# What is refused, and how.

ones = torch.ones
REFUSED = {
    "too few taps": (
        lambda: balance_phases(ones(4, 3), (2, 3), order=2),
        ValueError,
        "a kernel must have at least order · (stride - 1) + 1 taps, got kernel_size=3 with stride=3, order=2",
    ),
    "fewer taps than phases": (
        lambda: balance_phases(ones(2), 3, order=2),
        ValueError,
        "got kernel_size=2 with stride=3",
    ),
    "an empty phase": (lambda: balance_phases(ones(9), 4, 2, order=2), ValueError, "every phase must have a tap"),
    "order 0": (lambda: is_balanced(ones(4), 2, order=0), ValueError, "order must be at least 1, got order=0"),
    "order a float": (lambda: balance_phases(ones(4), 2, order=1.5), TypeError, "order must be an int, got 1.5"),
    "a degree of two axes": (
        lambda: phase_moments(ones(4, 4), 2),
        ValueError,
        "degree must be one int an axis, got degree=1 with axes=2",
    ),
    "a degree below 0": (lambda: phase_moments(ones(4), 2, degree=-1), ValueError, "at least 0, got degree=-1"),
    "a degree between": (lambda: phase_moments(ones(4), 2, degree=0.5), TypeError, "degree must be an int, got 0.5"),
    "no stride": (
        lambda: cleanliness_order(ones(4, 4), (1, 1)),
        ValueError,
        "stride must be at least 2 along one axis, got stride=(1, 1)",
    ),
    "no taps but zeros": (lambda: cleanliness_order(ones(4) * 0, 2), ValueError, "weight must not be all zeros"),
    "NaN": (lambda: phase_energies(ones(4) * torch.nan, 2), ValueError, "weight must be finite, got 4 taps"),
    "NaN in an order": (lambda: cleanliness_order(ones(4) * torch.nan, 2), ValueError, "weight must be finite"),
    "a stack or a weight": (lambda: phase_moments(ones(3, 4, 4), 2), ValueError, "a weight with 3 axes must come with"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_and_how(case):
    call, error, message = REFUSED[case]
    with pytest.raises(error) as caught:
        call()
    assert message in str(caught.value)
