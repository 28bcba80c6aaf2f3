"""How long the browser waits: every question of its views to a real server over a store of 100,000 incidents and 200,000 events.

    python bench/speed/face.py [--incidents 100000] [--store FILE] [--only /map]
    python bench/speed/face.py --make FILE

The store is made by rule: invented words in sentences of a dozen to thirty words, countries with a long tail, 2,000 places with
coordinates, ten years of days, forty outlets; half of the incidents have one report, some have nine. "new" asks what the server was
not asked before, "again" the same once more, "idle" what the server was asked before it let go of the file. Median and 95th
percentile in milliseconds, as the client sees them; "cpu" is what the server's process spent on a new question on average, which
does not depend on what else the machine does.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2

from dragoman.ontology import load_ontology
from dragoman.ontology.regions import load_regions, region_by_country
from dragoman.store import open_store

SYLLABLES = "ba be bi bo da de do du fa ga go ha he ka ke ki ko la le li lo ma me mi mo na ne no pa pe ra re ri ro sa se si so ta te ti to va ve vi wa ya zo".split()  # fmt: skip
SECTORS = ("GOV", "MIL", "REB", "CVL", "OPP", "JUD", "BUS", "COP")
STATUSES = ("actual",) * 17 + ("future", "hypothetical", "negated")
PERSON = (
    'struct_pack(text := people[1 + (h % 5000)::INT].name, "start" := 0, "end" := 10, entity_id := \'made.\' || (h % 5000), '
    "name := people[1 + (h % 5000)::INT].name, country := people[1 + (h % 5000)::INT].country, "
    "sectors := [people[1 + (h % 5000)::INT].sector], basis := 'name of the table of people', confidence := 0.9::DOUBLE)"
)


def words(draw: random.Random, n: int, syllables: tuple[int, int]) -> list[str]:
    """Return distinct invented words."""
    found: dict[str, None] = {}
    while len(found) < n:
        found["".join(draw.choice(SYLLABLES) for _ in range(draw.randint(*syllables)))] = None
    return list(found)


def make(path: Path, incidents: int) -> None:
    """Write a store of so many incidents and twice as many events."""
    draw = random.Random(7)
    vocabulary = words(draw, 4000, (1, 4))
    countries = sorted(region_by_country())
    draw.shuffle(countries)
    first, last = words(draw, 300, (2, 2)), words(draw, 3000, (2, 3))
    people = [
        {"name": f"{draw.choice(first).title()} {draw.choice(last).title()}",
         "country": countries[int(draw.random() ** 3 * len(countries))] if draw.random() < 0.95 else None, "sector": draw.choice(SECTORS)}
        for _ in range(5000)
    ]  # fmt: skip
    places = [
        {"name": name.title(), "country": countries[int(draw.random() ** 3 * len(countries))], "lat": round(draw.uniform(-55, 70), 4),
         "lon": round(draw.uniform(-180, 180), 4), "resolution": draw.randint(1, 5), "geonames_id": 10_000 + n}
        for n, name in enumerate(words(draw, 2000, (2, 4)))
    ]  # fmt: skip
    types = [(name, kind.quad_class, kind.score) for name, kind in sorted(load_ontology().types.items())][:15]
    with open_store(path) as store:
        run = store.connection.execute
        run("CREATE TEMP TABLE given AS SELECT ?::VARCHAR[] AS words, ?::STRUCT(name VARCHAR, country VARCHAR, sector VARCHAR)[] AS people, "
            "?::STRUCT(name VARCHAR, country VARCHAR, lat DOUBLE, lon DOUBLE, resolution INTEGER, geonames_id BIGINT)[] AS places, "
            "?::STRUCT(name VARCHAR, quad INTEGER, score DOUBLE)[] AS types, ?::VARCHAR[] AS statuses",
            [vocabulary, people, places, [{"name": n, "quad": q, "score": s} for n, q, s in types], list(STATUSES)])  # fmt: skip
        _make_rows(run, incidents)


def _make_rows(run, incidents: int) -> None:  # type: ignore[no-untyped-def]
    part = "(hash(i * 7919 + {n}) % 1000000 / 1000000.0)"
    r = {n: part.format(n=n) for n in range(12)}
    # Reports per incident: half have one, a tenth five to nine; two on average.
    run(
        "CREATE TEMP TABLE made AS SELECT i, md5('incident ' || i)[:16] AS id, "
        f"CASE WHEN {r[0]} < 0.5 THEN 1 WHEN {r[0]} < 0.8 THEN 2 WHEN {r[0]} < 0.93 THEN 3 ELSE 5 + (hash(i) % 5)::INT END AS k, "
        f"DATE '2014-01-01' + ({r[1]} * 3650)::INT AS d, ({r[2]} * 15)::INT % 15 AS t, ({r[3]} * 20)::INT % 20 AS s, {r[4]} < 0.05 AS undated, "
        f"CASE WHEN {r[5]} < 0.85 THEN (pow({r[6]}, 2) * 2000)::INT % 2000 END AS p, {r[7]} < 0.1 AS historical, "
        f"(pow({r[8]}, 2) * 5000)::BIGINT AS a, (pow({r[9]}, 2) * 5000)::BIGINT AS b, {r[10]} < 0.8 AS mutual FROM range({incidents}) x(i)"
    )
    # Events in the order of articles: one article holds those of neighbouring incidents of one day or none.
    run(
        "CREATE TEMP TABLE told AS SELECT *, md5('event ' || i || ' ' || n)[:16] AS event_id, row_number() OVER (ORDER BY n, d, i) - 1 AS nth "
        "FROM (SELECT *, unnest(range(k)) AS n FROM made)"
    )
    run("ALTER TABLE told ADD COLUMN art BIGINT")
    run("UPDATE told SET art = (nth * 6) // 10")
    sentence = (
        "list_aggregate(list_transform(range(12 + (hash(art * 10 + j) % 18)::INT), lambda w: words[1 + (pow(hash(art * 1000 + j * 37 + w) % 100000 / 100000.0, 3) * 4000)::INT % 4000]), 'string_agg', ' ') || '.'"
    )  # fmt: skip
    run(
        "CREATE TEMP TABLE texts AS SELECT art, list(s ORDER BY j) AS sentences FROM "
        f"(SELECT art, j, upper(s[1]) || s[2:] AS s FROM (SELECT art, j, {sentence} AS s FROM (SELECT DISTINCT art FROM told), range(10) y(j), given)) GROUP BY art"
    )
    run(
        "INSERT INTO articles (article_id, source_id, url, outlet, title, text, source, sections, language, published_on, newsroom, coder_version, model_digest, content_digest, run_id, recorded_at) "
        "SELECT md5('article ' || art)[:16], 'm' || art, 'https://news' || (art % 40) || '.example/' || art, 'Outlet ' || (art % 40), sentences[10][:60], "
        "array_to_string(sentences, ' '), 'made.jsonl:' || art, [struct_pack(kind := 'body', \"start\" := 0, \"end\" := 1000, copies := NULL)], 'en', "
        "(SELECT any_value(d) FROM told WHERE told.art = texts.art) + (hash(art) % 3)::INT, 'newsroom ' || (art % 30), '0', '0', '0', 'r', TIMESTAMP '2024-01-01' FROM texts"
    )
    sides = {
        name: f"[{PERSON.replace('h %', f'{column} %')}]" for name, column in (("actors", "a"), ("recipients", "b"))
    }  # fmt: skip
    place = (
        "CASE WHEN p IS NULL THEN NULL ELSE struct_pack(text := places[p + 1].name, \"start\" := 0, \"end\" := 5, name := places[p + 1].name, "
        "country := places[p + 1].country, admin1 := 'Made', lat := places[p + 1].lat, lon := places[p + 1].lon, resolution := places[p + 1].resolution, "
        "geonames_id := places[p + 1].geonames_id, confidence := 0.8::DOUBLE) END"
    )  # fmt: skip
    when = (
        'CASE WHEN undated THEN NULL ELSE struct_pack(text := \'that day\', "start" := 0, "end" := 8, "from" := d, "to" := d, '
        "\"precision\" := 'day', basis := 'made') END"
    )
    recipients = f"CASE WHEN mutual THEN {sides['recipients']} ELSE [] END"
    run(
        'INSERT INTO events (event_id, article_id, source_id, section, event_type, contexts, quad_class, intensity, cameo, status, historical, "trigger", quote, actors, recipients, place, "date", '
        "confidence, coder_version, model_digest, ontology, run_id, recorded_at) "
        "SELECT event_id, md5('article ' || art)[:16], 'm' || art, 'body', types[t + 1].name, ['military'], types[t + 1].quad, types[t + 1].score, '010', statuses[s + 1], historical, "
        'struct_pack("start" := pos, "end" := pos + 5, text := q[:5]), struct_pack("start" := pos, "end" := pos + length(q), text := q), '
        f"{sides['actors']}, {recipients}, {place}, {when}, "
        'struct_pack("type" := 0.5 + (hash(nth) % 500) / 1000.0, actors := 0.9, recipients := 0.9, place := 0.8, "date" := 0.9, mode := NULL, status := 0.9), '
        "'0', '0', 'plover-2.0', 'r', TIMESTAMP '2024-01-01' FROM (SELECT told.*, sentences[1 + nth % 9] AS q, "
        "(list_sum(list_transform(sentences[:nth % 9], lambda x: length(x) + 1)))::INT AS pos0, coalesce(pos0, 0) AS pos FROM told JOIN texts USING (art)), given ORDER BY nth"
    )
    run(
        "CREATE TEMP TABLE joined AS SELECT i, list(event_id ORDER BY n) AS events, list(DISTINCT md5('article ' || art)[:16]) AS reports, "
        "list(DISTINCT 'newsroom ' || (art % 30)) AS rooms FROM told GROUP BY i"
    )
    run(
        'INSERT INTO incidents (incident_id, event_type, quad_class, status, historical, actors, recipients, place, "date", events, reports, independent_sources, newsrooms, first_seen, last_seen, why, run_id, recorded_at) '
        f"SELECT id, types[t + 1].name, types[t + 1].quad, statuses[s + 1], historical, {sides['actors']}, {recipients}, {place}, {when}, "
        "events, reports, len(rooms), rooms, d, d + k, CASE WHEN k > 1 THEN to_json(list_transform(events[2:], lambda e: struct_pack(event_id := e, score := 0.8, reasons := ['same sides', 'same place', 'same day']))) END, "
        "'r', TIMESTAMP '2024-01-01' FROM made JOIN joined USING (i), given ORDER BY i"
    )
    sides = (f"array_to_string([p.country || array_to_string(['/' || lower(s) for s in p.sectors], '') for p in {c}], ' ')" for c in ("actors", "recipients"))  # fmt: skip
    run(f"UPDATE incidents SET sides = {' || chr(62) || '.join(sides)}")
    run("INSERT INTO incident_events SELECT id, event_id, md5('article ' || art)[:16], TIMESTAMP '2024-01-01', NULL FROM told")  # fmt: skip
    for n, column in enumerate(("actors", "recipients")):
        run(
            "INSERT INTO participants SELECT event_id, ?, 0, p.text, p.entity_id, p.name, p.country, p.sectors, p.confidence, TIMESTAMP '2024-01-01', NULL "
            f"FROM (SELECT event_id, unnest({column}) AS p FROM events)",
            [("actor", "recipient")[n]],
        )
    run(
        "INSERT INTO links SELECT id, 'follows', md5('incident ' || (i - 1))[:16], 0.6, ['same sides'], TIMESTAMP '2024-01-01', NULL FROM made WHERE i % 5 = 1"
    )
    run(
        "INSERT INTO rejections SELECT 'made.jsonl:' || (900000 + i), NULL, 'clean', ['empty', 'too_short', 'unsupported_language'][1 + i % 3], 'made', 'r', "
        "TIMESTAMP '2024-01-01' + INTERVAL (i) SECOND, NULL FROM range(20000) x(i)"
    )


def questions() -> dict[str, list[tuple[str, dict[str, object]]]]:
    """Return per kind of question thirty different ones."""
    draw = random.Random(3)
    countries = sorted(region_by_country())
    types = sorted(load_ontology().types)[:15]
    regions = sorted(load_regions())
    vocabulary = words(random.Random(7), 4000, (1, 4))
    filters: dict[str, list[dict[str, object]]] = {
        "none": [{}] * 1,
        "country": [{"country": draw.choice(countries)} for _ in range(30)],
        "actor": [{"actor": draw.choice(countries)} for _ in range(30)],
        "actor with sector": [{"actor": f"{draw.choice(countries)}/{draw.choice(SECTORS)}"} for _ in range(30)],
        "participant by name": [{"participant": draw.choice(SYLLABLES) + draw.choice(SYLLABLES)} for _ in range(30)],
        "recipient": [{"recipient": draw.choice(countries)} for _ in range(30)],
        "type": [{"type": draw.sample(types, 2)} for _ in range(30)],
        "quad": [{"quad": q} for q in ([1], [2], [3], [4], [1, 2], [3, 4], [1, 3], [2, 4], [1, 2, 3])],
        "region": [{"region": [r]} for r in regions],
        "outlet": [{"outlet": f"outlet {n}"} for n in range(30)],
        "min_sources": [{"min_sources": n} for n in range(2, 9)],
        "period": [{"since": f"20{14 + n // 3}-0{1 + n % 9}", "until": f"20{15 + n // 3}"} for n in range(27)],
        "place": [{"place": draw.choice(SYLLABLES) + draw.choice(SYLLABLES)} for _ in range(30)],
        "status": [{"status": s} for s in ("actual", "future", "hypothetical", "negated")],
        "min_confidence": [{"min_confidence": 0.5 + n / 50} for n in range(20)],
        "country, type, period": [{"country": draw.choice(countries), "type": [draw.choice(types)], "since": f"20{14 + n % 10}"} for n in range(30)],
    }  # fmt: skip
    out = {
        f"/incidents {name}": [("/incidents", {**f, "limit": 50}) for f in many]
        for name, many in filters.items()
    }
    out["/incidents reported"] = [("/incidents", {"order": "reported", "limit": 50})]
    out |= {
        f"/incidents/facets {name}": [("/incidents/facets", f) for f in many]
        for name, many in filters.items()
    }
    out |= {f"/map {name}": [("/map", f) for f in many] for name, many in filters.items() if name in ("none", "country", "quad", "type", "region", "outlet", "period")}  # fmt: skip
    out |= {f"/events {name}": [("/events", {**f, "limit": 50}) for f in many] for name, many in filters.items() if name in ("none", "country", "type", "outlet", "participant by name")}  # fmt: skip
    out["/search"] = [("/search", {"q": draw.choice(vocabulary[:2000])}) for _ in range(30)]
    out["/search two words"] = [
        ("/search", {"q": " ".join(draw.sample(vocabulary[:200], 2))}) for _ in range(30)
    ]
    out["/incidents/{id}"] = [("/incidents/{incident_id}", {"n": n}) for n in range(0, 500, 17)]
    out["/articles/{id}"] = [("/articles/{article_id}", {"n": n}) for n in range(0, 500, 17)]
    out["/evidence/{id}"] = [("/evidence/{event_id}", {"n": n}) for n in range(0, 500, 17)]
    out["/rejections"] = [("/rejections", {"limit": 50}), ("/rejections", {"reason": "empty"}), ("/rejections/counts", {})]  # fmt: skip
    out["/coverage, /feeds, /counts"] = [("/coverage", {}), ("/feeds", {}), ("/counts", {})]
    out["/actors"] = [("/actors", {}), ("/actors", {"q": "ba"})]
    return out


@contextmanager
def serving(path: Path) -> Iterator[tuple[httpx2.Client, int]]:
    """Start a server and give a client of it, and the id of its process."""
    environment = {**os.environ, "DRAGOMAN_SERVE_BURST": "100000", "DRAGOMAN_SERVE_PER_SECOND": "10000"}
    process = subprocess.Popen(
        [sys.executable, "-m", "dragoman.cli", "serve", "--db", str(path), "--port", "0"], stderr=subprocess.PIPE, text=True,
        env=environment,
    )  # fmt: skip
    try:
        assert process.stderr is not None
        found = re.search(r"served at (http://\S+) ", process.stderr.readline())
        assert found is not None
        with httpx2.Client(base_url=found.group(1).rstrip("/") + "/api/v1", timeout=120) as client:
            yield client, process.pid
    finally:
        process.kill()
        process.communicate()


def ask(client: httpx2.Client, path: str, asked: dict[str, object]) -> tuple[float, int]:
    """Return the milliseconds of an answer and its bytes."""
    began = time.perf_counter()
    found = client.get(path, params=asked)  # type: ignore[arg-type]
    took = 1000 * (time.perf_counter() - began)
    assert found.status_code == 200, found.text
    return took, len(found.content)


def spent(pid: int) -> float:
    """Return the milliseconds that a process has worked."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def told(name: str, times: list[float]) -> str:
    """Return median and 95th percentile in words."""
    ordered = sorted(times)
    return f"{name} {statistics.median(ordered):6.0f} {ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]:6.0f}"


