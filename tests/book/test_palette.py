"""Opening a page, a browser works out the style of its elements once, and not again for the palette."""

from types import SimpleNamespace

import pytest
from mkdocs.exceptions import PluginError

import palette
from manuscript import LANGUAGES

ASKED = "[data-md-color-switching]"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_rule_selects_everything_while_the_palette_changes(site, lang):
    sheets = list((site.folder / lang / "assets/stylesheets").glob("*.css"))
    assert any("data-md-color-scheme" in sheet.read_text("utf-8") for sheet in sheets)
    assert [sheet.name for sheet in sheets if ASKED in sheet.read_text("utf-8")] == []


def test_a_theme_that_says_it_otherwise_stops_the_build(tmp_path):
    sheet = tmp_path / "palette.0.min.css"
    sheet.write_text(f"{ASKED} *{{transition:none!important}}", "utf-8")
    file = SimpleNamespace(src_uri="assets/stylesheets/palette.0.min.css", abs_src_path=str(sheet))
    with pytest.raises(PluginError, match=r"palette.0.min.css must have the rule .* once, got 0"):
        palette.on_files([file], None)
