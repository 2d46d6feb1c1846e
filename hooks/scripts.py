"""Serve the book's scripts without comments and white space, and of their words those of the page's language.

rjsmin takes both out and leaves all else as it stands. It does not parse, and two things it would misread are refused
here: a template literal within another, and a regular expression right after an arrow.
"""

import re
from pathlib import Path

import rjsmin
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File

ROOT = Path(__file__).parent.parent
WORDS = re.compile(r"/words\.(\w+)\.mjs$")
OWN = re.compile(r"\.mjs$|^assets/book/.*\.js$")
MISREAD = {
    "a template literal within another": re.compile(r"\$\{(?:[^{}`\n]|\{[^{}`\n]*\})*`"),
    "a regular expression right after an arrow": re.compile(r"=>\s*/[^/*]"),
}


def served(path: Path) -> str:
    """The script as it is sent."""
    source = path.read_text("utf-8")
    for rule, pattern in MISREAD.items():
        if found := pattern.search(source):
            line = source.count("\n", 0, found.start()) + 1
            name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path.name
            raise PluginError(f"{name}:{line}: {rule}, which the minifier would misread")
    return rjsmin.jsmin(source) + "\n"


def elsewhere(uri: str, lang: str) -> bool:
    """Whether these are words of the other language.

    >>> elsewhere("a/words.zh.mjs", "en"), elsewhere("a/words.en.mjs", "en"), elsewhere("a/b.mjs", "en")
    (True, False, False)
    """
    words = WORDS.search(uri)
    return bool(words) and words[1] != lang


@event_priority(50)  # after hooks/assets.py has laid the assets
def on_files(files, config):
    lang = config.theme["language"]
    for file in [file for file in files if OWN.search(file.src_uri)]:
        files.remove(file)
        if not elsewhere(file.src_uri, lang):
            files.append(File.generated(config, file.src_uri, content=served(Path(file.abs_src_path))))
    return files
