"""Train small networks that fail in known ways, and write their logs: tests/data/logs/corpus.tar.xz, labels.json.

    python tools/make_logs.py

The label of a log is what was done to the run. Whether the failure came about is looked at in accuracies over all
examples, at the end, which are not in the log and which `cnnbook diagnose` never sees; a run in which it did not is
made again with another seed. The last logs of each way are set apart: no rule and no threshold was chosen with an eye
on them. Two earlier forties had been set apart, and looked at once each: 37 were right both times. They are among the
others now.
"""

from __future__ import annotations

import io
import json
import math
import random
import sys
import tarfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

sys.path.insert(0, str(Path(__file__).parent))

import log_formats
from cnnbook.data import load

FOLDER = Path(__file__).parent.parent / "tests/data/logs"
TRIES = 8


@dataclass
class Way:
    """One way of training, and what it is to end in.

    Attributes:
        branch: The right answer.
        count: How many logs are made for rules to be chosen by.
        fits: Whether a run came out as it was meant to, by its accuracies on all training and validation examples.
    """

    branch: str
    count: int
    fits: Callable[[float, float], bool]
    n: tuple[int, ...] = (3000,)
    steps: tuple[int, ...] = (200, 400, 600)
    networks: tuple[str, ...] = ("mlp", "cnn", "deep")
    rates: dict[str, tuple[float, ...]] = field(
        default_factory=lambda: {"sgd": (0.1, 0.2), "momentum": (0.01, 0.02), "adam": (0.001, 0.002), "adamw": (0.002,)}
    )
    data: tuple[str, ...] = ("clothes",)
    change: str = ""

    @property
    def apart(self) -> int:
        """How many more are set apart."""
        return max(round(self.count * 0.18), 1)


LEARNED = {"healthy": lambda train, val: val > 0.7 and train - val < 0.09}
WAYS = {
    "healthy": Way("healthy", 32, LEARNED["healthy"], data=("clothes", "clothes", "two", "hundred")),
    "healthy for long": Way("healthy", 7, LEARNED["healthy"], n=(4500,), steps=(1500,), networks=("mlp",)),
    "mixup": Way("healthy", 7, lambda train, val: val > 0.68, change="mixup"),
    "label smoothing": Way("healthy", 6, LEARNED["healthy"], change="smoothing"),
    "not finite once": Way("healthy", 11, LEARNED["healthy"], change="holes"),
    "rate far too large": Way(
        "diverged", 11, lambda train, val: train < 0.4, rates={"sgd": (30.0, 100.0), "adam": (3.0, 10.0)}
    ),
    "not a number": Way("diverged", 9, lambda train, val: True, change="nan"),
    "collapse late": Way("diverged", 20, lambda train, val: train < 0.4, steps=(400, 600, 1000), change="collapse"),
    "rate far too small": Way(
        "plateau", 10, lambda train, val: train < 0.5, rates={"sgd": (1e-5, 1e-4), "adam": (1e-6,)}
    ),
    "nothing is trained": Way("plateau", 6, lambda train, val: train < 0.4, change="frozen"),
    "majority": Way("plateau", 11, lambda train, val: True, data=("rare",), n=(2000,)),
    "too small a network": Way("underfit", 10, lambda train, val: train < 0.66, networks=("tiny",), steps=(400, 800)),
    "too few steps": Way(
        "underfit",
        9,
        lambda train, val: 0.4 < train < 0.65,
        steps=(24, 40, 60),
        rates={"sgd": (0.1,), "adam": (0.001,)},
    ),
    "few images": Way("overfit", 24, lambda train, val: train > 0.98 and val < 0.82, n=(40, 80, 150), steps=(300, 600)),
    "many classes": Way(
        "overfit",
        10,
        lambda train, val: train > 0.95 and val < 0.85,
        data=("hundred", "thousand"),
        n=(4000,),
        steps=(600,),
        networks=("wide",),
        rates={"adam": (0.003,)},
    ),
    "some labels wrong": Way(
        "overfit",
        7,
        lambda train, val: train > 0.9 and 0.3 < val < 0.8,
        n=(200,),
        steps=(600,),
        change="some wrong",
        rates={"adam": (0.003,)},
    ),
    "labels shuffled": Way(
        "wrong data",
        11,
        lambda train, val: train > 0.6 and val < 0.2,
        n=(100, 200),
        steps=(400, 600),
        change="wrong",
        rates={"adam": (0.002, 0.004)},
    ),
    "validation prepared otherwise": Way(
        "wrong data", 6, lambda train, val: train > 0.75 and val < 0.2, change="shifted"
    ),
    "no validation": Way("cannot tell", 7, lambda train, val: True, change="no validation"),
    "validation once or twice": Way("cannot tell", 6, lambda train, val: True, change="seldom"),
}


