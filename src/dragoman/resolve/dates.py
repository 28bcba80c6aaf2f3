"""When an event happened: the encoder's marked words read by the date grammar, or the publication date.

In go the mentions of one draft; out comes an ``EventDate`` with its basis in words, or None when nobody can know.
Order: the grammar on the marked words; an amount of time that a state had lasted; the only date of the sentence; a war
that the marked words name; dateparser on the marked words; the publication date for what is told as having happened.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache

from dragoman.records import Article, EventDate, Mention, Precision, Span
from dragoman.timex import TimeExpression, find_dates
from dragoman.timex.amounts import Amount, shift
from dragoman.timex.eras import find_era

NO_DATE_BASIS = "no date in the sentence; publication date"
_READ_BY_LIBRARY = "read by dateparser"
_HISTORICAL_DAYS = 30  # design section 2
_HULL_DAYS = 31  # two mentions this near are one stretch ("Friday and Saturday")
_LONE_REACH = 90  # characters between the trigger and the sentence's only date

# How sure a date is, by what it rests on. Set by hand from reading some 600 dates of newswire; not fitted.
_CONFIDENCE = {
    "explicit day": 0.95,
    "weekday": 0.92,
    "month or year": 0.88,
    "week": 0.85,
    "interval": 0.75,
    "lone date": 0.7,
    "library": 0.5,
    "publication": 0.5,
}
_ANNIVERSARY = re.compile(
    r"\banniversary of\b|\bin (?:memory|commemoration|remembrance) of\b|\bcommemorat\w+\b|\bmark(?:s|ed|ing) \w+ years since\b",
    re.IGNORECASE,
)
_ANNIVERSARY_REACH = 60  # characters
_COMMEMORATED = re.compile(
    r"(?:\s+(?:of|in|at)\s+(?:[\w’'.-]+\s+){1,5}?)?\s*(?:was|were|is|are|been|being)\s+(?:\w+ly\s+)?commemorated\b",
    re.IGNORECASE,
)
# A verb of its own: "the man charged with theft fired at officers".
_FINITE = re.compile(
    r"(?:\w+ed|shot|blew|beat|hit|struck|set|threw|took|fought|died|launched)\b", re.IGNORECASE
)
# "Sentenced to ten years for his part in the attack", "suspects in the bombing": up to the act's own words.
_CHARGED = re.compile(
    r"(?:(?<!\bthe )(?<!\ban )(?<!\ba )(?<!\bof )(?<!\bfor )\b(?:sentenc\w+|convicted|jail(?:ed|s)|imprison(?:ed|s)|charg(?:ed|es)|indict\w*|on trial|stands? trial|acquit\w+|"
    r"guilty|extradit\w+|(?:was|were) tried)\b(?:(?!\bwho\b|\bafter\b|\bwhile\b|\bas\b|, and\b)[^.;:]){0,60}?"
    r"|\b(?:suspects?|suspected|wanted)\s+)\b(?:for|over|in|with|of|in connection with)\s+"
    r"(?:(?!who\b|after\b|while\b|as\b)[\w’'.-]+\s+){0,6}$",
    re.IGNORECASE,
)
_STANDING = re.compile(
    r"\b(?:has|have|had|who was|who were) (?:been )?(?:on trial|detained|jailed|imprisoned|held|wanted|in (?:prison|jail|"
    r"detention|custody|exile|hiding|power)|under (?:house arrest|sanctions|investigation|siege|blockade))\b.{0,60}?\bsince\b",
    re.IGNORECASE,
)
_BETWEEN = r"(?:\w+ly|already|earlier|also|been)\s+"  # stands between "had" and its verb
_PLUPERFECT = re.compile(rf"\bhad\s+(?:{_BETWEEN})*$", re.IGNORECASE)
_WHO_HAD = re.compile(rf"\b(?:who|which) had\s+(?:{_BETWEEN})*$", re.IGNORECASE)
_BEFORE_VERB = re.compile(rf"(?:had\s+|{_BETWEEN})+(?=\w)", re.IGNORECASE)
_LED_NOUN = re.compile(r"(?:\b(?:the|a|an|its|their|his|her)|['’]s)\s+$")
# "Israeli" in "the 2010 Israeli raid" is a doer, but the raid stays a noun.
_DEMONYM = re.compile(r"[A-Z][\w’'-]*(?:an|ese|ish|i|ch|k)|U\.S\.?")
# Words between a time and the noun of the act that it is said of: "the 2010 Israeli-led raid".
_UP_TO_NOUN = re.compile(
    r"\s+(?:(?!(?:of|in|on|at|by|for|to|and|or|that|which|who|when|after|before|with|from|against|over|as|is|are|was|were|has|have|had)\b)"
    r"[\w’'.-]+\s+){0,3}",
    re.IGNORECASE,
)
# How many days either way an act is left open that was so many of a unit before the news.
_ABOUT_DAYS = {"day": 0, "week": 3, "month": 15, "year": 183}
_LEAST_YEAR = 1  # of the calendar
_AFTER = re.compile(r"\bafter$", re.IGNORECASE)
_TO_COME = re.compile(r"\b(?:will|would|could|can|may|must|shall|should|to be)\b", re.IGNORECASE)
_CLAUSE_MARK = re.compile(r"[,;:]|\b(?:and|but|which|who|that)\b", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s?\s")
_OBJECT = re.compile(
    r"\s+(?:(?:from|of|to|into|ahead of|before)\s+)?(?P<article>(?:the|a|an|its|their|his|her)\s+)?",
    re.IGNORECASE,
)
_BREAKING_UP = re.compile(r"(?:dispers|br(?:ea|o)k\w* up|clash)", re.IGNORECASE)
_WHILE = re.compile(r"\b(?:in|during|at|on|from|by)\s+(?:the\s+)?$", re.IGNORECASE)
_MAIN_VERB = re.compile(r",\s*(?:is|are|was|were|has|have|had)\b", re.IGNORECASE)
_NOUN_BEHIND = re.compile(r"\s+[\w’'-]{3,}")
_OTHER_CLAUSE = re.compile(
    r"\b(?:that|which|who|whom|whose|when|where|after|before|following|since|while|as|if|said|says|saying|told|"
    r"announced|reported|statement|to|for|over|into|but|because|blam\w+|accus\w+|\w+ing)\b|[;:]",
    re.IGNORECASE,
)
_OPENING = re.compile(r"(?:(?:in|on|during|late in|early in) (?:the )?)?", re.IGNORECASE)
_OWN_TIME = re.compile(
    r"\b(?:after|before|following|since|until|once|when|while|if|because|sa(?:id|ys|ying)|told|announced|reported|statement|later|"
    r"then|had|will|would|now|today|current(?:ly)?)\b|[;:“”\"]",
    re.IGNORECASE,
)
_BARE_YEAR = re.compile(r"\d{4}")
_NAME_BEFORE = re.compile(r"(?<![\w’'-])([A-Z][\w’'-]+)[ -]$")
_NO_NAME = frozenset(
    "in since by during until till from of for to the year years around about before after early late mid throughout january "
    "february march april may june july august september october november december spring summer autumn fall winter easter "
    "christmas ramadan monday tuesday wednesday thursday friday saturday sunday".split()
)
_LASTED = re.compile(r"P(\d+(?:\.\d+)?)([DWMY])")
_LETTER_UNITS = {"D": "day", "W": "week", "M": "month", "Y": "year"}
_OF_WHAT = re.compile(r"\s+of\s+(?:[\w-]+\s+){0,3}", re.IGNORECASE)
_OWN = re.compile(r"(?:\b(?:its|the|their|his|her)|['’]s)\s+$", re.IGNORECASE)
_STATE = re.compile(
    r"\b(?:blockade|siege|occupation|shut-?\s?down|strike|standoff|stand-off|war|conflict|insurgency|protests?|sit-in|"
    r"detention|captivity|imprisonment|exile|rule|fighting|unrest)\b",
    re.IGNORECASE,
)
_WIDE = ("month", "season", "quarter", "year")
_PLACES_IN_TIME = ("day", "week", *_WIDE)


def resolve_date(
    dates: Sequence[Mention], *, article: Article, sentence: Span, trigger: Span, tense_future: bool,
    actors: Sequence[Mention] = (),
) -> EventDate | None:  # fmt: skip
    """Return when an event happened, None when neither words nor the publication date tell.

    Args:
        dates: The encoder's date mentions of the event; their spans are approximate.
        article: The article, for its text and publication date.
        sentence: The event's sentence.
        trigger: The words that name the event.
        tense_future: Whether the event is still to come.
        actors: The event's actors; one before the trigger tells that it is a verb.
    """
    doing = [m for m in actors if not _DEMONYM.fullmatch(m.text)]
    expressions = [
        _of_the_act(e, article, trigger, doing)
        for e in _in_sentence(article, sentence, tense_future=tense_future)
    ]
    every = [e for e in expressions if any(e.start < m.end and m.start < e.end for m in dates)]
    marked = [e for e in every if not _is_of_a_thing(article.text, e, trigger)]
    if every and not marked:
        return published(article, trigger, tense_future=tense_future)
    found = _merged([e for e in marked if e.from_ is not None or e.to is not None], article, trigger)
    if found is not None:
        return found
    if marked and not tense_future:
        found = _lasting(marked, article, trigger)
    elif not dates:
        found = _lone(expressions, article, sentence, trigger)
    elif not marked:
        found = _by_era(dates) or _by_library(dates, article, tense_future=tense_future)
    if found is not None:
        return found
    if not tense_future and all(e.timex_type == "DURATION" for e in expressions):
        found = _before_news(expressions, article, sentence, trigger)
    found = found or published(article, trigger, tense_future=tense_future)
    return found or (None if tense_future else _around(expressions, article, trigger))


def end_by(when: EventDate | None, day: date | None) -> EventDate | None:
    """Return the date of an act that has happened in the year that is going on, which ends by the day on which it was told."""
    if when is None or day is None or not when.from_ <= day < when.to or when.precision != "year":
        return when
    return replace(when, to=day, basis=f"{when.basis}; happened by {day}, when it was told")


def is_charge(sentence: Span, trigger: Span) -> bool:
    """Return whether an act is what somebody is tried or punished for: it was before the news, and the sentence tells no day of it."""
    if _FINITE.match(trigger.text):
        return False
    return _CHARGED.search(sentence.text[: max(0, trigger.start - sentence.start)]) is not None


def is_historical(
    when: EventDate | None, *, article: Article, sentence: Span, trigger: Span | None = None
) -> bool:
    """Return whether an event is background: over 30 days before publication, or told as an anniversary or recap.

    Args:
        when: The event's date.
        article: The article, for its publication date.
        sentence: The event's sentence.
        trigger: The event's words; with them only what stands after "anniversary of" counts as background.

    Source:
        Design, section 2: more than 30 days before publication, or marked as background.
    """
    if when is not None and article.published_on is not None:
        if (article.published_on - when.to).days > _HISTORICAL_DAYS:
            return True
        if when.to <= article.published_on and _STANDING.search(sentence.text) is not None:
            return (article.published_on - when.from_).days > _HISTORICAL_DAYS
    m = _ANNIVERSARY.search(sentence.text)
    if m is None:
        return False
    if trigger is None:
        return True
    if _COMMEMORATED.match(sentence.text, trigger.end - sentence.start):
        return True
    between = sentence.text[m.end() : max(m.end(), trigger.start - sentence.start)]
    return (
        trigger.start >= sentence.start + m.end()
        and len(between) <= _ANNIVERSARY_REACH
        and "," not in between
    )


def date_confidence(when: EventDate | None, *, mention_confidence: float = 1.0) -> float | None:
    """Return how sure a date is, 0 to 1: an explicit day most, then weekday, month or year, the publication date least.

    Args:
        when: The date; None gives None.
        mention_confidence: The encoder's confidence that the words belong to the event.
    """
    if when is None:
        return None
    return round(_CONFIDENCE[_kind(when)] * (1.0 if when.text is None else mention_confidence), 4)


def _kind(when: EventDate) -> str:
    """Return the row of the confidence table that a date belongs to."""
    if when.basis == NO_DATE_BASIS:
        return "publication"
    if when.basis.startswith(_READ_BY_LIBRARY):
        return "library"
    if when.basis.endswith(_LONE):
        return "lone date"
    if when.precision == "day":
        return "explicit day" if when.basis.startswith(("day, month", "date in figures")) else "weekday"
    if when.precision in ("month", "year", "quarter"):
        return "month or year"
    return "week" if when.precision in ("week", "season") else "interval"


_LONE = "the only date of the sentence"


@lru_cache(maxsize=8)
def _expressions(text: str, published_on: date | None, future: bool) -> tuple[TimeExpression, ...]:
    """Return the expressions of an article; kept for its other events."""
    return tuple(find_dates(text, published_on, tense="future" if future else None))


def _in_sentence(article: Article, sentence: Span, *, tense_future: bool) -> list[TimeExpression]:
    found = _expressions(article.text, article.published_on, tense_future)
    return [
        e
        for e in found
        if sentence.start <= e.start and e.end <= sentence.end and not _is_in_name(e, article)
    ]


def _is_in_name(found: TimeExpression, article: Article) -> bool:
    """Return whether a year is part of a name and no past one: "Sea Shield 2025" in 2025, "Vision 2030" tell no day of an event.

    A past year does: who took part in "Zapad 2021" did so in 2021.
    """
    day = article.published_on
    if day is None or not _BARE_YEAR.fullmatch(found.text) or int(found.text) < day.year:
        return False
    before = _NAME_BEFORE.search(article.text[max(0, found.start - 30) : found.start])
    return before is not None and before.group(1).lower() not in _NO_NAME


def _of_the_act(found: TimeExpression, article: Article, trigger: Span, doing: Sequence[Mention]) -> TimeExpression:  # fmt: skip
    """Return a time that stands before the act's noun without the "since" or "after" before it, which is of something else.

    "Violence has risen since the 2019 coup": the coup was in 2019, what has lasted since is the violence. In "since the 2019 coup soldiers
    killed hundreds" the act is a verb with a doer of its own.
    """
    if found.bound is None or not found.start < trigger.end:
        return found
    if any(found.end <= m.start and m.end <= trigger.start for m in doing):
        return found
    before = article.text[max(0, found.start - 12) : found.start]
    inside = trigger.start <= found.start
    if _LED_NOUN.search(before) is None or not (
        inside or _UP_TO_NOUN.fullmatch(article.text, found.end, trigger.start)
    ):
        return found
    bare = next(iter(find_dates(found.text, article.published_on)), None)
    return found if bare is None or bare.from_ is None else replace(bare, start=found.start, end=found.end)


def _merged(found: list[TimeExpression], article: Article, trigger: Span) -> EventDate | None:
    """Return one date for the expressions of an event: the finest where nested, the stretch where side by side."""
    if not found:
        return None
    found = [e for e in found if e.timex_type != "DURATION"] or found
    nearest = min(found, key=lambda e: _distance(e, trigger))
    first, last, basis, precision = *_days(nearest, article), nearest.basis, nearest.precision
    start, end = nearest.start, nearest.end
    for other in found:
        if other is nearest:
            continue
        other_first, other_last = _days(other, article)
        if first <= other_first and other_last <= last:
            first, last, basis, precision = other_first, other_last, other.basis, other.precision
            start, end = other.start, other.end
        elif (
            not (other_first <= first and last <= other_last)
            and _gap(first, last, other_first, other_last) <= _HULL_DAYS
        ):
            first, last = min(first, other_first), max(last, other_last)
            basis, precision = f"{basis}; to {other.basis}", "interval"
            start, end = min(start, other.start), max(end, other.end)
    return EventDate(article.text[start:end], start, end, first, last, precision, basis)


def _distance(expression: TimeExpression, trigger: Span) -> int:
    return max(expression.start - trigger.end, trigger.start - expression.end, 0)


def _gap(first: date, last: date, other_first: date, other_last: date) -> int:
    return max((other_first - last).days, (first - other_last).days)


def _days(expression: TimeExpression, article: Article) -> tuple[date, date]:
    """Return both days of an expression; an open end is closed with its other end."""
    first, last = expression.from_ or expression.to, expression.to or expression.from_
    assert first is not None
    assert last is not None
    if expression.bound == "before" and article.published_on is not None and last > article.published_on:
        first = min(first, article.published_on)
    return first, last


def _lone(
    expressions: list[TimeExpression], article: Article, sentence: Span, trigger: Span
) -> EventDate | None:
    """Return the sentence's only date, where it opens the sentence, or stands near the trigger and dates nothing else."""
    dated = [e for e in expressions if e.from_ is not None and e.timex_type in ("DATE", "TIME")]
    if len(dated) != 1:
        return None
    only = dated[0]
    placed = only.precision in _PLACES_IN_TIME and only.bound is None and "REF" not in only.timex3
    if not placed:
        return None
    framed = _frames(article.text, only, sentence, trigger)
    if not framed and (_distance(only, trigger) > _LONE_REACH or _dates_another(article.text, only, trigger)):
        return None
    first, last = _days(only, article)
    return EventDate(only.text, only.start, only.end, first, last, only.precision, f"{only.basis}; {_LONE}")


