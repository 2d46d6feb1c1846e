"""Which column, file or folder is of training and which of validation, whatever people call them."""

import json

import pytest
from logged import BOOKS, BOOKS_ROWS, TRAIN, VAL, answer, refused, table, written

STEPS = (9, 19, 29, 49)


def halves(tmp_path, names=("train.csv", "val.csv")):
    for name, values in zip(names, (TRAIN, VAL), strict=True):
        written(tmp_path, table(zip(STEPS, values, strict=True), "step,loss"), name)


@pytest.mark.parametrize(
    ("train", "val"),
    [
        *(("tr_loss", "val_loss"), ("trn_loss", "vld_loss"), ("train_loss", "vl_loss"), ("tr/loss", "dev/loss")),
        *(("t_loss", "v_loss"), ("train_loss", "v_loss"), ("tloss", "vloss"), ("train_loss", "dev_loss")),
        *(("trainloss", "valloss"), ("trainLoss", "validloss"), ("losstrain", "lossval"), ("loss_tr", "loss_vali")),
        *(("train_loss_value", "holdout_loss"), ("train loss", "devel loss"), ("Train_NLL", "validation-nll")),
    ],
)
def test_a_part_may_be_cut_short_or_written_in_one_word_with_its_figure(tmp_path, train, val):
    found = answer(written(tmp_path, table(BOOKS_ROWS, f"step,{train},{val}")))
    assert found["reasons"][0] == BOOKS and found["columns"] == {"train_loss": train, "val_loss": val}


@pytest.mark.parametrize("names", ["loss,v_loss", "train_loss,v_loss,pi_loss", "train/loss,train/v_loss"])
def test_the_loss_of_a_value_function_is_none_of_validation(tmp_path, names):
    rows = [(*row, 0.1)[: 2 + names.count(",")] for row in BOOKS_ROWS]
    assert answer(written(tmp_path, table(rows, f"step,{names}")))["branch"] == "cannot tell"


@pytest.mark.parametrize(
    "name", ["valid_acc1", "eval_top1", "val_acc@1", "val_prec1", "dev_prec@1", "vl_acc", "val_accu", "valacc", "vacc"]
)
def test_an_accuracy_may_be_of_the_first_answer(tmp_path, name):
    rows = [(e, 2.3 * 0.7**e, 0.3 + 0.05 * e) for e in range(10)]
    found = answer(written(tmp_path, table(rows, f"epoch,trainloss,{name}")))
    assert found["columns"]["val_accuracy"] == name


def test_a_file_in_a_folder_of_validation_is_not_taken_for_one_of_training(tmp_path):
    for folder in ("val", "test"):
        (tmp_path / folder).mkdir()
        written(tmp_path / folder, table(zip(STEPS, VAL, strict=True), "step,loss"), "log.csv")
    path = tmp_path / "val/log.csv"
    said = "is of validation by the name of its folder; that of training is missing (or name it: --train)"
    assert refused(path) == f"{path} {said}"
    assert answer(tmp_path / "test/log.csv")["branch"] == "diverged"  # a folder of tries may be called so


def test_the_accuracy_in_a_file_of_training_is_that_of_training(tmp_path):
    rows = [(e, 2.3 * 0.7**e, 0.3 + 0.05 * e) for e in range(10)]
    path = written(tmp_path, table(rows, "epoch,train_loss,accuracy"), "train.csv")
    assert answer(path)["columns"] == {"train_loss": "train_loss"}
    (tmp_path / "train").mkdir()
    path = written(tmp_path / "train", table(rows, "epoch,train_loss,accuracy"), "log.csv")
    assert answer(path)["columns"] == {"train_loss": "train_loss"}
    fastai = [(e, t, t + 0.1, a) for e, t, a in rows]
    path = written(tmp_path, table(fastai, "epoch,train_loss,valid_loss,accuracy"), "train_log.csv")
    assert answer(path)["columns"]["val_accuracy"] == "accuracy"


def test_of_a_file_of_training_that_is_named_alone_it_is_said_where_validation_lies(tmp_path):
    halves(tmp_path)
    said = f"val.csv of validation lies beside it: name the folder {tmp_path} to read both"
    assert answer(tmp_path / "train.csv")["remarks"] == [said]
    for name in ("train", "val"):
        (tmp_path / "run" / name).mkdir(parents=True)
    halves(tmp_path / "run", names=("train/log.csv", "val/log.csv"))
    (said,) = answer(tmp_path / "run/train/log.csv")["remarks"]
    assert said == f"log.csv of validation lies beside it: name the folder {tmp_path / 'run'} to read both"
    assert answer(tmp_path / "run")["reasons"][0] == BOOKS


def test_a_long_table_knows_runs_of_testing_beside_those_of_training(tmp_path):
    rows = [(f"{part}", "loss", s, v) for part, vs in (("r/train", TRAIN), ("r/test", VAL))
            for s, v in zip(STEPS, vs, strict=True)]  # fmt: skip
    found = answer(written(tmp_path, table(rows, "run,tag,step,value")))
    assert found["reasons"][0] == BOOKS and found["columns"]["val_loss"] == "test/loss"
    lines = "\n".join(json.dumps(dict(zip(("run", "tag", "step", "value"), row, strict=True))) for row in rows)
    assert answer(written(tmp_path, lines, "log.jsonl"))["reasons"] == found["reasons"]


def test_a_run_that_is_called_test_is_a_run_where_there_is_none_of_training(tmp_path):
    rows = [(run, "train_loss", s, v) for run in ("lr-1", "test") for s, v in zip(STEPS, TRAIN, strict=True)]
    found = answer(written(tmp_path, table(rows, "run,tag,step,value")))
    assert "of 2 runs in the file the last is read: test" in found["remarks"]
