"""Take a rule from the theme's style sheet: that nothing moves while the palette changes.

It selects every element, and the theme sets and removes what it asks for each time that a page opens: a browser works
out the style of all elements twice more, an eighth of what a long page costs it. What changes colour then fades as it
does under a pointer.
"""

import re
from pathlib import Path

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File

SHEET = re.compile(r"^assets/stylesheets/palette\.\w+\.min\.css$")
RULE = re.compile(r"(?:\[data-md-color-switching\] (?:\*|:after|:before),?)+\{transition-duration:0s!important\}")


def on_files(files, config):
    for file in [file for file in files if SHEET.search(file.src_uri)]:
        text, taken = RULE.subn("", Path(file.abs_src_path).read_text("utf-8"))
        if taken != 1:
            raise PluginError(f"{file.src_uri} must have the rule for [data-md-color-switching] once, got {taken}")
        files.remove(file)
        files.append(File.generated(config, file.src_uri, content=text))
    return files
