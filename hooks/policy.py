"""What a page may run and fetch: the book's own files, and the few inline scripts of the theme, each by its hash.

Every page names the policy in its head, for hosts that send no headers of the book's; tools/server.py sends it as a
header too. A script within a page that is not the theme's, and an attribute that runs code, would not run, and so stop
the build.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import cache
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path

from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority

SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script\s*>", re.S | re.I)
FILE = re.compile(r"\ssrc=", re.I)
DATA = re.compile(r"\stype=\"?application/(?:ld\+)?json\b", re.I)
EVENT = re.compile(r"on(?<!\won)[a-z]+\s*=")  # begins with what it seeks, which makes it quick; code has names like it
IN_TAG = re.compile(rf"""<[a-z](?:[^<>]*|(?:[^<>"']|"[^"]*"|'[^']*')*){EVENT.pattern}""")
ADDRESSES = ("href", "src", "action", "formaction", "data", "xlink:href")
OURS = Path(__file__).parent.parent / "theme/partials"
POLICY = (
    "default-src 'self'",
    "script-src 'self'{}",
    "style-src 'self' 'unsafe-inline'",  # KaTeX and drawings say sizes in style attributes, which have no hashes
    "img-src 'self' data:",  # the theme's icons, the pictures of labs
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
)
HEAD = '<meta charset="utf-8">'  # what a page's head begins with
META = '<meta http-equiv="Content-Security-Policy" content="{}">'
DECLARED = re.compile(re.escape(META).replace(r"\{\}", '([^"]*)'))


def inline(page: str) -> list[str]:
    """The scripts that stand in a page.

    >>> inline('<script>a()</script><script src="b.js"></script><script type="application/json">{}</script>')
    ['a()']
    """
    return [text for how, text in SCRIPT.findall(page) if not FILE.search(how) and not DATA.search(how)]


def policy(scripts: Iterable[str]) -> str:
    """The policy under which these inline scripts run, and no others."""
    digests = {hashlib.sha256(script.encode()).digest() for script in scripts}
    return "; ".join(POLICY).format("".join(f" 'sha256-{base64.b64encode(one).decode()}'" for one in sorted(digests)))


def declaring(page: str, words: str) -> str:
    """The page with the policy in its head, before anything that it is about."""
    if HEAD not in page:
        raise ValueError(f"a page's head begins with {HEAD}, this page's does not: {page[:80]!r}")
    return page.replace(HEAD, HEAD + META.format(words), 1)


def declared(page: str) -> str | None:
    """The policy that a page names."""
    found = DECLARED.search(page)
    return found[1] if found else None


class Attributes(HTMLParser):
    """The attributes of a page that run code."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.running: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            address = name in ADDRESSES and (value or "").strip().lower().startswith("javascript:")
            if address or name.startswith("on"):
                self.running.append(f'<{tag} {name}="{value}">')


@cache
def theirs() -> re.Pattern[str]:
    """The inline scripts of the theme, and of what we put into it, as the templates have them: what a template fills in
    is a string of any kind."""
    (package,) = find_spec("material").submodule_search_locations
    folders = Path(package) / "templates/partials/javascripts", OURS
    templates = [path for folder in folders for path in sorted(folder.glob("*.html"))]
    scripts = [script for path in templates for script in inline(path.read_text("utf-8"))]
    pieces = ([re.escape(piece) for piece in re.split(r"\{\{.*?\}\}", script)] for script in scripts)
    return re.compile("|".join(r'[^"\\<]*'.join(piece) for piece in pieces))


def suspect(page: str) -> bool:
    """Whether a page may have attributes that run code, and has to be parsed.

    >>> suspect("<p>one = 1</p>"), suspect("<img/ONERROR=a()>"), suspect('<p title="a>b"onclick=a()>')
    (False, True, True)
    """
    low = page.lower()
    return "javascript:" in low or bool(EVENT.search(low) and IN_TAG.search(low))


def refused(page: str) -> Iterator[str]:
    """What in a page would run, were there no policy."""
    for script in inline(page):
        if not theirs().fullmatch(script):
            yield f"an inline script that is not the theme's: {script.strip()[:80]!r}"
    if suspect(page):
        for attribute in Attributes(page).running:
            yield f"an attribute that runs code: {attribute[:80]}"


serving = False  # while the book is written, MkDocs puts a script of its own into each page that it serves


def on_startup(command, dirty):
    global serving
    serving = command == "serve"


@event_priority(-100)
def on_post_build(config):
    """One policy for all pages of a language, as the theme swaps pages without a reload."""
    if serving:
        return
    site = Path(config.site_dir)
    pages = {path: path.read_text("utf-8") for path in sorted(site.rglob("*.html"))}
    wrong = [f"{path.relative_to(site)}: {what}" for path, page in pages.items() for what in refused(page)]
    if wrong:
        raise PluginError("\n".join(wrong))
    words = policy(script for page in pages.values() for script in inline(page))
    for path, page in pages.items():
        path.write_text(declaring(page, words), "utf-8", newline="\n")
