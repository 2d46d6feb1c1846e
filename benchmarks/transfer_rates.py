"""How the learning rates and the strengths of the penalty of the map of what transfers were chosen.

    python benchmarks/transfer_rates.py --out benchmarks/transfer_rates.json     # about a quarter of an hour, two cores

On seeds that the map does not use, on validation examples that are drawn from the training part, each cell's baseline
is trained at every rate, then with every strength of the L2 penalty at the rate that was best; the best is the highest
mean accuracy. Then it is trained for twice as long, to see what the budget leaves undone. The test part is not looked
at. Of 60,000 garments 5,000 are validation.
"""

from __future__ import annotations

import argparse
import statistics
from dataclasses import replace
from pathlib import Path
from typing import Any

import joblib
from report import write

from cnnbook.experiments.generalisation import transfer
from cnnbook.experiments.generalisation._settings import SETTINGS
from cnnbook.generalisation.weight_penalty import l2_penalty
from cnnbook.training.config import Optimizer, TrainConfig
from cnnbook.training.methods import Methods
from cnnbook.training.runs import run

RATES, STRENGTHS, SEEDS = (3e-4, 1e-3, 3e-3, 1e-2), (1e-4, 1e-3, 1e-2), (100, 101)
CPU = {"accelerator": "cpu", "devices": 1}


def tuned(name: str, network: str) -> list[dict[str, Any]]:
    """Every run of one cell, in the order in which they were made."""
    setting = SETTINGS[name]
    n_val = {"garments_60000": 5000, "reviews_zh": 400, "reviews_en": 400}.get(name, 500)
    base = transfer.baseline(setting, getattr(setting, network))
    base = replace(base, n_val=n_val, n_train=55000 if name == "garments_60000" else setting.examples)
    rows: list[dict[str, Any]] = []

    def tried(config: TrainConfig, what: str, value: float) -> float:
        alone = [run(config, [seed], CPU, stacked=False, thread_count=1) for seed in SEEDS]
        accuracy = [round(100 * one["val_accuracy"][0], 2) for one in alone]
        rows.append({"cell": name, "network": network, "tried": what, "value": value, "val_accuracy": accuracy})
        print(rows[-1], flush=True)
        return statistics.mean(accuracy)

    def at(rate: float) -> TrainConfig:
        return replace(base, optimizer=Optimizer("adam", lr=rate))

    best = max(RATES, key=lambda rate: tried(at(rate), "rate", rate))
    for strength in STRENGTHS:
        penalty = Methods(penalty=l2_penalty, penalty_options={"strength": strength})
        tried(replace(at(best), methods=penalty), "penalty", strength)
    tried(replace(at(best), steps=2 * setting.steps), "steps", 2 * setting.steps)
    return rows


def main() -> None:
    """Try every cell that a CPU can, print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/transfer_rates.json"))
    args = parser.parse_args()
    cells = [(name, network) for network in ("book", "larger") for name in SETTINGS]
    cells.remove(("garments_60000", "larger"))  # hours on a CPU: it takes the rate of 5,000 garments
    found = joblib.Parallel(n_jobs=2)(joblib.delayed(tuned)(*cell) for cell in cells)
    rows = [row for rows in found for row in rows]
    settings = {"rates": list(RATES), "strengths": list(STRENGTHS), "seeds": list(SEEDS)}
    write(args.out, "transfer_rates", rows, settings)


if __name__ == "__main__":
    main()
