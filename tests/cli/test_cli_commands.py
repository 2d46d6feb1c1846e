"""What the commands print, write and refuse, on a toy book."""

import importlib.util
import io
import json
import re
import shutil
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

import toy_experiments
from cnnbook.cli import app, running
from cnnbook.data import card
from cnnbook.devices import STARTED
from cnnbook.evidence import registry, runner
from cnnbook.evidence.experiment import RunOptions
from cnnbook.evidence.paths import result_path
from cnnbook.evidence.results import load_result, write_result

NAME = toy_experiments.NAME
ROOT = Path(__file__).parents[2]


def call(*arguments):
    """One command, in this process: others take longer to start than a toy to be measured."""
    environment = {"COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb", "LOKY_MAX_CPU_COUNT": "1"}
    return CliRunner().invoke(app, list(arguments), env=environment)


def one_line_of(done):
    """The single line on standard error; nothing else may be printed, least of all a traceback."""
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1 and lines[0].startswith("cnnbook: "), done.output
    assert done.stdout == ""
    return lines[0].removeprefix("cnnbook: ")


def test_run_writes_the_result_and_prints_its_table(book):
    done = call("run", NAME)
    assert done.exit_code == 0, done.output
    assert "parameters/toy (10 seeds" in done.stdout
    assert "accuracy ↑ [%]" in done.stdout and "likelihood loss ↓ [nats]" in done.stdout
    assert re.search(r"much .*\+3\.\d \[2\.\d, 3\.\d\]", done.stdout)
    assert "the result: results/parameters/toy.json" in done.stdout
    assert len(load_result(NAME).seeds) == 10


def test_the_last_part_of_a_name_runs_the_experiment_and_writes_to_its_place(book):
    done = call("run", "toy")
    assert done.exit_code == 0, done.output
    assert "the result: results/parameters/toy.json" in done.stdout


def test_progress_shows_the_arm_what_is_done_and_the_time_left(book):
    screen = io.StringIO()
    with running.progress_bars(Console(file=screen, force_terminal=True, width=120)) as bars:
        report = running.reporter(bars, NAME)
        report(0.0, 30, "none")
        report(12.4, 30, "some")
        bars.refresh()
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", screen.getvalue())
    assert re.search(r"parameters/toy some .* 12/30 0:00:\d\d left: ", shown)


def test_run_passes_every_option_on(book, tmp_path, monkeypatch):
    monkeypatch.setenv("NODE_RANK", "0")
    out = tmp_path / "elsewhere"
    arguments = "--seeds 3 --accelerator cpu --devices 2 --num-nodes 2 --strategy ddp --precision bf16-mixed --jobs 1"
    done = call("run", "all", *arguments.split(), "--out", str(out))
    assert done.exit_code == 0, done.output
    assert not result_path(NAME).exists()
    body = json.loads((out / f"{NAME}.json").read_text(encoding="utf-8"))
    assert body["options"] == {
        "accelerator": "cpu", "devices": 2, "num_nodes": 2, "strategy": "ddp", "precision": "bf16-mixed", "quick": False
    }  # fmt: skip
    assert body["seeds"] == [0, 1, 2]


@pytest.mark.parametrize(
    ("jobs", "options", "processes"),
    [
        (None, {}, -1),
        (None, {"devices": 1}, -1),
        (None, {"devices": 2}, 1),
        (None, {"num_nodes": 2}, 1),
        (None, {"devices": 2, "quick": True}, 1),
        (None, {"accelerator": "cuda"}, 1),
        (None, {"accelerator": "cuda", "quick": True}, -1),
        (None, {"accelerator": "auto"}, -1),
        (3, {"accelerator": "cuda"}, 3),
        (1, {}, 1),
    ],
)
def test_by_default_all_cores_take_part_and_a_device_is_not_shared(monkeypatch, jobs, options, processes):
    monkeypatch.setattr(running, "available", lambda: ["cpu"])
    assert running.processes(jobs, RunOptions(**{"accelerator": "cpu"} | options)) == processes


