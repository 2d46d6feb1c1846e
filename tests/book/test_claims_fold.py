"""The claims of a section are folded: what a page shows by itself is the text, not its register."""

import re
import sys
from html.parser import HTMLParser

import pytest

import lint
import rendered
from manuscript import LANGUAGES, ROOT, pages

sys.path.insert(0, str(ROOT / "hooks"))
import evidence
from snapshot import snapshot

WORD = re.compile(r"[\u3400-\u9fff]|[A-Za-z0-9][\w'’.,−-]*")
MOST = 0.15


class Seen(HTMLParser):
    """The text that shows before anything is opened: of closed details the summary."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[bool] = []  # of each details around: whether its inside shows
        self.summary, self.text = False, []

    def handle_starttag(self, tag, attrs):
        if tag == "details":
            self.open.append("open" in dict(attrs))
        self.summary = self.summary or tag == "summary"

    def handle_endtag(self, tag):
        if tag == "details":
            self.open.pop()
        self.summary = self.summary and tag != "summary"

    def handle_data(self, data):
        around = self.open[:-1] if self.summary else self.open
        if all(around):
            self.text.append(data)


def words(html: str) -> int:
    seen = Seen()
    seen.feed(html)
    return len(WORD.findall(" ".join(seen.text)))


def cards(page: rendered.Page) -> list[str]:
    """The cards of a page as they are without a fold; a claim that has no result yet is left to other tests."""
    report = snapshot()
    return [evidence.whole(page, one) for one in report.claims.values() if one.topic == page.topic]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_shows_its_text_before_its_claims(lang):
    shares, bare = {}, {}
    for name in pages(lang):
        page = rendered.page_of(lang, name)
        if "[= claims()" not in page.text or not (found := cards(page)):
            continue
        rest = len(WORD.findall(lint.prose(page.text)))
        for shown, how in ((shares, evidence.folded(found, evidence.FOLD[lang])), (bare, "".join(found))):
            shown[name] = words(how) / (words(how) + rest)
    print(*sorted(((share, name) for name, share in shares.items()), reverse=True)[:3])
    assert len(shares) > 20 and max(shares.values()) < MOST, max(shares.items(), key=lambda one: one[1])
    assert max(bare.values()) > MOST, "without the fold there is a page that is mostly claims"


def test_what_shows_is_counted():
    html = "<p>one</p><details><summary>two <b>three</b></summary>four<details><summary>five</summary>six</details>"
    assert words(f"{html}</details> 七八") == 5
    assert words(html.replace("<details>", "<details open>", 1) + "</details>") == 5


def test_a_fold_holds_the_cards_of_the_section_in_order(monkeypatch):
    page = rendered.page_of("en", "parameters/recipe")
    monkeypatch.setattr(evidence, "whole", lambda page, claim: f"<article>{claim}</article>")
    monkeypatch.setattr(evidence, "claim_of", lambda page, name, *asked: name)
    html = evidence.claims(page)
    found = re.findall(r"<article>(.*?)</article>", html)
    assert found == [name for name, topic in snapshot().topics.items() if topic == page.topic] and "\n" not in html
    assert html.startswith(
        f'<details class="book-fold no-terms"><summary>{len(found)} claims of this section</summary>'
    )
