r"""Text for a CNN: tokens, numbers, vectors, one-dimensional filters, and the n-grams that decided.

`tokens` cuts a text, `vocabulary` numbers what is found, `encode` turns texts into a tensor of numbers. `TextCNN` looks
each number up as a vector, slides filters of one or several widths over the vectors, keeps each filter's largest
response, and decides by a linear layer. `BagOfWords` is the same without filters: the mean of the vectors. As the
decision is a sum over filters, and each filter's response belongs to one n-gram, `evidence` can say exactly what each
n-gram contributed; `strongest` lists what a filter responds to.

References:
    Y. Kim, "Convolutional neural networks for sentence classification", arXiv:1408.5882.
    Y. Zhang, B. Wallace, "A sensitivity analysis of (and practitioners' guide to) convolutional neural networks for
    sentence classification", arXiv:1510.03820.
    A. Jacovi et al., "Understanding convolutional neural networks for text classification", arXiv:1809.08037.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cnnbook.checks import at_least_one
from cnnbook.domains._tokens import PADDING, TextError, encode, joined, language, tokens, vocabulary
from cnnbook.randomness import Dropout

__all__ = [
    "BagOfWords",
    "TextCNN",
    "TextError",
    "encode",
    "evidence",
    "language",
    "strongest",
    "tokens",
    "vocabulary",
]


class BagOfWords(nn.Module):
    r"""The baseline without convolution: the mean of the word vectors, and a linear layer.

    $$z = W \cdot \frac{1}{|\{l : t_l \ne 0\}|} \sum_{l : t_l \ne 0} e_{t_l} + b$$

    Args:
        words: Numbers in use: the size of the vocabulary and 2.
        classes: Number of outputs.
        width: Length D of a word vector.
        dropout: Probability of a zero in the mean, in training.

    Shapes:
        ``int64 (N, L)`` to ``(N, classes)``.

    Examples:
        >>> BagOfWords(words=100)(torch.tensor([[5, 7, 0, 0]])).shape
        torch.Size([1, 2])
    """

    def __init__(self, words: int, classes: int = 2, width: int = 32, dropout: float = 0.5) -> None:
        super().__init__()
        self.embedding = nn.Embedding(words, width)
        nn.init.normal_(self.embedding.weight, std=0.1)
        self.drop, self.head = Dropout(dropout), nn.Linear(width, classes)

    def forward(self, ids: Tensor) -> Tensor:
        """See the class."""
        there = (ids != PADDING).to(self.embedding.weight.dtype)[..., None]
        mean = (self.embedding(ids) * there).sum(1) / there.sum(1).clamp(min=1)
        return self.head(self.drop(mean))


class TextCNN(nn.Module):
    r"""Word vectors, filters over them, the largest response of each, a linear layer (Kim 2014).

    $$h_{c,l} = \max\Big(0,\; b_c + \sum_{q=0}^{k-1} w_{c,q} \cdot e_{t_{l+q-\lfloor (k-1)/2 \rfloor}}\Big), \qquad
    z = W\,\max_l h_{c,l} + a$$

    Padding counts as the zero vector, and a window counts only where its middle is a word: so padding changes nothing,
    and a kernel may be wider than a text.

    Args:
        words: Numbers in use: the size of the vocabulary and 2.
        classes: Number of outputs.
        width: Length D of a word vector.
        kernels: Widths of the filters, in tokens.
        channels: Filters of each width.
        parts: Pieces of the padded text whose largest responses are kept apart: 1 forgets the place of an n-gram, more
            keep it roughly. They must divide the length L.
        dropout: Probability of a zero in what the linear layer sees, in training.

    Shapes:
        ``int64 (N, L)`` to ``(N, classes)``.

    Raises:
        ValueError: A width or the number of parts is not at least 1.

    Examples:
        >>> TextCNN(words=100, kernels=(2, 3, 4))(torch.tensor([[5, 7, 0, 0]])).shape
        torch.Size([1, 2])
    """

    def __init__(
        self,
        words: int,
        classes: int = 2,
        width: int = 32,
        kernels: Sequence[int] = (3,),
        channels: int = 32,
        parts: int = 1,
        dropout: float = 0.5,
    ) -> None:
        super().__init__()
        if not kernels or min(*kernels, parts) < 1:
            raise ValueError(f"kernels and parts must be at least 1, got kernels={tuple(kernels)}, parts={parts}")
        self.parts, self.kernels = parts, tuple(kernels)
        self.embedding = nn.Embedding(words, width)
        nn.init.normal_(self.embedding.weight, std=0.1)
        self.convs = nn.ModuleList(nn.Conv1d(width, channels, k) for k in kernels)
        self.drop, self.head = Dropout(dropout), nn.Linear(len(kernels) * channels * parts, classes)

    def responses(self, ids: Tensor) -> list[Tensor]:
        """Of each width, the filters' responses ``(N, channels, L)`` at the middle of each window."""
        there = (ids != PADDING).to(self.embedding.weight.dtype)[..., None, :]
        vectors = self.embedding(ids).transpose(-1, -2) * there  # (N, D, L): convolutions want the channels first
        sides = [((k - 1) // 2, k // 2) for k in self.kernels]
        return [conv(F.pad(vectors, side)).relu() * there for conv, side in zip(self.convs, sides, strict=True)]

    def forward(self, ids: Tensor) -> Tensor:
        """See the class."""
        largest = [h.unflatten(-1, (self.parts, -1)).amax(-1).flatten(-2) for h in self.responses(ids)]
        return self.head(self.drop(torch.cat(largest, dim=-1)))


@torch.no_grad()
def evidence(network: TextCNN, text: Sequence[str], numbers: Mapping[str, int]) -> tuple[dict[str, float], float]:
    r"""What each n-gram contributed to the decision between two classes.

    With weights W and biases a of the linear layer, the margin, output 1 less output 0, is a sum over filters, and each
    filter's largest response h belongs to one n-gram:

    $$z_1 - z_0 = (a_1 - a_0) + \sum_c (W_{1c} - W_{0c})\, h_{c,\,l_c}, \qquad l_c = \arg\max_l h_{c,l}$$

    Args:
        network: Of two classes, with ``parts=1``, in evaluation.
        text: Tokens.
        numbers: From ``vocabulary``.

    Returns:
        n-gram → its share of the margin, the weightiest first; and what is left, the bias. Together they are the
        margin. Positive speaks for class 1.

    Raises:
        TextError: No token is known.
        ValueError: The network keeps parts apart, or has not two classes.

    Examples:
        >>> net = TextCNN(words=4, kernels=(1, 2)).eval()
        >>> shares, bias = evidence(net, ["so", "good"], {"so": 2, "good": 3})
        >>> margin = net(torch.tensor([[2, 3]])) @ torch.tensor([-1.0, 1.0])
        >>> abs(sum(shares.values()) + bias - margin.item()) < 1e-6
        True
    """
    if network.parts != 1 or network.head.out_features != 2:
        raise ValueError(
            f"the network must have parts=1 and two classes, got {network.parts} and {network.head.out_features}"
        )
    if not any(token in numbers for token in text):
        raise TextError(f"at least one token must be known, got {joined(text)!r}")
    difference = network.head.weight[1] - network.head.weight[0]
    shares: dict[str, float] = {}
    responses = network.responses(encode([text], numbers))
    weights = difference.split(len(difference) // len(network.kernels))
    for kernel, h, weight in zip(network.kernels, responses, weights, strict=True):
        largest, places = h[0].max(dim=-1)
        for place, share in zip(places.tolist(), (weight * largest).tolist(), strict=True):
            gram = _window(place, kernel, text)
            shares[gram] = shares.get(gram, 0.0) + share
    ordered = dict(sorted(shares.items(), key=lambda item: -abs(item[1])))
    return ordered, float(network.head.bias[1] - network.head.bias[0])


@torch.no_grad()
def strongest(
    network: TextCNN,
    texts: Sequence[Sequence[str]],
    numbers: Mapping[str, int],
    kernel: int,
    channel: int,
    count: int = 5,
) -> list[tuple[str, float]]:
    r"""The n-grams of some texts to which one filter responds most, each once: by the largest

    $$h_{c,l} = \max\Big(0,\; b_c + \sum_{q=0}^{k-1} w_{c,q} \cdot e_{t_{l+q-\lfloor (k-1)/2 \rfloor}}\Big)$$

    Args:
        network: In evaluation.
        texts: Tokens of each text.
        numbers: From ``vocabulary``.
        kernel: Which width: a place in the network's ``kernels``.
        channel: Which filter of that width.
        count: How many n-grams.

    Returns:
        n-grams with their responses, the largest first.

    Raises:
        ValueError: ``texts`` is empty, there is no such group or filter, or ``count`` is below 1.

    Examples:
        >>> net = TextCNN(words=4, kernels=(1,)).eval()
        >>> len(strongest(net, [["so", "good"], ["so"]], {"so": 2, "good": 3}, kernel=0, channel=0, count=5))
        2
    """
    at_least_one(count=count)
    responses = network.responses(encode(texts, numbers))
    for name, place, there in (("kernel", kernel, len(responses)), ("channel", channel, responses[0].shape[1])):
        if not 0 <= place < there:
            raise ValueError(f"{name} must be in 0…{there - 1}, got {name}={place}")
    h, size = responses[kernel][:, channel], network.kernels[kernel]
    found: dict[str, float] = {}
    for flat in h.flatten().argsort(descending=True, stable=True).tolist():
        row, place = divmod(flat, h.shape[1])
        if place < len(texts[row]):
            found.setdefault(_window(place, size, texts[row]), float(h[row, place]))
        if len(found) == count:
            break
    return list(found.items())


def _window(place: int, kernel: int, text: Sequence[str]) -> str:
    """The n-gram under a filter whose middle is at ``place``; what lies beyond the text is left out.

    Examples:
        >>> _window(0, 3, ["not", "so", "good"]), _window(1, 2, ["not", "so", "good"])
        ('not so', 'so good')
    """
    first = place - (kernel - 1) // 2
    return joined(text[max(first, 0) : first + kernel])
