"""A strict build stops where a page, a figure or a lab is wrong, and says in which file and line."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import maths
from manuscript import ROOT

PAGE = "---\ndescription: d\n---\n\n# T { #t }\n\n"
TEX = r"\def\y#1{#1} \{a, {{b}} {% x %}" + "\n" + r"} \y{c} [c=1]\}"
LAB = '# %% [markdown] lang="zh"\n# # T { #t }\n\n# %%\nx = 1\n\n# %%\ny = 2\nraise ValueError("no")\n'


def build(folder: Path, files: dict[str, str]) -> subprocess.CompletedProcess:
    """Build an English book of these files with the book's own hooks and theme."""
    for name in ("hooks", "theme"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    names = (
        "mkdocs.yml",
        "mkdocs.en.yml",
        "docs/glossary.toml",
        "docs/synonyms.toml",
        "docs/figures/draw.py",
        "docs/figures/parts.py",
    )
    for name in (*names, "tools/node.py"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    small = {"src/none.py": "", "results/none.json": "", "small.yml": "INHERIT: mkdocs.en.yml\nnav: [{T: index.md}]\n"}
    for name, text in (small | files).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", "small.yml"]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONUTF8": "1"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8")


def test_a_page_without_its_counterpart_stops_the_build_and_macros_leave_tex_alone(tmp_path):
    done = build(tmp_path, {"docs/en/index.md": f"{PAGE}${TEX}$\n\n$$\n{TEX}\n$$\n"})
    assert done.returncode
    assert "docs/en/index.md:1: this page has no counterpart docs/zh/index.md" in done.stderr
    page = (tmp_path / "site/en/index.html").read_text("utf-8")
    for made in maths.render([(False, TEX), (True, TEX)]):
        assert page.count(made["html"]) == 1
    assert page.count("<math ") == 2 and page.count('display="block"') == 1


def test_a_formula_that_cannot_be_read_stops_the_build(tmp_path):
    page = f"{PAGE}words $a$\n\n$$\n\\frac{{1\n$$\n"
    done = build(tmp_path, {"docs/zh/index.md": page, "docs/en/index.md": page})
    assert done.returncode and not (tmp_path / "site/en/index.html").exists()
    assert "docs/en/index.md:10: the formula \\frac{1: KaTeX parse error: " in done.stderr


def test_an_unknown_figure_stops_the_build(tmp_path):
    page = f'{PAGE}words\n\n[= figure("nothing", "caption") =]\n'
    done = build(tmp_path, {"docs/zh/index.md": page, "docs/en/index.md": page})
    assert done.returncode
    assert "docs/en/index.md:9: " in done.stderr and "figure 'nothing'" in done.stderr


def test_a_lab_that_raises_stops_the_build(tmp_path):
    done = build(tmp_path, {"docs/zh/index.md": PAGE, "docs/en/index.md": PAGE, "docs/labs/domains/text.py": LAB})
    assert done.returncode
    assert "docs/labs/domains/text.py:9: the lab raised ValueError: no" in done.stderr


def test_a_link_of_a_lab_that_leads_nowhere_stops_the_build(tmp_path):
    links = "[a](../../index.md#no) [b](../../no.md) [c](../../index.md#t) [d](#t)"
    lab = f'# %% [markdown] lang="en"\n# # T {{ #t }}\n#\n# {links}\n'
    done = build(tmp_path, {"docs/zh/index.md": PAGE, "docs/en/index.md": PAGE, "docs/labs/domains/text.py": lab})
    assert done.returncode
    said = [line for line in done.stderr.splitlines() if line.startswith("WARNING") and "contains a link" in line]
    assert all("labs/domains/text.ipynb" in line for line in said)
    assert {"'../../index.md#no'", "'../../no.md'"} == {line.split("a link ")[1].split(",")[0] for line in said}
