"""How long a relation takes over a store of a million events: cold (a process that just opened the file) and warm.

    python bench/speed/relations.py [--events 1000000] [--store FILE] [--served]

With ``--served`` a server is asked as the browser asks it: "cold" is the first question to a server that just started, "new" the first
of a pair to one that answered others before, "again" the same once more, "step" the same pair by week. "cpu" is what the server
worked on it, which does not depend on what else the machine does.

The store is made by rule: countries drawn with a long tail, ten years of days, one incident for two events, forty outlets.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from face import ask as get
from face import serving, spent

from dragoman.answer.relations import evidence_of, get_relation, to_rows
from dragoman.ontology import load_ontology
from dragoman.relate.groups import Group
from dragoman.store import open_store

SIDE = (
    'struct_pack(text := c, "start" := 0, "end" := 3, entity_id := NULL::VARCHAR, name := c, country := c, sectors := [\'GOV\'], '
    "basis := 'made', confidence := 0.9::DOUBLE)"
)
TYPES = "['CONSULT', 'ACCUSE', 'AGREE', 'ASSAULT', 'SUPPORT', 'COERCE', 'REQUEST', 'COOPERATE']"
QUADS = "[1, 3, 1, 4, 1, 4, 3, 2]"


def make(path: Path, events: int) -> None:
    """Write a store of so many events."""
    with open_store(path) as store:
        run = store.connection.execute
        run("SELECT setseed(0.5)")
        run("CREATE TEMP TABLE codes AS SELECT list(code) AS c FROM (SELECT DISTINCT chr(CAST(65 + (i // 26) % 26 AS INTEGER)) || chr(CAST(65 + i % 26 AS INTEGER)) || 'X' AS code FROM range(190) t(i))")  # fmt: skip
        run(
            "CREATE TEMP TABLE made AS SELECT i, CAST(floor(pow(random(), 3) * 190) AS INTEGER) AS a, CAST(floor(pow(random(), 3) * 190) AS INTEGER) AS b, "
            f"DATE '2014-01-01' + CAST(floor(random() * 3650) AS INTEGER) AS d, CAST(floor(random() * 8) AS INTEGER) AS k, 'outlet ' || (i % 40) AS o FROM range({events // 2}) t(i)"
        )
        run(
            "INSERT INTO articles (article_id, text, source, outlet, published_on, coder_version, model_digest, content_digest, run_id, recorded_at) "
            "SELECT 'a' || i, 'made', 'made', o, d, '0', '0', '0', 'r', TIMESTAMP '2024-01-01' FROM made"
        )
        side_a, side_b = (SIDE.replace(" c,", f" codes.c[{x} + 1],") for x in ("a", "b"))
        for copy in (0, 1):
            run(
                'INSERT INTO events (event_id, article_id, section, event_type, quad_class, intensity, cameo, status, historical, "trigger", quote, actors, recipients, "date", coder_version, model_digest, ontology, run_id, recorded_at) '
                f"SELECT 'e{copy}_' || i, 'a' || i, 'body', {TYPES}[k + 1], {QUADS}[k + 1], 0, '010', 'actual', false, struct_pack(\"start\" := 0, \"end\" := 4, text := 'made'), struct_pack(\"start\" := 0, \"end\" := 4, text := 'made'), "
                f"[{side_a}], [{side_b}], struct_pack(text := NULL, \"start\" := NULL, \"end\" := NULL, \"from\" := d, \"to\" := d, \"precision\" := 'day', basis := 'made'), '0', '0', '0', 'r', TIMESTAMP '2024-01-01' FROM made, codes"
            )
        run(
            'INSERT INTO incidents (incident_id, event_type, quad_class, status, historical, actors, recipients, "date", events, reports, independent_sources, newsrooms, first_seen, last_seen, sides, run_id, recorded_at) '
            f'SELECT \'i\' || i, {TYPES}[k + 1], {QUADS}[k + 1], \'actual\', false, [{side_a}], [{side_b}], struct_pack(text := NULL, "start" := NULL, "end" := NULL, "from" := d, "to" := d, "precision" := \'day\', basis := \'made\'), '
            "['e0_' || i, 'e1_' || i], ['a' || i], 1, [o], d, d, codes.c[a + 1] || '/gov>' || codes.c[b + 1] || '/gov', 'r', TIMESTAMP '2024-01-01' FROM made, codes"
        )


PAIRS = (("AAX", "ABX"), ("AEX", "AMX"), ("BCX", "CDX"))


def ask(path: Path, rounds: int) -> None:
    """Print for each pair the seconds of the first and of the later answers in one process, opening included in the first."""
    ontology = load_ontology()
    for a, b in PAIRS:
        times = []
        store = None
        for _ in range(rounds):
            began = time.perf_counter()
            store = store or open_store(path, read_only=True)
            found = get_relation(
                store, Group(a, (a,)), Group(b, (b,)), ontology=ontology, since=date(2020, 1, 1)
            )
            to_rows(found, evidence=evidence_of(store, found.points[-50:]))
            times.append(time.perf_counter() - began)
        assert store is not None
        store.close()
        print(f"{a} {b} {len(found.points):6} incidents: cold {1000 * times[0]:6.0f} ms, warm {1000 * statistics.median(times[1:]):6.0f} ms", flush=True)  # fmt: skip


def ask_served(path: Path, rounds: int) -> None:
    """Print for each pair how long a server takes."""
    for a, b in PAIRS:
        asked: dict[str, object] = {"first": a, "second": b, "since": "2020"}
        times: dict[str, list[float]] = {
            name: [] for name in ("cold", "cold cpu", "new", "new cpu", "again", "step")
        }
        for _ in range(rounds):
            with serving(path) as (client, pid):
                client.get("/version")
                before = spent(pid)
                times["cold"].append(get(client, "/relations", asked)[0])
                times["cold cpu"].append(spent(pid) - before)
            with serving(path) as (client, pid):
                get(client, "/incidents/facets", {})
                get(client, "/relations", {"first": "AAX", "second": "CCX", "since": "2020"})
                before = spent(pid)
                times["new"].append(get(client, "/relations", asked)[0])
                times["new cpu"].append(spent(pid) - before)
                times["again"].append(get(client, "/relations", asked)[0])
                times["step"].append(get(client, "/relations", {**asked, "step": "week"})[0])
        print(f"{a} {b} served: " + ", ".join(f"{name} {statistics.median(many):.0f} ms" for name, many in times.items()), flush=True)  # fmt: skip


def main() -> None:
    """Make the store and time three pairs, each run in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--served", action="store_true")
    parser.add_argument("--ask", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.ask:
        ask(asked.store, 6)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = asked.store or Path(folder) / "made.duckdb"
        if not path.exists():
            make(path, asked.events)
        print(f"{path.stat().st_size / 1e6:.0f} MB", flush=True)
        if asked.served:
            ask_served(path, 3)
            return
        for _ in range(2):
            subprocess.run([sys.executable, __file__, "--ask", "--store", str(path)], check=True)


if __name__ == "__main__":
    main()
