"""What `cnnbook diagnose` says of logs whose cause is known, and that the page shows just that."""

import importlib.util
import json
from collections import Counter
from pathlib import Path

import pytest

from cnnbook.parameters.recipe import Branch, Sure

ROOT = Path(__file__).parents[2]
ARCHIVE = ROOT / "tests/data/logs/corpus.tar.xz"


@pytest.fixture(scope="module")
def benchmark():
    about = importlib.util.spec_from_file_location("diagnose_benchmark", ROOT / "benchmarks/diagnose.py")
    module = importlib.util.module_from_spec(about)
    about.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def labels(benchmark):
    return benchmark.labels()


@pytest.fixture(scope="module")
def found(benchmark):
    return benchmark.answers()


def test_the_corpus_is_large_varied_and_small_on_the_disk(labels):
    assert len(labels) >= 150 and sum(label["apart"] for label in labels.values()) == 40
    assert {label["branch"] for label in labels.values()} == {branch.value for branch in Branch}
    assert len({label["format"] for label in labels.values()}) == 11
    apart = {label["branch"] for label in labels.values() if label["apart"]}
    assert apart == {branch.value for branch in Branch}
    assert ARCHIVE.stat().st_size <= 400_000


@pytest.mark.parametrize("apart", [False, True], ids=["chosen by", "apart"])
def test_nineteen_in_twenty_are_right(labels, found, apart):
    mine = {name: label for name, label in labels.items() if label["apart"] is apart}
    wrong = [name for name, label in mine.items() if found[name].branch.value != label["branch"]]
    assert len(wrong) <= 0.05 * len(mine), wrong


def test_no_run_is_called_healthy_that_is_not(labels, found):
    called = [name for name, one in found.items() if one.branch is Branch.HEALTHY]
    assert [name for name in called if labels[name]["branch"] != "healthy"] == []


def test_what_is_wrong_was_said_with_less_certainty(labels, found):
    right = Counter(found[name].sure for name, label in labels.items() if found[name].branch.value == label["branch"])
    wrong = Counter(found[name].sure for name, label in labels.items() if found[name].branch.value != label["branch"])
    assert wrong[Sure.SURE] / (right[Sure.SURE] + wrong[Sure.SURE]) <= 0.03


def test_the_matrix_on_the_page_is_that_of_todays_rules(benchmark, found):
    committed = json.loads((ROOT / "benchmarks/diagnose.json").read_text("utf-8"))
    assert committed["rows"] == benchmark.matrix(found)
