"""Milliseconds a step of the super-resolution network that a reader trains in the page, in Node, by its layer.

    python benchmarks/page_upsampling.py --out benchmarks/page_upsampling.json

The best round counts, in time of the processor: on a shared machine that is what the code costs. Aim: thirty steps a
second at least, so that a run of the bench takes a reader less than twenty seconds.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

from report import write

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))
import node  # noqa: E402

WIDGETS = (ROOT / "docs/assets/widgets").as_uri() + "/"


def main() -> None:
    """Measure all layers and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/page_upsampling.json"))
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=10)
    args = parser.parse_args()
    script = ROOT / "benchmarks/page_upsampling.mjs"
    command = [node.find(), str(script), WIDGETS, str(args.steps), str(args.rounds)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    rows = [row | {"steps_a_second": 1000 / row["cpu_ms"]} for row in json.loads(done.stdout)]
    for row in rows:
        print(f"{row['layer']:9} {row['cpu_ms']:6.2f} ms  {row['steps_a_second']:5.0f} steps a second")
    version = subprocess.run([node.find(), "--version"], capture_output=True, text=True, check=True).stdout.strip()
    settings = {"batch": 8, "steps": args.steps, "rounds": args.rounds, "aim": "30 steps a second"}
    write(args.out, "page_upsampling", rows, settings, node=version)


if __name__ == "__main__":
    main()
