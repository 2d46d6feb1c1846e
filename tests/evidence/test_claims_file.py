"""The claims themselves: well formed, in good Chinese, each with evidence that is there; and files that are not."""

import contextlib
import io
import re
import tomllib
from pathlib import Path

import pytest

import toy_experiments
from cnnbook.evidence import registry
from cnnbook.evidence.claims import read_claims
from cnnbook.evidence.errors import ClaimError, MissingResult
from cnnbook.evidence.lookup import check_rule, evidence_for
from cnnbook.evidence.paths import CLAIMS_DIR, result_path
from cnnbook.evidence.proofs import has_test
from cnnbook.evidence.reporting import claim_report
from cnnbook.evidence.results import load_result
from cnnbook.evidence.rules import comparisons
from cnnbook.evidence.runner import run
from cnnbook.evidence.staleness import stale_reason
from cnnbook.evidence.topics import TOPICS

ROOT = Path(__file__).parents[2]
CLAIMS = read_claims()
NOT_YET = tomllib.loads(Path(__file__).with_name("not_yet.toml").read_text(encoding="utf-8"))
PROOFS = sorted({test for claim in CLAIMS.values() for test in claim.tests})
EXPERIMENTS = sorted({claim.experiment for claim in CLAIMS.values() if claim.experiment})


class Noted:
    """Notes the node ids of what pytest collects, without parameters."""

    def pytest_collection_finish(self, session):
        self.ids = {item.nodeid.partition("[")[0] for item in session.items}


@pytest.fixture(scope="session")
def collected():
    """What pytest collects in the files that claims point to: in this process, which has imported torch."""
    files = sorted({test.partition("::")[0] for test in PROOFS if (ROOT / test.partition("::")[0]).is_file()})
    if not files:
        return set()
    noted, said = Noted(), io.StringIO()
    options = ["--collect-only", "-q", "-p", "no:cacheprovider", "--capture=no", f"--rootdir={ROOT}"]
    with contextlib.redirect_stdout(said):
        code = pytest.main([*options, *(str(ROOT / file) for file in files)], plugins=[noted])
    assert code == 0, said.getvalue()
    return noted.ids


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
    assert not stale_reason(experiment, load_result(name))


def test_nothing_is_excused_that_no_claim_asks_for():
    assert set(NOT_YET) == {"tests", "experiments"}
    assert set(NOT_YET["tests"]) <= set(PROOFS)
    assert set(NOT_YET["experiments"]) <= set(EXPERIMENTS)


def test_claims_come_in_the_order_of_the_book():
    navigation = re.findall(r": (\w+/\w+)\.md$", (ROOT / "mkdocs.yml").read_text("utf-8"), re.M)
    assert list(TOPICS) == navigation
    assert list(dict.fromkeys(claim.topic for claim in CLAIMS.values())) == navigation


def homeless(folder):
    """The files of claims that belong to no topic of the book."""
    places = {path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.toml")}
    return sorted(f"{folder.name}/{place}.toml belongs to no topic" for place in places - {"references", *TOPICS})


def test_every_file_of_claims_belongs_to_a_topic():
    assert homeless(CLAIMS_DIR) == []


def test_a_file_of_claims_without_a_topic_is_named(book):
    assert homeless(book / "claims") == ["claims/parameters/toy.toml belongs to no topic"]


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
    assert [str(evidence_for(one).verdict) for one in read_claims()] == ["holds", "refuted"]


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
        ClaimError,
        match=r"claims/parameters/toy\.toml: claim 'proved': tests\[0\] must exist, got '.*/test_toy\.py::test_proof'",
    ):
        evidence_for("proved")


def test_an_unknown_claim_is_said(book):
    with pytest.raises(ClaimError, match=r"^claims: there is no claim 'nothing'; there are much-helps, proved"):
        evidence_for("nothing")


def test_a_rule_may_only_compare_what_was_declared(book):
    place = r"^claims/parameters/toy\.toml: claim 'much-helps': rule: "
    registry.register(toy_experiments.toy(comparisons=[("some", "none")]))
    with pytest.raises(
        ClaimError, match=rf"{place}.*compare arms that parameters/toy declares \(some – none\), got 'much' with 'none'"
    ):
        evidence_for("much-helps")
    registry.register(toy_experiments.toy(metrics=[toy_experiments.NLL], curves=[]))
    with pytest.raises(ClaimError, match=rf"{place}metric must be one of nll of parameters/toy, got 'accuracy'"):
        evidence_for("much-helps")


