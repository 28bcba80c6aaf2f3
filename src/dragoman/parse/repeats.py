"""One event named twice in a sentence is one event, and so are a war and the ground that was taken in it.

In: the drafts of one sentence. Out: those that stay, in order. Source: annotation guide, rule 7; of 404 pairs of
annotated events of one type in one sentence, only 25 share both their sides and their mode.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from dragoman.records import Draft, Mention

_GROUND: Final = re.compile(
    r"\b(?:re-?gain|re-?claim|re-?captur|re-?tak|re-?took|took back|take back|captur|conquer|overr[au]n|occup|annex|"
    r"(?:took|take|taking|seiz\w+|gain\w*|establish\w*)\b.{0,12}\bcontrol)",
    re.I,
)
_WAR: Final = re.compile(r"\b(?:war|conflict|offensive|campaign|invasion|blitz)\b", re.I)
_IN_OR_AFTER: Final = re.compile(
    r"\b(?:in|during|after|following)\s+(?:the|a|an|its|their|his)?\s*[\w\s-]{0,24}$", re.I
)


def drop_repeats(drafts: Sequence[Draft]) -> list[Draft]:
    """Return the drafts of a sentence without those that repeat a surer one of the same type, mode and sides.

    Ground taken in a war that the sentence names is that war, which is no repression short of violence.
    """
    kept: list[Draft] = []
    for draft in sorted(drafts, key=lambda d: -d.type_confidence):
        if not any(_repeats(draft, other) for other in kept):
            kept.append(draft)
    kept = [d for d in kept if not any(_is_outcome(d, war) for war in kept)]
    return sorted(kept, key=lambda d: d.trigger.start)


def _repeats(draft: Draft, other: Draft) -> bool:
    return (
        draft.event_type == other.event_type
        and draft.status == other.status
        and (draft.mode == other.mode or draft.mode is None or other.mode is None)
        and _fit(draft.actors, other.actors)
        and _fit(draft.recipients, other.recipients)
    )


def _is_outcome(draft: Draft, war: Draft) -> bool:
    """Return whether a draft tells of ground that was taken in or after the war of another."""
    if (draft.event_type, draft.mode, war.event_type) != ("COERCE", "seize", "ASSAULT"):
        return False
    before = war.sentence.text[: war.trigger.start - war.sentence.start]
    around = draft.sentence.text[draft.trigger.start - draft.sentence.start :][: len(draft.trigger.text) + 20]
    return (
        draft.trigger.end <= war.trigger.start
        and _GROUND.search(around) is not None
        and _WAR.search(war.trigger.text) is not None
        and _IN_OR_AFTER.search(before) is not None
        and _fit(draft.actors, war.actors)
    )


def _fit(a: Sequence[Mention], b: Sequence[Mention]) -> bool:
    """Return whether one list of mentions holds the other."""
    one, two = {(m.start, m.end) for m in a}, {(m.start, m.end) for m in b}
    return one <= two or two <= one
