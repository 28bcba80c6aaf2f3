"""What people say of events: kept, applied, applied again after a new coding, and written as gold and examples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dragoman.errors import UnknownCode, UsageError
from dragoman.ontology import load_ontology
from dragoman.records import Coded, Event, to_json
from dragoman.store import (
    EventFilter,
    Store,
    add_review,
    find_events,
    find_incidents,
    find_reviewed,
    find_unreviewed,
    get_event_id,
    open_store,
)
from dragoman.store.corrections import find_words
from dragoman.store.gold import iter_examples, make_gold
from dragoman.store.migrations import apply_migrations, list_migrations
from dragoman.store.queries import get_article
from dragoman.store.rows import article_from_row, event_from_row

from ..invented import BODY, TEXT, make_article, make_event
from .test_writing import put

NOON = datetime(2024, 6, 5, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ARTICLE = make_article("1")
DRILL = make_event(ARTICLE)
TALKS = make_event(ARTICLE, event_type="CONSULT", trigger="began")


def coded(*events: Event, day: int = 3) -> Coded:
    """Return a coding of the article; another day of publication is another coding."""
    article = replace(ARTICLE, published_on=datetime(2024, 6, day).date())
    return Coded([article], list(events))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Return a store with an article of two events."""
    with open_store(tmp_path / "a.duckdb") as opened:
        put(opened, coded(TALKS, DRILL), at=NOON)
        yield opened


def say(store: Store, verdict: Any, event: Event | None = DRILL, *, hours: int = 1, **fields: Any) -> Event | None:  # fmt: skip
    """Store a review."""
    return add_review(
        store, event_id=event.event_id if event is not None else None, verdict=verdict,
        correction=fields or None, reviewer="ada", at=NOON + hours * HOUR,
    )  # fmt: skip


def types(store: Store, *, hours: float | None = None) -> list[str]:
    """Return the types of the events, now or so many hours after the coding."""
    as_of = (NOON + hours * HOUR).replace(tzinfo=None) if hours is not None else None
    return sorted(e["event_type"] for e in find_events(store, EventFilter(as_of=as_of)))


def incident_types(store: Store, *, hours: float | None = None) -> list[str]:
    """Return the types of the incidents, now or so many hours after the coding."""
    as_of = (NOON + hours * HOUR).replace(tzinfo=None) if hours is not None else None
    return sorted(i["event_type"] for i in find_incidents(store, EventFilter(as_of=as_of)))


def get(store: Store, event_id: str) -> dict[str, Any]:
    """Return a current event."""
    return next(e for e in find_events(store, EventFilter()) if e["event_id"] == event_id)


def check_links(store: Store) -> None:
    """Check that the links of the incidents and the participants are those of what holds."""
    links = set(store.connection.execute(
        "SELECT incident_id, event_id FROM incident_events WHERE superseded_at IS NULL").fetchall())  # fmt: skip
    told = store.connection.execute(
        "SELECT incident_id, unnest(events) FROM incidents WHERE superseded_at IS NULL"
    )
    assert links == set(told.fetchall())
    held = store.connection.execute(
        "SELECT event_id, role, text, country FROM participants WHERE superseded_at IS NULL ORDER BY ALL"
    ).fetchall()
    assert held == sorted(
        (e["event_id"], role, p["text"], p["country"])
        for e in find_events(store, EventFilter())
        for role in ("actor", "recipient")
        for p in e[f"{role}s"]
    )


def test_a_row_reads_back_as_its_record(store: Store) -> None:
    """The event and the article of stored rows are those that went in."""
    assert event_from_row(get(store, DRILL.event_id)) == DRILL
    row = get_article(store, ARTICLE.article_id)
    assert row is not None
    article = article_from_row(row)
    assert (article.article_id, article.text, article.sections, article.published_on, article.outlet) == (
        ARTICLE.article_id, ARTICLE.text, ARTICLE.sections, ARTICLE.published_on, ARTICLE.outlet,
    )  # fmt: skip


def test_accepting_changes_no_row_and_is_kept(store: Store) -> None:
    """The event stays as it is, with one row; who said it, and when, is stored."""
    assert say(store, "accepted") == DRILL
    assert types(store) == ["CONSULT", "COOPERATE"]
    assert store.connection.execute("SELECT count(*) FROM events").fetchone() == (2,)
    rows = store.connection.execute(
        "SELECT event_id, verdict, correction, reviewer, recorded_at FROM reviews"
    ).fetchall()
    assert rows == [(DRILL.event_id, "accepted", None, "ada", (NOON + HOUR).replace(tzinfo=None))]


