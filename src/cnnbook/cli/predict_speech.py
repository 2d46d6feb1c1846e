"""``cnnbook predict speech``: which digit a recording says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
import typer
from torch import Tensor

from cnnbook import weights
from cnnbook.cli.errors import PredictError, one_line
from cnnbook.cli.given import content, silent_decoders
from cnnbook.cli.streams import json_text
from cnnbook.domains.speech import RATE, SoundError, decode_sound, mono, over_time, prepared

WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
NAME = "speech"  # of the weights
SHOWN = 3
MOST_BYTES = 200_000_000
CANCELLED = 0.1  # of the power that the mean of unrelated channels has: below, they cancel each other
SILENT = 1e-6  # of full scale


def show(path: Path, as_json: bool) -> None:
    """Reads a file, says which digit is most likely, and what had to be converted."""
    found = predict(path)
    if as_json:
        typer.echo(json_text(found))
        return
    first, *others = found["digits"]
    typer.echo(f"{first['digit']} ({WORDS[first['digit']]})  {first['probability']:.1%}")
    typer.echo("then " + ", ".join(f"{one['digit']} {one['probability']:.1%}" for one in others))
    typer.echo(f"read {found['rate']} Hz, {found['channels']} channel(s), {found['seconds']:.2f} s")
    typer.echo("converted: " + ("; ".join(found["converted"]) or "nothing"))


@torch.inference_mode()
def predict(path: Path) -> dict[str, Any]:
    """The most likely digits of a file, its properties, and the conversions.

    Raises:
        PredictError: The file cannot be read, is no sound, or is silent.
        WeightsError: The network's weights are damaged.
    """
    name = one_line(path)
    try:
        with silent_decoders():
            channels, rate = decode_sound(content(path, MOST_BYTES))
    except SoundError as error:
        raise PredictError(f"{one_line(error)}: {name}") from None
    wave, mixed = one_channel(channels)
    if not (loudest := float(wave.abs().max())) > SILENT:
        same = f"none is further than {loudest:.0e} of full scale from their mean" if loudest else "all are the same"
        raise PredictError(f"there must be a sound among the samples, and {same}: {name}")
    network, facts = weights.network(NAME, lambda facts: over_time(tuple(facts["channels"])))
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
        "converted": mixed + conversions(len(wave), rate),
    }


def one_channel(channels: Tensor) -> tuple[Tensor, list[str]]:
    """The mean of the channels; where that cancels what they hold, the loudest of them. And what was done, in words.

    Each channel is taken less its own mean, for a constant is no sound; what goes beyond full scale is scaled to it.

    Args:
        channels: ``(channels, samples)``.

    Returns:
        ``(samples,)``.

    Examples:
        >>> one_channel(torch.tensor([[1.0, -1.0, 1.0, -1.0], [-0.5, 0.5, -0.5, 0.5]]))
        (tensor([ 0.2500, -0.2500,  0.2500, -0.2500]), ['mean of 2 channels'])
        >>> one_channel(torch.tensor([[0.5, -0.5], [-0.6, 0.6]]))
        (tensor([-0.6000,  0.6000]), ['channel 2 taken: the mean of 2 cancels them'])
    """
    said = []
    if (peak := float(channels.abs().max())) > 1:
        channels = channels / peak
        said.append(f"scaled to full scale from {peak:.3g} times it")
    channels = channels - channels.mean(dim=1, keepdim=True)
    if len(channels) == 1:
        return channels[0], said
    wave = mono(channels)
    power, loudness = wave.square().mean(), channels.square().mean(dim=1)
    if power < CANCELLED * loudness.sum() / len(channels) ** 2:
        loudest = int(loudness.argmax())
        return channels[loudest], [*said, f"channel {loudest + 1} taken: the mean of {len(channels)} cancels them"]
    return wave, [*said, f"mean of {len(channels)} channels"]


def conversions(samples: int, rate: int) -> list[str]:
    """What is done to one channel before the network reads it.

    Examples:
        >>> conversions(66150, 44100)
        ['its loudest second taken', '44100 Hz to 8000 Hz']
    """
    said = []
    if samples != rate:
        said += ["its loudest second taken" if samples > rate else "silence added to one second"]
    return said + ([f"{rate} Hz to {RATE} Hz"] if rate != RATE else [])
