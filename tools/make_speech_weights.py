"""Make the weights of ``cnnbook predict speech``, the network over time trained on all real recordings, and the filters
of 5.17.5's picture, those of the network over raw samples.

No recording is left out, so this says nothing about how good the network is: experiment domains/speech/recordings does.
Each time it is seen, a recording stands somewhere else in the second, is a little faster or slower, and lies in noise.

    python -m cnnbook.data fsdd
    python tools/make_speech_weights.py
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch.nn import functional as F

from cnnbook import weights
from cnnbook.data.speech import Recordings, recordings
from cnnbook.domains.speech import RATE, below_loudest, log_mel, one_second, over_samples, over_time, resample
from fitting import fit

SOURCE = "FSDD v1.0.10, Z. Jackson et al., https://github.com/Jakobovski/free-spoken-digit-dataset, CC BY-SA 4.0"
STEPS, BATCH, CHANNELS, MEAN, STD = 1200, 64, (48, 64), 0.5, 0.25


def varied(wave: torch.Tensor, draw: torch.Generator) -> torch.Tensor:
    """One second of a recording as it might have been spoken elsewhere."""
    speed, place, ratio, colour = torch.rand(4, generator=draw).tolist()
    wave = resample(one_second(wave, RATE) if len(wave) > RATE else wave, RATE, round(RATE * (0.85 + 0.3 * speed)))[
        :RATE
    ]
    start = round(place * (RATE - len(wave)))
    noise = torch.fft.rfft(torch.randn(RATE, generator=draw))
    noise = torch.fft.irfft(noise / (1 + torch.arange(len(noise)) / 50) ** colour, n=RATE)
    level = wave.square().mean().sqrt() / noise.square().mean().sqrt() * 10 ** (-(5 + 50 * ratio) / 20)
    return F.pad(wave, (start, RATE - len(wave) - start)) + level * noise


def trained(
    network: torch.nn.Module, seen: Callable[[torch.Tensor], torch.Tensor], said: Recordings, steps: int
) -> None:
    """Train on waves of one second, of which the network sees what ``seen`` makes of them."""
    draw = torch.Generator().manual_seed(0)

    def batch() -> tuple[torch.Tensor, torch.Tensor]:
        rows = torch.randint(len(said.waves), (BATCH,), generator=draw)
        waves = torch.stack([varied(said.waves[row], draw) for row in rows.tolist()])
        return seen(waves), said.digits[rows]

    fit(network, batch, steps, every=250)


def main() -> None:
    """Train both and write their files; prints the loss now and then, and the sizes."""
    torch.manual_seed(0)
    said, network, samples = recordings(), over_time(CHANNELS), over_samples()
    trained(network, lambda waves: (below_loudest(log_mel(waves, RATE)) - MEAN) / STD, said, STEPS)
    facts = {"channels": list(CHANNELS), "mean": MEAN, "std": STD, "steps": STEPS, "trained_on": SOURCE}
    paths = [weights.save("speech", network.state_dict(), **facts)]
    trained(samples, lambda waves: (waves / waves.square().mean(1, keepdim=True).sqrt())[:, None], said, STEPS)
    paths.append(weights.save("speech-filters", {"weight": samples[0].weight}, steps=STEPS, trained_on=SOURCE))
    print(*(f"{path}: {path.stat().st_size} bytes" for path in paths), sep="\n")


if __name__ == "__main__":
    main()
