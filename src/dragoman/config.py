"""Every setting, with its default, help and range, and where its value came from.

Order: default < ``dragoman.toml`` in the working folder < ``DRAGOMAN_*`` in the environment < command flag. An unknown
key is an error that names the nearest known one. Core functions take plain values, never ``Settings``. Two files of the
user's own are read where they are there and no setting names another: taught types and actors.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from dragoman.errors import InvalidSetting, UnknownSetting

FILE = Path("dragoman.toml")
# The user's own actors where no setting names a file: beside the settings, read when it is there.
OWN_ACTORS = "dragoman.actors.csv"
PREFIX = "DRAGOMAN_"
# Read where it is needed and never part of the settings, which are printed and stored with each run.
SECRETS = frozenset({"DRAGOMAN_SERVE_TOKEN"})


def _setting(default: Any, help_text: str, *, low: float | None = None, high: float | None = None) -> Any:
    return field(default=default, metadata={"help": help_text, "low": low, "high": high})


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """How inputs are read."""

    max_bytes: int = _setting(10_000_000, "bytes above which an article is rejected", low=1000)
    allow_private: bool = _setting(
        False, "whether URLs may lead to this machine and to private networks; metadata addresses never may"
    )
    user_agent: str = _setting("", "how fetching names itself; empty for Dragoman's own name")
    robots: bool = _setting(True, "whether robots.txt is obeyed")
    credentials: str = _setting("", "TOML file of names and passwords for feeds, closed to others")
    delay_s: float = _setting(1.0, "seconds between two requests to one host", low=0, high=3600)
    timeout_s: float = _setting(20.0, "seconds that one wait for the network may take", low=0.1, high=600)
    total_s: float = _setting(60.0, "seconds that one answer may take in all", low=0.1, high=3600)
    redirects: int = _setting(8, "redirects that are followed", low=0, high=50)
    attempts: int = _setting(3, "attempts at a URL when the trouble may pass", low=1, high=20)
    max_ratio: int = _setting(
        100, "bytes that a packed byte may become, past the first megabyte", low=2, high=10_000
    )
    connections: int = _setting(16, "fetches at once, of which one per host", low=1, high=256)
    feed_minutes: float = _setting(
        15.0, "minutes between two looks at a feed that does not give its own", low=0, high=10_080
    )
    retry_minutes: float = _setting(
        5.0,
        "minutes before an article that could not be fetched is tried again; doubled each time",
        low=0,
        high=1440,
    )
    max_unpacked_bytes: int = _setting(
        100_000_000_000, "bytes that one packed file or archive may become", low=1000
    )
    max_members: int = _setting(100_000, "files that one archive may hold", low=1, high=10_000_000)


@dataclass(frozen=True, slots=True)
class CleanSettings:
    """How articles are cleaned."""

    infer_date: bool = _setting(True, "whether a missing publication date is worked out from the text")
    teasers: bool = _setting(False, "whether teasers for other stories are coded too")


@dataclass(frozen=True, slots=True)
class ParseSettings:
    """How the encoder runs."""

    model: str = _setting("", "folder of another encoder; empty for the packaged one")
    batch_size: int = _setting(8, "sentences of one length per run of the encoder, at most", low=1, high=512)
    taught: str = _setting(
        "dragoman.types.json", "file of event types that dragoman teach wrote, used where it is there"
    )
    device: str = _setting(
        "auto", "where the encoder runs: cpu, cuda (needs the extra gpu), or auto for cuda where it is there"
    )
    threads: int = _setting(2, "sentences that are read at once when there is one worker", low=1, high=256)


@dataclass(frozen=True, slots=True)
class ResolveSettings:
    """How actors and places are resolved."""

    registry: str = _setting(
        "",
        "CSV files of your own actors, separated by semicolons; they win over the packaged ones; "
        f"when not set, {OWN_ACTORS} where it is there",
    )
    gazetteer: str = _setting(
        "", "folder of another table of places, made by dragoman gazetteer build; empty for the packaged one"
    )


@dataclass(frozen=True, slots=True)
class RunSettings:
    """How many articles go at once, and on how many processes."""

    workers: int = _setting(1, "processes that code", low=1, high=256)
    batch_articles: int = _setting(
        128,
        "articles per batch, and per transaction of the store, at most; 64,000 characters of text end one sooner, and watch takes 16",
        low=1,
        high=10_000,
    )
    part_articles: int = _setting(
        256, "articles per part that is sent to a worker of a cluster", low=1, high=100_000
    )


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """Where events are kept."""

    db: str = _setting("dragoman.duckdb", "the store's file")
    min_confidence: float = _setting(
        0.0, "type confidence below which events are not shown", low=0.0, high=1.0
    )


@dataclass(frozen=True, slots=True)
class ServeSettings:
    """How the store is served to programs and people."""

    host: str = _setting(
        "127.0.0.1", "address that the server listens on; any but this machine's own asks for a token"
    )
    port: int = _setting(8765, "port that the server listens on; 0 for any free one", low=0, high=65_535)
    per_second: float = _setting(40.0, "requests per second that one client may make in the long run", low=0.1, high=10_000)  # fmt: skip
    burst: int = _setting(200, "requests that one client may make at once", low=1, high=100_000)
    wait_s: float = _setting(2.0, "seconds to wait for a store that another process writes", low=0, high=60)
    idle_s: float = _setting(1.0, "seconds without a request after which the store is let go of, so that others may write", low=0, high=3600)  # fmt: skip
    users: str = _setting("", "file of who may sign in, closed to others; empty for .users.json after the store's name")  # fmt: skip
    session_idle_h: float = _setting(2.0, "hours without a request after which a signed-in person must sign in again", low=0.01, high=720)  # fmt: skip
    session_h: float = _setting(12.0, "hours after which a signed-in person must sign in again in any case", low=0.01, high=720)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, one group per stage."""

    read: ReadSettings = field(default_factory=ReadSettings)
    clean: CleanSettings = field(default_factory=CleanSettings)
    parse: ParseSettings = field(default_factory=ParseSettings)
    resolve: ResolveSettings = field(default_factory=ResolveSettings)
    run: RunSettings = field(default_factory=RunSettings)
    store: StoreSettings = field(default_factory=StoreSettings)
    serve: ServeSettings = field(default_factory=ServeSettings)