def test_rejecting_takes_event_and_incident_away_and_keeps_the_day_before(store: Store) -> None:
    """Now neither is there, with its links and participants; as of a moment before, both are."""
    assert say(store, "rejected") is None
    assert types(store) == incident_types(store) == ["CONSULT"]
    assert types(store, hours=0.5) == incident_types(store, hours=0.5) == ["CONSULT", "COOPERATE"]
    check_links(store)


def test_an_incident_that_stays_keeps_its_row(store: Store) -> None:
    """Only what changed is superseded."""
    say(store, "rejected")
    rows = store.connection.execute(
        "SELECT event_type, superseded_at IS NULL FROM incidents ORDER BY event_type"
    ).fetchall()
    assert rows == [("CONSULT", True), ("COOPERATE", False)]


def test_accepting_takes_a_rejection_back(store: Store) -> None:
    """The newest word holds; between the two the event is not there."""
    say(store, "corrected", status="future")
    say(store, "rejected", hours=2)
    back = say(store, "accepted", hours=3)
    assert back is not None
    assert back.status == "future"
    assert get(store, DRILL.event_id) == to_json(back)
    assert types(store, hours=2.5) == ["CONSULT"]
    assert incident_types(store) == ["CONSULT", "COOPERATE"]
    check_links(store)


def test_a_corrected_type_brings_its_codes(store: Store) -> None:
    """Quad class, intensity and CAMEO follow the new type, the id stays, the type is sure, and the incident follows."""
    ontology = load_ontology()
    say(store, "corrected", event_type="MOBILIZE", mode="militia" if "militia" in ontology.types["MOBILIZE"].modes else None)  # fmt: skip
    event = get(store, DRILL.event_id)
    mode = event["mode"]
    assert (event["event_type"], event["quad_class"], event["intensity"], event["cameo"]) == (
        "MOBILIZE", ontology.quad_class("MOBILIZE"), ontology.intensity("MOBILIZE", mode),
        ontology.cameo("MOBILIZE", mode, event["contexts"]),
    )  # fmt: skip
    assert event["confidence"]["type"] == 1.0
    assert event["actors"] == to_json(DRILL.actors)
    assert incident_types(store) == ["CONSULT", "MOBILIZE"]
    assert types(store, hours=0.5) == incident_types(store, hours=0.5) == ["CONSULT", "COOPERATE"]


def test_a_mode_goes_with_its_type(store: Store) -> None:
    """A new type drops the old mode, a mode brings its context, and none takes it away."""
    say(store, "corrected", event_type="COERCE", mode="cyber")
    event = get(store, DRILL.event_id)
    assert (event["mode"], event["contexts"]) == ("cyber", ["military", "cyber"])
    assert event["intensity"] == load_ontology().intensity("COERCE", "cyber")
    say(store, "corrected", event_type="ACCUSE", hours=2)
    assert get(store, DRILL.event_id)["mode"] is None


def test_corrected_sides_are_words_of_the_sentence(store: Store) -> None:
    """Each has its place in the text, the given codes, the basis "review"; a known one keeps its codes and entity."""
    say(store, "corrected", actors=[{"text": "officials", "country": "NOR", "sectors": ["GOV"]}],
        recipients=[{"text": "Halden"}])  # fmt: skip
    event = get(store, DRILL.event_id)
    (actor,), (recipient,) = event["actors"], event["recipients"]
    at = TEXT.index("officials")
    assert actor == {
        "text": "officials", "start": at, "end": at + 9, "entity_id": None, "name": None, "country": "NOR", "sectors": ["GOV"],
        "basis": "review", "confidence": 1.0,
    }  # fmt: skip
    known = to_json(DRILL.actors[1])
    assert recipient == {**known, "basis": "review", "confidence": 1.0}
    assert "recipients" not in event["reasons"]
    assert event["confidence"]["actors"] == event["confidence"]["recipients"] == 1.0
    (incident,) = (i for i in find_incidents(store, EventFilter(event_types=["COOPERATE"])))
    assert [p["country"] for p in incident["actors"]] == ["NOR"]
    check_links(store)


