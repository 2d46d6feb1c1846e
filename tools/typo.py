"""Stamp the other side of a page in which a slip was mended: a comma, a wrong letter.

    python tools/typo.py convolution/transposed …

A slip concerns one language, and the other need not be looked at. A change is taken for one where, against the version
that the other side has seen and git remembers, at most 40 characters have changed, no code and no number, in digits or
in words, and where both sides still have the same headings, formulas, links and figures. Whatever is more is refused,
and nothing written.
"""

import difflib
import re
import subprocess
import sys
from pathlib import Path

from lockstep import differences
from manuscript import CODE, ROOT
from sync import OTHER, Side, SyncError, advice, changed, page_name, sides, write

MOST = 40  # characters
WORDS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half|twice|hundred|thousand|million"
NUMBERS = re.compile(rf"\d|[零〇一二两三四五六七八九十百千万亿半]|\b(?:{WORDS})\b", re.I)


def git(root: Path, *arguments: str) -> str:
    """What git prints; nothing where it has nothing to say."""
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, encoding="utf-8")
    return done.stdout if done.returncode == 0 else ""


def seen(side: Side, stamp: str | None, root: Path) -> Side | None:
    """The committed version of a page that has this hash, the newest first; None where git knows of none."""
    path = side.path.relative_to(root).as_posix()
    for commit in git(root, "log", "--format=%H", "--", path).split():
        old = Side(side.path, git(root, "show", f"{commit}:./{path}"))
        if old.hash == stamp:
            return old
    return None


def characters(before: str, after: str) -> int:
    """How many characters differ between two texts; a replaced one counts once."""
    count, lines = 0, (before.splitlines(True), after.splitlines(True))
    for kind, i, j, k, m in difflib.SequenceMatcher(None, *lines, autojunk=False).get_opcodes():
        if kind != "equal":
            inner = difflib.SequenceMatcher(None, "".join(lines[0][i:j]), "".join(lines[1][k:m]), autojunk=False)
            count += sum(max(b - a, d - c) for kind, a, b, c, d in inner.get_opcodes() if kind != "equal")
    return count


def doubt(both: dict[str, Side], lang: str, root: Path = ROOT) -> str | None:
    """Why the change of one language is more than a typo; None where it is one."""
    before, now = seen(both[lang], both[OTHER[lang]].stamp, root), both[lang]
    if before is None:
        return "git does not know the version that this page was stamped with"
    if apart := differences(both["zh"].text, both["en"].text):
        return f"the two differ in {apart[0]}"
    for what, kind in (("a number", NUMBERS), ("code", CODE)):
        if kind.findall(before.content) != kind.findall(now.content):
            return f"{what} has changed"
    if (count := characters(before.content, now.content)) > MOST:
        return f"{count} characters have changed, more than {MOST}"
    return None


def mended(chosen: list[str], root: Path = ROOT) -> list[str]:
    """Stamp the other side of pages in which a slip was mended; writes nothing where one is more than that."""
    drafts: dict[Path, str] = {}
    stamped = []
    for name in chosen:
        both = sides(name, root)
        match changed(both):
            case []:
                continue
            case [lang]:
                if why := doubt(both, lang, root):
                    raise SyncError(f"{advice(name, both, lang, root)} (no typo: {why})")
                other = both[OTHER[lang]]
                drafts[other.path] = other.stamped(both[lang].hash)
                stamped.append(name)
            case _:
                path = both["zh"].path.relative_to(root).as_posix()
                raise SyncError(f"{path}:1: both languages have changed: make sync")
    write(drafts)
    return stamped


def main() -> None:
    if not sys.argv[1:]:
        sys.exit("make sync TYPO=part/topic: say in which page it was")
    try:
        stamped = mended([page_name(words) for words in sys.argv[1:]])
    except SyncError as error:
        sys.exit(str(error))
    print(f"stamped {', '.join(stamped)}" if stamped else "every stamp is fresh")


if __name__ == "__main__":
    main()
