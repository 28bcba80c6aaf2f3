"""Count in how many items of Wikipedia's current events (to 2023) a name or number stands; counts only, no text.

    python scripts/merge_names.py WCEP.jsonl.gz > src/dragoman/merge/name_counts.csv

Merging weighs a shared name by how rare it is: two reports that name Nyatsime share more than two that name London.
"""

from __future__ import annotations

import collections
import csv
import gzip
import json
import sys
from pathlib import Path

from dragoman.merge.words import telling

LAST_YEAR, LEAST, MOST = 2023, 12, 8000


def main() -> None:
    """Print the table: first the number of items, then names by frequency."""
    counts: collections.Counter[str] = collections.Counter()
    items = 0
    with gzip.open(Path(sys.argv[1]), "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            if int(str(row["date"])[:4]) <= LAST_YEAR:
                items += 1
                counts.update(telling(row["text"]))
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["name", "items"])
    out.writerow(["", items])
    out.writerows((name, n) for name, n in counts.most_common(MOST) if n >= LEAST and "," not in name)


if __name__ == "__main__":
    main()
