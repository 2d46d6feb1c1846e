"""Work shared by the cores: workers that keep data go on."""

import os
import platform
import subprocess
import sys
import time

import pytest

from cnnbook.parallel import over_cores

KEPT = []


def keep(megabytes: int) -> int:
    """Keep so much in this process, for longer than joblib waits between two looks at it; its number."""
    KEPT.append(bytearray(os.urandom(2**20)) * megabytes)
    time.sleep(1.1)
    return os.getpid()


def test_a_worker_that_keeps_data_is_not_started_anew(monkeypatch):
    monkeypatch.setattr("cnnbook.parallel.cores", lambda: 2)
    assert len(set(over_cores(keep, [1, 1, 400, 400, 1, 1, 1, 1]))) == 2


def asked(megabytes: int) -> int:
    """How many pages of memory this process asks for, where it has asked for as much before."""
    import resource  # not on Windows

    for _ in range(2):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        bytearray(megabytes * 2**20)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="mallopt is glibc's")
def test_memory_that_is_kept_is_not_asked_for_again(monkeypatch):
    code = """from test_parallel import asked
from cnnbook.parallel import keep_memory

given_back = asked(64)
keep_memory()
print(given_back, asked(64))"""
    here = os.environ | {"PYTHONPATH": os.path.dirname(__file__)}
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=here).stdout
    given_back, kept = map(int, said.split())
    assert kept < given_back / 10
    monkeypatch.setattr("cnnbook.parallel.cores", lambda: 2)
    assert max(over_cores(asked, [64, 64])) < given_back / 10, "a worker gives memory back"
