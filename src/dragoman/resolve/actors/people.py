"""Who is introduced in an article: full names with title and apposition, acronyms in brackets, surnames.

In: the article's text and its names. Out: ``Introductions``, which later mentions look themselves up in: "Madani" is
the brigadier general of the second paragraph, "the IRGC" the guard corps spelled out in the first.
"""

from __future__ import annotations

import collections
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from dragoman.records import Mention
from dragoman.resolve.actors.compose import FORMER, Reading
from dragoman.resolve.actors.identity import gender_of, is_other_person
from dragoman.resolve.actors.reading import Reader
from dragoman.resolve.actors.registry import PLACE_KINDS, Registry
from dragoman.resolve.actors.words import Token, fold, keys, tokenize

_APPOSITION = re.compile(
    r",\s+(?:(?:who is|a|an|the|one of)\s+)?(?P<words>[^,;:.()“”\"\n—]{3,110}?)(?=[,;.(—\n]|\s+and\s|\s+who\s|$)"
)
_BRACKETS = re.compile(
    r"((?:[A-Z][\w’'-]*|of|the|and|for|de|du|la|al)(?:\s+(?:[A-Z][\w’'-]*|of|the|and|for|de|du|la|al)){1,9})\s+\(([A-Z][A-Za-z.-]{1,9})\)"
)
# What begins a clause and no apposition: ", whose leader lives in Belgium", ", whom gunmen shot".
RELATIVE = frozenset("whose whom which where when while as and but after before since among whereas".split())
_FINITE = frozenset("said says told is was were are has had have will would did does which that".split())
_TITLE_WORDS = frozenset("of for and the former deputy vice acting interim".split())
# Nouns that stand for the last body named, whatever it is called.
_ANY_BODY = frozenset(
    "institution agency organisation organization body group company firm union movement charity".split()
)
_BODY_REACH = 500  # characters before such a noun in which the body is looked for
_COPULA = re.compile(
    r",?\s+(?P<verb>is|was|who is|who was|became|serves as|served as)\s+(?:also\s+|now\s+|then\s+)?(?:a|an|the)\s+"
    r"(?P<words>[^,;:.()“”\"\n—]{3,90}?)(?=[,;.(—\n]|\s+(?:when|who|and|until|from|since|in|at|at the time)\s|$)"
)
# "Former economy minister X", "ex-economy minister X": the office may be one that no table holds. "Once" is left out: "who once told minister X".
_FORMER_BEFORE = re.compile(
    rf"\b(?i:{'|'.join(sorted(FORMER - {'once'}))}|one-time|disgraced|retired)[\s-]+"
    r"(?:(?!(?:of|to|by|and|for|with|from|in|on|at|as|that|who)\b)[a-z][\w-]*\s+){1,5}$"
)
# "Former president and prime minister X": the first office's "former" holds for the second.
_FORMER_TWICE = re.compile(r"\b[Ff]ormer\s+(?:[\w-]+\s+){1,4}and\s+(?!current\b|now\b)(?:[\w-]+\s+){1,4}$")
_BEFORE = re.compile(
    r"(?:^|[.;:()“”\"\n—]\s*|,\s+|\band\s+)(?P<words>[^,;:.()“”\"\n—]{6,90}),\s+(?:(?:Mr|Mrs|Ms|Miss|Dr|Sir|Dame|Hon|Prof)\.?\s+)*$"
)
_LAST_PHRASE = re.compile(r".*\b(?:the|a|an|his|her|their|its)\s+(?P<words>\S.*)$", re.S)
_KIN = re.compile(
    r"['’]s?\s(?:[a-z-]+\s){0,2}(?:half-|step|grand)?(?:brothers?|sisters?|wife|husband|widow|sons?|daughters?|nephews?|nieces?|cousins?|father|mother|"
    r"family|relatives|lawyers?)\b"
)
_WINDOW = 90  # characters before a name in which its title may stand


