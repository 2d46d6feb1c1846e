"""The command line: ``cnnbook list``, ``run``, ``claims``, ``verify``, ``diagnose``, ``predict …``, ``doctor``, and for
the exercises ``check`` and ``exercises``.

Nothing but typer is imported here; every command imports the module beside this one that does its work, so that
``cnnbook --help`` answers at once. What goes wrong on the user's side is one line on standard error and exit code 2;
a disagreement is exit code 1; Ctrl-C is 130.
"""

from __future__ import annotations

import atexit
import functools
import gc
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer

from cnnbook.cli import streams
from cnnbook.cli.dashes import FileCommand, ReviewCommand

app = typer.Typer(
    name="cnnbook",
    help="Run the book's experiments and see its claims with their verdicts.\n\nExample: cnnbook run all --quick",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
predict = typer.Typer(
    help="Ask the book's small trained networks about your own data.",
    epilog='Example: cnnbook predict text "not bad at all"',
    no_args_is_help=True,
)
app.add_typer(predict, name="predict")


def whole(name: str, help: str) -> Any:
    """The option of that name, which takes a whole number, and refuses anything else in one line."""

    def read(value: str) -> int:
        try:
            return int(value)
        except ValueError:
            typer.echo(f"cnnbook: {name} must be a whole number, got {value!r}", err=True)
            raise typer.Exit(2) from None

    return typer.Option(parser=read, metavar="INTEGER", help=help)


Seeds = Annotated[int | None, whole("--seeds", "How many seeds; by default as many as the experiment declares.")]
Accelerator = Annotated[str, typer.Option(help="cpu, gpu, cuda, mps, tpu or auto.")]
Devices = Annotated[str, typer.Option(help="How many devices, or auto.")]
NumNodes = Annotated[int, whole("--num-nodes", "Machines that train one network together.")]
Strategy = Annotated[str, typer.Option(help="Lightning's strategy, for instance ddp.")]
Precision = Annotated[str, typer.Option(help="Lightning's precision, for instance bf16-mixed.")]
Jobs = Annotated[
    int | None,
    whole(
        "--jobs",
        "Processes on this machine that share arms and seeds; -1 is one a core, as by default on a CPU; "
        "else 1 by default: arms would share the device.",
    ),
]
Cluster = Annotated[
    str | None, typer.Option(metavar="ADDRESS", help="Dask scheduler, for instance tcp://10.0.0.1:8786.")
]
Out = Annotated[
    str | None,
    typer.Option(
        metavar="FOLDER", help="Where results go; by default results/ of the clone, or, without one, of here."
    ),
]
Quick = Annotated[bool, typer.Option("--quick", help="Two seeds and short training: a try, not evidence.")]


RESUMED = ("run", "verify")  # commands that go on from what they have finished


def clear_errors(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turns the package's own errors into one line and exit code 2; Ctrl-C is a line and 130, SIGTERM one and 143."""

    @functools.wraps(command)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        from cnnbook.errors import CnnbookError
        from cnnbook.stopping import stoppable

        resumed = getattr(command, "__name__", "") in RESUMED
        kept = " What was finished is kept; the same command goes on from there." if resumed else ""
        with stoppable(lambda: typer.echo(f"cnnbook: stopped.{kept}", err=True)):
            try:
                return command(*args, **kwargs)
            except CnnbookError as error:
                typer.echo(f"cnnbook: {error}", err=True)
                raise typer.Exit(2) from None

    return guarded


def _version(asked: bool) -> None:
    if asked:
        import cnnbook

        typer.echo(f"cnnbook {cnnbook.__version__}")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """What all commands share."""


@app.command("list", epilog="Example: cnnbook list --lang zh")
@clear_errors
def list_(
    lang: Annotated[
        str | None, typer.Option(metavar="zh|en", help="Of the questions; by default that of the locale.")
    ] = None,
) -> None:
    """Experiments with their cost, their last result, and whether it is stale."""
    from cnnbook.cli import listing

    listing.show(lang)


@app.command(epilog="Example: cnnbook run generalisation/dropout --seeds 10 --accelerator gpu --precision bf16-mixed")
@clear_errors
def run(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME…", help="Experiments as `cnnbook list` names them, or: all")
    ] = None,
    seeds: Seeds = None,
    quick: Quick = False,
    accelerator: Accelerator = "auto",
    devices: Devices = "auto",
    num_nodes: NumNodes = 1,
    strategy: Strategy = "auto",
    precision: Precision = "32-true",
    out: Out = None,
    jobs: Jobs = None,
    cluster: Cluster = None,
    restamp: Annotated[
        bool,
        typer.Option(
            "--restamp",
            help="Prove that changed code measures the same: of what is stale (by default all), each arm briefly with "
            "its first seed, the baseline in full; where they agree, the result is declared fresh. Exit code 1 where "
            "an arm differs.",
        ),
    ] = False,
) -> None:
    """Run experiments and write their results. A run that was stopped goes on where it was; where some arms of a
    result still stand, the others are measured."""
    if restamp:
        from cnnbook.cli import restamp as restamping

        if not restamping.restamp(names or [], -1 if jobs is None else jobs):
            raise typer.Exit(1)
        return
    if not names:
        raise typer.BadParameter("name experiments as `cnnbook list` does, or: all", param_hint="NAME…")
    from cnnbook.cli import running

    options = running.options(accelerator, devices, num_nodes, strategy, precision, quick, cluster)
    running.run(names, seeds, options, out, jobs, cluster)


@app.command("claims", epilog="Example: cnnbook claims --json > claims.json")
@clear_errors
def claims_(
    json: Annotated[
        bool, typer.Option("--json", help="Everything as JSON, with a message where a result is missing.")
    ] = False,
) -> None:
    """Every claim of the chapter with its verdict, effect and interval."""
    from cnnbook.cli import claims

    claims.show(as_json=json)


@app.command(epilog="Example: cnnbook verify generalisation/dropout (exit code 1 where it disagrees)")
@clear_errors
def verify(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME…]", help="Experiments; by default all.")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Confirm on seeds that were not used before.")] = False,
    accelerator: Accelerator = "auto",
    devices: Devices = "auto",
    num_nodes: NumNodes = 1,
    strategy: Strategy = "auto",
    precision: Precision = "32-true",
    jobs: Jobs = None,
    cluster: Cluster = None,
) -> None:
    """Run experiments again and compare with the committed results, within their intervals."""
    from cnnbook.cli import running

    options = running.options(accelerator, devices, num_nodes, strategy, precision, False, cluster)
    if not running.verify(names or ["all"], options, fresh, jobs, cluster):
        raise typer.Exit(1)


