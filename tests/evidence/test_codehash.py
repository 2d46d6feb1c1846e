"""What makes a result stale: the code an experiment imports, and nothing else."""

import importlib
import sys
import textwrap

import pytest

import toy_experiments
from cnnbook.evidence import registry
from cnnbook.evidence.codehash import by_module, code_hash, definitions
from cnnbook.evidence.errors import StaleResult
from cnnbook.evidence.lookup import evidence_for
from cnnbook.evidence.paths import result_path
from cnnbook.evidence.results import load_result
from cnnbook.evidence.runner import run
from cnnbook.evidence.staleness import stale_reason

FILES = {
    "__init__.py": '__version__ = "1"\n',
    "experiments.py": """
        from toybook import tools
        from toybook.training import fit as train
        from toy_experiments import measure as unused
        TITLE = Text("甲", "one")
        STEPS = 10
        NAMES = {"network": "toybook.networks:small"}
        ARMS = {"a": 1}

        def measure(config, seeds, options, progress):
            figures = train(tools.rounded(STEPS), NAMES, title=TITLE)
            if not figures:
                raise ValueError(f"no figures: {config}")
            return figures

        EXPERIMENT = Experiment(measure=measure, arms=ARMS)
    """,
    "training/__init__.py": "from .loop import fit\n",
    "training/loop.py": '''
        """How to fit."""
        from typing import TYPE_CHECKING, ClassVar

        from toybook import effects

        if TYPE_CHECKING:
            import toybook.unrelated

        TABLE = {}
        TABLE["rate"] = 1

        def fit(rate: float = 0.1) -> dict[str, float]:  # a comment
            "Fits."
            from ..data import load
            assert rate, "a rate"
            many: list[int] = [TABLE, Result]
            return load("digits"), rate, many

        class Result:
            "Of a fit."
            loss: float = 0.0
            note: ClassVar[str] = ""

        def dead():
            return fit(2)
    ''',
    "networks.py": "def small(): return 8\n\ndef large(): return 80\n",
    "tools.py": "import math\n\ndef rounded(x): return math.floor(x)\n\ndef other(): return 1\n",
    "effects.py": "import toybook.switches\n",
    "switches.py": "import sys\nsys.setrecursionlimit(500)\nUNUSED = 1\n",
    "data/__init__.py": """
        def __getattr__(name):
            return name
    """,
    "data/lazy.py": "VALUE = 1\n",
    "data/files/digits.npz": "bytes",
    "data/files/digits.toml": "a = 1",
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


ROOTS = ["toybook.experiments:measure"]


def today():
    return code_hash(definitions(ROOTS))


def change(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_closure_is_what_is_used_inside_the_package(toybook):
    found = definitions(ROOTS)
    assert list(found) == [
        "toybook.data.lazy:VALUE", "toybook.data:__getattr__",
        "toybook.experiments:NAMES", "toybook.experiments:STEPS", "toybook.experiments:TITLE",
        "toybook.experiments:measure", "toybook.networks:small", "toybook.switches:(import)",
        "toybook.tools:rounded", "toybook.training.loop:Result", "toybook.training.loop:TABLE",
        "toybook.training.loop:fit", "toybook/data/files/digits.npz", "toybook/data/files/digits.toml",
    ]  # fmt: skip
    assert "toybook.training.loop" in by_module(found)
    assert "toybook" not in sys.modules, "nothing is imported to find out"


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("training/loop.py", "= 0.1", "= 0.2"),
        ("training/loop.py", '"digits"', '"letters"'),
        ("training/loop.py", 'TABLE["rate"] = 1', 'TABLE["rate"] = 2'),
        ("training/loop.py", "loss: float = 0.0", "loss: float = 1.0"),
        ("training/loop.py", "loss: float = 0.0", "loss = 0.0"),
        ("training/loop.py", "ClassVar[str]", "str"),
        ("experiments.py", "STEPS = 10", "STEPS = 20"),
        ("experiments.py", "networks:small", "networks:large"),
        ("experiments.py", "if not figures", "if figures"),
        ("experiments.py", "raise ValueError", "raise KeyError"),
        ("experiments.py", "tools.rounded", "tools.other"),
        ("tools.py", "math.floor", "math.ceil"),
        ("tools.py", "import math", "import cmath as math"),
        ("training/loop.py", "from ..data import load", "from numpy import load"),
        ("switches.py", "500", "501"),
        ("data/lazy.py", "1", "2"),
        ("networks.py", "return 8\n", "return 16\n"),
        ("data/files/digits.npz", "bytes", "other bytes"),
        ("data/files/digits.toml", "1", "2"),
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
        ("training/loop.py", "rate: float = 0.1) -> dict[str, float]", "rate=0.1)"),
        ("training/loop.py", "many: list[int] =", "many ="),
        ("training/loop.py", "loss: float", "loss: int"),
        ("training/loop.py", 'assert rate, "a rate"', 'assert rate, "no rate"'),
        ("training/loop.py", "return fit(2)", "return fit(3)"),
        ("unrelated.py", "training", "data"),
        ("experiments.py", '"one"', '"uno"'),
        ("experiments.py", 'ValueError(f"no figures: {config}")', 'ValueError("nothing") from None'),
        ("experiments.py", 'ARMS = {"a": 1}', 'ARMS = {"a": 1, "b": 2}'),
        ("experiments.py", "from toy_experiments import measure as unused\n", ""),
        ("tools.py", "return 1", "return 2"),
        ("tools.py", "import math\n\ndef rounded(x): return", "def rounded(x):\n    import math\n    return"),
        ("tools.py", "import math", "import math\nimport cmath"),
        ("training/loop.py", "from ..data import load", "from toybook.data import load"),
        ("switches.py", "UNUSED = 1", "UNUSED = 2"),
        ("networks.py", "80", "81"),
        ("__init__.py", "1", "2"),
        ("data/files/letters.npz", "bytes", "other bytes"),
    ],
)
def test_editing_anything_else_does_not(toybook, file, old, new):
    before = today()
    change(toybook / file, old, new)
    assert today() == before


