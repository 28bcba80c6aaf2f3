"""Actor dictionaries of PETRARCH, PETRARCH2 and TABARI → rows.

A dictionary has a line per name, ``NAME_OF_IT_ [CODE]``, then synonyms with a plus sign, ``+OTHER_NAME_``, and codes
with days, ``[CODE 010120-090119]``, on the name's line or on lines that begin with a blank. A code is made of groups of
three letters: a country or a kind of organisation, then what the actor is. Agents and verbs are passed over.

Choices: names are in capitals there and are spelt as names here, since capitals would be demanded of the text;
``>`` means from that day on, ``<`` until the day before; two-digit years are 1931 to 2030; names with a bare country code
become aliases of the state, those that the packaged tables have for that state left out.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from dragoman.resolve.actors.imports.found import Found, Item, Skipped, is_utf8, load_codes
from dragoman.resolve.actors.own import ActorRow
from dragoman.resolve.actors.words import keys

_CODE: Final = re.compile(r"\[([^\[\]]*)\]")
_SMALL: Final = frozenset(
    "of the and for in on to de del la las los du des da do dos von van der den bin ibn e y".split()
)
_VERB_LINE: Final = re.compile(r"---|&|[-~] ")  # how lines of verb and synonym sets begin
_LOOKED_AT: Final = 500  # first lines by which a file of verbs is known
# Abbreviations that are no acronyms.
_PLAIN: Final = frozenset("JR SR INC CORP LTD CO DR MR MRS ST PLC".split())
_DATED: Final = re.compile(r"([<>]?)\s*(\d{6}|\d{8})(?:-(\d{6}|\d{8}))?$")
_BRACKETED: Final = re.compile(r"\(([A-Z][A-Z.\-]{1,9})\)")
_BRACKETS: Final = re.compile(r"\([^)]*\)")
_MARKS: Final = re.compile(r'[_+\]\[()"]')
_VOWEL: Final = re.compile("[AEIOUYaeiouy]|[^\x00-\x7f]")
_GROUPS: Final = frozenset({"REB", "PRM", "UAF", "CRM"})
_KINDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(_GROUPS, "group"), "PTY": "party", "BUS": "company", "JRN": "media",
    **dict.fromkeys(("SOC", "LAB", "REL", "AGR", "REF"), "ngo"),
}  # fmt: skip
_ORGANISATIONS: Final[Mapping[str, tuple[str, str, str]]] = {  # first group → country, sector of all, kind
    "IGO": ("IGO", "", "igo"),
    "NGO": ("NGO", "SOC", "ngo"),
    "NGM": ("NGO", "SOC", "ngo"),
    "MNC": ("MNC", "BUS", "company"),
    "IMG": ("IMG", "REB", "group"),
}


@dataclass(frozen=True, slots=True)
class States:
    """What the packaged tables say: names of the states by code, acronyms, and the countries of every alias."""

    names: Mapping[str, str]
    acronyms: Collection[str]
    countries: Callable[[str], Collection[str | None]]


@dataclass(frozen=True, slots=True)
class _Code:
    """A code read: country, sectors, kind, and the days on which it holds."""

    country: str
    sectors: tuple[str, ...]
    kind: str
    since: str = ""
    until: str = ""

    @property
    def is_dated(self) -> bool:
        return bool(self.since or self.until)


@dataclass(slots=True)
class _Entry:
    """A name with its synonyms and codes as they stand in the file."""

    line: int
    names: list[str]
    codes: list[tuple[int, str]] = field(default_factory=list)


class _NotRead(Exception):
    """A code that gives no row: a reason and a detail."""


def iter_petrarch(lines: Iterable[str], *, file: str, states: States) -> Iterator[Item]:
    """Yield the rows of one dictionary, and every line or code that gives none.

    Args:
        lines: The file's lines, undecodable bytes as surrogates.
        file: The file's name for messages.
        states: What the packaged tables say.
    """
    bare: dict[tuple[str, str, str], tuple[int, dict[str, None]]] = {}
    for part in _entries(lines, file):
        if isinstance(part, Skipped):
            yield part
            continue
        yield from _rows(part, file, states, bare)
    for (country, since, until), (line, aliases) in bare.items():
        name = states.names[country]
        row = ActorRow(
            name, country, (), "country", country, tuple(a for a in aliases if a != name), since, until
        )
        yield Found(file, line, row)


def _entries(lines: Iterable[str], file: str) -> Iterator[_Entry | Skipped]:
    entry: _Entry | None = None
    numbered = enumerate(lines, 1)
    head = list(itertools.islice(numbered, _LOOKED_AT))
    if any(_VERB_LINE.match(line) for _, line in head):
        for number, _ in itertools.chain(head, numbered):
            yield Skipped(file, number, "not_actors")
        return
    for number, raw in itertools.chain(head, numbered):
        if not is_utf8(raw):
            yield Skipped(file, number, "not_utf8")
            continue
        words = re.split("[#;]", raw, maxsplit=1)[0].replace("\x1a", "").rstrip()
        if not words.strip():
            yield Skipped(file, number, "comment")
            continue
        if "[~" in words or words.startswith("!"):
            yield Skipped(file, number, "role_word")
            continue
        codes = [(number, code.strip()) for code in _CODE.findall(words)]
        name = words.split("[", 1)[0].strip()
        if name.startswith("+") or not name:
            if entry is None or not (codes or name.strip("+_ ")):
                yield Skipped(file, number, "bad_row", f'"{words.strip()[:60]}" belongs to no name')
                continue
            if name:
                entry.names.append(name.removeprefix("+"))
        else:
            if entry is not None:
                yield entry
            entry = _Entry(number, [name])
        entry.codes += codes
    if entry is not None:
        yield entry


def _rows(
    entry: _Entry, file: str, states: States, bare: dict[tuple[str, str, str], tuple[int, dict[str, None]]]
) -> Iterator[Item]:
    """Yield the rows of one entry; those with a bare country code are gathered in ``bare`` instead."""
    read: list[tuple[int, _Code]] = []
    unread: list[tuple[int, str, str]] = []
    for line, words in entry.codes:
        try:
            read.append((line, _read_code(words, states.names)))
        except _NotRead as error:
            reason, detail = error.args
            unread.append((line, reason, detail))
    person = _is_person([code for _, code in read])
    # A part of a person's name may look like an acronym, as in "Ama".
    names = _spell_all(entry.names, () if person else states.acronyms)
    if not names:
        yield Skipped(file, entry.line, "no_name", f'"{entry.names[0][:60]}" holds no word')
        return
    if not entry.codes:
        yield Skipped(file, entry.line, "no_code", f'"{names[0]}"')
    for line, reason, detail in unread:
        yield Skipped(file, line, reason, f'"{names[0]}": {detail}')
    read.sort(key=lambda pair: not pair[1].is_dated)  # of rows that hold, the first counts
    for line, code in read:
        if code.kind == "country":
            new = dict.fromkeys(n for n in names if code.country not in states.countries(n))
            if not new:
                yield Skipped(file, line, "known", f'"{names[0]}" for {code.country}')
                continue
            bare.setdefault((code.country, code.since, code.until), (line, {}))[1].update(new)
            continue
        kind = "person" if person else code.kind
        yield Found(
            file, line,
            ActorRow(names[0], code.country, code.sectors, kind, "", tuple(names[1:]), code.since, code.until),
        )  # fmt: skip


def _is_person(codes: Iterable[_Code]) -> bool:
    """Return whether codes are those of a person: offices with days, or the former elite."""
    own = [code for code in codes if code.kind != "country"]
    if any(_GROUPS & set(code.sectors) for code in own):
        return False
    return any(code.is_dated or "ELI" in code.sectors for code in own)


def _read_code(words: str, states: Mapping[str, str]) -> _Code:
    """Return what "AFGGOVMIL 010120-040131" says."""
    code, _, days = words.partition(" ")
    since, until = _read_days(days.strip(), words)
    codes = load_codes("cameo.csv")
    renamed, territories, sector_of = codes["state"], codes["territory"], codes["sector"]
    if len(code) < 3 or len(code) % 3 or not code.isalpha():
        raise _NotRead("unknown_code", f'"{code}" is not made of groups of three letters')
    first, *rest = (code[at : at + 3] for at in range(0, len(code), 3))
    country = renamed.get(first) or territories.get(first, first)
    is_territory = first in territories
    if rest and territories.get(rest[0]) == country:
        rest, is_territory = rest[1:], True
    sectors = list(dict.fromkeys(sector_of[group] for group in rest if group in sector_of))
    if not sectors and codes["religion"].keys() & set(rest):
        sectors = ["REL"]
    if first in _ORGANISATIONS:
        return _organisation(first, rest, sectors, states, (since, until))
    if country not in states:
        raise _NotRead("unknown_code", f'"{first}" of "{code}" is no country')
    if rest and not sectors:
        raise _NotRead("no_sector", f'"{"".join(rest)}" of "{code}" names no sector')
    kind = _KINDS.get(sectors[0], "institution") if sectors else "region" if is_territory else "country"
    return _Code(country, tuple(sectors), kind, since, until)


def _organisation(
    first: str, rest: list[str], sectors: list[str], states: Mapping[str, str], days: tuple[str, str]
) -> _Code:
    """Return the code of an organisation; a company or an NGO of one country is coded to it."""
    country, usual, kind = _ORGANISATIONS[first]
    renamed, territories = load_codes("cameo.csv")["state"], load_codes("cameo.csv")["territory"]
    home = renamed.get(rest[0]) or territories.get(rest[0], rest[0]) if rest else ""
    if country == "IGO":
        country = "UNO" if rest[:1] == ["UNO"] else "EUR" if rest[:2] == ["EUR", "EEC"] else "IGO"
    elif country != "IMG" and home in states:
        country = home
    if first == "MNC":
        sectors, kind = (
            (["JRN"], "media") if "JRN" in sectors else (["BUS", *(s for s in sectors if s != "BUS")], kind)
        )
    elif usual and (not sectors or first == "IMG"):
        sectors = [usual]
    return _Code(country, tuple(sectors), kind, *days)


def _read_days(words: str, code: str) -> tuple[str, str]:
    if not words:
        return "", ""
    found = _DATED.match(words)
    if found is None:
        raise _NotRead("bad_date", f'"{words}" of "[{code}]" is not a span of days')
    sign, first, last = found.groups()
    try:
        since, until = _day(first), _day(last) if last else None
    except ValueError as error:
        raise _NotRead("bad_date", f'"{words}" of "[{code}]" is not a span of days') from error
    if sign == "<":
        return "", (since - timedelta(days=1)).isoformat()
    if until is None:
        return since.isoformat(), ""
    if until < since:
        raise _NotRead("bad_date", f'"[{code}]" ends before it begins')
    return since.isoformat(), until.isoformat()


def _day(digits: str) -> date:
    if len(digits) == 6:  # years have two digits; the dictionaries reach from the 1930s to the 2010s
        digits = ("20" if digits[:2] <= "30" else "19") + digits
    return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))


def _spell_all(raw: Iterable[str], acronyms: Collection[str]) -> list[str]:
    """Return the names of an entry as people write them, without repeats; an acronym in brackets is a name of its own."""
    plain: list[str] = []
    for name in raw:
        inner = _BRACKETED.findall(name) if "(" in name else []
        outer = _BRACKETS.sub(" ", name) if "(" in name else name
        plain += [" ".join(_MARKS.sub(" ", n).split()) for n in (outer, *inner)]
    initials = {i for name in plain if " " in name for i in _initials(name)}
    return list(dict.fromkeys(spell(name, acronyms, initials) for name in plain if keys(name)))


def _initials(name: str) -> tuple[str, str]:
    """Return the first letters of all words of a name, and of all but the small ones."""
    words = name.replace("-", " ").split()
    return "".join(w[0] for w in words), "".join(w[0] for w in words if w.lower() not in _SMALL)


def spell(name: str, acronyms: Collection[str], initials: Collection[str] = ()) -> str:
    """Return a name in capitals as people write it; acronyms and initials of the actor's other names stay as they are.

    Example:
        >>> spell("MINISTRY OF WAR", ()), spell("UN ENVOY", {"UN"}), spell("AL-QAEDA", ()), spell("PKK", ())
        ('Ministry of War', 'UN Envoy', 'Al-Qaeda', 'PKK')
    """
    words = name.split()
    out = []
    for n, word in enumerate(words):
        alone = len(words) == 1 and len(word) <= 3
        if word in _PLAIN or word[0].isdigit():
            out.append(word.capitalize())
        elif alone or word in acronyms or word in initials or "." in word or not _VOWEL.search(word):
            out.append(word)
        elif n and word.lower() in _SMALL:
            out.append(word.lower())
        else:
            out.append("-".join(part.capitalize() for part in word.split("-")))
    return " ".join(out)
