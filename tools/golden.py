"""Golden vectors: small integer cases that torch has computed, for whatever must agree with torch exactly.

``python tools/golden.py`` writes ``tests/widgets/golden/{checkerboard,standard,transposed}.json``, a list with one
case a line. A case names its operation and holds the arguments by PyTorch's names, the input, the weight and the
output, as nested lists of integers.

    transposed   conv_transpose1d, conv_transpose2d: input (C_in, *size), weight (C_in, C_out / groups, *k); settings
                 are ints, in two dimensions sometimes pairs.
    standard     cross_correlate2d, which is torch's conv2d, and convolve2d: input (H, W) and weight (kH, kW), or with
                 channels (C_in, H, W) and (C_out, C_in, kH, kW); padding is an int or "valid", "same" or "full".
    checkerboard sizes and what torch says to impossible settings; overlap counts, phase sums and moments, balance,
                 layers on each other, upsamplers; and, as numbers of ten digits, what measures a lattice.
"""

import json
import random
import warnings
from itertools import product
from pathlib import Path

import torch
import torch.nn.functional as F

from cnnbook.convolution import checkerboard
from cnnbook.files import write_whole

FOLDER = Path(__file__).parents[1] / "tests/widgets/golden"
DRAWS = {"conv_transpose1d": 45, "conv_transpose2d": 45}  # beside the chosen cases


def cases() -> dict[str, list[dict]]:
    """Every case, by the name of its file. The same on every machine and with every version of Python."""
    return {"checkerboard": _checkerboard(), "standard": _standard(), "transposed": _transposed()}


def render(some_cases: list[dict]) -> str:
    """A list in JSON, compact, one case a line."""
    return "[\n" + ",\n".join(json.dumps(case, separators=(",", ":")) for case in some_cases) + "\n]\n"


def write(folder: Path = FOLDER) -> None:
    for name, some_cases in cases().items():
        target = folder / f"{name}.json"
        write_whole(target, render(some_cases))
        print(f"{target}: {len(some_cases)} cases")


class _Draw:
    """Whole numbers from `random.random` alone, the one stream that Python promises to keep from version to version."""

    def __init__(self, seed: int):
        self._random = random.Random(seed).random

    def __call__(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self._random() * (high - low + 1))

    def tensor(self, *shape: int) -> torch.Tensor:
        count = torch.Size(shape).numel()
        # Whole numbers in float64: sums and products are exact, so that equal means equal.
        return torch.tensor([self(-4, 4) for _ in range(count)], dtype=torch.float64).reshape(shape)


def _whole(tensor: torch.Tensor) -> list:
    assert torch.equal(tensor, tensor.round())
    return tensor.to(torch.int64).tolist()


def _transposed() -> list[dict]:
    draw = _Draw(seed=14)
    ramp = torch.arange(1.0, 17.0, dtype=torch.float64).reshape(1, 1, 4, 4)
    square = torch.tensor([[[1.0, 2.0], [3.0, 4.0]]], dtype=torch.float64)
    chosen = [
        ("conv_transpose2d", torch.ones_like(square), torch.ones_like(ramp), {"stride": 3}),  # the overlap by itself
        ("conv_transpose2d", square, ramp, {"stride": 3}),
        ("conv_transpose2d", square, ramp, {"stride": 2, "padding": 1}),  # the usual doubling
        ("conv_transpose2d", square, ramp[..., :3, :3], {"stride": 2, "padding": 1, "output_padding": 1}),
        ("conv_transpose1d", square[:, 0], ramp[:, :, 0, :3], {"dilation": 3, "output_padding": 2}),  # past the stride
        ("conv_transpose1d", square[:, 0], ramp[:, :, 0, :2], {"stride": 4, "output_padding": 3}),  # gaps
        ("conv_transpose1d", square[:, 0], ramp[:, :, 0, :1], {"stride": 3, "padding": 1}),  # padding takes every pixel
        ("conv_transpose1d", square[:, 0, :1], ramp[:, :, 0, :2], {"stride": 4, "padding": 2, "output_padding": 3}),
    ]
    result = [_transpose_case(*one) for one in chosen]
    for operation, count in DRAWS.items():
        while count:
            try:
                case = _transpose_case(operation, *_draw_transposed(draw, axes=int(operation[-2])))
            except RuntimeError:  # torch refuses these settings: draw others
                continue
            if torch.tensor(case["output"]).numel() <= 128:  # few enough to read
                result.append(case)
                count -= 1
    return result


def _draw_transposed(draw: _Draw, axes: int) -> tuple[torch.Tensor, torch.Tensor, dict]:
    longest = 5 if axes == 1 else 3

    def setting(low: int, high: int) -> int | list[int]:
        return draw(low, high) if axes == 1 or draw(0, 1) else [draw(low, high) for _ in range(axes)]

    groups = draw(1, 3) if draw(0, 2) == 0 else 1
    inputs, outputs = draw(1, 2) if groups < 3 else 1, draw(1, 2) if groups < 3 else 1
    settings = {
        "stride": setting(1, 3),
        "padding": setting(0, 2),
        "output_padding": setting(0, 2),
        "groups": groups,
        "dilation": setting(1, 3) if draw(0, 1) else 1,
    }
    x = draw.tensor(groups * inputs, *(draw(1, longest) for _ in range(axes)))
    w = draw.tensor(groups * inputs, outputs, *(draw(1, 4 if axes == 1 else 3) for _ in range(axes)))
    return x, w, settings


