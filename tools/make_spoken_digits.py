"""Make the embedded data set ``spoken-digits``: the digits in Chinese and English, spoken by espeak-ng, in noise.

Voices of the test part are not in the training part. Each word stands in the middle of one second at 8 kHz, in noise
of a random strength and colour; what is kept is its log-mel spectrogram, in whole decibels below the loudest cell
(60 and more are 60), and the sound without noise of one clip a word. espeak-ng (GPL-3.0-or-later) is needed to make the
file alone; what it speaks is no part of it.

    apt-get install espeak-ng        # 1.51; another version speaks other samples
    python tools/make_spoken_digits.py
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import torch

from cnnbook.data.catalogue import folder_of_files
from cnnbook.domains.speech import RATE, log_mel, mono, one_second, read_sound, resample

WORDS = {  # language → espeak's voice, and what it is given to read
    "zh": ("cmn-latn-pinyin", ["ling2", "yi1", "er4", "san1", "si4", "wu3", "liu4", "qi1", "ba1", "jiu3"]),
    "en": ("en-us", ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]),
}
VOICES = {
    "train": ("m1", "m3", "m5", "m7", "f1", "f3", "f5", "max", "Andrea", "Pablo"),
    "test": ("m2", "m4", "f2", "f4", "linda", "Denis"),
}
MANNERS = {"train": ((150, 40), (175, 55), (210, 45)), "test": ((160, 60), (195, 35))}  # words a minute, pitch
DEPTH, SAMPLE = 60, ("train", "f3", (150, 40))


def spoken(language: str, digit: int, voice: str, speed: int, pitch: int) -> torch.Tensor:
    """One word without the silence around it, largest value 1: ``(samples,)`` at 8 kHz."""
    reader, words = WORDS[language]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "word.wav"
        command = ["espeak-ng", "-v", f"{reader}+{voice}", "-s", str(speed), "-p", str(pitch), "-w", str(path)]
        subprocess.run([*command, words[digit]], check=True)
        sound, rate = read_sound(path)
    wave = resample(mono(sound), rate, RATE)
    loud = (wave.abs() > 0.02 * wave.abs().max()).nonzero().flatten()
    wave = wave[loud[0] : loud[-1] + 1][:RATE]
    return wave / wave.abs().max()


def in_noise(wave: torch.Tensor, draw: torch.Generator) -> torch.Tensor:
    """One second with the word in the middle, in noise of 0 … 15 dB below it, between white and brown."""
    second = one_second(wave, RATE)
    ratio, colour = torch.rand(2, generator=draw).tolist()
    spectrum = torch.fft.rfft(torch.randn(RATE, generator=draw))
    noise = torch.fft.irfft(spectrum / (1 + torch.arange(len(spectrum)) / 50) ** colour, n=RATE)
    level = wave.square().mean().sqrt() / noise.square().mean().sqrt() * 10 ** (-15 * ratio / 20)
    return second + level * noise


def main() -> None:
    """Speak, compute, write the npz and print what the card needs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=folder_of_files() / "spoken-digits.npz")
    args = parser.parse_args()
    draw, arrays, samples = torch.Generator().manual_seed(0), {}, []
    for part, voices in VOICES.items():
        waves, facts = [], []
        for number, voice in enumerate(voices):
            for manner in MANNERS[part]:
                for code, language in enumerate(WORDS):
                    for digit in range(10):
                        word = spoken(language, digit, voice, *manner)
                        waves.append(in_noise(word, draw))
                        facts.append((digit, code, number))
                        if (part, voice, manner) == SAMPLE:
                            samples.append(torch.nn.functional.pad(word, (0, RATE - len(word)))[: RATE * 7 // 10])
        decibels = log_mel(torch.stack(waves), RATE)
        below = decibels.amax(dim=(1, 2), keepdim=True) - decibels
        arrays[f"{part}_spectra"] = (DEPTH - below).clamp(0, DEPTH).round().byte().numpy()
        names = ("digits", "languages", "voices")
        arrays |= {
            f"{part}_{name}": np.array(column, np.uint8)
            for name, column in zip(names, zip(*facts, strict=True), strict=True)
        }
    arrays["samples"] = (127 * torch.stack(samples)).round().to(torch.int8).numpy()
    np.savez_compressed(args.out, **arrays)
    data, shares = args.out.read_bytes(), arrays["train_spectra"] / DEPTH
    print(f"{args.out}: {len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()}")
    print({part: len(arrays[f"{part}_digits"]) for part in VOICES}, f"mean {shares.mean():.4f}, std {shares.std():.4f}")


if __name__ == "__main__":
    main()
