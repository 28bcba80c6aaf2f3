"""Share of events dated right when the words of the date are given, on a sample of the training articles.

    python bench/quality/event_dates.py [--data FOLDER] [--half 1|2] [--wrong]

``event_dates.jsonl`` holds, for 300 events drawn with a fixed seed, the days that a reader wrote down from sentence,
date words and day of publication: file, article, start and end of the trigger, first and last day (both included).
Null days mean that the words name no days ("in recent weeks"); such events are left out of the shares and counted.
FOLDER holds the files named there.

Strict: the same first and last day. Near: the intervals overlap and have the same precision (day, week, month, year
or another stretch). The first half of the lines was read while the grammar was mended, the second half was not.
"""

from __future__ import annotations

import argparse
import functools
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from dragoman.records import Article, EventDate, Mention, Section
from dragoman.resolve.dates import resolve_date

GOLD = Path(__file__).with_suffix(".jsonl")
DEFAULT = Path(__file__).resolve().parents[3] / "shared" / "data" / "events"
HALF = 150


@functools.cache
def articles(path: Path) -> dict[str, dict[str, Any]]:
    """Return the articles of a file by their id."""
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return {row["id"]: row for row in rows}


def event_of(row: dict[str, Any], start: int, end: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the sentence and the dated event whose trigger stands at these characters.

    Raises:
        LookupError: No event of the article has that trigger and a date.
    """
    for sentence in row["sentences"]:
        for event in sentence["events"]:
            trigger = event["trigger"]
            if (trigger["start"], trigger["end"]) == (start, end) and event["dates"]:
                return sentence, event
    raise LookupError(
        f'article "{row["id"]}" has no dated event at {start}-{end}; is it another version of the data?'
    )


def resolved(row: dict[str, Any], sentence: dict[str, Any], event: dict[str, Any]) -> EventDate | None:
    """Return the date that the resolver gives an annotated event."""
    text = row["text"]
    article = Article(
        row["id"], text, "gold", sections=(Section("body", 0, len(text)),),
        published_on=date.fromisoformat(row["published_on"]),
    )  # fmt: skip
    trigger = event["trigger"]
    mentions = [Mention(d["start"], d["end"], d["text"], "date") for d in event["dates"]]
    future = event["status"] == "future" or event["event_type"] in ("AGREE", "THREATEN")
    return resolve_date(
        mentions, article=article, sentence=article.span(sentence["start"], sentence["end"]),
        trigger=article.span(trigger["start"], trigger["end"]),
        tense_future=future and event["status"] != "actual",
    )  # fmt: skip


def precision(first: date, last: date) -> str:
    """Return what an interval is by its length and ends."""
    after = last + timedelta(days=1)
    if first == last:
        return "day"
    if (last - first).days == 6:
        return "week"
    if first.day == 1 and after.day == 1 and (last - first).days < 31:
        return "month"
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
        return "year"
    return "stretch"


def judge(gold: dict[str, Any], when: EventDate | None) -> tuple[bool, bool]:
    """Return whether a date is right strictly, and nearly."""
    first, last = date.fromisoformat(gold["from"]), date.fromisoformat(gold["to"])
    if when is None:
        return False, False
    near = (
        when.from_ <= last and first <= when.to and precision(when.from_, when.to) == precision(first, last)
    )
    return (when.from_, when.to) == (first, last), near


def main() -> None:
    """Print the shares of both halves, and the wrong ones with --wrong."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--data", type=Path, default=DEFAULT)
    options.add_argument("--half", type=int, choices=(1, 2), help="only this half")
    options.add_argument("--wrong", action="store_true", help="list the wrong ones")
    a = options.parse_args()
    lines = GOLD.read_text(encoding="utf-8").splitlines()
    marks: dict[str, list[tuple[bool, bool]]] = {"first half": [], "second half": []}
    dayless = 0
    for number, line in enumerate(lines):
        half = 1 if number < HALF else 2
        if a.half not in (None, half):
            continue
        gold = json.loads(line)
        if gold["from"] is None:
            dayless += 1
            continue
        row = articles(a.data / gold["file"])[gold["article"]]
        sentence, event = event_of(row, gold["start"], gold["end"])
        when = resolved(row, sentence, event)
        mark = judge(gold, when)
        marks["first half" if half == 1 else "second half"].append(mark)
        if a.wrong and not mark[0]:
            words = " | ".join(d["text"] for d in event["dates"])
            got = f"{when.from_}..{when.to} ({when.basis})" if when else "none"
            print(f"{number} {row['published_on']} <{words}> gold {gold['from']}..{gold['to']} got {got}")
    marks["all"] = [m for half_marks in marks.values() for m in half_marks]
    for name, half_marks in marks.items():
        if n := len(half_marks):
            strict, near = (sum(column) / n for column in zip(*half_marks, strict=True))
            print(f"{name:12} strict {strict:.3f}, near {near:.3f} of {n}")
    print(f"left out, words without days: {dayless}")


if __name__ == "__main__":
    main()
