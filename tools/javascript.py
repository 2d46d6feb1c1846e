"""The book's JavaScript as Prettier lays it out, by .prettierrc.json; none of its lines is longer than that width.

python tools/javascript.py          # lay it out; make lint looks whether it is
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import node
from manuscript import ROOT

WIDTH = json.loads((ROOT / ".prettierrc.json").read_text("utf-8"))["printWidth"]


def sources(root: Path = ROOT) -> list[str]:
    """The scripts that are the book's own, as paths from its root."""
    assets, tests = root / "docs/assets", root / "tests/widgets"
    own = (path for path in assets.rglob("*.*js") if not path.is_relative_to(assets / "vendor"))
    others = (*tests.glob("*.mjs"), *(root / "hooks").glob("*.js"), *(root / "tools").glob("*.js"))
    return sorted(path.relative_to(root).as_posix() for path in (*own, *others))


def slips(root: Path = ROOT) -> Iterator[tuple[str, int, str]]:
    """Each with its file and line."""
    for name in sources(root):
        for number, line in enumerate((root / name).read_text("utf-8").splitlines(), 1):
            if len(line) > WIDTH:  # what Prettier does not break: a text, a comment
                yield name, number, f"a line of {len(line)} characters: {WIDTH} at most"
    try:
        done = node.run("prettier", ["--list-different", *sources(root)], root)
    except node.NodeError as error:
        yield "tools/node.py", 1, str(error)
        return
    for name in done.stdout.splitlines():
        yield name, 1, "not as Prettier lays it out: run make format"
    for name, rule, line in re.findall(r"^\[error\] (.+?): (.+?) \((\d+):\d+\)$", done.stderr, re.M):
        yield name, int(line), rule


def main() -> None:
    done = node.run("prettier", ["--write", "--log-level=warn", *sources()], ROOT)
    sys.exit(done.stderr if done.returncode else 0)


if __name__ == "__main__":
    main()
