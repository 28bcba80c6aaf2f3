"""What a person says an event should be: checked against its sentence and the codes, then put on the event.

In: an ``Event`` and the wanted fields (``FIELDS``). ``to_patch`` checks them and returns plain JSON that holds the codes,
too, that follow from a new type; ``patched`` puts such a patch on an event. A missed event is made by ``added_event``.
"""

from __future__ import annotations

import csv
import difflib
import functools
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from importlib import resources
from typing import Any, get_args

from dragoman.errors import UnknownCode, UsageError
from dragoman.ontology import Ontology
from dragoman.records import (
    Article,
    Confidence,
    Draft,
    Event,
    Participant,
    SectionKind,
    Span,
    Status,
    check_event,
    to_json,
)
from dragoman.store.rows import participant_from_row

FIELDS = ("event_type", "mode", "status", "actors", "recipients", "trigger")
STATUSES: tuple[str, ...] = get_args(Status)
BASIS = "review"
_SIDES = ("actors", "recipients")


@functools.cache
def load_countries(ontology_codes: tuple[str, ...]) -> frozenset[str]:
    """Return the codes that a participant's country may be: states of the registry and the given special ones."""
    text = resources.files("dragoman.resolve").joinpath("registry/countries.csv").read_text("utf-8")
    states = {row["country"] for row in csv.DictReader(text.splitlines())}
    return frozenset(states | set(ontology_codes))


def nearest(words: str, known: Iterable[str]) -> str:
    """Return " Did you mean …?" with the known word nearest to a wrong one, empty where none is near."""
    near = difflib.get_close_matches(words, sorted(known), n=1)
    return f' Did you mean "{near[0]}"?' if near else ""


def find_words(text: str, words: str) -> list[tuple[int, int]]:
    """Return where words stand whole in a text; any white space may lie between them.

    Example:
        >>> find_words("Iran and Iranian oil", "Iran")
        [(0, 4)]
    """
    if not words.strip():
        return []
    inner = r"\s+".join(re.escape(w) for w in words.split())
    first, last = words.strip()[0], words.strip()[-1]
    left = r"(?<!\w)" if re.match(r"\w", first) else ""
    right = r"(?!\w)" if re.match(r"\w", last) else ""
    return [m.span() for m in re.finditer(left + inner + right, text)]


def get_span(within: Span, wanted: Any, *, what: str, where: str, only: bool = False) -> Span:
    """Return the span of wanted words, given as words or as {"start", "end"} in characters of the article.

    Args:
        within: The text that must hold them.
        wanted: Words, or offsets.
        what: What the words are, for the error: "trigger".
        where: What the text is, for the error: "the sentence".
        only: Whether words that stand there several times are refused; else the first ones are taken.

    Raises:
        UsageError: The words are not there, or several times.
    """
    if isinstance(wanted, Mapping) and "start" in wanted and "end" in wanted:
        start, end = wanted["start"], wanted["end"]
        if not (
            isinstance(start, int) and isinstance(end, int) and within.start <= start < end <= within.end
        ):
            raise UsageError(
                f"the {what} {start}–{end} does not lie in {where}, characters {within.start}–{within.end}."
            )
        return Span(start, end, within.text[start - within.start : end - within.start])
    if not isinstance(wanted, str) or not wanted.strip():
        raise UsageError(f'the {what} must be words of {where}, copied exactly; got "{wanted}".')
    found = find_words(within.text, wanted)
    if not found:
        raise UsageError(
            f'the {what} "{wanted}" does not stand in {where}. Copy the words exactly, capitals too.'
        )
    if only and len(found) > 1:
        start, end = found[0]
        longer = " ".join(within.text[max(0, start - 20) : end + 20].split(" ")[1:-1]) or wanted
        raise UsageError(
            f'the {what} "{wanted}" stands {len(found)} times in {where}. Give longer words that stand there once, '
            f'such as "{" ".join(longer.split())}".'
        )
    start, end = found[0]
    return Span(within.start + start, within.start + end, within.text[start:end])


def _code(words: Any, known: Collection[str], what: str) -> str:
    if words not in known:
        raise UnknownCode(f'"{words}" is not {what}.{nearest(str(words).upper(), known)}')
    return str(words)


def to_participants(
    wanted: Any, *, role: str, quote: Span, known: Sequence[Participant], ontology: Ontology
) -> tuple[Participant, ...]:
    """Return the participants that a person names by words of the sentence.

    Args:
        wanted: A list of {"text", "country", "sectors"}, with "start" where the words stand several times. Without country
            and sectors they are those of the known participant with the same words.
        role: "actors" or "recipients", for the errors.
        quote: The sentence.
        known: Participants that the event has.
        ontology: The codes.

    Raises:
        UsageError: Words do not stand in the sentence.
        UnknownCode: A country or sector does not exist.
    """
    if not isinstance(wanted, (list, tuple)) or not all(isinstance(w, Mapping) for w in wanted):
        raise UsageError(f'{role} must be a list of {{"text", "country", "sectors"}}; got "{wanted}".')
    out = [_participant(w, role, quote, known, ontology) for w in wanted]
    return tuple(dict.fromkeys(out))


