"""Stamps: a page edited in one language alone is found, and stays found until someone has looked at the other."""

import os
import subprocess
import sys

import pytest

import sync
from manuscript import ROOT


@pytest.fixture
def book(tmp_path):
    """Two pages and a README in both languages, stamped."""
    for lang in ("zh", "en"):
        for name in ("index", "part/topic"):
            path = tmp_path / f"docs/{lang}/{name}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"---\ndescription: d\n---\n\n# {name} {lang}\n", "utf-8")
    (tmp_path / "README.md").write_text("# book\n", "utf-8")
    (tmp_path / "README.zh.md").write_text("# 书\n", "utf-8")
    assert sync.sync([], tmp_path) == ["index", "part/topic", "README"]
    return tmp_path


def edit(book, file: str, old: str = "# ", new: str = "# new ") -> None:
    path = book / file
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


def texts(book) -> dict:
    return {path: path.read_text("utf-8") for path in book.rglob("*.md")}


def test_a_stamp_is_the_counterparts_hash_and_spares_the_rest(book):
    assert sync.stale(book) == [] and sync.sync([], book) == []
    page, readme = (book / "docs/zh/index.md").read_text("utf-8"), (book / "README.zh.md").read_text("utf-8")
    english = sync.Side.read(book / "docs/en/index.md").hash
    assert page == f"---\ndescription: d\ncounterpart: {english}\n---\n\n# index zh\n" and len(english) == 12
    assert readme == f"# 书\n\n<!-- counterpart: {sync.Side.read(book / 'README.md').hash} -->\n"


def test_front_matter_and_line_ends_do_not_count(book):
    edit(book, "docs/en/index.md", "description: d", "description: another")
    (book / "docs/zh/index.md").write_bytes((book / "docs/zh/index.md").read_bytes().replace(b"\n", b"\r\n"))
    assert sync.stale(book) == []


@pytest.mark.parametrize(
    "changed, other, name",
    [
        ("docs/zh/part/topic.md", "docs/en/part/topic.md", "part/topic"),
        ("docs/en/index.md", "docs/zh/index.md", "index"),
        ("README.md", "README.zh.md", "README"),
    ],
)
def test_a_page_edited_in_one_language_alone(book, changed, other, name):
    edit(book, changed)
    assert len(found := sync.stale(book)) == 1
    assert found[0].startswith(f"{other}:1: {changed} has changed") and f"PAGE={name}" in found[0]
    before = texts(book)
    with pytest.raises(sync.SyncError, match=f"^{other}:1:"):
        sync.sync([], book)
    assert texts(book) == before  # nothing was written
    assert sync.sync([name], book) == [name]  # someone has looked
    assert sync.stale(book) == []


def test_a_page_edited_in_both_languages(book):
    for file in ("docs/zh/index.md", "docs/en/index.md"):
        edit(book, file)
    assert "both languages have changed" in sync.stale(book)[0]
    assert sync.sync([], book) == ["index"] and sync.stale(book) == []


def test_a_page_without_a_stamp_or_a_counterpart(book):
    edit(book, "docs/en/index.md", "counterpart", "nothing")
    assert sync.stale(book)[0].startswith("docs/en/index.md:1: docs/zh/index.md has changed")
    (book / "docs/en/index.md").unlink()
    missing = "docs/zh/index.md:1: this page has no counterpart docs/en/index.md"
    assert sync.stale(book) == [missing]
    with pytest.raises(sync.SyncError, match=missing):
        sync.sync([], book)


def test_files_are_written_whole_or_not_at_all(book, monkeypatch):
    for file in ("docs/zh/index.md", "docs/en/index.md"):
        edit(book, file)
    before = texts(book)
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError("the disk is full")))
    with pytest.raises(OSError):
        sync.sync([], book)
    assert {path: text for path, text in texts(book).items() if path.suffix == ".md"} == before


def test_a_page_may_be_named_as_one_likes_but_must_exist():
    for words in ("convolution/transposed", "docs/zh/convolution/transposed.md", "en/convolution/transposed.md"):
        assert sync.page_name(words) == "convolution/transposed"
    assert sync.page_name("README.zh.md") == sync.page_name("README") == "README"
    for tool in ("sync", "typo"):
        command = [sys.executable, f"tools/{tool}.py", "convolution/transpose"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env={**os.environ, "PYTHONUTF8": "1"})
        assert done.returncode == 1 and "there is no page 'convolution/transpose'; the pages are" in done.stderr
