"""The experiments of 5.14: arms that differ in one layer, measures that say what they should, claims with verdicts."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from cnnbook.data.photographs import enlarge
from cnnbook.evidence.armcode import experiment_code
from cnnbook.evidence.paths import results_dir
from cnnbook.evidence.runner import RunOptions
from cnnbook.experiments.convolution import checkerboard
from cnnbook.experiments.convolution._super_resolution import (
    SCALE,
    UPSAMPLERS,
    SuperResolution,
    kernel_sums,
    lattice_scores,
    phase_spread,
    photographs_and_greys,
)
from cnnbook.training.engines import train_seeds

NAME = "convolution/checkerboard"
CLEAN = ("nearest", "bilinear", "balanced_k3", "balanced_k4", "blurred_k4")  # on constant input, whatever the weights


def made(upsampler, seed=0):
    torch.manual_seed(seed)
    return SuperResolution(upsampler)


def test_arms_differ_in_the_upsampling_layer_alone_and_hardly_in_size():
    base = checkerboard.ARMS["nearest"]
    sizes = []
    for name, config in checkerboard.ARMS.items():
        assert replace(config, network_options=base.network_options) == base
        assert config.network_options == {"upsampler": name}
        sizes.append(sum(p.numel() for p in made(name).parameters()))
    assert set(checkerboard.ARMS) == set(UPSAMPLERS)
    assert max(sizes) <= 1.1 * min(sizes)


def test_photographs_come_first_and_flat_greys_last():
    data = photographs_and_greys()
    flat = data.test_targets.amax((1, 2, 3)) == data.test_targets.amin((1, 2, 3))
    assert flat.tolist() == [False] * 3 + [True] * 3
    assert (enlarge(data.test_inputs, SCALE) - data.test_targets / 255)[flat].abs().max() < 1e-5
    assert data.train_targets.shape[1:] == (1, 32, 32)


def test_a_lattice_is_measured_as_what_it_is():
    """On top of bicubic interpolation: a lattice of ±4 grey levels is all of the residual, and ripples by 4."""
    data = photographs_and_greys()
    targets, bicubic = data.test_targets / 255, enlarge(data.test_inputs, SCALE)
    lattice = 4 / 255 * torch.tensor([1.0, -1.0]).repeat(256, 128)
    scores = lattice_scores(bicubic + lattice, targets)
    assert scores["ripple"] == pytest.approx(4, abs=1e-3) and scores["phase_share"] == pytest.approx(1, abs=1e-3)
    assert scores["lattice"] > 20
    error = (bicubic + lattice - targets)[:3, :, 8:-8, 8:-8].square().mean((1, 2, 3))
    assert scores["psnr"] == pytest.approx(float(-10 * error.log10().mean()), abs=1e-3)
    clean = lattice_scores(targets, targets)
    assert clean["ripple"] < 1e-2 and clean["phase_share"] < 1e-4 and abs(clean["lattice"]) < 1
    assert clean["ssim"] > 0.9999 > 0.99 > scores["ssim"]
    broken = targets.clone()
    broken[0, 0, 0, 0] = math.nan
    assert all(math.isnan(value) for value in lattice_scores(broken, targets).values())


@pytest.mark.parametrize("upsampler", UPSAMPLERS)
def test_kernel_sums_are_the_layers_response_to_constant_channels(upsampler):
    network = made(upsampler)
    (layer,) = network.upsample.values()
    channels = layer.in_channels
    with torch.no_grad():
        layer.conv.bias.zero_()
        one_channel = torch.eye(channels)[:, :, None, None].expand(-1, -1, 8, 8)
        response = layer(one_channel)[:, 0, 8:10, 8:10]
    sums = kernel_sums(upsampler, layer.conv.weight.detach())
    if upsampler in CLEAN or "icnr" in upsampler:
        assert (sums - sums.mean((1, 2), keepdim=True)).abs().max() < 1e-6
        assert phase_spread(network.state_dict())["spread"] < 1e-9
    else:
        assert 0.5 < phase_spread(network.state_dict())["spread"] < 1
    shift = [divmod(place, 2) for place in range(4)]  # where a phase lies depends on how the layer crops its output
    assert any(torch.allclose(response, sums.roll(by, (1, 2)), atol=1e-5) for by in shift)


def test_bicubic_is_left_alone_where_the_residual_is_zero():
    network, x = made("transposed_k3"), torch.rand(2, 1, 9, 7)
    (layer,) = network.upsample.values()
    for parameter in layer.parameters():
        torch.nn.init.zeros_(parameter)
    assert torch.equal(network(x), enlarge(x, SCALE))


def test_a_layer_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match=r"upsampler must be one of transposed_k2.*got 'unpool'"):
        SuperResolution("unpool")


def test_the_reference_is_bicubic_interpolation_and_the_photographs_own_lattice():
    figures = checkerboard.measure(checkerboard.REFERENCE, [3, 5], RunOptions(), None)
    data = photographs_and_greys()
    error = (enlarge(data.test_inputs, SCALE) - data.test_targets / 255)[:3, :, 8:-8, 8:-8].square().mean((1, 2, 3))
    assert figures["test_psnr"] == [pytest.approx(float(-10 * error.log10().mean()), abs=1e-3)] * 2
    assert (
        figures["test_phase_share"] == figures.curves["test_phase_share"][0] and figures["test_phase_share"][0] < 1e-4
    )
    assert set(figures.values) == {metric.name for metric in checkerboard.METRICS}
    assert all(set(curve.points) <= set(figures.curves[curve.metric.name]) for curve in checkerboard.CURVES)


def test_a_quick_try_is_short_and_runs(quick_try):
    result = quick_try("checkerboard", trained=UPSAMPLERS)
    assert result.experiment == NAME
    start, late, end = (result.of("transposed_k2", "test_ripple", at) for at in (0, 200, None))
    assert late == end != start and all(value > 0 for value in start)


@pytest.mark.parametrize("upsampler", ["transposed_k3", "balanced_k3", "blurred_k4", "bilinear", "sub_pixel_icnr"])
def test_all_seeds_at_once_are_the_single_runs(upsampler):
    config = replace(checkerboard.ARMS[upsampler], steps=4, curve=(), n_train=24)
    flags = {"accelerator": "cpu", "precision": "64-true", "engine": "ensemble"}
    together = train_seeds(config, [3, 11], **flags)
    for place, seed in enumerate([3, 11]):
        alone = train_seeds(config, [seed], **flags)
        for metric in ("test_psnr", "test_ripple", "spread"):
            assert together[metric][place] == pytest.approx(alone[metric][0], abs=1e-6)


def test_the_pictures_were_drawn_by_todays_code():
    with np.load(results_dir() / "convolution/checkerboard_pictures.npz") as file:
        assert str(file["code"]) == experiment_code(checkerboard.EXPERIMENT), (
            "make them again with: python tools/checkerboard_pictures.py"
        )
        assert {f"{arm}_{when}" for arm in checkerboard.ARMS for when in ("start", "end")} <= set(file.files)
        missing = float(np.abs(file["photograph"].astype(float) - file["bicubic"]).mean())
        assert 1 < missing < 20 and float(np.abs(file["nearest_end"]).mean()) < missing
