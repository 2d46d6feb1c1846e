"""The figures of an experiment as a file that is either whole or the old one.

``results/NAME.json`` holds every figure of every arm and seed with what made it. A diverged seed is ``null``. The
file is written beside its place, flushed to the disk and moved over the old one in a single step, so that an
interrupted or failed write leaves the old result as it was. A checksum over figures and curves catches a number that
was edited by hand.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from msgspec import Meta, Struct, to_builtins

from cnnbook.evidence.agreement import broken
from cnnbook.evidence.errors import MissingResult, ResultError
from cnnbook.evidence.experiment import Experiment
from cnnbook.evidence.metrics import Direction
from cnnbook.evidence.paths import found_result, shown
from cnnbook.evidence.statistics import Difference, Summary, paired_difference, summary
from cnnbook.evidence.sums import summed, terms
from cnnbook.evidence.typed import typed
from cnnbook.figures import Figures
from cnnbook.files import write_whole

FORMAT = "cnnbook-result-2"
OLDER = ("cnnbook-result-1",)

Word = Annotated[str, Meta(min_length=1)]
Seeds = tuple[float, ...]  # one number a seed, in the order of `Result.seeds`; NaN where the seed diverged


class MetricRecord(Struct, frozen=True, forbid_unknown_fields=True):
    """What a result's numbers of a metric are; another unit or scale makes it stale."""

    direction: Direction
    unit: str
    scale: float

    @property
    def sign(self) -> int:
        """+1 where higher is better, −1 where lower is."""
        return 1 if self.direction == "higher" else -1


class AxisRecord(Struct, frozen=True, forbid_unknown_fields=True):
    """What the points of a metric's curve are."""

    name: Word
    unit: str


class Code(Struct, frozen=True, forbid_unknown_fields=True):
    """The code that made a result.

    Attributes:
        arms: arm → hash of what its figures depend on.
        modules: module → hash of what is used of it, to say where something has changed.
    """

    arms: dict[str, Word]
    modules: dict[str, Word]


