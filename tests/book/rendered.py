"""Pages as they are read, without building the site: macros of prose answered by the hooks, all others left out."""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from html import unescape

import lint
from manuscript import CODE, FORMULA, ROOT, without_blocks

sys.path.insert(0, str(ROOT / "hooks"))
import badges
import experiments
import tables
from context import Book, Page

BADGE, NUMBER = "●", "\u2060"  # what stands for a badge; what stands before a number that a macro gave
CALL = re.compile(r"\[= *(\w+)\((.*?)\) *=\]")
ANSWERED = {"by": badges.by, "mean": experiments.mean, "cost": tables.cost}
ENDS = re.compile(r"(?<=[。？！])|(?<=[.?!])(?=[\s)”\"*]|$)")
AFTER_STOP = re.compile(rf"([.?!。？！][”\"’)）*_」]*)\s*((?:{BADGE}\s*)+)")


@cache
def book(lang: str) -> Book:
    """A book without navigation: macros of prose do not ask for it."""
    return Book(lang, ROOT / "docs" / lang, [])


def arguments(text: str) -> tuple[list, dict]:
    call = ast.parse(f"f({text})", mode="eval").body
    assert isinstance(call, ast.Call)
    named = {one.arg: ast.literal_eval(one.value) for one in call.keywords}
    return [ast.literal_eval(one) for one in call.args], named


def answered(page: Page, macro: str, text: str) -> str:
    """What a macro shows in a sentence; a number that is not there yet is a matter of other tests."""
    if macro == "evidence":
        return BADGE
    if macro not in ANSWERED:
        return ""
    given, named = arguments(text)
    try:
        shown = ANSWERED[macro](page, *given, **named)
    except ValueError:
        return f"{NUMBER}2.0"
    return NUMBER + unescape(re.sub(r"<[^>]*>", "", shown)).replace("\u00a0", " ")


def prose(page: Page, text: str) -> Iterator[tuple[int, str]]:
    """The lines of a page that are neither tables nor code, as they are read: (line, text)."""
    bare = FORMULA.sub(lint.hollow, CODE.sub("x", without_blocks(text)))
    for number, line in enumerate(bare.split("\n"), 1):
        if not line.lstrip().startswith("|"):
            read = CALL.sub(lambda hit: answered(page, hit[1], hit[2]), line)
            yield number, re.sub(r"\*\*", "", lint.LINK.sub(lambda hit: hit[1] or "x", read))


def sentences(page: Page, text: str) -> Iterator[tuple[int, str]]:
    """The sentences that rest on evidence, by a badge or by a number, each with its line and its badge."""
    for number, line in prose(page, text):
        for sentence in ENDS.split(AFTER_STOP.sub(lambda hit: f" {hit[2].strip()}{hit[1]} ", line)):
            if BADGE in sentence or NUMBER in sentence:
                yield number, " ".join(sentence.split())


def page_of(lang: str, name: str) -> Page:
    return Page(book(lang), f"{name}.md", f"{name}/")
