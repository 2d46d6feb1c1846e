"""A folder whose files are made again only where what they are made from has changed, or where they were damaged."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

from cnnbook.files import write_whole
from keeping import digest


@cache
def code() -> str:
    """The hash of what makes them: the modules beside this one."""
    return digest(*(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py"))))


class Shelf:
    """What lies in a folder, and from what it was made: noted in a file beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.register = folder, folder.with_name(f"{folder.name}.json")
        try:
            self.known: dict[str, list[str]] = json.loads(self.register.read_text("utf-8"))
        except (OSError, ValueError):
            self.known = {}
        self.made: dict[str, list[str]] = {}

    def put(self, key: str, make: Callable[[], dict[str, str | bytes]]) -> None:
        """Lay files there, unless what was made from the same lies there as it was made."""
        before = {uri: said for uri, said in self.known.items() if said[0] == key}
        if before and all(self.whole(uri) for uri in before):
            self.made |= before
            return
        for uri, content in make().items():
            place, content = self.folder / uri, content.encode() if isinstance(content, str) else content
            self.made[uri] = [key, digest(content)]
            if not place.is_file() or place.read_bytes() != content:  # who watches the folder is not disturbed
                write_whole(place, content)

    def whole(self, uri: str) -> bool:
        place = self.folder / uri
        return place.is_file() and digest(place.read_bytes()) == self.known[uri][1]

    def close(self) -> None:
        """Take away what nobody has put there this time, and note what there is."""
        for place in self.folder.rglob("*"):
            if place.is_file() and place.relative_to(self.folder).as_posix() not in self.made:
                place.unlink()
        if self.made != self.known:
            write_whole(self.register, json.dumps(self.made, indent=0, sort_keys=True))
