"""Names to look-up keys, and the layout of the gazetteer's files that its reader and writer share.

A gazetteer is a folder of four kinds of file: ``places.npy`` (one record per place), ``names.txt`` (the names, end to
end), ``names-NN.marisa`` (look-up key → row and flags, spread over tries by a hash of the key) and ``labels.json``
(country codes and first-order units that the records number).
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from functools import cache
from typing import Final

import numpy as np
from anyascii import anyascii

KINDS: Final = ("city", "admin1", "country", "region", "water", "site", "continent", "admin2")
RECORD: Final = np.dtype(
    [
        ("lat", "<f4"),
        ("lon", "<f4"),
        ("population", "<u4"),
        ("geonames_id", "<u4"),
        ("name", "<u4"),  # byte offset into names.txt
        ("unit", "<u2"),
        ("country", "<u2"),
        ("kind", "u1"),
    ]
)
TRIE_VALUE: Final = "<IB"
# How a name may be written: the place's own name (not an alternate one), an abbreviation that needs its full stop
# ("Calif.", "U.S."), or letters that count only as capitals ("US", "NSW").
NAMED, DOTTED, CAPITALS = 1, 2, 4
# Longer names are phrases; shorter ones are codes and make false hits unless we wrote them ourselves.
SHORTEST, LONGEST = 3, 48
_NOT_KEY = re.compile(r"[^a-z0-9]+")
_APOSTROPHE = re.compile(r"['’`ʻʼ‘]")


def name_key(name: str) -> str:
    """Return the look-up key of a name: ASCII, lower case, single spaces; apostrophes vanish.

    Example:
        >>> name_key("Diyarbakır"), name_key("Sana'a"), name_key("Guinea-Bissau")
        ('diyarbakir', 'sanaa', 'guinea bissau')
    """
    if not name.isascii():
        name = anyascii(name)
    # Most names are plain words, and a full build makes keys of tens of millions.
    plain = name.lower()
    if plain.isalnum() and plain.isascii():
        return plain
    return _NOT_KEY.sub(" ", _APOSTROPHE.sub("", name).lower()).strip()


def name_flags(name: str) -> int:
    """Return whether a name counts only with its full stop or only in capitals.

    Example:
        >>> name_flags("Calif.") == DOTTED, name_flags("NSW") == CAPITALS, name_flags("Texas")
        (True, True, 0)
    """
    if name.endswith("."):
        return DOTTED
    letters = [c for c in name if c.isalpha()]
    return CAPITALS if len(letters) <= 5 and all(c.isupper() for c in letters) else 0


def is_latin(name: str) -> bool:
    """Tell whether every letter of a name is of the Latin script."""
    return name.isascii() or all(_fits_latin(c) for c in name)


@cache
def _fits_latin(letter: str) -> bool:
    return not letter.isalpha() or "LATIN" in unicodedata.name(letter, "")


def shard_of(key: str, shards: int) -> int:
    """Return the number of the trie that holds a key."""
    return zlib.crc32(key.encode()) % shards if shards > 1 else 0
