"""``cnnbook diagnose``: runs that were made to fail in each way, in both kinds of log, and logs that are none."""

import json
import math
import shutil
from pathlib import Path

import pytest
from effort import thorough
from pytorch_lightning.loggers import CSVLogger, TensorBoardLogger
from typer.testing import CliRunner

from cnnbook.cli import app, diagnose
from cnnbook.cli.errors import LogError
from cnnbook.cli.logs import curves, read_log
from cnnbook.cli.logs.columns import ranked
from cnnbook.cli.plot import HEIGHT, WIDTH, plot
from cnnbook.data.module import SeededData
from cnnbook.parameters.recipe import Branch
from cnnbook.training.config import Optimizer
from cnnbook.training.modules import Classifier
from cnnbook.training.trainers import quiet, trainer

SEEDS = thorough((0, 1, 2), (0,))
WAYS = {  # branch → what is changed in the module, in the data, and the steps
    Branch.HEALTHY: ({}, {}, 150),
    Branch.DIVERGED: ({"optimizer": Optimizer(lr=3.0)}, {}, 60),
    Branch.PLATEAU: ({"optimizer": Optimizer(lr=1e-6)}, {}, 60),
    Branch.UNDERFIT: ({"network": "cnnbook.experiments.parameters.recipe:brightness"}, {}, 150),
    Branch.OVERFIT: ({}, {"n_train": 50}, 150),
    Branch.DATA: ({}, {"n_train": 100, "label_noise": 0.9}, 150),
    Branch.CANNOT_TELL: ({}, {"n_val": 0}, 60),
}
CUT = "step,train_loss,val_loss\n0,2.3,2.3\n1,1.0,1.1\n2,0.5,0.6\n3,0.25,0.5\n"


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """One run a way and a seed, each logged in both manners at once."""
    made = {}
    for branch, (module, data, steps) in WAYS.items():
        for seed in SEEDS:
            folder = tmp_path_factory.mktemp(branch.name.lower())
            logs = CSVLogger(folder, "csv"), TensorBoardLogger(folder, "events")
            many = {"n_train": 640, "n_val": 300, **data}
            with quiet():
                run = trainer(
                    accelerator="cpu", max_steps=steps, logger=list(logs), log_every_n_steps=2, num_sanity_val_steps=0
                )
                run.fit(Classifier(**{"seed": seed, **module}), SeededData(seed=seed, **many))
            made[branch, seed] = folder
    return made


def call(*arguments):
    done = CliRunner().invoke(app, ["diagnose", *map(str, arguments)], env={"COLUMNS": "200", "NO_COLOR": "1"})
    return done


def refused(*arguments):
    done = call(*arguments)
    (line,) = done.stderr.strip().splitlines()
    assert done.exit_code == 2 and done.stdout == "" and line.startswith("cnnbook: "), done.output
    return line.removeprefix("cnnbook: ")


@pytest.mark.parametrize("kind", ["csv", "events"])
@pytest.mark.parametrize("classes", [[], ["--classes", "10"]], ids=["", "classes"])
@pytest.mark.parametrize("branch", WAYS)
def test_every_run_that_was_made_to_fail_is_in_its_branch(runs, branch, kind, classes):
    for seed in SEEDS:
        done = call(runs[branch, seed] / kind, "--json", *classes)
        assert done.exit_code == 0, done.output
        found = json.loads(done.stdout)
        assert found["branch"] == branch.value, found
        assert found["columns"]["train_loss"] == "train_loss"
        assert found["columns"].get("val_loss") == (None if branch is Branch.CANNOT_TELL else "val_nll")


def test_both_kinds_of_log_hold_the_same_curves(runs):
    for branch in (Branch.OVERFIT, Branch.DIVERGED):
        kinds = [curves(read_log(runs[branch, 0] / kind), None, None, None).curves for kind in ("csv", "events")]
        for name in ("train_loss", "val_loss", "val_accuracy"):
            one, other = (getattr(kind, name) for kind in kinds)
            assert [step for step, _ in one] == [step for step, _ in other]
            assert [value for _, value in one] == pytest.approx([value for _, value in other], rel=1e-5, nan_ok=True)


