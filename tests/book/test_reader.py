"""How tests open pages: whole, also on a busy machine, and as if each were the first in its window."""

import pytest

from reader import LASTING, Tabs, visit

pytestmark = pytest.mark.browser
BUSY = "<script>for (const end = performance.now() + 400; performance.now() < end; );</script>\n"
LATE = "<script>addEventListener('load', () => setTimeout(fetch, 300, 'late'))</script>"
PAGE = (BUSY + "<p>text</p>" * 1000) * 5 + LATE  # a browser turns to other things between two parts, as tests do
ADDRESS = "http://busy.test/"


@pytest.fixture
def window(browser):
    context = browser.new_context()
    context.route("**/*", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
    yield context
    context.close()


def test_a_page_is_read_to_its_end_and_what_it_asks_for_then_has_come(window):
    tab, asked = window.new_page(), []
    window.on("requestfinished", lambda request: asked.append(request.url))
    visit(tab, ADDRESS)
    assert tab.evaluate("document.readyState") == "complete"
    assert f"{ADDRESS}late" in asked


def test_a_page_serves_again_where_nothing_lasting_was_done(window):
    tabs = Tabs(window)
    with tabs.lent() as first:
        first.goto(ADDRESS)
    with tabs.lent() as second:
        assert second is first and second.url == "about:blank"
        with tabs.lent() as beside:  # one that is lent is nobody else's
            assert beside is not second


@pytest.mark.parametrize("what", LASTING)
def test_a_page_does_not_serve_again_where_something_lasting_was_done(window, what):
    done = {
        "on": ("console", lambda _: None),
        "once": ("console", lambda _: None),
        "route": ("**/*", lambda route: route.abort()),
        "add_init_script": ("1",),
        "expose_function": ("printed", lambda: None),
        "set_viewport_size": ({"width": 375, "height": 700},),
    }
    tabs = Tabs(window)
    with tabs.lent() as first:
        getattr(first, what)(*done.get(what, ()))
    assert first.is_closed()
    with tabs.lent() as second:
        assert second is not first
        second.close()
    with tabs.lent() as third:
        assert not third.is_closed()
