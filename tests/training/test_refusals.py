"""``cnnbook-train`` where it cannot do what it was asked, or should not: a line, and exit code 2."""

import math
import re
import subprocess

import pytest
import torch
import yaml

from cnnbook.devices import STARTED, check_started
from cnnbook.training import Optimizer, trust
from cnnbook.training.cli import main
from cnnbook.training.refusals import check_machine, refusal

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")
SHORT = ("--trainer.accelerator=cpu", "--trainer.max_steps=1", "--trainer.logger=false", "--trainer.devices=1")
SHORT = (*SHORT, "--trainer.enable_progress_bar=false", "--trainer.enable_model_summary=false", "--data.n_train=50")


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """What a run writes goes here."""
    monkeypatch.chdir(tmp_path)


def line(capsys, *arguments):
    """The line that a refused run prints."""
    with pytest.raises(SystemExit) as end:
        main(["fit", *SHORT, *arguments])
    told = capsys.readouterr()
    lines = [one for one in told.err.splitlines() if one.startswith("cnnbook-train: error: ")]
    assert end.value.code == 2 and len(lines) == 1 and "Traceback" not in told.err, told.err
    assert told.err.splitlines()[-1] == lines[0]
    return lines[0].removeprefix("cnnbook-train: error: ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--data.n_train=0"], "n_train ≥ 1 and n_val ≥ 0 must fit into a pool of 5000, got n_train=0"),
        (["--data.n_train=100000"], "n_train ≥ 1 and n_val ≥ 0 must fit into a pool of 5000, got n_train=100000"),
        (["--data.batch_size=0"], "batch_size must be between 1 and n_train, got 0 with 50 examples"),
        (["--data.batch_size=51"], "batch_size must be between 1 and n_train, got 51 with 50 examples"),
        (["--data.label_noise=2"], "the share of wrong labels must be in [0, 1], got 2"),
        (["--data.data=fashion"], "data must be one of fashion-mnist, fashion-mnist-mini, photographs, super-res"),
        (["--data.data=cnnbook.data.sources:none"], "data 'cnnbook.data.sources:none' cannot be imported: "),
        (["--data.seed=one"], 'Parser key "data.seed": '),
        (["--model.network=transformer"], "network must be one of mlp, small-cnn, sub-pixel or "),
        (["--model.loss=regret"], "loss must be one of cross_entropy, mae, mse or "),
        (["--model.optimizer.lr=-1"], "the learning rate must be positive and finite, got lr=-1.0"),
        (["--trainer.accelerator=abacus"], "accelerator must be one of auto, cpu, cuda, gpu, mps, tpu, got 'abacus'"),
        (["--trainer.devices=5"], "batch_size must be a multiple of the 5 processes, got 32"),
        (["--trainer.devices=0"], "devices must be auto, a number of at least 1, -1 for all, or which, as 0,2; got 0"),
        (["--trainer.devices=many"], "devices must be auto, a number of at least 1, -1 for all, or which, as 0,2; "),
        (
            ["--model.optimizer.schedule=cosine", "--trainer.max_steps=-1", "--trainer.max_epochs=-1"],
            "schedule 'cosine' needs the run's length: give max_steps or max_epochs, got neither",
        ),
        (["--trainer.num_nodes=0"], "num_nodes must be at least 1, got 0"),
        (["--trainer.accumulate_grad_batches=0"], "accumulate_grad_batches must be at least 1, got 0"),
        (["--trainer.val_check_interval=0"], "val_check_interval must be at least 1 batch, or a share of an epoch, "),
        (["--trainer.check_val_every_n_epoch=0"], "check_val_every_n_epoch must be at least 1, got 0"),
        (["--model.optimizer.momentum=-3"], "momentum must be at least 0 and finite, got -3.0"),
        (["--model.optimizer.weight_decay=.nan"], "weight_decay must be at least 0 and finite, got nan"),
        (["--trainer.strategy=luck"], "strategy must be one of auto, ddp"),
        (["--trainer.strategy=fsdp"], "The strategy `fsdp` requires a GPU accelerator"),
        (["--trainer.precision=16-mixed"], "half precision needs a GPU (try 'bf16-mixed'), got precision='16-mixed'"),
        (["--trainer.precision=exact"], 'Parser key "trainer.precision": '),
        (["--trainer.max_steps=many"], 'Parser key "trainer.max_steps": '),
        (["--trainer.steps=3"], "nrecognized arguments: --trainer.steps=3"),
        (["--config=nowhere.yaml"], 'Parser key "config": '),
        (["--ckpt_path=nowhere.ckpt"], "there is no checkpoint nowhere.ckpt"),
    ],
    ids=lambda value: value[0].removeprefix("--") if isinstance(value, list) else "",
)
def test_what_cannot_be_is_one_clear_line_and_exit_code_2(capsys, arguments, message):
    assert message in line(capsys, *arguments)  # older parsers say more before it


def test_a_folder_that_cannot_be_written_is_named(capsys, tmp_path):
    (tmp_path / "file").touch()
    for option in ("--trainer.default_root_dir", "--checkpoint.dirpath"):
        assert str(tmp_path / "file/runs") in line(capsys, f"{option}={tmp_path}/file/runs")


