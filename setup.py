"""What pyproject.toml cannot say of a distribution: the committed results go into the wheel, beside the claims that
they decide; the README goes without its links into the repository, which lead nowhere from elsewhere.
"""

import re
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
LINK = r"!?\[([^\]]*)\]\((?!https?://)[^)]*\)"


class WithResults(build_py):
    """The package, and with it the results; an editable install reads those of the clone."""

    def run(self) -> None:
        super().run()
        for file in [] if self.editable_mode else sorted((ROOT / "results").rglob("*.json")):
            place = Path(self.build_lib, "cnnbook/evidence/results", file.relative_to(ROOT / "results"))
            self.mkpath(str(place.parent))
            self.copy_file(str(file), str(place))


def readme() -> str:
    """The README without pictures and links of its own; a line that is nothing else goes."""
    text = (ROOT / "README.md").read_text("utf-8")
    return re.sub(LINK, r"\1", re.sub(rf"^{LINK}\n\n", "", text, flags=re.M))


setup(long_description=readme(), long_description_content_type="text/markdown", cmdclass={"build_py": WithResults})