def _frames(text: str, expression: TimeExpression, sentence: Span, trigger: Span) -> bool:
    """Return whether a date opens the sentence before a comma and holds for all that is told in it up to the trigger.

    "In 2019, Keld opened a port there, a step that drew criticism from Halden": also the criticism was in 2019. What somebody says in
    the sentence, or what it puts before or after something, has a time of its own; but within a month, season or year what came
    right before the act is taken to lie there too ("In 2020, Keld regained the coast following a six-week war").
    """
    opens = _OPENING.fullmatch(text, sentence.start, expression.start) is not None and text.startswith(
        ",", expression.end
    )
    if not opens or trigger.start <= expression.end:
        return False
    own = _OWN_TIME.search(text, expression.end, trigger.start)
    wide = expression.precision in _WIDE
    return own is None or (wide and own.group().lower() in ("after", "following")
                           and _OWN_TIME.search(text, own.end(), trigger.start) is None)  # fmt: skip


def _is_of_a_thing(text: str, expression: TimeExpression, trigger: Span) -> bool:
    """Return whether a time is of the noun that the act is done to: "investigating yesterday's incident", "suspended a 2018 accord".

    What was done in, at or during a dated thing was done then ("killed in the 1995 massacre").
    """
    owner = _POSSESSIVE.match(text, expression.end)
    if _BREAKING_UP.search(text, trigger.start, expression.start):
        return False  # who breaks up Saturday's rally does so on Saturday
    if trigger.end <= expression.start:
        is_bare = (
            _BARE_YEAR.fullmatch(expression.text) is not None
            and _NOUN_BEHIND.match(text, expression.end) is not None
        )
        led = _OBJECT.fullmatch(text, trigger.end, expression.start)
        return led is not None and (owner is not None or (is_bare and led["article"] is not None))
    if owner is None or trigger.start < owner.end():
        return False
    framed = _WHILE.search(text, max(0, expression.start - 12), expression.start) is not None
    return not framed and _UP_TO_NOUN.fullmatch(text, owner.end() - 1, trigger.start) is None


