"""What was run for a claim stands on its card, and its numbers are those of the configurations."""

import re
from dataclasses import replace

import pytest

from cnnbook.evidence import registry
from cnnbook.evidence.claims import read_claims
from cnnbook.evidence.errors import ClaimError
from cnnbook.evidence.rules import comparisons
from cnnbook.evidence.scope import SEVERAL, scope
from cnnbook.evidence.scope_names import DATA, NETWORKS
from cnnbook.evidence.sums import terms
from cnnbook.names import resolve
from cnnbook.training.config import TrainConfig

CLAIMS = {claim.id: claim for claim in read_claims().values() if claim.experiment}


def numbers(text):
    return {float(one.replace(",", "")) for one in re.findall(r"\d[\d,]*(?:\.\d+)?", text)}


@pytest.mark.parametrize("name", CLAIMS)
def test_every_experiment_claim_has_its_scope_and_no_number_of_another_run(name):
    claim, experiment = CLAIMS[name], registry.load(CLAIMS[name].experiment)
    found = scope(claim, experiment)
    looks = [side for look in comparisons(claim.rule) for side in (look.treatment, look.baseline)]
    arms = [experiment.arms[arm] for side in looks for _, arm in terms(side)]
    runs = [arm for arm in arms if isinstance(arm, TrainConfig)]
    if not runs or len({run.data for run in runs}) > SEVERAL:
        assert found == experiment.budget
        return
    known = {run.examples for run in runs} | {run.total_steps for run in runs} | {run.batch_size for run in runs}
    known |= {getattr(run, "at", None) for run in runs} | {round(100 * run.label_noise, 6) for run in runs}
    known |= {count for run in runs for count in run.class_counts or ()}
    for lang in ("zh", "en"):
        text = found[lang].replace("28×28", "").replace("14×14", "").replace("32×32", "")
        assert numbers(text) <= known, text
        assert numbers(text) >= {max(run.examples for run in runs)}, text
    assert numbers(found.zh) == numbers(found.en)
    assert re.search("[\u4e00-\u9fff]", found.zh) and not re.search("[\u4e00-\u9fff]", found.en)


def test_a_run_that_is_read_before_its_end_says_where():
    claim = CLAIMS["small-data-epochs"]
    assert "32 or 1,024 steps" in scope(claim, registry.load(claim.experiment)).en


@pytest.mark.parametrize("kind", ["data", "network"])
def test_what_has_no_name_is_named_with_the_claim_and_the_experiment(kind):
    claim = CLAIMS["flip-accuracy"]
    experiment = registry.load(claim.experiment)
    arms = {arm: replace(config, **{kind: "my.own:thing"}) for arm, config in experiment.arms.items()}
    with pytest.raises(ClaimError, match=rf"'flip-accuracy'.*{kind} of generalisation/augmentation.*'my.own:thing'"):
        scope(claim, replace(experiment, arms=arms))


def test_every_name_is_of_something_that_is_there_and_is_used():
    trained = [
        [arm for arm in one.arms.values() if isinstance(arm, TrainConfig)] for one in registry.everything().values()
    ]
    named = [arms for arms in trained if len({arm.data for arm in arms}) <= SEVERAL]  # of a map the budget tells
    used = {(kind, getattr(arm, kind)) for arms in named for arm in arms for kind in ("data", "network")}
    assert {("data", name) for name in DATA} | {("network", name) for name in NETWORKS} == used
    for name in (*DATA, *NETWORKS):
        assert ":" not in name or callable(resolve(name, {}, "name"))
