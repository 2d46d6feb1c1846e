"""The manuscript: each page with everything in it, made without MkDocs, and again only where it may have changed."""

import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest
from nbformat import v4

from manuscript import ROOT


@pytest.fixture
def press(monkeypatch, tmp_path):
    """A book of two pages and a lab, its manuscript in a folder of its own; returns how to compile it."""
    monkeypatch.setattr(sys, "path", [str(ROOT / "hooks"), *sys.path])
    import compiling
    from context import Book

    docs = tmp_path / "docs"
    (docs / "part").mkdir(parents=True)
    (docs / "index.md").write_text("# All { #all }\n\n[= all_of_it() =]\n", "utf-8")
    (docs / "part/topic.md").write_text("# One { #one }\n\nIt is [= said(1) =].\n", "utf-8")
    asked: list[str] = []

    def said(page, number):
        asked.append(page.uri)
        if not isinstance(number, int):
            raise ValueError(f"docs/{page.lang}/{page.uri}:3: said() takes a number, got {number!r}")
        return f"*{number}*"

    def all_of_it(page):
        asked.append(page.uri)
        return " ".join(path.read_text("utf-8").split()[1] for path in sorted(docs.rglob("*.md")))

    for name, value in {
        "KEPT": tmp_path / "manuscript", "NOTEBOOKS": tmp_path / "notebooks", "MACROS": (said, all_of_it),
        "OF_THE_WHOLE": (all_of_it,),
    }.items():  # fmt: skip
        monkeypatch.setattr(compiling, name, value)
    monkeypatch.setattr(compiling.snapshot, "key", lambda: "evidence")
    monkeypatch.setattr(compiling.drawings, "sources", lambda: "drawings")
    monkeypatch.setattr(compiling.labs, "names", lambda: [])

    def compiled(evidence: str = "evidence") -> tuple[Path, list[str]]:
        asked.clear()
        monkeypatch.setattr(compiling.snapshot, "key", lambda: evidence)
        return compiling.compiled(Book("en", docs, [{"All": "index.md"}])), sorted(asked)

    compiled.docs, compiled.error = docs, compiling.ManuscriptError
    return compiled


def test_a_page_has_what_its_macros_answer(press):
    folder, _ = press()
    assert (folder / "part/topic.md").read_text("utf-8") == "# One { #one }\n\nIt is *1*.\n"
    assert (folder / "index.md").read_text("utf-8") == "# All { #all }\n\nAll One\n"


def test_a_macro_that_stands_in_a_box_answers_there_with_all_its_lines(press, monkeypatch):
    import compiling

    def rows(page, first):
        return f"| {first} |\n|---|\n| 2 |\n\nbelow"

    monkeypatch.setattr(compiling, "MACROS", (*compiling.MACROS, rows))
    page = press.docs / "part/topic.md"
    boxed = '# One {{ #one }}\n\n??? note "N"\n\n    {}\n\n    {}, {}\n\n{}\n'
    calls = '[= rows("1") =]', "[= said(1) =]", "[= said(2) =]"
    page.write_text(boxed.format(*calls, calls[0]), "utf-8")
    folder, _ = press()
    table, inside = "| 1 |\n|---|\n| 2 |\n\nbelow", "| 1 |\n    |---|\n    | 2 |\n\n    below"
    said = boxed.format(inside, "*1*", "*2*", table)
    assert (folder / "part/topic.md").read_text("utf-8") == said


def test_only_what_may_have_changed_is_compiled_again(press):
    folder, asked = press()
    assert asked == ["index.md", "part/topic.md"]
    assert press()[1] == []
    page = press.docs / "part/topic.md"
    page.write_text("# Two { #two }\n\nIt is [= said(2) =].\n", "utf-8")
    assert press()[1] == ["index.md", "part/topic.md"]  # the cover says what all pages say
    index = press.docs / "index.md"
    index.write_text("# Cover { #cover }\n\n[= all_of_it() =]\n", "utf-8")
    assert press()[1] == ["index.md"]
    assert press("other evidence")[1] == ["index.md", "part/topic.md"]
    assert (folder / "index.md").read_text("utf-8") == "# Cover { #cover }\n\nCover Two\n"


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_text("")])
def test_what_was_damaged_is_made_again_and_what_is_gone_goes(press, damage):
    folder, _ = press()
    whole = (folder / "part/topic.md").read_text("utf-8")
    damage(folder / "part/topic.md")
    assert press()[1] == ["part/topic.md"] and (folder / "part/topic.md").read_text("utf-8") == whole
    (press.docs / "part/topic.md").unlink()
    press()
    assert not (folder / "part/topic.md").exists() and (folder / "index.md").exists()


@pytest.mark.parametrize(
    "line, said",
    [
        ("It is [= said('a') =].", "docs/en/part/topic.md:3: said() takes a number, got 'a'"),
        ("It is [= sayd(1) =].", "docs/en/part/topic.md:3: 'sayd' is undefined, in 'It is [= sayd(1) =].'"),
        ("It is [= said() =].", "missing 1 required positional argument: 'number', in 'It is [= said() =].'"),
        ("It is [= said(1 =].", "docs/en/part/topic.md:3: expected token ',', got '=', in 'It is [= said(1 =].'"),
    ],
)  # fmt: skip
def test_a_page_that_cannot_be_compiled_names_file_line_and_macro_and_leaves_what_there_was(press, line, said):
    folder, _ = press()
    (press.docs / "part/topic.md").write_text(f"# One {{ #one }}\n\n{line}\n", "utf-8")
    with pytest.raises(press.error) as error:
        press()
    assert said in str(error.value) and "docs/en/part/topic.md:3: " in str(error.value)
    assert (folder / "part/topic.md").read_text("utf-8") == "# One { #one }\n\nIt is *1*.\n"


@pytest.fixture
def lab(press, monkeypatch, tmp_path):
    """The book has two labs; returns which were made again, and where their notebooks lie."""
    import compiling

    made: list[str] = []

    def executed(name):
        made.append(name)
        return v4.new_notebook(cells=[v4.new_markdown_cell("# T { #t }", id="t")])

    for name, value in {
        "names": lambda: ["part/a", "part/b"], "place": lambda name: tmp_path / name.replace("/", "-"),
        "running": lambda names: nullcontext([]), "executed": executed,
    }.items():  # fmt: skip
        monkeypatch.setattr(compiling.labs, name, value)

    def compiled() -> list[str]:
        made.clear()
        press()
        return sorted(made)

    return compiled, tmp_path / "notebooks/en"


def test_a_lab_is_made_again_where_its_notebook_is_gone_and_no_other_is(lab):
    compiled, notebooks = lab
    assert compiled() == ["part/a", "part/b"]
    assert compiled() == []
    whole = (notebooks / "part/b.ipynb").read_bytes()
    (notebooks / "part/b.ipynb").unlink()
    assert compiled() == ["part/b"] and (notebooks / "part/b.ipynb").read_bytes() == whole
    (notebooks / "part/a.ipynb").write_text("{}")
    assert compiled() == ["part/a"]


def test_it_is_made_without_mkdocs():
    code = "import sys; sys.path.insert(0, 'hooks'); import compiling; print([n for n in sys.modules if n == 'mkdocs'])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("[]\n", 0), done.stderr
