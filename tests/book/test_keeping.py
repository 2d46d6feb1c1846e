"""What a build keeps is never taken as it is: a file that is empty, cut off, changed or foreign is made again."""

import subprocess
import sys

import pytest
from nbformat import v4

from manuscript import ROOT

DAMAGE = {
    "emptied": lambda whole: b"",
    "cut off": lambda whole: whole[: len(whole) // 2],
    "one bit": lambda whole: whole[:-3] + bytes([whole[-3] ^ 1]) + whole[-2:],
    "foreign": lambda whole: b"<svg></svg>",
    "not text": lambda whole: b"\xff\xfe\n\x00",
}


@pytest.fixture
def hook(monkeypatch):
    """A module of hooks/."""
    monkeypatch.setattr(sys, "path", [str(ROOT / "hooks"), *sys.path])
    return __import__


# Each of these gives a function that asks for what is kept, and notes in ``made`` when it is made.


def drawing(hook, folder, monkeypatch, made):
    drawings = hook("drawings")
    monkeypatch.setattr(drawings, "KEPT", folder)
    figures = type(sys)("figures")
    figures.one = lambda lang: made.append(lang) or "<svg>卷积</svg>"
    monkeypatch.setattr(drawings, "drawings", lambda topic: figures)
    return lambda: drawings.drawn("part/topic", "one", "zh")


def chart(hook, folder, monkeypatch, made):
    charts = hook("charts")
    monkeypatch.setattr(charts, "KEPT", folder)
    return lambda: charts.kept(lambda shown, key: made.append(shown) or f"<svg>{key}</svg>", {"a": 1})


def lab(hook, folder, monkeypatch, made):
    labs = hook("labs")
    source = folder / "labs/part/topic.py"
    source.parent.mkdir(parents=True)
    source.write_text("x = 1\n", "utf-8")
    monkeypatch.setattr(labs, "LABS", folder / "labs")
    monkeypatch.setattr(labs, "KEPT", folder / "kept")
    notebook = v4.new_notebook(cells=[v4.new_code_cell("x = 1")])
    monkeypatch.setattr(labs, "run", lambda source: made.append(source) or notebook)
    return lambda: labs.executed("part/topic")


def report(hook, folder, monkeypatch, made):
    snapshot = hook("snapshot")
    monkeypatch.setattr(snapshot, "KEPT", folder)
    monkeypatch.setattr(snapshot, "key", lambda: "key")
    empty = '{"claims":{},"experiments":{},"topics":{},"errors":{}}'
    said = subprocess.CompletedProcess([], 0, empty, "")
    monkeypatch.setattr(snapshot.subprocess, "run", lambda *_, **__: made.append(1) or said)
    return snapshot.snapshot.__wrapped__


def template(hook, folder, monkeypatch, made):
    from jinja2 import DictLoader, Environment

    templates = hook("templates")
    monkeypatch.setattr(templates, "KEPT", folder)

    def rendered():
        environment = Environment(loader=DictLoader({"page": "{{ 1 + x }}"}), bytecode_cache=templates.Templates())
        compiled = environment._generate  # what is kept need not be generated again
        environment._generate = lambda *a, **k: made.append(1) or compiled(*a, **k)
        return environment.get_template("page").render(x=1)

    return rendered


def formula(hook, folder, monkeypatch, made):
    maths = hook("maths")
    monkeypatch.setattr(maths, "KEPT", folder)
    monkeypatch.setattr(maths, "render", lambda new: made.append(new) or [{"html": "<math>"} for _ in new])
    return lambda: maths.rendered("zh", {(False, "卷"): "page.md"})


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
@pytest.mark.parametrize("cache", [drawing, chart, lab, report, template, formula], ids=lambda cache: cache.__name__)
def test_a_damaged_file_is_made_again(hook, tmp_path, monkeypatch, cache, damage):
    made = []
    ask = cache(hook, tmp_path, monkeypatch, made)
    first = ask()
    assert ask() == first and len(made) == 1, "what is whole is made once"
    (kept,) = (path for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".py")
    kept.write_bytes(damage(whole := kept.read_bytes()))
    assert ask() == first and len(made) == 2 and kept.read_bytes() == whole
    assert ask() == first and len(made) == 2
