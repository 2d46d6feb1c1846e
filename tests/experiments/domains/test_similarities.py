"""The experiment of 5.17.1: the films, the networks, and what frame by frame cannot be seen."""

import pytest
import torch

from cnnbook.evidence import registry
from cnnbook.experiments.domains.similarities import ARMS, FRAMES, SIZE, films, moving_digits, network
from cnnbook.training.networks import build


def test_a_quick_try_is_short_and_runs(quick_try):
    result = quick_try("domains/similarities")
    assert all(0 < value < 60 for value in result.figures["way_frames"]["test_accuracy"])


def test_the_two_questions_are_asked_of_the_same_films():
    way, digit = moving_digits("way"), moving_digits("digit")
    assert torch.equal(way.train_inputs, digit.train_inputs) and (way.classes, digit.classes) == (4, 10)
    assert not torch.equal(way.train_inputs[:100], way.test_inputs[:100])
    assert way.train_inputs.shape[1:] == (1, FRAMES, SIZE, SIZE)
    assert (way.train_inputs.mean(), way.train_inputs.std()) == (
        pytest.approx(way.mean, abs=0.05),
        pytest.approx(way.std, abs=0.05),
    )
    counts = [labels.bincount().tolist() for labels in films("test")[1:]]
    assert min(counts[0]) > 400 and min(counts[1]) > 150


@pytest.mark.parametrize("arm", [name for name in ARMS if "frames" in name])
def test_frame_by_frame_a_film_and_its_reverse_get_one_answer(arm):
    """And so, of a thing that moves to the right and one that moves to the left, one is wrong at least."""
    config = ARMS[arm]
    frames, film = (build(config.network, dict(config.network_options) | {"time": t}, seed=3) for t in (1, 3))
    videos = films("test")[0][:20]
    for net, same in ((frames, True), (film, False)):
        there, back = (net(x).detach() for x in (videos, videos.flip(2)))
        assert torch.allclose(there, back, atol=1e-5) == same


def test_the_wide_network_has_about_as_many_parameters_as_the_one_over_time():
    sizes = {
        name: sum(p.numel() for p in network(**ARMS[name].network_options).parameters())
        for name in ("way_film", "way_frames_wide", "digit_film", "digit_frames_wide")
    }
    for ask in ("way", "digit"):
        assert sizes[f"{ask}_frames_wide"] == pytest.approx(sizes[f"{ask}_film"], rel=0.1)
    assert registry.load("domains/similarities").arms.keys() == ARMS.keys()
