"""What answers hold, as the OpenAPI document describes it; answers themselves are written straight from rows.

Keys are only ever added. A test reads real answers with these shapes, so that the document cannot drift from them.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Status = Literal["actual", "future", "hypothetical", "negated"]


class Shape(BaseModel):
    """A JSON object all of whose keys are described."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Span(Shape):
    """Words of an article and where they stand, in characters of its text, end exclusive."""

    start: int
    end: int
    text: str


class Participant(Shape):
    """Who takes part, as the text names it and as the tables of actors know it."""

    text: str = Field(description="The words.")
    start: int
    end: int
    entity_id: str | None = Field(description="Id in the table of actors.")
    name: str | None = Field(description="Canonical name.")
    country: str | None = Field(description="ISO 3166-1 alpha-3 or a special code.", examples=["IRN"])
    sectors: list[str] | None = Field(description="PLOVER sectors; the first one counts.", examples=[["MIL"]])
    basis: str | None = Field(description="Why this country and these sectors.")
    confidence: float | None = Field(description="Probability that it is right, 0 to 1.")


class Where(Shape):
    """Where it happened."""

    text: str
    start: int
    end: int
    name: str | None
    country: str | None = Field(description="ISO 3166-1 alpha-3.")
    admin1: str | None
    lat: float | None = Field(description="Degrees north.")
    lon: float | None = Field(description="Degrees east.")
    resolution: int | None = Field(description="1 (country) to 5 (in a city).")
    geonames_id: int | None
    confidence: float | None


class When(Shape):
    """When it happened, as an interval of days."""

    text: str | None = Field(description="The words; null when the sentence has none.")
    start: int | None
    end: int | None
    from_: str = Field(alias="from", description="First day.")
    to: str = Field(description="Last day.")
    precision: str = Field(description="day, week, month, year …")
    basis: str | None = Field(description="How it was worked out.")


class Count(Shape):
    """How many, as the text says it and as a range; null where a bound is open."""

    text: str
    start: int
    end: int
    low: int | None
    high: int | None


class Event(Shape):
    """One event of one article; see docs/reference/records.md."""

    event_id: str
    article_id: str
    source_id: str | None = Field(description="The input row's own id.")
    section: str
    event_type: str = Field(examples=["ASSAULT"])
    mode: str | None
    contexts: list[str] | None
    quad_class: int = Field(description="1 verbal, 2 material cooperation; 3 verbal, 4 material conflict.")
    intensity: float = Field(description="-10 (conflict) to +10 (cooperation).")
    cameo: str
    status: Status
    historical: bool
    trigger: Span = Field(description="The words that express it.")
    quote: Span = Field(description="The whole sentence, character for character.")
    actors: list[Participant] | None
    recipients: list[Participant] | None
    place: Where | None
    date: When | None
    said_by: Participant | None
    counts: dict[str, Count] | None
    confidence: dict[str, float | None] = Field(description="Probability that each part is right.")
    reasons: dict[str, str] | None = Field(description="Why a field is empty.")
    coder_version: str
    model_digest: str
    ontology: str


class Report(Shape):
    """One event of an incident, and the article that tells it."""

    event_id: str
    article_id: str
    source_id: str | None
    outlet: str | None
    title: str | None
    quote: str
    section: str
    intensity: float


class Follows(Shape):
    """A link between two incidents of which one follows from the other."""

    incident_id: str
    score: float = Field(description="How much speaks for it, 0 to 1.")
    reasons: list[str] | None


