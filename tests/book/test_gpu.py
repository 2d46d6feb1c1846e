"""What pages say of a GPU: a section where something was measured on one, and nothing where nothing was."""

import json
import sys
from pathlib import Path

import pytest

from manuscript import LANGUAGES, ROOT

WHERE = {"machine": {"gpu": "NVIDIA H100"}, "versions": {"torch": "2.13.0+cu130"}, "date": "2026-11-29T12:00:00+00:00"}
SETTINGS = {"training": 300, "seeds": 5}
ROWS = {  # as tools/gpu_parts.py writes them; tests/ground/test_gpu_script.py holds it to these keys
    "steps": [{"batch": 32, "plain_ms": 1.0, "lightning_ms": 1.5, "ratio": 1.5}],
    "seeds": [{"batch": 32, "plain_s": 4.0, "ensemble_s": 0.5, "ratio": 0.125}],
    "precision": [
        {"precision": "32-true", "batch": 1024, "step_ms": 2.0, "accuracy": 0.81, "low": 0.8, "high": 0.82},
        {
            **{"precision": "bf16-mixed", "batch": 1024, "step_ms": 1.0, "accuracy": 0.8, "low": 0.79, "high": 0.81},
            **{"difference": -0.01, "difference_low": -0.02, "difference_high": 0.0},
        },
    ],
    "together": [
        {"how": "after", "seconds": 4.0, "steps_a_second": 100.0},
        {"how": "at once", "seconds": 2.5, "steps_a_second": 160.0},
    ],
}


@pytest.fixture
def section(monkeypatch, tmp_path):
    """The macro as a page calls it, on results in a folder of its own."""
    monkeypatch.setattr(sys, "path", [str(ROOT / "hooks"), *sys.path])
    import gpu
    from context import Book, Page

    monkeypatch.setattr(gpu, "FOLDER", tmp_path)
    return lambda lang: gpu.gpu(Page(Book(lang, Path("docs", lang), []), "running.md", "running/"))


def measured(folder, *parts):
    for part in parts:
        (folder / f"{part}.json").write_text(json.dumps({**WHERE, "settings": SETTINGS, "rows": ROWS[part]}), "utf-8")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_where_nothing_was_measured_nothing_is_said(section, lang):
    assert section(lang) == ""


def test_what_was_measured_has_a_section_of_its_own_with_a_table_each(section, tmp_path):
    measured(tmp_path, *ROWS)
    said = section("en")
    assert said.startswith("### How fast on a GPU { #speed-gpu }\n\nA training step, Lightning against a plain loop:\n")
    assert "| 32 | 1.00 | 1.50 | 1.50 |" in said and "| 32 | 4.0 | 0.50 | ×0.12 |" in said
    assert "after 300 steps with 5 seeds" in said and "a step (ms, batch 1024)" in said
    assert "| `32-true` | 2.00 | 81.00 &#91;80.00, 82.00] | |" in said
    assert "| `bf16-mixed` | 1.00 | 80.00 &#91;79.00, 81.00] | −1.00 &#91;−2.00, 0.00] |" in said
    assert "| at the same time | 2.5 | 160 |" in said
    assert said.count("<small>Measured on 2026-11-29 on one NVIDIA H100 with torch 2.13.0.</small>") == 4


def test_both_languages_show_the_same_numbers(section, tmp_path):
    measured(tmp_path, *ROWS)
    zh, en = (section(lang).splitlines() for lang in ("zh", "en"))
    assert len(zh) == len(en) and zh[0] == "### GPU 上的快慢 { #speed-gpu }"
    rows = [[line for line in lines if line.startswith(("| 32", "| `"))] for lines in (zh, en)]
    assert rows[0] == rows[1] and len(rows[0]) == 4


def test_what_was_not_measured_is_left_out(section, tmp_path):
    measured(tmp_path, "together")
    said = section("zh")
    assert "| 同时 | 2.5 | 160 |" in said and "bf16" not in said and said.count("<small>") == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_asks_for_it(lang):
    assert "\n[= gpu() =]\n" in (ROOT / f"docs/{lang}/running.md").read_text("utf-8")
