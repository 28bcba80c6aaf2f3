"""Fetch one URL: politely, within limits, from checked addresses only.

In: a URL. Out: a ``Fetched`` answer, or ``Failed`` with a reason of ``Rejected``; nothing on the network raises. Redirects
are followed by hand, since each step is checked anew. No cookies are kept and no script is run.
"""

from __future__ import annotations

import email.utils
import random
import re
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import httpcore2

from dragoman.read.web.addresses import ForbiddenAddress, Resolver, Unresolved, system_resolver
from dragoman.read.web.body import ENCODINGS, BodyRefused, read_body
from dragoman.read.web.connect import CheckedBackend
from dragoman.read.web.credentials import Credentials
from dragoman.read.web.gates import Gates
from dragoman.read.web.links import BadUrl, Target, join_url, parse_url, shown_url
from dragoman.read.web.robots import MAX_BYTES as ROBOTS_BYTES
from dragoman.read.web.robots import Answer, RobotsCache, Rules
from dragoman.records import Rejected

USER_AGENT = "dragoman/0.1 (+https://github.com/dragoman-events/dragoman)"
MAX_RETRY_AFTER_S = 86_400.0
_REDIRECTS = {301, 302, 303, 307, 308}
# Answers after which the same request may succeed later. Source: RFC 9110, section 15, and RFC 6585 for 429.
_TRANSIENT = {408, 425, 429, 500, 502, 503, 504, 507, 509, 520, 521, 522, 523, 524}
_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one fetch may cost at most."""

    max_bytes: int = 10_000_000  # packed or unpacked
    max_feed_bytes: int = 50_000_000  # the same of feeds and sitemaps. Source: sitemaps.org protocol
    max_ratio: int = 100  # unpacked per packed byte, past the first megabyte
    max_header_bytes: int = 65_536
    timeout_s: float = 20.0  # one wait for the network
    total_s: float = 60.0  # the whole answer, redirects included
    redirects: int = 8
    attempts: int = 3  # in all, when the trouble may pass
    backoff_s: float = 1.0  # before the second attempt; doubled before each further one
    max_wait_s: float = (
        30.0  # the longest pause that a fetch makes in place; longer ones are told to the caller
    )
    delay_s: float = 1.0  # between two requests to one host


@dataclass(frozen=True, slots=True)
class Ask:
    """How one URL is asked for; ``etag`` and ``last_modified`` are those of an earlier answer."""

    etag: str | None = None
    last_modified: str | None = None
    max_bytes: int | None = None
    truncate: bool = False
    robots: bool = True
    attempts: int | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer; ``url`` is where it came from after all redirects, ``body`` is unpacked."""

    url: str
    requested_url: str
    status: int
    body: bytes
    media_type: str  # lower case, without parameters; empty when not given
    charset: str | None
    etag: str | None
    last_modified: str | None
    fetched_at: datetime
    not_modified: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """Why there is no answer; ``reason`` is a reason of ``Rejected``."""

    url: str
    reason: str
    detail: str
    is_transient: bool = False
    retry_after_s: float | None = None
    status: int | None = None

    def to_rejected(self, item_id: str | None = None) -> Rejected:
        """Return the rejection of the item that was to be fetched."""
        name = shown_url(item_id or self.url)
        return Rejected(name, "read", self.reason, f"{name}: {self.detail}")


class _Stop(Exception):
    def __init__(self, failed: Failed) -> None:
        super().__init__(failed.detail)
        self.failed = failed


@dataclass(frozen=True, slots=True)
class _Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


