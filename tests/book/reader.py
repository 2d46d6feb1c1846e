"""The book as built, and what a reading session does: for the fixtures in conftest.py and the tests that use them."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

import book

try:
    import resource
except ImportError:  # Windows counts no children
    resource = None

PAGES = 2 * sum(1 for _ in (book.ROOT / "docs/zh").rglob("*.md")) + 2 * sum(
    1 for _ in (book.ROOT / "docs/labs").rglob("*.py")
)
LIMIT = 0.4 * PAGES  # seconds of CPU for a warm build of both languages: what a page may cost


def cpu() -> float:
    """Seconds of CPU that finished children have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN) if resource else None
    return used.ru_utime + used.ru_stime if used else 0.0


@dataclass(frozen=True)
class Site:
    root: str  # http://127.0.0.1:8123/
    folder: Path
    cpu: float  # seconds that the build of both languages took, with the labs run before


def build(port: int) -> tuple[float, bool]:
    """Build both languages: the seconds of CPU, and whether no lab had to run."""
    labs, before = book.ROOT / ".cache/labs", cpu()
    run = set(labs.glob("*"))
    root = f"http://127.0.0.1:{port}"
    addresses = {"CNNBOOK_URL_ZH": f"{root}/zh/", "CNNBOOK_URL_EN": f"{root}/en/"}
    command = [sys.executable, "tools/book.py", "build"]
    environment = os.environ | addresses | {"PYTHONUTF8": "1"}
    done = subprocess.run(command, cwd=book.ROOT, env=environment, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        pytest.fail(f"the site does not build:\n{done.stderr}", pytrace=False)
    return cpu() - before, set(labs.glob("*")) == run


class Watch:
    """What a reading session must be free of, and the addresses it asked for."""

    def __init__(self, context, root: str):
        self.root, self.problems, self.addresses = root, [], set()
        context.on("request", self.request)
        context.on("response", self.response)
        context.on("requestfailed", lambda request: self.problems.append(f"failed: {request.url} {request.failure}"))
        context.on("console", self.console)
        context.on("weberror", lambda error: self.problems.append(f"page error: {error.error}"))

    def request(self, request):
        self.addresses.add(request.url)
        if not request.url.startswith((self.root, "data:", "blob:")):
            self.problems.append(f"asked another host: {request.url}")

    def response(self, response):
        if response.status >= 400:
            self.problems.append(f"{response.status}: {response.url}")

    def console(self, message):
        if message.type == "error":
            self.problems.append(f"console: {message.text}")

    def start(self):
        self.problems.clear()
        self.addresses.clear()
