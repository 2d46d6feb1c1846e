"""Effects and interactions of a 2×2 factorial: by hand, and as a regression sees them."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnbook.generalisation.overview import additive, interaction, interactions, main_effect

SETTINGS = settings(derandomize=True)
figures = st.floats(-100, 100)
cells = st.lists(st.tuples(figures, figures, figures, figures), min_size=1, max_size=6).map(
    lambda rows: torch.tensor(rows, dtype=torch.float64).T
)


def test_by_hand():
    neither, first, second, both = torch.tensor([[70.0, 60.0], [73.0, 61.0], [71.0, 66.0], [76.0, 64.0]])
    assert main_effect(neither, first, second, both).tolist() == [4.0, -0.5]  # (3 + 5) / 2, (1 − 2) / 2
    assert interaction(neither, first, second, both).tolist() == [2.0, -3.0]  # 5 − 3, −2 − 1
    assert additive(neither, first, second).tolist() == [74.0, 67.0]


@SETTINGS
@given(cells)
def test_both_is_what_adds_up_and_the_interaction(four):
    neither, first, second, both = four
    torch.testing.assert_close(both, additive(neither, first, second) + interaction(*four))


@SETTINGS
@given(cells)
def test_a_regression_on_coded_levels_finds_half_of_each(four):
    """Levels −1 and 1, so that coefficients are half an effect and a quarter of this interaction (Montgomery)."""
    design = torch.tensor([[1, a, b, a * b] for a, b in [(-1, -1), (1, -1), (-1, 1), (1, 1)]], dtype=torch.float64)
    _, first, second, crossed = torch.linalg.solve(design, four)
    torch.testing.assert_close(first, main_effect(*four) / 2)
    torch.testing.assert_close(second, main_effect(four[0], four[2], four[1], four[3]) / 2)
    torch.testing.assert_close(crossed, interaction(*four) / 4)


@SETTINGS
@given(cells)
def test_neither_method_comes_first(four):
    neither, first, second, both = four
    torch.testing.assert_close(interaction(*four), interaction(neither, second, first, both))


@SETTINGS
@given(figures, st.lists(figures, min_size=1, max_size=8))
def test_what_adds_up_is_the_baseline_and_every_effect(neither, alone):
    found = additive(torch.tensor(neither, dtype=torch.float64), *torch.tensor(alone, dtype=torch.float64))
    assert float(found) == pytest.approx(neither + sum(one - neither for one in alone), abs=1e-9)


def test_halving_the_error_twice_adds_up_in_logarithms_alone():
    errors = torch.tensor([0.4, 0.2, 0.2, 0.1], dtype=torch.float64)
    assert float(interaction(*errors.log())) == pytest.approx(0)
    assert float(interaction(*errors)) == pytest.approx(0.1)  # where the errors add up, 0 would be left


@SETTINGS
@given(st.floats(0.1, 0.9), st.floats(0.2, 0.8), st.floats(0.2, 0.8))
def test_effects_that_add_up_in_two_scales_are_none(error, first, second):
    """Factors on an error: in logarithms they add up, in the error itself they do so only where one of them is 1."""
    four = error * torch.tensor([1, first, second, first * second], dtype=torch.float64)
    assert float(interaction(*four.log())) == pytest.approx(0, abs=1e-9)
    assert float(interaction(*four)) == pytest.approx(error * (1 - first) * (1 - second))
    assert float(interaction(*four)) > 0


def test_all_pairs_at_once_are_each_pair():
    torch.manual_seed(0)
    neither, alone, pairs = torch.randn(10), torch.randn(4, 10), torch.randn(4, 4, 10)
    found = interactions(neither, alone, pairs)
    for i in range(4):
        for j in range(4):
            expected = interaction(neither, alone[i], alone[j], pairs[i, j]) if i != j else torch.zeros(10)
            torch.testing.assert_close(found[i, j], expected)


@pytest.mark.parametrize("function", [main_effect, interaction])
def test_figures_of_other_seeds_are_refused(function):
    with pytest.raises(ValueError, match=r"figures must have one shape, .* got \[\(10,\), \(10,\), \(9,\), \(10,\)\]"):
        function(torch.zeros(10), torch.zeros(10), torch.zeros(9), torch.zeros(10))


def test_bad_input():
    with pytest.raises(ValueError, match="at least one method must be given, got none"):
        additive(torch.zeros(10))
    with pytest.raises(ValueError, match=r"got \[\(10,\), \(1,\)\]"):
        additive(torch.zeros(10), torch.zeros(1))
    with pytest.raises(ValueError, match=r"pairs \(m, m, …\) .* got \(3, 10\) and \(3, 2, 10\) with \(10,\)"):
        interactions(torch.zeros(10), torch.zeros(3, 10), torch.zeros(3, 2, 10))
    with pytest.raises(ValueError, match="m at least 2"):
        interactions(torch.zeros(10), torch.zeros(1, 10), torch.zeros(1, 1, 10))
