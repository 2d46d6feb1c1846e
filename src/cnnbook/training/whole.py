"""Checkpoints that are whole or not there.

Lightning writes a checkpoint into the folder for temporary files and moves it to its place. Where that folder is on
another file system, the move is a copy, and whoever is killed in the middle leaves half a file under the final name.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import torch
from pytorch_lightning.plugins import TorchCheckpointIO

from cnnbook.files import write_whole
from cnnbook.training.checkpoints import read_checkpoint


class WholeCheckpoints(TorchCheckpointIO):
    """Writes a checkpoint beside its place, flushes it to the disk and renames it; reads only what is whole and ours.

    A plugin for Lightning's ``Trainer``; ``cnnbook-train`` has it by default. Addresses of other storage
    (``s3://…``) are left to Lightning.

    Examples:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "last.ckpt"
        >>> kept = WholeCheckpoints()
        >>> kept.save_checkpoint({"cnnbook": {"format": 1}, "global_step": 7}, path)
        >>> kept.load_checkpoint(path)["global_step"]
        7
    """

    def save_checkpoint(self, checkpoint: dict[str, Any], path: str | Path, storage_options: Any = None) -> None:
        """Save the state of a run.

        Raises:
            OSError: The disk is full or the folder cannot be written; an older checkpoint of that name is as it was.
        """
        if storage_options is not None or "://" in str(path):
            super().save_checkpoint(checkpoint, path, storage_options)
            return
        content = io.BytesIO()
        torch.save(checkpoint, content)
        write_whole(path, content.getvalue())

    def load_checkpoint(self, path: str | Path, *where: Any, **how: Any) -> dict[str, Any]:
        """Read what ``save_checkpoint`` wrote, tensors on the CPU.

        Raises:
            CheckpointError: The file is torn, or not of cnnbook; the message names it and says what to do.
        """
        return super().load_checkpoint(path, *where, **how) if "://" in str(path) else read_checkpoint(path)
