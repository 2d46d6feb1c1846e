"""Toy experiments, pure functions of the seed, and a book of their own to run them in.

Importable by test modules, by worker processes and by `python -m toy_experiments FOLDER CHANGES ARGS…`, which is the
command line with these toys in place of the book's experiments.
"""

import math
import os
import signal
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from cnnbook.evidence import lookup, paths, proofs, registry
from cnnbook.evidence.experiment import Experiment
from cnnbook.evidence.metrics import Axis, Curve, Metric
from cnnbook.evidence.text import Text
from cnnbook.figures import Figures

NAME = "parameters/toy"
ACCURACY = Metric("accuracy", Text("准确率", "accuracy"), "%", "higher", digits=1, scale=100)
NLL = Metric("nll", Text("损失", "likelihood loss"), "nats", "lower", digits=3)
STEP = Axis("step", "steps", Text("第 {at} 步的{metric}", "{metric} after {at} steps"))


def measure(config, seeds, options, progress):
    """Accuracy is the seed's own noise, plus what the arm gains; nll falls as it rises. Extras make it misbehave."""
    figures = {"accuracy": [], "nll": []}
    for index, seed in enumerate(seeds):
        note(config, seed, options.quick)
        company(config)
        time.sleep(config.get("sleep", 0.0))
        noise = np.random.default_rng([seed, 1]).normal(scale=2.0)
        own = np.random.default_rng([seed, 2, config["id"]]).normal(scale=config.get("scatter", 0.3))
        gain = 0.0 if options.quick else config["gain"]
        noise += float(os.environ.get(f"TOY_SHIFT_{config['id']}", 0))  # as if code measured otherwise
        diverged = seed in config.get("diverges", ())
        figures["accuracy"].append(math.nan if diverged else (70 + noise + own + gain) / 100)
        figures["nll"].append(math.nan if diverged else 0.8 - (noise + own + gain) / 50)
        if progress:
            progress(index + 1, len(seeds))
    misbehave(config)
    curves = {name: {0: [1.0] * len(seeds), 20: values, 99: values} for name, values in figures.items()}
    return Figures(figures | {"beside": [0.0] * len(seeds)}, curves)


def note(config, seed, quick):
    """Leaves a mark for every seed that is measured, so that tests can count them across processes."""
    if "log" in config:
        with open(config["log"], "a", encoding="utf-8") as file:
            file.write(f"{config['id']} {seed} {os.getpid()} {'quick' if quick else 'full'}\n")


def company(config):
    """Waits, where that is asked for, until another process has left its mark too: a quick one would do all alone."""
    patience = time.monotonic() + 60
    while config.get("company") and len(processes(config["log"])) < 2:
        if time.monotonic() > patience:
            raise TimeoutError("no second process came")
        time.sleep(0.01)


def processes(log):
    """Who left marks; the last line may be half written."""
    return {line.split()[2] for line in Path(log).read_text(encoding="utf-8").splitlines() if line.count(" ") == 3}


def returns(figures, *_):
    """A measure that gives these figures whatever it is asked."""
    return figures


def counts(number, seeds):
    """The figures of a measure that gives one number."""
    each = [float(number)] * len(seeds)
    return Figures({"accuracy": each, "nll": each}, {"accuracy": {0: each, 20: each}})


def counts_threads(config, seeds, *_):
    """A measure that gives the threads of PyTorch."""
    import torch

    return counts(torch.get_num_threads(), seeds)


def counts_seeds(config, seeds, *_):
    """A measure whose figures hang on how many seeds it gets at once, as where it sorts them by fold."""
    return counts(len(seeds), seeds)


def misbehave(config):
    """Once, if the configuration names a file that is still there: interrupt, kill or raise."""
    trigger = config.get("trigger")
    if trigger and os.path.exists(trigger):
        os.unlink(trigger)
        patience = time.monotonic() + 60
        while "after" in config and len(list(Path(config["after"]).glob("*.json"))) < 2 and time.monotonic() < patience:
            time.sleep(0.01)  # until the other two arms are kept
        if config["how"] == "kill":
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))  # Windows has one way alone
        raise {"interrupt": KeyboardInterrupt, "raise": RuntimeError}[config["how"]]("planted")


def toy(name=NAME, seeds=10, **changes):
    """An experiment of three arms: none, some (+1.0) and much (+3.0); keyword arms change a configuration."""
    arms = {"none": {"id": 0, "gain": 0.0}, "some": {"id": 1, "gain": 1.0}, "much": {"id": 2, "gain": 3.0}}
    common = changes.pop("common", {})
    for arm in arms:
        arms[arm] = arms[arm] | common | changes.pop(arm, {})
    declaration = {
        "name": name, "question": Text("增益有用吗？", "Does gain help?"), "arms": arms, "baseline": "none",
        "metrics": [ACCURACY, NLL], "curves": [Curve(ACCURACY, STEP, (0, 20))],
        "budget": Text("种子相同", "the same seeds"), "measure": measure, "seeds": seeds,
    }  # fmt: skip
    return Experiment(**declaration | changes)


TOY_REFERENCES = """
"1603.07285" = { title = "A guide", authors = "Dumoulin, Visin", year = 2016 }
"""
TOY_CLAIMS = """
[[claim]]
id = "much-helps"
kind = "experiment"
experiment = "parameters/toy"
statement = { zh = "多则好。", en = "Much helps." }
citations = ["1603.07285"]
rule = { metric = "accuracy", treatment = "much", baseline = "none", expect = "better", smallest_effect = 0.5 }

[[claim]]
id = "proved"
kind = "proof"
tests = ["tests/parameters/test_toy.py::test_proof"]
passing_means = "refuted"
statement = { zh = "假的。", en = "False." }
"""


def make_book(folder, patch, **changes):
    """A book in a folder: claims, one proof, and the toy registered; ``patch(object, name, value)`` replaces things."""
    folder = Path(folder)
    (folder / "tests" / "parameters").mkdir(parents=True, exist_ok=True)
    (folder / "tests" / "parameters" / "test_toy.py").write_text("def test_proof():\n    pass\n", encoding="utf-8")
    (folder / "claims" / "parameters").mkdir(parents=True, exist_ok=True)
    (folder / "claims" / "parameters" / "toy.toml").write_text(TOY_CLAIMS, encoding="utf-8")
    (folder / "claims" / "references.toml").write_text(TOY_REFERENCES, encoding="utf-8")
    for module in (paths, proofs):
        patch(module, "root", lambda: folder)
    for module in (paths, lookup):
        patch(module, "CLAIMS_DIR", folder / "claims")
    patch(registry, "topics", lambda: [])
    patch(registry, "_registered", {})
    registry.register(toy(**changes))
    return folder


@pytest.fixture
def book(tmp_path, monkeypatch):
    """The folder of a book whose one experiment is the toy, without a result yet."""
    return make_book(tmp_path, monkeypatch.setattr)


if __name__ == "__main__":
    import json

    from cnnbook import cli
    from toy_experiments import make_book as make  # not __main__'s: workers must be able to import what they run

    folder, changes, *arguments = sys.argv[1:]
    make(folder, setattr, **json.loads(changes))
    sys.argv = ["cnnbook", *arguments]
    cli.main()
