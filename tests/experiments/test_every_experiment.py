"""What holds of every experiment of the book: its arms have names to be shown, its claims fresh evidence."""

import re
import sys
import threading
from pathlib import Path

import pytest

import cnnbook
from cnnbook.evidence import registry
from cnnbook.evidence.armcode import experiment_definitions
from cnnbook.evidence.claims import read_claims
from cnnbook.evidence.codehash import LEFT_OUT
from cnnbook.evidence.experiment import RunOptions
from cnnbook.evidence.lookup import check_rule
from looked import fresh

CLAIMS = [claim for claim in read_claims().values() if claim.experiment]


@pytest.mark.parametrize("name", registry.names())
def test_every_arm_has_a_label(name):
    experiment = registry.load(name)
    assert set(experiment.labels) == set(experiment.arms)


PROPER = {"PSNR", "SSIM"}  # names that are the same in Chinese


@pytest.mark.parametrize("name", registry.names())
def test_every_metric_and_every_point_of_a_curve_has_a_name_for_readers(name):
    experiment = registry.load(name)
    for metric in experiment.measured.values():
        texts = [metric.label, *([metric.short] if metric.short else [])]
        texts += [curve.axis.called(metric.label, at) for curve in experiment.curves if curve.metric == metric
                  for at in curve.points]  # fmt: skip
        for text in texts:
            assert re.search("[\u4e00-\u9fff]", text.zh) or text.zh in PROPER, f"{metric.name}: {text.zh}"
            for words in (text.zh, text.en):
                assert "_" not in words and words != metric.name, f"{metric.name}: {words}"
        assert texts[0].en.lower() not in (metric.name, metric.name.replace("_", " ")) or " " in texts[0].en


def functions_called(measure, *arguments):
    """The functions of the package that run: ``module:name`` of what stands at the top of a module."""
    base, codes = Path(cnnbook.__path__[0]), set()

    def note(frame, event, _):
        """Of a call; as nothing is returned, not of the lines within. (A profiler is told of C's calls as well.)"""
        codes.add(frame.f_code)

    before = sys.gettrace()
    sys.settrace(note)
    threading.settrace(note)
    try:
        measure(*arguments)
    finally:
        sys.settrace(before)
        threading.settrace(before)
    for code in codes:
        path = Path(code.co_filename)
        if path.is_relative_to(base) and not code.co_qualname.startswith(
            "<"
        ):  # a module's own lines, a constant's lambda
            parts = path.relative_to(base.parent).with_suffix("").parts
            module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            yield f"{module}:{code.co_qualname.partition('.')[0]}"


@pytest.mark.parametrize("name", registry.names())
def test_whatever_runs_when_an_arm_is_measured_is_part_of_its_hash(name):
    """Else changed code would leave a result that it no longer gives."""
    experiment, seen = registry.load(name), []
    if experiment.lacks():
        pytest.skip(experiment.lacks())
    for arm, found in experiment_definitions(experiment).items():
        if found in seen:  # the same code with other numbers
            continue
        seen.append(found)
        options = RunOptions(accelerator="cpu", quick=True)
        called = functions_called(experiment.measure, experiment.arms[arm], [0], options, None)
        counted = {one for one in called if not one.startswith(LEFT_OUT)}
        assert counted and counted <= set(found), f"{arm} runs {sorted(counted - set(found))}"


@pytest.mark.parametrize("claim", CLAIMS, ids=[claim.id for claim in CLAIMS])
def test_every_claim_has_a_verdict_from_a_fresh_result(claim):
    check_rule(claim, registry.load(claim.experiment))
    evidence = fresh(claim.id)
    # ten where they are cheap; of five, Student's t covers what it says as well (benchmarks/coverage.json)
    assert all(effect.seeds >= 5 for effect in evidence.effects)
