"""A sentence in the book's two languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """The same sentence in Chinese and in English.

    Attributes:
        zh: the Chinese sentence.
        en: the English sentence.

    Raises:
        ValueError: a language is empty.

    Examples:
        >>> Text(zh="步长", en="stride").en
        'stride'
    """

    zh: str
    en: str

    def __post_init__(self) -> None:
        for language in ("zh", "en"):
            if not getattr(self, language).strip():
                raise ValueError(
                    f"a text must be written in both languages, got {language}={getattr(self, language)!r}"
                )

    def __getitem__(self, language: str) -> str:
        """The sentence in ``"zh"`` or ``"en"``."""
        if language not in ("zh", "en"):
            raise KeyError(f"language must be 'zh' or 'en', got {language!r}")
        return getattr(self, language)

    @classmethod
    def join(cls, texts: Sequence[Text]) -> Text:
        """Several sentences as one, joined as each language joins clauses.

        Examples:
            >>> Text.join([Text("甲", "a"), Text("乙", "b")])
            Text(zh='甲；乙', en='a; b')
        """
        return cls(zh="；".join(text.zh for text in texts), en="; ".join(text.en for text in texts))