@app.command("diagnose", cls=FileCommand, epilog="Example: cnnbook diagnose lightning_logs --classes 10")
@clear_errors
def diagnose_(
    log: Annotated[
        str, typer.Argument(metavar="LOGDIR", help="A run's folder or log, or a folder of runs: then its newest.")
    ],
    train: Annotated[str | None, typer.Option(metavar="COLUMN", help="The training loss.")] = None,
    val: Annotated[str | None, typer.Option(metavar="COLUMN", help="The validation loss.")] = None,
    classes: Annotated[
        int | None, whole("--classes", "How many classes; the losses are then measured by that of guessing.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Branch, reasons and columns as JSON.")] = False,
) -> None:
    """Say from a run's curves what is wrong with it, and how sure that is. Logs are tables, JSON or TensorBoard's."""
    from cnnbook.cli import diagnose

    diagnose.show(log, train, val, classes, as_json=json)


@app.command("check", epilog="Example: cnnbook check transposed-1 my.py (exit code 1 where it is not yet right)")
@clear_errors
def check_(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="As `cnnbook exercises` lists it.")] = None,
    file: Annotated[str | None, typer.Argument(metavar="FILE", help="A .py file that defines the function.")] = None,
    all_: Annotated[
        str | None,
        typer.Option(
            "--all",
            metavar="FOLDER",
            help="Every .py file below a folder: all of exercise NAME, or, without it, each of the exercise that it is "
            "named after. The files run with your rights: check those of others in a container.",
        ),
    ] = None,
    csv: Annotated[bool, typer.Option("--csv", help="With --all: a table with a row a file.")] = False,
    lang: Annotated[
        str | None, typer.Option(metavar="zh|en", help="Of what is said; by default that of the locale.")
    ] = None,
) -> None:
    """Say whether an answer to an exercise of the book is right, and if not, where it first goes wrong."""
    from pathlib import Path

    from cnnbook.cli import check

    if all_ is not None and file is None:
        check.many(name, Path(all_), csv, lang)
    elif name is None or file is None or all_ is not None or csv:
        raise typer.BadParameter("give an exercise and a file, or --all FOLDER with or without an exercise")
    elif not check.one(name, Path(file), lang):
        raise typer.Exit(1)


@app.command("exercises", epilog="Example: cnnbook exercises --lang zh")
@clear_errors
def exercises_(
    lang: Annotated[
        str | None, typer.Option(metavar="zh|en", help="Of the titles; by default that of the locale.")
    ] = None,
) -> None:
    """The book's exercises, and which of them you have done."""
    from cnnbook.cli import exercises

    exercises.show(lang)


@predict.command(cls=FileCommand, epilog="Example: cnnbook predict image photo.jpg")
@clear_errors
def image(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A picture of clothing, of any size and mode.")],
    json: Annotated[bool, typer.Option("--json", help="Classes, probabilities and what was done, as JSON.")] = False,
) -> None:
    """Say which of ten kinds of clothing a picture shows."""
    from pathlib import Path

    from cnnbook.cli import predict_image

    predict_image.show(Path(file), as_json=json)


@predict.command(cls=ReviewCommand, epilog='Example: cnnbook predict text "屏幕很好，就是太贵"')
@clear_errors
def text(
    words: Annotated[
        str, typer.Argument(metavar="TEXT", help="A review, Chinese or English; quote it, and put -- before a dash.")
    ],
    lang: Annotated[
        str | None, typer.Option(metavar="zh|en", help="By default zh where there is a Chinese character, else en.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Class, probability, tokens and shares as JSON.")] = False,
) -> None:
    """Say whether a review is praise or complaint, and which n-grams decided."""
    from cnnbook.cli import predict_text

    predict_text.show(words, lang, as_json=json)


@predict.command(cls=FileCommand, epilog="Example: cnnbook predict speech seven.wav")
@clear_errors
def speech(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="One spoken digit, in English: WAV, FLAC, OGG or MP3, of any rate.")
    ],
    json: Annotated[bool, typer.Option("--json", help="Digits, probabilities and conversions as JSON.")] = False,
) -> None:
    """Say which digit is spoken in a recording."""
    from pathlib import Path

    from cnnbook.cli import predict_speech

    predict_speech.show(Path(file), as_json=json)


@app.command("doctor", epilog="Example: cnnbook doctor")
@clear_errors
def doctor_() -> None:
    """Versions, device, data and results: what this machine has."""
    from cnnbook.cli import doctor

    doctor.show()


def main() -> None:
    """The entry point of the ``cnnbook`` command."""
    streams.prepare()
    if sys.argv[1:2] == ["predict"]:  # an answer leaves no garbage; to look for some in torch takes a third of its time
        gc.disable()
        atexit.register(gc.freeze)
    with streams.written():
        app()
