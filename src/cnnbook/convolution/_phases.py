"""The phases of a kernel: which taps a stride of s brings together. What a reader takes is in `checkerboard`."""

from collections.abc import Iterator, Sequence
from itertools import product
from math import gcd, prod

import torch
from torch import Tensor

from cnnbook.checks import Ints, per_axis
from cnnbook.convolution import _checks
from cnnbook.precision import single, without_autocast

AXES = {1: 1, 2: 2, 4: 2, 5: 3}  # along how many axes the kernels of a weight lie where that is clear


def kernel_axes(weight: Tensor, axes: int | None = None) -> int:
    """Along how many of its last axes the kernels of a weight lie.

    Raises:
        ValueError: the weight has no kernel, fewer axes than that, or three and it was not said what they are.
    """
    if not 1 <= weight.dim() <= 5:
        raise ValueError(
            "weight must be a kernel (k,), (kH, kW) or (kD, kH, kW), or a transposed convolution's weight "
            f"(C_in, C_out / groups, …) with such kernels, got shape {tuple(weight.shape)}"
        )
    if axes is None and weight.dim() == 3:
        raise ValueError(
            "a weight with 3 axes must come with axes=1 for (C_in, C_out / groups, k), axes=2 for a stack of kernels "
            f"(n, kH, kW) or axes=3 for a kernel (kD, kH, kW), got shape {tuple(weight.shape)}"
        )
    if axes is not None and (axes not in (1, 2, 3) or axes > weight.dim()):
        raise ValueError(f"axes must be 1, 2 or 3, and at most those of the weight, got axes={axes} of {weight.dim()}")
    return axes or AXES[weight.dim()]


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


def summed(weight: Tensor, matrices: Sequence[Tensor]) -> Tensor:
    """Taps (…, k) or (…, kH, kW) to sums by phase (…, s) or (…, sH, sW). With transposed matrices, the way back.

    Halves come out in single precision, and ``torch.autocast`` does not reach in here: the sums are what is looked at.
    """
    with without_autocast(weight):
        weight = single(weight)
        for axis, matrix in enumerate(matrices, start=-len(matrices)):
            weight = (weight.transpose(axis, -1) @ matrix).transpose(axis, -1)
    return weight


def moments(weight: Tensor, matrices: Sequence[Tensor], order: int) -> Iterator[Tensor]:
    """By phase, all moments of a total degree below the order.

    Positions are counted from the middle of the kernel, in units of half its length: the moments up to a degree are
    equal over the phases from there exactly where they are from anywhere else, and here they are of one size.
    """
    with torch.no_grad():
        places = [torch.linspace(-1, 1, len(one), dtype=one.dtype, device=one.device) for one in matrices]
    for degrees in product(range(order), repeat=len(matrices)):
        if sum(degrees) < order:
            weighted = [one * place[:, None] ** a for one, place, a in zip(matrices, places, degrees, strict=True)]
            yield summed(weight, weighted)


def balanced(weight: Tensor, stride: Ints, dilation: Ints = 1, axes: int | None = None, order: int = 1) -> Tensor:
    """The nearest weight with equal phase sums, see `checkerboard.balance_phases`; fit for every forward of a layer."""
    matrices = phase_matrices(weight, stride, dilation, axes)
    axes = len(matrices)
    strides, dilations = (per_axis(*one, axes) for one in (("stride", stride), ("dilation", dilation)))
    if any(gcd(s, d) > 1 for s, d in zip(strides, dilations, strict=True)):
        raise ValueError(
            "every phase must have a tap, so stride and dilation must have no common divisor, "
            f"got stride={stride} with dilation={dilation}"
        )
    if order > 1:
        return _projected(weight, strides, dilations, order)
    taps = summed(weight.new_ones([len(matrix) for matrix in matrices]), matrices)
    # A change of Δ in the sum of a phase of n taps costs least, Δ²/n, where the taps share it. Choose the common sum.
    sums, last = summed(weight, matrices), tuple(range(-axes, 0))
    common = (sums / taps).sum(last, keepdim=True) / (1 / taps).sum()
    return (single(weight) + summed((common - sums) / taps, [matrix.T for matrix in matrices])).to(weight.dtype)


def _projected(weight: Tensor, strides: Sequence[int], dilations: Sequence[int], order: int) -> Tensor:
    """The nearest weight whose moments below the order are equal over the phases."""
    shape = weight.shape[-len(strides) :]
    for k, s in zip(shape, strides, strict=True):
        if k < order * (s - 1) + 1:
            rule = "a kernel must have at least order · (stride - 1) + 1 taps"
            raise ValueError(f"{rule}, got kernel_size={k} with stride={s}, order={order}")
    # What is to be zero, a row for every tap: by how much a phase's moment differs from that of the first phase.
    each = torch.eye(prod(shape), dtype=torch.float64).unflatten(1, shape)
    matrices = phase_matrices(each, strides, dilations, len(shape))
    by_phase = [moment.flatten(1) for moment in moments(each, matrices, order)]
    differences = torch.cat([moment[:, 1:] - moment[:, :1] for moment in by_phase], dim=1)
    kept = torch.eye(len(each), dtype=torch.float64) - differences @ torch.linalg.pinv(differences, rtol=1e-9)
    with without_autocast(weight):
        flat = single(weight).flatten(-len(shape))
        return (flat @ kept.to(flat)).unflatten(-1, shape).to(weight.dtype)
