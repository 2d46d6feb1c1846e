"""Text is committed, and checked out on every system, with LF; what is binary is never touched."""

import subprocess

import pytest

from manuscript import ROOT

BINARY = {".avif", ".bin", ".jpg", ".npz", ".png", ".pt", ".tif", ".wav", ".woff2", ".xz"}


def git(*arguments: str) -> list[str]:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"no repository: {done.stderr.strip()}")
    return done.stdout.splitlines()


def test_every_file_is_lf_or_binary():
    found = []
    for row in git("ls-files", "--eol"):
        facts, path = row.split("\t")
        index, attributes = facts.split()[0], facts.partition("attr/")[2].strip()
        verbatim = any(part in path for part in ("/data/files/LICENSE-", "/vendor/", "/data/logs/reported/"))
        wanted = "-text" if verbatim or "." + path.rpartition(".")[2] in BINARY else "text=auto eol=lf"
        if attributes != wanted or (index in ("i/crlf", "i/mixed") and not verbatim):
            found.append(f"{path}: {index}, attributes {attributes!r}, must be {wanted!r}")
    assert not found, "\n".join(found)


def test_a_checkout_on_windows_has_the_same_bytes(tmp_path):
    """As Git does there by default: core.autocrlf."""
    git("-c", "core.autocrlf=true", "checkout-index", f"--prefix={tmp_path}/", "--", "src/cnnbook/data/cards/fsdd.toml")
    text = (tmp_path / "src/cnnbook/data/cards/fsdd.toml").read_bytes()
    assert text == (ROOT / "src/cnnbook/data/cards/fsdd.toml").read_bytes() and b"\r" not in text