class Fetcher:
    """Fetches URLs; may be used from several threads; close it, or use it as a context manager.

    Args:
        limits: What one fetch may cost.
        allow_private: Whether loopback and private addresses may be reached.
        user_agent: How the program names itself.
        robots: Whether robots.txt is asked for and obeyed.
        credentials: What some hosts want.
        resolver: What gives the addresses of a name.
        robots_kept_s: How long a robots.txt holds.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        allow_private: bool = False,
        user_agent: str = USER_AGENT,
        robots: bool = True,
        credentials: Credentials | None = None,
        resolver: Resolver = system_resolver,
        robots_kept_s: float | None = None,
        connections: int = 64,
    ) -> None:
        self.limits = limits or Limits()
        self._user_agent = user_agent
        self._obeys_robots = robots
        self._credentials = credentials or Credentials()
        self._allow_private = allow_private
        self._backend = CheckedBackend(resolver=resolver, allow_private=allow_private)
        self._pool = httpcore2.ConnectionPool(
            ssl_context=httpcore2.default_ssl_context(), network_backend=self._backend, max_connections=None,
            max_keepalive_connections=connections, keepalive_expiry=15.0,
        )  # fmt: skip
        self._robots = RobotsCache() if robots_kept_s is None else RobotsCache(kept_s=robots_kept_s)
        self.gates = Gates()
        self._stopping = threading.Event()

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._stopping.set()
        self._pool.close()

    def stop(self) -> None:
        """End all pauses at once; fetches under way end with their next step, new ones at once."""
        self._stopping.set()

    def fetch(self, url: str, ask: Ask | None = None) -> Fetched | Failed:
        """Return what a URL gives, or why nothing; trouble that may pass is met by a few more attempts."""
        wanted = ask or Ask()
        attempts = wanted.attempts or self.limits.attempts
        for attempt in range(attempts):
            try:
                return self._fetch_once(url, wanted)
            except _Stop as stop:
                failed = replace(stop.failed, url=url)
            if not failed.is_transient or attempt + 1 == attempts:
                return failed
            # Spread out, so that the readers of a host that comes back do not all come at once.
            wait = self.limits.backoff_s * 2**attempt * random.uniform(0.5, 1.5)
            wait = max(wait, failed.retry_after_s or 0.0)
            if wait > self.limits.max_wait_s:
                return failed
            try:
                self._pause(url, wait)
            except _Stop as stop:
                return stop.failed
        raise AssertionError("there is at least one attempt")

    def find_sitemaps(self, url: str) -> list[str]:
        """Return the sitemaps that the robots.txt of a URL's host names."""
        try:
            return self._rules(parse_url(url)).sitemaps
        except BadUrl:
            return []

    def _pause(self, url: str, seconds: float) -> None:
        if seconds > 0 and self._stopping.wait(seconds):
            raise _Stop(Failed(url, "failed", "the run was stopped", is_transient=True))

    def _fetch_once(self, url: str, ask: Ask) -> Fetched:
        """Return the answer at the end of all redirects.

        Raises:
            _Stop: There is none.
        """
        target = _parse(url, url)
        first, seen = target, {target.url}
        self._backend.deadline.at = time.monotonic() + self.limits.total_s
        for _ in range(self.limits.redirects + 1):
            delay = self._check_robots(url, target) if ask.robots and self._obeys_robots else 0.0
            self._queue(url, target, max(delay, self.limits.delay_s))
            reply = self._exchange(url, target, ask, with_credentials=target.origin == first.origin)
            if reply.status not in _REDIRECTS or "location" not in reply.headers:
                return self._judge(url, target, reply, ask)
            target = _parse(join_url(target.url, reply.headers["location"]), url)
            if target.url in seen:
                raise _Stop(Failed(url, "redirects", f"the redirects go round in a circle at {target.url}"))
            seen.add(target.url)
        raise _Stop(Failed(url, "redirects", f"there are more than {self.limits.redirects} redirects"))

    def _queue(self, url: str, target: Target, delay_s: float) -> None:
        """Wait until the host may be asked; the wait is not taken from the time for the answer."""
        waiting = self.gates.wait_s(target.origin)
        # A pause of our own manners is sat out; a longer one is what the host asked for with Retry-After.
        if waiting > max(self.limits.max_wait_s, delay_s):
            detail = f"the host asked for a pause of {waiting:.0f} more seconds"
            raise _Stop(Failed(url, "http_status", detail, is_transient=True, retry_after_s=waiting))
        wait = self.gates.book(target.origin, delay_s)
        self._pause(url, wait)
        if self._stopping.is_set():
            raise _Stop(Failed(url, "failed", "the run was stopped", is_transient=True))
        self._backend.deadline.at += wait

    def _check_robots(self, url: str, target: Target) -> float:
        """Return the pause that the host wants between requests.

        Raises:
            _Stop: The host does not want this URL to be fetched by robots.
        """
        before = time.monotonic()
        rules = self._rules(target)
        self._backend.deadline.at += time.monotonic() - before
        if rules.unreachable is not None:
            detail = f"robots.txt of {target.host} cannot be read ({rules.unreachable}), so nothing is fetched there"
            after = max(0.0, rules.expires_at - time.monotonic())
            raise _Stop(Failed(url, "robots_unreachable", detail, is_transient=True, retry_after_s=after))
        if not rules.allows(target.url):
            raise _Stop(Failed(url, "robots", f"robots.txt of {target.host} does not allow {target.url}"))
        return rules.crawl_delay_s

    def _rules(self, target: Target) -> Rules:
        return self._robots.get(target.origin, lambda: self._ask_robots(target))

    def _ask_robots(self, target: Target) -> Answer:
        deadline = self._backend.deadline.at
        ask = Ask(max_bytes=ROBOTS_BYTES, truncate=True, robots=False)
        found = self.fetch(f"{target.origin}/robots.txt", ask)
        self._backend.deadline.at = deadline
        if isinstance(found, Fetched):
            return Answer(found.body.decode("utf-8", "replace").removeprefix("\ufeff"))
        if found.reason in ("forbidden_address", "unresolved", "failed"):
            # Nothing was learnt of the host, so nothing is kept.
            raise _Stop(found)
        if found.status is not None and 400 <= found.status < 500 and found.status != 429:
            return Answer()
        return Answer(unreachable=found.detail)

    def _exchange(self, url: str, target: Target, ask: Ask, *, with_credentials: bool) -> _Reply:
        """Return one answer.

        Raises:
            _Stop: There is none.
        """
        timeout = dict.fromkeys(("connect", "read", "write", "pool"), self.limits.timeout_s)
        try:
            with self._pool.stream(
                "GET", target.url, headers=self._headers(target, ask, with_credentials=with_credentials),
                extensions={"timeout": timeout},
            ) as response:  # fmt: skip
                headers = self._read_headers(url, response)
                return _Reply(response.status, headers, self._read(response, headers, ask))
        except BodyRefused as refused:
            raise _Stop(Failed(url, refused.reason, refused.detail)) from refused
        except ForbiddenAddress as error:
            raise _Stop(Failed(url, "forbidden_address", str(error))) from error
        except Unresolved as error:
            raise _Stop(Failed(url, "unresolved", str(error), is_transient=True)) from error
        except (
            httpcore2.NetworkError,
            httpcore2.TimeoutException,
            httpcore2.ProtocolError,
            ssl.SSLError,
            OSError,
        ) as error:
            raise _Stop(_told(url, target, error)) from error

    def _headers(self, target: Target, ask: Ask, *, with_credentials: bool) -> list[tuple[str, str]]:
        host = target.origin.split("://")[1]
        default = f":{443 if target.scheme == 'https' else 80}"
        headers = [
            ("Host", host.removesuffix(default)), ("User-Agent", self._user_agent), ("Accept", "*/*;q=0.5, text/html, application/xhtml+xml"),
            ("Accept-Encoding", ", ".join(ENCODINGS)), ("Accept-Language", "en, *;q=0.5"),
        ]  # fmt: skip
        headers += [("If-None-Match", ask.etag)] if ask.etag else []
        headers += [("If-Modified-Since", ask.last_modified)] if ask.last_modified else []
        secret = self._credentials.find(target.origin) if with_credentials else None
        if secret is not None and (target.scheme == "https" or self._allow_private):
            headers.append(("Authorization", secret))
        return headers

    def _read_headers(self, url: str, response: httpcore2.Response) -> dict[str, str]:
        size = sum(len(name) + len(value) + 4 for name, value in response.headers)
        if size > self.limits.max_header_bytes:
            detail = (
                f"the answer's headers have {size} bytes; at most {self.limits.max_header_bytes} are taken"
            )
            raise _Stop(Failed(url, "headers_too_large", detail))
        return {n.decode("latin-1").lower(): v.decode("latin-1") for n, v in reversed(response.headers)}

    def _read(self, response: httpcore2.Response, headers: Mapping[str, str], ask: Ask) -> bytes:
        """Return the body of an answer that counts; of others nothing is read, and their connection is given up.

        Raises:
            BodyRefused: It is too large, or cannot be unpacked.
        """
        if response.status in _REDIRECTS or response.status == 304 or not 200 <= response.status < 300:
            return b""
        most = ask.max_bytes or self.limits.max_bytes
        length = headers.get("content-length", "")
        if length.isdigit() and int(length) > most and not ask.truncate:
            raise BodyRefused("too_large", f"the answer has {length} bytes; at most {most} are taken")
        return read_body(
            response.iter_stream(), headers.get("content-encoding", ""), max_bytes=most, max_ratio=self.limits.max_ratio,
            truncate=ask.truncate,
        )  # fmt: skip

    def _judge(self, url: str, target: Target, reply: _Reply, ask: Ask) -> Fetched:
        """Return a good answer.

        Raises:
            _Stop: The server says that there is none.
        """
        headers, is_known = reply.headers, reply.status == 304 and bool(ask.etag or ask.last_modified)
        if reply.status in (200, 203) or is_known:
            kind = headers.get("content-type", "")
            charset = _CHARSET.search(kind)
            return Fetched(
                target.url, url, reply.status, reply.body, kind.partition(";")[0].strip().lower(),
                charset.group(1).lower() if charset else None, headers.get("etag"), headers.get("last-modified"),
                datetime.now(UTC), is_known,
            )  # fmt: skip
        after = retry_after_s(headers.get("retry-after"), now=datetime.now(UTC))
        is_transient = reply.status in _TRANSIENT
        if after is not None and reply.status in (429, 503):
            self.gates.hold(target.origin, after)
        detail = f"the server answered with status {reply.status}"
        if after is not None and is_transient:
            detail += f" and wants a pause of {after:.0f} seconds"
        raise _Stop(
            Failed(url, "http_status", detail, is_transient, after if is_transient else None, reply.status)
        )


