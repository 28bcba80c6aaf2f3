"""The resolve stage: every draft of an article to an event, in order.

In: ``Parsed`` articles. Out: ``Event``s and ``Rejected``s. The registry, the gazetteer and the ontology are read-only and
shared by all batches.
"""

from __future__ import annotations

import collections
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Literal

from dragoman import __version__
from dragoman.ontology import Ontology
from dragoman.records import Draft, Event, Mention, Parsed, Participant, Rejected
from dragoman.resolve.actors import ActorResolver, ArticleActors, load_registry
from dragoman.resolve.attribution import find_speaker
from dragoman.resolve.counts import count_mentions, resolve_counts
from dragoman.resolve.events import Resolved, build_event, event_id
from dragoman.resolve.gazetteer import PACKAGED, Gazetteer
from dragoman.resolve.places import ArticlePlaces, PlaceResolver
from dragoman.resolve.sides import host_of, opens_mission, settle_sides, share_sides
from dragoman.resolve.sift import why_no_event
from dragoman.resolve.timing import timing_of

Role = Literal["actor", "recipient", "said_by"]


class Resolver:
    """Resolves drafts; owned by a Coder."""

    def __init__(self, actors: ActorResolver, places: PlaceResolver, ontology: Ontology) -> None:
        self.actors = actors
        self.places = places
        self.ontology = ontology

    def __call__(self, articles: Sequence[Parsed]) -> list[Event | Rejected]:
        """Return the events of the articles in text order, and what was refused."""
        return [event for parsed in articles for event in self._article(parsed)]

    def _article(self, parsed: Parsed) -> Iterator[Event | Rejected]:
        actors = self.actors.start(parsed, located=self.locate(parsed))
        countries = collections.Counter(actors.countries)
        places = self.places.start(parsed, countries=countries)
        for draft in parsed.drafts:
            parts = self._resolve(parsed, draft, actors, places)
            event = build_event(parsed, draft, parts, self.ontology, coder_version=__version__)
            reason = why_no_event(event) if isinstance(event, Event) else None
            if reason is not None:
                detail = f'{draft.event_type} at "{draft.trigger.text}": {reason}'
                yield Rejected(event_id(parsed.article.article_id, draft), "resolve", "not_an_event", detail,
                               parsed.article.source_id)  # fmt: skip
                continue
            yield event

    def locate(self, parsed: Parsed) -> list[tuple[int, str, str]]:
        """Return (start, country, name) of named places that lie in one country beyond doubt."""
        found = []
        for mention in parsed.mentions:
            if mention.kind == "LOC" and (country := self.places.country_of(mention.text)):
                found.append((mention.start, country, mention.text))
        return found

    def _resolve(
        self, parsed: Parsed, draft: Draft, actors: ArticleActors, places: ArticlePlaces
    ) -> Resolved:
        def one(mention: Mention, role: Role, apart_from: Collection[str] = ()) -> tuple[Participant, ...]:
            return tuple(
                actors.resolve(
                    mention,
                    role=role,
                    sentence=draft.sentence,
                    event_type=draft.event_type,
                    apart_from=apart_from,
                )
            )

        def people(mentions: Sequence[Mention], role: Role) -> tuple[Participant, ...]:
            return tuple(p for m in actors.trim(mentions) for p in one(m, role))

        speaker = draft.said_by[0] if draft.said_by else find_speaker(draft)
        said_by = people((speaker,), "said_by") if speaker is not None else ()
        when = timing_of(draft, parsed.article)
        sides = settle_sides(share_sides(draft, parsed.drafts, parsed.article.text), parsed.article.text)
        doers = people(sides.actors, "actor")
        apart_from = {n for p in doers for n in (p.name, p.text) if n}
        own = {p.country for p in doers if p.country} if opens_mission(draft) else set()
        recipients: list[Participant] = []
        for mention in actors.trim(sides.recipients):
            found = one(mention, "recipient", apart_from)
            # A state that closes its own embassy in another acts toward that one.
            if own and any(p.country in own for p in found) and (host := host_of(mention)) is not None:
                found = tuple(p for p in one(host, "recipient", apart_from) if p.country not in own) or found
            recipients += found
        return Resolved(
            actors=doers,
            recipients=tuple(recipients),
            place=places.resolve_first(draft.places, sentence=draft.sentence, trigger=draft.trigger),
            date=when.date,
            date_confidence=when.confidence,
            historical=when.historical,
            said_by=said_by[0] if said_by else None,
            counts=resolve_counts(count_mentions(draft, parsed.drafts), sentence=draft.sentence),
        )


def load_resolver(
    ontology: Ontology, *, registry: Sequence[Path] = (), gazetteer: Path = PACKAGED
) -> Resolver:
    """Load the actor tables and the gazetteer.

    Args:
        ontology: The event types and codes.
        registry: CSV files whose actors win over the packaged ones.
        gazetteer: Folder of the table of places.

    Raises:
        RegistryError: A row of a table is wrong; file and line are named.
        GazetteerError: The table of places is missing or broken.
    """
    tables = load_registry(registry)
    return Resolver(
        ActorResolver(tables), PlaceResolver(Gazetteer(gazetteer), tables.country_names), ontology
    )
