"""Events in other people's formats: rows in, files out, each written whole or not at all.

``jsonl`` keeps the records as they are, ``csv`` is one flat line per event, ``parquet`` keeps nested columns.
"""

from dragoman.export.files import FORMATS, flat_row, write_events

__all__ = ["FORMATS", "flat_row", "write_events"]
