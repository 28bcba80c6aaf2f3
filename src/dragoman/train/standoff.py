"""Annotations kept apart from the text they are about: offsets and labels here, the words where they belong.

A stand-off file holds one line per sentence: text id, sentence number, a digest of the sentence, and events whose spans
count characters of the sentence. ``join`` puts them back on the batch they were made from and refuses a sentence that
has changed; ``part`` makes them from annotated articles: ``python -m dragoman.train.standoff BATCH.txt OUT.jsonl [WORLD.jsonl.gz]``.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

_ROLES = ("actor", "recipient")


def read_batch(path: Path) -> dict[str, dict[str, Any]]:
    """Return the texts of a batch by id: ``sentences`` in order and ``published`` where it is known."""
    texts: dict[str, dict[str, Any]] = {}
    current: dict[str, Any] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if head := re.match(r"### DOC (\S+)", line):
            current = texts.setdefault(head.group(1), {"sentences": [], "published": None})
        elif sentence := re.match(r"\[(\d+)\] (.*)$", line):
            current["sentences"].append(sentence.group(2))
        elif date := re.match(r"published: (\d{4}-\d\d-\d\d)", line.replace("/", "-")):
            current["published"] = date.group(1)
    return texts


def read_newswire(path: Path, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return the blocks of eight newswire sentences that ids such as "gmb031176" name: the number is the first line's.

    Args:
        path: The gzipped file of newswire sentences, one JSON object with ``text`` a line.
        ids: Block ids.
    """
    with gzip.open(path, "rt", encoding="utf-8") as file:
        lines = [" ".join(json.loads(line)["text"].split()) for line in file]
    first = {i: int(i.removeprefix("gmb")) for i in ids}
    return {i: {"sentences": lines[n : n + 8], "published": None} for i, n in first.items()}


