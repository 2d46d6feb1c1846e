"""Ten upsampling layers in one super-resolution network: the lattice before, during and after training.

The task is to double the size of grey photographs; bicubic interpolation is the least that a network has to beat. All
networks have the same number of parameters to within 10 %. The loss is the squared error, which a lattice raises: there
is hardly a setting that would mend it more readily. Learning rate and steps were chosen on seeds that the experiment
does not use, for all layers together.
"""

from __future__ import annotations

from collections.abc import Sequence

from cnnbook.data.batches import scaled
from cnnbook.data.photographs import enlarge
from cnnbook.evidence.experiment import Experiment, Progress, RunOptions
from cnnbook.evidence.metrics import Curve, Metric
from cnnbook.evidence.text import Text
from cnnbook.experiments._axes import STEPS as AXIS
from cnnbook.experiments._classifiers import measure as measure_trained
from cnnbook.experiments.convolution._super_resolution import (
    SCALE,
    UPSAMPLERS,
    SuperResolution,
    lattice_scores,
    phase_spread,
    photographs_and_greys,
)
from cnnbook.figures import Figures
from cnnbook.training.config import Optimizer, TrainConfig
from cnnbook.training.methods import Methods

STEPS, CURVE = 500, (0, 20, 50, 100, 200)


def arm(upsampler: str) -> TrainConfig:
    """One arm: 256 patches of 32×32, batches of 8, Adam with a rate that falls to 0."""
    return TrainConfig(
        network=SuperResolution,
        network_options={"upsampler": upsampler},
        task="regression",
        data=photographs_and_greys,
        n_train=256,
        batch_size=8,
        steps=STEPS,
        optimizer=Optimizer("adam", lr=4e-3, schedule="cosine"),
        curve=CURVE,
        methods=Methods(scores=[lattice_scores], weight_scores=[phase_spread]),
    )


RIPPLE = Metric("test_ripple", Text("平坦灰图上的起伏", "ripple on flat grey"), "grey levels", "lower", digits=2)
PHASE_SHARE = Metric(
    "test_phase_share", Text("残差的相位占比", "phase share of the residual"), "%", "lower", digits=1, scale=100
)
LATTICE = Metric("test_lattice", Text("残差的格纹谱", "lattice spectrum of the residual"), "dB", "lower", digits=2)
SPREAD = Metric("spread", Text("相位和的不均", "inequality of the phase sums"), "%", "lower", digits=1, scale=100)
METRICS = (
    Metric("test_psnr", Text("峰值信噪比", "peak signal-to-noise ratio"), "dB", "higher", digits=2),
    Metric("test_ssim", Text("结构相似度", "structural similarity"), "", "higher", digits=3),
    RIPPLE,
    PHASE_SHARE,
    LATTICE,
    SPREAD,
)
CURVES = (
    Curve(RIPPLE, AXIS, CURVE),
    Curve(SPREAD, AXIS, CURVE),
    Curve(PHASE_SHARE, AXIS, (0,)),
    Curve(LATTICE, AXIS, (0,)),
)


REFERENCE: dict[str, str] = {}  # the configuration of the arm in which nothing is trained


def measure(
    config: TrainConfig | dict[str, str], seeds: Sequence[int], options: RunOptions, progress: Progress | None
) -> Figures:
    """Train and measure a layer. Of the reference, which trains nothing: the fidelity of bicubic interpolation, and the
    lattice of what it lacks, which is what a perfect network would add; the same for every seed.
    """
    if isinstance(config, TrainConfig):
        return measure_trained(config, seeds, options, progress)
    data = photographs_and_greys()
    targets = scaled(data.test_targets)
    bicubic, lacking = (lattice_scores(image, targets) for image in (enlarge(data.test_inputs, SCALE), targets))
    scores = lacking | {name: bicubic[name] for name in ("psnr", "ssim")}
    figures = {"spread": 0.0} | {f"test_{name}": score for name, score in scores.items()}
    values = {name: [figure] * len(seeds) for name, figure in figures.items()}
    return Figures(values, {name: dict.fromkeys(CURVE, each) for name, each in values.items()})


ARMS = {upsampler: arm(upsampler) for upsampler in UPSAMPLERS}
CLEAN = "nearest"
PAIRS = (
    ("transposed_k4", "transposed_k3"),
    ("transposed_k2", "transposed_k3"),
    ("balanced_k3", "transposed_k3"),
    ("balanced_k4", "transposed_k4"),
    ("blurred_k4", "transposed_k4"),
    ("sub_pixel_icnr", "sub_pixel"),
    ("sub_pixel", "transposed_k4"),
    ("bilinear", CLEAN),
)

EXPERIMENT = Experiment(
    name="convolution/checkerboard",
    question=Text(
        zh="同一个超分辨率网络换上不同的上采样层，训练前后各留下多少棋盘格，画质相差多少？",
        en="One super-resolution network, ten upsampling layers: how much of a lattice is left before and after "
        "training, and how much does fidelity differ?",
    ),
    arms={"reference": REFERENCE} | ARMS,
    baseline=CLEAN,
    metrics=METRICS,
    curves=CURVES,
    budget=Text(
        zh=f"灰度照片放大到 2 倍；每个种子抽取 256 个 32×32 的训练图块，批次 8，{STEPS} 步，学习率相同；"
        "参数个数相差不超过 10%",
        en=f"grey photographs enlarged twofold; each seed draws 256 training patches of 32×32; batches of 8, {STEPS} "
        "steps and one learning rate; numbers of parameters within 10% of each other",
    ),
    labels={
        "reference": Text("对照：双三次插值", "reference: bicubic"),
        "transposed_k2": Text("转置卷积 k=2", "transposed k=2"),
        "transposed_k3": Text("转置卷积 k=3", "transposed k=3"),
        "transposed_k4": Text("转置卷积 k=4", "transposed k=4"),
        "balanced_k3": Text("转置卷积 k=3，平衡", "transposed k=3, balanced"),
        "balanced_k4": Text("转置卷积 k=4，平衡", "transposed k=4, balanced"),
        "blurred_k4": Text("转置卷积 k=4，模糊", "transposed k=4, blurred"),
        "nearest": Text("最近邻放大再卷积", "nearest, then convolution"),
        "bilinear": Text("双线性放大再卷积", "bilinear, then convolution"),
        "sub_pixel": Text("亚像素卷积", "sub-pixel"),
        "sub_pixel_icnr": Text("亚像素卷积，ICNR", "sub-pixel, ICNR"),
    },
    measure=measure,
    comparisons=[
        *((upsampler, "reference") for upsampler in UPSAMPLERS),
        *((upsampler, CLEAN) for upsampler in UPSAMPLERS if upsampler not in (CLEAN, "bilinear")),
        *PAIRS,
    ],
)
