"""The input of a run as units that a cluster codes apart: files that a worker reads itself, or articles that travel to it.

A worker reads a file itself when it can reach it: an object in a storage that fsspec knows (``s3://…``, ``gs://…``), or one of many
files, which then have to stand on a disk that all workers share. Everything else is read here and sent in parts: the rows of one large
file, standard input, feeds.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import pickle
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from dragoman.errors import InputError
from dragoman.extras import load_extra
from dragoman.read import Limits, Meter, Reading, iter_articles
from dragoman.records import RawArticle, Rejected

Item = RawArticle | Rejected
_STORAGE = re.compile(r"^(?!https?://)[a-z][a-z0-9+.-]*://", re.I)


@dataclass(frozen=True, slots=True)
class Given:
    """What the caller says of all inputs; travels to workers."""

    outlet: str | None = None
    published_on: date | None = None
    published_field: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of the input.

    Attributes:
        name: The input, for people.
        mark: What changes with its content.
        file: Path or address that the worker reads; None when ``items`` holds the articles.
        items: Pickled articles.
    """

    name: str
    mark: str
    file: str | None = None
    items: bytes = field(default=b"", repr=False)

    def shard_id(self, *, coder: str, given: Given) -> str:
        """Return what names the shard: input, coder and what the caller says of the input."""
        said = json.dumps([self.name, self.mark, coder, asdict(given)], default=str)
        return hashlib.sha256(said.encode()).hexdigest()[:24]

    def read(self, given: Given) -> Iterator[Item]:
        """Yield the articles of the unit.

        Raises:
            InputError: The file cannot be read where this runs.
        """
        if self.file is None:
            yield from pickle.loads(self.items)
        elif is_storage(self.file):
            yield from _fetched(self.file, given)
        else:
            yield from _articles(self.file, given)


def is_storage(name: str) -> bool:
    """Return whether a name is an address of an object storage rather than a path or a page.

    Example:
        >>> is_storage("s3://news/2024-05.warc.gz"), is_storage("https://example.org/a.html"), is_storage("a.jsonl")
        (True, False, False)
    """
    return bool(_STORAGE.match(name))


def split_inputs(inputs: Sequence[str]) -> tuple[list[tuple[str, str | None]], list[str]]:
    """Return the addresses of a storage among inputs, each with the line of the list that names it, and all other inputs.

    A list, "@FILE" or "@ADDRESS", may name addresses as well as files and pages; one that names no address is left as it is.

    Raises:
        InputError: A list in a storage cannot be read.
    """
    addresses: list[tuple[str, str | None]] = []
    rest: list[str] = []
    for name in inputs:
        own = name.removeprefix("@")
        if is_storage(name):
            addresses.append((name, None))
        elif own != name and (is_storage(own) or Path(own).is_file()):
            lines = _lines_of(own)
            found = [(words, f"{own}, line {number}") for number, words in lines if is_storage(words)]
            addresses += found
            others = [words for _, words in lines if not is_storage(words)]
            rest += others if found or is_storage(own) else [name]
        else:
            rest.append(name)
    return addresses, rest


def _lines_of(name: str) -> list[tuple[int, str]]:
    """Return the numbered lines of a list without remarks."""
    try:
        if is_storage(name):
            fsspec = load_extra("fsspec", extra="dask", purpose=f'reading "{name}"')
            with fsspec.open(name, "rb") as stream:
                text = stream.read()
        else:
            text = Path(name).read_bytes()
    except (OSError, ValueError, ImportError) as error:
        raise InputError(f'the list "{name}" cannot be read: {error}.') from error
    lines = (line.strip("\ufeff \t\r") for line in text.decode("utf-8", "surrogateescape").split("\n"))
    return [(n, line) for n, line in enumerate(lines, 1) if line and not line.startswith("#")]


