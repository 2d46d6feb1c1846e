"""Golden vectors of the network that a reader trains in the page: what torch makes of its layers, its randomness, and
sixty steps of its training.

``python tools/golden_network.py`` writes ``tests/widgets/golden/network.json``, a list with one case a line. A case
names its operation. Weights and orders, which must agree bit for bit, stand there as the SHA-256 of their bytes.
"""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cnnbook.data.batches import standardised
from cnnbook.data.sources import arrays
from cnnbook.data.splits import noisy, shuffled, split
from cnnbook.files import write_whole
from cnnbook.generalisation.augmentation import RandomShift
from cnnbook.generalisation.weight_penalty import l1_penalty, l2_penalty
from cnnbook.parameters import learning_rate
from cnnbook.parameters.recipe import Curves, diagnose
from cnnbook.randomness import key_of, seed_layers, set_step, stream, uniform
from cnnbook.training.config import Optimizer
from cnnbook.training.metrics import classification_scores
from cnnbook.training.networks import build
from cnnbook.training.optimizers import configure
from golden import render

FILE = Path(__file__).parents[1] / "tests/widgets/golden/network.json"
STEPS, EXAMPLES, BATCH = 60, 48, 8
RUNS: list[tuple[dict[str, Any], Optimizer]] = [  # options of the network, and the optimiser
    ({}, Optimizer("sgd", lr=0.2, momentum=0.0)),
    ({"dropout": 0.5}, Optimizer("sgd", lr=0.02, momentum=0.9, weight_decay=0.01)),
    ({"batch_norm": True}, Optimizer("adam", lr=2e-3, weight_decay=0.01)),
    ({"channel_dropout": 0.2, "dropout": 0.3}, Optimizer("adamw", lr=2e-3, weight_decay=0.1)),
    ({"hidden": 30, "channels": (3, 6)}, Optimizer("adam", lr=2e-3, schedule="cosine", warmup=5)),
]


def numbers(tensor: Tensor) -> list:
    """Ten digits of each: what every machine agrees on."""
    return [float(f"{value:.10g}") for value in tensor.detach().flatten().tolist()]


def digest(tensor: Tensor, kind: type) -> str:
    return hashlib.sha256(tensor.detach().numpy().astype(kind).tobytes()).hexdigest()


def drawn(shape: tuple[int, ...], number: int) -> Tensor:
    """Numbers from −1 to 1 that JavaScript draws alike."""
    return 2 * uniform(shape, torch.tensor(key_of(5, number, 0), dtype=torch.int32)).double() - 1


def layers() -> list[dict]:
    """A forward and a backward pass of each kind of layer."""
    made: dict[str, tuple[nn.Module, tuple[int, ...]]] = {
        "conv2d": (nn.Conv2d(2, 5, 3, stride=2, padding=1), (3, 2, 7, 6)),
        "conv2d_plain": (nn.Conv2d(3, 4, 2), (2, 3, 4, 5)),
        "linear": (nn.Linear(12, 7), (5, 3, 2, 2)),
        "relu": (nn.ReLU(), (2, 3, 4, 4)),
        "max_pool2d": (nn.MaxPool2d(3, 2), (2, 2, 7, 6)),
        "avg_pool2d": (nn.AvgPool2d(2), (2, 3, 5, 4)),
        "batch_norm2d": (nn.BatchNorm2d(3), (4, 3, 2, 3)),
    }
    cases = []
    for op, (layer, shape) in made.items():
        layer.double()
        x = drawn(shape, 1).requires_grad_()
        for number, one in enumerate(layer.parameters()):
            one.data = drawn(tuple(one.shape), 2 + number)
        y = layer(x.flatten(1) if op == "linear" else x)
        y.backward(drawn(tuple(y.shape), 9))
        case = {"op": op, "shape": list(shape), "output": numbers(y), "dx": numbers(x.grad)}  # ty: ignore[invalid-argument-type]
        case["grads"] = [numbers(one.grad) for one in layer.parameters() if one.grad is not None]
        case["buffers"] = [numbers(one) for name, one in layer.named_buffers() if name.startswith("running")]
        case["evaluated"] = numbers(layer.eval()(x.flatten(1) if op == "linear" else x))
        cases.append(case)
    return cases


