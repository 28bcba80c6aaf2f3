"""Counts and speakers when the rest of an event is given, on annotated articles.

    python bench/quality/counts.py GOLD.jsonl … [--wrong N] [--encoder] [--model DIR]

Drafts are built from the annotation without its counts and its ``said_by``, so that only the rules are measured: the share
of annotated figures found with the right kind and range, the share of figures that are annotated, and the same for
speakers (words that overlap; the share that are the same words in brackets). Figures of one kind that are annotated one
by one count as right when their sum is given. ``--encoder`` takes the encoder's drafts that share trigger words with an
annotated event of the same type instead, with what it marked.
"""

from __future__ import annotations

import argparse
import collections
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dragoman.parse import EncoderModel, Parser
from dragoman.parse.model import PACKAGED
from dragoman.records import Article, Count, Draft, Mention, Parsed, Section, Span
from dragoman.resolve.attribution import find_speaker
from dragoman.resolve.counts import count_mentions, resolve_counts
from dragoman.resolve.counts_words import add_ranges, parse_count


def mentions(people: list[dict[str, Any]], kind: str) -> tuple[Mention, ...]:
    """Return annotated words as mentions of one kind."""
    return tuple(Mention(p["start"], p["end"], p["text"], kind) for p in people)


def read(row: dict[str, Any]) -> Iterator[tuple[dict[str, Any], Draft, list[Draft]]]:
    """Yield each annotated event, its draft without counts and speaker, and the drafts of its sentence."""
    for s in row["sentences"]:
        quote = Span(s["start"], s["end"], row["text"][s["start"] : s["end"]])
        drafts = [
            Draft(
                sentence=quote, section="body", event_type=e["event_type"], mode=e["mode"], status=e["status"],
                trigger=Span(e["trigger"]["start"], e["trigger"]["end"], e["trigger"]["text"]),
                actors=mentions(e["actors"], "actor"), recipients=mentions(e["recipients"], "recipient"),
                places=mentions(e["places"], "place"), dates=mentions(e["dates"], "date"),
            )
            for e in s["events"]
        ]  # fmt: skip
        yield from ((e, d, drafts) for e, d in zip(s["events"], drafts, strict=True))


def read_encoder(row: dict[str, Any], parser: Parser) -> Iterator[tuple[dict[str, Any], Draft, list[Draft]]]:
    """Yield each annotated event that the encoder found, with the encoder's draft."""
    article = Article(str(row["id"]), row["text"], "gold", sections=(Section("body", 0, len(row["text"])),))
    parsed = parser([article])[0]
    assert isinstance(parsed, Parsed)
    for s in row["sentences"]:
        for e in s["events"]:
            start, end = e["trigger"]["start"], e["trigger"]["end"]
            for d in parsed.drafts:
                if d.event_type == e["event_type"] and d.trigger.start < end and start < d.trigger.end:
                    yield e, d, [x for x in parsed.drafts if x.sentence == d.sentence]
                    break


def judge(gold: list[dict[str, Any]], found: dict[str, Count]) -> collections.Counter[str]:
    """Return tallies of one event: annotated figures, found ones, right ones of either side."""
    n: collections.Counter[str] = collections.Counter(gold=len(gold), found=len(found))
    by_kind: dict[str, list[tuple[int | None, int | None]]] = collections.defaultdict(list)
    for g in gold:
        by_kind[g["what"]].append(parse_count(g["text"]))
    for kind, ranges in by_kind.items():
        count = found.get(kind)
        if count is None:
            continue
        got = (count.low, count.high)
        n["kind"] += len(ranges)
        summed = got == add_ranges(ranges)
        n["right"] += len(ranges) if summed else int(got in ranges)
        n["sound"] += summed or got in ranges
    return n


def main() -> None:
    """Print the shares, and some wrong ones."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("gold", type=Path, nargs="+")
    options.add_argument("--wrong", type=int, default=0)
    options.add_argument("--encoder", action="store_true")
    options.add_argument("--model", type=Path, default=PACKAGED)
    a = options.parse_args()
    rows = [json.loads(line) for p in a.gold for line in p.read_text(encoding="utf-8").splitlines() if line]
    parser = Parser(EncoderModel(a.model, threads=2)) if a.encoder else None
    n: collections.Counter[str] = collections.Counter()
    wrong: list[str] = []
    spent = 0.0
    for row in rows:
        for gold, draft, drafts in read(row) if parser is None else read_encoder(row, parser):
            began = time.process_time()
            counts = resolve_counts(count_mentions(draft, drafts), sentence=draft.sentence)
            speaker = draft.said_by[0] if draft.said_by else find_speaker(draft)
            spent += time.process_time() - began
            n["events"] += 1
            tally = judge(gold["counts"], counts)
            n.update(tally)
            said = gold["said_by"]
            n["said"] += said is not None
            n["speakers"] += speaker is not None
            if said is not None and speaker is not None:
                n["said_right"] += said["start"] < speaker.end and speaker.start < said["end"]
                n["said_same"] += (said["start"], said["end"]) == (speaker.start, speaker.end)
            about = f"{draft.event_type} «{draft.trigger.text}»  {draft.sentence.text[:300]}"
            if tally["right"] < tally["gold"] or tally["sound"] < tally["found"]:
                marked = [(g["what"], g["text"]) for g in gold["counts"]]
                wrong.append(
                    f"COUNT gold {marked} got {[(k, c.text, c.low, c.high) for k, c in counts.items()]}\n    {about}"
                )
            missed = said is not None and (
                speaker is None or not (said["start"] < speaker.end and speaker.start < said["end"])
            )
            if missed or (said is None and speaker is not None):
                wrong.append(f"SAID gold {said and said['text']} got {speaker and speaker.text}\n    {about}")
    print(
        f"counts: {share(n['right'], n['gold'])} annotated figures found with kind and range ({n['kind']} with kind); "
        f"{share(n['sound'], n['found'])} given figures are annotated"
    )
    print(
        f"said_by: recall {share(n['said_right'], n['said'])} (same words {n['said_same']}), "
        f"precision {share(n['said_right'], n['speakers'])}"
    )
    print(f"{1000 * spent / max(1, n['events']):.3f} ms per event, {n['events']} events")
    for line in wrong[:: max(1, len(wrong) // a.wrong)] if a.wrong else []:
        print(line)


def share(part: int, whole: int) -> str:
    """Return a share with its parts: "0.750 (3 of 4)"."""
    return f"{part / whole:.3f} ({part} of {whole})" if whole else "none (0 of 0)"


if __name__ == "__main__":
    main()
