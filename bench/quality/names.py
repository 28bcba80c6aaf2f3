"""Names found in articles: exact span and kind (PER, ORG, LOC, NORP), precision, recall and F1.

    python bench/quality/names.py FILE.jsonl[.gz] [--model FOLDER] [--every 8] [--alone]

FILE holds a sentence a line: ``{"doc", "text", "mentions": [{"start", "end", "kind"}]}``; those of one doc are read as one article,
those without any alone, as all are with ``--alone``. Articles, punctuation at the ends and a title
before a person's name are left out of the comparison on both sides, since files differ in whether they belong to a name; ``--strict``
leaves titles in.
"""

from __future__ import annotations

import argparse
import collections
import gzip
import json
import re
from pathlib import Path
from typing import Any

from dragoman.parse.decode import Found, trim
from dragoman.parse.model import PACKAGED, EncoderModel
from dragoman.parse.names import agree, find_names

TITLE = re.compile(
    r"(?:(?:mr|mrs|ms|miss|dr|prof|professor|sir|lord|lady|sheikh|king|queen|prince|princess|pope|father|bishop|general|gen|"
    r"colonel|col|major|maj|captain|capt|lieutenant|lt|sergeant|sgt|brigadier|admiral|president|vice president|prime minister|"
    r"minister|premier|chancellor|senator|sen|governor|gov|justice|judge|chief|pm|hon|rev|reverend|ambassador)\.?\s+)+",
    re.I,
)
KINDS = ("PER", "ORG", "LOC", "NORP")


def bare(text: str, start: int, end: int, kind: str, *, strict: bool) -> tuple[int, int, str]:
    """Return a name's span without what files differ about."""
    start, end = trim(text, start, end)
    match = None if strict or kind != "PER" else TITLE.match(text[start:end])
    return start + (match.end() if match and match.end() < end - start else 0), end, kind


def read(model: EncoderModel, text: str) -> list[Found]:
    """Return the names that a sentence alone gives."""
    tokens = model.tokenise([text])[0]
    logits = model.encode([tokens]).names[0]
    return find_names(logits, model.labels.names, model.decoding.name_threshold, tokens.offsets, text)


def count(
    counts: dict[str, collections.Counter[str]], row: dict[str, Any], names: list[Found], *, strict: bool
) -> None:
    """Add the names of one sentence, wanted and found, to the counts of their kinds."""
    text = row["text"]
    wanted = {
        bare(text, m["start"], m["end"], m["kind"], strict=strict)
        for m in row["mentions"]
        if m["kind"] in KINDS
    }
    found = {bare(text, s.start, s.end, s.label, strict=strict) for s in names if s.label in KINDS}
    for kind in KINDS:
        one, two = ({x for x in rows if x[2] == kind} for rows in (wanted, found))
        counts[kind].update(gold=len(one), found=len(two), right=len(one & two))


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--model", type=Path, default=PACKAGED)
    parser.add_argument("--strict", action="store_true", help="titles belong to names")
    parser.add_argument("--every", type=int, default=1, help="read only every so many articles")
    parser.add_argument("--alone", action="store_true", help="names of a sentence are told by it alone")
    a = parser.parse_args()
    model = EncoderModel(a.model, threads=1)
    data = a.file.read_bytes()
    lines = (gzip.decompress(data) if a.file.suffix == ".gz" else data).decode("utf-8").splitlines()
    counts: dict[str, collections.Counter[str]] = {k: collections.Counter() for k in KINDS}
    articles: dict[Any, list[dict[str, Any]]] = collections.defaultdict(list)
    for n, line in enumerate(lines):
        row = json.loads(line)
        articles[n if a.alone else row.get("doc", n)].append(row)
    chosen = list(articles.values())[:: a.every]
    for rows in chosen:
        texts = [row["text"] for row in rows]
        for row, names in zip(rows, agree(texts, [read(model, text) for text in texts]), strict=True):
            count(counts, row, names, strict=a.strict)
    counts["all"] = sum(counts.values(), collections.Counter())
    print(f"{'kind':6} {'precision':>9} {'recall':>7} {'F1':>6} {'gold':>6}")
    for kind, c in counts.items():
        precision, recall = c["right"] / max(1, c["found"]), c["right"] / max(1, c["gold"])
        f1 = 2 * c["right"] / max(1, c["found"] + c["gold"])
        print(f"{kind:6} {precision:9.3f} {recall:7.3f} {f1:6.3f} {c['gold']:6}")
    print(f"{sum(map(len, chosen))} sentences of {len(chosen)} articles")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
