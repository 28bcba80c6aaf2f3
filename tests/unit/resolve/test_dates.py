from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from dragoman.records import Article, EventDate, Mention, Precision, Span
from dragoman.resolve.dates import (
    NO_DATE_BASIS,
    date_confidence,
    end_by,
    is_charge,
    is_historical,
    resolve_date,
)

MONDAY = date(2025, 5, 19)


def _resolve(
    text: str,
    trigger: str,
    *mentions: str,
    published_on: date | None = MONDAY,
    tense_future: bool = False,
    sentence: str | None = None,
    actors: tuple[str, ...] = (),
) -> EventDate | None:
    article = Article("a", text, "test", published_on=published_on)
    start = text.index(sentence or text)
    spans = [Mention(text.index(m), text.index(m) + len(m), m, "DATE") for m in mentions]
    return resolve_date(
        spans,
        article=article,
        sentence=article.span(start, start + len(sentence or text)),
        trigger=article.span(text.index(trigger), text.index(trigger) + len(trigger)),
        tense_future=tense_future,
        actors=[Mention(text.index(m), text.index(m) + len(m), m, "actor") for m in actors],
    )


@pytest.mark.parametrize(
    ("text", "trigger", "mention", "first", "last", "precision"),
    [
        ("A joint exercise began on Sunday.", "exercise", "Sunday", "2025-05-18", "2025-05-18", "day"),
        ("A joint exercise began on Sunday.", "exercise", "on Sunday.", "2025-05-18", "2025-05-18", "day"),
        ("The drill is to run through 21 May.", "drill", "21 May", "2025-05-19", "2025-05-21", "day"),
        ("In 2023, both held a similar drill.", "held", "2023", "2023-01-01", "2023-12-31", "year"),
        ("In early May they met.", "met", "early", "2025-05-01", "2025-05-15", "month"),
        ("They met from 3 to 7 May in Doha.", "met", "7 May", "2025-05-03", "2025-05-07", "interval"),
    ],
)
def test_marked_words_are_read_by_the_grammar(
    text: str, trigger: str, mention: str, first: str, last: str, precision: str
) -> None:
    """The expression that the encoder's rough mention overlaps gives the event's days."""
    found = _resolve(text, trigger, mention)
    assert found is not None
    assert (str(found.from_), str(found.to), found.precision) == (first, last, precision)
    assert found.text is not None
    assert text[found.start : found.end] == found.text


def test_neighbouring_mentions_make_one_stretch() -> None:
    """Two days side by side are one date from the first to the second, quoting both."""
    found = _resolve("Rebels raided villages on Friday and Saturday.", "raided", "Friday", "Saturday")
    assert found is not None
    assert (found.from_, found.to) == (date(2025, 5, 16), date(2025, 5, 17))
    assert found.text == "Friday and Saturday"


def test_nested_mentions_take_the_finer() -> None:
    """Of a week and a day within it the day is the event's date."""
    found = _resolve(
        "Last week police arrested him on Tuesday 13 May.", "arrested", "Last week", "Tuesday 13 May"
    )
    assert found is not None
    assert (found.from_, found.to, found.precision) == (date(2025, 5, 13), date(2025, 5, 13), "day")


def test_future_events_count_ahead() -> None:
    """A weekday of an event still to come lies after publication where no word tells the tense."""
    found = _resolve("Talks Friday in Geneva", "Talks", "Friday", tense_future=True)
    assert found is not None
    assert found.from_ == date(2025, 5, 23)


def test_the_lone_date_of_a_sentence_stands_in() -> None:
    """Without a mention the sentence's only date near the trigger is taken, and the basis says so."""
    found = _resolve("Police arrested five men on Friday.", "arrested")
    assert found is not None
    assert found.from_ == date(2025, 5, 16)
    assert "only date" in found.basis