def test_a_quick_run_is_a_try_and_leaves_the_result_alone(book):
    assert re.search(r"[+−]\d+\.\d+ \[[+−]", call("run", NAME).stdout)
    before = result_path(NAME).read_bytes()
    done = call("run", NAME, "--quick")
    assert re.search(r"[+−]\d+\.\d+ +│", done.stdout) and not re.search(r"\[[+−]", done.stdout), "no interval of two"
    assert done.exit_code == 0 and "a quick try, no evidence: .cache/cnnbook/quick/" in done.stdout
    assert "2 seeds" in done.stdout
    assert result_path(NAME).read_bytes() == before


def test_a_further_process_of_one_training_prints_nothing(book, monkeypatch):
    monkeypatch.setenv("LOCAL_RANK", "1")
    done = call("run", NAME)
    assert (done.exit_code, done.output) == (0, "")


def test_list_shows_cost_result_and_staleness(book):
    assert "none: cnnbook run parameters/toy" in call("list").stdout
    call("run", NAME)
    for lang, said, other in (("en", "Does gain help?", "增益有用吗？"), ("zh", "增益有用吗？", "Does gain help?")):
        shown = call("list", "--lang", lang).stdout
        assert said in shown and other not in shown
    assert one_line_of(call("list", "--lang", "fr")) == "lang must be one of zh, en, got 'fr'"
    fresh = call("list").stdout
    assert "fresh" in fresh and "Does gain help?" in fresh and "3 × 10" in fresh and re.search(r"\d+ s on cpu", fresh)
    registry.register(toy_experiments.toy(seeds=12))
    assert "stale: it has 10 seeds where 12 are declared; cnnbook run" in call("list").stdout
    result_path(NAME).write_text("{", encoding="utf-8")
    assert "broken: results/parameters/toy.json is not a JSON file" in call("list").stdout
    registry.unregister(NAME)
    assert "no experiments yet" in call("list").stdout


def test_claims_as_a_table_and_as_json(book):
    missing = call("claims")
    assert missing.exit_code == 0 and re.search(
        r"much-helps .* – .*toy\.json is missing\. Make it with:", missing.stdout
    )
    assert json.loads(call("claims", "--json").stdout)[0]["missing"].endswith("cnnbook run parameters/toy")
    call("run", NAME)
    table = call("claims").stdout
    assert "holds" in table and "much − none, accuracy: +" in table and "refuted" in table and "多则好。" in table
    body = json.loads(call("claims", "--json").stdout)
    assert [(one["id"], one["verdict"]) for one in body] == [("much-helps", "holds"), ("proved", "refuted")]
    assert body[0]["effects"][0]["treatment"] == "much" and body[1]["tests"] == [
        "tests/parameters/test_toy.py::test_proof"
    ]
    registry.register(toy_experiments.toy(seeds=12))
    assert json.loads(call("claims", "--json").stdout)[0]["stale"] == "it has 10 seeds where 12 are declared"


def test_verify_runs_again_and_agrees(book):
    call("run", NAME)
    before = result_path(NAME).read_bytes()
    done = call("verify", NAME)
    assert done.exit_code == 0 and "The committed results stand." in done.stdout
    assert re.search(r"much − none .* agrees", done.stdout)
    assert call("verify", "--fresh").exit_code == 0
    assert result_path(NAME).read_bytes() == before


@pytest.mark.parametrize("options", [[], ["--fresh"]], ids=["same-seeds", "fresh-seeds"])
def test_verify_says_where_a_result_disagrees(book, options):
    registry.register(toy_experiments.toy(much={"gain": -3.0}))
    call("run", NAME)
    registry.register(toy_experiments.toy())
    done = call("verify", *options)
    assert done.exit_code == 1 and "disagree" in done.stdout
    assert len(re.findall(r"much − none .* disagrees", done.stdout)) == 3, (
        "in accuracy, in nll, whose sign is the other, and in accuracy at the end of its curve"
    )
    assert re.search(r"some − none .* agrees", done.stdout)
    _, summed = re.split(r"Some results disagree, in \d+ of \d+ figures:\n", done.stdout)
    assert f"  {NAME}: much − none, accuracy\n" in summed and "some" not in summed
    assert all(line.startswith(f"  {NAME}: much") for line in summed.splitlines())


