"""Load the ontology file and answer questions about its codes.

In: ``plover.toml``. Out: an ``Ontology``, read once per process; every look-up of an unknown code is an error that
names the nearest known one.
"""

from __future__ import annotations

import difflib
import functools
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any

from dragoman.errors import UnknownCode


@dataclass(frozen=True, slots=True)
class Mode:
    """How an event of a type is done; ``score`` is on the −10…+10 scale."""

    name: str
    score: float
    cameo: str
    means: str
    adds_context: str | None = None


@dataclass(frozen=True, slots=True)
class EventType:
    """What is done: its quad class, score on the −10…+10 scale, modes and CAMEO codes."""

    name: str
    quad_class: int
    score: float
    means: str
    needs_recipient: bool
    cameo: str
    cameo_by_context: Mapping[str, str]
    modes: Mapping[str, Mode]


@dataclass(frozen=True, slots=True)
class Ontology:
    """All codes of one version of the ontology."""

    version: str
    attribution: str
    types: Mapping[str, EventType]
    contexts: Mapping[str, str]
    sectors: Mapping[str, str]
    special_countries: Mapping[str, str]
    quad_classes: Mapping[int, str]

    def get_type(self, name: str) -> EventType:
        """Return an event type.

        Raises:
            UnknownCode: There is no such type.
        """
        if name not in self.types:
            raise UnknownCode(unknown(name, f"an event type of {self.version}", self.types))
        return self.types[name]

    def get_mode(self, event_type: str, mode: str) -> Mode:
        """Return a mode of an event type.

        Raises:
            UnknownCode: There is no such type, or it has no such mode.
        """
        modes = self.get_type(event_type).modes
        if mode not in modes:
            raise UnknownCode(unknown(mode, f"a mode of {event_type}", modes))
        return modes[mode]

    def check_sector(self, sector: str) -> None:
        """Check that a sector exists.

        Raises:
            UnknownCode: It does not.
        """
        if sector not in self.sectors:
            raise UnknownCode(unknown(sector, "a sector", self.sectors))

    def with_type(self, added: EventType) -> Ontology:
        """Return this ontology with one more event type."""
        return replace(self, types={**self.types, added.name: added})

    def with_mode(self, event_type: str, added: Mode) -> Ontology:
        """Return this ontology with one more mode of an event type.

        Raises:
            UnknownCode: There is no such type.
        """
        own = self.get_type(event_type)
        return self.with_type(replace(own, modes={**own.modes, added.name: added}))

    def quad_class(self, event_type: str) -> int:
        """Return 1 (verbal cooperation), 2 (material cooperation), 3 (verbal conflict) or 4 (material conflict).

        Source: PLOVER manual 2.0, chapters of the event types.
        """
        return self.get_type(event_type).quad_class

    def intensity(self, event_type: str, mode: str | None) -> float:
        """Return the conflict–cooperation score, −10 to +10: the mode's where there is one, else the type's.

        Source: PLOVER manual 2.0, table of scores.

        Example:
            >>> load_ontology().intensity("ASSAULT", "drone")
            -9.5
        """
        return self.get_type(event_type).score if mode is None else self.get_mode(event_type, mode).score

    def cameo(self, event_type: str, mode: str | None, contexts: Collection[str]) -> str:
        """Return the CAMEO code nearest to a type, mode and contexts.

        Source: CAMEO2PLOVER-2021, read backwards; the first context in the file's order decides.

        Example:
            >>> load_ontology().cameo("COOPERATE", None, ["military", "territory"])
            '062'
        """
        kind = self.get_type(event_type)
        if mode is not None:
            return self.get_mode(event_type, mode).cameo
        return next(
            (code for context, code in kind.cameo_by_context.items() if context in contexts), kind.cameo
        )

    def contexts_of(self, event_type: str, mode: str | None, contexts: Iterable[str]) -> tuple[str, ...]:
        """Return an event's contexts with the one that its mode brings along.

        Source: PLOVER manual 2.0: COERCE modes misinformation and cyber add the context of the same name.
        """
        own = tuple(contexts)
        added = self.get_mode(event_type, mode).adds_context if mode is not None else None
        return own if added is None or added in own else (*own, added)


def unknown(value: str, what: str, known: Iterable[str]) -> str:
    """Return the words that say that a code is not known, with the nearest one that is."""
    names = list(known)
    upper = {n.upper(): n for n in names}
    near = difflib.get_close_matches(value.upper(), upper, n=1)
    hint = f' Did you mean "{upper[near[0]]}"?' if near else ""
    return f'"{value}" is not {what}.{hint} Known: {", ".join(names) or "none"}.'


def _type(name: str, row: Mapping[str, Any]) -> EventType:
    modes = {
        m: Mode(m, float(v["score"]), v["cameo"], v["means"], v.get("adds_context"))
        for m, v in row.get("modes", {}).items()
    }
    return EventType(
        name=name,
        quad_class=int(row["quad_class"]),
        score=float(row["score"]),
        means=row["means"],
        needs_recipient=bool(row.get("needs_recipient", False)),
        cameo=row["cameo"],
        cameo_by_context=row.get("cameo_by_context", {}),
        modes=modes,
    )


@functools.cache
def load_ontology() -> Ontology:
    """Return the packaged ontology, read once."""
    text = resources.files("dragoman.ontology").joinpath("plover.toml").read_text("utf-8")
    table = tomllib.loads(text)
    return Ontology(
        version=table["version"],
        attribution=table["attribution"],
        types={name: _type(name, row) for name, row in table["types"].items()},
        contexts=table["contexts"],
        sectors=table["sectors"],
        special_countries=table["special_countries"],
        quad_classes={int(k): v for k, v in table["quad_classes"].items()},
    )