@pytest.mark.parametrize(
    ("text", "trigger", "year"),
    [
        (
            "In 2019, Keld opened a port on the other shore, a step that was met with sharp criticism from Halden.",
            "criticism",
            2019,
        ),
        ("In 2019, Keld opened a port on the other shore, which Halden has condemned.", "condemned", 2019),
        ("In 2019, Keld opened a port there and said that Halden criticised it.", "criticised", 2025),
        ("In 2019, Keld opened a port there, after Halden had shelled the old one.", "shelled", 2025),
        ("In 2019, Keld opened a port there, which its government now condemns.", "condemns", 2025),
        ("In 2019, Keld regained the coast following a six-week war with Halden.", "war", 2019),
        ("On 5 May, Keld opened a port there following a war with Halden.", "war", 2025),
    ],
)
def test_a_date_that_opens_a_sentence_holds_for_it(text: str, trigger: str, year: int) -> None:
    """It dates what follows in the sentence, but not what somebody says or what was before or is now."""
    found = _resolve(text, trigger)
    assert (found.from_.year if found is not None else 2025) == year


@pytest.mark.parametrize(
    ("text", "trigger", "year"),
    [
        ("Exercise Sea Shield 2025 began off Keld.", "began", None),
        ("Keld praised Vision 2030.", "praised", None),
        ("Keld took part in Zapad 2021.", "took part", 2021),
        ("Keld began a drill in 2025.", "began", 2025),
    ],
)
def test_a_year_in_a_name_is_no_date(text: str, trigger: str, year: int | None) -> None:
    """The year of a drill's or plan's name dates nothing where it is this year or one to come; a past one tells when it was."""
    found = _resolve(text, trigger)
    assert found is not None
    assert (found.text is None) is (year is None)
    assert year is None or found.from_.year == year


@pytest.mark.parametrize(
    ("text", "trigger"),
    [
        ("Police arrested a suspect in the 2002 bombings.", "arrested"),
        ("Police arrested him after Friday's clashes.", "arrested"),
        ("He said Friday that rebels killed two men.", "killed"),
        ("On Friday and in March police arrested men.", "arrested"),
    ],
)
def test_a_date_of_something_else_is_not_taken(text: str, trigger: str) -> None:
    """A date that belongs to a noun, to another clause, or is one of several is not the event's."""
    found = _resolve(text, trigger)
    assert found is not None
    assert found.basis == NO_DATE_BASIS
    assert (found.from_, found.to, found.text) == (MONDAY, MONDAY, None)


def test_nothing_known_gives_nothing() -> None:
    """Without date words there is no date when publication is unknown, the event lies ahead, or is told as earlier."""
    assert _resolve("Police arrested five men.", "arrested", published_on=None) is None
    assert _resolve("Police will arrest five men.", "arrest", tense_future=True) is None
    assert _resolve("He had accused Baku of spying.", "accused") is None


def test_the_library_reads_what_the_grammar_does_not() -> None:
    """Marked words outside the grammar are read by dateparser, and the basis says so."""
    found = _resolve("Arrestation le lundi: lundi 12 mai.", "Arrestation", "12 mai")
    assert found is not None
    assert found.basis == NO_DATE_BASIS  # English only: dateparser is asked in the article's language
    article = Article("a", "Arrestation le 12 mai.", "test", published_on=MONDAY, language="fr")
    mention = Mention(15, 21, "12 mai", "DATE")
    french = resolve_date(
        [mention],
        article=article,
        sentence=article.span(0, 22),
        trigger=article.span(0, 11),
        tense_future=False,
    )
    assert french is not None
    assert (french.from_, french.text) == (date(2025, 5, 12), "12 mai")
    assert french.basis.startswith("read by dateparser")


def test_dateparser_is_not_loaded_before_it_is_needed() -> None:
    """Importing the stage does not load dateparser."""
    code = "import sys, dragoman.resolve.dates; raise SystemExit('dateparser' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def _when(
    first: str, last: str, precision: str = "day", basis: str = "", text: str | None = "x"
) -> EventDate:
    days = date.fromisoformat(first), date.fromisoformat(last)
    return EventDate(text, 0, 1, *days, precision, basis)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("when", "words", "expected"),
    [
        (_when("2025-05-18", "2025-05-18"), "It began on Sunday.", False),
        (_when("2025-04-19", "2025-04-19"), "It began then.", False),
        (_when("2025-04-18", "2025-04-18"), "It began then.", True),
        (_when("2020-01-01", "2020-12-31", "year"), "In 2020 war broke out.", True),
        (_when("2025-01-01", "2025-05-19", "year"), "Earlier this year they met.", False),
        (_when("2014-01-01", "2025-05-19", "year"), "He has been on trial since 2014.", True),
        (None, "The attack was on the tenth anniversary of the massacre.", True),
        (None, "They met.", False),
    ],
)
def test_background_is_told_from_news(when: EventDate | None, words: str, expected: bool) -> None:
    """An event is historical over 30 days before publication, or in words of anniversary and standing."""
    article = Article("a", words, "test", published_on=MONDAY)
    assert is_historical(when, article=article, sentence=article.span(0, len(words))) is expected


