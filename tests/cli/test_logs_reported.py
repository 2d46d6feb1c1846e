"""Logs that people brought, each with what is right of it; the small files lie in tests/data/logs/reported."""

import json
import math
import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from logged import BOOKS, BOOKS_ROWS, TRAIN, VAL, answer, call, refused, table, written
from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import masked_crc32c

from cnnbook.cli.logs import curves, read_log

REPORTED = Path(__file__).parents[1] / "data/logs/reported"
RIGHT = {  # file → branch, what the reasons or remarks must say, and what the validation loss was read from
    "amp_inf.csv": ("healthy", "not finite once (step 0), and came back", "val_loss"),
    "bom.csv": ("overfit", BOOKS, "val_nll"),
    "comment.csv": ("overfit", "rose from 1.15 (step 4) to 1.9", "val_loss"),
    "dlidx.csv": ("overfit", BOOKS, "val_loss/dataloader_idx_0"),
    "fastai_history.csv": ("overfit", "rose from 0.98 (step 3) to 1.2", "valid_loss"),
    "late_zero.csv": ("overfit", "rose from 1.15 (step 400) to 1.9", "val_loss"),
    "nonl.csv": ("overfit", BOOKS, "val_nll"),
    "semicolon.csv": ("overfit", BOOKS, "val_nll"),
    "tb_add_hparams": ("overfit", BOOKS, "Loss/val"),
    "tb_add_scalars": ("overfit", BOOKS, "Loss_val/Loss"),
    "tb_download.csv": ("cannot tell", "that of validation is missing", None),
    "tb_newstyle": ("overfit", BOOKS, "Loss/val"),
    "trainer_state.json": ("cannot tell", "there is but 1 point of validation", "eval_loss"),
    "wandb_chart.csv": ("cannot tell", "there is no validation curve", None),
    "wandb_history.csv": ("overfit", BOOKS, "val/loss"),
}


@pytest.mark.parametrize("name", sorted(RIGHT))
def test_each_log_gets_its_right_answer(name):
    branch, said, column = RIGHT[name]
    found = answer(REPORTED / name)
    assert found["branch"] == branch
    assert any(said in line for line in (*found["reasons"], *found["remarks"])), found
    assert found["columns"].get("val_loss") == column
    assert call(REPORTED / name).exit_code == 0


def test_what_a_reader_sees_says_which_column_was_read_as_what_and_which_not():
    said = call(REPORTED / "fastai_history.csv").stdout
    assert "read      train_loss as training loss, valid_loss as validation loss," in said
    assert "accuracy as validation accuracy, epoch as steps\n" in said
    assert "not read  time\n" in said and "how sure  unsure\n" in said


def test_an_infinite_step_and_broken_contents_are_one_line():
    assert refused(REPORTED / "infinite_step.csv").endswith("step must be a step below 1e15, got inf")
    assert refused(REPORTED / "broken.tfevents").endswith(
        "record 1 has the right checksum, and is no event of TensorBoard's"
    )


def test_version_ten_is_newer_than_nine_and_a_run_without_a_training_curve_is_passed_over(tmp_path):
    books = [(0, 2.3, 2.3), (1, 1.0, 1.1), (2, 0.5, 0.6), (3, 0.25, 0.5)]
    for number in (10, 9, 8):
        (tmp_path / f"version_{number}").mkdir()
        path = written(tmp_path / f"version_{number}", table(books))
        os.utime(path, ns=(0, 10**18 + number % 2))
    (tmp_path / "version_11").mkdir()
    later = written(tmp_path / "version_11", "epoch,step,val_loss\n0,0,0.6\n")  # validate, after training
    os.utime(later, ns=(0, 10**18 + 10**11))
    assert answer(tmp_path)["log"].endswith("version_10/metrics.csv")
    assert answer(tmp_path)["older_runs"] == 3


def test_accuracy_in_per_cent_is_taken_as_such(tmp_path):
    rows = [
        (s, t, a) for s, t, a in zip(range(6), (2.3, 1.2, 0.9, 0.7, 0.6, 0.5), (10, 60, 70, 75, 77, 78), strict=True)
    ]
    found = answer(written(tmp_path, table(rows, "epoch,train_loss,val_acc")), "--classes", 10)
    assert found["branch"] == "healthy" and "the accuracy is taken as per cent: it goes beyond 1" in found["remarks"]
    assert "the validation error ends at 0.22, its lowest is 0.22 (step 5)" in found["reasons"]
    rows[-1] = (5, 0.5, 178)
    found = answer(written(tmp_path, table(rows, "epoch,train_loss,val_acc")))
    assert found["branch"] == "cannot tell" and "neither a share nor in per cent" in found["remarks"][0]


