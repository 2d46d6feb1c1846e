"""What was run for a claim: data, number of examples, steps and network, from the arms that its rule looks at.

A verdict is about these and no others: what holds of 512 images after 900 steps may be refuted of 4,000 after 3,000. So
every experiment's claim tells its scope, and tells it from the configurations: nobody writes a number of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cnnbook.evidence.claims import Claim
from cnnbook.evidence.errors import ClaimError
from cnnbook.evidence.experiment import Experiment
from cnnbook.evidence.rules import comparisons
from cnnbook.evidence.scope_names import DATA, NETWORKS
from cnnbook.evidence.sums import terms
from cnnbook.evidence.text import Text

SEVERAL = 3  # sources of data that a line can name; of more, as in a map of settings, the budget says it better
STEPS = Text("{} 步", "{} steps")
BATCHES = Text("批次 {}", "batches of {}")
UNEVEN = Text("每类 {} 张", "{} a class")
NOISE = Text("{} 的标签有错", "{} of the labels wrong")


def scope(claim: Claim, experiment: Experiment) -> Text:
    """The scope of a claim; where its rule looks at nothing that is trained, or at many data sets, the budget.

    Raises:
        ClaimError: data or network of an arm have no name in `cnnbook.evidence.scope_names`.

    Examples:
        >>> from cnnbook.evidence.claims import read_claims
        >>> from cnnbook.evidence.registry import load
        >>> scope(read_claims()["flip-accuracy"], load("generalisation/augmentation")).en
        '512 images of fashion-mnist-mini, 900 steps, the small network'
    """
    looks = comparisons(claim.rule) if claim.rule else ()
    arms = {arm for look in looks for side in (look.treatment, look.baseline) for _, arm in terms(side)}
    runs = [config for arm, config in experiment.arms.items() if arm in arms and hasattr(config, "total_steps")]
    if not runs or len({run.data for run in runs}) > SEVERAL:
        return experiment.budget
    data, networks = (_named(claim, experiment, runs, kind) for kind in ("data", "network"))
    counts = sorted({count for run in runs if run.class_counts for count in run.class_counts})
    noise, batches = {run.label_noise for run in runs}, {run.batch_size for run in runs}
    parts = [
        [
            Text(*(one[lang].format(_span([run.examples for run in runs], lang)) for lang in ("zh", "en")))
            for one in data
        ],
        [_of(UNEVEN, counts)] if len(counts) > 1 else [],
        [_of(NOISE, [100 * share for share in noise], "%")] if noise != {0} else [],
        [_of(STEPS, [_steps(run) for run in runs])],
        [_of(BATCHES, list(batches))] if len(batches) > 1 else [],
        [Text(_either([one.zh for one in networks], "zh"), _either([one.en for one in networks], "en"))],
    ]
    found = [one for part in parts for one in part]
    return Text("，".join(one.zh for one in found), ", ".join(one.en for one in found))


def _named(claim: Claim, experiment: Experiment, runs: Sequence[Any], kind: str) -> list[Text]:
    """The names of what runs are of, each once."""
    names = DATA if kind == "data" else NETWORKS
    for run in runs:
        if getattr(run, kind) not in names:
            raise ClaimError(
                f"claim {claim.id!r}: scope: {kind} of {experiment.name} must have a name in "
                f"cnnbook.evidence.scope_names, got {getattr(run, kind)!r}"
            )
    return list(dict.fromkeys(names[getattr(run, kind)] for run in runs))


def _steps(run: Any) -> int:
    """The step at which a run is read, which may come before its end."""
    return getattr(run, "at", None) or run.total_steps


def _of(words: Text, values: Sequence[float], unit: str = "") -> Text:
    return Text(*(words[lang].format(_span(values, lang) + unit) for lang in ("zh", "en")))


def _span(values: Sequence[float], lang: str) -> str:
    """Some numbers: one, two, or from the least to the largest.

    Examples:
        >>> _span([4000, 512], "en"), _span([4000, 512], "zh"), _span([1, 2, 3], "en")
        ('512 or 4,000', '512 或 4000', '1–3')
    """
    shown = [f"{value:,.6g}" if lang == "en" else f"{value:.6g}" for value in sorted(set(values))]
    return _either(shown, lang) if len(shown) < 3 else f"{shown[0]}–{shown[-1]}"


def _either(names: Sequence[str], lang: str) -> str:
    *before, last = names
    comma, either = ("、", " 或 " if last[0].isascii() else "或") if lang == "zh" else (", ", " or ")
    return f"{comma.join(before)}{either}{last}" if before else last
