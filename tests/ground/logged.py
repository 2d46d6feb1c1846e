"""Logs for the tests of ``cnnbook diagnose``, and what it answers."""

import json

from typer.testing import CliRunner

from cnnbook.cli import app

BOOKS = "the validation loss rose from 1.16 (step 29) to 2.18"  # that of the table on the page
BOOKS_ROWS = [(9, "1.58", "1.74"), (19, "0.61", "1.17"), (29, "0.27", "1.16"), (49, "0.07", "2.18")]
TRAIN, VAL = [1.58, 0.61, 0.27, 0.07], [1.74, 1.17, 1.16, 2.18]


def call(*arguments):
    return CliRunner().invoke(app, ["diagnose", *map(str, arguments)], env={"COLUMNS": "200", "NO_COLOR": "1"})


def answer(*arguments):
    done = call(*arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def refused(*arguments):
    done = call(*arguments)
    (line,) = done.stderr.strip().splitlines()
    assert done.exit_code == 2 and done.stdout == "" and line.startswith("cnnbook: "), done.output
    return line.removeprefix("cnnbook: ")


def written(tmp_path, text, name="metrics.csv", encoding="utf-8"):
    (tmp_path / name).write_bytes(text.encode(encoding))
    return tmp_path / name


def table(rows, header="step,train_loss,val_loss"):
    return header + "\n" + "".join(",".join(map(str, row)) + "\n" for row in rows)
