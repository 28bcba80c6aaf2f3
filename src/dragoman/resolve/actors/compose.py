"""Compose an actor from the words of one noun phrase: the head gives the sector, what surrounds it the country.

Goes in: a ``Phrase`` and what the article says about countries. Comes out: a ``Reading``, whose missing country or
sector the article layer may still fill. Nothing outside the phrase is looked at here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from dragoman.resolve.actors.phrase import PLAIN, Phrase, Segment, places_of
from dragoman.resolve.actors.registry import (
    ORG_KINDS,
    PLACE_KINDS,
    Entry,
    Hit,
    Role,
    is_common_party,
    is_generic,
)

FORMER: Final = frozenset("former ex once onetime deposed ousted exiled toppled overthrown".split())
_NOT_ORIGIN: Final = frozenset(
    "to against by with between about over who whom which that opposing opposed after during since amid "
    "as led wearing".split()
)
_MINISTERIAL: Final = frozenset({"for"})
_OPPOSITION_HEADS: Final = frozenset({"person", "people", "org"})
# Kinds of bodies of which several states have one of the same letters: "DPP", "NDC".
_LOCAL_KINDS: Final = frozenset({"party", "institution", "ngo", "media", "company"})
_ARMED: Final = frozenset({"MIL", "PRM", "UAF", "COP"})

# Kinds of bodies that have branches named after a state.
_BRANCHED: Final = frozenset({"ngo", "media", "company", "igo"})
# Reasons of readings whose name tells the sector beyond doubt.
BRANCH_OF: Final = "branch of"
FOR_A_CAUSE: Final = "people who are for something by name"
# Callings that say less of somebody named by his party than the party does: "the Labour Party caretaker".
_MEMBERS_ARE: Final = frozenset({"LAB", "CVL", "AGR", None})
# People who are of the sector of the person they serve.
RETINUE: Final = frozenset(
    "aide aides adviser advisers advisor advisors ally allies associate associates lieutenant lieutenants "
    "spokesman spokeswoman spokesperson".split()
)

# "Jamaicans for Justice", "Lawyers for Human Rights": people in the plural for what has no article and is no place.
_CAUSE: Final = re.compile(
    r"(?:[A-Z][\w-]+\s+)?(?:[A-Z][a-z-]+(?:s|men)|People|Women|Youth)\s+[Ff]or\s+(?:(?:Social|Human|Equal|Civil|Animal|Legal|Climate|Land|Media|Press|Free)\s+)?"
    r"(?:Justice|Rights|Freedoms?|Liberty|Peace|Democracy|Equality|Life|Transparency|Accountability|Reform|Action|Dignity|"
    r"Education|Health|Progress|Unity|Reconciliation|Water|Climate|Elections?|Truth)\b"
)
Weigh = Callable[[Entry], float]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a noun phrase says about its actor; ``why`` collects the evidence in words."""

    country: str | None = None
    sectors: tuple[str, ...] = ()
    entity: Entry | None = None
    name: str | None = None
    why: tuple[str, ...] = ()
    head: Role | None = None
    strength: float = 0.0  # 0 to 1: how far the phrase alone decides
    is_name: bool = False  # the head is a proper name that the registry does not hold


def compose(phrase: Phrase, *, on: date | None, weigh: Weigh) -> Reading:
    """Return what a phrase says.

    Args:
        phrase: The phrase taken apart.
        on: The day at which office-holders count, None for any.
        weigh: How likely an entry is in this article; settles names that several entries share.
    """
    return _Composer(phrase, on, weigh).read()


def office_at(entry: Entry, terms: Sequence[Entry], on: date | None) -> tuple[Entry, bool]:
    """Return the office a person holds on a day and whether it is a current one."""
    if on is None:
        return entry, True
    valid = [term for term in terms if term.is_valid(on)]
    if valid:
        return valid[0], True
    past = [term for term in terms if term.until is not None and term.until < on]
    return (max(past, key=lambda term: term.until or date.max), False) if past else (terms[0], False)


