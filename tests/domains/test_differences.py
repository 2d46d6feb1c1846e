"""Shifts and what answers them, orders of pixels, and what neighbours say about each other."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional as F

from cnnbook.domains.differences import (
    BlurPool2d,
    autocorrelation,
    mutual_information,
    patch_order,
    permute_pixels,
    receptive_field,
    shift,
    shift_consistency,
)

offsets = st.integers(-9, 9)


def whole(*shape: int) -> torch.Tensor:
    """Whole numbers in float64: sums are exact, so that equal means equal."""
    return torch.randint(-4, 5, shape).double()


def circular(x: torch.Tensor, w: torch.Tensor, stride: int = 1) -> torch.Tensor:
    """A convolution with circular padding that keeps the size at stride 1."""
    low, high = (w.shape[-1] - 1) // 2, w.shape[-1] // 2
    return F.conv2d(F.pad(x, (low, high, low, high), mode="circular"), w, stride=stride)


@given(offsets, offsets, st.sampled_from(["circular", "zeros"]))
def test_a_shift_moves_every_pixel_and_its_inverse_brings_back_what_stayed(down, right, padding):
    x = 1 + torch.arange(30.0).reshape(1, 1, 5, 6)
    y = shift(x, down, right, padding, fill=-7.0)
    for i in range(5):
        for j in range(6):
            a, b = i - down, j - right
            inside = 0 <= a < 5 and 0 <= b < 6
            assert y[0, 0, i, j] == (x[0, 0, a % 5, b % 6] if inside or padding == "circular" else -7)
    if padding == "circular":
        assert torch.equal(shift(y, -down, -right), x)


@settings(max_examples=60)
@given(offsets, offsets, st.integers(1, 5), st.integers(0, 99))
def test_a_convolution_with_circular_padding_moves_with_its_input(down, right, kernel, seed):
    torch.manual_seed(seed)
    x, w = whole(2, 3, 8, 9), whole(4, 3, kernel, kernel)
    moved = circular(shift(x, down, right), w).relu()
    assert torch.equal(moved, shift(circular(x, w).relu(), down, right))


@settings(max_examples=60)
@given(st.integers(-3, 3), st.integers(2, 4), st.integers(0, 99))
def test_a_stride_moves_with_its_input_at_its_multiples_alone(steps, stride, seed):
    torch.manual_seed(seed)
    x, w = whole(2, 3, 12, 12), whole(4, 3, 3, 3)
    y = circular(x, w, stride)
    assert torch.equal(circular(shift(x, steps * stride), w, stride), shift(y, steps))
    between = circular(shift(x, steps * stride + 1), w, stride)
    assert all(not torch.equal(between, shift(y, n)) for n in range(-6, 7))


def test_zero_padding_breaks_equivariance_at_the_border_and_nowhere_else():
    torch.manual_seed(0)
    x, w = whole(1, 2, 10, 10), whole(3, 2, 3, 3)
    differ = F.conv2d(shift(x, right=1), w, padding=1) != shift(F.conv2d(x, w, padding=1), right=1)
    assert not differ[..., 1:-1, 2:-1].any()  # away from the border, and from what came round
    assert differ[..., [0, -1]].any()


@settings(max_examples=40)
@given(offsets, offsets, st.sampled_from([torch.amax, torch.mean]), st.integers(0, 99))
def test_global_pooling_of_what_moves_along_stays_as_it_is(down, right, pool, seed):
    torch.manual_seed(seed)
    x, w = whole(2, 3, 8, 8), whole(4, 3, 3, 3)
    there, moved = (pool(circular(images, w).relu(), (2, 3)) for images in (x, shift(x, down, right)))
    assert torch.equal(there, moved)


@settings(max_examples=30)
@given(offsets, offsets, st.integers(0, 99))
def test_a_last_max_pooling_before_a_global_maximum_makes_no_difference(down, right, seed):
    torch.manual_seed(seed)
    x = shift(whole(2, 3, 8, 8), down, right)
    assert torch.equal(F.max_pool2d(x, 2).amax((2, 3)), x.amax((2, 3)))


@settings(max_examples=30)
@given(st.integers(0, 99), st.integers(0, 99))
def test_a_dense_layer_takes_any_order_of_the_pixels_by_another_order_of_its_weights(seed, drawn):
    torch.manual_seed(seed)
    x, w = whole(3, 1, 6, 6), whole(5, 36)
    order = patch_order(6, 1, generator=torch.Generator().manual_seed(drawn))
    assert torch.equal(permute_pixels(x, order).flatten(1) @ w[:, order].T, x.flatten(1) @ w.T)


def test_blurpool_of_one_pixel_is_a_stride_and_of_three_the_published_kernel():
    torch.manual_seed(0)
    x = whole(2, 3, 8, 8)
    assert torch.equal(BlurPool2d(1, 2)(x), x[..., ::2, ::2])
    kernel = torch.tensor([[1.0, 2, 1], [2, 4, 2], [1, 2, 1]]).double() / 16
    blurred = F.conv2d(F.pad(x, (1, 1, 1, 1), mode="reflect"), kernel.expand(3, 1, 3, 3), stride=2, groups=3)
    assert torch.equal(BlurPool2d(3, 2)(x), blurred)
    assert BlurPool2d(4, 3, "circular")(x).shape == (2, 3, 3, 3)


@pytest.mark.parametrize("kernel", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("padding", ["zeros", "circular", "reflect", "replicate"])
def test_blurpool_keeps_a_flat_image_flat_and_has_the_size_of_a_stride(kernel, padding):
    y = BlurPool2d(kernel, 2, padding)(torch.ones(1, 2, 9, 8))
    assert y.shape == (1, 2, 5, 4)
    inside = y if padding != "zeros" else y[..., 1:-1, 1:-1]
    torch.testing.assert_close(inside, torch.ones_like(inside))


def test_blurpool_takes_the_finest_stripes_away_which_a_stride_turns_into_black_or_white():
    stripes = torch.tensor([0.0, 1.0]).repeat(4).expand(1, 1, 8, 8)
    for x in (stripes, shift(stripes, right=1)):
        assert BlurPool2d(3, 2, "circular")(x).unique().tolist() == [0.5]
    assert [shift(stripes, right=r)[..., ::2].unique().tolist() for r in (0, 1)] == [[0.0], [1.0]]


def test_consistency_compares_decisions_not_answers():
    torch.manual_seed(0)
    x = torch.rand(20, 1, 6, 6)
    dense = nn.Sequential(nn.Flatten(), nn.Linear(36, 4))
    found = shift_consistency(dense, x, [0, 1, 3])
    by_hand = [(dense(x.roll(r, 3)).argmax(1) == dense(x).argmax(1)).float().mean().item() for r in (0, 1, 3)]
    assert found.tolist() == pytest.approx(by_hand) and found[0] == 1 and found[1] < 1
    always = lambda images: torch.tensor([[0.0, 1.0]]).expand(len(images), 2)  # noqa: E731
    assert shift_consistency(always, x, [5], padding="zeros").tolist() == [1.0]


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 3)), min_size=1, max_size=3))
def test_the_receptive_field_is_where_the_gradient_is(layers):
    field = receptive_field([(kernel, stride, 1) for kernel, stride in layers])
    x = torch.ones(1, 1, field + 6, requires_grad=True)
    y = x
    for kernel, stride in layers:
        y = F.conv1d(y, torch.ones(1, 1, kernel), stride=stride)
    (slope,) = torch.autograd.grad(y[0, 0, 0], x)
    reached = slope[0, 0].nonzero().flatten()
    assert reached.min() == 0 and reached.max() + 1 == field


@pytest.mark.parametrize("within", [False, True])
@pytest.mark.parametrize(("size", "patch"), [(6, 1), (6, 2), (6, 3), (6, 6)])
def test_an_order_moves_patches_or_the_pixels_within_them(size, patch, within):
    order = patch_order(size, patch, within, torch.Generator().manual_seed(3))
    assert order.sort().values.tolist() == list(range(size * size))
    cut = lambda grid: grid.reshape(size // patch, patch, size // patch, patch).transpose(1, 2).flatten(0, 1)  # noqa: E731
    old, new = cut(torch.arange(size * size)), cut(order)
    if within:
        assert torch.equal(new.flatten(1).sort(1).values, old.flatten(1))
        assert patch == 1 or not torch.equal(new, old)
    else:
        assert {tuple(one.flatten().tolist()) for one in new} == {tuple(one.flatten().tolist()) for one in old}
        assert patch == size or not torch.equal(new, old)


def test_one_order_for_all_or_one_each():
    x = torch.arange(2 * 2 * 4).reshape(2, 2, 2, 2)
    orders = torch.stack([torch.arange(4), torch.tensor([3, 0, 1, 2])])
    each = permute_pixels(x, orders)
    for n in range(2):
        assert torch.equal(each[n], permute_pixels(x, orders[n])[n])
    assert each[1, 0].flatten().tolist() == [11, 8, 9, 10]


def test_autocorrelation_is_the_correlation_of_pairs_about_the_mean_of_each_image():
    torch.manual_seed(0)
    x = torch.rand(3, 1, 7, 8) + 10 * torch.arange(3.0)[:, None, None, None]
    for d in (1, 3):
        pairs = []
        for image in x[:, 0] - x.mean((1, 2, 3))[:, None, None]:
            pairs += [(image[i, j], image[i, j + d]) for i in range(7) for j in range(8 - d)]
            pairs += [(image[i, j], image[i + d, j]) for i in range(7 - d) for j in range(8)]
        a, b = torch.tensor(pairs).T
        by_hand = (a @ b / (a.norm() * b.norm())).item()
        assert autocorrelation(x, [d]).item() == pytest.approx(by_hand, abs=1e-5)
    assert autocorrelation(x, [0]).item() == pytest.approx(1)


def test_autocorrelation_of_noise_is_none_and_of_a_ramp_high():
    torch.manual_seed(0)
    assert autocorrelation(torch.rand(50, 1, 20, 20), [1, 5]).abs().max() < 0.02
    ramp = torch.arange(20.0).expand(1, 20, 20)
    assert autocorrelation(ramp, [1]).item() > 0.95
    assert math.isnan(autocorrelation(torch.ones(1, 4, 4), [1]).item())


def test_mutual_information_by_hand():
    """0 0 1 1 over and over: the next is a coin toss, the one after is certain; with three signs in a cycle log2(3)."""
    coin = torch.tensor([0, 0, 1, 1]).repeat(200)
    assert mutual_information(coin, [1, 2, 4], corrected=False).tolist() == pytest.approx([0, 1, 1], abs=1e-4)
    cycle = torch.tensor([5, 9, 2]).repeat(300)
    assert mutual_information(cycle, [1], corrected=False).item() == pytest.approx(math.log2(3), abs=1e-4)


@settings(max_examples=30)
@given(st.integers(2, 6), st.integers(0, 999), st.integers(1, 3))
def test_mutual_information_is_bounded_and_blind_to_names(words, seed, distance):
    torch.manual_seed(seed)
    tokens, names = torch.randint(words, (4, 30)), 10 * torch.randperm(words)
    plain, renamed = (mutual_information(t, [distance], corrected=False).item() for t in (tokens, names[tokens]))
    assert -1e-9 <= plain <= math.log2(words) + 1e-9 and plain == pytest.approx(renamed)


def test_independent_symbols_seem_to_inform_and_the_correction_takes_that_off():
    torch.manual_seed(0)
    tokens = torch.randint(12, (200, 6))  # 1,000 pairs, 144 possible ones: plainly too few
    raw, corrected = (mutual_information(tokens, [1], corrected=c).item() for c in (False, True))
    expected = 11 * 11 / (2 * 1000 * math.log(2))
    assert raw == pytest.approx(expected, rel=0.3) and abs(corrected) < raw / 4
    assert raw - corrected == pytest.approx(expected, rel=1e-4)  # all 144 pairs occur


def test_pairs_never_cross_from_one_text_to_the_next():
    tokens = torch.tensor([[0, 1], [2, 3]])
    assert mutual_information(tokens, [1], corrected=False).item() == pytest.approx(1)  # 0→1 and 2→3, and no 1→2


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: shift(torch.ones(2, 2), padding="reflect"), "'circular' or 'zeros', got 'reflect'"),
        (lambda: BlurPool2d(0), "kernel_size must be at least 1, got kernel_size=0"),
        (lambda: BlurPool2d(3, stride=0), "stride must be at least 1, got stride=0"),
        (lambda: BlurPool2d(padding_mode="same"), "one of zeros, circular, reflect, replicate, got 'same'"),
        (lambda: shift_consistency(nn.Flatten(), torch.ones(0, 1, 2, 2), [1]), r"got 0 images and offsets=\[1\]"),
        (lambda: shift_consistency(nn.Flatten(), torch.ones(1, 1, 2, 2), []), r"got 1 images and offsets=\[\]"),
        (lambda: receptive_field([(3, 1, 1), (3, 0, 1)]), "stride must be at least 1, got stride=0"),
        (lambda: shift(torch.ones(2, 1, 4), right=torch.tensor([1])), r"one shift an image, 2, got shape \(1,\)"),
        (lambda: patch_order(28, 5), "patch must divide size, got patch=5 with size=28"),
        (lambda: permute_pixels(torch.ones(2, 1, 2, 2), torch.arange(5)), r"\(4,\) or \(2, 4\), got \(5,\)"),
        (lambda: permute_pixels(torch.ones(1, 1, 2, 2), torch.zeros(4).long()), "each of 0…3 once, got"),
        (lambda: autocorrelation(torch.ones(1, 4, 6), []), "a distance at least, got 1 and 0"),
        (lambda: autocorrelation(torch.ones(0, 4, 6), [1]), "an image and a distance at least, got 0 and 1"),
        (lambda: autocorrelation(torch.ones(1, 4, 6), [4]), "must be in 0…3, got 4"),
        (lambda: mutual_information(torch.ones(3), [1]), r"int64 \(N, L\) or \(L,\), got torch.float32"),
        (lambda: mutual_information(torch.arange(3), [0]), "must be in 1…2, got 0"),
        (lambda: mutual_information(torch.arange(3), [3]), "must be in 1…2, got 3"),
    ],
)
def test_what_cannot_be_is_refused_with_rule_and_value(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_what_cannot_be_blurred_is_refused():
    for x, message in (
        (torch.full((1, 1, 4, 4), 8), "x must be of floats, got torch.int64"),
        (torch.ones(3, 4, 4), "x must be"),
    ):
        with pytest.raises(ValueError, match=message):
            BlurPool2d()(x)
    with pytest.raises(TypeError, match=r"kernel_size must be an int, got 2\.5"):
        BlurPool2d(2.5)
    assert BlurPool2d(200).kernel.isfinite().all()


def test_scores_that_are_no_numbers_are_not_consistent():
    assert shift_consistency(lambda z: torch.full((len(z), 3), torch.nan), torch.ones(2, 1, 4, 4), [0, 1]).isnan().all()
