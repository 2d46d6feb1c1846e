"""``cnnbook-train``: one run with every setting of Lightning, from the command line or from YAML.

    cnnbook-train fit --data.n_train 300 --model.optimizer.lr 0.002 --trainer.max_epochs 20
    cnnbook-train fit --config run.yaml --ckpt_path runs/last.ckpt

The whole configuration is written to ``config.yaml`` beside the logs. ``--model ImageRegressor --data.data
super-resolution`` trains on images. A checkpoint is checked before it is used.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from pytorch_lightning import Trainer
from pytorch_lightning.callbacks import ModelCheckpoint
from pytorch_lightning.cli import LightningArgumentParser, LightningCLI
from pytorch_lightning.plugins import TorchCheckpointIO

from cnnbook.data.module import SeededData
from cnnbook.devices import check_precision, chosen
from cnnbook.errors import CnnbookError
from cnnbook.stopping import stoppable
from cnnbook.training.checkpoints import read_checkpoint
from cnnbook.training.modules import Classifier
from cnnbook.training.seeded import SeededModule
from cnnbook.training.whole import WholeCheckpoints


class TrainCLI(LightningCLI):
    """Lightning's command line with the book's defaults: one seed for the model and the data, checked checkpoints."""

    def add_arguments_to_parser(self, parser: LightningArgumentParser) -> None:
        """One seed for the model and the data; checkpoints that a run can be taken up from."""
        parser.set_defaults({"model": {"class_path": f"{Classifier.__module__}.Classifier"}})
        parser.link_arguments("data.seed", "model.init_args.seed")
        parser.add_lightning_class_args(ModelCheckpoint, "checkpoint")
        parser.set_defaults({"checkpoint.save_last": True, "checkpoint.every_n_train_steps": 100})

    def instantiate_trainer(self, **more: Any) -> Trainer:
        """The trainer, whose checkpoints are whole or not there, unless a strategy or a plugin has its own way."""
        made = super().instantiate_trainer(**more)
        if type(made.strategy.checkpoint_io) is TorchCheckpointIO:
            made.strategy.checkpoint_io = WholeCheckpoints()
        return made

    def parse_arguments(self, parser: LightningArgumentParser, args: Any) -> None:
        """Check what Lightning would only notice late: the checkpoint, the accelerator and the precision."""
        super().parse_arguments(parser, args)
        command = self.config.get("subcommand")
        given = self.config[command] if command else self.config
        try:
            if given.get("ckpt_path") and given.ckpt_path not in ("last", "best", "hpc"):
                read_checkpoint(given.ckpt_path)
            if isinstance(given.trainer.accelerator, str):
                given.trainer.accelerator = chosen(given.trainer.accelerator)
                check_precision(given.trainer.precision or "32-true", given.trainer.accelerator)
            if "ckpt_path" in given:
                given.weights_only = True  # a checkpoint holds data, never code
        except CnnbookError as error:
            parser.error(str(error))


def main(args: Sequence[str] | None = None) -> None:
    """Entry point.

    Args:
        args: Arguments; those of the process by default.
    """
    kept = "cnnbook-train: stopped. The last checkpoint is kept; --ckpt_path goes on from it."
    try:
        with stoppable(lambda: print(kept, file=sys.stderr)):
            TrainCLI(
                SeededModule,
                SeededData,
                subclass_mode_model=True,
                args=None if args is None else list(args),
                seed_everything_default=False,  # nothing here draws from a global generator
                auto_configure_optimizers=False,
                parser_kwargs={"prog": "cnnbook-train"},
                save_config_kwargs={"overwrite": True},
                trainer_defaults={"log_every_n_steps": 50},
            )
    except CnnbookError as error:
        print(f"cnnbook-train: error: {error}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
