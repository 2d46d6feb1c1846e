"""Keep compiled templates from one build to the next: jinja2 compiles some seventy of the theme and the API reference.

What is kept is found by a template's name and compared by its source; a changed template is compiled anew.
"""

import sys
from pathlib import Path

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

sys.path.insert(0, str(Path(__file__).parent))  # MkDocs loads this file by its path alone
import keeping
from context import ROOT

KEPT = ROOT / ".cache/templates"


class Templates(BytecodeCache):
    """Python's own code, which an interpreter takes as it is: never without its checksum."""

    def load_bytecode(self, bucket: Bucket) -> None:
        code = keeping.read(KEPT / bucket.key)
        if code is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        keeping.write(KEPT / bucket.key, bucket.bytecode_to_string())


def on_files(files, config):
    config.plugins["mkdocstrings"].get_handler("python").env.bytecode_cache = Templates()
    return files


def on_env(env, config, files):
    env.bytecode_cache = Templates()
    return env
