"""Find what the Chinese texts have word for word in common with other texts, outside quotation marks.

    python tools/overlap.py FOLDER [--least 14]     prints `file:line: characters`, 1 if any

FOLDER holds the other texts as *.txt; they are no part of this repository, and nothing of them is kept. Only Chinese
characters are compared, so that another comma or space does not hide a copied sentence. What stands between
quotation marks, or after > at the beginning of a line, is a quotation and may be word for word.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import lint
from manuscript import ROOT

LEAST = 14
HAN = re.compile(f"[^{lint.HAN}]+")
QUOTED = re.compile(r"“[^”\n]*”|‘[^’\n]*’|「[^」\n]*」|『[^』\n]*』|^\s*>.*$", re.M)


def han(text: str) -> str:
    """The Chinese characters of a text, and nothing between them.

    >>> han("核（kernel）在 图像上，滑动。")
    '核在图像上滑动'
    """
    return HAN.sub("", text)


def pieces(text: str, least: int = LEAST) -> set[str]:
    """Every run of so many Chinese characters of a text."""
    row = han(text)
    return {row[at : at + least] for at in range(len(row) - least + 1)}


def common(text: str, known: set[str], least: int = LEAST) -> Iterator[tuple[int, str]]:
    """The longest runs that a text shares with the known pieces: (line, characters)."""
    for number, line in enumerate(text.split("\n"), 1):
        for part in QUOTED.split(line):
            row, at = han(part), 0
            while at + least <= len(row):
                end = at
                while row[end : end + least] in known:
                    end += 1
                if end > at:
                    yield number, row[at : end + least - 1]
                at = end + 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="holds the other texts as *.txt")
    parser.add_argument("--least", type=int, default=LEAST, help="so many characters count (default: %(default)s)")
    asked = parser.parse_args()
    files = sorted(asked.folder.glob("*.txt"))
    if not files:
        parser.error(f"the folder must hold *.txt, got {asked.folder}")
    known = set().union(*(pieces(path.read_text("utf-8"), asked.least) for path in files))
    found = [
        f"{path}:{line}: {words}"
        for text, lang, path, _ in lint.documents(ROOT)
        if lang == "zh"
        for line, words in common(text, known, asked.least)
    ]
    print(*found, sep="\n", end="\n" if found else "")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
