"""What the caller named → a plan of files, addresses and standard input, in order.

In: words of the command line. Out: ``Named`` items that exist, and a ``Rejected`` for each file in a folder or list that
may not be read. Named things are checked before the first article is read, so that a misspelt last path does not cost
the run.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from dragoman.errors import InputError
from dragoman.read.meter import Meter
from dragoman.read.sniff import KINDS, PACKED, find_kind_by_name
from dragoman.read.web import is_url
from dragoman.records import Rejected

STDIN = "-"
LIST_MARK = "@"
LONGEST_LINE = 8192  # of a list: paths have at most 4096 bytes, addresses that work about 2000


@dataclass(frozen=True, slots=True)
class Named:
    """One thing to read: a path, a URL, or "-"."""

    name: str

    @property
    def is_url(self) -> bool:
        """Whether it has to be fetched."""
        return is_url(self.name)


def list_inputs(inputs: Sequence[str], *, meter: Meter, stdin: BinaryIO) -> list[Named | Rejected]:
    """Return what the inputs name, in order; folders and lists are opened up.

    Args:
        inputs: Files, folders, URLs, "-", or "@FILE" for a list with one of these a line ("@-" from standard input).
        meter: Gets the sum of the sizes, and what folders hold besides articles.
        stdin: What "@-" reads.

    Raises:
        InputError: A named file or folder does not exist, may not be read, or is a folder without articles.
    """
    plan: list[Named | Rejected] = []
    for name in inputs:
        if name.startswith(LIST_MARK) and not _exists(Path(name)):
            plan += _read_list(name[1:], meter=meter, stdin=stdin)
        elif name == STDIN or is_url(name):
            plan.append(Named(name))
        else:
            plan += _list_files(name, meter)
    meter.total = _total(plan)
    return plan


def _total(plan: Sequence[Named | Rejected]) -> int | None:
    """Return the bytes of all files, or None where something of no size is among them."""
    sizes = 0
    for item in plan:
        if isinstance(item, Rejected):
            continue
        if item.name == STDIN or item.is_url:
            return None
        try:
            status = Path(item.name).stat()
        except OSError:
            continue
        if not stat.S_ISREG(status.st_mode):
            return None
        sizes += status.st_size
    return sizes


def _read_list(name: str, *, meter: Meter, stdin: BinaryIO) -> Iterator[Named | Rejected]:
    """Yield what the lines of a list name; "#" begins a remark.

    Raises:
        InputError: The list itself cannot be read.
    """
    try:
        stream = stdin if name == STDIN else Path(name).open("rb")  # noqa: SIM115
    except OSError as error:
        raise InputError(f'the list "{name}" cannot be read: {error.strerror}.') from error
    number = 0
    try:
        while line := stream.readline(LONGEST_LINE):
            number += 1
            words = line.decode("utf-8", "surrogateescape").strip("\ufeff \t\r\n")
            if not words or words.startswith("#"):
                continue
            try:
                if is_url(words):
                    yield Named(words)
                else:
                    yield from _list_files(words, meter)
            except (OSError, ValueError) as error:
                # One lost file must not cost the others of a long list.
                yield Rejected(words[:300], "read", "missing", f"{name}, line {number}: {error}")
    finally:
        if stream is not stdin:
            stream.close()


def _list_files(name: str, meter: Meter) -> list[Named | Rejected]:
    """Return the files of an input.

    Raises:
        InputError: There are none, or it cannot be read.
    """
    path = Path(name)
    if not _exists(path):
        raise InputError(
            f'"{name[:300]}" does not exist. Give a file, a folder, a URL, "@LIST", or "-" for standard input.'
        )
    if not os.access(path, os.R_OK):
        raise InputError(
            f'"{name}" may not be read by this user. Change its permissions, or run as its owner.'
        )
    mode = path.stat().st_mode
    if stat.S_ISCHR(mode) or stat.S_ISBLK(mode) or stat.S_ISSOCK(mode):
        raise InputError(f'"{name}" is a device or socket, not a file. Give a file, a folder, or "-".')
    if not path.is_dir():
        return [Named(name)]
    try:
        files = list(_walk(path, path.resolve(), meter))
    except OSError as error:
        raise InputError(f'the folder "{error.filename}" cannot be read: {error.strerror}.') from error
    if not files:
        kinds = ", ".join([*KINDS, f"each also with {', '.join(PACKED)}"])
        raise InputError(
            f'the folder "{name}" holds no articles. Looked in all its folders for files {kinds}.'
        )
    return files


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a name that no file can have
        return False


def _walk(folder: Path, root: Path, meter: Meter) -> Iterator[Named | Rejected]:
    """Yield the article files of a folder and its folders in order of their names; hidden ones are passed over."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _walk(path, root, meter)
        elif path.is_dir():
            meter.pass_over("links to folders")
        elif find_kind_by_name(path) is None:
            meter.pass_over(f"{path.suffix.lower()} files" if path.suffix else "files without ending")
        else:
            yield _check_file(path, root)


def _check_file(path: Path, root: Path) -> Named | Rejected:
    """Return a file of a folder, or why it is not read: a link that leads out, a device, a pipe."""
    try:
        target = path.resolve()
        mode = target.stat().st_mode
    except (OSError, RuntimeError) as error:
        return Rejected(str(path), "read", "missing", f"{path}: the file cannot be found: {error}")
    if path.is_symlink() and not target.is_relative_to(root):
        return Rejected(str(path), "read", "unsafe_path", f"{path}: the link leads out of the folder")
    if not stat.S_ISREG(mode):
        return Rejected(str(path), "read", "not_a_file", f"{path}: it is a device, pipe or socket")
    return Named(str(path))
