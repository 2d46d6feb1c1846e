"""Render labs as ordinary pages: the same Markdown, maths, code style and table of contents as everywhere.

mkdocs-jupyter's own pages bring 595 KB of styles, leave admonitions and maths as they stand and drop Chinese heading
ids. This hook gives it another exporter and another highlighter (two names, so its release is pinned), and sends every
Markdown cell and every code cell through the book's own Markdown.
"""

import re
from pathlib import Path

import markdown
from jinja2 import pass_context
from markdown.extensions.toc import nest_toc_tokens, unique
from mkdocs.structure.pages import _RelativePathTreeprocessor
from mkdocs.structure.toc import get_toc
from mkdocs_jupyter import nbconvert2
from nbconvert.exporters.html import HTMLExporter

HERE = Path(__file__).parent
STYLE = re.compile(r"\s*<style>.*?</style>", re.S)
now: dict = {}  # the page being rendered: mkdocs renders one at a time


def flat(tokens):
    for token in tokens:
        yield {key: value for key, value in token.items() if key != "children"}
        yield from flat(token["children"])


def to_html(source: str) -> str:
    """One cell through the book's Markdown, adding its headings and links to the page's."""
    config = now["config"]
    options = {name: dict(value) for name, value in config.mdx_configs.items()}
    slug = options["toc"]["slugify"]
    options["toc"]["slugify"] = lambda text, separator: unique(slug(text, separator), now["used"])
    md = markdown.Markdown(extensions=config.markdown_extensions, extension_configs=options)
    links = _RelativePathTreeprocessor(now["page"].file, now["files"], config)
    links._register(md)
    html = md.convert(source)
    for target, anchors in links.links_to_anchors.items():
        now["links"].setdefault(target, {}).update(anchors)
    now["toc"] += flat(md.toc_tokens)
    now["used"].update(token["id"] for token in flat(md.toc_tokens))
    now["cells"] += 1  # tab ids start anew in every cell
    return html.replace("__tabbed_", f"__tabbed_{now['cells']}_")


class PageExporter(HTMLExporter):
    def __init__(self, **kwargs):
        kwargs["template_file"] = "notebook.html.j2"
        kwargs["extra_template_paths"] = [str(HERE)]
        super().__init__(**kwargs)

    @pass_context
    def markdown2html(self, context, source):
        return to_html(source)


def code(source, language=None, metadata=None):
    return to_html(f"``````python\n{source}\n``````")


def on_startup(command, dirty):
    nbconvert2.HTMLExporter = PageExporter
    nbconvert2.mk_custom_highlight_code = lambda **_: code


def on_pre_page(page, config, files):
    if page.file.src_uri.endswith(".ipynb"):
        inner = page.render

        def render(config, files):
            now.update(page=page, config=config, files=files, used=set(), toc=[], links={}, cells=0)
            inner(config, files)
            page.toc = get_toc(nest_toc_tokens(now["toc"]))
            page.present_anchor_ids, page.links_to_anchors = now["used"], now["links"]
            page.content = STYLE.sub("", page.content)

        page.render = render
    return page
