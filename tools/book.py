"""Build the book in both languages and serve it.

    python tools/book.py build            both languages, strictly, into site/
    python tools/book.py serve [--port N] build, then serve site/ at http://127.0.0.1:8000
    python tools/book.py live zh          one language, rebuilt as you write

Responses are compressed where the browser takes it, as a web host does: what is measured here is what is sent there.
"""

import argparse
import errno
import gzip
import io
import logging
import os
import shutil
import subprocess
import sys
import webbrowser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "site"
CONFIGS = {"zh": "mkdocs.yml", "en": "mkdocs.en.yml"}
COMPRESSED = (".html", ".css", ".js", ".mjs", ".json", ".svg", ".xml", ".txt", ".ipynb")
MIME = {".js": "text/javascript", ".mjs": "text/javascript", ".woff2": "font/woff2"}
ENVIRONMENT = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONUTF8": "1"}


def mkdocs(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "mkdocs", *arguments]


def build_language(lang: str, strict: bool = True) -> subprocess.CompletedProcess:
    # Never -q: it also hides the warnings that --strict counts.
    command = mkdocs("build", *(["--strict"] if strict else []), "-f", CONFIGS[lang])
    return subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, encoding="utf-8")


def build() -> None:
    """Build zh, then en (which finds the labs already run), then the page at the root."""
    for lang in CONFIGS:
        done = build_language(lang)
        if done.returncode:
            sys.exit(f"{done.stderr}\ntools/book.py: the strict build of {CONFIGS[lang]} failed")
        print(f"[{lang}] {done.stderr.strip().splitlines()[-1]}", flush=True)
    lay_root()


def lay_root() -> None:
    """The page at the root, which leads to the reader's language."""
    for name in ("index.html", "404.html"):
        shutil.copy(ROOT / "docs/root.html", SITE / name)
    (SITE / ".nojekyll").touch()


class Handler(SimpleHTTPRequestHandler):
    extensions_map = SimpleHTTPRequestHandler.extensions_map | MIME

    def send_head(self):
        path = Path(self.translate_path(self.path))
        if path.is_dir() and self.path.split("?")[0].endswith("/"):
            path /= "index.html"
        if not path.is_file() or path.suffix not in COMPRESSED or "gzip" not in self.headers.get("Accept-Encoding", ""):
            return super().send_head()
        body = gzip.compress(path.read_bytes(), 6)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return io.BytesIO(body)

    def end_headers(self):
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, *args):
        logging.getLogger("book").debug(*args)


class Server(ThreadingHTTPServer):
    def handle_error(self, *request):
        if not isinstance(sys.exception(), ConnectionError):  # a reader who leaves a page early is no error
            super().handle_error(*request)


def server(port: int, folder: Path = SITE) -> Server:
    return Server(("127.0.0.1", port), lambda *args: Handler(*args, directory=str(folder)))


def serve(port: int, browse: bool) -> None:
    try:
        httpd = server(port)
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        sys.exit(f"tools/book.py: port {port} is taken ({error.strerror}); choose another: make serve PORT=8001")
    address = f"http://127.0.0.1:{httpd.server_port}"
    print(f"The book is open at {address} (Ctrl-C closes it)", flush=True)
    if browse:
        webbrowser.open(address)
    try:
        httpd.serve_forever()
    except KeyboardInterrupt:
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
        sys.exit(
            subprocess.call(
                mkdocs("serve", "-f", CONFIGS[options.lang], "-a", f"127.0.0.1:{options.port}"),
                cwd=ROOT,
                env=ENVIRONMENT,
            )
        )
    build()
    if options.command == "serve":
        serve(options.port, browse=not options.no_browser)


if __name__ == "__main__":
    main()
