"""On what a result was measured: versions and device.

Packages that are slow to import are asked for their version alone.
"""

from __future__ import annotations

import os
import platform
import sys
from importlib import metadata

RANKS = ("RANK", "LOCAL_RANK", "SLURM_PROCID")  # set by torchrun, by Lightning, by SLURM
INSTALL_DASK = "pip install distributed"  # of the extra "cluster"; the package itself is on no index
PACKAGES = ("cnnbook", "torch", "pytorch-lightning", "numpy", "scipy", "joblib")


def versions() -> dict[str, str]:
    """The versions of Python and of the packages that make figures, as installed.

    Examples:
        >>> versions()["python"].startswith("3.")
        True
    """
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = "absent"
    return found


def device(accelerator: str = "auto") -> str:
    """The device that a run with this accelerator uses, in words.

    Torch is asked only where it is already imported: whoever measured with it has it.

    Examples:
        >>> device("cpu").startswith("cpu: ")
        True
    """
    torch = sys.modules.get("torch")
    if accelerator != "cpu" and torch is not None:
        if torch.cuda.is_available():
            return f"cuda: {torch.cuda.device_count()} × {torch.cuda.get_device_name(0)}"
        if torch.backends.mps.is_available():
            return f"mps: {processor()}"
    return f"cpu: {processor()}, {os.cpu_count()} cores"


def is_first_process() -> bool:
    """Whether this process is the one that writes and prints, where several train one network together.

    Lightning starts the same command once more for every further device; those measure along and keep silent.

    Examples:
        >>> is_first_process()
        True
    """
    return rank()[1] == "0"


def rank() -> tuple[str, str]:
    """The variable that says which of several processes this is, and what it says; ("", "0") where none does.

    Examples:
        >>> rank()
        ('', '0')
    """
    return next(((name, os.environ[name]) for name in RANKS if os.environ.get(name)), ("", "0"))


def processor() -> str:
    """The processor's name where the system tells it, else its architecture."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as lines:
            named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
            return next(named, platform.machine())
    except OSError:
        return platform.processor() or platform.machine()
