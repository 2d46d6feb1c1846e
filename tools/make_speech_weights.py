"""Make the weights of ``cnnbook predict speech``: the network over time, trained on all real recordings.

No recording is left out, so this says nothing about how good the network is: experiment domains/speech/recordings does.
Each time it is seen, a recording stands somewhere else in the second, is a little faster or slower, and lies in noise.

    python -m cnnbook.data fsdd
    python tools/make_speech_weights.py
"""

from __future__ import annotations

import torch
from torch.nn import functional as F

from cnnbook.data.speech import recordings
from cnnbook.domains import _weights
from cnnbook.domains.speech import RATE, below_loudest, log_mel, one_second, over_time, resample

SOURCE = "FSDD v1.0.10, Z. Jackson et al., https://github.com/Jakobovski/free-spoken-digit-dataset, CC BY-SA 4.0"
STEPS, BATCH, CHANNELS, MEAN, STD = 3000, 64, (48, 64), 0.5, 0.25


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


def main() -> None:
    """Train and write the file; prints the loss now and then, and the size."""
    torch.manual_seed(0)
    draw, said = torch.Generator().manual_seed(0), recordings()
    network = over_time(CHANNELS)
    optimizer = torch.optim.AdamW(network.parameters(), lr=3e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, STEPS)
    for step in range(STEPS):
        rows = torch.randint(len(said.waves), (BATCH,), generator=draw)
        waves = torch.stack([varied(said.waves[row], draw) for row in rows.tolist()])
        spectra = (below_loudest(log_mel(waves, RATE)) - MEAN) / STD
        loss = F.cross_entropy(network(spectra), said.digits[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if step % 250 == 0:
            print(f"step {step:5}: loss {loss.item():.3f}")
    facts = {"channels": list(CHANNELS), "mean": MEAN, "std": STD, "steps": STEPS, "trained_on": SOURCE}
    path = _weights.save("speech", network.state_dict(), **facts)
    print(f"{path}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
