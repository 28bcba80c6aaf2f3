"""Our stories told by several outlets, as reports that merging compares.

In: ``data/incidents``. Out: per article its annotated events, resolved from the annotated words, and the coder's own events
with the incident of the annotated event that each one matches. The merging weights are fitted and measured on these.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from dragoman.merge.views import Report, report_of, telling_of
from dragoman.ontology import Ontology, load_ontology
from dragoman.parse import EncoderModel, Parser
from dragoman.parse.parser import vector_of
from dragoman.records import Article, Draft, Event, Mention, Parsed, Section, Sentence, split
from dragoman.resolve.resolver import Resolver, load_resolver
from dragoman.train.data import is_held

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """One report with the incident it tells of; ``held`` says that its story is kept for measuring."""

    report: Report
    incident: str
    story: str
    held: bool


def load_rows(folder: Path) -> list[dict[str, Any]]:
    """Return the annotated articles of every file in a folder, in order of file and line."""
    return [
        json.loads(line)
        for path in sorted(folder.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line
    ]


class Reader:
    """Turns annotated articles into reports, by the annotation's words or by the coder's own events."""

    def __init__(self, *, threads: int = 2) -> None:
        self.model = EncoderModel(threads=threads)
        self.parser = Parser(self.model)
        self.ontology: Ontology = load_ontology()
        self.resolver: Resolver = load_resolver(self.ontology)

    def read(self, rows: Iterable[Row], *, coded: bool) -> list[Told]:
        """Return the reports of articles.

        Args:
            rows: Annotated articles.
            coded: The coder's own events that match an annotated one, instead of the annotated ones.
        """
        out: list[Told] = []
        for row in rows:
            parsed = self._parse(row)
            gold = [e for s in row["sentences"] for e in s["events"]]
            if not coded:
                parsed = replace(
                    parsed,
                    drafts=tuple(self._draft(parsed, s, e) for s in row["sentences"] for e in s["events"]),
                )
            events, _ = split(self.resolver([parsed]))
            telling = telling_of(
                parsed.article.article_id, parsed.article.text, newsroom=row["outlet"],
                published_on=parsed.article.published_on,
            )  # fmt: skip
            for event in events:
                match = _match(event, gold)
                if match is not None:
                    told = report_of(event, telling)
                    out.append(Told(told, match["incident"], row["story"], is_held(row["story"])))
        return out

    def _parse(self, row: Row) -> Parsed:
        text = row["text"]
        head = row["sentences"][0]["end"] if row["sentences"] else 0
        article = Article(
            str(row["id"]), text, "incidents", outlet=row["outlet"], published_on=date.fromisoformat(row["published_on"]),
            sections=(Section("title", 0, head), Section("body", head, len(text))),
        )  # fmt: skip
        parsed = self.parser([article])[0]
        assert isinstance(parsed, Parsed)
        sentences = tuple(
            Sentence(s["start"], s["end"], "title" if not n else "body")
            for n, s in enumerate(row["sentences"])
        )
        return replace(parsed, sentences=sentences)

    def _draft(self, parsed: Parsed, sentence: Row, event: Row) -> Draft:
        text = parsed.article.text

        def mentions(key: str, kind: str) -> tuple[Mention, ...]:
            return tuple(Mention(m["start"], m["end"], m["text"], kind) for m in event[key])

        words = text[sentence["start"] : sentence["end"]]
        tokens = self.model.tokenise([words])
        encoded = self.model.encode(tokens)
        return Draft(
            sentence=parsed.article.span(sentence["start"], sentence["end"]),
            section="title" if sentence["start"] == 0 else "body",
            trigger=parsed.article.span(event["trigger"]["start"], event["trigger"]["end"]),
            event_type=event["event_type"], mode=_mode(event, self.ontology), status=event["status"],
            actors=mentions("actors", "actor"), recipients=mentions("recipients", "recipient"), places=mentions("places", "place"),
            dates=mentions("dates", "date"), said_by=mentions("said_by", "said_by"),
            counts=tuple(Mention(m["start"], m["end"], m["text"], m["what"]) for m in event["counts"]),
            vector=vector_of(encoded.middle[0, 1 : len(tokens[0].ids) - 1]),
        )  # fmt: skip


def _mode(event: Row, ontology: Ontology) -> str | None:
    mode = event["mode"]
    return mode if mode in ontology.types[event["event_type"]].modes else None


def _match(event: Event, gold: Sequence[Row]) -> Row | None:
    """Return the annotated event of the same type whose trigger overlaps an event's, the nearest one."""
    fit = [
        g
        for g in gold
        if g["event_type"] == event.event_type
        and g["trigger"]["start"] < event.trigger.end
        and event.trigger.start < g["trigger"]["end"]
    ]
    return min(fit, key=lambda g: abs(g["trigger"]["start"] - event.trigger.start), default=None)
