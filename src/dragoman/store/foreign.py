"""Keep events that other projects coded, and find them by pair: old series beside our own.

A file is added whole or not at all. The same rows again change nothing; an id whose rows differ from the stored ones supersedes
them, and the old rows keep their interval ``recorded_at`` … ``superseded_at``.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import duckdb

from dragoman.errors import StoreFull
from dragoman.store.opening import Store, telling
from dragoman.store.queries import iter_rows
from dragoman.store.rows import to_stamp

# Columns of a row, in the order of the table; what says from where and when is no part of its content.
COLUMNS: Final[Mapping[str, str]] = {
    "dataset": "VARCHAR", "foreign_id": "VARCHAR", "event_date": "DATE", "actors": "VARCHAR[]", "actor_countries": "VARCHAR[]",
    "actor_sectors": "VARCHAR[]", "recipients": "VARCHAR[]", "recipient_countries": "VARCHAR[]",
    "recipient_sectors": "VARCHAR[]", "event_type": "VARCHAR", "mode": "VARCHAR", "contexts": "VARCHAR[]", "cameo": "VARCHAR",
    "quad_class": "INTEGER", "intensity": "DOUBLE", "given_intensity": "DOUBLE", "place": "VARCHAR", "country": "VARCHAR",
    "lat": "DOUBLE", "lon": "DOUBLE", "url": "VARCHAR", "publisher": "VARCHAR", "file": "VARCHAR", "line": "BIGINT",
}  # fmt: skip
_FROM: Final = ("file", "line")


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of the rows of a file: ``repeated`` ones stand in it more than once, ``superseded`` are older rows."""

    rows: int = 0
    new: int = 0
    same: int = 0
    repeated: int = 0
    superseded: int = 0


