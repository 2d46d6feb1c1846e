"""Lay the assets that both languages share into each language's site; every page has its counterpart."""

import logging
import sys
from pathlib import Path

from mkdocs.plugins import event_priority
from mkdocs.structure.files import File

sys.path.insert(0, str(Path(__file__).parent))  # MkDocs loads this file by its path alone
from context import LANGUAGES, ROOT

DOCS = ROOT / "docs"
log = logging.getLogger("mkdocs.plugins.assets")


@event_priority(100)
def on_files(files, config):
    for asset in sorted((DOCS / "assets").rglob("*")):
        if asset.is_file():
            uri = asset.relative_to(DOCS).as_posix()
            files.append(File(uri, str(DOCS), config.site_dir, config.use_directory_urls))
    return files


def on_nav(nav, config, files):
    """Strict builds stop where a page has no counterpart."""
    lang = config.theme["language"]
    other = next(name for name in LANGUAGES if name != lang)
    for path in sorted((DOCS / lang).rglob("*.md")):
        uri = path.relative_to(DOCS / lang).as_posix()
        if not (DOCS / other / uri).exists():
            log.warning(f"docs/{lang}/{uri}:1: this page has no counterpart docs/{other}/{uri}")
    return nav
