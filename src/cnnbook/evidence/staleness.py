"""Whether a result, or which of its arms, is still what today's code would measure."""

from __future__ import annotations

from cnnbook.evidence.armcode import experiment_definitions, union
from cnnbook.evidence.codehash import by_module, code_hash
from cnnbook.evidence.experiment import Experiment
from cnnbook.evidence.paths import found_result, shown
from cnnbook.evidence.results import Result, recorded


def refresh_command(name: str) -> str:
    """The command that makes or refreshes a result.

    Examples:
        >>> refresh_command("generalisation/dropout")
        'cnnbook run generalisation/dropout'
    """
    return f"cnnbook run {name}"


def standing_arms(experiment: Experiment, result: Result) -> set[str]:
    """The arms of a result whose figures today's code would measure again: same code, same configuration.

    None where the result was a quick run or has other metrics than declared.
    """
    if result.quick or not same_metrics(experiment, result):
        return set()
    configuration, found = experiment.configuration(), experiment_definitions(experiment)
    return {
        arm
        for arm in experiment.arms
        if arm in result.figures
        and result.configuration[arm] == configuration[arm]
        and result.code.arms.get(arm) == code_hash(found[arm])
    }


def stale_reason(experiment: Experiment, result: Result) -> str | None:
    """Why a result is no evidence for today's code, or None where it is.

    It is stale where code that an arm's figures depend on has changed since (the reason names the first three modules),
    where arms, metrics or baseline differ from the declaration, where it has fewer seeds than declared, and where it
    was a quick run.
    """
    if result.quick:
        return "it was made by a quick run"
    arms = experiment_definitions(experiment)
    common = [arm for arm in arms if arm in result.code.arms]
    if any(result.code.arms[arm] != code_hash(arms[arm]) for arm in common):
        today = by_module(union(arms))
        names = today.keys() | result.code.modules.keys()
        changed = sorted(name for name in names if today.get(name) != result.code.modules.get(name))
        what = ", ".join(changed[:3]) or "the record of its modules"
        what += f" and {len(changed) - 3} more" if len(changed) > 3 else ""
        return f"it was made by other code than today's (changed since: {what})"
    if new := [arm for arm in arms if arm not in result.figures]:
        return f"it has no figures of {', '.join(map(repr, new))}"
    if gone := [arm for arm in result.figures if arm not in arms]:
        return f"it has figures of {', '.join(map(repr, gone))}, declared no longer"
    configuration = experiment.configuration()
    if other := [arm for arm in arms if result.configuration[arm] != configuration[arm]]:
        return f"{', '.join(map(repr, other))} are configured otherwise than declared today"
    if not same_metrics(experiment, result) or result.baseline != experiment.baseline:
        return "its metrics, the points of its curves or its baseline differ from those declared today"
    if result.turns != experiment.turns:
        return "its seeds take turns otherwise than declared today"
    if len(result.seeds) < experiment.seeds:
        return f"it has {len(result.seeds)} seeds where {experiment.seeds} are declared"
    return None


def same_metrics(experiment: Experiment, result: Result) -> bool:
    """Whether a result has the metrics and the points of curves that are declared, in the same units."""
    points = {curve.metric.name: set(curve.points) for curve in experiment.curves}
    there = {name: set(found) for name, found in result.curves.get(result.baseline, {}).items()}
    return (result.metrics, result.axes) == recorded(experiment) and points == there


def stale_words(experiment: Experiment, reason: str) -> str:
    """What is said of a stale result: which, why, and the command that refreshes it."""
    path = shown(found_result(experiment.name))
    return f"{path} is stale: {reason}. Refresh it with: {refresh_command(experiment.name)}"
