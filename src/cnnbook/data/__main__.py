"""``python -m cnnbook.data``: list the data sets, or show one's card, downloaded if it is not here yet."""

from __future__ import annotations

import argparse
import sys

from cnnbook.data.catalogue import Card, card, load, names
from cnnbook.data.debian import restore
from cnnbook.data.download import cache_folder
from cnnbook.errors import CnnbookError


def main() -> int:
    """Entry point; the exit status is 2 if the data set cannot be had."""
    parser = argparse.ArgumentParser(prog="python -m cnnbook.data", description=__doc__)
    parser.add_argument("name", nargs="?", help="data set to download (without it: list all)")
    args = parser.parse_args()
    try:
        if args.name is None:
            print("\n".join(line(card(name)) for name in names()))
        else:
            if not card(args.name).embedded:
                restore(card(args.name).files, cache_folder() / args.name)
            load(args.name, download=True)
            print(line(card(args.name)), *details(card(args.name)), sep="\n")
    except CnnbookError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def line(info: Card) -> str:
    """A data set in a line: name, kind, size, licence, and where it is.

    Examples:
        >>> line(card("spoken-digits")).split()
        ['spoken-digits', 'speech', '0.6', 'MB', 'MIT', 'embedded']
    """
    place = "embedded" if info.embedded else str(cache_folder() / info.id)
    return f"{info.id:22} {info.kind:8} {info.size / 1e6:6.1f} MB  {info.licence:12} {place}"


def details(info: Card) -> list[str]:
    """What else its card says, in both languages, and how to load it."""
    counts = ", ".join(f"{count} {part}" for part, count in info.counts.items())
    return [info.description["zh"], info.description["en"], counts, f"cnnbook.data.load({info.id!r})"]


if __name__ == "__main__":
    sys.exit(main())
