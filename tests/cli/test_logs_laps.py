"""Counters that begin anew with each epoch: in files of their own, and where no column says the epoch."""

import pytest
from logged import answer, table, written

from cnnbook.cli.logs import curves, read_log


def losses(epoch):
    return 2.3 * 0.75**epoch, 0.9 + 0.05 * (epoch - 4) ** 2


def joined(tmp_path, epochs, header="epoch,iter,loss", train=10, val=4):
    """Training of ten iterations an epoch, and validation of four, in files of their own."""
    for name, many, part in (("train.csv", train, 0), ("val.csv", val, 1)):
        rows = [(e, k, f"{losses(e + k / many * (1 - part))[part]:.4f}") for e in epochs for k in range(many)]
        rows = rows if header.startswith("epoch") else [row[1:] for row in rows]
        written(tmp_path, table(rows, header), name)
    return curves(read_log(tmp_path), None, None, None)


@pytest.mark.parametrize("header", ["epoch,iter,loss", "iter,loss"])
def test_files_whose_counters_both_begin_anew_lie_side_by_side(tmp_path, header):
    found = joined(tmp_path, range(1, 11), header)
    train, val = found.curves.train_loss, found.curves.val_loss
    assert len(train) == 100 and len(val) == 40
    assert train[9][0] == val[3][0] == pytest.approx(1) and train[-1][0] == val[-1][0] == pytest.approx(10)
    said = answer(tmp_path)
    assert said["reasons"][0].startswith("the validation loss rose from 0.9 (step 3.25)")
    assert said["steps"] == ["epoch" if header.startswith("epoch") else "iter"]


def test_a_file_whose_counter_begins_anew_lies_beside_one_that_counts_epochs(tmp_path):
    joined(tmp_path, range(1, 11))
    written(tmp_path, table([(e, losses(e)[1]) for e in range(1, 11)], "epoch,loss"), "val.csv")
    said = answer(tmp_path)
    assert said["reasons"][0].startswith("the validation loss rose from 0.9 (step 4)") and said["steps"] == ["epoch"]
    assert not any("side by side" in remark for remark in said["remarks"])


def test_where_no_column_says_the_epoch_laps_are_counted_on_and_that_is_said(tmp_path):
    rows = [(k, f"{losses(e + k / 10)[0]:.4f}") for e in range(8) for k in range(10)] + [(0, 0.2), (1, 0.2)]
    found = curves(read_log(written(tmp_path, table(rows, "iter,loss"))), None, None, None)
    assert len(found.curves.train_loss) == 82 and found.curves.train_loss[0][1] == 2.3
    assert "loss: the steps begin anew 8 times: they are counted on, each lap as 1" in found.remarks


def test_runs_one_after_another_in_a_file_are_no_laps(tmp_path):
    rows = [(e, f"{losses(e)[0] + 0.01 * run:.4f}") for run in range(3) for e in range(10)]
    found = curves(read_log(written(tmp_path, table(rows, "epoch,loss"))), None, None, None)
    assert len(found.curves.train_loss) == 10 and found.curves.train_loss[0][1] == 2.32
    assert "loss: the steps go back 2 times: of what was logged again the last counts" in found.remarks
