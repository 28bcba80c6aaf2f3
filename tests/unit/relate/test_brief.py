"""Sentences composed from records, each with its evidence."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from dragoman.answer.briefs import to_html, to_markdown
from dragoman.relate.brief import MOST_OPEN, MOST_TOLD, Brief, brief_of, say, say_date, say_group, say_sides
from dragoman.relate.change import Change
from dragoman.relate.groups import Group

from .telling import ONTOLOGY, incident, points, side

DAY = date(2024, 5, 6)


def page(*rows: dict[str, object], quote: str = "They met.") -> Brief:
    """Return the brief of some incidents."""
    found = points(*rows)
    evidence = {
        e: {
            "quote": {"text": quote},
            "outlet": "Keld Times",
            "published_on": "2024-05-07",
            "url": "https://keld.example/1",
        }
        for p in found
        for e in p.incident["events"]
    }
    change = Change("conflict", True, date(2024, 5, 12), DAY, 0.4, 0.1, 3.0, 0.25)
    return brief_of(
        "NOR and DNK", found, [change], {0: found[:1]}, since=DAY, until=date(2024, 12, 31), level=(1.0, -2.0, 3.0),
        notes=["something is missing"], follows={}, evidence=evidence,
    )  # fmt: skip


@pytest.mark.parametrize("event_type", sorted(ONTOLOGY.types))
def test_every_type_and_mode_can_be_said(event_type: str) -> None:
    """With a recipient, alone and mutually, each gives a sentence that names the sides and leaves no gap."""
    for mode in (None, *ONTOLOGY.types[event_type].modes):
        for recipients in ((side("DNK"),), ()):
            words = say(incident(DAY, event_type, mode=mode, recipients=recipients))
            assert "NOR" in words
            assert not re.search(r"[{}]|  ", words)
            assert ("DNK" in words) == bool(recipients), (event_type, mode)
        both = say(incident(DAY, event_type, mode=mode, actors=(side("NOR"), side("DNK")), recipients=()))
        assert "NOR and DNK" in both


def test_a_taught_type_is_said_by_its_name() -> None:
    """A type that has no pattern still gives a sentence."""
    row = {**incident(DAY), "event_type": "FISH_QUOTA"}
    assert say(row) == "NOR: fish quota towards DNK"


def test_dates_are_said_as_precisely_as_they_are_known() -> None:
    """A day, a stretch, a month, a year, and none."""

    def said(days: int = 0, precision: str = "day", on: date | None = DAY) -> str:
        row = incident(on, days=days)
        if row["date"]:
            row["date"]["precision"] = precision
        return say_date(points(row)[0])

    assert said() == "On 6 May 2024"
    assert said(days=2) == "Between 6 May 2024 and 8 May 2024"
    assert said(precision="month") == "In May 2024"
    assert said(precision="year") == "In 2024"
    assert said(on=None) == "At a time that is not told"


def test_many_sides_are_cut() -> None:
    """Three are named and the others counted, so that nobody is "1 others"; the same name is said once."""
    people = [side(c, name=c) for c in ("NOR", "NOR", "DNK", "SWE", "FIN", "ISL", "EST")]
    assert say_sides(people) == "NOR, DNK, SWE and 3 others"
    assert say_sides(people[:6]) == "NOR, DNK, SWE and 2 others"
    assert say_sides([]) == "somebody"


@pytest.mark.parametrize(
    ("words", "country", "said"),
    [
        ("It", "NOR", "Norway"), ("they", "ARE", "the United Arab Emirates"), ("other", "NOR", "Norway"), ("They", None, "they"),
        ("its troops", "NOR", "troops of Norway"), ("its army", "NOR", "the army of Norway"),
        ("his colleagues from Sweden", "NOR", "colleagues from Sweden"), ("Its troops", None, "its troops"),
        ("foreign ministry in Oslo", "NOR", "the foreign ministry in Oslo"), ("town of Keld", "DNK", "the town of Keld"),
        ("foreign ministers of Norway", "NOR", "the foreign ministers of Norway"), ("dozens of soldiers", "NOR", "dozens of soldiers"),
        ("four soldiers", "NOR", "four soldiers"), ("civilians", "NOR", "civilians"), ("the king", "NOR", "the king"),
        ("Norway's army", "NOR", "Norway's army"), ("Oslo", "NOR", "Oslo"),
        ("Norway’s Special Forces", "NOR", "Norway’s Special Forces"),
    ],
)  # fmt: skip
def test_words_of_a_text_are_made_to_stand_alone(words: str, country: str | None, said: str) -> None:
    """What points back in its text says who is meant where that is known; nouns in the singular have their article."""
    names = {"NOR": "Norway", "DNK": "Denmark", "ARE": "United Arab Emirates"}
    assert say_sides([side(country, text=words)], names) == said


def test_names_have_their_article() -> None:
    """Bodies that English gives one have it, persons and countries have none."""
    told = {
        "European Union": "the European Union",
        "Norwegian Armed Forces": "the Norwegian Armed Forces",
        "Norwegian Guard Corps": "the Norwegian Guard Corps",
        "Norway": "Norway",
    }
    for name, said in told.items():
        assert say_sides([side("NOR", name=name)]) == said


def test_what_both_do_to_one_of_them_they_do_to_each_other() -> None:
    """A recipient who is among several actors is not said twice."""
    both = (side("NOR", name="Norway"), side("DNK", name="Denmark"))
    row = incident(DAY, "ACCUSE", actors=both, recipients=(side("DNK", name="Denmark"),))
    assert say(row) == "Norway and Denmark accused each other"


def test_a_piece_of_a_sentence_is_no_place() -> None:
    """A place in small letters is left out, a name is told."""
    assert say(incident(DAY, place={"name": "near", "country": "NOR"})).endswith("DNK")
    assert say(incident(DAY, place={"name": "Oslo", "country": "NOR"})).endswith("DNK (Oslo)")


def test_every_sentence_ends_in_a_link_that_leads_somewhere() -> None:
    """In both forms each bullet but the sources ends in a link, and each link has its target on the page."""
    brief = page(
        incident(DAY),
        incident(date(2024, 6, 1), "THREATEN"),
        incident(date(2024, 7, 1), "AGREE", status="future"),
    )
    text = to_markdown(brief)
    body = text[: text.index("Sources")]
    bullets = [line for line in body.splitlines() if line.startswith("- ")]
    assert len(bullets) >= 8
    assert all(re.search(r"\]\(#[a-z0-9]+\)$", line) for line in bullets)
    html = to_html(brief)
    for page_text, target in ((text, r'id="{}"'), (html, r'id="{}"')):
        links = set(re.findall(r'(?:\(|href=")#([a-z0-9]+)', page_text))
        assert links
        assert all(target.format(link) in page_text for link in links)


def test_a_long_relation_is_told_in_part_and_says_so() -> None:
    """Of many incidents the newest and the weightiest are told with the number of all; of promises the newest."""
    rows = [incident(DAY + timedelta(days=n), "AGREE", status="future") for n in range(40)]
    weighty = incident(DAY + timedelta(days=3), "ASSAULT", independent_sources=9)
    undated = incident(None, "CONSULT")
    sections = {s.key: s.sentences for s in page(*rows, weighty, undated).sections}
    timeline = [s.text for s in sections["timeline"]]
    assert timeline[0].startswith(f"{MOST_TOLD} of 42 incidents are told here")
    assert len(timeline) == 1 + MOST_TOLD
    assert sum("On 9 May 2024" in words for words in timeline) == 1  # the assault, not the promise of its day
    assert "On 14 June 2024" in timeline[-1]
    for key in ("open", "planned"):
        assert "35 earlier" in sections[key][0].text
        assert len(sections[key]) == 1 + MOST_OPEN
        assert "On 14 June 2024" in sections[key][-1].text
    whole = {s.key: s.sentences for s in page(*rows[:MOST_TOLD], weighty).sections}
    assert len(whole["timeline"]) == MOST_TOLD + 1
    assert not any("told here" in s.text for s in whole["timeline"])


def test_a_threat_that_was_carried_out_is_not_open() -> None:
    """A threat and a promise stay open until a deed of the same side that fits, within half a year."""
    threat, promise = incident(DAY, "THREATEN"), incident(DAY, "AGREE")

    def open_of(*rows: dict[str, object]) -> list[str]:
        section = next(s for s in page(*rows).sections if s.key == "open")
        return [s.text for s in section.sentences]

    assert len(open_of(threat, promise)) == 2
    assert len(open_of(threat, promise, incident(date(2024, 6, 1), "ASSAULT"))) == 1
    assert (
        len(
            open_of(threat, promise, incident(date(2024, 6, 1), "ASSAULT"), incident(date(2024, 6, 2), "AID"))
        )
        == 0
    )
    other_side = incident(date(2024, 6, 1), "ASSAULT", actors=(side("DNK"),), recipients=(side("NOR"),))
    assert len(open_of(threat, other_side)) == 1
    assert len(open_of(threat, incident(date(2025, 6, 1), "ASSAULT"))) == 1


def test_words_of_articles_do_nothing_on_the_page() -> None:
    """Markup in a quote or a name is shown, not obeyed."""
    evil = '<script>alert(1)</script> [x](javascript:alert(1)) *b* "q" & co'
    brief = page(incident(DAY, actors=(side("NOR", name=evil),)), quote=evil)
    html, text = to_html(brief), to_markdown(brief)
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert not re.search(r"(?<!\\)<script", text)
    assert not re.search(r"(?<!\\)\]\(javascript", text)


def test_sides_are_said_by_name() -> None:
    """Countries and sectors by their names, several in a list; a user's group and words as they are called."""
    names, sectors = {"USA": "United States", "IRN": "Iran"}, {"MIL": "armed forces of a state"}
    for words, members, said in (
        ("IRN", ("IRN",), "Iran"),
        ("USA", ("USA",), "the United States"),
        ("IRN/MIL", ("IRN/MIL",), "Iran (armed forces of a state)"),
        ("USA,IRN/XXX", ("USA", "IRN/XXX"), "the United States, Iran (XXX)"),
        ("Axis", ("IRN", "USA"), "Axis"),
        ("hezbollah", ("hezbollah",), "hezbollah"),
    ):
        assert say_group(Group(words, members), names, sectors) == said
