"""What looks like an event and is none by the codebook: charges, figures of speech, statistics, private quarrels.

In: an event with its quoted sentence. Out: the reason why it is none, or None. The rules are those of the annotation guide
that words alone can tell; each was tried on the 881 newsroom articles, where together they refuse few right events.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from dragoman.records import Event, Participant

_HEADLINES: Final = frozenset({"title", "standfirst", "caption", "teaser"})
# "Algeria supplies 23 % of the gas" is trade as it is (rule 6: statistics), "supports independence" a stand (rule 5).
_STANDING: Final = re.compile(
    r"(?:supports|opposes|favou?rs|always favou?ring|supplies|imports|exports|buys|sells)", re.I
)
_STATES: Final = frozenset({"SUPPORT", "REJECT", "AID", "COOPERATE"})
# What somebody is charged with, or did not let happen.
_EVADED: Final = re.compile(
    r"\b(?:resist|evad|elud|escap|avoid)(?:e|s|es|ed|ing)?\s+(?:the\s+)?(?:arrest|capture|custody|detention)\b",
    re.I,
)
# Contests that are no fighting: ballots, matches, courts, markets, words.
_WON: Final = re.compile(
    r"\b(?:beat|beats|beating|beaten|defeat(?:s|ed|ing)?|thrash(?:ed|ing)|trounc(?:ed|ing)|edged out)\b", re.I
)
_SCORE: Final = re.compile(
    r"\b\d[\d.,]*\s*(?:per ?cent|%|votes?|points?|seats?|goals?|runs?|wickets?)|\b\d{1,3}\s?[-–]\s?\d{1,3}\b|"
    r"\b(?:primary|primaries|run-?off|ballot|nomination|semi-?final|quarter-?final|league|championship|tournament)\b",
    re.I,
)
_FIGURATIVE: Final = re.compile(
    r"\b(?:closely|hard|hotly|keenly|narrowly)[- ](?:fought|contested)|"
    r"\b(?:legal|court|courtroom|electoral|election|campaign|political|custody|bidding|price|trade|tariff|currency|culture|"
    r"propaganda|verbal|leadership|boardroom)\s+(?:battles?|wars?|fights?|clash(?:es)?)|"
    r"\b(?:battles?|wars?|fights?)\s+of\s+(?:words|nerves|wills|ideas)",
    re.I,
)
_ABSTRACT: Final = re.compile(
    r"\b(?:fights?|fighting|battles?|battling|war|struggle|combat(?:ing|ting)?|crackdown)\s+(?:against|on|with)\s+(?:the\s+)?(?:\w+\s+)?"
    r"(?:terrorism|terror|corruption|poverty|crime|disease|diseases|cancer|drugs|inflation|cholera|covid\S*|coronavirus|virus|"
    r"climate|hunger|extremism|malaria|trafficking|ebola|aids|pandemic|impunity|graft|illiteracy|discrimination|racism)\b",
    re.I,
)
_PICTURED: Final = re.compile(
    r"\b(?:captured|caught|shot)\b[^.;,]{0,40}?\b(?:on|by)\s+(?:(?:a|the|his|her|their|security|surveillance|mobile|phone|channel|\d+)\s+)*"
    r"(?:cameras?|cctv|video|film|tape|photographers?|photos?|tv|news|footage|drone footage)\b",
    re.I,
)
# A court that puts a case off grants nothing.
_PUT_OFF: Final = re.compile(r"\b(?:postpon|adjourn|defer|put off|rescheduled)\w*", re.I)
_CASE: Final = re.compile(
    r"\b(?:case|matter|trial|hearing|court|bail|sentencing|verdict|judge|magistrate)\b", re.I
)
# Crime between private persons (rule 6): one person, and a relative, partner or friend of that person.
_KIN: Final = re.compile(
    r"^(?:his|her|their)\s+(?:\w+[- ]){0,3}(?:wife|husband|girlfriend|boyfriend|partner|fianc\w+|lover|spouse|daughter|son|mother|father|"
    r"parents|sister|brother|child|children|baby|cousin|uncle|aunt|niece|nephew|neighbou?r|roommate|flatmate|friend)$",
    re.I,
)
_PRIVATE: Final = frozenset({"CVL", "BUS", "EDU", "LAB", "AGR", "SOC", "MED"})
_PLURAL: Final = re.compile(
    r"\b(?:men|women|people|youths|crowd|mob|residents|villagers|group|gang|supporters|members)\b|,|\band\b",
    re.I,
)


def why_no_event(event: Event) -> str | None:
    """Return why the words of an event tell none by the codebook, or None where nothing speaks against it.

    Source:
        Annotation guide, rules 5, 6 and 8; PLOVER manual 2.0, definitions of ASSAULT, CONCEDE and COERCE.
    """
    words = event.trigger.text
    around = event.quote.text[max(0, event.trigger.start - event.quote.start - 20) :]
    if event.section not in _HEADLINES and event.event_type in _STATES and _STANDING.fullmatch(words):
        return f'"{words}" tells how things stand, not what happened'
    if event.event_type == "COERCE" and _EVADED.search(around[: len(words) + 60]):
        return "an arrest that was resisted or evaded is a charge, not an event"
    if event.event_type in ("ASSAULT", "COOPERATE", "COERCE"):
        return _why_no_violence(event, around)
    if event.event_type == "CONCEDE" and _PUT_OFF.search(words) and _CASE.search(event.quote.text):
        return "a court that puts a case off grants nothing"
    return None


def _why_no_violence(event: Event, around: str) -> str | None:
    words = event.trigger.text
    if event.event_type == "ASSAULT" and _WON.search(words) and _SCORE.search(around):
        return "won at a ballot or a match"
    if _holds(_FIGURATIVE, words, around) or _holds(_ABSTRACT, words, around):
        return "a contest or an aim, not fighting"
    if event.event_type != "COOPERATE" and _holds(_PICTURED, words, around):
        return "taken by a camera"
    if event.event_type == "ASSAULT" and _is_private(event.actors, event.recipients):
        return "a crime between private persons"
    return None


def _holds(pattern: re.Pattern[str], words: str, around: str) -> bool:
    """Return whether a phrase that a pattern finds shares words with the trigger."""
    return any(words in m.group() or m.group() in words for m in pattern.finditer(around)) or bool(
        pattern.search(words)
    )


def _is_private(actors: Sequence[Participant], recipients: Sequence[Participant]) -> bool:
    return (
        len(actors) == 1
        and len(recipients) == 1
        and actors[0].entity_id is None
        and actors[0].sectors[:1] != ()
        and actors[0].sectors[0] in _PRIVATE
        and _PLURAL.search(actors[0].text) is None
        and _KIN.match(recipients[0].text) is not None
    )
