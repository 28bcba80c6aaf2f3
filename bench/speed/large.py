"""A store of ten million events, made by rule in slices of bounded memory, and how long the usual questions take on it.

    python bench/speed/large.py --make made10m.duckdb --events 10000000     # minutes
    python bench/speed/large.py --ask made10m.duckdb                        # each question in a process of its own

What is drawn follows a store of world news of 2002 to 2023 that this project coded: shares of types, countries, sectors and status, how
often both sides are of one country, the pairs that stand out, delays of a report. Days run through ten years in the order in
which they were read. Each incident is told by two articles of two outlets, and each article tells of two. Sentences are made of
the codes, so that every span quotes its article. Left out is what merging keeps for itself (vectors, keys, bands), which makes up
nine tenths of a store that was coded: see docs/large-stores.md.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from dragoman import __version__
from dragoman.answer.relations import country_names, evidence_of, get_relation, to_rows
from dragoman.ontology import load_ontology
from dragoman.relate.groups import Group
from dragoman.store import EventFilter, Store, find_events, get_counts, open_store
from dragoman.store.paged import incident_page

SLICE = 256_000  # incidents that are made at once; a multiple of the 64 articles of a batch
DRAWS = 100_000  # entries of a table that is drawn from
DAYS = 3652  # ten years from 2014-01-01
TYPES = {  # share among events
    "ASSAULT": 0.279, "COERCE": 0.137, "ACCUSE": 0.125, "PROTEST": 0.060, "SANCTION": 0.057, "REQUEST": 0.056, "REJECT": 0.046,
    "AGREE": 0.045, "CONCEDE": 0.042, "RETREAT": 0.035, "CONSULT": 0.032, "SUPPORT": 0.024, "MOBILIZE": 0.022, "AID": 0.020,
    "THREATEN": 0.017, "COOPERATE": 0.004,
}  # fmt: skip
COUNTRIES = {  # share among sides; the others share the rest, ever less
    "USA": 0.160, "GBR": 0.048, "RUS": 0.035, "ISR": 0.032, "CHN": 0.026, "PSE": 0.025, "IRQ": 0.024, "AFG": 0.021, "SYR": 0.020,
    "PAK": 0.020, "FRA": 0.019, "IRN": 0.019, "IND": 0.017, "UKR": 0.016, "TUR": 0.014, "UNO": 0.014, "AUS": 0.013, "EGY": 0.013,
    "DEU": 0.012, "PHL": 0.012, "IGO": 0.011, "CAN": 0.011, "NGA": 0.010, "JPN": 0.010,
}  # fmt: skip
SECTORS = {
    "GOV": 0.40,
    "CVL": 0.22,
    "MIL": 0.12,
    "REB": 0.09,
    "COP": 0.06,
    "BUS": 0.05,
    "JUD": 0.04,
    "OPP": 0.02,
}
PAIRS = {("ISR", "PSE"): 0.014, ("RUS", "UKR"): 0.006, ("PRK", "KOR"): 0.003}  # beyond what chance would give
DOMESTIC = 0.57  # of those with two sides
ASKED = (("ISR", "PSE"), ("RUS", "USA"), ("IRN", "ISR"), ("IND", "PAK"), ("FRA", "MLI"))
PAGE = 50


def _drawn(shares: dict[str, float]) -> list[str]:
    """Return a table in which each name stands as often as its share says."""
    whole = sum(shares.values())
    return [name for name, share in shares.items() for _ in range(max(1, round(DRAWS * share / whole)))]


def _countries() -> list[str]:
    others = sorted(set(country_names()) - COUNTRIES.keys())
    tail = {code: 1 / (n + 8) for n, code in enumerate(others)}
    scale = (1 - sum(COUNTRIES.values())) / sum(tail.values())
    return _drawn({**COUNTRIES, **{code: scale * share for code, share in tail.items()}})


def make(path: Path, events: int) -> None:
    """Write a store of so many events."""
    ontology = load_ontology()
    with open_store(path) as store:
        run = store.connection.execute
        run("SET memory_limit = '6GB'")
        run("SET preserve_insertion_order = true")
        for name, table in (
            ("countries", _countries()),
            ("sectors", _drawn(SECTORS)),
            ("types", _drawn(TYPES)),
        ):
            run(f"CREATE TEMP TABLE {name} AS SELECT unnest(range(len(?::VARCHAR[]))) AS k, unnest(?::VARCHAR[]) AS w", [table, table])  # fmt: skip
        run("CREATE TEMP TABLE kinds AS SELECT unnest(?::VARCHAR[]) AS w, unnest(?::INTEGER[]) AS quad, unnest(?::DOUBLE[]) AS intensity, unnest(?::VARCHAR[]) AS cameo", [
            list(TYPES), [ontology.types[t].quad_class for t in TYPES], [ontology.intensity(t, None) for t in TYPES],
            [ontology.cameo(t, None, ()) for t in TYPES],
        ])  # fmt: skip
        run("INSERT INTO runs (run_id, started_at, ended_at, outcome, command, coder_version, model_digest) VALUES "
            "('made', '2024-01-01', '2024-01-03', 'done', 'made by bench/speed/large.py', ?, 'none')", [__version__])  # fmt: skip
        for index in ("articles_by_id", "events_by_id", "events_by_article"):
            run(f"DROP INDEX {index}")
        things = events // 2
        for first in range(0, things, SLICE):
            began = time.perf_counter()
            _make_slice(store, first, min(first + SLICE, things), things)
            print(f"{2 * min(first + SLICE, things):,} events, {time.perf_counter() - began:.1f} s", file=sys.stderr, flush=True)  # fmt: skip
        run("CHECKPOINT")
        run("CREATE INDEX articles_by_id ON articles (article_id)")
        run("CREATE INDEX events_by_id ON events (event_id)")
        run("CREATE INDEX events_by_article ON events (article_id)")


def _u(n: str, salt: int) -> str:
    """Return an expression of a number in [0, 1) that follows from another."""
    return f"((hash({n} * 64 + {salt}) % 1000000) / 1000000.0)"


def _pick(table: str, u: str) -> str:
    return f"(SELECT list(w ORDER BY k) FROM {table})[1 + CAST(floor({u} * (SELECT count(*) FROM {table})) AS INTEGER)]"


def _things(things: int) -> str:
    """Return the query of incidents ``n``, drawn by number, with the sentence that tells of each."""
    pairs, at = [], 0.0
    for (a, b), share in PAIRS.items():
        turned = f"{_u('n', 9)} < 0.5"
        pairs.append((f"{_u('n', 1)} BETWEEN {at} AND {at + share}", f"CASE WHEN {turned} THEN '{a}' ELSE '{b}' END", f"CASE WHEN {turned} THEN '{b}' ELSE '{a}' END"))  # fmt: skip
        at += share
    first = " ".join(f"WHEN {c} THEN {a}" for c, a, _ in pairs)
    second = " ".join(f"WHEN {c} THEN {b}" for c, _, b in pairs)
    return (
        "WITH drawn AS (SELECT n, "
        f"{_pick('types', _u('n', 2))} AS event_type, CASE {first} ELSE {_pick('countries', _u('n', 3))} END AS a, "
        f"CASE {second} WHEN {_u('n', 4)} < {DOMESTIC} THEN NULL ELSE {_pick('countries', _u('n', 5))} END AS b0, "
        f"{_pick('sectors', _u('n', 6))} AS s, {_pick('sectors', _u('n', 7))} AS t, {_u('n', 8)} AS sides, {_u('n', 10)} AS late, "
        f"{_u('n', 11)} AS kind, DATE '2014-01-01' + CAST(floor(n * {DAYS / things}) AS INTEGER) AS told "
        "FROM range($first, $last) r(n)) "
        "SELECT n, event_type, quad, intensity, cameo, a, coalesce(b0, a) AS b, s, t, "
        "CASE WHEN sides < 0.2 THEN 1 WHEN sides < 0.35 THEN 2 ELSE 3 END AS sides, told, kind < 0.03 AS historical, "
        "CASE WHEN kind BETWEEN 0.03 AND 0.05 THEN 'future' ELSE 'actual' END AS status, "
        "told - CAST(CASE WHEN kind < 0.03 THEN 400 + late * 6000 WHEN kind < 0.05 THEN -1 - floor(late * 20) WHEN late < 0.7 THEN 0 WHEN late < 0.95 THEN 1 ELSE 1 + floor(late * 3) END AS INTEGER) AS d, "
        "'The ' || s || ' of ' || a AS who, 'the ' || t || ' of ' || coalesce(b0, a) AS whom, lower(event_type) AS did, "
        "who || ' did ' || did || ' ' || whom || ' on that day, an official with knowledge of the matter said in report ' || n || ' to those who had asked about it.' AS quote "
        "FROM drawn JOIN kinds ON drawn.event_type = kinds.w"
    )


def _id(kind: str, n: str) -> str:
    return f"substr(md5('{kind}' || ({n})), 1, 16)"


def _side(words: str, country: str, sector: str, start: str) -> str:
    return (
        f'struct_pack(text := {words}, "start" := CAST({start} AS INTEGER), "end" := CAST({start} + length({words}) AS INTEGER), entity_id := NULL::VARCHAR, '
        f"name := {words}, country := {country}, sectors := [{sector}], basis := 'made', confidence := 0.9::DOUBLE)"
    )


def _make_slice(store: Store, first: int, last: int, things: int) -> None:
    run = store.connection.execute
    stamp = "TIMESTAMP '2024-01-01' + to_seconds(CAST(n // 64 AS BIGINT))"
    # One more before the first: the first article of the slice tells of it too.
    run("CREATE OR REPLACE TEMP TABLE made AS " + _things(things), {"first": max(first - 1, 0), "last": last})
    run("BEGIN")
    run(
        "INSERT INTO articles BY NAME SELECT " + _id("a", "m.n") + " AS article_id, 'https://news.example/' || m.n AS url, 'outlet ' || (hash(m.n) % 40) AS outlet, "
        "m.who || ' did ' || m.did AS title, m.quote || coalesce(' ' || p.quote, '') AS text, 'made:' || m.n AS source, 'en' AS language, m.told AS published_on, "
        "'outlet ' || (hash(m.n) % 40) AS newsroom, ? AS coder_version, 'none' AS model_digest, 'none' AS content_digest, 'made' AS run_id, "
        f"{stamp.replace('n //', 'm.n //')} AS recorded_at FROM made m LEFT JOIN made p ON p.n = m.n - 1 WHERE m.n >= ? ORDER BY m.n",
        [__version__, first],
    )  # fmt: skip
    when = 'struct_pack(text := NULL::VARCHAR, "start" := NULL::INTEGER, "end" := NULL::INTEGER, "from" := d, "to" := d, "precision" := \'day\', basis := \'made\')'
    # Each thing in its own article, at the beginning, and in the next one, after that one's own sentence.
    run(
        "CREATE OR REPLACE TEMP TABLE told_twice AS SELECT m.*, m.n AS article, 0 AS shift, 0 AS copy FROM made m WHERE m.n >= $first UNION ALL "
        "SELECT p.*, m.n AS article, length(m.quote) + 1 AS shift, 1 AS copy FROM made m JOIN made p ON p.n = m.n - 1 WHERE m.n >= $first",
        {"first": first},
    )
    run(
        "INSERT INTO events BY NAME SELECT "
        + _id("e", "n * 2 + copy") + " AS event_id, " + _id("a", "article") + " AS article_id, 'body' AS section, event_type, []::VARCHAR[] AS contexts, quad AS quad_class, intensity, cameo, status, historical, "
        'struct_pack("start" := CAST(shift + length(who) + 5 AS INTEGER), "end" := CAST(shift + length(who) + 5 + length(did) AS INTEGER), text := did) AS "trigger", '
        'struct_pack("start" := CAST(shift AS INTEGER), "end" := CAST(shift + length(quote) AS INTEGER), text := quote) AS quote, '
        f"CASE WHEN sides = 2 THEN [] ELSE [{_side('who', 'a', 's', 'shift')}] END AS actors, "
        f"CASE WHEN sides = 1 THEN [] ELSE [{_side('whom', 'b', 't', 'shift + length(who) + 6 + length(did)')}] END AS recipients, "
        f'{when} AS "date", struct_pack("type" := 0.9, actors := 0.8, recipients := 0.8, place := NULL, "date" := 0.9, mode := NULL, status := 0.9) AS confidence, '
        f"$version AS coder_version, 'none' AS model_digest, 'plover-2.0' AS ontology, 'made' AS run_id, {stamp.replace('n //', 'article //')} AS recorded_at FROM told_twice ORDER BY article, copy",
        {"version": __version__},
    )  # fmt: skip
    run(
        "INSERT INTO participants BY NAME SELECT event_id, 'actor' AS role, 0 AS place_in_list, p.text AS text, p.name AS name, p.country AS country, p.sectors AS sectors, p.confidence AS confidence, recorded_at "
        "FROM (SELECT event_id, unnest(actors) AS p, recorded_at FROM events WHERE recorded_at >= $since AND recorded_at <= $until) UNION ALL "
        "SELECT event_id, 'recipient', 0, p.text, p.name, p.country, p.sectors, p.confidence, recorded_at "
        "FROM (SELECT event_id, unnest(recipients) AS p, recorded_at FROM events WHERE recorded_at >= $since AND recorded_at <= $until)",
        run(f"SELECT {{'since': min({stamp}), 'until': max({stamp})}} FROM made WHERE n >= ?", [first]).fetchall()[0][0],
    )  # fmt: skip
    _make_incidents(store, first, last, things, when, stamp)
    run("COMMIT")


def _make_incidents(store: Store, first: int, last: int, things: int, when: str, stamp: str) -> None:
    """Write the incidents that were last told in these articles; the last one of all has one report."""
    run = store.connection.execute
    low, high = max(first - 1, 0), last if last == things else last - 1
    own = f"[{_id('e', 'n * 2')}, {_id('e', 'n * 2 + 1')}]"
    articles = f"[{_id('a', 'n')}, {_id('a', 'n + 1')}]"
    rooms = "['outlet ' || (hash(n) % 40), 'outlet ' || (hash(n + 1) % 40)]"
    one = f"n = {things - 1}"
    incident = f"substr(sha256('incident|' || {_id('e', 'n * 2')}), 1, 16)"
    seen = stamp.replace("n //", f"least(n + 1, {things - 1}) //")
    run(
        f"INSERT INTO incidents BY NAME SELECT {incident} AS incident_id, event_type, quad AS quad_class, status, historical, "
        f"CASE WHEN sides = 2 THEN [] ELSE [{_side('who', 'a', 's', '0')}] END AS actors, "
        f"CASE WHEN sides = 1 THEN [] ELSE [{_side('whom', 'b', 't', 'length(who) + 6 + length(did)')}] END AS recipients, "
        f'{when} AS "date", CASE WHEN {one} THEN {own}[:1] ELSE {own} END AS events, CASE WHEN {one} THEN {articles}[:1] ELSE {articles} END AS reports, '
        f"CASE WHEN {one} THEN 1 ELSE len(list_distinct({rooms})) END AS independent_sources, "
        f"CASE WHEN {one} THEN {rooms}[:1] ELSE list_sort(list_distinct({rooms})) END AS newsrooms, told AS first_seen, told AS last_seen, "
        "CASE WHEN sides = 2 THEN '' ELSE a || '/' || lower(s) END || '>' || CASE WHEN sides = 1 THEN '' ELSE b || '/' || lower(t) END AS sides, "
        f"'[]'::JSON AS why, '{{}}'::JSON AS counts, '[]'::JSON AS denials, 'made' AS run_id, {seen} AS recorded_at FROM made WHERE n >= ? AND n < ? ORDER BY n",
        [low, high],
    )  # fmt: skip
    run(
        f"INSERT INTO incident_events BY NAME SELECT incident_id, unnest(events) AS event_id, unnest(reports) AS article_id, recorded_at FROM "
        f"(SELECT {incident} AS incident_id, CASE WHEN {one} THEN {own}[:1] ELSE {own} END AS events, CASE WHEN {one} THEN {articles}[:1] ELSE {articles} END AS reports, "
        f"{seen} AS recorded_at FROM made WHERE n >= ? AND n < ?)",
        [low, high],
    )  # fmt: skip


def _open(path: Path) -> Store:
    return open_store(path, read_only=True)


def _questions(path: Path) -> dict[str, Callable[[Store], Any]]:
    """Return the usual questions, each a call of what the commands and the server call."""
    ontology = load_ontology()

    def relation(a: str, b: str) -> Callable[[Store], Any]:
        def ask(store: Store) -> Any:
            found = get_relation(store, Group(a, (a,)), Group(b, (b,)), ontology=ontology, latest=60)
            to_rows(found, evidence=evidence_of(store, found.points))
            return found.incidents

        return ask

    month = EventFilter(participant="IRN", since=date(2020, 3, 1), until=date(2020, 3, 31))
    return {
        **{f"relation {a} {b}": relation(a, b) for a, b in ASKED},
        f"newest {PAGE} incidents": lambda store: len(incident_page(store, EventFilter(), limit=PAGE)[0]),
        f"newest {PAGE} incidents of IRN": lambda store: len(incident_page(store, EventFilter(participant="IRN"), limit=PAGE)[0]),
        "events of IRN in a month": lambda store: sum(1 for _ in find_events(store, month)),
        "counts, as doctor tells": get_counts,
    }  # fmt: skip


def ask(path: Path, name: str, rounds: int) -> None:
    """Print how long one question takes, first in a process that just opened the file, then again."""
    question, walls, cpus = _questions(path)[name], [], []
    began = time.perf_counter()
    with _open(path) as store:
        opened = time.perf_counter() - began
        for _ in range(rounds):
            began, worked = time.perf_counter(), time.process_time()
            found = question(store)
            walls.append(time.perf_counter() - began)
            cpus.append(time.process_time() - worked)
    told = found if isinstance(found, int) else ""
    print(f"{name:32} first {1000 * walls[0]:6.0f} ms, later {1000 * statistics.median(walls[1:]):6.0f} ms (cpu {1000 * statistics.median(cpus[1:]):5.0f} ms), "
          f"open {1000 * opened:4.0f} ms  {told}", flush=True)  # fmt: skip


def main() -> None:
    """Make a store, or ask one."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--make", type=Path)
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--ask", type=Path)
    parser.add_argument("--question", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.make:
        began = time.perf_counter()
        make(asked.make, asked.events)
        print(f"{asked.events:,} events in {time.perf_counter() - began:.0f} s, {asked.make.stat().st_size / 1e9:.2f} GB")  # fmt: skip
    if asked.ask and asked.question:
        ask(asked.ask, asked.question, 4)
    elif asked.ask:
        for name in _questions(asked.ask):
            subprocess.run(
                [sys.executable, __file__, "--ask", str(asked.ask), "--question", name], check=True
            )


if __name__ == "__main__":
    main()
