"""Which Chromium the browser tests take."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import chromium
from manuscript import ROOT


@pytest.mark.skipif(any(Path(place).is_file() for place in chromium.PLACES), reason="a browser of the machine is first")
def test_of_those_that_playwright_installs_the_headless_shell_comes_first(tmp_path):
    environment = os.environ | {"PATH": "", "CHROMIUM": "", "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path)}

    def found() -> str:
        command = [sys.executable, "tools/chromium.py"]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True).stdout.strip()

    def install(path: Path) -> str:
        path.parent.mkdir(parents=True)
        path.touch()
        return str(path)

    assert found() == ""
    code = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
    said = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    whole = Path(said.stdout.strip())
    assert install(whole) == found()
    _, revision = whole.relative_to(tmp_path).parts[0].split("-")
    shell = tmp_path / f"chromium_headless_shell-{revision}/chrome-headless-shell-linux64/chrome-headless-shell"
    assert install(shell) == found()


@pytest.mark.parametrize("whole", ["chromium-12/chrome-linux64/chrome", "browsers/chromium/chrome", "chrome"])
def test_a_shell_of_another_revision_is_not_taken(tmp_path, whole):
    for folder in ("chromium_headless_shell-11", "chromium_headless_shell", "chromium_headless_shell-"):
        (tmp_path / folder / "a").mkdir(parents=True)
        (tmp_path / folder / "a/headless_shell").touch()
    assert chromium.shells(tmp_path / whole) == []
