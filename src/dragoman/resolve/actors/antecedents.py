"""Who a pronoun stands for, where no name but an office was told: "expelled the ambassador, accusing him of …"."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from dragoman.records import Mention, Span
from dragoman.resolve.actors.compose import Reading


@dataclass(frozen=True, slots=True)
class Side:
    """A participant of the article as the text goes, for pronouns and group words."""

    start: int
    reading: Reading
    text: str


def office_before(
    mention: Mention, sentence: Span, sides: Sequence[Side], named: int, apart_from: Collection[str]
) -> Side | None:
    """Return the last side of a pronoun's sentence that is one person told by office, unless a person was named behind it.

    Args:
        mention: The pronoun.
        sentence: The sentence that it stands in.
        sides: The participants resolved so far.
        named: Where the last person named before the pronoun stands, -1 for none.
        apart_from: Names and words that it does not stand for.
    """
    found = [
        s
        for s in sides
        if sentence.start <= s.start < mention.start
        and s.reading.head is not None
        and s.reading.head.kind == "person"
        and not {s.reading.name, s.text} & {*apart_from}
    ]
    last = max(found, key=lambda s: s.start, default=None)
    return last if last is not None and last.start > named else None
