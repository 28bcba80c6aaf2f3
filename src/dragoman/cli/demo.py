"""``dragoman demo``: something true to look at."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

from dragoman.cli.code import code
from dragoman.errors import UsageError

_NEXT = (
    ("relations ARM AZE", "how two states got on"), ("brief IRN SAU --since 2015", "a page on two of them"),
    ("alerts --since 2015", "what changed, and when it would have been told"), ("incidents --type ASSAULT --country SDN", "incidents"),
)  # fmt: skip


def demo(corpus: Literal["world"] = "world", *, db: str = "world.duckdb", workers: int | None = None) -> int:
    """Code 1,156 short news items on public events of 2015 to 2025 into a store: Black Sea, Middle East, Africa, Korea.

    Example: dragoman demo world

    The items are ours: real events, in our own words, under invented outlets. It takes a minute or two.

    Parameters
    ----------
    corpus
        Which one; there is one so far.
    db
        The store's file; an existing one is added to.
    workers
        Processes that code [1].
    """
    from dragoman.demo import world_file

    if Path(db).is_dir():
        raise UsageError(f'--db must be a file; "{db}" is a folder.')
    with world_file() as path:
        status = code(str(path), db=db, workers=workers, format="none")
    if status == 0:
        print("Now try:", file=sys.stderr)
        for words, what in _NEXT:
            print(f"  dragoman {words} --db {db}   # {what}", file=sys.stderr)
    return status