class Incident(Shape):
    """One thing that happened, once, whoever tells of it."""

    incident_id: str
    event_type: str
    mode: str | None
    quad_class: int
    status: Status
    historical: bool
    actors: list[Participant] | None
    recipients: list[Participant] | None
    place: Where | None
    date: When | None
    events: list[str] = Field(description="Ids of its events: ask /evidence/{event_id} for the sentence.")
    reports: list[Report]
    independent_sources: int = Field(description="Newsrooms, copies counted as their source.")
    why: list[dict[str, Any]] | None = Field(description="Per event after the first: score and reasons for joining it.")  # fmt: skip
    counts: dict[str, Any] | None = Field(description="Per kind the range, the latest, and who said what when.")  # fmt: skip
    denials: list[dict[str, Any]] | None = Field(description="Who denied it, with event and quote.")
    first_seen: str | None = Field(description="First day of publication of its reports.")
    last_seen: str | None = Field(description="Last day of publication of its reports.")
    newsrooms: list[str] | None
    follows: list[Follows] = Field(description="What it follows from.")


class Sentence(Shape):
    """The sentence that an event rests on, and where it stands."""

    event_id: str
    article_id: str
    intensity: float
    quote: Span
    trigger: Span
    outlet: str | None
    title: str | None
    url: str | None
    published_on: str | None
    newsroom: str | None = Field(description="Who wrote it, when its text is somebody else's.")


class WholeIncident(Incident):
    """An incident with the sentences of its reports and what followed."""

    evidence: list[Sentence] = Field(
        description="By day of publication, a hundred at most: /incidents/{id}/reports has all."
    )
    told: list[Event] = Field(
        description="The events of these sentences as single articles tell them: who is quoted, how sure each part is."
    )
    followed_by: list[Follows]


class ToldSentence(Sentence):
    """A sentence of a report with its event."""

    told: Event


class Article(Shape):
    """A cleaned article; every span counts characters of ``text``."""

    article_id: str
    source_id: str | None
    url: str | None
    outlet: str | None
    title: str | None
    text: str
    source: str
    sections: list[dict[str, Any]] | None
    language: str | None
    published_on: str | None
    published_evidence: dict[str, Any] | None = Field(description="Which field or words give its day.")
    fetched_at: str | None
    notes: list[str] | None
    coder_version: str
    model_digest: str


class Evidence(Shape):
    """A quotation that can be checked: the sentence, its surroundings, its source."""

    event_id: str
    article_id: str
    event_type: str
    status: Status
    quote: Span
    trigger: Span
    section: str
    outlet: str | None
    title: str | None
    url: str | None
    published_on: str | None
    language: str | None
    newsroom: str | None = Field(description="Who wrote it, when its text is somebody else's.")
    verified: bool = Field(description="Whether the stored text reads exactly so at these offsets.")
    before: str = Field(description="Text before the sentence.")
    after: str = Field(description="Text after it.")
    incidents: list[str] = Field(description="Ids of the incidents that the event is part of.")


class Hit(Shape):
    """A sentence that was found."""

    event_id: str
    article_id: str
    event_type: str
    status: Status
    date: When | None
    quote: Span
    outlet: str | None
    title: str | None
    url: str | None
    published_on: str | None
    score: float = Field(description="How often the words stand in it; by meaning, the cosine.")
    also: list[str] = Field(description="Other events that rest on this sentence.")
    marks: list[tuple[int, int]] = Field(description="Where the words stand, in characters of the article.")


class Actor(Shape):
    """A name, and how many events it takes part in."""

    name: str
    country: str | None
    entity_id: str | None
    sectors: list[str] | None
    events: int
    as_actor: int
    as_recipient: int


class Covered(Shape):
    """What was read of an outlet on a day."""

    outlet: str
    day: str
    articles: int = Field(description="Stored articles published on that day.")
    feeds: dict[str, Any] | None = Field(description="What its feeds offered that day, and how they answered.")  # fmt: skip


class Answer(Shape):
    """What every answer says: the state of the store that it tells of."""

    as_of: str | None = Field(
        description="The state of knowledge that this answer tells of. Asked again with ?as_of= it stays the same.",
        examples=["2026-11-27T00:51:48.762176"],
    )


class Paged(Answer):
    """One page of a list."""

    next: str | None = Field(description="Token of the next page, for ?page=; null on the last.")


class IncidentPage(Paged):
    """A page of incidents."""

    items: list[Incident]


