"""From a text to numbers: tokens, a vocabulary, a tensor."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import torch
from torch import Tensor

from cnnbook.checks import at_least_one
from cnnbook.errors import CnnbookError

PADDING, UNKNOWN = 0, 1
HAN = r"\u3400-\u9fff"
TOKEN = re.compile(rf"[{HAN}]|[^\W_{HAN}]+(?:'[^\W_{HAN}]+)*|[^\w\s\x00-\x1f\x7f-\x9f]|_")  # no control characters
INVISIBLE = re.compile(  # Unicode's default ignorable code points: zero-width spaces and joiners, soft hyphens, …
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


class TextError(CnnbookError, ValueError):
    """A text that nothing can be said about."""


def tokens(text: str) -> list[str]:
    """Cut a text: every Chinese character is a token, every word of other scripts, every punctuation mark.

    Case and width do not count: the text is brought to NFKC and lower case first. Nor does what has no width at all and
    comes along when a text is copied from a page: zero-width spaces, soft hyphens, marks of direction. An apostrophe
    inside a word belongs to it. Nothing is looked up, so that the same rule serves all languages.

    Args:
        text: Any text.

    Returns:
        The tokens in order.

    Raises:
        TextError: There is nothing in it but spaces.

    References:
        Unicode Standard Annex #44, "Default_Ignorable_Code_Point".

    Examples:
        >>> tokens("It isn't good!")
        ['it', "isn't", 'good', '!']
        >>> tokens("屏幕很好，ＣＰＵ快。")
        ['屏', '幕', '很', '好', ',', 'cpu', '快', '。']
    """
    found = TOKEN.findall(unicodedata.normalize("NFKC", INVISIBLE.sub("", text)).lower().replace("’", "'"))
    if not found:
        raise TextError(f"a text must have at least one word, got {text!r}")
    return found


def language(text: str) -> str:
    """Which of the two sets of texts a text belongs with: ``"zh"`` where there is a Chinese character, else ``"en"``.

    Args:
        text: Any text.

    Returns:
        ``"zh"`` or ``"en"``.

    Raises:
        TextError: There is nothing in it but spaces.

    Examples:
        >>> language("CPU 快"), language("fast CPU")
        ('zh', 'en')
    """
    return "zh" if re.search(f"[{HAN}]", "".join(tokens(text))) else "en"


def vocabulary(texts: Iterable[Sequence[str]], least: int = 2) -> dict[str, int]:
    """Number the tokens of the training texts, the commonest first, from 2: 0 is padding and 1 any other token.

    Args:
        texts: Tokens of each text.
        least: How often a token must occur to get a number of its own. Rarer ones train the vector of the unknown.

    Returns:
        Token → number.

    Raises:
        ValueError: ``least`` is not at least 1.

    Examples:
        >>> vocabulary([["so", "good"], ["so", "so"]], least=1)
        {'so': 2, 'good': 3}
    """
    at_least_one(least=least)
    counts = Counter(token for text in texts for token in text)
    kept = sorted((token for token, count in counts.items() if count >= least), key=lambda t: (-counts[t], t))
    return {token: number for number, token in enumerate(kept, start=2)}


def encode(texts: Sequence[Sequence[str]], numbers: Mapping[str, int], length: int | None = None) -> Tensor:
    """Numbers of the tokens, one text a row; short rows are filled with 0, long ones cut.

    Args:
        texts: Tokens of each text.
        numbers: From ``vocabulary``.
        length: Columns; by default as many as the longest text has tokens.

    Returns:
        ``int64 (N, length)``.

    Raises:
        ValueError: There is no text, or ``length`` is not at least 1.

    Examples:
        >>> encode([["so", "good"], ["bad"]], {"so": 2, "good": 3}).tolist()
        [[2, 3], [1, 0]]
    """
    if not texts:
        raise ValueError("there must be at least one text, got none")
    length = max(map(len, texts)) if length is None else length
    at_least_one(length=length)
    ids = torch.full((len(texts), length), PADDING)
    for row, text in zip(ids, texts, strict=True):
        known = [numbers.get(token, UNKNOWN) for token in text[:length]]
        row[: len(known)] = torch.tensor(known)
    return ids


def joined(text: Sequence[str]) -> str:
    """Tokens as a reader writes them: a space between two of them only where neither is Chinese.

    Examples:
        >>> joined(["not", "so"]), joined(["不", "太", "好"])
        ('not so', '不太好')
    """
    return re.sub(rf"(?<=[{HAN}，。]) | (?=[{HAN}，。])", "", " ".join(text))
