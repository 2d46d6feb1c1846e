"""Run the parts of tools/gpu.sh one after another, each a process of its own that is stopped at its limit.

A part that fails or is stopped stops no other. Exit code 0; 1 where a part failed; 2 where there is no GPU of NVIDIA's.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cnnbook.devices import DeviceError, chosen

ROOT = Path(__file__).resolve().parent.parent
# Seconds. With GRACE for each they stay below eight minutes; the last may take what its experiment can use: it keeps
# the arms that it finished, and goes on from there the next time.
LIMITS = {"tests": 80, "steps": 60, "seeds": 50, "precision": 60, "together": 90, "transfer": 100}
GRACE = 5  # from being asked to stop to being stopped
PATIENCE = 5  # times as long may a dry run take, on a machine that does other things
TOLD: list[int] = []  # signals to end. One that raised while a part is being started would leave the part alone.


def stop(process: subprocess.Popen) -> None:
    """End a part and all that it started."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
            process.wait(GRACE)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue


def attempt(name: str, out: Path, *, dry: bool) -> bool:
    """Run one part within its limit; whether it did what it should."""
    command = [sys.executable, "tools/gpu_parts.py", name, "--out", str(out), *(["--dry"] if dry else [])]
    limit = LIMITS[name] * (PATIENCE if dry else 1)
    start = time.monotonic()
    process = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
    while (code := process.poll()) is None and not TOLD and time.monotonic() < start + limit:
        time.sleep(0.1)
    stop(process)
    if TOLD:
        sys.exit(128 + TOLD[0])
    if code is None:
        code, said = 1, f"stopped at its limit of {limit} s"
    else:
        said = f"failed with exit code {code}" if code else "done"
    print(f"gpu: {name}: {said} after {time.monotonic() - start:.0f} s", flush=True)
    return code == 0


def main(arguments: list[str] | None = None) -> int:
    """See the module."""
    parser = argparse.ArgumentParser(prog="tools/gpu.sh", description="What only a GPU can show, within eight minutes.")
    parser.add_argument(
        "--only", nargs="+", choices=LIMITS, default=list(LIMITS), metavar="PART", help=", ".join(LIMITS)
    )
    parser.add_argument("--dry", action="store_true", help="on the CPU, a few steps, into a temporary folder")
    parser.add_argument("--out", type=Path, help="where the results go; by default results/gpu")
    asked = parser.parse_args(arguments)
    if not asked.dry:
        try:
            chosen("cuda")
        except DeviceError as error:
            print(f"gpu: {error}", file=sys.stderr)
            return 2
    kept = asked.out or (tempfile.mkdtemp(prefix="cnnbook-gpu-") if asked.dry else ROOT / "results/gpu")
    out = Path(kept).resolve()
    failed = [name for name in asked.only if not attempt(name, out, dry=asked.dry)]
    print(f"gpu: results are in {out}" + (f"; failed: {', '.join(failed)}" if failed else ""))
    return int(bool(failed))


def run() -> None:
    """As a command, which when it is itself told to end takes the part along: that is in a session of its own."""
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda number, _: TOLD.append(number))
    sys.exit(main())


if __name__ == "__main__":
    run()
