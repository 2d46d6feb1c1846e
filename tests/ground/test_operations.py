"""Every public operation in every precision, under autocast, compiled, vectorised and without numbers (meta).

What the table (operations.py) says is held in both directions: what is borne works and gives the right values, what is
not raises.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

import pytest
import torch
from operations import EXEMPT, HALVES, KINDS, ROWS, Row
from torch import Tensor, nn

PARTS = ("convolution", "generalisation", "domains")
DTYPES = {name: getattr(torch, name) for name in ("float32", "float64", *HALVES)}
BUT = {(name, kind) for name, row in ROWS.items() for kind in row.but}


def tensors_of(result: Any) -> list[Tensor]:
    """All tensors of a result, in order."""
    if isinstance(result, Tensor):
        return [result]
    if isinstance(result, dict):
        return [value for one in result.values() for value in tensors_of(one)]
    if isinstance(result, tuple | list):
        return [value for one in result for value in tensors_of(one)]
    return [torch.tensor(float(result), dtype=torch.float64)]


def called(row: Row, dtype: torch.dtype, device: str = "cpu", change: Any = lambda function: function) -> list[Tensor]:
    """The operation on its tensors, floats of one dtype."""
    function = row.make()
    if isinstance(function, nn.Module):
        function = function.to(device=device, dtype=dtype)
    return tensors_of(change(function)(*inputs(row, dtype, device)))


def inputs(row: Row, dtype: torch.dtype, device: str = "cpu") -> list[Tensor]:
    return [x.to(device, dtype) if x.is_floating_point() else x.to(device) for x in row.tensors]


def close(found: list[Tensor], exact: list[Tensor], dtype: torch.dtype, units: float) -> None:
    for one, other in zip(found, exact, strict=True):
        size = float(other.double().abs().max()) if other.numel() else 0.0
        tolerance = units * torch.finfo(dtype).eps * max(size, 1e-3)
        torch.testing.assert_close(one.double(), other.double(), rtol=0, atol=tolerance)


def compiled(function: Any) -> Any:
    torch.compiler.reset()
    return torch.compile(function, backend="eager", fullgraph=True)


def twice(x: Tensor) -> Tensor:
    return torch.stack([x, x])


def check(name: str, kind: str) -> None:
    row = ROWS[name]
    exact = called(row, torch.float64)
    if kind in DTYPES:
        dtype = DTYPES[kind]
        found = called(row, dtype)
        of_inputs = {x.dtype for x in inputs(row, dtype)}
        for one, other in zip(found, exact, strict=True):
            kept = other.dtype == torch.float64 and dtype in of_inputs
            assert one.dtype in ((dtype, torch.float32, torch.float64) if kept else (other.dtype,)), one.dtype
        close(found, exact, dtype, row.rounds)
    elif kind == "autocast":
        with torch.autocast("cpu", torch.bfloat16):
            found = called(row, torch.float32)
        close(found, exact, torch.bfloat16, row.rounds)
    elif kind == "compile":
        close(called(row, torch.float64, change=compiled), exact, torch.float64, 8)
    elif kind == "vmap":
        stacked = called(
            row, torch.float64, change=lambda f: lambda *x: torch.vmap(f)(*(torch.stack([y, y]) for y in x))
        )
        for one, other in zip(stacked, exact, strict=True):
            close([one[1]], [other], torch.float64, 8)
    elif kind == "meta":
        found = called(row, torch.float64, device="meta")
        shapes = [(tuple(one.shape), one.dtype, one.device.type) for one in found]
        assert shapes == [(tuple(one.shape), one.dtype, "meta") for one in exact]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ROWS)
def test_every_operation_bears_what_the_table_says_and_nothing_else(name, kind):
    if kind == "compile" and torch.__version__ < "2.13":
        pytest.skip("torch up to 2.10 breaks the graph where it looks at autocast")
    if (name, kind) in BUT:
        with pytest.raises(Exception):  # noqa: B017 what PyTorch raises has many names
            check(name, kind)
    else:
        check(name, kind)


def test_the_table_has_every_public_name():
    public = set()
    for part in PARTS:
        for module in pkgutil.iter_modules(importlib.import_module(f"cnnbook.{part}").__path__):
            if module.name.startswith("_"):
                continue
            room = importlib.import_module(f"cnnbook.{part}.{module.name}")
            own = [n for n, v in vars(room).items() if callable(v) and getattr(v, "__module__", "") == room.__name__]
            public |= {f"{module.name}.{n}" for n in getattr(room, "__all__", own) if not n.startswith("_")}
    assert {name.split()[0] for name in ROWS} | set(EXEMPT) == public
    assert not {name.split()[0] for name in ROWS} & set(EXEMPT)
