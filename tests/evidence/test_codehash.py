"""What makes a result stale: the code an experiment imports, and nothing else."""

import importlib
import sys
import textwrap

import pytest

import toy_experiments
from cnnbook.evidence.codehash import code_hash, module_hashes
from cnnbook.evidence.errors import StaleResult
from cnnbook.evidence.lookup import evidence_for
from cnnbook.evidence.paths import result_path
from cnnbook.evidence.results import load_result
from cnnbook.evidence.runner import run
from cnnbook.evidence.staleness import require_fresh, stale_reason

FILES = {
    "__init__.py": '__version__ = "1"\n',
    "experiments.py": """
        from toybook.training import fit
        from toy_experiments import measure
        TITLE = Text("甲", "one")
        ARMS = dict(labels={"a": Text("甲", "one")})
        NETWORK = "toybook.networks:small"
    """,
    "training/__init__.py": "from .loop import fit\n",
    "training/loop.py": '''
        """How to fit."""
        from typing import TYPE_CHECKING

        if TYPE_CHECKING:
            import toybook.unrelated

        def fit(rate=0.1):  # a comment
            "Fits."
            from ..data import load
            return load("digits"), rate
    ''',
    "networks.py": "def small(): return 8\n",
    "data/__init__.py": """
        def __getattr__(name):
            return name
    """,
    "data/lazy.py": "VALUE = 1\n",
    "data/files/digits.npz": "bytes",
    "data/files/letters.npz": "bytes",
    "unrelated.py": "import toybook.training\n",
}


@pytest.fixture
def toybook(tmp_path, monkeypatch):
    folder = tmp_path / "library" / "toybook"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(textwrap.dedent(text), encoding="utf-8")
    monkeypatch.syspath_prepend(folder.parent)
    importlib.invalidate_caches()
    yield folder
    for name in [name for name in sys.modules if name.split(".")[0] == "toybook"]:
        del sys.modules[name]


def today():
    return code_hash(module_hashes("toybook.experiments"))


def change(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_closure_is_what_is_imported_inside_the_package(toybook):
    assert list(module_hashes("toybook.experiments")) == [
        "toybook", "toybook.data", "toybook.data.lazy", "toybook.experiments", "toybook.networks",
        "toybook.training", "toybook.training.loop", "toybook/data/files/digits.npz",
    ]  # fmt: skip
    assert "toybook" not in sys.modules, "nothing is imported to find out"


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("training/loop.py", "rate=0.1", "rate=0.2"),
        ("training/loop.py", '"digits"', '"letters"'),
        ("training/__init__.py", "import fit", "import fit as fit, fit as other"),
        ("experiments.py", "measure", "measure as measured"),
        ("experiments.py", 'Text("甲", "one")})', "1})"),
        ("data/lazy.py", "1", "2"),
        ("networks.py", "8", "16"),
        ("data/files/digits.npz", "bytes", "other bytes"),
    ],
)
def test_editing_what_makes_figures_changes_the_hash(toybook, file, old, new):
    before = today()
    change(toybook / file, old, new)
    assert today() != before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("training/loop.py", "# a comment", "# another"),
        ("training/loop.py", "How to fit.", "How one fits."),
        ("training/loop.py", '"Fits."', '"Fits well."'),
        ("training/loop.py", "    return load", "\n    return  load"),
        ("training/loop.py", "import toybook.unrelated", "import toybook.data.lazy"),
        ("unrelated.py", "training", "data"),
        ("experiments.py", '"one"', '"uno"'),
        ("experiments.py", 'labels={"a": Text("甲", "one")}', 'labels={"b": Text("乙", "two")}'),
        ("experiments.py", 'labels={"a": Text("甲", "one")}', ""),
        ("__init__.py", "1", "2"),
        ("data/files/letters.npz", "bytes", "other bytes"),
    ],
)
def test_editing_anything_else_does_not(toybook, file, old, new):
    before = today()
    change(toybook / file, old, new)
    assert today() == before


def test_the_books_own_evidence_does_not_count_and_an_unknown_module_is_an_error():
    assert not any(name.startswith("cnnbook.evidence") for name in module_hashes("cnnbook.cli"))
    assert "cnnbook.cli.running" in module_hashes("cnnbook.cli")
    with pytest.raises(ModuleNotFoundError, match=r"cnnbook\.nowhere"):
        module_hashes("cnnbook.nowhere")


def test_editing_a_training_file_makes_the_result_stale_and_names_the_command(book, toybook):
    from cnnbook.evidence import registry

    experiment = registry.register(toy_experiments.toy(module="toybook.experiments"))
    run(experiment, out=result_path(experiment.name))
    assert stale_reason(experiment, load_result(experiment.name)) is None
    assert str(evidence_for("much-helps").verdict) == "holds"
    change(toybook / "unrelated.py", "training", "data")
    assert stale_reason(experiment, load_result(experiment.name)) is None
    change(toybook / "training" / "loop.py", "rate=0.1", "rate=0.2")
    with pytest.raises(StaleResult) as caught:
        evidence_for("much-helps")
    assert str(caught.value) == (
        "results/parameters/toy.json is stale: it was made by other code than today's "
        "(changed since: toybook.training.loop). Refresh it with: cnnbook run parameters/toy"
    )
    assert "toybook.training.loop" in evidence_for("much-helps", allow_stale=True).stale


@pytest.mark.parametrize(
    ("changes", "options", "reason"),
    [
        ({"much": {"gain": 2.0}}, {}, "configured otherwise"),
        ({"baseline": "some"}, {}, "metrics or baseline differ"),
        ({"seeds": 12}, {}, "10 seeds where 12 are declared"),
        ({}, {"quick": True}, "a quick run"),
    ],
)
def test_a_result_of_another_declaration_is_stale(book, changes, options, reason):
    from cnnbook.evidence.experiment import RunOptions

    result = run(toy_experiments.toy(), options=RunOptions(**options))
    with pytest.raises(StaleResult, match=reason):
        require_fresh(toy_experiments.toy(**changes), result)
