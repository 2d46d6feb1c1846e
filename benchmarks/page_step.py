"""Milliseconds a step: the network that a reader trains in the page, in Node, against PyTorch on one thread.

    python benchmarks/page_step.py --out benchmarks/page_step.json

Both run on the same core, by turns, the same network on batches of one size with Adam; the best round counts, since on
a shared machine the best is what the code costs; the time of the processor stands beside that of the clock. Aim:
JavaScript at most 3 times PyTorch.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

import torch
from report import write

from cnnbook.training.config import Optimizer
from cnnbook.training.networks import build
from cnnbook.training.optimizers import configure

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))
import node  # noqa: E402

WIDGETS = (ROOT / "docs/assets/widgets").as_uri() + "/"


def torch_round(batch: int, steps: int) -> tuple[float, float]:
    """Milliseconds a step of PyTorch, by the clock and of the processor."""
    network = build("small-cnn")
    inputs, labels = torch.rand(batch, 1, 28, 28), torch.arange(batch) % 10
    optimizer = configure(network.parameters(), Optimizer(), 1)["optimizer"]
    for number in range(-20, steps):
        if number == 0:
            start = time.perf_counter(), time.process_time()
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(network(inputs), labels).backward()
        optimizer.step()
    ends = time.perf_counter(), time.process_time()
    return tuple((end - begun) / steps * 1e3 for begun, end in zip(start, ends, strict=True))


def compared(batch: int, steps: int, rounds: int, kind: str = "fast") -> dict[str, float]:
    """The best round of both, by turns, and their ratio."""
    command = [node.find(), str(ROOT / "benchmarks/page_step.mjs"), WIDGETS, str(batch), str(steps), kind]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as page:

        def page_round() -> tuple[float, float]:
            page.stdin.write("\n")
            page.stdin.flush()
            return tuple(map(float, page.stdout.readline().split()))

        for _ in range(3):
            page_round()  # it is compiled meanwhile
        pairs = [(torch_round(batch, steps), page_round()) for _ in range(rounds)]
        page.stdin.close()
    theirs, ours = ([min(pair[which][clock] for pair in pairs) for clock in (0, 1)] for which in (0, 1))
    row = {"batch": batch, "javascript_ms": ours[0], "torch_ms": theirs[0], "ratio": ours[0] / theirs[0]}
    cpu = {"javascript_cpu_ms": ours[1], "torch_cpu_ms": theirs[1], "cpu_ratio": ours[1] / theirs[1]}
    return row | cpu


def main() -> None:
    """Measure all sizes and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/page_step.json"))
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=15)
    args = parser.parse_args()
    torch.set_num_threads(1)
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    rows = []
    for batch in (8, 32, 128):
        rows.append(compared(batch, args.steps, args.rounds))
        print({k: round(v, 3) for k, v in rows[-1].items()}, flush=True)
    settings = {"steps": args.steps, "rounds": args.rounds, "aim": "ratio ≤ 3"}
    version = subprocess.run([node.find(), "--version"], capture_output=True, text=True, check=True).stdout.strip()
    write(args.out, "page_step", rows, settings, node=version)


if __name__ == "__main__":
    main()
