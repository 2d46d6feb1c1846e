"""The data that interactive figures ask for, made at each build from the package's: one place in the site each."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # MkDocs loads this file by its path alone
import garments
import photographs
import spoken
import weights

KINDS = (garments, photographs, spoken, weights)


def laid() -> dict[str, bytes]:
    """Every file, by its place in the site; none of data that a book does not have."""
    return {uri: made for kind in KINDS if kind.DATA.exists() for uri, made in kind.laid().items()}


def on_files(files, config):
    from mkdocs.structure.files import File  # MkDocs calls this alone: Zensical's files are laid without it

    for uri, made in laid().items():
        files.append(File.generated(config, uri, content=made))
    return files
