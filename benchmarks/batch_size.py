"""What a batch size costs: milliseconds a step, seconds an epoch, and the memory that a step's activations take.

    python benchmarks/batch_size.py --out benchmarks/batch_size.json

The network and the images of the experiments, a plain loop on one thread, in CPU time, to which other programs add
little; rounds of all sizes alternate and the best counts. Memory is what autograd keeps between forward and backward
(its saved tensors, each storage once, the weights left out), which is what grows with the batch.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import torch
from report import write
from torch.nn import functional as F

from cnnbook.data import SeededData
from cnnbook.training import Classifier, Optimizer
from cnnbook.training.optimizers import configure

EXAMPLES, WARM_UP = 4096, 3
SIZES = (1, 2, 8, 32, 128, 512, 2048)


def step_ms(batch_size: int, images: int) -> float:
    """Milliseconds of CPU time a step, over as many steps as show so many images, five at least."""
    data = SeededData(n_train=EXAMPLES, batch_size=batch_size)
    data.setup()
    network = Classifier().network
    optimizer = configure(network.parameters(), Optimizer("sgd", lr=0.01), 1)["optimizer"]
    steps = max(5, images // batch_size)
    for number, (inputs, targets, *_) in enumerate(data.train_dataloader()):
        if number == WARM_UP:
            start = time.process_time()
        if number == WARM_UP + steps:
            return (time.process_time() - start) / steps * 1e3
        optimizer.zero_grad()
        F.cross_entropy(network(inputs), targets).backward()
        optimizer.step()


def saved_bytes(batch_size: int) -> int:
    """Bytes that a forward pass keeps for the backward one, the weights left out."""
    network, kept = Classifier().network, {}
    weights = {parameter.untyped_storage().data_ptr() for parameter in network.parameters()}

    def pack(tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in weights:
            kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    inputs, targets = torch.zeros(batch_size, 1, 28, 28), torch.zeros(batch_size, dtype=torch.int64)
    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        loss = F.cross_entropy(network(inputs), targets)
    del loss
    return sum(kept.values())


def main() -> None:
    """Measure all sizes and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/batch_size.json"))
    parser.add_argument("--images", type=int, default=2048)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    torch.set_num_threads(1)
    best = dict.fromkeys(SIZES, float("inf"))
    for _ in range(args.rounds):
        for size in SIZES:
            best[size] = min(best[size], step_ms(size, args.images))
    rows = []
    for size in SIZES:
        row = {
            "batch_size": size,
            "step_ms": best[size],
            "image_ms": best[size] / size,
            "epoch_s": best[size] / size * EXAMPLES / 1e3,
            "saved_mb": saved_bytes(size) / 1e6,
        }
        print({k: round(v, 3) if isinstance(v, float) else v for k, v in row.items()}, flush=True)
        rows.append(row)
    settings = {"examples": EXAMPLES, "images": args.images, "rounds": args.rounds, "threads": 1}
    write(args.out, "batch_size", rows, settings)


if __name__ == "__main__":
    main()
