"""Tell what a URL is, write it cleanly, and tell when two URLs name one article. No network.

``parse_url`` checks a URL before anything is fetched; ``clean_url`` gives the address that is fetched and shown;
``url_key`` gives the identity, which may be no address at all and is never fetched.
"""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass
from importlib import resources
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

MAX_URL_CHARS = 4096  # servers and browsers agree on far less; longer ones are traps or data
PORTS = {"http": 80, "https": 443}
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]{1,20}):(?://|(?=[a-z]))", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x20\x7f\\]")
# Source: RFC 3986, sections 3.3 and 3.4: what may stand in a path and in a query as it is.
_PATH_SAFE = "%/:@!$&'()*+,;=-._~"
_QUERY_SAFE = _PATH_SAFE + "?[]|"
_DEFAULT_PAGES = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$", re.IGNORECASE)


class BadUrl(ValueError):
    """A URL that is not fetched; ``reason`` is a reason of ``Rejected``."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Target:
    """A checked http or https URL; ``host`` is lower case, in ASCII, without brackets."""

    url: str
    scheme: str
    host: str
    port: int

    @property
    def origin(self) -> str:
        """Return scheme, host and port, which is what permissions belong to."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


def is_url(name: str) -> bool:
    """Return whether an input is meant as a URL, of whatever scheme.

    Example:
        >>> is_url("https://keld.example/feed"), is_url("pages/a.html"), is_url("-")
        (True, False, False)
    """
    found = _SCHEME.match(name)
    return found is not None and (
        "://" in name[:24] or found.group(1).lower() in ("javascript", "data", "mailto")
    )


def parse_url(url: str) -> Target:
    """Return a URL, checked and in the form in which it is sent.

    Raises:
        BadUrl: It is none, is neither http nor https, or carries a user name.
    """
    words = url.strip()
    shown = words[:200]
    if len(words) > MAX_URL_CHARS:
        raise BadUrl("bad_url", f'"{shown}…" has {len(words)} characters; at most {MAX_URL_CHARS} are taken')
    try:
        parts = urlsplit(words)
        port = parts.port
    except ValueError as error:
        raise BadUrl("bad_url", f'"{shown}" is not a URL: {error}') from error
    scheme = parts.scheme.lower()
    if scheme not in PORTS:
        raise BadUrl("scheme", f'"{shown}" is not fetched: only http and https are')
    if _CONTROL.search(words):
        raise BadUrl("bad_url", f"{shown!r} holds a blank, a backslash or a control character")
    if "@" in parts.netloc:
        raise BadUrl(
            "credentials_in_url",
            f'the URL of "{parts.hostname}" carries a user name; keep it in a file of credentials instead',
        )
    host = _host(parts.hostname or "", shown)
    if port == 0:
        raise BadUrl("bad_url", f'"{shown}" names port 0')
    netloc = f"[{host}]" if ":" in host else host
    if port not in (None, PORTS[scheme]):
        netloc += f":{port}"
    path, query = quote(parts.path or "/", safe=_PATH_SAFE), quote(parts.query, safe=_QUERY_SAFE)
    return Target(urlunsplit((scheme, netloc, path, query, "")), scheme, host, port or PORTS[scheme])


def _host(host: str, shown: str) -> str:
    """Return a host name in ASCII.

    Raises:
        BadUrl: There is none, or it is not a host name.
    """
    if ":" in host:
        return host.lower()
    try:
        # Names in other letters, full-width digits and ideographic stops become what the resolver would make of them.
        name = (
            host.lower().rstrip(".").encode("idna").decode("ascii")
            if not host.isascii()
            else host.lower().rstrip(".")
        )
    except UnicodeError as error:
        raise BadUrl("bad_url", f'"{shown}" has no valid host name: {error}') from error
    if not name or len(name) > 253 or not re.fullmatch(r"[a-z0-9_.-]+", name) or ".." in name:
        raise BadUrl("bad_url", f'"{shown}" has no valid host name')
    return name


def shown_url(url: str) -> str:
    """Return a URL as it may be told and stored: without user name and password, and not endless.

    Example:
        >>> shown_url("http://reader:secret@keld.example/a")
        'http://…@keld.example/a'
    """
    hidden = re.sub(r"^([^/?#]*//)[^/?#]*@", r"\1…@", url.strip())
    return hidden if len(hidden) <= 500 else hidden[:500] + "…"


def join_url(base: str, link: str) -> str:
    """Return the URL that a link on a page or in an answer leads to, a relative one taken from ``base``.

    What cannot be joined comes back as it is, to be refused when it is fetched.
    """
    try:
        return urljoin(base, link.strip())
    except ValueError:
        return link.strip()


def clean_url(url: str) -> str:
    """Return a URL without fragment and tracking parameters, its host in lower case; what is no URL comes back as it is.

    Example:
        >>> clean_url("HTTPS://Keld.Example:443/a/?id=3&utm_source=rss#top")
        'https://keld.example/a/?id=3'
    """
    try:
        target = parse_url(url)
    except BadUrl:
        return url
    parts = urlsplit(target.url)
    pairs = parts.query.split("&") if parts.query else []
    kept = [pair for pair in pairs if not _is_tracking(pair.partition("=")[0])]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "&".join(kept), ""))


def url_key(url: str) -> str:
    """Return what is the same for all URLs of one article: AMP and print versions, "www", scheme and slashes aside.

    Example:
        >>> url_key("http://www.keld.example/a/amp/?utm_medium=x") == url_key("https://keld.example/a")
        True
    """
    try:
        parts = urlsplit(clean_url(parse_url(url).url))
    except BadUrl:
        return url
    tables = _tables()
    host = re.sub(r"^(?:www\d?|m|mobile|amp)\.", "", parts.netloc)
    path = _DEFAULT_PAGES.sub("/", parts.path)
    for pattern in tables.path_marks:
        path = pattern.sub(r"\1", path)
    path = re.sub(r"//+", "/", path).rstrip("/")
    pairs = [
        (k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True)
        if k.lower() not in tables.view_parameters and f"{k}={v}".lower() not in tables.view_pairs
    ]  # fmt: skip
    return f"{host}{path}" + (f"?{urlencode(sorted(pairs))}" if pairs else "")


def _is_tracking(name: str) -> bool:
    tables, lower = _tables(), name.lower()
    return lower in tables.parameters or lower.startswith(tables.prefixes)


@dataclass(frozen=True, slots=True)
class _Tables:
    parameters: frozenset[str]
    prefixes: tuple[str, ...]
    view_parameters: frozenset[str]
    view_pairs: frozenset[str]
    path_marks: tuple[re.Pattern[str], ...]


@functools.cache
def _tables() -> _Tables:
    table = tomllib.loads(resources.files("dragoman.read.web").joinpath("tracking.toml").read_text("utf-8"))
    return _Tables(
        frozenset(table["parameters"]), tuple(table["prefixes"]), frozenset(table["view_parameters"]),
        frozenset(table["view_pairs"]), tuple(re.compile(p, re.IGNORECASE) for p in table["path_marks"]),
    )  # fmt: skip
