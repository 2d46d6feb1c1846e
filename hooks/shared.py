"""Lay what both languages share into each language's build: assets, and the labs, executed once.

A lab is one jupytext source in docs/labs. Its Markdown cells carry lang="zh" or lang="en", its code cells belong to
both. The executed notebook is kept under .cache by the hash of the lab and of what it imports, so that a change of
either runs it again; each language then gets the notebook without the other's cells.
"""

import ast
import contextlib
import copy
import hashlib
import logging
import os
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import jupytext
import nbformat
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from cnnbook.evidence.codehash import code_hash, module_hashes
from cnnbook.files import write_whole

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
CACHE = ROOT / ".cache"
LANGUAGES = ("zh", "en")
log = logging.getLogger("mkdocs.plugins.shared")


def misused(env, macro: str, name: str, rule: str) -> ValueError:
    """An error that names the line of the page on which the macro stands, called with ``name`` where it has one."""
    lines = Path(env.page.file.abs_src_path).read_text("utf-8").splitlines()
    call = re.compile(rf"\b{macro}\(\s*" + (rf"[\"']{re.escape(name)}[\"']" if name else ""))
    line = next((i for i, text in enumerate(lines, 1) if call.search(text)), 1)
    return ValueError(f"docs/{env.conf.theme['language']}/{env.page.file.src_uri}:{line}: {rule}")


def package_hash() -> str:
    digest = hashlib.sha256()
    for source in sorted((ROOT / "src").rglob("*.py")):
        digest.update(source.relative_to(ROOT).as_posix().encode() + source.read_bytes())
    return digest.hexdigest()


def imported(text: str) -> set[str]:
    """The modules of the package that a lab names in its imports."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {name for name in found if name.partition(".")[0] == "cnnbook"}


def key_of(text: str) -> str:
    """A hash of a lab and of the code that it can reach."""
    modules: dict[str, str] = {}
    for name in imported(text):
        with contextlib.suppress(ModuleNotFoundError):  # a function of a module, not a module
            modules |= module_hashes(name, left_out=())
    return hashlib.sha256((text + code_hash(modules)).encode()).hexdigest()[:16]


def line_of(source: str, cell, error: CellExecutionError) -> int:
    """The line of a lab's source that raised: where its cell begins, and the line in it that the traceback names."""
    begins = source[: max(source.find(cell.source), 0)].count("\n")
    named = re.findall(r"Cell In\[\d+\], line (\d+)", re.sub(r"\x1b\[[\d;]*m", "", error.traceback))
    return begins + int(named[0] if named else 1)


def executed(source: Path):
    """The lab's notebook with its outputs, from the cache where nothing has changed since."""
    text = source.read_text("utf-8")
    name = "-".join(source.relative_to(DOCS / "labs").with_suffix("").parts)
    hit = CACHE / "labs" / f"{name}-{key_of(text)}.ipynb"
    if not hit.exists():
        notebook = jupytext.reads(text, fmt="py:percent")
        log.info(f"Running the lab {source.relative_to(ROOT)}")
        try:
            NotebookClient(notebook, kernel_name="python3", timeout=180).execute(cwd=str(source.parent))
        except CellExecutionError as error:
            cell = next(
                cell for cell in notebook.cells if any(o.output_type == "error" for o in cell.get("outputs", []))
            )
            where = f"{source.relative_to(ROOT)}:{line_of(text, cell, error)}"
            raise PluginError(f"{where}: the lab raised {error.ename}: {error.evalue}") from None
        for cell in notebook.cells:
            cell.metadata.pop("execution", None)  # time stamps: the file should depend on the lab alone
        write_whole(hit, nbformat.writes(notebook))
        for old in hit.parent.glob(f"{name}-*.ipynb"):
            if old != hit:
                old.unlink(missing_ok=True)
    return nbformat.read(hit, 4)


def in_language(notebook, lang: str):
    """The notebook without the cells of the other language, as a reader downloads it."""
    notebook = copy.deepcopy(notebook)
    notebook.cells = [cell for cell in notebook.cells if cell.metadata.pop("lang", lang) == lang]
    notebook.metadata.pop("jupytext", None)
    return notebook


@event_priority(100)
def on_files(files, config):
    lang = config.theme["language"]
    for asset in sorted((DOCS / "assets").rglob("*")):
        if asset.is_file():
            files.append(
                File(asset.relative_to(DOCS).as_posix(), str(DOCS), config.site_dir, config.use_directory_urls)
            )
    sources = sorted((DOCS / "labs").rglob("*.py"))
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # a lab's tensors are small, and labs run side by side
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        notebooks = list(pool.map(executed, sources))
    for source, notebook in zip(sources, notebooks, strict=True):
        uri = source.relative_to(DOCS).with_suffix(".ipynb")
        laid = CACHE / lang / uri
        text = nbformat.writes(in_language(notebook, lang))
        if not laid.exists() or laid.read_text("utf-8") != text:
            write_whole(laid, text)
        files.append(File(uri.as_posix(), str(CACHE / lang), config.site_dir, config.use_directory_urls))
    return files


def on_nav(nav, config, files):
    """Strict builds stop where a page has no counterpart."""
    lang = config.theme["language"]
    other = next(name for name in LANGUAGES if name != lang)
    for file in files.documentation_pages():
        if file.src_uri.endswith(".md") and not (DOCS / other / file.src_uri).exists():
            log.warning(f"docs/{lang}/{file.src_uri}:1: this page has no counterpart docs/{other}/{file.src_uri}")
    return nav
