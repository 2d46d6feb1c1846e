"""``python -m cnnbook.data``: list the data sets, or download one by name."""

from __future__ import annotations

import argparse
import sys

from cnnbook.data.catalogue import card, load, names
from cnnbook.data.download import DataError, cache_folder
from cnnbook.data.speech import REAL, SYNTHETIC, fetch_recordings, recordings, sound_card


def main() -> int:
    """Entry point; the exit status is 1 if the data set cannot be had."""
    parser = argparse.ArgumentParser(prog="python -m cnnbook.data", description=__doc__)
    parser.add_argument("name", nargs="?", help="data set to download (without it: list all)")
    args = parser.parse_args()
    if args.name is None:
        for name in names():
            info = card(name)
            place = "embedded" if info.embedded else str(cache_folder() / name)
            print(f"{name:22} {info.size / 1e6:6.1f} MB  {info.licence:8} {place}")
        for name in (SYNTHETIC, REAL):
            info = sound_card(name)
            place = "embedded" if info["embedded"] else str(cache_folder() / name)
            print(f"{name:22} {info['files'][0]['bytes'] / 1e6:6.1f} MB  {info['licence']:8} {place}")
        return 0
    try:
        if args.name == REAL:
            fetch_recordings()
            print(f"{REAL}: {len(recordings().waves)} recordings")
            return 0
        data = load(args.name, download=True)
    except DataError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{args.name}: {len(data.train_images)} training and {len(data.test_images)} test images")
    return 0


if __name__ == "__main__":
    sys.exit(main())