def test_a_resumed_log_says_that_its_unit_is_doubtful(tmp_path):
    rows = [(5000 + 50 * k, 0.5 - 0.002 * k, 0.86) for k in range(20)]
    found = answer(written(tmp_path, table(rows)))
    assert (found["branch"], found["sure"]) == ("cannot tell", "unsure")
    assert "the unit is the loss at step 5000, where the log begins: a doubtful one" in found["remarks"]
    assert answer(tmp_path, "--classes", 10)["branch"] == "healthy"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (table([(9, 1.58, 1.74), (19, 0.61, 1.17), (29, 0.27, 1.16), (49, 0.07, 2.18)]), "utf-16"),
        (table([(9, 1.58, 1.74), (19, 0.61, 1.17), (29, 0.27, 1.16), (49, 0.07, 2.18)]), "utf-16-le"),
        (table([(9, 1.58, 1.74, "é"), (19, 0.61, 1.17, "ü"), (29, 0.27, 1.16, ""), (49, 0.07, 2.18, "")],
               "step,train_loss,val_loss,größe"), "latin-1"),
        ("STEP\tTrain Loss\tVal Loss\r\n9\t1.58\t1.74\r\n19\t0.61\t1.17\r\n29\t0.27\t1.16\r\n49\t0.07\t2.18\r\n",
         "utf-8"),
        ("  step ,  train/loss ,val/loss  \n 9, 1.58, 1.74\n 19,0.61 ,1.17\n29,0.27,1.16\n49,0.07,2.18\n", "utf-8"),
        ("step;train_loss;val_loss\n9;1,58;1,74\n19;0,61;1,17\n29;0,27;1,16\n49;0,07;2,18\n", "utf-8-sig"),
        ("# step train_loss val_loss\n9 1.58 1.74\n19 0.61 1.17\n29 0.27 1.16\n49 0.07 2.18\n", "utf-8"),
        ('"step","train_loss","val_loss","note"\n"9","1.58","1.74","a, ""b"""\n"19","0.61","1.17",""\n'
         '"29","0.27","1.16",""\n"49","0.07","2.18",""\n', "utf-8"),
        ("step,train_loss,val_loss\n9,1.58,NA\n9,NA,1.74\n19,0.61,\n19,,1.17\n29,0.27,null\n29,None,1.16\n49,0.07,2.18\n",
         "utf-8"),
        ("step,train_loss,val_loss\n9,1.58,nan\n9,nan,1.74\n19,0.61,nan\n19,nan,1.17\n29,0.27,nan\n29,nan,1.16\n"
         "49,0.07,nan\n49,nan,2.18\n", "utf-8"),
        ("key,value,timestamp,step\ntrain_loss,1.58,1,9\nval_loss,1.74,1,9\ntrain_loss,0.61,1,19\nval_loss,1.17,1,19\n"
         "train_loss,0.27,1,29\nval_loss,1.16,1,29\ntrain_loss,0.07,1,49\nval_loss,2.18,1,49\n", "utf-8"),
        ("run,tag,step,value\n" + "".join(
            f"r/{part},loss,{s},{v}\n" for part, values in (("train", TRAIN), ("val", VAL))
            for s, v in zip((9, 19, 29, 49), values, strict=True)), "utf-8"),
    ],
    ids=["utf16", "bare16", "latin1", "tabs", "padded", "german", "numpy", "quoted", "missing", "nan", "long", "parts"],
)  # fmt: skip
def test_a_table_is_read_however_it_is_written(tmp_path, text, encoding):
    found = answer(written(tmp_path, text, encoding=encoding))
    assert found["branch"] == "overfit" and found["reasons"][0] == BOOKS
    assert found["reasons"][1].startswith("the training loss went from 1.58 to 0.07")


@pytest.mark.parametrize(
    "value",
    [
        {"loss": TRAIN, "val_loss": VAL},
        {"epoch": [9, 19, 29, 49], "history": {"loss": TRAIN, "val_loss": VAL}},
        {name: {str(k): v for k, v in enumerate(values)} for name, values in (("loss", TRAIN), ("val_loss", VAL))},
        [{"train": {"loss": t}, "val": {"loss": v}} for t, v in zip(TRAIN, VAL, strict=True)],
        {"log_history": [{"loss": t, "epoch": e} for e, t in enumerate(TRAIN)]
         + [{"eval_loss": v, "epoch": e} for e, v in enumerate(VAL)] + [{"train_loss": 0.6, "epoch": 3}]},
        [{"key": k, "value": v, "step": s, "timestamp": 0}
         for k, values in (("train_loss", TRAIN), ("val_loss", VAL)) for s, v in enumerate(values)],
    ],
    ids=["keras", "wrapped", "pandas", "groups", "trainer", "mlflow"],
)  # fmt: skip
def test_json_is_read_whoever_wrote_it(tmp_path, value):
    found = answer(written(tmp_path, json.dumps(value), "history.json"))
    assert found["branch"] == "overfit" and "rose from 1.16" in found["reasons"][0]
    if isinstance(value, list):
        assert answer(written(tmp_path, "\n".join(map(json.dumps, value)), "x.jsonl"))["reasons"] == found["reasons"]


