"""Which side a participant is on where the word before it says so."""

import pytest

from dragoman.records import Draft, Mention, Span
from dragoman.resolve.sides import host_of, is_handed_over, opens_mission, settle_sides, share_sides


def draft(
    text: str, event_type: str, trigger: str, *, actors: tuple[str, ...] = (), recipients: tuple[str, ...] = (),
    mode: str | None = None,
) -> Draft:  # fmt: skip
    """Return a draft whose sides are words of a sentence."""

    def mentions(words: tuple[str, ...], kind: str) -> tuple[Mention, ...]:
        return tuple(Mention(at := text.index(w), at + len(w), w, kind) for w in words)

    start = text.index(trigger)
    return Draft(
        sentence=Span(0, len(text), text), section="body", trigger=Span(start, start + len(trigger), trigger),
        event_type=event_type, mode=mode, status="actual", actors=mentions(actors, "actor"),
        recipients=mentions(recipients, "recipient"), places=(), dates=(), said_by=(), counts=(),
        type_confidence=0.9, mode_confidence=0.9, status_confidence=0.9,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "event_type", "trigger", "recipients", "actors", "left"),
    [
        ("He was seized by the police.", "COERCE", "seized", ("police",), ["police"], []),
        ("Grain was received from Keld.", "AID", "received", ("Keld",), ["Keld"], []),
        ("Remarks by the minister were condemned.", "ACCUSE", "condemned", ("minister",), [], ["minister"]),
        ("Troops came from Keld.", "MOBILIZE", "came", ("Keld",), [], ["Keld"]),
    ],
)
def test_who_stands_behind_by_or_gives_is_the_actor(
    text: str, event_type: str, trigger: str, recipients: tuple[str, ...], actors: list[str], left: list[str]
) -> None:
    """Behind "by" stands who did it, and behind "from" who gave; what is said "by" somebody may be condemned by others."""
    sides = settle_sides(draft(text, event_type, trigger, recipients=recipients), text)
    assert [m.text for m in sides.actors] == actors
    assert [m.text for m in sides.recipients] == left


def test_who_stands_behind_against_is_the_recipient() -> None:
    """Of two actors the one behind "against" suffers, but not in a clash, which two sides fight."""
    text = "Keld imposed sanctions against the Halden government."
    sides = settle_sides(draft(text, "SANCTION", "sanctions", actors=("Keld", "Halden government")), text)
    assert [m.text for m in sides.recipients] == ["Halden government"]
    text = "Keld clashed in the north against the Halden militia."
    sides = settle_sides(draft(text, "ASSAULT", "clashed", actors=("Keld", "Halden militia")), text)
    assert [m.text for m in sides.actors] == ["Keld", "Halden militia"]


def test_those_who_talk_are_all_actors_but_a_visit_has_a_host() -> None:
    """Talks without a host have no recipient; a visit goes to somebody."""
    text = "The envoy met the minister in Keld."
    talks = draft(text, "CONSULT", "met", actors=("envoy",), recipients=("minister",))
    assert [m.text for m in settle_sides(talks, text).actors] == ["envoy", "minister"]
    visit = draft(text, "CONSULT", "met", actors=("envoy",), recipients=("minister",), mode="visit")
    assert [m.text for m in settle_sides(visit, text).recipients] == ["minister"]


@pytest.mark.parametrize(
    ("trigger", "is_one"), [("extradited", True), ("handed him over", True), ("joint drill", False)]
)
def test_an_extradition_goes_from_one_state_to_another(trigger: str, is_one: bool) -> None:
    """Who receives a prisoner is no second actor of the hand-over."""
    text = f"Keld {trigger} to Halden."
    assert is_handed_over(draft(text, "COOPERATE", trigger, actors=("Keld",))) is is_one


@pytest.mark.parametrize(
    ("text", "actors", "left"),
    [
        ("Elia Vorn, the harbour master of Keld, warned Halden.", ("Elia Vorn", "harbour master of Keld"), 1),
        ("Elia Vorn, Keld's foreign policy adviser, warned Halden.", ("Elia Vorn", "Keld's foreign policy adviser"), 1),
        ("Elia Vorn, the minister, and the judges warned Halden.", ("Elia Vorn", "minister"), 2),
        ("Elia Vorn, the army and the judges warned Halden.", ("Elia Vorn", "army"), 2),
        ("Keld, the union, warned Halden.", ("Keld", "union"), 2),
    ],
)  # fmt: skip
def test_who_somebody_is_makes_no_second_actor(text: str, actors: tuple[str, ...], left: int) -> None:
    """What stands between commas behind a full name says who that is, unless a list goes on."""
    sides = settle_sides(draft(text, "THREATEN", "warned", actors=actors, recipients=("Halden",)), text)
    assert [m.text for m in sides.actors] == list(actors[:left])


