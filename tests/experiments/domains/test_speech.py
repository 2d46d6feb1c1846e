"""The experiments of 5.17.5: what is changed in the test words, who is left out, and a machine without recordings."""

import pytest
import torch

from cnnbook.cli.running import chosen_experiments
from cnnbook.data.speech import Recordings
from cnnbook.domains.speech import over_time
from cnnbook.evidence import registry
from cnnbook.evidence.errors import RunError
from cnnbook.evidence.runner import RunOptions, run
from cnnbook.experiments.domains import speech
from cnnbook.figures import Figures


def test_a_quick_try_is_short_and_runs(quick_try):
    result = quick_try("domains/speech")
    assert all(0 < value < 60 for value in result.figures["dense"]["test_accuracy"])


def test_the_test_words_alone_are_changed_and_each_as_it_says():
    plain = speech.synthetic()
    for change in ("later", "backwards", "pieces", "inside", "higher"):
        other = speech.synthetic(change)
        assert torch.equal(other.train_inputs, plain.train_inputs) and torch.equal(
            other.test_targets, plain.test_targets
        )
        assert not torch.equal(other.test_inputs, plain.test_inputs)
    spectra = torch.arange(2 * 4 * 12.0).reshape(2, 4, 12)
    later = speech.changed(spectra, "later")
    assert torch.equal(later[0, :, 5:], spectra[0, :, :-5]) and torch.equal(later[1, :, :-5], spectra[1, :, 5:])
    higher = speech.changed(spectra, "higher")
    assert torch.equal(higher[:, 2:], spectra[:, :-2]) and torch.equal(higher[:, 1], spectra[:, 0])


def test_pieces_stay_whole_or_keep_their_frames():
    frames = torch.arange(24.0).expand(9, 3, 24)
    pieces, inside = (speech.changed(frames, change)[:, 0] for change in ("pieces", "inside"))
    whole = [set(range(start, min(start + speech.PIECE, 24))) for start in range(0, 24, speech.PIECE)]
    for moved in pieces:
        steps = (moved.diff() != 1).sum()  # where one piece ends and another begins
        assert sorted(moved.tolist()) == list(range(24)) and steps <= 2
    assert (pieces != frames[:, 0]).any(1).sum() >= 5
    for moved in inside:
        assert [set(part.tolist()) for part in moved.split(speech.PIECE)] == whole and (moved.diff() != 1).sum() > 10
    assert torch.equal(speech.changed(frames, "pieces")[:, 0], speech.changed(frames, "pieces")[:, 2])
    assert 1 + receptive_frames(over_time()) == speech.PIECE


def receptive_frames(network) -> int:
    """How many frames one place of the last convolution sees."""
    reach, stride = 1, 1
    for layer in network:
        if isinstance(layer, torch.nn.Conv1d):
            reach += (layer.kernel_size[0] - 1) * stride
            stride *= layer.stride[0]
    return reach


@pytest.fixture
def six_people(monkeypatch):
    """Sixty recordings that hold the speaker's number."""
    speakers, digits = torch.arange(6).repeat_interleave(10), torch.arange(10).repeat(6)
    waves = tuple(torch.full((800,), 1.0 + int(number)) for number in speakers)
    speech.seconds.cache_clear(), speech.spectra.cache_clear()
    monkeypatch.setattr(speech, "recordings", lambda: Recordings(waves, digits, speakers, tuple("abcdef")))
    yield speakers
    speech.seconds.cache_clear(), speech.spectra.cache_clear()


def test_nobody_is_heard_in_training_and_test_unless_the_split_is_random(six_people):
    seen = speech.seconds()
    who = {part: speech.real(4, samples=True) for part in ("raw",)}["raw"]
    assert (len(who.train_inputs), len(who.test_inputs)) == (50, 10)
    loud = seen[six_people == 4][0] / seen[six_people == 4][0].square().mean().sqrt()
    assert torch.equal(who.test_inputs[0, 0], loud) and who.test_targets.tolist() == list(range(10))
    mixed = speech.real(4, mixed=True)
    assert (len(mixed.train_inputs), len(mixed.test_inputs)) == (50, 10)
    assert mixed.test_targets.tolist() != list(range(10))


def test_each_seed_leaves_out_its_own_speaker(monkeypatch):
    def told(config, seeds, options, progress):
        return Figures({"test_accuracy": [100 * config.data_options["left_out"] + seed for seed in seeds]})

    monkeypatch.setattr(speech, "measure", told)
    figures = speech.measure_speakers(speech.RECORDINGS.arms["time"], [7, 0, 1, 11], RunOptions(), None)
    assert figures["test_accuracy"] == [107, 0, 101, 511]


def test_without_the_recordings_all_goes_on_and_the_one_names_the_command(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("CNNBOOK_DATA", str(tmp_path))
    names = chosen_experiments(["all"])
    assert "domains/speech" in names and "domains/speech/recordings" not in names
    assert "left out: domains/speech/recordings: the recordings are not" in capsys.readouterr().err
    with pytest.raises(RunError, match=r"domains/speech/recordings: .* python -m cnnbook\.data fsdd"):
        run(registry.load("domains/speech/recordings"), seeds=2)
