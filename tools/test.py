"""Run every test: seven sessions side by side, the pages one by one, what a reader does with them, what with their
figures and with their networks, the code that trains and measures, the commands, all others; then, on a core of their
own, the tests that measure what a move of a figure costs, and on the other those that wait for no browser.

    python tools/test.py

One session leaves a core idle: a browser waits for its page, a build for its labs. (Splitting the tests of a file
between processes is what pytest-codeblocks does not bear.) The site is built once, and served to the sessions that
look at it; where no Chromium is found, one is installed meanwhile. The first session of pages prints as it goes; what
the others print comes in one piece, when they have ended.
"""

import contextlib
import os
import subprocess
import sys
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
SESSIONS = {
    "others": ["-m", OFF_SITE, *(f"--ignore={name}" for name in CODE + COMMANDS + BUSY)],
    "code": ["-m", OFF_SITE, *CODE],
    "commands": ["-m", OFF_SITE, *COMMANDS],
    "pages": ["-m", ON_SITE, PAGES],
    "figures": ["-m", ON_SITE, *FIGURES],
    "networks": ["-m", ON_SITE, *NETWORKS],
    "readers": ["-m", ON_SITE, BOOK, *(f"--ignore={name}" for name in (PAGES, *FIGURES, *NETWORKS))],
    "busy": ["-m", OFF_SITE, *BUSY],
    "alone": ["-m", "alone", *ALONE],
}
LIVE = ("pages", "alone")  # print as they go
LAST = ("busy", "alone")  # each as long as the other, and as many as the cores
LOGS = ROOT / ".cache/pytest"


def start(name: str, **environment: str) -> subprocess.Popen:
    """One session; each has its own cache, so that none overwrites what another remembers."""
    options = ["--durations=20", "-o", f"cache_dir=.cache/pytest/{name}"]
    command = [sys.executable, "-m", "pytest", *options, *SESSIONS[name]]
    with contextlib.nullcontext() if name in LIVE else (LOGS / f"{name}.txt").open("wb") as log:
        return subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, stdout=log, stderr=log)


def finish(name: str, session: subprocess.Popen) -> int:
    """Wait for a session, and print what it has not printed yet."""
    code = session.wait()
    if name not in LIVE:
        sys.stdout.buffer.write((LOGS / f"{name}.txt").read_bytes())
        sys.stdout.flush()
    return code


def main() -> int:
    LOGS.mkdir(parents=True, exist_ok=True)
    running, codes = {"others": start("others")}, []
    browser = subprocess.Popen([sys.executable, "tools/chromium.py", "--install"], cwd=ROOT)
    try:
        with built.served() as site:
            if browser.wait():  # it has said what to install
                return finish("others", running["others"]) or 1
            for name in SESSIONS:
                if name not in ("others", *LAST):
                    running[name] = start(name, **site.environment)
            codes = [finish(name, session) for name, session in running.items()]
            running = {name: start(name, **site.environment) for name in LAST}
            codes += [finish(name, session) for name, session in running.items()]
    except built.BuildError as error:
        print(error, flush=True)
        codes = [1, finish("others", running["others"])]
        codes += [finish(name, start(name)) for name in ("code", "commands", "busy")]
    except KeyboardInterrupt:
        codes = [process.wait() for process in (browser, *running.values())] + [130]
    return next(filter(None, codes), 0)


if __name__ == "__main__":
    sys.exit(main())
