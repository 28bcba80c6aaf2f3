"""Real HTTP servers for tests: paths with behaviours, requests written down, trouble of every kind on request."""

from __future__ import annotations

import contextlib
import http.server
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from dragoman.read.web import Failed, Fetcher, Limits

PAGE = (
    "<!DOCTYPE html><html><head><title>Leaders held</title></head><body><article><h1>Leaders held</h1>"
    "<p>Police in Lagos arrested four union leaders on Friday, officials said.</p></article></body></html>"
)
Behaviour = Callable[["Handler"], None]


@dataclass
class Site:
    """What a server does at each path, and what it was asked for."""

    paths: dict[str, Behaviour] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    default: Behaviour | None = None
    port: int = 0

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        """Return the address of a path."""
        return f"http://{host}:{self.port}{path}"

    def count(self, path: str) -> int:
        """Return how often a path was asked for."""
        return sum(p == path for p, _ in self.asked)


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers as the site says."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet
    disable_nagle_algorithm = True
    site: Site

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Do what the path does, 404 when it is not there."""
        self.site.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
        behaviour = self.site.paths.get(self.path) or self.site.default
        try:
            if behaviour is None:
                self.give(b"", status=404)
            else:
                behaviour(self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def give(
        self, body: bytes, *, status: int = 200, kind: str = "text/html; charset=utf-8",
        headers: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        """Send a whole answer."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def cut(self) -> None:
        """Reset the connection."""
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients that leave early are part of the tests."""


@contextlib.contextmanager
def serving(paths: Mapping[str, Behaviour] | None = None, default: Behaviour | None = None) -> Iterator[Site]:
    """Give a site that a real server on this machine answers for."""
    site = Site(dict(paths or {}), default=default)
    server = _Server(("127.0.0.1", 0), type("Own", (Handler,), {"site": site}))
    site.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


def page(text: str = PAGE, **more: Any) -> Behaviour:
    """Return a behaviour that gives a page."""
    return lambda h: h.give(text.encode(), **more)


def gives(body: bytes, kind: str = "text/html; charset=utf-8", **more: Any) -> Behaviour:
    """Return a behaviour that gives bytes."""
    return lambda h: h.give(body, kind=kind, **more)


def status(number: int, **headers: str) -> Behaviour:
    """Return a behaviour that gives a status; header names are written with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda h: h.give(b"", status=number, headers=named)


def redirect(location: str, number: int = 302) -> Behaviour:
    """Return a behaviour that redirects."""
    return status(number, Location=location)


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """Return a behaviour that does one after the other; the last one stays."""
    left = list(behaviours)

    def turn(handler: Handler) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(handler)

    return turn


def slow(seconds: float, then: Behaviour) -> Behaviour:
    """Return a behaviour that waits first."""

    def wait(handler: Handler) -> None:
        time.sleep(seconds)
        then(handler)

    return wait


def dripping(handler: Handler) -> None:
    """Send a byte every now and then, without end: each wait is short, the whole is endless."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    handler.close_connection = True
    while True:
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.05)


def endless(handler: Handler) -> None:
    """Send bytes without end."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    handler.close_connection = True
    while True:
        handler.wfile.write(b"<p>more</p>" * 1000)


def cut_in_the_middle(handler: Handler) -> None:
    """Promise more than is sent, then reset the connection."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    handler.wfile.write(b"<p>begun")
    handler.cut()


def raw(data: bytes) -> Behaviour:
    """Return a behaviour that sends bytes as they are, in the place of an HTTP answer."""

    def send(handler: Handler) -> None:
        handler.wfile.write(data)
        handler.wfile.flush()
        handler.close_connection = True

    return send


QUICK = Limits(
    max_bytes=200_000,
    timeout_s=0.5,
    total_s=1.0,
    attempts=1,
    backoff_s=0.02,
    max_wait_s=2,
    delay_s=0,
    max_header_bytes=20_000,
)
PATIENT = Limits(timeout_s=2, total_s=4, attempts=3, backoff_s=0.02, max_wait_s=2, delay_s=0)


def fetcher(limits: Limits = QUICK, **more: object) -> Fetcher:
    """Return a fetcher that may reach this machine."""
    return Fetcher(limits, **{"allow_private": True, "robots": False, **more})  # type: ignore[arg-type]


def fail(site: Site, path: str = "/", *, limits: Limits = QUICK) -> Failed:
    """Return how fetching a path failed, within the time that it may take."""
    began = time.monotonic()
    with fetcher(limits) as f:
        found = f.fetch(site.url(path))
    assert isinstance(found, Failed), found
    assert time.monotonic() - began < 3
    return found
