"""Make results/convolution/upsampling_pictures.npz: what the networks of seed 0 draw, before and after training.

Of every arm of the experiment ``convolution/upsampling``, for the first test photograph: a crop of 48×48 pixels of
the residual (what the network adds to bicubic interpolation), in grey levels, and the residual's power spectrum along
rows. Beside them the photograph, bicubic interpolation, and the spectrum of what bicubic lacks. The hash
of the experiment's code stands in the file; a test compares it with today's.

    python tools/upsampling_pictures.py          # about half a minute
"""

from __future__ import annotations

import argparse
import io
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from cnnbook.convolution.checkerboard import power_spectrum
from cnnbook.data.photographs import enlarge
from cnnbook.evidence.armcode import experiment_code
from cnnbook.evidence.paths import results_dir
from cnnbook.experiments.convolution import upsampling
from cnnbook.experiments.convolution._super_resolution import BORDER, SCALE, photographs_and_plain
from cnnbook.files import write_whole
from cnnbook.parallel import threads
from cnnbook.training.networks import build
from cnnbook.training.runs import data_of, module_of
from cnnbook.training.trainers import quiet, trainer

SEED, SIDE = 0, 48
CORNER = (46, 112)  # of the crop: face and camera against the sky


def trained(upsampler: str) -> torch.nn.Module:
    """The network of one arm after its budget."""
    config = upsampling.ARMS[upsampler]
    module = module_of(config, [SEED], stacked=False)
    made = trainer(accelerator="cpu", max_steps=config.total_steps, limit_val_batches=0, num_sanity_val_steps=0)
    with quiet(), threads(1):
        made.fit(module, data_of(config, [SEED], stacked=False))
    return module.network


def crop(image: Tensor) -> np.ndarray:
    """The part that is shown, in grey levels."""
    (top, left) = CORNER
    return (255 * image[0, 0, top : top + SIDE, left : left + SIDE]).numpy().astype(np.float16)


def spectrum(image: Tensor) -> np.ndarray:
    """Power along rows, the border left out."""
    return power_spectrum(255 * image[0, 0, BORDER:-BORDER, BORDER:-BORDER]).numpy().astype(np.float32)


def main() -> None:
    """Train, draw, and write the file in one step."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=results_dir() / "convolution/upsampling_pictures.npz")
    args = parser.parse_args()
    data = photographs_and_plain()
    small, photograph = data.test_inputs[:1], data.test_targets[:1] / 255
    bicubic = enlarge(small, SCALE)
    found = {
        "code": np.array(experiment_code(upsampling.SHORT_RUN)),
        "photograph": crop(photograph),
        "bicubic": crop(bicubic),
        "lacking_spectrum": spectrum(photograph - bicubic),
    }
    for upsampler, config in upsampling.ARMS.items():
        for when, network in {
            "start": build(config.network, config.network_options, SEED),
            "end": trained(upsampler),
        }.items():
            with torch.no_grad():
                residual = network.eval()(small) - bicubic
            found[f"{upsampler}_{when}"] = crop(residual)
            found[f"{upsampler}_{when}_spectrum"] = spectrum(residual)
    file = io.BytesIO()
    np.savez_compressed(file, **found)
    write_whole(args.out, file.getvalue())
    print(f"{args.out}: {len(file.getvalue())} bytes")


if __name__ == "__main__":
    main()