@pytest.mark.parametrize(
    ("actors", "recipients", "wanted"),
    [
        (("Keld", "President"), ("Orban",), ["President Orban"]),
        (("Keld", "Prime Minister"), ("Hailu Bekele",), ["Prime Minister Hailu Bekele"]),
        (("Keld", "Halden"), ("s government",), ["Halden's government"]),
        (("Keld", "President"), ("talks",), ["talks"]),
        (("Keld", "envoy"), ("Orban",), ["Orban"]),
    ],
)
def test_a_phrase_cut_in_two_between_the_sides_is_whole(
    actors: tuple[str, ...], recipients: tuple[str, ...], wanted: list[str]
) -> None:
    """A title and its name, an owner and what is owned go to the side of the second; other neighbours stay."""
    gap = "'" if recipients[0].startswith("s ") else " "
    text = f"Keld visited {actors[1]}{gap}{recipients[0]} on Friday."
    sides = settle_sides(
        draft(text, "CONSULT", "visited", actors=actors, recipients=recipients, mode="visit"), text
    )
    assert [m.text for m in sides.recipients] == wanted
    assert all(text[m.start : m.end] == m.text for m in (*sides.actors, *sides.recipients))
    assert [m.text for m in sides.actors] == ([*actors] if wanted == [*recipients] else ["Keld"])


@pytest.mark.parametrize(
    ("subject", "said", "expected"),
    [
        ("they", (), ["Keld premier", "Halden president"]),
        ("they", ("Keld premier",), ["Keld premier", "Halden president"]),
        ("the two leaders", ("two leaders",), ["Keld premier", "Halden president"]),
        ("he", ("Keld premier",), ["Keld premier"]),
    ],
)
def test_they_are_all_who_met_in_the_sentence(
    subject: str, said: tuple[str, ...], expected: list[str]
) -> None:
    """A pledge of those who met is a pledge of both; "he" is one of them."""
    text = f"The Keld premier met the Halden president and {subject} pledged to open the border."
    met = draft(text, "CONSULT", "met", actors=("Keld premier", "Halden president"))
    pledge = draft(text, "AGREE", "pledged", actors=said)
    assert [m.text for m in share_sides(pledge, [met, pledge], text).actors] == expected


def test_they_of_others_than_those_who_met_stay_alone() -> None:
    """An actor who did not meet anybody in the sentence keeps the act to himself."""
    text = "Miners struck while the Keld premier met the Halden president and they blocked roads."
    met = draft(text, "CONSULT", "met", actors=("Keld premier", "Halden president"))
    strike = draft(text, "PROTEST", "blocked", actors=("Miners",))
    assert share_sides(strike, [met, strike], text) is strike


@pytest.mark.parametrize(
    ("text", "trigger", "sides", "expected"),
    [
        ("During a meeting with Erik Voss, the Keld adviser, Sander urged calm.", "meeting", ("Erik Voss", "the Keld adviser"), ["Erik Voss", "Sander"]),
        ("After talks with Erik Voss, Sander urged calm.", "talks", ("Erik Voss",), ["Erik Voss", "Sander"]),
        ("Sander urged calm after talks with Erik Voss.", "talks", ("Erik Voss",), ["Erik Voss"]),
        ("After talks with Erik Voss and Nor, Sander urged calm.", "talks", ("Erik Voss", "Nor"), ["Erik Voss", "Nor"]),
        ("After talks with Erik Voss, the angry Sander urged calm.", "talks", ("Erik Voss",), ["Erik Voss"]),
    ],
)  # fmt: skip
def test_who_acts_behind_a_meeting_was_at_it(
    text: str, trigger: str, sides: tuple[str, ...], expected: list[str]
) -> None:
    """Before the comma whom somebody met, right behind it who that is: both met, unless the meeting has two sides already."""
    met = draft(text, "CONSULT", trigger, actors=sides)
    urged = draft(text, "REQUEST", "urged", actors=("Sander",))
    assert [m.text for m in share_sides(met, [met, urged], text).actors] == expected


@pytest.mark.parametrize(
    ("words", "host"),
    [
        ("Keldish embassy in Halden", "Halden"),
        ("consulates to the Norland Isles", "Norland Isles"),
        ("consulate general in Arnvik, which is old", "Arnvik"),
        ("embassy in protest", None),
        ("Keldish embassy", None),
    ],
)
def test_a_mission_abroad_names_its_host(words: str, host: str | None) -> None:
    """The host is the name behind "in" or "to"; what is in small letters is none."""
    found = host_of(Mention(7, 7 + len(words), words, "recipient"))
    assert (found and found.text) == host
    assert found is None or words[found.start - 7 : found.end - 7] == host


