"""A subset of Wikidata's JSON → rows: entities of a dump, and results of a query.

Of an entity are read: ``labels`` and ``aliases`` in English, ``descriptions``, and the claims P31 (what it is), P27 or P17
(its state), P298 (its state's code), P39 (offices, with P580 and P582 for their first and last day), P102 (party) and
P571 and P576 (first and last day of an organisation). Of a query's result: the columns ``item``, ``itemLabel``,
``countryCode``, ``positionLabel``, ``start``, ``end``, ``altLabel`` and ``kind``.

Choices: the sector of a person is that of the first role word in the office, else in the description; a party alone
gives PTY. Claims that are deprecated, and all but the preferred states where some are preferred, are passed over.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from dragoman.resolve.actors.imports.found import Found, Item, Skipped, is_utf8, load_codes
from dragoman.resolve.actors.own import ActorRow

_ITEM: Final = re.compile(r"(?:.*/)?(Q\d+)$")
_TIME: Final = re.compile(r"\+?(\d{4})-(\d\d)-(\d\d)(?:T.*)?$")
_QUERY_COLUMNS: Final = frozenset({"item", "itemLabel"})
SectorOf = Callable[[str], str | None]


class _NotRead(Exception):
    """An entity that gives no row: a reason and a detail."""


@dataclass(frozen=True, slots=True)
class _Office:
    words: str
    since: str
    until: str


def _states() -> Mapping[str, str]:
    return load_codes("wikidata.csv")["state"]


def iter_wikidata(lines: Iterable[str], *, file: str, sector_of: SectorOf) -> Iterator[Item]:
    """Yield the rows of a file: one entity per line, or a JSON document with entities or with results of a query.

    Args:
        lines: The file's lines, undecodable bytes as surrogates.
        file: The file's name for messages; a JSON document's lines are its items, counted from 1.
        sector_of: The sector of the first role word of an office's name.
    """
    results: dict[tuple[str, ...], Found] = {}
    for number, thing in _things(lines, file):
        if isinstance(thing, Skipped):
            yield thing
            continue
        try:
            flat = {k: _plain(v) for k, v in thing.items()} if thing.keys() >= _QUERY_COLUMNS else None
            rows = _of_result(flat, sector_of) if flat is not None else _of_entity(thing, sector_of)
        except _NotRead as error:
            reason, detail = error.args
            yield Skipped(file, number, reason, detail)
            continue
        except (AttributeError, TypeError, KeyError, IndexError, ValueError) as error:
            yield Skipped(
                file, number, "bad_row", f"not an entity or a result: {type(error).__name__} {error}"
            )
            continue
        if flat is None:
            yield from (Found(file, number, row) for row in rows)
            continue
        for row in rows:  # a query gives a line per alias
            before = results.get(row.same())
            aliases = (*before.row.aliases, *row.aliases) if before else row.aliases
            line = before.line if before else number
            results[row.same()] = Found(file, line, _with_aliases(row, aliases))
    yield from results.values()


def _with_aliases(row: ActorRow, aliases: Iterable[str]) -> ActorRow:
    own = tuple(dict.fromkeys(a for a in aliases if a and a != row.name))
    return ActorRow(
        row.name, row.country, row.sectors, row.kind, row.id, own, row.since, row.until, row.office
    )


def _things(lines: Iterable[str], file: str) -> Iterator[tuple[int, dict[str, Any] | Skipped]]:
    """Yield number and object of every entity or result."""
    numbered = enumerate(lines, 1)
    head: list[tuple[int, str]] = []
    for number, line in numbered:
        head.append((number, line))
        if line.strip() not in ("", "["):
            break
    if not head or not _stands_alone(head[-1][1]):
        yield from _document("".join(line for _, line in itertools.chain(head, numbered)), file)
        return
    for number, line in itertools.chain(head, numbered):
        words = line.strip().rstrip(",")
        if words in ("", "[", "]"):
            yield number, Skipped(file, number, "comment")
        elif not is_utf8(words):
            yield number, Skipped(file, number, "not_utf8")
        else:
            thing = _loads(words)
            known = isinstance(thing, dict)
            yield number, thing if known else Skipped(file, number, "bad_row", "not a JSON object")


def _stands_alone(line: str) -> bool:
    """Return whether a line is an entity or a result of its own, not the beginning of a longer document."""
    thing = _loads(line.strip().rstrip(","))
    return isinstance(thing, dict) and "head" not in thing


def _loads(words: str) -> Any:
    try:
        return json.loads(words)
    except (ValueError, RecursionError):
        return None


def _document(text: str, file: str) -> Iterator[tuple[int, dict[str, Any] | Skipped]]:
    if not is_utf8(text):
        yield 1, Skipped(file, 1, "not_utf8")
        return
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        yield 1, Skipped(file, getattr(error, "lineno", 1), "bad_row", f"not JSON: {error}")
        return
    if isinstance(found, dict):
        if isinstance(found.get("results"), dict):
            found = found["results"].get("bindings")
        elif isinstance(found.get("entities"), dict):
            found = list(found["entities"].values())
        else:
            found = [found]
    if not isinstance(found, list):
        yield 1, Skipped(file, 1, "bad_row", "neither entities nor results of a query")
        return
    for number, thing in enumerate(found, 1):
        known = isinstance(thing, dict)
        yield number, thing if known else Skipped(file, number, "bad_row", "not a JSON object")


def _plain(value: Any) -> str:
    """Return a cell of a query's result: {"value": …} in the long form, a string in the short one."""
    words = value.get("value", "") if isinstance(value, dict) else value
    return words.strip() if isinstance(words, str) else ""