def test_verify_needs_a_result(book):
    done = call("verify", NAME)
    assert done.exit_code == 2
    assert one_line_of(done) == "results/parameters/toy.json is missing. Make it with: cnnbook run parameters/toy"


def test_diverged_seeds_are_counted_in_the_table(book):
    registry.register(toy_experiments.toy(some={"diverges": [2, 3, 4]}, seeds=6))
    assert re.search(r"some .* 3 *│$", call("run", NAME).stdout, re.MULTILINE)


def test_doctor_shows_versions_device_and_results(book):
    done = call("doctor")
    assert done.exit_code == 0, done.output
    for row in ("python", "torch", "device", "dask", "data", "results"):
        assert re.search(rf"│ {row}", done.stdout)
    assert "0 of 1 in" in done.stdout


def test_doctor_tells_data_that_are_here_from_data_that_are_not(book, monkeypatch, tmp_path):
    monkeypatch.setenv("CNNBOOK_DATA", str(tmp_path))
    said = " ".join(call("doctor").stdout.split())
    assert re.search(r"data: fashion-mnist-mini │ installed, [\d.]+ MiB", said)
    assert re.search(r"data: fsdd │ not here: python -m cnnbook\.data fsdd, [\d.]+ MiB", said)
    (tmp_path / "fsdd").mkdir()
    (tmp_path / "fsdd" / card("fsdd").files[0]["name"]).touch()
    assert re.search(r"data: fsdd │ here, ", " ".join(call("doctor").stdout.split()))


def test_doctor_says_how_to_get_dask_from_an_index_that_has_it(book, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert re.search(r"│ dask .*│ absent: pip install distributed +│", call("doctor").stdout)


def test_nobody_is_told_to_install_the_package_from_an_index():
    told = re.compile(r"pip install\b[^\n`]*[\s'\"]cnnbook\b")
    files = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "src").rglob("*.py")]
    assert not [str(path) for path in files if told.search(path.read_text("utf-8"))]


def test_doctor_speaks_in_every_process_and_says_which_are_silent(book, monkeypatch):
    monkeypatch.setenv("RANK", "1")
    assert re.search(r"│ RANK +│ 1: run and verify measure along here, and print", call("doctor").stdout)
    assert NAME in call("list").stdout and "much-helps" in call("claims").stdout


@pytest.mark.parametrize(
    ("build", "devices", "asked", "said"),
    [
        ("13.0", 0, "-1", "'-1': every GPU is hidden; unset it"),
        ("13.0", 2, "0,3", "'0,3': all GPUs but 2 are hidden; unset it"),
        ("13.0", 0, "", "'': every GPU is hidden; unset it"),
        (None, 0, "-1", "'-1': of no effect, torch .* is built without CUDA"),
        ("13.0", 2, None, ""),
    ],
)
def test_doctor_says_which_gpus_are_hidden(book, monkeypatch, build, devices, asked, said):
    import torch

    monkeypatch.setattr(torch.version, "cuda", build)
    monkeypatch.setattr(torch.version, "hip", None)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: devices)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    if asked is not None:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", asked)
    shown = call("doctor").stdout
    assert re.search(f"CUDA_VISIBLE_DEVICES +│ {said}", shown) if said else "CUDA_VISIBLE_DEVICES" not in shown


@pytest.mark.parametrize(
    ("command", "place"),
    [
        (("run", NAME, "--out"), "taken/parameters/toy.json (taken: Not a directory)"),
        (("run", NAME, "--quick"), ".cache/cnnbook/partial/parameters/toy/arm (.cache: Not a directory)"),
        (("verify", NAME), ".cache/cnnbook/verify/partial/parameters/toy/arm (.cache: Not a directory)"),
    ],
)
def test_what_cannot_be_written_is_refused_before_anything_is_measured(book, monkeypatch, command, place):
    if command[0] == "verify":
        call("run", NAME)
        shutil.rmtree(book / ".cache")
    taken = book / place.partition("/")[0]
    taken.write_text("a file", "utf-8")
    monkeypatch.setattr(runner, "measure_all", lambda *_: pytest.fail("this was measured"))
    done = call(*command, *([str(taken)] if "--out" in command else []))
    assert done.exit_code == 2
    assert one_line_of(done) == f"a result must go to a folder that can be written, got {place}"


