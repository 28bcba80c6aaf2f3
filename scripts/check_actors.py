"""Compare the packaged actor tables with public lists of officials, armed groups and states.

    python scripts/check_actors.py FACTS_FOLDER [--counts] [--all]   # what differs, what we lack, and how much agrees
    python scripts/check_actors.py --counts               # only the counts of the tables

The folder holds ``CountryInfo.txt.gz`` (heads of state and government, and ministers 2003 to 2011),
``leaders_2021_wikidata.csv``, ``leaders_2021_wikipedia.csv``, ``ucdp_actors_22_1.csv.gz`` and ``countries.json.gz``.
Persons are matched by country and folded surname, in about the same spelling. A difference says nothing about who is right: the
lists have errors as well. Nothing is written.
"""

from __future__ import annotations

import argparse
import collections
import csv
import difflib
import gzip
import json
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path

from dragoman.resolve.actors.tables import TABLES, iter_rows, to_day

TOLERANCE_DAYS = 90
FIRST_YEAR = 1990  # older terms are outside what the tables promise
_LIKE = 0.8  # two spellings of a surname are at least this alike
_HEAD = re.compile(
    r"president|prime minister|premier|chancellor|king|queen|emir|sultan|taoiseach|monarch|captain|pope|prince|amir|"
    r"head of|military ruler|supreme leader|junta|chief executive|governor|chairman|regent|federal councillor|minister of state|"
    r"chief adviser|guide|leader|envoy|co-prince|general secretary|mayor|of the presidency",
    re.I,
)
_NOT_HEAD = re.compile(
    r"\bvice\b|deputy|former|opposition|candidate|parliament|commission|bank|court|spokes|council president|adviser to|aide|"
    r"assembly|senate|elect\b|rebel|militia",
    re.I,
)
_FACT_HEAD = re.compile(
    r"^(presidents?|prime ministers?|kings?|kings?/queens?|emirs?|sultans?|chancellors?|premiers?|heads? of (state|government))$",
    re.I,
)
_MINISTER = {
    "foreign": re.compile(
        r"^(minister (of|for) (foreign|external)[^&]*|secretary of state|foreign minister)$", re.I
    ),
    "defence": re.compile(r"^(minister (of|for) (national )?defen[cs]e[^&]*|secretary of defen[cs]e)$", re.I),
}
_OFFICE = {
    "foreign": re.compile(r"^(acting )?(foreign minister|foreign secretary|secretary of state)$"),
    "defence": re.compile(r"^(acting )?(defence minister|defence secretary)$"),
}
_TERM = re.compile(r"\[[A-Z]*\s*([<>])?(\d{8})?(?:\s*-\s*(\d{8}))?\s*\]")
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "ß": "s", "æ": "e", "þ": "t", "ð": "d", "ə": "a"}
)

Range = tuple[date, date]  # the first and the last day that a date given to the year, month or day may be


@dataclass(frozen=True)
class Term:
    """One office of one person; ``None`` for a bound that the list leaves open."""

    name: str
    country: str
    kind: str  # head, foreign or defence
    since: Range | None
    until: Range | None
    aliases: tuple[str, ...] = ()
    where: str = ""

    def __str__(self) -> str:
        return f"{self.name} ({self.country}, {self.kind}) {_shown(self.since)} to {_shown(self.until)}"


def _shown(bound: Range | None) -> str:
    if bound is None:
        return "open"
    first, last = bound
    return str(first) if first == last else f"{first:%Y-%m}" if (last - first).days < 32 else f"{first:%Y}"