def test_the_reader_sees_the_curves_why_what_first_and_where(runs):
    done = call(runs[Branch.OVERFIT, 0], "--classes", "10")
    lines = done.stdout.splitlines()
    assert lines[0].endswith("metrics.csv (the newest of 2 runs)") or "(the newest of 2 runs)" in lines[0]
    assert lines[1] == ". train_loss  o val_nll"
    drawing = lines[2 : 2 + HEIGHT + 2]
    assert all(any(mark in row for row in drawing) for mark in ".o")
    said = done.stdout.split("\n\n")[1].splitlines()
    assert said[0] == "overfit" and said[1].startswith("  because the validation loss rose from ")
    assert any(line.startswith("try first more data") for line in said)
    assert said[-1] == "the book  parameters/recipe#overfit"
    assert len(lines) <= 60 and max(map(len, lines[1:])) <= 80


def test_every_branch_has_its_heading_in_the_book():
    root = Path(__file__).parents[2]
    for lang in ("zh", "en"):
        text = (root / f"docs/{lang}/{diagnose.PAGE}.md").read_text("utf-8")
        for branch in Branch:
            assert f"{{ #{diagnose.PLACES[branch]} }}" in text, (lang, branch)


def test_the_newest_run_is_taken_and_said(tmp_path):
    import os

    for number in range(3):
        folder = tmp_path / f"version_{number}"
        folder.mkdir()
        (folder / "metrics.csv").write_text(CUT)
        os.utime(folder / "metrics.csv", ns=(0, (5 - abs(number - 1)) * 10**9))
    log = read_log(tmp_path)
    assert (log.path, log.others) == (tmp_path / "version_1" / "metrics.csv", 2)
    assert "version_1/metrics.csv (the newest of 3 runs)" in call(tmp_path).stdout
    assert read_log(tmp_path / "version_0").others == 0


def test_a_log_cut_off_anywhere_is_refused_or_says_what_the_whole_lines_say(tmp_path):
    path = tmp_path / "metrics.csv"
    for end in range(len(CUT)):
        path.write_text(CUT[:end])
        rows = CUT[:end].split("\n")
        if len(rows) > 4 and CUT[:end].endswith("\n"):
            assert call(path).exit_code == 0
        elif len(rows) >= 4 and rows[-1].count(",") == 2:  # perhaps a whole row
            said = " ".join(call(path).stdout.split())
            assert "the last line does not end: its last value may be cut off" in said, end
        else:
            assert refused(path).startswith(str(path)), end


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty: nothing was logged, or not yet"),
        ("\n \n", "is empty: nothing was logged, or not yet"),
        (
            "step,train_loss\n",
            "has no training loss that goes by a usual name; name it with --train: none with a value",
        ),
        ("step,train_loss\n0,2.3\n", "train_loss must have at least 3 points, got 1"),
        (
            "step,lr,momentum\n0,1,2\n1,1,2\n",
            "has no training loss that goes by a usual name; name it with --train: lr, m",
        ),
        ("step,train_loss\n0,2.3\n1,high\n2,1\n", "line 3: train_loss must be a number, got 'high'"),
        ("step,train_loss\n0,2.3\n1,2,3\n2,1\n", "line 3: a row must have 2 fields as the header, got 3"),
        ("step,train_loss\n0,2.3\n1,1.0\n2", "is cut off in line 4: take that line away, or wait till it is written"),
        ("step,train_loss\n0,0\n1,1\n2,1\n", "the first training loss must be above 0 to measure the others by, got 0"),
    ],
)
def test_what_is_no_log_is_one_clear_line(tmp_path, text, message):
    path = tmp_path / "metrics.csv"
    path.write_text(text)
    said = refused(tmp_path)
    assert said.startswith(str(path)) and message in said