def test_a_folder_in_the_place_of_a_result_is_refused_before_anything_is_measured(book, monkeypatch):
    result_path(NAME).mkdir(parents=True)
    monkeypatch.setattr(runner, "measure_all", lambda *_: pytest.fail("this was measured"))
    assert one_line_of(call("run", NAME)) == "a result must be a file, and results/parameters/toy.json is a folder"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "parameters/tuy"], "there is no experiment named 'parameters/tuy'; did you mean parameters/toy?"),
        (["verify", "toyy"], "there is no experiment named 'toyy'; did you mean parameters/toy?"),
        (["run", NAME, "--seeds", "1"], "seeds must be at least 2, got 1: one seed has no interval"),
        (["run", NAME, "--seeds", "3"], f"{NAME}: its result must have the 10 seeds that it declares, got --seeds 3"),
        (["run", NAME, "--num-nodes", "0"], "num-nodes must be at least 1, got 0"),
        (
            ["run", NAME, "--accelerator", "abacus"],
            "accelerator must be one of auto, cpu, cuda, gpu, mps, tpu, got 'abacus'",
        ),
        (["run", NAME, "--accelerator", "cpu", "--precision", "16-mixed"], "half precision needs a GPU"),
        (["verify", NAME, "--accelerator", "cpu", "--precision", "16-mixed"], "half precision needs a GPU"),
        (["run", NAME, "--precision", "nonsense"], "precision must be one of 32-true, 64-true, "),
        (
            ["run", NAME, "--devices", "0"],
            "devices must be auto, a number of at least 1, -1 for all, or which, as 0,2;",
        ),
        (["run", NAME, "--devices", "nonsense"], "devices must be auto, a number of at least 1, -1 for all, or which"),
        (["run", NAME, "--accelerator", "cpu", "--devices", "-1"], "devices of the CPU must be auto or a number of"),
        (["run", NAME, "--strategy", "nonsense"], "strategy must be one of auto, "),
        (["run", NAME, "--accelerator", "cpu", "--strategy", "fsdp"], "The strategy `fsdp` requires a GPU accelerator"),
        (["run", NAME, "--jobs", "0"], "jobs must be at least 1, or -1 for one a core (-2 for one less, …), got 0"),
        (["verify", NAME, "--jobs", "0"], "jobs must be at least 1, or -1 for one a core (-2 for one less, …), got 0"),
        (
            ["run", NAME, "--accelerator", "cpu", "--devices", "2", "--jobs", "2"],
            "jobs must be 1 where several devices train one network, got 2",
        ),
        (["run", NAME, "--strategy", "ddp_spawn"], "strategy must be one whose processes run the same command, as "),
        (["run", NAME, "--strategy", "ddp_fork"], "strategy must be one whose processes run the same command, as "),
        (["verify", NAME, "--strategy", "ddp_notebook"], "strategy must be one whose processes run the same command"),
        (["run", NAME, "--out", ""], "out must name a folder, got ''"),
        (["run", "all", "nope"], "there is no experiment named 'nope'"),
        (["verify", "all", "nope"], "there is no experiment named 'nope'"),
        (["run", NAME, "--seeds", "abc"], "--seeds must be a whole number, got 'abc'"),
        (["run", NAME, "--num-nodes", "two"], "--num-nodes must be a whole number, got 'two'"),
        (["verify", NAME, "--jobs", "1.5"], "--jobs must be a whole number, got '1.5'"),
        (["diagnose", "nowhere", "--classes", "1.5"], "--classes must be a whole number, got '1.5'"),
        (
            ["run", NAME, "--cluster", "tls://127.0.0.1:5"],
            "cluster must be the address of a Dask scheduler, got 'tls://127.0.0.1:5'",
        ),
        (["run", NAME, "--cluster", "nowhere", "--precision", "16-mixed"], "float16 scales the loss of all seeds"),
        (["run", NAME, "--cluster", "nowhere", "--strategy", "nonsense"], "strategy must be one of auto, "),
        (["run", NAME, "--cluster", "nowhere"], "cluster must be the address of a Dask scheduler, got 'nowhere'"),
    ],
)
def test_what_cannot_be_is_one_clear_line_and_exit_code_2(book, arguments, message):
    done = call(*arguments)
    assert done.exit_code == 2
    assert one_line_of(done).startswith(message)
    assert not result_path(NAME).exists()


