"""How often an interval of a few seeds holds the true mean, at the levels that the book's claims are judged at.

    python benchmarks/coverage.py --out benchmarks/coverage.json

Student's interval, which decides, and the two methods that have a second say. Samples of normal numbers, for which
Student's is exact; of exponential ones, whose skew is more than most differences of seeds show; of numbers on two
heaps; and of runs of which one in ten fails, which few seeds may not show at all. Levels below 95 % do not occur: Holm
widens where a claim has cases.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from report import write

from cnnbook.evidence.opinions import bootstrap_interval, wilcoxon_interval
from cnnbook.evidence.statistics import student

LEVELS = (0.95, 0.975, 0.9875, 0.99, 0.9917, 0.9938, 0.995)
Numbers = Callable[[np.random.Generator, tuple[int, int]], np.ndarray]
KINDS: dict[str, Numbers] = {  # each of true mean 0
    "normal": lambda rng, shape: rng.standard_normal(shape),
    "skewed": lambda rng, shape: rng.standard_exponential(shape) - 1,
    "bimodal": lambda rng, shape: rng.choice([-1.0, 1.0], shape) + 0.3 * rng.standard_normal(shape),
    "failing": lambda rng, shape: 0.5 - 5 * (rng.random(shape) < 0.1) + 0.3 * rng.standard_normal(shape),
}


def covered(kind: str, seeds: int, samples: int, second: int, rng: np.random.Generator) -> Iterator[dict[str, object]]:
    """The share of samples, each of ``seeds`` numbers, whose interval holds the true mean, level by level.

    Args:
        samples: on which Student's interval is measured.
        second: the first so many, on which the slower methods are; a sample that has no interval is none of them.
    """
    drawn = KINDS[kind](rng, (samples, seeds))
    for level in LEVELS:
        low, high = student(drawn, level)
        row: dict[str, object] = {"numbers": kind, "seeds": seeds, "level": level, "student": share(low, high)}
        for name, method in (("bootstrap", bootstrap_interval), ("wilcoxon", wilcoxon_interval)):
            ends = [found for one in drawn[:second] if (found := method(one, level))]
            row[name] = share(*np.transpose(ends)) if ends else None
        yield row


def share(low: np.ndarray, high: np.ndarray) -> float:
    """The share of intervals that hold 0, to five digits."""
    return round(float(np.mean((low <= 0) & (high >= 0))), 5)


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/coverage.json"))
    parser.add_argument("--samples", type=int, default=100_000)
    parser.add_argument("--second", type=int, default=200)
    args = parser.parse_args()
    rng = np.random.default_rng(514)
    rows = [row for kind in KINDS for seeds in (10, 5) for row in covered(kind, seeds, args.samples, args.second, rng)]
    print(*rows, sep="\n")
    write(args.out, "coverage", rows, {"samples": args.samples, "second": args.second})


if __name__ == "__main__":
    main()
