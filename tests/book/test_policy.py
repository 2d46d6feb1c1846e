"""A page runs the book's own files and the theme's few inline scripts, and nothing else that stands or gets into it."""

import re
import sys
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from urllib.request import urlopen

import pytest
from mkdocs.exceptions import PluginError

from manuscript import ROOT
from reader import Watch, seen, until, visit

THEME = '<script>var target=document.getElementById(location.hash.slice(1));target&&target.name&&(target.checked=target.name.startsWith("__tabbed_"))</script>'  # noqa: E501
PAGE = f'<!doctype html><html><head><meta charset="utf-8"></head><body>{THEME}</body></html>'
PLANTED = {
    "a script": "<script>window.planted = 1</script>",
    "a module": '<script type="module">window.planted = 1</script>',
    "a script in a drawing": "<svg><SCRIPT >window.planted = 1</SCRIPT ></svg>",
    "what begins as the theme's": THEME.replace("</script>", ";window.planted = 1</script>"),
    "an event handler": "<p\nonclick='window.planted = 1'>words</p>",
    "a handler without quotes": '<img src="a.png" onerror=window.planted=1>',
    "a handler after a slash": '<img src="a.png"/ONERROR=window.planted=1>',
    "a handler after a value": '<img src="a.png" alt="1 > 0"onerror="window.planted=1">',
    "a handler after an odd quote": "<p title=it's onclick=window.planted=1>words</p>",
    "a link that runs": '<a href=" javascript:window.planted=1">words</a>',
}
HARMLESS = {
    "prose": "<p>one = 1, onclick = 2, javascript: 3</p>",
    "a title": '<a href="a/" title="it is on = 1">',
    "a title with a mark": '<a href="a/" title="0 < 1, on = 1" class=\'onto="1"\'>',
    "a file": '<script src="a.js"></script>',
    "data": '<script type="application/json">{"a": " onclick=1"}</script>',
}


@pytest.fixture
def policy(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(ROOT / "hooks"), *sys.path])
    import policy

    return policy


@pytest.mark.parametrize("planted", PLANTED.values(), ids=PLANTED)
def test_what_is_planted_stops_the_build(policy, tmp_path, planted):
    (tmp_path / "part").mkdir()
    for name, page in (("part/index.html", PAGE.replace("<body>", f"<body>{planted}")), ("index.html", PAGE)):
        (tmp_path / name).write_text(page, "utf-8")
    with pytest.raises(
        PluginError, match=r"^part/index\.html: an (inline script that is not the theme's|attribute that runs code): "
    ):
        policy.on_post_build(SimpleNamespace(site_dir=tmp_path))
    assert (tmp_path / "index.html").read_text("utf-8") == PAGE


@pytest.mark.parametrize("harmless", HARMLESS.values(), ids=HARMLESS)
def test_what_runs_nothing_is_let_in(policy, harmless):
    assert list(policy.refused(PAGE.replace("<body>", f"<body>{harmless}"))) == []


def test_all_pages_name_one_policy_whatever_the_theme_fills_into_its_scripts(policy, tmp_path):
    (package,) = find_spec("material").submodule_search_locations
    template = Path(package, "templates/partials/javascripts/base.html").read_text("utf-8")
    pages = {tmp_path / f"{at}.html": PAGE + template.replace(re.search("{{.*?}}", template)[0], at) for at in "ab"}
    for path, page in pages.items():
        path.write_text(page, "utf-8")
    policy.on_post_build(SimpleNamespace(site_dir=tmp_path))
    (words,) = {policy.declared(path.read_text("utf-8")) for path in pages}
    assert words.count("sha256-") == 3 and words == policy.policy(policy.inline("".join(pages.values())))
    assert [policy.inline(path.read_text("utf-8")) for path in pages] == [
        policy.inline(page) for page in pages.values()
    ]


