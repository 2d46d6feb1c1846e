"""5.14.5: the upsampling layers, and ICNR. That each is one transposed convolution: test__equivalent.py."""

from copy import deepcopy

import pytest
import torch
import torch.nn.functional as F
from _draws import draw, is_flat, photograph
from torch import nn
from torch.func import functional_call, grad, stack_module_state, vmap

from cnnbook.convolution.checkerboard import balance_phases, is_balanced, phase_share, phase_sums
from cnnbook.convolution.upsampling import (
    BalancedTransposedUpsample,
    BlurredTransposedUpsample,
    ResizeConv,
    SubPixel,
    TransposedUpsample,
    fan_in_,
    icnr_,
)

ones = torch.ones


# The upsampling layers.

ANY = {
    "transposed": TransposedUpsample,
    "balanced": BalancedTransposedUpsample,
    "blurred": BlurredTransposedUpsample,
    "nearest": ResizeConv,
    "bilinear": lambda *args, **options: ResizeConv(*args, mode="bilinear", **options),
    "sub-pixel": SubPixel,
    "icnr": lambda *args, **options: SubPixel(*args, icnr=True, **options),
}
FLAT = {"balanced", "blurred", "nearest", "bilinear", "icnr"}  # at the start, whatever is drawn
FLAT_FOR_EVER = FLAT - {"icnr"}


@pytest.mark.parametrize("name", ANY)
@pytest.mark.parametrize("scale", [1, 2, 3, 4])
def test_the_output_is_exactly_scale_times_as_large(name, scale):
    for options in ({}, *({"kernel_size": k} for k in range(scale, 7))):
        for height, width in ((1, 1), (2, 5), (4, 3)):
            assert ANY[name](3, 2, scale, **options)(torch.ones(2, 3, height, width)).shape == (
                2, 2, scale * height, scale * width,
            )  # fmt: skip


@pytest.mark.parametrize("name", ANY)
@pytest.mark.parametrize("scale", [2, 3, 4])
def test_constant_input_stays_flat_up_to_the_border_where_it_should_and_only_there(name, scale):
    x = draw(2, 3, 1, 1).float().expand(2, 3, 5, 6)
    for seed, options in enumerate(({}, {"kernel_size": 4}, {"kernel_size": 5}, {"kernel_size": 9})):
        torch.manual_seed(seed)
        layer = ANY[name](3, 2, scale, **options)
        output = layer(x).detach()
        assert is_flat(output) == (name in FLAT)
        assert torch.allclose(phase_share(output, scale), torch.tensor(0.0 if name in FLAT else 1.0))
        # What stays so, whatever training makes of the weights:
        for parameter in layer.parameters():
            nn.init.normal_(parameter)
        assert is_flat(layer(x)) == (name in FLAT_FOR_EVER)


@pytest.mark.parametrize("name", ANY)
def test_a_photograph_stays_without_a_lattice_where_constant_input_stays_flat(name):
    x = photograph(1, 1, 64, 64).float() + 1
    torch.manual_seed(0)
    share = float(phase_share(ANY[name](1, 1, 2)(x).detach(), 2))
    assert share < 1e-3 if name in FLAT else share > 0.05


def test_the_transposed_layer_is_torchs_with_the_nearest_pixels_around():
    torch.manual_seed(0)
    x = draw(2, 3, 5, 6).float()
    for scale, k, padding, extra in ((2, 4, 1, 0), (2, 2, 0, 0), (2, 3, 0, 0), (4, 8, 2, 0), (3, 3, 0, 0)):
        layer = TransposedUpsample(3, 2, scale, kernel_size=k)
        layer = layer if k != 4 else TransposedUpsample(3, 2, scale)  # 2 · scale is the default
        library = F.conv_transpose2d(x, layer.conv.weight, layer.conv.bias, scale, padding, extra)
        inside = (..., slice(scale, -scale), slice(scale, -scale))
        cut = library[..., : 5 * scale, : 6 * scale]
        torch.testing.assert_close(layer(x)[inside], cut[inside])


