"""Who is meant by words that name nobody: "him" where only an office was told, "another" and "three others" of those before."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

from dragoman.records import Mention, Span
from dragoman.resolve.actors.compose import Reading

_MORE: Final = re.compile(
    r"another|(?:at least |about |some |as many as |up to )?(?:the |two |three |four |five |six |seven |eight |nine |ten |eleven |twelve |\d+ |several |many |dozens of |dozens )?"
    r"(?:others?|more)|(?:the )?(?:rest|remaining)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Side:
    """A participant of the article as the text goes, for pronouns and group words."""

    start: int
    reading: Reading
    text: str


def is_body(side: Side) -> bool:
    """Return whether a side is a state, a town or an organisation, whom nobody calls "he" or "she"."""
    entity, head = side.reading.entity, side.reading.head
    return entity.kind != "person" if entity is not None else head is not None and head.kind == "org"


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


def more_of(mention: Mention, sentence: Span, sides: Sequence[Side]) -> Reading | None:
    """Return the reading of "another" or "three others": more of the group named last before it in the sentence.

    Args:
        mention: Words of a side.
        sentence: The sentence that it stands in.
        sides: The participants resolved so far.
    """
    if _MORE.fullmatch(mention.text.strip()) is None:
        return None
    found = [s for s in sides if sentence.start <= s.start < mention.start]
    last = max(found, key=lambda s: s.start, default=None)
    if last is None or last.reading.entity is not None or last.reading.name is not None:
        return None  # "Keld, Halden and three others", "the mayor Anders Vik and eight others": others than those
    why = (f'"{mention.text}" are more of "{last.text}"', *last.reading.why)
    return replace(last.reading, name=None, why=why, strength=0.8 * last.reading.strength)
