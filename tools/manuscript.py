"""Read the book's sources as the tools and the tests need them: pages, labs and READMEs.

Whatever is taken out of a text leaves its line ends behind, so that a finding can name its line.
"""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("zh", "en")
FRONT = re.compile(r"\A---\n.*?\n---\n", re.S)
FENCE = re.compile(r"(?P<indent>[ \t]*)(?P<mark>`{3,}|~{3,})(?P<info>.*)")
COMMENT = re.compile(r"<!--.*?-->", re.S)
CODE = re.compile(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)")
FORMULA = re.compile(r"\$\$(?P<display>.+?)\$\$|(?<![\\$])\$(?P<inline>[^$\n]+)\$(?!\$)", re.S)
HEADING = re.compile(r"^(?P<marks>#{1,6}) +(?P<title>.*?)(?: *\{ *#(?P<id>[\w.-]+)[^}]*\})? *$", re.M)
MACRO = re.compile(r"\[=\s*(?P<name>\w+)\((?P<arguments>.*?)\)\s*=\]")
STRING = re.compile(r"\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'")
LINK = re.compile(
    r"\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)"  # [text](address "title")
    r"|<(https?://[^>\s]+)>|\b(?:href|src)=\"([^\"]+)\"|^\[[^\]]+\]:\s*(\S+)",
    re.M,
)


@dataclass(frozen=True)
class Fence:
    line: int  # of its opening mark, counted from 1
    last: int | None  # of its closing mark; None where it never closes
    indent: str
    mark: str
    info: str
    code: str


@dataclass(frozen=True)
class Heading:
    line: int
    level: int
    title: str
    id: str | None


def pages(lang: str, root: Path = ROOT) -> list[str]:
    """The names of a language's pages: convolution/transposed."""
    folder = root / "docs" / lang
    return sorted(path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.md"))


def readmes(root: Path = ROOT) -> list[str]:
    """The names of the texts at the root, each NAME.md and NAME.zh.md."""
    return sorted({path.name.split(".")[0] for path in root.glob("*.md")})


def source(lang: str, name: str, root: Path = ROOT) -> Path:
    """The file of a page or README in a language."""
    if "/" not in name and name in readmes(root):
        return root / (f"{name}.zh.md" if lang == "zh" else f"{name}.md")
    return root / "docs" / lang / f"{name}.md"


def labs(root: Path = ROOT) -> list[Path]:
    return sorted((root / "docs/labs").rglob("*.py"))


def hollow(hit: re.Match) -> str:
    """What is left of a text taken out: its line ends."""
    return "\n" * hit.group().count("\n")


def line_of(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def fences(text: str) -> list[Fence]:
    """Every fenced block, whatever its mark and its info."""
    found: list[Fence] = []
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        opening, first = FENCE.fullmatch(lines[at]), at
        at += 1
        if not opening:
            continue
        closing = re.compile(rf"\s*{opening['mark']}{opening['mark'][0]}*\s*")
        while at < len(lines) and not closing.fullmatch(lines[at]):
            at += 1
        width = len(opening["indent"])
        code = "".join(line[min(width, len(line) - len(line.lstrip())) :] + "\n" for line in lines[first + 1 : at])
        closed = at + 1 if at < len(lines) else None
        found.append(Fence(first + 1, closed, opening["indent"], opening["mark"], opening["info"], code))
        at += 1
    return found


def without_blocks(text: str) -> str:
    """The text without front matter, fences and comments."""
    lines = text.split("\n")
    for fence in fences(text):
        for at in range(fence.line - 1, fence.last or len(lines)):
            lines[at] = ""
    return COMMENT.sub(hollow, FRONT.sub(hollow, "\n".join(lines)))


def headings(text: str) -> list[Heading]:
    bare = without_blocks(text)
    hits = HEADING.finditer(bare)
    return [Heading(line_of(bare, hit.start()), len(hit["marks"]), hit["title"], hit["id"]) for hit in hits]


def formulas(text: str) -> list[str]:
    """The TeX of every formula, as it stands in the text."""
    return [(hit["display"] or hit["inline"]).strip() for hit in FORMULA.finditer(CODE.sub("", without_blocks(text)))]


def links(text: str) -> list[str]:
    """Where links and pictures lead."""
    return [next(filter(None, hit.groups())) for hit in LINK.finditer(CODE.sub("x", without_blocks(text)))]


def macros(text: str) -> list[tuple[str, str]]:
    """The macros a page calls, each with its first string: ("figure", "stamps")."""
    hits = MACRO.finditer(without_blocks(text))
    return [(hit["name"], next((a or b for a, b in STRING.findall(hit["arguments"])), "")) for hit in hits]


def lab_cells(text: str) -> list[tuple[int, str, str]]:
    """A lab's cells: the line of the first, what `# %%` says, and the text, that of Markdown cells without the `# `."""
    parts = re.split(r"^# %%(.*)\n", text, flags=re.M)
    cells, line = [], parts[0].count("\n") + 1
    for info, body in zip(parts[1::2], parts[2::2], strict=True):
        content = re.sub(r"^# ?", "", body, flags=re.M) if "[markdown]" in info else body
        cells.append((line + 1, info.strip(), content))
        line += 1 + body.count("\n")
    return cells


def lab_text(text: str, lang: str) -> str:
    """A lab's Markdown of one language, each line where it stands in the lab."""
    lines = [""] * (text.count("\n") + 1)
    for line, info, content in lab_cells(text):
        if f'lang="{lang}"' in info:
            for at, words in enumerate(content.rstrip("\n").split("\n"), line - 1):
                lines[at] = words
    return "\n".join(lines)


def claims_text(text: str, lang: str) -> str:
    """A file of claims: what it says in one language, each line where it stands in the file.

    >>> claims_text('id = "a"\\nzh = "甲"\\nen = "A."', "en")
    '\\n\\nA.'
    """
    lines = (re.fullmatch(rf'{lang} = "(.*)"', line) for line in text.split("\n"))
    return "\n".join(hit[1].replace('\\"', '"') if hit else "" for hit in lines)


def exercises_text(code: str, lang: str) -> str:
    """A module of exercises or questions: what its texts say in one language, each on the line where it begins.

    >>> exercises_text('x = 1\\nTITLE = Text(zh="甲", en=f"A {x}" " b")', "en")
    '\\nA x b'
    >>> exercises_text('Text("甲", "A")', "en")
    'A'
    """
    lines = [""] * (code.count("\n") + 1)
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text":
            said = dict(zip(LANGUAGES, node.args, strict=False)) | {one.arg: one.value for one in node.keywords}
            if lang in said:
                lines[said[lang].lineno - 1] = constant(said[lang]).replace("\n", " ")
    return "\n".join(lines)


def constant(node: ast.expr) -> str:
    """A string of code; an x for each value that is filled in."""
    if isinstance(node, ast.JoinedStr):
        return "".join(constant(part) for part in node.values)
    return str(node.value) if isinstance(node, ast.Constant) else "x"