def _dates_another(text: str, expression: TimeExpression, trigger: Span) -> bool:
    """Return whether the words date a thing ("Monday's talks", "the 2002 bombings") or another clause than the trigger's."""
    if text.startswith(("'s", "’s"), expression.end):
        return True
    if _LED_NOUN.search(text, max(0, expression.start - 12), expression.start) is not None:
        return True
    between = text[trigger.end : expression.start] or text[expression.end : trigger.start]
    # "A man kidnapped last May, was freed": the comma closes the participle and its time.
    return _OTHER_CLAUSE.search(between) is not None or _MAIN_VERB.match(text, expression.end) is not None


def _lasting(marked: Sequence[TimeExpression], article: Article, trigger: Span) -> EventDate | None:
    """Return the time up to publication that a state had lasted: "after 12 days of protests", "its three-year blockade"."""
    day = article.published_on
    for e in marked:
        m = _LASTED.fullmatch(e.timex3)
        if day is None or m is None or e.timex_type != "DURATION" or e.end > trigger.start:
            continue
        between = article.text[e.end : trigger.start]
        before = article.text[max(0, e.start - 12) : e.start]
        standing = _OWN.search(before) is not None and _STATE.search(trigger.text) is not None
        if _OF_WHAT.fullmatch(between) is None and not (standing and between.strip() in ("", "-")):
            continue
        first = shift(day, Amount(float(m.group(1)), _LETTER_UNITS[m.group(2)]), -1)
        if first is not None and first < day:
            return EventDate(
                e.text, e.start, e.end, first, day, "interval", f"{e.basis}, lasting up to {day}"
            )
    return None


