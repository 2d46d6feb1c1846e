"""Milliseconds a step: the Lightning module against a plain PyTorch loop, same network, data, optimiser and batches.

    python benchmarks/step_time.py --out benchmarks/step_time.json

Rounds of the two alternate, on one thread, and the best round counts: on a shared machine the best is what the code
costs. CPU time is given beside the wall clock, since other programs cannot add to it. Aim: Lightning at most 1.1
times the plain loop.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import pytorch_lightning as pl
import torch
from report import write

from cnnbook.data import SeededData
from cnnbook.training import Classifier, Optimizer, trainer
from cnnbook.training.optimizers import configure
from cnnbook.training.trainers import quiet

WARM_UP = 20
CASES = {
    "small-cnn, batch 32": ("small-cnn", {}, 32),
    "small-cnn, batch 64": ("small-cnn", {}, 64),
    "small-cnn, batch 128": ("small-cnn", {}, 128),
    "small-cnn with 32 and 64 channels, batch 64": ("small-cnn", {"channels": [32, 64]}, 64),
}


def now() -> tuple[float, float]:
    """Wall and CPU seconds, once a GPU has done what it was given: before that they tell how long asking took."""
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return time.perf_counter(), time.process_time()


class Clock(pl.Callback):
    """Wall and CPU seconds from step WARM_UP to the end."""

    def on_train_batch_end(self, trainer, module, outputs, batch, batch_idx):
        if batch.step + 1 == WARM_UP:
            self.start = now()
        if batch.step + 1 == trainer.max_steps:
            self.taken = since(self.start)


def since(start: tuple[float, float]) -> tuple[float, float]:
    """Wall and CPU seconds that have passed."""
    return tuple(later - earlier for later, earlier in zip(now(), start, strict=True))


def lightning(
    network: str, options: dict, batch: int, steps: int, accelerator: str = "cpu", precision: str = "32-true"
) -> tuple[float, float]:
    """Seconds of ``steps`` steps by Lightning."""
    clock = Clock()
    flags = {"accelerator": accelerator, "devices": 1, "precision": precision, "limit_val_batches": 0}
    made = trainer(max_steps=WARM_UP + steps, callbacks=[clock], **flags)
    with quiet():
        made.fit(Classifier(network, options), SeededData(batch_size=batch))
    return clock.taken


def plain(network: str, options: dict, batch: int, steps: int, accelerator: str = "cpu") -> tuple[float, float]:
    """Seconds of ``steps`` steps by a loop of six lines."""
    data = SeededData(batch_size=batch)
    data.trainer = trainer(accelerator=accelerator, devices=1)  # which says where the data is to live
    data.setup()
    model = Classifier(network, options).network.to(data.trainer.strategy.root_device)
    optimizer = configure(model.parameters(), Optimizer(), 1)["optimizer"]
    for number, (inputs, targets, *_) in enumerate(data.train_dataloader()):
        if number == WARM_UP:
            start = now()
        if number == WARM_UP + steps:
            return since(start)
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(inputs), targets).backward()
        optimizer.step()


def main() -> None:
    """Measure all cases and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/step_time.json"))
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=7)
    args = parser.parse_args()
    torch.set_num_threads(1)
    rows = []
    for name, case in CASES.items():
        pairs = [(plain(*case, args.steps), lightning(*case, args.steps)) for _ in range(args.rounds)]
        best = [[min(pair[kind][clock] for pair in pairs) / args.steps * 1e3 for clock in (0, 1)] for kind in (0, 1)]
        row = {
            "case": name,
            "plain_ms": best[0][0],
            "lightning_ms": best[1][0],
            "ratio": best[1][0] / best[0][0],
            "plain_cpu_ms": best[0][1],
            "lightning_cpu_ms": best[1][1],
            "cpu_ratio": best[1][1] / best[0][1],
        }
        print({k: round(v, 3) if isinstance(v, float) else v for k, v in row.items()}, flush=True)
        rows.append(row)
    write(args.out, "step_time", rows, {"steps": args.steps, "rounds": args.rounds, "aim": "ratio ≤ 1.1"})


if __name__ == "__main__":
    main()
