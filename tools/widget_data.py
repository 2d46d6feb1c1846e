"""Make what the widgets of 5.14 show of real data: a small photograph, and kernels that a network has learned.

``docs/assets/widgets/photograph.bin`` is the first test photograph of the embedded data set, 64×64 grey bytes, the mean
of each 4×4 pixels. ``docs/assets/widgets/checkerboard/learned.mjs`` holds two kernels of the experiment
``convolution/upsampling`` after training (seed 0): of the transposed layers with k = 3 and k = 4, the input channel
whose weights are largest, in thousandths. The hash of the experiment's code stands in the file; a test compares it with
today's.

    python tools/widget_data.py          # about ten seconds
"""

from pathlib import Path

import torch
import torch.nn.functional as F

from cnnbook.data.catalogue import load
from cnnbook.evidence.armcode import experiment_code
from cnnbook.experiments.convolution import upsampling
from cnnbook.files import write_whole
from upsampling_pictures import trained

WIDGETS = Path(__file__).parents[1] / "docs/assets/widgets"
SIDE = 64


def today() -> str:
    """The hash of the experiment's code as it is now."""
    return experiment_code(upsampling.SHORT_RUN)


def photograph() -> bytes:
    image = torch.as_tensor(load("photographs").test_images[0]).reshape(1, 1, 256, 256).double()
    return F.avg_pool2d(image, 256 // SIDE).round().byte().numpy().tobytes()


def kernel(k: int) -> list[list[int]]:
    """Of the upsampling layer's kernels the one with the largest sum of squares."""
    layer = trained(f"transposed_k{k}").upsample
    weight = next(weight for weight in layer.parameters() if weight.dim() == 4).detach().squeeze(1)
    assert weight.shape[1:] == (k, k), weight.shape
    return (1000 * weight[weight.square().sum((1, 2)).argmax()]).round().int().tolist()


def main() -> None:
    code = "// Kernels of convolution/upsampling after training, in thousandths; tools/widget_data.py wrote them\n"
    code += f"// from its code {today()}.\n\nexport const LEARNED = {{\n"
    for k in (3, 4):
        code += f"  {k}: [\n" + "".join(f"    {row},\n" for row in kernel(k)) + "  ],\n"
    code += "};\n"
    for name, content in (("photograph.bin", photograph()), ("checkerboard/learned.mjs", code.encode())):
        write_whole(WIDGETS / name, content)
        print(f"{name}: {len(content)} bytes")


if __name__ == "__main__":
    main()
