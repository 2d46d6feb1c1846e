"""Spoken digits: what convolution slides over, in time, in pitch, or along the raw samples.

Synthetic digits (installed with the package) are said by voices that were not trained on, as they are and changed:
moved in time, run backwards, cut into pieces that are put in another order, moved in pitch. Real recordings (a
download) are said by a speaker who was left out of training: seed s leaves out speaker s mod 6, so that twelve seeds
leave out each of the six twice. People differ more than networks do, so each counts once in an interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import torch
from torch import Tensor

from cnnbook.data.sources import Arrays
from cnnbook.data.speech import missing_recordings, recordings, spoken_digits
from cnnbook.domains.speech import (
    RATE,
    below_loudest,
    dense,
    log_mel,
    one_second,
    over_picture,
    over_samples,
    over_time,
)
from cnnbook.evidence.experiment import Experiment, Progress, RunOptions
from cnnbook.evidence.text import Text
from cnnbook.experiments._classifiers import METRICS, measure
from cnnbook.figures import Figures
from cnnbook.training.config import Optimizer, TrainConfig

MEAN, STD = 0.63, 0.13  # of the synthetic training spectra
FRAMES_LATER, BANDS_HIGHER = 5, 2
PIECE = 10  # frames, 200 ms: one more than the network over time sees at once
SPEAKERS = 6
TURNS = {metric.name: SPEAKERS for metric in METRICS}  # of real recordings: each seed leaves out a speaker


def shuffled(spectra: Tensor, change: str) -> Tensor:
    """Spectrograms ``(N, bands, frames)`` cut into pieces of ``PIECE`` frames, the last one shorter: the ``"pieces"``
    in another order, or the frames ``"inside"`` each; anew for every clip.

    Examples:
        >>> frames = torch.arange(12.0).expand(1, 1, 12)
        >>> shuffled(frames, "inside")[0, 0, -2:].tolist()
        [11.0, 10.0]
    """
    draw = torch.Generator().manual_seed(5175)
    moved = []
    for clip in spectra:
        pieces = torch.arange(clip.shape[-1]).split(PIECE)
        if change == "pieces":
            pieces = [pieces[place] for place in torch.randperm(len(pieces), generator=draw)]
        else:
            pieces = [piece[torch.randperm(len(piece), generator=draw)] for piece in pieces]
        moved.append(clip[:, torch.cat(pieces)])
    return torch.stack(moved)


def changed(spectra: Tensor, change: str) -> Tensor:
    """Spectrograms ``(N, bands, frames)``, in turn ``"later"`` and earlier by 100 ms, ``"backwards"``, ``shuffled``, or
    ``"higher"`` by two bands; as they are with ``""``.

    Examples:
        >>> changed(torch.tensor([[[1.0, 2.0, 3.0]]]), "backwards").tolist()
        [[[3.0, 2.0, 1.0]]]
    """
    if change == "later":
        moved = spectra.clone()
        moved[::2] = spectra[::2].roll(FRAMES_LATER, -1)
        moved[1::2] = spectra[1::2].roll(-FRAMES_LATER, -1)
        return moved
    if change in ("pieces", "inside"):
        return shuffled(spectra, change)
    if change == "higher":
        lowest = spectra[:, :1].expand(-1, BANDS_HIGHER, -1)
        return torch.cat([lowest, spectra[:, :-BANDS_HIGHER]], dim=1)
    return spectra.flip(-1) if change == "backwards" else spectra


def synthetic(change: str = "") -> Arrays:
    """The synthetic digits in both languages, the test digits ``changed``.

    Examples:
        >>> synthetic("later").test_inputs.shape
        torch.Size([240, 24, 49])
    """
    train, test = spoken_digits("train"), spoken_digits("test")
    return Arrays(train.spectra, train.digits, changed(test.spectra, change), test.digits, mean=MEAN, std=STD)


@cache
def seconds() -> Tensor:
    """The loudest second of every real recording, ``(3000, 8000)``."""
    return torch.stack([one_second(wave, RATE) for wave in recordings().waves])


@cache
def spectra() -> Tensor:
    """Of the same seconds the spectrograms, ``(3000, 24, 49)``."""
    return below_loudest(log_mel(seconds(), RATE))


def real(left_out: int = 0, samples: bool = False, mixed: bool = False) -> Arrays:
    """The real recordings.

    Args:
        left_out: Whose recordings are the test part.
        samples: Whether the inputs are samples ``(N, 1, 8000)`` instead of spectrograms ``(N, 24, 49)``.
        mixed: Whether a sixth of everybody's recordings is the test part instead: the trap of a random split.
    """
    said, waves = recordings(), seconds()
    if samples:
        inputs, mean, std = waves[:, None] / waves.square().mean(dim=1).sqrt()[:, None, None], 0.0, 1.0
    else:
        inputs, mean, std = spectra(), 0.2, 0.28
    order = (
        torch.arange(len(waves))
        if not mixed
        else torch.randperm(len(waves), generator=torch.Generator().manual_seed(0))
    )
    test = order % SPEAKERS == left_out if mixed else said.speakers == left_out
    return Arrays(inputs[~test], said.digits[~test], inputs[test], said.digits[test], mean=mean, std=std)


def measure_speakers(
    config: TrainConfig, seeds: Sequence[int], options: RunOptions, progress: Progress | None
) -> Figures:
    """Train an arm; each seed leaves out a speaker of its own."""
    of_seed: dict[int, Figures] = {}
    for speaker in sorted({seed % SPEAKERS for seed in seeds}):
        own = [seed for seed in seeds if seed % SPEAKERS == speaker]
        one = replace(config, data_options={**config.data_options, "left_out": speaker})
        figures = measure(one, own, options, None)
        of_seed |= {seed: figures.seed(place) for place, seed in enumerate(own)}
        if progress:
            progress(len(of_seed), len(seeds))
    return Figures.of_seeds([of_seed[seed] for seed in seeds])


NETWORKS = {
    "dense": (dense, {}),
    "time": (over_time, {}),
    "picture": (over_picture, {}),
    "free": (over_picture, {"keep_pitch": False}),
    "samples": (over_samples, {}),
}


def arm(network: str, **options: object) -> TrainConfig:
    """One arm on the synthetic digits."""
    function, network_options = NETWORKS[network]
    return TrainConfig(
        network=function,
        network_options=network_options,
        data=synthetic,
        data_options=options,
        n_train=400,
        steps=300,
        optimizer=Optimizer("adam", lr=3e-3),
    )


def real_arm(network: str, **options: object) -> TrainConfig:
    """One arm on the real recordings: four fifths of those of five speakers."""
    return replace(arm(network), data=real, data_options=options, n_train=2000, steps=400)


SYNTHETIC = Experiment(
    name="domains/speech",
    question=Text(
        zh="卷积沿什么方向滑动，认没听过的声音念的数字就更准？词晚一点、倒过来、音高一点，又会怎样？",
        en="Along what should convolution slide to recognise digits in unheard voices, and what if a word comes later, "
        "runs backwards or is higher?",
    ),
    arms={
        "dense": arm("dense"),
        "time": arm("time"),
        "picture": arm("picture"),
        "free": arm("free"),
        "dense_later": arm("dense", change="later"),
        "time_later": arm("time", change="later"),
        "picture_later": arm("picture", change="later"),
        "time_backwards": arm("time", change="backwards"),
        "picture_backwards": arm("picture", change="backwards"),
        "time_pieces": arm("time", change="pieces"),
        "time_inside": arm("time", change="inside"),
        "time_higher": arm("time", change="higher"),
        "picture_higher": arm("picture", change="higher"),
        "free_higher": arm("free", change="higher"),
    },
    baseline="dense",
    metrics=METRICS,
    budget=Text(
        zh="400 条合成语音（中英文各半，有噪声），批次 32，300 步，学习率相同；测试用另外六个声音的 240 条",
        en="400 synthetic clips, half Chinese and half English, in noise, batches of 32, 300 steps, one learning rate; "
        "tested on 240 clips of six other voices",
    ),
    labels={
        "dense": Text("不用卷积", "no convolution"),
        "time": Text("沿时间卷积，频带作通道", "over time, bands as channels"),
        "picture": Text("沿时间和音高卷积，留下音高", "over time and pitch, pitch kept"),
        "free": Text("沿时间和音高卷积，不留音高", "over time and pitch, pitch pooled"),
        "dense_later": Text("不用卷积，词挪动 100 毫秒", "no convolution, word 100 ms aside"),
        "time_later": Text("沿时间，词挪动 100 毫秒", "over time, word 100 ms aside"),
        "picture_later": Text("沿时间和音高，词挪动 100 毫秒", "over time and pitch, word 100 ms aside"),
        "time_backwards": Text("沿时间，词倒放", "over time, word backwards"),
        "picture_backwards": Text("沿时间和音高，词倒放", "over time and pitch, word backwards"),
        "time_pieces": Text("沿时间，200 毫秒的段换序", "over time, pieces of 200 ms in another order"),
        "time_inside": Text("沿时间，段内换序", "over time, frames shuffled inside them"),
        "time_higher": Text("沿时间，高两个频带", "over time, two bands higher"),
        "picture_higher": Text("沿时间和音高，高两个频带", "over time and pitch, two bands higher"),
        "free_higher": Text("不留音高，高两个频带", "pitch pooled, two bands higher"),
    },
    measure=measure,
    comparisons=[
        *((one, "dense") for one in ("time", "picture", "free")),
        ("time", "picture"),
        ("free", "picture"),
        *((f"{one}_later", one) for one in ("dense", "time", "picture")),
        *((f"{one}_backwards", one) for one in ("time", "picture")),
        *((f"time_{one}", "time") for one in ("pieces", "inside")),
        ("time_pieces", "time_inside"),
        *((f"{one}_higher", one) for one in ("time", "picture", "free")),
    ],
)

SPOKEN = {
    "dense": real_arm("dense"),
    "time": real_arm("time"),
    "picture": real_arm("picture"),
    "samples": real_arm("samples", samples=True),
    "time_mixed": real_arm("time", mixed=True),
}
RECORDINGS = Experiment(
    name="domains/speech/recordings",
    question=Text(
        zh="真人的录音，测试的人没在训练里出现过：同样的网络，外加一个直接听波形的，各有多准？",
        en="Real recordings of a speaker who was not trained on: how accurate are the same networks, and one on "
        "raw samples?",
    ),
    arms=SPOKEN,
    baseline="dense",
    metrics=METRICS,
    budget=Text(
        zh="2000 条录音，批次 32，400 步，学习率相同；测试用留出的那个人的 500 条，"
        "六个人轮流，每人两次，区间里每人只算一个数",
        en="2,000 recordings, batches of 32, 400 steps, one learning rate; tested on the 500 of the speaker left out, "
        "each of six twice, and each counts once in an interval",
    ),
    labels={
        "dense": Text("不用卷积", "no convolution"),
        "time": Text("沿时间卷积，频带作通道", "over time, bands as channels"),
        "picture": Text("沿时间和音高卷积", "over time and pitch"),
        "samples": Text("直接在波形上卷积", "over raw samples"),
        "time_mixed": Text("沿时间，随机划分（同一个人两边都有）", "over time, random split (speakers in both parts)"),
    },
    measure=measure_speakers,
    seeds=2 * SPEAKERS,
    turns=dict.fromkeys(SPOKEN, TURNS),
    lacks=missing_recordings,
    comparisons=[
        *((one, "dense") for one in ("time", "picture", "samples")),
        ("picture", "time"),
        ("samples", "time"),
        ("time_mixed", "time"),
    ],
)

EXPERIMENTS = (SYNTHETIC, RECORDINGS)
