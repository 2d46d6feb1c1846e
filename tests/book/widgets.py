"""What the tests of the widgets share: a figure as opened, its numbers, what a repaint costs."""

import contextlib
import io
import itertools
import json
import os
import statistics
import time
from collections.abc import Callable, Iterator
from urllib.parse import quote

from playwright.sync_api import expect

from reader import until

ASKING = "domains/images"  # the page of <ask-image>
SLOWEST = 16  # ms that a move may cost
LONG = 50  # ms of the page's own thread at a time, after which a browser speaks of a long task
WALK = float(os.environ.get("CNNBOOK_WALK", 0))  # seconds that a random walk lasts at least
SLIDERS = """Object.fromEntries([...widget.querySelectorAll("input[data-field]")].filter((box) => box.type === "range")
  .map((box) => [box.dataset.field, Number(box.value)]))"""
TABLE = """[...widget.querySelectorAll("tbody tr")]
  .map((row) => [...row.cells].slice(1).map((one) => one.textContent))"""

MOVES = """(widget, [field, values]) => { for (const value of values) {
  const slider = widget.querySelector(`input[data-field=${field}]`);
  slider.value = value;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  widget.getBoundingClientRect();
} }"""
COUNTED = """(widget) => {  // how often it is drawn from now on
  const { draw } = widget;
  widget.drawn = 0;
  widget.draw = () => { widget.drawn += 1; draw.call(widget); };
}"""
PICTURE = """(widget) => {  // all pixels of the output, as one number
  const { box } = widget.boards.output;
  const { data } = box.getContext("2d").getImageData(0, 0, box.width, box.height);
  return data.reduce((sum, value) => (sum * 31 + value) % 1000003, 7);
}"""


def number(text: str) -> float:
    return float(text.replace("−", "-"))


def opened(tab, name: str, page: str, lang: str = "en", state: str = "", whole: bool = False):
    """The figure PAGE-widget of a page whose address has the state, with its table open."""
    widget = near(tab, f"{lang}/convolution/{page}", f"{page}-widget", name, state, whole)
    expect(widget.locator(".widget-result")).to_be_attached(timeout=30_000)  # also where the machine is busy
    widget.evaluate("(widget) => { widget.twin.open = true; widget.paint(); }")
    return widget


def asking(tab, state: str = "", lang: str = "en", whole: bool = False):
    """The figure <ask-image> with its first answer."""
    widget = near(tab, f"{lang}/{ASKING}", "ask-image", "image", state, whole)
    until(tab, "Boolean(document.querySelector('ask-image').result)")
    return widget


@contextlib.contextmanager
def unscripted(browser, address: str) -> Iterator:
    """A page where no scripts run."""
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(address)
    yield tab
    context.close()


def near(tab, page: str, element: str, key: str, state: str = "", whole: bool = False):
    """A figure that a reader has come near to, of a page whose address has the figure's state; it stands alone there,
    unless the whole page is wanted."""
    tab.goto(place(page, element, whole) + (f"?{key}={quote(state)}" if state else ""))
    widget = tab.locator(element)
    widget.scroll_into_view_if_needed()  # it is fetched now
    return widget


def place(page: str, element: str, whole: bool = False) -> str:
    """The address of a page, or of its figures <ELEMENT> alone, which cost a browser less (tools/lone.py).

    What a move costs a reader is measured on the whole page, and keys are pressed there, where the theme listens, too.
    """
    return f"{page}/" if whole else f"{page}/{element}.html"


def walk(moves: int) -> Iterator[int]:
    """The numbers of a random walk's moves: so many; where CNNBOOK_WALK is set, as many as its seconds take."""
    end = time.monotonic() + WALK
    return itertools.takewhile(lambda made: made < moves or time.monotonic() < end, itertools.count())


def stopwatch(tab, metric: str) -> Callable[[], float]:
    """Reads how many seconds the page's own thread has spent, by a metric of Chromium."""
    session = tab.context.new_cdp_session(tab)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent() -> float:
        return {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}[metric]

    return spent


def longest_task(browser, tab, act: Callable[[], None]) -> float:
    """Milliseconds of the longest task of a page's own thread, as something is done.

    What counts is what the task computed: on a busy machine it takes several times as long.
    """
    browser.start_tracing(page=tab, categories=["toplevel", "__metadata"])
    act()
    events = json.loads(browser.stop_tracing())["traceEvents"]
    threads = {(one["pid"], one["tid"]) for one in events if one.get("args", {}).get("name") == "CrRendererMain"}
    return max(one.get("tdur", 0) for one in events if (one["pid"], one["tid"]) in threads) / 1000


