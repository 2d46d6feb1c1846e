"""<ask-image> in a Chromium: the answers of ``cnnbook predict image``, and what is refused."""

import contextlib
import io
import json

import pytest
from playwright.sync_api import expect

from ask_pictures import BAD, pictures, written
from cnnbook import weights
from cnnbook.cli import predict_image
from reader import until
from widgets import asking

pytestmark = pytest.mark.browser

CLASSES = weights.read("image-classes")[1]["classes"]["en"]
APART = {"sixteen.png": 0.005}  # of 16 bits a browser keeps the upper eight, where Pillow rounds
DECODINGS = """() => {
  const own = window.createImageBitmap;
  window.decodings = 0;
  window.createImageBitmap = (...all) => {
    window.decodings += 1;
    return own(...all);
  };
}"""
HAND = """(widget, [kind, bytes, beside]) => {
  const data = new DataTransfer(), how = { bubbles: true, cancelable: true };
  if (bytes) data.items.add(new File([Uint8Array.from(bytes)], "given.png", { type: "image/png" }));
  else data.setData("text/plain", "a word");
  const event = kind === "paste" ? new ClipboardEvent("paste", { clipboardData: data, ...how })
    : new DragEvent("drop", { dataTransfer: data, ...how });
  (beside ? document.body : widget).dispatchEvent(event);
  return event.defaultPrevented;
}"""


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    return pictures(tmp_path_factory.mktemp("pictures"))


def commanded(path) -> dict[str, float]:
    """What ``cnnbook predict image --json`` says."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        predict_image.show(path, as_json=True)
    return {one["en"]: one["probability"] for one in json.loads(output.getvalue())["classes"]}


def answered(tab, widget, path) -> dict[str, float]:
    """What the figure says of a file that is chosen."""
    widget.evaluate("(widget) => (widget.given = widget.result = null)")
    widget.locator("input[type=file]").set_input_files(path)
    until(
        tab, "(() => { const { result, trouble } = document.querySelector('ask-image'); return result || trouble })()"
    )
    assert widget.evaluate("(widget) => widget.trouble") == "", path
    return dict(zip(CLASSES, widget.evaluate("(widget) => widget.result.shares"), strict=True))


def test_the_answers_are_those_of_the_command(tab, watch, given):
    widget, apart, likeliest = asking(tab), {}, set()
    watch.addresses.clear()
    for name, path in given.items():
        mine, theirs = answered(tab, widget, path), commanded(path)
        apart[name] = max(abs(mine[kind] - share) for kind, share in theirs.items())
        likeliest.add(max(theirs, key=theirs.__getitem__))
    assert not {name: far for name, far in apart.items() if far > APART.get(name, 1e-3)}, apart
    assert len(likeliest) >= 3
    assert not watch.addresses  # nothing is sent, and nothing fetched
    assert watch.problems == []


def test_what_cannot_be_read_is_refused_in_a_word_and_nothing_is_lost(tab, watch, tmp_path):
    widget = asking(tab, "1~bag")
    before = widget.evaluate("(widget) => widget.result.shares")
    tab.evaluate(DECODINGS)
    for name, bad in BAD.items():
        so_far = tab.evaluate("window.decodings")
        widget.locator("input[type=file]").set_input_files(written(tmp_path, name))
        expect(widget.locator(".ask-wrong")).to_contain_text(bad.said)
        expect(widget.locator("[role=status]")).to_contain_text(bad.said)  # heard as well
        assert widget.evaluate("(widget) => widget.result.shares") == before, name
        assert tab.evaluate("window.decodings") - so_far == bad.decoded, name
    assert watch.problems == []
    widget.get_by_role("button", name="A coat").click()
    expect(widget.locator(".ask-wrong")).to_be_hidden()


@pytest.mark.parametrize("kind", ["drop", "paste"])
def test_a_picture_is_dropped_or_pasted(tab, watch, given, kind):
    widget, content = asking(tab), list(given["dark-on-white.png"].read_bytes())
    assert widget.evaluate(HAND, [kind, content, False])
    expect(widget.locator(".ask-line")).to_contain_text("Trouser, 100%")
    assert widget.evaluate(HAND, [kind, None, False]) == (kind == "drop")
    if kind == "drop":
        expect(widget.locator(".ask-wrong")).to_contain_text("no file in what you dropped")
        assert widget.evaluate(HAND, [kind, content, True])  # beside it, it would take the page's place in the window
    assert watch.problems == []
