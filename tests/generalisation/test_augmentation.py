"""Augmentation: by hand, against torch's own operations, over many draws, and under vmap as alone."""

import math
from functools import partial

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.func import vmap
from torch.nn import functional as F

from cnnbook.generalisation._draws import beta
from cnnbook.generalisation.augmentation import (
    Compose,
    CutMix,
    Cutout,
    GaussianNoise,
    Mixup,
    MixupOrCutMix,
    RandomFlip,
    RandomResizedCrop,
    RandomRotation,
    RandomShift,
    cutmix,
    erase,
    flip,
    mixup,
    resized_crop,
    rotate,
    shift,
    soft_targets,
)
from cnnbook.generalisation.objective import FocalLoss, absolute_error, brier_loss
from cnnbook.randomness import RandomLayer, seed_layers, set_step
from cnnbook.training.losses import cross_entropy
from cnnbook.training.networks import Augmented

LAYERS = [
    RandomShift(3, fill=-1.0),
    RandomFlip(),
    RandomFlip(axis="vertical"),
    RandomRotation(40),
    RandomResizedCrop((0.3, 0.9)),
    Cutout(3),
    GaussianNoise(0.2),
    Mixup(4),
    CutMix(4),
    MixupOrCutMix(4, mixup_alpha=2.0),
]
IDS = ["shift", "flip", "vertical", "rotation", "crop", "cutout", "noise", "mixup", "cutmix", "either"]
KEPT = LAYERS[:-3]  # whose labels stay


def images(*shape, seed=0):
    return torch.rand(*(shape or (6, 2, 8, 8)), generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


LABELS = torch.tensor([0, 1, 2, 3, 0, 1])

# The operations.


def test_a_shift_by_hand():
    x = torch.arange(1.0, 10).reshape(1, 1, 3, 3)
    moved = shift(x, down=torch.tensor([1]), right=torch.tensor([-1]), padding="zeros", fill=0.5)
    assert moved[0, 0].tolist() == [[0.5, 0.5, 0.5], [2.0, 3.0, 0.5], [5.0, 6.0, 0.5]]


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=1, max_size=4))
def test_a_shift_is_a_roll_within_a_wide_frame(moves):
    down, right = torch.tensor(moves).unbind(1)
    x = images(len(moves), 2, 5, 7)
    framed = F.pad(x, [10] * 4, value=0.25)
    rolled = torch.stack([one.roll((d, r), (-2, -1)) for one, (d, r) in zip(framed, moves, strict=True)])
    assert torch.equal(shift(x, down, right, padding="zeros", fill=0.25), rolled[..., 10:-10, 10:-10])


def test_quarter_turns_are_torchs():
    x = images(4, 2, 6, 6)
    turned = rotate(x, torch.tensor([0.0, 90.0, 180.0, -90.0]))
    expected = torch.stack([x[k].rot90(turns, (-2, -1)) for k, turns in enumerate((0, 1, 2, -1))])
    torch.testing.assert_close(turned, expected, atol=1e-6, rtol=0)


def test_corners_leave_the_frame_in_a_turn_and_the_background_comes_in():
    turned = rotate(torch.ones(1, 1, 9, 9), torch.tensor([45.0]), fill=-2.0)[0, 0]
    assert turned[0, 0] == -2.0 and turned[4, 4] == pytest.approx(1.0)


def test_a_turn_there_and_back_keeps_the_middle_of_a_smooth_image():
    ramp = torch.arange(9.0, dtype=torch.float64)
    x = (ramp[:, None] + 2 * ramp)[None, None]
    back = rotate(rotate(x, torch.tensor([30.0])), torch.tensor([-30.0]))
    torch.testing.assert_close(back[..., 3:6, 3:6], x[..., 3:6, 3:6])


