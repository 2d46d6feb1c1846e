"""What is known about a claim: the one place that pages, command line and tests ask.

Nothing is remembered between claims and files: a result that is deleted or stale stops whoever asks, with the command
that restores it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cnnbook.evidence import registry
from cnnbook.evidence.claims import Claim, read_claims
from cnnbook.evidence.errors import ClaimError, StaleResult
from cnnbook.evidence.experiment import Experiment
from cnnbook.evidence.judging import Effect, judge
from cnnbook.evidence.paths import CLAIMS_DIR, claims_path, shown
from cnnbook.evidence.proofs import require_tests
from cnnbook.evidence.results import Result, load_result
from cnnbook.evidence.rules import comparisons
from cnnbook.evidence.staleness import stale_reason, stale_words
from cnnbook.evidence.text import Text
from cnnbook.evidence.verdicts import Verdict


@dataclass(frozen=True)
class Evidence:
    """A claim's verdict and what it rests on.

    Attributes:
        claim: the claim.
        verdict: computed for an experiment; for a proof what its passing tests mean.
        condition: when a proof holds; what is said of which case, where an experiment's cases differ.
        effects: every look at the result, in the order of the rule; empty for a proof.
        result: the result that decided, None for a proof.
        stale: why the result is stale, where that was allowed.
        near: whether another method of computing intervals would change the verdict.
    """

    claim: Claim
    verdict: Verdict
    condition: Text | None
    effects: tuple[Effect, ...] = ()
    result: Result | None = None
    stale: str | None = None
    near: bool = False

    @property
    def effect(self) -> Effect | None:
        """The first look: the one to show where there is room for one."""
        return self.effects[0] if self.effects else None


def evidence_for(claim_id: str, *, results: Path | None = None, allow_stale: bool = False) -> Evidence:
    """The verdict of a claim, with effect and interval.

    Args:
        claim_id: its id in the topic's file of claims.
        results: folder of the results; by default the committed ones.
        allow_stale: give a stale result's verdict and say why it is stale, instead of stopping.

    Raises:
        ClaimError: there is no such claim, its test does not exist, or its rule looks at what was not declared.
        UnknownExperiment: its experiment does not exist.
        MissingResult: its experiment has no result; the message names the command that makes it.
        StaleResult: the result was made by other code; the message names the command that refreshes it.
        ResultError: the result's file is broken.

    Examples:
        >>> str(evidence_for("deconvolution").verdict)  # doctest: +SKIP
        'refuted'
    """
    claims = read_claims()
    if claim_id not in claims:
        raise ClaimError(f"{shown(CLAIMS_DIR)}: there is no claim {claim_id!r}; there are {', '.join(claims)}")
    return evidence_of(claims[claim_id], results=results, allow_stale=allow_stale)


def evidence_of(claim: Claim, *, results: Path | None = None, allow_stale: bool = False) -> Evidence:
    """Like `evidence_for`, for a claim at hand."""
    return Looked(results, allow_stale).evidence_of(claim)


class Looked:
    """One look at many claims, for which each result is read, and held against the code, once.

    Args:
        results: folder of the results; by default the committed ones.
        allow_stale: as for `evidence_for`.
    """

    def __init__(self, results: Path | None = None, allow_stale: bool = False) -> None:
        self.results, self.allow_stale = results, allow_stale
        self._known: dict[str, tuple[Result, str | None]] = {}

    def result_of(self, experiment: Experiment) -> tuple[Result, str | None]:
        """A result, and why it is stale where that is allowed; raises as `evidence_for` does."""
        if experiment.name not in self._known:
            result = load_result(experiment.name, self.results)
            self._known[experiment.name] = (result, stale_reason(experiment, result))
        result, stale = self._known[experiment.name]
        if stale and not self.allow_stale:
            raise StaleResult(stale_words(experiment, stale))
        return result, stale

    def evidence_of(self, claim: Claim) -> Evidence:
        """The evidence of a claim; raises as `evidence_for` does."""
        if claim.rule is None or claim.experiment is None:
            require_tests(claim)
            return Evidence(claim, Verdict(claim.passing_means), claim.condition)
        experiment = registry.load(claim.experiment)
        check_rule(claim, experiment)
        result, stale = self.result_of(experiment)
        outcome = judge(claim.rule, result)
        return Evidence(claim, outcome.verdict, outcome.condition, outcome.effects, result, stale, outcome.near)


def check_rule(claim: Claim, experiment: Experiment) -> None:
    """Stops where a rule looks at what its experiment does not declare.

    Raises:
        ClaimError: names file, claim, key and value, and what is known.
    """
    who = f"{shown(claims_path(claim.topic))}: claim {claim.id!r}: rule"
    for look in comparisons(claim.rule) if claim.rule else ():
        if (look.treatment, look.baseline) not in experiment.comparisons:
            declared = ", ".join(f"{treatment} – {baseline}" for treatment, baseline in experiment.comparisons)
            raise ClaimError(
                f"{who}: a rule must compare arms that {experiment.name} declares ({declared}), "
                f"got {look.treatment!r} with {look.baseline!r}"
            )
        try:
            experiment.quantity(look.metric, look.at)
        except ValueError as error:
            raise ClaimError(f"{who}: {error}") from None
