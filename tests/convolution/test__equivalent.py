"""5.14.3: every upsampling layer is one transposed convolution, which is why they can be compared at all."""

from itertools import product

import pytest
import torch
import torch.nn.functional as F
from _draws import draw
from torch import Tensor, nn

from cnnbook.convolution.checkerboard import is_balanced
from cnnbook.convolution.upsampling import (
    BalancedTransposedUpsample,
    BlurredTransposedUpsample,
    ResizeConv,
    SubPixel,
    TransposedKernel,
    TransposedUpsample,
    as_transposed,
    degrees_of_freedom,
)

pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
OURS = {
    "transposed": TransposedUpsample,
    "balanced": BalancedTransposedUpsample,
    "blurred": BlurredTransposedUpsample,
    "nearest": ResizeConv,
    "bilinear": lambda *args, **options: ResizeConv(*args, mode="bilinear", **options),
    "sub-pixel": SubPixel,
}


def inside(kernel: TransposedKernel, x: Tensor) -> tuple:
    """The outputs that see pixels of the image alone: neither pixel -1 nor pixel n could reach them."""
    slices = []
    for n, k, s, p in zip(x.shape[2:], kernel.weight.shape[2:], kernel.stride, kernel.padding, strict=True):
        assert n * s - p > k - s - p >= 0
        slices.append(slice(k - s - p, n * s - p))
    return (..., *slices)


def same(layer: nn.Module, size: tuple[int, int], everywhere: bool) -> TransposedKernel:
    """Insist that the transposed convolution does what the layer does."""
    torch.manual_seed(0)
    for parameter in layer.double().parameters():
        nn.init.normal_(parameter)
    kernel = as_transposed(layer)
    x = draw(2, kernel.weight.shape[0], *size)
    expected, found = layer(x), kernel(x)
    assert found.shape == expected.shape
    where = ... if everywhere else inside(kernel, x)
    assert expected[where].numel()
    torch.testing.assert_close(found[where], expected[where], rtol=1e-12, atol=1e-12)
    return kernel


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize("scale", [1, 2, 3, 4])
def test_our_layers_are_one_transposed_convolution_wherever_the_output_sees_the_image_alone(name, scale):
    for k in range(scale, 7):
        kernel = same(OURS[name](3, 2, scale, kernel_size=k), (10, 11), everywhere=False)
        assert kernel.stride == (scale, scale) and kernel.weight.shape[:2] == (3, 2)


@pytest.mark.parametrize(("k", "s", "d"), [*product((1, 2, 3, 4, 5), (1, 2, 3), (1, 2))])
def test_torchs_layers_that_pad_with_zeros_are_one_up_to_the_border(k, s, d):
    for padding, groups in (("same", 1), ("valid", 2), (0, 1), (1, 2), ((3, 0), 1)):
        size, mode = (9, 11), "nearest" if k % 2 else "nearest-exact"
        conv = nn.Conv2d(4, 6, (k, 3), padding=padding, dilation=d, groups=groups)
        same(nn.Sequential(nn.Upsample(scale_factor=(s, 2), mode=mode), conv), size, everywhere=True)
        conv = nn.Conv2d(4, 6 * s**2, (k, 3), padding=padding, dilation=d, groups=groups)
        same(nn.Sequential(conv, nn.PixelShuffle(s)), size, everywhere=True)


@pytest.mark.parametrize("mode", ["bilinear", "bicubic"])
@pytest.mark.parametrize("s", [1, 2, 3, 4, 5])
def test_interpolation_is_one_inside(mode, s):
    up = nn.Upsample(scale_factor=(s, 2.0), mode=mode)
    kernel = same(nn.Sequential(up, nn.Conv2d(2, 3, 3, padding=1, bias=False)), (12, 13), everywhere=False)
    assert kernel.bias is None and kernel.phase_bias is None
    x = draw(1, 2, 12, 13)  # and not at the border, where interpolation goes on with the nearest pixel
    layer = nn.Sequential(up, nn.Conv2d(2, 3, 1)).double()
    assert not torch.allclose(as_transposed(layer)(x), layer(x))


def test_a_transposed_convolution_is_itself():
    layer = nn.ConvTranspose2d(4, 6, (3, 2), (2, 3), (1, 0), (1, 2), groups=2, dilation=(2, 1))
    kernel = same(layer, (5, 6), everywhere=True)
    assert torch.equal(F.conv_transpose2d(draw(1, 4, 5, 5), **kernel.arguments), layer(draw(1, 4, 5, 5)))


def test_the_sizes_of_3x3_at_scale_2():
    """Shi et al., arXiv:1609.07009: a convolution and a pixel shuffle is a kernel of s times the side."""
    sizes = {name: as_transposed(layer(3, 1, 2, kernel_size=3)) for name, layer in OURS.items()}
    assert {name: (*kernel.weight.shape[2:], *kernel.padding) for name, kernel in sizes.items()} == {
        "transposed": (4, 4, 1, 1),  # a row and a column of zeros first: the stamp lies half a pixel too far
        "balanced": (4, 4, 1, 1),
        "blurred": (4, 4, 1, 1),
        "nearest": (4, 4, 1, 1),
        "bilinear": (6, 6, 2, 2),
        "sub-pixel": (6, 6, 2, 2),
    }
    assert not sizes["transposed"].weight[..., 0, :].any() and not sizes["transposed"].weight[..., 0].any()
    assert as_transposed(ResizeConv(1, 1, 3, mode="bilinear")).weight.shape[2:] == (7, 7)  # five taps, and two


