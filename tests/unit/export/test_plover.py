"""Records of PLOVER: valid by the manual's chapter on data fields, with all of ours under one key."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from dragoman.export import Tally, write_events
from dragoman.export.plover import to_record
from dragoman.ontology import load_ontology
from dragoman.records import Event

from .cited import DRILL, HALDEN, KELD, cited, interval, one_sided, side

TEXT, NUMBER, LIST = str, (int, float), list
# Field → type, from the manual (section 5 of our summary), for a record, an entity of either dialect, and a location.
RECORD: Mapping[str, Any] = {
    "id": TEXT, "date": TEXT, "actor": LIST, "event": LIST, "has_event": bool, "time": TEXT, "enddate": TEXT, "endtime": TEXT,
    "recipient": LIST, "event_loc": dict, "event_text": LIST, "quad_code": int, "event_scale": NUMBER, "mode": LIST,
    "context": LIST, "link": TEXT, "text": TEXT, "text_info": dict, "cite_info": dict, "coder": TEXT, "coded_date": TEXT,
    "coded_time": TEXT, "comment": TEXT, "dead": (int, str), "injured": (int, str), "arrested": (int, str),
}  # fmt: skip
ENTITY: Mapping[str, Any] = {
    "code": TEXT, "sector": TEXT, "entity_text": TEXT, "identifier_id": TEXT, "identifier_text": TEXT, "religion": TEXT,
    "ethnicity": TEXT, "office": TEXT, "gender": TEXT, "age": NUMBER, "raw_text": TEXT, "entity_name": TEXT,
    "wikidata_id": TEXT, "wiki_description": TEXT, "country_name": TEXT, "sector_code": TEXT, "other_sector_codes": LIST,
}  # fmt: skip
LOCATION: Mapping[str, Any] = {
    "extracted_place": TEXT, "resolved_place": TEXT, "geonameid": int, "lat": NUMBER, "lon": NUMBER, "city": TEXT,
    "district": TEXT, "province": TEXT, "country": TEXT, "country_code": TEXT, "feature_class": TEXT, "feature_code": TEXT,
    "resolution": int,
}  # fmt: skip
INFO = {"sequence", "start", "end", "text_story"}
CITE = {
    "corpus",
    "citation",
    "url",
    "title",
    "language",
    "publication",
    "license",
    "copyright",
    "coder",
    "codebook",
    "version",
}
AUXILIARY = {"historical", "future", "hypothetical", "negation"}


def check_fields(found: Mapping[str, Any], known: Mapping[str, Any], where: str) -> None:
    """Check that all fields are known and of their type."""
    for name, value in found.items():
        assert name in known, f"{where}: {name} is no field of PLOVER"
        assert isinstance(value, known[name]), f"{where}: {name} is {value!r}"


def check_record(record: Mapping[str, Any]) -> None:
    """Check a record against the manual: what is required, known, of the right type, and among the codes."""
    ontology = load_ontology()
    check_fields({k: v for k, v in record.items() if k != "dragoman"}, RECORD, "record")
    assert {"id", "date", "actor", "event"} <= record.keys()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", record["date"])
    datetime.fromisoformat(record["date"] + "T" + record.get("time", "00:00"))
    assert record.get("enddate", record["date"]) >= record["date"]
    assert record["actor"]
    for entity in (*record["actor"], *record.get("recipient", ())):
        check_fields(entity, ENTITY, "entity")
        assert len(entity.get("code", "USA")) == 3
        assert len(entity.get("sector", "GOV")) in (3, 6)
        assert entity.get("sector", "GOV")[:3] in ontology.sectors
    (event_type,) = record["event"]
    kind = ontology.get_type(event_type)
    assert set(record.get("mode", ())) <= set(kind.modes)
    assert set(record.get("context", ())) <= set(ontology.contexts) | AUXILIARY
    assert record["quad_code"] == kind.quad_class
    assert -10 <= record["event_scale"] <= 10
    check_fields(record.get("event_loc", {}), LOCATION, "event_loc")
    assert record.get("event_loc", {}).get("resolution", 1) in range(1, 6)
    assert record.get("text_info", {}).keys() <= INFO
    assert record.get("cite_info", {}).keys() <= CITE


def test_the_check_finds_what_is_wrong() -> None:
    """The check refuses records that lack a field, have an unknown one, or a code that PLOVER has not."""
    good = to_record(cited(one_sided()), Tally())
    assert good is not None
    check_record(good)
    changes: list[dict[str, Any]] = [
        {"actor": []},
        {"status": "actual"},
        {"event": ["FIGHT"]},
        {"mode": ["strike"]},
        {"quad_code": 1},
        {"date": "2024-6-2"},
        {"context": ["negated"]},
        {"actor": [{"name": "Keld"}]},
        {"event_text": "fired"},
    ]
    for change in changes:
        with pytest.raises((AssertionError, LookupError)):
            check_record({**good, **change})


def test_every_field_of_a_full_event_has_its_place() -> None:
    """The manual's fields hold what they ask for, in both dialects of an entity."""
    person = side(KELD, entity_id="Q1234", name="Navy of Keld", sectors=("MIL", "GOV"))
    counts = {
        "dead": replace(DRILL.counts["crowd"], low=3, high=5),
        "injured": replace(DRILL.counts["crowd"], low=None, high=9),
    }
    event = replace(one_sided(), actors=(person,), counts=counts, contexts=("military",))
    record = to_record(cited(event), Tally())
    assert record is not None
    check_record(record)
    assert record["actor"] == [{
        "code": "NOR", "sector": "MIL", "entity_text": "Keld", "identifier_id": "Q1234", "identifier_text": "Navy of Keld",
        "raw_text": "Keld", "entity_name": "Navy of Keld", "wikidata_id": "Q1234", "country_name": "Norway",
        "sector_code": "MIL", "other_sector_codes": ["GOV"],
    }]  # fmt: skip
    assert (record["date"], record.get("enddate"), record.get("comment")) == ("2024-06-02", None, None)
    assert (record["event"], record["mode"], record["context"]) == (["ASSAULT"], ["firearms"], ["military"])
    assert (record["quad_code"], record["event_scale"], record["event_text"]) == (4, -9.0, ["joint drill"])
    assert (record["dead"], "injured" in record) == (3, False)
    assert record["event_loc"] == {
        "extracted_place": "Ørsund", "resolved_place": "Ørsund", "geonameid": 3143244, "lat": 59.5, "lon": 10.25,
        "province": "Ørsund", "country": "Norway", "country_code": "NOR", "resolution": 2,
    }  # fmt: skip
    assert record["cite_info"]["publication"] == "Keld Times"
    assert (record["cite_info"]["codebook"], record["cite_info"]["version"]) == ("plover", "2.0")
    assert "text" not in record


