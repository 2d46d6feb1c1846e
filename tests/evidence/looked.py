"""The evidence of the book's claims as tests look at it: worked out once for all of a session, which takes seconds."""

from functools import cache

from cnnbook.evidence.claims import read_claims
from cnnbook.evidence.lookup import Evidence, Looked
from cnnbook.evidence.report import ClaimReport
from cnnbook.evidence.reporting import claim_report

LOOKED = Looked(allow_stale=True)


@cache
def evidence_of(name: str) -> Evidence:
    """What there is for a claim; a stale result counts, and `stale` says that it is."""
    return LOOKED.evidence_of(read_claims()[name])


def fresh(name: str) -> Evidence:
    """What there is for a claim, and no stale result."""
    found = evidence_of(name)
    assert not found.stale, f"{name}: {found.stale}"
    return found


@cache
def report_of(name: str) -> ClaimReport:
    """A claim as its card says it."""
    return claim_report(evidence_of(name))