def _participant(
    wanted: Mapping[str, Any], role: str, quote: Span, known: Sequence[Participant], ontology: Ontology
) -> Participant:
    what = "actor" if role == "actors" else "recipient"
    text = wanted.get("text")
    span = get_span(quote, text, what=what, where="the sentence")
    same = next((p for p in known if p.text == span.text), None)
    if "start" in wanted:
        at = {"start": wanted["start"], "end": wanted["start"] + len(span.text)}
        placed = get_span(quote, at, what=what, where="the sentence")
        if placed.text != span.text:
            raise UsageError(f'the {what} at character {placed.start} reads "{placed.text}", not "{text}".')
        span = placed
    elif same is not None and quote.start <= same.start < quote.end:
        span = Span(same.start, same.end, same.text)
    country, sectors = (same.country, same.sectors) if same is not None else (None, ())
    if "country" in wanted or "sectors" in wanted:
        country, sectors = wanted.get("country"), tuple(wanted.get("sectors") or ())
    if country is not None:
        codes = load_countries(tuple(ontology.special_countries))
        _code(
            country,
            codes,
            "a country: an ISO 3166 alpha-3 code, or one of IGO, UNO, EUR, NGO, ISM, IMG, MNC, KOS",
        )
    for sector in sectors:
        ontology.check_sector(sector)
    # The entity stays known where the codes are what they were.
    entity = same if same is not None and (same.country, same.sectors) == (country, sectors) else None
    return Participant(
        span.text, span.start, span.end, entity.entity_id if entity else None, entity.name if entity else None, country,
        sectors, BASIS, 1.0,
    )  # fmt: skip


def _codes(event_type: str, mode: str | None, contexts: Sequence[str], ontology: Ontology) -> dict[str, Any]:
    """Return what follows from a type and mode; ``adds_context`` is the context that the mode brings along."""
    own = ontology.contexts_of(event_type, mode, contexts)
    return {
        "event_type": event_type, "mode": mode, "quad_class": ontology.quad_class(event_type),
        "intensity": ontology.intensity(event_type, mode), "cameo": ontology.cameo(event_type, mode, own),
        "adds_context": own[len(contexts)] if len(own) > len(contexts) else None,
    }  # fmt: skip


def check_fields(wanted: Mapping[str, Any]) -> None:
    """Check that every field is one that can be corrected.

    Raises:
        UsageError: One is not.
    """
    for name in wanted:
        if name not in FIELDS:
            raise UsageError(
                f'"{name}" is not a field that can be corrected.{nearest(name, FIELDS)} Fields: {", ".join(FIELDS)}.'
            )


def to_patch(event: Event, wanted: Mapping[str, Any], ontology: Ontology) -> dict[str, Any]:
    """Return a checked correction as plain JSON, with the codes that follow from a new type or mode.

    A new type takes the mode away unless one is given.

    Raises:
        UsageError: There is nothing to correct, a field cannot be corrected, or words are not in the sentence.
        UnknownCode: A type, mode, status, country or sector does not exist.
    """
    check_fields(wanted)
    if not wanted:
        raise UsageError(f"a correction needs a field: {', '.join(FIELDS)}.")
    patch: dict[str, Any] = {}
    if "event_type" in wanted or "mode" in wanted:
        event_type = str(wanted.get("event_type", event.event_type))
        stays = event.mode if event_type == event.event_type else None
        patch |= _codes(event_type, wanted.get("mode", stays), event.contexts, ontology)
    if "status" in wanted:
        patch["status"] = _status(wanted["status"])
    if "trigger" in wanted:
        at = get_span(event.quote, wanted["trigger"], what="trigger", where="the sentence", only=True)
        patch["trigger"] = to_json(at)
    known = (*event.actors, *event.recipients)
    for side in _SIDES:
        if side in wanted:
            people = to_participants(
                wanted[side], role=side, quote=event.quote, known=known, ontology=ontology
            )
            patch[side] = to_json(people)
    return patch


def _status(words: Any) -> str:
    if words not in STATUSES:
        raise UnknownCode(
            f'"{words}" is not a status.{nearest(str(words), STATUSES)} Known: {", ".join(STATUSES)}.'
        )
    return str(words)