def network(kind: str, inputs: int, classes: int) -> nn.Module:
    """A network for 14 × 14 images or for vectors."""
    if kind == "cnn" and inputs == 196:
        return nn.Sequential(
            *(nn.Unflatten(1, (1, 14, 14)), nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(144, classes)),
        )
    if kind == "tiny":
        return nn.Sequential(nn.Linear(inputs, 1), nn.Tanh(), nn.Linear(1, classes))
    if kind == "deep":
        return nn.Sequential(*(nn.Linear(inputs, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, classes)))
    hidden = 256 if kind == "wide" else 64
    return nn.Sequential(nn.Linear(inputs, hidden), nn.ReLU(), nn.Linear(hidden, classes))


@cache
def clothes() -> tuple[Tensor, Tensor]:
    """The training images, 14 × 14, and their classes."""
    raw = load("fashion-mnist-mini")
    return F.avg_pool2d(raw.train_images.float() / 255, 2).flatten(1), raw.train_labels.long()


def examples(kind: str, n: int, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor, Tensor, int]:
    """Training and validation examples: clothes; two of their classes; clusters; a rare class that nothing tells."""
    if kind in ("clothes", "two"):
        x, y = clothes()
        if kind == "two":
            keep = (y == 0) | (y == 6)
            x, y = x[keep], (y[keep] == 6).long()
        order = torch.randperm(len(x), generator=generator)
        x, y, many = x[order], y[order], min(500, len(x) // 4)
        return x[many : many + n], y[many : many + n], x[:many], y[:many], 2 if kind == "two" else 10
    if kind == "rare":
        x = 0.1 * torch.randn(n + 500, 20, generator=generator)
        y = (torch.rand(n + 500, generator=generator) < 0.1).long()
        return x[500:], y[500:], x[:500], y[:500], 2
    classes, spread = {"hundred": (100, 1.4), "thousand": (1000, 0.7)}[kind]
    spread = spread if n > 3000 else 0.7
    centres = torch.randn(classes, 64, generator=generator)
    y = torch.randint(classes, (n + 500,), generator=generator)
    x = centres[y] + 1.5 * spread * torch.randn(n + 500, 64, generator=generator)
    return x[500:], y[500:], x[:500], y[:500], classes


def train(way: Way, seed: int) -> tuple[log_formats.Curves, int, float, float]:
    """Train one run; its curves, the number of classes, and the accuracies that say what became of it."""
    torch.manual_seed(seed)
    draw, generator = random.Random(seed), torch.Generator().manual_seed(seed)
    kind, steps = draw.choice(way.data), draw.choice(way.steps)
    x, y, vx, vy, classes = examples(kind, draw.choice(way.n), generator)
    if way.change in ("wrong", "some wrong"):
        wrong = torch.rand(len(y), generator=generator) < (1.0 if way.change == "wrong" else 0.4)
        y = torch.where(wrong, torch.randint(classes, y.shape, generator=generator), y)
    if way.change == "shifted":  # other order of pixels, as where axes were mixed up
        vx = vx[:, torch.randperm(vx.shape[1], generator=generator)]
    net = network(draw.choice(way.networks), x.shape[1], classes)
    name = draw.choice(sorted(way.rates))
    rate = draw.choice(way.rates[name])
    make = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam, "adamw": torch.optim.AdamW}
    optimizer = (
        torch.optim.SGD(net.parameters(), lr=rate, momentum=0.9)
        if name == "momentum"
        else make[name](net.parameters(), rate)
    )
    if way.change == "frozen":
        for parameter in net.parameters():
            parameter.requires_grad_(False)
        net[-1].bias.requires_grad_(True)
        optimizer = torch.optim.SGD([net[-1].bias], lr=1e-6)
    every = max(steps // draw.choice((12, 25, 60, 200)), 1)
    late = steps - max(round(steps * draw.choice((0.015, 0.025, 0.04))), 2 * every)
    curves: dict[str, list[tuple[int, float]]] = {"train_loss": [], "val_loss": [], "val_accuracy": []}
    since: list[float] = []
    batches = draw.random() < 0.5  # log the last batch, or the mean of all since the last log
    smoothing = 0.2 if way.change == "smoothing" else 0.0
    for step in range(1, steps + 1):
        rows = torch.randint(len(x), (32,), generator=generator)
        if way.change == "collapse" and step == late:
            for group in optimizer.param_groups:
                group["lr"] *= draw.choice((300.0, 1000.0))
        if way.change == "mixup":
            share, other = draw.betavariate(1, 1), rows[torch.randperm(32, generator=generator)]
            out = net(share * x[rows] + (1 - share) * x[other])
            loss = share * F.cross_entropy(out, y[rows]) + (1 - share) * F.cross_entropy(out, y[other])
        else:
            loss = F.cross_entropy(net(x[rows]), y[rows], label_smoothing=smoothing)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        since.append(loss.item())
        if step % every == 0:
            curves["train_loss"].append((step, since[-1] if batches else sum(since) / len(since)))
            since = []
            with torch.no_grad():
                out = net(vx)
                curves["val_loss"].append((step, F.cross_entropy(out, vy, label_smoothing=smoothing).item()))
                curves["val_accuracy"].append((step, (out.argmax(1) == vy).float().mean().item()))
    with torch.no_grad():
        ends = [(net(a).argmax(1) == b).float().mean().item() for a, b in ((x, y), (vx, vy))]
    return spoilt(curves, way.change or kind, draw), classes, *ends


def spoilt(curves: dict, change: str, draw: random.Random) -> dict:
    """What befalls the log and not the network."""
    n = len(curves["train_loss"])
    if change == "holes":
        for at in draw.sample(range(n - 2), draw.choice((1, 1, 2))):
            curves["train_loss"][at] = (curves["train_loss"][at][0], draw.choice((math.inf, math.nan)))
    if change == "nan":
        at = draw.randrange(1, n - 1)
        for name in ("train_loss", "val_loss"):
            curves[name] = [(step, value if i < at else math.nan) for i, (step, value) in enumerate(curves[name])]
    if change == "no validation":
        return {"train_loss": curves["train_loss"]}
    if change == "seldom":
        keep = sorted(draw.sample(range(n // 2, n), draw.choice((1, 2))))
        curves |= {name: [curves[name][at] for at in keep] for name in ("val_loss", "val_accuracy")}
    elif n > 20 and draw.random() < 0.5:  # validation is measured more seldom
        keep = draw.choice((2, 4))
        curves |= {name: curves[name][keep - 1 :: keep] for name in ("val_loss", "val_accuracy")}
    if draw.random() < 0.25 and change != "holes":
        curves["val_accuracy"] = [(step, 100 * value) for step, value in curves["val_accuracy"]]
    elif draw.random() < 0.25 and change != "rare":  # without accuracy nothing tells a majority
        del curves["val_accuracy"]
    return curves


def made(name: str, number: int) -> tuple[str, bytes, dict[str, object]]:
    """The path of one log, its bytes, and what is right of it."""
    way, place = WAYS[name], list(WAYS).index(name)
    for trial in range(TRIES):
        seed = 10_000 * place + 100 * number + trial
        curves, classes, on_train, on_val = train(way, seed)
        if (way.branch == "diverged" and way.change != "nan") or math.isnan(on_val) or way.fits(on_train, on_val):
            break
    else:
        raise SystemExit(f"{name}: none of {TRIES} runs came out as it was meant to: {on_train:.2f} {on_val:.2f}")
    draw = random.Random(seed)
    write = log_formats.FORMATS[(5 * place + 7 * number) % len(log_formats.FORMATS)]
    file, data = write({part: points for part, points in curves.items() if points})
    known = (way.branch != "healthy" and draw.random() < 0.4) or classes != 10 or draw.random() < 0.6
    label = {
        "branch": way.branch,
        "way": name,
        "classes": classes if known else None,
        "format": write.__name__,
        "apart": number >= way.count,
        "points": len(curves["train_loss"]),
        "accuracy": [round(on_train, 3), round(on_val, 3)],
    }
    return f"{name.replace(' ', '-')}-{number:02}/{file}", data, label


def main() -> None:
    """Make the logs and write them."""
    torch.set_num_threads(1)
    logs, labels = {}, {}
    for name, way in WAYS.items():
        for number in range(way.count + way.apart):
            path, data, label = made(name, number)
            logs[path], labels[path.partition("/")[0]] = data, label
            print(path, label, flush=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tarfile.open(FOLDER / "corpus.tar.xz", "w:xz", preset=9) as archive:
        for path, data in sorted(logs.items()):
            about = tarfile.TarInfo(path)
            about.size = len(data)
            archive.addfile(about, io.BytesIO(data))
    (FOLDER / "labels.json").write_text(json.dumps(labels, indent=1) + "\n", "utf-8")
    print(len(logs), "logs,", (FOLDER / "corpus.tar.xz").stat().st_size, "bytes")


if __name__ == "__main__":
    main()
