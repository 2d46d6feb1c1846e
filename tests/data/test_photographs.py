"""Super-resolution of photographs: test photographs are never trained on, inputs and targets are of the same place."""

import doctest
import importlib

import pytest
import torch

from cnnbook.data import load
from cnnbook.data.photographs import FOLDS, enlarge, photograph_patches, shrink


def test_examples_run():
    assert doctest.testmod(importlib.import_module("cnnbook.data.photographs")).failed == 0


def test_training_and_test_photographs_are_different_ones():
    data = load("photographs")
    assert data.train_labels.tolist() == list(range(12)) and data.test_labels.tolist() == [12, 13, 14]
    patches = photograph_patches()
    assert torch.equal(patches.test_targets, data.test_images)


def test_every_photograph_is_left_for_testing_once_and_then_never_trained_on():
    assert sorted(sum(FOLDS, ())) == list(range(15))
    every = torch.cat([load("photographs").train_images, load("photographs").test_images])
    for fold, test in enumerate(FOLDS):
        data = photograph_patches(256, 2, 2, fold)
        assert torch.equal(data.test_targets, every[list(test)])
        shown = {image.numpy().tobytes() for image in data.train_targets}
        assert len(shown) == 12 and not shown & {image.numpy().tobytes() for image in data.test_targets}


@pytest.mark.parametrize(("patch", "factor", "step"), [(32, 2, 8), (48, 4, 16), (256, 2, 2)])
def test_patches_are_cut_out_of_the_training_photographs_where_their_small_versions_are(patch, factor, step):
    photographs = load("photographs").train_images
    data = photograph_patches(patch, factor, step)
    along = (256 - patch) // step + 1
    assert len(data.train_inputs) == len(data.train_targets) == 12 * along**2
    which, row, column = 3, along // 2, along - 1
    place = (which * along + row) * along + column
    top, left = row * step, column * step
    assert torch.equal(data.train_targets[place, 0], photographs[which, 0, top : top + patch, left : left + patch])
    small = shrink(photographs.float() / 255, factor)[which, 0]
    side, (i, j) = patch // factor, (top // factor, left // factor)
    assert torch.equal(data.train_inputs[place, 0], small[i : i + side, j : j + side])


def test_what_is_small_is_antialiased_and_keeps_its_place():
    stripes = torch.tensor([0.0, 1.0]).repeat(16, 16)[None, None]  # of a frequency that the small image cannot have
    inside = (..., slice(2, -2), slice(2, -2))  # past the border the stripes end
    assert (shrink(stripes, 2)[inside] - 0.5).abs().max() < 0.02
    ramp = torch.linspace(0, 1, 32).expand(1, 1, 32, 32)
    assert (enlarge(shrink(ramp, 2), 2) - ramp)[..., 8:-8, 8:-8].abs().max() < 1e-6
    plain = torch.nn.functional.interpolate(shrink(ramp, 2), scale_factor=2, mode="bicubic")
    assert (plain - ramp)[..., 8:-8, 8:-8].abs().min() > 1e-3  # what the docstring warns of


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: photograph_patches(patch=33), "must divide patch, step and 256.* got patch=33, step=8, factor=2"),
        (lambda: photograph_patches(step=9), "got patch=32, step=9, factor=2"),
        (lambda: photograph_patches(patch=258), "at most 256, got patch=258"),
        (lambda: photograph_patches(factor=0), "factor=0"),
        (lambda: photograph_patches(fold=5), "fold must be 0 to 4, got 5"),
        (lambda: shrink(torch.ones(1, 1, 9, 8), 2), "factor must divide the image size 9×8, got factor=2"),
    ],
)
def test_sizes_that_do_not_fit_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
