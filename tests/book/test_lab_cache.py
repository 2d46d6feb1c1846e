"""A lab runs again when it or code that it can reach has changed, and not when other code has."""

import sys
import threading

import pytest
from nbformat import v4

from manuscript import ROOT

LAB = "import torch\nfrom cnnbook.data import load\nfrom cnnbook.generalisation import dropout\n"


@pytest.fixture
def labs(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(ROOT / "hooks"), *sys.path])
    import labs

    return labs


@pytest.fixture
def changed(labs, monkeypatch):
    """Say that a module has changed."""
    original = labs.content

    def changed(module: str) -> None:
        end = f"{module.replace('.', '/')}.py"
        monkeypatch.setattr(labs, "content", lambda path: original(path) + b"#" * path.as_posix().endswith(end))

    return changed


def test_the_modules_of_the_package_are_found(labs):
    assert labs.imported(LAB) == {"cnnbook.data:load", "cnnbook.generalisation:dropout"}
    assert labs.imported("import torch\nx = 1\n") == set()


@pytest.mark.parametrize("module", ["cnnbook.generalisation.dropout", "cnnbook.data.catalogue", "cnnbook.randomness"])
def test_a_change_of_what_it_imports_runs_it_again(labs, changed, module):
    before = labs.key_of(LAB)
    changed(module)
    assert labs.key_of(LAB) != before


def test_a_change_of_itself_runs_it_again_and_one_elsewhere_does_not(labs, changed):
    before = labs.key_of(LAB)
    assert labs.key_of(f"{LAB}x = 1\n") != before
    changed("cnnbook.convolution.checkerboard")
    assert labs.key_of(LAB) == before


def test_what_a_lab_can_reach_is_looked_up_once_until_something_changes(labs, monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(labs, "KEYS", tmp_path)
    monkeypatch.setattr(labs, "key_of", lambda text: asked.append(text) or f"key{len(asked)}")
    monkeypatch.setattr(labs.snapshot, "key", lambda: "as it is")
    name = labs.names()[0]
    first = labs.place(name)
    assert labs.place(name) == first and len(asked) == 1
    monkeypatch.setattr(labs.snapshot, "key", lambda: "changed")
    assert labs.place(name) != first and len(asked) == 2
    original = labs.content
    monkeypatch.setattr(labs, "content", lambda path: original(path) + b"#")
    labs.place(name)
    assert len(asked) == 3 and len(list(tmp_path.iterdir())) == 1  # a key of older files is not kept


def test_what_is_printed_in_one_go_is_one_output_however_it_was_sent(labs):
    sent = [("stdout", "a"), ("stdout", "b\n"), ("stderr", "c"), ("stdout", "d")]
    outputs = [v4.new_output("stream", name=name, text=text) for name, text in sent]
    outputs.insert(3, v4.new_output("display_data", data={}))
    outputs.append(v4.new_output("stream", name="stdout", text="e"))
    found = [(one.output_type, one.get("name"), one.get("text")) for one in labs.joined(outputs)]
    picture = ("display_data", None, None)
    assert found == [("stream", "stdout", "ab\n"), ("stream", "stderr", "c"), picture, ("stream", "stdout", "de")]


def test_where_something_else_fails_labs_that_have_not_begun_are_left(labs, monkeypatch):
    begun, go, run = threading.Event(), threading.Event(), []

    def executed(name):
        run.append(name)
        begun.set()
        go.wait(10)

    monkeypatch.setattr(labs, "executed", executed)
    monkeypatch.setattr(labs.os, "cpu_count", lambda: 1)
    with pytest.raises(ValueError, match="a page"), labs.running(["a", "b", "c"]) as running:
        begun.wait(10)
        assert not running[0].done()  # whoever asked goes on
        threading.Timer(0.2, go.set).start()
        raise ValueError("a page")
    assert run == ["a"]
