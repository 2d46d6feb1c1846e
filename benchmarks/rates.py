"""Whether the rates that the book calls tuned are: a network at a third of its rate, at it, and at three times it.

    python benchmarks/rates.py --out benchmarks/rates.json     # about ten minutes on two cores

On seeds that the experiments do not use, accuracy on validation examples drawn from the training part; the test part is
not looked at. A rate counts as tuned where neither neighbour is better by more than two standard errors of the paired
difference.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from report import write

from cnnbook.evidence import registry
from cnnbook.training.runs import run

TUNED = {  # experiment → the arms whose network has a rate of its own
    "domains/images": ("linear", "mlp", "mlp_large", "cnn"),
    "domains/text": tuple(f"{lang}_{name}" for lang in ("zh", "en") for name in ("bag", "three")),
}
FACTORS, SEEDS, VALIDATION = (1 / 3, 1.0, 3.0), tuple(range(100, 105)), 400
CPU = {"accelerator": "cpu", "devices": 1}


def tried(name: str, arm: str) -> dict[str, Any]:
    """One arm at its rate and at the neighbours."""
    config = replace(registry.load(name).arms[arm], n_val=VALIDATION, curve=())
    accuracy = {}
    for factor in FACTORS:
        rate = round(factor * config.optimizer.lr, 6)
        one = replace(config, optimizer=replace(config.optimizer, lr=rate))
        runs = [run(one, [seed], CPU, stacked=False, thread_count=1) for seed in SEEDS]
        accuracy[rate] = [round(100 * each["val_accuracy"][0], 2) for each in runs]
    rates = list(accuracy)
    own = np.array(accuracy[rates[1]])
    behind = {}
    for rate in (rates[0], rates[2]):
        difference = np.array(accuracy[rate]) - own
        behind[rate] = bool(difference.mean() <= 2 * difference.std(ddof=1) / len(SEEDS) ** 0.5)
    row = {"experiment": name, "arm": arm, "rate": rates[1], "val_accuracy": accuracy, "tuned": all(behind.values())}
    print(row, flush=True)
    return row


def main() -> None:
    """Try all, print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/rates.json"))
    args = parser.parse_args()
    asked = [(name, arm) for name, arms in TUNED.items() for arm in arms]
    rows = joblib.Parallel(n_jobs=2)(joblib.delayed(tried)(*one) for one in asked)
    write(args.out, "rates", rows, {"factors": list(FACTORS), "seeds": list(SEEDS), "validation": VALIDATION})


if __name__ == "__main__":
    main()
