"""``cnnbook predict speech``: which digit a WAV file says."""

from __future__ import annotations

import json
from typing import Any

import torch
import typer

from cnnbook import weights
from cnnbook.cli.errors import PredictError
from cnnbook.domains.speech import RATE, mono, over_time, prepared, read_wav

WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
NAME = "speech"  # of the weights
SHOWN = 3


def show(path: str, as_json: bool) -> None:
    """Reads a file, says which digit is most likely, and what had to be converted."""
    found = predict(path)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    first, *others = found["digits"]
    typer.echo(f"{first['digit']} ({WORDS[first['digit']]})  {first['probability']:.1%}")
    typer.echo("then " + ", ".join(f"{one['digit']} {one['probability']:.1%}" for one in others))
    typer.echo(f"read {found['rate']} Hz, {found['channels']} channel(s), {found['seconds']:.2f} s")
    typer.echo("converted: " + ("; ".join(found["converted"]) or "nothing"))


@torch.inference_mode()
def predict(path: str) -> dict[str, Any]:
    """The most likely digits of a file, its properties, and the conversions.

    Raises:
        PredictError: The file cannot be read, is no sound of whole numbers, or is silent.
    """
    try:
        channels, rate = read_wav(path)
    except OSError as error:
        raise PredictError(f"{path} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise PredictError(str(error)) from None
    wave = mono(channels)
    wave = wave - wave.mean()  # a constant is no sound
    if not wave.abs().max() > 1e-6:
        raise PredictError(f"{path} is silent: all its samples are the same")
    state, facts = weights.read(NAME)
    network = over_time(tuple(facts["channels"])).eval()
    network.load_state_dict(state)
    outputs = network((prepared(wave, rate) - facts["mean"]) / facts["std"])
    values, digits = outputs.softmax(dim=1)[0].topk(SHOWN)
    return {
        "file": str(path),
        "digits": [
            {"digit": digit, "probability": value}
            for digit, value in zip(digits.tolist(), values.tolist(), strict=True)
        ],
        "rate": rate,
        "channels": len(channels),
        "seconds": len(wave) / rate,
        "converted": conversions(len(channels), len(wave), rate),
    }


def conversions(channels: int, samples: int, rate: int) -> list[str]:
    """What is done to a sound before the network reads it.

    Examples:
        >>> conversions(2, 66150, 44100)
        ['mean of 2 channels', 'its loudest second taken', '44100 Hz to 8000 Hz']
    """
    said = [f"mean of {channels} channels"] if channels > 1 else []
    if samples != rate:
        said += ["its loudest second taken" if samples > rate else "silence added to one second"]
    return said + ([f"{rate} Hz to {RATE} Hz"] if rate != RATE else [])
