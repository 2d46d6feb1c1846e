"""What the figures send: the modules that a page asks for, small, and those of its own language."""

import gzip
import posixpath
import re
import sys

import pytest

from manuscript import LANGUAGES, ROOT
from reader import visit

sys.path.insert(0, str(ROOT / "hooks"))
import spoken
import weights

# Bytes of their code in one language, compressed together.
HEAVIEST = {
    "widgets": 26 * 1024, "explorer": 9 * 1024, "training": 25 * 1024, "upsampling": 25 * 1024,
    "ask-image": 18 * 1024, "ask-text": 10 * 1024, "ask-speech": 12 * 1024,
}  # fmt: skip
ASKED = {name: name for name in ("ask-image", "ask-text", "ask-speech")}
ALONE = {"training": "training-widget", "upsampling": "upsampling-widget", **ASKED}  # weighed without what all share
PAGES = {"standard-widget": "standard", "transposed-widget": "transposed", "checkerboard-widget": "checkerboard"}
WIDGETS = ROOT / "docs/assets/widgets"


def reached(folder, lang: str, figures) -> dict[str, bytes]:
    """The modules that figures ask for, by name, with what theirs ask for."""
    found, todo = {}, [f"{figure}.mjs" for figure in figures]
    while todo:
        name = todo.pop()
        if name in found:
            continue
        found[name] = (folder / name).read_bytes()
        text = found[name].decode()
        asked = re.findall(r'(?:from|import\(|URL\()["`](\.[^"`]+\.mjs)["`]', text)
        todo += [
            posixpath.normpath(posixpath.join(posixpath.dirname(name), one.replace("${language()}", lang)))
            for one in asked
        ]
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("kind", "figures"),
    [("widgets", PAGES), ("explorer", ["curve-explorer"]), *((kind, [name]) for kind, name in ALONE.items())],
)
def test_the_code_of_the_figures_is_small(site, lang, kind, figures):
    sent = reached(site.folder / lang / "assets/widgets", lang, figures)
    expected = {
        "widgets": {"ui/frame.mjs", "ui/widget.mjs", "core/convolution.mjs", f"checkerboard/words.{lang}.mjs"},
        "explorer": {"ui/frame.mjs", f"curves/words.{lang}.mjs"},
        "ask-text": {"core/tokens.mjs", "ask-text/networks.mjs", f"ask-text/words.{lang}.mjs"},
        "ask-speech": {"core/fourier.mjs", "ask-speech/decoding.mjs", f"ask-speech/words.{lang}.mjs"},
        "training": {"ui/copy.mjs", "training/worker.mjs", "core/simd.mjs", f"training/words.{lang}.mjs"},
        "upsampling": {"training/loop.mjs", "upsampling/worker.mjs", "core/simd.mjs", f"upsampling/words.{lang}.mjs"},
        "ask-image": {"ui/frame.mjs", "core/weights.mjs", f"ask-image/words.{lang}.mjs"},
    }
    assert expected[kind] <= set(sent) and len(sent) >= 5
    if kind in ALONE:
        sent = {name: code for name, code in sent.items() if not name.startswith("ui/")}
    together = len(gzip.compress(b"".join(code for _, code in sorted(sent.items())), 9))
    assert 2_000 < together <= HEAVIEST[kind], together


@pytest.mark.browser
@pytest.mark.parametrize("figure", PAGES)
def test_a_page_asks_for_its_figure_alone_and_when_the_reader_comes_near(tab, site, watch, figure):
    address = f"{site.root}en/convolution/{PAGES[figure]}/"
    tab.set_viewport_size({"width": 375, "height": 300})
    visit(tab, address)
    before = {name for name in watch.addresses if "/widgets/" in name}
    assert all("/widgets/ui/" in name for name in before)  # the board of a question
    tab.locator(figure).scroll_into_view_if_needed()
    tab.wait_for_selector(f"{figure} .widget-result")
    root = f"{site.root}en/assets/widgets/"
    asked = {name.removeprefix(root) for name in watch.addresses if name.startswith(root)}
    assert asked == set(reached(site.folder / "en/assets/widgets", "en", [figure]))
    assert watch.problems == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_sent_has_no_comments_and_no_words_of_the_other_language(site, lang):
    folder = site.folder / lang / "assets/widgets"
    sent = {path.relative_to(folder).as_posix() for path in folder.rglob("*.mjs")}
    written = {path.relative_to(WIDGETS).as_posix() for path in WIDGETS.rglob("*.mjs")}
    assert sent == {name for name in written if not re.search(r"words\.(zh|en)", name) or f"words.{lang}." in name}
    for name in sent:
        assert "/**" not in (folder / name).read_text("utf-8")
        assert (folder / name).stat().st_size < (WIDGETS / name).stat().st_size


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_sent_that_no_figure_asks_for(site, lang):
    folder = site.folder / lang / "assets/widgets"
    sent = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    images = {f"garments/{name}.bin" for name in ("test", "train-0", "train-1", "train-2", "shown")}
    images |= {f"photographs/{seed}.bin" for seed in range(3)}
    answering = {uri.removeprefix("assets/widgets/") for uri in (*weights.laid(), *spoken.laid())}
    asked = reached(folder, lang, [*PAGES, "curve-explorer", *ALONE.values()])
    assert sent == {*asked, "photograph.bin", *images, *answering}


@pytest.mark.browser
def test_a_figure_that_did_not_come_is_asked_for_again(tab, site):
    """A reader may have been offline for a moment, and need not load the page anew."""
    refused = []
    once = lambda route: route.abort() if not refused and not refused.append(route) else route.continue_()  # noqa: E731
    tab.route("**/transposed-widget.mjs", once)
    visit(tab, f"{site.root}en/convolution/transposed/")
    tab.locator("transposed-widget").scroll_into_view_if_needed()
    tab.wait_for_selector("transposed-widget .widget-result")
    assert refused
