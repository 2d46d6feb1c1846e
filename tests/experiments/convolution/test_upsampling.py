"""The experiments of 5.14: arms that differ in one layer, measures that say what they should, claims with verdicts."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from cnnbook.convolution.checkerboard import cleanliness_order
from cnnbook.convolution.upsampling import as_transposed
from cnnbook.data.photographs import FOLDS, enlarge
from cnnbook.evidence.armcode import experiment_code
from cnnbook.evidence.paths import results_dir
from cnnbook.evidence.runner import RunOptions
from cnnbook.experiments.convolution import upsampling
from cnnbook.experiments.convolution._super_resolution import (
    SCALE,
    UPSAMPLERS,
    SuperResolution,
    is_flat,
    is_plain,
    lattice_scores,
    lattice_strength,
    layer_of,
    phase_spread,
    photographs_and_plain,
)
from cnnbook.training.engines import train_seeds

NAME = "convolution/upsampling"
# on constant input, whatever the weights
CLEAN = ("nearest", "bilinear", "balanced_k4", "balanced_k6", "ramps_k6", "blurred_k4")


def made(upsampler, seed=0):
    torch.manual_seed(seed)
    return SuperResolution(upsampler)


def test_arms_differ_in_the_upsampling_layer_alone_and_hardly_in_size():
    base = upsampling.ARMS["nearest"]
    sizes = []
    for name, config in upsampling.ARMS.items():
        assert replace(config, network_options=base.network_options) == base
        assert config.network_options == {"upsampler": name}
        sizes.append(sum(p.numel() for p in made(name).parameters()))
    assert set(upsampling.ARMS) | {"default_k2", "default_k3"} == set(UPSAMPLERS)
    assert max(sizes) <= 1.1 * min(sizes)


def test_photographs_come_first_then_flat_greys_and_ramps():
    data = photographs_and_plain()
    targets = data.test_targets / 255
    assert is_flat(targets).tolist() == [False] * 3 + [True] * 3 + [False] * 2
    assert is_plain(targets).tolist() == [False] * 3 + [True] * 5
    inside = (..., slice(8, -8), slice(8, -8))  # past the border a ramp ends
    assert (enlarge(data.test_inputs, SCALE) - targets)[3:][inside].abs().max() < 1e-5
    assert data.train_targets.shape[1:] == (1, 32, 32)


def test_each_seed_is_tested_on_its_own_fold_and_all_photographs_take_part():
    assert {upsampling.fold_of(seed) for seed in range(10)} == set(range(len(FOLDS)))
    alone = [upsampling.measure(upsampling.REFERENCE, [seed], RunOptions(), None)["test_psnr"][0] for seed in range(6)]
    assert len(set(alone[:5])) == 5 and alone[5] == alone[0]
    assert upsampling.measure(upsampling.REFERENCE, [4, 0, 5, 2], RunOptions(), None)["test_psnr"] == [
        alone[seed] for seed in (4, 0, 0, 2)
    ]


def test_a_lattice_is_measured_as_what_it_is():
    """On top of bicubic interpolation: a lattice of ±4 grey levels is all of the residual, and ripples by 4."""
    data = photographs_and_plain()
    targets, bicubic = data.test_targets / 255, enlarge(data.test_inputs, SCALE)
    lattice = 4 / 255 * torch.tensor([1.0, -1.0]).repeat(256, 128)
    scores = lattice_scores(bicubic + lattice, targets)
    assert scores["ripple"] == pytest.approx(4, abs=1e-3) and scores["ramp"] == pytest.approx(4, abs=1e-2)
    assert scores["phase_share"] == pytest.approx(1, abs=1e-3) and scores["local_share"] == pytest.approx(1, abs=1e-2)
    assert scores["lattice"] > 20 and scores["local_lattice"] > 20
    error = (bicubic + lattice - targets)[:3, :, 8:-8, 8:-8].square().mean((1, 2, 3))
    assert scores["psnr"] == pytest.approx(float(-10 * error.log10().mean()), abs=1e-3)
    clean = lattice_scores(targets, targets)
    assert clean["ripple"] < 1e-2 and clean["ramp"] < 1e-2
    assert clean["phase_share"] < 1e-4 and clean["local_share"] < 0.05 and abs(clean["lattice"]) < 1
    broken = targets.clone()
    broken[0, 0, 0, 0] = math.nan
    assert all(math.isnan(value) for value in lattice_scores(broken, targets).values())


def test_a_lattice_that_changes_its_sign_hides_from_the_whole_and_not_from_the_tiles():
    data = photographs_and_plain()
    targets, bicubic = data.test_targets / 255, enlarge(data.test_inputs, SCALE)
    lattice = torch.tensor([1.0, -1.0]).repeat(256, 128)
    places = torch.arange(256) // 32 % 2 * 2 - 1
    scores = lattice_scores(bicubic + 4 / 255 * lattice * places * places[:, None], targets)
    # within the border, one tile in four lies within one sign
    assert scores["phase_share"] < 1e-6 and scores["local_share"] > 0.2
    assert scores["local_lattice"] > scores["lattice"] + 10
    assert scores["ramp"] > 2


def test_the_strength_of_a_lattice_leaves_a_ramp_out():
    ramp = torch.arange(32.0)[:, None] + 3 * torch.arange(32.0)
    lattice = torch.tensor([2.0, -2.0]).repeat(32, 16)
    assert lattice_strength(ramp[None, None]).item() == pytest.approx(0, abs=1e-5)
    assert lattice_strength((ramp + lattice)[None, None]).item() == pytest.approx(2, abs=1e-4)


@pytest.mark.parametrize("upsampler", UPSAMPLERS)
def test_the_inequality_of_the_phase_sums_is_that_of_the_response_to_constant_channels(upsampler):
    network = made(upsampler)
    (layer,) = network.upsample.values()
    assert torch.equal(as_transposed(layer_of(network.state_dict())).weight, as_transposed(layer).weight)
    with torch.no_grad():
        one_channel = torch.eye(layer.in_channels)[:, :, None, None].expand(-1, -1, 12, 12)
        dark = layer(torch.zeros_like(one_channel))
        response = (layer(one_channel) - dark)[:, 0, 8:10, 8:10]
    spread = float(response.var((1, 2), correction=0).sum() / response.square().mean((1, 2)).sum())
    assert phase_spread(network.state_dict())["spread"] == pytest.approx(spread, abs=1e-6)
    assert spread < 1e-9 if upsampler in CLEAN or "icnr" in upsampler else 0.5 < spread < 1


def test_the_layers_are_as_clean_as_their_names_say():
    orders = {name: cleanliness_order(as_transposed(layer_of(made(name).state_dict())).weight, SCALE) for name in CLEAN}
    # bilinear at s = 2 has no lattice on a parabola either: its error there is the same in all phases
    assert orders == dict.fromkeys(CLEAN, 1) | {"ramps_k6": 2, "bilinear": 3}


def test_transposed_layers_start_at_the_scale_of_the_others():
    """The response to noise in all channels has the variance of a convolution's, whatever the size of the kernel."""
    x = torch.randn(64, 16, 12, 12, generator=torch.Generator().manual_seed(0))
    power = {}
    for name in ("transposed_k2", "transposed_k4", "transposed_k6", "default_k4", "sub_pixel", "nearest"):
        found = []
        for seed in range(20):
            (layer,) = SuperResolution(name, channels=16).upsample.values() if torch.manual_seed(seed) else ()
            with torch.no_grad():
                found.append(layer(x)[..., 6:-6, 6:-6].square().mean())
        power[name] = float(torch.stack(found).mean())
    like = power.pop("sub_pixel")
    assert power.pop("default_k4") > 3 * like
    assert all(0.7 * like < value < 1.4 * like for value in power.values()), power


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
    figures = upsampling.measure(upsampling.REFERENCE, [0, 5], RunOptions(), None)
    data = photographs_and_plain()
    error = (enlarge(data.test_inputs, SCALE) - data.test_targets / 255)[:3, :, 8:-8, 8:-8].square().mean((1, 2, 3))
    assert figures["test_psnr"] == [pytest.approx(float(-10 * error.log10().mean()), abs=1e-3)] * 2
    assert figures["test_phase_share"] == figures.curves["test_phase_share"][0]
    assert figures["test_phase_share"][0] < 1e-4 < 0.005 < figures["test_local_share"][0] < 0.05
    assert set(figures.values) == {metric.name for metric in upsampling.METRICS}
    assert all(set(curve.points) <= set(figures.curves[curve.metric.name]) for curve in upsampling.CURVES)