def patched(event: Event, patch: Mapping[str, Any]) -> Event:
    """Return an event with a patch of ``to_patch`` put on it."""
    changes: dict[str, Any] = {
        k: v for k, v in patch.items() if k not in ("trigger", "adds_context", *_SIDES)
    }
    sure: dict[str, Any] = {"type": 1.0}
    added = patch.get("adds_context")
    if added and added not in event.contexts:
        changes["contexts"] = (*event.contexts, added)
    if "trigger" in patch:
        changes["trigger"] = Span(**patch["trigger"])
    reasons = dict(event.reasons)
    for side in _SIDES:
        if side in patch:
            people = tuple(map(participant_from_row, patch[side]))
            changes[side] = people
            sure[side] = 1.0 if people else None
            reasons = {k: v for k, v in reasons.items() if k.split(".")[0] != side} | _reasons(side, people)
    sure |= {name: 1.0 for name in ("mode", "status") if name in patch}
    return replace(event, **changes, reasons=reasons, confidence=replace(event.confidence, **sure))


def _reasons(side: str, people: Sequence[Participant]) -> dict[str, str]:
    if not people:
        return {side: "none, says a review"}
    unknown = [p.text for p in people if p.country is None]
    return {f"{side}.country": f"country not known of {', '.join(unknown[:3])}"} if unknown else {}


def added_event(
    article: Article, wanted: Mapping[str, Any], ontology: Ontology, *, contexts: Sequence[str], coder_version: str,
    model_digest: str,
) -> Event:  # fmt: skip
    """Return the event that a person marked in an article.

    Args:
        article: The article.
        wanted: Fields of the event; ``event_type`` and ``trigger`` (words that stand once in the text, or offsets) at least.
        ontology: The codes.
        contexts: What the article is about.
        coder_version: Of the article's coding.
        model_digest: Of the article's coding.

    Raises:
        UsageError: A field is missing or unknown, or words are not there or not there once.
        UnknownCode: A type, mode, status, country or sector does not exist.
    """
    # These load the encoder's package and the date grammar, which no other use of a store needs.
    from dragoman.resolve.dates import date_confidence, is_historical, resolve_date
    from dragoman.resolve.events import event_id

    check_fields(wanted)
    for name, example in (("event_type", "REQUEST"), ("trigger", "called for")):
        if not wanted.get(name):
            raise UsageError(f'an added event needs {name}, such as "{example}".')
    whole = Span(0, len(article.text), article.text)
    trigger = get_span(whole, wanted["trigger"], what="trigger", where="the text of the article", only=True)
    quote, section = _sentence(article, trigger)
    event_type, mode = str(wanted["event_type"]), wanted.get("mode")
    codes = _codes(event_type, mode, contexts, ontology)
    added = codes.pop("adds_context")
    status: Any = _status(wanted.get("status", "actual"))
    draft = Draft(quote, section, trigger, event_type, mode, status)
    when = resolve_date((), article=article, sentence=quote, trigger=trigger, tense_future=status == "future")
    people = {
        side: to_participants(wanted.get(side) or (), role=side, quote=quote, known=(), ontology=ontology)
        for side in _SIDES
    }
    reasons = {k: v for side in _SIDES for k, v in _reasons(side, people[side]).items()}
    sure = {side: 1.0 for side in _SIDES if people[side]}
    event = Event(
        event_id=event_id(article.article_id, draft), article_id=article.article_id, source_id=article.source_id,
        section=section, contexts=(*contexts, added) if added else tuple(contexts), **codes, status=status,
        historical=is_historical(when, article=article, sentence=quote, trigger=trigger), trigger=trigger, quote=quote,
        actors=people["actors"], recipients=people["recipients"], place=None, date=when, said_by=None, counts={},
        confidence=Confidence(1.0, date=date_confidence(when), mode=1.0, status=1.0, **sure),
        reasons={**reasons, "place": "not given by the review"}, coder_version=coder_version, model_digest=model_digest,
        ontology=ontology.version,
    )  # fmt: skip
    check_event(article, event)
    return event


def _sentence(article: Article, trigger: Span) -> tuple[Span, SectionKind]:
    """Return the sentence around a trigger and its section; outside every section it is the line."""
    from dragoman.parse.sentences import split_sentences

    for s in split_sentences(article, kinds=get_args(SectionKind)):
        if s.start <= trigger.start < s.end:
            if trigger.end > s.end:
                raise UsageError(
                    f'the trigger "{trigger.text}" runs over the end of a sentence. Give words of one sentence.'
                )
            return article.span(s.start, s.end), s.section
    start = article.text.rfind("\n", 0, trigger.start) + 1
    end = article.text.find("\n", trigger.end)
    return article.span(start, len(article.text) if end < 0 else end), "body"