def test_the_losses_of_a_detector_are_added(tmp_path):
    parts = ("box", "cls", "dfl")
    header = (
        "epoch," + ",".join(f"   train/{p}_loss" for p in parts) + "," + ",".join(f"   val/{p}_loss" for p in parts)
    )
    rows = [(e, t, t, t, v, v, v) for e, (t, v) in enumerate(((1.5, 1.7), (0.6, 1.2), (0.3, 1.1), (0.1, 2.2)))]
    found = answer(written(tmp_path, table(rows, header), "results.csv"))
    assert found["columns"]["val_loss"] == "val/box_loss + val/cls_loss + val/dfl_loss"
    assert found["reasons"][0] == "the validation loss rose from 3.3 (step 2) to 6.6"


def record(body):
    head = struct.pack("<Q", len(body))
    return head + struct.pack("<I", masked_crc32c(head)) + body + struct.pack("<I", masked_crc32c(body))


def test_every_flipped_bit_of_an_event_file_is_named_or_refused(tmp_path):
    (path,) = (REPORTED / "tb_newstyle").rglob("*tfevents*")
    whole, broken = path.read_bytes(), tmp_path / path.name
    for at in range(0, len(whole), 7):
        broken.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << at % 8]) + whole[at + 1 :])
        done = call(broken, "--json")
        if done.exit_code == 0:
            found = json.loads(done.stdout)
            assert found["sure"] == "unsure" and any("record" in one and "read" in one for one in found["remarks"]), at
        else:
            assert done.exit_code == 2 and len(done.stderr.splitlines()) == 1, at
    broken.write_bytes(record(whole[12:40]) + record(b"\xff" * 9))
    assert "has the right checksum, and is no event" in refused(broken)


@pytest.mark.parametrize(
    ("name", "said"),
    [("/", "no folder of runs does"), ("/dev/zero", "is a pipe, a socket or a device"), ("a\0b", "must be there")],
)
def test_what_is_no_place_for_a_log_is_one_line(name, said):
    assert said in refused(name) or "must hold a log" in refused(name)


