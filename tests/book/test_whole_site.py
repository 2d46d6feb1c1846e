"""A build that fails or is killed leaves the site as it was, and the next one puts all in order."""

import subprocess

import pytest

import book

HOOK = """
import os, signal

def on_page_content(html, page, config, files):
    if "fails" in html:
        raise SystemExit(1)
    if "dies" in html:
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))  # Windows has one way alone
"""


@pytest.fixture
def toy(tmp_path, monkeypatch):
    """A book of one page and a picture; its words decide how the build ends."""
    monkeypatch.setattr(book, "ROOT", tmp_path)
    monkeypatch.setattr(book, "SITE", tmp_path / "site")
    monkeypatch.setattr(book, "CONFIGS", {"zh": "toy.yml"})
    config = "site_name: toy\ndocs_dir: docs\nsite_dir: site/zh\nhooks: [hook.py]\nplugins: []\n"
    (tmp_path / "toy.yml").write_text(f"{config}theme: {{name: null, custom_dir: theme}}\n", "utf-8")
    (tmp_path / "hook.py").write_text(HOOK, "utf-8")
    (tmp_path / "docs").mkdir()
    (tmp_path / "theme").mkdir()
    (tmp_path / "theme/main.html").write_text("{{ page.content }}", "utf-8")
    (tmp_path / "docs/picture.svg").write_text("<svg/>", "utf-8")
    return tmp_path


def build(folder, words: str) -> int:
    (folder / "docs/index.md").write_text(words, "utf-8")
    return book.build_languages("zh").returncode


def built(folder) -> dict[str, str]:
    """What lies in the site, but for MkDocs' map of it."""
    files = (path for path in (folder / "site").rglob("*") if path.is_file() and "sitemap" not in path.name)
    return {path.relative_to(folder / "site").as_posix(): path.read_text("utf-8") for path in files}


def site(words: str) -> dict[str, str]:
    return {"zh/index.html": f"<p>{words}</p>", "zh/picture.svg": "<svg/>"}


def test_a_build_that_fails_or_dies_leaves_the_old_site_whole(toy):
    assert build(toy, "first") == 0 and built(toy) == site("first")
    assert build(toy, "this fails") and built(toy) == site("first")
    assert build(toy, "this dies") not in (0, 1) and built(toy) == site("first")
    (toy / "docs/picture.svg").unlink()
    assert build(toy, "second") == 0 and built(toy) == {"zh/index.html": "<p>second</p>"}


@pytest.mark.parametrize("moment", ["building", "before", "between", "after"])
def test_a_kill_at_any_moment_is_made_good_by_the_next_build(toy, moment):
    assert build(toy, "first") == 0
    here, old, draft = (toy / "site" / name for name in ("zh", ".zh.old", ".zh.part"))
    draft.mkdir()
    (draft / "half.html").write_text("half", "utf-8")
    if moment == "between":
        here.rename(old)
    elif moment == "after":
        old.mkdir()
        (old / "older.html").write_text("older", "utf-8")
    elif moment == "before":
        (draft / "index.html").write_text("a draft that was whole", "utf-8")
    assert build(toy, "this fails") and built(toy) == site("first")
    assert build(toy, "second") == 0 and built(toy) == site("second")


def test_ctrl_c_is_a_line_and_leaves_nothing_behind(toy, monkeypatch):
    assert build(toy, "first") == 0

    def stopped(*_, **__):
        (toy / "site/.zh.part").mkdir()
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess, "run", stopped)
    with pytest.raises(KeyboardInterrupt):
        build(toy, "second")
    assert built(toy) == site("first") and [path.name for path in (toy / "site").iterdir()] == ["zh"]