def test_a_crop_of_everything_is_the_image_and_one_of_half_is_torchs_enlargement():
    x = images(2, 3, 8, 6)
    zero, whole = torch.zeros(2), torch.tensor([8.0, 8.0])
    torch.testing.assert_close(resized_crop(x, zero, zero, whole, torch.tensor([6.0, 6.0])), x, atol=1e-7, rtol=0)
    cropped = resized_crop(x, torch.tensor([4.0, 0.0]), torch.tensor([0.0, 3.0]), whole / 2, torch.tensor([3.0, 3.0]))
    large = F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)
    torch.testing.assert_close(cropped, torch.stack([large[0, :, 8:, :6], large[1, :, :8, 6:]]))


@settings(max_examples=40)
@given(st.integers(0, 4), st.integers(0, 6), st.integers(1, 9))
def test_a_square_is_erased_about_its_centre_and_cut_off_at_the_border(row, column, size):
    erased = erase(torch.ones(1, 1, 5, 7), torch.tensor([row]), torch.tensor([column]), size, fill=3.0)[0, 0]
    for i in range(5):
        for j in range(7):
            inside = all(0 <= a - b + size // 2 < size for a, b in ((i, row), (j, column)))
            assert erased[i, j] == (3.0 if inside else 1.0)


def test_a_flip_twice_is_nothing():
    x = images()
    for axis, dimension in (("horizontal", -1), ("vertical", -2)):
        assert torch.equal(flip(x, axis), x.flip(dimension)) and torch.equal(flip(flip(x, axis), axis), x)


# Mixing.


def test_mixup_by_hand():
    x = torch.tensor([[2.0, 0.0], [4.0, 8.0], [0.0, 4.0]])
    y = soft_targets(torch.tensor([0, 1, 1]), classes=2)
    lam, partner = torch.tensor([0.75, 0.5, 1.0]), torch.tensor([1, 2, 0])
    mixed, labels = mixup(x, y, lam, partner)
    assert mixed.tolist() == [[2.5, 2.0], [2.0, 6.0], [0.0, 4.0]]
    assert labels.tolist() == [[0.75, 0.25], [0.0, 1.0], [0.0, 1.0]]


@settings(max_examples=60)
@given(st.data())
def test_cutmix_mixes_labels_by_the_pixels_that_were_replaced(data):
    n, height, width = 3, 5, 6
    draw = lambda low, high: torch.tensor([data.draw(st.integers(low, high)) for _ in range(n)])  # noqa: E731
    lam = torch.tensor([data.draw(st.floats(0, 1)) for _ in range(n)])
    partner, row, column = draw(0, n - 1), draw(0, height - 1), draw(0, width - 1)
    x = torch.arange(1.0, n + 1).reshape(n, 1, 1, 1).expand(n, 2, height, width)  # each image of one value
    mixed, labels = cutmix(x, torch.eye(n), lam, row, column, partner)
    for k in range(n):
        replaced = mixed[k, 0] == float(partner[k] + 1) if partner[k] != k else torch.zeros(height, width)
        share = float(replaced.float().mean())
        expected = torch.zeros(n)
        expected[k] += 1 - share
        expected[partner[k]] += share
        torch.testing.assert_close(labels[k], expected)
        assert share <= 1 - float(lam[k]) + 1e-6  # less where the rectangle leaves the image
        if share:
            rows, columns = replaced.nonzero().unbind(1)
            box = (rows.max() - rows.min() + 1) * (columns.max() - columns.min() + 1)
            assert box == replaced.sum()  # one rectangle, whole


def test_the_loss_of_mixed_labels_is_the_mix_of_the_losses():
    x, logits = images(), torch.randn(6, 4, dtype=torch.float64)
    lam, partner = torch.rand(6, dtype=torch.float64), torch.tensor([1, 2, 3, 4, 5, 0])
    _, mixed = mixup(x, soft_targets(LABELS, 4, torch.float64), lam, partner)
    one, other = (F.cross_entropy(logits, y, reduction="none") for y in (LABELS, LABELS[partner]))
    torch.testing.assert_close(cross_entropy(logits, mixed), (lam * one + (1 - lam) * other).mean())


def test_soft_targets_are_one_hot_and_pass_what_is_soft():
    assert torch.equal(soft_targets(LABELS, 4), F.one_hot(LABELS, 4).float())
    soft = torch.rand(3, 4)
    assert torch.equal(soft_targets(soft, 4), soft)
    assert soft_targets(torch.tensor([4, -1, 3]), 4).isnan().any(dim=1).tolist() == [True, True, False]


@pytest.mark.parametrize("alpha", [0.1, 0.4, 1.0, 1.5, 3.0, 40.0])
def test_shares_have_the_moments_of_beta(alpha):
    first, second = torch.rand(2, 40_000, 24, generator=torch.Generator().manual_seed(1))
    lam = beta(first, second, alpha).double()
    assert ((lam >= 0) & (lam <= 1)).all()
    variance = 1 / (4 * (2 * alpha + 1))
    assert float(lam.mean()) == pytest.approx(0.5, abs=5 * math.sqrt(variance / 40_000))
    assert float(lam.var()) == pytest.approx(variance, rel=0.03)
    fourth = 3 / (16 * (2 * alpha + 1) * (2 * alpha + 3))  # central moment of Beta(α, α)
    assert float((lam - 0.5).pow(4).mean()) == pytest.approx(fourth, rel=0.03)


def test_the_shares_that_are_drawn_are_uniform_where_alpha_is_one():
    """So many pairs are drawn that practically every number comes from one that serves."""
    torch.manual_seed(0)
    layer, found = Mixup(1000, alpha=1.0), []
    for _ in range(100):
        _, labels = layer(torch.zeros(1000, 1, 1, 1), torch.arange(1000))
        found.append(labels.diagonal()[labels.diagonal() < 1])  # without those that are their own partner
    lam = torch.cat(found).double()
    assert len(lam) > 99_000
    assert float((lam - 0.5).square().mean()) == pytest.approx(1 / 12, rel=0.015)  # five standard errors


# The layers.


@pytest.mark.parametrize("layer", LAYERS, ids=IDS)
def test_evaluation_changes_nothing(layer):
    x = images()
    same, labels = layer.eval()(x, LABELS)
    assert same is x and labels is LABELS
    changed, _ = layer.train()(x, LABELS)
    assert changed.shape == x.shape and changed.dtype == x.dtype and not torch.equal(changed, x)


@pytest.mark.parametrize("layer", KEPT, ids=IDS[:-3])
def test_labels_stay_where_nothing_is_mixed(layer):
    assert layer.train()(images(), LABELS)[1] is LABELS


@pytest.mark.parametrize(
    "layer",
    [RandomShift(0), RandomFlip(0.0), RandomRotation(0.0), RandomResizedCrop((1, 1), (1, 1)), GaussianNoise(0.0)],
    ids=lambda one: type(one).__name__,
)
def test_at_strength_zero_nothing_changes(layer):
    torch.testing.assert_close(layer.train()(images(), LABELS)[0], images(), atol=1e-7, rtol=0)


@pytest.mark.parametrize("layer", LAYERS[-3:], ids=IDS[-3:])
def test_mixed_labels_are_shares(layer):
    _, y = seed_layers(layer.train(), 2)(images(), LABELS)
    torch.testing.assert_close(y.sum(1), torch.ones(6, dtype=torch.float64))
    assert (y >= 0).all() and ((y > 0).sum(1) == 2).any()
    again = layer(images(), soft_targets(LABELS, 4, torch.float64))
    assert torch.equal(again[1], y)  # labels, or the same as shares


# Written down when α was all there was to set: the published results rest on these numbers.
AS_BEFORE = {
    Mixup: (385.45913099317113, [0.9749137163162231, 0.025086283683776855, 0.0, 0.0]),
    CutMix: (382.3758888305747, [0.984375, 0.0, 0.015625, 0.0]),
}


@pytest.mark.parametrize("layer", [Mixup, CutMix])
def test_without_options_they_draw_what_they_always_drew(layer):
    x, y = seed_layers(layer(4), 5)(images().float(), LABELS)
    assert float(x.double().sum()) == pytest.approx(AS_BEFORE[layer][0], rel=1e-6)
    assert y[0].tolist() == pytest.approx(AS_BEFORE[layer][1], abs=1e-6)


def rows(y):
    """The share that each example keeps of itself, where every example is of a class of its own."""
    return y.diagonal()


@pytest.mark.parametrize("layer", [Mixup, CutMix, MixupOrCutMix])
def test_not_every_example_need_be_mixed(layer):
    n = 2000
    x, own = images(n, 1, 4, 4), torch.eye(n)
    all_mixed, some, none = (seed_layers(layer(n, p=p), 3)(x, own) for p in (1.0, 0.3, 0.0))
    assert torch.equal(none[0], x) and torch.equal(none[1], own.double())
    untouched = (some[0] == x).flatten(1).all(1)
    assert torch.equal(some[1][untouched], own[untouched].double())
    by_chance = float((all_mixed[0] == x).flatten(1).all(1).float().mean())  # rectangles of no side
    expected = 0.7 + 0.3 * by_chance
    assert float(untouched.float().mean()) == pytest.approx(expected, abs=5 * math.sqrt(0.21 / n))


@pytest.mark.parametrize("layer", [Mixup(7, 1.0), CutMix(7), MixupOrCutMix(7, 1.0)], ids=IDS[-3:])
def test_pairs_and_batches_share_their_draw(layer):
    x = torch.arange(7.0, dtype=torch.float64).reshape(-1, 1, 1, 1).expand(-1, 1, 6, 6)
    layer.mode = "pair"
    mixed, y = seed_layers(layer, 4)(x, torch.arange(7))
    torch.testing.assert_close(rows(y)[:3], rows(y).flip(0)[:3])  # the first with the last, in one share
    assert ((y > 0) == (torch.eye(7) + torch.eye(7).flip(0) > 0))[rows(y) < 1].all()
    torch.testing.assert_close(mixed.mean((1, 2, 3)), y @ torch.arange(7.0).double())
    layer.mode = "batch"
    shares = [rows(seed_layers(layer, seed)(x, torch.arange(7))[1]) for seed in range(30)]
    assert all(len({round(float(s), 6) for s in one if s < 1}) <= 1 for one in shares)  # 1: its own partner
    assert len({round(float(one.min()), 6) for one in shares}) > 10


def test_the_switch_says_how_often_it_is_cutmix():
    n, cut = 4000, 0.25
    x, own = images(n, 1, 4, 4), torch.arange(n) % 2
    mixed, _ = seed_layers(MixupOrCutMix(2, 1.0, 1.0, switch=cut), 1)(x, own)
    pasted = torch.isin(mixed, x).flatten(1).all(1)  # of a mean of two images no value is one of theirs
    assert abs(float(pasted.float().mean()) - cut) < 5 * math.sqrt(cut * (1 - cut) / n)
    for switch, other in ((0.0, Mixup(2, 1.0)), (1.0, CutMix(2))):
        y = seed_layers(MixupOrCutMix(2, 1.0, 1.0, switch=switch), 1)(x, own)[1][:, 0]
        assert abs(float(y.var() - seed_layers(other, 2)(x, own)[1][:, 0].var())) < 0.02


@pytest.mark.parametrize("layer", LAYERS[-3:], ids=IDS[-3:])
def test_smoothing_of_mixed_labels_is_the_mix_of_smoothed_ones(layer):
    y = seed_layers(layer, 3)(images(), LABELS)[1]
    layer.smoothing = 0.2
    try:
        smoothed = seed_layers(layer, 3)(images(), LABELS)[1]
    finally:
        layer.smoothing = 0.0
    torch.testing.assert_close(smoothed, 0.8 * y + 0.05)


@pytest.mark.parametrize("layer", LAYERS[-3:], ids=IDS[-3:])
def test_mixed_labels_go_with_every_loss(layer):
    y = seed_layers(layer, 3)(images(), LABELS)[1]
    outputs = torch.randn(6, 4, dtype=torch.float64, requires_grad=True)
    weighted = partial(cross_entropy, weight=[1.0, 2.0, 3.0, 4.0])
    for loss in (cross_entropy, weighted, FocalLoss(alpha=0.25), brier_loss, absolute_error):
        (gradient,) = torch.autograd.grad(loss(outputs, y), outputs)
        assert gradient.isfinite().all() and gradient.any()


def test_halves_are_mixed_in_single_precision():
    """A rectangle may have more pixels than float16 counts to."""
    x, y = torch.rand(2, 1, 300, 300).half(), torch.eye(2).half()
    middle, swap = torch.tensor([150, 150]), torch.tensor([1, 0])
    _, labels = cutmix(x, y, torch.tensor([0.1, 0.4]), middle, middle, swap)
    torch.testing.assert_close(labels.float()[:, 0], torch.tensor([0.1, 0.6]), atol=0.01, rtol=0)
    mixed, _ = mixup(x, y, torch.tensor([0.3, 0.5]), swap)
    exact, _ = mixup(x.double(), y.double(), torch.tensor([0.3, 0.5]).double(), swap)
    torch.testing.assert_close(mixed.double(), exact, rtol=2**-11, atol=1e-7)


def test_every_shift_is_as_likely():
    x = torch.zeros(1, 1, 5, 5)
    x[0, 0, 2, 2] = 1
    moved, _ = seed_layers(RandomShift(2), 3)(x.expand(25_000, -1, -1, -1), torch.zeros(25_000))
    places = moved.mean(0)[0]
    assert (places - 1 / 25).abs().max() < 5 * math.sqrt(0.04 / 25_000)


def test_flips_are_as_likely_as_said():
    x = torch.tensor([0.0, 1.0]).expand(20_000, 1, 1, 2)
    flipped = seed_layers(RandomFlip(0.3), 0)(x, torch.zeros(20_000))[0][:, 0, 0, 0].mean()
    assert abs(float(flipped) - 0.3) < 5 * math.sqrt(0.21 / 20_000)


def test_crops_have_the_area_asked_for():
    ramp = torch.arange(32.0).expand(4000, 1, 32, 32)
    cropped, _ = seed_layers(RandomResizedCrop((0.25, 0.25), (1, 1)), 0)(ramp, torch.zeros(4000))
    steps = cropped[:, 0, 0, 20] - cropped[:, 0, 0, 10]  # ten pixels of the result are five of the image
    torch.testing.assert_close(steps, torch.full((4000,), 5.0), atol=1e-3, rtol=0)
    assert cropped.min() < 0.5 and cropped.max() > 30.5  # anywhere in the image


def test_noise_is_normal():
    x, _ = seed_layers(GaussianNoise(2.0), 1)(torch.zeros(50, 1, 32, 32, dtype=torch.float64), torch.zeros(50))
    assert float(x.mean()) == pytest.approx(0, abs=0.05)
    assert float(x.std()) == pytest.approx(2, rel=0.02)
    assert float((x / 2).pow(4).mean()) == pytest.approx(3, rel=0.05)


def test_a_cutout_is_of_its_size_inside():
    x, _ = seed_layers(Cutout(3), 1)(torch.ones(500, 1, 9, 9), torch.zeros(500))
    covered = (x == 0).sum((1, 2, 3))
    assert covered.max() == 9 and covered.min() == 4  # a centre in a corner


@pytest.mark.parametrize("layer", LAYERS, ids=IDS)
def test_a_step_draws_the_same_again_and_another_step_something_else(layer):
    seed_layers(layer.train(), seed=5)
    first = layer(images(), LABELS)[0]
    assert torch.equal(first, layer(images(), LABELS)[0])
    set_step(layer, 1)
    assert not torch.equal(first, layer(images(), LABELS)[0])


@pytest.mark.parametrize("layer", LAYERS, ids=IDS)
def test_under_vmap_it_is_what_it_is_alone(layer):
    seed_layers(layer.train(), seed=5)
    x, y = torch.stack([images(seed=k) for k in range(3)]), torch.stack([LABELS, LABELS.flip(0), LABELS.roll(1)])
    together = vmap(layer)(x, y)
    for k in range(3):
        for one, all_at_once in zip(layer(x[k], y[k]), together, strict=True):
            torch.testing.assert_close(all_at_once[k], one)


def test_two_in_a_row_draw_apart():
    augment = seed_layers(Compose(RandomShift(4), RandomShift(4)), seed=0)
    first, second = augment.augmentations
    assert not torch.equal(first(images(), LABELS)[0], second(images(), LABELS)[0])
    expected = second(*first(images(), LABELS))[0]
    assert torch.equal(augment(images(), LABELS)[0], expected)
    assert augment.eval()(images(), LABELS)[1] is LABELS


def test_it_stands_before_a_network_in_training_alone():
    both = Augmented(torch.nn.Flatten(), RandomShift(3))
    outputs, targets = seed_layers(both.train(), 0)(images(), LABELS)
    assert targets is LABELS and not torch.equal(outputs, images().flatten(1))
    assert torch.equal(both.eval()(images()), images().flatten(1))


def test_all_draw_through_the_books_layer():
    assert all(isinstance(layer, RandomLayer) for layer in LAYERS)
    layer = RandomShift(3)  # not seeded: from torch's generator
    torch.manual_seed(1)
    first = layer(images(), LABELS)[0]
    torch.manual_seed(1)
    assert torch.equal(first, layer(images(), LABELS)[0])


X, Y = torch.zeros(2, 1, 4, 4), torch.tensor([0, 1])
SOFT, ONE = torch.eye(2), torch.tensor([1])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: RandomFlip(1.2), r"in \[0, 1\], got p=1.2"),
        (lambda: RandomFlip(-0.1), r"in \[0, 1\], got p=-0.1"),
        (lambda: RandomFlip(float("nan")), r"in \[0, 1\], got p=nan"),
        (lambda: RandomFlip(axis="diagonal"), "'horizontal' or 'vertical', got 'diagonal'"),
        (lambda: flip(X, "diagonal"), "'horizontal' or 'vertical', got 'diagonal'"),
        (lambda: RandomShift(-1), "at least 0, got pixels=-1"),
        (lambda: RandomRotation(181), r"in \[0, 180\], got degrees=181"),
        (lambda: RandomResizedCrop((0.0, 1.0)), r"within \(0, 1\], got scale=\(0.0, 1.0\)"),
        (lambda: RandomResizedCrop((0.8, 0.5)), r"within \(0, 1\], got scale=\(0.8, 0.5\)"),
        (lambda: RandomResizedCrop((0.5, 1.5)), r"within \(0, 1\], got scale=\(0.5, 1.5\)"),
        (lambda: RandomResizedCrop(ratio=(0.0, 1.0)), r"positive and finite, got ratio=\(0.0, 1.0\)"),
        (lambda: Cutout(0), "at least 1, got size=0"),
        (lambda: erase(X, Y, Y, 0), "at least 1, got size=0"),
        (lambda: GaussianNoise(-0.1), "at least 0 and finite, got std=-0.1"),
        (lambda: Mixup(1), "at least two classes, got classes=1"),
        (lambda: CutMix(0), "at least two classes, got classes=0"),
        (lambda: Mixup(alpha=0.0), "alpha must be positive and finite, got alpha=0.0"),
        (lambda: CutMix(alpha=math.inf), "alpha must be positive and finite, got alpha=inf"),
        (lambda: MixupOrCutMix(mixup_alpha=-1.0), "mixup_alpha must be positive and finite, got mixup_alpha=-1.0"),
        (lambda: MixupOrCutMix(switch=1.5), r"in \[0, 1\], got switch=1.5"),
        (lambda: Mixup(p=-0.5), r"in \[0, 1\], got p=-0.5"),
        (lambda: CutMix(mode="each"), "mode must be 'elem', 'pair' or 'batch', got 'each'"),
        (lambda: Mixup(smoothing=1.1), r"in \[0, 1\], got smoothing=1.1"),
        (lambda: soft_targets(Y, 1), "at least two classes, got classes=1"),
        (lambda: soft_targets(torch.zeros(2, 3), 2), r"shares \(N, 2\) of floats, got torch.float32 of shape \(2, 3\)"),
        (lambda: mixup(X, Y, torch.rand(2), Y), r"see soft_targets, got torch.int64 of shape \(2,\)"),
        (lambda: mixup(X, SOFT[:1], torch.rand(2), Y), r"with N=2.* got torch.float32 of shape \(1, 2\)"),
        (lambda: mixup(X.long(), SOFT, torch.rand(2), Y), "must be of floats, got torch.int64"),
        (lambda: mixup(X, SOFT, torch.rand(1), Y), r"one share lam an image, 2, got shape \(1,\)"),
        (lambda: cutmix(X, SOFT, torch.rand(2), Y, Y, ONE), r"one partner an image, 2, got shape \(1,\)"),
        (lambda: cutmix(X, SOFT, torch.rand(2), Y, ONE, Y), r"one centre an image, 2, got shape \(1,\)"),
        (lambda: shift(X, ONE, Y), r"one shift an image, 2, got shape \(1,\)"),
        (lambda: rotate(X, torch.rand(2, 2)), r"one angle an image, 2, got shape \(2, 2\)"),
        (lambda: resized_crop(X, Y, Y, Y, ONE), r"one rectangle an image, 2, got shape \(1,\)"),
        (lambda: RandomShift()(torch.zeros(2, 1, 4, 4, dtype=torch.uint8), Y), "of floats, got torch.uint8: divide"),
        (lambda: RandomShift().eval()(torch.zeros(1, 4, 4), Y), r"must be \(N, C, H, W\), got shape \(1, 4, 4\)"),
        (lambda: GaussianNoise()(torch.zeros(1, 4, 4), Y), r"must be \(N, C, H, W\), got shape \(1, 4, 4\)"),
        (lambda: CutMix(2)(torch.zeros(2, 1, 4, 4).long(), Y), "of floats, got torch.int64"),
    ],
)
def test_what_cannot_be_is_refused_with_rule_and_value(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("kind", [torch.float16, torch.bfloat16])
def test_places_of_halves_are_not_rounded(kind):
    """bfloat16 knows no place between 128 and 129, and torch samples halves into numbers that are none."""
    images = torch.rand(2, 1, 224, 224, generator=torch.Generator().manual_seed(0)).to(kind)
    whole, none = torch.full((2,), 224.0), torch.zeros(2)
    for moved in (rotate(images, none), resized_crop(images, none, none, whole, whole)):
        assert moved.dtype == kind and float((moved - images).abs().max()) < 1e-2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda x, y, p: mixup(x, y, torch.tensor([1.5, 0.5]), p), r"lam must be in \[0, 1\], got \[1.5, 0.5\]"),
        (lambda x, y, p: mixup(x, y, torch.tensor([math.nan, 0.5]), p), "lam must be in"),
        (lambda x, y, p: cutmix(x, y, torch.tensor([-3.0, 0.5]), p, p, p), "lam must be in"),
        (lambda x, y, p: mixup(x, y, torch.ones(2), p == 1), "permutation must be int64, .* got torch.bool"),
        (lambda x, y, p: resized_crop(x, p, p, 0 * p, p + 1), "height and width must be more than 0"),
        (lambda x, y, p: resized_crop(x, p, p, p + 1, -p - 1), "height and width must be more than 0"),
        (lambda x, y, p: erase(x, p, p, 2.5), "size must be an int, got 2.5"),
        (lambda x, y, p: Cutout(math.nan), "size must be an int, got nan"),
        (lambda x, y, p: RandomShift(1.5), "pixels must be an int, got 1.5"),
    ],
)
def test_a_value_that_the_rule_excludes_is_refused(change, message):
    with pytest.raises((ValueError, TypeError), match=message):
        change(torch.rand(2, 1, 4, 4), torch.eye(2), torch.tensor([1, 0]))
