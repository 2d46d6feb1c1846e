"""Claims on pages: their cards, effects in tables, the page of all claims, and claims.json beside it.

As a hook it lays into the site claims.json and what cards link to, as pages and as they are: results, deciding tests,
code. As macros it is given to pages by macros.py. Whatever lacks its evidence stops the build where a page asks for it.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import source_pages
from cards import card, shape
from claim_list import listed
from cnnbook.evidence.report import ClaimReport, EffectReport, to_json
from cnnbook.evidence.verdicts import Verdict
from context import ROOT, Book, Page
from macro_errors import misused
from snapshot import snapshot, unknown
from wording import bracketed

TALLY = {"zh": "条论断：", "en": "claims: "}
FOLD = {"zh": "这一节的 {} 条论断", "en": "{} claims of this section"}


def with_page(pages: dict[str, str]) -> list[str]:
    """The claims of the topics that have a page, in the order of the navigation."""
    return [name for topic in pages for name, of in snapshot().topics.items() if of == topic]


def beside(book: Book, title: str) -> tuple[dict[str, str], list[str]]:
    """What cards link to: pages of code and claims.json, by their places, and files of the repository.

    ``title`` is the book's, which its pages of code bear.
    """
    report = snapshot()
    shown = with_page(book.titles)
    fit = [report.claims[name] for name in shown if name in report.claims]  # the page itself stops at the others
    made = {"claims.json": to_json(fit, indent=1)} | source_pages.pages(fit, book.lang, title)
    laid = set().union(*map(source_pages.files_of, fit))
    return made, [path for path in sorted(laid) if (ROOT / path).is_file()]


def on_files(files, config):
    from mkdocs.structure.files import File  # MkDocs calls this alone: macros are answered without it

    if files.get_file_from_path("claims.md") is None:
        return files
    book = Book(config.theme["language"], Path(config.docs_dir), config.nav)
    made, laid = beside(book, config.site_name)
    for place, content in made.items():
        files.append(File.generated(config, place, content=content))
    for path in laid:
        files.append(File(path, str(ROOT), config.site_dir, config.use_directory_urls))
    return files


def claim_of(page: Page, name: str, macro: str, asked: str | None = None) -> ClaimReport:
    """A claim, for the macro that was asked for it; stops where it has no evidence."""
    report = snapshot()
    if name not in report.topics:
        raise misused(page, macro, name, unknown("claim", name, report.topics))
    if name not in report.claims:
        raise misused(page, macro, name if asked is None else asked, report.errors[name])
    return report.claims[name]


def whole(page: Page, claim: ClaimReport) -> str:
    return card(claim, snapshot().experiments.get(claim.experiment or ""), page.base, page.lang)


def claim(page: Page, name: str) -> str:
    """The card of a claim."""
    return whole(page, claim_of(page, name, "claim"))


def claims(page: Page, topic: str = "") -> str:
    """The cards of a topic, by default this page's, in the order of the registry, folded under one line: a page is to
    be read, and its badges lead to the cards."""
    wanted = topic or page.topic
    found = [name for name, of in snapshot().topics.items() if of == wanted]
    if not found:
        raise misused(page, "claims", topic, f"no claim has the topic {wanted!r}")
    cards = [whole(page, claim_of(page, name, "claims", topic)) for name in found]
    return folded(cards, FOLD[page.lang].format(len(cards)))


def folded(cards: list[str], words: str) -> str:
    """Cards under one line; a link to one of them opens it, by the browser and by badges.js.

    Where scripts run, what stands in a <noscript> is one text: badges.js makes cards of it when they are asked for.
    """
    held = f"<noscript>{''.join(cards)}</noscript>"
    return f'<details class="book-fold no-terms"><summary>{words}</summary>{held}</details>'


def by_topic(page: Page, macro: str) -> dict[str, list[ClaimReport]]:
    """Every claim of the book's pages, by topic."""
    found: dict[str, list[ClaimReport]] = {}
    for name in with_page(page.book.titles):
        one = claim_of(page, name, macro, "")
        found.setdefault(one.topic, []).append(one)
    return found


def all_claims(page: Page) -> str:
    """Every claim of the book's pages, by section, below the filter."""
    return listed(by_topic(page, "all_claims"), page)


def tally(page: Page) -> str:
    """How many claims the book has, and how many of each verdict, each count leading to these claims."""
    words, found = TALLY[page.lang], [one for group in by_topic(page, "tally").values() for one in group]
    counts = {one: sum(claim.verdict == one for claim in found) for one in Verdict}
    parts = [
        f'<a href="{page.base}claims/?verdict={one}">{shape(one)} <b>{count}</b> {one.words[page.lang]}</a>'
        for one, count in counts.items()
        if count
    ]
    return f'<p class="book-tally no-terms"><b>{len(found)}</b> {words}{" ".join(parts)}</p>'


def look_of(page: Page, macro: str, claim: ClaimReport, look: int) -> EffectReport:
    """One look of a claim, counted from 1, for the macro that was asked for it."""
    if not 1 <= look <= len(claim.effects):
        rule = f"claim {claim.id!r} has {len(claim.effects)} looks at a result, got look={look}"
        raise misused(page, macro, claim.id, rule)
    return claim.effects[look - 1]


def effect(page: Page, name: str, look: int = 1) -> str:
    """The effect of a claim with its interval, for a cell of a table; of several looks the one that is asked for.
    In a sentence a signed number with brackets is hard to read: there the badge of the claim has it."""
    one = look_of(page, "effect", claim_of(page, name, "effect"), look)
    if line := next(outside_tables(page.text, "effect"), 0):
        rule = "effect() stands in a cell of a table; in a sentence write by() and, after its full stop, evidence()"
        raise ValueError(f"docs/{page.lang}/{page.uri}:{line}: {rule}")
    return f'<span class="book-number">{bracketed(one.text_alone(page.lang))}</span>'


def outside_tables(text: str, macro: str) -> Iterator[int]:
    """The lines that call a macro and are not rows of a table.

    >>> list(outside_tables('It rose [= it("a") =].\\n\\n| a | [= it("b") =] |', "it"))
    [1]
    """
    call = re.compile(rf"\[= *{macro}\(")
    for number, line in enumerate(text.split("\n"), 1):
        if call.search(line) and not line.lstrip().startswith("|"):
            yield number


MACROS = (claim, claims, all_claims, tally, effect)