class EventPage(Paged):
    """A page of events."""

    items: list[Event]


class HitPage(Paged):
    """A page of sentences that were found."""

    items: list[Hit]


class ActorPage(Paged):
    """A page of names."""

    items: list[Actor]


class CoveragePage(Paged):
    """A page of days and outlets."""

    items: list[Covered]


class ReportPage(Paged):
    """A page of the reports of an incident."""

    items: list[ToldSentence]


class IncidentAnswer(Answer):
    """One incident."""

    incident: WholeIncident


class EventAnswer(Answer):
    """One event."""

    event: Event


class ArticleAnswer(Answer):
    """One article with its events, in the order of the text."""

    article: Article
    events: list[Event]


class EventsOfArticle(Answer):
    """The events of one article, in the order of the text."""

    items: list[Event]


class EvidenceAnswer(Answer):
    """The evidence of one event."""

    evidence: Evidence


class Relation(Shape):
    """How two sides get on; see docs/api.md for the numbers."""

    model_config = ConfigDict(extra="allow")

    first: dict[str, Any]
    second: dict[str, Any]
    since: str
    until: str
    step: Literal["day", "week", "month"]
    points: list[dict[str, Any]] = Field(description="Incidents of both sides, oldest first, each with its evidence.")  # fmt: skip
    series: list[dict[str, Any]] = Field(description="Counts, exposure and level with its interval, per period.")  # fmt: skip
    changes: list[dict[str, Any]] = Field(description="Where it turned, with the incidents that moved it.")
    notes: list[str] = Field(description="What is missing or uncertain.")


class RelationAnswer(Answer):
    """How two sides get on."""

    relation: Relation


class NetworkAnswer(Answer):
    """Who stands with whom."""

    network: dict[str, Any] = Field(description="Node-link data of networkx; communities, balance and pairs stand under graph.")  # fmt: skip


class OutlookAnswer(Answer):
    """What to expect of two sides."""

    outlook: dict[str, Any] = Field(description="Chances per kind and horizon with their tests; missing says what is too little.")  # fmt: skip


class Alert(Shape):
    """A turn that somebody asked to be told of."""

    model_config = ConfigDict(extra="allow")

    alert_id: str
    rule: str
    sides: list[str]
    kind: Literal["conflict", "cooperation"]
    rises: bool
    since: str
    raised_on: str
    message: str
    incidents: list[dict[str, Any]] = Field(description="What moved it, with sentences.")
    missing: list[str] = Field(description="What is not known.")


class AlertPage(Paged):
    """A page of alerts."""

    items: list[Alert]


class CountsAnswer(Answer):
    """How much the store holds now."""

    counts: dict[str, int] = Field(examples=[{"articles": 8361, "events": 12584, "incidents": 10487}])


class OntologyAnswer(Shape):
    """All codes."""

    version: str
    attribution: str
    types: dict[str, Any]
    contexts: dict[str, str]
    sectors: dict[str, str]
    countries: dict[str, str] = Field(description="Codes beside ISO 3166-1 alpha-3.")
    quad_classes: dict[str, str]


class VersionAnswer(Shape):
    """What answers here."""

    dragoman: str = Field(examples=["0.1.0"])
    api: str = Field(examples=["v1"])
    ontology: str
    openapi: str = Field(description="Where the OpenAPI document is.")


class HealthAnswer(Answer):
    """The store can be read."""

    status: Literal["ok"]


class Problem(BaseModel):
    """Every failure; see docs/api.md for the codes."""

    type: str = Field(description="Address of the entry of this code in the documentation.")
    title: str
    status: int
    detail: str = Field(description="What is wrong, with the value.")
    code: str = Field(description="A stable word.", examples=["not_found"])
    errors: list[dict[str, str]] | None = Field(default=None, description="Per wrong parameter its name and what is wrong.")  # fmt: skip
    current: list[str] | None = Field(default=None, description="Of an incident that is no more: where its events stand.")  # fmt: skip
