"""Which code an arm's figures depend on: what its measure and the kind of its configuration reach.

The declaration itself is no part of it. Arms, metrics and seeds are compared by value with what a result says, so that
an arm can be added, a label or a budget reworded, and what is measured stays.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from cnnbook.evidence.codehash import Package, code_hash, definitions, package_of
from cnnbook.evidence.experiment import Experiment, Measure


def arm_definitions(measure: Measure, config: Any) -> dict[str, str]:
    """The definitions that a measure of this configuration reaches, with their hashes.

    Examples:
        >>> from cnnbook.evidence.registry import load
        >>> base = load("generalisation/dropout")
        >>> "cnnbook.training.engines:train_seeds" in arm_definitions(base.measure, base.arms["none"])
        True
    """
    return definitions(*_roots_and_words(measure, config))


def arm_code(measure: Measure, config: Any) -> str:
    """One hash for them, as this process first saw the code."""
    return _first_seen(*_roots_and_words(measure, config))


@cache
def _first_seen(roots: tuple[str, ...], words: tuple[str, ...]) -> str:
    return code_hash(definitions(roots, words, package=_seen(package_of(roots[0]))))


@cache
def _seen(package: str) -> Package:
    """Its files, read once."""
    return Package(package)


def experiment_definitions(experiment: Experiment) -> dict[str, dict[str, str]]:
    """The same for every arm; arms that differ in numbers alone are looked up once."""
    package = Package(_package(experiment.measure))
    known: dict[tuple, dict[str, str]] = {}
    found = {}
    for arm, config in experiment.arms.items():
        key = _roots_and_words(experiment.measure, config)
        if key not in known:
            known[key] = definitions(*key, package=package)
        found[arm] = known[key]
    return found


def experiment_code(experiment: Experiment) -> str:
    """One hash for all arms: for what is drawn from an experiment beside its result."""
    return code_hash(union(experiment_definitions(experiment)))


def union(arms: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """All definitions of all arms."""
    return {name: value for found in arms.values() for name, value in found.items()}


def _roots_and_words(measure: Measure, config: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    ones = [*_functions(measure), *_kinds(config)]
    roots = {_root(one) for one in ones if one.__module__.partition(".")[0] == _package(measure)}
    return tuple(sorted(roots)), tuple(sorted(set(_words(config))))


def _package(measure: Measure) -> str:
    return next(_functions(measure)).__module__.partition(".")[0]


def _functions(measure: Callable[..., Any]) -> Iterator[Any]:
    """The function, and those that a partial holds."""
    if isinstance(measure, functools.partial):
        for one in (measure.func, *measure.args, *measure.keywords.values()):
            if callable(one):
                yield from _functions(one)
    else:
        yield measure if hasattr(measure, "__qualname__") else type(measure)


def _root(one: Any) -> str:
    """Its name for `definitions`; of a function inside another, all of the module."""
    return one.__module__ if "<" in one.__qualname__ else f"{one.__module__}:{one.__qualname__.partition('.')[0]}"


def _kinds(config: Any) -> Iterator[type]:
    if dataclasses.is_dataclass(config) and not isinstance(config, type):
        yield type(config)
        for part in dataclasses.fields(config):
            yield from _kinds(getattr(config, part.name))
    elif isinstance(config, Mapping):
        for value in config.values():
            yield from _kinds(value)
    elif isinstance(config, Sequence) and not isinstance(config, str):
        for value in config:
            yield from _kinds(value)


def _words(config: Any) -> Iterator[str]:
    if isinstance(config, str):
        yield config
    elif dataclasses.is_dataclass(config) and not isinstance(config, type):
        for part in dataclasses.fields(config):
            yield from _words(getattr(config, part.name))
    elif isinstance(config, Mapping):
        for name, value in config.items():
            yield from (*_words(name), *_words(value))
    elif isinstance(config, Sequence):
        for value in config:
            yield from _words(value)
