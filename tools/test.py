"""Run every test: in seven sessions, the pages one by one, what a reader does with them, what with their figures and
with their networks, the code that trains and measures, the commands, all others; then, on a core of their own, the
tests that measure what a move of a figure costs, and on the other those that wait for no browser.

    python tools/test.py

One session leaves a core idle: a browser waits for its page, a build for its labs. Two a core leave little, and the
others wait for their turn: all seven at once on two cores took a tenth more of their time, each out of the caches that
another had filled. (Splitting the tests of a file between processes is what pytest-codeblocks does not bear.) The site
is built once, and served to the sessions that look at it; where no Chromium is found, one is installed meanwhile. The
session of pages prints as it goes; what the others print comes in one piece, when they have ended.
"""

import contextlib
import os
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path

import built

ROOT = Path(__file__).resolve().parent.parent
BOOK, PAGES = "tests/book", "tests/book/test_browser.py"


def files(kind: str) -> list[str]:
    """The tests of the book's pages whose names have a pattern."""
    return [f"{BOOK}/{path.name}" for path in (ROOT / BOOK).glob(f"test_{kind}.py")]


# Figures that compute a formula, and figures in which a network learns or answers: the two take about as long.
NETWORKS = sorted({name for kind in ("training_widget", "upsampling_widget", "ask_*") for name in files(kind)})
FIGURES = sorted({name for kind in ("*_widget", "*_explorer", "widget_*") for name in files(kind)}.difference(NETWORKS))
ON_SITE = "site and not alone"  # tests/book/conftest.py marks what looks at the built site
OFF_SITE = "not site and not alone"
# What waits for no browser, and so fills a core.
BUSY = [f"{BOOK}/test_{name}.py" for name in ("evidence_builds", "strict", "compiling", "kernels", "borrowed")]
ALONE = [str(path) for path in (ROOT / "tests").rglob("test_*.py") if "pytest.mark.alone" in path.read_text("utf-8")]
CODE = [f"tests/{room}" for room in ("evidence", "experiments", "generalisation", "parameters", "training")]
COMMANDS = [f"tests/{room}" for room in ("cli", "exercises", "widgets")]
SESSIONS = {  # as they begin: the longest first, and with them those that wait for no browser
    "others": ["-m", OFF_SITE, *(f"--ignore={name}" for name in CODE + COMMANDS + BUSY)],
    "pages": ["-m", ON_SITE, PAGES],
    "readers": ["-m", ON_SITE, BOOK, *(f"--ignore={name}" for name in (PAGES, *FIGURES, *NETWORKS))],
    "code": ["-m", OFF_SITE, *CODE],
    "commands": ["-m", OFF_SITE, *COMMANDS],
    "figures": ["-m", ON_SITE, *FIGURES],
    "networks": ["-m", ON_SITE, *NETWORKS],
    "busy": ["-m", OFF_SITE, *BUSY],
    "alone": ["-m", "alone", *ALONE],
}
LIVE = ("pages", "alone")  # print as they go
LAST = ("busy", "alone")  # each as long as the other, and as many as the cores
AT_ONCE = 2 * (os.cpu_count() or 1)
LOGS = ROOT / ".cache/pytest"


def run(name: str, environment: dict[str, str]) -> int:
    """One session, and what it says; each has its own cache, so that none overwrites what another remembers."""
    options = ["--durations=20", "-o", f"cache_dir=.cache/pytest/{name}"]
    command = [sys.executable, "-m", "pytest", *options, *SESSIONS[name]]
    with contextlib.nullcontext() if name in LIVE else (LOGS / f"{name}.txt").open("wb") as log:
        code = subprocess.run(command, cwd=ROOT, env=os.environ | environment, stdout=log, stderr=log).returncode
    if name not in LIVE:
        sys.stdout.buffer.write((LOGS / f"{name}.txt").read_bytes())
        sys.stdout.flush()
    return code


def main() -> int:
    LOGS.mkdir(parents=True, exist_ok=True)
    browser = subprocess.Popen([sys.executable, "tools/chromium.py", "--install"], cwd=ROOT)
    with ThreadPoolExecutor(AT_ONCE) as sessions:

        def begin(*names: str, **environment: str) -> list[Future]:
            return [sessions.submit(run, name, environment) for name in names]

        running = begin("others")
        try:
            with built.served() as site:
                if browser.wait():  # it has said what to install
                    return running[0].result() or 1
                running += begin(*(name for name in SESSIONS if name not in ("others", *LAST)), **site.environment)
                wait(running)
                running += begin(*LAST, **site.environment)
                wait(running)
        except built.BuildError as error:
            print(error, flush=True)
            running += begin("code", "commands", "busy")
            return next(filter(None, (session.result() for session in running)), 1)
        except KeyboardInterrupt:
            sessions.shutdown(cancel_futures=True)  # what runs was interrupted as well
            browser.wait()
            return 130
    return next(filter(None, (session.result() for session in running)), 0)


if __name__ == "__main__":
    sys.exit(main())
