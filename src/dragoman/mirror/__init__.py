"""Store → a schema of a PostgreSQL server for a team, kept in step: each time only what is new or superseded since the last.

``tables`` says what goes there and how a row is written, ``changes`` what of the store is due, ``server`` connects and tells errors,
``layout`` makes the tables (``layouts``), ``keeping`` sends batches, each in one transaction together with the mark up to which
the schema is a true copy, ``comparing`` brings both together when that mark does not hold.
"""

from dragoman.mirror.keeping import Kept, Mirror
from dragoman.mirror.server import address_of, check_schema

__all__ = ["Kept", "Mirror", "address_of", "check_schema"]
