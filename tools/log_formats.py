"""Write the curves of a run as the programs of the field do: tables, JSON, event files. Same curves, same bytes."""

from __future__ import annotations

import csv
import io
import json
import math
import struct
from collections.abc import Mapping, Sequence

Curve = Sequence[tuple[int, float]]
Curves = Mapping[str, Curve]  # "train_loss", "val_loss", "val_accuracy" → points; no key where it was not logged


def digits(value: float) -> str:
    """Five figures, as loggers round."""
    return f"{value:.5g}"


def _rows(curves: Curves, names: Mapping[str, str]) -> list[dict[str, float]]:
    """One row a step, with the names of a program."""
    at: dict[int, dict[str, float]] = {}
    for part, points in curves.items():
        for step, value in points:
            at.setdefault(step, {})[names[part]] = value
    return [{"step": step, **cells} for step, cells in sorted(at.items())]


def _table(rows: Sequence[Mapping[str, object]], header: Sequence[str], *, separator=",", empty="", comma=False) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        cells = [row.get(name, empty) for name in header]
        texts = [digits(cell) if isinstance(cell, float) else str(cell) for cell in cells]
        writer.writerow([text.replace(".", ",") if comma else text for text in texts])
    return out.getvalue()


def _named(train: str, val: str, accuracy: str) -> dict[str, str]:
    return {"train_loss": train, "val_loss": val, "val_accuracy": accuracy}


def _plain(curves: Curves, train="train_loss", val="val_loss", accuracy="val_acc", step="step", **how) -> str:
    names = _named(train, val, accuracy)
    rows = [{step: row.pop("step"), **row} for row in _rows(curves, names)]
    return _table(rows, [step, *(names[part] for part in curves)], **how)


def lightning(curves: Curves) -> tuple[str, bytes]:
    """metrics.csv: validation in rows of its own, an epoch beside the step."""
    names = _named("train_loss", "val_loss", "val_acc")
    rows = []
    for row in _rows(curves, names):
        both = {"epoch": int(row["step"]) // 100, "step": row["step"]}
        train = {key: row[key] for key in row if key == "train_loss"}
        rows += [{**both, **part} for part in ({k: v for k, v in row.items() if k[:3] == "val"}, train) if part]
    return "metrics.csv", _table(rows, ["epoch", "step", "train_loss", "val_loss", "val_acc"]).encode()


def keras(curves: Curves) -> tuple[str, bytes]:
    """CSVLogger: a row an epoch, training's figures without a part; per epoch means that rows are numbered."""
    return "training.csv", _plain(curves, "loss", "val_loss", "val_accuracy", "epoch", empty="NA").encode()


def semicolon(curves: Curves) -> tuple[str, bytes]:
    """As a German spreadsheet saves a table, with a byte order mark."""
    text = _plain(curves, "Train Loss", "Val Loss", "Val Accuracy", "Step", separator=";", comma=True)
    return "run.csv", b"\xef\xbb\xbf" + text.encode()


def tabs(curves: Curves) -> tuple[str, bytes]:
    """Tabs, UTF-16, an empty cell written nan."""
    return "log.tsv", _plain(curves, separator="\t", empty="nan").encode("utf-16")


def wandb(curves: Curves) -> tuple[str, bytes]:
    """The history that wandb exports."""
    return "history.csv", _plain(curves, "train/loss", "val/loss", "val/accuracy", "_step").encode()


def ultralytics(curves: Curves) -> tuple[str, bytes]:
    """results.csv, its names padded."""
    names = [f"{name:>23}" for name in ("train/loss", "val/loss", "metrics/accuracy_top1", "epoch")]
    return "results.csv", _plain(curves, *names).encode()


def mlflow(curves: Curves) -> tuple[str, bytes]:
    """A row a value."""
    names = _named("train_loss", "val_loss", "val_accuracy")
    rows = [
        {"key": names[part], "value": value, "step": step, "timestamp": 1_700_000_000 + step}
        for part, points in curves.items()
        for step, value in points
    ]
    return "metrics.csv", _table(rows, ["key", "value", "timestamp", "step"]).encode()


def huggingface(curves: Curves) -> tuple[str, bytes]:
    """trainer_state.json."""
    rows = _rows(curves, _named("loss", "eval_loss", "eval_accuracy"))
    history = [{key: _rounded(value) for key, value in row.items()} for row in rows]
    return "trainer_state.json", json.dumps({"best_metric": None, "log_history": history}).encode()


def lines(curves: Curves) -> tuple[str, bytes]:
    """A JSON object a line, figures in groups."""
    rows = _rows(curves, _named("train", "val", "accuracy"))
    groups = {"train": ("train", "loss"), "val": ("val", "loss"), "accuracy": ("val", "acc")}
    out = []
    for row in rows:
        line: dict[str, object] = {"step": row["step"]}
        for name, (group, figure) in groups.items():
            if name in row:
                line.setdefault(group, {})[figure] = _rounded(row[name])
        out.append(json.dumps(line))
    return "log.jsonl", ("\n".join(out) + "\n").encode()


def _rounded(value: float) -> float:
    return value if isinstance(value, int) or not math.isfinite(value) else float(digits(value))


def events(curves: Curves) -> tuple[str, bytes]:
    """TensorBoard's file, scalars of the old style."""
    return _events(curves, new=False)


def tensors(curves: Curves) -> tuple[str, bytes]:
    """TensorBoard's file, scalars as tensors: Keras, TensorFlow 2."""
    return _events(curves, new=True)


def _events(curves: Curves, new: bool) -> tuple[str, bytes]:
    from tensorboard.compat.proto import event_pb2, summary_pb2
    from tensorboard.compat.proto.tensor_pb2 import TensorProto
    from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import masked_crc32c

    tags = _named("Loss/train", "Loss/val", "Accuracy/val")
    made = [event_pb2.Event(wall_time=1.7e9, file_version="brain.Event:2")]
    for row in _rows(curves, tags):
        for tag, value in row.items():
            if tag == "step":
                continue
            one = summary_pb2.Summary.Value(tag=tag)
            if new:
                one.metadata.plugin_data.plugin_name = "scalars"
                one.tensor.CopyFrom(TensorProto(dtype=1, float_val=[value]))
            else:
                one.simple_value = value
            made.append(event_pb2.Event(wall_time=1.7e9, step=row["step"], summary={"value": [one]}))
    out = b""
    for event in made:
        body = event.SerializeToString(deterministic=True)
        head = struct.pack("<Q", len(body))
        out += head + struct.pack("<I", masked_crc32c(head)) + body + struct.pack("<I", masked_crc32c(body))
    return "events.out.tfevents.1700000000.host.1.0", out


FORMATS = (lightning, keras, semicolon, tabs, wandb, ultralytics, mlflow, huggingface, lines, events, tensors)
