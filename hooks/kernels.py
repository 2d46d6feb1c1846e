"""Kernels for the labs: each is a copy of one process that has imported what labs import.

To start Python, PyTorch, the package and matplotlib takes longer than most labs do. Where a process can be copied
safely, which is Linux, that is done once for all of them; elsewhere each kernel starts as Jupyter has it start.
"""

import multiprocessing
import os
import signal
import sys
import threading
from pathlib import Path

from jupyter_client import AsyncKernelManager
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner

HERE = str(Path(__file__).parent)
IMPORTED = ["ipykernel.kernelapp", "cnnbook.data", "cnnbook.training", "matplotlib.pyplot"]

if sys.platform == "linux":
    CONTEXT = multiprocessing.get_context("forkserver")
    CONTEXT.set_forkserver_preload(IMPORTED)

    class Copy(CONTEXT.Process):
        """As much of ``subprocess.Popen`` as Jupyter asks of a kernel's process."""

        stdin = stdout = stderr = None

        def poll(self) -> int | None:
            return self.exitcode

        def wait(self) -> int | None:
            self.join()
            return self.exitcode

        def send_signal(self, number: int) -> None:
            os.kill(self.pid, number)


def end_with(process) -> None:
    """Wait until another process is gone, and go as well."""
    process.join()
    os.kill(os.getpid(), signal.SIGKILL)


def begin(arguments: list[str], folder: str, environment: dict[str, str]) -> None:
    """What a copy does: be a kernel, as if it had been started so."""
    import matplotlib
    import numpy
    import torch
    from ipykernel.kernelapp import launch_new_instance

    os.setsid()
    os.chdir(folder)
    sys.argv = ["ipykernel_launcher", *arguments]
    os.environ.clear()
    os.environ.update(environment)
    torch.seed()  # else what no seed decides would be the same in all copies, and seem decided
    numpy.random.seed()
    matplotlib.rc_file(matplotlib.matplotlib_fname())  # read before, in another environment
    matplotlib.rcParams["backend"] = "module://matplotlib_inline.backend_inline"  # read when the first figure is made
    # The one process lasts as long as a copy does; what a copy must not outlast is the build that asked for it.
    threading.Thread(target=end_with, args=(multiprocessing.parent_process(),), daemon=True).start()
    launch_new_instance(argv=arguments, parent_handle=os.getppid())


class Copied(LocalProvisioner):
    """Has a kernel's process copied instead of started."""

    async def launch_kernel(self, cmd: list[str], **kwargs) -> KernelConnectionInfo:
        folder, environment = kwargs.get("cwd", os.curdir), kwargs["env"]
        if HERE not in sys.path:  # where a copy finds `begin`; MkDocs has taken its hooks' folder off the path
            sys.path.append(HERE)
        self.process = Copy(target=begin, args=(cmd[cmd.index("-f") :], folder, environment))
        self.process.start()
        self.pid = self.pgid = self.process.pid
        self.cwd = folder
        return self.connection_info


class Manager(AsyncKernelManager):
    """Jupyter's, with kernels that are copies where there can be some."""

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        if sys.platform == "linux":
            self.provisioner = Copied(kernel_spec=self.kernel_spec, parent=self)
