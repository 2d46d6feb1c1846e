"""What is copied word for word is found, and what is quoted is not."""

import doctest
import sys

import pytest

import overlap

OTHER = "天上的云很白，地上的草很绿，河里的水很清，山里的风很凉。\n"


def found(text: str) -> list[tuple[int, str]]:
    return [*overlap.common(text, overlap.pieces(OTHER))]


def test_the_examples_run():
    result = doctest.testmod(overlap)
    assert result.attempted and not result.failed


def test_a_copied_sentence_is_found_whatever_stands_between_its_characters():
    copied = "开头。\n我们说，天上的云（cloud）很白；地上的草 很绿，河里的水就不同。\n"
    assert found(copied) == [(2, "天上的云很白地上的草很绿河里的水")]
    assert found("天上的云很白，地上的草很") == []  # eleven characters
    twice = "天上的云很白，地上的草很绿，河里。而后地上的草很绿，河里的水很清，山里的。"
    assert [words for _, words in found(twice)] == ["天上的云很白地上的草很绿河里", "地上的草很绿河里的水很清山里的"]


@pytest.mark.parametrize("quoted", ["原文说“{}”。", "> {}", "他说「{}」。"])
def test_a_quotation_may_be_word_for_word(quoted):
    assert found(OTHER.strip()) and found(quoted.format(OTHER.strip())) == []


@pytest.mark.parametrize(("words", "status"), [("天上的云很白，地上的草很绿，河里的水", 1), ("别的话", 0)])
def test_the_command_prints_where(monkeypatch, capsys, tmp_path, words, status):
    (tmp_path / "other.txt").write_text(OTHER, "utf-8")
    documents = [(f"一\n{words}\n", "zh", "docs/zh/a.md", ()), (words, "en", "docs/en/a.md", ())]
    monkeypatch.setattr(overlap.lint, "documents", lambda root: documents)
    monkeypatch.setattr(sys, "argv", ["overlap.py", str(tmp_path)])
    with pytest.raises(SystemExit) as end:
        overlap.main()
    said = "docs/zh/a.md:2: 天上的云很白地上的草很绿河里的水\n" if status else ""
    assert end.value.code == status and capsys.readouterr().out == said


def test_a_folder_without_texts_is_named(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(sys, "argv", ["overlap.py", str(tmp_path)])
    with pytest.raises(SystemExit):
        overlap.main()
    assert f"the folder must hold *.txt, got {tmp_path}" in capsys.readouterr().err
