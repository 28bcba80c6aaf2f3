"""Threads that fetch: never two of one host at once, every host in its turn, nothing begun after a stop."""

from __future__ import annotations

import threading
import time

from dragoman.run.workers import HostWorkers


def test_one_job_per_host_and_all_are_done() -> None:
    """Jobs of different hosts run together, those of one host after each other."""
    lock, running, most, together = threading.Lock(), set[str](), [0], [False]

    def work(job: str) -> str:
        with lock:
            together[0] |= job[0] in running
            running.add(job[0])
            most[0] = max(most[0], len(running))
        time.sleep(0.02)
        with lock:
            running.discard(job[0])
        return job.upper()

    workers = HostWorkers(work, host_of=lambda j: j[0], wait_s=lambda _: 0.0, threads=4)
    jobs = [f"{host}{n}" for host in "abc" for n in range(5)]
    done = dict(got for got in workers.iter_done(jobs, is_over=lambda: False) if got is not None)
    workers.close()
    assert done == {job: job.upper() for job in jobs}
    assert not together[0]
    assert most[0] == 3


def test_a_host_that_wants_a_pause_holds_up_no_other() -> None:
    """Jobs of a host that is not free yet wait without a thread."""
    free_at = time.monotonic() + 0.3
    workers: HostWorkers[str, float] = HostWorkers(
        lambda j: time.monotonic(),
        host_of=lambda j: j[0],
        wait_s=lambda h: free_at - time.monotonic() if h == "a" else 0.0,
        threads=1,
    )
    done = dict(
        got for got in workers.iter_done(["a1", "b1", "c1"], is_over=lambda: False) if got is not None
    )
    workers.close()
    assert done["b1"] < free_at
    assert done["a1"] >= free_at


def test_nothing_is_begun_after_the_end() -> None:
    """When it is over, what is under way is still given and the rest left."""
    over = threading.Event()

    def work(job: int) -> int:
        over.set()
        time.sleep(0.05)
        return job

    workers = HostWorkers(work, host_of=str, wait_s=lambda _: 0.0, threads=1)
    done = [got for got in workers.iter_done(range(10), is_over=over.is_set) if got is not None]
    workers.close()
    assert done == [(0, 0)]