@dataclass(frozen=True, slots=True)
class Person:
    """A person named at a place in the text; ``gender`` is "f", "m" or None where nothing tells."""

    at: int
    reading: Reading
    gender: str | None


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
    people: list[Person] = field(default_factory=list)  # in text order
    bodies: list[tuple[int, frozenset[str], Reading]] = field(
        default_factory=list
    )  # organisations in text order: where, their words, their reading
    former: set[str] = field(default_factory=set)  # folded full names called "former" in the article

    def is_person(self, words: str) -> bool:
        """Return whether words are the name of a person of the article, or the last word of one."""
        key = " ".join(keys(words))
        return key in self.names or key.rsplit(" ", 1)[-1] in self.surnames or key in self.parts

    def has_full_name(self, surname: str) -> bool:
        """Return whether the article names somebody of this surname in full: "Paris" is Valeska Paris, not the city."""
        key = " ".join(keys(surname))
        return any(" " in name and name.rsplit(" ", 1)[-1] == key for name in self.names)

    def is_former(self, words: str) -> bool:
        """Return whether the article calls a person "former" somewhere, by full name or as the only one of a surname."""
        key = " ".join(keys(words))
        if key in self.former:
            return True
        bearers = [n for n in self.names if n.rsplit(" ", 1)[-1] == key and " " in n]
        return " " not in key and bool(bearers) and all(n in self.former for n in bearers)

    def body_before(self, at: int, word: str, sectors: tuple[str, ...]) -> Reading | None:
        """Return the organisation that "the ministry" or "the group" means: the last one before that is called so.

        Args:
            at: Where the words stand.
            word: The folded head noun.
            sectors: Sectors that the noun tells; a noun that fits many bodies means the last one of such a sector.
        """
        for start, words, reading in reversed(self.bodies):
            if start >= at:
                continue
            if word in words:
                return reading
            if word in _ANY_BODY and at - start < _BODY_REACH and sectors in ((), reading.sectors[:1]):
                return reading
        return None

    def find(self, words: str) -> Reading | None:
        """Return the reading of a name as the article introduced it."""
        key = " ".join(keys(words))
        last = key.rsplit(" ", 1)[-1]
        full = self.parts.get(key)
        in_full = self.by_name.get(" ".join(keys(full))) if full else None
        known = self.by_surname.get(last)  # holds the fullest reading of this surname
        if key in self.by_name and (" " in key or known is None):
            known = self.by_name[key]
        # "Lo" alone tells nothing, "district judge Katherine Lo Kit-yee" does.
        empty = known is None or not (known.country or known.sectors)
        return in_full if in_full is not None and empty else known

    def add(self, words: str, at: int, reading: Reading) -> None:
        """Remember a name; a fuller reading replaces a poorer one."""
        parts = keys(words)
        if not parts:
            return
        for table, key in ((self.by_name, " ".join(parts)), (self.by_surname, parts[-1])):
            known = table.get(key)
            if known is None or _weight(reading) > _weight(known):
                table[key] = reading
        self.people.append(Person(at, reading, None))


def _weight(reading: Reading) -> tuple[bool, bool, float]:
    return (reading.country is not None, bool(reading.sectors), reading.strength)


def introduce(text: str, names: Sequence[Mention], registry: Registry, reader: Reader) -> Introductions:
    """Return who the article introduces.

    Args:
        text: The article's text.
        names: Mentions of kind PER and ORG, in text order.
        registry: Names and role words.
        reader: Reads one noun phrase.
    """
    found = Introductions()
    # "Peter Okello's brother, John Okello, was charged. Okello denied it": whoever is only named as somebody's kin comes last.
    for name in sorted(names, key=lambda n: _KIN.match(text, n.end) is not None):
        if name.kind == "PER":
            found.names.add(" ".join(keys(name.text)))
            found.surnames.update(keys(name.text)[-1:])
            for part in keys(name.text)[:-1]:
                found.parts.setdefault(part, name.text)
    for name in names:
        if name.kind == "PER":
            reading = _read_person(text, name, registry, reader)
            is_place = (
                reading is not None and reading.entity is not None and reading.entity.kind in PLACE_KINDS
            )
            if is_place and found.has_full_name(name.text):
                continue  # "Paris" after "Valeska Paris"
            if reading is not None:
                found.add(name.text, name.start, reading)
                told = reading.sectors == ("ELI",) and any('called "former"' in w for w in reading.why)
                before = text[max(0, name.start - _WINDOW) : name.start]
                if told or _FORMER_TWICE.search(before) or is_called_former(before):
                    found.former.add(" ".join(keys(name.text)))
        elif name.kind == "ORG":
            _add_body(found, name, reader)
    for match in _BRACKETS.finditer(text):
        _add_acronym(found, match, reader)
    _retire(found)
    _tell_gender(found, text, names)
    return found


def is_called_former(before: str) -> bool:
    """Return whether the words right before a person's name tell a former office: "ex-economy minister ".

    Example:
        >>> is_called_former("One-time fisheries minister "), is_called_former("a former ally of minister ")
        (True, False)
    """
    return _FORMER_BEFORE.search(before) is not None


def retire(reading: Reading) -> Reading:
    """Return the reading of a person whom the article calls "former" elsewhere."""
    if reading.sectors[:1] != ("GOV",):
        return reading
    return replace(reading, sectors=("ELI",), why=(*reading.why, 'called "former" in the article'))


def _retire(found: Introductions) -> None:
    """Let everyone who is called "former" once be it throughout."""
    if not found.former:
        return
    for table in (found.by_name, found.by_surname):
        for key, reading in table.items():
            if found.is_former(key):
                table[key] = retire(reading)
    found.people = [
        replace(p, reading=retire(p.reading)) if p.reading.name and found.is_former(p.reading.name) else p
        for p in found.people
    ]


