from __future__ import annotations

from datetime import date

import pytest

from dragoman.timex import find_dates

MONDAY = date(2025, 5, 19)


@pytest.mark.parametrize(
    "text",
    [
        "They may march on the palace.",
        "May we march? You May go.",
        "Theresa May resigned and May's party split.",
        "Mr. May said nothing.",
        "April Smith and June Jones were elected.",
        "August Wilson wrote it.",
        "The March of Dimes gave money.",
        "The March 14 alliance rejected the plan.",
        "Black September claimed the attack.",
        "A 24-year-old man and his five-year-old son drowned.",
        "She is 24 years old, he is in his thirties.",
        "The home side won 3-1 and lost 2-0.",
        "The second man came first; the sun sat low.",
        "Fifteen people and 12 dogs were hurt.",
        "Some 2000 soldiers and 1999 police were sent.",
        "The army's Aras-2025 drill and the F-2000 jet",
        "Resolution 1701 and flight 1549",
        "It cost $2015 or 2015 dollars.",
        "The Arab Spring and the fall of Kabul",
        "the Friday Prayer leader of Ardabil",
        "The Sunday Times and the Mail on Sunday wrote.",
        "The Good Friday Agreement held.",
        "About 1/3 of the 2/5 share was lost.",
        "once a week, twice a day",
        "in 300 BC",
        "Ramzan Mengal met the envoy in Mar del Plata.",
        "The May government fell.",
    ],
)
def test_words_that_are_no_dates_are_left_alone(text: str) -> None:
    """Names, verbs, ages, scores, amounts and names of things are no dates."""
    assert [(e.text, e.basis) for e in find_dates(text, MONDAY)] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("In May, Israel struck.", "May"),
        ("In June Israel struck.", "June"),
        ("In March the army fell.", "March"),
        ("Last August Iran agreed.", "Last August"),
        ("the 2020 conflict with Armenia", "2020"),
        ("the 2014 FIFA World Cup", "2014"),
        ("BAKU, May 19 (AP) — Talks began.", "May 19"),
        ("after Friday prayers", "Friday"),
        ("The election is set for May.", "May"),
        ("He lost the March elections.", "March"),
        ("In 2000 people fled.", ""),
    ],
)
def test_dates_that_look_like_names_are_found(text: str, words: str) -> None:
    """A month after a preposition, a year before a noun and a dateline are dates."""
    assert [e.text for e in find_dates(text, MONDAY)] == ([words] if words else [])


def test_lines_do_not_run_together() -> None:
    """An expression never reaches from one line into the next."""
    found = find_dates("It fell on 5\nMay 2024 was dry", MONDAY)
    assert [e.text for e in found] == ["May 2024"]


def test_spans_quote_text_with_letters_that_change_length() -> None:
    """Offsets count the characters of the text as given, also where lower case is longer."""
    text = "İİİ İstanbul’da on 5 March 2024 — İ"
    found = find_dates(text, MONDAY)
    assert [text[e.start : e.end] for e in found] == ["5 March 2024"]
