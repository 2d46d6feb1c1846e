"""EN: the experiments."""

from __future__ import annotations

from cnnbook.evidence.experiment import Experiment

EXPERIMENTS: tuple[Experiment, ...] = ()  # write: an experiment: its question, arms, baseline, metrics and budget
