"""How fast reports become incidents, and how that grows: synthetic events with the shares that news has.

    python bench/speed/merging.py                 # 10,000 and 100,000 events
    python bench/speed/merging.py --million       # and a million
    python bench/speed/merging.py --store         # through a store, in batches, at 10,000 and 30,000

Names are drawn as often as they were counted in news, countries, types and towns with Zipf-like shares; most incidents are told once. News comes at
a rate: ten times the events are ten times the days. Printed: events, seconds, events per second, incidents, and the exponent of growth.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import itertools
import math
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from pathlib import Path
from random import Random

import numpy as np

from dragoman.merge import group, load_scorer
from dragoman.merge.views import Report, Side, Spot, Telling

PER_DAY = 270  # events a day: a million in ten years
TYPES = ("ASSAULT", "ACCUSE", "CONSULT", "COERCE", "SUPPORT", "REJECT", "REQUEST", "PROTEST", "AGREE", "COOPERATE",
         "MOBILIZE", "THREATEN", "SANCTION", "AID", "RETREAT", "CONCEDE")  # fmt: skip
SECTORS = ("GOV", "MIL", "COP", "CVL", "REB", "OPP", "JUD", "MED", "LAB", "EDU")
FIRST = date(2020, 1, 1)


def zipf(draw: Random, size: int, power: float) -> int:
    """Return a number from 0 to size - 1, small ones more often."""
    return min(int(size * draw.random() ** power), size - 1)


def names_of_news() -> tuple[list[str], list[float]]:
    """Return names and numbers with the sums of their counts, for drawing; as many again were counted never."""
    text = resources.files("dragoman.merge").joinpath("name_counts.csv").read_text("utf-8")
    rows = list(csv.reader(text.splitlines()))[2:]
    return [r[0] for r in rows], list(itertools.accumulate(float(r[1]) for r in rows))


def make_reports(count: int, seed: int = 1) -> list[Report]:
    """Return so many reports, in order of publication."""
    draw, out, number = Random(seed), [], 0
    known, sums = names_of_news()

    def name() -> str:
        return (
            f"name{draw.randrange(10**6)}"
            if draw.random() < 0.15
            else draw.choices(known, cum_weights=sums)[0]
        )

    numbers = np.random.default_rng(seed)
    while len(out) < count:
        day = FIRST + timedelta(days=len(out) // PER_DAY)
        # Six of ten incidents are told once, a few by dozens.
        told = 1 if draw.random() < 0.6 else min(2 + int(draw.paretovariate(1.2)), 40)
        kind, doer, other = TYPES[zipf(draw, 16, 1.6)], zipf(draw, 190, 2.2), zipf(draw, 190, 2.2)
        town, names = zipf(draw, 8000, 1.8), [name() for _ in range(4)]
        meaning = numbers.standard_normal(384)
        for _ in range(told):
            number += 1
            out.append(_report(draw, numbers, number, day, kind, doer, other, town, names, name(), meaning))
    return out[:count]


def _report(
    draw: Random, numbers: np.random.Generator, number: int, day: date, kind: str, doer: int, other: int, town: int,
    names: list[str], extra: str, meaning: np.ndarray,
) -> Report:  # fmt: skip
    published = day + timedelta(days=zipf(draw, 5, 2.0))
    vector = meaning + 0.8 * numbers.standard_normal(384)
    vector = (vector / np.linalg.norm(vector)).astype(np.float32)
    mine = frozenset(n for n in names if draw.random() < 0.8) | {extra}
    article = hashlib.sha256(str(number).encode()).hexdigest()[:16]
    sides = (
        Side("actor", f"C{doer:02d}", (SECTORS[zipf(draw, 10, 1.5)],), None, frozenset((f"c{doer}",))),
        *([Side("recipient", f"C{other:02d}", (SECTORS[zipf(draw, 10, 1.5)],), None, frozenset((f"c{other}",)))] if draw.random() < 0.7 else []),
    )  # fmt: skip
    explicit = draw.random() < 0.5
    ordinal = day.toordinal()
    return Report(
        event_id=f"e{number:015d}", article=Telling(article, f"outlet{zipf(draw, 300, 1.5)}", published, mine), section="body",
        event_type=kind if draw.random() < 0.95 else TYPES[zipf(draw, 16, 1.6)], mode=None, status="actual", historical=False,
        sides=sides, spot=Spot(f"town{town}", f"C{doer:02d}", (town * 37 % 160) - 80.0, (town * 91 % 340) - 170.0, 3) if draw.random() < 0.5 else None,
        days=(ordinal, ordinal) if explicit else (ordinal - 2, published.toordinal()), explicit=explicit, counts={},
        trigger=frozenset((f"act{kind}{zipf(draw, 12, 1.6)}",)), quote=frozenset(f"w{zipf(draw, 3000, 1.6)}" for _ in range(14)),
        names=mine, vector=vector,
    )  # fmt: skip


def measure(count: int) -> float:
    """Group so many reports at once, print it, and return the seconds of the processor, which do not depend on who else uses it."""
    reports = make_reports(count)
    scorer = load_scorer()
    began, busy = time.perf_counter(), time.process_time()
    groups = group(reports, scorer)
    seconds, busy = time.perf_counter() - began, time.process_time() - busy
    largest = max(len(g.reports) for g in groups)
    print(
        f"{count:>9,} events  {seconds:8.1f} s, {busy:8.1f} s of a core  {count / busy:8.0f} events/s of a core  {len(groups):>8,} incidents, "
        f"largest {largest}",
        flush=True,
    )
    return busy


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Merge throughput and its growth.")
    parser.add_argument("--million", action="store_true", help="a million events too")
    parser.add_argument("--store", action="store_true", help="through a store instead, batch by batch")
    parser.add_argument("--sizes", default="", help="other numbers of events, with commas")
    arguments = parser.parse_args()
    sizes = [10_000, 100_000] + ([1_000_000] if arguments.million else [])
    if arguments.store:
        sizes = [10_000, 30_000]
    if arguments.sizes:
        sizes = [int(n) for n in arguments.sizes.split(",")]
    run = measure_store if arguments.store else measure
    seconds = [run(n) for n in sizes]
    if len(sizes) > 2:
        print(f"all sizes together: time grows as n^{np.polyfit(np.log(sizes), np.log(seconds), 1)[0]:.2f}")
    for n in range(1, len(sizes)):
        power = math.log(seconds[n] / seconds[n - 1]) / math.log(sizes[n] / sizes[n - 1])
        print(f"{sizes[n - 1]:,} to {sizes[n]:,}: time grows as n^{power:.2f}")


def measure_store(count: int) -> float:
    """Write so many events to a store in batches, as a run of ``dragoman code`` does, and return the seconds."""
    from dragoman.records import Article, Coded, Confidence, Event, EventDate, Participant, Place, Span
    from dragoman.store import begin_run, open_store, write

    def to_coded(part: list[Report]) -> Coded:
        out = Coded()
        for r in part:
            text = (
                " ".join(sorted(r.quote))
                + f" {r.event_id} "
                + " ".join(n.capitalize() for n in sorted(r.names))
            )
            people = [
                Participant(text[:2], 0, 2, None, s.country, s.country, s.sectors, "made", 0.9)
                for s in r.sides
            ]
            n = sum(s.role == "actor" for s in r.sides)
            spot = r.spot and Place(
                text[:2], 0, 2, r.spot.name, r.spot.country, None, r.spot.lat, r.spot.lon, 3, None, 0.9
            )
            days = r.days or (1, 1)
            when = EventDate("x" if r.explicit else None, 0 if r.explicit else None, 1 if r.explicit else None,
                             date.fromordinal(days[0]), date.fromordinal(days[1]), "day", "made")  # fmt: skip
            vector = b"" if r.vector is None else (r.vector * 127).astype(np.int8).tobytes()
            out.articles.append(
                Article(
                    r.article.article_id,
                    text,
                    r.event_id,
                    outlet=r.article.newsroom,
                    published_on=r.article.published_on,
                )
            )
            out.events.append(Event(
                r.event_id, r.article.article_id, None, "body", r.event_type or "", None, (), 1, 1.0, "010", "actual", False,
                Span(0, 2, next(iter(r.trigger))), Span(0, len(text), text), tuple(people[:n]), tuple(people[n:]), spot, when, None, {},
                Confidence(0.9), {}, "0", "0", "plover-2.0", vector,
            ))  # fmt: skip
        return out

    reports = make_reports(count)
    own = {"coder_version": "0", "model_digest": "0"}
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "a.duckdb") as store:
        run = begin_run(store, command="bench", settings={}, at=datetime.now(UTC), **own)
        began = time.perf_counter()
        for n in range(0, count, 500):
            write(store, to_coded(reports[n : n + 500]), run_id=run, at=datetime.now(UTC), **own)
        seconds = time.perf_counter() - began
        row = store.connection.execute(
            "SELECT count(*) FROM incidents WHERE superseded_at IS NULL"
        ).fetchone()
    print(
        f"{count:>9,} events  {seconds:8.1f} s  {count / seconds:8.0f} events/s  {row[0] if row else 0:>8,} incidents, with all else that is stored",
        flush=True,
    )
    return seconds


if __name__ == "__main__":
    main()