def test_a_side_can_be_emptied(store: Store) -> None:
    """No actor is a correction as well, with its reason."""
    say(store, "corrected", actors=[])
    event = get(store, DRILL.event_id)
    assert (event["actors"], event["confidence"]["actors"]) == ([], None)
    assert "review" in event["reasons"]["actors"]


def test_a_corrected_trigger_keeps_the_id(store: Store) -> None:
    """Other words of the sentence become the trigger."""
    say(store, "corrected", trigger="began a joint drill")
    start = TEXT.index("began a")
    assert get(store, DRILL.event_id)["trigger"] == {"start": start, "end": start + 19, "text": "began a joint drill"}  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"event_type": "COOPERAT"}, 'Did you mean "COOPERATE"'),
        ({"event_type": "COERCE", "mode": "arest"}, 'Did you mean "arrest"'),
        ({"status": "futur"}, 'Did you mean "future"'),
        ({"actors": [{"text": "Keld", "country": "NRO"}]}, 'Did you mean "'),
        ({"actors": [{"text": "Keld", "country": "NOR", "sectors": ["MILL"]}]}, 'Did you mean "MIL"'),
    ],
)
def test_unknown_codes_name_the_nearest(store: Store, fields: dict[str, Any], told: str) -> None:
    """A code that does not exist is an error, and nothing is stored."""
    with pytest.raises(UnknownCode, match=told):
        say(store, "corrected", **fields)
    assert store.connection.execute("SELECT count(*) FROM reviews").fetchone() == (0,)
    assert get(store, DRILL.event_id) == to_json(DRILL)


@pytest.mark.parametrize(
    ("verdict", "fields", "told"),
    [
        ("corrected", {"actors": [{"text": "Sweden"}]}, "does not stand in the sentence"),
        ("corrected", {"actors": [{"text": "Kel"}]}, "does not stand in the sentence"),
        ("corrected", {"actors": "Keld"}, "must be a list"),
        ("corrected", {"trigger": "hold a drill"}, "does not stand in the sentence"),
        ("corrected", {"trigger": {"start": 0, "end": 4}}, "does not lie in the sentence"),
        ("corrected", {"actor": []}, 'Did you mean "actors"'),
        ("corrected", {}, "needs a field"),
        ("accepted", {"status": "future"}, "takes no correction"),
        ("approved", {}, "a verdict is"),
        ("added", {"event_type": "CONSULT", "trigger": "began"}, "no article"),
    ],
)
def test_a_correction_that_does_not_fit_is_refused(
    store: Store, verdict: str, fields: dict[str, Any], told: str
) -> None:
    """Words that are not in the sentence, unknown fields and verdicts are errors, and nothing is stored."""
    with pytest.raises(UsageError, match=told):
        say(store, verdict, **fields)
    assert store.connection.execute("SELECT count(*) FROM reviews").fetchone() == (0,)


def add(store: Store, *, hours: int = 1, **fields: Any) -> Event:
    """Add an event to the article."""
    event = say(store, "added", None, hours=hours, article_id=ARTICLE.article_id, **fields)
    assert event is not None
    return event


def test_an_added_event_quotes_its_sentence(store: Store) -> None:
    """It has the id that a coder would give it, the sentence around its trigger, the sides given, and an incident."""
    event = add(store, event_type="ACCUSE", trigger="said", actors=[{"text": "officials", "country": "DNK"}])
    assert get(store, event.event_id) == to_json(event)
    assert (event.quote.text, event.section) == (TEXT[BODY:-1], "body")
    assert event.trigger.start == TEXT.index("said.")
    assert (event.date and event.date.to) == DRILL.date.to if DRILL.date else False
    assert event.contexts == ("military",)
    assert (event.confidence.type, event.confidence.actors, event.actors[0].basis) == (1.0, 1.0, "review")
    assert incident_types(store) == ["ACCUSE", "CONSULT", "COOPERATE"]
    assert types(store, hours=0.5) == ["CONSULT", "COOPERATE"]
    check_links(store)
    with pytest.raises(UsageError, match="already"):
        add(store, event_type="ACCUSE", trigger="said", hours=2)


