"""The figure <training-widget>: the book's network, trained in the page, with what the book has published beside it.

In the page stand, as JSON, the runs of a result that the widget can make as well, each with its settings and the curves
of some seeds, and the settings with which the page begins. The picture within, the median test curve of every arm, is
what shows without JavaScript and on paper.
"""

import json
from collections.abc import Mapping
from typing import Any

from charts import kept, label
from cnnbook.evidence.numbers import unit_words
from cnnbook.evidence.report import ExperimentReport
from explorer import PARTS, arm_of, drawn, points_of
from garments import SEEDS
from wording import DIRECTIONS, named

METRICS = ["nll", "accuracy"]
FIGURES = [f"{part}_{metric}" for part in PARTS for metric in METRICS]
SAME = {  # what the widget cannot change
    "network": "small-cnn", "data": "fashion-mnist-mini", "task": "classification", "loss": "cross_entropy", "n_val": 0,
    "class_counts": None, "sampler": "",
}  # fmt: skip
STEADY = {"schedule": "constant", "warmup": 0}
WORDS = {
    "zh": {"what": "书里的网络，就在这一页上用真的服装图像训练。训练中什么都可以改。", "steps": "步"},
    "en": {
        "what": "The book's network, trained in this page on real images of garments. Everything may be changed as it "
        "trains.",
        "steps": "steps",
    },
}


def choice_of(config: Mapping[str, Any]) -> dict[str, float | str]:
    """What the widget sets for a configuration, by the names of training/settings.mjs; a ValueError where it cannot."""
    optimizer, options, methods = config["optimizer"], dict(config["network_options"]), config["methods"]
    other = {name: config[name] for name, value in SAME.items() if config[name] != value}
    other |= {name: methods[name] for name in ("augment", "penalty", "constraint") if methods[name]}
    other |= {name: optimizer[name] for name, value in STEADY.items() if optimizer[name] != value}
    dropout = options.pop("dropout", 0.0)
    other |= {name: value for name, value in options.items() if value}
    momentum = optimizer["momentum"] if optimizer["name"] == "sgd" else 0.0
    if other or momentum not in (0.0, 0.9):
        raise ValueError(f"the widget cannot run it: {other or {'momentum': momentum}}")
    return {
        "rate": optimizer["lr"],
        "batch": config["batch_size"],
        "decay": optimizer["weight_decay"],
        "dropout": dropout,
        "noise": config["label_noise"],
        "images": config["n_train"],
        "optimizer": "momentum" if momentum else optimizer["name"],
    }


def digits(value: float | None) -> float | None:
    """Six digits: what float32 keeps."""
    return None if value is None else float(f"{value:.6g}")


def published(experiment: ExperimentReport, name: str, lang: str) -> dict:
    """A run of a result: its name, settings, and the curves of some seeds."""
    run = experiment.runs[name]
    curves = {figure: points_of(experiment, name, figure) for figure in FIGURES}
    seeds = {
        seed: {figure: [digits(values[seed]) for _, values in points] for figure, points in curves.items()}
        for seed in SEEDS
    }
    steps = [round(step) for step, _ in curves[FIGURES[0]]]  # as the experiments round shares of a run
    choice = choice_of(run.configuration) | {"steps": run.total_steps}
    return {"label": label(name, experiment, lang), "choice": choice, "steps": steps, "seeds": seeds}


def pictured(experiment: ExperimentReport, arms: list[str], lang: str) -> str:
    """The median test curve of every arm."""
    first = experiment.metrics["test_nll"]
    axis = f"{named(first.label, lang)['metric']} ({unit_words(first.unit, lang)}, {DIRECTIONS[first.direction][lang]})"
    shown = [arm_of(experiment, name, METRICS, "optimizer.lr") for name in arms]
    return kept(drawn, shown, "nll", WORDS[lang]["steps"], axis)


def training(
    experiment: ExperimentReport, arms: list[str], stories: Mapping[str, Mapping], lang: str
) -> tuple[str, str]:
    """The element with its data and its picture; what it shows."""
    if not stories or not arms:
        raise ValueError(f"it needs arms and stories, got arms={arms}, stories={list(stories)}")
    data = {
        "arms": [published(experiment, name, lang) for name in arms],
        "stories": [{"name": name, "choice": dict(choice)} for name, choice in stories.items()],
    }
    picture = pictured(experiment, arms, lang)
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    element = f'<training-widget><script type="application/json">{text}</script>{picture}</training-widget>'
    return element, WORDS[lang]["what"]