def _before_news(
    expressions: Sequence[TimeExpression], article: Article, sentence: Span, trigger: Span
) -> EventDate | None:
    """Return when an act was that the news came so long after: "two weeks after the islands broke off ties"."""
    text, day = article.text, article.published_on
    found = [e for e in expressions if e.end <= trigger.start and _AFTER.search(e.text)]
    length = _LASTED.fullmatch(found[-1].timex3) if found else None
    if day is None or length is None:
        return None
    e, unit = found[-1], _LETTER_UNITS[length.group(2)]
    if _CLAUSE_MARK.search(text, e.end, trigger.start) or _TO_COME.search(text, sentence.start, e.start):
        return None  # "will hold elections six months after the army withdraws"
    if e.start == sentence.start and "," not in text[trigger.end : sentence.end]:
        return None  # "Ten years after the war ended they signed": where the clause ends is not told
    middle = shift(day, Amount(float(length.group(1)), unit), -1)
    if middle is None or middle.year <= _LEAST_YEAR:
        return None
    about = timedelta(days=_ABOUT_DAYS[unit])
    return EventDate(
        e.text, e.start, e.end, middle - about, min(middle + about, day), "interval" if about else "day",
        f"{e.text}, counted back from {day}",
    )  # fmt: skip


def _by_era(dates: Sequence[Mention]) -> EventDate | None:
    """Return the days of a war that the marked words name ("during World War II"); not "since" or "after" it."""
    for mention in dates:
        era = find_era(mention.text)
        if era is not None and not mention.text.lower().startswith(("since", "after", "before")):
            words = mention.text, mention.start, mention.end
            return EventDate(*words, era.first, era.last, "interval", f"named time: {era.name}")
    return None


