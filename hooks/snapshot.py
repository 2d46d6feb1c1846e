"""All that pages can say of the evidence, as one JSON file: claims, their errors, and the experiments with statistics.

It is written by a process of its own (`python hooks/snapshot.py FILE`), which imports what the experiments import, and
kept under .cache by the hash of all that it is made from: code, claims, results, and the tests that decide proofs.
"""

import hashlib
import json
import subprocess
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
KEPT = ROOT / ".cache/evidence"
sys.path.insert(0, str(ROOT / "hooks"))
from files import write_whole  # noqa: E402


def sources() -> list[Path]:
    found = [Path(__file__)]
    for folder in ("src", "results", "tests"):
        found += (path for path in (ROOT / folder).rglob("*") if path.suffix not in (".pyc", ".part"))
    return sorted(path for path in found if path.is_file() and ".egg-info" not in str(path))


def key() -> str:
    """The hash of everything that a snapshot depends on."""
    digest = hashlib.sha256()
    for path in sources():
        digest.update(path.relative_to(ROOT).as_posix().encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


@cache
def snapshot() -> dict:
    """Today's snapshot, read once a build: `on_config` of evidence.py forgets it."""
    path = KEPT / f"{key()}.json"
    if not path.exists():
        done = subprocess.run([sys.executable, __file__, str(path)], capture_output=True, text=True, encoding="utf-8")
        if done.returncode:
            raise RuntimeError(f"the evidence cannot be read:\n{done.stderr}")
        for old in KEPT.glob("*.json"):
            if old != path:
                old.unlink(missing_ok=True)
    return json.loads(path.read_text("utf-8"))


def made() -> dict:
    """The snapshot, made anew. What is wrong with a claim or an experiment stands in its place, for whoever asks."""
    from cnnbook.evidence import registry
    from cnnbook.evidence.claims import read_claims
    from cnnbook.evidence.errors import EvidenceError
    from cnnbook.evidence.lookup import evidence_of
    from cnnbook.evidence.results import load_result
    from cnnbook.evidence.staleness import require_fresh

    claims, experiments = {}, {}
    for claim in read_claims().values():
        body = {"id": claim.id, "topic": claim.topic}
        try:
            body |= evidence_of(claim).to_json()
        except EvidenceError as error:
            body["error"] = str(error)
        claims[claim.id] = body
    for name, experiment in registry.everything().items():
        try:
            result = load_result(name)
            require_fresh(experiment, result)
            experiments[name] = _experiment(experiment, result)
        except EvidenceError as error:
            experiments[name] = {"error": str(error)}
    return {"claims": claims, "experiments": experiments}


def _experiment(experiment, result) -> dict:
    from dataclasses import asdict

    from cnnbook.evidence.statistics import interval, paired_difference, summary

    arms = {
        arm: {metric: {**asdict(summary(values)), "values": values} for metric, values in row.items()}
        for arm, row in result.figures.items()
    }
    differences, compared = [], experiment.compared
    curves = len(compared) < len(experiment.metrics)
    for treatment, baseline in experiment.comparisons:
        for metric in compared:
            found = paired_difference(*(result.values(arm, metric.name) for arm in (treatment, baseline)), metric.sign)
            low, high = interval(found.values) if len(found.values) >= 2 else (None, None)
            row = {"treatment": treatment, "baseline": baseline, "metric": metric.name, "values": found.values}
            differences.append(row | {"mean": found.mean, "low": low, "high": high, "diverged": found.diverged})
    return {
        "question": asdict(experiment.question),
        "budget": asdict(experiment.budget),
        "baseline": experiment.baseline,
        "labels": {arm: asdict(label) for arm, label in experiment.labels.items()},
        "runs": {arm: _run(config) for arm, config in experiment.arms.items() if curves and hasattr(config, "n_train")},
        "metrics": {name: {"unit": one.unit, "direction": one.direction} for name, one in result.metrics.items()},
        "seeds": len(result.seeds),
        "device": result.device,
        "seconds": result.seconds,
        "arms": arms,
        "differences": differences,
    }


def _run(config) -> dict:
    """The configuration of an arm, the steps it takes and those that are an epoch."""
    from dataclasses import asdict

    examples = config.n_train if config.class_counts is None else sum(config.class_counts)
    return {**asdict(config), "total_steps": config.total_steps, "steps_an_epoch": examples / config.batch_size}


def _finite(value):
    """Numbers that are none as null: JSON has no NaN."""
    if isinstance(value, dict):
        return {name: _finite(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(one) for one in value]
    return None if isinstance(value, float) and value - value != 0 else value


if __name__ == "__main__":
    write_whole(Path(sys.argv[1]), json.dumps(_finite(made()), ensure_ascii=False, allow_nan=False))