def test_what_plover_has_no_field_for_stands_under_one_key() -> None:
    """Status, confidence, spans, ids and reasons are in "dragoman" and nowhere else."""
    event = one_sided()
    record = to_record(cited(event), Tally())
    assert record is not None
    own = record["dragoman"]
    assert (own["event_id"], own["incident_id"], own["article_id"]) == (
        event.event_id,
        "i1",
        event.article_id,
    )
    assert (own["status"], own["confidence"]["type"], own["reasons"]) == ("actual", 0.9, dict(event.reasons))
    assert own["trigger"] == {"start": event.trigger.start, "end": event.trigger.end, "text": "joint drill"}
    assert own["actors"][0]["entity_id"] == "NOR.navy"
    assert own["actors"][0]["start"] == KELD.start
    assert record["text_info"] == {"start": event.quote.start, "end": event.quote.end}


def test_a_mutual_act_has_all_sides_as_actors() -> None:
    """Both stand in actor and there is no recipient."""
    record = to_record(cited(DRILL), Tally())
    assert record is not None
    check_record(record)
    assert [a["code"] for a in record["actor"]] == ["NOR", "DNK"]
    assert "recipient" not in record


@pytest.mark.parametrize(
    ("status", "historical", "auxiliary"),
    [("actual", False, []), ("future", False, ["future"]), ("hypothetical", False, ["hypothetical"]), ("negated", True, ["negation", "historical"])],
)  # fmt: skip
def test_what_did_not_happen_has_an_auxiliary_mode(
    status: str, historical: bool, auxiliary: list[str]
) -> None:
    """The manual's four auxiliary modes stand in the context."""
    record = to_record(cited(one_sided(status=status, historical=historical)), Tally())
    assert record is not None
    check_record(record)
    assert record.get("context", []) == auxiliary


def test_dates_that_are_wide_or_missing_are_told() -> None:
    """An interval has an end, publication stands in for a missing date and the comment says so, and no date at all is counted."""
    tally = Tally()
    wide = to_record(cited(one_sided(date=interval(date(2023, 1, 1), date(2023, 12, 31), "year"))), tally)
    undated = to_record(cited(one_sided(date=None)), tally)
    assert wide is not None
    assert undated is not None
    check_record(wide)
    check_record(undated)
    assert (wide["date"], wide["enddate"], wide["comment"]) == (
        "2023-01-01",
        "2023-12-31",
        "The date is known to the year.",
    )
    assert undated["date"] == "2024-06-03"
    assert "that of publication" in undated["comment"]
    assert to_record(cited(one_sided(date=None), published_on=None), tally) is None
    assert to_record(cited(one_sided(date=None, historical=True)), tally) is None
    assert (tally.events, tally.dated_by_article, tally.left_out) == (2, 1, {"no_date": 2})


def test_an_unknown_actor_is_unidentified() -> None:
    """PLOVER demands an actor: where the text names none it is UNK, and the comment says so."""
    record = to_record(cited(replace(one_sided(), actors=())), Tally())
    assert record is not None
    check_record(record)
    assert record["actor"] == [{"sector": "UNK", "sector_code": "UNK"}]
    assert record["comment"] == "The text names no actor."


def test_every_type_and_mode_gives_a_valid_record(tmp_path: Path) -> None:
    """All pairs of type and mode, with sides that have no country, sector or place, pass the check when read back."""
    ontology = load_ontology()
    nobody = side(HALDEN, country=None, sectors=(), entity_id=None, name=None)
    events: list[Event] = []
    for name, kind in ontology.types.items():
        for mode in (None, *kind.modes):
            event = one_sided(name, mode, number=len(events) + 1)
            events.append(replace(event, recipients=(nobody,), place=None) if len(events) % 2 else event)
    path = tmp_path / "a.jsonl"
    assert write_events(map(cited, events), path, kind="plover-jsonl") == len(events) > 60
    records = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for record, event in zip(records, events, strict=True):
        check_record(record)
        assert (record["id"], record["event"], record.get("mode", [])) == (event.event_id, [event.event_type], [event.mode] if event.mode else [])  # fmt: skip