def _tell_gender(found: Introductions, text: str, names: Iterable[Mention]) -> None:
    """Note for every person what titles and kin words somewhere in the article say of the gender."""
    votes: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    surname: dict[int, str] = {}
    for name in names:
        if name.kind == "PER" and (parts := keys(name.text)):
            surname[name.start] = parts[-1]
            gender = gender_of(text, name.start, name.end)
            if gender:
                votes[parts[-1]][gender] += 1
    found.people = [
        replace(p, gender=_only(votes[surname[p.at]])) if p.at in surname else p for p in found.people
    ]


def _only(votes: collections.Counter[str]) -> str | None:
    return next(iter(votes)) if len(votes) == 1 else None


def _read_person(text: str, name: Mention, registry: Registry, reader: Reader) -> Reading | None:
    start = _title_start(text, name.start, registry)
    titled = reader.around(text[start : name.end], name.start - start, name.end - start)
    if (
        titled is not None
        and titled.entity is not None
        and titled.entity.kind in PLACE_KINDS
        and " " in name.text
    ):
        # The first name is that of a country (Chad Smith): only the title before it says something.
        titled = (reader(text[start : name.start]) if start < name.start else None) or Reading()
        titled = replace(titled, name=name.text, is_name=True)
    if (
        titled is not None
        and titled.entity is not None
        and titled.entity.kind == "person"
        and is_other_person(name.text, titled.entity, registry)
    ):
        before = (reader(text[start : name.start]) if start < name.start else None) or Reading()
        titled = replace(before, name=name.text, is_name=True, country=before.country)
    apposed = _read_apposition(text, name.end, reader)
    if not (titled and titled.sectors) and not (apposed and apposed.sectors):
        apposed = _read_before(text, name, reader) or _read_copula(text, name.end, reader) or apposed
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
    if set(keys(words)[:3]) & _FINITE or RELATIVE.intersection(keys(words)[:1]):
        return None
    reading = reader(words)
    if reading is None or reading.head is None or reading.head.kind not in ("person", "people"):
        return None
    return replace(reading, why=tuple(f"apposition: {w}" for w in reading.why))


def _read_before(text: str, name: Mention, reader: Reader) -> Reading | None:
    """Return the reading of "Another brother and former finance minister, " before a name that a comma follows."""
    if text[name.end : name.end + 1] not in (",", ".") and text[name.end : name.end + 2] != " (":
        return None
    match = _BEFORE.search(text[max(0, name.start - 140) : name.start])
    if match is None:
        return None
    words = match.group("words")
    if set(keys(words)) & _FINITE:
        # "The prime minister had received the American assistant secretary, James O'Brien": only the last noun phrase is his.
        last = _LAST_PHRASE.search(words)
        if last is None or set(keys(last.group("words"))) & _FINITE:
            return None
        words = last.group("words")
    return _as_calling(reader(words), "before the name")


def _read_copula(text: str, end: int, reader: Reader) -> Reading | None:
    """Return the reading of " was the officer in charge of the station" behind a name."""
    match = _COPULA.match(text[end : end + 140])
    if match is None:
        return None
    reading = _as_calling(reader(match.group("words")), match.group("verb"))
    was = match.group("verb").split()[-1] in ("was", "served")
    return retire(reading) if reading is not None and was else reading


def _as_calling(reading: Reading | None, where: str) -> Reading | None:
    """Return a reading whose head is a person with a calling of his own, else None."""
    if reading is None or reading.head is None or not reading.sectors or reading.sectors == ("CVL",):
        return None
    if reading.head.kind not in ("person", "people"):
        return None
    return replace(reading, name=None, why=tuple(f"{where}: {w}" for w in reading.why))


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
    while first < len(tokens) and tokens[first].key in _TITLE_WORDS - FORMER:
        first += 1
    return tokens[first].start if first < len(tokens) else start


def _belongs(token: Token, covered: bool) -> bool:
    return covered or token.is_capital or token.key in _TITLE_WORDS or token.key == "'s"


def _add_body(found: Introductions, name: Mention, reader: Reader) -> None:
    """Remember an organisation, and that "ACC" is the Anti-Corruption Commission of another sentence."""
    words = name.text
    reading = reader(words)
    if reading is None or not (reading.country or reading.sectors):
        return
    if reading.entity is None or reading.entity.kind not in PLACE_KINDS:
        found.bodies.append(
            (name.start, frozenset(keys(words)), replace(reading, name=reading.name or words))
        )
    capitals = [w for w in re.findall(r"[^\W_]+", words) if w[0].isupper()]
    if len(capitals) < 2 or len(words.split()) > 9:
        return
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
