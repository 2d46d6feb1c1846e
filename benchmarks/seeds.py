"""Ten seeds of an arm: each engine against ten plain PyTorch runs one after another on one thread.

    python benchmarks/seeds.py --out benchmarks/seeds.json

The plain runs are loops without Lightning, and measure the same test and training examples at the end. Two figures an
engine:

- wall clock, the best round of each (worker processes are started before the clock, as they are kept from arm to arm);
  on a machine that other programs use this says little;
- CPU time of the work on one thread, and from it the wall clock that free cores would need: the work of ``processes``
and
  ``both`` divided among them. This is what other programs disturb least.

The runs are as long as the book's are by default. Aim: at most 0.4 × the time of the plain runs on two cores.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import torch
from report import write

from cnnbook.parallel import cores, groups, threads
from cnnbook.training import TrainConfig, choose_engine, train_seeds
from cnnbook.training.choice import BRIEF
from cnnbook.training.metrics import classification_scores
from cnnbook.training.optimizers import configure
from cnnbook.training.runs import data_of, module_of, run
from cnnbook.training.trainers import trainer

SEEDS = list(range(10))
CASES = {
    "small-cnn, batch 8": TrainConfig(batch_size=8),
    "small-cnn, batch 32": TrainConfig(batch_size=32),
    "small-cnn, batch 128": TrainConfig(batch_size=128),
}


def plain(config: TrainConfig, accelerator: str = "cpu") -> None:
    """All seeds one after another by a plain loop."""
    with threads(1):
        for seed in SEEDS:
            data = data_of(config, [seed], stacked=False)
            data.trainer = trainer(accelerator=accelerator, devices=1)  # which says where the data is to live
            data.setup()
            model = module_of(config, [seed], stacked=False).network.to(data.trainer.strategy.root_device)
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


def seconds(function, *args, **kwargs) -> tuple[float, float]:
    """Wall-clock and CPU seconds of one call."""
    start = time.perf_counter(), time.process_time()
    function(*args, **kwargs)
    return time.perf_counter() - start[0], time.process_time() - start[1]


def work(config: TrainConfig, groups: list[list[int]]) -> None:
    """The runs of an engine, one after another on one thread."""
    for seeds in groups:
        run(config, seeds, {"accelerator": "cpu", "devices": 1}, stacked=len(seeds) > 1, thread_count=1)


def main() -> None:
    """Measure all cases and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/seeds.json"))
    parser.add_argument("--steps", type=int, default=TrainConfig.steps, help="by default the book's own")
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    workers = cores()
    parts_of = {
        "ensemble": [SEEDS],
        "processes": [[seed] for seed in SEEDS],
        "both": groups(SEEDS),
    }
    train_seeds(TrainConfig(steps=BRIEF + 1), SEEDS, engine="processes", accelerator="cpu")  # start the workers
    rows = []
    for name, case in CASES.items():
        config = TrainConfig.from_json(case.to_json() | {"steps": args.steps})
        wall: dict[str, list[float]] = {engine: [] for engine in ("plain", *parts_of)}
        cpu: dict[str, list[float]] = {engine: [] for engine in ("plain", *parts_of)}
        for _ in range(args.rounds):
            for clock, taken in zip((wall, cpu), seconds(plain, config), strict=True):
                clock["plain"].append(taken)
            for engine, parts in parts_of.items():
                wall[engine].append(seconds(train_seeds, config, SEEDS, engine=engine, accelerator="cpu")[0])
                cpu[engine].append(seconds(work, config, parts)[1])
        row: dict[str, object] = {"case": name, "auto": choose_engine(config, SEEDS, "cpu")}
        for engine in wall:
            row[f"{engine}_wall_s"], row[f"{engine}_cpu_s"] = min(wall[engine]), min(cpu[engine])
        for engine, parts in parts_of.items():
            row[f"{engine}_wall_ratio"] = row[f"{engine}_wall_s"] / row["plain_wall_s"]
            row[f"{engine}_free_cores_ratio"] = row[f"{engine}_cpu_s"] / row["plain_cpu_s"] / min(workers, len(parts))
        print({k: round(v, 3) if isinstance(v, float) else v for k, v in row.items()}, flush=True)
        rows.append(row)
    settings = {"steps": args.steps, "rounds": args.rounds, "seeds": len(SEEDS), "threads": torch.get_num_threads()}
    write(args.out, "seeds", rows, settings | {"cores": workers, "aim": "ratio ≤ 0.4 on two cores"})


if __name__ == "__main__":
    main()
