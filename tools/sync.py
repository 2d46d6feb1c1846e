"""Stamp each page with the hash of its counterpart, the same page in the other language.

    python tools/sync.py                            stamp what may be stamped; stop where one side alone has changed
    python tools/sync.py convolution/transposed …   stamp these pages: someone has looked at both sides

A stamp says: whoever last touched this page has seen its counterpart as it is now. It stands in the front matter
(`counterpart: 0123456789ab`), in a README as a comment on the last line.

A slip that was mended in one language needs no look at the other: tools/typo.py.
"""

import hashlib
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from cnnbook.files import write_whole
from manuscript import FRONT, LANGUAGES, ROOT, pages, readmes, source

OTHER = {"zh": "en", "en": "zh"}
STAMP = re.compile(r"^counterpart: *(\w+) *\n", re.M)
COMMENT = re.compile(r"\n*<!-- counterpart: (\w+) -->\n*\Z")


class SyncError(Exception):
    """What a person has to do before there can be a stamp."""


@dataclass
class Side:
    """A page in one language."""

    path: Path
    text: str

    @classmethod
    def read(cls, path: Path) -> "Side":
        return cls(path, path.read_text("utf-8"))  # line ends are \n from here on

    @property
    def front(self) -> str | None:
        hit = FRONT.match(self.text)
        return hit.group() if hit else None

    @property
    def stamp(self) -> str | None:
        hit = COMMENT.search(self.text) if self.front is None else STAMP.search(self.front)
        return hit.group(1) if hit else None

    @property
    def content(self) -> str:
        """What a translator works on: not the front matter, not the stamp."""
        return COMMENT.sub("\n", self.text[len(self.front or "") :]).strip() + "\n"

    @property
    def hash(self) -> str:
        return hashlib.sha256(self.content.encode()).hexdigest()[:12]

    def stamped(self, stamp: str) -> str:
        if self.front is None:
            return COMMENT.sub("", self.text).rstrip("\n") + f"\n\n<!-- counterpart: {stamp} -->\n"
        front = STAMP.sub("", self.front).removesuffix("---\n") + f"counterpart: {stamp}\n---\n"
        return front + self.text[len(self.front) :]


def names(root: Path = ROOT) -> list[str]:
    return sorted({name for lang in LANGUAGES for name in pages(lang, root)}) + readmes(root)


def sides(name: str, root: Path = ROOT) -> dict[str, Side]:
    paths = {lang: source(lang, name, root) for lang in LANGUAGES}
    for lang, path in paths.items():
        if not path.exists():
            here, there = (str(path.relative_to(root)) for path in (paths[OTHER[lang]], path))
            raise SyncError(f"{here}:1: this page has no counterpart {there}")
    return {lang: Side.read(path) for lang, path in paths.items()}


def changed(both: dict[str, Side]) -> list[str]:
    """The languages that have changed since their counterpart was stamped; one that was never stamped has."""
    return [lang for lang, side in both.items() if both[OTHER[lang]].stamp != side.hash]


def advice(name: str, both: dict[str, Side], lang: str, root: Path = ROOT) -> str:
    here, there = (both[side].path.relative_to(root).as_posix() for side in (lang, OTHER[lang]))
    return f"{there}:1: {here} has changed and this page has not: look at it, then make sync PAGE={name}"


def stale(root: Path = ROOT) -> list[str]:
    """What the tests have to say about the stamps."""
    found = []
    for name in names(root):
        try:
            both = sides(name, root)
        except SyncError as error:
            found.append(str(error))
            continue
        match changed(both):
            case []:
                pass
            case [lang]:
                found.append(advice(name, both, lang, root))
            case _:
                path = both["zh"].path.relative_to(root).as_posix()
                found.append(f"{path}:1: both languages have changed: make sync")
    return found


def sync(chosen: list[str], root: Path = ROOT) -> list[str]:
    """Stamp the chosen pages, or all; returns their names. Writes nothing where one has yet to be looked at."""
    drafts: dict[Path, str] = {}
    stamped, complaints = [], []
    for name in chosen or names(root):
        both = sides(name, root)
        languages = changed(both)
        if not languages:
            continue
        if len(languages) == 1 and not chosen:
            complaints.append(advice(name, both, languages[0], root))
            continue
        stamped.append(name)
        drafts |= {side.path: side.stamped(both[OTHER[lang]].hash) for lang, side in both.items()}
    if complaints:
        raise SyncError("\n".join(complaints))
    write(drafts)
    return stamped


def write(drafts: dict[Path, str]) -> None:
    for path, text in drafts.items():
        write_whole(path, text)


def page_name(words: str, root: Path = ROOT) -> str:
    """The page that someone means: convolution/transposed, docs/zh/convolution/transposed.md, README.zh.md."""
    name = re.sub(r"^(docs/)?(zh|en)/|(\.zh)?\.md$", "", words.replace("\\", "/").strip("/"))
    if name not in names(root):
        raise SyncError(f"there is no page {words!r}; the pages are {', '.join(names(root))}")
    return name


def main() -> None:
    try:
        stamped = sync([page_name(words) for words in sys.argv[1:]])
    except SyncError as error:
        sys.exit(str(error))
    print(f"stamped {', '.join(stamped)}" if stamped else "every stamp is fresh")


if __name__ == "__main__":
    main()
