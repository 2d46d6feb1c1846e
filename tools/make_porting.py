"""Make tests/convolution/_porting.json: what other frameworks compute, for the tests of 5.14.4.

The input is 1, 2, 3, … and the taps of the kernel are 1, 10, 100, …, so that an output's digits say which pixel lies
under which tap. A row is n, k, s, d, the options (output_size, output_padding; null where not given), and the output.

In an environment of its own, for the book needs none of these:

    pip install tensorflow-cpu jax onnx onnxruntime
    python tools/make_porting.py
"""

from __future__ import annotations

import importlib.metadata
import json
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

TARGET = Path(__file__).parents[1] / "tests/convolution/_porting.json"
LIBRARIES = ("tensorflow", "keras", "jax", "onnxruntime")
SIZES, KERNELS, STRIDES, DILATIONS = (1, 4, 5), (1, 2, 3, 4), (1, 2, 3), (1, 2)
Row = tuple[int, int, int, int, int | None, int | None]


def image(n: int) -> np.ndarray:
    return np.arange(1, n + 1, dtype=np.float32)


def kernel(k: int) -> np.ndarray:
    return (10 ** np.arange(k)).astype(np.float32)


def tensorflow_conv(framework: str, n: int, k: int, s: int, d: int, *_: None) -> np.ndarray:
    import tensorflow as tf

    padding = framework.split("-")[1].upper()
    return tf.nn.conv1d(image(n)[None, :, None], kernel(k)[:, None, None], s, padding, dilations=d).numpy()


def tensorflow_transposed(framework: str, n: int, k: int, s: int, d: int, size: int | None, _: None) -> np.ndarray:
    import tensorflow as tf

    padding = framework.split("-")[1].upper()
    shape = [1, size or (n * s if padding == "SAME" else n * s + max(k - s, 0)), 1]
    return tf.nn.conv1d_transpose(image(n)[None, :, None], kernel(k)[:, None, None], shape, s, padding).numpy()


def keras_conv(framework: str, n: int, k: int, s: int, d: int, *_: None) -> np.ndarray:
    import keras

    layer = keras.layers.Conv1D(1, k, strides=s, padding=framework.split("-")[1], dilation_rate=d, use_bias=False)
    return _keras(layer, n, k)


def keras_transposed(framework: str, n: int, k: int, s: int, d: int, _: None, extra: int | None) -> np.ndarray:
    import keras

    options = {"padding": framework.split("-")[1], "output_padding": extra, "use_bias": False}
    return _keras(keras.layers.Conv1DTranspose(1, k, strides=s, **options), n, k)


def _keras(layer: Any, n: int, k: int) -> np.ndarray:
    layer.build((1, n, 1))
    layer.set_weights([kernel(k)[:, None, None]])
    return np.asarray(layer(image(n)[None, :, None]))


def jax_conv(framework: str, n: int, k: int, s: int, d: int, *_: None) -> np.ndarray:
    from jax import lax

    padding = framework.removeprefix("jax-").upper().replace("-", "_")
    x, w = image(n)[None, None], kernel(k)[None, None]
    return np.asarray(lax.conv_general_dilated(x, w, (s,), padding, rhs_dilation=(d,)))


def jax_transposed(framework: str, n: int, k: int, s: int, d: int, *_: None) -> np.ndarray:
    from jax import lax

    _, padding, *flip = framework.split("-")  # jax-same: as it is; jax-same-transpose-kernel
    x, w = image(n)[None, :, None], kernel(k)[:, None, None]
    options = {"rhs_dilation": (d,), "transpose_kernel": bool(flip)}
    return np.asarray(lax.conv_transpose(x, w, (s,), padding.upper(), **options))


def onnx_conv(framework: str, n: int, k: int, s: int, d: int, *_: None) -> np.ndarray:
    auto_pad = framework.removeprefix("onnx-").upper().replace("-", "_")
    inputs = {"x": image(n)[None, None], "w": kernel(k)[None, None]}
    return _onnx("Conv", inputs, strides=[s], dilations=[d], auto_pad=auto_pad)


def onnx_transposed(framework: str, n: int, k: int, s: int, d: int, size: int | None, extra: int | None) -> np.ndarray:
    auto_pad = framework.removeprefix("onnx-").upper().replace("-", "_")
    options: dict[str, Any] = {"output_shape": [size]} if size else {}
    options |= {"output_padding": [extra]} if extra is not None else {}
    inputs = {"x": image(n)[None, None], "w": kernel(k)[None, None]}
    return _onnx("ConvTranspose", inputs, strides=[s], dilations=[d], auto_pad=auto_pad, **options)