def test_processes_that_cannot_share_the_batches_are_refused_before_anything_is_measured(book, monkeypatch):
    registry.register(toy_experiments.toy(common={"inner": {"batch_size": 32}}))
    monkeypatch.setattr(runner, "measure_all", lambda *_: pytest.fail("this was measured"))
    done = call("run", NAME, "--accelerator", "cpu", "--devices", "5")
    said = f"{NAME}, arm 'none': batch_size must be a multiple of the 5 processes, got 32"
    assert done.exit_code == 2 and one_line_of(done) == said


def test_several_machines_that_nothing_starts_are_refused(book, monkeypatch):
    for name in STARTED:
        monkeypatch.delenv(name, raising=False)
    done = call("run", NAME, "--num-nodes", "2")
    assert done.exit_code == 2
    assert one_line_of(done).startswith("num_nodes must be 1 where nothing starts the command on the other machines")


def test_an_absent_accelerator_is_refused(book):
    import torch

    absent = "cuda" if not torch.cuda.is_available() else "mps" if not torch.backends.mps.is_available() else "tpu"
    done = call("run", NAME, "--accelerator", absent)
    assert done.exit_code == 2
    assert one_line_of(done).startswith(f"accelerator must be one that this machine has, got {absent!r}")


def test_more_devices_than_there_are_are_refused(book, monkeypatch):
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    done = call("run", NAME, "--accelerator", "gpu", "--devices", "4")
    assert done.exit_code == 2 and one_line_of(done) == "devices must be at most the 1 that this machine has, got 4"


def test_a_full_disk_is_one_clear_line_and_the_old_result_is_whole(book, monkeypatch):
    import errno
    import os

    call("run", NAME)
    before = result_path(NAME).read_bytes()

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    done = call("run", NAME)
    assert done.exit_code == 2 and "No space left on device" in done.stderr and "Traceback" not in done.output
    assert result_path(NAME).read_bytes() == before
    monkeypatch.undo()


def test_a_foreign_result_is_one_clear_line(book):
    path = result_path(NAME)
    path.parent.mkdir(parents=True)
    path.write_text('{"format": "another"}', encoding="utf-8")
    done = call("verify", NAME)
    assert done.exit_code == 2 and "format must be 'cnnbook-result-2', got 'another'" in one_line_of(done)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[claims]", "the file: claims is an unknown key, got {}; did you mean 'claim'?"),
        ("[[claim]]", "claim number 1: "),
        ("a = " + "[" * 100_000, "cannot be read as TOML: "),
        (".".join("a" * 5000) + " = 1", "the file: a is an unknown key, got "),
    ],
)
def test_a_broken_file_of_claims_is_one_clear_line(book, text, message):
    (book / "claims/parameters/toy.toml").write_text(text, encoding="utf-8")
    done = call("claims")
    assert done.exit_code == 2 and one_line_of(done).startswith(f"claims/parameters/toy.toml: {message}")


def test_hidden_files_are_no_claims(book):
    (book / "claims/parameters/.toy.toml").write_text("[", encoding="utf-8")  # as editors leave them beside a file
    assert call("claims").exit_code == 0


def test_write_result_is_what_run_uses(book, tmp_path):
    call("run", NAME)
    copy = write_result(load_result(NAME), tmp_path / "copy.json")
    assert copy.read_bytes() == result_path(NAME).read_bytes()