def test_the_blurred_layer_is_one_transposed_convolution_with_a_blurred_kernel():
    torch.manual_seed(0)
    x = draw(1, 2, 6, 6).float()
    for scale, k in ((2, 4), (2, 3), (3, 3), (3, 5), (4, 4)):
        layer = BlurredTransposedUpsample(2, 3, scale, kernel_size=k)
        mean = torch.full((6, 1, scale, scale), 1 / scale**2)
        w = layer.conv.weight  # w ∗ b, every pair of channels by itself
        blurred = F.conv2d(w.reshape(1, 6, k, k), mean, padding=scale - 1, groups=6).reshape(2, 3, k + scale - 1, -1)
        assert is_balanced(blurred, scale) and not is_balanced(w, scale)
        torch.testing.assert_close(
            phase_sums(blurred, scale), w.sum((-2, -1), keepdim=True).expand(2, 3, scale, scale) / scale**2
        )
        cells = slice((k - 1) // 2, (k - 1) // 2 + 6 * scale)
        whole = F.conv_transpose2d(x, blurred, layer.conv.bias, scale)[..., cells, cells]
        inside = (..., slice(2 * scale, -2 * scale), slice(2 * scale, -2 * scale))
        torch.testing.assert_close(layer(x)[inside], whole[inside])


@pytest.mark.parametrize("mode", ["nearest", "bilinear"])
def test_the_resize_layer_is_torchs_resize_and_torchs_convolution(mode):
    torch.manual_seed(0)
    x = draw(2, 3, 4, 5).float()
    layer = ResizeConv(3, 2, 3, mode=mode)
    resized = nn.Upsample(scale_factor=3, mode=mode)(x)  # pixels are squares: align_corners is False
    padded = F.pad(resized, [1] * 4, mode="replicate")
    torch.testing.assert_close(layer(x), F.conv2d(padded, layer.conv.weight, layer.conv.bias))


def test_the_sub_pixel_layer_is_torchs_convolution_and_pixel_shuffle():
    torch.manual_seed(0)
    x, layer = draw(2, 3, 4, 5).float(), SubPixel(3, 2, 3)
    padded = F.pad(x, [1] * 4, mode="replicate")
    torch.testing.assert_close(layer(x), nn.PixelShuffle(3)(F.conv2d(padded, layer.conv.weight, layer.conv.bias)))


def test_an_enlarged_image_stays_where_it_was():
    ramp = torch.arange(12.0).expand(1, 1, 12, 12)
    for layer in (
        TransposedUpsample(1, 1, 2),
        BlurredTransposedUpsample(1, 1, 2, kernel_size=3),
        ResizeConv(1, 1, 2),
        ResizeConv(1, 1, 2, mode="bilinear"),
        SubPixel(1, 1, 2),
    ):
        nn.init.ones_(layer.conv.weight)  # symmetric, as the ramp is: what is lost on one side is gained on the other
        y = layer(ramp)[0, 0, 12].detach()
        torch.testing.assert_close(y + y.flip(0), (y + y.flip(0))[12].expand(24))


def test_balanced_learns_what_its_free_weight_is_projected_to():
    torch.manual_seed(0)
    layer = BalancedTransposedUpsample(2, 3, 2, kernel_size=3)
    x = draw(1, 2, 4, 4).float()
    twin = TransposedUpsample(2, 3, 2, kernel_size=3)
    twin.load_state_dict(layer.state_dict())
    assert not torch.allclose(twin(x), layer(x))
    twin.conv.weight.data = balance_phases(layer.conv.weight.data, 2)
    torch.testing.assert_close(twin(x), layer(x))
    layer(x).square().mean().backward()
    assert is_balanced(layer.conv.weight.grad, 2)  # the gradient is projected as well


@pytest.mark.parametrize(("scale", "k"), [(2, 3), (2, 4), (3, 6), (3, 5)])
def test_balanced_to_order_2_keeps_a_ramp_a_ramp_and_to_order_1_a_constant(scale, k):
    torch.manual_seed(0)
    ramp = torch.arange(12.0)[:, None] * 2 - torch.arange(12.0)
    for order in (1, 2):
        layer = BalancedTransposedUpsample(1, 1, scale, kernel_size=k, order=order)
        assert is_flat(layer(torch.ones(1, 1, 5, 5)))
        inside = layer(ramp[None, None])[0, 0, 2 * scale : -2 * scale, 2 * scale : -2 * scale].detach()
        for axis in (0, 1):
            bends = inside.diff(n=2, dim=axis).abs().max()
            assert (bends < 1e-4) == (order == 2)
        twin = BalancedTransposedUpsample(1, 1, scale, kernel_size=k, order=order)
        twin.load_state_dict(layer.state_dict())
        assert torch.equal(twin(ramp[None, None]), layer(ramp[None, None]))


@pytest.mark.parametrize("name", ANY)
def test_all_weights_are_drawn_from_torchs_generator(name):
    torch.manual_seed(3)
    first, second = ANY[name](2, 3, 2), ANY[name](2, 3, 2)
    torch.manual_seed(3)
    again = ANY[name](2, 3, 2)
    for key, value in first.state_dict().items():
        assert torch.equal(value, again.state_dict()[key]) and not torch.equal(value, second.state_dict()[key])


@pytest.mark.parametrize("name", ANY)
def test_seeds_train_at_once(name):
    layers = [ANY[name](2, 3, 2) for _ in range(3)]
    base = deepcopy(layers[0]).to("meta")
    x, states = draw(3, 2, 2, 4, 4).float(), stack_module_state(layers)

    def loss(parameters, buffers, x):
        return functional_call(base, (parameters, buffers), (x,)).square().mean()

    gradients = vmap(grad(loss))(*states, x)
    for seed, layer in enumerate(layers):
        layer(x[seed]).square().mean().backward()
        for key, parameter in layer.named_parameters():
            torch.testing.assert_close(gradients[key][seed], parameter.grad)


@pytest.mark.parametrize("name", ANY)
def test_gradients(name):
    layer = ANY[name](1, 2, 2, kernel_size=3).double()
    assert torch.autograd.gradcheck(layer, draw(1, 1, 3, 3).requires_grad_())


# ICNR.


@pytest.mark.parametrize("outputs", [1, 2, 3])
@pytest.mark.parametrize("scale", [2, 3])
def test_icnr_makes_the_start_nearest_neighbour_in_the_channel_order_of_pixel_shuffle(outputs, scale):
    torch.manual_seed(0)
    layer = nn.Conv2d(3, outputs * scale**2, 3, padding=1)
    before, bias = layer.weight.detach().clone(), layer.bias.detach().clone()
    assert icnr_(layer.weight, scale, layer.bias) is layer.weight
    x = draw(2, 3, 4, 5).float()
    shuffled = F.pixel_shuffle(layer(x), scale)
    small = F.conv2d(x, before[:: scale**2], bias[:: scale**2], padding=1)  # the kernels that were kept
    torch.testing.assert_close(shuffled, F.interpolate(small, scale_factor=scale, mode="nearest"))


def test_repeat_is_the_bug_from_two_output_channels_on():
    torch.manual_seed(0)
    x = torch.ones(1, 3, 6, 6)
    for outputs in (1, 2, 3):
        kernels = torch.randn(outputs, 3, 3, 3)
        right = F.pixel_shuffle(F.conv2d(x, kernels.repeat_interleave(4, dim=0)), 2)
        wrong = F.pixel_shuffle(F.conv2d(x, kernels.repeat(4, 1, 1, 1)), 2)
        assert is_flat(right) and is_flat(wrong) == (outputs == 1)
        weight = kernels.repeat_interleave(4, dim=0)
        weight[1::4] += 1  # what stands elsewhere than first goes
        assert torch.equal(icnr_(weight, 2), kernels.repeat_interleave(4, dim=0))


def test_icnr_must_reach_the_bias_too():
    torch.manual_seed(0)
    layer = nn.Conv2d(3, 8, 3, padding=1, padding_mode="replicate")
    x = torch.ones(1, 3, 4, 4)
    icnr_(layer.weight, 2)
    assert not is_flat(F.pixel_shuffle(layer(x), 2))  # the biases of the phases differ still
    icnr_(layer.weight, 2, layer.bias)
    assert is_flat(F.pixel_shuffle(layer(x), 2))
    assert len(layer.bias.unique()) == 2  # one for each output channel, drawn


def test_icnr_along_one_axis():
    weight = draw(6, 2, 3)
    kept = weight[::3].clone()
    icnr_(weight, 3)
    assert torch.equal(weight, kept.repeat_interleave(3, dim=0))
    phases = F.conv1d(torch.ones(1, 2, 5).double(), weight)
    assert is_flat(phases.unflatten(1, (2, 3)).transpose(2, 3).flatten(2))  # the pixel shuffle of one axis


def test_one_step_of_training_takes_icnr_apart():
    torch.manual_seed(0)
    layer = SubPixel(2, 2, 2, icnr=True)
    x = torch.randn(4, 2, 6, 6)
    F.mse_loss(layer(x), torch.randn(4, 2, 12, 12)).backward()
    torch.optim.SGD(layer.parameters(), lr=0.1).step()
    assert not is_flat(layer(torch.ones(1, 2, 4, 4)))


# Gradients.


@pytest.mark.parametrize(("k", "s", "groups"), [(2, 2, 1), (4, 2, 1), (6, 2, 2), (9, 3, 1), (3, 1, 4)])
def test_at_its_fan_in_a_transposed_layer_keeps_the_scale_that_a_convolution_keeps(k, s, groups):
    torch.manual_seed(0)
    x = torch.randn(64, 16, 9, 9)
    wide = nn.ConvTranspose2d(16, 16, k, s, groups=groups, bias=False)
    inside = fan_in_(wide)(x)[..., k:-k, k:-k].square().mean()
    like = nn.Conv2d(16, 64, 3, bias=False)(x).square().mean()  # a third of the input's: that of U(-1/√f, 1/√f)
    assert 0.85 < inside / like < 1.15


def test_pytorchs_own_start_is_not_at_the_fan_in():
    torch.manual_seed(0)
    one_out = nn.ConvTranspose2d(16, 1, 6, 2)  # PyTorch: 36 products, and there are 144
    bound = float(one_out.weight.detach().abs().max())
    assert float(fan_in_(one_out).weight.detach().abs().max()) / bound == pytest.approx(0.5, rel=0.02)
