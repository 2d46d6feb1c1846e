"""How the learning rate of the bench of upsampling layers was chosen: one for all, on seeds that it does not use.

    python benchmarks/upsampling_rates.py --out benchmarks/upsampling_rates.json     # about five minutes

Of three layers that differ in size and kind, the peak signal-to-noise ratio after the short budget, at three rates, one
seed a fold. The rate with the highest mean over all layers and folds is taken.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from report import write

from cnnbook.evidence.experiment import RunOptions
from cnnbook.experiments.convolution import upsampling
from cnnbook.training.config import Optimizer

RATES, LAYERS, SEEDS = (2e-3, 4e-3, 8e-3), ("transposed_k6", "sub_pixel", "nearest"), range(100, 105)


def main() -> None:
    """Train, print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/upsampling_rates.json"))
    args = parser.parse_args()
    rows = []
    for rate in RATES:
        for layer in LAYERS:
            optimizer = Optimizer("adam", lr=rate, schedule="cosine")
            config = replace(upsampling.ARMS[layer], curve=(), optimizer=optimizer)
            figures = upsampling.measure(config, list(SEEDS), RunOptions(accelerator="cpu"), None)
            rows.append({"upsampler": layer, "rate": rate, "psnr": figures["test_psnr"]})
            print(rows[-1], flush=True)
    write(args.out, "upsampling_rates", rows, {"steps": upsampling.STEPS, "seeds": list(SEEDS)})


if __name__ == "__main__":
    main()
