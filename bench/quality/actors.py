"""Share of actors and recipients resolved right when their words are given, on annotated articles.

    python bench/quality/actors.py GOLD.jsonl … [--wrong N]

Countries and sectors that the annotation leaves open are left out of the count. Names are taken from the packaged
encoder, as in a normal run, and so is its guess of a side's sector where it found a side that overlaps the words; a day
of publication that is not given is worked out from the text, as in a normal run.
"""

from __future__ import annotations

import argparse
import collections
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from dragoman.ontology import load_ontology
from dragoman.parse import EncoderModel, Parser
from dragoman.parse.model import PACKAGED
from dragoman.records import Article, Mention, Parsed, Section, Sentence
from dragoman.resolve.resolver import load_resolver
from dragoman.timex.inference import infer_published


def read(parser: Parser | None, row: dict[str, Any]) -> Parsed:
    """Return an annotated article as the parser gives it, with the annotation's own sentences."""
    published = row.get("published_on")
    if not published:
        inferred = infer_published(row["text"], latest=date.today())
        published = inferred.published_on.isoformat() if inferred else None
    article = Article(
        article_id=str(row["id"]), text=row["text"], source="gold", sections=(Section("body", 0, len(row["text"])),),
        published_on=date.fromisoformat(published) if published else None,
    )  # fmt: skip
    sentences = tuple(Sentence(s["start"], s["end"], "body") for s in row["sentences"])
    if parser is None:
        return Parsed(article, sentences, (), (), (), "")
    parsed = parser([article])[0]
    assert isinstance(parsed, Parsed)
    return replace(parsed, sentences=sentences)


def cases(rows: list[dict[str, Any]], parser: Parser | None) -> Iterator[tuple[dict[str, Any], Any, str]]:
    """Yield each annotated participant, what it resolves to, and its sentence."""
    resolver = load_resolver(load_ontology())
    for row in rows:
        parsed = read(parser, row)
        actors = resolver.actors.start(parsed, located=resolver.locate(parsed))
        for sentence in row["sentences"]:
            quote = parsed.article.span(sentence["start"], sentence["end"])
            for event in sentence["events"]:
                for role, people in (("actor", event["actors"]), ("recipient", event["recipients"])):
                    for gold in people:
                        mention = given(gold, role, parsed)
                        found = list(
                            actors.resolve(mention, role=role, sentence=quote, event_type=event["event_type"])
                        )
                        yield gold, found, quote.text


def given(gold: dict[str, Any], role: str, parsed: Parsed) -> Mention:
    """Return the annotated words as a mention, with the sector that the encoder gives the side it found there."""
    mention = Mention(gold["start"], gold["end"], gold["text"], role)
    sides = [
        m
        for draft in parsed.drafts
        for m in (draft.actors if role == "actor" else draft.recipients)
        if m.start < mention.end and mention.start < m.end
    ]
    best = max(
        sides, key=lambda m: min(m.end, mention.end) - max(m.start, mention.start) - abs(m.start - mention.start),
        default=None,
    )  # fmt: skip
    if best is None:
        return mention
    return replace(mention, sector=best.sector, sector_confidence=best.sector_confidence)


def main() -> None:
    """Print the shares, and some wrong ones."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("gold", type=Path, nargs="+")
    options.add_argument("--wrong", type=int, default=0)
    options.add_argument("--model", type=Path, default=PACKAGED)
    options.add_argument("--no-names", action="store_true", help="without the encoder's names")
    a = options.parse_args()
    rows = [
        json.loads(line) for path in a.gold for line in path.read_text(encoding="utf-8").splitlines() if line
    ]
    n: collections.Counter[str] = collections.Counter()
    wrong = []
    for gold, found, quote in cases(rows, None if a.no_names else Parser(EncoderModel(a.model, threads=2))):
        countries = {p.country for p in found}
        if gold["country"] is not None:
            n["country"] += 1
            n["country_right"] += gold["country"] in countries
        if gold["country"] is not None and gold["sector"] is not None:
            n["both"] += 1
            right = any(p.country == gold["country"] and p.sectors[:1] == (gold["sector"],) for p in found)
            n["both_right"] += right
            if not right or gold["country"] not in countries:
                wrong.append((gold, found, quote))
    print(f"country {n['country_right'] / n['country']:.4f} of {n['country']}")
    print(f"country and sector {n['both_right'] / n['both']:.4f} of {n['both']}")
    for gold, found, quote in wrong[:: max(1, len(wrong) // a.wrong)] if a.wrong else []:
        got = " | ".join(f"{p.country}/{'+'.join(p.sectors)} ({p.basis})" for p in found)
        print(f"{gold['text']}  gold {gold['country']}/{gold['sector']}  got {got}\n    {quote[:200]}")


if __name__ == "__main__":
    main()
