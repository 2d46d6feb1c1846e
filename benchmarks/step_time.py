"""Milliseconds a step: the Lightning module against a plain PyTorch loop, same network, data, optimiser and batches.

    python benchmarks/step_time.py --out benchmarks/step_time.json

Rounds of the two alternate, on one thread, and the best round counts: on a shared machine the best is what the code
costs. CPU time is given beside the wall clock, since other programs cannot add to it. Aim: Lightning at most 1.1
times the plain loop.
"""

from __future__ import annotations

import argparse
import itertools
import time
from pathlib import Path

import torch
from report import write
from torch import nn

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


class Clock:
    """Wall and CPU seconds of ``steps`` steps from step WARM_UP on, read as the network is called, whoever calls it."""

    def __init__(self, network: nn.Module, steps: int):
        self.calls, self.last = 0, WARM_UP + steps
        network.register_forward_pre_hook(self)

    def __call__(self, network, inputs):
        if self.calls == WARM_UP:
            self.start = now()
        if self.calls == self.last:
            self.taken = since(self.start)
        self.calls += 1


def since(start: tuple[float, float]) -> tuple[float, float]:
    """Wall and CPU seconds that have passed."""
    return tuple(later - earlier for later, earlier in zip(now(), start, strict=True))


def lightning(
    network: str, options: dict, batch: int, steps: int, accelerator: str = "cpu", precision: str = "32-true"
) -> tuple[float, float]:
    """Seconds of ``steps`` steps by Lightning."""
    module = Classifier(network, options)
    clock = Clock(module.network, steps)
    flags = {"accelerator": accelerator, "devices": 1, "precision": precision, "limit_val_batches": 0}
    made = trainer(max_steps=clock.last + 1, **flags)
    with quiet():
        made.fit(module, SeededData(batch_size=batch))
    return clock.taken


def plain(network: str, options: dict, batch: int, steps: int, accelerator: str = "cpu") -> tuple[float, float]:
    """Seconds of ``steps`` steps by a loop of five lines."""
    data = SeededData(batch_size=batch)
    data.trainer = trainer(accelerator=accelerator, devices=1)  # which says where the data is to live
    data.setup()
    model = Classifier(network, options).network.to(data.trainer.strategy.root_device)
    clock = Clock(model, steps)
    optimizer = configure(model.parameters(), Optimizer(), 1)["optimizer"]
    for inputs, targets, *_ in itertools.islice(data.train_dataloader(), clock.last + 1):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(inputs), targets).backward()
        optimizer.step()
    return clock.taken


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
