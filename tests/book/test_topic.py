"""A new topic: the Mirror is whole, numbers and stamps fit, and what fails says what is to be written."""

import os
import re
import runpy
import shutil
import subprocess
import sys

import pytest

import lint
import lockstep
import sync
import test_lockstep
import test_mirror
import topic
from manuscript import ROOT, source


def test_nothing_is_left_to_write():
    assert not (found := topic.unwritten()), "\n".join(found)


@pytest.fixture
def copy(tmp_path):
    """The book's text and code, without what is large."""
    heavy = shutil.ignore_patterns("__pycache__", "assets", "files", "weights", "*.png", "*.egg-info", ".cache")
    for name in ("docs", "src", "tests"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=heavy)
    for name in ("mkdocs.yml", "mkdocs.en.yml", "pyproject.toml", "README.md", "README.zh.md"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "tools", tmp_path / "tools", ignore=heavy)
    return tmp_path


def order(root) -> tuple[list[str], list[str]]:
    """The topics as the navigation has them, and as claims are sorted by."""
    navigation = re.findall(r": (\w+/\w+)\.md$", (root / "mkdocs.yml").read_text("utf-8"), re.M)
    return navigation, list(runpy.run_path(str(root / topic.ORDER))["TOPICS"])


NEW = "made_by_the_test"  # which nobody takes: the copy has whatever topics the book has today


def numbers(root, part: str) -> tuple[str, int, str]:
    """The section of a part, the number of its last topic, and where the navigation's last entry of it leads."""
    found = topic.entries((root / "mkdocs.yml").read_text("utf-8"), part)
    return found[0][2], max(int(hit[3]) for hit in found), found[-1][0].rpartition(": ")[2]


WRITING = {"zh": "md", "en": "md", "labs": "py", "figures": "py"}
CODE = {"": "py", "/experiments": "py", "/exercises": "py", "/questions": "py", "/evidence/claims": "toml"}


def texts(root) -> dict[str, str]:
    files = (path for path in root.rglob("*") if path.suffix in (".md", ".py", ".yml", ".toml"))
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in files}


def test_a_new_topic_is_in_every_room_and_nothing_else_has_changed(copy, monkeypatch):
    before = texts(copy)
    section, last, neighbour = numbers(copy, "generalisation")
    made = topic.make("generalisation", NEW, "早停：何时停", "Early stopping", copy)
    after = texts(copy)
    assert test_mirror.cracks(copy) == [] and test_mirror.climbs(copy / "src/cnnbook") == []
    new = {path.relative_to(copy).as_posix() for path in made}
    assert set(after) - set(before) == new
    for room, form in {**test_mirror.ROOMS, **test_mirror.ANNEXES}.items():
        assert f"{room}/generalisation/{form.format(NEW)}" in new
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"mkdocs.yml", "mkdocs.en.yml", topic.ORDER}
    navigation, claims = order(copy)
    assert claims == navigation and f"generalisation/{NEW}" in claims
    monkeypatch.setattr(test_lockstep, "ROOT", copy)
    for config, title in (("mkdocs.yml", "早停：何时停"), ("mkdocs.en.yml", "Early stopping")):
        lines = [line for line in after[config].split("\n") if line not in before[config].split("\n")]
        assert lines == [line for line in after[config].split("\n") if NEW in line] and len(lines) == 2
        pages = test_lockstep.nav(config)
        number = f"{section}.{last + 1}"
        at = pages.index((f"generalisation/{NEW}.md", number, f"{number} {title}"))
        assert pages[at - 1][0] == neighbour and pages[at + 2][1] == "5.17"
        assert pages[at + 1][:2] == (f"labs/generalisation/{NEW}.ipynb", number)
        lang = "zh" if config == "mkdocs.yml" else "en"
        test_lockstep.test_the_navigation_and_the_pages_agree_on_numbers(config, lang)
    assert sync.stale(copy) == []
    zh, en = (source(lang, f"generalisation/{NEW}", copy).read_text("utf-8") for lang in ("zh", "en"))
    assert lockstep.differences(zh, en) == []
    assert lint.check(zh, "zh", "zh") == lint.check(en, "en", "en") == []
    test_lockstep.test_the_words_of_a_lab_come_in_pairs(copy / f"docs/labs/generalisation/{NEW}.py")
    code = [topic.ORDER, *(name for name in new if name.endswith(".py"))]
    for command in (["check"], ["format", "--check"]):
        assert not subprocess.run([sys.executable, "-m", "ruff", *command, "-q", *code], cwd=copy).returncode