@pytest.mark.parametrize(
    ("trigger", "told"),
    [
        ("drill", "stands 2 times.*longer words"),
        ("parade", "does not stand in the text"),
        ("a drill\nThe navies", "end of a sentence"),
        (None, "needs trigger"),
    ],
)
def test_an_added_event_needs_words_that_stand_once(store: Store, trigger: Any, told: str) -> None:
    """Words that are not there, several times there or of two sentences are told as such."""
    with pytest.raises(UsageError, match=told):
        add(store, event_type="CONSULT", trigger=trigger)
    assert types(store) == ["CONSULT", "COOPERATE"]


def test_a_new_coding_keeps_what_was_said(store: Store) -> None:
    """Rejected stays rejected, corrected stays corrected, added stays added, each in the new coding's state."""
    say(store, "rejected", TALKS)
    say(store, "corrected", event_type="MOBILIZE", hours=2)
    added = add(store, event_type="ACCUSE", trigger="said", hours=3)
    newer = replace(DRILL, status="hypothetical", coder_version="0.2.0")
    put(store, coded(TALKS, newer, day=4), at=NOON + 4 * HOUR)
    assert types(store) == incident_types(store) == ["ACCUSE", "MOBILIZE"]
    event = get(store, DRILL.event_id)
    assert (event["event_type"], event["status"], event["coder_version"]) == (
        "MOBILIZE",
        "hypothetical",
        "0.2.0",
    )
    assert get(store, added.event_id) == to_json(added)
    assert types(store, hours=0.5) == ["CONSULT", "COOPERATE"]
    assert types(store, hours=3.5) == ["ACCUSE", "MOBILIZE"]
    check_links(store)


def test_a_rejection_can_be_taken_back_after_a_new_coding(store: Store) -> None:
    """What comes back is the new coding with the earlier corrections."""
    say(store, "corrected", event_type="MOBILIZE")
    say(store, "rejected", hours=2)
    put(store, coded(TALKS, replace(DRILL, status="future"), day=4), at=NOON + 4 * HOUR)
    assert types(store) == ["CONSULT"]
    back = say(store, "accepted", hours=5)
    assert back is not None
    assert (back.event_type, back.status) == ("MOBILIZE", "future")


def test_a_review_of_an_event_that_is_gone_does_nothing(store: Store) -> None:
    """The new coding holds as it is; the event cannot be reviewed any more, and its review is kept."""
    say(store, "corrected", event_type="MOBILIZE")
    put(store, coded(TALKS, day=4), at=NOON + 4 * HOUR)
    assert types(store) == ["CONSULT"]
    with pytest.raises(UsageError, match="no event"):
        say(store, "accepted", hours=5)
    assert [(v, e["event_type"]) for v, e in find_reviewed(store)] == [("corrected", "MOBILIZE")]


def test_the_same_coding_again_changes_nothing(store: Store) -> None:
    """Reviews do not make an article look changed."""
    say(store, "rejected")
    assert put(store, coded(TALKS, DRILL), at=NOON + 2 * HOUR).same == 1
    assert types(store) == ["CONSULT"]


def test_the_least_sure_event_comes_first(tmp_path: Path) -> None:
    """Events without a review, nearest to an even chance first; filters and a limit hold."""
    sure = [replace(make_event(ARTICLE, event_type=t), confidence=replace(DRILL.confidence, type=c))
            for t, c in (("CONSULT", 0.99), ("COOPERATE", 0.52), ("ACCUSE", 0.3))]  # fmt: skip
    with open_store(tmp_path / "b.duckdb") as store:
        put(store, Coded([ARTICLE], sure))

        def found(wanted: EventFilter, limit: int | None = None) -> list[str]:
            return [e["event_type"] for e in find_unreviewed(store, wanted, limit)]

        assert found(EventFilter()) == ["COOPERATE", "ACCUSE", "CONSULT"]
        assert found(EventFilter(), 1) == ["COOPERATE"]
        assert found(EventFilter(event_types=["CONSULT"])) == ["CONSULT"]
        assert found(EventFilter(article_id="none")) == []
        say(store, "accepted", sure[1])
        assert found(EventFilter()) == ["ACCUSE", "CONSULT"]


def test_an_event_is_named_by_the_beginning_of_its_id(store: Store) -> None:
    """Also one that a person rejected; what none or several begin with is an error."""
    say(store, "rejected")
    assert get_event_id(store, "coop") == DRILL.event_id
    assert get_event_id(store, TALKS.event_id) == TALKS.event_id
    for words, told in (("", "no event"), ("zzz", "no event"), ("co", "2 events begin")):
        with pytest.raises(UsageError, match=told):
            get_event_id(store, words)


