"""Ten seeds of an arm: each engine against ten plain PyTorch runs one after another on one thread.

    python benchmarks/seeds.py --out benchmarks/seeds.json

The plain runs are loops without Lightning, and measure the same test and training examples at the end. Engines
alternate with the plain runs; the best round counts. Worker processes are started before the clock, as they are kept
from arm to arm. Aim: the engine that ``auto`` chooses takes at most half the time of the plain runs on two cores.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import torch
from report import write

from cnnbook.training import TrainConfig, choose_engine, train_seeds
from cnnbook.training.metrics import classification_scores
from cnnbook.training.optimizers import configure
from cnnbook.training.runs import data_of, module_of, threads

SEEDS = list(range(10))
ENGINES = ("ensemble", "processes", "both")
CASES = {
    "small-cnn, batch 8": TrainConfig(batch_size=8),
    "small-cnn, batch 32": TrainConfig(batch_size=32),
    "small-cnn, batch 128": TrainConfig(batch_size=128),
    "small-cnn with 32 and 64 channels, batch 32": TrainConfig(network_options={"channels": [32, 64]}),
}


def plain(config: TrainConfig) -> None:
    """All seeds one after another by a plain loop."""
    with threads(1):
        for seed in SEEDS:
            data = data_of(config, [seed], stacked=False)
            data.setup()
            model = module_of(config, [seed], stacked=False).network
            optimizer = configure(model.parameters(), config.optimizer, 1)["optimizer"]
            for number, (inputs, targets, *_) in enumerate(data.train_dataloader()):
                if number == config.total_steps:
                    break
                optimizer.zero_grad()
                torch.nn.functional.cross_entropy(model(inputs), targets).backward()
                optimizer.step()
            with torch.no_grad():
                for loader in data.test_dataloader():
                    kept = [(model(batch.inputs), batch.targets) for batch in loader]
                    classification_scores(*(torch.cat(part) for part in zip(*kept, strict=True)))


def seconds(function, *args, **kwargs) -> float:
    """Wall-clock seconds of one call."""
    start = time.perf_counter()
    function(*args, **kwargs)
    return time.perf_counter() - start


def main() -> None:
    """Measure all cases and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/seeds.json"))
    parser.add_argument("--steps", type=int, default=150)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    train_seeds(TrainConfig(steps=1), SEEDS, engine="processes", accelerator="cpu")  # start the workers
    rows = []
    for name, case in CASES.items():
        config = TrainConfig.from_json(case.to_json() | {"steps": args.steps})
        taken: dict[str, list[float]] = {engine: [] for engine in ("plain", *ENGINES)}
        for _ in range(args.rounds):
            taken["plain"].append(seconds(plain, config))
            for engine in ENGINES:
                taken[engine].append(seconds(train_seeds, config, SEEDS, engine=engine, accelerator="cpu"))
        best = {engine: min(values) for engine, values in taken.items()}
        auto = choose_engine(config, SEEDS, "cpu")
        row = {"case": name, **{f"{engine}_s": value for engine, value in best.items()}}
        row |= {
            "auto": auto,
            "auto_ratio": best[auto] / best["plain"],
            "best_ratio": min(map(best.get, ENGINES)) / best["plain"],
        }
        print({k: round(v, 3) if isinstance(v, float) else v for k, v in row.items()}, flush=True)
        rows.append(row)
    settings = {"steps": args.steps, "rounds": args.rounds, "seeds": len(SEEDS), "threads": torch.get_num_threads()}
    write(args.out, "seeds", rows, settings | {"aim": "auto_ratio ≤ 0.5 on two cores"})


if __name__ == "__main__":
    main()
