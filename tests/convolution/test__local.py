"""5.14.3: a lattice that changes its sign from place to place is seen tile by tile, and not over the whole image."""

from itertools import product

import numpy as np
import pytest
import torch
from _draws import draw
from torch import Tensor

from cnnbook.convolution.checkerboard import lattice_spectrum, local_lattice_spectrum, local_phase_share, phase_share

BOARD = torch.tensor([[1.0, -1.0], [-1.0, 1.0]]).double()
STRIPES = torch.tensor([[1.0, -1.0], [1.0, -1.0]]).double()


def flipping(tile: Tensor, size: int = 256, every: int = 32) -> Tensor:
    """A lattice whose sign is another in the next square."""
    sign = 1.0 - torch.arange(size) // every % 2 * 2
    return tile.repeat(size // 2, size // 2) * sign[:, None] * sign


@pytest.mark.parametrize("tile", [BOARD, STRIPES])
def test_a_lattice_that_changes_its_sign_is_invisible_to_the_whole_and_plain_tile_by_tile(tile):
    noise = draw(8, 256, 256)
    worse = noise + flipping(tile)
    assert phase_share(worse, 2).max() < 1e-4 and lattice_spectrum(worse, 2).max() < 0.2  # less than of noise alone
    torch.testing.assert_close(local_phase_share(worse, 2), torch.full((8,), 0.5).double(), rtol=0.03, atol=0)
    assert (local_lattice_spectrum(worse, 2) > 4).all() and (local_lattice_spectrum(worse, 2, tile=16) > 4).all()
    assert local_phase_share(noise, 2).max() < 0.013 and local_lattice_spectrum(noise, 2).max() < 1.1


@pytest.mark.parametrize(("s", "t"), [*product((2, 4), (8, 16, 32))])
def test_white_noise_is_at_its_degrees_of_freedom_and_at_one(s, t):
    noise = draw(100, 128, 128, seed=s)
    assert float(local_phase_share(noise, s, t).mean()) == pytest.approx((s**2 - 1) / (t**2 - 1), rel=0.05)
    if t >= 4 * s:
        assert float(local_lattice_spectrum(noise, s, t).mean()) == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize(("s", "t"), [*product((2, 3, 4), (12, 24))])
def test_a_ramp_is_at_as_much_in_any_direction(s, t):
    place = torch.arange(48.0).double()
    for down, across in ((0, 1), (1, 0), (1, 1), (2, -3)):
        ramp = 7 + down * place[:, None] + across * place
        torch.testing.assert_close(local_phase_share(ramp, s, t), torch.tensor((s**2 - 1) / (t**2 - 1)).double())


def test_the_share_is_the_variance_between_phases_over_all_variance_within_the_tiles():
    image = draw(3, 21, 40)
    for s, t in ((2, 4), ((3, 2), (6, 8)), (2, (20, 40))):
        (down, across), (height, width) = np.broadcast_to(s, 2), np.broadcast_to(t, 2)
        for k in range(3):
            between = total = 0.0
            for i, j in product(range(21 // height), range(40 // width)):
                tile = image[k, i * height : (i + 1) * height, j * width : (j + 1) * width]
                means = [tile[a::down, b::across].mean() for a, b in product(range(down), range(across))]
                between += float(torch.stack(means).var(correction=0))
                total += float(tile.var(correction=0))
            s_, t_ = (int(down), int(across)), (int(height), int(width))
            assert float(local_phase_share(image, s_, t_)[k]) == pytest.approx(between / total)


def test_a_tile_as_large_as_the_image_is_the_whole():
    image = draw(2, 12, 18)
    torch.testing.assert_close(local_phase_share(image, (2, 3), (12, 18)), phase_share(image, (2, 3)))


def test_the_spectrum_written_out():
    image, t, s = draw(40, 52).numpy(), 16, 4
    window = np.hanning(t + 1)[:-1]
    peaks = around = 0.0
    for lines in (image - image.mean(), (image - image.mean()).T):
        starts = range(0, lines.shape[1] - t + 1, t // 2)
        power = np.mean([np.abs(np.fft.fft(window * line[a : a + t])) ** 2 for line in lines for a in starts], axis=0)
        for m in (4, 8, 12):  # multiples of t / s, and what lies two frequencies to either side
            peaks += power[m]
            around += (power[m - 2] + power[m + 2]) / 2
    assert float(local_lattice_spectrum(torch.from_numpy(image), s, t)) == pytest.approx(peaks / around)


def test_what_is_flat_is_clean_and_a_pure_lattice_is_not():
    for value in (0.0, 1.0, -1e6, 1 / 3):
        flat = torch.full((2, 64, 64), value)
        ripple = flat * (1 + 1e-7 * BOARD.float().repeat(32, 32))  # what rounding leaves is no lattice
        assert local_phase_share(flat, 2).tolist() == local_phase_share(ripple, 2).tolist() == [0, 0]
        assert local_lattice_spectrum(flat, 2).tolist() == [1, 1] and local_lattice_spectrum(ripple, 2).max() < 2
    lattice = flipping(BOARD)
    assert float(local_phase_share(lattice, 2)) == pytest.approx(1) and float(local_lattice_spectrum(lattice, 2)) > 5
    half = lattice.clone()
    half[:, 32:] = 3  # flat tiles do not count: there is nothing in them
    assert float(local_phase_share(half, 2)) == pytest.approx(1)


@pytest.mark.parametrize("measure", [local_phase_share, local_lattice_spectrum])
def test_batches_halves_and_what_cannot_be_looked_at(measure):
    images = draw(2, 3, 32, 48)
    found = measure(images, 2, 16)
    assert found.shape == (2, 3)
    torch.testing.assert_close(found[1, 2], measure(images[1, 2], 2, 16))
    for dtype in (torch.float16, torch.bfloat16):
        torch.testing.assert_close(measure(images.to(dtype), 2, 16).double(), found, rtol=0.05, atol=1e-4)
    nan = torch.full((1, 32, 32), float("nan"))
    assert torch.vmap(lambda x: measure(x, 2, 16))(nan).isnan().all()


ones = torch.ones
RULE = "tile must be a multiple of the stride and at least {} times as long, got "
REFUSED = {
    "no whole period": (
        lambda: local_phase_share(ones(64, 64), 3),
        ValueError,
        RULE.format(2) + "tile=16 with stride=3",
    ),
    "one period": (lambda: local_phase_share(ones(64, 64), 8, 8), ValueError, RULE.format(2) + "tile=8 with stride=8"),
    "two periods of a spectrum": (
        lambda: local_lattice_spectrum(ones(64, 64), (2, 4), (8, 8)),
        ValueError,
        RULE.format(4) + "tile=8 with stride=4",
    ),
    "small": (
        lambda: local_phase_share(ones(64, 12), 2),
        ValueError,
        "image must hold at least one tile, got 64×12 pixels with tile=16",
    ),
    "tile 0": (lambda: local_phase_share(ones(8, 8), 2, 0), ValueError, "tile must be at least 1, got tile=0"),
    "tile a float": (lambda: local_lattice_spectrum(ones(8, 8), 2, 8.0), TypeError, "tile must be an int, got 8.0"),
    "ints": (lambda: local_phase_share(ones(32, 32).int(), 2), TypeError, "image must have a floating dtype"),
    "NaN": (lambda: local_lattice_spectrum(ones(32, 32) * torch.nan, 2), ValueError, "image must be finite, got 1024"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_and_how(case):
    call, error, message = REFUSED[case]
    with pytest.raises(error) as caught:
        call()
    assert message in str(caught.value)
