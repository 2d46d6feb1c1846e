"""The keyed generator: uniform, independent where the key differs, the same in every part of a batch and under vmap."""

import pytest
import torch
from scipy import stats
from torch import nn
from torch.func import vmap

from cnnbook.randomness import DROPOUTS, Dropout, RandomLayer, key_of, seed_layers, set_step, uniform


def key(seed=0, step=0, layer=0, row=0):
    return torch.tensor(key_of(seed, step, layer, row), dtype=torch.int32)


def by_hand(count, word):
    """The same hash in Python's integers, for one number."""

    def mixed(x):
        x = ((x ^ (x >> 16)) * 0x21F0AAAD) % 2**32
        x = ((x ^ (x >> 15)) * 0x735A2D97) % 2**32
        return x ^ (x >> 15)

    return mixed((mixed(count ^ word) + word) % 2**32) >> 8


DEVICES = ["cpu", pytest.param("cuda", marks=pytest.mark.gpu)]


@pytest.mark.parametrize("device", DEVICES)
def test_tensors_hash_as_integers_do(device):
    if device == "cuda" and not torch.cuda.is_available():
        pytest.skip("no CUDA device")
    for seed in range(5):
        drawn = (uniform((10, 20), key(seed, 3, 1, 7).to(device)) * 2**24).long().flatten().tolist()
        assert drawn == [by_hand(7 * 20 + i, key_of(seed, 3, 1)[0] % 2**32) for i in range(200)]


def test_numbers_are_uniform_and_independent():
    drawn = uniform((1000, 200), key(seed=3, step=17)).double()
    assert drawn.min() >= 0 and drawn.max() < 1
    assert stats.kstest(drawn.flatten().numpy(), "uniform").pvalue > 1e-3
    for other in (key(4, 17), key(3, 18), key(3, 17, 1)):
        again = uniform((1000, 200), other).double()
        assert abs(float(torch.corrcoef(torch.stack([drawn.flatten(), again.flatten()]))[0, 1])) < 0.01
    assert abs(float(torch.corrcoef(torch.stack([drawn.flatten()[1:], drawn.flatten()[:-1]]))[0, 1])) < 0.01


def test_neighbouring_keys_share_no_runs():
    """A shifted copy of another key's numbers would be a run of equal numbers."""
    many = torch.stack([uniform((512,), key(seed, step)) for seed in range(4) for step in range(64)])
    assert len(many.unique()) > 0.99 * many.numel()


def test_a_part_of_a_batch_draws_its_rows():
    whole = uniform((6, 2, 5), key(9, 1, 2))
    parts = [uniform((2, 2, 5), key(9, 1, 2, row)) for row in (0, 2, 4)]
    assert (torch.cat(parts) == whole).all()


def test_vmap_draws_what_single_keys_draw():
    keys = torch.stack([key(seed, 5, 1) for seed in (7, 8, 9)])
    assert (vmap(lambda k: uniform((4, 3), k))(keys) == torch.stack([uniform((4, 3), k) for k in keys])).all()


def test_the_numbers_never_change():
    """Results made with an earlier version stay valid as long as this holds."""
    bits = (uniform((4,), key(1, 2, 3, 4)) * 2**24).long().tolist()
    assert bits == [14871263, 6703702, 9286547, 1495120]


@pytest.mark.parametrize("whole_channels", [False, True])
def test_dropout_has_torchs_mean_and_shape(whole_channels):
    x = torch.ones(400, 50, 2, 2)
    y = seed_layers(Dropout(0.3, whole_channels=whole_channels), 1)(x)
    assert abs(float((y == 0).float().mean()) - 0.3) < 0.01 and torch.allclose(y.max(), torch.tensor(1 / 0.7))
    channels_agree = bool((y.flatten(2).amax(2) == y.flatten(2).amin(2)).all())
    assert channels_agree == whole_channels
    assert (Dropout(0.3).eval()(x) == x).all()


def test_step_and_layer_change_the_mask_and_repeat_it():
    network = seed_layers(nn.Sequential(Dropout(0.5), Dropout(0.5)), 3)
    x = torch.ones(8, 100)
    set_step(network, 1)
    first = network[0](x)
    assert (network[0](x) == first).all() and not (network[1](x) == first).all()
    set_step(network, 2)
    assert not (network[0](x) == first).all()
    set_step(network, 1)
    assert (network[0](x) == first).all()


def test_an_unseeded_layer_draws_from_torch():
    layer = Dropout(0.5)
    torch.manual_seed(0)
    first = layer(torch.ones(4, 50))
    assert not (layer(torch.ones(4, 50)) == first).all()
    torch.manual_seed(0)
    assert (layer(torch.ones(4, 50)) == first).all()


def test_the_key_is_not_part_of_the_weights():
    assert Dropout().state_dict() == {} and isinstance(Dropout(), RandomLayer)


def test_every_dropout_of_torch_is_known():
    assert set(DROPOUTS) == {layer for name, layer in vars(nn).items() if "Dropout" in name}


@pytest.mark.parametrize("layer", [nn.Dropout(0.5), nn.Dropout2d(0.1), nn.RReLU(), nn.LSTM(2, 2, 2, dropout=0.1)])
def test_layers_with_hidden_randomness_are_refused(layer):
    with pytest.raises(ValueError, match=f"got {type(layer).__name__} as layer '1'"):
        seed_layers(nn.Sequential(nn.Linear(2, 2), layer), 0)


@pytest.mark.parametrize(
    ("call", "message"), [(lambda: Dropout(1.0), "got p=1.0"), (lambda: seed_layers(Dropout(), -1), "got -1")]
)
def test_bad_values_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
