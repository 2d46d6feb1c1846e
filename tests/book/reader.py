"""What a reading session must be free of, and how a test waits: for the fixtures in conftest.py and the tests."""

from time import monotonic

# For a page before it opens: `moved` is by how much of the window things have moved since.
MOVED = """window.moved = 0;
const add = (list) => list.getEntries().forEach((entry) => (window.moved += entry.value));
new PerformanceObserver(add).observe({ type: "layout-shift", buffered: true });"""


def until(tab, expression: str, argument=None, seconds: float = 60) -> None:
    """Wait until JavaScript finds something true. (Playwright's own way is eval, which the policy of pages forbids.)"""
    end = monotonic() + seconds
    while not tab.evaluate(expression, argument):
        assert monotonic() < end, f"not so after {seconds} seconds: {expression}"
        tab.wait_for_timeout(50)


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
