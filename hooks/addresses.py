"""Where the book stands for its readers, and where its sources stand: what is said of it to search engines and others.

A machine's own address tells nobody else anything, and so never stands in a page.
"""

import ipaddress
from collections.abc import Mapping
from urllib.parse import quote, urlencode, urlsplit

CODES = {"zh": "zh-CN", "en": "en"}  # of each edition, for readers' machines
BRANCH = "main"  # on which the site is built


def public(address: str | None) -> bool:
    """Whether others reach this address.

    >>> [public(f"https://{host}/zh/") for host in ("example.org", "93.184.215.14")]
    [True, True]
    >>> [public(f"http://{host}/zh/") for host in ("127.0.0.1:8000", "localhost", "box", "192.168.1.5", "[::1]:80")]
    [False, False, False, False, False]
    >>> public(""), public(None), public("file:///site/zh/")
    (False, False, False)
    """
    parts = urlsplit(address or "")
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host:
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:  # a name
        return "." in host and not host.endswith((".localhost", ".local", ".internal"))


def root(addresses: Mapping[str, str]) -> str | None:
    """The address of the page that leads to both editions; None where the two have no such place in common.

    >>> root({"zh": "https://example.org/book/zh/", "en": "https://example.org/book/en/"})
    'https://example.org/book/'
    >>> root({"zh": "https://zh.example.org/", "en": "https://en.example.org/"})
    """
    above = {address.rstrip("/").removesuffix(f"/{lang}") + "/" for lang, address in addresses.items()}
    return above.pop() if len(above) == 1 else None


def alternates(addresses: Mapping[str, str], page: str) -> list[tuple[str, str]]:
    """The same page in each language, and for a reader of any other: the choice of languages, or the English page.

    Nothing unless both editions can be reached.

    >>> both = {"zh": "https://example.org/zh/", "en": "https://example.org/en/"}
    >>> alternates(both, "a/")[1:]
    [('en', 'https://example.org/en/a/'), ('x-default', 'https://example.org/en/a/')]
    >>> alternates(both, "")[-1]
    ('x-default', 'https://example.org/')
    >>> alternates({**both, "en": "http://127.0.0.1:8000/en/"}, "a/")
    []
    """
    if not all(map(public, addresses.values())):
        return []
    found = [(CODES[lang], address + page) for lang, address in addresses.items()]
    choice = None if page else root(addresses)
    return [*found, ("x-default", choice or addresses["en"] + page)]


def edit(repository: str, source: str) -> str:
    """Where a reader changes a page's source, as GitHub has it.

    >>> edit("https://github.com/them/book", "docs/en/index.md")
    'https://github.com/them/book/edit/main/docs/en/index.md'
    """
    return f"{repository.rstrip('/')}/edit/{BRANCH}/{quote(source)}"


def report(repository: str, title: str, body: str) -> str:
    """Where a reader reports a fault, with a title and a first line already there.

    >>> report("https://github.com/them/book", "5.14 Convolution: ", "docs/en/a.md")
    'https://github.com/them/book/issues/new?title=5.14+Convolution%3A+&body=docs%2Fen%2Fa.md'
    """
    return f"{repository.rstrip('/')}/issues/new?{urlencode({'title': title, 'body': body})}"