def test_an_accelerator_that_is_not_there_names_those_that_are(capsys):
    absent = "cuda" if not torch.cuda.is_available() else "tpu"
    said = line(capsys, f"--trainer.accelerator={absent}")
    assert said.startswith(f"accelerator must be one that this machine has, got '{absent}'") and "cpu" in said


def test_several_machines_that_nothing_starts_are_refused(capsys, monkeypatch):
    for name in STARTED:
        monkeypatch.delenv(name, raising=False)
    said = "num_nodes must be 1 where nothing starts the command on the other machines, got 2: start it by srun or"
    assert line(capsys, "--trainer.num_nodes=2").startswith(said)
    monkeypatch.setenv("NODE_RANK", "0")
    check_started(2)


def test_several_processes_share_the_batch():
    for devices, nodes in ((4, 2), ("4", 2), ("8", 1), ("auto", 8)):
        check_machine("cpu", devices, nodes, "ddp", 32)
        with pytest.raises(ValueError, match="batch_size must be a multiple of the 8 processes, got 33"):
            check_machine("cpu", devices, nodes, "ddp", 33)


def test_an_error_of_someone_elses_code_keeps_its_traceback():
    with pytest.raises(ValueError, match="could not convert") as caught:
        float("one")
    assert refusal(caught.value) is None


@pytest.mark.parametrize(
    ("key", "name", "place"),
    [
        ("data", "subprocess:getoutput", "subprocess"),
        ("network", "torch.nn.functional:importlib.import_module", "importlib"),
        ("network", "torch:os.system", "torch"),
        ("loss", "cnnbook.training.losses:torch.load", "torch.serialization"),
        ("penalty", "cnnbook.files:write_whole", "cnnbook.files"),
        ("data", "cnnbook.data.download:fetch", "cnnbook.data.download"),
        ("anything", "os:system", "os"),
        ("class_path", "subprocess.Popen", "subprocess"),
        ("class_path", "cnnbooks.training.Classifier", "cnnbooks.training"),
    ],
)
def test_a_name_that_leads_out_of_the_book_is_refused_wherever_it_stands(key, name, place):
    for config in ({key: name}, {"deep": [{"options": {key: name}}]}, {key: [name]}):
        with pytest.raises(trust.TrustError) as caught:
            trust.check(config)
        assert repr(name) in str(caught.value) and str(caught.value).endswith(f"--trust {place}")


def test_what_the_book_itself_names_is_let_in():
    from cnnbook.evidence import registry

    for experiment in registry.everything().values():
        trust.check(experiment.configuration())
    paths = ("cnnbook.training.Classifier", "torch.nn.Linear", "pytorch_lightning.callbacks.EarlyStopping")
    trust.check([{"class_path": path} for path in paths])
    trust.check(
        {"network": "torch.nn:Linear", "save_dir": "C:/runs", "address": "localhost:8786", "url": "https://a/b"}
    )


def test_a_callable_that_the_parser_has_looked_up_is_checked_too():
    with pytest.raises(trust.TrustError, match="subprocess:getoutput"):
        trust.check({"on_fit_start": subprocess.getoutput})


def configured(folder, **changes):
    path = folder / "run.yaml"
    path.write_text(yaml.safe_dump({"data": {"n_train": 50}} | changes), encoding="utf-8")
    return f"--config={path}"


def test_a_configuration_runs_no_program(capsys, tmp_path):
    attack = {"data": "subprocess:getoutput", "options": {"cmd": f"touch {tmp_path}/there"}}
    arguments = configured(tmp_path, data=attack)
    assert line(capsys, arguments).startswith("a configuration may name functions of cnnbook and torch.nn alone, got")
    assert line(capsys, configured(tmp_path, data=attack, trust="subprocess")).startswith(
        "--trust is for the command line, got trust='subprocess' in a configuration"
    )
    again = {"data": "cnnbook.data.sources:arrays", "options": {"name": "subprocess:getoutput", "cmd": "exit"}}
    assert "'subprocess:getoutput'" in line(capsys, configured(tmp_path, data=again))
    assert not (tmp_path / "there").exists()


def test_a_sampler_of_ones_own_runs_where_it_is_trusted(capsys, tmp_path, monkeypatch):
    (tmp_path / "mine.py").write_text(
        "import torch\n\ndef order(labels, generator):\n    open('called', 'w').close()\n"
        "    return torch.arange(len(labels))\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    assert line(capsys, "--data.sampler=mine:order").endswith("--trust mine")
    assert not (tmp_path / "called").exists()
    main(["fit", *SHORT, "--data.sampler=mine:order", "--trust", "mine"])
    assert (tmp_path / "called").exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"weight_decay": math.nan}, "weight_decay must be at least 0 and finite, got nan"),
        ({"name": "sgd", "momentum": math.inf}, "momentum must be at least 0 and finite, got inf"),
        ({"momentum": -0.1}, "momentum must be at least 0 and finite, got -0.1"),
        ({"warmup": 1.5}, "warmup must be a whole number of steps, at least 0, got 1.5"),
        ({"warmup": -1}, "warmup must be a whole number of steps, at least 0, got -1"),
        ({"lr": math.nan}, "the learning rate must be positive and finite, got lr=nan"),
    ],
)
def test_an_optimiser_has_numbers(given, said):
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        Optimizer(**given)
