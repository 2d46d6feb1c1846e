"""The curves of a run from its log, whatever wrote it: a table, JSON, or the event files of TensorBoard."""

from __future__ import annotations

from cnnbook.cli.logs.reading import Log, Reading, curves, read_log

__all__ = ["Log", "Reading", "curves", "read_log"]