@pytest.mark.parametrize(
    ("event_type", "trigger", "opens"),
    [("SANCTION", "orders the closure", True), ("SUPPORT", "reopens", True), ("AGREE", "will open", True),
     ("SUPPORT", "removed", False), ("ACCUSE", "closed", False), ("SUPPORT", "openly backed", False)],
)  # fmt: skip
def test_only_opening_and_closing_is_toward_the_host(event_type: str, trigger: str, opens: bool) -> None:
    """Words that only hold "open" or "move" are none."""
    text = f"Keld {trigger} the embassy in Halden."
    assert opens_mission(draft(text, event_type, trigger)) is opens


def test_victims_after_a_meeting_are_not_those_who_met() -> None:
    """Behind "they were" somebody suffers, who is often told of in between."""
    text = "Keld held talks with Halden over two hostages, and they were killed in Arnvik."
    met = draft(text, "CONSULT", "held talks", actors=("Keld", "Halden"))
    killed = draft(text, "ASSAULT", "were killed")
    assert share_sides(killed, [met, killed], text) is killed
    far = draft(text, "REJECT", "killed")
    assert share_sides(far, [met, far], text) is far
    text = "The mediator met the rebels before they attacked the village."
    met = draft(text, "CONSULT", "met", actors=("mediator", "rebels"))
    attack = draft(text, "ASSAULT", "attacked", actors=("they",))
    assert share_sides(attack, [met, attack], text) is attack


def test_one_phrase_on_two_sides_is_the_nouns() -> None:
    """A nationality and the noun right behind it are one side, the noun's."""
    text = "Rebels killed seven Keldish army soldiers."
    killed = draft(text, "ASSAULT", "killed", actors=("Rebels", "Keldish"), recipients=("army soldiers",))
    sides = settle_sides(killed, text)
    assert [m.text for m in sides.actors] == ["Rebels"]
    assert [m.text for m in sides.recipients] == ["Keldish army soldiers"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Keld tested a missile amid growing tensions with Halden.", []),
        ("Keld shelled a post near the border with Halden.", []),
        ("Keld ended its tensions and fought a war with Halden.", ["Halden"]),
    ],
)
def test_a_state_that_only_stands_aside_is_no_side(text: str, left: list[str]) -> None:
    """Who a border or tensions are with has no part in the act."""
    trigger = "tested" if "tested" in text else "shelled" if "shelled" in text else "fought"
    sides = settle_sides(draft(text, "ASSAULT", trigger, actors=("Keld",), recipients=("Halden",)), text)
    assert [m.text for m in sides.recipients] == left


def test_a_border_is_closed_toward_the_state_it_is_with() -> None:
    """Who closes a border, or halts trade over a dispute, acts toward the state that the words name."""
    text = "Keld closed its border with Halden."
    sides = settle_sides(draft(text, "COERCE", "closed", actors=("Keld",), recipients=("Halden",)), text)
    assert [m.text for m in sides.recipients] == ["Halden"]


def test_an_age_is_no_side() -> None:
    """The number behind a name tells how old somebody is; a number that was killed is a side."""
    text = "Clerk Anders Vik, 44, was convicted."
    convicted = settle_sides(
        draft(text, "SANCTION", "convicted", recipients=("Clerk Anders Vik", "44")), text
    )
    assert [m.text for m in convicted.recipients] == ["Clerk Anders Vik"]
    text = "In Arnvik, 12, all of them soldiers, were killed."
    killed = settle_sides(draft(text, "ASSAULT", "killed", recipients=("12",)), text)
    assert [m.text for m in killed.recipients] == ["12"]
    text = "The army killed 44, the radio said."
    killed = settle_sides(draft(text, "ASSAULT", "killed", actors=("army",), recipients=("44",)), text)
    assert [m.text for m in killed.recipients] == ["44"]


@pytest.mark.parametrize(
    ("text", "event_type", "actors", "left"),
    [
        ("During a June meeting with Ana Costa, Keld's adviser, Rask urged Halden to wait.", "REQUEST", ("Ana Costa", "Keld", "Rask"), ["Rask"]),
        ("After talks with Keld, Rask and Costa urged Halden to wait.", "REQUEST", ("Rask", "Costa"), ["Rask", "Costa"]),
        ("During a meeting with Keld, Rask urged a pact.", "AGREE", ("Keld", "Rask"), ["Keld", "Rask"]),
        ("Keld, Rask urged Halden to wait.", "REQUEST", ("Keld", "Rask"), ["Keld", "Rask"]),
    ],
)  # fmt: skip
def test_who_was_met_does_not_say_what_the_speaker_says(
    text: str, event_type: str, actors: tuple[str, ...], left: list[str]
) -> None:
    """Of a meeting told first only who stands before the verb speaks; what is agreed, both agree on."""
    sides = settle_sides(draft(text, event_type, "urged", actors=actors), text)
    assert [m.text for m in sides.actors] == left