CITES = 'citations = ["1603.07285"]'
TESTS = 'tests = ["tests/parameters/test_toy.py::test_proof"]'


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[[claim]]", "[[claim", "cannot be read as TOML: .* line 2"),
        ("[[claim]]", "[[claims]]", r"the file: claims is an unknown key, got \[.*; did you mean 'claim'\?"),
        ('kind = "proof"', 'kind = "proofs"', "claim 'proved': kind must be 'experiment' or 'proof', got 'proofs'"),
        ('kind = "proof"', "", "claim 'proved': kind is missing"),
        ('kind = "proof"', 'kind = "experiment"', "claim 'proved': .*tests is an unknown key"),
        ('id = "proved"', 'id = "much-helps"', "claim 'much-helps': id must be used once, got 'much-helps'"),
        ('id = "proved"', 'id = "Proved!"', r"claim 'Proved!': id must match \^\[a-z0-9\]\+.*, got 'Proved!'"),
        ('id = "proved"', "", "claim number 2: id is missing"),
        ('id = "proved"', "id = 7", "claim number 2: id must be a string, got 7"),
        ('id = "proved"', 'id = "proved"\nverdict = "holds"', "'proved': verdict is an unknown key, got 'holds'$"),
        ('id = "proved"', 'id = "proved"\n"a\\nb" = 1', r"claim 'proved': 'a\\nb' is an unknown key, got 1"),
        ('id = "proved"', 'id = "proved"\ntopic = "a/b"', "'proved': topic is an unknown key, got 'a/b'"),
        (
            "passing_means",
            "passing_mean",
            "passing_mean is an unknown key, got 'refuted'; did you mean 'passing_means'",
        ),
        (', en = "False."', "", "claim 'proved': statement.en is missing"),
        ('zh = "假的。"', 'cn = "假的。"', "claim 'proved': statement.cn is an unknown key, got '假的。'"),
        ('zh = "假的。"', 'zh = " "', r"claim 'proved': statement.zh must match \\S, got ' '"),
        ('{ zh = "假的。", en = "False." }', '"假的。"', "claim 'proved': statement must be a table, got '假的。'"),
        (
            '"refuted"',
            '"maybe"',
            "claim 'proved': passing_means must be 'conditional' or 'holds' or 'refuted', got 'maybe'",
        ),
        ('"refuted"', '"conditional"', "claim 'proved': a condition must be given where .* got .*conditional' without"),
        (
            '"refuted"',
            '"refuted"\ncondition = { zh = "甲", en = "a" }',
            "and only there, got .*refuted' with a condition",
        ),
        ("test_toy.py::test_proof", "test_toy.py", r"claim 'proved': tests\[0\] must match \^tests/.*, got '.*toy.py'"),
        (TESTS, "", "claim 'proved': tests is missing"),
        (TESTS, "tests = []", r"claim 'proved': tests must be a list of length >= 1, got \[\]"),
        (TESTS, f"{TESTS[:-1]}, {TESTS[9:]}", r"claim 'proved': tests must name each but once, got 'tests/.*' again"),
        (
            'expect = "better"',
            'expect = "nicer"',
            "claim 'much-helps': rule.expect must be 'better' or .*, got 'nicer'",
        ),
        ("smallest_effect = 0.5", "smallest_effect = 0", "rule.smallest_effect must be a number > 0.0, got 0$"),
        ("smallest_effect = 0.5", 'smallest_effect = "0.5"', "rule.smallest_effect must be a number, got '0.5'"),
        (
            "smallest_effect = 0.5",
            "smallest_effects = 0.5",
            "rule.smallest_effects is .*; did you mean 'smallest_effect'",
        ),
        ("rule = { ", 'rule = "better" #', "claim 'much-helps': rule must be a table, got 'better'"),
        ('experiment = "parameters/toy"', "", "claim 'much-helps': experiment is missing"),
        (CITES, 'citations = ["1"]', r"'much-helps': citations must be keys of references\.toml, got '1'$"),
        (CITES, 'citations = ["1603.07258"]', r"got '1603.07258'; did you mean '1603.07285'\?"),
        (CITES, f"{CITES[:-1]}, {CITES[13:]}", "citations must name each but once, got '1603.07285' again"),
    ],
)
def test_a_broken_claim_names_file_claim_key_and_value(book, old, new, message):
    path = book / "claims/parameters/toy.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert_broken(r"claims/parameters/toy\.toml", message)


def assert_broken(file, message):
    with pytest.raises(ClaimError, match=rf"^{file}: .*{message}") as caught:
        read_claims()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("year = 2016", 'year = "2016"', "reference '1603.07285': year must be a whole number, got '2016'"),
        ("year = 2016", "year = 16", "reference '1603.07285': year must be a whole number >= 1900, got 16"),
        (
            "year = 2016",
            "years = 2016",
            "reference '1603.07285': years is an unknown key, got 2016; did you mean 'year'",
        ),
        ("year = 2016", 'year = 2016, url = "x"', "reference '1603.07285': url must match .*, got 'x'"),
        (', authors = "Dumoulin, Visin"', "", "reference '1603.07285': authors is missing"),
        ("1603", 'a" = 3\n"1603', "reference 'a': must be a table, got 3"),
        ("{", "", "cannot be read as TOML"),
        ("{", "[{", "cannot be read as TOML"),
    ],
)
def test_a_broken_reference_names_file_reference_key_and_value(book, old, new, message):
    path = book / "claims/references.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert_broken(r"claims/references\.toml", message)