def read_pool(path: Path, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return whole texts of the annotation pool by id.

    Args:
        path: One JSON object a line with ``doc``, ``published`` and ``sentences``.
        ids: Text ids; those that the pool does not hold are left out.
    """
    wanted = set(ids)
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {
        r["doc"]: {
            "sentences": [" ".join(s.split()) for s in r["sentences"]],
            "published": r.get("published"),
        }
        for r in rows
        if r["doc"] in wanted
    }


def read_world(path: Path, rows: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the short dated items that ids such as "wcep020540" name by their line, cut where the stand-off rows say.

    Args:
        path: The gzipped file of items, one JSON object with ``date`` and ``text`` a line.
        rows: Stand-off lines; those of sentences have ``at``, the sentence's span in the item with its blanks made single.
    """
    cuts: dict[str, dict[int, list[int]]] = {}
    for row in rows:
        if "contexts" not in row:
            cuts.setdefault(row["doc"], {})[row["i"]] = row["at"]
    items = _world_items(path, cuts)
    return {
        doc: {
            "sentences": [items[doc]["text"][a:b] for _, (a, b) in sorted(own.items())],
            "published": items[doc]["published"],
        }
        for doc, own in cuts.items()
    }


def _world_items(path: Path, ids: Iterable[str]) -> dict[str, dict[str, str]]:
    wanted = {int(i.removeprefix("wcep")): i for i in ids}
    out = {}
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for n, line in enumerate(file):
            if n in wanted:
                item = json.loads(line)
                out[wanted[n]] = {"text": " ".join(item["text"].split()), "published": item["date"]}
    return out


def _digest(sentence: str) -> str:
    return hashlib.sha256(sentence.encode()).hexdigest()[:12]


def _near(sentence: str, words: str, anchor: int) -> list[int]:
    starts = [m.start() for m in re.finditer(re.escape(words), sentence)]
    whole = [
        s for s in starts
        if not sentence[max(0, s - 1) : s].isalnum() and not sentence[s + len(words) : s + len(words) + 1].isalnum()
    ]  # fmt: skip
    start = min(whole or starts, key=lambda s: abs(s - anchor))
    return [start, start + len(words)]


def _part_event(sentence: str, event: dict[str, Any]) -> dict[str, Any]:
    trigger = _near(sentence, event["trigger"], 0)
    out: dict[str, Any] = {
        "type": event["type"],
        "mode": event.get("mode"),
        "status": event["status"],
        "trigger": trigger,
    }
    for role in _ROLES:
        out[role] = [
            {
                "span": _near(sentence, m["text"], trigger[0]),
                "country": m.get("country"),
                "sector": m.get("sector"),
            }
            for m in event.get(role, [])
        ]
    out |= {k: [_near(sentence, w, trigger[0]) for w in event.get(k, [])] for k in ("place", "date")}
    out["said_by"] = _near(sentence, event["said_by"], trigger[0]) if event.get("said_by") else None
    out["counts"] = [
        {"what": c["what"], "span": _near(sentence, c["text"], trigger[0])} for c in event.get("counts", [])
    ]
    return out


def part(batch: Path, annotations: Path, world: Path | None = None) -> Iterator[dict[str, Any]]:
    """Yield the stand-off lines of a checked annotation file.

    Args:
        batch: The sentences that were annotated.
        annotations: Their events.
        world: The file of dated items, where the sentences were cut from them: each line then says where its sentence stands.
    """
    texts = read_batch(batch)
    items = _world_items(world, texts) if world else {}
    last: dict[str, int] = {}
    for line in annotations.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        doc = row["doc"]
        if "contexts" in row:
            yield {"doc": doc, "contexts": row["contexts"]}
            continue
        sentence = texts[doc]["sentences"][row["i"]]
        out: dict[str, Any] = {"doc": doc, "i": row["i"]}
        if items:
            start = items[doc]["text"].index(sentence, last.get(doc, 0))
            last[doc] = start + len(sentence)
            out["at"] = [start, last[doc]]
        events = [_part_event(sentence, e) for e in row["events"]]
        yield {**out, "digest": _digest(sentence), "events": events}


def _join_event(sentence: str, at: int, event: dict[str, Any]) -> dict[str, Any]:
    def span(pair: list[int]) -> dict[str, Any]:
        return {"text": sentence[pair[0] : pair[1]], "start": at + pair[0], "end": at + pair[1]}

    people = {
        f"{role}s": [{**span(m["span"]), "country": m["country"], "sector": m["sector"]} for m in event[role]]
        for role in _ROLES
    }
    return {
        "trigger": span(event["trigger"]), "event_type": event["type"], "mode": event["mode"], "status": event["status"],
        **people, "places": [span(p) for p in event["place"]], "dates": [span(d) for d in event["date"]],
        "said_by": span(event["said_by"]) if event["said_by"] else None,
        "counts": [{"what": c["what"], **span(c["span"])} for c in event["counts"]],
    }  # fmt: skip


def join(rows: Iterable[dict[str, Any]], texts: dict[str, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield annotated articles in the form of the training data.

    Raises:
        ValueError: A sentence is not the one that was annotated.
    """
    events: dict[tuple[str, int], list[dict[str, Any]]] = {}
    contexts: dict[str, list[str]] = {}
    for row in rows:
        if "contexts" in row:
            contexts[row["doc"]] = row["contexts"]
            continue
        sentence = texts[row["doc"]]["sentences"][row["i"]]
        if _digest(sentence) != row["digest"]:
            raise ValueError(
                f'sentence {row["i"]} of text "{row["doc"]}" has changed since it was annotated.'
            )
        events[row["doc"], row["i"]] = row["events"]
    for doc in dict.fromkeys(d for d, _ in events):
        text, sentences = "", []
        for i, sentence in enumerate(texts[doc]["sentences"]):
            at = len(text) + bool(text)
            text = f"{text}\n{sentence}" if text else sentence
            own = [_join_event(sentence, at, e) for e in events.get((doc, i), [])]
            sentences.append({"start": at, "end": at + len(sentence), "events": own})
        yield {"id": doc, "published_on": texts[doc]["published"], "text": text, "sentences": sentences,
               "contexts": contexts.get(doc, [])}  # fmt: skip


if __name__ == "__main__":
    for standoff_row in part(*map(Path, sys.argv[1:4])):
        print(json.dumps(standoff_row, ensure_ascii=False, separators=(",", ":")))
