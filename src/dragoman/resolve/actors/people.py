"""Who is introduced in an article: full names with title and apposition, acronyms in brackets, surnames.

In: the article's text and its names. Out: ``Introductions``, which later mentions look themselves up in: "Madani" is
the brigadier general of the second paragraph, "the IRGC" the guard corps spelled out in the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from dragoman.records import Mention
from dragoman.resolve.actors.compose import Reading
from dragoman.resolve.actors.reading import Reader
from dragoman.resolve.actors.registry import PLACE_KINDS, Registry
from dragoman.resolve.actors.words import Token, fold, keys, tokenize

_APPOSITION = re.compile(
    r",\s+(?:(?:who is|a|an|the|one of)\s+)?(?P<words>[^,;:.()“”\"\n—]{3,110}?)(?=[,;.(—\n]|\s+and\s|\s+who\s|$)"
)
_BRACKETS = re.compile(
    r"((?:[A-Z][\w’'-]*|of|the|and|for|de|du|la|al)(?:\s+(?:[A-Z][\w’'-]*|of|the|and|for|de|du|la|al)){1,9})\s+\(([A-Z][A-Za-z.-]{1,9})\)"
)
_FINITE = frozenset("said says told is was were are has had have will would did does which that".split())
_TITLE_WORDS = frozenset("of for and the former deputy vice acting interim".split())
_WINDOW = 90  # characters before a name in which its title may stand


@dataclass(slots=True)
class Introductions:
    """Readings of names that the article introduces, by folded full name, surname or acronym."""

    by_name: dict[str, Reading] = field(default_factory=dict)
    by_surname: dict[str, Reading] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    surnames: set[str] = field(default_factory=set)
    parts: dict[str, str] = field(
        default_factory=dict
    )  # first names, and family names that stand first, to the full name
    people: list[tuple[int, Reading]] = field(
        default_factory=list
    )  # in text order, with where they are introduced

    def is_person(self, words: str) -> bool:
        """Return whether words are the name of a person of the article, or the last word of one."""
        key = " ".join(keys(words))
        return key in self.names or key.rsplit(" ", 1)[-1] in self.surnames or key in self.parts

    def find(self, words: str) -> Reading | None:
        """Return the reading of a name as the article introduced it."""
        key = " ".join(keys(words))
        if key in self.by_name:
            return self.by_name[key]
        last = key.rsplit(" ", 1)[-1]
        if last in self.by_surname:
            return self.by_surname[last]
        full = self.parts.get(key)
        return self.by_name.get(" ".join(keys(full))) if full else None

    def add(self, words: str, at: int, reading: Reading) -> None:
        """Remember a name; a fuller reading replaces a poorer one."""
        parts = keys(words)
        if not parts:
            return
        for table, key in ((self.by_name, " ".join(parts)), (self.by_surname, parts[-1])):
            known = table.get(key)
            if known is None or _weight(reading) > _weight(known):
                table[key] = reading
        self.people.append((at, reading))


def _weight(reading: Reading) -> tuple[bool, bool, float]:
    return (reading.country is not None, bool(reading.sectors), reading.strength)


def introduce(text: str, names: Iterable[Mention], registry: Registry, reader: Reader) -> Introductions:
    """Return who the article introduces.

    Args:
        text: The article's text.
        names: Mentions of kind PER and ORG, in text order.
        registry: Names and role words.
        reader: Reads one noun phrase.
    """
    found = Introductions()
    for name in names:
        if name.kind == "PER":
            found.names.add(" ".join(keys(name.text)))
            found.surnames.update(keys(name.text)[-1:])
            for part in keys(name.text)[:-1]:
                found.parts.setdefault(part, name.text)
            reading = _read_person(text, name, registry, reader)
            if reading is not None:
                found.add(name.text, name.start, reading)
        elif name.kind == "ORG":
            _add_initials(found, name.text, reader)
    for match in _BRACKETS.finditer(text):
        _add_acronym(found, match, reader)
    return found


def _read_person(text: str, name: Mention, registry: Registry, reader: Reader) -> Reading | None:
    start = _title_start(text, name.start, registry)
    titled = reader(text[start : name.end])
    if (
        titled is not None
        and titled.entity is not None
        and titled.entity.kind in PLACE_KINDS
        and " " in name.text
    ):
        # The first name is that of a country (Chad Smith): only the title before it says something.
        titled = (reader(text[start : name.start]) if start < name.start else None) or Reading()
        titled = replace(titled, name=name.text, is_name=True)
    apposed = _read_apposition(text, name.end, reader)
    if titled is None:
        return apposed
    if apposed is None:
        return replace(titled, name=titled.name or name.text)
    country = titled.country or apposed.country
    by_title = titled.head is not None and titled.head.weight >= 2
    sectors = titled.sectors if by_title or titled.entity is not None else apposed.sectors or titled.sectors
    return replace(
        titled,
        country=country,
        sectors=sectors,
        name=titled.name or name.text,
        why=(*titled.why, *apposed.why),
        head=titled.head or apposed.head,
        strength=max(titled.strength, apposed.strength),
    )


def _read_apposition(text: str, end: int, reader: Reader) -> Reading | None:
    """Return the reading of ", chairman of Iran’s Strategic Council," behind a name."""
    match = _APPOSITION.match(text[end : end + 160])
    if match is None:
        return None
    words = match.group("words")
    if set(keys(words)[:3]) & _FINITE:
        return None
    reading = reader(words)
    if reading is None or reading.head is None or reading.head.kind not in ("person", "people"):
        return None
    return replace(reading, why=tuple(f"apposition: {w}" for w in reading.why))


def _title_start(text: str, start: int, registry: Registry) -> int:
    """Return where the title before a name begins, or the name's own start."""
    left = text[max(0, start - _WINDOW) : start]
    cut = max(
        (m.end() for m in re.finditer(r"[.;:,()“”\"\n—](?:\s|$)|\s(?:and|by|with|that|told|to)\s", left)),
        default=0,
    )
    window = left[cut:]
    offset = start - len(window)
    tokens = tokenize(window, offset=offset)
    if not tokens:
        return start
    covered = {t for hit in registry.find(tokens) for t in range(hit.first, hit.last)}
    first = len(tokens)
    while first > 0 and _belongs(tokens[first - 1], first - 1 in covered):
        first -= 1
    while first < len(tokens) and tokens[first].key in _TITLE_WORDS:
        first += 1
    return tokens[first].start if first < len(tokens) else start


