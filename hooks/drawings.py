"""Draw the figures of docs/figures, and keep each while its sources stay: drawing imports torch.

A figure is a function of the module under its page's own name; it is given the language and returns an SVG.
"""

import hashlib
import importlib.util
import sys
from functools import cache
from types import ModuleType

import keeping
from context import ROOT

FIGURES = ROOT / "docs/figures"
KEPT = ROOT / ".cache/figures"


@cache
def sources() -> str:
    """The hash of all that a figure is made from: the package, the drawings, and the results that some show."""
    results = (path for path in (ROOT / "results").rglob("*") if path.suffix in (".json", ".npz"))
    digest = hashlib.sha256()
    for source in sorted((*(ROOT / "src").rglob("*.py"), *FIGURES.rglob("*.py"), *results)):
        digest.update(source.relative_to(ROOT).as_posix().encode() + source.read_bytes())
    return digest.hexdigest()[:16]


@cache
def drawings(topic: str) -> ModuleType | None:
    """The module docs/figures/TOPIC.py, or None."""
    path = FIGURES / f"{topic}.py"
    if not path.exists():
        return None
    if str(FIGURES) not in sys.path:
        sys.path.insert(0, str(FIGURES))
    spec = importlib.util.spec_from_file_location(f"figures.{topic.replace('/', '.')}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def drawn(topic: str, name: str, lang: str) -> str | None:
    """The figure ``name`` of a topic as SVG; None where nothing draws it."""
    head = f"{topic.replace('/', '-')}-{name}-{lang}"

    def draw() -> str | None:
        function = getattr(drawings(topic), name.replace("-", "_"), None)
        return None if function is None else function(lang)

    return keeping.once(KEPT / f"{head}-{sources()}", draw, older=f"{head}-*")
