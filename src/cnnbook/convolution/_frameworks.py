"""How other frameworks pad and crop along one axis, and how they store weights: the tables behind `porting`.

References:
    ``tf.nn``, "Notes on padding"; Keras ``compute_conv_transpose_output_shape``; ``jax.lax.conv_transpose``; ONNX
    ``Conv`` and ``ConvTranspose``; MATLAB ``convolution2dLayer`` and ``transposedConv2dLayer``; ``torch.nn.Conv2d``.
"""

from collections.abc import Callable
from typing import Any

ALIASES = {"tf": "tensorflow", "tflite": "tensorflow", "torch": "pytorch", "flax": "jax"}


def canonical(name: Any, table: Any, what: str = "framework") -> str:
    """The name as the table has it; an unknown one lists what there is."""
    if not isinstance(name, str):
        raise TypeError(f"{what} must be a string, got {name!r}")
    first, *rest = name.lower().replace("_", "-").split("-")
    found = "-".join([ALIASES.get(first, first), *rest])
    if found not in table:
        raise ValueError(f"{what} must be one of {', '.join(table)}, got {name!r}")
    return found


def halves(total: int, first: bool = False) -> tuple[int, int]:
    """A number of cells shared out to both ends: an odd one goes to the far end, or to the first."""
    few, many = total // 2, total - total // 2
    return (many, few) if first else (few, many)


# The zeros around the input of a strided convolution: (n, reach, s) -> (before, after), with reach = d (k - 1) + 1.


def _fewest(size: int, reach: int, stride: int) -> int:
    """As few zeros as give ceil(n / s) outputs."""
    return max((-(-size // stride) - 1) * stride + reach - size, 0)


def _upper(size: int, reach: int, stride: int) -> tuple[int, int]:
    return halves(_fewest(size, reach, stride))


def _lower(size: int, reach: int, stride: int) -> tuple[int, int]:
    return halves(_fewest(size, reach, stride), first=True)


def _valid(size: int, reach: int, stride: int) -> tuple[int, int]:
    return 0, 0


def _causal(size: int, reach: int, stride: int) -> tuple[int, int]:
    return reach - 1, 0


def _torch_same(size: int, reach: int, stride: int) -> tuple[int, int]:
    if stride > 1:
        raise ValueError(f"pytorch-same must have stride 1, as torch.nn.Conv2d demands, got stride={stride}")
    return halves(reach - 1)


CONV: dict[str, Callable[[int, int, int], tuple[int, int]]] = {
    "tensorflow-same": _upper,
    "tensorflow-valid": _valid,
    "keras-same": _upper,
    "keras-valid": _valid,
    "keras-causal": _causal,
    "jax-same": _upper,
    "jax-same-lower": _lower,
    "jax-valid": _valid,
    "onnx-same-upper": _upper,
    "onnx-same-lower": _lower,
    "onnx-valid": _valid,
    "matlab-same": _upper,
    "pytorch-same": _torch_same,
    "pytorch-valid": _valid,
}

# The output of a transposed convolution: (n, reach, s) -> its length, where nothing else is asked for.


def _times_stride(size: int, reach: int, stride: int) -> int:
    return size * stride


def _full(size: int, reach: int, stride: int) -> int:
    return (size - 1) * stride + reach


def _full_or_times_stride(size: int, reach: int, stride: int) -> int:
    return size * stride + max(reach - stride, 0)


def _unchanged(size: int, reach: int, stride: int) -> int:
    _torch_same(size, reach, stride)
    return size


TRANSPOSED: dict[str, Callable[[int, int, int], int]] = {
    "tensorflow-same": _times_stride,
    "tensorflow-valid": _full_or_times_stride,
    "keras-same": _times_stride,
    "keras-valid": _full_or_times_stride,
    "jax-same": _times_stride,
    "jax-valid": _full_or_times_stride,
    "onnx-same-upper": _times_stride,
    "onnx-same-lower": _times_stride,
    "onnx-valid": _full,
    "onnx-notset": _full,
    "matlab-same": _times_stride,
    "pytorch-same": _unchanged,
}
OPTIONS = {"tensorflow": ("output_size",), "keras": ("output_padding",), "onnx": ("output_size", "output_padding")}


def crop(
    framework: str,
    size: int,
    kernel_size: int,
    stride: int,
    dilation: int,
    output_size: int | None = None,
    output_padding: int | None = None,
) -> tuple[int, int]:
    """What a transposed convolution of a framework leaves out of the full output, before and after."""
    reach = dilation * (kernel_size - 1) + 1
    full, extra = _full(size, reach, stride), output_padding or 0
    length = TRANSPOSED[framework](size, reach, stride) if output_size is None else output_size
    if framework.startswith("tensorflow") and output_size is not None:
        _leads_back(framework, output_size, size, reach, stride)
    if framework.startswith("keras") and output_padding is not None:
        length = full + extra - (2 * (reach // 2) if framework == "keras-same" else 0)
    if framework in ("onnx-valid", "onnx-notset") and output_size is None:
        length += extra
    if length < 1:
        got = f"{length} from size={size}, kernel_size={kernel_size}, stride={stride}, dilation={dilation}"
        raise ValueError(f"output size must be at least 1, got {got}")
    if framework.startswith("onnx"):  # it shares out the output padding too, and then gives it back at the end
        if length > full + extra:  # ONNX Runtime then leaves cells out, and ONNX's reference begins with zeros
            got = f"{full + extra} < {length} with size={size}, kernel_size={kernel_size}, stride={stride}"
            raise ValueError(f"{framework} must have stamps that reach all of the output, got {got}")
        before, _ = halves(full + extra - length, first=framework != "onnx-same-upper")
    else:
        before, _ = halves(max(full - length, 0))
    return before, full - length - before


def _leads_back(framework: str, output_size: int, size: int, reach: int, stride: int) -> None:
    """Insist on an output that the framework's own convolution takes back to the input."""
    zeros = sum(CONV[framework](output_size, reach, stride))
    back = (output_size + zeros - reach) // stride + 1
    if back != size:
        got = f"output_size={output_size}, which leads to {back}"
        raise ValueError(f"the convolution must lead from output_size back to size={size}, got {got}")


# How a weight lies, as the places in it of PyTorch's first two axes; the axes of space come next. "rotated" says that
# the kernel must be turned by 180° as well.

SPACE_FIRST = {"axes": (-1, -2)}
AS_TORCH: dict[str, Any] = {"axes": (0, 1)}
LAYOUTS: dict[str, dict[str, Any]] = {
    "tensorflow": SPACE_FIRST,
    "keras": SPACE_FIRST,
    "keras-depthwise": {"axes": (-2, -1), "depthwise": True},
    "jax": SPACE_FIRST,
    "matlab": SPACE_FIRST,
    "onnx": AS_TORCH,
    "caffe": AS_TORCH,
    "paddle": AS_TORCH,
    "pytorch": AS_TORCH,
}
TRANSPOSED_LAYOUTS: dict[str, dict[str, Any]] = {
    **{name: layout for name, layout in LAYOUTS.items() if not layout.get("depthwise")},
    "jax": {"axes": (-2, -1), "rotated": True},
    "jax-transpose-kernel": SPACE_FIRST,
}