def fold(text: str) -> list[str]:
    """Return the words of a name in small letters without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    return re.findall(
        r"[a-z]+", re.sub(r"['’ʼ`]", "", "".join(c for c in plain if not unicodedata.combining(c)))
    )


def _bound(cell: str) -> Range | None:
    first, last = to_day("a date", cell, last=False), to_day("a date", cell, last=True)
    return (first, last) if first and last else None


def our_terms() -> list[Term]:
    """Return the heads and the foreign and defence ministers of ``leaders.csv``."""
    terms = []
    for row in rows_of("leaders.csv"):
        office = row["office"]
        kind = next((k for k, pattern in _OFFICE.items() if pattern.match(office)), "")
        if not kind and _HEAD.search(office) and not _NOT_HEAD.search(office):
            kind = "head"
        if kind:
            names = tuple(a for a in row["aliases"].split(";") if a)
            terms.append(
                Term(
                    row["name"],
                    row["country"],
                    kind,
                    _bound(row["from"]),
                    _bound(row["to"]),
                    names,
                    row["id"],
                )
            )
    return terms


def rows_of(name: str) -> list[dict[str, str]]:
    """Return the rows of a packaged table."""
    text = resources.files("dragoman.resolve.registry").joinpath(name).read_text("utf-8")
    return [row for _, row in iter_rows(name, text)]


def _text(path: Path) -> str:
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return data.decode("utf-8-sig", "replace")


def country_info(path: Path) -> Iterator[Term]:
    """Yield the heads of state and government, and the ministers whose only title is foreign affairs or defence."""
    country = section = ""
    for line in _text(path).splitlines():
        if (found := re.match(r"<ISO3166-alpha3>\s*([A-Z]{3})", line)) or (
            found := re.match(r"<CountryCode>\s*([A-Z]{3})", line)
        ):
            country = found[1]
        elif found := re.match(r"\s*<([^>]*)>", line):
            section = found[1].strip()
        elif country and "[" in line:
            names, _, rest = line.strip().partition("[")
            name = re.split(r"[{}]+", names.strip().strip("{}"))[0].replace("_", " ").strip().title()
            title = rest.partition("#")[2].split(' "')[0].strip()
            kind = "head" if _FACT_HEAD.match(section) else next(
                (k for k, p in _MINISTER.items() if section == "Government" and p.match(title)), ""
            )  # fmt: skip
            if kind and name:
                for sign, first, last in _TERM.findall(
                    "[" + rest.partition("#")[0].split("[B:")[0].split("[D:")[0]
                ):
                    yield _info_term(name, country, kind, (sign, first, last))


def _info_term(name: str, country: str, kind: str, found: tuple[str, str, str]) -> Term:
    sign, first, last = found
    # "<20050331" ends there and began before the list, ">20080501" goes on behind it; ministers are known to the month.
    since, until = ("", first) if sign == "<" else (first, last)
    day = _eight if kind == "head" else _eight_month
    return Term(name, country, kind, day(since), day(until), where="CountryInfo")


def _eight(cell: str) -> Range | None:
    return _bound(f"{cell[:4]}-{cell[4:6]}-{min(int(cell[6:]), 28):02}") if cell else None


def _eight_month(cell: str) -> Range | None:
    return _bound(f"{cell[:4]}-{cell[4:6]}") if cell else None


def wiki_heads(path: Path, names: dict[str, str]) -> Iterator[Term]:
    """Yield the heads of state and government of 2021 and 2022, known to the year."""
    for raw in csv.DictReader(_text(path).splitlines()):
        row = {key.lower(): value or "" for key, value in raw.items() if key}
        country = names.get(" ".join(fold(row["country"])))
        title = row["positionlabel"].split(" of ")[0]
        if country and _FACT_HEAD.match(title):
            since, until = row["start_year"][:4], row["end_year"][:4]
            yield Term(
                row["officeholderlabel"], country, "head", _bound(since), _bound(until), where=path.name
            )


def same_person(fact: Term, ours: Term) -> bool:
    """Return whether the surname of one is, in about that spelling, a word of the other's names."""
    theirs = fold(fact.name)
    own = [w for name in (ours.name, *ours.aliases) for w in fold(name)]
    if not theirs or not own:
        return False
    if any(_like(theirs[-1], w) for w in own) or any(_like(fold(ours.name)[-1], w) for w in theirs):
        return True
    return "".join(theirs) in {"".join(fold(n)) for n in (ours.name, *ours.aliases)}


def _like(one: str, other: str) -> bool:
    if min(len(one), len(other)) < 4:
        return one == other
    return one[0] == other[0] and difflib.SequenceMatcher(None, one, other).ratio() >= _LIKE


def _days_apart(one: Range | None, other: Range | None) -> int:
    if one is None or other is None:
        return 0
    return max(0, (other[0] - one[1]).days, (one[0] - other[1]).days)


def spans(terms: Sequence[Term]) -> Iterator[Term]:
    """Yield each term, and each run of terms of one person that follow each other within a month."""
    for first, start in enumerate(terms):
        end = start
        yield start
        for following in terms[first + 1 :]:
            if end.until is None or following.since is None or _days_apart(end.until, following.since) > 31:
                break
            end = following
            yield Term(
                start.name, start.country, start.kind, start.since, end.until, start.aliases, start.where
            )


