"""Exercises on pages: what is asked in the open, the rest folded, and hints that open one after the other."""

import re
import sys
from pathlib import Path

import markdown
import pytest

from cnnbook.exercises.registry import everything, topic_of
from manuscript import LANGUAGES, ROOT, macros

EXTENSIONS = ["attr_list", "md_in_html", "pymdownx.details", "pymdownx.highlight", "pymdownx.superfences"]


@pytest.fixture(scope="module")
def boxes():
    """The boxes as Markdown, as a page asks for them."""
    sys.path.insert(0, str(ROOT / "hooks"))
    from context import Book, Page
    from exercises import exercise

    def box(name, lang, topic=""):
        place = topic or topic_of(name)
        return exercise(Page(Book(lang, ROOT / "docs" / lang, []), f"{place}.md", f"{place}/"), name)

    yield box
    sys.path.remove(str(ROOT / "hooks"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_exercise_stands_on_its_page_before_what_to_remember(lang):
    for name in everything():
        text = (ROOT / f"docs/{lang}/{topic_of(name)}.md").read_text("utf-8")
        asked = [given for macro, given in macros(text) if macro == "exercise"]
        assert name in asked and text.index(f'exercise("{name}")') < text.index("{ #remember }")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_box_shows_what_is_asked_and_folds_the_rest(boxes, lang):
    for name, one in everything().items():
        html = markdown.markdown(boxes(name, lang), extensions=EXTENSIONS)
        assert html.startswith(
            f'<div class="book-exercise no-terms" data-search-exclude="data-search-exclude" id="{name}">'
        )
        opened = re.sub(r"<details.*</details>", "", html, flags=re.S)
        folded = html.removeprefix(opened.split("<details", 1)[0])
        start = re.sub(r"`|<.*?>", "", one.statement[lang])[:12]
        assert start in re.sub(r"<.*?>", "", opened) and "<pre" not in opened
        assert html.count("<details") == html.count("</details>") == len(one.hints) + 2
        assert folded.count("<pre") == 2, "what to begin with, and the solution"
        assert re.search(r"(?s)<details.*<details.*</details>.*</details>", html), "hints open one after the other"
        assert "???" not in html and "```" not in html and "`" not in re.sub(r"(?s)<pre.*?</pre>", "", html)


def test_what_a_reader_copies_is_the_same_code_in_both_languages_but_for_comments(boxes):
    for name, one in everything().items():
        both = [one.program(lang) for lang in LANGUAGES]
        zh, en = (re.sub(r'"""[^"]*"""|# .*', "", text) for text in both)
        assert zh == en and zh.endswith(f'check("{name}", {one.function})\n')


def test_an_exercise_that_is_not_there_names_the_line(boxes):
    with pytest.raises(ValueError, match=r"docs/en/convolution/transposed\.md:\d+: cnnbook/exercises/convolution/tra"):
        boxes("transposed-9", "en", "convolution/transposed")
    with pytest.raises(ValueError, match="has no exercise 'index-1'"):
        boxes("index-1", "en", "index")


def test_the_boxes_are_kept_for_the_next_build(boxes):
    boxes("transposed-1", "en")
    kept = [path.name for path in Path(ROOT / ".cache/exercises").iterdir()]
    assert sum(name.startswith("convolution-transposed-") for name in kept) == 1