def losses() -> list[dict]:
    logits, labels = 4 * drawn((6, 10), 20), [0, 3, 9, 9, 1, 5]
    cases = []
    for smoothing in (0.0, 0.1):
        x = logits.clone().requires_grad_()
        loss = F.cross_entropy(x, torch.tensor(labels), label_smoothing=smoothing)
        loss.backward()
        found = {"loss": numbers(loss)[0], "grad": numbers(x.grad)}  # ty: ignore[invalid-argument-type]
        cases.append({"op": "cross_entropy", "labels": labels, "smoothing": smoothing, **found})
    for penalty in (l2_penalty, l1_penalty):
        parameters = {"weight": drawn((4, 5), 21).requires_grad_(), "bias": drawn((4,), 22).requires_grad_()}
        loss = penalty(parameters, 0.3)
        loss.backward()
        gradient = parameters["weight"].grad
        cases.append({"op": penalty.__name__, "loss": numbers(loss)[0], "grad": numbers(gradient)})  # ty: ignore[invalid-argument-type]
    many, truth = 3 * drawn((200, 10), 23), torch.arange(200) * 7 % 10
    found = classification_scores(many.float(), truth)
    return [*cases, {"op": "scores", **{name: float(f"{value:.5g}") for name, value in found.items()}}]


def optimizers() -> list[dict]:
    cases = []
    for name, momentum, decay in (
        ("sgd", 0.0, 0.1), ("sgd", 0.9, 0.0), ("sgd", 0.9, 0.1), ("adam", 0.0, 0.0), ("adam", 0.0, 0.1),
        ("adamw", 0.0, 0.1),
    ):  # fmt: skip
        parameter = nn.Parameter(drawn((9,), 30))
        steps = configure([parameter], Optimizer(name, lr=0.05, momentum=momentum, weight_decay=decay), 1)["optimizer"]
        for step in range(6):
            parameter.grad = drawn((9,), 31 + step)
            steps.step()
        case = {"op": "optimizer", "name": name, "lr": 0.05, "momentum": momentum, "weightDecay": decay}
        cases.append(case | {"output": numbers(parameter)})
    for name in ("constant", "cosine", "step_decay", "exponential_decay", "one_cycle"):
        shares = [getattr(learning_rate, name)(t, 12) for t in range(12)]
        cases.append({"op": "schedule", "name": name, "output": numbers(torch.tensor(shares, dtype=torch.float64))})
    return cases


def randomness() -> list[dict]:
    cases: list[dict] = []
    for seed, purpose in ((0, ("split",)), (3, ("order", 0)), (4294967295, ("order", 12)), (7, ("weights",))):
        generator = stream(seed, *purpose)
        order = torch.randperm(700, generator=generator)  # beyond the first 624 numbers of the generator
        shift = torch.randint(1, 10, (9,), generator=generator)
        cases.append({"op": "stream", "seed": seed, "purpose": purpose, "order": digest(order, np.int32)})
        cases[-1]["shift"] = shift.tolist()
    pool = torch.arange(10).repeat_interleave(torch.arange(40, 50))[torch.randperm(445, generator=stream(1, "pool"))]
    for seed, n in ((0, 300), (0, 50), (11, 128)):
        rows, _ = split(pool, n, 0, seed)
        most, _ = split(pool, 400, 0, seed)
        places = []
        for row in rows.tolist():  # its place among those of its class, in the order in which the seed draws them
            members = torch.nonzero(pool == pool[row]).flatten()
            generator = stream(seed, "split")
            perms = [torch.randperm(int((pool == c).sum()), generator=generator) for c in range(10)]
            places.append(members[perms[int(pool[row])]].tolist().index(row))
        cases.append({"op": "split", "pool": pool.bincount().tolist(), "n": n, "seed": seed})
        cases[-1] |= {"labels": pool[rows].tolist(), "places": places}
        assert set(rows.tolist()) <= set(most.tolist())
        for share in (0.3, 0.9, 0.25):
            labels = noisy(pool[rows], share, 10, seed).tolist()
            cases.append({"op": "noisy", "n": n, "seed": seed, "share": share, "labels": labels, "of": len(cases)})
        order = torch.cat([shuffled(rows, stream(seed, "order", epoch)) for epoch in range(3)])
        cases.append({"op": "order", "seed": seed, "n": n, "order": digest(order, np.int32)})
    for seed, step, layer in ((0, 0, 0), (7, 100, 3), (4294967295, 2**31, 1)):
        key = torch.tensor(key_of(seed, step, layer), dtype=torch.int32)
        values = digest(uniform((5, 70), key), np.float32)
        cases.append({"op": "uniform", "seed": seed, "step": step, "layer": layer, "values": values})
    data = arrays("fashion-mnist-mini")
    table = standardised(torch.arange(256, dtype=torch.uint8), data)
    cases.append({"op": "standardised", "mean": data.mean, "std": data.std, "values": digest(table, np.float32)})
    shift = seed_layers(RandomShift(2, -0.5), seed=4)
    set_step(shift, 9)
    moved = shift(drawn((6, 1, 8, 8), 40).float(), torch.zeros(6))[0]
    cases.append(
        {"op": "shifted", "seed": 4, "step": 9, "pixels": 2, "fill": -0.5, "values": digest(moved, np.float32)}
    )
    for options in ({}, {"hidden": 30, "channels": (3, 6)}):
        for seed in (0, 9):
            weights = torch.cat([one.flatten() for one in build("small-cnn", options, seed).parameters()])
            cases.append({"op": "weights", "options": options, "seed": seed, "values": digest(weights, np.float32)})
    return cases