def test_nearest_and_3x3_by_hand():
    layer = nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(1, 1, (1, 3), padding=(0, 1), bias=False))
    layer[1].weight.data = torch.tensor([[[[1.0, 2.0, 4.0]]]])
    assert as_transposed(layer).weight[0, 0].tolist() == [[4, 6, 3, 1], [4, 6, 3, 1]]  # 4, 4 + 2, 2 + 1, 1


def test_sub_pixel_by_hand():
    layer = nn.Sequential(nn.Conv2d(1, 4, (1, 3), padding=(0, 1), bias=False), nn.PixelShuffle(2))
    layer[0].weight.data = torch.arange(1.0, 13.0).reshape(4, 1, 1, 3)
    assert as_transposed(layer).weight[0, 0].tolist() == [[3, 6, 2, 5, 1, 4], [9, 12, 8, 11, 7, 10]]


# The biases of the phases.


def test_a_sub_pixel_layer_has_a_bias_for_each_phase_and_no_transposed_convolution_of_torch_has():
    torch.manual_seed(0)
    layer = nn.Sequential(nn.Conv2d(2, 12, 3, padding=1), nn.PixelShuffle(2)).double()
    kernel, x = as_transposed(layer), draw(1, 2, 4, 5)
    assert kernel.bias.shape == (3,) and kernel.phase_bias.shape == (3, 2, 2)
    torch.testing.assert_close(kernel.phase_bias.mean((1, 2)), torch.zeros(3).double())
    torch.testing.assert_close((kernel.bias[:, None, None] + kernel.phase_bias).flatten(), layer[0].bias)
    without = F.conv_transpose2d(x, **kernel.arguments)
    assert not torch.allclose(without, layer(x))  # what is short is a lattice, on an image of nothing as well
    torch.testing.assert_close(layer(x) - without, kernel.phase_bias.repeat(1, 4, 5)[None])
    torch.testing.assert_close(kernel(x), layer(x))
    torch.testing.assert_close(kernel(x[0]), layer(x)[0])


def test_icnr_starts_without():
    kernel = as_transposed(SubPixel(2, 3, 2, icnr=True))
    assert not kernel.phase_bias.any() and is_balanced(kernel.weight, 2)


# What each can express.


def linear_map(layer: nn.Module) -> Tensor:
    """(taps of a 6×6 kernel, weights of the layer): which kernels it can be, placed as those of k = 6, p = 2."""
    kernel = as_transposed(layer.double())
    assert kernel.padding[0] == kernel.padding[1] and kernel.weight.shape[:2] == (1, 1)
    rim = 2 - kernel.padding[0]
    taps = F.pad(kernel.weight[0, 0], [rim] * 4).flatten()
    assert len(taps) == 36
    (rows,) = torch.autograd.grad(taps, layer.conv.weight, torch.eye(36).double(), is_grads_batched=True)
    return rows.flatten(1)


def rank(*maps: Tensor) -> int:
    """The dimension of what several layers can be, together."""
    return int(torch.linalg.matrix_rank(torch.cat(maps, dim=1), rtol=1e-9))


MAPS = {
    "transposed k=4": (TransposedUpsample(1, 1, 2), 16),
    "transposed k=3": (TransposedUpsample(1, 1, 2, kernel_size=3), 9),
    "balanced k=4": (BalancedTransposedUpsample(1, 1, 2), 13),  # three equations between four phases
    "balanced k=3": (BalancedTransposedUpsample(1, 1, 2, kernel_size=3), 6),
    "balanced to order 2, k=4": (BalancedTransposedUpsample(1, 1, 2, order=2), 7),
    "balanced to order 3, k=4": (BalancedTransposedUpsample(1, 1, 2, order=3), 2),
    "blurred k=4": (BlurredTransposedUpsample(1, 1, 2), 16),
    "nearest": (ResizeConv(1, 1, 2), 9),
    "bilinear": (ResizeConv(1, 1, 2, mode="bilinear"), 9),
    "transposed k=6": (TransposedUpsample(1, 1, 2, kernel_size=6), 36),
    "balanced k=6": (BalancedTransposedUpsample(1, 1, 2, kernel_size=6), 33),
    "sub-pixel": (SubPixel(1, 1, 2), 36),
}


WITHIN = (  # the smaller family and the larger one that holds it
    ("nearest", "balanced k=4"),
    ("balanced k=4", "transposed k=4"),
    ("balanced to order 2, k=4", "balanced k=4"),
    ("balanced to order 3, k=4", "balanced to order 2, k=4"),
    ("transposed k=4", "transposed k=6"),
    ("transposed k=6", "sub-pixel"),
    ("sub-pixel", "transposed k=6"),
    ("bilinear", "balanced k=6"),
    ("blurred k=4", "balanced k=6"),
    ("balanced k=3", "balanced k=4"),
    ("balanced k=6", "sub-pixel"),
)


