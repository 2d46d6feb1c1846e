"""What the two views of a transposed convolution that are written out cost, beside PyTorch's own.

    python benchmarks/views.py --out benchmarks/views.json

One image of 16 channels and 512×512 pixels to 16 channels, on one thread, in milliseconds of CPU time, to which other
programs add little. Rounds of the three alternate and the best counts. Both views stay within twice the library's time.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import torch
from report import write
from torch.nn import functional as F

from cnnbook.convolution.transposed import gather, scatter
from cnnbook.parallel import threads

VIEWS = {"torch": F.conv_transpose2d, "scatter": scatter, "gather": gather}
LAYERS = ((4, 2, 1), (3, 2, 1), (3, 1, 1))  # kernel_size, stride, padding
SIDE, CHANNELS = 512, 16


def main() -> None:
    """Measure all views of all layers and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/views.json"))
    parser.add_argument("--rounds", type=int, default=10)
    args = parser.parse_args()
    rows = []
    for k, s, p in LAYERS:
        x, w = torch.randn(1, CHANNELS, SIDE, SIDE), torch.randn(CHANNELS, CHANNELS, k, k)
        best = dict.fromkeys(VIEWS, float("inf"))
        with threads(1), torch.no_grad():
            for _ in range(args.rounds):
                for name, view in VIEWS.items():
                    start = time.process_time()
                    view(x, w, stride=s, padding=p)
                    best[name] = min(best[name], (time.process_time() - start) * 1e3)
        ratios = {f"{name}_ratio": best[name] / best["torch"] for name in ("scatter", "gather")}
        row = {"kernel_size": k, "stride": s, "padding": p, **{f"{name}_ms": ms for name, ms in best.items()}, **ratios}
        print({name: round(value, 2) for name, value in row.items()}, flush=True)
        rows.append(row)
    write(args.out, "views", rows, {"rounds": args.rounds, "side": SIDE, "channels": CHANNELS, "threads": 1})


if __name__ == "__main__":
    main()
