"""What pages say of the evidence is what the evidence says.

In a book of its own, a wrong verdict in prose and a missing or stale result stop the build. In the site as built, both
languages show the same claims, and the numbers are those of the result files.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest

import toy_experiments
from cnnbook.evidence.claims import read_claims
from cnnbook.evidence.lookup import evidence_of
from manuscript import LANGUAGES, ROOT, pages

PAGE = "---\ndescription: d\n---\n\n# 5.15.1 T { #t }\n\n"
TOY = """
from cnnbook.evidence.text import Text
from toy_experiments import toy

EXPERIMENT = toy(labels={"much": Text("多", "a lot")}, module=__name__)
"""
RUN = """
from cnnbook.evidence import registry
from cnnbook.evidence.paths import result_path
from cnnbook.evidence.runner import run
experiment = registry.load("parameters/toy")
run(experiment, out=result_path(experiment.name))
"""
EVERYTHING = """
[= claim("much-helps") =]

one [= effect("much-helps") =], two [= mean("parameters/toy", "none", "accuracy") =]

it [= verdict("much-helps", "holds") =]

[= chart("parameters/toy", metric="accuracy") =]

[= chart("parameters/toy", metric="nll", kind="means", caption="The loss. ") =] [= fig("toy-nll-means") =]

[= claims("parameters/toy") =]
"""


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    path = os.pathsep.join([str(folder / "src"), str(folder / "tests/support")])
    environment = {**os.environ, "PYTHONPATH": path, "NO_MKDOCS_2_WARNING": "1", "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8"
    )


@pytest.fixture(scope="module")
def toybook(tmp_path_factory) -> Path:
    """A book in a folder: the package, the hooks, one experiment with its result, two claims."""
    folder = tmp_path_factory.mktemp("book")
    for name in ("hooks", "theme", "src/cnnbook"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.npz"))
    shutil.rmtree(folder / "src/cnnbook/experiments")
    texts = {
        "pyproject.toml": "",
        "small.yml": "INHERIT: mkdocs.en.yml\nnav: [{T: index.md}]\n",
        "src/cnnbook/experiments/__init__.py": "",
        "src/cnnbook/experiments/parameters/__init__.py": "",
        "src/cnnbook/experiments/parameters/toy.py": TOY,
        "src/cnnbook/evidence/claims.toml": toy_experiments.TOY_CLAIMS,
        "tests/support/toy_experiments.py": Path(toy_experiments.__file__).read_text("utf-8"),
        "tests/parameters/test_toy.py": "def test_proof():\n    pass\n",
    }
    for name in ("mkdocs.yml", "mkdocs.en.yml", "docs/glossary.toml", "docs/figures/draw.py"):
        texts[name] = (ROOT / name).read_text("utf-8")
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    done = python(folder, "-c", RUN)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def build(toybook):
    """Build the toy book's one page; what a test changes in the book is put back."""
    kept = {
        path: path.read_bytes()
        for part in ("src", "results")
        for path in (toybook / part).rglob("*.*")
        if path.is_file()
    }

    def build(body: str) -> subprocess.CompletedProcess:
        for lang in LANGUAGES:
            page = toybook / f"docs/{lang}/index.md"
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(PAGE + body, "utf-8")
        return python(toybook, "-m", "mkdocs", "build", "--strict", "-f", "small.yml")

    yield build
    for path, data in kept.items():
        if not path.exists() or path.read_bytes() != data:
            path.write_bytes(data)


RESULT = "results/parameters/toy.json"


def test_a_page_prints_the_numbers_of_the_result_file(toybook, build):
    done = build(EVERYTHING)
    assert done.returncode == 0, done.stderr
    page = unescape((toybook / "site/en/index.html").read_text("utf-8"))
    figures = json.loads((toybook / RESULT).read_text("utf-8"))["figures"]
    pairs = zip(figures["much"]["accuracy"], figures["none"]["accuracy"], strict=True)
    difference = sum(a - b for a, b in pairs) / 10
    mean = sum(figures["none"]["accuracy"]) / 10
    assert re.search(rf'<span class="book-number">\+{difference:.1f} \[\d\.\d, \d\.\d\]\xa0points</span>', page)
    assert f'<span class="book-number">{mean:.1f}%</span>' in page and "<p>it holds</p>" in page
    assert page.count('class="book-figure"') == 2 and "toy-nll-means" in page
    assert "<b>Figure 5.15.1-2</b>.  The loss. " in page and "a lot" in page
    assert page.count('data-verdict="holds"') == 2 and page.count('data-verdict="refuted"') == 1


def test_a_verdict_that_is_planted_in_prose_stops_the_build(build):
    done = build('words\n\nIt [= verdict("much-helps", "refuted") =].\n')
    assert done.returncode
    said = "docs/en/index.md:9: claim 'much-helps': the text says 'refuted', the evidence says 'holds'"
    assert said in done.stderr


MACROS = ['claims("parameters/toy")', 'chart("parameters/toy", "accuracy")']


@pytest.mark.parametrize("macro", MACROS)
def test_a_deleted_result_stops_the_build_and_names_the_command(toybook, build, macro):
    (toybook / RESULT).unlink()
    done = build(f"[= {macro} =]\n")
    assert done.returncode
    said = f"docs/en/index.md:7: {RESULT} is missing. Make it with: cnnbook run parameters/toy"
    assert said in done.stderr


