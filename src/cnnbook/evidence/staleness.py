"""Whether a result was made by today's code."""

from __future__ import annotations

from cnnbook.evidence.codehash import code_hash, module_hashes
from cnnbook.evidence.errors import StaleResult
from cnnbook.evidence.experiment import Experiment
from cnnbook.evidence.paths import result_path, shown
from cnnbook.evidence.results import Result, recorded


def refresh_command(name: str) -> str:
    """The command that makes or refreshes a result.

    Examples:
        >>> refresh_command("generalisation/dropout")
        'cnnbook run generalisation/dropout'
    """
    return f"cnnbook run {name}"


def stale_reason(experiment: Experiment, result: Result) -> str | None:
    """Why a result is no evidence for today's code, or None where it is.

    It is stale where a module that the experiment imports has changed since (the reason names the first three), where
    arms, metrics or baseline differ from the declaration, where it has fewer seeds than declared, and where it was a
    quick run.
    """
    if result.quick:
        return "it was made by a quick run"
    today = module_hashes(experiment.module)
    if result.code.hash != code_hash(today):
        names = today.keys() | result.code.modules.keys()
        changed = sorted(name for name in names if today.get(name) != result.code.modules.get(name))
        what = ", ".join(changed[:3]) or "the record of its modules"
        what += f" and {len(changed) - 3} more" if len(changed) > 3 else ""
        return f"it was made by other code than today's (changed since: {what})"
    if dict(result.configuration) != experiment.configuration():
        return "its arms are configured otherwise than declared today"
    if (result.metrics, result.axes) != recorded(experiment) or result.baseline != experiment.baseline:
        return "its metrics or baseline differ from those declared today"
    points = {curve.metric.name: set(curve.points) for curve in experiment.curves}
    if points != {name: set(found) for name, found in result.curves.get(result.baseline, {}).items()}:
        return "the points of its curves differ from those declared today"
    if len(result.seeds) < experiment.seeds:
        return f"it has {len(result.seeds)} seeds where {experiment.seeds} are declared"
    return None


def require_fresh(experiment: Experiment, result: Result) -> None:
    """Stops where a result is stale.

    Raises:
        StaleResult: says why, and names the command that refreshes it.
    """
    reason = stale_reason(experiment, result)
    if reason:
        path = shown(result_path(experiment.name))
        raise StaleResult(f"{path} is stale: {reason}. Refresh it with: {refresh_command(experiment.name)}")
