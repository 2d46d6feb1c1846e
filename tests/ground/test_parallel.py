"""Work shared by the cores: workers that keep data go on."""

import os
import time

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
