"""ZIP archives → their members, one stream each, nothing written to disk.

In: a file that can be searched. Out: (name, stream) of each member that may be read, and a refusal for each that may
not: encrypted, a link, a path that leads out, an archive of its own. An archive whose members overlap, are too many, or
claim to be too large is refused as a whole.
"""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from dragoman.read.limits import Limits, Refused, check_unpacked

_ENCRYPTED = 0x1
_LOCAL_HEADER_BYTES = 30
_OFFICE = frozenset({"[Content_Types].xml", "mimetype"})
ARCHIVES = (".zip", ".tar", ".7z", ".rar", ".tgz", ".jar", ".docx", ".xlsx", ".odt", ".epub")


def open_zip(stream: BinaryIO, limits: Limits) -> zipfile.ZipFile:
    """Return an archive whose directory is in order.

    Raises:
        Refused: It is broken, an office document, or made to do harm.
    """
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Refused("failed", f"a ZIP archive that cannot be read: {error}") from error
    members = archive.infolist()
    if len(members) > limits.max_members:
        raise Refused(
            "too_many_members",
            f"the archive holds {len(members)} files; at most {limits.max_members} are read",
        )
    if any(member.filename in _OFFICE for member in members[:5]):
        raise Refused("binary", "this is an office document, not text; save it as text or PDF")
    _check_overlaps(members)
    for member in members:
        check_unpacked(member.compress_size, member.file_size, limits)
    packed, unpacked = sum(m.compress_size for m in members), sum(m.file_size for m in members)
    check_unpacked(packed, unpacked, limits)
    return archive


def _check_overlaps(members: Sequence[zipfile.ZipInfo]) -> None:
    """Check that no bytes belong to two members.

    Raises:
        Refused: Some do: a few bytes would unpack to any number of files.

    Source:
        D. Fifield, "A better zip bomb", USENIX WOOT 2019.
    """
    behind = 0
    for member in sorted(members, key=lambda m: m.header_offset):
        if member.header_offset < behind:
            raise Refused("unpacks_too_far", f'members of the archive overlap ("{member.filename[:80]}")')
        name = len(member.orig_filename.encode("utf-8", "replace"))
        least = min(name, len(member.filename))  # the local name may be in another encoding
        behind = member.header_offset + _LOCAL_HEADER_BYTES + least + member.compress_size


def iter_members(archive: zipfile.ZipFile, limits: Limits) -> Iterator[tuple[str, Any | Refused]]:
    """Yield the name of each member that is a file, in order, with its stream or the reason why not."""
    for member in archive.infolist():
        path = PurePosixPath(member.filename)
        if member.is_dir() or "__MACOSX" in path.parts or re.match(r"\.[^./\\]", path.name):
            continue
        try:
            check_member(member)
            yield member.filename, _Member(archive, member, limits)
        except Refused as error:
            yield member.filename, error


def check_member(member: zipfile.ZipInfo) -> None:
    """Check that a member may be read.

    Raises:
        Refused: It may not.
    """
    name = member.filename
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in name[:3] or "\x00" in member.orig_filename:
        raise Refused("unsafe_path", "its path leads out of the archive")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise Refused("unsafe_path", "it is a link")
    if member.flag_bits & _ENCRYPTED:
        raise Refused("encrypted", "it is encrypted; unpack the archive with its password first")
    if path.suffix.lower() in ARCHIVES:
        raise Refused("nested", "it is an archive inside an archive; unpack it once")


class _Member:
    """The bytes of a member, as long as they are no more than its directory entry says."""

    def __init__(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, limits: Limits) -> None:
        self._member = member
        self._limits = limits
        self._count = 0
        try:
            self._stream = archive.open(member)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, ValueError) as error:
            raise Refused("failed", f"it cannot be unpacked: {error}") from error

    def read(self, size: int, /) -> bytes:
        """Return up to ``size`` bytes."""
        return self._counted(self._stream.read, size)

    def readline(self, size: int, /) -> bytes:
        """Return up to ``size`` bytes, no further than the next line end."""
        return self._counted(self._stream.readline, size)

    def close(self) -> None:
        """Let go of the member."""
        self._stream.close()

    def _counted(self, read: Any, size: int) -> bytes:
        try:
            piece: bytes = read(size)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
            raise Refused("failed", f"it cannot be unpacked: {error}") from error
        self._count += len(piece)
        check_unpacked(self._member.compress_size, self._count, self._limits)
        return piece