def joined(terms: Iterable[Term]) -> list[Term]:
    """Return the terms with those of one person and kind joined that follow each other within a month."""
    done: list[Term] = []
    for term in terms:
        last = done[-1] if done else None
        if (
            last is not None
            and (last.name, last.country, last.kind) == (term.name, term.country, term.kind)
            and last.until is not None
            and term.since is not None
            and _days_apart(last.until, term.since) <= 31
        ):
            done[-1] = Term(term.name, term.country, term.kind, last.since, term.until, (), term.where)
        else:
            done.append(term)
    return done


def compare(facts: Iterable[Term], ours: Sequence[Term]) -> dict[str, list[str]]:
    """Return the lines of what agrees, what differs by more than the tolerance, and which heads and ministers we lack."""
    by_place: dict[tuple[str, str], list[Term]] = collections.defaultdict(list)
    for term in ours:
        by_place[term.country, term.kind].append(term)
    lines: dict[str, list[str]] = {"agree": [], "differ": [], "lack": []}
    for fact in joined(facts):
        if fact.until is not None and fact.until[1].year < FIRST_YEAR:
            continue
        persons: dict[str, list[Term]] = collections.defaultdict(list)
        for term in by_place[fact.country, fact.kind]:
            if same_person(fact, term):
                persons[term.where].append(term)
        best: tuple[int, Term] | None = None
        for terms in persons.values():
            for span in spans(sorted(terms, key=lambda t: t.since[0] if t.since else date.min)):
                apart = max(_days_apart(fact.since, span.since), _days_apart(fact.until, span.until))
                best = (apart, span) if best is None or apart < best[0] else best
        if best is None:
            lines["lack"].append(f"{fact} [{fact.where}]")
        elif best[0] > TOLERANCE_DAYS:
            lines["differ"].append(f"{fact} [{fact.where}]; ours: {best[1]}; {best[0]} days")
        else:
            lines["agree"].append(str(fact))
    return lines


def country_names(folder: Path) -> dict[str, str]:
    """Return the country of each folded name in ``countries.csv`` and in the list of states."""
    names: dict[str, str] = {}
    for entry in json.loads(_text(folder / "countries.json.gz")):
        for name in (entry["name"]["common"], entry["name"]["official"], *entry["altSpellings"]):
            names.setdefault(" ".join(fold(name)), entry["cca3"])
    for row in rows_of("countries.csv"):
        for name in (row["name"], *row["aliases"].split(";")):
            names[" ".join(fold(name))] = row["country"]
    return names


def check_countries(folder: Path) -> dict[str, list[str]]:
    """Return the states of the list that we lack, and those whose common name we do not know."""
    known = {
        row["id"]: {" ".join(fold(n)) for n in (row["name"], *row["aliases"].split(";"))}
        for row in rows_of("countries.csv")
    }
    lines: dict[str, list[str]] = {"agree": [], "differ": [], "lack": []}
    for entry in json.loads(_text(folder / "countries.json.gz")):
        code, name = entry["cca3"], entry["name"]["common"]
        code = {"UNK": "KOS"}.get(code, code)  # the list's and our code of Kosovo
        if code not in known:
            lines["lack"].append(f"{code} {name}")
        else:
            lines["agree" if " ".join(fold(name)) in known[code] else "differ"].append(f"{code} {name}")
    return lines


def check_groups(folder: Path) -> dict[str, list[str]]:
    """Return the organised armed groups of the conflict data whose country is another in our tables, and those we lack."""
    ours: dict[str, set[str]] = collections.defaultdict(set)
    for table in ("armed_groups.csv", "parties.csv", "institutions.csv"):
        for row in rows_of(table):
            for name in (row["name"], *row["aliases"].split(";")):
                ours[" ".join(fold(name))].add(row["country"])
    names = country_names(folder)
    lines: dict[str, list[str]] = {"agree": [], "differ": [], "lack": []}
    for row in csv.DictReader(_text(folder / "ucdp_actors_22_1.csv.gz").splitlines()):
        if row["Org"] != "1" or row["NameData"].startswith(
            ("Government of", "Military faction", "Forces of")
        ):
            continue
        places = {names.get(" ".join(fold(re.sub(r"\(.*\)", "", p)))) for p in row["Location"].split(",")} - {
            None
        }
        written = [
            row[c] for c in ("NameData", "NameOrigFull", "NameOrigFullEng") if row[c] not in ("", "n/a")
        ]
        found = set().union(*(ours.get(" ".join(fold(n)), set()) for n in written))
        shown = f"{row['NameData']} ({row['NameOrigFullEng']}; {row['Location']})"
        if not found:
            lines["lack"].append(shown)
        elif not places or found & (places | {"IMG", "ISM"}):
            lines["agree"].append(shown)
        else:
            lines["differ"].append(f"{shown}; ours: {', '.join(sorted(found))}")
    return lines


