"""Counts: figures as written to ranges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.records import Draft, Mention, Span
from dragoman.resolve.counts import count_mentions, parse_count, parse_number, resolve_counts


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