def test_a_place_without_a_log_is_one_clear_line(tmp_path):
    assert refused(tmp_path / "gone") == f"the log must be there, got {tmp_path / 'gone'}, which is not"
    assert "must hold a log (metrics.csv, trainer_state.json, events.out.tfevents.…), and has none" in refused(tmp_path)
    (tmp_path / "metrics.csv").write_bytes(b"\xff\xfe\x00\x01\x00")
    assert refused(tmp_path).endswith("must be text, and is none: it begins as utf-16 and does not go on so")
    (tmp_path / "metrics.csv").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    assert refused(tmp_path).endswith("must be text, and is none: it holds the byte 0x00")
    (tmp_path / "metrics.csv").write_text(CUT)
    assert "--train must name a column of" in refused(tmp_path, "--train", "loos")
    assert "--val must name a column of" in refused(tmp_path, "--val", "loos")
    assert refused(tmp_path, "--classes", "1").endswith("classes must be at least 2, got classes=1")


def test_an_event_file_that_is_cut_off_is_one_clear_line(runs, tmp_path):
    (events,) = (runs[Branch.OVERFIT, 0] / "events").rglob("*tfevents*")
    whole = events.read_bytes()
    for end in (len(whole) - 1, len(whole) // 2 + 1, 5):
        (tmp_path / events.name).write_bytes(whole[:end])
        assert "is cut off in the middle of a record" in refused(tmp_path)
    (tmp_path / events.name).write_bytes(b"")
    assert "has no training loss" in refused(tmp_path)


def test_columns_are_named_where_they_go_by_no_usual_name(tmp_path):
    (tmp_path / "metrics.csv").write_text(CUT.replace("train_loss", "a").replace("val_loss", "b"))
    assert "name it with --train: a, b" in refused(tmp_path)
    assert json.loads(call(tmp_path, "--train", "a", "--json").stdout)["branch"] == "cannot tell"
    assert json.loads(call(tmp_path, "--train", "a", "--val", "b", "--json").stdout)["branch"] == "healthy"


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("train_loss_epoch train_loss_step val_loss val_acc", "train_loss_step val_loss val_acc"),
        ("train/loss val/loss val/accuracy", "train/loss val/loss val/accuracy"),
        ("Loss/train Loss/validation Accuracy/validation", "Loss/train Loss/validation Accuracy/validation"),
        ("loss val_loss accuracy val_accuracy", "loss val_loss val_accuracy"),
        ("train_cross_entropy val_cross_entropy", "train_cross_entropy val_cross_entropy"),
        ("train_loss val_nll val_ece val_accuracy", "train_loss val_nll val_accuracy"),
        ("train_loss val_loss/dataloader_idx_1 val_loss/dataloader_idx_0", "train_loss val_loss/dataloader_idx_0"),
        ("train_loss test_loss val_total_loss", "train_loss val_total_loss"),
        ("train_loss test_loss", "train_loss test_loss"),
    ],
)
def test_usual_names_are_found(tmp_path, names, expected):
    names = names.split()
    rows = [",".join([str(step)] + ["0.5"] * len(names)) for step in range(4)]
    (tmp_path / "metrics.csv").write_text("\n".join([",".join(["step", *names]), *rows, ""]))
    assert list(curves(read_log(tmp_path), None, None, None).columns.values()) == expected.split()


def test_a_file_is_read_alone_and_steps_may_be_epochs_or_rows(tmp_path):
    (tmp_path / "loss.csv").write_text(CUT.replace("step", "epoch"))
    assert call(tmp_path / "loss.csv").exit_code == 0
    (tmp_path / "loss.csv").write_text("train_loss\n3\n2\n1\n")
    found = curves(read_log(tmp_path / "loss.csv"), None, None, None).curves
    assert found.train_loss == ((0, 3), (1, 2), (2, 1))


