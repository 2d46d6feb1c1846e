"""What `cnnbook diagnose` says of logs whose cause is known: the confusion matrix on tests/data/logs/corpus.tar.xz.

    python benchmarks/diagnose.py --out benchmarks/diagnose.json

Forty of the logs are set apart: they were made when the rules stood, which were chosen by the others alone. How the
logs were made, and how their labels were checked without the questions: tools/make_logs.py.
"""

from __future__ import annotations

import argparse
import json
import tarfile
import tempfile
from collections import Counter
from pathlib import Path

from cnnbook.cli.diagnose import judged
from cnnbook.cli.logs import curves, read_log
from cnnbook.parameters.recipe import Diagnosis

LOGS = Path(__file__).parent.parent / "tests/data/logs"


def labels() -> dict[str, dict[str, object]]:
    """Folder of each log → what is right of it."""
    return json.loads((LOGS / "labels.json").read_text("utf-8"))


def answers() -> dict[str, Diagnosis]:
    """What is said of each log, given the number of classes where its label gives it."""
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(LOGS / "corpus.tar.xz") as archive:
            archive.extractall(folder, filter="data")
        found = {}
        for name, label in labels().items():
            log = read_log(Path(folder) / name)
            found[name] = judged(log, curves(log, None, None, label["classes"]))
        return found


def matrix(found: dict[str, Diagnosis]) -> list[dict[str, object]]:
    """How often each answer was given where each was right, on the logs that rules were chosen by and those apart."""
    counts = Counter(
        ("apart" if label["apart"] else "chosen by", label["branch"], found[name].branch.value)
        for name, label in labels().items()
    )
    return [
        {"logs": part, "right": right, "said": said, "count": n} for (part, right, said), n in sorted(counts.items())
    ]


def main() -> None:
    """Ask and write."""
    from report import write

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/diagnose.json"))
    args = parser.parse_args()
    found = answers()
    for name, label in labels().items():
        if found[name].branch.value != label["branch"]:
            print(
                f"{name}{' (apart)' * label['apart']}: right is {label['branch']}, said is {found[name].branch.value}"
            )
            print("   ", *found[name].reasons, sep="\n    ")
    rows = matrix(found)
    for part in ("chosen by", "apart"):
        mine = [row for row in rows if row["logs"] == part]
        right = sum(row["count"] for row in mine if row["right"] == row["said"])
        print(f"{part}: {right} of {sum(row['count'] for row in mine)} right")
    write(args.out, "diagnose", rows, {"logs": len(labels())})


if __name__ == "__main__":
    main()