def retry_after_s(words: str | None, *, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for, at most a day; None when it says nothing.

    Source: RFC 9110, section 10.2.3: seconds, or a date.
    """
    if words is None:
        return None
    if words.strip().isdigit():
        return min(float(words.strip()[:9]), MAX_RETRY_AFTER_S)
    try:
        at = email.utils.parsedate_to_datetime(words)
    except (ValueError, TypeError):
        return None
    seconds = (at if at.tzinfo else at.replace(tzinfo=UTC)) - now
    return min(max(seconds.total_seconds(), 0.0), MAX_RETRY_AFTER_S)


def _parse(link: str, url: str) -> Target:
    try:
        return parse_url(link)
    except BadUrl as error:
        detail = error.detail if link == url else f"it redirects to what is not fetched: {error.detail}"
        raise _Stop(Failed(url, error.reason, detail)) from error


def _told(url: str, target: Target, error: Exception) -> Failed:
    """Return a failure of the network in words."""
    words, cause = str(error), error.__cause__ or error.__context__ or error
    is_tls = isinstance(error, ssl.SSLError) or isinstance(cause, ssl.SSLError)
    if is_tls and "timed out" not in words:
        why = getattr(cause, "verify_message", "") or getattr(cause, "reason", "") or words
        return Failed(url, "tls", f"no secure connection to {target.host}: {why}")
    if isinstance(error, httpcore2.TimeoutException):
        return Failed(
            url, "timeout", f"{target.host} took too long ({words or 'no answer in time'})", is_transient=True
        )
    if isinstance(error, httpcore2.RemoteProtocolError):
        return _told_protocol(url, target, words)
    if isinstance(error, httpcore2.ProtocolError):
        return Failed(url, "bad_url", f"the request cannot be sent: {words}")
    if isinstance(error, httpcore2.ReadError | httpcore2.WriteError):
        return Failed(url, "cut_off", f"{target.host} cut the connection ({words})", is_transient=True)
    return Failed(url, "unreachable", f"{target.host} cannot be reached ({words})", is_transient=True)


def _told_protocol(url: str, target: Target, words: str) -> Failed:
    if "too long" in words.lower() or "buffer" in words.lower():
        return Failed(url, "headers_too_large", f"the headers of {target.host} do not end")
    if "disconnected" in words or "peer closed" in words or "incomplete" in words:
        return Failed(url, "cut_off", f"{target.host} cut the connection ({words})", is_transient=True)
    return Failed(url, "broken_answer", f"{target.host} does not speak HTTP ({words})")
