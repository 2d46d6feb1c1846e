"""5.14.3: the law of phase sums, what measures a lattice, the upsampling layers, ICNR, and the side of gradients."""

import time
from itertools import product
from math import gcd

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from _draws import draw, is_flat, photograph
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from cnnbook.convolution.checkerboard import (
    balance_phases,
    gradient_overlap,
    input_gradient,
    is_balanced,
    lattice_spectrum,
    overlap_count,
    phase_share,
    phase_sums,
    power_spectrum,
)
from cnnbook.convolution.upsampling import (
    BalancedTransposedUpsample,
    ResizeConv,
    SubPixel,
    TransposedUpsample,
    icnr_,
)

ones = torch.ones
NAN = torch.full((8, 8), float("nan"))


def constant_output(weight: torch.Tensor, stride, dilation=1, size: int = 9) -> torch.Tensor:
    """What a transposed convolution makes of ones, well inside: a whole number of periods from phase 0 on."""
    axes = 2 - weight.dim() % 2
    weight = weight[None, None] if weight.dim() < 3 else weight
    up = F.conv_transpose1d if axes == 1 else F.conv_transpose2d
    eye = torch.eye(len(weight), dtype=weight.dtype)[(..., *[None] * axes)]  # every input channel by itself
    output = up(eye.expand(-1, -1, *[size] * axes), weight, stride=stride, dilation=dilation)
    for axis, k, s, d in zip(range(2, 2 + axes), weight.shape[2:], pair(stride), pair(dilation), strict=False):
        first = -(-d * (k - 1) // s) * s
        output = output.narrow(axis, first, ((size - 1) * s + 1 - first) // s * s)
    return output


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


# Overlaps.


def test_the_sources_own_example_is_a_checkerboard():
    assert overlap_count(2, kernel_size=4, stride=3).tolist() == [1, 1, 1, 2, 1, 1, 1]
    counts = overlap_count((2, 2), kernel_size=4, stride=3)
    assert counts.shape == (7, 7) and counts[3, 3] == 4 and counts[3, 0] == counts[0, 3] == 2 and counts[0, 0] == 1
    # The inner part of its 7×7 is a single cell, so a larger input must show it: on 4×4 the lines come back.
    assert overlap_count(5, kernel_size=4, stride=3).tolist() == [1, 1, 1, 2, 1, 1, 2, 1, 1, 2, 1, 1, 2, 1, 1, 1]


@pytest.mark.parametrize(("n", "k", "s", "d"), [*product((1, 2, 5), (1, 2, 3, 4, 5), (1, 2, 3), (1, 2, 3))])
def test_overlaps_are_a_transposed_convolution_of_ones(n, k, s, d):
    ones = torch.ones(1, 1, n, n, dtype=torch.float64)
    kernel = torch.ones(1, 1, k, 2, dtype=torch.float64)
    expected = F.conv_transpose2d(ones, kernel, stride=(s, 2), dilation=(d, 1))[0, 0]
    counts = overlap_count(n, (k, 2), (s, 2), (d, 1))
    assert counts.dtype == torch.int64 and torch.equal(counts.double(), expected)
    line = F.conv_transpose1d(ones[0, :, 0], torch.ones(1, 1, k).double(), stride=s, dilation=d)[0]
    assert torch.equal(overlap_count(n, k, s, d).double(), line)


@settings(derandomize=True, max_examples=400)
@given(*(st.integers(1, most) for most in (12, 8, 8)))
def test_inside_overlaps_are_even_exactly_where_s_divides_k_and_shares_no_divisor_with_d(k, s, d):
    n = d * (k - 1) // s + 4  # so that the inside holds at least one whole period
    inside = overlap_count(n, k, s, d)[d * (k - 1) : (n - 1) * s + 1]
    assert len(inside) >= s
    assert (len(inside.unique()) == 1) == (k % s == 0 and gcd(d, s) == 1)


def test_both_conditions_are_needed():
    assert overlap_count(6, 4, 2, dilation=2)[6:10].tolist() == [4, 0, 4, 0]  # half the cells get nothing
    assert overlap_count(6, 3, 2, dilation=1)[2:10].tolist() == [2, 1, 2, 1, 2, 1, 2, 1]
    assert overlap_count(6, 4, 2, dilation=3)[9:11].tolist() == [2, 2]


# The law.


@st.composite
def kernels(draw_):
    """A kernel or weight of whole numbers, balanced or not, with stride and dilation."""
    axes, s, d = draw_(st.integers(1, 2)), draw_(st.integers(1, 4)), draw_(st.integers(1, 3))
    k = [draw_(st.integers(s, 7)) for _ in range(axes)]
    channels = draw_(st.sampled_from([(), (2, 3)]))
    weight = draw(*channels, *k, seed=draw_(st.integers(0, 999)))
    if gcd(s, d) == 1 and draw_(st.booleans()):
        weight = balance_phases(weight, s, d, axes)
    return weight, s, d


@settings(derandomize=True, max_examples=300)
@given(kernels())
def test_constant_input_is_flat_exactly_where_phase_sums_are_equal_exactly_where_the_transfer_function_is_zero(layer):
    weight, s, d = layer
    axes = 2 - weight.dim() % 2
    output = constant_output(weight, s, d, size=9 + 6 * d)
    sums = phase_sums(weight, s, d, axes)
    assert sums.shape == (*weight.shape[:-axes], *[s] * axes)
    period = output[(..., *[slice(0, s)] * axes)]
    torch.testing.assert_close(period, sums.reshape(period.shape))  # the sums are the output, phase by phase
    torch.testing.assert_close(output, period.repeat(1, 1, *(n // s for n in output.shape[2:])))

    angles = [
        2 * torch.pi * torch.outer(torch.arange(s), torch.arange(k) * d).double() / s for k in weight.shape[-axes:]
    ]
    waves = [torch.polar(torch.ones_like(angle), -angle) for angle in angles]
    transfer = weight.to(torch.complex128) @ waves[-1].T
    transfer = transfer if axes == 1 else waves[0] @ transfer
    others = transfer.flatten(-axes)[..., 1:]  # all multiples of 1/s but 0
    vanishes = bool((others.abs() < 1e-5).all())
    assert is_flat(output) == vanishes == is_balanced(weight, s, d, axes=axes)


def test_divisible_by_the_stride_and_not_flat():
    weight = torch.tensor([3.0, 1.0, 2.0, 5.0])
    assert overlap_count(9, 4, 2)[3:-3].unique().tolist() == [2]  # the overlap is even
    assert phase_sums(weight, 2).tolist() == [5, 6] and not is_balanced(weight, 2)
    output = F.conv_transpose1d(torch.ones(1, 1, 4), weight[None, None], stride=2)[0, 0]
    assert output.tolist() == [3, 1, 5, 6, 5, 6, 5, 6, 2, 5]


def test_not_divisible_by_the_stride_and_flat():
    weight = torch.tensor([1.0, 2.0, 1.0])
    assert overlap_count(9, 3, 2)[2:-2].unique().tolist() == [1, 2]  # the overlap is not
    assert phase_sums(weight, 2).tolist() == [2, 2] and is_balanced(weight, 2)
    output = F.conv_transpose1d(torch.ones(1, 1, 4), weight[None, None], stride=2)[0, 0]
    assert output.tolist() == [1, 2, 2, 2, 2, 2, 2, 2, 1]


def test_phase_sums_by_hand():
    weight = torch.arange(12.0).reshape(3, 4)
    assert phase_sums(weight, 2).tolist() == [[20, 24], [10, 12]]  # rows 0 and 2, row 1; columns 0 and 2, 1 and 3
    assert phase_sums(weight, (3, 1)).tolist() == [[6], [22], [38]]
    assert phase_sums(weight[0], 3).tolist() == [3, 1, 2]
    assert phase_sums(weight[0], 3, dilation=2).tolist() == [3, 2, 1]  # taps 0, 2, 4, 6 are of phases 0, 2, 1, 0
    assert phase_sums(weight[0], 2, dilation=2).tolist() == [6, 0]
    assert phase_sums(weight, (1, 2), dilation=(5, 3)).tolist() == [[30, 36]]
    stacked = torch.stack([weight, -weight])[None]
    assert torch.equal(phase_sums(stacked, 2)[0, 1], -phase_sums(weight, 2))


def test_tolerance_is_a_share_of_the_weights_size_pair_by_pair():
    even = torch.tensor([1.0, 1.0, 1.0, 1.0])
    assert is_balanced(even * 1e6 + torch.tensor([1.0, 0, 0, 0]), 2)
    assert not is_balanced(even * 1e-6 * torch.tensor([1.1, 1, 1, 1]), 2)
    assert is_balanced(even + torch.tensor([0.1, 0, 0, 0]), 2, tolerance=0.1)
    weight = torch.stack([even * 1e6, torch.tensor([3.0, 1.0, 2.0, 5.0])])[None]
    assert not is_balanced(weight, 2, axes=1)  # a large pair does not cover up for a small one


@settings(derandomize=True, max_examples=150)
@given(st.integers(1, 2), st.integers(1, 4), st.sampled_from([1, 5]), st.integers(0, 99), st.data())
def test_balancing_is_the_orthogonal_projection(axes, s, d, seed, data):
    k = [data.draw(st.integers(s, 6)) for _ in range(axes)]
    weight = draw(*k, seed=seed)
    balanced = balance_phases(weight, s, d)
    # The same from linear algebra: take away what lies in the row space of "differences of phase sums".
    taps = torch.eye(weight.numel(), dtype=torch.float64).reshape(-1, *k)
    sums = torch.stack([phase_sums(tap, s, d).flatten() for tap in taps], dim=1)  # (phases, taps)
    differences = sums[1:] - sums[:1]
    expected = weight.flatten() - torch.linalg.pinv(differences) @ (differences @ weight.flatten())
    torch.testing.assert_close(balanced.flatten(), expected)
    assert is_balanced(balanced, s, d, tolerance=1e-12)
    torch.testing.assert_close(balance_phases(balanced, s, d), balanced)
    if all(n % s == 0 for n in k):
        torch.testing.assert_close(balanced.sum(), weight.sum())


def test_balancing_by_hand():
    assert balance_phases(torch.tensor([3.0, 1.0, 2.0, 5.0]), 2).tolist() == [3.25, 0.75, 2.25, 4.75]
    balanced = balance_phases(torch.ones(3, dtype=torch.float64), 2)  # to (2/3, 4/3, 2/3), at a cost of 1/3
    torch.testing.assert_close(balanced, torch.tensor([2, 4, 2]).double() / 3)
    keeps_the_total = torch.tensor([0.75, 1.5, 0.75])  # dearer: 3/8
    assert (balanced - 1).square().sum() < (keeps_the_total - 1).square().sum()


def test_balancing_takes_every_pair_of_channels_by_itself_and_lets_gradients_through():
    weight = draw(2, 3, 5, 4).requires_grad_()
    balanced = balance_phases(weight, 2)
    torch.testing.assert_close(balanced[1, 2], balance_phases(weight[1, 2], 2))
    assert is_flat(constant_output(balanced, 2)) and not is_flat(constant_output(weight, 2))
    assert torch.autograd.gradcheck(lambda w: balance_phases(w, 2), weight)


def test_divisibility_evens_the_expected_energy_of_the_phases_and_hardly_ever_the_phases():
    for k, s in [(4, 2), (6, 3), (3, 2), (5, 3)]:
        kernels = torch.tensor(list(product((-1.0, 1.0), repeat=k)))  # each equally likely: the mean is the expectation
        sums = phase_sums(kernels[None], s, axes=1)[0]
        energy = sums.square().mean(0)
        assert energy.tolist() == [len(range(r, k, s)) for r in range(s)]  # as many as there are taps
        assert (len(energy.unique()) == 1) == (k % s == 0)
        generator = torch.Generator().manual_seed(0)
        normal = torch.randn(1, 10_000, k, generator=generator, dtype=torch.float64)
        spread = phase_sums(normal, s, axes=1)[0]
        assert int((spread.amax(-1) - spread.amin(-1) < 1e-4 * normal[0].abs().sum(-1)).sum()) <= 3
        mean_square = spread.square().mean(0)
        torch.testing.assert_close(mean_square, energy.double(), rtol=0.06, atol=0)


def test_a_stack_of_kernels_is_read_as_it_is_said_to_be():
    stack = draw(3, 4, 4)
    for function in (phase_sums, balance_phases):
        for one, many in zip(stack, function(stack, 2, axes=2), strict=True):
            torch.testing.assert_close(many, function(one, 2))
        rows = function(stack, 2, axes=1)
        torch.testing.assert_close(rows[1, 2], function(stack[1, 2], 2))
    assert is_balanced(balance_phases(stack, 2, axes=2), 2, axes=2)
    assert not is_balanced(balance_phases(stack, 2, axes=2), 2, axes=1)
    assert is_balanced(balance_phases(stack, 2, axes=3), 2, axes=3)
    assert not is_balanced(balance_phases(stack, 2, axes=2), 2, axes=3)
    assert phase_sums(stack, 2, axes=3).shape == (2, 2, 2)


def test_along_three_axes_as_along_two():
    weight = draw(2, 3, 4, 3, 5)
    sums, inside = phase_sums(weight, (2, 3, 2)), [slice(4, 8), slice(6, 9), slice(4, 8)]
    eye = torch.eye(2).double()[(..., *[None] * 3)]
    output = F.conv_transpose3d(eye.expand(-1, -1, 6, 6, 6), weight, stride=(2, 3, 2))[(..., *inside)]
    torch.testing.assert_close(output, sums.repeat(1, 1, 2, 1, 2))
    assert is_balanced(balance_phases(weight, (2, 3, 2)), (2, 3, 2)) and not is_balanced(weight, (2, 3, 2))
    torch.testing.assert_close(phase_sums(weight[:, :, 0], 2).sum((-2, -1)), weight[:, :, 0].sum((-2, -1)))


def test_a_kernel_that_leaves_phases_out_is_not_balanced():
    """The shortcut of a residual network: three of four pixels get no gradient."""
    assert not is_balanced(ones(8, 4, 1, 1), 2) and not is_balanced(ones(2, 4), (3, 2))
    assert is_balanced(ones(8, 4, 1, 1), 1)
    assert int((gradient_overlap((8, 8), 1, 2) == 0).sum()) == 48


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_phases_of_halves_are_added_up_in_single_precision(dtype):
    weight = torch.full((600,), 300.0).to(dtype)  # float16 ends at 65,504
    assert phase_sums(torch.cat([weight[:300], -weight[:300]]), 2).tolist() == [0, 0]
    assert phase_sums(weight.bfloat16(), 2).tolist() == [90112, 90112]  # 90,000, rounded once
    for seed in range(20):
        kernel = draw(2, 3, 5, 5, seed=seed).to(dtype)
        balanced = balance_phases(kernel, 2)
        assert balanced.dtype == dtype and is_balanced(balanced, 2)
        assert not is_balanced(kernel, 2) and not is_balanced(balanced, 2, tolerance=0.0)
        torch.testing.assert_close(balanced, balance_phases(kernel.double(), 2).to(dtype), rtol=0.02, atol=1e-3)


def test_autocast_does_not_unbalance_a_kernel():
    weight = draw(2, 3, 5, 5).float()
    with torch.autocast("cpu", torch.bfloat16):
        assert torch.equal(phase_sums(weight, 2), phase_sums(weight.float(), 2))
        assert phase_sums(weight, 2).dtype == torch.float32 and is_balanced(balance_phases(weight, 2), 2)


def test_what_cannot_be_looked_at_is_nan_and_no_verdict():
    assert torch.vmap(lambda x: phase_share(x, 2))(NAN[None]).isnan().all()
    assert torch.vmap(lambda x: lattice_spectrum(x, 2))(NAN[None]).isnan().all()
    assert torch.vmap(lambda w: balance_phases(w, 2))(NAN[None]).isnan().all()


# What measures a lattice.


def test_a_pure_lattice_and_none():
    tile = torch.tensor([[6.0, 5.0, 1.0], [2.0, 0.0, 3.0]])
    lattice = tile.repeat(6, 4)
    assert float(phase_share(lattice, (2, 3))) == pytest.approx(1)
    assert float(phase_share(lattice, (4, 6))) == pytest.approx(1)  # a multiple of its period
    assert float(lattice_spectrum(lattice, (2, 3))) > 1e6
    for value in (0.0, 1.0, -1e6, 1 / 3):
        flat = torch.full((12, 12), value)
        assert float(phase_share(flat, 3)) == 0 and float(lattice_spectrum(flat, 3)) == 1
        ripple = flat * (1 + 1e-7 * torch.tensor([1.0, -1.0]).repeat(12, 6))  # what rounding leaves is no lattice
        assert float(phase_share(ripple, 2)) == 0 and float(lattice_spectrum(ripple, 2)) < 2


def test_phase_share_is_the_variance_between_phases_over_all_variance():
    image = draw(2, 3, 9, 13)
    for s in (2, 3, (3, 4)):
        down, across = pair(s)
        height, width = 9 // down * down, 13 // across * across
        for index in product(range(2), range(3)):
            part = image[index][:height, :width]
            phases = [part[i::down, j::across] for i, j in product(range(down), range(across))]
            between = torch.stack([phase.mean() for phase in phases]).var(correction=0)
            assert float(phase_share(image, s)[index]) == pytest.approx(float(between / part.var(correction=0)))


@pytest.mark.parametrize("s", [2, 4])
def test_photographs_have_next_to_no_lattice_and_one_added_is_found(s):
    images = photograph(20, 128, 128)
    clean, power = phase_share(images, s), lattice_spectrum(images, s)
    assert clean.shape == power.shape == (20,) and clean.max() < 0.01
    assert power.min() > 0.7 and power.max() < 1.5
    tile = draw(s, s, seed=1)
    tile = (tile - tile.mean()) / tile.std(correction=0) * images.std((-2, -1), keepdim=True)
    for amount, share in ((0.5, 0.2), (1.0, 0.5), (2.0, 0.8)):  # a²/(1 + a²)
        worse = images + amount * tile.repeat(1, 128 // s, 128 // s)
        torch.testing.assert_close(phase_share(worse, s), torch.full((20,), share).double(), atol=0.02, rtol=0)
        assert (lattice_spectrum(worse, s) > 50 * amount**2 * power).all()


def test_the_frequencies_around_a_lattice_are_eight_on_either_side():
    place = torch.arange(64, dtype=torch.float64)
    lattice = torch.cos(torch.pi * place)
    for apart in (1, 7, 8, 9, 31):
        wave = 2**0.5 * torch.cos(2 * torch.pi * (32 - apart) / 64 * place)  # as strong, half of it in its mirror image
        ratio = float(lattice_spectrum((lattice + wave).expand(4, -1), (1, 2)))
        assert ratio == pytest.approx(16) if apart <= 8 else ratio > 1e6


def test_of_white_noise_the_position_explains_no_more_than_its_degrees_of_freedom():
    share = phase_share(draw(400, 16, 16), 4)
    assert float(share.mean()) == pytest.approx(15 / 255, rel=0.05)


def test_the_spectrum_is_numpys_and_its_peaks_are_at_multiples_of_one_over_s():
    image = draw(24, 18)
    centred = image.numpy() - image.numpy().mean()
    rows = (np.abs(np.fft.rfft(centred, axis=1)) ** 2).mean(0) / 18
    columns = (np.abs(np.fft.rfft(centred, axis=0)) ** 2).mean(1) / 24
    np.testing.assert_allclose(power_spectrum(image), rows)
    np.testing.assert_allclose(power_spectrum(image, axis=-2), columns)
    lattice = draw(1, 4).repeat(8, 8)
    peaks = power_spectrum(lattice) > 1e-9
    assert peaks.nonzero().flatten().tolist() == [8, 16]  # a quarter and a half of 32

    down, across = 4, 3
    expected = [0.0, 0.0]  # the ratio, written out for one axis after the other
    for power, n, s in ((columns, 24, down), (rows, 18, across)):
        periods = n // s
        reach = min(8, (periods - 1) // 2)
        for m in range(1, s):
            near = [m * periods + j for j in range(-reach, reach + 1) if j]
            expected[0] += power[min(m * periods, n - m * periods)]
            expected[1] += np.mean([power[min(f, n - f)] for f in near])
    assert float(lattice_spectrum(image, (down, across))) == pytest.approx(expected[0] / expected[1])


def test_a_lattice_along_either_axis_is_seen():
    noise = draw(64, 64)
    for lattice in (torch.tensor([1.0, -1.0]).repeat(64, 32), torch.tensor([[1.0], [-1.0]]).repeat(32, 64)):
        assert lattice_spectrum(noise + lattice, 2) > 10 * lattice_spectrum(noise, 2)
        assert phase_share(noise + lattice, 2) > 0.4


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_measures_take_every_floating_dtype(dtype):
    image = (draw(8, 8) + torch.tensor([1.0, -1.0]).repeat(8, 4)).to(dtype)
    for measure in (phase_share, lattice_spectrum):
        torch.testing.assert_close(measure(image, 2).double(), measure(image.double(), 2), rtol=1e-5, atol=1e-6)
    assert phase_share(torch.ones(8, 8, dtype=dtype), 2) == 0


def test_an_image_is_left_as_it_was_and_the_smallest_is_two_periods():
    image = draw(4, 6)
    before = image.clone()
    assert phase_share(image, 2).shape == lattice_spectrum(image, (2, 3)).shape == ()
    assert torch.equal(image, before)
    assert phase_share(draw(0, 4, 4), 2).shape == (0,)


def test_a_thousand_maps_take_less_than_three_seconds_on_two_cores():
    maps = torch.rand(1000, 256, 256, generator=torch.Generator().manual_seed(0))
    start = time.process_time()  # of all threads together
    assert phase_share(maps, 2).shape == lattice_spectrum(maps, 2).shape == (1000,)
    assert time.process_time() - start < 6
    weights = torch.rand(1000, 64, 4, 4, generator=torch.Generator().manual_seed(0))
    start = time.process_time()
    phase_sums(balance_phases(weights, 2), 2)
    overlap_count((1000, 1000), 4, 2)
    assert time.process_time() - start < 6


@pytest.mark.parametrize(("n", "k", "s", "p"), [*product((7, 8, 9), (1, 2, 3, 4), (1, 2, 3), (0, 1))])
def test_the_input_gradient_of_ones_is_the_overlap(n, k, s, p):
    layer = nn.Conv2d(1, 1, k, s, p, bias=False)
    nn.init.ones_(layer.weight)
    gradient = input_gradient(layer, draw(1, 1, n, n + 1).float())[0, 0]
    assert torch.equal(gradient, gradient_overlap((n, n + 1), k, s, p).float())
    assert torch.equal(gradient[:, :n], gradient_overlap((n, n), k, s, p).float()) or (n + 2 * p - k) % s == s - 1
    dilated = nn.Conv1d(1, 1, k, s, p, dilation=2, bias=False)
    nn.init.ones_(dilated.weight)
    gradient = input_gradient(dilated, draw(1, 1, n).float())[0, 0]
    assert torch.equal(gradient, gradient_overlap(n, k, s, p, dilation=2).float())


def test_the_input_gradient_of_a_strided_convolution_follows_the_law_of_its_phase_sums():
    for k, s in ((3, 2), (4, 2), (5, 3), (6, 3)):
        weight = draw(2, 3, k, k, seed=k)  # of a convolution from 3 channels to 2
        inside = (..., *[slice(s * k, s * k + 2 * s)] * 2)
        expected = phase_sums(weight, s).sum(0).repeat(1, 2, 2)  # over the outputs
        gradient = input_gradient(lambda x, w=weight, s=s: F.conv2d(x, w, stride=s), draw(1, 3, 40, 40))
        torch.testing.assert_close(gradient[inside][0], expected)
        assert not is_flat(gradient[inside])  # be it divisible or not
        level = balance_phases(weight, s)
        assert is_flat(input_gradient(lambda x, w=level, s=s: F.conv2d(x, w, stride=s), draw(1, 3, 40, 40))[inside])


@pytest.mark.parametrize(("k", "s"), [(2, 2), (3, 2), (3, 3), (4, 2)])
def test_max_poolings_expected_gradient_is_the_overlap_over_the_window_where_pixels_are_independent(k, s):
    """Of values that can be exchanged for each other each is the largest of a window with probability 1/k²."""
    n = 12
    images = torch.rand(2000, 1, n, n, generator=torch.Generator().manual_seed(0))
    gradient = input_gradient(lambda x: F.max_pool2d(x, k, s), images)
    overlap = gradient_overlap((n, n), k, s)
    assert (gradient.mean((0, 1)) - overlap / k**2).abs().max() < 5 * (4 / 2000) ** 0.5 * 0.5
    inside = gradient[0, 0, k:-k, k:-k]
    assert ((gradient == 0) | (gradient >= 1)).all() and len(inside.unique()) > 1  # a single one is not even
    assert (len(overlap[k:-k, k:-k].unique()) == 1) == (k % s == 0)


def smooth_noise(n: int, size: int, sigma: int = 2) -> torch.Tensor:
    """Stationary noise, each pixel alike in law, that changes slowly: white noise under a Gaussian window."""
    window = torch.exp(-torch.arange(-3.0 * sigma, 3 * sigma + 1).square() / (2 * sigma**2))
    white = torch.randn(n, 1, *[size + len(window) - 1] * 2, generator=torch.Generator().manual_seed(0))
    return F.conv2d(F.conv2d(white, window[None, None, None]), window[None, None, :, None])


def test_max_poolings_expected_gradient_is_uneven_where_neighbours_are_alike():
    """No overlap, the same law at every pixel, and a lattice: on a slope the largest value is at a corner."""
    k, images = 3, smooth_noise(3000, 24)
    gradient = input_gradient(lambda x: F.max_pool2d(x, k), images).mean((0, 1))
    assert gradient_overlap((24, 24), k, k).unique().tolist() == [1]
    corner, edge, centre = 0.20, 0.047, 0.011
    window = gradient.unflatten(0, (-1, k)).unflatten(-1, (-1, k)).mean((0, 2))  # the mean over all 8 × 8 windows
    rows = [[corner, edge, corner], [edge, centre, edge], [corner, edge, corner]]
    torch.testing.assert_close(window, torch.tensor(rows), rtol=0, atol=0.006)
    assert float(gradient.mean()) == pytest.approx(1 / k**2)
    assert float(phase_share(gradient, k)) > 0.95
    independent = torch.randn(3000, 1, 24, 24, generator=torch.Generator().manual_seed(0))
    even = input_gradient(lambda x: F.max_pool2d(x, k), independent).mean((0, 1))
    assert float(phase_share(even, k)) < 0.05


def test_max_pooling_gives_all_of_a_tie_to_the_top_left():
    gradient = input_gradient(lambda x: F.max_pool2d(x, 2), torch.ones(1, 1, 8, 8))[0, 0]
    assert torch.equal(gradient, torch.tensor([[1.0, 0.0], [0.0, 0.0]]).repeat(4, 4))
    assert float(phase_share(gradient, 2)) == pytest.approx(1)
    mean = input_gradient(lambda x: F.avg_pool2d(x, 2), torch.ones(1, 1, 8, 8))  # which shares it out
    assert mean.unique().tolist() == [0.25]


def test_input_gradient_leaves_its_input_alone_and_works_without_grad_mode():
    x = draw(1, 1, 5)
    with torch.no_grad():
        assert torch.equal(input_gradient(lambda x: x**2, x), 2 * x)
    assert not x.requires_grad and x.grad is None


# What is refused, and how.

REFUSED = {
    "stride 0": (lambda: overlap_count(2, 4, 0), ValueError, "stride must be at least 1, got stride=0"),
    "stride -1": (lambda: phase_sums(ones(3), -1), ValueError, "stride must be at least 1, got stride=-1"),
    "stride of an image": (lambda: phase_share(ones(8, 8), 0), ValueError, "stride must be at least 1, got stride=0"),
    "stride of a spectrum": (lambda: lattice_spectrum(ones(8, 8), (2, 0)), ValueError, "got stride=0"),
    "stride of a gradient": (lambda: gradient_overlap(8, 3, 0), ValueError, "got stride=0"),
    "a float": (lambda: overlap_count(2, 4, 2.0), TypeError, "stride must be an int, got 2.0"),
    "dilation": (lambda: is_balanced(ones(4), 2, 0), ValueError, "dilation must be at least 1, got dilation=0"),
    "size": (lambda: overlap_count(0, 4, 2), ValueError, "size must be at least 1, got size=0"),
    "padding": (lambda: gradient_overlap(8, 3, 2, -1), ValueError, "padding must be at least 0, got padding=-1"),
    "long kernel": (lambda: gradient_overlap(2, 5, 2), ValueError, "must not be shorter than the dilated kernel"),
    "few taps": (
        lambda: phase_sums(ones(2), 3),
        ValueError,
        "a kernel must have at least as many taps as there are phases, got kernel_size=2 with stride=3",
    ),
    "few taps on one axis": (lambda: phase_sums(ones(4, 2), (2, 3)), ValueError, "got kernel_size=2 with stride=3"),
    "few taps to balance": (lambda: balance_phases(ones(1, 2), (1, 3)), ValueError, "got kernel_size=2 with stride=3"),
    "empty phase": (
        lambda: balance_phases(ones(5), 4, dilation=2),
        ValueError,
        "every phase must have a tap, so stride and dilation must have no common divisor, got stride=4 with dilation=2",
    ),
    "weight of 6": (lambda: phase_sums(ones(1, 1, 1, 1, 4, 4), 2), ValueError, "got shape (1, 1, 1, 1, 4, 4)"),
    "a stack or a weight": (
        lambda: is_balanced(ones(3, 4, 4), 2),
        ValueError,
        "a weight with 3 axes must come with axes=1 for (C_in, C_out / groups, k), axes=2 for a stack of kernels "
        "(n, kH, kW) or axes=3 for a kernel (kD, kH, kW), got shape (3, 4, 4)",
    ),
    "axes 4": (lambda: phase_sums(ones(3, 4, 4), 2, axes=4), ValueError, "axes must be 1, 2 or 3, and at most those"),
    "a row of two axes": (lambda: balance_phases(ones(4), 2, axes=2), ValueError, "got axes=2 of 1"),
    "a number": (lambda: phase_sums(torch.tensor(1.0), 1), ValueError, "got shape ()"),
    "no taps": (lambda: phase_sums(ones(1, 0), 1), ValueError, "weight must have no axis of length 0"),
    "weight of ints": (lambda: phase_sums(ones(4).int(), 2), TypeError, "weight must have a floating dtype"),
    "weight a list": (lambda: is_balanced([1.0, 2.0], 2), TypeError, "weight must be a torch.Tensor, got list"),
    "NaN in a weight": (
        lambda: balance_phases(torch.tensor([1.0, float("nan"), 2.0]), 2),
        ValueError,
        "weight must be finite, got 1 taps that are NaN or infinite",
    ),
    "NaN in a sum": (lambda: phase_sums(torch.tensor([1.0, float("inf")]), 2), ValueError, "got 1 taps that are NaN"),
    "small image": (
        lambda: phase_share(ones(5, 8), 3),
        ValueError,
        "image must hold at least two periods along each axis, got 5×8 pixels with stride=3",
    ),
    "small image's spectrum": (lambda: lattice_spectrum(ones(8, 5), 3), ValueError, "got 8×5 pixels with stride=3"),
    "NaN": (
        lambda: phase_share(NAN, 2),
        ValueError,
        "image must be finite, got 64 pixels that are NaN or infinite",
    ),
    "infinite": (lambda: lattice_spectrum(NAN.nan_to_num(torch.inf), 2), ValueError, "image must be finite, got 64"),
    "NaN in the last, incomplete period": (
        lambda: phase_share(F.pad(ones(1, 8, 8), (0, 1), value=float("nan")), 2),
        ValueError,
        "image must be finite, got 8",
    ),
    "integer image": (
        lambda: phase_share(ones(8, 8).byte(), 2),
        TypeError,
        "image must have a floating dtype, got torch.uint8",
    ),
    "image a list": (lambda: lattice_spectrum([[1.0]], 2), TypeError, "image must be a torch.Tensor, got list"),
    "a line": (lambda: phase_share(ones(8), 2), ValueError, "image must be (…, H, W), got shape (8,)"),
    "a line's spectrum": (lambda: power_spectrum(ones(8)), ValueError, "image must be (…, H, W), got shape (8,)"),
    "axis": (lambda: power_spectrum(ones(8, 8), 0), ValueError, "got axis=0"),
    "gradient of ints": (lambda: input_gradient(lambda x: x, ones(3).int()), TypeError, "input must have a floating"),
    "scale": (lambda: ResizeConv(1, 1, 0), ValueError, "scale must be at least 1, got scale=0"),
    "scale a pair": (lambda: SubPixel(1, 1, (2, 2)), TypeError, "scale must be an int, got (2, 2)"),
    "channels": (lambda: TransposedUpsample(0, 1, 2), ValueError, "in_channels must be at least 1"),
    "outputs": (lambda: SubPixel(1, 0, 2), ValueError, "out_channels must be at least 1, got out_channels=0"),
    "kernel below scale": (
        lambda: TransposedUpsample(1, 1, 4, kernel_size=3),
        ValueError,
        "a kernel must have at least as many taps as there are phases, got kernel_size=3 with stride=4",
    ),
    "order of a layer": (
        lambda: BalancedTransposedUpsample(1, 1, 3, kernel_size=4, order=2),
        ValueError,
        "a kernel must have at least order · (stride - 1) + 1 taps, got kernel_size=4 with stride=3, order=2",
    ),
    "order 0 of a layer": (lambda: BalancedTransposedUpsample(1, 1, 2, order=0), ValueError, "got order=0"),
    "kernel 0": (lambda: ResizeConv(1, 1, 2, kernel_size=0), ValueError, "kernel_size must be at least 1"),
    "mode": (lambda: ResizeConv(1, 1, 2, mode="cubic"), ValueError, "or \"bilinear\", got 'cubic'"),
    "no batch": (lambda: ResizeConv(4, 1, 2)(ones(3, 4, 4)), ValueError, "(N, 4, H, W), got shape (3, 4, 4)"),
    "other channels": (lambda: SubPixel(3, 1, 2)(ones(1, 2, 4, 4)), ValueError, "(N, 3, H, W), got shape (1, 2, 4, 4)"),
    "icnr's channels": (
        lambda: icnr_(ones(6, 1, 3, 3), 2),
        ValueError,
        "the weight's first axis must be divisible by its 4 phases, got 6 with scale=2",
    ),
    "icnr's weight": (lambda: icnr_(ones(4, 4), 2), ValueError, "got shape (4, 4)"),
    "icnr's scale": (lambda: icnr_(ones(4, 1, 3, 3), 0), ValueError, "scale must be at least 1, got scale=0"),
    "icnr's bias": (lambda: icnr_(ones(4, 1, 3, 3), 2, ones(3)), ValueError, "for each of 4 channels, got (3,)"),
    "icnr's ints": (lambda: icnr_(ones(4, 1, 3).int(), 2), TypeError, "weight must have a floating dtype"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_and_how(case):
    call, error, message = REFUSED[case]
    with pytest.raises(error) as caught:
        call()
    assert message in str(caught.value)
