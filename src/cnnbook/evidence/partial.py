"""What a run has measured so far, kept so that an interrupted run goes on where it stopped.

One file an arm, under ``.cache/cnnbook/partial/``, its name a hash of everything that the figures depend on: the arm's
code and configuration, the metrics, the options. Change any of these and the arm is measured anew. A checksum over the
figures catches a file that was changed otherwise.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cnnbook.evidence.environment import is_first_process
from cnnbook.evidence.experiment import Experiment, RunOptions
from cnnbook.evidence.metrics import quantities
from cnnbook.evidence.paths import cache_dir
from cnnbook.evidence.results import write_atomically
from cnnbook.figures import Figures


class Partial:
    """The figures and curves of one experiment that are already measured, seed by seed of each arm.

    Args:
        experiment: what is run.
        options: how it is run.
        code: arm → hash of its code.
        folder: where to keep it; by default the book's cache.

    Examples:
        >>> import tempfile
        >>> from cnnbook.evidence.text import Text
        >>> from cnnbook.evidence.metrics import Metric
        >>> def measure(config, seeds, options, progress):
        ...     return Figures({"loss": [0.0 for _ in seeds]})
        >>> loss = Metric("loss", Text("损失", "loss"), "nats", "lower", digits=3)
        >>> toy = Experiment("parameters/toy", Text("？", "?"), {"a": {}, "b": {}}, "a", [loss],
        ...                  Text("无", "none"), measure)
        >>> code = {"a": "0", "b": "0"}
        >>> kept = Partial(toy, RunOptions(), code, Path(tempfile.mkdtemp()))
        >>> kept.add("a", [0, 1], Figures({"loss": [0.5, float("nan")]}), seconds=1.0)
        >>> Partial(toy, RunOptions(), code, kept.folder.parent.parent.parent).missing("a", range(3))
        [2]
    """

    def __init__(
        self, experiment: Experiment, options: RunOptions, code: Mapping[str, str], folder: Path | None = None
    ) -> None:
        self.folder = (folder or cache_dir()) / "partial" / experiment.name
        configuration = experiment.configuration()
        metrics = [
            (one.metric.name, one.metric.scale, one.at) for one in quantities(experiment.metrics, experiment.curves)
        ]
        self._paths = {
            arm: self.folder / f"{_digest([code[arm], arm, configuration[arm], metrics, vars(options)])[:24]}.json"
            for arm in experiment.arms
        }
        self._metrics = {metric.name for metric in experiment.metrics}
        self._points = {curve.metric.name: set(curve.points) for curve in experiment.curves}
        self._read = {arm: self._load(path) for arm, path in self._paths.items()}

    def missing(self, arm: str, seeds: Sequence[int]) -> list[int]:
        """The seeds that are still to be measured."""
        return [seed for seed in seeds if seed not in self._read[arm][0]]

    def add(self, arm: str, seeds: Sequence[int], figures: Figures, seconds: float) -> None:
        """Keeps a measured chunk; ResultError where the disk is full."""
        known, before = self._read[arm]
        for index, seed in enumerate(seeds):
            known[seed] = figures.seed(index)
        self._read[arm] = (known, before + seconds)
        if not is_first_process():
            return
        body = {str(seed): {"figures": _plain(one.values), "curves": _plain(one.curves)} for seed, one in known.items()}
        write_atomically(
            self._paths[arm], json.dumps({"seconds": before + seconds, "seeds": body, "checksum": _digest(body)})
        )

    def figures(self, arm: str, seeds: Sequence[int]) -> Figures:
        """One number a seed; KeyError where a seed is missing."""
        known = self._read[arm][0]
        return Figures.of_seeds([known[seed] for seed in seeds])

    def seconds(self) -> float:
        """Time spent on measuring, over all arms and earlier runs."""
        return sum(seconds for _, seconds in self._read.values())

    def clear(self) -> None:
        """Forgets everything, once the result is written."""
        for path in self._paths.values():
            with contextlib.suppress(OSError):
                path.unlink()
        self._read = {arm: ({}, 0.0) for arm in self._paths}

    def _load(self, path: Path) -> tuple[dict[int, Figures], float]:
        try:
            body = json.loads(path.read_text(encoding="utf-8"))
            if body["checksum"] != _digest(body["seeds"]):
                return {}, 0.0
            found = {int(seed): _read(row) for seed, row in body["seeds"].items()}
            return {seed: one for seed, one in found.items() if self._whole(one)}, float(body["seconds"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return {}, 0.0  # absent or broken: a cache is measured again

    def _whole(self, one: Figures) -> bool:
        points = {name: set(curve) for name, curve in one.curves.items()}
        return one.values.keys() == self._metrics and points == self._points


def _plain(value: Any) -> Any:
    """The numbers of one seed as JSON has them."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    (one,) = value
    return one if math.isfinite(one) else None


def _read(row: Any) -> Figures:
    def number(value: Any) -> list[float]:
        return [math.nan if value is None else float(value)]

    return Figures(
        {name: number(value) for name, value in row["figures"].items()},
        {name: {float(at): number(one) for at, one in curve.items()} for name, curve in row["curves"].items()},
    )


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
