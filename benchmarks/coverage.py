"""How often a 95 % interval of a few seeds holds the true mean: the book's bootstrap interval, and Student's.

    python benchmarks/coverage.py --out benchmarks/coverage.json

Samples of normal numbers and of exponential ones, whose skew is more than any difference of seeds has shown. Student's
interval is exact for the former.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from report import write
from scipy import stats

from cnnbook.evidence.statistics import interval


def covered(kind: str, seeds: int, samples: int, generator: np.random.Generator) -> dict[str, object]:
    """The share of samples, each of ``seeds`` numbers with true mean 0, whose interval holds 0."""
    drawn = {"normal": generator.standard_normal, "skewed": generator.standard_exponential}[kind]((samples, seeds))
    drawn -= {"normal": 0.0, "skewed": 1.0}[kind]
    low, high = stats.t.interval(0.95, seeds - 1, drawn.mean(axis=1), stats.sem(drawn, axis=1))
    return {
        "numbers": kind,
        "seeds": seeds,
        "bootstrap": float(np.mean([low <= 0 <= high for low, high in map(interval, drawn)])),
        "student": float(np.mean((low <= 0) & (high >= 0))),
    }


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/coverage.json"))
    parser.add_argument("--samples", type=int, default=2000)
    args = parser.parse_args()
    generator = np.random.default_rng(514)
    rows = [covered(kind, seeds, args.samples, generator) for kind in ("normal", "skewed") for seeds in (5, 10, 20)]
    print(*rows, sep="\n")
    write(args.out, "coverage", rows, {"samples": args.samples, "confidence": 0.95})


if __name__ == "__main__":
    main()