def test_the_ceremony_of_an_anniversary_is_news() -> None:
    """With the trigger known, only what stands after "anniversary of" is background, not the rally held on it."""
    text = "Thousands rallied on the tenth anniversary of the massacre."
    article = Article("a", text, "test", published_on=MONDAY)
    sentence = article.span(0, len(text))

    def historical(word: str) -> bool:
        span = Span(text.index(word), text.index(word) + len(word), word)
        return is_historical(None, article=article, sentence=sentence, trigger=span)

    assert not historical("rallied")
    assert historical("massacre")


def test_confidence_falls_from_explicit_to_assumed() -> None:
    """An explicit day is surer than a weekday, a weekday than a month, a month than the publication date."""
    explicit = _resolve("They met on 5 March 2025.", "met", "5 March 2025")
    weekday = _resolve("They met on Sunday.", "met", "Sunday")
    month = _resolve("They met in March.", "met", "March")
    assumed = _resolve("They met.", "met")
    values = [date_confidence(w) for w in (explicit, weekday, month, assumed)]
    assert all(v is not None for v in values)
    assert values == sorted(values, key=lambda v: -(v or 0))
    assert len(set(values)) == 4
    assert date_confidence(None) is None


@pytest.mark.parametrize(
    ("text", "trigger", "mention", "first"),
    [
        ("The army moved in after 12 days of protests.", "protests", "12 days", "2025-05-07"),
        ("Israel is to ease its three year blockade.", "blockade", "three year", "2022-05-19"),
        ("Crowds rally against the six-day shutdown.", "shutdown", "six-day", "2025-05-13"),
    ],
)
def test_a_state_fills_the_time_that_it_had_lasted(text: str, trigger: str, mention: str, first: str) -> None:
    """An amount of time that a standing state has lasted ends at publication."""
    found = _resolve(text, trigger, mention)
    assert found is not None
    assert (str(found.from_), found.to, found.text) == (first, MONDAY, mention)


@pytest.mark.parametrize(
    ("text", "trigger", "mention"),
    [
        ("He began a three-day visit.", "visit", "three-day"),
        ("A court gave him a three-year sentence.", "sentence", "three-year"),
        ("They agreed to its two-day ceasefire.", "ceasefire", "two-day"),
    ],
)
def test_other_amounts_of_time_date_nothing(text: str, trigger: str, mention: str) -> None:
    """The length of a visit, sentence or truce is not the time before publication."""
    found = _resolve(text, trigger, mention)
    assert found is not None
    assert found.basis == NO_DATE_BASIS


def test_a_war_dates_an_event() -> None:
    """Marked words that name a war give its days, but not after "since"."""
    found = _resolve("They were held during World War II.", "held", "during World War II")
    assert found is not None
    assert (str(found.from_), str(found.to)) == ("1939-09-01", "1945-09-02")
    later = _resolve("It was held since World War II.", "held", "since World War II")
    assert later is None or later.basis != "named time: World War II"


@pytest.mark.parametrize(("language", "published_on"), [("xx", MONDAY), ("en", date.min)])
def test_what_the_library_cannot_read_is_no_date(language: str, published_on: date) -> None:
    """A language that dateparser does not know, or a day before the calendar, ends at the publication date."""
    article = Article("a", "SU", "test", published_on=published_on, language=language)
    found = resolve_date(
        [Mention(0, 2, "SU", "DATE")],
        article=article,
        sentence=article.span(0, 2),
        trigger=article.span(0, 0),
        tense_future=False,
    )
    assert found is not None
    assert found.basis == NO_DATE_BASIS
    assert not is_historical(found, article=article, sentence=article.span(0, 2))


