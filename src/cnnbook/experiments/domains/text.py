"""Praise or complaint, in Chinese by characters and in English by words: what filters see that a bag of words does not.

Five networks read the texts as they are; one of them, with filters over three tokens, also reads texts whose order was
spoilt: in training and in testing alike, or in testing alone.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor, nn

from cnnbook.data.sources import Arrays
from cnnbook.data.texts import sentiment
from cnnbook.domains.text import BagOfWords, TextCNN, encode, tokens, vocabulary
from cnnbook.evidence.experiment import Experiment
from cnnbook.evidence.text import Text
from cnnbook.experiments._classifiers import METRICS, measure
from cnnbook.randomness import stream
from cnnbook.training.config import Optimizer, TrainConfig

LENGTH = {"zh": 64, "en": 32}  # tokens; longer texts are cut
WIDTH = 32  # numbers of a word vector
REACH = 3  # tokens that a filter covers, and that a block has

Order = Callable[[list[str], torch.Generator], list[str]]


def permuted(items: list, draw: torch.Generator) -> list:
    """Items in random order."""
    return [items[place] for place in torch.randperm(len(items), generator=draw)]


def blocks(text: list[str]) -> list[list[str]]:
    """A text in pieces of ``REACH`` tokens."""
    return [text[start : start + REACH] for start in range(0, len(text), REACH)]


ORDERS: dict[str, Order] = {
    "natural": lambda text, draw: text,
    "shuffled": permuted,
    # every token stays within a filter's reach, its neighbours are mixed up
    "inside": lambda text, draw: [token for block in blocks(text) for token in permuted(block, draw)],
    # neighbours stay, but every block of them may be anywhere
    "blocks": lambda text, draw: [token for block in permuted(blocks(text), draw) for token in block],
}
SPOILT = ("shuffled", "inside", "blocks")


@functools.cache
def reviews(lang: str) -> tuple[list[list[str]], list[list[str]], dict[str, int]]:
    """Tokens of the training texts and of the test texts, and the numbers of those in training."""
    data = sentiment(lang)
    train, test = ([tokens(text) for text in part] for part in (data.train_texts, data.test_texts))
    return train, test, vocabulary(train)


@functools.cache
def numbered(lang: str, part: str, order: str) -> Tensor:
    """The reviews of a part as numbers, their tokens in an order of ``ORDERS``."""
    train, test, numbers = reviews(lang)
    draw = stream(0, "order of words", lang, part)
    return encode([ORDERS[order](text, draw) for text in {"train": train, "test": test}[part]], numbers, LENGTH[lang])


def texts(lang: str, train: str = "natural", test: str = "natural") -> Arrays:
    """The reviews of one language as numbers, their tokens in an order of ``ORDERS``.

    Examples:
        >>> texts("en").train_inputs.shape
        torch.Size([4400, 32])
    """
    data, inputs = sentiment(lang), [numbered(lang, "train", train), numbered(lang, "test", test)]
    return Arrays(inputs[0], data.train_labels, inputs[1], data.test_labels)


def words_of(lang: str) -> int:
    """Numbers in use: those of the tokens, padding and the unknown."""
    return len(reviews(lang)[2]) + 2


def bag(lang: str) -> nn.Module:
    """The baseline of one language."""
    return BagOfWords(words_of(lang), width=WIDTH)


def cnn(lang: str, kernels: tuple[int, ...] = (REACH,), channels: int = 36, parts: int = 1) -> nn.Module:
    """Filters for one language."""
    return TextCNN(words_of(lang), width=WIDTH, kernels=kernels, channels=channels, parts=parts)


def arm(lang: str, network: Callable[..., nn.Module] = cnn, lr: float = 3e-3, **options: object) -> TrainConfig:
    """One arm: 4,000 texts in their natural order, 300 steps. The rate is the best of those tried on other seeds."""
    return TrainConfig(
        network=network,
        network_options={"lang": lang, **options},
        data=texts,
        data_options={"lang": lang},
        n_train=4000,
        batch_size=50,
        steps=300,
        optimizer=Optimizer("adam", lr=lr),
    )


def arms_of(lang: str) -> dict[str, TrainConfig]:
    """The arms of one language."""
    three = arm(lang)
    natural = {
        "bag": arm(lang, bag, lr=6e-3),
        "one": arm(lang, kernels=(1,)),
        "three": three,
        "widths": arm(lang, kernels=(2, 3, 4), channels=12),
        "parts": arm(lang, parts=4),
    }
    spoilt = {order: replace(three, data_options={"lang": lang, "train": order, "test": order}) for order in SPOILT}
    spoilt["read_shuffled"] = replace(three, data_options={"lang": lang, "train": "natural", "test": "shuffled"})
    return {f"{lang}_{name}": config for name, config in (natural | spoilt).items()}


EXPERIMENT = Experiment(
    name="domains/text",
    question=Text(
        zh="判断一条评论是褒是贬：卷积比词袋多看到什么，词的次序又有多重要？",
        en="Praise or complaint: what do filters see beyond a bag of words, and how much does order matter?",
    ),
    arms=arms_of("zh") | arms_of("en"),
    baseline="zh_bag",
    metrics=METRICS,
    budget=Text(
        zh="每种语言 4000 条评论，批次 50，300 步，词向量 32 维，dropout 0.5；"
        "学习率取另一批种子上试得最好的：词袋 0.006，卷积 0.003",
        en="4,000 reviews in each language, batches of 50, 300 steps, word vectors of 32 numbers, dropout 0.5; "
        "the rate is the best on other seeds: 0.006 for bags of words, 0.003 for filters",
    ),
    labels={
        "zh_bag": Text("中文：词袋", "Chinese: bag of words"),
        "zh_one": Text("中文：核宽 1", "Chinese: kernel 1"),
        "zh_three": Text("中文：核宽 3", "Chinese: kernel 3"),
        "zh_widths": Text("中文：核宽 2、3、4", "Chinese: kernels 2, 3, 4"),
        "zh_parts": Text("中文：核宽 3，分四段取最大", "Chinese: kernel 3, maxima of four parts"),
        "zh_shuffled": Text("中文：整句打乱", "Chinese: all words shuffled"),
        "zh_inside": Text("中文：三字之内打乱", "Chinese: shuffled inside blocks of three"),
        "zh_blocks": Text("中文：三字一块，块打乱", "Chinese: blocks of three shuffled"),
        "zh_read_shuffled": Text("中文：只在测试时打乱", "Chinese: shuffled in testing alone"),
        "en_bag": Text("英文：词袋", "English: bag of words"),
        "en_one": Text("英文：核宽 1", "English: kernel 1"),
        "en_three": Text("英文：核宽 3", "English: kernel 3"),
        "en_widths": Text("英文：核宽 2、3、4", "English: kernels 2, 3, 4"),
        "en_parts": Text("英文：核宽 3，分四段取最大", "English: kernel 3, maxima of four parts"),
        "en_shuffled": Text("英文：整句打乱", "English: all words shuffled"),
        "en_inside": Text("英文：三词之内打乱", "English: shuffled inside blocks of three"),
        "en_blocks": Text("英文：三词一块，块打乱", "English: blocks of three shuffled"),
        "en_read_shuffled": Text("英文：只在测试时打乱", "English: shuffled in testing alone"),
    },
    measure=measure,
    comparisons=[
        (f"{lang}_{treatment}", f"{lang}_{baseline}")
        for lang in ("zh", "en")
        for treatment, baseline in (
            ("one", "bag"),
            ("three", "bag"),
            ("widths", "bag"),
            ("three", "one"),
            ("widths", "three"),
            ("parts", "three"),
            ("shuffled", "three"),
            ("inside", "three"),
            ("blocks", "three"),
            ("read_shuffled", "three"),
        )
    ],
)
