"""The list of all claims: the filter, and by section a line for each claim, which leads to its card.

The cards stand on the pages of their sections. Of one that is asked for here docs/assets/book/badges.js fetches that
page and shows the card below its line; without JavaScript the line is a link.
"""

from cards import near, told
from claim_filter import filters
from cnnbook.evidence.report import ClaimReport
from context import Page
from wording import inline


def row(claim: ClaimReport, page: Page) -> str:
    """A claim as a line: its verdict, its words, and its effect in brief.

    The id is that of the card, so that an address which names a claim finds it here as it does on its own page.
    """
    name, lang = f"claim-{claim.id}", page.lang
    brief = f' <span class="book-claim__brief">{said}</span>' if (said := told(claim.effects, lang)) else ""
    return (
        f'<li id="{name}" data-verdict="{claim.verdict}"><b class="book-claim--{claim.verdict}">'
        f"{claim.verdict.words[lang]}</b>{near(claim, lang)} "
        f'<a href="{page.base}{claim.topic}/#{name}">{inline(claim.statement[lang])}</a>{brief}</li>'
    )


def listed(found: dict[str, list[ClaimReport]], page: Page) -> str:
    """The claims of each topic below its title, and the filter above them all."""
    titles = page.book.titles
    parts = [filters([one for group in found.values() for one in group], titles, page.lang)]
    for topic, group in found.items():
        about = f'#{topic.replace("/", "-")} .book-claims data-topic="{topic}"'
        rows = "".join(row(one, page) for one in group)
        parts.append(f"## [{titles[topic]}]({topic}.md) {{ {about} }}")
        parts.append(f'<ul class="book-rows no-terms" data-topic="{topic}" data-search-exclude>{rows}</ul>')
    return "\n\n".join(parts)
