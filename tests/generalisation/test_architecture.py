"""Depth, width and skips: sizes by hand, receptive fields by gradient, and the shallow network inside the deep one."""

import itertools

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.func import functional_call, stack_module_state, vmap

from cnnbook.generalisation.architecture import Block, convnet, count_parameters, receptive_field


def images(n=3, seed=0):
    return torch.rand(n, 1, 28, 28, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize(("depth", "width"), [*itertools.product([2, 4, 10], [3, 8])])
def test_parameters_by_hand(depth, width):
    stem = 25 * width + width + 9 * width**2 + width
    blocks = (depth - 2) * (9 * width**2 + width)
    assert count_parameters(convnet(depth, width)) == stem + blocks + 49 * width * 10 + 10
    assert sum(isinstance(layer, nn.Conv2d) for layer in convnet(depth, width).modules()) == depth


@pytest.mark.parametrize("batch_norm", [False, True])
def test_a_skip_has_no_parameters_and_the_same_start(batch_norm):
    networks = []
    for skip in (False, True):
        torch.manual_seed(0)
        networks.append(convnet(8, 6, skip=skip, batch_norm=batch_norm))
    plain, skipping = (dict(network.named_parameters()) for network in networks)
    assert plain.keys() == skipping.keys()
    assert all(torch.equal(plain[name], skipping[name]) for name in plain)
    assert not torch.allclose(networks[0](images()), networks[1](images()))


def test_a_deeper_network_with_skips_contains_the_shallower_one():
    torch.manual_seed(1)
    shallow, deep = convnet(4, 6, skip=True), convnet(10, 6, skip=True)
    last = len(deep) - len(shallow)
    with torch.no_grad():
        for name, value in deep.named_parameters():
            place, rest = name.split(".", 1)
            if 5 <= int(place) < 5 + last:  # the blocks that the shallow network has not
                value.zero_()
            else:
                there = int(place) - last if int(place) >= 5 else int(place)
                value.copy_(shallow.get_parameter(f"{there}.{rest}"))
    assert torch.equal(deep(images()), shallow(images()))
    plain = convnet(10, 6)
    plain.load_state_dict(deep.state_dict())
    assert not torch.allclose(plain(images()), shallow(images()))  # without skips, zeros are zeros


def test_with_a_skip_the_gradient_reaches_the_input_of_a_dead_block():
    for skip in (False, True):
        block = Block(4, skip=skip)
        for value in block.parameters():
            nn.init.zeros_(value)
        x = torch.rand(1, 4, 5, 5).add_(0.1).requires_grad_()
        block(x).sum().backward()
        assert float(x.grad.abs().sum()) == (100.0 if skip else 0.0)


# What one output sees.


def reach(layers, size=64):
    """Side of the region of the input that has a gradient, of one output in the middle."""
    stack = nn.Sequential(*(nn.Conv2d(1, 1, k, stride=s, dilation=d, bias=False) for k, s, d in layers)).double()
    for layer in stack:
        nn.init.ones_(layer.weight)
    x = torch.ones(1, 1, size, size, dtype=torch.float64, requires_grad=True)
    y = stack(x)
    y[0, 0, y.shape[2] // 2, y.shape[3] // 2].backward()
    touched = x.grad[0, 0].nonzero()
    return int(touched[:, 0].max() - touched[:, 0].min() + 1)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 2), st.integers(1, 2)), min_size=1, max_size=3))
def test_the_receptive_field_is_what_has_a_gradient(layers):
    assert receptive_field(layers) == reach(layers)


def test_two_small_kernels_see_what_one_large_kernel_sees_and_have_fewer_weights():
    assert receptive_field([(3, 1, 1)] * 2) == receptive_field([(5, 1, 1)]) == reach([(3, 1, 1)] * 2) == 5
    width = 16
    one = count_parameters(nn.Conv2d(width, width, 5, bias=False))
    two = 2 * count_parameters(nn.Conv2d(width, width, 3, bias=False))
    assert (two, one) == (18 * width**2, 25 * width**2)


def test_no_layers_see_one_pixel():
    assert receptive_field([]) == 1


# Training.


@pytest.mark.parametrize(("skip", "batch_norm"), [*itertools.product([False, True], [False, True])])
def test_all_at_once_are_what_they_are_alone(skip, batch_norm):
    networks = [convnet(6, 4, skip=skip, batch_norm=batch_norm) for _ in range(3)]
    parameters, buffers = stack_module_state(networks)
    x = images()
    together = vmap(lambda p, b: functional_call(networks[0], (p, b), (x,)))(parameters, buffers)
    for network, outputs in zip(networks, together, strict=True):
        torch.testing.assert_close(outputs, network(x))


def test_the_signal_keeps_its_size_through_depth_at_the_start():
    torch.manual_seed(0)
    for depth in (4, 18):
        features = convnet(depth, 64)[:-2](torch.randn(8, 1, 28, 28)).detach()
        assert 0.1 < float(features.std()) < 3


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: convnet(depth=3), "even and at least 2, got depth=3"),
        (lambda: convnet(depth=0), "even and at least 2, got depth=0"),
        (lambda: convnet(width=0), "width must be at least 1, got width=0"),
        (lambda: convnet(classes=0), "classes must be at least 1, got classes=0"),
        (lambda: convnet(in_channels=0), "in_channels must be at least 1, got in_channels=0"),
        (lambda: Block(0), "width must be at least 1, got width=0"),
        (lambda: receptive_field([(3, 1, 1), (0, 1, 1)]), "kernel must be at least 1, got kernel=0"),
        (lambda: receptive_field([(3, 0, 1)]), "stride must be at least 1, got stride=0"),
        (lambda: receptive_field([(3, 1, 0)]), "dilation must be at least 1, got dilation=0"),
    ],
)
def test_what_cannot_be_is_refused_with_rule_and_value(call, message):
    with pytest.raises(ValueError, match=message):
        call()
