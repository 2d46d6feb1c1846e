"""Golden vectors of <upsampling-widget>: what torch makes of its layers, its initial weights, sixty steps of its
training, and what the bench measures.

``python tools/golden_upsampling.py`` writes ``tests/widgets/golden/upsampling.json``, a list with one case a line. A
case names its operation. Weights, which must agree bit for bit, stand there as the SHA-256 of their bytes.
"""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cnnbook.convolution.checkerboard import local_phase_share, phase_share
from cnnbook.data.photographs import enlarge, shrink
from cnnbook.data.splits import shuffled
from cnnbook.experiments.convolution._super_resolution import BORDER, GREYS, SCALE, SuperResolution, phase_spread
from cnnbook.files import write_whole
from cnnbook.names import name_of
from cnnbook.randomness import stream
from cnnbook.training.config import Optimizer
from cnnbook.training.networks import build
from cnnbook.training.optimizers import configure
from golden import render
from golden_network import digest, drawn, numbers

FILE = Path(__file__).parents[1] / "tests/widgets/golden/upsampling.json"
STEPS, EXAMPLES, BATCH, SIDE, SEED = 60, 24, 4, 8, 3
ARMS = {  # by the bench's names: the layer and its start, as the widget names them
    **{f"transposed_k{k}": (f"k{k}", "fan_in") for k in (2, 3, 4, 6)},
    **{f"default_k{k}": (f"k{k}", "default") for k in (2, 3, 4, 6)},
    "nearest": ("nearest", "default"),
    "sub_pixel": ("sub_pixel", "default"),
    "sub_pixel_icnr": ("sub_pixel", "icnr"),
}
RUNS = (
    *(("transposed_k2", "mse"), ("default_k3", "mse"), ("transposed_k4", "l1"), ("transposed_k6", "mse")),
    *(("nearest", "mse"), ("sub_pixel", "l1"), ("sub_pixel_icnr", "mse")),
)


def network_of(arm: str, seed: int) -> SuperResolution:
    return build(name_of(SuperResolution), {"upsampler": arm}, seed)  # ty: ignore[invalid-return-type]


def layers() -> list[dict]:
    """A forward and a backward pass of each kind of layer; ``cut``: cells less at the end than torch gives."""
    made: dict[str, tuple[nn.Module, tuple[int, ...], list[int]]] = {
        "replication_pad2d": (nn.ReplicationPad2d(2), (2, 3, 4, 5), [2]),
        "upsample": (nn.Upsample(scale_factor=3), (2, 2, 3, 4), [3]),
        "pixel_shuffle": (nn.PixelShuffle(2), (2, 12, 3, 2), [2]),
        "conv_transpose2d": (nn.ConvTranspose2d(3, 2, 3, 2, 1, 1), (2, 3, 4, 5), [2, 3, 2, 1, 1]),
        "conv_transpose2d_four": (nn.ConvTranspose2d(5, 1, 4, 2, 3), (3, 5, 6, 4), [1, 4, 2, 3, 0]),
        "conv_transpose2d_cut": (nn.ConvTranspose2d(4, 1, 3, 2, 2), (2, 4, 6, 5), [1, 3, 2, 2, -1]),
        "conv_transpose2d_large": (nn.ConvTranspose2d(2, 1, 2, 3), (2, 2, 3, 3), [1, 2, 3, 0, 0]),
    }
    cases = []
    for op, (layer, shape, options) in made.items():
        layer.double()
        x = drawn(shape, 1).requires_grad_()
        for number, one in enumerate(layer.parameters()):
            one.data = drawn(tuple(one.shape), 2 + number)
        cut = -min(0, options[-1])
        whole = layer(x)
        y = whole[..., : whole.shape[2] - cut, : whole.shape[3] - cut]
        y.backward(drawn(tuple(y.shape), 9))
        case = {"op": op, "options": options, "shape": list(shape), "output": numbers(y)}
        cases.append(case | {"dx": numbers(x.grad), "grads": [numbers(one.grad) for one in layer.parameters()]})  # ty: ignore[invalid-argument-type]
    return cases