@pytest.mark.parametrize("name", MAPS)
def test_how_many_kernels_a_layer_can_be(name):
    layer, dimension = MAPS[name]
    assert degrees_of_freedom(layer) == rank(linear_map(layer)) == dimension


def test_freedom_is_that_of_one_pair_of_channels_and_the_layer_stays_as_it_was():
    layer = nn.Sequential(nn.Conv2d(2, 12, 3), nn.PixelShuffle(2)).requires_grad_(False)
    assert degrees_of_freedom(layer) == 36 and degrees_of_freedom(nn.ConvTranspose2d(4, 6, (3, 5), groups=2)) == 15
    assert layer[0].weight.dtype == torch.float32 and not layer[0].weight.requires_grad


@pytest.mark.parametrize(("smaller", "larger"), WITHIN)
def test_which_layer_another_can_be(smaller, larger):
    small, large = (linear_map(MAPS[name][0]) for name in (smaller, larger))
    assert rank(small, large) == rank(large)  # nothing new beside what the larger one can be


@pytest.mark.parametrize(("one", "other"), [("bilinear", "transposed k=4"), ("blurred k=4", "transposed k=4")])
def test_which_it_cannot(one, other):
    small, large = (linear_map(MAPS[name][0]) for name in (one, other))
    assert rank(small, large) > rank(large)


def test_what_is_flat_for_ever_is_balanced_as_one_kernel():
    for name, layer in OURS.items():
        torch.manual_seed(0)
        weight = as_transposed(layer(2, 3, 2, kernel_size=4)).weight
        assert is_balanced(weight, 2) == (name not in ("transposed", "sub-pixel"))


# Gradients, and what is refused.


@pytest.mark.parametrize("name", OURS)
def test_gradients_reach_the_layers_own_weights(name):
    layer = OURS[name](1, 2, 2, kernel_size=3).double()
    kernel, x = as_transposed(layer), draw(1, 1, 9, 9)
    where = inside(kernel, x)
    expected = torch.autograd.grad(layer(x)[where].square().sum(), [*layer.parameters()])
    found = torch.autograd.grad(kernel(x)[where].square().sum(), [*layer.parameters()])
    torch.testing.assert_close(found, expected)


KINDS = (
    "layer must be an upsampling layer of cnnbook, a ConvTranspose2d, or a Sequential of Upsample and Conv2d or of "
    "Conv2d and PixelShuffle, got "
)
CONV, SHUFFLED = nn.Conv2d(1, 4, 3), nn.PixelShuffle(2)
REFUSED = {
    "another layer": (nn.Linear(2, 2), TypeError, KINDS + "Linear"),
    "one of one axis": (nn.ConvTranspose1d(1, 1, 2), TypeError, KINDS + "ConvTranspose1d"),
    "the wrong way round": (nn.Sequential(SHUFFLED, CONV), TypeError, KINDS + "PixelShuffle and Conv2d"),
    "three": (nn.Sequential(CONV, SHUFFLED, nn.ReLU()), TypeError, KINDS + "Conv2d and PixelShuffle and ReLU"),
    "nothing": (nn.Sequential(), TypeError, KINDS + "an empty Sequential"),
    "no layer": (3, TypeError, KINDS + "int"),
    "a stride": (
        nn.Sequential(nn.Conv2d(1, 4, 3, stride=(1, 2)), SHUFFLED),
        ValueError,
        "the convolution must have stride 1, got stride=(1, 2)",
    ),
    "half a pixel": (
        nn.Sequential(nn.Upsample(scale_factor=1.5), CONV),
        ValueError,
        "scale_factor must be whole, got scale_factor=1.5 with size=None",
    ),
    "a size": (
        nn.Sequential(nn.Upsample(size=8), CONV),
        ValueError,
        "scale_factor must be whole, got scale_factor=None with size=8",
    ),
    "corners": (
        nn.Sequential(nn.UpsamplingBilinear2d(scale_factor=2), CONV),
        ValueError,
        "align_corners must be off: with it each pixel paints another stamp, got align_corners=True",
    ),
    "mode": (
        nn.Sequential(nn.Upsample(scale_factor=2, mode="trilinear"), CONV),
        ValueError,
        "mode must be nearest, nearest-exact, bilinear or bicubic, got 'trilinear'",
    ),
    "groups": (
        nn.Sequential(nn.Conv2d(2, 4, 3, groups=2), SHUFFLED),
        ValueError,
        "the groups must divide the output channels, got groups=2 with 1 channels",
    ),
    "channels": (
        nn.Sequential(nn.Conv2d(1, 6, 3), SHUFFLED),
        ValueError,
        "the convolution's channels must be divisible by the 4 phases, got 6",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_and_how(case):
    layer, error, message = REFUSED[case]
    with pytest.raises(error) as caught:
        as_transposed(layer)
    assert str(caught.value) == message
