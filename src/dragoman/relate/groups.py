"""Who a side of a relation is: a country, a country's sector, a named actor, or a group that the user lists.

In: words such as "IRN", "IRN/MIL", "Hamas" or the name of a group of ``groups.toml``. Out: a ``Group`` of members, each a condition
that a participant of an incident fulfils or not. Alliances are never expanded on their own: only a user's list makes a group.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dragoman.errors import UsageError
from dragoman.ontology import Ontology

_CODE = re.compile(r"([A-Z]{3})(?:/([A-Z]{3}))?\Z")


@dataclass(frozen=True, slots=True)
class Group:
    """A side: its name and its members, each "IRN", "IRN/MIL" or words of a name."""

    name: str
    members: tuple[str, ...]

    def holds(self, participant: Mapping[str, Any]) -> bool:
        """Return whether a participant (``text``, ``name``, ``country``, ``sectors``) is of this side."""
        return any(_is(participant, member) for member in self.members)


@functools.lru_cache(maxsize=1000)
def _code_of(member: str) -> tuple[str, str | None] | None:
    code = _CODE.match(member)
    return None if code is None else (code.group(1), code.group(2))


def _is(participant: Mapping[str, Any], member: str) -> bool:
    code = _code_of(member)
    if code is None:
        words = f"{participant['text']} {participant['name'] or ''}".lower()
        return member.lower() in words
    country, sector = code
    return participant["country"] == country and (sector is None or sector in (participant["sectors"] or ()))


def group_of(words: str, groups: Mapping[str, Group] | None = None) -> Group:
    """Return the side that words name: one of the user's groups, or the side of that one member.

    Raises:
        UsageError: There are no words.
    """
    if not words.strip():
        raise UsageError(
            'a side of a relation must be a country such as "IRN", "IRN/MIL", a name or a group; got "".'
        )
    return (groups or {}).get(words) or Group(words, (words,))


def side_of(words: str, *, ontology: Ontology, groups: Mapping[str, Group] | None = None) -> Group:
    """Return the side that words name, as ``group_of`` does; codes with commas ("FRA,DEU/MIL") are a side of several.

    Raises:
        UsageError: There are no words.
        UnknownCode: A sector does not exist.
    """
    parts = [part.strip() for part in words.split(",") if part.strip()]
    codes = [match for match in map(_CODE.match, parts) if match is not None]
    for match in codes:
        if match.group(2):
            ontology.check_sector(match.group(2))
    if len(parts) > 1 and len(codes) == len(parts):
        return Group(",".join(parts), tuple(parts))
    return group_of(words.strip(), groups)


def load_groups(path: Path) -> dict[str, Group]:
    """Return the groups that a TOML file lists: one line each, ``name = ["FRA", "DEU/MIL", "Wagner"]``.

    Raises:
        UsageError: The file cannot be read or is not TOML, or a group is not a list of words.
    """
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f'"{path}" is not a TOML file of groups: {error}.') from None
    except OSError as error:
        raise UsageError(f'the file of groups "{path}" cannot be read: {error.strerror}.') from None
    return {name: Group(name, members_of(str(path), name, members)) for name, members in told.items()}


def members_of(where: str, name: str, members: Any) -> tuple[str, ...]:
    """Return the members that a file lists for a group.

    Raises:
        UsageError: They are not a list of words; says where.
    """
    if not isinstance(members, Sequence) or isinstance(members, str) or not members:
        raise UsageError(
            f'{where}: group "{name}" must be a list such as ["FRA", "DEU/MIL"]; got {members!r}.'
        )
    for member in members:
        if not isinstance(member, str) or not member.strip():
            raise UsageError(
                f'{where}: group "{name}" holds {member!r}, which is not a country, "IRN/MIL" or a name.'
            )
    return tuple(members)
