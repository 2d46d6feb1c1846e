"""Effects in several settings: what they have in common, how far they differ, and what a new setting may expect."""

import math

import pytest
import torch

from cnnbook.generalisation import transfer
from cnnbook.generalisation.transfer import heterogeneity, new_setting, random_effects

# The thirteen trials of the BCG vaccine (Colditz et al., JAMA 271, 1994): logarithms of risk ratios, their variances.
BCG = torch.tensor([-0.8893, -1.5854, -1.3481, -1.4416, -0.2175, -0.7861, -1.6209, 0.0120, -0.4694, -1.3713, -0.3394,
                    0.4459, -0.0173]).double()  # fmt: skip
VARIANCES = torch.tensor([0.3256, 0.1946, 0.4154, 0.0200, 0.0512, 0.0069, 0.2230, 0.0040, 0.0564, 0.0730, 0.0124,
                          0.5325, 0.0714]).double()  # fmt: skip


def test_the_textbook_example_of_meta_analysis():
    """As statsmodels' combine_effects(method_re="iterated") and metafor's rma(method="PM", test="knha") give it."""
    mean, error, tau = random_effects(BCG, VARIANCES.sqrt())
    assert tau**2 == pytest.approx(0.3180824, abs=1e-6)
    assert mean == pytest.approx(-0.7149703, abs=1e-6)
    assert error == pytest.approx(0.1808945, abs=1e-6)


def test_equal_errors_leave_the_plain_mean_and_its_standard_error():
    y = torch.tensor([3.0, 1.0, -1.0, 0.5])
    mean, error, tau = random_effects(y, torch.full((4,), 0.2))
    assert (mean, error) == (pytest.approx(y.mean().item()), pytest.approx(y.std().item() / 2))
    assert tau == pytest.approx(math.sqrt(y.var().item() - 0.04), abs=1e-6)


def test_what_errors_explain_is_no_spread():
    assert heterogeneity(torch.tensor([1.0, 1.2, 0.8]), torch.tensor([1.0, 1.0, 1.0])) == 0.0


def test_more_seeds_make_the_mean_surer_and_the_new_setting_not():
    y = torch.tensor([2.0, 0.0, -2.0, 1.0, -1.0])
    for error in (0.3, 0.003):
        low, high = new_setting(y, torch.full((5,), error))
        assert high - low > 7


@pytest.mark.parametrize("tau", [0.0, 0.5, 2.0])
def test_nineteen_new_settings_of_twenty_lie_in_the_interval(tau, monkeypatch):
    """Within what 200 rounds can tell; more where all effects are the same. With one τ in its place it is some 90."""
    monkeypatch.setattr(transfer, "DRAWS", 1000)
    draw, inside, rounds, errors = torch.Generator().manual_seed(11), 0, 200, torch.linspace(0.2, 0.8, 6)
    for _ in range(rounds):
        true = 1 + tau * torch.randn(7, generator=draw)
        low, high = new_setting(true[:-1] + errors * torch.randn(6, generator=draw), errors)
        inside += low <= float(true[-1]) <= high
    assert 0.91 <= inside / rounds <= (1.0 if tau == 0 else 0.98)


@pytest.mark.parametrize(
    ("effects", "errors", "said"),
    [
        ([1.0], [0.1], r"k at least 2, got \(1,\) and \(1,\)"),
        ([1.0, 2.0], [0.1], r"one shape \(k,\), k at least 2, got \(2,\) and \(1,\)"),
        ([1.0, math.nan], [0.1, 0.1], "effects must be finite"),
        ([1.0, 2.0], [0.1, 0.0], "errors above 0"),
    ],
)
def test_what_has_no_summary_is_refused(effects, errors, said):
    with pytest.raises(ValueError, match=said):
        random_effects(torch.tensor(effects), torch.tensor(errors))


def test_a_confidence_that_is_none_is_refused():
    with pytest.raises(ValueError, match=r"confidence must be between 0 and 1, got 95"):
        new_setting(torch.tensor([1.0, 2.0]), torch.tensor([0.1, 0.1]), 95)
