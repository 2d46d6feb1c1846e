"""Run every Python fence of the pages and write what it prints into the expected-output block below it.

    python tools/snippets.py docs/zh/convolution/standard.md …     (all pages where none is named)

Outputs on the pages are never typed: an author leaves the block empty and runs this; the tests compare.
Run it on the Chinese page and the English one alike: the code is the same, so the outputs are.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from textwrap import dedent, indent

from cnnbook.files import write_whole

ROOT = Path(__file__).resolve().parent.parent
PAIR = re.compile(
    r"(?P<head>^(?P<indent> *)```python\n(?P<code>.*?)^ *```\n+"
    r" *<!--pytest-codeblocks:expected-output-->\n+ *```text\n)(?P<output>.*?)(?P<tail>^ *```$)",
    re.M | re.S,
)


def printed(code: str) -> str:
    """What the code prints, run in an empty folder as a reader would."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=folder,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONUTF8": "1"},
        )
    if done.returncode:
        raise SystemExit(f"{code}\n{done.stderr}")
    return done.stdout


def main() -> None:
    pages = [Path(name) for name in sys.argv[1:]] or [
        *sorted((ROOT / "docs").rglob("*.md")),
        *sorted(ROOT.glob("README*.md")),
    ]
    for page in pages:
        text = page.read_text("utf-8")
        filled = PAIR.sub(
            lambda hit: hit["head"] + indent(printed(dedent(hit["code"])).rstrip() + "\n", hit["indent"]) + hit["tail"],
            text,
        )
        if filled != text:
            write_whole(page, filled)
            print(f"filled {page}")


if __name__ == "__main__":
    main()
