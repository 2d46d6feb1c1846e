"""Make a topic's files in every room of the Mirror, and its entries: navigation, order of claims.

    python tools/topic.py PART NAME [ZH [EN]]    ZH and EN are its titles; by default the name

The files are those of tools/new_topic, with PART, NAME, NUMBER, ZH and EN filled in. What is still to be written stands
in them as `write: …`, in a comment or in a page's description, and tests fail until it is written. Nothing is written
where anything is in the way. To take a topic out again is git's affair.
"""

import json
import keyword
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import sync
from manuscript import LANGUAGES, ROOT

TEMPLATES = Path(__file__).with_name("new_topic")
ORDER = "src/cnnbook/evidence/topics.py"
NAVIGATIONS = {"zh": ("mkdocs.yml", "上机"), "en": ("mkdocs.en.yml", "Lab")}
WRITE = re.compile(r'(?:# |<!-- |")write(?:: |：)(.+?)(?: -->|")?$')


class TopicError(Exception):
    """Why there is no new topic."""


def filled(text: str, words: dict[str, str]) -> str:
    return re.sub(rf"(?<![A-Za-z])({'|'.join(words)})(?![A-Za-z])", lambda hit: words[hit[1]], text)


def templates() -> Iterator[Path]:
    return (path for path in sorted(TEMPLATES.rglob("*.*")) if path.is_file() and "__pycache__" not in path.parts)


def entries(config: str, part: str) -> list[re.Match]:
    """A part's lines in the navigation, pages and labs."""
    line = rf'^( +)- "?([\d.]+)\.(\d+) .*: (?:labs/)?{part}/\w+\.\w+$'
    return list(re.finditer(line, config, re.M))


def parts(root: Path = ROOT) -> list[str]:
    """The parts of the book, in the order of the navigation."""
    config = (root / NAVIGATIONS["zh"][0]).read_text("utf-8")
    return list(dict.fromkeys(re.findall(r"^ +- .*: (\w+)/\w+\.md$", config, re.M)))


def with_entries(config: str, part: str, name: str, number: str, titles: dict[str, str]) -> str:
    """The navigation with a page and a lab after the last of the part."""
    last = entries(config, part)[-1]
    lines = ""
    for title, file in ((titles["page"], f"{part}/{name}.md"), (titles["lab"], f"labs/{part}/{name}.ipynb")):
        words = f"{number} {title}"
        plain = not re.search(r"[:#\"'\\\[\]{}&*!|>%@`]", words)
        lines += f"\n{last[1]}- {words if plain else json.dumps(words, ensure_ascii=False)}: {file}"
    return config[: last.end()] + lines + config[last.end() :]


def with_topic(code: str, part: str, name: str) -> str:
    """The list of all topics with this one after the last of its part, where the navigation has it."""
    last = list(re.finditer(rf'^    "{part}/\w+",\n', code, re.M))[-1]
    return f'{code[: last.end()]}    "{part}/{name}",\n{code[last.end() :]}'


def make(part: str, name: str, zh: str = "", en: str = "", root: Path = ROOT) -> list[Path]:
    """Write a topic's files and its entries; returns the paths of the new files."""
    if part not in parts(root):
        raise TopicError(f"PART must be one of {', '.join(parts(root))}, got {part!r}")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or keyword.iskeyword(name):
        raise TopicError(f"NAME must be a Python name of a–z, 0–9 and _, as early_stopping, got {name!r}")
    config = (root / NAVIGATIONS["zh"][0]).read_text("utf-8")
    _, section, last = max((hit.groups() for hit in entries(config, part)), key=lambda found: int(found[2]))
    number, words = f"{section}.{int(last) + 1}", name.replace("_", " ").capitalize()
    titles = {"zh": zh or words, "en": en or words}
    if slip := next((title for title in titles.values() if not title.isprintable()), None):
        raise TopicError(f"a title is one line of text, got {slip!r}")
    fills = {"PART": part, "NAME": name, "NUMBER": number, "ZH": titles["zh"], "EN": titles["en"]}
    drafts = {root / filled(path.relative_to(TEMPLATES).as_posix(), fills): path for path in templates()}
    for path in drafts:
        if path.exists():
            raise TopicError(f"{part}/{name} is there already: {path.relative_to(root).as_posix()}")
    texts = {path: filled(template.read_text("utf-8"), fills) for path, template in drafts.items()}
    texts[root / ORDER] = with_topic((root / ORDER).read_text("utf-8"), part, name)
    for lang in LANGUAGES:
        file, lab = NAVIGATIONS[lang]
        config = (root / file).read_text("utf-8")
        named = {"page": titles[lang], "lab": lab}
        texts[root / file] = with_entries(config, part, name, number, named)
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")
    sync.sync([f"{part}/{name}"], root)
    return list(drafts)


def unwritten(root: Path = ROOT) -> list[str]:
    """What topics still have to say: `file:line: write: …`."""
    found = []
    for pattern in {filled(path.relative_to(TEMPLATES).as_posix(), {"PART": "*", "NAME": "*"}) for path in templates()}:
        for path in root.glob(pattern):
            for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
                if hit := WRITE.search(line):
                    found.append(f"{path.relative_to(root).as_posix()}:{number}: write: {hit[1]}")
    return sorted(found)


def main() -> None:
    if not 3 <= len(sys.argv) <= 5 or not all(sys.argv[1:3]):
        sys.exit("make topic PART=generalisation NAME=early_stopping (ZH=… EN=…, its titles)")
    try:
        made = make(*sys.argv[1:])
    except (TopicError, sync.SyncError) as error:
        sys.exit(str(error))
    print(*(path.relative_to(ROOT).as_posix() for path in made), sep="\n")
    print("Numbered, in both navigations and the order of claims.")
    print("What is to be written: pytest tests/book/test_topic.py")


if __name__ == "__main__":
    main()
