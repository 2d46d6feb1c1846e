"""Chinese and English move together: the same pages with the same headings, formulas, links, figures and code."""

import re

import pytest
import yaml

import sync
from lockstep import differences
from manuscript import (
    LANGUAGES,
    ROOT,
    headings,
    lab_cells,
    lab_text,
    labs,
    pages,
    readmes,
    source,
)

NAMES = sorted(set(pages("zh")) & set(pages("en")))  # one without a counterpart fails below


def test_both_trees_hold_the_same_files():
    trees = {}
    for lang in LANGUAGES:
        folder = ROOT / "docs" / lang
        trees[lang] = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    alone = {lang: files - trees[sync.OTHER[lang]] for lang, files in trees.items()}
    assert not any(alone.values()), f"without a counterpart: {alone}"
    assert set(readmes()) >= {"README"}
    assert all(source(lang, name).exists() for name in readmes() for lang in LANGUAGES)


@pytest.mark.parametrize("name", NAMES + readmes())
def test_a_page_and_its_counterpart_have_one_skeleton(name):
    zh, en = (source(lang, name).read_text("utf-8") for lang in ("zh", "en"))
    found = differences(zh, en)
    assert not found, f"{source('zh', name)}:1: differs from its counterpart:\n" + "\n".join(found)


def test_every_page_has_been_looked_at_since_its_counterpart_changed():
    assert not (found := sync.stale()), "\n".join(found)


@pytest.mark.parametrize("path", labs(), ids=lambda path: path.relative_to(ROOT / "docs/labs").as_posix())
def test_the_words_of_a_lab_come_in_pairs(path):
    text = path.read_text("utf-8")
    where = path.relative_to(ROOT).as_posix()
    cells = [cell for cell in lab_cells(text) if "[markdown]" in cell[1]]
    for at, (line, info, _) in enumerate(cells):
        assert re.fullmatch(rf'\[markdown\] lang="{LANGUAGES[at % 2]}"', info), f"{where}:{line}: {info}: zh, then en"
    assert len(cells) % 2 == 0, f"{where}:{cells[-1][0]}: this cell has no English"
    for (line, _, zh), (_, _, en) in zip(cells[::2], cells[1::2], strict=True):
        assert not (found := differences(zh, en)), f"{where}:{line}: " + "\n".join(found)
    assert [heading.level for heading in headings(lab_text(text, "zh"))].count(1) == 1


class Loose(yaml.SafeLoader):
    """Reads mkdocs.yml without acting on its !ENV and !!python tags."""


Loose.add_multi_constructor("", lambda loader, suffix, node: None)


def nav(config: str) -> list[tuple[str, str, str]]:
    """The navigation, flat: the file or "" for a part, its number, its title."""
    found = []

    def walk(items):
        for item in items:
            ((title, inner),) = item.items()
            number = re.match(r"[\d.]*", title).group()
            found.append((inner if isinstance(inner, str) else "", number, title))
            if not isinstance(inner, str):
                walk(inner)

    walk(yaml.load((ROOT / config).read_text("utf-8"), Loose)["nav"])
    return found


def test_both_navigations_list_the_same_pages_under_the_same_numbers():
    zh, en = nav("mkdocs.yml"), nav("mkdocs.en.yml")
    assert [entry[:2] for entry in zh] == [entry[:2] for entry in en]
    listed = [file for file, _, _ in zh if file]
    written = {f"{name}.md" for name in NAMES} | {
        path.relative_to(ROOT / "docs").with_suffix(".ipynb").as_posix() for path in labs()
    }
    assert set(listed) == written and len(listed) == len(set(listed))


@pytest.mark.parametrize("config, lang", [("mkdocs.yml", "zh"), ("mkdocs.en.yml", "en")])
def test_the_navigation_and_the_pages_agree_on_numbers(config, lang):
    numbered = [(file, number) for file, number, _ in nav(config) if file and number]
    assert numbered
    for file, number in numbered:
        path = ROOT / "docs" / (file.replace(".ipynb", ".py") if file.startswith("labs/") else f"{lang}/{file}")
        text = path.read_text("utf-8")
        first = headings(lab_text(text, lang) if path.suffix == ".py" else text)[0]
        assert first.level == 1 and first.title.split()[0] == number, f"{path}:{first.line}: {first.title} is {number}"


PAGE = """---
description: d
---

# T { #t }

words $a+b$, see [more](x.md#y) [= figure("f", "caption") =]

```python
# a comment
print("a")  # another
```

<!--pytest-codeblocks:expected-output-->

```text
a
```

```console
$ make test  # all of it
```
"""
EDITS = {
    "# T { #t }": ("# T { #u }", "headings"),
    "# T ": ("## T ", "headings"),
    "$a+b$": ("$a-b$", "formulas"),
    "x.md#y": ("x.md#z", "links"),
    '"f"': ('"g"', "figures"),
    'print("a")': ('print("b")', "blocks"),
    "```text\na\n": ("```text\nb\n", "blocks"),
    "make test": ("make serve", "blocks"),
}


@pytest.mark.parametrize("old", EDITS)
def test_a_difference_is_found(old):
    new, part = EDITS[old]
    found = differences(PAGE, PAGE.replace(old, new, 1))
    assert len(found) == 1 and found[0].startswith(part)


def test_words_and_comments_may_differ():
    other = PAGE.replace("words", "字").replace("# a comment", "# 注").replace("# another", "# 又")
    assert differences(PAGE, other.replace('"caption"', '"图"').replace("# all of it", "# 全部")) == []
