"""The pages of a built site as one document, in the order of the navigation, which Chromium prints (print_pdf.py)."""

import html
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mkdocs.utils.yaml import yaml_load

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "hooks"))
from addresses import CODES
from at_root import CONFIGS, said
from context import url_of

ARTICLE = '<article class="md-content__inner'
STYLE = re.compile(r'<link rel="stylesheet" href="([^"]*)"')
WORDS = {
    "zh": {"contents": "目录", "version": "版本"},
    "en": {"contents": "Contents", "version": "Version"},
}
SHEET = Path(__file__).with_name("print.css")
DOCUMENT = """<!doctype html>
<html lang="{code}">
<head>
<meta charset="utf-8">
<title>{title}</title>
{styles}
<style>{sheet}</style>
</head>
<body dir="ltr" data-md-color-scheme="default" data-md-color-primary="custom">
<main class="md-typeset">
<section class="print-cover"><p class="print-title">{title}</p><p>{description}</p><p>{about}</p></section>
<section class="print-contents"><h1>{contents}</h1><ol>{listed}</ol></section>
{chapters}
</main>
</body>
</html>
"""


@dataclass(frozen=True)
class Chapter:
    """A page of the navigation: its title, its address in the site, and how deep it stands there (1 in a part)."""

    title: str
    url: str
    depth: int


@dataclass(frozen=True)
class Part:
    """A heading of the navigation, which has pages below it."""

    title: str


def navigation(config: Path) -> list[Chapter | Part]:
    """The navigation of a configuration, in order."""
    told = yaml_load(config.open(encoding="utf-8"))
    if not told.get("nav"):
        raise ValueError(f"{config.name} has no nav")
    return list(entries(told["nav"]))


def entries(nav: list[dict], depth: int = 0) -> Iterator[Chapter | Part]:
    """
    >>> list(entries([{"Home": "index.md"}, {"5 P": [{"5.1 T": "p/t.md"}]}]))[1:]
    [Part(title='5 P'), Chapter(title='5.1 T', url='p/t/', depth=1)]
    """
    for item in nav:
        for title, inner in item.items():
            if isinstance(inner, list):
                yield Part(title)
                yield from entries(inner, depth + 1)
            else:
                yield Chapter(title, url_of(inner), depth)


def anchor(url: str) -> str:
    """What a chapter is called in the document.

    >>> anchor("part/topic/"), anchor("")
    ('part-topic', 'index')
    """
    return url.strip("/").replace("/", "-") or "index"


def article(page: str) -> str:
    """What a page of the site says. Cards that wait in a <noscript> are there.

    >>> article('<main><article class="md-content__inner md-typeset">a<article>b</article></article></main>')
    'a<article>b</article>'
    """
    begins = page.index(">", page.index(ARTICLE)) + 1
    return re.sub(r"</?noscript>", "", page[begins : page.rindex("</article>")])


def document(site: Path, lang: str, config: Path, about: str, left_out: tuple[str, ...] = ("contents/",)) -> str:
    """The document of a language. Chapters lie in it as templates, which print_pages.js turns into one text."""
    nav = [one for one in navigation(config) if not (isinstance(one, Chapter) and one.url in left_out)]
    chapters, listed = [], []
    for number, one in enumerate(nav):
        if isinstance(one, Part):
            name = f"part-{number}"
            chapters.append(f'<section class="print-part" id="{name}"><h1>{html.escape(one.title)}</h1></section>')
        else:
            name = anchor(one.url)
            inner = article((site / one.url / "index.html").read_text("utf-8"))
            chapters.append(f'<template id="{name}" data-url="{one.url}" data-depth="{one.depth}">{inner}</template>')
        depth = one.depth if isinstance(one, Chapter) else 0
        listed.append(f'<li class="print-depth-{depth}"><a href="#{name}">{html.escape(one.title)}</a></li>')
    styles = STYLE.findall((site / "index.html").read_text("utf-8"))
    return DOCUMENT.format(
        code=CODES[lang],
        title=html.escape(said(config, "site_name")),
        description=html.escape(said(config, "site_description")),
        about=html.escape(about),
        contents=WORDS[lang]["contents"],
        styles="\n".join(f'<link rel="stylesheet" href="{style}">' for style in styles),
        sheet=SHEET.read_text("utf-8"),
        listed="".join(listed),
        chapters="\n".join(chapters),
    )


def config_of(lang: str, root: Path) -> Path:
    return root / CONFIGS[lang]
