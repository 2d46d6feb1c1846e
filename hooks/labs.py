"""Run the labs: each once, for both languages, and again when it or code that it can reach has changed.

A lab is one jupytext source in docs/labs. Its Markdown cells carry lang="zh" or lang="en", its code cells belong to
both. Lines `# alt zh: …` and `# alt en: …` of a code cell say what its pictures show, one line a picture; the tag
"predict" closes a cell's output until it is asked for, and "fold" the whole cell. The executed notebook is kept under
.cache by the hash of the lab and of what it imports; each language then gets the notebook without the other's cells,
and with the words for its pictures.
"""

import ast
import contextlib
import copy
import hashlib
import logging
import os
import re
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbformat import NotebookNode

import keeping
import kernels
import snapshot
from cnnbook.evidence.codehash import Package, by_module, definitions
from context import ROOT

LABS = ROOT / "docs/labs"
STYLE = Path(__file__).with_name("labs.matplotlibrc")
KEPT = ROOT / ".cache/labs"
KEYS = ROOT / ".cache/lab-keys"
ALT = re.compile(r"^# alt (zh|en): *(.+)\n", re.M)
PICTURES = ("image/png", "image/svg+xml")
CLOSED = {"predict": ("outputs_hidden",), "fold": ("source_hidden", "outputs_hidden")}  # in JupyterLab
log = logging.getLogger("mkdocs.plugins.labs")


class LabError(RuntimeError):
    """A lab that raised; the message names the file and the line."""


def imported(text: str) -> set[str]:
    """What a lab imports of the package: ``module`` or ``module:name``."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}:{alias.name}" for alias in node.names}
    return {name for name in found if re.split("[.:]", name)[0] == "cnnbook"}


def key_of(text: str) -> str:
    """A hash of a lab, of how pictures are drawn, and of the files that it can reach, whole: what they say when they
    refuse may stand in it."""
    digest, roots, package = hashlib.sha256(text.encode() + content(STYLE)), imported(text), Package("cnnbook")
    for name in by_module(definitions(roots, left_out=(), package=package)) if roots else ():
        digest.update(name.encode() + content(package.file(name) or package.base / name))
    return digest.hexdigest()[:16]


def content(path: Path) -> bytes:
    return path.read_bytes()


def line_of(source: str, cell: NotebookNode, traceback: str) -> int:
    """The line of a lab's source that raised: where its cell begins, and the line in it that the traceback names."""
    begins = source[: max(source.find(cell.source), 0)].count("\n")
    named = re.findall(r"Cell In\[\d+\], line (\d+)", re.sub(r"\x1b\[[\d;]*m", "", traceback))
    return begins + int(named[0] if named else 1)


def run(source: Path) -> NotebookNode:
    """The lab's notebook with its outputs; raises LabError where a cell does."""
    import jupytext
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    text, where = source.read_text("utf-8"), source.relative_to(ROOT).as_posix()
    notebook = jupytext.reads(text, fmt="py:percent")
    log.info(f"Running the lab {where}")
    try:
        client = NotebookClient(notebook, kernel_name="python3", kernel_manager_class=kernels.Manager, timeout=180)
        client.execute(cwd=str(source.parent), env={**os.environ, "MATPLOTLIBRC": str(STYLE)})
    except CellExecutionError as error:
        cell = next(cell for cell in notebook.cells if any(o.output_type == "error" for o in cell.get("outputs", [])))
        line = line_of(text, cell, error.traceback)
        raise LabError(f"{where}:{line}: the lab raised {error.ename}: {error.evalue}") from None
    for cell in notebook.cells:  # the file should depend on the lab alone
        cell.metadata.pop("execution", None)  # time stamps
        if "outputs" in cell:
            cell.outputs = joined(cell.outputs)
    return notebook


def joined(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """The outputs of a cell with what was printed in one go in one piece: a busy machine sends it in several."""
    found: list[NotebookNode] = []
    for output in outputs:
        last = found[-1] if found else {}
        if output.output_type == last.get("output_type") == "stream" and output.name == last.name:
            last.text += output.text
        else:
            found.append(output)
    return found


def source_of(name: str) -> Path:
    return LABS / f"{name}.py"


def place(name: str) -> Path:
    """Where the executed notebook of a lab is kept: by the lab and what it can reach.

    That is looked up anew where anything of the package has changed.
    """
    text, name = source_of(name).read_text("utf-8"), name.replace("/", "-")
    known = KEYS / f"{name}-{keeping.digest(text, content(STYLE), snapshot.key(), Path(__file__).read_bytes())}"
    return KEPT / f"{name}-{keeping.once(known, lambda: key_of(text), older=f'{name}-*')}"


def executed(name: str) -> NotebookNode:
    """The lab's notebook with its outputs, from the cache where nothing has changed since."""
    older = f"{name.replace('/', '-')}-*"
    return nbformat.reads(keeping.once(place(name), lambda: nbformat.writes(run(source_of(name))), older=older), 4)


def names() -> list[str]:
    """Every lab: part/topic."""
    return [path.relative_to(LABS).with_suffix("").as_posix() for path in sorted(LABS.rglob("*.py"))]


@contextlib.contextmanager
def running(names: Iterable[str]) -> Iterator[list[Future]]:
    """Run these labs side by side, where they have not been run, while whoever asks for it does something else.

    Where that fails, labs that have not begun are left.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # a lab's tensors are small
    pool = ThreadPoolExecutor(os.cpu_count())
    try:
        yield [pool.submit(executed, name) for name in names]
    finally:
        pool.shutdown(cancel_futures=True)


def in_language(notebook: NotebookNode, lang: str) -> NotebookNode:
    """The notebook without the cells of the other language, as a reader downloads it."""
    notebook = copy.deepcopy(notebook)
    notebook.cells = [cell for cell in notebook.cells if cell.metadata.pop("lang", lang) == lang]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            describe(cell, lang)
        for tag in CLOSED.keys() & set(cell.metadata.get("tags", ())):
            cell.metadata["jupyter"] = dict.fromkeys(CLOSED[tag], True)
    return notebook


def describe(cell: NotebookNode, lang: str) -> None:
    """Move the words for the cell's pictures from its source to the pictures; raises LabError where they do not fit."""
    words = [text for language, text in ALT.findall(cell.source) if language == lang]
    cell.source = ALT.sub("", cell.source)
    pictures = [output for output in cell.outputs if any(kind in output.get("data", ()) for kind in PICTURES)]
    if len(words) != len(pictures):
        first = cell.source.split("\n")[0]
        raise LabError(f"every picture has a line `# alt {lang}: …`: {len(pictures)} and {len(words)} below {first!r}")
    for picture, text in zip(pictures, words, strict=True):
        for kind in PICTURES:
            picture.metadata[kind] = {"alt": text}
