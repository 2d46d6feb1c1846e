"""Every verdict of the book computed again, from the raw figures of results/ and the rules as the files have them.

By another way than the package takes: not by intervals that are widened but by p-values that are adjusted, from numpy
and the distribution of t alone. It knows nothing of the package but the verdicts that it is held against.
"""

import json
import re
import tomllib
from functools import cache

import numpy as np
import pytest
from scipy.stats import t

from looked import evidence_of
from manuscript import ROOT

ALPHA = 0.05


def declared() -> dict[str, dict]:
    """The claims that an experiment decides, as their files have them."""
    files = sorted((ROOT / "src/cnnbook/evidence/claims").rglob("*.toml"))
    rows = [row for file in files for row in tomllib.loads(file.read_text("utf-8")).get("claim", [])]
    return {row["id"]: row for row in rows if "rule" in row}


CLAIMS = declared()


@cache
def raw(experiment: str) -> dict:
    return json.loads((ROOT / f"results/{experiment}.json").read_text("utf-8"))


def figures(result: dict, arms: str, look: dict) -> np.ndarray:
    """One number a seed, of an arm or of a sum of arms; NaN where it diverged."""
    total, sign = 0.0, 1
    for word in re.split(r" ([+-]) ", arms):
        if word in "+-":
            sign = 1 if word == "+" else -1
            continue
        if "at" in look:
            points = result["curves"][word][look["metric"]]
            values = next(values for at, values in points.items() if float(at) == look["at"])
        else:
            values = result["figures"][word][look["metric"]]
        total = total + sign * np.array(values, dtype=float)
    return total


def parts(result: dict, look: dict, kept: np.ndarray) -> list[np.ndarray]:
    """Which of the seeds that are kept were tested on the same; each alone, where seeds take no turns."""
    arm = re.split(r" [+-] ", look["treatment"])[0]
    turns = result.get("turns", {}).get(arm, {}).get(look["metric"])
    seeds = np.array(result["seeds"])[kept]
    part = seeds % turns if turns else np.arange(len(seeds))
    return [part == one for one in np.unique(part)]


def above(values: np.ndarray, border: float) -> float:
    """The two-sided p-value of a mean that is not above a border; 1 or more where it is below."""
    mean, error = values.mean(), values.std(ddof=1) / np.sqrt(len(values))
    if np.ptp(values) <= 1e-12 * max(1, abs(values).max()):
        return 0.0 if mean >= border else 2.0
    return float(2 * t.sf((mean - border) / error, len(values) - 1))


def two(result: dict, look: dict) -> tuple[float, float]:
    """The p-values at which a look holds, and at which it is refuted; above 1, never."""
    treatment, baseline = (figures(result, look[side], look) for side in ("treatment", "baseline"))
    sign = 1 if result["metrics"][look["metric"]]["direction"] == "higher" else -1
    both = np.concatenate([treatment, baseline])
    kept = np.isfinite(treatment) & np.isfinite(baseline)
    if kept.sum() < 2:
        return 2.0, 2.0
    worst = np.nanmin(sign * both) * sign
    filled = np.nan_to_num(treatment, nan=worst) - np.nan_to_num(baseline, nan=worst)
    found = []
    for values, there in (((treatment - baseline)[kept], kept), (filled, np.ones_like(kept))):
        each = np.array([values[same].mean() for same in parts(result, look, there)])
        found.append(regions(sign * each, look))
    return tuple(max(p) for p in zip(*found, strict=True))  # it must be so both ways


def regions(gain: np.ndarray, look: dict) -> tuple[float, float]:
    least = look["smallest_effect"]
    better, not_better = above(gain, least), above(-gain, -least)
    worse, not_worse = above(-gain, least), above(gain, -least)
    same, different = max(not_better, not_worse), min(better, worse)
    return {
        "better": (better, not_better), "not better": (not_better, better), "worse": (worse, not_worse),
        "not worse": (not_worse, worse), "same": (same, different), "different": (different, same),
    }[look["expect"]]  # fmt: skip


def adjusted(p: list[float]) -> list[float]:
    """Holm's adjusted p-values."""
    order, highest, found = np.argsort(p), 0.0, [0.0] * len(p)
    for rank, index in enumerate(order):
        highest = max(highest, (len(p) - rank) * p[index])
        found[index] = highest
    return found


def decided(result: dict, rule: dict) -> tuple[float, float]:
    """The p-values of a rule without cases: all parts must hold, or one, and any one, be refuted."""
    if "all" not in rule:
        return two(result, rule)
    parts = [two(result, part) for part in rule["all"]]
    holm = adjusted([min(part) for part in parts])
    return max(holds for holds, _ in parts), min(
        (p for p, (holds, refuted) in zip(holm, parts, strict=True) if refuted < holds), default=2.0
    )


def verdict(result: dict, rule: dict) -> str:
    cases = [decided(result, case) for case in rule.get("cases", [rule])]
    said = {
        "open" if p > ALPHA else "holds" if holds <= refuted else "refuted"
        for p, (holds, refuted) in zip(adjusted([min(case) for case in cases]), cases, strict=True)
    }
    return {
        ("holds",): "holds", ("refuted",): "refuted", ("open",): "inconclusive",
        ("holds", "open"): "holds-in-part", ("open", "refuted"): "refuted-in-part",
    }.get(tuple(sorted(said)), "conditional")  # fmt: skip


@pytest.mark.parametrize("name", CLAIMS)
def test_a_verdict_is_what_its_raw_figures_give(name):
    one = CLAIMS[name]
    assert verdict(raw(one["experiment"]), one["rule"]) == str(evidence_of(name).verdict)


def test_all_verdicts_occur():
    found = {verdict(raw(one["experiment"]), one["rule"]) for one in CLAIMS.values()}
    assert found == {"holds", "refuted", "inconclusive", "conditional", "holds-in-part", "refuted-in-part"}
