"""Build the book in both languages and serve it.

    python tools/book.py build            both languages, strictly, into site/
    python tools/book.py serve [--port N] build, then serve site/ at http://127.0.0.1:8000
    python tools/book.py live zh          one language, rebuilt as you write

A language is built beside its place and put there when it is whole: a build that fails or is killed leaves the old one.
"""

import argparse
import errno
import os
import shutil
import subprocess
import sys
import webbrowser
from pathlib import Path

from at_root import CONFIGS, at_root
from cnnbook.files import write_whole
from server import BaseWSGIServer, Book, server

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "site"
ENVIRONMENT = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONUTF8": "1"}


# One process builds all that is asked for: what it has imported, and read of the package, serves the next language too.
# Never -q: it also hides the warnings that --strict counts.
BUILD = """
import sys
from mkdocs.__main__ import cli
for config, folder in zip(sys.argv[1::2], sys.argv[2::2]):
    cli(["build", "--strict", "-f", config, "-d", folder], standalone_mode=False)
"""


def build_languages(*languages: str) -> subprocess.CompletedProcess:
    """Build languages strictly; where all succeed, they take the places of those that are there."""
    drafts = {lang: SITE / f".{lang}.part" for lang in languages}
    for lang in languages:
        put_back(SITE / lang)
    arguments = [part for lang, draft in drafts.items() for part in (CONFIGS[lang], str(draft))]
    command = [sys.executable, "-c", BUILD, *arguments]
    try:
        done = subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, encoding="utf-8")
        if done.returncode == 0:
            for lang, draft in drafts.items():
                take_place(draft, SITE / lang)
    finally:
        for draft in drafts.values():
            shutil.rmtree(draft, ignore_errors=True)
    return done


def take_place(draft: Path, place: Path) -> None:
    """Put a folder in the place of another. Two renames; whoever is killed between them has the old one put back."""
    old = put_back(place)
    if place.exists():
        place.rename(old)
    draft.rename(place)
    shutil.rmtree(old, ignore_errors=True)


def put_back(place: Path) -> Path:
    """Where the folder goes that is replaced; what a killed build has left there is put back or removed."""
    old = place.with_name(f".{place.name}.old")
    if old.exists() and not place.exists():
        old.rename(place)
    shutil.rmtree(old, ignore_errors=True)
    return old


def build() -> None:
    """Build zh and en, which finds the labs already run, then the page at the root."""
    done = build_languages(*CONFIGS)
    if done.returncode:
        sys.exit(f"{done.stderr}\ntools/book.py: the strict build failed")
    lay_root()
    print(f"The book is in {SITE.name}/: {', '.join(CONFIGS)}", flush=True)


def lay_root(site: Path | None = None) -> None:
    """What stands at the root: the page that leads to the reader's language, and what hosts and robots ask for."""
    for name, text in at_root(ROOT, ENVIRONMENT).items():
        write_whole((site or SITE) / name, text)


def hosted(port: int, kind: type[Book] = Book) -> BaseWSGIServer:
    """A server of the site; it answers while ``serve_forever`` runs."""
    return server(port, kind(SITE, tuple(CONFIGS)))


def serve(port: int, browse: bool) -> None:
    try:
        httpd = hosted(port)
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        sys.exit(f"tools/book.py: port {port} is taken ({error.strerror}); choose another: make serve PORT=8001")
    address = f"http://127.0.0.1:{httpd.port}"
    print(f"The book is open at {address} (Ctrl-C closes it)", flush=True)
    if browse:
        webbrowser.open(address)
    httpd.serve_forever()  # until Ctrl-C
    print()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("build", help="both languages, strictly, into site/")
    serving = commands.add_parser("serve", help="build, then serve site/")
    serving.add_argument("--port", type=int, default=8000)
    serving.add_argument("--no-browser", action="store_true", help="do not open a browser")
    live = commands.add_parser("live", help="one language, rebuilt as you write")
    live.add_argument("lang", choices=CONFIGS)
    live.add_argument("--port", type=int, default=8000)
    options = parser.parse_args()
    if options.command == "live":
        address = f"127.0.0.1:{options.port}"
        # --dirty: of the manuscript, a page is written again only where what it shows has changed, and rendered alone.
        command = [sys.executable, "-m", "mkdocs", "serve", "--dirty", "-f", CONFIGS[options.lang], "-a", address]
        sys.exit(subprocess.call(command, cwd=ROOT, env=ENVIRONMENT))
    build()
    if options.command == "serve":
        serve(options.port, browse=not options.no_browser)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("tools/book.py: stopped; what was built before is whole")