def _transpose_case(operation: str, x: torch.Tensor, w: torch.Tensor, settings: dict) -> dict:
    settings = {"stride": 1, "padding": 0, "output_padding": 0, "groups": 1, "dilation": 1} | settings
    output = getattr(F, operation)(x, w, **settings)
    return {"op": operation} | settings | {"input": _whole(x), "weight": _whole(w), "output": _whole(output)}


def _standard() -> list[dict]:
    draw = _Draw(seed=5)
    image = torch.arange(1.0, 10.0, dtype=torch.float64).reshape(3, 3)
    edges = torch.tensor([[-1, -2, -1], [0, 0, 0], [1, 2, 1]], dtype=torch.float64)
    patch = torch.tensor([[0, 0, 0], [0, 1, 1], [0, 1, 2]], dtype=torch.float64)
    corners = torch.tensor([[4, 0, 0], [0, 0, 0], [0, 0, -4]], dtype=torch.float64)
    pairs = [(image, edges, 1), (patch, corners, 0)]
    for padding in (0, 1, 2, "valid", "same", "full"):
        for k in (1, 2, 3):
            pairs.append((draw.tensor(draw(3, 4), draw(3, 5)), draw.tensor(k, draw(1, 3)), padding))
        outputs, inputs = draw(1, 2), draw(1, 3)
        pairs.append((draw.tensor(inputs, 3, 4), draw.tensor(outputs, inputs, draw(1, 3), draw(1, 3)), padding))
    return [_standard_case(op, *pair) for pair in pairs for op in ("cross_correlate2d", "convolve2d")]


def _standard_case(operation: str, x: torch.Tensor, w: torch.Tensor, padding: int | str) -> dict:
    images, kernels = (x, w) if w.dim() == 4 else (x[None], w[None, None])
    zeros = tuple(k - 1 for k in kernels.shape[2:]) if padding == "full" else padding
    if operation == "convolve2d":  # cross-correlation in a mirror: turn the image by 180°, and the result back
        images = images.flip(-2, -1)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Using padding='same' with even kernel")  # it may be slow: not here
        output = F.conv2d(images, kernels, padding=zeros)
    if operation == "convolve2d":
        output = output.flip(-2, -1)
    output = output if w.dim() == 4 else output[0]
    return {"op": operation, "padding": padding, "input": _whole(x), "weight": _whole(w), "output": _whole(output)}