def plain() -> list[dict]:
    """Losses with their gradients; bicubic interpolation; initial weights; which patches a seed draws."""
    cases: list[dict] = []
    target = drawn((3, 7), 21)
    for kind, loss in (("mse", F.mse_loss), ("l1", F.l1_loss)):
        x = drawn((3, 7), 20).requires_grad_()
        value = loss(x, target)
        value.backward()
        cases.append({"op": "mean_error", "kind": kind, "loss": numbers(value)[0], "grad": numbers(x.grad)})  # ty: ignore[invalid-argument-type]
    image = drawn((1, 1, 20, 16), 22)
    cases.append({"op": "shrink", "size": [20, 16], "to": [10, 8], "output": numbers(shrink(image, 2))})
    cases.append({"op": "enlarge", "size": [20, 16], "to": [40, 32], "output": numbers(enlarge(image, 2))})
    for arm, (kind, start) in ARMS.items():
        weights = torch.cat([one.flatten() for one in network_of(arm, 7).parameters()])
        case = {"op": "weights", "kind": kind, "start": start, "seed": 7, "count": len(weights)}
        cases.append(case | {"values": digest(weights, np.float32)})
    for seed in range(3):
        rows = torch.randperm(10092, generator=stream(seed, "split"))[:256]  # as cnnbook.data.splits.split draws images
        cases.append({"op": "patches", "seed": seed, "rows": digest(rows, np.int32)})
    return cases


def measured() -> list[dict]:
    """What the bench measures of a network, here in float64 and of a small picture."""
    cases = []
    image = (drawn((1, 1, 64, 64), 23) + 1) / 2
    for arm in ("transposed_k3", "default_k4", "transposed_k6", "nearest", "sub_pixel"):
        network = network_of(arm, 5).double()
        grey = (torch.tensor(GREYS, dtype=torch.float64) / 255)[:, None, None, None].expand(-1, 1, 20, 20)
        middle = (..., slice(BORDER, -BORDER), slice(BORDER, -BORDER))
        with torch.no_grad():
            added = network.residual(shrink(image, SCALE))[middle]
            ripple = 255 * network.residual(grey)[middle].std((1, 2, 3), correction=0).mean()
            bicubic = enlarge(shrink(image, SCALE), SCALE)[middle]
        error = (bicubic + added - image[middle]).square().mean()
        lacking = image[middle] - bicubic
        figures = {"perfect": 100 * local_phase_share(lacking, SCALE, 16)}
        figures |= {"whole": 100 * phase_share(added, SCALE), "local": 100 * local_phase_share(added, SCALE, 16)}
        figures |= {"ripple": ripple, "psnr": -10 * error.log10()}
        spread = 100 * phase_spread(network.float().state_dict())["spread"]
        kind, start = ARMS[arm]
        case: dict[str, Any] = {"op": "measured", "kind": kind, "start": start, "seed": 5, "spread": spread}
        cases.append(case | {name: numbers(value)[0] for name, value in figures.items()})
    return cases


def trained(arm: str, loss: str, dtype: torch.dtype) -> tuple[list[float], float]:
    """The loss of each step, and the length of all weights after the last."""
    network = network_of(arm, SEED).to(dtype)
    inputs = ((drawn((EXAMPLES, 1, SIDE, SIDE), 50) + 1) / 2).to(dtype)
    lacking = (drawn((EXAMPLES, 1, SCALE * SIDE, SCALE * SIDE), 51) / 10).to(dtype)
    made = configure(network.parameters(), Optimizer("adam", lr=2e-3, schedule="cosine"), STEPS)
    rows = torch.arange(EXAMPLES)
    order = torch.cat([shuffled(rows, stream(SEED, "order", epoch)) for epoch in range(STEPS * BATCH // EXAMPLES)])
    found = []
    for batch in order.split(BATCH):
        made["optimizer"].zero_grad()
        value = {"mse": F.mse_loss, "l1": F.l1_loss}[loss](network.residual(inputs[batch]), lacking[batch])
        value.backward()
        made["optimizer"].step()
        made["lr_scheduler"]["scheduler"].step()
        found.append(float(value.detach()))
    return found, float(torch.cat([one.detach().flatten() for one in network.parameters()]).norm())


def training() -> list[dict]:
    cases = []
    for arm, loss in RUNS:
        for real, dtype in (("Float64Array", torch.float64), ("Float32Array", torch.float32)):
            losses, norm = trained(arm, loss, dtype)
            kind, start = ARMS[arm]
            case: dict[str, Any] = {"op": "training", "real": real, "kind": kind, "start": start, "loss": loss}
            case |= {"seed": SEED, "side": SIDE, "examples": EXAMPLES, "batch": BATCH, "lr": 2e-3}
            cases.append(case | {"losses": losses, "norm": norm})
    return cases


def steady() -> list[dict]:
    """The cases that are the same on every machine: all but what adds up many last digits."""
    return [*layers(), *plain()]


if __name__ == "__main__":
    torch.set_num_threads(1)
    found: list[Tensor | dict] = [*steady(), *measured(), *training()]
    write_whole(FILE, render(found))  # ty: ignore[invalid-argument-type]
    print(f"{FILE}: {len(found)} cases")
