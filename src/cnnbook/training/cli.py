"""``cnnbook-train``: one run with every setting of Lightning, from the command line or from YAML.

    cnnbook-train fit --data.n_train 300 --model.optimizer.lr 0.002 --trainer.max_epochs 20
    cnnbook-train fit --config run.yaml --ckpt_path runs/last.ckpt

The whole configuration is written to ``config.yaml`` beside the logs. ``--model ImageRegressor --data.data
super-resolution`` trains on images. A checkpoint is checked before it is used, and so is what a configuration names:
functions and classes of packages that are not the book's need ``--trust PACKAGE``.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import pytorch_lightning as pl
from pytorch_lightning import Trainer
from pytorch_lightning.callbacks import ModelCheckpoint
from pytorch_lightning.cli import LightningArgumentParser, LightningCLI
from pytorch_lightning.plugins import TorchCheckpointIO

import cnnbook
from cnnbook.data.module import SeededData
from cnnbook.devices import check_precision, check_started, chosen
from cnnbook.errors import CnnbookError
from cnnbook.stopping import stoppable
from cnnbook.training import trust
from cnnbook.training.checkpoints import read_checkpoint
from cnnbook.training.modules import Classifier
from cnnbook.training.refusals import Parser, check_intervals, check_machine, refusal, refuse
from cnnbook.training.seeded import SeededModule
from cnnbook.training.trainers import unprofiled
from cnnbook.training.whole import WholeCheckpoints


class TrainCLI(LightningCLI):
    """Lightning's command line with the book's defaults: one seed for the model and the data, checked checkpoints."""

    def init_parser(self, **kwargs: Any) -> LightningArgumentParser:
        """A parser that refuses in one line."""
        kwargs.setdefault("dump_header", [f"pytorch_lightning=={pl.__version__}"])
        parser = Parser(**kwargs)
        parser.add_argument("-c", "--config", action="config", help="A configuration in YAML or JSON.")
        return parser

    def add_arguments_to_parser(self, parser: LightningArgumentParser) -> None:
        """One seed for the model and the data; checkpoints that a run can be taken up from."""
        parser.set_defaults({"model": {"class_path": f"{Classifier.__module__}.Classifier"}})
        parser.link_arguments("data.seed", "model.init_args.seed")
        parser.add_lightning_class_args(ModelCheckpoint, "checkpoint")
        parser.set_defaults({"checkpoint.save_last": True, "checkpoint.every_n_train_steps": 100})
        parser.add_argument(
            trust.OPTION,
            type=str | None,
            metavar="PACKAGE,…",
            help="Packages beside the book's whose functions and classes the configuration may name and so run; on the "
            "command line alone.",
        )

    def instantiate_trainer(self, **more: Any) -> Trainer:
        """The trainer, whose checkpoints are whole or not there, unless a strategy or a plugin has its own way."""
        made = unprofiled(super().instantiate_trainer(**more))
        if type(made.strategy.checkpoint_io) is TorchCheckpointIO:
            made.strategy.checkpoint_io = WholeCheckpoints()
        return made

    def parse_arguments(self, parser: LightningArgumentParser, args: Any) -> None:
        """Check what Lightning would only notice late: the checkpoint, the accelerator, devices and precision."""
        super().parse_arguments(parser, args)
        self.trusted = trust.trusted(sys.argv[1:] if args is None else args)
        given = self._given()
        if given.get("trust") and not self.trusted:
            refuse(f"{trust.OPTION} is for the command line, got trust={given.trust!r} in a configuration")
        if given.get("ckpt_path") and given.ckpt_path not in ("last", "best", "hpc"):
            read_checkpoint(given.ckpt_path)
        plan = given.trainer
        check_intervals(plan)
        if isinstance(plan.accelerator, str):
            plan.accelerator = chosen(plan.accelerator)
            check_precision(plan.precision or "32-true", plan.accelerator)
            check_machine(plan.accelerator, plan.devices, plan.num_nodes, plan.strategy, given.data.batch_size)
        check_started(plan.num_nodes)
        if "ckpt_path" in given:
            given.weights_only = True  # a checkpoint holds data, never code

    def before_instantiate_classes(self) -> None:
        """Refuse names of functions and classes that are not trusted, those of a checkpoint too."""
        trust.check(self._given().as_dict(), self.trusted)

    def _given(self) -> Any:
        """The settings of the command that was asked for."""
        command = self.config.get("subcommand")
        return self.config[command] if command else self.config


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
                parser_kwargs={"prog": "cnnbook-train", "version": cnnbook.__version__},
                save_config_kwargs={"overwrite": True},
                trainer_defaults={"log_every_n_steps": 50},
            )
    except CnnbookError as error:
        refuse(str(error))
    except Exception as error:
        if message := refusal(error):
            refuse(message)
        raise


if __name__ == "__main__":
    main()
