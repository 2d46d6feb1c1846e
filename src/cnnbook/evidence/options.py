"""Refuses run options that cannot be, before anything is measured.

Only an accelerator that is asked for by name needs Lightning's word; "auto" and "cpu" are always there.
"""

from __future__ import annotations

from cnnbook.evidence.errors import OptionError
from cnnbook.evidence.experiment import RunOptions


def check_seeds(seeds: int) -> int:
    """The number of seeds, if it is enough for an interval.

    Raises:
        OptionError: fewer than 2.

    Examples:
        >>> check_seeds(10)
        10
    """
    if seeds < 2:
        raise OptionError(f"seeds must be at least 2, got {seeds}: one seed has no interval")
    return seeds


def check_options(options: RunOptions) -> RunOptions:
    """The options, if this machine can run them.

    Raises:
        OptionError: the accelerator is unknown or absent, or has fewer devices than asked for.

    Examples:
        >>> check_options(RunOptions(accelerator="cpu")).accelerator
        'cpu'
    """
    if options.num_nodes < 1:
        raise OptionError(f"num-nodes must be at least 1, got {options.num_nodes}")
    if options.accelerator in ("auto", "cpu"):
        return options
    import torch
    from pytorch_lightning.accelerators import AcceleratorRegistry

    known = {"auto", "gpu", *AcceleratorRegistry.available_accelerators()}
    if options.accelerator not in known:
        raise OptionError(f"accelerator must be one of {', '.join(sorted(known))}, got {options.accelerator!r}")
    names = [options.accelerator] if options.accelerator != "gpu" else ["cuda", "mps"]
    present = [name for name in names if AcceleratorRegistry[name]["accelerator"].is_available()]
    if not present:
        build = "" if torch.version.cuda else f" (torch {torch.__version__} is built without CUDA)"
        raise OptionError(
            f"accelerator must be one that this machine has, got {options.accelerator!r}{build}; "
            "use --accelerator auto, or see `cnnbook doctor`"
        )
    count = AcceleratorRegistry[present[0]]["accelerator"].auto_device_count()
    wanted = int(options.devices) if str(options.devices).isdecimal() else 0
    if wanted > count:
        raise OptionError(f"devices must be at most the {count} that this machine has, got {wanted}")
    return options
