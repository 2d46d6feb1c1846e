"""A release, up to the upload: what would be handed on is made, checked and laid into dist/. Nothing is uploaded.

    python tools/release.py [--no-snippets]        (make release)

It stops where something is not as a release must be: a tree with changes, versions that differ, a page whose other
language has not been looked at, a result that other code has measured. Then it builds sdist and wheel from what is
committed, and compares them with it; installs the wheel into a fresh venv; writes what that venv holds as a software
bill of materials (CycloneDX); runs every snippet of the book there; and writes checksums.
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

import snippets_from_wheel as fresh
import sync
from cnnbook import __version__
from cnnbook.evidence import registry
from cnnbook.evidence.results import load_result
from cnnbook.evidence.staleness import stale_reason
from manuscript import ROOT

DIST = ROOT / "dist"
TOOLS = ROOT / ".cache/release/tools"  # made by the Makefile from tools/release.txt
CHANGELOGS = ("CHANGELOG.md", "CHANGELOG.zh.md")
HEADING = re.compile(r"^## (\d\S*) - (.+)$", re.M)
DATE = re.compile(r"\d{4}-\d\d-\d\d")


class ReleaseError(Exception):
    """What a person has to do before there can be a release."""


def git(*arguments: str, root: Path = ROOT) -> str:
    return subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=True).stdout


def top(changelog: str) -> tuple[str, str]:
    """The newest version that a changelog tells of, and its date; empty where it tells of none."""
    hit = HEADING.search(changelog)
    return (hit[1], hit[2]) if hit else ("", "")


def versions(root: Path = ROOT, version: str = __version__) -> list[str]:
    """Files that tell of another version than the package's; a changelog's is that of its first heading."""
    told = {name: top((root / name).read_text("utf-8"))[0] for name in CHANGELOGS}
    told["CITATION.cff"] = "".join(re.findall(r"^version: (.*)$", (root / "CITATION.cff").read_text("utf-8"), re.M))
    return [f"{name}: the version must be {version}, got '{one}'" for name, one in told.items() if one != version]


def undone(root: Path = ROOT) -> list[str]:
    """What there is to do before a release."""
    changes = git("status", "--porcelain", root=root).splitlines()
    stale = {name: stale_reason(one, load_result(name)) for name, one in registry.everything().items()}
    return [
        *(f"{line[3:]}: what is released must be committed" for line in changes),
        *versions(root),
        *sync.stale(root),
        *(f"results/{name}.json is stale: {reason}" for name, reason in stale.items() if reason),
    ]


def lacking(tracked: list[str], sdist: set[str], wheel: set[str]) -> list[str]:
    """Committed files that a distribution has to carry and does not.

    Names are those of the repository; the wheel has the package, and the results within it. What begins with a dot is
    of the repository alone.
    """
    own = [name for name in tracked if not name.startswith(".")]
    places = {name: name.removeprefix("src/") for name in own if name.startswith("src/cnnbook/")}
    places |= {
        name: f"cnnbook/evidence/{name}" for name in own if name.startswith("results/") and name.endswith(".json")
    }
    return [f"the sdist lacks {name}" for name in own if name not in sdist] + [
        f"the wheel lacks {name}" for name, place in places.items() if place not in wheel
    ]


def contents(sdist: Path, wheel: Path) -> tuple[set[str], set[str]]:
    """The files in each, an sdist's without the folder around them."""
    with tarfile.open(sdist) as tar, zipfile.ZipFile(wheel) as archive:
        return {name.partition("/")[2] for name in tar.getnames()}, set(archive.namelist())


def built(out: Path) -> tuple[Path, Path]:
    """An sdist of what is committed, and the wheel made from it, by the pinned tools."""
    os.environ["SOURCE_DATE_EPOCH"] = git("log", "-1", "--format=%ct").strip()
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder, "tree.tar")
        git("archive", "--prefix=tree/", "--output", str(archive), "HEAD")
        with tarfile.open(archive) as file:
            file.extractall(folder, filter="data")
        tool("build", "--no-isolation", "--outdir", out, Path(folder, "tree"), quiet=True)
    return out / f"cnnbook-{__version__}.tar.gz", out / f"cnnbook-{__version__}-py3-none-any.whl"


def tool(module: str, *arguments: str | Path, quiet: bool = False) -> None:
    """Run one of the pinned tools; a ReleaseError with what it said where it fails."""
    command = [fresh.python_of(TOOLS), "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=fresh.outside(), capture_output=True, text=True)
    if done.returncode:
        raise ReleaseError(f"{module} failed:\n{done.stdout}{done.stderr}")
    print("" if quiet else done.stdout, end="", flush=True)


def bill(python: Path, path: Path) -> None:
    """What a venv with the wheel holds, each with release and licence, as CycloneDX."""
    options = ["--pyproject", "pyproject.toml", "--mc-type", "library", "--output-reproducible", "-o", path]
    tool("cyclonedx_py", "environment", *options, python, quiet=True)
    told = json.loads(path.read_text("utf-8"))
    # pyproject.toml leaves the version to the package, where cyclonedx-bom does not look for it.
    told["metadata"]["component"] |= {"version": __version__, "purl": f"pkg:pypi/cnnbook@{__version__}"}
    path.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", "utf-8")


def checksums(folder: Path) -> str:
    """A line for each file, as sha256sum writes and reads it."""
    files = sorted(path for path in folder.iterdir() if path.name != "SHA256SUMS")
    return "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files)


def release(with_snippets: bool) -> None:
    if complaints := undone():
        raise ReleaseError("\n".join(complaints))
    shutil.rmtree(DIST, ignore_errors=True)
    DIST.mkdir()
    sdist, wheel = built(DIST)
    tool("twine", "check", "--strict", sdist, wheel)
    if complaints := lacking(git("ls-files", "-z").split("\0")[:-1], *contents(sdist, wheel)):
        raise ReleaseError("\n".join(complaints))
    python = fresh.install(wheel)
    bill(python, DIST / f"cnnbook-{__version__}.cdx.json")
    if with_snippets:
        chosen = fresh.of_the_book([])
        if complaints := fresh.run(python, chosen, os.cpu_count() or 1):
            raise ReleaseError("\n".join(complaints))
        print(f"{len(chosen)} snippets print what their pages show")
    (DIST / "SHA256SUMS").write_text(checksums(DIST), "utf-8")
    print("dist/ has what would be uploaded:", (DIST / "SHA256SUMS").read_text("utf-8"), sep="\n", end="")
    if not DATE.fullmatch(top((ROOT / CHANGELOGS[0]).read_text("utf-8"))[1]):
        print(f"{' and '.join(CHANGELOGS)} do not date {__version__} yet.")
    print("Nothing was uploaded.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--no-snippets", action="store_true", help="leave out the snippets, which take minutes")
    try:
        release(not parser.parse_args().no_snippets)
    except (ReleaseError, subprocess.CalledProcessError) as error:
        sys.exit(f"no release:\n{error}")


if __name__ == "__main__":
    main()
