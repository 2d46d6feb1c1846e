"""What readers carry away, made from the built site and linked from the covers.

    python tools/prints.py [zh|en …] [--only pdf|offline|notebooks …]

pdf        the whole book on sheets, with an outline (Chromium)
offline    the site as a zip that works without a server
notebooks  every lab as a notebook

A print that cannot be made here says what is missing; the others are made, and the cover links to those that are there.
"""

import argparse
import datetime
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import print_offline
import print_pages
import print_pdf
from book import ROOT, SITE

sys.path.insert(0, str(ROOT / "hooks"))
import addresses
import changed
from cnnbook import __version__
from cnnbook.files import write_whole

FOLDER = "carry"  # in a language's site
FILES = {"pdf": "cnnbook-{}.pdf", "offline": "cnnbook-{}-offline.zip", "notebooks": "cnnbook-{}-notebooks.zip"}
WORDS = {
    "zh": {"take": "带走这本书：", "pdf": "PDF", "offline": "离线网页（解压后打开 index.html）",
           "notebooks": "全部上机笔记",
           "llms": "给程序读的目录", "comma": "，", "stop": "。"},
    "en": {"take": "Take it with you: ", "pdf": "PDF", "offline": "the site offline (unpack, open index.html)",
           "notebooks": "all labs as notebooks", "llms": "a list for programs that read", "comma": ", ", "stop": "."},
}  # fmt: skip
PLACE = re.compile(r'(<p class="book-cta">.*?</p>)(?:\n?<p class="book-carry">.*?</p>)?', re.S)


def day() -> str:
    """The day of the newest change to the pages, else today."""
    dates = changed.dates(ROOT).values()
    return max(dates)[:10] if dates else datetime.date.today().isoformat()


def make_pdf(site: Path, lang: str, place: Path) -> None:
    about = f"{print_pages.WORDS[lang]['version']} {__version__} · {day()}"
    document = print_pages.document(site, lang, print_pages.config_of(lang, ROOT), about)
    address = os.environ.get(f"CNNBOOK_URL_{lang.upper()}", "")
    print_pdf.print_pdf(document, site, place, address if addresses.public(address) else "")


def make_offline(site: Path, lang: str, place: Path) -> None:
    print_offline.zipped(print_offline.offline_files(site, lang), f"cnnbook-{lang}", place)


def notebooks(site: Path) -> Iterator[tuple[str, bytes]]:
    """Each where it lies in the site, so that its links hold when it is unpacked over the offline book."""
    for path in sorted((site / "labs").rglob("*.ipynb")):
        yield path.relative_to(site).as_posix(), path.read_bytes()


def make_notebooks(site: Path, lang: str, place: Path) -> None:
    print_offline.zipped(notebooks(site), f"cnnbook-{lang}", place)


MAKERS = {"pdf": make_pdf, "offline": make_offline, "notebooks": make_notebooks}


def size(place: Path) -> str:
    return f"{max(1, round(place.stat().st_size / 1e6))} MB"


def linked(cover: str, folder: Path, lang: str) -> str:
    """The cover with links to the prints that are there, below its first buttons."""
    words = WORDS[lang]
    there = [(kind, folder / name.format(lang)) for kind, name in FILES.items()]
    links = [f'<a href="{FOLDER}/{at.name}">{words[kind]}</a> ({size(at)})' for kind, at in there if at.is_file()]
    links.append(f'<a href="llms.txt">{words["llms"]}</a>')
    line = f'<p class="book-carry">{words["take"]}{words["comma"].join(links)}{words["stop"]}</p>'
    if not PLACE.search(cover):
        raise ValueError(f"the cover of {lang} has no buttons (p.book-cta) to put links below")
    return PLACE.sub(lambda hit: f"{hit[1]}\n{line}", cover, count=1)


def make(lang: str, kinds: list[str], site: Path) -> list[str]:
    """Make prints of a language; what could not be made, and why."""
    missing = []
    for kind in kinds:
        place = site / FOLDER / FILES[kind].format(lang)
        place.parent.mkdir(exist_ok=True)
        try:
            MAKERS[kind](site, lang, place)
        except print_pdf.PrintError as error:
            missing.append(f"{place.name}: {error}")
        else:
            print(f"{place.relative_to(site.parent.parent)}: {size(place)}", flush=True)
    cover = site / "index.html"
    write_whole(cover, linked(cover.read_text("utf-8"), site / FOLDER, lang))
    return missing


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("languages", nargs="*", metavar="LANG", help="by default zh and en")
    parser.add_argument("--only", nargs="+", choices=MAKERS, default=list(MAKERS))
    options = parser.parse_args()
    languages = options.languages or list(WORDS)
    if unknown := [lang for lang in languages if lang not in WORDS or not (SITE / lang).is_dir()]:
        parser.error(f"there is no site in {unknown[0]!r}: run make site first")
    missing = [line for lang in languages for line in make(lang, options.only, SITE / lang)]
    if missing:
        sys.exit("\n".join(["tools/prints.py: not everything could be printed", *missing]))


if __name__ == "__main__":
    main()