def counts() -> None:
    """Print the rows of each table, how many are dated, and how far ministers are covered."""
    for name in ("countries.csv", *TABLES, "role_words.csv"):
        table = rows_of(name)
        dated = sum(bool(row.get("from")) for row in table)
        ids = len({row.get("id") or row.get("word") for row in table})
        print(f"{name:18} {len(table):6} rows  {ids:6} ids  {dated:6} with a first day")
    years = set(range(2010, 2026))
    covered: dict[str, dict[str, set[int]]] = {kind: collections.defaultdict(set) for kind in _OFFICE}
    for term in our_terms():
        if term.kind in covered and term.since:
            last = term.until[1].year if term.until else max(years)
            covered[term.kind][term.country] |= years & set(range(term.since[0].year, last + 1))
    foreign, defence = ({c for c, held in covered[k].items() if held} for k in ("foreign", "defence"))
    full = {c for c in foreign & defence if covered["foreign"][c] == years == covered["defence"][c]}
    print(
        f"states with foreign ministers {len(foreign)}, defence ministers {len(defence)}, both {len(foreign & defence)}"
    )
    print(f"states with both in every year from 2010 to 2025: {len(full)}")


def show(title: str, lines: dict[str, list[str]], *, all_lines: bool) -> None:
    """Print how much agrees, and the lines of what differs and what we lack."""
    print(
        f"\n{title}: {len(lines['agree'])} agree, {len(lines['differ'])} differ, {len(lines['lack'])} not in our tables"
    )
    for kind in ("differ", "lack"):
        some = lines[kind] if all_lines else lines[kind][:40]
        print(*(f"  {kind}: {line}" for line in some), sep="\n", end="\n" if some else "")
        if len(some) < len(lines[kind]):
            print(f"  … {len(lines[kind]) - len(some)} more; --all shows them")


def main() -> int:
    """Check the tables; exit 2 where the folder lacks a list."""
    parser = argparse.ArgumentParser(description="Compare the packaged actor tables with public lists.")
    parser.add_argument("folder", type=Path, nargs="?", help="the folder with the lists")
    parser.add_argument("--counts", action="store_true", help="print the counts of the tables")
    parser.add_argument(
        "--all", action="store_true", help="print every line, not the first forty of each kind"
    )
    options = parser.parse_args()
    if options.counts:
        counts()
    if options.folder is None:
        return 0 if options.counts else parser.error("give the folder with the lists, or --counts")
    folder: Path = options.folder
    lists = [
        "CountryInfo.txt.gz",
        "leaders_2021_wikidata.csv",
        "leaders_2021_wikipedia.csv",
        "countries.json.gz",
    ]
    missing = [name for name in [*lists, "ucdp_actors_22_1.csv.gz"] if not (folder / name).is_file()]
    if missing:
        print(
            f'the folder "{folder}" lacks {", ".join(missing)}. Give the folder that holds the lists.',
            file=sys.stderr,
        )
        return 2
    ours, names = our_terms(), country_names(folder)
    info = list(country_info(folder / "CountryInfo.txt.gz"))
    for kind, title in (
        ("head", "heads to 2010"),
        ("foreign", "foreign ministers 2003-2011"),
        ("defence", "defence ministers 2003-2011"),
    ):
        show(title, compare((t for t in info if t.kind == kind), ours), all_lines=options.all)
    for name in lists[1:3]:
        show(
            f"heads of 2021 ({name})", compare(wiki_heads(folder / name, names), ours), all_lines=options.all
        )
    show("armed groups", check_groups(folder), all_lines=options.all)
    show("states and territories", check_countries(folder), all_lines=options.all)
    return 0


if __name__ == "__main__":
    sys.exit(main())