def test_steps_logged_again_after_a_resume_count_once(tmp_path):
    (tmp_path / "metrics.csv").write_text("step,train_loss\n0,3\n1,2\n2,9\n3,9\n2,1.5\n3,1\n")
    found = curves(read_log(tmp_path), None, None, None).curves
    assert found.train_loss == ((0, 3), (1, 2), (2, 1.5), (3, 1))


def test_a_cell_that_is_not_a_number_but_nan_is_a_value(tmp_path):
    (tmp_path / "metrics.csv").write_text("step,train_loss\n0,3\n1,\n2,2\n3,nan\n4,nan\n")
    done = call(tmp_path)
    assert "diverged" in done.stdout and "not finite at step 3" in done.stdout and "x" in done.stdout


def test_the_plot_puts_every_point_where_it_belongs():
    rows = plot([(".", [(10, 1.0), (20, 3.0)]), ("o", [(15, 2.0)])], width=11, height=5)
    body = [row[10:] for row in rows[:5]]
    assert [(r, c) for r, row in enumerate(body) for c, mark in enumerate(row) if mark != " "] == [
        (0, 10),
        (2, 5),
        (4, 0),
    ]
    assert body[2][5] == "o" and rows[0].split()[0] == "3" and rows[4].split()[0] == "1"
    assert rows[-1].split() == ["10", "20"]


def test_the_plot_is_logarithmic_where_a_loss_was_far_above_the_ends():
    far = plot([(".", [(0, 10000.0), (1, 100.0), (2, 1.0)])], width=3, height=5)
    assert [row[10:].strip() for row in far[:5]] == [".", "", ".", "", "."]
    near = plot([(".", [(0, 3.0), (1, 2.0), (2, 1.0)])], width=3, height=5)
    assert [row[10:].strip() for row in near[:5]] == [".", "", ".", "", "."]
    for high, row in ((29.0, 3), (31.0, 2)):  # thirty times: the geometric mean is low down, or half way up
        body = plot([(".", [(0, high), (1, math.sqrt(high)), (2, 1.0)])], width=3, height=5)
        assert [line[10:].ljust(3)[1] for line in body[:5]].index(".") == row
    learned = plot([(".", [(0, 2.0), (2, 1e-5)]), ("o", [(0, 2.0), (1, 1.0), (2, 2.0)])], width=3, height=5)
    assert [row[10:] for row in learned[:5]] == ["o o", "", " o", "", "  ."]  # its rise is not pressed flat


def test_the_plot_takes_flat_and_broken_curves():
    assert len(plot([(".", [(0, 1.0)] * 3)])) == HEIGHT + 2
    top = plot([(".", [(0, 1.0), (1, math.nan)])])[0]
    assert top.endswith("x") and len(top) == 10 + WIDTH
    assert "".join(plot([(".", [(0, math.nan)] * 3)])).count("x") == 1


def test_a_run_that_was_never_finite_is_refused_by_no_one(tmp_path):
    (tmp_path / "metrics.csv").write_text("step,train_loss\n0,nan\n1,nan\n2,nan\n")
    done = call(tmp_path)
    assert done.exit_code == 0 and "diverged" in done.stdout


def test_a_copy_of_a_run_is_read_from_any_folder(runs, tmp_path):
    (log,) = (runs[Branch.DATA, 0] / "csv").rglob("metrics.csv")
    shutil.copy(log, tmp_path / "metrics.csv")
    assert json.loads(call(tmp_path, "--json").stdout)["branch"] == "wrong data"
    with pytest.raises(LogError):
        read_log(tmp_path / "version_7")


def test_the_name_of_a_column_is_found_by_its_words():
    assert ranked(["trainer_loss"], {"train"}, ("loss",)) == []
    assert ranked(["train_lossy"], {"train"}, ("loss",)) == []
