"""Fetch many URLs at once, one per host at a time, in threads that a stop does not wait for."""

from __future__ import annotations

import collections
import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

_Job = TypeVar("_Job")
_Found = TypeVar("_Found")
_LOOK_S = 0.05  # how often it is looked whether a host is free again or a stop was asked for


class HostWorkers(Generic[_Job, _Found]):
    """Threads that work on jobs; two jobs of one host never run together, and none before its host is free.

    Args:
        work: What a thread does with a job; it must not raise.
        host_of: The host of a job.
        wait_s: Seconds until a host may be asked again.
        threads: How many jobs run at once.
    """

    def __init__(
        self, work: Callable[[_Job], _Found], *, host_of: Callable[[_Job], str], wait_s: Callable[[str], float], threads: int
    ) -> None:  # fmt: skip
        self._work = work
        self._host_of = host_of
        self._wait_s = wait_s
        self._jobs: queue.SimpleQueue[tuple[str, _Job] | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[tuple[str, _Job, _Found]] = queue.SimpleQueue()
        self._threads = threads
        for _ in range(threads):
            threading.Thread(target=self._run, daemon=True).start()

    def close(self) -> None:
        """Let the threads end after what they are at."""
        for _ in range(self._threads):
            self._jobs.put(None)

    def _run(self) -> None:
        while (got := self._jobs.get()) is not None:
            host, job = got
            self._done.put((host, job, self._work(job)))

    def iter_done(
        self, jobs: Iterable[_Job], *, is_over: Callable[[], bool]
    ) -> Iterator[tuple[_Job, _Found] | None]:
        """Yield jobs with what came of them as they end, and None now and then while nothing does.

        Args:
            jobs: What is to be done.
            is_over: Whether no further job is to be begun; those under way are waited for unless the caller leaves.
        """
        hosts: dict[str, collections.deque[_Job]] = {}
        for job in jobs:
            hosts.setdefault(self._host_of(job), collections.deque()).append(job)
        busy: set[str] = set()
        while busy or (hosts and not is_over()):
            if not is_over():
                self._begin(hosts, busy)
            try:
                host, job, found = self._done.get(timeout=_LOOK_S)
            except queue.Empty:
                yield None
                continue
            busy.discard(host)
            yield job, found

    def _begin(self, hosts: dict[str, collections.deque[_Job]], busy: set[str]) -> None:
        for host in list(hosts):
            if len(busy) >= self._threads:
                return
            if host in busy or self._wait_s(host) > 0:
                continue
            job = hosts[host].popleft()
            if not hosts[host]:
                del hosts[host]
            else:
                hosts[host] = hosts.pop(host)  # to the end of the line, so that every host has its turn
            busy.add(host)
            self._jobs.put((host, job))
