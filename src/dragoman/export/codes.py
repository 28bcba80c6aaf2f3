"""Codes of other people's tables: CAMEO events and actors, names and numbers of countries, sector words of ICEWS.

In: the data files of this folder. Out: look-ups in both directions; what a table does not hold is None, never an error.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

Sides = tuple[str | None, tuple[str, ...]]  # country and sectors of an actor
_STATE_ORGANS = frozenset({"MIL", "COP", "JUD", "LEG", "SPY", "PTY"})


def load_rows(table: str) -> list[dict[str, str]]:
    """Return the rows of a packaged CSV file of this folder; lines that begin with "#" are its comment."""
    text = resources.files("dragoman.export").joinpath(table).read_text("utf-8")
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))


@dataclass(frozen=True, slots=True)
class Cameo:
    """A CAMEO code, what it is in PLOVER, and its score on Goldstein's scale, −10 to 10."""

    code: str
    event_type: str
    mode: str | None
    contexts: tuple[str, ...]
    goldstein: float


@functools.cache
def load_cameo() -> Mapping[str, Cameo]:
    """Return what every CAMEO code is in PLOVER.

    Source: CAMEO2PLOVER-2021, openeventdata/PLOVER, CC BY-SA 4.0; cameo.csv says what was changed.
    """
    return {
        row["code"]: Cameo(
            row["code"], row["event_type"], row["mode"] or None,
            tuple(c for c in row["contexts"].split(";") if c), float(row["goldstein"]),
        )
        for row in load_rows("cameo.csv")
    }  # fmt: skip


@functools.cache
def find_cameo(code: str) -> Cameo | None:
    """Return the row of a code, else that of the nearest code above it; None where PLOVER has no type for it.

    Example:
        >>> find_cameo("1951").code, find_cameo("02")
        ('195', None)
    """
    table = load_cameo()
    while len(code) >= 2:
        if code in table:
            return table[code]
        code = code[:-1]
    return None


@functools.cache
def to_cameo_code(words: str, *, roots: bool = True) -> str | None:
    """Return a CAMEO code with the zero that spreadsheets take from it, None for what is none.

    Args:
        words: As it stands in a table.
        roots: Whether the table has codes of two digits; else "13" is 013 and not the root 13.

    Example:
        >>> to_cameo_code("42"), to_cameo_code("0331"), to_cameo_code("331"), to_cameo_code("13", roots=False), to_cameo_code("---")
        ('042', '0331', '0331', '013', None)
    """
    if not (words.isascii() and words.isdigit() and len(words) <= 4):
        return None
    if not roots and len(words) == 2 and not words.startswith("0"):
        words = "0" + words
    if not "01" <= words[:2] <= "20" or len(words) < 2:
        words = "0" + words
    return words if "01" <= words[:2] <= "20" and 2 <= len(words) <= 4 else None


def cameo_quad(code: str) -> int:
    """Return the quad class of a CAMEO code as GDELT counts it, 1 to 4.

    Source: GDELT event codebook, field QuadClass.
    """
    root = code[:2]
    return 1 if root <= "05" else 2 if root <= "08" else 3 if root <= "13" else 4


def penta_class(code: str) -> int:
    """Return the class of a CAMEO code as Phoenix counts it, 0 to 4; 16 is verbal conflict there.

    Source: Phoenix pipeline, root codes of the classes.
    """
    return 0 if code[:2] <= "02" else 3 if code[:2] == "16" else cameo_quad(code)


@dataclass(frozen=True, slots=True)
class Country:
    """A country: ISO alpha-3 code, name, codes of FIPS 10-4, the Correlates of War and CAMEO, the usual one first."""

    code: str
    name: str
    aliases: tuple[str, ...]
    fips: tuple[str, ...]
    cow: str
    cameo: tuple[str, ...]


@functools.cache
def load_countries() -> Mapping[str, Country]:
    """Return every country by its ISO alpha-3 code, KOS for Kosovo."""

    def several(words: str) -> tuple[str, ...]:
        return tuple(w for w in words.split(";") if w)

    return {
        row["code"]: Country(
            row["code"], row["name"], several(row["aliases"]), several(row["fips"]), row["cow"],
            several(row["cameo"]) or (row["code"],),
        )
        for row in load_rows("countries.csv")
    }  # fmt: skip


@functools.cache
def _by_name() -> Mapping[str, str]:
    pairs = [(name, c.code) for c in load_countries().values() for name in (*c.aliases, c.name)]
    return {name.casefold(): code for name, code in pairs}


@functools.cache
def _by_fips() -> Mapping[str, str]:
    return {fips: c.code for c in load_countries().values() for fips in c.fips}


@functools.cache
def _by_cameo() -> Mapping[str, str]:
    countries = load_countries()
    return {**{c: c for c in countries}, **{code: c.code for c in countries.values() for code in c.cameo}}


@functools.cache
def load_actor_codes() -> Mapping[str, Mapping[str, str]]:
    """Return the codes of actors: kind, then code, then what it means here."""
    out: dict[str, dict[str, str]] = {}
    for row in load_rows("actor_codes.csv"):
        out.setdefault(row["kind"], {})[row["code"]] = row["value"]
    return out