def test_an_id_is_used_once_in_all_files(book):
    other = book / "claims/convolution/standard.toml"
    other.parent.mkdir()
    other.write_text(toy_experiments.TOY_CLAIMS.replace("much-helps", "other"), encoding="utf-8")
    message = r"claim 'proved': id must be used once, got 'proved', which claims/convolution/standard\.toml has"
    assert_broken(r"claims/parameters/toy\.toml", message)
    other.write_text(other.read_text("utf-8").replace('"proved"', '"another"'), encoding="utf-8")
    assert list(read_claims()) == [
        "other",
        "another",
        "much-helps",
        "proved",
    ]  # a topic that is not of the book is last
    assert [claim.topic for claim in read_claims().values()] == ["convolution/standard"] * 2 + ["parameters/toy"] * 2


@pytest.mark.parametrize("place", ["toy", "parameters/toy/more"])
def test_a_file_of_claims_in_the_wrong_place(book, place):
    path = book / f"claims/{place}.toml"
    path.parent.mkdir(exist_ok=True)
    path.touch()
    assert_broken(rf"claims/{place}\.toml", rf"a file of claims must be <part>/<topic>\.toml, got {place}\.toml")


def test_a_file_may_begin_with_the_mark_that_some_editors_write(book):
    path = book / "claims/parameters/toy.toml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert list(read_claims()) == ["much-helps", "proved"]


def test_a_topic_may_come_before_its_claims(book):
    path = book / "claims/parameters/new.toml"
    path.touch()
    assert list(read_claims()) == ["much-helps", "proved"]
    path.write_text("claim = 1", encoding="utf-8")
    assert_broken(r"claims/parameters/new\.toml", "the file: claim must be a list, got 1")


def test_claims_without_references(book):
    (book / "claims/references.toml").unlink()
    assert_broken(r"claims/references\.toml", "cannot be read as TOML: .*No such file")


def test_combined_rules_are_checked_part_by_part(book):
    path = book / "claims/parameters/toy.toml"
    text = path.read_text(encoding="utf-8")
    rule = text[text.index("rule = {") : text.index("\n", text.index("rule = {"))]
    one = rule.removeprefix("rule = ")
    case = one.replace("{ ", '{ when = { zh = "甲", en = "one" }, ', 1)
    both = f'{{ when = {{ zh = "乙", en = "two" }}, all = [{one}, {one}] }}'
    for good in (f"rule.all = [{one}, {one}]", f"rule.cases = [{case}, {case}]", f"rule.cases = [{case}, {both}]"):
        path.write_text(text.replace(rule, good), encoding="utf-8")
        assert len(list(comparisons(read_claims()["much-helps"].rule))) == good.count("metric")
    worse = one.replace("better", "bad")
    for bad, message in [
        (f"rule.all = [{one}]", r"rule.all must be a list of length >= 2, got \["),
        (f"rule.all = [{one}, {worse}]", r"rule.all\[1\].expect must be 'better' or .*, got 'bad'"),
        (f"rule.all = [{one}, {case}]", r"rule.all\[1\].when is an unknown key"),
        (f"rule = {{ all = [{one}, {one}], metric = 'x' }}", "rule.metric is an unknown key, got 'x'"),
        (f"rule.cases = [{case}]", r"rule.cases must be a list of length >= 2, got \["),
        (f"rule.cases = [{case}, {one}]", r"rule.cases\[1\].when is missing"),
        (f"rule.cases = [{case}, {case.replace('zh', 'cn')}]", r"rule.cases\[1\].when.cn is an unknown key, got '甲'"),
        (f"rule.cases = [{case}, {case.replace('better', 'bad')}]", r"rule.cases\[1\].expect must be 'better' or "),
        (f"rule.cases = [{case}, {both.replace(one, worse)}]", r"rule.cases\[1\].all\[0\].expect must be 'better' or "),
        (f"rule.cases = [{case}, 3]", r"rule.cases\[1\] must be a table, got 3"),
        ("rule = {}", "rule.metric is missing"),
    ]:
        path.write_text(text.replace(rule, bad), encoding="utf-8")
        assert_broken(r"claims/parameters/toy\.toml: claim 'much-helps'", message)
