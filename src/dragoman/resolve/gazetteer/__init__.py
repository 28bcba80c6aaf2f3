"""The table of places, looked up by name.

``table`` reads it (memory-mapped), ``writing`` writes it, ``own`` merges our regions, waters, sites and aliases into
it, ``full`` builds a large one from GeoNames dumps. The packaged files are built by ``scripts/build_gazetteer.py``; see
ATTRIBUTION beside them.
"""

from dragoman.resolve.gazetteer.keys import KINDS, name_key
from dragoman.resolve.gazetteer.table import PACKAGED, Gazetteer, GazetteerPlace

__all__ = ["KINDS", "PACKAGED", "Gazetteer", "GazetteerPlace", "name_key"]
