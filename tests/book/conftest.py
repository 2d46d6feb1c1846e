"""The built site, served once for all tests that look at it."""

import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import pytest

import book

try:
    import resource
except ImportError:  # Windows counts no children
    resource = None

LIMIT = 15  # seconds of CPU for a warm build


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
    done = subprocess.run(command, cwd=book.ROOT, env={**os.environ, **addresses}, capture_output=True, text=True)
    if done.returncode:
        pytest.fail(f"the site does not build:\n{done.stderr}", pytrace=False)
    return cpu() - before, set(labs.glob("*")) == run


@pytest.fixture(scope="session")
def site():
    """Both languages, built strictly for the port they are served at (instant navigation asks for that)."""
    httpd = book.server(0)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    used, warm = build(httpd.server_port)
    if not warm or used >= LIMIT:  # once more, with the labs run, or on a machine that was busy
        used = build(httpd.server_port)[0]
    yield Site(f"http://127.0.0.1:{httpd.server_port}/", book.SITE, used)
    httpd.shutdown()


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


@pytest.fixture(scope="session")
def context(browser, site):
    """One window for all pages, in Chinese, without moving parts."""
    context = browser.new_context(locale="zh-CN", reduced_motion="reduce", base_url=site.root)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture(scope="session")
def session_watch(context, site):
    return Watch(context, site.root)


@pytest.fixture
def watch(session_watch):
    session_watch.start()
    return session_watch


@pytest.fixture
def tab(context):
    """A page of that window. (The name page is pytest-playwright's, with a new window each time.)"""
    tab = context.new_page()
    yield tab
    tab.close()
