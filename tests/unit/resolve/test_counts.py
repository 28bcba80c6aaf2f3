"""Counts: figures as written to ranges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.records import Draft, Mention, Span
from dragoman.resolve.counts import count_mentions, parse_count, parse_number, resolve_counts
from dragoman.resolve.counts_words import find_figures


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("at least 12", (12, None)),
        ("more than 1,200", (1200, None)),
        ("dozens of", (24, None)),
        ("tens of thousands", (10_000, None)),
        ("between 8 and 20", (8, 20)),
        ("15 to 20", (15, 20)),
        ("seventeen", (17, 17)),
        ("two hundred and fifty", (250, 250)),
        ("1.5 million", (1_500_000, 1_500_000)),
        ("up to 40", (None, 40)),
        ("a dozen", (12, 12)),
        ("two dozen", (24, 24)),
        ("forty-two", (42, 42)),
        ("one", (1, 1)),
        ("a soldier", (1, 1)),
        ("several", (3, None)),
        ("many as yet unknown people", (3, None)),
        ("people", (None, None)),
        ("at least a dozen", (12, None)),
        ("no fewer than 12", (12, None)),
        ("upwards of 40", (40, None)),
        ("in excess of 90", (90, None)),
        ("some 40", (40, 40)),
        ("about 200", (200, 200)),
        ("around 200", (200, 200)),
        ("roughly 200", (200, 200)),
        ("approximately 200", (200, 200)),
        ("nearly 300", (270, 300)),
        ("almost 300", (270, 300)),
        ("no more than 5", (None, 5)),
        ("fewer than 10", (None, 10)),
        ("as many as 60", (None, 60)),
        ("from 8 to 20", (8, 20)),
        ("8-20", (8, 20)),
        ("8–20", (8, 20)),
        ("two or three", (2, 3)),
        ("between 2 and 3 million", (2_000_000, 3_000_000)),
        ("20-30 thousand", (20_000, 30_000)),
        ("a family of five", (5, 5)),
        ("a couple with their three children", (5, 5)),
        ("a woman and her two sons", (3, 3)),
        ("the driver and nine workers", (10, 10)),
        ("the couple", (2, 2)),
        ("both men", (2, 2)),
        ("twin", (2, 2)),
        ("a handful", (3, None)),
        ("scores", (40, None)),
        ("several hundred", (300, None)),
        ("a few dozen", (24, None)),
        ("hundreds of thousands", (100_000, None)),
        ("1.2m", (1_200_000, 1_200_000)),
        ("1,2 million", (1_200_000, 1_200_000)),
        ("3 lakh", (300_000, 300_000)),
        ("1,50,000", (150_000, 150_000)),
        ("two crore", (20_000_000, 20_000_000)),
        ("half a million", (500_000, 500_000)),
        ("half a dozen", (6, 6)),
        ("more than half a million", (500_000, None)),
        ("two hundred thousand", (200_000, 200_000)),
        ("one thousand five hundred", (1_500, 1_500)),
        ("dozens, possibly hundreds", (24, None)),
        ("an unknown number", (None, None)),
        ("15, including 3 children", (15, 15)),
        ("12 people, among them", (12, 12)),
        ("two officers and at least five rebels", (7, None)),
        ("99999999999999999999", (None, None)),
    ],
)
def test_count_reads_as_range(words: str, expected: tuple[int | None, int | None]) -> None:
    """A figure as written stands for the range a reader understands."""
    assert parse_count(words) == expected


@given(st.integers(min_value=0, max_value=10**9))
def test_number_round_trips_with_thousands_commas(n: int) -> None:
    """Digits read back as the same number, with or without commas."""
    assert parse_number(str(n)) == n
    assert parse_number(f"{n:,}") == n


@given(st.text(max_size=60))
def test_count_never_raises_and_keeps_order(words: str) -> None:
    """Any text gives an ordered range or nothing."""
    low, high = parse_count(words)
    assert low is None or high is None or low <= high


def test_first_readable_figure_of_a_kind_wins() -> None:
    """A kind keeps its first figure, and words without a figure are left out."""
    mentions = (Mention(0, 6, "people", "dead"), Mention(10, 12, "12", "dead"), Mention(20, 22, "30", "dead"))
    assert resolve_counts(mentions)["dead"].low == 12


def draft(event_type: str, trigger: str, side: str, *, mode: str | None = None) -> Draft:
    """Return a draft whose one side stands in the role that counts."""
    text = f"{side} {trigger}"
    mention = (Mention(0, len(side), side, "side"),)
    protest = event_type == "PROTEST"
    return Draft(
        sentence=Span(0, len(text), text), section="body", trigger=Span(len(side) + 1, len(text), trigger),
        event_type=event_type, mode=mode, status="actual", actors=mention if protest else (),
        recipients=() if protest else mention,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "kind", "words"),
    [
        (draft("ASSAULT", "were killed", "Five soldiers"), "dead", "Five"),
        (draft("ASSAULT", "were wounded", "at least 12 people"), "injured", "at least 12"),
        (draft("COERCE", "were arrested", "dozens of students", mode="arrest"), "arrested", "dozens"),
        (draft("PROTEST", "marched", "Some 2,000 farmers"), "crowd", "Some 2,000"),
    ],
)
def test_a_side_that_begins_with_a_figure_is_counted(given: Draft, kind: str, words: str) -> None:
    """The kind comes from the event, the words are those of the side."""
    (found,) = count_mentions(given)
    assert (found.kind, found.text) == (kind, words)


@pytest.mark.parametrize(
    "given",
    [
        draft("ASSAULT", "were shelled", "Five villages"),
        draft("ASSAULT", "was killed", "34-year-old farmer"),
        draft("ACCUSE", "were charged", "Five soldiers"),
        draft("ASSAULT", "were killed", "soldiers"),
    ],
)
def test_other_sides_are_not_counted(given: Draft) -> None:
    """No figure, an age, or an event that counts nobody gives no count."""
    assert count_mentions(given) == ()


@pytest.mark.parametrize(
    "words",
    [
        "a 34-year-old man", "in 2019", "$5 million", "US$ 5 million", "€300", "Rs 500", "12 percent", "12%", "40 per cent",
        "at 7 p.m.", "at 11.52", "12:30", "40 km", "a 7.62 mm rifle", "the G20", "an Il-20", "an F-16", "the 12th battalion",
        "Resolution 1325", "Article 5", "two weeks", "12 hours later", "on 12 May", "May 12, 2019", "the 1990s", "aged 34",
        "Ana Ruiz, 42, of Lima", "9/11", "COVID-19", "five countries", "two police vehicles", "three of the four factories",
        "no one", "12-member panel", "Group of 77", "a 3-2 win", "10 tonnes", "two-day visit",
    ],
)  # fmt: skip
def test_look_alikes_are_no_figures_of_people(words: str) -> None:
    """Ages, years, money, shares, times, distances, ranks, names and things are never counted."""
    assert find_figures(words) == []


Event = tuple[str, str, str | None]
BOMB: Event = ("bomb", "ASSAULT", None)


def told(text: str, *events: Event) -> list[dict[str, tuple[str, int | None, int | None]]]:
    """Return the counts of each event of a sentence, given trigger words, type and mode."""
    drafts = [
        Draft(
            sentence=Span(10, 10 + len(text), text), section="body", event_type=event_type, mode=mode, status="actual",
            trigger=Span(10 + text.index(trigger), 10 + text.index(trigger) + len(trigger), trigger),
        )
        for trigger, event_type, mode in events
    ]  # fmt: skip
    found = [resolve_counts(count_mentions(d, drafts), sentence=d.sentence) for d in drafts]
    return [{kind: (c.text, c.low, c.high) for kind, c in counts.items()} for counts in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A bomb that killed 12 people and wounded 30 shook the city.", {"dead": 12, "injured": 30}),
        ("The death toll of the bomb rose to 43 on Friday.", {"dead": 43}),
        ("After the bomb the death toll rose from 12 to 43.", {"dead": 43}),
        ("A bomb went off, leaving 5 dead and more than 20 injured.", {"dead": 5, "injured": 20}),
        ("Fear of the bomb grew and 4,000 people were displaced.", {"displaced": 4_000}),
        ("The bomb forced 3 lakh people to flee their homes.", {"displaced": 300_000}),
        ("The bomb left 200 people homeless.", {"displaced": 200}),
        ("A car bomb killed 15 people, including 3 children.", {"dead": 15}),
        ("A car bomb killed 12 people, among them two judges.", {"dead": 12}),
        ("A car bomb killed 12 people, two of them women.", {"dead": 12}),
        ("12 people, two of them women, were killed by a bomb.", {"dead": 12}),
        ("The bomb killed a couple with their three children.", {"dead": 5}),
        ("A woman and her two sons were killed by a bomb.", {"dead": 3}),
        ("A family of five was killed by the bomb.", {"dead": 5}),
        ("Two officers and at least five rebels were killed by a bomb.", {"dead": 7}),
        ("Seven rebels were killed by the bomb, along with two guards.", {"dead": 9}),
        ("Dozens, possibly hundreds, were injured by the bomb.", {"injured": 24}),
        ("At least 12 killed, 30 wounded in bomb blast", {"dead": 12, "injured": 30}),
        ("The bomb went off two weeks ago, 40 km away, killing eight.", {"dead": 8}),
        ("The man with the bomb killed himself and 12 others.", {"dead": 12}),
        ("The bomb claimed 12 lives.", {"dead": 12}),
        ("The bomb took the lives of 29 people.", {"dead": 29}),
        ("It was the worst bomb since 2004, killing 80.", {"dead": 80}),
        ("The bomb wounded at least 20 people, three critically.", {"injured": 20}),
        ("The bomb wounded between 8 and 20 others.", {"injured": 8}),
        ("Three civilians - a woman and two children - were killed by a bomb.", {"dead": 3}),
        ("The bomb killed four, the latest of 40 people killed this year.", {"dead": 4}),
        ("A bomb threat passed; 400 people have been killed this year.", {}),
        ("An unknown number of people were killed by the bomb.", {}),
        ("No one was killed by the bomb near the 12th battalion.", {}),
        ("A 34-year-old man was killed by a bomb in 2019.", {}),
        ("The bomb fell a day after an ambush that killed 12 people.", {}),
        ("Two gunmen with a bomb killed a soldier.", {}),
        ("The bomb destroyed 40 houses and three mosques.", {}),
    ],
)
def test_an_attack_takes_the_figures_of_its_sentence(text: str, expected: dict[str, int]) -> None:
    """The kind comes from the words around a figure; parts, totals, look-alikes and other events are left."""
    (found,) = told(text, BOMB)
    assert {kind: low for kind, (_, low, _) in found.items()} == expected


@pytest.mark.parametrize(
    ("text", "events", "expected"),
    [
        (
            "Police killed 5 protesters and arrested 40 when thousands marched in Lagos.",
            [("killed", "ASSAULT", None), ("arrested", "COERCE", "arrest"), ("marched", "PROTEST", "demo")],
            [{"dead": 5}, {"arrested": 40}, {"crowd": 2_000}],
        ),
        (
            "Police arrested five men over an attack that killed 12 people.",
            [("arrested", "COERCE", "arrest"), ("attack", "ASSAULT", None)],
            [{"arrested": 5}, {"dead": 12}],
        ),
        ("Police arrested five men over an attack that killed 12 people.", [("arrested", "COERCE", "arrest")], [{"arrested": 5}]),
        ("Police arrested 17 people at the rally.", [("arrested", "COERCE", "arrest")], [{"arrested": 17}]),
        ("Both men were arrested on Monday.", [("arrested", "COERCE", "arrest")], [{"arrested": 2}]),
        (
            "Some 2,000 farmers protested in Delhi; 40 were detained.",
            [("protested", "PROTEST", "demo"), ("detained", "COERCE", "arrest")],
            [{"crowd": 2_000}, {"arrested": 40}],
        ),
        ("Thousands marched through Nairobi.", [("marched", "PROTEST", "demo")], [{"crowd": 2_000}]),
        ("A crowd of about 5,000 came to the protest.", [("protest", "PROTEST", "demo")], [{"crowd": 5_000}]),
        ("The riot left 3 dead.", [("riot", "PROTEST", "riot")], [{"dead": 3}]),
        ("The minister condemned the killing of 12 people.", [("condemned", "ACCUSE", "disapprove")], [{}]),
    ],
)  # fmt: skip
def test_a_figure_goes_to_the_nearest_event_that_can_have_it(
    text: str, events: list[Event], expected: list[dict[str, int]]
) -> None:
    """Events of a sentence do not share figures."""
    assert [{k: low for k, (_, low, _) in found.items()} for found in told(text, *events)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "The bomb left 5 dead according to police, 12 according to the opposition.",
        "Police said 5 people died from the bomb but the opposition put the figure at 12.",
    ],
)
def test_claims_of_two_speakers_make_one_range(text: str) -> None:
    """Low and high come from both claims, the words from the first."""
    assert told(text, BOMB) == [{"dead": ("5", 5, 12)}]


def test_the_encoder_s_figure_is_widened_and_kept() -> None:
    """What the encoder marked wins for its kind, with the words around it that change its range."""
    text = "The bomb killed at least 12 people and wounded 30."
    given = Draft(
        sentence=Span(0, len(text), text), section="body", trigger=Span(4, 8, "bomb"), event_type="ASSAULT", mode=None,
        status="actual", counts=(Mention(25, 27, "12", "dead", 0.9),),
    )  # fmt: skip
    found = count_mentions(given)
    assert [(m.kind, m.text, m.confidence) for m in found] == [
        ("dead", "at least 12", 0.9),
        ("injured", "30", 1.0),
    ]
