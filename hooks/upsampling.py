"""The figure <upsampling-widget>: the network of the bench of upsampling layers, trained in the page, with what the
book has published beside it.

In the page stand, as JSON, the curves of some seeds of every arm that the widget can make as well, and the settings
with which the page begins. The picture within, a drawing of the page, is what shows without JavaScript and on paper.
"""

import json
from collections.abc import Mapping

from cnnbook.evidence.report import ExperimentReport
from explorer import points_of
from photographs import SEEDS
from training import digits

FIGURES = {"ripple": "test_ripple", "spread": "spread"}  # the widget's names, and the result's
LAYERS = (
    *(f"transposed_k{k}" for k in (2, 3, 4, 6)), *(f"default_k{k}" for k in (2, 3, 4, 6)),
    "nearest", "sub_pixel", "sub_pixel_icnr",
)  # fmt: skip
SAME = {  # what the widget does in every run
    "network": "cnnbook.experiments.convolution._super_resolution:SuperResolution", "task": "regression", "loss": "mse",
    "n_train": 256, "n_val": 0, "batch_size": 8, "steps": 500, "sampler": "",
}  # fmt: skip
OPTIMIZER = {"name": "adam", "lr": 2e-3, "weight_decay": 0.0, "schedule": "cosine", "warmup": 0}


def settled(config: Mapping) -> dict:
    """What of a configuration is not as the widget has it in every run."""
    optimizer = config["optimizer"]
    other = {name: config[name] for name, value in SAME.items() if config[name] != value}
    return other | {name: optimizer[name] for name, value in OPTIMIZER.items() if optimizer[name] != value}


def published(experiment: ExperimentReport) -> dict:
    """The published curves, by arm, seed and figure, all at the same steps; a ValueError where the widget makes no such
    run."""
    arms, steps = {}, set()
    for name in (name for name in LAYERS if name in experiment.runs):
        if other := settled(experiment.runs[name].configuration):
            raise ValueError(f"the widget cannot run {name}: {other}")
        curves = {own: points_of(experiment, name, metric) for own, metric in FIGURES.items()}
        steps |= {tuple(round(step) for step, _ in points) for points in curves.values()}
        arms[name] = {
            seed: {own: [digits(values[seed]) for _, values in points] for own, points in curves.items()}
            for seed in SEEDS
        }
    if len(steps) != 1:
        raise ValueError(f"its upsampling layers must have curves at the same steps, got {sorted(steps)}")
    return {"steps": list(*steps), "arms": arms}


def upsampling(experiment: ExperimentReport, stories: Mapping[str, Mapping], picture: str) -> str:
    """The element with its data and its picture."""
    if not stories:
        raise ValueError("it needs stories to begin with")
    data = published(experiment) | {"stories": [{"name": name, "choice": dict(one)} for name, one in stories.items()]}
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    return f'<upsampling-widget><script type="application/json">{text}</script>{picture}</upsampling-widget>'