def name_of(country: str | None) -> str:
    """Return the name of a country, empty for none."""
    found = load_countries().get(country or "")
    return found.name if found else ""


def country_named(name: str) -> str | None:
    """Return the code of a country by its name or its alpha-3 code."""
    return name if name in load_countries() else _by_name().get(name.casefold())


def country_of_fips(code: str) -> str | None:
    """Return the alpha-3 code of a country by its code of FIPS 10-4."""
    return _by_fips().get(code)


def fips_of(country: str | None) -> str:
    """Return the FIPS 10-4 code of a country, empty for none."""
    found = load_countries().get(country or "")
    return found.fips[0] if found and found.fips else ""


def cow_of(country: str | None) -> str:
    """Return the number of a country in the Correlates of War's state system, empty for none."""
    found = load_countries().get(country or "")
    return found.cow if found else ""


def _state(group: str) -> str | None:
    territory = load_actor_codes()["territory"].get(group)
    return territory or _by_cameo().get(group)


@functools.cache
def read_actor(code: str) -> Sides:
    """Return country and sectors of a CAMEO actor code such as "USAMIL" or "IGOUNO".

    Groups that are neither, such as peoples and single organisations, are passed over. "EUR" without "EEC" is the region. A
    company or an NGO of one country is coded to it.

    Example:
        >>> read_actor("USAMED"), read_actor("IGOEUREEC"), read_actor("COP")
        (('USA', ('JRN',)), ('EUR', ()), (None, ('COP',)))
    """
    codes = load_actor_codes()
    groups = [code[at : at + 3] for at in range(0, len(code) - 2, 3)]
    sectors = list(dict.fromkeys(codes["sector"][g] for g in groups if g in codes["sector"]))
    if not sectors and codes["religion"].keys() & set(groups):
        sectors = ["REL"]
    first, rest = (groups[0], groups[1:]) if groups else ("", [])
    country = codes["organisation"].get(first)
    if first == "IGO":
        country = next((codes["body"][g] for g in rest if g in codes["body"]), country)
    elif country in ("MNC", "NGO") and (home := next((state for g in rest if (state := _state(g))), None)):
        country, sectors = home, sectors or ["BUS" if country == "MNC" else "SOC"]
    return (country or _state(first), tuple(sectors))


def write_actor(country: str | None, sectors: Sequence[str]) -> str:
    """Return the CAMEO actor code of country and first sector.

    Example:
        >>> write_actor("USA", ["JRN"]), write_actor("UNO", [])
        ('USAMED', 'IGOUNO')
    """
    written = load_actor_codes()["written"]
    group = written.get(sectors[0], sectors[0]) if sectors and sectors[0] != "UNK" else ""
    return entity_code(country) + group


def entity_code(country: str | None) -> str:
    """Return the CAMEO code of a country or kind of organisation, empty for none."""
    if country is None:
        return ""
    special = {"UNO": "IGOUNO", "EUR": "IGOEUREEC"}
    found = load_countries().get(country)
    return special.get(country) or (found.cameo[0] if found else country)


@functools.lru_cache(maxsize=100_000)
def read_icews(name: str, sectors: str, country: str) -> Sides:
    """Return country and sectors of an actor of ICEWS.

    "Government" beside a finer organ of the state is left out.

    Example:
        >>> read_icews("Army (Ghana)", "Government,Military", "Ghana")
        ('GHA', ('MIL',))
    """
    codes = load_actor_codes()
    words = [w.strip().lower() for w in sectors.split(",")]
    kinds = codes["icews_organisation"]
    organisation = next((value for w in words for key, value in kinds.items() if key in w), None)
    own = [w for w in words if not any(key in w for key in kinds)]
    found = list(
        dict.fromkeys(s for w in own if (s := next((v for k, v in codes["icews"].items() if k in w), None)))
    )
    if _STATE_ORGANS & set(found) and "GOV" in found:
        found.remove("GOV")
    # In ICEWS a country stands for its government and its name is the actor's.
    state = country_named(country.strip())
    return (state or codes["name"].get(name.strip().lower()) or organisation, tuple(found))


def write_icews(country: str | None, sectors: Sequence[str]) -> tuple[str, str]:
    """Return the sectors and the country of an actor as ICEWS writes them."""
    codes = load_actor_codes()
    written = [codes["icews_written"][s] for s in sectors if s in codes["icews_written"]]
    if country is not None and not name_of(country):
        code = {"UNO": "IGO", "EUR": "IGO"}.get(country, country)
        kind = next((words for words, value in codes["icews_organisation"].items() if value == code), "")
        written = [w for w in (kind.title(), *written) if w]
    return ",".join(written), name_of(country)


@functools.cache
def load_folds() -> Mapping[tuple[str, str], str | None]:
    """Return what modes of earlier versions of PLOVER become: (type, mode) → mode, None for none."""
    return {(row["event_type"], row["mode"]): row["becomes"] or None for row in load_rows("folds.csv")}
