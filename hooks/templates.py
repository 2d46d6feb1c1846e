"""Keep compiled templates from one build to the next: jinja2 compiles some seventy of the theme and the API reference.

What is kept is found by a template's name and compared by its source; a changed template is compiled anew.
"""

from jinja2 import FileSystemBytecodeCache

from context import ROOT

KEPT = ROOT / ".cache/templates"


def kept() -> FileSystemBytecodeCache:
    KEPT.mkdir(parents=True, exist_ok=True)
    return FileSystemBytecodeCache(str(KEPT))


def on_files(files, config):
    config.plugins["mkdocstrings"].get_handler("python").env.bytecode_cache = kept()
    return files


def on_env(env, config, files):
    env.bytecode_cache = kept()
    return env
