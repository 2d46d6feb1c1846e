"""Find a Chromium for the browser tests, or install one.

    python tools/chromium.py             print the path of a Chromium; 1 where there is none
    python tools/chromium.py --install   find one, else install one; a line that says what to do where that fails

Looked for in this order: CHROMIUM, a browser of the machine, Playwright's own. Installed in this order: Playwright's,
then, as root on Debian and its kin, a package with fonts for Chinese. A headless shell comes before a whole browser: it
has no windows to keep, and is faster by a fifth.
"""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
)
PACKAGES = ("chromium-headless-shell", "chromium")  # Debian's; older releases have the second alone
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
)
MISSING = (
    "No Chromium found: install Chromium or Chrome (Debian: apt-get install chromium fonts-noto-cjk), "
    "or set CHROMIUM to its path."
)


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def flags() -> list[str]:
    """What Chromium needs to run under tests; its sandbox does not start as root."""
    return ["--disable-background-networking", "--disable-component-update", *(["--no-sandbox"] if is_root() else [])]


@cache
def find() -> str | None:
    """The path of a Chromium, or None."""
    if chosen := os.environ.get("CHROMIUM"):
        return chosen if Path(chosen).is_file() else None
    for name in NAMES:
        if path := shutil.which(name):
            return path
    for place in PLACES:
        if Path(place).is_file():
            return place
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    with sync_playwright() as playwright:
        whole = Path(playwright.chromium.executable_path)
    return next((str(path) for path in (*shells(whole), whole) if path.is_file()), None)


def shells(whole: Path) -> list[Path]:
    """The headless shell that Playwright installs beside a whole browser, in .../chromium_headless_shell-REVISION."""
    for folder in whole.parents:
        name, dash, revision = folder.name.partition("-")
        if name == "chromium" and dash:
            return sorted(folder.with_name(f"chromium_headless_shell-{revision}").glob("*/*headless*shell*"))
    return []


def install() -> str | None:
    """Try what can install a Chromium here; the path, or None."""
    attempts = [[[sys.executable, "-m", "playwright", "install", "chromium"]]]
    if is_root() and shutil.which("apt-get"):
        for package in PACKAGES:
            attempts.append(
                [["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", package, "fonts-noto-cjk"]]
            )
    for commands in attempts:
        for command in commands:
            print("$", " ".join(command), file=sys.stderr, flush=True)
            try:
                done = subprocess.run(
                    command, stdout=sys.stderr, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, timeout=900
                )
            except (OSError, subprocess.TimeoutExpired) as error:
                print(error, file=sys.stderr)
                break
            if done.returncode:
                break
        find.cache_clear()
        if path := find():
            return path
    return None


def main() -> None:
    path = find() or (install() if "--install" in sys.argv[1:] else None)
    if not path:
        sys.exit(MISSING)
    print(path)


if __name__ == "__main__":
    main()