def _onnx(kind: str, inputs: dict[str, np.ndarray], **attributes: Any) -> np.ndarray:
    import onnxruntime
    from onnx import TensorProto, helper

    node = helper.make_node(kind, [*inputs], ["y"], **attributes)
    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, x.shape) for name, x in inputs.items()]
    graph = helper.make_graph([node], "one", ends, [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    quiet = onnxruntime.SessionOptions()
    quiet.log_severity_level = 4
    session = onnxruntime.InferenceSession(model.SerializeToString(), quiet, providers=["CPUExecutionProvider"])
    return session.run(None, inputs)[0]


Compute = Callable[..., np.ndarray]
CONV: dict[str, tuple[str, Compute]] = {
    "tensorflow-same": ("tensorflow", tensorflow_conv),
    "tensorflow-valid": ("tensorflow", tensorflow_conv),
    "keras-same": ("keras", keras_conv),
    "keras-causal": ("keras", keras_conv),
    "jax-same": ("jax", jax_conv),
    "jax-same-lower": ("jax", jax_conv),
    "onnx-same-upper": ("onnxruntime", onnx_conv),
    "onnx-same-lower": ("onnxruntime", onnx_conv),
}
TRANSPOSED: dict[str, tuple[str, Compute]] = {
    "tensorflow-same": ("tensorflow", tensorflow_transposed),
    "tensorflow-valid": ("tensorflow", tensorflow_transposed),
    "keras-same": ("keras", keras_transposed),
    "keras-valid": ("keras", keras_transposed),
    "jax-same": ("jax", jax_transposed),
    "jax-valid": ("jax", jax_transposed),
    "jax-same-transpose-kernel": ("jax", jax_transposed),
    "jax-valid-transpose-kernel": ("jax", jax_transposed),
    "onnx-same-upper": ("onnxruntime", onnx_transposed),
    "onnx-same-lower": ("onnxruntime", onnx_transposed),
    "onnx-valid": ("onnxruntime", onnx_transposed),
    "onnx-notset": ("onnxruntime", onnx_transposed),
}


def settings(framework: str, transposed: bool) -> Iterator[Row]:
    """What is asked of a framework: a row without its output."""
    for n, k, s, d in product(SIZES, KERNELS, STRIDES, DILATIONS):
        reach = d * (k - 1) + 1
        if d > 1 and ((s > 1 and framework.startswith(("tensorflow", "keras"))) or k == 1):
            continue  # these take no stride with a dilation; a single tap has none
        if not transposed:
            undilated = framework.startswith("onnx") and d > 1  # ONNX Runtime refuses
            if not undilated and (framework != "tensorflow-valid" or reach <= n):
                yield n, k, s, d, None, None
            continue
        if d > 1 and framework.startswith(("tensorflow", "keras")):
            continue
        same, extras = framework in ("onnx-same-upper", "onnx-same-lower"), (None, 1)
        if not same or reach >= s:  # ONNX's own tools differ on the rest
            yield n, k, s, d, None, None
        if framework == "tensorflow-same" and s > 1:
            yield n, k, s, d, n * s - 1, None
        if framework == "tensorflow-valid" and s > 1:
            yield n, k, s, d, (n - 1) * s + reach, None
        if framework.startswith("keras") and s > 1:
            yield n, k, s, d, None, 1
        if (same or framework == "onnx-notset") and s > 1:
            if not same or reach + 1 >= s:
                yield n, k, s, d, None, 1
            for extra in extras:
                for length in ((n - 1) * s + reach - 1, (n - 1) * s + reach - 2):
                    if length > 0:
                        yield n, k, s, d, length, extra


def explicit() -> dict[str, list]:
    """Padding by numbers: n, k, s, d, the two numbers, the output padding and the output."""
    from jax import lax

    found: dict[str, list] = {"jax": [], "onnx": []}
    for k, s, d, begin, end in product((2, 3), (1, 2), (1, 2), (0, 1, 2), (0, 1, 2)):
        x, w = image(4)[None, :, None], kernel(k)[:, None, None]
        if 3 * s + 1 + begin + end > d * (k - 1):
            y = lax.conv_transpose(x, w, (s,), [(begin, end)], rhs_dilation=(d,), transpose_kernel=True)
            found["jax"].append([4, k, s, d, begin, end, 0, whole(np.ravel(y))])
        for extra in range(s):
            if 3 * s + d * (k - 1) + 1 + extra > begin + end:
                options = {"strides": [s], "dilations": [d], "pads": [begin, end], "output_padding": [extra]}
                y = _onnx("ConvTranspose", {"x": image(4)[None, None], "w": kernel(k)[None, None]}, **options)
                found["onnx"].append([4, k, s, d, begin, end, extra, whole(y.ravel())])
    return found


def layouts() -> Iterator[dict[str, Any]]:
    """Weights with two channels in and three out, and a kernel of 2×3, as each framework keeps them."""
    import tensorflow as tf
    from jax import lax

    x = (np.arange(2 * 4 * 5) % 7).reshape(1, 2, 4, 5).astype(np.float32)
    last = np.moveaxis(x, 1, -1)

    def numbers(*shape: int) -> np.ndarray:
        return (np.arange(np.prod(shape)) * 5 % 11).reshape(shape).astype(np.float32)

    def row(framework: str, transposed: bool, weight: np.ndarray, output: Any, channels_last: bool = True) -> dict:
        y = np.moveaxis(np.asarray(output), -1, 1) if channels_last else output
        lists = {"input": x[0], "weight": weight, "output": y[0]}
        return {"framework": framework, "transposed": transposed} | {name: whole(a) for name, a in lists.items()}

    w = numbers(2, 3, 2, 3)
    dims = ("NHWC", "HWIO", "NHWC")
    yield row("tensorflow", False, w, tf.nn.conv2d(last, w, 1, "VALID"))
    yield row("jax", False, w, lax.conv_general_dilated(last, w, (1, 1), "VALID", dimension_numbers=dims))
    yield row("jax", True, w, lax.conv_transpose(last, w, (2, 2), "VALID"))
    depth = numbers(2, 3, 2, 2)
    yield row("keras-depthwise", False, depth, tf.nn.depthwise_conv2d(last, depth, (1, 1, 1, 1), "VALID"))
    w = numbers(2, 3, 3, 2)
    yield row("tensorflow", True, w, tf.nn.conv2d_transpose(last, w, (1, 8, 11, 3), 2, "VALID"))
    yield row("jax-transpose-kernel", True, w, lax.conv_transpose(last, w, (2, 2), "VALID", transpose_kernel=True))
    for kind, w in (("Conv", numbers(3, 2, 2, 3)), ("ConvTranspose", numbers(2, 3, 2, 3))):
        options = {"strides": [2, 2]} if kind == "ConvTranspose" else {}
        yield row("onnx", kind == "ConvTranspose", w, _onnx(kind, {"x": x, "w": w}, **options), channels_last=False)


def resized() -> dict[str, list[float]]:
    """Twice as many pixels in ONNX Runtime's three coordinate transformations, of which one is TensorFlow 1's."""
    inputs = {"x": np.array([[[3, 1, 4, 1, 5]]], np.float32), "": np.zeros(0, np.float32)}
    import onnxruntime
    from onnx import TensorProto, helper

    found = {}
    for mode in ("half_pixel", "align_corners", "asymmetric"):
        node = helper.make_node(
            "Resize", ["x", "", "scales"], ["y"], mode="linear", coordinate_transformation_mode=mode
        )
        ends = [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 1, 5])]
        scales = helper.make_tensor("scales", TensorProto.FLOAT, [3], [1.0, 1.0, 2.0])
        output = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
        graph = helper.make_graph([node], "one", ends, [output], [scales])
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        found[mode] = [round(float(value), 6) for value in session.run(None, {"x": inputs["x"]})[0].ravel()]
    return found


