"""What a reading session must be free of, and how a test waits: for the fixtures in conftest.py and the tests."""

import contextlib
from collections.abc import Callable, Iterator
from time import monotonic

# For a page before it opens: `moved` is by how much of the window things have moved since.
MOVED = """window.moved = 0;
const add = (list) => list.getEntries().forEach((entry) => (window.moved += entry.value));
new PerformanceObserver(add).observe({ type: "layout-shift", buffered: true });"""


def seen(tab, condition: Callable[[], object], seconds: float = 60, what: object = "", pause: int = 50) -> None:
    """Wait until something holds here that depends on what a page has sent; it is asked every ``pause`` ms."""
    end = monotonic() + seconds
    while not condition():
        assert monotonic() < end, f"not so after {seconds} seconds: {what}"
        tab.wait_for_timeout(pause)


def until(tab, expression: str, argument=None, seconds: float = 60) -> None:
    """Wait until JavaScript finds something true. (Playwright's own way is eval, which the policy of pages forbids.)"""
    seen(tab, lambda: tab.evaluate(expression, argument), seconds, expression)


QUIET = """new Promise((quiet) => {
  const files = () => performance.getEntriesByType("resource").length;
  const look = (before) => (files() === before ? quiet() : setTimeout(look, 500, files()));
  look(-1);
})"""


def visit(tab, address: str) -> None:
    """Go to a page; its scripts have run, and nothing more has come for half a second since.

    (Playwright's own "networkidle" is half a second without a request, also one in which a busy machine still reads
    the page, before it comes to the scripts.)
    """
    tab.goto(address)
    tab.evaluate(QUIET)


LASTING = ("on", "once", "route", "add_init_script", "expose_function", "set_viewport_size", "emulate_media")


class Tabs:
    """Pages of a window, one after another: the one before serves again where all that was done with it is forgotten.

    A new one costs a browser 0.2 seconds more: it is made, and its process compiles the book's scripts.
    """

    def __init__(self, context):
        self.context, self.kept = context, []

    @contextlib.contextmanager
    def lent(self) -> Iterator:
        """A page that remembers nothing of what was done with it before."""
        tab = self.kept.pop() if self.kept else self.context.new_page()
        asked = []
        for name in LASTING:
            setattr(tab, name, self.noted(getattr(type(tab), name), tab, asked))
        yield tab
        if asked or tab.is_closed():
            tab.close()
        else:
            tab.goto("about:blank")
            self.kept.append(tab)

    @staticmethod
    def noted(function, tab, asked):
        """The method, which notes that it was called."""

        def call(*args, **kwargs):
            asked.append(function.__name__)
            return function(tab, *args, **kwargs)

        return call


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