class Result(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a run measured, and what made it, as the file holds it.

    Attributes:
        metrics: of figures and of curves.
        axes: metric → what the points of its curve are.
        figures: arm → metric → one number a seed.
        curves: arm → metric → point → one number a seed.
        turns: arm → metric → how many test parts the seeds take in turn, see `Experiment`.
        configuration: arm → configuration as plain values.
        options: accelerator, devices, precision and so on, as they were asked for.
        quick: True where the run was shortened; such a result is no evidence.
        seconds: wall time of the measuring, parts that were taken up again included.
        probe: arm → the figures of a quick try of the first seed, by which `cnnbook.evidence.restamp` tells whether
            changed code still measures the same; empty for a quick run.
    """

    experiment: Word
    seeds: Annotated[tuple[int, ...], Meta(min_length=2)]
    baseline: Word
    metrics: dict[str, MetricRecord]
    axes: dict[str, AxisRecord] = {}
    figures: dict[str, dict[str, Seeds]]
    curves: dict[str, dict[str, dict[float, Seeds]]] = {}
    turns: dict[str, dict[str, Annotated[int, Meta(ge=2)]]] = {}
    configuration: dict[str, Any]
    options: dict[str, Any]
    quick: bool
    versions: dict[str, str]
    device: Word
    seconds: Annotated[float, Meta(ge=0)]
    code: Code
    probe: dict[str, Seeds] = {}

    def metric(self, name: str) -> MetricRecord:
        """What is recorded of a metric."""
        return self.metrics[name]

    def of(self, arm: str, metric: str, at: float | None = None) -> Seeds:
        """One number a seed: a figure, or a point of its curve; KeyError where there is none."""
        return self.figures[arm][metric] if at is None else self.curves[arm][metric][at]

    def measured(self, arm: str) -> Figures:
        """All of an arm."""
        curves = self.curves.get(arm, {}).items()
        return Figures(
            {name: list(row) for name, row in self.figures[arm].items()},
            {name: {at: list(row) for at, row in points.items()} for name, points in curves},
        )

    def values(self, arm: str, metric: str, at: float | None = None) -> Seeds:
        """Like `of`, of an arm or of a sum of arms (see `cnnbook.evidence.sums`)."""
        return summed(arm, lambda one: self.of(one, metric, at))

    def parts(self, arm: str, metric: str) -> tuple[int, ...]:
        """What each seed was tested on, where seeds take turns; of a sum of arms, what its first was."""
        turns = self.turns.get(terms(arm)[0][1], {}).get(metric)
        return tuple(seed % turns for seed in self.seeds) if turns else ()

    def difference(self, treatment: str, baseline: str, metric: str, at: float | None = None) -> Difference:
        """Two arms, or sums of arms, paired."""
        both = (self.values(arm, metric, at) for arm in (treatment, baseline))
        return paired_difference(*both, self.metric(metric).sign, self.parts(treatment, metric))

    def summary(self, arm: str, metric: str, at: float | None = None) -> Summary:
        """An arm in short."""
        return summary(self.of(arm, metric, at), parts=self.parts(arm, metric))

    def to_json(self) -> dict[str, Any]:
        """The result as its file holds it."""
        body = to_builtins(self, str_keys=False) | {"seconds": round(self.seconds, 3)}
        if not self.turns:
            del body["turns"]
        numbers = {"figures": _written(self.figures), "curves": _written(self.curves), "probe": _written(self.probe)}
        return {"format": FORMAT} | body | numbers | {"checksum": _checksum(numbers)}


def recorded(experiment: Experiment) -> tuple[dict[str, MetricRecord], dict[str, AxisRecord]]:
    """What a result says of the metrics of an experiment and of the axes of its curves."""
    metrics = {
        name: MetricRecord(one.direction, one.unit, float(one.scale)) for name, one in experiment.measured.items()
    }
    return metrics, {one.metric.name: AxisRecord(one.axis.name, one.axis.unit) for one in experiment.curves}


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
    except (OSError, ValueError, RecursionError) as error:
        raise ResultError(f"{shown(path)} is not a JSON file ({error}). Make it again with: {refresh}") from error
    got = body.pop("format", None) if isinstance(body, dict) else type(body).__name__
    if got != FORMAT:
        what = (
            f"an older cnnbook wrote it. Make it again with: {refresh}"
            if got in OLDER
            else "this is no result of cnnbook"
        )
        raise ResultError(f"{shown(path)}: format must be {FORMAT!r}, got {got!r}; {what}")
    try:
        return _checked(body, experiment)
    except (ValueError, RecursionError) as error:  # the latter of tables in tables, hundreds deep
        raise ResultError(f"{shown(path)}: {error}. Make it again with: {refresh}") from None


def load_result(experiment: str, results: Path | None = None) -> Result:
    """The result of an experiment, yours or the committed one; raises as `read_result` does."""
    return read_result(found_result(experiment, results), experiment)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number; a diverged seed is null")


def _checked(body: dict[str, Any], experiment: str | None) -> Result:
    if (checksum := body.pop("checksum", None)) is None:
        raise ValueError("checksum is missing")
    numbers = {key: body.get(key, {}) for key in ("figures", "curves", "probe")}
    result = typed(body | {key: _nan(value) for key, value in numbers.items() if key in body}, Result)
    for rule, value in broken(result, experiment):
        raise ValueError(f"{rule}, got {value!r}")
    if checksum != (right := _checksum(numbers)):
        raise ValueError(
            f"checksum must be that of figures, curves and probe, {right!r}, got {checksum!r} (edited by hand?)"
        )
    return result


def _nan(value: Any) -> Any:
    """Numbers as they are computed with: null is NaN."""
    if isinstance(value, dict):
        return {key: _nan(one) for key, one in value.items()}
    if isinstance(value, list):
        return [math.nan if one is None else one for one in value]
    return value


def _written(value: Any) -> Any:
    """Numbers as the file holds them: NaN is null, a point a string, whole where it is."""
    if isinstance(value, Mapping):
        return {str(key).removesuffix(".0"): _written(one) for key, one in value.items()}
    return [one if math.isfinite(one) else None for one in value]


def _checksum(numbers: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(numbers, sort_keys=True).encode()).hexdigest()[:16]
