"""What the package has to say to a topic's page, as plain data: worked out once for each state of the sources."""

import importlib
import json
from collections.abc import Callable
from typing import Any

import keeping
from context import ROOT
from drawings import sources


def worked_out(room: str, topic: str, plain: Callable[[Any], dict[str, dict]]) -> dict[str, dict]:
    """What ``plain`` makes of the module ``cnnbook.ROOM.TOPIC``, kept under .cache; nothing where there is no such
    module. To import it takes longer than to read what was kept.
    """
    if not (ROOT / f"src/cnnbook/{room}/{topic}.py").is_file():
        return {}
    head = topic.replace("/", "-")

    def work_out() -> str:
        return json.dumps(plain(importlib.import_module(f"cnnbook.{room}.{topic.replace('/', '.')}")))

    return json.loads(keeping.once(ROOT / f".cache/{room}/{head}-{sources()}", work_out, older=f"{head}-*"))
