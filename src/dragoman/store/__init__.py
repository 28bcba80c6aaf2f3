"""Event ⇄ one DuckDB file, append-only and versioned; one process writes, many may read.

``opening`` opens or creates the file and brings its layout up to date (``migrations``), ``writing`` adds what a batch
gave in one transaction, ``queries`` asks. Rows keep the names of ``records.py``.
"""

from dragoman.store.opening import DEFAULT_DB, Store, open_store
from dragoman.store.queries import EventFilter, find_events, find_incidents, get_article, get_counts
from dragoman.store.writing import Written, begin_run, end_run, write

__all__ = [
    "DEFAULT_DB",
    "EventFilter",
    "Store",
    "Written",
    "begin_run",
    "end_run",
    "find_events",
    "find_incidents",
    "get_article",
    "get_counts",
    "open_store",
    "write",
]
