"""From pixels to a tensor, a picture prepared as the training images were, and two small networks."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from cnnbook import weights
from cnnbook.data import load
from cnnbook.domains.images import background, cnn, grey, linear, normalise, prepare, to_tensor


def test_a_pixel_worked_by_hand():
    """255, 102, 0 is 1, 0.4, 0; with mean 0.5 and deviation 0.25: 2, −0.4, −2; grey 0.299 + 0.587 · 0.4."""
    x = to_tensor(torch.tensor([[[255, 102, 0]]], dtype=torch.uint8))
    assert x.shape == (1, 3, 1, 1) and x.flatten().tolist() == pytest.approx([1, 0.4, 0])
    assert normalise(x, 0.5, 0.25).flatten().tolist() == pytest.approx([2, -0.4, -2])
    assert grey(x).item() == pytest.approx(0.5338)


def test_channels_become_planes():
    torch.manual_seed(0)
    pixels = torch.randint(256, (4, 5, 3), dtype=torch.uint8)
    x = to_tensor(pixels)
    assert x.shape == (1, 3, 4, 5) and x.is_contiguous()
    for channel in range(3):
        assert torch.equal(x[0, channel], pixels[:, :, channel] / 255)
    assert torch.equal(to_tensor(pixels[:, :, 0]), x[:, :1])


def test_sixteen_bits_and_eight_are_one_scale():
    eight = torch.arange(256, dtype=torch.uint8).reshape(16, 16)
    sixteen = (eight.to(torch.int32) * 257).to(torch.uint16)
    assert torch.allclose(to_tensor(eight), to_tensor(sixteen))


def test_each_channel_has_its_own_mean():
    data = torch.rand(50, 3, 4, 4) * torch.tensor([1.0, 2.0, 3.0]).reshape(3, 1, 1)
    x = normalise(data, data.mean((0, 2, 3)), data.std((0, 2, 3)))
    assert x.mean((0, 2, 3)).tolist() == pytest.approx([0, 0, 0], abs=1e-5)
    assert x.std((0, 2, 3)).tolist() == pytest.approx([1, 1, 1], abs=1e-5)


def test_a_linear_layer_is_a_convolution_as_large_as_the_image():
    torch.manual_seed(0)
    x, network = torch.rand(3, 2, 7, 5).double(), linear(classes=4, inputs=70).double()
    kernel = network[1].weight.reshape(4, 2, 7, 5)
    assert torch.allclose(F.conv2d(x, kernel, network[1].bias)[..., 0, 0], network(x), atol=1e-12)


def test_normalising_can_be_taken_into_the_first_convolution():
    torch.manual_seed(0)
    mean, std = torch.rand(3).double(), torch.rand(3).double() + 0.1
    x, conv = torch.rand(2, 3, 8, 8).double(), nn.Conv2d(3, 4, 3, stride=2).double()
    weight = conv.weight / std[:, None, None]
    bias = conv.bias - (weight * mean[:, None, None]).sum((1, 2, 3))
    assert torch.allclose(F.conv2d(x, weight, bias, stride=2), conv(normalise(x, mean, std)), atol=1e-12)
    padded = F.conv2d(x, weight, bias, stride=2, padding=1)  # zeros are another value before than after
    assert not torch.allclose(padded, F.conv2d(normalise(x, mean, std), conv.weight, conv.bias, 2, 1), atol=1e-3)


def drawn(light: float, dark: float, height: int = 60, width: int = 40) -> torch.Tensor:
    """A block of one shade on a ground of another, ``(1, 1, height, width)``."""
    picture = torch.full((1, 1, height, width), light)
    picture[..., 20:40, 15:25] = dark
    return picture


@pytest.mark.parametrize(("ground", "block"), [(1.0, 0.0), (0.0, 1.0), (0.8, 0.2), (0.7, 1.0), (0.45, 0.1)])
def test_whatever_stands_out_becomes_bright_in_the_middle_of_black(ground, block):
    small, done = prepare(drawn(ground, block), size=4)
    shown = small[0, 0] / small.max()
    assert torch.equal(shown.round(), torch.tensor([[0.0, 1, 1, 0]] * 4)) and small.max() > 0.5
    assert ("inverted" in done) == (block < ground) and "40×60 trimmed to 10×20" in done


def test_colours_are_turned_to_grey_and_nothing_is_said_that_was_not_done():
    whole = torch.zeros(1, 1, 28, 28)
    whole[..., 13, :] = whole[..., :, 13] = 1
    same, done = prepare(whole)
    assert torch.equal(same, whole) and done == []
    assert torch.allclose(prepare(whole.repeat(1, 3, 1, 1))[0], whole, atol=1e-6)
    assert prepare(whole.repeat(1, 3, 1, 1))[1] == ["3 channels to grey"]


def test_a_very_long_picture_keeps_a_pixel_of_its_shorter_side():
    long = torch.zeros(1, 1, 3, 2000)
    long[..., 1, 1:-1] = 1
    assert prepare(long)[0].amax(-1).sum() > 0.9 and prepare(long)[0].shape == (1, 1, 28, 28)


def test_the_frame_decides_what_is_background():
    picture = torch.zeros(1, 1, 5, 5)
    picture[..., 1:-1, 1:-1] = 1
    assert background(picture) == 0 and background(1 - picture) == 1


def right(x: torch.Tensor) -> float:
    """Share that the installed network gets right of every fourth test image, given as ``(N, 1, 28, 28)`` in 0…1."""
    state, facts = weights.read("image-classes")
    network = cnn(tuple(facts["channels"])).eval()
    network.load_state_dict(state)
    labels = load("fashion-mnist-mini").test_labels[::4]
    return (network(normalise(x, facts["mean"], facts["std"])).argmax(-1) == labels).double().mean().item()


@torch.no_grad()
def test_pictures_on_paper_are_known_as_well_as_the_images_themselves():
    images = load("fashion-mnist-mini").test_images[::4] / 255
    assert right(images) > 0.86
    paper = F.interpolate(F.pad(1 - images, [20] * 4, value=1.0), (200, 200), mode="bilinear")
    for pictures in (images, paper):
        prepared = torch.cat([prepare(picture[None])[0] for picture in pictures])
        assert right(prepared) > right(images) - 0.015
    assert right(1 - images) < 0.4  # why it is done


@torch.no_grad()
def test_the_weights_are_small_and_get_right_what_they_say():
    _, facts = weights.read("image-classes")
    data = load("fashion-mnist-mini")
    assert facts["classes"] == {lang: list(names) for lang, names in data.card.classes.items()}
    assert (facts["mean"], facts["std"]) == (data.card.mean, data.card.std)
    state, _ = weights.read("image-classes")
    network = cnn(tuple(facts["channels"])).eval()
    network.load_state_dict(state)
    found = network(normalise(data.test_images / 255, facts["mean"], facts["std"])).argmax(-1) == data.test_labels
    assert found.double().mean().item() == pytest.approx(facts["test_accuracy"], abs=0.003)
    assert (weights.FOLDER / "image-classes.pt").stat().st_size < 200_000


def test_the_global_mean_needs_no_more_parameters_for_larger_images():
    count = lambda network: sum(p.numel() for p in network.parameters())  # noqa: E731
    assert count(cnn(mean=True, size=56)) == count(cnn(mean=True)) < count(cnn()) < count(cnn(size=56))
    assert cnn(mean=True)(torch.zeros(2, 1, 28, 28)).shape == (2, 10)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: to_tensor(torch.zeros(2, 2)), "uint8 or uint16, got torch.float32"),
        (lambda: to_tensor(torch.zeros(0, 2, dtype=torch.uint8)), r"\(H, W\) or \(H, W, C\).*got \(0, 2\)"),
        (lambda: to_tensor(torch.zeros(3, 9, 9, dtype=torch.uint8)), r"C at most 4, got \(3, 9, 9\)"),
        (lambda: normalise(torch.zeros(1, 3, 2, 2), (0.0, 0.0), 1.0), "mean must be one number.*got 2 for 3 channels"),
        (lambda: normalise(torch.zeros(1, 1, 2, 2), 0.0, 0.0), "std must be positive, got 0.0"),
        (lambda: grey(torch.zeros(1, 2, 2, 2)), r"1 or 3 channels.*got \(1, 2, 2, 2\)"),
        (lambda: normalise(torch.ones(1, 1, 2, 2, dtype=torch.uint8), 0.5, 0.5), "floating point, got torch.uint8"),
        (lambda: grey(torch.ones(1, 3, 2, 2, dtype=torch.uint8)), "floating point, got torch.uint8"),
        (lambda: prepare(torch.ones(1, 3, 2, 2, dtype=torch.uint8)), "floating point, got torch.uint8"),
        (lambda: prepare(torch.rand(2, 1, 9, 9)), r"one image, \(1, C, H, W\), got \(2, 1, 9, 9\)"),
        (lambda: prepare(255 * torch.eye(9)[None, None]), r"in 0…1, got 0…255"),
        (lambda: prepare(torch.full((1, 1, 9, 9), float("nan"))), r"in 0…1, got nan…nan"),
        (lambda: prepare(torch.eye(9)[None, None], size=0), "size must be at least 1, got size=0"),
        (lambda: prepare(torch.full((1, 1, 9, 9), 0.4)), "must stand out from the background"),
        (lambda: cnn(size=30), "size must be divisible by 4, got size=30"),
    ],
)
def test_what_cannot_be_is_refused_with_rule_and_value(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_an_array_of_pixels_is_told_how_to_become_a_tensor():
    with pytest.raises(TypeError, match=r"pixels must be a torch\.Tensor, got ndarray: torch\.from_numpy"):
        to_tensor(np.zeros((2, 2), np.uint8))