def test_a_stale_result_stops_the_build_and_names_the_command(toybook, build):
    code = toybook / "src/cnnbook/experiments/parameters/toy.py"
    code.write_text(code.read_text("utf-8") + "\nMORE = 1\n", "utf-8")
    done = build('[= verdict("much-helps", "holds") =]\n')
    assert done.returncode
    assert f"docs/en/index.md:7: {RESULT} is stale: it was made by other code" in done.stderr
    assert "cnnbook.experiments.parameters.toy" in done.stderr
    assert "Refresh it with: cnnbook run parameters/toy" in done.stderr


def test_a_number_that_was_edited_by_hand_stops_the_build(toybook, build):
    result = json.loads((toybook / RESULT).read_text("utf-8"))
    result["figures"]["much"]["accuracy"][0] += 1
    (toybook / RESULT).write_text(json.dumps(result), "utf-8")
    done = build('[= effect("much-helps") =]\n')
    assert done.returncode and "docs/en/index.md:7: " in done.stderr and "edited by hand" in done.stderr


def test_names_that_are_not_there_stop_the_build(build):
    for macro, said in {
        'claim("much")': "there is no claim 'much'; there are much-helps, proved",
        'mean("parameters/toy", "lots", "nll")': "parameters/toy has none, some, much, got 'lots'",
        'chart("parameters/toy", "f1")': "kind must be effects or means or curve or panels or pairs and "
        "metric one of accuracy, nll, got",
    }.items():
        done = build(f"[= {macro} =]\n")
        assert done.returncode and f"docs/en/index.md:7: {said}" in done.stderr, macro


# The site as built.

CARD = re.compile(r'<article class="book-claim .*?</article>', re.S)


def built(site, lang: str, name: str) -> str:
    return (site.folder / lang / name / "index.html").read_text("utf-8")


def cards(html: str) -> list[tuple[str, str]]:
    """The claims of a page and their verdicts, in order."""
    return [
        (re.search(r'id="claim-([\w-]+)"', card)[1], re.search(r'data-verdict="(\w+)"', card)[1])
        for card in CARD.findall(html)
    ]


def expected() -> dict:
    """The evidence of all claims whose topic has a page, in the order of the registry."""
    topics = set(pages("zh"))
    return {claim.id: evidence_of(claim) for claim in read_claims().values() if claim.topic in topics}


def test_the_claims_page_shows_the_registry_in_both_languages(site):
    wanted = [(name, str(one.verdict)) for name, one in expected().items()]
    assert len(wanted) >= 11
    for lang in LANGUAGES:
        assert sorted(cards(built(site, lang, "claims"))) == sorted(wanted)
    assert cards(built(site, "zh", "claims")) == cards(built(site, "en", "claims"))


def test_the_summary_counts_what_the_page_shows(site):
    for lang in LANGUAGES:
        html = built(site, lang, "claims")
        verdicts = [verdict for _, verdict in cards(html)]
        counts = dict(re.findall(r'name="verdict" value="(\w*)".*?<b>(\d+)</b>', html))
        assert counts.pop("") == str(len(verdicts))
        assert counts == {name: str(verdicts.count(name)) for name in counts} and len(counts) == 4


def test_a_topics_page_shows_the_topics_claims(site):
    evidence = expected()
    for topic in {one.claim.topic for one in evidence.values()}:
        wanted = [(name, str(one.verdict)) for name, one in evidence.items() if one.claim.topic == topic]
        for lang in LANGUAGES:
            assert cards(built(site, lang, topic)) == wanted, topic


def test_cards_print_the_numbers_of_their_results(site):
    sys.path.insert(0, str(ROOT / "hooks"))
    from wording import effect_text

    for lang in LANGUAGES:
        found = {re.search(r'id="claim-([\w-]+)"', card)[1]: card for card in CARD.findall(built(site, lang, "claims"))}
        for name, one in expected().items():
            printed = re.findall(r'<p class="book-claim__effect">.*?<b>(.*?)</b>', found[name])
            assert [unescape(text) for text in printed] == [
                effect_text(effect, lang) for effect in one.to_json()["effects"]
            ]
            assert all(f"<code>{test.split('::')[-1]}</code>" in found[name] for test in one.claim.tests)


def test_the_file_beside_the_page_holds_the_evidence(site):
    wanted = [one.to_json() for one in expected().values()]
    for lang in LANGUAGES:
        file = json.loads((site.folder / lang / "claims.json").read_text("utf-8"))
        assert sorted(file, key=lambda one: one["id"]) == sorted(wanted, key=lambda one: one["id"])
        assert 'href="../claims.json" download' in built(site, lang, "claims")


def test_the_errata_are_what_the_source_says_and_the_evidence_does_not_bear_out(site):
    """All refuted and conditional claims of which the source says something; nothing that holds or is open."""
    wrong = {
        name
        for name, one in expected().items()
        if str(one.verdict) in ("refuted", "conditional") and not one.claim.source.zh.startswith(("没有", "原文没有"))
    }
    for lang in LANGUAGES:
        listed = re.findall(r'href="[^"]*#claim-([\w-]+)"', built(site, lang, "errata"))
        assert len(listed) == len(wrong) >= 7 and set(listed) == wrong
