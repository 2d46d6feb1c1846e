r"""What a larger batch changes: the noise of the gradient, the number of steps, and so the learning rate.

A batch of B examples estimates the gradient of all N. The estimate is right on average, and its mean squared error
falls as 1/B: four times the examples, half the typical error. Nothing in that says how well the network generalises;
that depends on what is held fixed, the steps (then a larger batch sees more examples) or the epochs (then it takes
fewer steps).

References:
    P. Goyal et al., "Accurate, large minibatch SGD: training ImageNet in 1 hour", arXiv:1706.02677 (linear scaling).
    E. Hoffer et al., "Train longer, generalize better", arXiv:1705.08741 (square-root scaling).
    S. McCandlish et al., "An empirical model of large-batch training", arXiv:1812.06162 (noise scale).
    W. G. Cochran, "Sampling techniques", Wiley 1977 (the correction for a finite population).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.func import functional_call, grad, vmap

from cnnbook.batching import steps_per_epoch
from cnnbook.checks import at_least_one
from cnnbook.randomness import DROPOUTS, RandomLayer

BATCH_NORMS = (  # the lazy ones become the others at their first batch
    nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d, nn.SyncBatchNorm,
    nn.LazyBatchNorm1d, nn.LazyBatchNorm2d, nn.LazyBatchNorm3d,
)  # fmt: skip

__all__ = ["example_gradients", "gradient_noise", "noise_scale", "scaled_rate", "steps_per_epoch"]


def scaled_rate(rate: float, batch_size: int, base_batch_size: int, rule: str = "linear") -> float:
    r"""The learning rate for another batch size.

    $$\eta' = \eta \cdot \frac{B'}{B} \quad\text{(linear)} \qquad \eta' = \eta \cdot \sqrt{B' / B} \quad\text{(sqrt)}$$

    Linear: k small steps of SGD go about as far as one step with k times the batch and k times the rate, as long as the
    gradient hardly changes on the way (Goyal et al.). Square root: a step keeps its noise, whose standard deviation
    falls as 1/√B (Hoffer et al.); also the usual choice for Adam, whose steps do not grow with the gradient.

    Args:
        rate: Learning rate η that works with ``base_batch_size``.
        batch_size: The batch B' to find a rate for.
        base_batch_size: The batch B that the rate belongs to.
        rule: ``"linear"`` or ``"sqrt"``.

    Returns:
        The rate η'.

    Raises:
        ValueError: The rule is unknown, a batch below 1, or the rate not positive.

    Examples:
        >>> scaled_rate(0.1, batch_size=128, base_batch_size=32), scaled_rate(0.1, 128, 32, rule="sqrt")
        (0.4, 0.2)
    """
    at_least_one(batch_size=batch_size, base_batch_size=base_batch_size)
    if not (rate > 0 and math.isfinite(rate)):
        raise ValueError(f"the learning rate must be positive and finite, got rate={rate}")
    ratio = batch_size / base_batch_size
    if rule not in ("linear", "sqrt"):
        raise ValueError(f"rule must be 'linear' or 'sqrt', got {rule!r}")
    return rate * (ratio if rule == "linear" else math.sqrt(ratio))


def example_gradients(
    network: nn.Module, loss: Callable[[Tensor, Tensor], Tensor], inputs: Tensor, targets: Tensor
) -> Tensor:
    """The gradient of each example's own loss; the gradient of a batch is the mean of its rows.

    Args:
        network: Maps ``(N, …)`` to outputs ``(N, …)``, each example for itself.
        loss: Maps outputs and targets to their mean loss.
        inputs: ``(N, …)``.
        targets: ``(N, …)``.

    Returns:
        ``(N, P)``, where P counts the parameters: mind the memory.

    Raises:
        ValueError: Inputs and targets differ in number, or a layer in training mode makes an example depend on chance
            or on the others (dropout, batch normalisation).

    Examples:
        >>> network = nn.Linear(1, 1, bias=False)
        >>> _ = nn.init.constant_(network.weight, 2.0)
        >>> x, y = torch.tensor([[1.0], [3.0]]), torch.zeros(2, 1)
        >>> example_gradients(network, nn.functional.mse_loss, x, y).tolist()  # 2 · (w x − y) · x
        [[4.0], [36.0]]
    """
    if len(inputs) != len(targets):
        raise ValueError(f"each input must have one target, got {len(inputs)} inputs and {len(targets)} targets")
    mixing = (*BATCH_NORMS, *DROPOUTS, RandomLayer)
    for layer in network.modules():
        if isinstance(layer, mixing) and layer.training:
            raise ValueError(
                "an example's gradient must depend on that example alone: call network.eval() first, "
                f"got {type(layer).__name__} in training mode"
            )
    parameters = {name: value.detach() for name, value in network.named_parameters()}
    buffers = dict(network.named_buffers())

    def own_loss(parameters: dict[str, Tensor], x: Tensor, y: Tensor) -> Tensor:
        return loss(functional_call(network, (parameters, buffers), (x[None],)), y[None])

    gradients = vmap(grad(own_loss), in_dims=(None, 0, 0))(parameters, inputs, targets)
    return torch.cat([gradient.flatten(1) for gradient in gradients.values()], dim=1)


def gradient_noise(gradients: Tensor, batch_size: int, replacement: bool = True) -> float:
    r"""Expected squared distance between the gradient of a random batch and that of all examples.

    $$\operatorname{E}\,\lVert g_B - g \rVert^2 = \frac{\operatorname{tr}\Sigma}{B} \cdot
    \begin{cases} 1 & \text{drawn with replacement} \\ \frac{N - B}{N - 1} & \text{without} \end{cases}
    \qquad \operatorname{tr}\Sigma = \frac{1}{N}\sum_{i=1}^{N} \lVert g_i - g \rVert^2$$

    The first batches of a shuffled epoch are drawn without replacement; with all examples in the batch no noise is
    left.

    Args:
        gradients: ``(N, P)``, of `example_gradients`.
        batch_size: Examples B in a batch; at most N without replacement.
        replacement: Whether an example may be in a batch twice.

    Returns:
        A squared length, in the units of the gradient.

    Raises:
        ValueError: ``gradients`` is not ``(N, P)``, or the batch is too small or too large.

    Examples:
        >>> gradients = torch.tensor([[0.0], [1.0], [2.0], [9.0]])  # mean 3, squared distances 9 + 4 + 1 + 36
        >>> [gradient_noise(gradients, size) for size in (1, 2, 4)]
        [12.5, 6.25, 3.125]
        >>> gradient_noise(gradients, 4, replacement=False)
        0.0
    """
    _check_draw(gradients, batch_size, replacement)
    count = len(gradients)
    trace = (gradients - gradients.mean(0)).double().square().sum() / count
    left = 1.0 if replacement or count == 1 else (count - batch_size) / (count - 1)
    return float(trace) / batch_size * left


def noise_scale(gradients: Tensor) -> float:
    r"""The batch size at which the noise of the gradient is as large as the gradient itself.

    $$B_\text{noise} = \frac{\operatorname{tr}\Sigma}{\lVert g \rVert^2}$$

    Well below it, twice the batch should save nearly half the steps; well above, hardly any (McCandlish et al.). It
    changes in training, with the gradient; where the gradient vanishes it is infinite, and NaN where it is no number.

    Args:
        gradients: ``(N, P)``, of `example_gradients`.

    Returns:
        A number of examples, not always whole.

    Raises:
        ValueError: ``gradients`` is not ``(N, P)``.

    Examples:
        >>> noise_scale(torch.tensor([[0.0], [1.0], [2.0], [9.0]]))  # 12.5 / 9
        1.3888888888888888
    """
    noise, signal = gradient_noise(gradients, 1), float(gradients.mean(0).double().square().sum())
    return math.inf if signal == 0 else noise / signal


def _check_draw(gradients: Tensor, batch_size: int, replacement: bool) -> None:
    if gradients.ndim != 2 or not len(gradients):
        raise ValueError(f"gradients must be (N, P), one row an example, got shape {tuple(gradients.shape)}")
    at_least_one(batch_size=batch_size)
    if not replacement and batch_size > len(gradients):
        raise ValueError(
            f"a batch drawn without replacement must not exceed the {len(gradients)} examples, "
            f"got batch_size={batch_size}"
        )