def test_gold_holds_articles_that_are_reviewed_whole(store: Store) -> None:
    """With one event left the article is left out and counted; then it is in, without the rejected event."""
    say(store, "rejected", TALKS)
    assert make_gold(store) == ([], 1)
    say(store, "accepted")
    (article,), left_out = make_gold(store)
    assert left_out == 0
    assert (article["id"], article["text"], article["published_on"], article["source"]) == (
        ARTICLE.article_id, TEXT, "2024-06-03", "Keld Times",
    )  # fmt: skip
    told = [
        (TEXT[s["start"] : s["end"]], [e["event_type"] for e in s["events"]]) for s in article["sentences"]
    ]
    assert told == [("Keld and Halden hold a drill", []), (TEXT[BODY:-1], ["COOPERATE"])]
    event = article["sentences"][1]["events"][0]
    assert [(p["text"], p["country"], p["sector"], p["sectors"]) for p in event["actors"]] == [
        ("Keld", "NOR", "MIL", ["MIL"]), ("Halden", "DNK", "MIL", ["MIL"]),
    ]  # fmt: skip
    assert [p["text"] for p in (*event["places"], *event["dates"], event["said_by"])] == ["Ørsund", "Sunday", "officials"]  # fmt: skip


def test_gold_keeps_an_event_that_a_new_coding_lost(store: Store) -> None:
    """A person said that it is in the text, so it is gold, whatever the coder finds."""
    say(store, "accepted", TALKS)
    say(store, "corrected", event_type="MOBILIZE")
    put(store, coded(TALKS, day=4), at=NOON + 4 * HOUR)
    (article,), _ = make_gold(store)
    assert [e["event_type"] for s in article["sentences"] for e in s["events"]] == ["CONSULT", "MOBILIZE"]


def test_examples_are_sentences_with_their_type(store: Store) -> None:
    """Accepted, corrected and added events are examples, rejected ones and those of other names counter-examples."""
    say(store, "rejected", TALKS)
    say(store, "corrected", event_type="COERCE", mode="arrest", hours=2)
    add(store, event_type="ACCUSE", trigger="said", hours=3)
    sentence = TEXT[BODY:-1]
    rows = {(e["type"], e["trigger"]) for e in iter_examples(store)}
    assert rows == {(None, None), ("arrest", "joint drill"), ("ACCUSE", "said")}
    assert {e["text"] for e in iter_examples(store)} == {sentence}
    assert [e["type"] for e in iter_examples(store, ["ACCUSE"])].count(None) == 2
    assert ("COERCE", "joint drill") in {(e["type"], e["trigger"]) for e in iter_examples(store, ["COERCE"])}


@pytest.mark.parametrize("layout", [1, 2])
def test_a_store_of_an_older_layout_can_be_reviewed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, layout: int
) -> None:
    """Opening it for writing brings it up to date; its reviews table then knows of added events."""
    path = tmp_path / "old.duckdb"
    some = list_migrations()[:layout]
    with monkeypatch.context() as patch:
        patch.setattr("dragoman.store.migrations.list_migrations", lambda: some)
        open_store(path).close()
    with open_store(path) as store:
        assert store.connection.execute("SELECT value FROM store_info").fetchone() == (str(list_migrations()[-1][0]),)  # fmt: skip
        put(store, coded(TALKS, DRILL))
        say(store, "rejected")
        assert types(store) == ["CONSULT"]
        (comment,) = store.connection.execute(
            "SELECT comment FROM duckdb_columns() WHERE table_name = 'reviews' AND column_name = 'verdict'"
        ).fetchone() or ("",)
        assert "added" in comment
        assert apply_migrations(store.connection, done=list_migrations()[-1][0]) == list_migrations()[-1][0]


def test_words_are_found_whole() -> None:
    """Parts of words do not count, any white space does, and marks at the ends are fine."""
    text = "Iran, Iranian; the US\nNavy's “joint drill”"
    assert find_words(text, "Iran") == [(0, 4)]
    assert find_words(text, "US Navy") == [(19, 26)]
    assert find_words(text, "“joint drill”") == [(29, 42)]
    assert find_words(text, "  ") == []
