"""From a text to numbers; filters over words; what decided, as a sum over n-grams."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from cnnbook.data.texts import NAMES, sentiment
from cnnbook.domains._tokens import INVISIBLE
from cnnbook.domains.text import (
    BagOfWords,
    TextCNN,
    TextError,
    encode,
    evidence,
    language,
    strongest,
    tokens,
    vocabulary,
)

NETWORKS = {
    "bag": lambda: BagOfWords(30, width=6),
    "one": lambda: TextCNN(30, width=6, kernels=(1,), channels=5),
    "three": lambda: TextCNN(30, width=6, kernels=(3,), channels=5),
    "widths": lambda: TextCNN(30, width=6, kernels=(1, 2, 3, 4), channels=5),
}


def network(name: str, seed: int = 0) -> torch.nn.Module:
    torch.manual_seed(seed)
    return NETWORKS[name]().eval()


some_ids = st.lists(st.integers(1, 29), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("It ISN'T good!", ["it", "isn't", "good", "!"]),
        ("It isn’t", ["it", "isn't"]),  # a curly apostrophe
        ("'quoted' rock'n'roll", ["'", "quoted", "'", "rock'n'roll"]),
        ("屏幕很好，ＣＰＵ快", ["屏", "幕", "很", "好", ",", "cpu", "快"]),  # full width is made narrow
        ("买了iPhone12，爽", ["买", "了", "iphone12", ",", "爽"]),
        ("a_b", ["a", "_", "b"]),
        ("好\x1b[31m\n\t坏", ["好", "[", "31m", "坏"]),  # no control characters, which a terminal would obey
        ("café 👍", ["café", "👍"]),
        ("\ufeffgo\u200bod\u200d, 很\u2060好\u00ad❤\ufe0f", ["good", ",", "很", "好", "❤"]),  # nothing without a width
        ("cafe\u0301 cafe\u200b\u0301", ["café", "café"]),  # one letter, however it is written
    ],
)
def test_a_text_is_cut_by_one_rule(text, cut):
    assert tokens(text) == cut
    assert tokens(" ".join(cut)) == cut


@pytest.mark.parametrize("language_of", NAMES)
def test_the_texts_that_are_trained_on_have_nothing_without_a_width(language_of):
    data = sentiment(language_of)
    assert not [text for text in data.train_texts + data.test_texts if INVISIBLE.search(text)]


@pytest.mark.parametrize("text", ["", "  \n\t", "\u3000", "\x07", "\u200b\ufeff"])
def test_a_text_of_nothing_is_refused(text):
    for read in (tokens, language):
        with pytest.raises(TextError, match="at least one word, got"):
            read(text)


def test_a_vocabulary_goes_by_frequency_and_leaves_room_for_padding_and_the_unknown():
    numbers = vocabulary([["b", "a", "b"], ["c", "a", "b"]], least=2)
    assert numbers == {"b": 2, "a": 3}
    assert encode([["a", "c", "b"], ["b"]], numbers).tolist() == [[3, 1, 2], [2, 0, 0]]
    assert encode([["a", "c", "b"]], numbers, length=2).tolist() == [[3, 1]]
    assert encode([["a"]], numbers, length=3).dtype == torch.int64


def test_a_filter_is_a_sum_of_products_worked_by_hand():
    """Words 2 = (1, 0), 3 = (0, 1); a filter over two words: (2, 0) for the first, (0, 3) for the second, bias −1.

    "2 3 2": 2 + 3 − 1 = 4 at its first word, 0 + 0 − 1 < 0 at its second, and 2 + 0 − 1 = 1 at the last, where the
    window hangs over the end.
    """
    net = TextCNN(4, width=2, kernels=(2,), channels=1).eval()
    with torch.no_grad():
        net.embedding.weight.copy_(torch.tensor([[9.0, 9.0], [5.0, 5.0], [1.0, 0.0], [0.0, 1.0]]))
        net.convs[0].weight.copy_(torch.tensor([[[2.0, 0.0], [0.0, 3.0]]]))
        net.convs[0].bias.fill_(-1)
    (h,) = net.responses(torch.tensor([[2, 3, 2, 0]]))
    assert h.tolist() == [[[4.0, 0.0, 1.0, 0.0]]]


def test_the_network_is_embedding_convolution_maximum_and_linear_layer():
    net, ids = network("three"), torch.randint(1, 30, (4, 9))
    h = F.conv1d(net.embedding(ids).transpose(1, 2), net.convs[0].weight, net.convs[0].bias, padding=1).relu()
    torch.testing.assert_close(net(ids), net.head(h.amax(-1)))
    bag = network("bag")
    torch.testing.assert_close(bag(ids), bag.head(bag.embedding(ids).mean(1)))


@pytest.mark.parametrize("name", NETWORKS)
@settings(max_examples=40)
@given(some_ids, st.integers(1, 9), st.integers(0, 99))
def test_padding_changes_no_answer(name, ids, more, seed):
    """Also where the padding's own vector is not zero, and where the kernel is wider than the text."""
    net = network(name, seed)
    assert net.embedding.weight[0].abs().min() > 0
    alone = net(torch.tensor([ids]))
    torch.testing.assert_close(net(torch.tensor([ids + [0] * more])), alone, atol=1e-5, rtol=1e-5)
    beside = encode([["x"] * len(ids), ["x"] * (len(ids) + more)], {"x": 7})
    beside[0, : len(ids)] = torch.tensor(ids)
    torch.testing.assert_close(net(beside)[:1], alone, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("name", ["bag", "one"])
@settings(max_examples=40)
@given(some_ids.flatmap(lambda ids: st.tuples(st.just(ids), st.permutations(ids))), st.integers(0, 99))
def test_a_bag_of_words_and_a_kernel_of_one_see_no_order(name, both, seed):
    net = network(name, seed)
    one, other = (net(torch.tensor([ids])) for ids in both)
    torch.testing.assert_close(one, other, atol=1e-5, rtol=1e-5)


SWAPPED = ["plot is good , acting is bad ,", "plot is bad , acting is good ,"]


@pytest.mark.parametrize("seed", range(20))
def test_the_maximum_over_time_sees_which_n_grams_not_where(seed):
    """The two reviews have the same pairs of words; in triples they differ: "plot is good"."""
    texts = [text.split() for text in SWAPPED]
    numbers = vocabulary(texts, least=1)
    assert set(zip(texts[0], texts[0][1:], strict=False)) == set(zip(texts[1], texts[1][1:], strict=False))
    torch.manual_seed(seed)
    for kernels, same in (((2,), True), ((1, 2), True), ((3,), False)):
        net = TextCNN(len(numbers) + 2, kernels=kernels).eval()
        one, other = net(encode(texts, numbers))
        assert torch.allclose(one, other, atol=1e-6) == same
    kept = TextCNN(len(numbers) + 2, kernels=(2,), parts=2).eval()  # which half an n-gram is in tells them apart
    one, other = kept(encode(texts, numbers))
    assert not torch.allclose(one, other, atol=1e-6)


@settings(max_examples=60)
@given(st.lists(st.sampled_from("abcde?"), min_size=1, max_size=10), st.integers(0, 99))
def test_the_shares_of_the_n_grams_add_up_to_the_margin(text, seed):
    numbers = {letter: number for number, letter in enumerate("abcde", start=2)}
    net = network("widths", seed)
    if set(text) == {"?"}:
        with pytest.raises(TextError, match="at least one token must be known, got"):
            evidence(net, text, numbers)
        return
    shares, bias = evidence(net, text, numbers)
    no, yes = net(encode([text], numbers))[0].tolist()
    assert sum(shares.values()) + bias == pytest.approx(yes - no, abs=1e-5)
    assert list(shares.values()) == sorted(shares.values(), key=abs, reverse=True)
    assert all(gram in " ".join(text) for gram in shares)


def test_a_filter_made_for_an_n_gram_responds_to_it_most():
    texts = [tokens(text) for text in ("a bit dull", "very good film", "good", "the very good one", "very bad")]
    numbers = vocabulary(texts, least=1)
    net = TextCNN(len(numbers) + 2, width=len(numbers) + 2, kernels=(2, 3), channels=2).eval()
    with torch.no_grad():
        net.embedding.weight.copy_(torch.eye(len(numbers) + 2))
        for part in net.convs.parameters():
            part.zero_()
        for offset, word in enumerate(("very", "good")):
            net.convs[0].weight[1, numbers[word], offset] = 1
    found = strongest(net, texts, numbers, kernel=0, channel=1, count=3)
    assert found[:2] == [("very good", 2.0), ("very bad", 1.0)] and len(found) == 3


def test_numbers_outside_the_vocabulary_are_unknown_not_an_error():
    assert encode([["never", "seen"]], {"so": 2}).tolist() == [[1, 1]]
    assert network("three")(torch.tensor([[1, 1]])).isfinite().all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: vocabulary([["a"]], least=0), "least must be at least 1, got least=0"),
        (lambda: strongest(TextCNN(5).eval(), [["a"]], {"a": 2}, 9, 0), "kernel must be in 0…0, got kernel=9"),
        (lambda: strongest(TextCNN(5).eval(), [["a"]], {"a": 2}, 0, -1), "channel must be in 0….*, got channel=-1"),
        (lambda: encode([], {}), "at least one text, got none"),
        (lambda: encode([["a"]], {}, length=0), "length must be at least 1, got length=0"),
        (lambda: TextCNN(5, kernels=(3, 0)), r"at least 1, got kernels=\(3, 0\), parts=1"),
        (lambda: TextCNN(5, kernels=()), r"at least 1, got kernels=\(\)"),
        (lambda: TextCNN(5, parts=0), "parts=0"),
        (lambda: evidence(TextCNN(5, parts=2), ["a"], {"a": 2}), "parts=1 and two classes, got 2 and 2"),
        (lambda: evidence(TextCNN(5, classes=3), ["a"], {"a": 2}), "got 1 and 3"),
    ],
)
def test_what_cannot_be_is_refused_with_rule_and_value(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("count", [0, -1])
def test_a_count_of_ngrams_is_one_at_least(count):
    with pytest.raises(ValueError, match="count must be at least 1"):
        strongest(TextCNN(words=4, kernels=(1,)).eval(), [["so"]], {"so": 2}, kernel=0, channel=0, count=count)
