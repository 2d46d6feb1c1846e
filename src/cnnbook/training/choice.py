"""Which engine trains the seeds of an arm, and in which groups: a rule over sizes, never over a clock.

An engine decides the order in which floating-point numbers are added up, and an unstable arm carries that into its
results. So neither the load of the machine nor the number of its cores takes part in the choice: the same arm gives
the same bits wherever the same processor runs it.
"""

from __future__ import annotations

from collections.abc import Sequence

from cnnbook.data.sources import arrays
from cnnbook.devices import chosen
from cnnbook.training.config import TrainConfig

LARGE = 200_000  # input values in a batch from which one seed alone is as fast as a share of a group (measured)
BRIEF = 50  # steps up to which starting processes takes longer than the work


def choose_engine(config: TrainConfig, seeds: Sequence[int], accelerator: str = "auto") -> str:
    """The engine for an arm: ``"processes"`` where the rate waits for a plateau; on a GPU and for one seed
    ``"ensemble"``; else ``"both"``, or for large batches ``"processes"``.

    Args:
        config: The arm; the size of its batches, in input values, decides.
        seeds: Its seeds.
        accelerator: As for ``train_seeds``.

    Returns:
        ``"ensemble"``, ``"processes"`` or ``"both"``. What the machine does meanwhile makes no difference.

    Examples:
        >>> choose_engine(TrainConfig(), seeds=[7]), choose_engine(TrainConfig(), seeds=range(10), accelerator="cpu")
        ('ensemble', 'both')
        >>> choose_engine(TrainConfig(batch_size=300), seeds=range(10), accelerator="cpu")
        'processes'
    """
    if config.optimizer.schedule == "plateau":  # each network has a rate of its own
        return "processes"
    if chosen(accelerator) != "cpu" or len(seeds) == 1:
        return "ensemble"
    values = arrays(config.data, **config.data_options).train_inputs[0].numel()
    return "processes" if values * config.batch_size >= LARGE else "both"