class Heaps:
    """What the page and its workers hold in bytes: objects, and the buffers of arrays."""

    def __init__(self, tab):
        self.tab, self.session, self.workers, self.replies = tab, tab.context.new_cdp_session(tab), [], {}
        self.session.on("Target.attachedToTarget", lambda event: self.workers.append(event["sessionId"]))
        self.session.on("Target.detachedFromTarget", lambda event: self.workers.remove(event["sessionId"]))
        self.session.on("Target.receivedMessageFromTarget", self.heard)
        following = {"autoAttach": True, "waitForDebuggerOnStart": False, "flatten": False}
        self.session.send("Target.setAutoAttach", following)

    def heard(self, event: dict) -> None:
        message = json.loads(event["message"])
        if "result" in message:  # an answer; there is other news as well, and a worker that was asked too early says so
            self.replies[event["sessionId"]] = message["result"]

    def used(self) -> tuple[float, float]:
        """Of the page, and of all its workers."""
        self.replies.clear()
        asked = json.dumps({"id": 1, "method": "Runtime.getHeapUsage"})
        page = self.session.send("Runtime.getHeapUsage")
        end = time.monotonic() + 30
        while silent := [worker for worker in self.workers if worker not in self.replies]:
            assert time.monotonic() < end, "a worker does not answer"
            for worker in silent:  # once more: what reaches a worker before its script has come is lost
                self.session.send("Target.sendMessageToTarget", {"sessionId": worker, "message": asked})
            self.tab.wait_for_timeout(50)
        return held(page), sum(map(held, self.replies.values()))


def held(usage: dict) -> float:
    return usage["usedSize"] + usage.get("backingStorageSize", 0)


def repaints(tab, widget, field: str, values: list[int]) -> list[float]:
    """Milliseconds a move of a slider costs the page's own thread, sorted: of three rounds the best, or the first that
    is good enough.

    Other work on the machine does not count, but for the caches that it takes away; hence the rounds.
    """
    spent = stopwatch(tab, "TaskDuration")
    moves = 4 * values  # at a time, so that the call from here weighs little

    def round_of_moves() -> list[float]:
        costs = []
        for _ in range(15):
            before = spent()
            widget.evaluate(MOVES, [field, moves])
            costs.append((spent() - before) * 1000 / len(moves))
        return sorted(costs)

    rounds = []
    while len(rounds) < 3 and not (rounds and statistics.median(rounds[-1]) < SLOWEST):
        rounds.append(round_of_moves())
    return min(rounds, key=statistics.median)


def copied(tab, widget) -> str:
    """The program that Copy as PyTorch puts on the clipboard."""
    tab.evaluate("navigator.clipboard.writeText('')")
    widget.get_by_role("button", name="Copy as PyTorch").click()
    until(tab, "navigator.clipboard.readText().then((text) => text.startsWith('import torch'))")
    return tab.evaluate("navigator.clipboard.readText()")


def printed(program: str) -> str:
    """What a program prints; it raises where one of its assertions does not hold."""
    with contextlib.redirect_stdout(io.StringIO()) as output:
        exec(program, {})
    return output.getvalue()


def darkened(tab) -> None:
    """The page in its dark scheme, its canvases drawn again."""
    tab.emulate_media(color_scheme="dark")
    until(tab, "document.body.dataset.mdColorScheme === 'slate'")
    tab.wait_for_timeout(50)


def in_english(tab, site, widget, name: str, page: str, field: str, key: str):
    """The Chinese figure after a key on one of its sliders, then the same figure as the language switch leaves it."""
    widget.locator(f"input[type=range][data-field={field}]").focus()
    tab.keyboard.press(key)
    until(tab, f"location.search.includes('{name}=')")
    tab.locator(".book-language").click()
    tab.wait_for_url(f"{site.root}en/convolution/{page}/?{name}=**")
    other = tab.locator(f"{page}-widget")
    other.scroll_into_view_if_needed()
    return other


PLACES = {
    "standard-widget": "convolution/standard",
    "transposed-widget": "convolution/transposed",
    "checkerboard-widget": "convolution/checkerboard",
    "curve-explorer": "generalisation/batch_size",
    "training-widget": "parameters/learning_rate",
}


def figure_of(tab, element: str, lang: str = "en", query: str = "", whole: bool = False):
    """The first such figure of its page, once it is made."""
    tab.goto(place(f"{lang}/{PLACES[element]}", element, whole) + query)
    figure = tab.locator(element).first
    figure.scroll_into_view_if_needed()  # it is fetched when the reader comes near
    until(tab, f"!!document.querySelector('{element}').form")
    return figure