def test_two_topics_follow_each_other_and_one_name_may_be_in_two_parts(copy):
    section, last, _ = numbers(copy, "parameters")
    topic.make("parameters", NEW, root=copy)
    topic.make("parameters", "transposed", "丢弃: 一", "Dropout: one", copy)
    config = (copy / "mkdocs.yml").read_text("utf-8")
    assert f"- {section}.{last + 1} Made by the test: parameters/{NEW}.md\n" in config
    assert f'- "{section}.{last + 2} 丢弃: 一": parameters/transposed.md\n' in config
    assert test_mirror.cracks(copy) == [] and sync.stale(copy) == []
    navigation, claims = order(copy)
    assert claims == navigation and claims.index(f"parameters/{NEW}") + 1 == claims.index("parameters/transposed")


def test_its_tests_fail_and_say_what_to_write(copy):
    before = topic.unwritten(copy)  # of a topic that is being written
    topic.make("domains", NEW, "音乐", "Music", copy)
    marks = [line for line in topic.unwritten(copy) if line not in before]
    assert len(marks) == 33
    rooms = {line.split(":")[0] for line in marks}
    assert rooms == {
        *(f"docs/{room}/domains/{NEW}.{end}" for room, end in WRITING.items()),
        *(f"src/cnnbook{room}/domains/{NEW}.{end}" for room, end in CODE.items()),
    }
    assert all(re.fullmatch(r"\S+:\d+: write: .*[^\s\"> -]", line) for line in marks)
    environment = os.environ | {"PYTHONPATH": str(copy / "src"), "COLUMNS": "300"}
    # the tests of the copy, with the code of the copy
    files = {f"tests/domains/test_{NEW}.py": 1, f"tests/experiments/domains/test_{NEW}.py": 2}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *files]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, encoding="utf-8", env=environment)
    failed = re.findall(r"^FAILED .*", done.stdout, re.M)
    for file, count in files.items():
        assert sum(line.startswith(f"FAILED {file}::") for line in failed) == count, done.stdout
    assert f"\n{len(failed)} failed in" in done.stdout and len(failed) == 3, done.stdout
    assert all(re.search(r" - (AssertionError|Failed): write ", line) for line in failed), done.stdout


@pytest.mark.parametrize(
    "part, name, message",
    [
        ("generalization", "early", "PART must be one of convolution, parameters, generalisation, domains, got 'gen"),
        ("domains", "speech", "domains/speech is there already: docs/en/domains/speech.md"),
        ("domains", "Early-Stopping", "NAME must be a Python name of a–z, 0–9 and _, as early_stopping, got 'Early-S"),
        ("domains", "../music", "NAME must be"),
        ("domains", "class", "NAME must be"),
        ("domains", "_music", "NAME must be"),
    ],
)
def test_what_is_in_the_way_is_one_line_and_nothing_is_written(copy, part, name, message):
    before = texts(copy)
    with pytest.raises(topic.TopicError) as error:
        topic.make(part, name, root=copy)
    assert str(error.value).startswith(message) and "\n" not in str(error.value)
    assert texts(copy) == before


@pytest.mark.parametrize("arguments", [[], ["domains"], ["domains", ""], ["domain", "music"]])
def test_the_command_says_what_it_needs(arguments):
    done = subprocess.run([sys.executable, "tools/topic.py", *arguments], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1 and done.stdout == "" and done.stderr.count("\n") == 1
    assert ("make topic PART=" in done.stderr) or ("PART must be one of" in done.stderr)
