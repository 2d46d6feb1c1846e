"""Where claims, results, tests and half-finished runs lie.

In a clone of the book everything lies under the clone's root; where ``cnnbook`` is an installed package, under the
folder you stand in.
"""

from __future__ import annotations

from pathlib import Path

CLAIMS_DIR = Path(__file__).with_name("claims")


def root() -> Path:
    """The clone's root, or the current folder where the package is installed elsewhere.

    Examples:
        >>> root().is_dir()
        True
    """
    clone = Path(__file__).resolve().parents[3]
    return clone if (clone / "pyproject.toml").is_file() and (clone / "src" / "cnnbook").is_dir() else Path.cwd()


def claims_path(topic: str) -> Path:
    """The file of a topic's claims.

    Examples:
        >>> claims_path("generalisation/dropout").relative_to(CLAIMS_DIR).as_posix()
        'generalisation/dropout.toml'
    """
    return CLAIMS_DIR / f"{topic}.toml"


def results_dir() -> Path:
    """The folder of the committed results, ``results/``."""
    return root() / "results"


def result_path(name: str, results: Path | None = None) -> Path:
    """The file of an experiment's result.

    Examples:
        >>> result_path("generalisation/dropout", Path("results")).as_posix()
        'results/generalisation/dropout.json'
    """
    return (results or results_dir()) / f"{name}.json"


def cache_dir() -> Path:
    """The folder of half-finished runs; deleting it loses nothing that is committed."""
    return root() / ".cache" / "cnnbook"


def shown(path: Path) -> str:
    """A path as messages name it: from the root where it lies under it."""
    try:
        return path.resolve().relative_to(root().resolve()).as_posix()
    except ValueError:
        return path.as_posix()