def _of_result(row: Mapping[str, str], sector_of: SectorOf) -> list[ActorRow]:
    """Return the row of a query's result."""
    item, name = _ITEM.match(row["item"]), row["itemLabel"]
    if item is None or not name or re.fullmatch(r"Q\d+", name):
        raise _NotRead("no_name", f'"{row["item"]}" has no label')
    country = row.get("countryCode", "").upper()
    if not re.fullmatch("[A-Z]{3}", country):
        raise _NotRead("no_country", f'"{name}": the column countryCode holds "{country}"')
    office = row.get("positionLabel", "")
    sector = sector_of(office)
    since, until = (_time(row.get(column, "")) for column in ("start", "end"))
    aliases = [part.strip() for part in re.split(r"[;|]", row.get("altLabel", ""))]
    kind = row.get("kind") or "person"
    return [
        _with_aliases(
            ActorRow(name, country, (sector,) if sector else (), kind, item[1], (), since, until, office),
            aliases,
        )
    ]


def _of_entity(entity: Mapping[str, Any], sector_of: SectorOf) -> list[ActorRow]:
    """Return the rows of an entity: one per office of a person, one for an organisation."""
    name = entity.get("labels", {}).get("en", {}).get("value", "").strip()
    if not name or not isinstance(entity.get("id"), str):
        raise _NotRead("no_name", f'"{entity.get("id")}" has no English label')
    claims = entity.get("claims") or {}
    types = load_codes("wikidata.csv")["type"]
    kinds = [types[i] for i in _items(claims, "P31") if i in types]
    if not kinds:
        raise _NotRead("no_kind", f'"{name}": P31 is none of those that are known')
    kind, _, sector = kinds[0].partition(" ")
    country = "IGO" if kind == "igo" else _country(claims)
    if country is None:
        raise _NotRead("no_country", f'"{name}": neither P27, P17 nor P298 gives a state that is known')
    aliases = [a["value"].replace(";", ",").strip() for a in entity.get("aliases", {}).get("en", ())]
    if kind != "person":
        since, until = _first_time(claims, "P571"), _first_time(claims, "P576")
        row = ActorRow(name, country, (sector,) if sector else (), kind, entity["id"], (), since, until)
        return [_with_aliases(row, aliases)]
    described = entity.get("descriptions", {}).get("en", {}).get("value", "")
    usual = sector_of(described) or ("PTY" if _items(claims, "P102") else None)
    rows = []
    for office in _offices(claims) or [_Office("", "", "")]:
        own = sector_of(office.words) or usual
        row = ActorRow(
            name,
            country,
            (own,) if own else (),
            "person",
            entity["id"],
            (),
            office.since,
            office.until,
            office.words,
        )
        rows.append(_with_aliases(row, aliases))
    return list({row.same(): row for row in rows}.values())


def _claims(claims: Mapping[str, Any], what: str) -> list[Mapping[str, Any]]:
    """Return the claims of a property that hold a value, the preferred ones first, without the deprecated."""
    own = [
        c
        for c in claims.get(what, ())
        if c.get("rank") != "deprecated" and "datavalue" in c.get("mainsnak", {})
    ]
    return sorted(own, key=lambda c: c.get("rank") != "preferred")


def _items(claims: Mapping[str, Any], what: str) -> list[str]:
    return [_item(c["mainsnak"]["datavalue"]["value"]) for c in _claims(claims, what)]


def _item(value: Any) -> str:
    return str(value.get("id") or f"Q{value.get('numeric-id')}") if isinstance(value, dict) else str(value)


def _country(claims: Mapping[str, Any]) -> str | None:
    codes = [code for code in _items(claims, "P298") if re.fullmatch("[A-Z]{3}", code)]
    states = [_states()[i] for what in ("P27", "P17") for i in _items(claims, what) if i in _states()]
    return next(iter([*codes, *states]), None)


def _offices(claims: Mapping[str, Any]) -> list[_Office]:
    out = []
    for claim in _claims(claims, "P39"):
        qualifiers = claim.get("qualifiers", {})
        days = [_of_snak(next(iter(qualifiers.get(what, ())), None)) for what in ("P580", "P582")]
        label = claim["mainsnak"]["datavalue"]["value"]
        words = label.get("label", "") if isinstance(label, dict) else ""
        out.append(_Office(words if isinstance(words, str) else "", *days))
    return out


def _first_time(claims: Mapping[str, Any], what: str) -> str:
    return next((_of_snak(c["mainsnak"]) for c in _claims(claims, what)), "")


def _of_snak(snak: Mapping[str, Any] | None) -> str:
    value = (snak or {}).get("datavalue", {}).get("value", {})
    return _time(value.get("time", ""), value.get("precision", 11)) if value else ""


def _time(words: str, precision: int = 11) -> str:
    """Return a time of Wikidata as a day, month or year; precision 11 is a day, 10 a month, 9 a year, less is no date.

    Example:
        >>> _time("+2021-01-07T00:00:00Z"), _time("+2021-00-00T00:00:00Z", 9), _time("")
        ('2021-01-07', '2021', '')
    """
    if not words or precision < 9:
        return ""
    found = _TIME.match(words)
    if found is None:
        raise _NotRead("bad_date", f'"{words}" is not a time')
    year, month, day = found.groups()
    if precision == 9 or month == "00":
        return year
    return f"{year}-{month}" if precision == 10 or day == "00" else f"{year}-{month}-{day}"
