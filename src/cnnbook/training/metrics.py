"""What is measured of a trained network, one number each; not a number for a network whose outputs are none.

torchmetrics, which brings in much of SciPy, is imported when something is measured, as Lightning when it is trained.

References:
    C. Guo et al., "On calibration of modern neural networks", ICML 2017 (calibration error, 15 bins of equal width).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F


def classification_scores(outputs: Tensor, targets: Tensor) -> dict[str, float]:
    """Accuracy, likelihood and calibration of a classifier.

    Args:
        outputs: Logits ``(N, C)``.
        targets: Labels ``int64 (N,)``.

    Returns:
        ``accuracy`` (share of right answers), ``nll`` (negative log-likelihood, nats an example) and ``ece`` (expected
        calibration error: mean distance of confidence from accuracy over 15 bins), all NaN if an output is not finite.

    Examples:
        >>> logits = torch.tensor([[4.0, 0.0], [0.0, 4.0], [4.0, 0.0]])
        >>> {k: round(v, 3) for k, v in classification_scores(logits, torch.tensor([0, 1, 1])).items()}
        {'accuracy': 0.667, 'nll': 1.351, 'ece': 0.315}
    """
    from torchmetrics.functional.classification import multiclass_accuracy, multiclass_calibration_error

    if not torch.isfinite(outputs).all():
        return dict.fromkeys(("accuracy", "nll", "ece"), math.nan)
    outputs, classes = outputs.float(), outputs.shape[1]
    return {
        "accuracy": float(multiclass_accuracy(outputs, targets, classes, average="micro")),
        "nll": float(F.cross_entropy(outputs, targets)),
        "ece": float(multiclass_calibration_error(outputs.softmax(dim=1), targets, classes, n_bins=15)),
    }


def regression_scores(outputs: Tensor, targets: Tensor) -> dict[str, float]:
    """Fidelity of images.

    Args:
        outputs: Images ``(N, C, H, W)``, 0…1.
        targets: The true images, of the same shape.

    Returns:
        ``mse`` and ``psnr`` (dB, of the mean squared error over all images, peak 1), NaN if an output is not finite.

    Examples:
        >>> round(regression_scores(torch.full((1, 1, 2, 2), 0.1), torch.zeros(1, 1, 2, 2))["psnr"], 3)
        20.0
    """
    from torchmetrics.functional.image import peak_signal_noise_ratio

    if not torch.isfinite(outputs).all():
        return dict.fromkeys(("mse", "psnr"), math.nan)
    outputs, targets = outputs.float(), targets.float()
    return {
        "mse": float(F.mse_loss(outputs, targets)),
        "psnr": float(peak_signal_noise_ratio(outputs, targets, data_range=1.0)),
    }


SCORES = {"classification": classification_scores, "regression": regression_scores}


def with_gap(scores: dict[str, float]) -> dict[str, float]:
    """Add ``accuracy_gap``, training minus test accuracy, where both are there."""
    if {"train_accuracy", "test_accuracy"} <= scores.keys():
        return scores | {"accuracy_gap": scores["train_accuracy"] - scores["test_accuracy"]}
    return scores
