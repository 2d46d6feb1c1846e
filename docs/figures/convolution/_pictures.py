"""Pens of 5.14: a photograph, a grey picture, a curve."""

from functools import cache

import torch
import torch.nn.functional as F
from draw import Drawing
from matplotlib import cbook, pyplot


@cache
def photograph() -> torch.Tensor:
    """A grey photograph (1, 1, 150, 128) in 0…1, from matplotlib's samples: no lattice of its own."""
    with cbook.get_sample_data("grace_hopper.jpg") as file:
        photo = torch.tensor(pyplot.imread(file).copy()).float().mean(dim=2) / 255
    return F.avg_pool2d(photo[None, None], 4)


def picture(d: Drawing, x: float, y: float, image: torch.Tensor, side: float) -> None:
    """An image (H, W) as a picture of so many pixels, in 16 greys stretched over what is in it: a light page."""
    low, high = torch.quantile(image.flatten(), torch.tensor([0.01, 0.99]))
    grey = ((image - low) / (high - low)).clamp(0, 1).mul(15).round().byte().numpy()
    d.rect(x, y, side, side, "f-cell s-rule")
    d.picture(x, y, side, side, grey, 16, 'preserveAspectRatio="none" style="image-rendering:pixelated"')


def curve(d: Drawing, points: list[tuple[float, float]], cls: str, width: float = 2, dashes: str = "") -> None:
    """A line through points, dashed where that is said."""
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    look = f'class="f-none {cls}" stroke-width="{width:g}" stroke-linejoin="round"{dashed}'
    d.add(f'<path d="{path}" {look}/>', *points)
