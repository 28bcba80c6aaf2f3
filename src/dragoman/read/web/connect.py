"""Connections that go only to checked addresses and end in time.

A backend of the HTTP library: it resolves the host itself, checks every address and connects to one of those. Host header
and server name of TLS stay those of the URL. Each read waits no longer than the deadline of the thread's request.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterable
from typing import Any

import httpcore2

from dragoman.read.web.addresses import Resolver, resolve, system_resolver


class Deadline(threading.local):
    """When the request of this thread must be over, in seconds of the monotonic clock."""

    at: float = float("inf")

    def left(self, most: float | None) -> float:
        """Return the seconds that one wait may take.

        Raises:
            httpcore2.ReadTimeout: There are none left.
        """
        left = self.at - time.monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout("the time for the whole answer is over")
        return left if most is None else min(left, most)


class _BoundedStream(httpcore2.NetworkStream):
    def __init__(self, stream: httpcore2.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left(timeout))
        return _BoundedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class CheckedBackend(httpcore2.NetworkBackend):
    """Connects to addresses that were checked, and to nothing else.

    Args:
        resolver: What gives the addresses of a name.
        allow_private: Whether loopback and private addresses may be reached.
    """

    def __init__(self, *, resolver: Resolver = system_resolver, allow_private: bool = False) -> None:
        self.deadline = Deadline()
        self._plain = httpcore2.SyncBackend()
        self._resolver = resolver
        self._allow_private = allow_private

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:  # fmt: skip
        """Return a stream to one of the host's addresses, tried in order.

        Raises:
            ForbiddenAddress: One of the addresses may not be reached.
            Unresolved: The host has no address.
            httpcore2.ConnectError: None of the addresses answers.
        """
        addresses = resolve(host, port, resolver=self._resolver, allow_private=self._allow_private)
        for address in addresses[:-1]:
            try:
                return self._reach(address, port, timeout, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                continue
        return self._reach(addresses[-1], port, timeout, socket_options)

    def _reach(
        self, address: str, port: int, timeout: float | None, options: Iterable[Any] | None
    ) -> httpcore2.NetworkStream:
        stream = self._plain.connect_tcp(address, port, self.deadline.left(timeout), None, options)
        return _BoundedStream(stream, self.deadline)

    def sleep(self, seconds: float) -> None:
        """Wait between attempts of the library's own, which are not used."""
        time.sleep(seconds)
