"""``cnnbook doctor``."""

from __future__ import annotations

import importlib.util
import os
import shutil

from rich.table import Table

from cnnbook.cli.console import console
from cnnbook.evidence import registry
from cnnbook.evidence.environment import INSTALL_DASK, device, is_first_process, rank, versions
from cnnbook.evidence.paths import found_result, results_dir

VISIBLE = "CUDA_VISIBLE_DEVICES"


def show() -> None:
    """Prints versions, the device that ``--accelerator auto`` takes, the data sets and the results that are here."""
    import torch

    table = Table(show_header=False)
    for package, version in versions().items():
        table.add_row(package, version)
    table.add_row("device", device())
    if (asked := os.environ.get(VISIBLE)) is not None:
        table.add_row(VISIBLE, f"{asked!r}: {_hidden()}")
    if not is_first_process():
        name, number = rank()
        table.add_row(name, f"{number}: run and verify measure along here, and print and write nothing")
    table.add_row("threads", f"{torch.get_num_threads()} of {os.cpu_count()}")
    dask = "present" if importlib.util.find_spec("distributed") else f"absent: {INSTALL_DASK}"
    table.add_row("dask (--cluster)", dask)
    for name, state in _data():
        table.add_row(f"data: {name}", state)
    folder = results_dir()
    files = [found_result(name) for name in registry.names()]
    there = [path for path in files if path.is_file()]
    own = sum(path.is_relative_to(folder) for path in there)
    installed = f"; {len(there) - own} installed with the package" if own < len(there) else ""
    free = shutil.disk_usage(folder if folder.is_dir() else folder.parent).free / 2**30
    table.add_row("results", f"{own} of {len(files)} in {folder} ({free:.1f} GiB free){installed}")
    console().print(table)


def _hidden() -> str:
    """What a list of visible GPUs hides."""
    import torch

    if not torch.version.cuda and not torch.version.hip:
        return f"of no effect, torch {torch.__version__} is built without CUDA"
    seen = torch.cuda.device_count()
    return f"{f'all GPUs but {seen} are' if seen else 'every GPU is'} hidden; unset it to see them"


def _data() -> list[tuple[str, str]]:
    from cnnbook import data
    from cnnbook.data.download import cache_folder

    found = []
    for name in data.names():
        card = data.card(name)
        here = all((cache_folder() / name / file["name"]).is_file() for file in card.files)
        state = "installed" if card.embedded else "here" if here else f"not here: python -m cnnbook.data {name}"
        found.append((name, f"{state}, {card.size / 2**20:.1f} MiB"))
    return found