def test_a_page_without_a_head_is_refused(policy):
    with pytest.raises(ValueError, match="a page's head begins with <meta charset"):
        policy.declaring("<p>words</p>", "default-src 'none'")


def test_every_page_of_the_site_names_the_policy_it_is_sent_with(policy, site):
    """The root and its page of what is not there too."""
    pages = sorted(site.folder.rglob("*.html"))
    assert len(pages) > 100
    kinds = set()
    for path in pages:
        page = path.read_text("utf-8")
        words = policy.declared(page)
        assert words and page.index(words) < 1000, path
        assert page.index("charset") < page.index(words) < page.find("<script"), path
        assert set(policy.policy(policy.inline(page)).split()) <= {*words.split(), *words.replace(";", " ;").split()}
        kinds.add(words)
        if path.parent.parent in (site.folder, site.folder.parent):
            address = site.root + path.relative_to(site.folder).as_posix().removesuffix("index.html")
            with urlopen(address) as answer:
                assert answer.headers["Content-Security-Policy"] == f"{words}; frame-ancestors 'none'"
    assert len(kinds) == 4  # the languages', the root's two
    for words in kinds:
        scripts = re.search(r"script-src ([^;]*)", words)[1].split()
        assert scripts[0] == "'self'" and all(re.fullmatch(r"'sha256-[\w+/]{43}='", one) for one in scripts[1:])
        assert len(scripts) <= 9 and not re.search(r"https?:|\*|unsafe-eval", words)


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_gets_into_a_page_does_not_run(browser, site, lang):
    context = browser.new_context()
    watch, tab = Watch(context, site.root), context.new_page()
    visit(tab, f"{site.root}{lang}/convolution/standard/")
    assert watch.problems == []
    tab.evaluate("""() => {
      const script = document.createElement("script");
      script.textContent = "window.planted = 1";
      document.body.append(script);
      document.body.insertAdjacentHTML("beforeend", "<img src='data:,' onerror='window.planted = 1'>");
      setTimeout("window.planted = 1");
    }""")
    seen(tab, lambda: len(watch.problems) >= 3)
    tab.wait_for_timeout(300)
    assert tab.evaluate("window.planted") is None
    said = {problem.partition(" violates the following Content Security Policy")[0] for problem in watch.problems}
    assert len(said) == 3, watch.problems
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_pages_policy_alone_does_not_break_a_page_and_keeps_what_is_planted_out(browser, site, lang):
    """As on a host that sends no headers of ours: the theme's scripts run, and one that is planted does not."""
    context = browser.new_context(color_scheme="dark")
    watch, tab = Watch(context, site.root), context.new_page()

    def bare(route):
        answer = route.fetch()
        headers = {name: value for name, value in answer.headers.items() if name != "content-security-policy"}
        body = answer.text().replace("</article>", f"{PLANTED['a script']}</article>")
        route.fulfill(response=answer, headers=headers, body=body)

    tab.route(re.compile(r"/standard/$"), bare)
    visit(tab, f"{site.root}{lang}/convolution/standard/")
    until(tab, "document.body.dataset.mdColorScheme === 'slate'")
    assert tab.evaluate("window.planted") is None
    assert watch.problems and all("Executing inline script violates" in problem for problem in watch.problems)
    context.close()


@pytest.mark.browser
def test_the_colours_that_a_reader_chose_are_there_after_a_reload(browser, site):
    """The theme's inline script says so before the page is painted; the page's own file would come too late."""
    context = browser.new_context(color_scheme="light")
    tab = context.new_page()
    visit(tab, f"{site.root}en/glossary/")
    for scheme in ("default", "slate"):  # after the system's
        tab.locator("form[data-md-component=palette] label:visible").click()
        until(tab, f"JSON.parse(localStorage.getItem('/en/.__palette'))?.color.scheme === '{scheme}'")
    tab.route("**/bundle*.js", lambda route: route.abort())
    tab.reload()
    assert tab.evaluate("document.body.dataset.mdColorScheme") == "slate"
    context.close()
