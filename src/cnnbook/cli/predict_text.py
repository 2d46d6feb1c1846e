"""``cnnbook predict text``: praise or complaint, and which n-grams decided."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import torch
import typer

from cnnbook import weights
from cnnbook.cli.errors import PredictError
from cnnbook.cli.streams import json_text
from cnnbook.domains.text import TextCNN, TextError, encode, evidence, language, tokens

LANGUAGES = {"zh": "Chinese", "en": "English"}
LONGEST = 10_000  # tokens
SHOWN = 6  # n-grams


@dataclass(frozen=True)
class Answer:
    """What is said of a text; the shares of its n-grams and the bias add up to the margin of praise over complaint."""

    language: str
    answer: str
    probability: float
    tokens: list[str]
    unknown: list[str]
    shares: dict[str, float]
    bias: float
    test_accuracy: float


def answer(text: str, lang: str | None = None) -> Answer:
    """Read a text with the network of its language.

    Raises:
        PredictError: The text is empty, too long, or has no known token; or there is no network for the language.
        WeightsError: The network's weights are damaged.
    """
    if lang is not None and lang not in LANGUAGES:
        raise PredictError(f"there are networks for {' and '.join(LANGUAGES)}, got --lang {lang}")
    try:
        text.encode()
    except UnicodeEncodeError:  # the command line hands on what is no character
        raise PredictError("a text must be UTF-8, and some of its bytes are not") from None
    try:
        words = tokens(text)
        lang = lang or language(text)
        if len(words) > LONGEST:
            raise TextError(f"a text must have at most {LONGEST:,} tokens, got {len(words):,}")
        network, facts = weights.network(f"text-{lang}", _plan)
        numbers = {word: number for number, word in enumerate(_words(facts), start=2)}
        shares, bias = evidence(network, words, numbers)
    except TextError as error:
        hint = "" if lang is None else f" ({LANGUAGES[lang]} network; --lang takes another)"
        raise PredictError(f"{error}{hint}") from None
    with torch.no_grad():
        chances = network(encode([words], numbers)).softmax(-1)[0]
    best = int(chances.argmax())
    unknown = [word for word in dict.fromkeys(words) if word not in numbers]
    return Answer(
        lang, facts["classes"]["en"][best], float(chances[best]), words, unknown, shares, bias, facts["test_accuracy"]
    )


def _plan(facts: dict[str, Any]) -> TextCNN:
    return TextCNN(len(_words(facts)) + 2, **facts["shape"])


def _words(facts: dict[str, Any]) -> list[str]:
    return facts["words"].split("\n")


def show(text: str, lang: str | None, as_json: bool) -> None:
    """Print the answer."""
    found = answer(text, lang)
    if as_json:
        typer.echo(json_text({"text": text, **asdict(found)}))
        return
    read = f"{LANGUAGES[found.language]}, {len(found.tokens)} tokens"
    read += f", unknown: {' '.join(found.unknown)}" if found.unknown else ""
    typer.echo(f"{found.answer} {found.probability:.1%}  ({read})")
    for gram, share in list(found.shares.items())[:SHOWN]:
        typer.echo(f"{share:+7.2f}  {gram}")
    rest = sum(list(found.shares.values())[SHOWN:]) + found.bias
    typer.echo(f"{rest:+7.2f}  all else; a sum above 0 is praise")
    typer.echo(f"Of the test reviews it gets {found.test_accuracy:.0%} right.")
