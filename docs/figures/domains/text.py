"""Figures of 5.17.4."""

from functools import cache

import torch
from draw import Drawing

from cnnbook import weights
from cnnbook.cli.predict_text import SHOWN, answer
from cnnbook.data.texts import NAMES, sentiment
from cnnbook.domains.text import TextCNN, encode, strongest, tokens

WORDS = {
    "zh": {"ids": "编号", "vectors": "词向量", "filter": "核", "responses": "响应", "most": "最大", "praise": "推向“褒”", "complaint": "推向“贬”",
           "languages": {"zh": "中文", "en": "英文"}, "width": "宽 {}",
           "classes": {"praise": "褒", "complaint": "贬"}, "asked": "屏幕很好，就是太贵", "others": "其余 {} 个", "constant": "常数", "sum": "总和"},
    "en": {"ids": "numbers", "vectors": "vectors", "filter": "filter", "responses": "responses", "most": "largest", "praise": "towards praise", "complaint": "towards complaint",
           "languages": {"zh": "Chinese", "en": "English"}, "width": "width {}",
           "classes": {"praise": "praise", "complaint": "complaint"}, "asked": "Not bad at all.", "others": "{} others", "constant": "constant", "sum": "sum"},
}  # fmt: skip
TEXT = "it is not good"
NUMBERS = {"it": 2, "is": 3, "not": 4, "good": 5}
COUNT = 5  # n-grams of a filter


def by_hand() -> TextCNN:
    """The network of the worked example."""
    net = TextCNN(words=6, width=2, kernels=(2,), channels=1)
    with torch.no_grad():
        net.embedding.weight[2:] = torch.tensor([[1.0, 1], [0, 0], [1, 0], [0, 1]])
        net.convs[0].weight[0] = torch.tensor([[2.0, 0], [-2, 3]])
        net.convs[0].bias.fill_(-1)
    return net


@torch.no_grad()
def path(lang: str) -> str:
    """Words, numbers, vectors, the filter at its best place, responses, the largest."""
    d, words, size, net, cut = Drawing(), WORDS[lang], 40, by_hand(), TEXT.split()
    ids = encode([cut], NUMBERS)
    vectors, h = net.embedding(ids)[0].T, net.responses(ids)[0][0, 0]
    best = int(h.argmax())
    rows = {"ids": 1.5, "vectors": 3.0, "filter": 5.9, "responses": 8.8}  # in cells, from the top
    for name, row in rows.items():
        tall = {"vectors": 2, "filter": 2}.get(name, 1)
        d.text(-14, (row + tall / 2) * size, words[name], "f-soft", 13, "end")
    for place, word in enumerate(cut):
        x = (place + 0.5) * size * 1.5
        under = best <= place <= best + 1
        d.text(x, 0.5 * size, word, "f-ink", 15)
        d.arrow(x, 0.85 * size, x, 1.4 * size)
        d.cell(x - size / 2, rows["ids"] * size, int(ids[0, place]), size=size)
        d.arrow(x, 2.55 * size, x, 2.9 * size)
        for channel in range(2):
            d.cell(
                x - size / 2,
                (rows["vectors"] + channel) * size,
                float(vectors[channel, place]),
                "f-pad" if under else "f-cell",
                size=size,
            )
        if under:
            for channel in range(2):
                weight = float(net.convs[0].weight[0, channel, place - best])
                d.cell(x - size / 2, (rows["filter"] + channel) * size, weight, "f-a", "f-on", size)
            d.arrow(x, 5.8 * size, x, 5.15 * size, "s-a")
        d.cell(
            x - size / 2,
            rows["responses"] * size,
            float(h[place]),
            "f-b" if place == best else "f-cell",
            "f-on" if place == best else "f-ink",
            size,
        )
    left = (best + 0.5) * size * 1.5 - size / 2
    d.frame(left - 5, rows["vectors"] * size - 5, 2.5 + 10 / size, 2 + 10 / size, size=size)
    d.arrow(left + size / 2, 8.05 * size, left + size / 2, 8.7 * size, "s-a")
    right = (len(cut) - 0.5) * size * 1.5 + size / 2
    d.arrow(right + 8, (rows["responses"] + 0.5) * size, right + 1.1 * size, (rows["responses"] + 0.5) * size)
    d.cell(right + 1.3 * size, rows["responses"] * size, float(h.max()), "f-b", "f-on", size)
    d.text(right + 1.8 * size, (rows["responses"] + 1.4) * size, words["most"], "f-soft", 13)
    return d.svg()


