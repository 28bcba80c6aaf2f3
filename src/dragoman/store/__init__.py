"""Event ⇄ one DuckDB file, append-only and versioned; one process writes, many may read.

``opening`` opens or creates the file and brings its layout up to date (``migrations``), ``writing`` adds what a batch
gave in one transaction, ``queries`` asks, ``reviews`` records and applies what people say of events (``corrections`` checks
it, ``gold`` makes annotated articles and examples of it). ``copying`` finds who wrote an article, ``merging`` keeps incidents in
step with the events that ``reports`` reads, ``linking`` what follows from what, ``verdicts`` what people say of merges.
``history`` compares two states of knowledge, ``integrity`` verifies a whole store, ``backups`` copies it. ``foreign`` keeps
events that other projects coded. Rows (``rows``) keep the names of ``records.py``.
"""

from dragoman.store.foreign import Imported, add_foreign, count_foreign, find_foreign
from dragoman.store.opening import DEFAULT_DB, Store, open_store
from dragoman.store.queries import (
    EventFilter,
    find_cited_events,
    find_events,
    find_incidents,
    get_article,
    get_counts,
)
from dragoman.store.reviews import (
    Verdict,
    add_review,
    find_reviewed,
    find_unreviewed,
    get_event_id,
)
from dragoman.store.writing import Written, begin_run, end_run, write

__all__ = [
    "DEFAULT_DB",
    "EventFilter",
    "Imported",
    "Store",
    "Verdict",
    "Written",
    "add_foreign",
    "add_review",
    "begin_run",
    "count_foreign",
    "end_run",
    "find_cited_events",
    "find_events",
    "find_foreign",
    "find_incidents",
    "find_reviewed",
    "find_unreviewed",
    "get_article",
    "get_counts",
    "get_event_id",
    "open_store",
    "write",
]
