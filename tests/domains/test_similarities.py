"""One convolution along one axis, two or three; words by one-hot channels; moving digits."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from cnnbook.domains.similarities import conv_nd, digit, moving, one_hot_words, with_axes

TORCHS = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}


def whole(*shape: int) -> torch.Tensor:
    """Whole numbers in float64: sums are exact, so that equal means equal."""
    return torch.randint(-4, 5, shape).double()


@st.composite
def layers(draw, axes=None):
    """A convolution of any kind along one to three axes, on an input that it fits."""
    axes = axes or draw(st.integers(1, 3))
    each = lambda low, high: draw(st.lists(st.integers(low, high), min_size=axes, max_size=axes))  # noqa: E731
    kernel, stride, padding, dilation = each(1, 3), each(1, 3), each(0, 2), each(1, 2)
    room = each(0, 3)
    size = [max(1, d * (k - 1) + 1 - 2 * p) + r for k, p, d, r in zip(kernel, padding, dilation, room, strict=True)]
    groups, inside, outside = (draw(st.integers(1, 2)) for _ in range(3))
    torch.manual_seed(draw(st.integers(0, 99)))
    x, w = whole(2, groups * inside, *size), whole(groups * outside, inside, *kernel)
    return x, w, {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}


@settings(max_examples=150)
@given(layers())
def test_one_sum_over_windows_is_conv1d_conv2d_and_conv3d(layer):
    x, w, how = layer
    assert torch.equal(conv_nd(x, w, **how), TORCHS[w.dim() - 2](x, w, **how))


def test_a_case_worked_by_hand():
    """1 2 3 4 with 1 0 −1: 1 − 3 and 2 − 4; the same as a row, and as a row of a film of one frame."""
    x, w = torch.tensor([[[1.0, 2.0, 3.0, 4.0]]]), torch.tensor([[[1.0, 0.0, -1.0]]])
    for axes in (1, 2, 3):
        assert conv_nd(with_axes(x, axes), with_axes(w, axes)).flatten().tolist() == [-2.0, -2.0]


@settings(max_examples=60)
@given(layers(axes=1), st.integers(2, 3))
def test_one_axis_is_two_or_three_with_axes_of_length_one(layer, axes):
    x, w, how = layer
    more = {name: [*[fill] * (axes - 1), *how[name]] for name, fill in (("stride", 1), ("padding", 0), ("dilation", 1))}
    wide = TORCHS[axes](with_axes(x, axes), with_axes(w, axes), **how | more)
    assert torch.equal(wide, with_axes(F.conv1d(x, w, **how), axes))


@settings(max_examples=40)
@given(layers(axes=2), st.integers(1, 4))
def test_a_kernel_of_one_frame_is_the_image_convolution_frame_by_frame(layer, frames):
    image, w, how = layer
    video = whole(image.shape[0], image.shape[1], frames, *image.shape[2:])
    how3 = {name: [1 if name != "padding" else 0, *how[name]] for name in ("stride", "padding", "dilation")}
    whole_film = F.conv3d(video, with_axes(w, 3), **how | how3)
    frame_by_frame = torch.stack([F.conv2d(frame, w, **how) for frame in video.unbind(2)], dim=2)
    assert torch.equal(whole_film, frame_by_frame)


@settings(max_examples=40)
@given(st.integers(1, 6), st.integers(1, 5), st.integers(1, 3), st.integers(0, 99))
def test_looking_a_word_up_is_a_convolution_with_a_kernel_of_one_word(words, length, width, seed):
    torch.manual_seed(seed)
    table, ids = whole(words, width), torch.randint(words, (2, length))
    looked_up = conv_nd(one_hot_words(ids, words, table.dtype), table.T[:, :, None])
    assert torch.equal(looked_up, F.embedding(ids, table).movedim(-1, 1))


def test_digits_are_ten_and_differ():
    pictures = torch.stack([digit(n) for n in range(10)])
    assert pictures.shape == (10, 9, 5) and set(pictures.unique().tolist()) == {0.0, 1.0}
    assert len({tuple(picture.flatten().tolist()) for picture in pictures}) == 10
    assert torch.equal(digit(8).flip(0), digit(8)) and torch.equal(digit(0).flip(1), digit(0))
    assert digit(1).sum() == 9 and digit(1)[:, :-1].sum() == 0


def test_a_video_is_its_picture_moved_frame_by_frame():
    picture = digit(4, 5, 3)
    video = moving(picture[None], torch.tensor([[1, 2]]), torch.tensor([[1, -1]]), frames=4, size=8)[0, 0]
    first = F.pad(picture, (0, 5, 0, 3)).roll((1, 2), (0, 1))
    for t, frame in enumerate(video):
        assert torch.equal(frame, first.roll((t, -t), (0, 1)))


def test_a_film_run_backwards_has_the_opposite_velocity():
    torch.manual_seed(0)
    start, velocity = torch.randint(12, (5, 2)), torch.randint(-1, 2, (5, 2))
    pictures = torch.stack([digit(n) for n in range(5)])
    film = moving(pictures, start, velocity, frames=6, size=12)
    back = moving(pictures, start + 5 * velocity, -velocity, frames=6, size=12)
    assert torch.equal(film.flip(2), back)


X1, W1 = torch.ones(1, 2, 5), torch.ones(4, 2, 3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: conv_nd(torch.ones(1, 2), torch.ones(1, 2)), "one to three axes behind two, got"),
        (lambda: conv_nd(torch.ones(1, 2, 5, 5), W1), r"got \(1, 2, 5, 5\) and \(4, 2, 3\)"),
        (lambda: conv_nd(torch.ones(1, 3, 5), W1), r"C_in must be groups · 2 .* got C_in=3 with groups=1"),
        (lambda: conv_nd(torch.ones(1, 6, 5), W1, groups=3), "C_out=4 divisible by groups"),
        (lambda: conv_nd(X1, W1, stride=0), "stride must be at least 1, got stride=0"),
        (
            lambda: conv_nd(X1, W1, padding=(1, 1)),
            r"padding must be an int or one int an axis, got padding=\(1, 1\) with axes=1",
        ),
        (lambda: conv_nd(X1, W1, dilation=3), "not be larger than the padded input, got 7 > 5"),
        (
            lambda: with_axes(torch.ones(1, 1, 2, 2), 1),
            r"at most 1 axes behind the first two, got shape \(1, 1, 2, 2\)",
        ),
        (lambda: one_hot_words(torch.zeros(2, 3), 4), r"int64 \(N, L\), got torch.float32"),
        (lambda: one_hot_words(torch.tensor([[0, 4]]), 4), "in 0…3, got 0…4"),
        (lambda: digit(10), "in 0…9, got number=10"),
        (lambda: digit(1, height=6), "height must be odd and at least 5 and width at least 3, got 6×5"),
        (lambda: moving(digit(1)[None], torch.zeros(1, 2), torch.zeros(1, 2), 3, 8), "fit into 8×8 .* got 9×5, 3"),
        (lambda: moving(digit(1)[None], torch.zeros(2), torch.zeros(1, 2), 3, 9), r"must be \(1, 2\), got \(2,\)"),
    ],
)
def test_what_cannot_be_is_refused_with_rule_and_value(call, message):
    with pytest.raises(ValueError, match=message):
        call()