def trained(options: dict[str, Any], config: Optimizer, dtype: torch.dtype, seed: int = 3) -> tuple[list[float], float]:
    """The loss of each step, and the length of all weights after the last."""
    network = build("small-cnn", options, seed).to(dtype)
    inputs = drawn((EXAMPLES, 1, 28, 28), 50).to(dtype)
    labels = torch.arange(EXAMPLES) * 3 % 10
    made = configure(network.parameters(), config, STEPS)
    order = torch.cat([shuffled(labels, stream(seed, "order", epoch)) for epoch in range(STEPS * BATCH // EXAMPLES)])
    found = []
    for step, rows in enumerate(order.split(BATCH)):
        set_step(network, step)
        made["optimizer"].zero_grad()
        loss = F.cross_entropy(network(inputs[rows]), labels[rows])
        loss.backward()
        made["optimizer"].step()
        if "lr_scheduler" in made:
            made["lr_scheduler"]["scheduler"].step()
        found.append(float(loss.detach()))
    return found, float(torch.cat([one.detach().flatten() for one in network.parameters()]).norm())


def training() -> list[dict]:
    cases = []
    for options, config in RUNS:
        for kind, dtype in (("Float64Array", torch.float64), ("Float32Array", torch.float32)):
            loss, norm = trained(options, config, dtype)
            settings = {"name": config.name, "lr": config.lr, "momentum": config.momentum}
            settings |= {"weightDecay": config.weight_decay, "schedule": config.schedule, "warmup": config.warmup}
            cases.append({"op": "training", "kind": kind, "options": options, "optimizer": settings})
            cases[-1] |= {"seed": 3, "examples": EXAMPLES, "batch": BATCH, "losses": loss, "norm": norm}
    return cases


def diagnoses() -> list[dict]:
    """Curves of many kinds, short and long, smooth and scattered, with what the questions make of them."""
    cases = []
    for number in range(90):
        u = ((drawn((8,), 100 + number) + 1) / 2).tolist()
        points = (3, 4, 6, 9, 14, 24, 25, 61)[int(8 * u[0])]
        noise = drawn((3, points), 300 + number) * (0.0, 0.02, 0.1, 0.4)[int(4 * u[1])]
        t = torch.linspace(0, 1, points, dtype=torch.float64)
        train = 2.3 * torch.exp(-(0.2, 0.6, 1.5, 6.0)[int(4 * u[2])] * t) + (0.0, 0.0, 0.7, 2.0)[int(4 * u[3])] * t**4
        val = train + (0.0, 0.1, 0.6, 1.5)[int(4 * u[4])] * t**2 + (0.0, 1.5)[int(u[5] > 0.9)] * (1 - t)
        accuracy = (1 - val / 2.6).clamp(0.05, 0.99)
        curves = [(one + more).abs() for one, more in zip((train, val), noise[:2], strict=True)]
        if u[6] < 0.15:
            curves[int(u[6] > 0.07)][-(1 + int(20 * u[6])) :] = torch.nan
        if u[7] < 0.1:
            curves[0][-1] += 3
        if 0.5 < u[7] < 0.6:
            curves[0] = 1.46 - 0.03 * u[1] * t
        if u[7] > 0.9:
            accuracy = torch.full_like(t, 0.6)
        steps = [10 * at for at in range(points)]
        values = [one.tolist() for one in (*curves, accuracy)]
        shown = [[None if value != value else float(f"{value:.4g}") for value in one] for one in values]
        pairs = [list(zip(steps, one, strict=True)) for one in shown]
        given = [[(step, torch.nan if value is None else value) for step, value in one] for one in pairs]
        found = diagnose(Curves(*given, classes=10))
        cases.append({"op": "diagnosis", "curves": pairs, "branch": found.branch.value, "sure": found.sure.value})
    return cases


def steady() -> list[dict]:
    """The cases that are the same on every machine: all but the training, where last digits add up."""
    return [*layers(), *losses(), *optimizers(), *randomness(), *diagnoses()]


if __name__ == "__main__":
    torch.set_num_threads(1)
    found = [*steady(), *training()]
    write_whole(FILE, render(found))
    print(f"{FILE}: {len(found)} cases")
