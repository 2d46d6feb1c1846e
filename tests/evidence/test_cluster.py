"""On a Dask cluster: the same figures as at home, also when a worker is killed in mid-run."""

import os
import signal
import threading
import time

import pytest

import toy_experiments
from cnnbook.evidence.errors import OptionError
from cnnbook.evidence.runner import run

distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def cluster():
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as started:
        yield started


@pytest.mark.skipif(os.name == "nt", reason="signals as on POSIX")
def test_a_killed_worker_loses_nothing(book, cluster):
    log = book / "log"
    alone = run(toy_experiments.toy(seeds=6))
    killed = []

    def kill_the_first_to_measure():
        while not (log.exists() and len(log.read_text(encoding="utf-8").splitlines()) >= 3):
            time.sleep(0.02)
        pid = int(log.read_text(encoding="utf-8").split()[2])
        os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        killed.append(pid)

    killer = threading.Thread(target=kill_the_first_to_measure, daemon=True)
    killer.start()
    experiment = toy_experiments.toy(seeds=6, common={"log": str(log), "sleep": 0.3})
    shared = run(experiment, cluster=cluster.scheduler_address)
    killer.join(timeout=5)
    rows = [line.split() for line in log.read_text(encoding="utf-8").splitlines()]
    assert killed and len({pid for *_, pid in rows}) >= 2
    assert len(rows) > 18, "the killed worker's chunk was measured again"
    assert shared.figures == alone.figures


@pytest.mark.parametrize("address", ["nowhere", "tls://127.0.0.1:5"])
def test_a_cluster_that_is_not_there_is_said(book, address):
    with pytest.raises(OptionError, match=f"cluster must be the address of a Dask scheduler, got '{address}'"):
        run(toy_experiments.toy(seeds=2), cluster=address)
