"""A result file is whole or the old one, and what is broken or foreign says so."""

import errno
import json
import math
import os
import sys

import pytest

import toy_experiments
from cnnbook.evidence.errors import MissingResult, ResultError
from cnnbook.evidence.paths import result_path
from cnnbook.evidence.results import load_result, read_result, write_result
from cnnbook.evidence.runner import run


@pytest.fixture
def written(book):
    experiment = toy_experiments.toy(seeds=3, some={"diverges": [1]})
    path = result_path(experiment.name)
    return run(experiment, out=path), path


def test_a_result_reads_back_as_it_was_with_a_diverged_seed_as_null(written):
    result, path = written
    again = load_result(toy_experiments.NAME)
    assert again.to_json() == result.to_json()
    assert math.isnan(again.figures["some"]["accuracy"][1])
    body = json.loads(path.read_text(encoding="utf-8"))
    assert body["figures"]["some"]["accuracy"][1] is None and body["curves"]["some"]["accuracy"]["20"][1] is None
    assert body["metrics"]["accuracy"] == {"direction": "higher", "unit": "%", "scale": 100.0}
    assert body["axes"] == {"accuracy": {"name": "step", "unit": "steps"}}
    assert again.curves["much"]["accuracy"].keys() == {0, 20}
    assert body["seeds"] == [0, 1, 2] and body["device"].startswith("cpu") and body["seconds"] >= 0
    assert body["versions"]["python"] == ".".join(map(str, sys.version_info[:3])) and "torch" in body["versions"]
    assert body["configuration"]["much"]["gain"] == 3.0 and body["options"]["precision"] == "32-true"


def test_a_missing_result_names_the_command_that_makes_it(book):
    with pytest.raises(MissingResult, match=r"results/parameters/toy\.json is missing\. .*cnnbook run parameters/toy"):
        load_result(toy_experiments.NAME)


def edit(body, **changes):
    return json.dumps(body | changes)


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (lambda body: "{", "not a JSON file"),
        (lambda body: "", "not a JSON file"),
        (lambda body: edit(body).replace("null", "NaN"), "NaN is no JSON number"),
        (lambda body: "[1]", "format must be 'cnnbook-result-2', got 'list'; this is no result"),
        (lambda body: edit(body, format="other"), "format must be 'cnnbook-result-2', got 'other'; this is no result"),
        (
            lambda body: edit(body, format="cnnbook-result-1"),
            "got 'cnnbook-result-1'; an older cnnbook wrote it. Make it again with: cnnbook run parameters/toy",
        ),
        (lambda body: edit(body, seeds=[0]), r"seeds must be a list of length >= 2, got \[0\]\. Make"),
        (lambda body: edit(body, seeds=[0, 1, 1]), r"seeds must be there once each, got \[0, 1, 1\]"),
        (lambda body: edit(body, seeds=[0, 1, 2, 3]), "one number for each of 4 seeds, got 3"),
        (lambda body: edit(body, verdict="holds"), "verdict is an unknown key, got 'holds'"),
        (lambda body: edit(body, seconds="long"), "seconds must be a number, got 'long'"),
        (lambda body: edit(body, seconds=-1), "seconds must be a number >= 0.0, got -1"),
        (lambda body: edit(body, baseline="nobody"), r"baseline must be one of the arms .* got 'nobody'"),
        (lambda body: edit(body, experiment="parameters/other"), "experiment must be 'parameters/toy', got 'p.*other'"),
        (lambda body: edit(body, configuration={"none": {}}), r"configuration must have the arms .* got \['none'\]"),
        (lambda body: json.dumps({key: value for key, value in body.items() if key != "code"}), "code is missing"),
        (lambda body: json.dumps({key: value for key, value in body.items() if key != "checksum"}), "checksum is miss"),
        (
            lambda body: edit(body, metrics=body["metrics"] | {"nll": {"direction": "up", "unit": "", "scale": 1}}),
            "metrics.nll.direction must be 'higher' or 'lower', got 'up'",
        ),
        (
            lambda body: edit(body, figures=body["figures"] | {"much": {"accuracy": [1, 2, 3], "nll": [1, "2", 3]}}),
            r"figures\.much\.nll\[1\] must be a number, got '2'",
        ),
        (
            lambda body: edit(body, metrics=body["metrics"] | {"f1": body["metrics"]["nll"]}),
            r"metrics must be those of figures and curves \['accuracy', 'nll'\], got .*'f1'",
        ),
        (lambda body: edit(body, axes={}), r"axes must be those of the curves \['accuracy'\], got \[\]"),
        (lambda body: edit(body, curves={"none": body["curves"]["none"]}), r"curves must have the arms .* got \['none"),
        (
            lambda body: edit(body, curves=body["curves"] | {"much": {"accuracy": {"0": [1, 2, 3], "21": [1, 2, 3]}}}),
            r"curves\.much\.accuracy must have the points of 'none', got \[0.0, 21.0\]",
        ),
        (
            lambda body: edit(body, curves=body["curves"] | {"much": {"accuracy": {"0": [1, 2, 3], "20": [1, 2]}}}),
            r"curves\.much\.accuracy\.20 must have one number for each of 3 seeds, got 2",
        ),
        (
            lambda body: edit(body, curves=body["curves"] | {"much": {"accuracy": {"0": [1, 2, 3], "x": [1, 2, 3]}}}),
            r"curves\.much\.accuracy: keys must be a number, got \['0', 'x'\]",
        ),
        (lambda body: "[" * 100_000, "is not a JSON file"),
        (lambda body: edit(body, probe="@").replace('"@"', '{"a":' * 900 + "1" + "}" * 900), "Make it again with"),
        (
            lambda body: edit(body, figures=body["figures"] | {"a\nb": {"nll": ["2"]}}),
            r"^[^\n]*figures\.'a\\nb'\.nll\[0\] must be a number, got '2'[^\n]*$",
        ),
        (
            lambda body: edit(body, figures=body["figures"] | {"": {"nll": ["2"]}}),
            r"figures\.''\.nll\[0\] must be a number, got '2'",
        ),
        (lambda body: edit(body, figures=body["figures"] | {"much": {}}), r"figures\.much must have the m.* got \[\]"),
        (lambda body: edit(body, figures=body["figures"] | {"much": {"nll": [1]}}), r"figures\.much must have the me"),
        (lambda body: edit(body).replace("[7", "[8", 1), "checksum must be that of figures, curves and probe"),
    ],
)  # fmt: skip
def test_broken_and_foreign_files_name_file_rule_and_value(written, broken, message):
    _, path = written
    path.write_text(broken(json.loads(path.read_text(encoding="utf-8"))), encoding="utf-8")
    with pytest.raises(ResultError, match=message) as caught:
        load_result(toy_experiments.NAME)
    assert "results/parameters/toy.json" in str(caught.value)


def test_a_binary_file_is_no_result(tmp_path):
    (tmp_path / "x.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ResultError, match=r"x\.json is not a JSON file"):
        read_result(tmp_path / "x.json")


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_result_whole(written, monkeypatch, step):
    result, path = written
    before = path.read_bytes()

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, step, full)
    with pytest.raises(
        ResultError, match=r"toy\.json could not be written: No space left .* file that was there is whole"
    ):
        write_result(result, path)
    assert path.read_bytes() == before
    assert os.listdir(path.parent) == [path.name], "no half-written file is left beside it"


def test_a_folder_that_cannot_be_made_is_said(written, tmp_path):
    result, _ = written
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(ResultError, match=r"could not be written: .*; nothing was written"):
        write_result(result, tmp_path / "file" / "toy.json")
