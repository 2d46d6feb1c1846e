"""The built site, served once for all tests that look at it, and one window to look through."""

import pytest
from playwright.sync_api import expect

import built
from reader import Tabs, Watch

expect.set_options(timeout=60_000)  # seven sessions share two cores


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(items):
    """Whatever looks at the built site, itself or through another fixture, is marked so."""
    for item in items:
        if "site" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.site)


@pytest.fixture(scope="session")
def site():
    """Both languages; `make test` builds them once for all its sessions."""
    try:
        with built.served() as site:
            yield site
    except built.BuildError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="session")
def context(browser, site):
    """One window for all pages, in Chinese, without moving parts."""
    context = browser.new_context(locale="zh-CN", reduced_motion="reduce", base_url=site.root)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.set_default_timeout(60_000)  # seven sessions share two cores
    yield context
    context.close()


@pytest.fixture(scope="session")
def session_watch(context, site):
    return Watch(context, site.root)


@pytest.fixture
def watch(session_watch):
    session_watch.start()
    return session_watch


@pytest.fixture(scope="session")
def tabs(context):
    return Tabs(context)


@pytest.fixture
def tab(tabs):
    """A page of that window. (The name page is pytest-playwright's, with a new window each time.)"""
    with tabs.lent() as tab:
        yield tab