def test_a_quick_try_is_short_and_runs(quick_try):
    result = quick_try("upsampling", trained=upsampling.BENCH)
    assert result.experiment == NAME
    start, late, end = (result.of("transposed_k2", "test_ripple", at) for at in (0, 200, None))
    assert late == end != start and all(value > 0 for value in start)


def test_the_start_is_that_of_many_networks_and_a_bias_can_be_left_out():
    with_bias, bare = (
        upsampling.measure_start(upsampling.Start("sub_pixel", bias), [0, 1], RunOptions(quick=True), None)[
            "start_ripple"
        ]
        for bias in (True, False)
    )
    assert len(set(with_bias)) == 2 and all(a > b > 0 for a, b in zip(with_bias, bare, strict=True))


@pytest.mark.parametrize("upsampler", ["transposed_k3", "ramps_k6", "blurred_k4", "bilinear", "sub_pixel_icnr"])
def test_all_seeds_at_once_are_the_single_runs(upsampler):
    config = replace(upsampling.ARMS[upsampler], steps=4, curve=(), n_train=24)
    flags = {"accelerator": "cpu", "precision": "64-true", "engine": "ensemble"}
    together = train_seeds(config, [3, 11], **flags)
    for place, seed in enumerate([3, 11]):
        alone = train_seeds(config, [seed], **flags)
        for metric in ("test_psnr", "test_ripple", "spread"):
            assert together[metric][place] == pytest.approx(alone[metric][0], abs=1e-6)


def test_the_pictures_were_drawn_by_todays_code():
    with np.load(results_dir() / "convolution/upsampling_pictures.npz") as file:
        assert str(file["code"]) == experiment_code(upsampling.SHORT_RUN), (
            "make them again with: python tools/upsampling_pictures.py"
        )
        assert {f"{arm}_{when}" for arm in upsampling.ARMS for when in ("start", "end")} <= set(file.files)
        missing = float(np.abs(file["photograph"].astype(float) - file["bicubic"]).mean())
        assert 1 < missing < 20 and float(np.abs(file["nearest_end"]).mean()) < missing
