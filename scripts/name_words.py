"""Count how words are used in annotated newswire: as plain words, as given names, as surnames, as names of places.

    PYTHONPATH=src python scripts/name_words.py ../shared/data/ner/gmb.jsonl.gz

Out: ``src/dragoman/resolve/gazetteer/name_words.csv`` with one row per capitalised word that the gazetteer holds as a
name, or that starts names of persons. Source: the Groningen Meaning Bank's newswire (public domain); counts only.
"""

from __future__ import annotations

import argparse
import collections
import csv
import gzip
import json
import re
from pathlib import Path

from dragoman.resolve.gazetteer import Gazetteer, name_key

OUT = Path(__file__).resolve().parent.parent / "src/dragoman/resolve/gazetteer/name_words.csv"
WORD = re.compile(r"[^\W\d_]+")


def count(rows: list[dict]) -> dict[str, collections.Counter[str]]:
    """Return for each word (lower case) how often it is plain, given, surname, place."""
    counts: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for row in rows:
        text = row["text"]
        for m in WORD.finditer(text):
            if m.group().islower():
                counts[m.group()]["plain"] += 1
        for mention in row["mentions"]:
            words = WORD.findall(text[mention["start"] : mention["end"]])
            words = [w for w in words if w[0].isupper()]
            if mention["kind"] == "PER" and words:
                if len(words) > 1:
                    for w in words[:-1]:
                        counts[w.lower()]["given"] += 1
                counts[words[-1].lower()]["surname"] += 1
            elif mention["kind"] == "LOC":
                for w in words:
                    counts[w.lower()]["place"] += 1
    return counts


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument(
        "--share", type=float, default=1.0, help="of the sentences, from the start; to fit on the rest"
    )
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    with gzip.open(options.corpus, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    counts = count(rows[: int(len(rows) * options.share)])
    gazetteer = Gazetteer()
    with options.out.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["word", "plain", "given", "surname", "place"])
        for word, c in sorted(counts.items()):
            named = c["given"] >= 2 or c["surname"] >= 2
            if named or (c["plain"] >= 2 and gazetteer.has_key(name_key(word))):
                writer.writerow([word, c["plain"], c["given"], c["surname"], c["place"]])


if __name__ == "__main__":
    main()
