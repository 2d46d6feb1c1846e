"""Upsampling layers in one super-resolution network: fidelity, and the lattice before, during and after training.

Every layer is a transposed convolution of its own kind: a subspace of the kernels of 6×6 taps, and a scale to start at.
The arms differ in the two and in nothing else. The task is to double the size of grey photographs; bicubic
interpolation is the least that a network has to beat. All networks have the same number of parameters to within 10 %.
The loss is the squared error, which a lattice raises: there is hardly a setting that would mend it more readily.

A seed draws the initial weights, the patches, their order, and by its number which three of the fifteen photographs are
left for testing. Of what is measured on photographs each three count once in an interval. The learning rate was chosen
on other seeds, one for all layers: ``benchmarks/upsampling_rates.json``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import torch

from cnnbook.data.batches import scaled
from cnnbook.data.photographs import FOLDS, enlarge
from cnnbook.devices import chosen
from cnnbook.evidence.experiment import Experiment, Progress, RunOptions
from cnnbook.evidence.metrics import Curve, Metric
from cnnbook.evidence.text import Text
from cnnbook.experiments._axes import STEPS as AXIS
from cnnbook.experiments._classifiers import measure as measure_trained
from cnnbook.experiments._seeds import each_seed
from cnnbook.experiments.convolution._super_resolution import (
    BORDER,
    GREYS,
    SCALE,
    UPSAMPLERS,
    SuperResolution,
    lattice_scores,
    phase_spread,
    photographs_and_plain,
)
from cnnbook.figures import Figures
from cnnbook.names import name_of
from cnnbook.parallel import over_cores
from cnnbook.training.config import Optimizer, TrainConfig
from cnnbook.training.methods import Methods
from cnnbook.training.networks import build

STEPS, CURVE = 500, (0, 20, 50, 100, 200)
LONG_STEPS = 2_000

LABELS = {
    "reference": Text("对照：双三次插值", "reference: bicubic"),
    "transposed_k2": Text("转置卷积 k=2", "transposed k=2"),
    "transposed_k3": Text("转置卷积 k=3", "transposed k=3"),
    "transposed_k4": Text("转置卷积 k=4", "transposed k=4"),
    "transposed_k6": Text("转置卷积 k=6", "transposed k=6"),
    "default_k2": Text("转置卷积 k=2，PyTorch 的初值", "transposed k=2, PyTorch's start"),
    "default_k3": Text("转置卷积 k=3，PyTorch 的初值", "transposed k=3, PyTorch's start"),
    "default_k4": Text("转置卷积 k=4，PyTorch 的初值", "transposed k=4, PyTorch's start"),
    "default_k6": Text("转置卷积 k=6，PyTorch 的初值", "transposed k=6, PyTorch's start"),
    "balanced_k4": Text("转置卷积 k=4，平衡", "transposed k=4, balanced"),
    "balanced_k6": Text("转置卷积 k=6，平衡", "transposed k=6, balanced"),
    "ramps_k6": Text("转置卷积 k=6，斜坡也平衡", "transposed k=6, balanced for ramps"),
    "blurred_k4": Text("转置卷积 k=4，模糊", "transposed k=4, blurred"),
    "nearest": Text("最近邻放大再卷积", "nearest, then convolution"),
    "bilinear": Text("双线性放大再卷积", "bilinear, then convolution"),
    "sub_pixel": Text("亚像素卷积", "sub-pixel"),
    "sub_pixel_icnr": Text("亚像素卷积，ICNR", "sub-pixel, ICNR"),
    "sub_pixel_bare": Text("亚像素卷积，不带偏置", "sub-pixel without bias"),
}


def arm(upsampler: str, steps: int = STEPS, curve: tuple[int, ...] = CURVE) -> TrainConfig:
    """One arm: 256 patches of 32×32, batches of 8, Adam with a rate that falls to 0."""
    return TrainConfig(
        network=SuperResolution,
        network_options={"upsampler": upsampler},
        task="regression",
        data=photographs_and_plain,
        n_train=256,
        batch_size=8,
        steps=steps,
        optimizer=Optimizer("adam", lr=2e-3, schedule="cosine"),
        curve=curve,
        methods=Methods(scores=[lattice_scores], weight_scores=[phase_spread]),
    )


RIPPLE = Metric("test_ripple", Text("平坦灰图上的起伏", "ripple on flat grey"), "grey levels", "lower", digits=2)
RAMP = Metric("test_ramp", Text("斜坡上的格纹", "lattice on a ramp"), "grey levels", "lower", digits=2)
PHASE_SHARE = Metric(
    "test_phase_share", Text("残差的相位占比", "phase share of the residual"), "%", "lower", digits=1, scale=100
)
LOCAL_SHARE = Metric(
    "test_local_share",
    Text("残差的局部相位占比", "local phase share of the residual"),
    "%",
    "lower",
    digits=1,
    scale=100,
)
LATTICE = Metric("test_lattice", Text("残差的格纹谱", "lattice spectrum of the residual"), "dB", "lower", digits=2)
LOCAL_LATTICE = Metric(
    "test_local_lattice", Text("残差的局部格纹谱", "local lattice spectrum of the residual"), "dB", "lower", digits=2
)
SPREAD = Metric("spread", Text("相位之和的不均", "inequality of the phase sums"), "%", "lower", digits=1, scale=100)
METRICS = (
    Metric("test_psnr", Text("峰值信噪比", "peak signal-to-noise ratio"), "dB", "higher", digits=2),
    RIPPLE,
    RAMP,
    PHASE_SHARE,
    LOCAL_SHARE,
    LATTICE,
    LOCAL_LATTICE,
    SPREAD,
)
CURVES = (Curve(RIPPLE, AXIS, CURVE), Curve(SPREAD, AXIS, CURVE), Curve(PHASE_SHARE, AXIS, (0,)))

# What is measured on photographs, of which each seed leaves out three; greys and ramps are the same for all.
TURNS = {metric.name: len(FOLDS) for metric in METRICS if metric not in (RIPPLE, RAMP, SPREAD)}

REFERENCE: dict[str, str] = {}  # the configuration of the arm in which nothing is trained


def fold_of(seed: int) -> int:
    """Which three photographs a seed is tested on."""
    return seed % len(FOLDS)


def measure(
    config: TrainConfig | dict[str, str], seeds: Sequence[int], options: RunOptions, progress: Progress | None
) -> Figures:
    """Train and measure a layer, each seed on its own fold; in a quick try all on the first.

    Of the reference, which trains nothing: the fidelity of bicubic interpolation, and the lattice of what it lacks,
    which is what a perfect network would add.
    """
    folds = [0 if options.quick else fold_of(seed) for seed in seeds]
    by_fold = {fold: [seed for seed, its in zip(seeds, folds, strict=True) if its == fold] for fold in folds}
    measured = reference_of if not isinstance(config, TrainConfig) else partial(trained_of, config, options)
    several = isinstance(config, TrainConfig) and not options.quick and chosen(options.accelerator) == "cpu"
    parts = []
    for part in over_cores(measured, list(by_fold.items()), several=several):
        parts.append(part)
        if progress:
            progress(len(parts), len(by_fold))
    order, merged = [seed for fold in by_fold.values() for seed in fold], Figures.of_seeds(parts)
    return Figures.of_seeds([merged.seed(order.index(seed)) for seed in seeds])


def trained_of(config: TrainConfig, options: RunOptions, fold: tuple[int, list[int]]) -> Figures:
    """The seeds of one fold, trained."""
    return measure_trained(replace(config, data_options={"fold": fold[0]}), fold[1], options, None)


def reference_of(fold: tuple[int, list[int]]) -> Figures:
    """The seeds of one fold, in which nothing is trained: all the same."""
    data = photographs_and_plain(fold[0])
    targets = scaled(data.test_targets)
    bicubic, lacking = (lattice_scores(image, targets) for image in (enlarge(data.test_inputs, SCALE), targets))
    scores = lacking | {"psnr": bicubic["psnr"]}
    figures = {"spread": 0.0} | {f"test_{name}": score for name, score in scores.items()}
    values = {name: [figure] * len(fold[1]) for name, figure in figures.items()}
    return Figures(values, {name: dict.fromkeys(CURVE, each) for name, each in values.items()})


@dataclass(frozen=True)
class Start:
    """A layer as it is drawn, between 16 channels of rectified noise and one.

    Attributes:
        upsampler: One of ``UPSAMPLERS``.
        bias: Whether its biases are kept; else they are zero.
    """

    upsampler: str
    bias: bool = True


def measure_start(config: Start, seeds: Sequence[int], options: RunOptions, progress: Progress | None) -> Figures:
    """The ripple of untrained networks, each seed five hundred of them."""
    return each_seed(partial(start_of, config, 4 if options.quick else DRAWS), seeds, options, progress)


DRAWS = 500


def start_of(config: Start, draws: int, seed: int) -> Figures:
    """The mean ripple of networks whose weights are drawn anew each time, on three flat greys."""
    side = 2 * BORDER + 4
    grey = (torch.tensor(GREYS) / 255)[:, None, None, None].expand(-1, 1, side, side)
    ripples = []
    for draw in range(draws):
        network = build(name_of(SuperResolution), {"upsampler": config.upsampler}, seed * DRAWS + draw)
        if not config.bias:
            for layer in network.upsample.values():  # ty: ignore[not-callable]
                torch.nn.init.zeros_(layer.conv.bias)
        with torch.no_grad():
            inside = network.residual(grey)[..., BORDER:-BORDER, BORDER:-BORDER]  # ty: ignore[not-callable]
        ripples.append(255 * inside.std((1, 2, 3), correction=0).mean())
    return Figures({"start_ripple": [float(torch.stack(ripples).mean())]})


BUDGET = (
    "灰度照片放大到 2 倍；十五张照片分五组，轮流留三张测试，区间里每三张只算一个数；"
    "每个种子抽取 256 个 32×32 的训练图块，批次 8，{steps} 步，"
    "学习率相同；参数个数相差不超过 10%",
    "grey photographs enlarged twofold; of fifteen, three are left for testing in turn, and count once in an "
    "interval; each seed draws 256 training "
    "patches of 32×32; batches of 8, {steps} steps, one learning rate; numbers of parameters within 10% of each other",
)


def budget(steps: int) -> Text:
    """What is held fixed."""
    return Text(*(words.format(steps=steps) for words in BUDGET))


CLEAN = "nearest"
BENCH = tuple(name for name in UPSAMPLERS if name not in ("default_k2", "default_k3"))
LONG = ("transposed_k4", "transposed_k6", "balanced_k6", "nearest", "bilinear", "sub_pixel")
ARMS = {upsampler: arm(upsampler) for upsampler in BENCH}
PAIRS = (
    ("transposed_k4", "transposed_k3"),
    ("transposed_k6", "transposed_k4"),
    ("default_k4", "transposed_k4"),
    ("default_k6", "transposed_k6"),
    ("sub_pixel", "transposed_k6"),
    ("sub_pixel", "default_k6"),
    ("sub_pixel", "transposed_k4"),
    ("balanced_k4", "transposed_k4"),
    ("balanced_k6", "transposed_k6"),
    ("ramps_k6", "transposed_k6"),
    ("ramps_k6", "bilinear"),
    ("blurred_k4", "transposed_k4"),
    ("sub_pixel_icnr", "sub_pixel"),
    ("bilinear", CLEAN),
)

SHORT_RUN = Experiment(
    name="convolution/upsampling",
    question=Text(
        zh="同一个超分辨率网络换上不同的上采样层，训练前后各留下多少棋盘格，画质相差多少？",
        en="One super-resolution network and its upsampling layer: how much of a lattice is left before and after "
        "training, and how much does fidelity differ?",
    ),
    arms={"reference": REFERENCE} | ARMS,
    baseline=CLEAN,
    metrics=METRICS,
    curves=CURVES,
    budget=budget(STEPS),
    labels={name: LABELS[name] for name in ("reference", *BENCH)},
    measure=measure,
    turns=dict.fromkeys(("reference", *BENCH), TURNS),
    comparisons=[
        *((upsampler, "reference") for upsampler in BENCH),
        *((upsampler, CLEAN) for upsampler in BENCH if upsampler not in (CLEAN, "bilinear")),
        *PAIRS,
    ],
)

LONG_RUN = Experiment(
    name="convolution/upsampling/long",
    question=Text(
        zh="训练步数多到四倍，核大的层会不会显出优势？",
        en="With four times the steps, does a layer with more taps show what it can do?",
    ),
    arms={upsampler: arm(upsampler, LONG_STEPS, ()) for upsampler in LONG},
    baseline=CLEAN,
    metrics=METRICS,
    budget=budget(LONG_STEPS),
    labels={name: LABELS[name] for name in LONG},
    measure=measure,
    seeds=5,
    turns=dict.fromkeys(LONG, TURNS),
    comparisons=[
        *((upsampler, CLEAN) for upsampler in LONG if upsampler != CLEAN),
        ("transposed_k6", "transposed_k4"),
        ("sub_pixel", "transposed_k6"),
        ("balanced_k6", "transposed_k6"),
        ("bilinear", "transposed_k6"),
    ],
)

STARTS = {
    name: Start(name)
    for name in (*(f"{scale}_k{k}" for scale in ("default", "transposed") for k in (2, 3, 4, 6)), "sub_pixel")
} | {"sub_pixel_bare": Start("sub_pixel", bias=False)}
START = Experiment(
    name="convolution/upsampling/start",
    question=Text(
        zh="训练之前，核的大小、初值的尺度和偏置，各让棋盘格强多少？",
        en="Before training, how much do kernel size, initial scale and bias add to the lattice?",
    ),
    arms=STARTS,
    baseline="default_k3",
    metrics=(
        Metric(
            "start_ripple",
            Text("训练前平坦灰图上的起伏", "ripple on flat grey before training"),
            "grey levels",
            "lower",
            digits=2,
        ),
    ),
    budget=Text(
        zh=f"没有训练；每个种子新抽 {DRAWS} 个网络，各看三张平坦的灰图",
        en=f"nothing is trained; each seed draws {DRAWS} networks, each looked at on three flat greys",
    ),
    labels={name: LABELS[name] for name in STARTS},
    measure=measure_start,
    comparisons=[
        ("default_k4", "default_k3"),
        ("default_k2", "default_k3"),
        ("default_k6", "default_k4"),
        ("transposed_k3", "default_k3"),
        ("transposed_k4", "transposed_k3"),
        ("transposed_k3", "sub_pixel"),
        ("sub_pixel_bare", "sub_pixel"),
    ],
)

EXPERIMENTS = [SHORT_RUN, LONG_RUN, START]
