"""The claims themselves: well formed, in good Chinese, each with evidence that is there; and files that are not."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import toy_experiments
from cnnbook.evidence import registry
from cnnbook.evidence.claims import read_claims
from cnnbook.evidence.errors import ClaimError, MissingResult, VerdictMismatch
from cnnbook.evidence.lookup import all_evidence, check_rule, evidence_for, require_verdict
from cnnbook.evidence.paths import result_path
from cnnbook.evidence.proofs import has_test
from cnnbook.evidence.report import claim_report
from cnnbook.evidence.results import load_result
from cnnbook.evidence.runner import run
from cnnbook.evidence.staleness import require_fresh

ROOT = Path(__file__).parents[2]
CLAIMS = read_claims()
NOT_YET = tomllib.loads(Path(__file__).with_name("not_yet.toml").read_text(encoding="utf-8"))
PROOFS = sorted({test for claim in CLAIMS.values() for test in claim.tests})
EXPERIMENTS = sorted({claim.experiment for claim in CLAIMS.values() if claim.experiment})


@pytest.fixture(scope="session")
def collected():
    """The node ids that pytest collects in the files that claims point to, without parameters."""
    files = sorted({test.partition("::")[0] for test in PROOFS if (ROOT / test.partition("::")[0]).is_file()})
    if not files:
        return set()
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *files]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=os.environ | {"OMP_NUM_THREADS": "1"})
    assert found.returncode == 0, found.stdout + found.stderr
    return {line.partition("[")[0] for line in found.stdout.splitlines() if "::" in line}


@pytest.mark.parametrize("test", PROOFS)
def test_the_test_that_decides_a_proof_is_collected(test, collected):
    if test in NOT_YET["tests"]:
        assert test not in collected, f"{test} has come: take it out of tests/evidence/not_yet.toml"
        pytest.skip("listed in not_yet.toml")
    assert test.partition("[")[0] in collected
    assert has_test(test)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_an_experiment_of_a_claim_has_a_fresh_result(name):
    if name in NOT_YET["experiments"]:
        assert not result_path(name).exists(), f"{name} has a result: take it out of tests/evidence/not_yet.toml"
        pytest.skip("listed in not_yet.toml")
    experiment = registry.load(name)
    for claim in CLAIMS.values():
        if claim.experiment == name:
            check_rule(claim, experiment)
    require_fresh(experiment, load_result(name))


def test_nothing_is_excused_that_no_claim_asks_for():
    assert set(NOT_YET) == {"tests", "experiments"}
    assert set(NOT_YET["tests"]) <= set(PROOFS)
    assert set(NOT_YET["experiments"]) <= set(EXPERIMENTS)


HAN = r"[\u4e00-\u9fff]"


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=list(CLAIMS))
def test_the_chinese_is_set_as_chinese(claim):
    for text in (claim.statement, claim.source, claim.condition):
        if text is None:
            continue
        assert re.search(HAN, text.zh) and not re.search(HAN, text.en)
        assert "您" not in text.zh
        assert not re.search(rf"{HAN}[A-Za-z0-9`]|[A-Za-z0-9`]{HAN}", text.zh), (
            f"one space before and after Latin: {text.zh}"
        )
        # beside a Chinese character; with a space between it is a formula: 像素 (i, j)
        assert not re.search(rf"{HAN}[,;:!?().]|[,;:!?()]{HAN}", text.zh), f"full-width punctuation: {text.zh}"
    assert claim.statement.zh.endswith("。") and claim.statement.en.endswith(".")


# What follows uses a book of its own.


def test_evidence_comes_with_verdict_effect_and_interval(book):
    experiment = toy_experiments.toy()
    run(experiment, out=result_path(experiment.name))
    evidence = evidence_for("much-helps")
    assert (str(evidence.verdict), evidence.condition, evidence.stale) == ("holds", None, None)
    effect = evidence.effect
    assert (effect.metric, effect.unit, effect.seeds, effect.diverged) == ("accuracy", "%", 10, (0, 0))
    assert effect.low <= effect.difference <= effect.high and effect.low > 0.5
    report = claim_report(evidence)
    assert (report.verdict, report.statement.zh) == ("holds", "多则好。")
    assert (report.effects[0].low, report.effects[0].label.zh) == (effect.low, "准确率")
    assert [str(one.verdict) for one in all_evidence()] == ["holds", "refuted"]


def test_a_verdict_that_is_planted_in_prose_is_caught(book):
    experiment = toy_experiments.toy()
    run(experiment, out=result_path(experiment.name))
    assert require_verdict("much-helps", "holds").claim.id == "much-helps"
    with pytest.raises(VerdictMismatch, match="'much-helps': the text says 'refuted', the evidence says 'holds'"):
        require_verdict("much-helps", "refuted")


def test_deleting_a_result_names_the_command_that_restores_it(book):
    experiment = toy_experiments.toy()
    run(experiment, out=result_path(experiment.name))
    evidence_for("much-helps")
    result_path(experiment.name).unlink()
    with pytest.raises(
        MissingResult, match=r"results/parameters/toy\.json is missing\. Make it with: cnnbook run parameters/toy"
    ):
        evidence_for("much-helps")


def test_a_proof_without_its_test_stands_on_nothing(book):
    assert str(evidence_for("proved").verdict) == "refuted"
    (book / "tests" / "parameters" / "test_toy.py").write_text("def test_other():\n    pass\n", encoding="utf-8")
    with pytest.raises(
        ClaimError, match=r"claim 'proved': its test must exist, got 'tests/parameters/test_toy\.py::test_proof'"
    ):
        evidence_for("proved")


def test_an_unknown_claim_is_said(book):
    with pytest.raises(ClaimError, match="there is no claim 'nothing'; there are much-helps, proved"):
        evidence_for("nothing")


def test_a_rule_may_only_compare_what_was_declared(book):
    registry.register(toy_experiments.toy(comparisons=[("some", "none")]))
    with pytest.raises(
        ClaimError, match=r"compare arms that parameters/toy declares \(some – none\), got 'much' with 'none'"
    ):
        evidence_for("much-helps")
    registry.register(toy_experiments.toy(metrics=[toy_experiments.NLL], curves=[]))
    with pytest.raises(ClaimError, match="metric must be one of nll of parameters/toy, got 'accuracy'"):
        evidence_for("much-helps")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[[claim]]", "[[claim", "cannot be read as TOML"),
        ('kind = "proof"', 'kind = "proofs"', "claim 'proved': kind must be 'proof' or 'experiment', got 'proofs'"),
        ('id = "proved"', 'id = "much-helps"', "claim 'much-helps': an id must be used once"),
        ('id = "proved"', 'id = "Proved!"', "claim 'Proved!': id: 'Proved!' does not match"),
        ('id = "proved"', "", "claim number 2: 'id' is a required property"),
        ('id = "proved"', 'id = "proved"\nverdict = "holds"', r"claim 'proved': .*'verdict' was unexpected"),
        (', en = "False."', "", "claim 'proved': statement: 'en' is a required property"),
        ('zh = "假的。"', 'zh = " "', "claim 'proved': statement.zh: ' ' does not match"),
        ('topic = "parameters/toy"', 'topic = "toy"', "claim 'much-helps': topic: 'toy' does not match"),
        ('"refuted"', '"maybe"', "claim 'proved': passing_means: 'maybe' is not one of"),
        ('"refuted"', '"conditional"', "claim 'proved': a condition must be given where .* got .*conditional' without"),
        (
            '"refuted"',
            '"refuted"\ncondition = { zh = "甲", en = "a" }',
            "and only there, got .*refuted' with a condition",
        ),
        ("test_toy.py::test_proof", "test_toy.py", r"claim 'proved': tests\[0\]: .* does not match"),
        ('tests = ["tests/parameters/test_toy.py::test_proof"]', "", "claim 'proved': 'tests' is a required property"),
        ('expect = "better"', 'expect = "nicer"', "claim 'much-helps': rule.expect: 'nicer' is not one of"),
        (
            "smallest_effect = 0.5",
            "smallest_effect = 0",
            "rule.smallest_effect: 0 is less than or equal to the minimum",
        ),
        (
            "smallest_effect = 0.5",
            'smallest_effect = 0.5, sens = "x"',
            r"claim 'much-helps': rule: .*'sens' was unexpected",
        ),
        ('citations = ["1603.07285"]', 'citations = ["1"]', r"citations must be keys of \[references\], got '1'"),
        ("year = 2016", 'year = "2016"', "reference '1603.07285': year: '2016' is not of type 'integer'"),
        ("rule = {", "rule = { all = [{", "cannot be read as TOML"),
        ("[references]", "[claims]\n[references]", r"the file: .*'claims' was unexpected"),
    ],
)
def test_a_broken_claim_names_file_claim_rule_and_value(book, old, new, message):
    path = book / "claims.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ClaimError, match=message) as caught:
        read_claims(path)
    assert str(caught.value).startswith("claims.toml: ")


def test_combined_rules_are_checked_part_by_part(book):
    path = book / "claims.toml"
    text = path.read_text(encoding="utf-8")
    rule = text[text.index("rule = {") : text.index("\n", text.index("rule = {"))]
    one = rule.removeprefix("rule = ")
    case = one.replace("{ ", '{ when = { zh = "甲", en = "one" }, ', 1)
    for good in (f"rule.all = [{one}, {one}]", f"rule.cases = [{case}, {case}]"):
        path.write_text(text.replace(rule, good), encoding="utf-8")
        assert read_claims(path)["much-helps"].rule
    for bad, message in [
        (f"rule.all = [{one}]", "rule.all: .* is too short"),
        (f"rule.cases = [{case}, {one}]", r"rule.cases\[1\]: 'when' is a required property"),
        (f"rule.cases = [{case}, {case.replace('zh', 'cn')}]", r"rule.cases\[1\].when: "),
        ("rule = {}", "rule: 'metric' is a required property"),
    ]:
        path.write_text(text.replace(rule, bad), encoding="utf-8")
        with pytest.raises(ClaimError, match=f"claim 'much-helps': {message}"):
            read_claims(path)
