"""Take from the theme what makes a browser work out the style of a whole page again, and changes nothing here.

A rule of the palette's sheet selects every element, so that nothing moves while colours change, and the theme sets and
removes what it asks for each time that a page opens; what changes colour then fades as it does under a pointer. Its
script adds a second meta element with the name color-scheme: a browser heeds the first, which is ours, and works out
all styles when there is another, and once more when that is filled in. And it takes tables out and puts them back in a
box that scrolls: here they come in one, so that they scroll without scripts as well. Names of other packages and
cells of the map, which have titles by the hundred on a page, keep the browser's own tooltip: the theme's take a phone
half a second. (theme/partials/opening.html has the rest.)

Its script swaps a page in without a reload, and does not know the one that it began on: the first link to a place on
that page had it fetched and swapped in anew, and with it went a run, a drawing, a number that was typed. Here it knows;
the address takes the section that is read and keeps how far down the reader was, whom Forward brings back there;
and data in a <script> stays as it came, where the theme would have it run, which our policy forbids.
"""

import re
from pathlib import Path

from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File

SHEET = re.compile(r"^assets/stylesheets/palette\.\w+\.min\.css$")
SCRIPT = re.compile(r"^assets/javascripts/bundle\.\w+\.min\.js$")
CHANGES = (  # in which file, what, what comes in its place, and by which name
    (
        SHEET,
        r"(?:\[data-md-color-switching\] (?:\*|:after|:before),?)+\{transition-duration:0s!important\}",
        "",
        "rule",
    ),
    (SCRIPT, r'(?<=\{name:"color-scheme"\}\);)document\.head\.appendChild\(\w+\);', "", "second color-scheme"),
    (SCRIPT, r'\.\.\.\w+\("table:not\(\[class\]\)",\w+\)\.map\(\w+=>\w+\(\w+\)\),', "", "box for tables"),
    (
        SCRIPT,
        r'let (\w+=\w+\.pipe\(\w+\("pathname"\),\w+\()(\w+)=>(?=\w+\(\2,\{progress\$:)',
        r"let here=location.pathname,\1(\2,count)=>!count&&\2.pathname===here?[]:",
        "swap of a page",
    ),
    (  # which scrolled only once a page had been swapped in
        SCRIPT,
        r'return (\w+)\((\w+)(\.pipe\(\w+\(\w+,\(\w+,(\w+)\)=>\4\)\),)\2(?=\.pipe\(\w+\(\(\)=>\w+\),\w+\("hash"\)\))',
        r"return \1(\2\3\1([0],\2)",
        "way to a place",
    ),
    (  # which forgot where on the page one was, to be there again by the browser's Forward
        SCRIPT,
        r'(?<=,history\.replaceState\()\{\}(,"",`\$\{(\w+)\}`\)\)\}else \2\.hash="",history\.replaceState\()\{\}',
        r"history.state\1history.state",
        "mark of the section read",
    ),
    (
        SCRIPT,
        r'(?<=\("script)(?=",\w+\)\)\.pipe\(\w+\(\w+=>\{let \w+=\w+\.createElement\("script"\))',
        ":not([type$=json])",
        "run of scripts",
    ),
)
TABLE = re.compile(r"<table>.*?</table>", re.S)
TITLED = re.compile(r'<(?:span|td)\b(?=[^>]* title=")')
BOX = '<div class="md-typeset__scrollwrap"><div class="md-typeset__table">{}</div></div>'


def changed(name: str, text: str) -> str:
    """A file of the theme by its NAME, with the changes of here."""
    for file, part, instead, what in CHANGES:
        if file.search(name):
            text, found = re.subn(part, instead, text)
            if found != 1:
                raise PluginError(f"{name} must have the {what} once, got {found}")
    return text


def on_files(files, config):
    for file in [file for file in files if SHEET.search(file.src_uri) or SCRIPT.search(file.src_uri)]:
        text = changed(file.src_uri, Path(file.abs_src_path).read_text("utf-8"))
        files.remove(file)
        files.append(File.generated(config, file.src_uri, content=text))
    return files


@event_priority(-100)  # of all that others have made of the page
def on_page_content(html, page, config, files):
    return TABLE.sub(lambda table: BOX.format(table[0]), html)


def on_post_page(output, page, config):  # when what refers to other packages has its title
    return TITLED.sub(r"\g<0> data-preview", output)
