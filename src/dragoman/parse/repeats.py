"""One event named twice in a sentence is one event.

In: the drafts of one sentence. Out: those that stay, in order. Source: annotation guide, rule 7; of 404 pairs of
annotated events of one type in one sentence, only 25 share both their sides and their mode.
"""

from __future__ import annotations

from collections.abc import Sequence

from dragoman.records import Draft, Mention


def drop_repeats(drafts: Sequence[Draft]) -> list[Draft]:
    """Return the drafts of a sentence without those that repeat a surer one of the same type, mode and sides."""
    kept: list[Draft] = []
    for draft in sorted(drafts, key=lambda d: -d.type_confidence):
        if not any(_repeats(draft, other) for other in kept):
            kept.append(draft)
    return sorted(kept, key=lambda d: d.trigger.start)


def _repeats(draft: Draft, other: Draft) -> bool:
    return (
        draft.event_type == other.event_type
        and draft.status == other.status
        and (draft.mode == other.mode or draft.mode is None or other.mode is None)
        and _fit(draft.actors, other.actors)
        and _fit(draft.recipients, other.recipients)
    )


def _fit(a: Sequence[Mention], b: Sequence[Mention]) -> bool:
    """Return whether one list of mentions holds the other."""
    one, two = {(m.start, m.end) for m in a}, {(m.start, m.end) for m in b}
    return one <= two or two <= one