def _belongs(token: Token, covered: bool) -> bool:
    return covered or token.is_capital or token.key in _TITLE_WORDS or token.key == "'s"


def _add_initials(found: Introductions, words: str, reader: Reader) -> None:
    """Remember that "ACC" is the Anti-Corruption Commission of another sentence."""
    capitals = [w for w in re.findall(r"[^\W_]+", words) if w[0].isupper()]
    if len(capitals) < 2 or len(words.split()) > 9:
        return
    reading = reader(words)
    if reading is not None and (reading.country or reading.sectors):
        initials = fold("".join(w[0] for w in capitals))
        known = replace(reading, name=words, why=(*reading.why, f'initials of "{words}"'))
        found.by_name.setdefault(initials, known)


def _add_acronym(found: Introductions, match: re.Match[str], reader: Reader) -> None:
    words, acronym = match.group(1), match.group(2)
    letters = [fold(w[0]) for w in words.split() if w[0].isupper()]
    short = [fold(c) for c in acronym if c.isalpha()]
    while letters and letters[: len(short)] != short and len(letters) > len(short):
        letters = letters[1:]
    if not letters or letters[0] != short[0]:
        return
    reading = reader(words)
    if reading is not None and (reading.country or reading.sectors):
        known = replace(reading, why=(*reading.why, f'"{acronym}" stands behind it in brackets'))
        found.by_name.setdefault(fold(acronym), known)
