"""Events in other people's formats, and other people's events: rows in, files out, each written whole or not at all.

``jsonl`` keeps the records as they are, ``csv`` is one flat line per event, ``parquet`` keeps nested columns; ``plover`` makes
PLOVER records, ``polecat``, ``cameo`` and ``geojson`` tables and features, with ``codes`` and ``sides`` under them. ``foreign``
reads tables of GDELT, ICEWS, POLECAT and Phoenix.
"""

from dragoman.export.files import FORMATS, flat_row, write_events
from dragoman.export.sides import LEFT_OUT, Tally

__all__ = ["FORMATS", "LEFT_OUT", "Tally", "flat_row", "write_events"]
