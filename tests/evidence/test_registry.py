"""Experiments are found by their place, one module at a time; declarations are checked."""

import sys

import pytest

import cnnbook.experiments
import toy_experiments
from cnnbook.evidence import registry
from cnnbook.evidence.errors import UnknownExperiment
from cnnbook.evidence.text import Text

MODULE = """
import dataclasses, toy_experiments
{names}
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of experiments in place of the book's; what other tests have imported of the book's comes back after."""
    monkeypatch.setattr(cnnbook.experiments, "__path__", [str(tmp_path)])

    def imported() -> list[str]:
        return [name for name in sys.modules if name.startswith("cnnbook.experiments.")]

    book = {name: sys.modules.pop(name) for name in imported()}
    yield tmp_path
    for name in imported():
        del sys.modules[name]
    sys.modules.update(book)


def put(folder, topic, line):
    path = folder / f"{topic}.py"
    path.parent.mkdir(exist_ok=True)
    (path.parent / "__init__.py").touch()
    path.write_text(MODULE.format(names=line), encoding="utf-8")


def test_one_or_several_are_found_and_only_what_is_asked_for_is_imported(folder):
    put(folder, "parameters/one", "EXPERIMENT = toy_experiments.toy('parameters/one')")
    put(folder, "domains/two", "EXPERIMENTS = [toy_experiments.toy(f'domains/two/{x}') for x in 'ab']")
    put(folder, "domains/_helper", "raise RuntimeError")
    assert registry.topics() == ["domains/two", "parameters/one"]
    assert "cnnbook.experiments.domains" not in sys.modules
    found = registry.load("parameters/one")
    assert found.name == "parameters/one"
    assert "cnnbook.experiments.domains.two" not in sys.modules
    assert registry.names() == ["domains/two/a", "domains/two/b", "parameters/one"]


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        ("generalisation/droput", "did you mean generalisation/dropout?"),
        ("droput", "did you mean generalisation/dropout?"),
        ("zzz", "`cnnbook list` shows the names."),
    ],
)
def test_an_unknown_name_suggests_the_nearest(folder, asked, hint):
    put(folder, "generalisation/dropout", "EXPERIMENT = toy_experiments.toy('generalisation/dropout')")
    put(folder, "generalisation/architecture", "EXPERIMENT = toy_experiments.toy('generalisation/architecture')")
    put(folder, "parameters/epochs", "EXPERIMENT = toy_experiments.toy('parameters/epochs')")
    with pytest.raises(UnknownExperiment) as caught:
        registry.load(asked)
    assert str(caught.value) == f"there is no experiment named {asked!r}; {hint}"


def test_the_last_part_of_a_name_is_enough_where_it_is_one_experiments(folder):
    put(folder, "generalisation/batch_size", "EXPERIMENT = toy_experiments.toy('generalisation/batch_size')")
    put(folder, "parameters/batch_size", "EXPERIMENT = toy_experiments.toy('parameters/batch_size')")
    put(folder, "domains/two", "EXPERIMENTS = [toy_experiments.toy(f'domains/two/{x}') for x in ('a', 'two')]")
    assert registry.load("a").name == "domains/two/a"
    assert registry.load("two").name == "domains/two/two"
    assert registry.load("parameters/batch_size").name == "parameters/batch_size"
    with pytest.raises(UnknownExperiment) as caught:
        registry.load("batch_size")
    several = "generalisation/batch_size, parameters/batch_size"
    assert str(caught.value) == f"'batch_size' is the end of several experiments' names: {several}"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("", r"cnnbook\.experiments\.parameters\.one must declare EXPERIMENT or EXPERIMENTS"),
        (
            "EXPERIMENT = toy_experiments.toy('parameters/other')",
            "must be named parameters/one .*got 'parameters/other'",
        ),
    ],
)
def test_a_module_that_declares_nothing_or_another_topic_is_an_error(folder, line, message):
    put(folder, "parameters/one", line)
    with pytest.raises(ValueError, match=message):
        registry.names()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "Toy"}, "a name must be part/topic or part/topic/label, got 'Toy'"),
        ({"arms": {"none": {}}}, "two arms at least"),
        ({"baseline": "nobody"}, r"baseline must be one of the arms \['none', 'some', 'much'\], got 'nobody'"),
        ({"metrics": []}, "metrics must be named, each once"),
        ({"metrics": [toy_experiments.NLL, toy_experiments.NLL]}, "metrics must be named, each once"),
        ({"seeds": 1}, "seeds must be at least 2, got 1"),
        ({"labels": {"many": Text("多", "many")}}, r"labels must name arms among .* got \['many'\]"),
        ({"comparisons": [("much", "many")]}, r"must pair two of the arms .* got \('much', 'many'\)"),
        ({"some": {"made": object()}}, "arm 'some': a configuration must be serialisable to JSON"),
        ({"some": {"rate": float("nan")}}, "arm 'some': a configuration must be serialisable to JSON"),
    ],
)
def test_a_declaration_that_cannot_be_run_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        toy_experiments.toy(**changes)


def test_texts_are_checked():
    with pytest.raises(ValueError, match="both languages, got zh=' '"):
        Text(zh=" ", en="words")
