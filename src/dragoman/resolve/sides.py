"""Which side a participant is on where the words before it say so: the agent behind "by", the giver behind "from".

In: a draft and the article's text. Out: its actors and recipients, some of them moved. Shares are of the annotated sides
in our newsroom and the training files that stand right behind the word.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from dragoman.records import Draft, Mention

_REACH = 24  # characters before a side in which its preposition is looked for
_PREPOSITION: Final = re.compile(
    r"\b(by|against|from)\s+(?:(?:the|a|an|its|his|her|their|some|several)\s+)?$", re.I
)
# Types of which the side behind "by" is the actor: 595 of 645. With ACCUSE, REJECT and SUPPORT it is as often whom the
# words of somebody were said of ("remarks by the minister").
_BY_ACTS: Final = frozenset(
    "AGREE AID ASSAULT COERCE CONCEDE PROTEST REQUEST RETREAT SANCTION MOBILIZE THREATEN".split()
)
# Types of which the side behind "against" is the recipient: 140 of 151.
_AGAINST_SUFFERS: Final = frozenset("ACCUSE ASSAULT COERCE MOBILIZE PROTEST SANCTION THREATEN".split())
_FROM_GIVES: Final = frozenset({"AID"})  # 26 of 27
_PERSON_HANDED_OVER: Final = re.compile(r"\b(?:extradit|hand(?:ed|s|ing)?\b.*\bover|surrender)", re.I)
# Fighting that has two doers, though one stands behind "against".
_CLASH: Final = re.compile(r"\b(?:clash|fight|fought|battl|war\b|skirmish|combat)", re.I)
# A person's name, and what stands behind it between commas to say who that is: "the Friday Prayer leader of Ardabil".
_FULL_NAME: Final = re.compile(r"(?:[A-Z][\w.'’-]*)(?:\s+(?:al-|bin|de|van|von|[A-Z][\w.'’-]*)){1,4}")
_SAYS_WHO: Final = re.compile(
    r",\s+(?:the|an?|its|his|her|their|[A-Z][\w’'-]*['’]s?)\s+(?:[\w’'-]+\s+){0,5}?[a-z]{3,}(?:\s+(?:of|for|in|to|at)\b.*)?"
)
# A title that stands alone before a name.
_TITLE: Final = re.compile(
    r"(?:[\w’'.-]+\s+){0,4}(?:President|Premier|Prime Minister|Minister|Chancellor|King|Queen|Prince|Emir|Sultan|Sheikh|General|Colonel|"
    r"Major|Captain|Marshal|Admiral|Ambassador|Envoy|Secretary|Secretary-General|Governor|Mayor|Senator|Judge|Justice|Pope|Archbishop|Bishop|"
    r"Cardinal|Ayatollah|Leader|Commander|Mr|Mrs|Ms|Dr)\.?"
)
# The age behind a name ("So Kam-wai, 44, was convicted"), which is no second side.
_AGE: Final = re.compile(r"\d{1,3}")
# A state's mission that is named with its host: "Venezuelan embassy in Colombia".
MISSION: Final = re.compile(
    r"\b(?:embass(?:y|ies)|consulates?|diplomatic missions?|high commissions?)\b", re.I
)
_HOSTED: Final = re.compile(
    rf"(?i:{MISSION.pattern}(?:\s+general)?\s+(?:in|to)\s+(?:the\s+)?)(?P<host>[A-Z][\w’'-]*(?:\s+[A-Z][\w’'-]*)*)"
)
_OPENS: Final = re.compile(
    r"\b(?:open|reopen|re-open|close|closing|closure|shut|establish|reestablish|re-establish|restore|restoring|inaugurate|inaugurating|"
    r"relocate|relocating|move|moving)(?:d|s|ed|es|ing|ment)?\b",
    re.I,
)
# Types of acts by which a mission is opened, promised, moved or closed.
OF_MISSIONS: Final = frozenset({"AGREE", "SUPPORT", "SANCTION"})
# "They", "both" as the subject right before the trigger: all who met in the same sentence.
_PAIR: Final = r"leaders|sides|men|presidents|premiers|ministers|countries|nations|states|governments"
_ALL_OF_THEM: Final = re.compile(
    rf"\b(?:they|both(?:\s+(?:{_PAIR}))?|(?:the )?(?:pair|two)(?:\s+(?:{_PAIR}))?)\s+(?:[a-z]+ly\s+|(?:also|then|both|have|had)\s+){{0,2}}$",
    re.I,
)
# Who closes a border or imposes duties over a dispute acts toward the state it is with.
_TOWARD_BORDERS: Final = frozenset({"SANCTION", "THREATEN", "COERCE"})
# Who attacks or arrests after a meeting need not be who met.
_NOT_OF_MEETINGS: Final = frozenset({"ASSAULT", "PROTEST", "COERCE"})
_PASSIVE: Final = re.compile(r"(?:was|were|is|are|been|being|got)\b", re.I)
_NEAR: Final = 40  # characters between those who met and "they", where nobody else can be meant
_MEETINGS: Final = frozenset({"CONSULT", "COOPERATE"})
_ORIGIN: Final = re.compile(r"(?:^|\s)(?:[A-Z][\w’'-]+(?:an|ese|ish|i|ch|k|ek|ian|ean)|U\.S\.?|UK|UN)$")
# What a state stands in that has no part in the act: "amid tensions with Iran", "the border with Lebanon".
_ASIDE: Final = re.compile(
    r"\b(?:amid|over|despite)\s+(?:[\w-]+\s+){0,3}?(?:tensions?|disputes?|standoff|stand-off|row|crisis)\s+(?:with|between)\s+(?:the\s+)?$"
    r"|\bborders?\s+(?:with|between)\s+(?:the\s+)?$",
    re.I,
)
# "During a meeting with Keld's minister, the envoy urged …": who was met says nothing.
_MET_FIRST: Final = re.compile(
    r"(?:during|after|following|at|in|before|on)\b[^,;:]{0,60}?\b(?:meeting|talks|call|conversation|visit)s?\s+with\s",
    re.I,
)
_TOLD_BY_ONE: Final = frozenset({"ACCUSE", "REJECT", "REQUEST", "THREATEN"})
_LIST_GOES_ON: Final = re.compile(r"\s*(?:,\s*)?(?:and|or|as well as|along with)\b")


@dataclass(frozen=True, slots=True)
class Sides:
    """Who acts and to whom, in text order."""

    actors: tuple[Mention, ...]
    recipients: tuple[Mention, ...]


def settle_sides(draft: Draft, text: str) -> Sides:
    """Return the sides of a draft, those moved that the word before them puts on the other side.

    A side is moved only where the other one is empty, so that what the encoder read in full stays as it is.

    Source:
        Annotation guide, rule 1; PLOVER manual 2.0, reciprocity of CONSULT.
    """
    actors, recipients = _whole(draft.actors, draft.recipients, text)
    actors, recipients = (_without_ages(_without_apposed(side, text), text) for side in (actors, recipients))
    if draft.event_type in _TOLD_BY_ONE:
        actors = _without_those_met(actors, draft, text)
    if draft.event_type not in _TOWARD_BORDERS:
        actors, recipients = (
            tuple(m for m in side if not _stands_aside(m, text)) for side in (actors, recipients)
        )
    if not actors and recipients:
        doers = [m for m in recipients if _acts(m, draft.event_type, text)]
        actors, recipients = tuple(doers), _without(recipients, doers)
    elif actors and not recipients and not _CLASH.search(draft.trigger.text):
        suffering = [m for m in actors if _suffers(m, draft.event_type, text)]
        if len(suffering) < len(actors):
            actors, recipients = _without(actors, suffering), tuple(suffering)
    if draft.event_type == "CONSULT" and draft.mode is None:  # 299 of 308 have all sides as actors
        actors, recipients = (*actors, *_without(recipients, actors)), ()
    return Sides(actors, recipients)


def share_sides(draft: Draft, drafts: Sequence[Draft], text: str) -> Draft:
    """Return a draft with all who met in its sentence as its actors, where "they" or "both" do what it tells, or who met is cut off.

    "The premier meets the president and they pledge to open the border" is a pledge of both, and "During a meeting with the premier,
    the envoy urged calm" is a meeting of both.

    Args:
        draft: One event.
        drafts: All of the article.
        text: The article.
    """
    if draft.event_type == "CONSULT" and (both := _met_before(draft, drafts, text)):
        return replace(draft, actors=both, recipients=())
    before = text[draft.sentence.start : draft.trigger.start]
    subject = _ALL_OF_THEM.search(before)
    if subject is None or draft.event_type in _NOT_OF_MEETINGS or _PASSIVE.match(draft.trigger.text):
        return draft
    they = draft.sentence.start + subject.start()
    for other in drafts:
        met = (*other.actors, *other.recipients)
        same = other.sentence.start == draft.sentence.start and other.trigger.end <= draft.trigger.start
        if not same or other.event_type not in _MEETINGS or len(met) < 2:
            continue
        known = {(m.start, m.end) for m in met}
        if any((m.start, m.end) in known for m in draft.recipients):
            continue
        if not draft.actors and they - max(m.end for m in met) > _NEAR:
            continue
        if all((m.start, m.end) in known or _ALL_OF_THEM.fullmatch(f"{m.text} ") for m in draft.actors):
            return replace(draft, actors=tuple(sorted(met, key=lambda m: m.start)))
    return draft


def _met_before(draft: Draft, drafts: Sequence[Draft], text: str) -> tuple[Mention, ...]:
    """Return both who met, where a meeting before the comma has only whom somebody met and that one acts right behind it; else nobody."""
    met = _MET_FIRST.match(text, draft.sentence.start)
    if met is None or draft.trigger.start >= met.end():
        return ()
    settled = settle_sides(draft, text)
    sides = (*settled.actors, *settled.recipients)
    if len(sides) != 1 or sides[0].start < met.end():
        return ()
    hosts = [
        m
        for other in drafts
        if other.sentence.start == draft.sentence.start
        for m in other.actors
        if sides[0].end < m.start and m.end <= other.trigger.start and text[: m.start].rstrip()[-1:] == ","
    ]
    return (*sides, min(hosts, key=lambda m: m.start)) if hosts else ()


def host_of(mention: Mention) -> Mention | None:
    """Return the host in the name of a mission abroad, toward whom it is opened or closed; None where it names none."""
    found = _HOSTED.search(mention.text)
    if found is None:
        return None
    host = found["host"]
    start = mention.start + found.start("host")
    return replace(mention, text=host, start=start, end=start + len(host))


def opens_mission(draft: Draft) -> bool:
    """Return whether a draft may tell of a mission that is opened, moved or closed."""
    return draft.event_type in OF_MISSIONS and _OPENS.search(draft.trigger.text) is not None


def is_handed_over(draft: Draft) -> bool:
    """Return whether a draft tells that one state hands somebody over to another: the other is no second actor."""
    return _PERSON_HANDED_OVER.search(draft.trigger.text) is not None


def _whole(actors: Sequence[Mention], recipients: Sequence[Mention], text: str) -> tuple[tuple[Mention, ...], tuple[Mention, ...]]:  # fmt: skip
    """Return the sides with phrases whole that were cut in two between them: "President" + "Kiir", "Mali" + "'s government".

    Whose the second part is, that has the name or the noun, has the whole.
    """
    every = sorted(
        [(m, 0) for m in actors] + [(m, 1) for m in recipients], key=lambda pair: (pair[0].start, pair[0].end)
    )
    sides: tuple[list[Mention], list[Mention]] = ([*actors], [*recipients])
    for (first, one), (second, two) in pairwise(every):
        if one == two or first not in sides[one]:
            continue
        gap = text[first.end : second.start]
        is_title = gap == " " and second.text[:1].isupper() and _TITLE.fullmatch(first.text)
        is_owner = gap in ("'", "’") and second.text[:2] == "s "
        # "Seven Pakistani" + "army soldiers": what stands side by side is one phrase.
        is_origin = gap == " " and second.text[:1].islower() and _ORIGIN.search(first.text)
        if is_title or is_owner or is_origin:
            sides[one].remove(first)
            whole = replace(second, start=first.start, text=text[first.start : second.end])
            sides[two][sides[two].index(second)] = whole
    return tuple(sides[0]), tuple(sides[1])


def _without(mentions: Sequence[Mention], others: Sequence[Mention]) -> tuple[Mention, ...]:
    taken = {(m.start, m.end) for m in others}
    return tuple(m for m in mentions if (m.start, m.end) not in taken)


def _without_apposed(mentions: Sequence[Mention], text: str) -> tuple[Mention, ...]:
    """Return mentions without those that only say who the person named right before them is."""
    apposed = [
        second
        for first, second in pairwise(sorted(mentions, key=lambda m: m.start))
        if _FULL_NAME.fullmatch(first.text)
        and _SAYS_WHO.fullmatch(text, first.end, second.end)
        and text[second.end : second.end + 1] in ",.;)"
        and not _LIST_GOES_ON.match(text, second.end)
    ]
    return _without(mentions, apposed) if apposed else tuple(mentions)


def _without_those_met(actors: Sequence[Mention], draft: Draft, text: str) -> tuple[Mention, ...]:
    """Return the doers without those met before the comma that the speaker stands behind, right before the trigger."""
    met = _MET_FIRST.match(text, draft.sentence.start)
    before = [m for m in actors if m.end <= draft.trigger.start]
    speaker = max(before, key=lambda m: m.start, default=None)
    if met is None or speaker is None or text[: speaker.start].rstrip()[-1:] != ",":
        return tuple(actors)
    if text[speaker.end : draft.trigger.start].strip(" ,"):
        return tuple(actors)  # "Kaur and the envoy urged": who else speaks is not told by a comma
    return tuple(m for m in actors if m is speaker or not met.end() <= m.start < speaker.start)


def _without_ages(mentions: Sequence[Mention], text: str) -> tuple[Mention, ...]:
    """Return mentions without numbers that stand between commas right behind another one."""
    ends = {m.end for m in mentions}

    def is_age(m: Mention) -> bool:
        apart = text[m.start - 2 : m.start] == ", " and text[m.end : m.end + 1] in ",.;)"
        return apart and m.start - 2 in ends and _AGE.fullmatch(m.text) is not None

    return tuple(m for m in mentions if not is_age(m))


def _stands_aside(mention: Mention, text: str) -> bool:
    return _ASIDE.search(text[max(0, mention.start - 60) : mention.start]) is not None


def _word_before(mention: Mention, text: str) -> str | None:
    found = _PREPOSITION.search(text[max(0, mention.start - _REACH) : mention.start])
    return found.group(1).lower() if found else None


def _acts(mention: Mention, event_type: str, text: str) -> bool:
    word = _word_before(mention, text)
    return (word == "by" and event_type in _BY_ACTS) or (word == "from" and event_type in _FROM_GIVES)


def _suffers(mention: Mention, event_type: str, text: str) -> bool:
    return event_type in _AGAINST_SUFFERS and _word_before(mention, text) == "against"
