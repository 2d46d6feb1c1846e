"""Where claims, results, tests and half-finished runs lie.

In a clone of the book everything lies under the clone's root. Where ``cnnbook`` is an installed package, it brings the
book's results along, to be read; what you measure yourself goes under the folder you stand in, and comes first there.
"""

from __future__ import annotations

from pathlib import Path

CLAIMS_DIR = Path(__file__).with_name("claims")
BOOKS_RESULTS = Path(__file__).with_name("results")  # in a wheel alone: setup.py copies them there


def clone() -> Path | None:
    """The clone's root; None where the package is installed elsewhere."""
    above = Path(__file__).resolve().parents[3]
    return above if (above / "pyproject.toml").is_file() and (above / "src" / "cnnbook").is_dir() else None


def root() -> Path:
    """The clone's root, or the current folder where the package is installed elsewhere.

    Examples:
        >>> root().is_dir()
        True
    """
    return clone() or Path.cwd()


def claims_path(topic: str) -> Path:
    """The file of a topic's claims.

    Examples:
        >>> claims_path("generalisation/dropout").relative_to(CLAIMS_DIR).as_posix()
        'generalisation/dropout.toml'
    """
    return CLAIMS_DIR / f"{topic}.toml"


def results_dir() -> Path:
    """The folder that results are written to, ``results/``; in a clone that of the committed results."""
    return root() / "results"


def result_path(name: str, results: Path | None = None) -> Path:
    """The file that an experiment's result is written to.

    Examples:
        >>> result_path("generalisation/dropout", Path("results")).as_posix()
        'results/generalisation/dropout.json'
    """
    return (results or results_dir()) / f"{name}.json"


def found_result(name: str, results: Path | None = None) -> Path:
    """The file that an experiment's result is read from: where it is written to, or else the one that is installed.

    Args:
        name: the experiment.
        results: the only folder to look in, where one is asked for.

    Examples:
        >>> found_result("generalisation/dropout").name
        'dropout.json'
    """
    written, installed = result_path(name, results), result_path(name, BOOKS_RESULTS)
    return installed if results is None and not written.exists() and installed.is_file() else written


def cache_dir() -> Path:
    """The folder of half-finished runs; deleting it loses nothing that is committed."""
    return root() / ".cache" / "cnnbook"


def shown(path: Path) -> str:
    """A path as messages name it: from the root where it lies under it."""
    try:
        return path.resolve().relative_to(root().resolve()).as_posix()
    except ValueError:
        return path.as_posix()