@dataclass(frozen=True, slots=True)
class _Composer:
    phrase: Phrase
    on: date | None
    weigh: Weigh

    def read(self) -> Reading:
        """Return the reading of the whole phrase."""
        segments = self.phrase.segments
        reading = self._read_segment(self._first())
        is_person = reading.is_name or (reading.entity is not None and reading.entity.kind == "person")
        if not reading.sectors and is_person and len(segments) > 1:
            reading = self._sectors_apposed(reading)
        if reading.sectors in ((), ("CVL",)) and reading.head is not None and reading.head.kind == "person":
            reading = self._second_calling(reading)
        if _CAUSE.match(self.phrase.text) and reading.sectors in ((), ("CVL",), ("GOV",)):
            why = (*reading.why, f'{FOR_A_CAUSE}: "{self.phrase.text}"')
            reading = replace(reading, sectors=("SOC",), entity=None, name=self.phrase.text, why=why)
        if reading.country is None:
            reading = self._country_behind(reading, segments[1:])
        return reading

    def _first(self) -> int:
        """Return the segment that holds the head: the second of "local and provincial councils"."""
        segments = self.phrase.segments
        for index, segment in enumerate(segments[:-1]):
            following = segments[index + 1]
            words = self.phrase.tokens[segment.first : segment.last]
            joined = following.linker in ("and", "or") or (following.linker == "," and len(words) == 1)
            only_modifiers = all(hit.role is not None and hit.role.kind == "modifier" for hit in segment.hits)
            named = any(token.is_capital for token in words[1:])
            if not (joined and only_modifiers and not named and words and following.hits):
                return index
            if not segment.hits and words[0].is_capital and words[0].key not in FORMER | PLAIN:
                return index  # "Peters and the minister"
        return 0 if not segments[-1].hits else len(segments) - 1

    def _second_calling(self, reading: Reading) -> Reading:
        """Take the sector from "another brother and former finance minister": kin and private people have callings too."""
        for index, segment in enumerate(self.phrase.segments[1:], 1):
            other = self._read_segment(index) if segment.linker == "and" else Reading()
            if other.head is not None and other.head.kind == "person" and other.sectors not in ((), ("CVL",)):
                return replace(
                    reading,
                    sectors=other.sectors,
                    country=reading.country or other.country,
                    why=(*reading.why, *other.why),
                )
        return reading

    def _sectors_apposed(self, reading: Reading) -> Reading:
        """Take the sector from "Richard Banda, Minister of Youth"."""
        for index, segment in enumerate(self.phrase.segments[1:], 1):
            if segment.linker != ",":
                continue
            other = self._read_segment(index)
            if other.head is not None and other.head.kind in ("person", "people") and other.sectors:
                why = (*reading.why, *(f"apposition: {w}" for w in other.why))
                return replace(
                    reading,
                    sectors=other.sectors,
                    country=reading.country or other.country,
                    head=other.head,
                    why=why,
                    strength=max(reading.strength, 0.8 * other.strength),
                )
        return reading

    def pick(self, entries: Sequence[Entry]) -> Entry:
        """Return the likeliest of the entries that share an alias.

        Where no state of theirs plays a part in the article, an agency is likelier than a body that shares its letters: who is told
        something is "AFP" in Tehran, not the army of the Philippines.
        """
        if len(entries) == 1:
            return entries[0]
        on = self.on
        return max(
            enumerate(entries),
            key=lambda pair: (
                on is None or pair[1].is_valid(on),
                -pair[1].rank,
                self.weigh(pair[1]),
                pair[1].kind == "media",
                -pair[0],
            ),
        )[1]

    def _read_segment(self, index: int) -> Reading:
        segment = self.phrase.segments[index]
        head, trailing = self._head(segment)
        if head is None:
            return self._headless(index)
        if head.role is not None and not (head.entries and self._is_proper(head)):
            reading = self._read_role(index, head, head.role)
        else:
            reading = self._read_name(segment, head)
        if trailing:
            reading = replace(reading, name=trailing, is_name=reading.entity is None)
            if head.role is not None and head.role.word == "deputy" and reading.sectors in ((), ("PTY",)):
                reading = replace(
                    reading, sectors=("LEG",)
                )  # "the Libre deputy Sara Nuila", but "the mayor's deputy"
        return reading

    def _headless(self, index: int) -> Reading:
        """Return the reading of a segment without names or role words."""
        segments = self.phrase.segments
        words = self.phrase.tokens[segments[index].first : segments[index].last]
        named = [token for token in words if token.is_capital and token.key not in PLAIN]
        if index + 1 < len(segments) and segments[index + 1].linker == "of":
            behind = self._read_segment(index + 1)
            if not (named and behind.entity is not None and behind.entity.kind in PLACE_KINDS):
                return behind
            # "Episcopal Conference of Nicaragua" is a body of a kind we do not know, not the state.
            return Reading(name=self.phrase.text.strip(), is_name=True)
        if any(token.is_capital for token in words):
            return Reading(name=self.phrase.text.strip(), is_name=True)
        return Reading()

    def _is_proper(self, hit: Hit) -> bool:
        return self.phrase.tokens[hit.first].is_capital and hit.role is not None and hit.last - hit.first > 0

    def _head(self, segment: Segment) -> tuple[Hit | None, str | None]:
        """Return a segment's head and the capitalised words after it, which name its bearer."""
        hits = [hit for hit in segment.hits if hit.role is None or hit.role.kind != "modifier"] or list(
            segment.hits
        )
        if not hits:
            return None, None
        head = hits[-1]
        behind = self.phrase.tokens[head.last : segment.last]
        names = [token for token in behind if token.is_capital and len(token.text) > 1]
        trailing = " ".join(token.text for token in names) or None
        return head, trailing

    def _read_name(self, segment: Segment, head: Hit) -> Reading:
        """Return the reading of a phrase whose head is a name of the registry."""
        entry = self.pick(head.entries)
        words = self.phrase.words(head)
        if entry.kind == "person":
            return self._read_person(segment, head, entry)
        if entry.kind == "institution" and entry.rank and self.weigh(entry) == 0.0 and is_generic(words):
            why = (f'"{words}", a name that several states use',)
            return Reading(None, entry.sectors, None, words, why, strength=0.4)
        if self._is_alien(head, entry):
            why = (f'"{words}", of which another body elsewhere is known',)
            return Reading(None, entry.sectors, None, words, why, strength=0.4)
        if (branch := self._branch(segment, head, entry)) is not None:
            return branch
        if entry.kind in ORG_KINDS:
            why = (f'name "{words}" is {entry.name}',)
            return Reading(entry.country, entry.sectors, entry, entry.name, why, strength=0.95)
        return self._read_place(segment, head, entry)

    def _branch(self, segment: Segment, head: Hit, entry: Entry) -> Reading | None:
        """Return the reading of "Amnesty International Mongolia": a body's name with a country is its branch there."""
        if entry.kind not in PLACE_KINDS or entry.kind in ("people", "ethnic"):
            return None
        before = next((hit for hit in segment.hits if hit.entries and hit.last == head.first), None)
        body = self.pick(before.entries) if before is not None else None
        if before is None or body is None or body.kind not in _BRANCHED:
            return None
        if body.kind == "igo":
            return self._read_name(segment, before)
        words = f"{self.phrase.words(before)} {self.phrase.words(head)}"
        why = (f'{BRANCH_OF} {body.name} in "{self.phrase.words(head)}"',)
        return Reading(entry.country, body.sectors, None, words, why, strength=0.8)

    def _is_alien(self, hit: Hit, entry: Entry) -> bool:
        """Return whether a short or common name is rather another body's: its state plays no part in the article."""
        if (
            entry.kind == "party"
            and entry.rank
            and self.weigh(entry) <= 0
            and is_common_party(self.phrase.words(hit))
        ):
            return True
        if entry.kind == "party" and self._in_longer_name(hit):
            return True
        return entry.kind in _LOCAL_KINDS and self.weigh(entry) < 0 and self.phrase.words(hit).isupper()

    def _in_longer_name(self, hit: Hit) -> bool:
        """Return whether a party's name is the end of another's: the "Democratic Labour Party" is not the Labour Party."""
        at = hit.first - 1
        if at < 0 or self.phrase.gap(hit.first) != " " or self.phrase.key(at) in PLAIN | FORMER:
            return False
        inside = any(h.first <= at < h.last for s in self.phrase.segments for h in s.hits)
        return self.phrase.tokens[at].is_capital and not inside and hit.last - hit.first > 1

    def _read_place(self, segment: Segment, head: Hit, entry: Entry) -> Reading:
        """Return the reading of a country, a people or a place that stands for its government or its people."""
        words = self.phrase.words(head)
        counted = any(
            token.key.isdigit() or token.key in _NUMBERS
            for token in self.phrase.tokens[segment.first : head.first]
        )
        before = [hit for hit in segment.hits if hit.last <= head.first and hit.role is not None]
        if entry.kind in ("people", "ethnic"):
            if entry.plural or counted:
                return Reading(entry.country, ("CVL",), None, None, (f'people "{words}"',), strength=0.7)
            return Reading(
                entry.country,
                ("GOV",),
                None,
                entry.name,
                (f'adjective "{words}" stands alone',),
                strength=0.5,
            )
        sectors = entry.sectors or ("GOV",)
        if entry.kind == "city":
            sectors = ()
        if before and before[-1].role is not None and before[-1].role.kind != "modifier":
            role = before[-1].role
            if role.kind in ("person", "people") and role.sector:
                sectors = (role.sector,)
        kind = {"country": "country", "capital": "capital", "region": "region", "city": "city"}[entry.kind]
        stands = "acts: its government" if sectors == ("GOV",) else "is named"
        strength = 0.95 if entry.kind == "country" else 0.75
        return Reading(
            entry.country, sectors, entry, entry.name, (f'{kind} "{words}" {stands}',), strength=strength
        )

    def _read_person(self, segment: Segment, head: Hit, entry: Entry) -> Reading:
        """Return the reading of a known person: the title in the phrase, else the office on the day."""
        words = self.phrase.words(head)
        titles = [
            hit for hit in segment.hits if hit.last <= head.first and hit.role is not None and hit.role.sector
        ]
        why = f'name "{words}" is {entry.name}, {entry.office or "known by name"}'
        sectors = entry.sectors
        if self.on is not None and not entry.is_valid(self.on):
            past = entry.until is not None and entry.until < self.on
            if entry.sectors[:1] == ("GOV",):  # what he is before is told by the article, not by the table
                sectors = ("ELI",) if past else self._party_of(segment, head)
            why += " before that day" if past else " later on"
        former = any(token.key in FORMER for token in self.phrase.tokens[segment.first : head.first])
        if former:
            sectors = ("ELI",) if entry.sectors[:1] == ("GOV",) or not entry.sectors else entry.sectors
            why += ', called "former"'
        elif titles:
            title = titles[-1]
            role = title.role
            serves_un = entry.country == "UNO" and not entry.sectors  # as the organisation itself
            if role is not None and role.sector and role.weight >= 2 and not serves_un:
                sectors = (role.sector, *(s for s in sectors if s != role.sector))
                why += f', title "{self.phrase.words(title)}"'
        return Reading(entry.country, sectors, entry, entry.name, (why,), strength=0.95)

    def _party_of(self, segment: Segment, head: Hit) -> tuple[str, ...]:
        """Return the sectors of the body whose possessive or name stands before a person: "the JVP's Dissanayake"."""
        bodies = [hit for hit in segment.hits if hit.last <= head.first and hit.entries]
        return next(
            (s for s, body in map(self._sector_of_modifier, reversed(bodies)) if body is not None), ()
        )

    def _read_role(self, index: int, head: Hit, role: Role) -> Reading:
        """Return the reading of a phrase whose head is a role word."""
        segment = self.phrase.segments[index]
        before = [hit for hit in segment.hits if hit.last <= head.first]
        sectors, why, entity = self._sector_of(role, head, before, index)
        held = sectors[:1] in (("GOV",), ("LEG",))
        if held and self._is_former(segment, head) and role.kind in ("person", "people"):
            sectors, why = ("ELI",), (*why, 'called "former"')
        country, country_why = self._country_before(before)
        if country is None and entity is not None and entity.country:
            country, country_why = entity.country, f"its body {entity.name}"
        strength = (0.3 * role.weight / 3 + 0.6) if country else 0.4
        return Reading(
            country, sectors, None, None, (*why, *((country_why,) if country else ())), role, strength
        )

    def _sector_of(
        self, role: Role, head: Hit, before: Sequence[Hit], index: int
    ) -> tuple[tuple[str, ...], tuple[str, ...], Entry | None]:
        """Return the sector of a role word after its modifiers, the reason, and the body it belongs to."""
        own = (role.sector,) if role.sector else ()
        why = f'head noun "{self.phrase.words(head)}"'
        modifiers = [*reversed(before)]
        for hit in modifiers:
            if (
                hit.role is not None
                and hit.role.sector == "OPP"
                and role.weight <= 2
                and role.kind in _OPPOSITION_HEADS
            ):
                return ("OPP",), (f'{why} with "{self.phrase.words(hit)}"',), None
        for hit in modifiers:
            if role.word in RETINUE and hit.entries and (served := self._served(hit)):
                return served, (f'{why} of "{self.phrase.words(hit)}"',), None
            sectors, entity = self._sector_of_modifier(hit)
            if not sectors and entity is None:
                continue
            if sectors == ("CRM",) and role.kind == "org" and role.weight <= 1:
                return (
                    ("COP",),
                    (f'{why} against "{self.phrase.words(hit)}"',),
                    entity,
                )  # "Organised Crime Unit"
            if entity is not None and entity.kind == "party" and role.sector in _MEMBERS_ARE:
                return entity.sectors, (f'{why} with "{self.phrase.words(hit)}"',), entity
            rebels = sectors[:1] == ("REB",) and role.sector in _ARMED  # "the militia's police unit"
            if sectors and (role.weight <= 1 or rebels):
                return sectors, (f'{why} with "{self.phrase.words(hit)}"',), entity
            if entity is not None:
                return own or sectors, (why,), entity
        if role.weight <= 1 and index + 1 < len(self.phrase.segments):
            behind = self.phrase.segments[index + 1]
            if behind.linker in ("of", "for", "from", "in", "at"):
                reading = self._read_segment(index + 1)
                is_place = reading.entity is not None and reading.entity.kind in PLACE_KINDS
                if reading.sectors and not is_place and (role.weight == 0 or behind.linker in ("of", "from")):
                    body = reading.entity
                    # A "committee of widows" is a society, not its members.
                    is_society = role.kind == "org" and reading.sectors == ("CVL",)
                    sectors = ("SOC",) if is_society else reading.sectors
                    return sectors, (f"{why} of {', '.join(reading.why)}",), body
                if role.weight == 0 and behind.linker == "of" and reading.entity is not None and is_place:
                    return reading.sectors, (why,), None
        return own, (why,), None

    def _served(self, hit: Hit) -> tuple[str, ...]:
        """Return the sector on the day of the known person whom an aide serves: a former president's is no official."""
        entry = self.pick(hit.entries)
        if entry.kind != "person":
            return ()
        past = self.on is not None and entry.until is not None and entry.until < self.on
        return ("ELI",) if past and entry.sectors[:1] == ("GOV",) else entry.sectors

    def _sector_of_modifier(self, hit: Hit) -> tuple[tuple[str, ...], Entry | None]:
        """Return the sectors that a modifier lends to its head, and the body it names."""
        if hit.entries:
            entry = self.pick(hit.entries)
            if entry.kind in ORG_KINDS:
                return entry.sectors, None if self._is_alien(hit, entry) else entry
            if entry.kind in PLACE_KINDS:
                return entry.sectors, None
        if hit.role is not None and hit.role.sector and hit.role.kind != "quantity":
            return (hit.role.sector,), None
        return (), None

    def _is_former(self, segment: Segment, head: Hit) -> bool:
        first = self.phrase.segments[0].first if self._first() else segment.first
        return any(token.key in FORMER for token in self.phrase.tokens[first : head.first])

    def _country_before(self, before: Sequence[Hit]) -> tuple[str | None, str]:
        """Return the country that the words before the head name."""
        found: tuple[str | None, str] = (None, "")
        for hit in before:
            country, why, firm = self._country_of(hit)
            if country and firm:
                return country, why
            if country and not found[0]:
                found = (country, why)
        return found

    def _country_of(self, hit: Hit) -> tuple[str | None, str, bool]:
        """Return a hit's country, the reason, and whether it is firm (not an ethnic name)."""
        if not hit.entries or self.phrase.is_qualified(hit):
            return None, "", False
        entry = self.pick(hit.entries)
        if self._is_alien(hit, entry):
            return None, "", False
        return entry.country, f'"{self.phrase.words(hit)}"', entry.kind != "ethnic"

    def _country_behind(self, reading: Reading, segments: Sequence[Segment]) -> Reading:
        """Fill the country from "of X", "in X", an apposition or brackets behind the head."""
        for hit, linker in _hits_behind(self.phrase, segments, reading.head):
            country, why, _ = self._country_of(hit)
            if country:
                reason = f"{linker} {why}" if linker.isalpha() else f"apposition {why}"
                strength = 0.85 if linker == "of" else 0.7
                return replace(reading, country=country, why=(*reading.why, reason), strength=strength)
        place = next((h for s in self.phrase.segments[:1] for h in s.hits if places_of(h)), None)
        if place is not None and reading.entity is None and reading.country is None:
            country, why, _ = self._country_of(place)
            if country:
                return replace(reading, country=country, why=(*reading.why, why), strength=0.6)
        return reading


def _hits_behind(phrase: Phrase, segments: Sequence[Segment], head: Role | None) -> Iterator[tuple[Hit, str]]:  # fmt: skip
    """Yield the hits behind the head that may say where the actor is from or whom he serves, and their linkers."""
    for segment in segments:
        first = segment.hits[0].first if segment.hits else -1
        # Of the work for peace in Halden no agent is Halden's.
        serves = segment.linker == "for" and first == segment.first and phrase.key(first - 2) in _SERVING
        if segment.linker in _NOT_ORIGIN:
            return
        if segment.linker in _MINISTERIAL and not serves and (head is None or head.sector != "GOV"):
            continue
        for hit in segment.hits:
            yield hit, segment.linker


# "Agents working for Halden" are Halden's.
_SERVING: Final = frozenset({"working", "spying"})
_NUMBERS: Final = frozenset(
    "two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty hundred "
    "hundreds thousand thousands dozen dozens million several many some".split()
)