def add_foreign(store: Store, rows: Iterable[Mapping[str, Any]], *, at: datetime) -> Imported:
    """Add the rows of one file in one transaction and return what became of them.

    Args:
        store: Open for writing.
        rows: Rows with the keys of ``COLUMNS``, dates as words; read one by one.
        at: The time of recording.

    Raises:
        StoreFull: There is no room; nothing was kept.
        StoreError: The file could not be written otherwise.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="dragoman-") as folder:
            lines = Path(folder) / "rows.json"
            with lines.open("w", encoding="utf-8") as file:
                n = _write_lines(rows, file)
            with store.transaction() as connection:
                return _insert(connection, lines, n, to_stamp(at))
    except OSError as error:
        if error.errno is None:
            raise  # one of ours, or of the reading of rows
        raise StoreFull(
            f'no room for the rows beside the store ("{tempfile.gettempdir()}"): {error.strerror}. Nothing of the file was stored.'
        ) from error


def _write_lines(rows: Iterable[Mapping[str, Any]], file: Any) -> int:
    n = 0
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    for row in rows:
        content = encode({name: row[name] for name in COLUMNS if name not in _FROM})
        digest = hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
        # Encoding is what costs most, so the rest is put behind what is encoded already.
        file.write(
            f'{content[:-1]},"file":{encode(row["file"])},"line":{row["line"]},"content_digest":"{digest}"}}\n'
        )
        n += 1
    return n


def _insert(connection: duckdb.DuckDBPyConnection, lines: Path, n: int, stamp: str) -> Imported:
    if not n:
        return Imported()
    kinds = ", ".join(
        f"'{name}': '{kind}'" for name, kind in {**COLUMNS, "content_digest": "VARCHAR"}.items()
    )
    quoted = str(lines).replace("'", "''")
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE foreign_now AS SELECT * FROM "
        f"read_json('{quoted}', format = 'newline_delimited', columns = {{{kinds}}}) "
        "QUALIFY row_number() OVER (PARTITION BY dataset, foreign_id, content_digest ORDER BY file, line) = 1"
    )
    distinct = _number(connection, "SELECT count(*) FROM foreign_now")
    held = (
        "SELECT 1 FROM foreign_events h WHERE h.superseded_at IS NULL AND h.dataset = n.dataset AND h.foreign_id = n.foreign_id "
        "AND h.content_digest = n.content_digest"
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE foreign_fresh AS SELECT * FROM foreign_now n WHERE NOT EXISTS ({held})"
    )
    superseded = _number(
        connection,
        "UPDATE foreign_events h SET superseded_at = ? WHERE h.superseded_at IS NULL "
        "AND (h.dataset, h.foreign_id) IN (SELECT (dataset, foreign_id) FROM foreign_now) "
        "AND (h.dataset, h.foreign_id, h.content_digest) NOT IN (SELECT (dataset, foreign_id, content_digest) FROM foreign_now)",
        stamp,
    )
    new = _number(
        connection, "INSERT INTO foreign_events BY NAME SELECT *, ?::TIMESTAMP AS recorded_at FROM foreign_fresh", stamp
    )  # fmt: skip
    connection.execute("DROP TABLE foreign_now; DROP TABLE foreign_fresh")
    return Imported(n, new, distinct - new, n - distinct, superseded)


def _number(connection: duckdb.DuckDBPyConnection, sql: str, *values: object) -> int:
    row = connection.execute(sql, list(values)).fetchone()
    return int(row[0]) if row else 0


def _is_there(store: Store) -> bool:
    """Return whether the store has the table; one of an older layout that is only read has none."""
    with telling(store.path):
        found = store.connection.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'foreign_events'")
        return found.fetchone() is not None


def _side(role: str, words: str) -> tuple[str, list[str]]:
    """Return the condition that a role holds a country, a country with sector, or words of a name, and its values."""
    code, _, sector = words.partition("/")
    if not (code.isupper() and len(code) == 3):
        return f"contains(lower(array_to_string({role}s, ' ')), lower(?))", [words]
    if sector:
        return f"(list_contains({role}_countries, ?) AND list_contains({role}_sectors, ?))", [code, sector]
    return f"list_contains({role}_countries, ?)", [code]


def find_foreign(
    store: Store,
    a: str | None = None,
    b: str | None = None,
    *,
    since: date | None = None,
    until: date | None = None,
    datasets: Sequence[str] = (),
    limit: int | None = None,
) -> Iterator[dict[str, Any]]:
    """Yield foreign events that hold, oldest first, in a shape that can be laid beside incidents.

    Each row has "date" with from and to, event_type, mode, quad_class and intensity as an incident has, all on PLOVER's scales,
    and dataset, foreign_id and what the dataset itself says. Scores of different datasets count different things: compare
    their changes, not their sums.

    Args:
        store: An open store.
        a: One side: a country (IRN), a country and sector (IRN/MIL), or words of a name; None for any.
        b: The other side, in either role, or beside the first among the actors of an act without recipient.
        since: First day.
        until: Last day.
        datasets: Only these; empty for all.
        limit: At most so many.

    Raises:
        StoreError: The file could not be read.
    """
    if not _is_there(store):
        return
    conditions, values = ["superseded_at IS NULL"], []
    pairs = [(words, _side("actor", words), _side("recipient", words)) for words in (a, b) if words]
    if len(pairs) == 1:
        (_, acts, takes) = pairs[0]
        conditions.append(f"({acts[0]} OR {takes[0]})")
        values += [*acts[1], *takes[1]]
    elif pairs:
        (_, a_acts, a_takes), (_, b_acts, b_takes) = pairs
        ways = [(a_acts, b_takes), (b_acts, a_takes), (a_acts, b_acts)]
        last = "(len(recipients) = 0 AND {0} AND {1})"
        shapes = ["({0} AND {1})", "({0} AND {1})", last]
        conditions.append(
            "(" + " OR ".join(s.format(x[0], y[0]) for s, (x, y) in zip(shapes, ways, strict=True)) + ")"
        )
        values += [v for x, y in ways for v in (*x[1], *y[1])]
    given: list[Any] = list(values)
    for condition, value in (("event_date >= ?", since), ("event_date <= ?", until)):
        if value is not None:
            conditions.append(condition)
            given.append(value)
    if datasets:
        conditions.append("dataset IN (SELECT unnest(?::VARCHAR[]))")
        given.append(list(datasets))
    tail = f" LIMIT {int(limit)}" if limit is not None else ""
    sql = (
        'SELECT dataset, foreign_id, struct_pack("from" := event_date, "to" := event_date) AS "date", event_type, mode, contexts, '
        "quad_class, intensity, cameo, given_intensity, actors, actor_countries, actor_sectors, recipients, recipient_countries, "
        f"recipient_sectors, place, country, lat, lon, url, publisher, file, line FROM foreign_events WHERE {' AND '.join(conditions)} "
        f"ORDER BY event_date, dataset, foreign_id, content_digest{tail}"
    )
    yield from iter_rows(store, sql, given)


def count_foreign(store: Store) -> list[dict[str, Any]]:
    """Return per dataset how many events hold, their first and last day, and how many files they come from."""
    if not _is_there(store):
        return []
    sql = (
        'SELECT dataset, count(*) AS events, min(event_date) AS "first", max(event_date) AS "last", count(DISTINCT file) AS files '
        "FROM foreign_events WHERE superseded_at IS NULL GROUP BY dataset ORDER BY dataset"
    )
    return list(iter_rows(store, sql, []))
