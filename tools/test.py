"""Run every test, in two sessions side by side: those that look at the built site, and all others.

    python tools/test.py

One session leaves a core idle: a browser waits for its page, a build for its labs. (Splitting the tests of a file
between processes is what pytest-codeblocks does not bear.) What the second session prints comes after the first's.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ON_SITE = [
    path.relative_to(ROOT).as_posix()
    for path in sorted((ROOT / "tests/book").glob("test_*.py"))
    if re.search(r"^def test_\w+\([^)]*\b(site|tab|figure)\b", path.read_text("utf-8"), re.M)
]  # what asks for the site, which one session alone may build
SESSIONS = {"site": ON_SITE, "others": [f"--ignore={name}" for name in ON_SITE]}


def start(name: str, output) -> subprocess.Popen:
    """One session; each has its own cache, so that neither overwrites what the other remembers."""
    command = [sys.executable, "-m", "pytest", "-o", f"cache_dir=.cache/pytest/{name}", *SESSIONS[name]]
    return subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT if output else None)


def main() -> int:
    kept = ROOT / ".cache/pytest/others.txt"
    kept.parent.mkdir(parents=True, exist_ok=True)
    with kept.open("wb") as output:
        running = [start("others", output), start("site", None)]
        try:
            codes = [session.wait() for session in reversed(running)]
        except KeyboardInterrupt:
            codes = [session.wait() for session in running] + [130]
    sys.stdout.flush()
    sys.stdout.buffer.write(kept.read_bytes())
    return next(filter(None, codes), 0)


if __name__ == "__main__":
    sys.exit(main())
