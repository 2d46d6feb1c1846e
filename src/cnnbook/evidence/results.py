"""The figures of an experiment as a file that is either whole or the old one.

``results/NAME.json`` holds every figure of every arm and seed with what made it. A diverged seed is ``null``. The
file is written beside its place, flushed to the disk and moved over the old one in a single step, so that an
interrupted or failed write leaves the old result as it was. A checksum over the figures catches a number that was
edited by hand.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cnnbook.evidence.errors import MissingResult, ResultError
from cnnbook.evidence.experiment import Metric
from cnnbook.evidence.paths import result_path, shown
from cnnbook.evidence.schema import RESULT, complaint
from cnnbook.evidence.sums import figures_of
from cnnbook.files import write_whole

FORMAT = "cnnbook-result-1"


@dataclass(frozen=True)
class Result:
    """What a run measured, and what made it.

    Attributes:
        figures: arm → metric → one number a seed, in the order of ``seeds``; NaN where the seed diverged.
        configuration: arm → configuration as plain values.
        options: accelerator, devices, precision and so on, as they were asked for.
        quick: True where the run was shortened; such a result is no evidence.
        seconds: wall time of the measuring, parts that were taken up again included.
        code: arm → hash of the code that its figures depend on.
        modules: module → hash of what is used of it, to say where something has changed.
        probe: arm → the figures of a quick try of the first seed, by which `cnnbook.evidence.restamp` tells whether
            changed code still measures the same; empty for a quick run.
    """

    experiment: str
    seeds: tuple[int, ...]
    baseline: str
    metrics: Mapping[str, Metric]
    figures: Mapping[str, Mapping[str, tuple[float, ...]]]
    configuration: Mapping[str, Any]
    options: Mapping[str, Any]
    quick: bool
    versions: Mapping[str, str]
    device: str
    seconds: float
    code: Mapping[str, str]
    modules: Mapping[str, str]
    probe: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    def metric(self, name: str) -> Metric:
        """The metric of this name."""
        return self.metrics[name]

    def values(self, arm: str, metric: str) -> tuple[float, ...]:
        """One number a seed, of an arm or of a sum of arms (see `cnnbook.evidence.sums`)."""
        return figures_of(self.figures, arm, metric)

    def to_json(self) -> dict[str, Any]:
        """The result as its file holds it."""
        figures = {
            arm: {
                metric: [value if math.isfinite(value) else None for value in values] for metric, values in row.items()
            }
            for arm, row in self.figures.items()
        }
        return {
            "format": FORMAT,
            "experiment": self.experiment,
            "seeds": list(self.seeds),
            "baseline": self.baseline,
            "metrics": {name: {"direction": one.direction, "unit": one.unit} for name, one in self.metrics.items()},
            "figures": figures,
            "configuration": dict(self.configuration),
            "options": dict(self.options),
            "quick": self.quick,
            "versions": dict(self.versions),
            "device": self.device,
            "seconds": round(self.seconds, 3),
            "code": {"arms": dict(self.code), "modules": dict(self.modules)},
            "probe": {arm: [v if math.isfinite(v) else None for v in row] for arm, row in self.probe.items()},
            "checksum": _checksum(figures),
        }


def write_result(result: Result, path: Path) -> Path:
    """Puts a result in its place in one step.

    Raises:
        ResultError: the disk is full or the folder cannot be written; an old file stays whole.
    """
    write_atomically(path, json.dumps(result.to_json(), indent=1, ensure_ascii=False, allow_nan=False) + "\n")
    return path


def write_atomically(path: Path, text: str) -> None:
    """Writes a text file so that ``path`` is at every moment either the old file or the new one."""
    try:
        write_whole(path, text)
    except OSError as error:
        kept = "the file that was there is whole" if path.exists() else "nothing was written"
        raise ResultError(f"{shown(path)} could not be written: {error.strerror or error}; {kept}") from error


def read_result(path: Path, experiment: str | None = None) -> Result:
    """A result from its file.

    Args:
        path: the file.
        experiment: the name it must carry, if that is known.

    Raises:
        MissingResult: there is no file; the message names the command that makes it.
        ResultError: the file is broken or foreign; the message names file, rule and value.
    """
    refresh = f"cnnbook run {experiment or '<name>'}"
    try:
        body = json.loads(path.read_text(encoding="utf-8"), parse_constant=_no_constant)
    except FileNotFoundError:
        raise MissingResult(f"{shown(path)} is missing. Make it with: {refresh}") from None
    except (OSError, ValueError) as error:
        raise ResultError(f"{shown(path)} is not a JSON file ({error}). Make it again with: {refresh}") from error
    if not isinstance(body, dict) or body.get("format") != FORMAT:
        got = body.get("format") if isinstance(body, dict) else type(body).__name__
        raise ResultError(f"{shown(path)}: format must be {FORMAT!r}, got {got!r}; this is no result of cnnbook")
    broken = complaint(body, RESULT) or _disagreement(body, experiment)
    if broken:
        raise ResultError(f"{shown(path)}: {broken}. Make it again with: {refresh}")
    return _from_json(body)


def load_result(experiment: str, results: Path | None = None) -> Result:
    """The committed result of an experiment; raises as `read_result` does."""
    return read_result(result_path(experiment, results), experiment)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number; a diverged seed is null")


def _disagreement(body: dict[str, Any], experiment: str | None) -> str | None:
    if experiment is not None and body["experiment"] != experiment:
        return f"experiment must be {experiment!r}, got {body['experiment']!r}"
    if body["baseline"] not in body["figures"]:
        return f"baseline must be one of the arms {list(body['figures'])}, got {body['baseline']!r}"
    for key, arms in (("configuration", body["configuration"]), ("code.arms", body["code"]["arms"])):
        if set(arms) != set(body["figures"]):
            return f"{key} must have the arms {list(body['figures'])}, got {list(arms)}"
    for arm, row in body["figures"].items():
        if set(row) != set(body["metrics"]):
            return f"figures.{arm} must have the metrics {list(body['metrics'])}, got {list(row)}"
        for metric, values in row.items():
            if len(values) != len(body["seeds"]):
                seeds = len(body["seeds"])
                return f"figures.{arm}.{metric} must have one number for each of {seeds} seeds, got {len(values)}"
    if body["checksum"] != (right := _checksum(body["figures"])):
        return f"checksum must be that of the figures, {right!r}, got {body['checksum']!r} (edited by hand?)"
    return None


def _from_json(body: dict[str, Any]) -> Result:
    figures = {
        arm: {
            metric: tuple(math.nan if one is None else float(one) for one in values) for metric, values in row.items()
        }
        for arm, row in body["figures"].items()
    }
    return Result(
        experiment=body["experiment"],
        seeds=tuple(body["seeds"]),
        baseline=body["baseline"],
        metrics={name: Metric(name, **one) for name, one in body["metrics"].items()},
        figures=figures,
        configuration=body["configuration"],
        options=body["options"],
        quick=body["quick"],
        versions=body["versions"],
        device=body["device"],
        seconds=body["seconds"],
        code=body["code"]["arms"],
        modules=body["code"]["modules"],
        probe={
            arm: tuple(math.nan if one is None else float(one) for one in values)
            for arm, values in body["probe"].items()
        },
    )


def _checksum(figures: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(figures, sort_keys=True).encode()).hexdigest()[:16]
