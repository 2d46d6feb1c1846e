"""Serve the built book to this machine alone, as a web host does: what is measured here is what is sent there.

A file is sent whole, in parts (Range), compressed, or not at all where the reader has it already (ETag, Last-Modified);
what there is not is answered by the book's own page, in the reader's language. A page comes with the policy that it
names, and no other page may frame it. Werkzeug knows HTTP; here stands what a book is: files below one folder, no lists
of folders, and nothing that a link leads to elsewhere.
"""

import gzip
import logging
import mimetypes
import os
import socket
import sys
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, RequestedRangeNotSatisfiable
from werkzeug.security import safe_join
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.utils import redirect, send_file
from werkzeug.wrappers import Request, Response

sys.path.insert(0, str(Path(__file__).parent.parent / "hooks"))
import policy

COMPRESSED = (".html", ".css", ".js", ".mjs", ".json", ".svg", ".xml", ".txt", ".ipynb", ".py", ".toml", ".md")
MIME = {
    ".js": "text/javascript", ".mjs": "text/javascript", ".woff2": "font/woff2", ".svg": "image/svg+xml",
    ".ipynb": "application/x-ipynb+json", ".py": "text/plain", ".toml": "text/plain", ".md": "text/plain",
}  # fmt: skip # what a system says of these, if anything, differs from system to system
METHODS = ["GET", "HEAD"]
HEAD = 4096  # bytes at the beginning of a page, in which its policy stands


class Book:
    """The WSGI application of a folder."""

    def __init__(self, folder: Path, languages: tuple[str, ...]) -> None:
        self.folder, self.languages = folder, languages

    def __call__(self, environ, start_response):
        request = Request(environ)
        try:
            answer = self.answer(request)
        except HTTPException as error:
            answer = self.refusal(request, error)
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer(environ, start_response)

    def answer(self, request: Request) -> Response:
        if request.method not in METHODS:
            raise MethodNotAllowed(valid_methods=METHODS)
        path = self.found(request.path.lstrip("/"))
        if path.is_dir():
            if not request.path.endswith("/"):
                place = path.relative_to(os.path.realpath(self.folder)).as_posix()
                query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
                return redirect(f"/{quote(place)}/{query}", 301)
            path = self.found(f"{request.path.lstrip('/')}index.html")
        elif request.path.endswith("/"):
            raise NotFound
        if not path.is_file():
            raise NotFound
        return sent(request, path)

    def found(self, address: str) -> Path:
        """The file or folder of an address; NotFound where there is none, or one outside the book."""
        path = safe_join(str(self.folder), address)
        if path is None or "\0" in path or not os.path.exists(path):  # a name too long is none either
            raise NotFound
        real = Path(os.path.realpath(path))  # a link may lead elsewhere in the book, and not out of it
        if not real.is_relative_to(os.path.realpath(self.folder)):
            raise NotFound
        return real

    def refusal(self, request: Request, error: HTTPException) -> Response:
        """Of what is not there the book's own page; of anything else a line."""
        if not isinstance(error, NotFound):
            return error.get_response(request.environ)
        lang = request.path.lstrip("/").partition("/")[0]
        page = self.folder / (lang if lang in self.languages else "") / "404.html"
        words = page.read_bytes() if page.is_file() else b"404: this page is not there"
        headers = {"Cache-Control": "no-cache", "Content-Security-Policy": allowed(words)}
        return Response(words, 404, headers, content_type="text/html; charset=utf-8")


def allowed(page: bytes) -> str:
    """The policy that a page names, which in a header can say a thing more."""
    return f"{policy.declared(page[:HEAD].decode(errors='replace')) or policy.policy(())}; frame-ancestors 'none'"


def sent(request: Request, path: Path) -> Response:
    """A file, or what of it the reader has not yet. Asked again before each use: the book may have been built anew."""
    kind = MIME.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if path.suffix not in COMPRESSED:
        return send_file(path, request.environ, mimetype=kind)
    answer = send_file(path, request.environ, mimetype=kind, conditional=False)
    if kind == "text/html":
        with path.open("rb") as file:
            answer.headers["Content-Security-Policy"] = allowed(file.read(HEAD))
    if request.accept_encodings["gzip"] > 0 and "Range" not in request.headers:  # a range is one of the file as it is
        answer.close()
        facts = path.stat()
        body = compressed(path, facts.st_mtime_ns, facts.st_size)
        answer = Response(body, headers=answer.headers)
        answer.headers["Content-Encoding"] = "gzip"
        answer.content_length = len(body)
        answer.set_etag(f"{answer.get_etag()[0]}-gzip")
    answer.vary.add("Accept-Encoding")
    try:
        return answer.make_conditional(request, accept_ranges=True, complete_length=answer.content_length)
    except RequestedRangeNotSatisfiable:
        answer.close()
        raise


@lru_cache(maxsize=512)
def compressed(path: Path, *version: int) -> bytes:
    """A file as it is sent: one page asks for forty, and the next for the same ones."""
    return gzip.compress(path.read_bytes(), 6, mtime=0)


class Handler(WSGIRequestHandler):
    def log(self, kind: str, message: str, *args) -> None:
        logging.getLogger("book").debug(message, *args)


def server(port: int, book: Book) -> BaseWSGIServer:
    """A server that is heard on this machine alone; port 0 is any that is free. OSError where the port is taken."""
    with socket.create_server(("127.0.0.1", port)) as heard:  # Werkzeug would end the process where it cannot bind
        return make_server("127.0.0.1", 0, book, threaded=True, request_handler=Handler, fd=heard.fileno())
