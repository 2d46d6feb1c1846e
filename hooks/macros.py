"""What pages can ask for between [= and =]: figures with numbered captions, references to them, the glossary.

A figure is drawn when the site is built, by a function in docs/figures under the page's own name, and stands in the
page as SVG: one drawing serves light and dark, and its words are the page's language.
"""

import hashlib
import importlib.util
import re
import sys
from functools import cache
from html import escape
from pathlib import Path

from mkdocs.utils.meta import get_data

from cnnbook.files import write_whole

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "hooks"))  # the plugin loads this file by its path alone
import evidence  # noqa: E402
import tables  # noqa: E402
from charts import names_in  # noqa: E402
from glossary import terms  # noqa: E402
from shared import misused, package_hash  # noqa: E402
from snapshot import snapshot  # noqa: E402

FIGURES = ROOT / "docs/figures"
NUMBER = re.compile(r"^# (\d+(?:\.\d+)+) ", re.M)
WORDS = {
    "zh": {"figure": "图", "colon": "　", "zh": "中文", "en": "英文", "text": "释义", "avoid": "不写作"},
    "en": {"figure": "Figure", "colon": ".  ", "zh": "Chinese", "en": "English", "text": "Meaning", "avoid": "Not"},
}


@cache
def sources() -> str:
    """The hash of all that a figure is made from: the package, the drawings, and the results that some show."""
    digest = hashlib.sha256(package_hash().encode())
    results = (path for path in (ROOT / "results").rglob("*") if path.suffix in (".json", ".npz"))
    for source in sorted((*FIGURES.rglob("*.py"), *results)):
        digest.update(source.relative_to(ROOT).as_posix().encode() + source.read_bytes())
    return digest.hexdigest()[:16]


@cache
def drawings(topic: str):
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
    """The figure as SVG, kept while its sources stay (drawing it imports torch); None where nothing draws it."""
    kept = ROOT / ".cache/figures" / f"{topic.replace('/', '-')}-{name}-{lang}-{sources()}.svg"
    if not kept.exists():
        draw = getattr(drawings(topic), name.replace("-", "_"), None)
        if draw is None:
            return None
        write_whole(kept, draw(lang))
        for old in kept.parent.glob(f"{topic.replace('/', '-')}-{name}-{lang}-*.svg"):
            if old != kept:
                old.unlink(missing_ok=True)
    return kept.read_text("utf-8")


def define_env(env):
    lang = env.conf.theme["language"]
    words = WORDS[lang]

    def numbered(page) -> dict[str, str]:
        """Names of the page's figures → their numbers, in order of appearance."""
        text = Path(page.file.abs_src_path).read_text("utf-8")
        section = NUMBER.search(text)
        head = f"{section.group(1)}-" if section else ""
        return {name: f"{head}{i}" for i, name in enumerate(dict.fromkeys(names_in(text)), 1)}

    def captioned(name: str, svg: str, caption: str, alt: str) -> str:
        svg = svg.replace("<svg ", f'<svg role="img" aria-label="{escape(alt, quote=True)}" ', 1)
        label = f"{words['figure']} {numbered(env.page)[name]}"
        # One line of HTML: it is taken as it stands.
        return (
            f'<figure class="book-figure" id="fig-{name}">'
            f'<div class="book-figure__scroll" data-search-exclude>{svg}</div>'
            f"<figcaption><b>{label}</b>{words['colon']}{caption}</figcaption></figure>"
        )

    evidence.define(env, captioned)
    tables.define(env, lambda: snapshot()["experiments"])

    def drawing(macro: str, name: str) -> str:
        topic = env.page.file.src_uri.removesuffix(".md")
        svg = drawn(topic, name, lang)
        if svg is None:
            raise misused(env, macro, name, f"docs/figures/{topic}.py draws no figure {name!r}")
        return svg

    @env.macro
    def figure(name: str, caption: str, alt: str = "") -> str:
        """The drawing NAME of this page with a numbered caption; alt describes it to those who do not see it."""
        return captioned(name, drawing("figure", name), caption, alt or caption)

    @env.macro
    def lab(element: str, caption: str, alt: str = "", *, instead: str) -> str:
        """The interactive figure <ELEMENT> (docs/assets/labs/ELEMENT.mjs) with a numbered caption; where there is no
        JavaScript, the page's drawing INSTEAD, which shows what the figure shows at first."""
        if not (ROOT / f"docs/assets/labs/{element}.mjs").is_file():
            raise misused(env, "lab", element, f"there is no docs/assets/labs/{element}.mjs")
        return captioned(element, f"<{element}>{drawing('lab', instead)}</{element}>", caption, alt or caption)

    @env.macro
    def fig(name: str) -> str:
        """A reference to a figure of this page: 图 5.14.2-1."""
        numbers = numbered(env.page)
        if name not in numbers:
            raise misused(env, "fig", name, f"there is on this page no figure {name!r}")
        return f"[{words['figure']} {numbers[name]}](#fig-{name}){{ .book-ref }}"

    @env.macro
    def cover() -> str:
        return drawn("cover", "cover", lang)

    @env.macro
    def toc() -> str:
        """The chapter's sections as the navigation has them: numbers, titles, and what each page promises."""
        items = []
        for part in env.conf.nav:
            (name, pages), *_ = part.items()
            if not isinstance(pages, list) or not name[0].isdigit():
                continue
            inner = []
            for page in pages:
                (title, uri), *_ = page.items()
                if uri.endswith(".md"):
                    _, front = get_data(Path(env.conf.docs_dir, uri).read_text("utf-8"))
                    inner.append(f"    - [{title}]({uri})<br><small>{front['description']}</small>\n")
            items.append(f"- **{name}**\n\n{''.join(inner)}")
        return "\n".join(items)

    @env.macro
    def glossary_table() -> str:
        """The whole glossary, as a definition list in the order of the page's language."""
        other = "en" if lang == "zh" else "zh"
        rows = []
        for term in sorted(terms(), key=lambda term: term["en"].lower()):
            avoid = term.get(f"avoid_{lang}", [])
            note = (
                f" <small>{words['avoid']}: {'、'.join(avoid) if lang == 'zh' else ', '.join(avoid)}</small>"
                if avoid
                else ""
            )
            rows.append(
                f'<dt id="{term["id"]}">{escape(term[lang])} <span lang="{other}">{escape(term[other])}</span></dt>'
                f"<dd>{escape(term[f'{lang}_text'])}{note}</dd>"
            )
        return f'<dl class="book-glossary">{"".join(rows)}</dl>'
