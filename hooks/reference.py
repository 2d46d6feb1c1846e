"""The API reference: a page for each module that readers call, and the list of them all.

A page is made when the book is built: what it says are the module's own docstrings, which are English in both editions.
A module that names its public functions in `__all__`, some from private modules beside it, is shown so.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # MkDocs loads this file by its path alone
from context import ROOT, Book, Page

CODE = ROOT / "src/cnnbook"
ROOMS = {
    "data": ("catalogue", "images", "photographs", "texts", "speech"),
    "training": ("config", "methods", "engines"),
}
WORDS = {
    "zh": {
        "rooms": {"data": "数据", "training": "训练"}, "name": "API 参考：{}", "of": "这些函数属于 [{}]({})。",
        "all": "其他模块见[总表]({})。", "about": "{} 的函数：形状、单位与错误。", "colon": "：", "comma": "、",
    },
    "en": {
        "rooms": {"data": "Data", "training": "Training"}, "name": "API reference: {}",
        "of": "The functions of [{}]({}). ", "all": "All modules are in the [list]({}).",
        "about": "The functions of {}: shapes, units and errors.", "colon": ": ", "comma": ", ",
    },
}  # fmt: skip
MODULE = re.compile(r'<div class="doc doc-object doc-module">')


def modules(book: Book) -> dict[str, str]:
    """The modules that have a page (convolution/standard), each with the title of its topic, or with none."""
    topics = {topic: title for topic, title in book.titles.items() if (CODE / f"{topic}.py").is_file()}
    return topics | {f"{room}/{name}": "" for room, names in ROOMS.items() for name in names}


def dotted(module: str) -> str:
    """
    >>> dotted("convolution/standard")
    'cnnbook.convolution.standard'
    """
    return f"cnnbook.{module.replace('/', '.')}"


def public(code: str) -> tuple[list[str], bool]:
    """The public names of a module, in order, and whether it says them itself, by `__all__`.

    >>> public("def f(): ...\\ndef _g(): ...\\nclass H: ...")
    (['f', 'H'], False)
    >>> public("from a import f\\n__all__ = ['f']\\ndef g(): ...")
    (['f'], True)
    """
    body = ast.parse(code).body
    for one in body:
        if isinstance(one, ast.Assign) and [getattr(to, "id", "") for to in one.targets] == ["__all__"]:
            return list(ast.literal_eval(one.value)), True
    named = (one.name for one in body if isinstance(one, ast.FunctionDef | ast.ClassDef))
    return [name for name in named if not name.startswith("_")], False


def names(module: str) -> tuple[list[str], bool]:
    return public((CODE / f"{module}.py").read_text("utf-8"))


def page_of(module: str, title: str, lang: str) -> str:
    """The Markdown of a module's page."""
    words, name = WORDS[lang], dotted(module)
    about = words["of"].format(title, f"../../{module}.md") if title else ""
    shown, said = names(module)
    members = f"\n      members: [{', '.join(shown)}]" if said else ""
    return (
        f'---\ndescription: "{words["about"].format(name)}"\n---\n\n'
        f"# {words['name'].format(title or f'`{name}`')} {{ #reference }}\n\n"
        f"{about}{words['all'].format('../../reference.md')}\n\n"
        f"::: {name}\n    options:\n      heading_level: 2{members}\n"
    )


def pages(book: Book) -> dict[str, str]:
    """The source of each module's page and its Markdown; none where the book has no list of them."""
    if not (book.docs / "reference.md").is_file():
        return {}
    return {f"reference/{name}.md": page_of(name, title, book.lang) for name, title in modules(book).items()}


def on_page_content(html, page, config, files):
    return in_english(html, page.file.src_uri, config.theme["language"])


def in_english(html: str, uri: str, lang: str) -> str:
    """What docstrings say is English, also on a Chinese page."""
    if not uri.startswith("reference/") or lang == "en":
        return html
    return MODULE.sub('<div class="doc doc-object doc-module" lang="en">', html, count=1)


def groups(book: Book) -> Iterator[tuple[str, str, dict[str, str]]]:
    """The parts with their modules: an id, a title, and what `modules` has of them."""
    known = modules(book)
    parts = dict.fromkeys(module.partition("/")[0] for module in known)
    heads = {
        uri.partition("/")[0]: title
        for item in book.nav
        for title, inner in item.items()
        if isinstance(inner, list)
        for one in inner
        for uri in one.values()
    }
    for part in parts:
        title = WORDS[book.lang]["rooms"].get(part) or heads[part]
        yield part, title, {module: words for module, words in known.items() if module.startswith(f"{part}/")}


def api(page: Page) -> str:
    """Every module by part, each with its public names."""
    words, found = WORDS[page.lang], []
    for part, title, inner in groups(page.book):
        lines = [f"## {title} {{ #{part} }}", ""]
        for module, topic in inner.items():
            source, name = f"reference/{module}.md", dotted(module)
            said = words["comma"].join(f"[`{one}`]({source}#{name}.{one})" for one in names(module)[0])
            lines.append(f"- [{topic or f'`{name}`'}]({source}){words['colon']}{said}")
        found += [*lines, ""]
    return "\n".join(found)


MACROS = (api,)