def first_views(path: Path) -> None:
    """Print how long a server that was just started takes for the first answers."""
    for view in (["/incidents?limit=50"], ["/incidents/facets"], ["/map"], ["/incidents?limit=50", "/incidents/facets"]):  # fmt: skip
        times = []
        for _ in range(3):
            with serving(path) as (client, _):
                client.get("/version")
                times.append(sum(ask(client, *_split(one))[0] for one in view))
        print(f"{'fresh ' + ' + '.join(view):34} {told('', times)}", flush=True)


def _split(words: str) -> tuple[str, dict[str, object]]:
    path, _, rest = words.partition("?")
    return path, dict(p.split("=") for p in rest.split("&") if p)


def main() -> None:
    """Make the store and ask."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--incidents", type=int, default=100_000)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--make", type=Path, help="only write the store to this file")
    parser.add_argument("--only", default="")
    parser.add_argument("--rounds", type=int, default=30)
    given = parser.parse_args()
    if given.make is not None:
        make(given.make, given.incidents)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = given.store or Path(folder) / "face.duckdb"
        if not path.exists():
            make(path, given.incidents)
        print(f"{path.stat().st_size / 1e6:.0f} MB", flush=True)
        if given.only in ("", "fresh"):
            first_views(path)
        with serving(path) as (client, pid):
            listed = client.get("/incidents", params={"limit": 500}).json()["items"]
            ids = [{"incident_id": i["incident_id"], "event_id": i["events"][0], "article_id": i["reports"][0]["article_id"]} for i in listed]  # fmt: skip
            for name, many in questions().items():
                if given.only not in name:
                    continue
                many = [(p.format(**ids[int(str(a["n"]))]), {}) if "n" in a else (p, a) for p, a in many]
                many = many[: given.rounds]
                before = spent(pid)
                new = [ask(client, *one) for one in many]
                cpu = (spent(pid) - before) / len(many)
                again = [ask(client, *one)[0] for one in many]
                time.sleep(1.6)
                idle = []
                for one in many[:2]:
                    idle.append(ask(client, *one)[0])
                    time.sleep(1.6)
                size = statistics.median(n for _, n in new) / 1000
                print(f"{name:34} {told('new', [t for t, _ in new])}   cpu {cpu:5.0f}   {told('again', again)}   {told('idle', idle)}   {size:8.1f} kB", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
