"""The phases of a kernel: which taps a stride of s brings together. What a reader takes is in `checkerboard`."""

from math import gcd

import torch
from torch import Tensor

from cnnbook.checks import Ints, per_axis
from cnnbook.convolution import _checks
from cnnbook.precision import single, without_autocast


def kernel_axes(weight: Tensor, axes: int | None = None) -> int:
    """Along how many of its last axes the kernels of a weight lie.

    Raises:
        ValueError: the weight has no kernel, fewer axes than that, or three and it was not said what they are.
    """
    if not 1 <= weight.dim() <= 4:
        raise ValueError(
            "weight must be a kernel (k,) or (kH, kW), or a transposed convolution's weight (C_in, C_out / groups, k) "
            f"or (C_in, C_out / groups, kH, kW), got shape {tuple(weight.shape)}"
        )
    if axes is None and weight.dim() == 3:
        raise ValueError(
            "a weight with 3 axes must come with axes=1 for (C_in, C_out / groups, k) or axes=2 for a stack of kernels "
            f"(n, kH, kW), got shape {tuple(weight.shape)}"
        )
    if axes is not None and (axes not in (1, 2) or axes > weight.dim()):
        raise ValueError(f"axes must be 1 or 2, and at most those of the weight, got axes={axes} with {weight.dim()}")
    return axes or 2 - weight.dim() % 2


def phase_matrices(
    weight: Tensor, stride: Ints, dilation: Ints = 1, axes: int | None = None, complete: bool = True
) -> list[Tensor]:
    """One (k, s) matrix of zeros and ones an axis of the kernel: a one where the tap is of the phase.

    Raises:
        ValueError: as for `kernel_axes`, or it has fewer taps than phases and is to be complete.
    """
    axes = kernel_axes(weight, axes)
    _checks.not_empty("weight", weight.shape)
    matrices = []
    for k, s, d in zip(
        weight.shape[-axes:],
        per_axis("stride", stride, axes),
        per_axis("dilation", dilation, axes),
        strict=True,
    ):
        if k < s and complete:
            got = f"kernel_size={k} with stride={s}"
            raise ValueError(f"a kernel must have at least as many taps as there are phases, got {got}")
        phase_of_tap = torch.arange(k, device=weight.device) * d % s
        matrices.append((phase_of_tap[:, None] == torch.arange(s, device=weight.device)).to(single(weight).dtype))
    return matrices


def summed(weight: Tensor, matrices: list[Tensor]) -> Tensor:
    """Taps (…, k) or (…, kH, kW) to sums by phase (…, s) or (…, sH, sW). With transposed matrices, the way back.

    Halves come out in single precision, and ``torch.autocast`` does not reach in here: the sums are what is looked at.
    """
    with without_autocast(weight):
        weight = single(weight)
        return weight @ matrices[0] if len(matrices) == 1 else matrices[0].T @ weight @ matrices[1]


def balanced(weight: Tensor, stride: Ints, dilation: Ints = 1, axes: int | None = None) -> Tensor:
    """The nearest weight with equal phase sums, see `checkerboard.balance_phases`; fit for every forward of a layer."""
    matrices = phase_matrices(weight, stride, dilation, axes)
    axes = len(matrices)
    strides, dilations = (per_axis(*one, axes) for one in (("stride", stride), ("dilation", dilation)))
    if any(gcd(s, d) > 1 for s, d in zip(strides, dilations, strict=True)):
        raise ValueError(
            "every phase must have a tap, so stride and dilation must have no common divisor, "
            f"got stride={stride} with dilation={dilation}"
        )
    taps = summed(weight.new_ones([len(matrix) for matrix in matrices]), matrices)
    # A change of Δ in the sum of a phase of n taps costs least, Δ²/n, where the taps share it. Choose the common sum.
    sums, last = summed(weight, matrices), tuple(range(-axes, 0))
    common = (sums / taps).sum(last, keepdim=True) / (1 / taps).sum()
    return (single(weight) + summed((common - sums) / taps, [matrix.T for matrix in matrices])).to(weight.dtype)
