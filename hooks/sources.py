"""The files that a claim rests on, and where each stands in the site as a page (source_pages.py makes them)."""

import ast
from functools import cache
from pathlib import Path

from cnnbook.evidence.report import ClaimReport
from context import ROOT

Lines = tuple[int, int]


def address(path: str, lines: Lines | None = None) -> str:
    """Where the page of a file stands in the site; the lines that it should mark.

    >>> address("tests/a.py", (12, 20))
    'source/tests/a.py.html#L12-20'
    """
    return f"source/{path}.html" + (f"#{name_of(lines)}" if lines else "")


def name_of(lines: Lines) -> str:
    return f"L{lines[0]}-{lines[1]}"


@cache
def functions(path: Path, stamp: int) -> dict[str, Lines]:
    """The lines of each function of a module, with its decorators; of a method by the method's name."""
    found = {}
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
            found[node.name] = (first, node.end_lineno or node.lineno)
    return found


def lines_of(test: str, root: Path = ROOT) -> Lines | None:
    """The lines of a test, by its name for pytest; None where the file does not have it."""
    file, _, name = test.partition("::")
    path = root / file
    if not path.is_file():
        return None
    return functions(path, path.stat().st_mtime_ns).get(name.split("::")[-1].partition("[")[0])


def code_of(claim: ClaimReport) -> str:
    """The file that a claim is about: of a proof the topic's code, of an experiment its declaration."""
    if claim.experiment is None:
        return f"src/cnnbook/{claim.topic}.py"
    return f"src/cnnbook/experiments/{'/'.join(claim.experiment.split('/')[:2])}.py"


def files_of(claim: ClaimReport) -> set[str]:
    """The files that the card of a claim links to."""
    files = {node.partition("::")[0] for node in claim.tests} | {code_of(claim)}
    return files | ({f"results/{claim.experiment}.json"} if claim.experiment else set())