def _checkerboard() -> list[dict]:
    draw, cases = _Draw(seed=3), []
    for size, k, settings in [
        ([2], 4, {"stride": 3}),
        ([3], 3, {"stride": 3, "padding": 1, "output_padding": 1, "dilation": 2}),
        ([3, 2], 3, {"stride": [2, 1], "padding": [1, 0], "output_padding": [1, 0]}),
        ([2], 4, {"stride": 3, "output_padding": 3}),
        ([2, 3], 2, {"stride": [2, 4], "output_padding": [3, 1], "dilation": [1, 2]}),
        ([3], 2, {"padding": 4}),
        ([3, 2], 2, {"stride": 2, "padding": [1, 2]}),
        ([3, 2], 2, {"padding": 4, "output_padding": 1}),  # both are wrong: one is named
    ]:
        kernel = torch.ones(1, 1, *[k] * len(size), dtype=torch.float64)
        case = {"op": "size", "size": size, "kernel_size": k, **settings}
        try:
            up = F.conv_transpose1d if len(size) == 1 else F.conv_transpose2d
            cases.append(
                case | {"output": list(up(torch.ones(1, *size, dtype=torch.float64), kernel, **settings).shape[1:])}
            )
        except RuntimeError as error:
            cases.append(case | {"refused": str(error)})
    for axes, k, stride, dilation in [
        (1, 4, 3, 1),
        (1, 4, 2, 1),
        (1, 3, 2, 1),
        (1, 4, 3, 2),
        (1, 4, 2, 2),
        (2, 4, 3, 1),
        (2, 3, 2, 1),
    ]:
        size = [draw(2, 4) for _ in range(axes)]
        settings = {"stride": stride, "dilation": dilation}
        up, kernel = (F.conv_transpose1d, F.conv_transpose2d)[axes - 1], draw.tensor(1, 1, *[k] * axes)
        counts = up(torch.ones(1, *size, dtype=torch.float64), torch.ones_like(kernel), **settings)[0]
        cases.append({"op": "overlap", "size": size, "kernel_size": k, **settings, "output": _whole(counts)})
        # One period of the output on constant input, well inside; it begins with phase 0.
        many = up(torch.ones(1, *[3 * k] * axes, dtype=torch.float64), kernel, **settings)[0]
        inside = slice(-(-k * dilation // stride) * stride, None)
        period = many[(inside,) * axes][(slice(stride),) * axes]
        flat = bool((period == period.flatten()[0]).all())
        cases.append(
            {"op": "phase_sums", **settings, "weight": _whole(kernel[0, 0]), "output": _whole(period), "balanced": flat}
        )
        if stride % dilation or dilation == 1:  # every phase has a tap
            balanced = checkerboard.balance_phases(kernel[0, 0], stride, dilation)
            cases.append(
                {"op": "balance_phases", **settings, "weight": _whole(kernel[0, 0]), "output": _digits(balanced)}
            )
    for rows, k, stride, layers in ((1, 4, 3, 1), (1, 3, 2, 3), (3, 3, 2, 2), (4, 4, 3, 2), (1, 2, 4, 2)):
        kernel = draw.tensor(1, 1, *([k] if rows == 1 else [rows, k]))
        stack = kernel
        for _ in range(layers - 1):
            stack = (F.conv_transpose1d if rows == 1 else F.conv_transpose2d)(stack, kernel, stride=stride)
        case = {"op": "stacked", "stride": stride, "layers": layers, "weight": _whole(kernel[0, 0])}
        cases.append(case | {"output": _whole(stack[0, 0])})
    for axes, k, stride in ((1, 4, 2), (1, 5, 3), (2, 3, 2), (2, 6, 3), (2, 3, 4)):
        line = (1 - (torch.arange(k) - (k - 1) / 2).abs().double() / stride).clamp(min=0)
        both = line if axes == 1 else torch.outer(line, line)
        cases.append({"op": "tent", "axes": axes, "k": k, "stride": stride, "output": _digits(both)})
    for r, channels in ((2, 1), (2, 2), (3, 1)):
        x = draw.tensor(channels * r * r, 2, 1 + channels)
        cases.append({"op": "pixel_shuffle", "r": r, "input": _whole(x), "output": _whole(F.pixel_shuffle(x, r))})
    for scale in (2, 3):
        x = draw.tensor(2, 3)
        for mode in ("nearest", "bilinear"):
            enlarged = F.interpolate(x[None, None], scale_factor=scale, mode=mode)[0, 0]
            cases.append({"op": mode, "scale": scale, "input": _whole(x), "output": _digits(enlarged)})
    for height, width, stride in ((6, 6, 2), (7, 8, 3), (8, 9, [2, 3]), (8, 8, 4)):
        x = draw.tensor(height, width) + torch.arange(width) % (stride if isinstance(stride, int) else stride[1])
        for measure in (checkerboard.phase_share, checkerboard.lattice_spectrum):
            cases.append(
                {"op": measure.__name__, "stride": stride, "input": _whole(x), "output": _digits(measure(x, stride))}
            )
        for axis in (-1, -2):
            power = checkerboard.power_spectrum(x, axis)
            cases.append({"op": "power_spectrum", "axis": axis, "input": _whole(x), "output": _digits(power)})
    return cases + _hidden(draw) + _ramps(draw)


def _hidden(draw: _Draw) -> list[dict]:
    """Local phase shares: of lattices that change their sign, of noise, and of an image with a flat part."""
    cases = []
    for height, width, stride, tile in ((8, 8, 2, 4), (9, 17, 2, [4, 8]), (13, 12, 3, 6), (8, 14, [2, 3], [4, 6])):
        x, across = draw.tensor(height, width), stride if isinstance(stride, int) else stride[1]
        column = torch.arange(width)
        x = x + 3 * (column % across) * (1 - 2 * (column >= width // 2).long())
        x[:4, : width // 2] = 2
        share = checkerboard.local_phase_share(x, stride, tile)
        cases.append(
            {"op": "local_phase_share", "stride": stride, "tile": tile, "input": _whole(x), "output": _digits(share)}
        )
    return cases


def _ramps(draw: _Draw) -> list[dict]:
    """First moments, and the balance for ramps, of the kernels that have taps enough among those of the figure."""
    cases = []
    for axes, stride, k in product((1, 2), (1, 2, 3, 4), range(1, 7)):
        kernel, degrees = draw.tensor(*[k] * axes), ([1],) if axes == 1 else ([1, 0], [0, 1])
        case = {"stride": stride, "weight": _whole(kernel)}
        if k >= stride > 1:
            moments = sum(checkerboard.phase_moments(kernel, stride, degree=one) for one in degrees)
            cases.append({"op": "phase_moments", **case, "output": _whole(moments)})
        if k > 2 * (stride - 1):
            balanced = checkerboard.balance_phases(kernel, stride, order=2)
            cases.append({"op": "balance_phases", "order": 2, **case, "output": _digits(balanced)})
    return cases


def _digits(tensor: torch.Tensor) -> list | float:
    """Ten digits: what every machine agrees on."""
    if tensor.dim():
        return [_digits(part) for part in tensor]
    value = float(tensor)
    return 0.0 if abs(value) < 1e-12 else float(f"{value:.10g}")


if __name__ == "__main__":
    write()
