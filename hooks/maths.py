"""Formulas become HTML, and MathML for those who listen, when the book is built: the reader's browser runs no script.

KaTeX (hooks/vendor/katex) renders, in one run of Node, all formulas that are in no earlier build. What it gives is kept
under .cache, for each language what its last build has. A formula that KaTeX cannot read stops the build.
"""

import html
import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority

sys.path.insert(0, str(Path(__file__).parent.parent / "tools"))
sys.path.insert(0, str(Path(__file__).parent))  # MkDocs loads this file by its path alone
import keeping
import node
from context import ROOT

HOOKS = Path(__file__).parent
KEPT = ROOT / ".cache/maths"
MARKED = re.compile(r'<(?P<tag>span|div) class="arithmatex">\\(?P<kind>[(\[])(?P<tex>[^<]*)\\[)\]]</(?P=tag)>')
PLACES = re.compile(rf"{MARKED.pattern}|<(?P<end>/?)(?P<part>details|summary|noscript)\b(?P<how>[^>]*)>")
STRUT = re.compile(r'class="katex-strut" style="height:([\d.]+)em')
SIGNS = {"(": False, "[": True}  # whether it is displayed
Formula = tuple[bool, str]  # displayed, and its TeX
shown: dict[Formula, str] = {}  # what the pages of this build have, as HTML


def formula(hit: re.Match) -> Formula:
    return SIGNS[hit["kind"]], html.unescape(hit["tex"]).strip()


@cache
def renderer() -> str:
    """A hash of the code that renders."""
    return keeping.digest(*((HOOKS / name).read_bytes() for name in ("maths.js", "vendor/katex/katex.min.js")))


def render(formulas: list[Formula]) -> list[dict[str, str]]:
    """Of each its ``html``, or the ``error`` that KaTeX finds in it."""
    program = node.find()
    if program is None:
        raise PluginError(node.MISSING)
    command = [program, str(HOOKS / "maths.js")]
    asked = json.dumps(formulas)
    done = subprocess.run(command, input=asked, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        raise PluginError(f"hooks/maths.js: {done.stderr}")
    return json.loads(done.stdout)


def kept() -> dict[Formula, str]:
    """What is kept for either language by today's renderer."""
    found: dict[Formula, str] = {}
    for path in KEPT.glob(f"*-{renderer()}"):
        found |= {(display, tex): text for display, tex, text in json.loads(keeping.read(path) or b"[]")}
    return found


def keep(lang: str, formulas: dict[Formula, str]) -> None:
    """Keep these for the language in the place of what was kept for it."""
    place = KEPT / f"{lang}-{renderer()}"
    content = json.dumps([[*key, text] for key, text in sorted(formulas.items())], ensure_ascii=False).encode()
    if keeping.read(place) != content:
        keeping.write(place, content)
    for old in KEPT.glob(f"{lang}-*"):
        if old != place:
            old.unlink(missing_ok=True)


def rendered(lang: str, wanted: dict[Formula, str]) -> dict[Formula, str]:
    """Each formula as HTML; ``wanted`` says of each on which page it stands, by the page's source."""
    known = kept()
    new = [one for one in wanted if one not in known]
    answers = dict(zip(new, render(new), strict=True)) if new else {}
    if wrong := {one: said["error"] for one, said in answers.items() if "error" in said}:
        raise PluginError("\n".join(f"{place_of(wanted[one], lang, one[1])}: {said}" for one, said in wrong.items()))
    found = {one: known.get(one) or answers[one]["html"] for one in wanted}
    keep(lang, found)
    return found


def place_of(uri: str, lang: str, tex: str) -> str:
    """A formula of a page, with its file and its line. Those of docstrings are not in the page's own file."""
    file = f"docs/{uri.removesuffix('.ipynb')}.py" if uri.startswith("labs/") else f"docs/{lang}/{uri}"
    text = (ROOT / file).read_text("utf-8")
    at = text.find(tex.split("\n")[0])
    line = f":{text[:at].count(chr(10)) + 1}" if at >= 0 else ""
    return f"{file}{line}: the formula {' '.join(tex.split())}"


@event_priority(-100)  # when all pages are HTML, and none is in its template
def on_env(env, config, files):
    lang, wanted = config.theme["language"], {}
    for file in files.documentation_pages():
        for hit in MARKED.finditer((file.page and file.page.content) or ""):
            wanted.setdefault(formula(hit), file.src_uri)
    shown.clear()
    shown.update(rendered(lang, wanted))
    return env


def on_post_page(output, page, config):
    """The formulas come last: until then they are short, and what reads a page reads little."""
    return filled(output, shown, far=page.url.startswith("reference/"))


def filled(page: str, known: dict[Formula, str], far: bool = False) -> str:
    """A page with its formulas as HTML.

    Those of what is folded stand in a <noscript>: where scripts run that is one text, of which book.js makes elements
    when a reader unfolds it. So do, where they may be FAR, those with a place of their own, which is kept until a
    reader comes near: on pages that are looked up and not read.
    """
    folds: list[bool] = []  # of each box that is open in the text so far, whether a reader finds it closed
    within = {"summary": False, "noscript": False}

    def one(hit: re.Match) -> str:
        if hit["tag"]:
            made, place = known[formula(hit)], ""
            if not within["noscript"]:
                shut = any(folds[:-1] if within["summary"] else folds)
                if far and hit["tag"] == "div" and not shut:
                    place = f' style="min-height:{height(made):.1f}em"'
                if shut or place:
                    made = f"<noscript>{made}</noscript>"
            return f'<{hit["tag"]} class="arithmatex"{place}>{made}</{hit["tag"]}>'
        if hit["part"] != "details":
            within[hit["part"]] = not hit["end"]
        elif hit["end"]:
            folds.pop()
        else:
            folds.append(not re.search(r"\sopen\b", hit["how"]))
        return hit[0]

    return PLACES.sub(one, page)


def height(made: str) -> float:
    """How high a formula is, in letters of the text around it.

    >>> height('<span class="katex-strut" style="height:2em;"></span><span class="katex-strut" style="height:1em;">')
    2.42
    """
    return 1.21 * max(map(float, STRUT.findall(made)), default=0.0)  # of .katex the font is so much larger