@pytest.mark.parametrize(
    ("to", "precision", "expected"),
    [
        (date(2020, 12, 31), "year", date(2020, 1, 8)),
        (date(2020, 1, 31), "month", date(2020, 1, 31)),
        (date(2020, 1, 9), "day", date(2020, 1, 9)),
        (date(2019, 12, 31), "year", date(2019, 12, 31)),
    ],
)
def test_an_act_that_has_happened_ends_by_the_day_it_was_told(
    to: date, precision: Precision, expected: date
) -> None:
    """The year that is still going on ends with the telling; months, which may have been planned, and what is over stay as they are."""
    when = EventDate("2020", 0, 4, date(to.year, 1, 1), to, precision, "year")
    found = end_by(when, date(2020, 1, 8))
    assert found is not None
    assert found.to == expected
    assert end_by(when, None) is when


@pytest.mark.parametrize(
    ("text", "trigger", "first", "last"),
    [
        ("Trade has stopped since the 2019 coup.", "coup", "2019-01-01", "2019-12-31"),
        ("Trade has stopped since the August 2019 army coup.", "coup", "2019-08-01", "2019-08-31"),
        ("Trade has stopped since the 2019 coup.", "2019 coup", "2019-01-01", "2019-12-31"),
        ("Since the 2019 vote soldiers killed hundreds.", "killed", "2019-01-01", "2025-05-19"),
        ("Unrest after the coup has stopped trade since 2019.", "stopped trade", "2019-01-01", "2025-05-19"),
    ],
)
def test_since_is_of_what_has_lasted(text: str, trigger: str, first: str, last: str) -> None:
    """In "since the 2019 coup" the year dates the coup; what has lasted since then reaches to publication."""
    found = _resolve(text, trigger, "2019", actors=("soldiers",) if "soldiers" in text else ())
    assert found is not None
    assert (str(found.from_), str(found.to)) == (first, last)


@pytest.mark.parametrize(
    ("text", "trigger", "expected"),
    [
        ("A court sentenced two men to ten years for an attack on a market.", "attack", True),
        ("Police held three suspects in the Arnvik bombing.", "bombing", True),
        ("He was jailed for throwing shoes at the president.", "throwing shoes", True),
        ("Police shot a suspect in Arnvik.", "shot", False),
        ("A man wanted for theft fired at officers, who wounded him.", "wounded", False),
        ("Two men convicted of theft attacked guards.", "attacked", False),
        ("He was jailed after an attack on a market.", "attack", False),
        ("Suspected rebels in Arnvik opened fire on a bus.", "opened fire", False),
        ("Soldiers killed three suspected rebels in an airstrike.", "airstrike", False),
        ("Soldiers jailed two, and others responded with a protest.", "protest", False),
        ("Police fired gas at supporters of the convicted leader in a protest.", "protest", False),
        ("A court in Kenya sentenced two to life in prison for an attack.", "attack", True),
    ],
)
def test_what_somebody_is_tried_for_was_before_the_news(text: str, trigger: str, expected: bool) -> None:
    """The act behind "sentenced for" or "suspects in" is told as earlier; the arrest and the verdict are the news."""
    at = text.index(trigger)
    assert is_charge(Span(0, len(text), text), Span(at, at + len(trigger), trigger)) is expected


def test_only_what_the_anniversary_is_of_is_history() -> None:
    """The call that is made on the anniversary is news; what was commemorated is not."""
    text = "On the anniversary of the overthrow of the king, the party called for a march, and the massacre was commemorated."
    article = Article("a", text, "test", published_on=MONDAY)
    for words, expected in (("overthrow", True), ("called", False), ("massacre", True)):
        at = text.index(words)
        sentence, trigger = Span(0, len(text), text), Span(at, at + len(words), words)
        assert is_historical(None, article=article, sentence=sentence, trigger=trigger) is expected