def whole(array: Any) -> list:
    array = np.asarray(array)
    assert (array == array.round()).all()
    return array.astype(int).tolist()


def rows(framework: str, transposed: bool) -> list[list]:
    _, compute = (TRANSPOSED if transposed else CONV)[framework]
    found = []
    for row in settings(framework, transposed):
        output = compute(framework, *row)
        found.append([*row, whole(output.ravel())])
    return found


def main() -> None:
    versions = {library: importlib.metadata.version(library) for library in LIBRARIES if library != "tensorflow"}
    versions["tensorflow"] = importlib.metadata.version("tensorflow-cpu")
    table = {
        "made by": "tools/make_porting.py",
        "versions": dict(sorted(versions.items())),
        "columns": ["size", "kernel_size", "stride", "dilation", "output_size", "output_padding", "output"],
        "conv": {framework: rows(framework, False) for framework in CONV},
        "transposed": {framework: rows(framework, True) for framework in TRANSPOSED},
        "explicit": explicit(),
        "layouts": list(layouts()),
        "resized": resized(),
    }
    text = json.dumps(table, separators=(",", ":")).replace(']]],"', ']]],\n"')
    TARGET.write_text(text + "\n", "utf-8", newline="\n")
    print(f"{TARGET.name}: {len(text)} characters", versions)


if __name__ == "__main__":
    main()
