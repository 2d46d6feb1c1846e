"""What every public operation bears: the table that test_operations holds it to.

A row is an operation, how to call it on small tensors, and what it does *not* bear, with the reason. Everything else of
`KINDS` it does. `EXEMPT` says of the other public names of the parts why they are in no row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from cnnbook.convolution import checkerboard, porting, standard, transposed, upsampling
from cnnbook.domains import differences, images, similarities, speech
from cnnbook.generalisation import (
    architecture,
    augmentation,
    batch_size,
    data_distribution,
    dropout,
    objective,
    overview,
    weight_penalty,
)
from cnnbook.randomness import seed_layers

HALVES = ("bfloat16", "float16")
KINDS = ("float32", "float64", *HALVES, "autocast", "compile", "vmap", "meta")

NUMBERS = "computes with Python numbers, or makes a tensor of them"
VALUES = "looks at values"
NETWORK = "runs transformations of its own over a network"
ORDER = "draws positions in a data set"
MAKES = "makes a network of PyTorch's layers"
READS = "reads files, or text"
BASE = "what others inherit from: it does nothing by itself"

GIVES_NUMBERS = dict.fromkeys(("vmap", "meta"), "gives a Python number, which there is none of here")
NEEDS_VALUES = dict.fromkeys(("compile", "vmap", "meta"), VALUES)
NO_HALVES = dict.fromkeys(HALVES, "torch.fft has no halves on a CPU")
NO_TRANSFORMS = dict.fromkeys(("compile", "vmap"), "asks autograd for a gradient")


def draw(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def uniform(*shape: int, seed: int = 0) -> Tensor:
    return torch.rand(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@dataclass(frozen=True)
class Row:
    """One operation.

    Attributes:
        make: Gives the function or the module.
        tensors: What it is called with; floats take the dtype that is tried, whole numbers stay.
        but: What it does not bear, with the reason.
        rounds: By how many units in the last place of the dtype, times the largest value, halves may be off.
    """

    make: Callable[[], Callable[..., Any]]
    tensors: tuple[Tensor, ...]
    but: dict[str, str] = field(default_factory=dict)
    rounds: float = 4


def row(
    function: Callable[..., Any], *tensors: Tensor, but: dict[str, str] | None = None, rounds: float = 4, **options
):
    return Row(lambda: partial(function, **options) if options else function, tensors, but or {}, rounds)


def layer(kind: type[nn.Module], *arguments: Any, on: tuple[Tensor, ...], rounds: float = 4, **options: Any) -> Row:
    def make() -> nn.Module:
        torch.manual_seed(0)
        return seed_layers(kind(*arguments, **options), seed=3)

    return Row(make, on, {}, rounds)


PHOTO, KERNEL, UP = draw(2, 3, 6, 7), draw(4, 3, 3, 2, seed=1), draw(3, 2, 4, 4, seed=2)
TILES = draw(2, 3, 20, 33)
PIXELS, LABELS = uniform(4, 2, 8, 8), torch.tensor([0, 1, 2, 1])
LOGITS, SHARES = draw(4, 3), draw(4, 3, seed=1).softmax(1)
HALF, SWAP, MIDDLE = torch.full((4,), 0.5).double(), torch.tensor([1, 0, 3, 2]), torch.tensor([3, 4, 5, 2])
TABLE = {"a.weight": draw(4, 3), "a.bias": draw(4, seed=1)}
FOUR = tuple(draw(10, seed=seed) for seed in range(4))
MASK = uniform(4, 2, 8, 8, seed=1) < 0.8
MIXING = (PIXELS, LABELS)


def of_table(function: Callable[..., Any], *arguments: float) -> Callable[[Tensor, Tensor], Any]:
    return lambda weight, bias: function({"a.weight": weight, "a.bias": bias}, *arguments)


class AsTransposed(nn.Module):
    """An upsampling layer as the transposed convolution that it is."""

    def __init__(self, upsampling: nn.Module) -> None:
        super().__init__()
        self.upsampling = upsampling

    def forward(self, x: Tensor) -> Tensor:
        return upsampling.as_transposed(self.upsampling)(x)


LOSSES = {
    f"objective.{loss.__name__}{suffix}": row(loss, LOGITS, targets)
    for loss in (objective.focal_loss, objective.brier_loss, objective.absolute_error)
    for suffix, targets in (("", LABELS), (" of shares", SHARES))
}
UPSAMPLING = {
    f"upsampling.{kind.__name__}": layer(kind, 3, 2, 2, on=(PHOTO,), rounds=8)
    for kind in (
        upsampling.TransposedUpsample,
        upsampling.BalancedTransposedUpsample,
        upsampling.BlurredTransposedUpsample,
        upsampling.ResizeConv,
        upsampling.SubPixel,
    )
}
UPSAMPLING["upsampling.BalancedTransposedUpsample order 2"] = layer(
    upsampling.BalancedTransposedUpsample, 3, 2, 2, order=2, on=(PHOTO,), rounds=8
)
AS_TRANSPOSED = {
    f"upsampling.as_transposed {kind.__name__}": layer(AsTransposed, kind(3, 2, 2), on=(PHOTO,), rounds=8)
    for kind in (upsampling.BlurredTransposedUpsample, upsampling.ResizeConv, upsampling.SubPixel)
}
ROWS: dict[str, Row] = {
    "standard.cross_correlate2d": row(standard.cross_correlate2d, PHOTO, KERNEL, padding="same"),
    "standard.convolve2d": row(standard.convolve2d, PHOTO, KERNEL, padding=(1, 2)),
    "standard.cross_correlate2d strided": row(
        standard.cross_correlate2d, PHOTO, KERNEL[:3, :1], padding=(1, 0), stride=(2, 1), dilation=(1, 2), groups=3
    ),
    "standard.rotate180": row(standard.rotate180, KERNEL),
    "transposed.scatter": row(transposed.scatter, PHOTO, UP, stride=2, padding=1),
    "transposed.gather": row(transposed.gather, PHOTO, UP, stride=2, padding=1),
    "transposed.scatter 3d": row(
        transposed.scatter, draw(1, 2, 2, 3, 2), draw(2, 3, 3, 2, 2, seed=1), stride=(2, 1, 2)
    ),
    "transposed.gather 3d": row(transposed.gather, draw(1, 2, 2, 3, 2), draw(2, 3, 3, 2, 2, seed=1), stride=(2, 1, 2)),
    "transposed.convolution_matrix": row(transposed.convolution_matrix, UP, size=3, stride=2),
    "checkerboard.phase_sums": row(checkerboard.phase_sums, UP, stride=2),
    "checkerboard.balance_phases": row(checkerboard.balance_phases, UP, stride=2),
    "checkerboard.balance_phases order 2": row(checkerboard.balance_phases, UP, stride=2, order=2),
    "checkerboard.phase_energies": row(checkerboard.phase_energies, UP, stride=2),
    "checkerboard.phase_moments": row(checkerboard.phase_moments, UP, stride=2, degree=(0, 1)),
    "checkerboard.cleanliness_order": row(checkerboard.cleanliness_order, UP, stride=2, but=NEEDS_VALUES),
    "checkerboard.is_balanced": row(checkerboard.is_balanced, UP, stride=2, but=GIVES_NUMBERS),
    "checkerboard.phase_share": row(checkerboard.phase_share, PHOTO, stride=2, rounds=8),
    "checkerboard.lattice_spectrum": row(checkerboard.lattice_spectrum, PHOTO, stride=2, rounds=16),
    "checkerboard.local_phase_share": row(checkerboard.local_phase_share, TILES, stride=2, tile=8, rounds=8),
    "checkerboard.local_lattice_spectrum": row(
        checkerboard.local_lattice_spectrum, TILES, stride=2, tile=(8, 16), rounds=16
    ),
    "checkerboard.power_spectrum": row(checkerboard.power_spectrum, PHOTO, rounds=8),
    "checkerboard.input_gradient": row(
        lambda x: checkerboard.input_gradient(lambda y: y.square().sum(), x),
        PHOTO,
        but=NO_TRANSFORMS,
    ),
    "upsampling.icnr_": row(lambda w: upsampling.icnr_(w.clone(), 2), draw(8, 3, 3, 3)),
    **UPSAMPLING,
    **AS_TRANSPOSED,
    "upsampling.TransposedKernel": row(
        lambda x, w: upsampling.TransposedKernel(w, stride=(2, 2), padding=(1, 1))(x), PHOTO, UP
    ),
    "porting.weight_to_torch": row(lambda w: porting.weight_to_torch("jax", w, transposed=True), draw(3, 2, 4, 5)),
    "porting.TransposedPadding": row(porting.TransposedPadding(0, 0, crop=((0, 1), (1, -1))).cropped, PHOTO),
    "augmentation.shift": row(augmentation.shift, PIXELS, MIDDLE - 3, MIDDLE - 4, padding="zeros"),
    "augmentation.flip": row(augmentation.flip, PIXELS),
    "augmentation.rotate": row(augmentation.rotate, PIXELS, torch.tensor([0.0, 30.0, 90.0, -45.0]).double(), rounds=32),
    "augmentation.resized_crop": row(augmentation.resized_crop, PIXELS, HALF, HALF, 8 * HALF, 6 * HALF, rounds=32),
    "augmentation.erase": row(augmentation.erase, PIXELS, MIDDLE, MIDDLE, size=3),
    "augmentation.mixup": row(augmentation.mixup, PIXELS, SHARES, HALF, SWAP),
    "augmentation.cutmix": row(augmentation.cutmix, PIXELS, SHARES, HALF, MIDDLE, MIDDLE, SWAP),
    "augmentation.soft_targets": row(augmentation.soft_targets, LABELS, classes=3),
    "augmentation.RandomShift": layer(augmentation.RandomShift, 2, on=MIXING),
    "augmentation.RandomFlip": layer(augmentation.RandomFlip, on=MIXING),
    "augmentation.RandomRotation": layer(augmentation.RandomRotation, on=MIXING, rounds=32),
    "augmentation.RandomResizedCrop": layer(augmentation.RandomResizedCrop, on=MIXING, rounds=32),
    "augmentation.Cutout": layer(augmentation.Cutout, 3, on=MIXING),
    "augmentation.GaussianNoise": layer(augmentation.GaussianNoise, on=MIXING),
    "augmentation.Mixup": layer(augmentation.Mixup, 3, 2.0, p=0.8, mode="pair", on=MIXING),
    "augmentation.CutMix": layer(augmentation.CutMix, 3, smoothing=0.1, on=MIXING),
    "augmentation.MixupOrCutMix": layer(augmentation.MixupOrCutMix, 3, on=MIXING),
    "augmentation.Compose": layer(
        augmentation.Compose, augmentation.RandomFlip(), augmentation.RandomShift(), on=MIXING
    ),
    "dropout.dropout": row(lambda x, mask: dropout.dropout(x, mask=mask), PIXELS, MASK),
    "dropout.drop_block": row(lambda x, mask: dropout.drop_block(x, mask=mask), PIXELS, MASK),
    "dropout.block_mask": row(dropout.block_mask, ~MASK, block_size=3),
    "dropout.Dropout": layer(dropout.Dropout, on=(PIXELS,)),
    "dropout.Dropout2d": layer(dropout.Dropout2d, on=(PIXELS,)),
    "dropout.DropBlock2d": layer(dropout.DropBlock2d, 0.2, on=(PIXELS,)),
    **LOSSES,
    "objective.FocalLoss": layer(objective.FocalLoss, alpha=[0.5, 1.0, 2.0], on=(LOGITS, LABELS)),
    "objective.smoothed_labels": row(objective.smoothed_labels, LABELS, classes=3),
    "objective.gradient_size": row(lambda z, y: objective.gradient_size(objective.focal_loss, z, y), LOGITS, LABELS),
    "batch_size.gradient_noise": row(batch_size.gradient_noise, LOGITS, batch_size=2, but=GIVES_NUMBERS),
    "batch_size.noise_scale": row(batch_size.noise_scale, LOGITS, but=NEEDS_VALUES),
    "data_distribution.recall_by_class": row(data_distribution.recall_by_class, LOGITS, LABELS, but=NEEDS_VALUES),
    "architecture.Block": layer(architecture.Block, 3, 4, on=(PHOTO,), rounds=16),
    "weight_penalty.l1_penalty": row(of_table(weight_penalty.l1_penalty, 0.5), *TABLE.values()),
    "weight_penalty.l2_penalty": row(of_table(weight_penalty.l2_penalty, 0.5), *TABLE.values()),
    "weight_penalty.elastic_penalty": row(of_table(weight_penalty.elastic_penalty, 0.5, 0.5), *TABLE.values()),
    "weight_penalty.proximal_l1": row(of_table(weight_penalty.proximal_l1, 0.5), *TABLE.values()),
    "weight_penalty.max_norm": row(of_table(weight_penalty.max_norm, 0.5), *TABLE.values()),
    "weight_penalty.soft_threshold": row(weight_penalty.soft_threshold, LOGITS, threshold=0.5),
    "overview.interactions": row(overview.interactions, draw(10), draw(3, 10), draw(3, 3, 10)),
    "overview.main_effect": row(overview.main_effect, *FOUR),
    "overview.interaction": row(overview.interaction, *FOUR),
    "overview.additive": row(overview.additive, *FOUR),
    "differences.BlurPool2d": layer(differences.BlurPool2d, on=(PHOTO,)),
    "differences.permute_pixels": row(differences.permute_pixels, PIXELS, torch.arange(64).flip(0)),
    "differences.autocorrelation": row(differences.autocorrelation, PIXELS, distances=(1, 2), rounds=16),
    "images.normalise": row(images.normalise, PIXELS, mean=[0.4, 0.5], std=[0.2, 0.3]),
    "images.grey": row(images.grey, uniform(2, 3, 4, 4)),
    "similarities.conv_nd": row(similarities.conv_nd, PHOTO, KERNEL, padding=1),
    "similarities.with_axes": row(similarities.with_axes, draw(2, 3, 5), axes=2),
    "similarities.one_hot_words": row(similarities.one_hot_words, LABELS[None], words=3, but=NEEDS_VALUES),
    "speech.frames": row(speech.frames, draw(2, 64), window=16, hop=8),
    "speech.power_spectrum": row(speech.power_spectrum, draw(2, 5, 16), rounds=16, but=NO_HALVES),
    "speech.log_mel": row(speech.log_mel, draw(2, 2000), rate=8000, rounds=16, but=NO_HALVES),
    "speech.below_loudest": row(speech.below_loudest, 30 * draw(2, 8, 9)),
    "speech.LoudestOf": layer(speech.LoudestOf, 2, on=(draw(2, 4, 9),)),
    "speech.filter_spectra": row(speech.filter_spectra, draw(4, 1, 16), points=32, rounds=16, but=NO_HALVES),
}

EXEMPT = {
    "transfer.heterogeneity": VALUES,
    "transfer.random_effects": VALUES,
    "transfer.new_setting": VALUES,
    "augmentation.Augmentation": BASE,
    "transposed.output_size": NUMBERS,
    "transposed.conv_output_size": NUMBERS,
    "transposed.colliding_sizes": NUMBERS,
    "upsampling.degrees_of_freedom": NUMBERS,
    "checkerboard.overlap_count": NUMBERS,
    "checkerboard.gradient_overlap": NUMBERS,
    "porting.conv_padding": NUMBERS,
    "porting.transposed_padding": NUMBERS,
    "porting.torch_padding": NUMBERS,
    "porting.centre_shift": NUMBERS,
    "upsampling.fan_in_": MAKES,
    "architecture.convnet": MAKES,
    "architecture.count_parameters": NUMBERS,
    "architecture.receptive_field": NUMBERS,
    "batch_size.example_gradients": NETWORK,
    "batch_size.scaled_rate": NUMBERS,
    "batch_size.steps_per_epoch": NUMBERS,
    "data_distribution.class_weights": NUMBERS,
    "data_distribution.oversampled_order": ORDER,
    "data_distribution.balanced_order": ORDER,
    "data_distribution.BalancedBatchSampler": ORDER,
    "dropout.block_gamma": NUMBERS,
    "dropout.drop_probability": NUMBERS,
    "dropout.drop_rate": NUMBERS,
    "more_data.nested_order": ORDER,
    "more_data.PowerLaw": NUMBERS,
    "more_data.fit_power_law": NUMBERS,
    "weight_penalty.weights_of": "gives back tensors that it was given",
    "weight_penalty.sparsity": NUMBERS,
    "differences.mutual_information": VALUES,
    "differences.patch_order": ORDER,
    "differences.receptive_field": NUMBERS,
    "differences.shift": "is that of augmentation",
    "differences.shift_consistency": NETWORK,
    "images.to_tensor": "takes bytes",
    "images.background": NUMBERS,
    "images.prepare": READS,
    "images.cnn": MAKES,
    "images.linear": MAKES,
    "similarities.digit": NUMBERS,
    "similarities.moving": NUMBERS,
    "speech.RATE": NUMBERS,
    "speech.dense": MAKES,
    "speech.over_picture": MAKES,
    "speech.over_samples": MAKES,
    "speech.over_time": MAKES,
    "speech.hertz_to_mel": NUMBERS,
    "speech.mel_to_hertz": NUMBERS,
    "speech.mel_filters": NUMBERS,
    "speech.mono": READS,
    "speech.one_second": READS,
    "speech.prepared": READS,
    "speech.SoundError": READS,
    "speech.decode_sound": READS,
    "speech.read_sound": READS,
    "speech.resample": READS,
} | {
    f"text.{name}": READS
    for name in ("BagOfWords", "TextCNN", "TextError", "encode", "evidence", "language", "strongest", "tokens",
                 "vocabulary")
}  # fmt: skip
