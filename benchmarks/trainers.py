"""CPU milliseconds a step: the book's trainer against what a reader would use instead, in one run.

    python benchmarks/trainers.py --out benchmarks/trainers.json

The same network, optimiser and batches of 32, on one thread: a plain loop over the book's batches, the book's trainer,
a loop over PyTorch's DataLoader, Lightning as its documentation begins, fastai's Learner and d2l's Trainer, the last
four from the same DataLoader. Those that draw a progress bar or write a log are measured without it and as they come,
in a terminal. d2l is measured without its plot, whose cost is by the epoch and not by the step.

Rounds of all alternate and the best round counts, as in ``step_time.py``. All must end at the same loss.

fastai and d2l are no part of the book's environment. In a copy of it:

    pip install --no-deps -r benchmarks/trainers.txt

d2l imports torchvision; where there is none it gets an empty module, and nothing that is measured touches that.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.metadata
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import torch
from report import write
from step_time import Clock
from torch import nn
from torch.nn.functional import cross_entropy
from ways import BATCH, WAYS

from cnnbook.data import SeededData
from cnnbook.training.networks import build

NETWORK = "small-cnn"
ALIKE = 1e-4  # losses may differ by as much


@contextlib.contextmanager
def terminal():
    """What is printed goes to a terminal that nobody looks at: progress bars draw what they draw for a reader."""
    seen_by, drawn_on = os.openpty()
    nowhere = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with (
        subprocess.Popen(["cat"], stdin=seen_by, **nowhere),  # ends as the terminal closes
        open(drawn_on, "w") as screen,
        contextlib.redirect_stdout(screen),
        contextlib.redirect_stderr(screen),
    ):
        yield
    os.close(seen_by)


def loss_of(network: nn.Module) -> float:
    """Loss on the first test images."""
    data = SeededData()
    data.setup()
    batch = next(iter(data.test_dataloader()[0]))
    with torch.no_grad():
        return cross_entropy(network.eval()(batch.inputs), batch.targets).item()


def measure(way, steps: int) -> tuple[float, float]:
    """CPU milliseconds a step, and the loss of the network it trained from the same weights."""
    network = build(NETWORK, {}, 0)
    clock = Clock(network, steps)
    with terminal():
        way(network, clock.last + 1)
    return clock.taken[1] / steps * 1e3, loss_of(network)


def main() -> None:
    """Measure all ways and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/trainers.json"))
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=7)
    args = parser.parse_args()
    torch.set_num_threads(1)
    os.environ["TERM"] = "xterm-256color"
    missing = sorted({way.library for way in WAYS.values() if importlib.util.find_spec(way.module) is None})
    found = {name: way for name, way in WAYS.items() if way.library not in missing}
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in found}
    for _ in range(args.rounds):
        for name, way in found.items():
            taken[name].append(measure(way.train, args.steps))
    plain, loss = min(taken["plain"])
    rows = []
    for name, way in found.items():
        cpu, own = min(taken[name])
        if abs(own - loss) > ALIKE:
            sys.exit(f"{name} must end at the loss of the plain loop, within {ALIKE}: got {own} and {loss}")
        version = importlib.metadata.version(way.library)
        rows.append({"way": name, "library": way.library, "version": version, "cpu_ms": cpu, "ratio": cpu / plain})
        rows[-1] |= {"median_ms": sorted(t for t, _ in taken[name])[args.rounds // 2], "loss": own}
        print({k: round(v, 5) if isinstance(v, float) else v for k, v in rows[-1].items()}, flush=True)
    if missing:
        sys.exit(
            f"left out, and nothing written: {', '.join(missing)}. In a copy of the book's environment: "
            "pip install --no-deps -r benchmarks/trainers.txt"
        )
    settings = {"network": NETWORK, "batch": BATCH, "steps": args.steps, "rounds": args.rounds, "threads": 1}
    write(args.out, "trainers", rows, settings | {"aim": "cnnbook's ratio ≤ 1.1", "alike": ALIKE})


if __name__ == "__main__":
    main()