def trained(lang: str) -> tuple[TextCNN, list[list[str]], dict[str, int]]:
    """The network that is installed with the book, the training texts and its vocabulary."""
    state, facts = weights.read(f"text-{lang}")
    numbers = {word: number for number, word in enumerate(facts["words"].split("\n"), start=2)}
    network = TextCNN(len(numbers) + 2, **facts["shape"]).eval()
    network.load_state_dict(state)
    return network, [tokens(text) for text in sentiment(lang).train_texts], numbers


@cache
def filters(lang: str) -> list[tuple[int, float, list[str]]]:
    """Width and pull of the four filters that weigh most, two towards each class, and the n-grams they answer most."""
    network, texts, numbers = trained(lang)
    with torch.no_grad():
        means = torch.cat([h.amax(-1).mean(0) for h in network.responses(encode(texts, numbers))])
        pull = (network.head.weight[1] - network.head.weight[0]) * means
    channels = network.convs[0].out_channels
    wide = [place for place in pull.argsort(descending=True).tolist() if place >= channels]  # not the single words
    found = []
    for place in (*wide[:2], *wide[:-3:-1]):
        kernel, channel = divmod(place, channels)
        grams = [gram for gram, _ in strongest(network, texts, numbers, kernel, channel, COUNT)]
        found.append((network.kernels[kernel], float(pull[place]), grams))
    return found


def ngrams(lang: str) -> str:
    """The n-grams of the filters that weigh most, in both languages."""
    d, words, line, wide = Drawing(), WORDS[lang], 22, 225
    for row, of in enumerate(NAMES):
        top = row * (COUNT + 4) * line
        d.text(0, top, words["languages"][of], "f-ink", 14, "start")
        for column, (size, pull, grams) in enumerate(filters(of)):
            x = column * wide
            towards = words["praise" if pull > 0 else "complaint"]
            width = words["width"].format(size)
            d.text(x, top + 1.3 * line, f"{towards} · {width}", "f-soft", 12, "start")
            d.line(
                x, top + 1.9 * line, x + wide - 20, top + 1.9 * line, "s-b" if pull > 0 else "s-a", 'stroke-width="2.5"'
            )
            for place, gram in enumerate(grams):
                d.text(x, top + (2.6 + place) * line, gram, "f-ink", 13, "start")
    return d.svg()


def asked(lang: str) -> str:
    """A sentence, the answer of the network that is installed with the book, and the sum: what <ask-text> begins with."""
    d, words, line, middle, unit = Drawing(), WORDS[lang], 26, 250, 20
    found = answer(words["asked"])
    d.text(0, 0, words["asked"], "f-ink", 17, "start")
    towards = "f-b" if found.answer == "praise" else "f-a"
    d.text(0, 1.2 * line, f"{words['classes'][found.answer]} {found.probability:.1%}", towards, 15, "start")
    first, rest = list(found.shares.items())[:SHOWN], list(found.shares.values())[SHOWN:]
    sums = [*first, (words["others"].format(len(rest)), sum(rest)), (words["constant"], found.bias)]
    sums.append((words["sum"], sum(found.shares.values()) + found.bias))
    for place, (name, share) in enumerate(sums):
        y, ink = (2.6 + place) * line, "f-ink" if place < SHOWN or name == words["sum"] else "f-soft"
        d.text(0, y, name, ink, 14, "start")
        d.rect(middle + min(share, 0) * unit, y - 7, abs(share) * unit, 14, "f-b" if share > 0 else "f-a")
        d.text(middle + 7.5 * unit, y, f"{share:+.2f}".replace("-", "−"), ink, 14, "end")
    d.line(middle, 2.1 * line, middle, (2.1 + len(sums)) * line, "s-soft")
    d.line(0, (1.1 + len(sums)) * line, middle + 7.5 * unit, (1.1 + len(sums)) * line, "s-rule")
    return d.svg(whole=True)
