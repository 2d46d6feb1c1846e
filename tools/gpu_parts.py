"""The parts of tools/gpu.sh. Those that measure write OUT/<part>.json, whole or not at all.

tests       the tests that need a GPU
steps       a training step by Lightning and by a plain loop, by the batch size
seeds       ten seeds in one vectorised step against ten runs of a plain loop
precision   bfloat16 against float32: a step's time, and the accuracy after training
together    two trainings at once on one device against one after the other
transfer    generalisation/transfer/larger, where that experiment is declared, into OUT too: the result of a CPU stays
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))

import seeds as ten  # noqa: E402
import step_time  # noqa: E402
from report import write  # noqa: E402

from cnnbook.evidence import registry  # noqa: E402
from cnnbook.evidence.statistics import interval, paired_difference, summary  # noqa: E402
from cnnbook.stopping import die_with  # noqa: E402
from cnnbook.training import TrainConfig, train_seeds  # noqa: E402

NETWORK = ("small-cnn", {})
LARGER = "generalisation/transfer/larger"
MARK = re.compile(r"^@pytest\.mark\.gpu\b|marks=pytest\.mark\.gpu\b", re.M)
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Size:
    """How much is measured; of several rounds the fastest counts."""

    accelerator: str = "cuda"
    batches: tuple[int, ...] = (32, 256, 1024)
    steps: int = 200
    rounds: int = 3
    runs: int = 150  # steps of each of the ten
    training: int = 300  # steps before the accuracy is measured
    seeds: int = 5
    examples: int | None = None  # all


FULL = Size()
DRY = Size("cpu", batches=(32,), steps=2, rounds=1, runs=1, training=2, seeds=2, examples=200)


def fastest(size: Size, measure: Callable[[], float]) -> float:
    """The least of several rounds."""
    return min(measure() for _ in range(size.rounds))


def milliseconds(size: Size, batch: int, precision: str | None = None) -> float:
    """Of a step by Lightning in a precision, or by the plain loop where none is given."""
    more = (size.accelerator, *([precision] if precision else []))
    loop = step_time.lightning if precision else step_time.plain
    return fastest(size, lambda: loop(*NETWORK, batch, size.steps, *more)[0]) / size.steps * 1e3


def steps(size: Size) -> Rows:
    """A step by Lightning and by a plain loop."""
    rows = []
    for batch in size.batches:
        plain, lightning = milliseconds(size, batch), milliseconds(size, batch, "32-true")
        rows.append({"batch": batch, "plain_ms": plain, "lightning_ms": lightning, "ratio": lightning / plain})
    return rows


def seconds(function: Callable[..., Any], *args: Any, **kwargs: Any) -> float:
    """Of one call, to the end of what the device was given."""
    start = step_time.now()
    function(*args, **kwargs)
    return step_time.since(start)[0]


def seeds(size: Size) -> Rows:
    """Ten seeds at once and one after another, once a short run has set the device up."""
    rows = []
    for batch in size.batches[:2]:
        config = TrainConfig(n_train=size.examples, batch_size=batch, steps=size.runs)
        flags = {"engine": "ensemble", "accelerator": size.accelerator, "devices": 1}
        train_seeds(TrainConfig(steps=1), ten.SEEDS, **flags)
        plain = fastest(size, lambda: seconds(ten.plain, config, size.accelerator))  # noqa: B023 — called at once
        once = fastest(size, lambda: seconds(train_seeds, config, ten.SEEDS, **flags))  # noqa: B023
        rows.append({"batch": batch, "plain_s": plain, "ensemble_s": once, "ratio": once / plain})
    return rows


def precision(size: Size) -> Rows:
    """A step, and the accuracy after training, in float32 and with bfloat16; the difference is paired by the seed."""
    batch = size.batches[-1] if size.examples is None else size.batches[0]
    config = TrainConfig(n_train=size.examples, batch_size=32, steps=size.training)
    rows, accuracy = [], {}
    for name in ("32-true", "bf16-mixed"):
        flags = {"accelerator": size.accelerator, "devices": 1, "precision": name}
        found = accuracy[name] = train_seeds(config, range(size.seeds), engine="ensemble", **flags)["test_accuracy"]
        one = summary(found)
        row = {"precision": name, "batch": batch, "step_ms": milliseconds(size, batch, name)}
        rows.append(row | {"accuracy": one.mean, "low": one.low, "high": one.high})
    change = paired_difference(accuracy["bf16-mixed"], accuracy["32-true"])
    low, high = interval(change.values)
    rows[-1] |= {"difference": change.mean, "difference_low": low, "difference_high": high}
    return rows


TURNS = ((0,), (1,), (0, 1))  # which of two processes trains: one, then the other, then both


def training(size: Size, place: int, barrier: Any) -> None:
    """What each of the two does: set up, then train when it is its turn. Where one dies, the part's limit ends all."""
    die_with(multiprocessing.parent_process().pid)
    step_time.lightning(*NETWORK, 32, 1, size.accelerator)
    for turn in TURNS:
        barrier.wait()
        if place in turn:
            step_time.lightning(*NETWORK, 32, size.steps, size.accelerator)
    barrier.wait()


