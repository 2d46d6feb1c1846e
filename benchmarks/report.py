"""Write the result of a benchmark: what was measured, on what, in one atomic step."""

from __future__ import annotations

import datetime
import json
import os
import platform
from pathlib import Path
from typing import Any

import pytorch_lightning
import torch

from cnnbook.files import write_whole


def write(path: Path, name: str, rows: list[dict[str, Any]], settings: dict[str, Any], **machine: Any) -> None:
    """Write ``rows`` with versions, machine and load to ``path``; the file is whole or not there."""
    result = {
        "benchmark": name,
        "date": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "settings": settings,
        "versions": {
            "python": platform.python_version(),
            "torch": torch.__version__,
            "pytorch_lightning": pytorch_lightning.__version__,
        },
        "machine": {
            "processor": platform.processor() or platform.machine(),
            "cores": os.cpu_count(),
            "load": [round(x, 2) for x in os.getloadavg()],
            **machine,
        },
        "rows": rows,
    }
    write_whole(path, json.dumps(result, indent=1, ensure_ascii=False) + "\n")
