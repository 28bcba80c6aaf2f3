"""Whether two names are one person, and the day at which an undated article counts office-holders.

"Basil Rajapaksa" is not the Rajapaksa who was president, though the surname alone means him. In: names and entries of
the registry. Out: yes or no, and days.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import replace
from datetime import date
from typing import Final

from dragoman.records import Mention, Parsed
from dragoman.resolve.actors.registry import Entry, Registry
from dragoman.resolve.actors.words import fold, keys, tokenize

# Words before a name that are no part of it, and particles inside names.
_NOT_GIVEN: Final = frozenset(
    "mr mrs ms miss dr sir madam lady lord sheikh shaikh sheik imam hajj haji ayatollah pope father fr rev sayyid sayed "
    "king queen prince princess emir sultan crown don dona senor pastor bishop archbishop cardinal rabbi mullah maulana "
    "gen general col colonel maj major lt capt captain sgt admiral brig brigadier marshal justice judge president minister "
    "premier chancellor senator sen rep mp hon honourable honorable prof professor governor gov secretary chief comrade "
    "bin ibn bint al el de la da del van von der ben abu ould u daw ko pm his her highness majesty excellency the and".split()
)
_BEHIND: Final = re.compile(r",\s+(?:a|an|the|his|her|\d+)?\s*[\w’' -]{3,45}")
_FEMALE: Final = frozenset(
    "ms mrs miss madam madame lady queen princess duchess mme sra senora sister daughter mother wife widow aunt niece "
    "spokeswoman chairwoman businesswoman congresswoman councilwoman policewoman actress woman girl girlfriend sheikha begum".split()
)
_MALE: Final = frozenset(
    "mr sir king prince emir sultan lord don son father brother husband uncle nephew spokesman chairman businessman "
    "congressman councilman policeman actor man boy boyfriend sheikh imam pope father bishop cardinal ayatollah".split()
)
_LEAST_ALIKE: Final = 0.7  # share of common letters at which two given names are spellings of one
_HEAD_TITLE: Final = re.compile(
    r"(?P<past>\b(?:[Ff]ormer|[Ee]x|[Tt]hen|[Ll]ate|[Ii]nterim)[\s-]+(?:\w+\s+)?)?\b(?P<title>President|Prime Minister|Chancellor)\s+$"
)
_SECOND_HALF: Final = re.compile(r"-([a-z]{2,7}|[A-Z][a-z]\w{1,20})\b(?!-)")
_COMPOUNDS: Final = frozenset(
    "era led backed style like owned run loyal allied based held linked aligned inspired born".split()
)
_YEAR: Final = re.compile(r"(?<![\d.,])(?:19[89]\d|20[0-4]\d)(?![\d,]|\.\d)")


def is_other_person(name: str, entry: Entry, registry: Registry) -> bool:
    """Return whether a full name shares only its surname with a person of the registry.

    Args:
        name: A person's name as the text has it, without title.
        entry: Whom the registry takes it for.
        registry: The aliases.

    Example: "Basil Rajapaksa" is not Mahinda Rajapaksa; "Mahathir bin Mohamad" and "V. Putin" are whom they seem to be.
    """
    tokens = tokenize(name)
    given = [t for t in tokens if t.key not in _NOT_GIVEN and len(t.text) > 1 and t.is_capital]
    if len(given) < 2:
        return False
    covered: set[str] = set()
    for hit in registry.find_names(tokens):
        if any(e.entity_id == entry.entity_id for e in hit.entries):
            covered |= {t.key for t in tokens[hit.first : hit.last]}
    own = keys(entry.name)
    rest = [t.key for t in given if t.key not in covered and t.key not in own]
    if not rest:
        return False
    # A spelling of one of the known names, or a middle name beside a known given one, does not make another person.
    if len([t for t in given if t.key in own or t.key in covered]) >= 2:
        return False
    return not any(_alike(word, known) for word in rest for known in own)


def _alike(word: str, known: str) -> bool:
    return word[:1] == known[:1] and difflib.SequenceMatcher(None, word, known).ratio() >= _LEAST_ALIKE


def holder_of(
    title: str, name: str, registry: Registry, *, on: date | None, country: str | None
) -> Entry | None:
    """Return who of a surname holds an office on a day, if that is one person: "Prime Minister Sharif" of 2024 is Shehbaz Sharif.

    Args:
        title: The office, as a role word.
        name: The surname.
        registry: The offices.
        on: The day; None knows nobody.
        country: Where the holder must be from; None for anywhere.
    """
    if on is None:
        return None
    found = {
        e.entity_id: e
        for e in registry.surnames.get(fold(name), ())
        if e.office == fold(title) and e.is_valid(on) and country in (None, e.country)
    }
    return next(iter(found.values())) if len(found) == 1 else None


def whole_name(person: Mention, text: str) -> Mention:
    """Return a person's name with the half behind a hyphen that the encoder left out ("Chan Tai-man", "Lysenko-Hai")."""
    rest = _SECOND_HALF.match(text[person.end : person.end + 20])
    if rest is None or " " not in person.text or rest.group(1) in _COMPOUNDS:
        return person
    end = person.end + rest.end()
    return replace(person, end=end, text=text[person.start : end])


def office_day(parsed: Parsed, registry: Registry) -> date | None:
    """Return the day at which office-holders count: publication, or else the end of the newest year that is told of.

    An article without years was written after the last of those took office whom it calls president or prime minister.

    Args:
        parsed: The article; years that are still to come are plans and do not count.
        registry: Names, with the terms of office-holders.
    """
    if parsed.article.published_on is not None:
        return parsed.article.published_on
    now = date.today().year
    years = [y for y in (int(m.group()) for m in _YEAR.finditer(parsed.article.text)) if y <= now]
    if years:
        return date(max(years), 12, 31)
    return max(
        (day for m in parsed.mentions if m.kind == "PER" and (day := _in_office(m, parsed, registry))),
        default=None,
    )


def _in_office(person: Mention, parsed: Parsed, registry: Registry) -> date | None:
    """Return the end of the first year in office of somebody whom the text gives the title of a head, else None."""
    title = _HEAD_TITLE.search(parsed.article.text[max(0, person.start - 40) : person.start])
    if title is None or title.group("past"):
        return None
    tokens = tokenize(person.text)
    held = [
        e
        for hit in registry.find_names(tokens)
        if hit.last == len(tokens)
        for e in hit.entries
        if e.kind == "person"
    ]
    if not held or len({e.entity_id for e in held}) > 1:
        return None
    terms = [e for e in held if fold(e.office or "") == fold(title.group("title")) and e.since is not None]
    first = min(terms, key=lambda e: e.since or date.max, default=None)
    if first is None or first.since is None:
        return None
    return min(first.until or date.max, date(first.since.year, 12, 31))


def gender_of(text: str, start: int, end: int) -> str | None:
    """Return "f" or "m" where the words right around a person's name say it, else None.

    Args:
        text: The article.
        start: Where the name starts.
        end: Where it ends, exclusive.
    """
    before = [*keys(text[max(0, start - 60) : start].rsplit(".\n", 1)[-1])[-5:], *keys(text[start:end])[:-1]]
    behind = _BEHIND.match(text[end : end + 60])
    for word in (*reversed(before), *(keys(behind.group()) if behind else ())):
        if word in _FEMALE or word in _MALE:
            return "f" if word in _FEMALE else "m"
    return None