def storage_units(addresses: Iterable[tuple[str, str | None]]) -> Iterator[Unit]:
    """Yield a unit for each object, as they are asked for; what a list names and is not there is a rejection.

    Args:
        addresses: Addresses or patterns, each with the line of a list, None where the caller gave it.

    Raises:
        InputError: The caller gave an object that does not exist, or a storage that cannot be reached.
    """
    for name, where in addresses:
        try:
            found = _stored(name)
        except InputError as error:
            if where is None:
                raise
            yield from item_units([Rejected(name[:300], "read", "missing", f"{where}: {error}")], 1)
        else:
            yield from found


def file_units(files: Sequence[str]) -> list[Unit]:
    """Return a unit for each file or object; a pattern of an object storage stands for all that it fits.

    Raises:
        InputError: A file does not exist, a storage cannot be reached, or a pattern fits nothing.
    """
    out: list[Unit] = []
    for name in files:
        out += _stored(name) if is_storage(name) else [_local(name)]
    return out


def item_units(items: Iterable[Item], size: int) -> Iterator[Unit]:
    """Yield articles in units of a size, as they are read."""
    iterator = iter(items)
    for number in itertools.count():
        part = list(itertools.islice(iterator, size))
        if not part:
            return
        packed = pickle.dumps(part)
        first = part[0].source if isinstance(part[0], RawArticle) else part[0].item_id
        yield Unit(f"part {number}, from {first}", hashlib.sha256(packed).hexdigest(), items=packed)


def _local(name: str) -> Unit:
    path = Path(name)
    try:
        told = path.stat()
    except OSError as error:
        raise InputError(f'"{name}" cannot be read: {error.strerror}.') from error
    return Unit(name, f"{told.st_size} {told.st_mtime_ns}", file=str(path.resolve()))


def _stored(name: str) -> list[Unit]:
    fsspec = load_extra("fsspec", extra="dask", purpose=f'reading "{name}"')
    try:
        system, path = fsspec.core.url_to_fs(name)
        # A pattern is listed with what each object is: asking for a hundred thousand one by one takes an hour.
        told = sorted(system.glob(path, detail=True).items()) if "*" in path else [(path, system.info(path))]
    except (OSError, ValueError, ImportError) as error:
        raise InputError(f'"{name}" cannot be read: {error}.') from error
    if not told:
        raise InputError(f'"{name}" fits no object.')
    return [
        Unit(system.unstrip_protocol(one), " ".join(str(info.get(k)) for k in ("size", "ETag", "mtime", "created")),
             file=system.unstrip_protocol(one))
        for one, info in told if info.get("type") != "directory"
    ]  # fmt: skip


def _articles(path: str, given: Given) -> Iterator[Item]:
    reading = Reading(given.columns, given.limits, Meter(tell=lambda line: None))
    return iter_articles(
        [path], outlet=given.outlet, published_on=given.published_on, published_field=given.published_field, reading=reading
    )  # fmt: skip


def _fetched(address: str, given: Given) -> Iterator[Item]:
    """Yield the articles of an object, copied to this machine while it is read; their source is the object."""
    fsspec = load_extra("fsspec", extra="dask", purpose=f'reading "{address}"')
    with tempfile.TemporaryDirectory(prefix="dragoman-") as folder:
        own = Path(folder) / address.rsplit("/", 1)[-1]
        try:
            system, path = fsspec.core.url_to_fs(address)
            system.get_file(path, str(own))
        except (OSError, ValueError, ImportError) as error:
            raise InputError(f'"{address}" cannot be read: {error}.') from error
        for item in _articles(str(own), given):
            yield _renamed(item, str(own), address)


def _renamed(item: Item, own: str, address: str) -> Item:
    changed: dict[str, Any]
    if isinstance(item, RawArticle):
        changed = {"source": item.source.replace(own, address)}
    else:
        changed = {"item_id": item.item_id.replace(own, address), "detail": item.detail.replace(own, address)}
    return replace(item, **changed)