@dataclass(frozen=True, slots=True)
class Value:
    """One setting as it stands: "parse.threads", its value, where it came from, its help."""

    name: str
    value: Any
    origin: str
    help: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """The settings and the origin of each that is not the default."""

    settings: Settings
    origins: Mapping[str, str]

    def values(self) -> Iterator[Value]:
        """Yield every setting in order."""
        for group, name, about in _known():
            full = f"{group}.{name}"
            value = getattr(getattr(self.settings, group), name)
            yield Value(full, value, self.origins.get(full, "default"), about["help"])

    def changed(self) -> dict[str, Any]:
        """Return the settings that are not the default."""
        return {v.name: v.value for v in self.values() if v.origin != "default"}


def _known() -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    defaults = Settings()
    for group in fields(Settings):
        for one in fields(getattr(defaults, group.name)):
            yield group.name, one.name, one.metadata


def environment_name(setting: str) -> str:
    """Return the environment variable of a setting.

    Example:
        >>> environment_name("parse.threads")
        'DRAGOMAN_PARSE_THREADS'
    """
    return PREFIX + setting.replace(".", "_").upper()


def load_settings(
    *, file: Path = FILE, environment: Mapping[str, str] | None = None, flags: Mapping[str, Any] | None = None
) -> Loaded:
    """Return the settings from file, environment and flags.

    Args:
        file: A TOML file with a table per group; it need not exist.
        environment: Variables; None for the process's own.
        flags: Setting names to values given on the command line; None values are passed over.

    Raises:
        UnknownSetting: A key is not a setting.
        InvalidSetting: A value is of the wrong kind or out of range, or the file is not TOML.
    """
    settings, origins = Settings(), {}
    for name, value, origin in _given(file, os.environ if environment is None else environment, flags or {}):
        group, key = name.split(".")
        own = getattr(settings, group)
        checked = _check(name, value, type(getattr(own, key)), origin)
        settings = replace(settings, **{group: replace(own, **{key: checked})})
        origins[name] = origin
    if "resolve.registry" not in origins and (own := file.parent / OWN_ACTORS).is_file():
        settings = replace(settings, resolve=replace(settings.resolve, registry=str(own)))
        origins["resolve.registry"] = "found here"
    return Loaded(settings, origins)


def _given(
    file: Path, environment: Mapping[str, str], flags: Mapping[str, Any]
) -> Iterator[tuple[str, Any, str]]:
    names = [f"{group}.{name}" for group, name, _ in _known()]
    for name, value in _from_file(file):
        yield _check_name(name, names, str(file)), value, str(file)
    by_variable = {environment_name(n): n for n in names}
    for variable, value in sorted(environment.items()):
        if variable.startswith(PREFIX) and variable not in SECRETS:
            yield by_variable[_check_name(variable, list(by_variable), "the environment")], value, variable
    for name, value in flags.items():
        if value is not None:
            yield _check_name(name, names, "a flag"), value, f"--{name.split('.')[1].replace('_', '-')}"


def _from_file(file: Path) -> Iterator[tuple[str, Any]]:
    if not file.is_file():
        return
    try:
        table = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise InvalidSetting(f'the settings file "{file}" cannot be read: {error}.') from error
    for group, rows in table.items():
        if not isinstance(rows, dict):
            yield group, rows
            continue
        for name, value in rows.items():
            yield f"{group}.{name}", value


def _check_name(name: str, known: list[str], where: str) -> str:
    if name in known:
        return name
    # The prefix that all variables share is no likeness.
    short = {k.removeprefix(PREFIX): k for k in known}
    near = difflib.get_close_matches(name.removeprefix(PREFIX), short, n=1)
    hint = f' Did you mean "{short[near[0]]}"?' if near else ""
    raise UnknownSetting(f'"{name}" (in {where}) is not a setting.{hint} List them: dragoman settings')


def _check(name: str, value: Any, kind: type, origin: str) -> Any:
    about = next(m for g, n, m in _known() if f"{g}.{n}" == name)
    low, high = about["low"], about["high"]
    try:
        checked = _convert(value, kind)
    except (TypeError, ValueError):
        words = {int: "a whole number", float: "a number", bool: "true or false", str: "text"}[kind]
        raise InvalidSetting(f'setting "{name}" must be {words}; got "{value}" (from {origin}).') from None
    # "nan" is neither below nor above anything, so what holds is asked for, not what fails.
    if kind in (int, float) and not ((low is None or checked >= low) and (high is None or checked <= high)):
        span = f"from {low:g} to {high:g}" if low is not None and high is not None else f"at least {low:g}"
        raise InvalidSetting(f'setting "{name}" must be {span}; got "{value}" (from {origin}).')
    return checked


def _convert(value: Any, kind: type) -> Any:
    if kind is bool:
        words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
        return value if isinstance(value, bool) else _known_or_fail(words, str(value).lower())
    if isinstance(value, bool) or (kind is str and not isinstance(value, str)):
        raise ValueError
    if kind is int and isinstance(value, float) and not value.is_integer():
        raise ValueError
    return kind(value)


def _known_or_fail(words: Mapping[str, bool], value: str) -> bool:
    if value not in words:
        raise ValueError
    return words[value]