@pytest.mark.parametrize(
    ("text", "trigger", "mention", "first"),
    [
        ("Police began investigating yesterday's incident.", "investigating", "yesterday", "2025-05-19"),
        ("France condemned Friday's bombing.", "condemned", "Friday", "2025-05-19"),
        ("France condemned Friday's bombing.", "bombing", "Friday", "2025-05-16"),
        ("Ten were killed in Friday's bombing.", "killed", "Friday", "2025-05-16"),
        ("Keld withdrew from the 2015 nuclear deal.", "withdrew", "2015", "2025-05-19"),
        ("Keld held the 2015 talks.", "talks", "2015", "2015-01-01"),
        ("Forces killed dozens during the 2011 uprising.", "killed", "2011", "2011-01-01"),
        ("Forces killed thousands in the 1995 massacre.", "killed", "1995", "1995-01-01"),
        ("At Saturday's rally police held five students.", "held", "Saturday", "2025-05-17"),
        ("Police fired gas to disperse Saturday's march.", "fired gas", "Saturday", "2025-05-17"),
        ("A man kidnapped last May, was freed.", "freed", "", "2025-05-19"),
    ],
)
def test_the_time_of_another_noun_is_not_the_acts(text: str, trigger: str, mention: str, first: str) -> None:
    """What is investigated, condemned or left was at its own time; the act is of today."""
    found = _resolve(text, trigger, *([mention] if mention else []))
    assert found is not None
    assert str(found.from_) == first


@pytest.mark.parametrize(
    ("text", "trigger", "first", "last"),
    [
        ("The minister came three days after the islands broke off ties.", "broke off ties", "2025-05-16", "2025-05-16"),
        ("The minister came two weeks after the islands broke off ties.", "broke off ties", "2025-05-02", "2025-05-08"),
        ("Three days after the attack, police arrested two men.", "attack", "2025-05-16", "2025-05-16"),
        ("Three days after the attack, police arrested two men.", "arrested", "2025-05-19", "2025-05-19"),
        ("The minister came after the islands broke off ties.", "broke off ties", "2025-05-19", "2025-05-19"),
        ("Polls will be held six months after the army withdraws.", "withdraws", "2025-05-19", "2025-05-19"),
        ("Ten years after the war ended the two signed a treaty.", "signed", "2025-05-19", "2025-05-19"),
        ("The visit came 1,000 days after the army invaded Keld.", "invaded", "2022-08-23", "2022-08-23"),
    ],
)  # fmt: skip
def test_what_the_news_came_so_long_after(text: str, trigger: str, first: str, last: str) -> None:
    """The act behind "two weeks after" is counted back from the news, a few days either way."""
    found = _resolve(text, trigger)
    assert found is not None
    assert (str(found.from_), str(found.to)) == (first, last)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In December 2024 the president condemned remarks by a cleric, who had accused him of betrayal.", ("2024-12-01", "2024-12-31")),
        ("On 3 March 2025 the president condemned remarks by a cleric, who had accused him of betrayal.", None),
        ("In 2023 and in May 2024 the president condemned a cleric, who had accused him of betrayal.", None),
    ],
)  # fmt: skip
def test_what_came_before_the_act_of_a_month_lies_in_it(text: str, expected: tuple[str, str] | None) -> None:
    """The accusation was before the answer to it, in the same month or year; on which day before is not known."""
    found = _resolve(text, "accused")
    assert (found and (str(found.from_), str(found.to))) == expected


@pytest.mark.parametrize("trigger", ["urged", "had urged", "had repeatedly urged", "been urged"])
def test_what_had_happened_before_has_no_day_of_its_own(trigger: str) -> None:
    """The pluperfect tells of an earlier day that nobody named, whether "had" is part of the trigger or not."""
    rest = {"been urged": "had been urged", "urged": "had urged"}.get(trigger, trigger)
    assert _resolve(f"Shipping firms {rest} both governments to act.", trigger) is None


def test_a_trigger_of_two_verbs_in_the_past_is_of_the_day() -> None:
    """Without "had" before the verb the day of publication holds."""
    found = _resolve("Shipping firms strongly urged both governments to act.", "strongly urged")
    assert found is not None
    assert found.from_ == MONDAY
