"""The book as tests see it: both languages, built strictly for the port they are served at, and what that cost."""

import contextlib
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import book
from lone import Lone

try:
    import resource
except ImportError:  # Windows counts no children
    resource = None

PAGES = sum(1 for _ in (book.ROOT / "docs/zh").rglob("*.md")) + sum(1 for _ in (book.ROOT / "docs/labs").rglob("*.py"))
LIMIT = 0.4 * PAGES  # seconds of CPU to build one language when the labs have run: what a page may cost
NAME = "CNNBOOK_SITE"  # an environment variable: the port and the cost of a site that is being served already


class BuildError(RuntimeError):
    """The book does not build; the message is what the build said."""


@dataclass(frozen=True)
class Site:
    """A site that is being served."""

    port: int
    cpu: float  # seconds that its second language took, with the labs run before
    folder: Path = book.SITE

    @property
    def root(self) -> str:
        """Such as http://127.0.0.1:8123/."""
        return f"http://127.0.0.1:{self.port}/"

    @property
    def environment(self) -> dict[str, str]:
        """What tells another process that the site is being served."""
        return {NAME: f"{self.port} {self.cpu}"}


def cpu() -> float:
    """Seconds of CPU that finished children have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN) if resource else None
    return used.ru_utime + used.ru_stime if used else 0.0


def cost(lang: str) -> float:
    """Build one language: the seconds of CPU it took."""
    before = cpu()
    done = book.build_languages(lang)
    if done.returncode:
        raise BuildError(f"the site does not build:\n{done.stderr}")
    return cpu() - before


@contextlib.contextmanager
def served() -> Iterator[Site]:
    """The site, served as long as this lasts: that of another process, where there is one, else a new one.

    Instant navigation asks that a site be built for the address it is served at.
    """
    if NAME in os.environ:
        port, used = os.environ[NAME].split()
        yield Site(int(port), float(used))
        return
    httpd = book.hosted(0, Lone)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    try:
        for lang in book.CONFIGS:
            book.ENVIRONMENT[f"CNNBOOK_URL_{lang.upper()}"] = f"http://127.0.0.1:{httpd.port}/{lang}/"
        used = [cost(lang) for lang in book.CONFIGS][-1]  # the second finds the labs run
        if used >= LIMIT:  # a machine that was busy
            used = cost(list(book.CONFIGS)[-1])
        book.lay_root()
        yield Site(httpd.port, used)
    finally:
        httpd.shutdown()
