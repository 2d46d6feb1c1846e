"""The scalars of TensorBoard's event files, by its own definitions; the checksum of every record is looked at.

A record is its length in 8 bytes, 4 bytes of checksum, itself, and 4 bytes of checksum.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from cnnbook.cli.errors import LogError
from cnnbook.cli.logs import files
from cnnbook.cli.logs.checksums import masked
from cnnbook.cli.logs.columns import TRAIN, VAL, words
from cnnbook.cli.logs.table import Series, Table

EVENTS = "tfevents"  # in the name of every event file
PLUGINS = ("", "scalars")


def is_events(path: Path) -> bool:
    """Whether a file is one of TensorBoard's, by its name."""
    return EVENTS in path.name


def read_events(folder: Path, paths: Sequence[Path]) -> Table:
    """The scalars of a run, whose curves may lie in folders of their own: those get the folder's name before theirs.

    Raises:
        LogError: A file is cut off in the middle of a record, or holds what is no event.
    """
    import numpy as np

    columns: dict[str, tuple[list[float], list[float]]] = {}
    remarks: list[str] = []
    for path in paths:
        within = path.parent.relative_to(folder).as_posix()
        for tag, step, value in _scalars(path, remarks):
            steps, values = columns.setdefault(tag if within == "." else f"{within}/{tag}", ([], []))
            steps.append(step)
            values.append(value)
    found: dict[str, Series] = {name: (np.asarray(a, float), np.asarray(b, float)) for name, (a, b) in columns.items()}
    return Table(
        folder, tuple(found), lambda asked: {name: found[name] for name in asked}, tuple(remarks), bool(remarks)
    )


def _scalars(path: Path, remarks: list[str]) -> Iterator[tuple[str, float, float]]:
    """Tag, step and value of each scalar, old style or new."""
    from google.protobuf.message import DecodeError
    from tensorboard.compat.proto import event_pb2

    kinds: dict[str, str] = {}
    for place, record in _records(path, remarks):
        try:
            event = event_pb2.Event.FromString(record)  # ty: ignore[missing-attribute] — made when it is imported
            for value in event.summary.value if event.HasField("summary") else ():
                if (kind := value.metadata.plugin_data.plugin_name) and value.tag not in kinds:
                    kinds[value.tag] = kind  # said once, with the first value
                if kinds.get(value.tag, "") not in PLUGINS:
                    continue
                one = value.simple_value if value.HasField("simple_value") else _of_tensor(value)
                if one is not None:
                    yield value.tag, float(event.step), one
        except (DecodeError, ValueError, TypeError, KeyError, OverflowError, MemoryError):
            raise LogError(f"{path}: record {place} has the right checksum, and is no event of TensorBoard's") from None


def _of_tensor(value: Any) -> float | None:
    """The number in a tensor of one."""
    if not value.HasField("tensor"):
        return None
    from tensorboard.util.tensor_util import make_ndarray

    if sum(size.size for size in value.tensor.tensor_shape.dim if size.size != 1):
        return None
    array = make_ndarray(value.tensor)
    return float(array.reshape(-1)[0]) if array.size == 1 and array.dtype.kind in "fiub" else None


def _records(path: Path, remarks: list[str]) -> list[tuple[int, bytes]]:
    """The whole records of a file with their numbers; what is damaged is left out and named."""
    data, at, spans = files.contents(path), 0, []
    while at + 12 <= len(data):
        (length,) = struct.unpack_from("<Q", data, at)
        spans.append((at, length))
        at += length + 16
    heads = masked([data[start : start + 8] for start, _ in spans])
    for place, (start, _) in enumerate(spans):
        if int(heads[place]) != struct.unpack_from("<I", data, start + 8)[0]:
            if place == 0:
                raise LogError(f"{path} is no event file of TensorBoard's, or damaged in its first record")
            share = start / len(data)
            said = f"record {place + 1} is damaged in its length: {place} records were read, {share:.0%} of the file"
            remarks.append(f"{path.name}: {said}")
            spans = spans[:place]
            break
    else:
        if at != len(data):
            raise LogError(f"{path} is cut off in the middle of a record, or no file of TensorBoard's")
    bodies = [data[start + 12 : start + 12 + length] for start, length in spans]
    sums = masked(bodies)
    bad = [
        place
        for place, (start, length) in enumerate(spans)
        if int(sums[place]) != struct.unpack_from("<I", data, start + 12 + length)[0]
    ]
    if bad:
        several = f" (and {len(bad) - 1} more)" if len(bad) > 1 else ""
        of = f"{len(bodies) - len(bad)} of {len(bodies)} records were read"
        remarks.append(f"{path.name}: record {bad[0] + 1}{several} has a wrong checksum, and is left out: {of}")
    left_out = set(bad)
    return [(place + 1, body) for place, body in enumerate(bodies) if place not in left_out]


def is_part(folder: Path) -> bool:
    """Whether a folder is named after a part of the data, as where train and validation have files of their own.

    Examples:
        >>> is_part(Path("run/Loss_val")), is_part(Path("run/version_3"))
        (True, False)
    """
    return bool(set(words(folder.name)) & {*TRAIN, *VAL})