def test_the_line_ends_of_a_checkout_do_not_count(toybook):
    before = today()
    for path in toybook.rglob("*.[pt]*[yl]"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    (toybook / "data/files/digits.toml").write_bytes(b"a = 1\r\nb = 2\r\n")
    with_crlf = today()
    (toybook / "data/files/digits.toml").write_bytes(b"a = 1\nb = 2\n")
    assert today() == with_crlf
    (toybook / "data/files/digits.toml").write_bytes(b"a = 1")
    assert today() == before


def test_a_module_of_which_more_may_be_used_counts_as_a_whole(toybook):
    (toybook / "more.py").write_text("from toybook import tools\ndef measure(): return vars(tools)\n")
    assert "toybook.tools:other" in definitions(["toybook.more:measure"])
    (toybook / "star.py").write_text("from toybook.tools import *\ndef measure(): return rounded(1)\n")
    assert "toybook.tools:rounded" in definitions(["toybook.star:measure"])
    (toybook / "all.py").write_text("X = 1\ndef measure(): return globals()\n")
    assert "toybook.all:X" in definitions(["toybook.all:measure"])
    (toybook / "through.py").write_text("import toybook.tools\ndef measure(): return toybook.tools.rounded(1)\n")
    assert list(definitions(["toybook.through:measure"])) == ["toybook.through:measure", "toybook.tools:rounded"]


def test_words_of_a_configuration_are_followed(toybook):
    assert "toybook.networks:large" in definitions(ROOTS, ["toybook.networks:large"])
    assert "toybook/data/files/letters.npz" in definitions(ROOTS, ["letters"])


def test_the_books_own_evidence_does_not_count_and_an_unknown_module_is_an_error():
    assert not any(name.startswith("cnnbook.evidence") for name in definitions(["cnnbook.cli"]))
    with pytest.raises(ModuleNotFoundError, match=r"cnnbook\.nowhere"):
        definitions(["cnnbook.nowhere"])


def test_editing_a_training_file_makes_the_result_stale_and_names_the_command(book, toybook, monkeypatch):
    """The toy measures through a package that is edited on the way."""
    (toybook / "measuring.py").write_text(
        "from toy_experiments import measure as toy\nfrom toybook.training.loop import fit\n"
        "def measure(*arguments):\n    assert fit\n    return toy(*arguments)\n"
    )
    experiment = registry.register(toy_experiments.toy(measure=importlib.import_module("toybook.measuring").measure))
    run(experiment, out=result_path(experiment.name))
    assert stale_reason(experiment, load_result(experiment.name)) is None
    assert str(evidence_for("much-helps").verdict) == "holds"
    change(toybook / "unrelated.py", "training", "data")
    change(toybook / "training" / "loop.py", "a rate", "no rate")
    assert stale_reason(experiment, load_result(experiment.name)) is None
    change(toybook / "training" / "loop.py", "= 0.1", "= 0.2")
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
        ({"baseline": "some"}, {}, "its metrics, the points of its curves or its baseline differ"),
        ({"seeds": 12}, {}, "10 seeds where 12 are declared"),
        ({}, {"quick": True}, "a quick run"),
    ],
)
def test_a_result_of_another_declaration_is_stale(book, changes, options, reason):
    from cnnbook.evidence.experiment import RunOptions

    result = run(toy_experiments.toy(), options=RunOptions(**options))
    assert reason in stale_reason(toy_experiments.toy(**changes), result)
