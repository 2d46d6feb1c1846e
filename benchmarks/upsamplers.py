"""What the upsampling layers of the bench cost: multiply-accumulates, and milliseconds a training step.

    python benchmarks/upsamplers.py --out benchmarks/upsamplers.json

Multiply-accumulates are counted by PyTorch for an image of 64×64 pixels (its convolutions; a mean or an interpolation
has none), and given for each pixel of the output. The step is that of the experiment ``convolution/upsampling``: the
same network, patches and batch, a plain loop on one thread, in milliseconds of CPU time, to which other programs add
little. Rounds of the layers alternate and the best counts. Beside it a step of five seeds at once, for each seed, which
is how the experiment trains.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import torch
from report import write
from torch.nn import functional as F
from torch.utils.flop_counter import FlopCounterMode

from cnnbook.experiments.convolution._super_resolution import SCALE, SuperResolution
from cnnbook.experiments.convolution.upsampling import ARMS
from cnnbook.parallel import threads
from cnnbook.training.optimizers import configure
from cnnbook.training.runs import data_of, module_of

SIDE, STACKED, WARM_UP = 64, 5, 5


def macs(upsampler: str) -> tuple[float, float]:
    """Multiply-accumulates for each output pixel: of the upsampling layer, and of the whole network."""
    network = SuperResolution(upsampler)
    (layer,) = network.upsample.values()
    counts = []
    for part, x in (layer, torch.zeros(1, layer.in_channels, SIDE, SIDE)), (network, torch.zeros(1, 1, SIDE, SIDE)):
        with FlopCounterMode(display=False) as counter, torch.no_grad():
            part(x)
        counts.append(counter.get_total_flops() / 2 / (SCALE * SIDE) ** 2)
    return tuple(counts)


def step_ms(upsampler: str, steps: int, stacked: bool) -> float:
    """Milliseconds a step and network: of one network, or of five at once."""
    seeds = list(range(STACKED)) if stacked else [0]
    config = ARMS[upsampler]
    data = data_of(config, seeds, stacked=stacked)
    data.setup()
    module = module_of(config, seeds, stacked=stacked)
    optimizer = configure(module.parameters(), config.optimizer, config.total_steps)["optimizer"]
    for number, batch in enumerate(data.train_dataloader()):
        if number == WARM_UP:
            start = time.process_time()
        if number == WARM_UP + steps:
            return (time.process_time() - start) / steps / len(seeds) * 1e3
        optimizer.zero_grad()
        if stacked:
            module.losses(batch).sum().backward()
        else:
            F.mse_loss(module.network(batch.inputs), batch.targets).backward()
        optimizer.step()


def main() -> None:
    """Measure all layers and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/upsamplers.json"))
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=7)
    args = parser.parse_args()
    best = {(name, stacked): float("inf") for name in ARMS for stacked in (False, True)}
    with threads(1):
        for _ in range(args.rounds):
            for name, stacked in best:
                best[name, stacked] = min(best[name, stacked], step_ms(name, args.steps, stacked))
    rows = []
    for name in ARMS:
        layer, whole = macs(name)
        row = {
            "upsampler": name,
            "parameters": sum(p.numel() for p in SuperResolution(name).parameters()),
            "layer_macs": layer,
            "network_macs": whole,
            "step_ms": best[name, False],
            "stacked_step_ms": best[name, True],
            "ratio": best[name, False] / best[name, True],
        }
        print({k: round(v, 2) if isinstance(v, float) else v for k, v in row.items()}, flush=True)
        rows.append(row)
    settings = {"steps": args.steps, "rounds": args.rounds, "side": SIDE, "stacked": STACKED, "threads": 1}
    write(args.out, "upsamplers", rows, settings)


if __name__ == "__main__":
    main()
