"""What the site says of the evidence: both languages show the same claims, with the numbers of the result files."""

import json
import re
from functools import cache
from html import unescape

from cnnbook.evidence.claims import read_claims
from cnnbook.evidence.report import to_json
from cnnbook.evidence.reporting import claim_report
from looked import fresh
from manuscript import LANGUAGES, ROOT, pages

CARD = re.compile(r'<article class="book-claim .*?</article>', re.S)
ROW = re.compile(r'<li id="claim-([\w-]+)" data-verdict="([\w-]+)">')  # a claim on the page of all


def built(site, lang: str, name: str) -> str:
    return (site.folder / lang / name / "index.html").read_text("utf-8")


def cards(html: str) -> list[tuple[str, str]]:
    """The claims of a page and their verdicts, in order."""
    return [
        (re.search(r'id="claim-([\w-]+)"', card)[1], re.search(r'data-verdict="([\w-]+)"', card)[1])
        for card in CARD.findall(html)
    ]


@cache
def expected() -> dict:
    """The evidence of all claims whose topic has a page, in the order of the registry."""
    topics = set(pages("zh"))
    return {claim.id: fresh(claim.id) for claim in read_claims().values() if claim.topic in topics}


def test_the_claims_page_shows_the_registry_in_both_languages(site):
    wanted = [(name, str(one.verdict)) for name, one in expected().items()]
    assert len(wanted) >= 11
    for lang in LANGUAGES:
        assert sorted(ROW.findall(built(site, lang, "claims"))) == sorted(wanted)
    assert ROW.findall(built(site, "zh", "claims")) == ROW.findall(built(site, "en", "claims"))


def test_the_summary_counts_what_the_page_shows(site):
    for lang in LANGUAGES:
        html = built(site, lang, "claims")
        verdicts = [verdict for _, verdict in ROW.findall(html)]
        counts = dict(re.findall(r'name="verdict" value="([\w-]*)".*?<b>(\d+)</b>', html))
        assert counts.pop("") == str(len(verdicts))
        assert counts == {name: str(verdicts.count(name)) for name in counts} and len(counts) == 6


def test_a_topics_page_shows_the_topics_claims(site):
    evidence = expected()
    for topic in {one.claim.topic for one in evidence.values()}:
        wanted = [(name, str(one.verdict)) for name, one in evidence.items() if one.claim.topic == topic]
        for lang in LANGUAGES:
            assert cards(built(site, lang, topic)) == wanted, topic


def test_cards_print_the_numbers_of_their_results(site):
    for lang in LANGUAGES:
        topics = {one.claim.topic for one in expected().values()}
        shown = [card for topic in topics for card in CARD.findall(built(site, lang, topic))]
        found = {re.search(r'id="claim-([\w-]+)"', card)[1]: card for card in shown}
        for name, one in expected().items():
            printed = re.findall(r'<p class="book-claim__effect">.*?<b>(.*?)</b>', found[name])
            assert [unescape(text) for text in printed] == [effect.text(lang) for effect in claim_report(one).effects]
            assert all(f"<code>{test.split('::')[-1]}</code>" in found[name] for test in one.claim.tests)


def test_the_file_beside_the_page_holds_the_evidence(site):
    wanted = json.loads(to_json([claim_report(one) for one in expected().values()]))
    for lang in LANGUAGES:
        file = json.loads((site.folder / lang / "claims.json").read_text("utf-8"))
        assert sorted(file, key=lambda one: one["id"]) == sorted(wanted, key=lambda one: one["id"])
        assert 'href="../claims.json" download' in built(site, lang, "claims")


SILENT = ("没有", "原文没有")  # so begins what is cited of a source that says nothing
OMISSIONS = {  # refuted, and yet no error: of these the source says something else, or too little
    "own-checkerboard": "the section is an empty heading",
    "rebalancing-likelihood": "it does not speak of likelihood",
    "locality-within-reach": "how far a network looks, it does not say",
    "pieces-may-stand-anywhere": "it does not speak of pieces of sound",
}


def test_the_errata_list_every_error_of_the_source_once_and_no_omission():
    """A paragraph for each; what is refuted of what the source says is there, and nothing of what it does not say."""
    wrong = {"refuted", "refuted-in-part", "conditional"}
    claims = expected()
    said = {name for name, one in claims.items() if one.claim.source and not one.claim.source.zh.startswith(SILENT)}
    for lang in LANGUAGES:
        text = (ROOT / f"docs/{lang}/errata.md").read_text("utf-8")
        entries = [set(re.findall(r'evidence\("([\w-]+)"', line)) for line in text.split("\n") if "evidence(" in line]
        listed = [name for entry in entries for name in entry]
        assert len(listed) == len(set(listed)), "an error is listed once"
        assert all(any(str(claims[name].verdict) in wrong for name in entry) for entry in entries)
        refuted = {name for name in said if str(claims[name].verdict) == "refuted"}
        assert refuted - set(listed) == set(OMISSIONS)
