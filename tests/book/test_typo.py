"""A slip mended in one language: the other page is stamped, and whatever is more than a slip is refused."""

import subprocess

import pytest

import sync
import typo
from test_sync import edit, texts

WORDS = {
    "zh": "一页，有一个错字。\n\n$a+b$ 与 30 个种子，`n`",
    "en": "A page with a slipp.\n\n$a+b$ and 30 seeds, one `n`",
}


def git(book, *command: str) -> None:
    subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *command], cwd=book, check=True)


@pytest.fixture
def history(tmp_path):
    """Two pages in both languages, stamped and committed."""
    for lang, words in WORDS.items():
        for name in ("index", "part/topic"):
            path = tmp_path / f"docs/{lang}/{name}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"---\ndescription: d\n---\n\n# {name} {{ #t }}\n\n{words}\n", "utf-8")
    sync.sync([], tmp_path)
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "pages"]):
        git(tmp_path, *command)
    return tmp_path


@pytest.mark.parametrize("committed", [False, True])
@pytest.mark.parametrize("lang, other, old, new", [("en", "zh", "slipp", "slip"), ("zh", "en", "一页，", "一页、")])
def test_a_typo_stamps_the_other_page_and_touches_no_text(history, lang, other, old, new, committed):
    edit(history, f"docs/{lang}/part/topic.md", old, new)
    if committed:
        git(history, "commit", "-qam", "a typo")
    before = texts(history)
    assert typo.mended(["part/topic", "index"], history) == ["part/topic"] and sync.stale(history) == []
    after = texts(history)
    (path,) = (path for path in before if before[path] != after[path])
    assert path == history / f"docs/{other}/part/topic.md"
    assert sync.Side(path, after[path]).content == sync.Side(path, before[path]).content
    assert typo.mended(["part/topic"], history) == []  # once is enough


@pytest.mark.parametrize(
    "old, new, why",
    [
        ("A page", "A page " + "x" * 40, "no typo: 41 characters have changed, more than 40)"),
        ("A page with a slipp", "", "no typo: 19"),
        ("30 seeds", "10 seeds", "no typo: a number has changed)"),
        ("one `n`", "two `n`", "no typo: a number has changed)"),
        ("`n`", "`m`", "no typo: code has changed)"),
        ("$a+b$", "$a-b$", "no typo: the two differ in formulas: zh alone has 'a+b'; en alone 'a-b')"),
        ("{ #t }", "{ #u }", "no typo: the two differ in headings: "),
        ("30 seeds", "30 [seeds](x.md)", "no typo: the two differ in links: "),
        ("30 seeds", "30 seeds\n\n```python\n1\n```", "no typo: the two differ in blocks: "),
    ],
)
def test_more_than_a_typo_is_refused_and_says_why(history, monkeypatch, old, new, why):
    monkeypatch.setattr(typo, "MOST", 18 if new == "" else 40)
    edit(history, "docs/en/part/topic.md", old, new)
    before = texts(history)
    with pytest.raises(sync.SyncError) as error:
        typo.mended(["index", "part/topic"], history)
    assert str(error.value).startswith(
        "docs/zh/part/topic.md:1: docs/en/part/topic.md has changed and this page has not"
    )
    assert why in str(error.value) and "\n" not in str(error.value) and texts(history) == before


def test_forty_characters_are_a_typo_wherever_they_stand(history):
    edit(history, "docs/en/part/topic.md", "A page", "A page " + "x" * 20)
    edit(history, "docs/en/part/topic.md", "seeds", "seeds" + "y" * 19)
    assert typo.mended(["part/topic"], history) == ["part/topic"]
    assert typo.characters("abc\ndef\n", "abX\ndef\nghi") == 1 + 3


def test_a_typo_in_both_languages_or_of_an_unknown_past_is_refused(history):
    edit(history, "docs/en/part/topic.md", "slipp", "slip")
    edit(history, "docs/zh/part/topic.md", "counterpart: ", "counterpart: 0")
    with pytest.raises(sync.SyncError, match=r"no typo: git does not know the version that this .*\)$"):
        typo.mended(["part/topic"], history)
    edit(history, "docs/zh/part/topic.md", "错字", "别字")
    with pytest.raises(sync.SyncError, match=r"^docs/zh/part/topic\.md:1: both languages have changed: make sync$"):
        typo.mended(["part/topic"], history)