def test_a_pipe_a_long_line_and_a_closed_file_are_one_line(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    assert "is a pipe" in refused(tmp_path / "pipe.csv")
    path = written(tmp_path, table([(0, 1, 1), (1, "1" * 140_000, 1), (2, 1, 1)]))
    assert "line 3: a line must have at most 131,072 characters" in refused(path)
    if os.geteuid():
        path.chmod(0)
        assert refused(path).endswith("cannot be read: permission denied")


def test_losses_beyond_all_bounds_are_diverged(tmp_path):
    rows = [(0, 1, 1), (1, "1e308", "-1e308"), (2, "-1e308", "1e308"), (3, "1e308", 1)]
    assert answer(written(tmp_path, table(rows)))["branch"] == "diverged" and call(tmp_path).exit_code == 0


def test_a_hundred_thousand_rows_take_less_than_two_seconds(tmp_path):
    import time

    from cnnbook.cli import diagnose

    noisy = [
        (s, f"{2.3 * 0.99997**s + 0.3 * math.sin(s * s):.5g}", f"{2 + math.cos(s * s):.5g}") for s in range(100_000)
    ]
    path = written(tmp_path, table(noisy))
    begun = time.process_time()
    log = read_log(path)
    reading = curves(log, None, None, None)
    diagnose.lines(log, reading, diagnose.judged(log, reading))
    assert time.process_time() - begun < 2


@pytest.mark.alone
def test_three_hundred_rows_take_a_second_in_all_and_no_torch(tmp_path):
    rows = [(step, f"{2.3 * 0.99**step:.4g}", f"{2.3 * 0.992**step:.4g}") for step in range(300)]
    code = (
        "import resource, sys; from cnnbook.cli import app\n"
        f"app(['diagnose', {str(written(tmp_path, table(rows)))!r}], standalone_mode=False)\n"
        "assert not {'torch', 'scipy', 'matplotlib'} & set(sys.modules), sorted(sys.modules)\n"
        "print('seconds', resource.getrusage(resource.RUSAGE_SELF).ru_utime)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert float(done.stdout.rsplit(maxsplit=1)[-1]) <= 1.0


def test_a_name_cannot_break_a_line_or_steer_a_terminal(tmp_path):
    rows = {"train_loss": [2.3, 1.0, 0.5], "val_loss": [2.3, 1.1, 0.7], "a\nb\u2028\x1b[31m": [0, 0, 0]}
    said = call(written(tmp_path, json.dumps(rows), "history.json")).stdout
    assert "not read  a�b��[31m\n" in said and "\x1b" not in said
    named = {"a\nb": [2.3, 1.0, 0.5]}
    assert refused(written(tmp_path, json.dumps(named), "history.json")).endswith("name it with --train: a�b")


def in_epochs(header, rows_of):
    """A log of ten epochs of ten iterations each, which overfits."""
    rows = []
    for epoch in range(10):
        rows += [(epoch, 10 * k, f"{2.35 * 0.974 ** (10 * epoch + k):.4f}", "") for k in range(10)]
        rows.append((epoch, *rows_of, "", f"{0.9 + 0.05 * (epoch - 4) ** 2:.4f}"))
    return table(rows, header)


@pytest.mark.parametrize("last", [90, 100, 5, ""])
def test_a_counter_that_begins_anew_with_each_epoch_is_counted_on(tmp_path, last):
    found = answer(written(tmp_path, in_epochs("epoch,iter,train_loss,val_loss", [last])))
    assert found["branch"] == "overfit" and found["steps"] == ["iter"]
    assert "iter begins anew with each epoch: its values are counted on" in found["remarks"]
    assert found["reasons"][1].startswith("the training loss went from 2.35 to 0.1")


def test_an_epoch_that_has_just_begun_and_the_newest_first_are_counted_on_too(tmp_path):
    rows = [(e, k, 3 - 0.1 * (10 * e + k)) for e in range(2) for k in range(10)] + [(2, 0, 0.9)]
    for one in (rows, rows[::-1]):
        log = read_log(written(tmp_path, table(one, "epoch,batch,loss")))
        points = curves(log, None, None, None).curves.train_loss
        assert len(points) == 21 and points[0][1] == 3 and points[-1][1] == 0.9


def test_an_evaluation_at_step_0_after_one_epoch_is_no_new_beginning(tmp_path):
    rows = [(0, 50 * k, 3 - 0.2 * k) for k in range(10)] + [(1, 0, 0.9)]
    found = answer(written(tmp_path, table(rows, "epoch,step,train_loss")))
    assert "an evaluation logged at step 0 after step 450 is no part of the curve" in found["remarks"][0]


def test_validation_that_has_only_its_epoch_is_laid_at_that_epochs_last_step(tmp_path):
    rows = [(e, 50 * e + 5 * k, 3 * 0.98 ** (10 * e + k), "") for e in range(10) for k in range(10)]
    rows += [(e, "", "", 1 + 0.1 * abs(e - 4)) for e in range(10)]
    log = read_log(written(tmp_path, table(rows, "epoch,step,train_loss,val_loss")))
    found = curves(log, None, None, None)
    assert found.axis == ("step",) and [step for step, _ in found.curves.val_loss] == list(range(45, 500, 50))


def test_an_accuracy_of_one_and_a_rounding_is_no_per_cent(tmp_path):
    rows = [(e, 2.3 * 0.8**e, 2.3 * 0.82**e, min(0.3 + 0.1 * e, 1)) for e in range(12)]
    rows[-1] = (*rows[-1][:3], 1.00000012)
    found = answer(written(tmp_path, table(rows, "epoch,train_loss,val_loss,val_acc")), "--classes", 10)
    assert found["branch"] == "healthy" and not any("per cent" in line for line in found["remarks"])


def test_a_sign_of_per_cent_is_read_as_such_however_small_the_number(tmp_path):
    rows = [(e, 2.3, 2.3, f"0.{e}0%") for e in range(3)]
    path = written(tmp_path, table(rows, "epoch,train_loss,val_loss,val_acc"))
    accuracy = curves(read_log(path), None, None, None).curves.val_accuracy
    assert [value for _, value in accuracy] == pytest.approx([0, 0.001, 0.002])


def test_a_table_that_begins_with_the_newest_is_turned_round(tmp_path):
    rows = [(e, 2.35 * 0.86**e, 0.9 + 0.02 * (e - 8) ** 2) for e in range(20)]
    right = answer(written(tmp_path, table(rows, "epoch,train_loss,val_loss")))
    found = answer(written(tmp_path, table(rows[::-1], "epoch,train_loss,val_loss")))
    assert found["reasons"] == right["reasons"] and found["branch"] == "overfit"
    assert "train_loss: the steps fall from row to row: it is read from its end" in found["remarks"]


def test_values_that_all_have_one_step_are_counted(tmp_path):
    rows = [{"tag": tag, "step": 0, "value": v} for tag, vs in (("train_loss", TRAIN), ("val_loss", VAL)) for v in vs]
    found = answer(written(tmp_path, json.dumps(rows), "history.json"))
    assert found["reasons"][0] == "the validation loss rose from 1.16 (step 2) to 2.18"
    assert "train_loss: all 4 values are logged at step 0: they are counted instead" in found["remarks"]


def test_what_a_restart_leaves_too_short_says_how_much_there_was(tmp_path):
    rows = [(e, 2.3 * 0.9**e) for e in (*range(12), 0, 1)]
    said = refused(written(tmp_path, table(rows, "epoch,train_loss")))
    assert said.endswith("at least 3 points, got 2: 14 values, 2 left after the steps went back")
    rows = [(e, 2.3 * 0.9**k) for k, e in enumerate((0, 0, 0, 1, 1))]
    said = refused(written(tmp_path, table(rows, "epoch,train_loss")))
    assert said.endswith("at least 3 points, got 2: 5 values, at 2 steps")


def test_a_quote_that_is_not_closed_swallows_no_rows(tmp_path):
    rows = [(*row, note) for row, note in zip(BOOKS_ROWS, ("x", '"abc', '"abc', "x"), strict=True)]
    path = written(tmp_path, table(rows, "step,train_loss,val_loss,note"))
    assert refused(path) == f"{path}, line 3: a quote opens a cell, and must close it"


def test_a_line_break_in_quotes_is_part_of_a_row(tmp_path):
    rows = [(*row, note) for row, note in zip(BOOKS_ROWS, ("x", '"one\n\n#two"', '5" disk', '"a\nb"'), strict=True)]
    found = answer(written(tmp_path, table(rows, "step,train_loss,val_loss,note").replace("\n#", "\n")))
    assert found["reasons"][0] == BOOKS
    assert "in quotes some rows go over several lines: each is read as one row" in found["remarks"]


@pytest.mark.parametrize(
    ("steps", "mark"), [(("500", "1,000", "1,500", "12,000"), "."), (("500", "1.000", "1.500", "12.000"), ",")]
)
def test_what_divides_thousands_is_no_decimal_mark(tmp_path, steps, mark):
    rows = [(step, *row[1:]) for step, row in zip(steps, BOOKS_ROWS, strict=True)]
    text = "step;train_loss;val_loss\n" + "".join(
        ";".join((step, *(value.replace(".", mark) for value in values))) + "\n" for step, *values in rows
    )
    found = curves(read_log(written(tmp_path, text)), None, None, None)
    assert found.curves.val_loss == ((500, 1.74), (1000, 1.17), (1500, 1.16), (12000, 2.18))
    assert f"step: {'points' if mark == ',' else 'commas'} divide thousands" in found.remarks


def test_a_column_all_in_thousands_is_read_as_such_beside_decimal_commas(tmp_path):
    path = written(tmp_path, "step;loss\n1.000;2,5\n2.000;1,5\n3.000;0,5\n")
    assert [step for step, _ in curves(read_log(path), None, None, None).curves.train_loss] == [1000, 2000, 3000]


def test_the_line_that_tells_excel_the_separator_is_no_header(tmp_path):
    text = "sep=;\n" + table(BOOKS_ROWS).replace(",", ";")
    assert answer(written(tmp_path, text))["reasons"][0] == BOOKS


def test_a_long_table_of_many_rows_is_read_in_linear_time(tmp_path):
    import time

    rows = [f"r/{part},loss,{s},{2.3 * 0.999**s:.4f}\n" for part in ("train", "val") for s in range(10_000)]
    path = written(tmp_path, "run,tag,step,value\n" + "".join(rows))
    begun = time.process_time()
    curves(read_log(path), None, None, None)
    assert time.process_time() - begun < 5


def halves(tmp_path, header="step,loss", names=("train.csv", "val.csv")):
    steps = (9, 19, 29, 49)
    for name, values in zip(names, (TRAIN, VAL), strict=True):
        written(tmp_path, table(zip(steps, values, strict=True), header), name)
    return tmp_path


def test_a_file_of_validation_is_not_taken_for_one_of_training(tmp_path):
    path = halves(tmp_path) / "val.csv"
    assert refused(path) == f"{path} is of validation by its name; that of training is missing (or name it: --train)"
    assert answer(path, "--train", "loss")["columns"] == {"train_loss": "loss"}


@pytest.mark.parametrize(
    ("header", "names"),
    [
        ("step,loss", ("train.csv", "val.csv")),
        ("step,value", ("run_train_loss.csv", "run_validation_loss.csv")),
        ("Step,mean_loss", ("log-train.csv", "log-eval.csv")),
    ],
)
def test_training_and_validation_in_files_of_their_own_are_one_run(tmp_path, header, names):
    found = answer(halves(tmp_path, header, names))
    assert found["reasons"][0] == BOOKS and found["older_runs"] == 0
    assert f"{names[1]} beside it is read as its validation" in found["remarks"]


def test_columns_that_say_their_part_keep_their_names_where_files_are_joined(tmp_path):
    for name, values in (("train", TRAIN), ("val", VAL)):
        rows = zip((9, 19, 29, 49), values, strict=True)
        written(tmp_path, table(rows, f"step,{name}_loss"), f"{name}.csv")
    assert answer(tmp_path)["columns"] == {"train_loss": "train_loss", "val_loss": "val_loss"}


def test_steps_of_two_kinds_are_said(tmp_path):
    rows = [(50 * k, "", 3 - 0.1 * k, "") for k in range(20)] + [("", e, "", 3 - 0.4 * e) for e in range(5)]
    found = answer(written(tmp_path, table(rows, "step,epoch,train_loss,val_loss")))
    said = "training has its steps by step and validation by epoch: they do not lie side by side"
    assert said in found["remarks"]


def test_lists_of_unlike_lengths_are_said(tmp_path):
    value = {"train_loss": [2.3 * 0.9**k for k in range(20)], "val_loss": VAL}
    found = answer(written(tmp_path, json.dumps(value), "history.json"))
    assert "the lists have 4 to 20 values: each is counted from its beginning, not side by side" in found["remarks"]


@pytest.mark.parametrize("name", ["state.txt", "lines.log", "run"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_json_is_told_by_how_it_begins(tmp_path, name, encoding):
    rows = [{"step": s, "loss": t, "eval_loss": v} for s, t, v in zip((9, 19, 29, 49), TRAIN, VAL, strict=True)]
    for text in (json.dumps({"log_history": rows}), "\n".join(map(json.dumps, rows)), json.dumps(rows)):
        assert answer(written(tmp_path, text, name, encoding))["reasons"][0] == BOOKS


def test_the_json_that_tensorboards_page_gives_is_one_curve(tmp_path):
    rows = [[1.7e9 + s, s, v] for s, v in zip((9, 19, 29, 49), TRAIN, strict=True)]
    found = answer(written(tmp_path, json.dumps(rows), "run-train-tag-loss.json"))
    assert found["branch"] == "cannot tell" and found["steps"] == ["Step"]
    assert "is of validation by its name" in refused(written(tmp_path, json.dumps(rows), "run-val-tag-loss.json"))
    rows = [[k, t, v] for k, (t, v) in enumerate(zip(TRAIN, VAL, strict=True))]
    assert "must hold rows of figures" in refused(written(tmp_path, json.dumps(rows), "rows.json"))


@pytest.mark.parametrize(
    ("data", "said"), [(b"\x1f\x8b\x08", "gzip: unpack it first"), (b"PK\x03\x04", "save the table")]
)
def test_what_is_packed_is_named(tmp_path, data, said):
    for name in ("log.csv", "log.json", "log"):
        (tmp_path / name).write_bytes(data + bytes(9))
        assert "must be text, and is " in refused(tmp_path / name) and said in refused(tmp_path / name)


def test_a_table_in_gb_18030_shows_its_names(tmp_path):
    text = table(BOOKS_ROWS, "轮次,训练损失,验证损失")
    path = written(tmp_path, text, encoding="gbk")
    found = answer(path)
    assert found["branch"] == "overfit" and "the file is gb18030" in found["remarks"]
    assert found["columns"] == {"train_loss": "训练损失", "val_loss": "验证损失"} and found["steps"] == ["轮次"]
    other = written(tmp_path, table(BOOKS_ROWS, "轮次,训练损失权重,验证损失权重"), encoding="gbk")
    assert refused(other).endswith("name it with --train: 训练损失权重, 验证损失权重")
    assert answer(other, "--train", "训练损失权重", "--val", "验证损失权重")["branch"] == "overfit"


@pytest.mark.parametrize(
    "head", ["轮数,训练集交叉熵损失,验证集交叉熵损失", "步数,損失,驗證損失", "迭代次数,train 损失,val 损失值"]
)
def test_a_table_with_chinese_heads_is_read_as_one_with_english(tmp_path, head):
    assert answer(written(tmp_path, table(BOOKS_ROWS, head)))["branch"] == "overfit"


@pytest.mark.skipif(os.name == "nt", reason="no such names on Windows")
@pytest.mark.parametrize("name", ["a\nb.csv", "a\x1b[31m.csv", os.fsdecode(b"a\xff.csv")])
def test_a_files_name_cannot_break_a_line_or_steer_a_terminal(tmp_path, name):
    path = tmp_path / name
    path.write_text("step,loss\n0,1\n")
    assert refused(path).isprintable()
    path.write_text(table(BOOKS_ROWS))
    done = call(path)
    assert done.exit_code == 0 and done.stdout.splitlines()[1].startswith(". train_loss") and "\x1b" not in done.stdout
    assert answer(path)["branch"] == "overfit"


def test_one_column_for_both_losses_and_no_place_are_refused(tmp_path):
    path = written(tmp_path, table(BOOKS_ROWS))
    said = "--train and --val must name two columns, got 'val_loss' for both"
    assert refused(path, "--train", "val_loss", "--val", "val_loss") == said
    assert refused(path, "--val", "train_loss").endswith("name it with --train: train_loss, val_loss")
    assert refused("") == "the log must be a file or a folder, got ''"


def test_of_joined_files_all_that_was_done_is_said(tmp_path):
    rows = [(e, k, 3 - 0.1 * (10 * e + k)) for e in range(2) for k in range(10)]
    for name in ("train.csv", "val.csv"):
        written(tmp_path, table(rows, "epoch,iter,loss"), name)
    assert "iter begins anew with each epoch: its values are counted on" in answer(tmp_path)["remarks"]


@pytest.mark.parametrize(
    ("names", "train", "val"),
    [
        (("step", "phase", "loss"), "train", "val"),
        (("step", "split", "Loss"), "Training", "Test"),
        (("步数", "阶段", "损失"), "训练集", "验证集"),
    ],
)
@pytest.mark.parametrize("blocks", [False, True])
def test_rows_that_say_in_a_column_of_words_which_part_they_are_of_are_told_apart(tmp_path, names, train, val, blocks):
    steps = (9, 19, 29, 49)
    rows = [(s, part, v) for part, vs in ((train, TRAIN), (val, VAL)) for s, v in zip(steps, vs, strict=True)]
    rows = rows if blocks else sorted(rows, key=lambda row: row[0])
    found = answer(written(tmp_path, table(rows, ",".join(names))))
    assert found["reasons"][0] == BOOKS and found["branch"] == "overfit"
    assert found["columns"] == {"train_loss": f"{train}/{names[2]}", "val_loss": f"{val}/{names[2]}"}
    lines = "\n".join(json.dumps(dict(zip(names, row, strict=True))) for row in rows)
    assert answer(written(tmp_path, lines, "log.jsonl"))["reasons"] == found["reasons"]


def test_a_long_table_tells_its_parts_by_a_column_of_words_too(tmp_path):
    rows = [(s, "loss", p, v) for p, vs in (("train", TRAIN), ("val", VAL))
            for s, v in zip((9, 19, 29, 49), vs, strict=True)]  # fmt: skip
    assert answer(written(tmp_path, table(rows, "step,metric,set,value")))["reasons"][0] == BOOKS


def test_steps_that_hold_several_values_are_said(tmp_path):
    rows = [(e, v) for e in range(5) for v in (3 - 0.5 * e, 3 - 0.4 * e)]
    said = "loss: 5 of 5 steps hold several values, of which the last counts"
    assert said in answer(written(tmp_path, table(rows, "epoch,loss")))["remarks"]


def test_a_counter_of_training_begins_anew_though_validation_counts_its_own_iterations(tmp_path):
    rows = [{"env_info": "sys.platform: linux"}]
    for epoch in range(6):
        for k in range(4):
            loss = 0.3 + 1.4 * 0.92 ** (4 * epoch + k)
            rows.append({"mode": "train", "epoch": epoch + 1, "iter": 50 * (k + 1), "loss": loss})
        rows.append({"mode": "val", "epoch": epoch + 1, "iter": 25, "bbox_mAP": 0.05 * epoch})
    found = answer(written(tmp_path, "\n".join(map(json.dumps, rows)), "2020.log.json"))
    assert found["branch"] == "cannot tell" and "there is no validation curve" in found["reasons"]
    assert found["remarks"] == ["iter begins anew with each epoch: its values are counted on"]
    assert found["reasons"][0].startswith("the training loss went from 1.7 to 0.5")


@pytest.mark.parametrize(
    "name", ["steps", "num_steps", "n_iter", "batch_idx", "Epoch No.", "Epoch/轮", "轮次(epoch)", "周期"]
)
def test_a_column_of_steps_may_be_in_the_plural_numbered_or_named_twice(tmp_path, name):
    rows = zip((9, 19, 29, 49), TRAIN, VAL, strict=True)
    found = answer(written(tmp_path, table(rows, f"{name},train_loss,val_loss")))
    assert found["reasons"][0] == BOOKS and found["steps"] == [name]


def test_steps_are_finer_than_the_epochs_beside_them_whatever_they_are_called(tmp_path):
    rows = [(k // 20 + 1, 10 * (k + 1), 0.15 + 2.2 * 0.87**k, 0.2 + 2.1 * 0.87**k if k % 10 == 9 else "")
            for k in range(80)]  # fmt: skip
    found = answer(written(tmp_path, table(rows, "epoch,steps,train_loss,val_loss")))
    assert (found["branch"], found["steps"]) == ("healthy", ["steps"])


def test_that_rows_were_counted_is_said(tmp_path):
    rows = zip((9, 19, 29, 49), TRAIN, VAL, strict=True)
    found = answer(written(tmp_path, table(rows, "seen,train_loss,val_loss")))
    assert found["remarks"] == ["no column of steps goes by a usual name: the rows are counted"]


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("train.csv", "test.csv"), "test.csv"),
        (("train/loss.tsv", "val/loss.tsv"), "val/loss.tsv"),
        (("metrics/train/log.csv", "metrics/test/log.csv"), "test/log.csv"),
    ],
)
def test_a_file_of_testing_and_files_in_folders_of_their_own_are_one_run_with_training(tmp_path, names, said):
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    found = answer(halves(tmp_path, names=names))
    assert found["reasons"][0] == BOOKS and found["older_runs"] == 0
    assert f"{said} beside it is read as its validation" in found["remarks"]


def test_a_file_of_testing_is_not_taken_for_one_of_training(tmp_path):
    path = halves(tmp_path, names=("train.csv", "test.csv")) / "test.csv"
    assert refused(path) == f"{path} is of testing by its name; that of training is missing (or name it: --train)"


def test_event_files_of_testing_belong_to_those_of_training_beside_them(tmp_path):
    from tensorboard.compat.proto import event_pb2

    for part, values in (("train", TRAIN), ("test", VAL)):
        (tmp_path / "run" / part).mkdir(parents=True)
        events = [event_pb2.Event(step=s, summary={"value": [{"tag": "loss", "simple_value": v}]})
                  for s, v in zip((9, 19, 29, 49), values, strict=True)]  # fmt: skip
        body = b"".join(record(event.SerializeToString()) for event in events)
        (tmp_path / "run" / part / "events.out.tfevents.1").write_bytes(body)
    found = answer(tmp_path)
    assert found["reasons"][0] == BOOKS and found["columns"]["val_loss"] == "test/loss" and found["older_runs"] == 0


def test_of_lightnings_two_validation_losses_that_of_the_epochs_is_read(tmp_path):
    rows = []
    for epoch, (t, v) in enumerate(zip(TRAIN, VAL, strict=True)):
        rows += [(epoch, 10 * epoch + k, t, "", "") for k in range(10)]
        rows += [("", 5 * epoch + k, "", v + 0.5 * (-1) ** k, "") for k in range(5)]  # counted by its own batches
        rows.append((epoch, 10 * epoch + 9, "", "", v))
    found = answer(written(tmp_path, table(rows, "epoch,step,train_loss_step,val_loss_step,val_loss_epoch")))
    assert found["columns"] == {"train_loss": "train_loss_step", "val_loss": "val_loss_epoch"}
    assert found["reasons"][0] == BOOKS


@pytest.mark.parametrize(
    ("train", "val"),
    [
        ("train_ce_loss", "val_ce_loss"),
        ("train_loss", "val_mse_loss"),
        ("train_nll_loss", "Val BCE Loss"),
        ("train_loss (CE)", "val_loss (CE)"),
        ("running_loss", "val_loss"),
    ],
)
def test_a_loss_may_say_which_one_it_is(tmp_path, train, val):
    rows = list(zip((9, 19, 29, 49), TRAIN, VAL, strict=True))
    found = answer(written(tmp_path, table(rows, f"step,{train},{val}")))
    assert found["reasons"][0] == BOOKS and found["columns"] == {"train_loss": train, "val_loss": val}
    more = [(*row, 1.0, 1.0) for row in rows]  # the parts of a sum are added as they were
    names = "train/ce_loss,val/ce_loss,train/dice_loss,val/dice_loss"
    assert answer(written(tmp_path, table(more, f"step,{names}")))["columns"]["train_loss"] == (
        "train/ce_loss + train/dice_loss"
    )


def test_a_validation_loss_that_goes_by_no_usual_name_is_said(tmp_path):
    rows = zip((9, 19, 29, 49), TRAIN, VAL, strict=True)
    found = answer(written(tmp_path, table(rows, "step,train_loss,val_dice_loss")))
    said = "no validation loss goes by a usual name; name it with --val: val_dice_loss"
    assert found["branch"] == "cannot tell" and found["remarks"] == [said]


@pytest.mark.parametrize(
    "value",
    [
        {"config": {"lr": 0.1, "name": "small"}, "train_loss": TRAIN, "val_loss": VAL},
        {"train": {"loss": TRAIN}, "val": {"loss": VAL}},
    ],
)
def test_lists_of_figures_are_found_in_groups_and_beside_a_configuration(tmp_path, value):
    found = answer(written(tmp_path, json.dumps(value), "log.json"))
    assert found["branch"] == "overfit" and "rose from 1.16 (step 2) to 2.18" in found["reasons"][0]


@pytest.mark.parametrize(
    "text",
    [
        "| Training Loss | Step | Validation Loss |\n|:---:|:---:|:---:|\n"
        + "".join(f"| {t} | {s} | {v} |\n" for s, t, v in BOOKS_ROWS),
        "  step    train_loss    valid_loss\n------  ------------  ------------\n"
        + "".join(f"{s:6}  {t:>12}  {v:>12}\n" for s, t, v in BOOKS_ROWS),
        "Step\tTraining Loss\tValidation Loss\n4\tNo log\t2.1\n" + "".join("\t".join(map(str, [s, t, v])) + "\n"
                                                                          for s, t, v in BOOKS_ROWS),
    ],
    ids=["Markdown", "skorch", "Hugging Face"],
)  # fmt: skip
def test_a_rule_below_the_names_and_what_was_not_yet_logged_are_no_values(tmp_path, text):
    assert answer(written(tmp_path, text, "card.md"))["reasons"][0] == BOOKS


def test_a_table_without_names_is_refused_by_its_first_line(tmp_path):
    path = written(tmp_path, "".join(f"{s},{t},{v}\n" for s, t, v in BOOKS_ROWS))
    assert refused(path) == f"{path}, line 1: must name the columns, and holds only numbers"


@pytest.mark.parametrize(
    "text",
    [
        "Epoch 1/2\n100/100 [====] - 2s 20ms/step - loss: 2.2 - val_loss: 2.0\nEpoch 2/2\n",
        "[0]\ttrain-mlogloss:2.2\teval-mlogloss:2.0\n[1]\ttrain-mlogloss:1.5\teval-mlogloss:1.5\n",
        "[01/04 19:24:33] ppdet.engine INFO: Epoch: [0] [  0/100] loss: 2.2\n",
        "{'loss': 2.2, 'epoch': 1.0}\n{'eval_loss': 2.0, 'epoch': 1.0}\n",
    ],
)
def test_what_a_program_printed_is_told_to_be_so(tmp_path, text):
    path = written(tmp_path, text, "out.txt")
    assert refused(path) == f"{path} must be a table or JSON, and looks like printed output: save the figures as .csv"
