"""The built site, served once for all tests that look at it, and one window to look through."""

import threading

import pytest

import book
from reader import LIMIT, Site, Watch, build


@pytest.fixture(scope="session")
def site():
    """Both languages, built strictly for the port they are served at (instant navigation asks for that)."""
    httpd = book.server(0)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    used, warm = build(httpd.server_port)
    if not warm or used >= LIMIT:  # once more, with the labs run, or on a machine that was busy
        used = build(httpd.server_port)[0]
    yield Site(f"http://127.0.0.1:{httpd.server_port}/", book.SITE, used)
    httpd.shutdown()


@pytest.fixture(scope="session")
def context(browser, site):
    """One window for all pages, in Chinese, without moving parts."""
    context = browser.new_context(locale="zh-CN", reduced_motion="reduce", base_url=site.root)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture(scope="session")
def session_watch(context, site):
    return Watch(context, site.root)


@pytest.fixture
def watch(session_watch):
    session_watch.start()
    return session_watch


@pytest.fixture
def tab(context):
    """A page of that window. (The name page is pytest-playwright's, with a new window each time.)"""
    tab = context.new_page()
    yield tab
    tab.close()
