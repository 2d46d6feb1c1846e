"""Finds experiments by their place: ``cnnbook.experiments.<part>.<topic>``, one module a topic.

A module declares ``EXPERIMENT`` or ``EXPERIMENTS`` (a sequence) and names each by its own place, ``part/topic`` or
``part/topic/label``. Helper modules begin with an underscore. Only the module that is asked for is imported.
"""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from pathlib import Path

from cnnbook.evidence.errors import UnknownExperiment
from cnnbook.evidence.experiment import Experiment

PACKAGE = "cnnbook.experiments"  # above this floor: it is looked up by name when an experiment is asked for

_registered: dict[str, Experiment] = {}


def register(experiment: Experiment) -> Experiment:
    """Adds an experiment of your own, beside those of the book.

    Examples:
        >>> from cnnbook.evidence.text import Text
        >>> from cnnbook.evidence.metrics import Metric
        >>> from cnnbook.figures import Figures
        >>> mine = register(Experiment(
        ...     name="parameters/mine", question=Text("？", "?"), budget=Text("无", "none"), baseline="a",
        ...     measure=lambda config, seeds, options, progress: Figures({"loss": [0.0 for _ in seeds]}),
        ...     arms={"a": {}, "b": {}}, metrics=[Metric("loss", Text("损失", "loss"), "nats", "lower", digits=3)]))
        >>> load("parameters/mine") is mine
        True
        >>> unregister("parameters/mine")
    """
    _registered[experiment.name] = experiment
    return experiment


def unregister(name: str) -> None:
    """Takes away what `register` added; nothing happens where it added nothing."""
    _registered.pop(name, None)


def topics() -> list[str]:
    """The ``part/topic`` of every module that may declare experiments, without importing any."""
    found = []
    for folder in importlib.import_module(PACKAGE).__path__:
        for part in pkgutil.iter_modules([folder]):
            if part.ispkg:
                inside = pkgutil.iter_modules([str(Path(folder) / part.name)])
                found += [f"{part.name}/{topic.name}" for topic in inside if not topic.name.startswith("_")]
    return sorted(found)


def declared(topic: str) -> dict[str, Experiment]:
    """The experiments that the module of ``part/topic`` declares, by name; imports that module.

    Raises:
        ValueError: the module declares none, or one whose name is not of this topic.
    """
    name = f"{PACKAGE}.{topic.replace('/', '.')}"
    module = importlib.import_module(name)
    several = getattr(module, "EXPERIMENTS", None)
    experiments = list(several) if several is not None else [getattr(module, "EXPERIMENT", None)]
    if experiments == [None]:
        raise ValueError(f"{name} must declare EXPERIMENT or EXPERIMENTS (a helper module begins with an underscore)")
    for experiment in experiments:
        if experiment.name != topic and not experiment.name.startswith(f"{topic}/"):
            raise ValueError(f"an experiment in {name} must be named {topic} or {topic}/…, got {experiment.name!r}")
    return {experiment.name: experiment for experiment in experiments}


def load(name: str) -> Experiment:
    """The experiment of this name; the last part of a name is enough where no other ends in it.

    Raises:
        UnknownExperiment: there is none, and the message suggests the nearest name; or there are several.

    Examples:
        >>> load("dropout").name
        'generalisation/dropout'
    """
    if name in _registered:
        return _registered[name]
    topic = "/".join(name.split("/")[:2])
    if topic in topics() and name in (found := declared(topic)):
        return found[name]
    known = names()
    meant = [one for one in known if one.rpartition("/")[2] == name]
    if len(meant) > 1:
        raise UnknownExperiment(f"{name!r} is the end of several experiments' names: {', '.join(meant)}")
    if meant:
        return load(meant[0])
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
    # a topic alone is a likely half of what was meant: "droput" stands for generalisation/dropout
    near = near or [one for one in known if difflib.get_close_matches(name, one.split("/"), n=1, cutoff=0.6)][:1]
    hint = f"did you mean {near[0]}?" if near else "`cnnbook list` shows the names."
    raise UnknownExperiment(f"there is no experiment named {name!r}; {hint}")


def everything() -> dict[str, Experiment]:
    """Every experiment by name, in the order of the names; imports all their modules."""
    found = {name: experiment for topic in topics() for name, experiment in declared(topic).items()}
    return dict(sorted((found | _registered).items()))


def names() -> list[str]:
    """The names of all experiments."""
    return list(everything())