def _by_library(dates: Sequence[Mention], article: Article, *, tense_future: bool) -> EventDate | None:
    """Return what dateparser reads in the marked words, where the grammar reads nothing."""
    if article.published_on is None:
        return None
    library = importlib.import_module("dragoman.resolve.foreign_dates")
    for mention in dates:
        read: tuple[date, date, Precision] | None = library.read_words(
            mention.text, published_on=article.published_on, future=tense_future, language=article.language
        )
        if read is not None:
            basis = f"{_READ_BY_LIBRARY}, counted from {article.published_on}"
            return EventDate(mention.text, mention.start, mention.end, *read, basis)
    return None


def _around(expressions: Sequence[TimeExpression], article: Article, trigger: Span) -> EventDate | None:
    """Return the month, season or year of the sentence for what somebody in it "who had accused him" did before: it lies there too."""
    dated = [e for e in expressions if e.from_ is not None and e.timex_type in ("DATE", "TIME")]
    only = dated[0] if len(dated) == 1 else None
    if only is None or only.precision not in _WIDE or only.bound is not None or only.end > trigger.start:
        return None
    if _WHO_HAD.search(_before_verb(article, trigger)) is None:
        return None
    first, last = _days(only, article)
    return EventDate(only.text, only.start, only.end, first, last, only.precision, f"{only.basis}; {_LONE}")


def _before_verb(article: Article, trigger: Span) -> str:
    """Return what stands before the verb of a trigger, its own "had" included: "urged" and "had urged" are one act."""
    own = _BEFORE_VERB.match(trigger.text)
    return article.text[max(0, trigger.start - 40) : trigger.start + (own.end() if own else 0)]


def published(article: Article, trigger: Span, *, tense_future: bool = False) -> EventDate | None:
    """Return the publication date for what is told as happening or having happened.

    Not for what is to come, nor for the pluperfect ("had accused"), which is told as earlier than the story.
    """
    day = article.published_on
    if day is None or tense_future or _PLUPERFECT.search(_before_verb(article, trigger)) is not None:
        return None
    return EventDate(None, None, None, day, day, "day", NO_DATE_BASIS)