def together(size: Size) -> Rows:
    """Two trainings one after the other, and at once; what each does before its first step is counted with both."""
    spawn = multiprocessing.get_context("spawn")  # CUDA cannot be used in a process that is forked
    barrier = spawn.Barrier(3)
    processes = [spawn.Process(target=training, args=(size, place, barrier), daemon=True) for place in (0, 1)]
    for process in processes:
        process.start()
    times = []
    for _ in (*TURNS, "the end"):
        barrier.wait()
        times.append(time.perf_counter())
    for process in processes:
        process.join()
    done = 2 * (size.steps + step_time.WARM_UP + 1)
    taken = {"after": times[2] - times[0], "at once": times[3] - times[2]}
    return [{"how": how, "seconds": one, "steps_a_second": done / one} for how, one in taken.items()]


def marked() -> list[str]:
    """The files with tests that need a GPU: to collect the others takes a minute."""
    return [str(path) for path in sorted((ROOT / "tests").rglob("test_*.py")) if MARK.search(path.read_text("utf-8"))]


def tests() -> int:
    """The exit code of pytest."""
    command = ["-m", "pytest", "-m", "gpu", "-p", "no:cacheprovider", *marked()]
    return subprocess.run([sys.executable, *command], cwd=ROOT).returncode


def transfer(size: Size, out: Path) -> int:
    """The exit code of the experiment, 0 where it is not declared."""
    experiment = registry.everything().get(LARGER)
    if left_out := "it is not declared" if experiment is None else experiment.lacks():
        print(f"gpu: {LARGER} is left out: {left_out}")
        return 0
    flags = ["--accelerator", size.accelerator, "--devices", "1", *(["--quick"] if size == DRY else [])]
    return subprocess.run([sys.executable, "-m", "cnnbook.cli", "run", LARGER, *flags, "--out", str(out)]).returncode


MEASURED = {part.__name__: part for part in (steps, seeds, precision, together)}


def main() -> int:
    """Run one part."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=("tests", *MEASURED, "transfer"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--dry", action="store_true")
    asked = parser.parse_args()
    die_with(os.getppid())
    size = DRY if asked.dry else FULL
    if asked.part == "tests":
        return tests()
    if asked.part == "transfer":
        return transfer(size, asked.out)
    gpu = "none (a dry run)" if asked.dry else torch.cuda.get_device_name()
    rows = MEASURED[asked.part](size)
    write(asked.out / f"{asked.part}.json", asked.part, rows, asdict(size), gpu=gpu, cuda=torch.version.cuda)
    return 0


if __name__ == "__main__":
    sys.exit(main())
