"""Who is meant by words that name nobody: "him" where only an office was told, "another" and "three others" of those before."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

from dragoman.records import Mention, Span
from dragoman.resolve.actors.compose import Reading
from dragoman.resolve.actors.registry import PLACE_KINDS

# "his men", "forty of its men", "their side": those of whoever was told of before them.
_MEN: Final = re.compile(
    r"(?:.*\bof\s+)?(his|her|its|their)\s+(?:own\s+|young\s+)?(?:men|side|camp|ranks)", re.I
)
# Sectors whose people are of the same one.
_LED: Final = frozenset("COP MIL REB PRM UAF CRM PTY OPP SPY LAB AGR".split())
_REACH: Final = 250  # characters before "his men" and "two of them" in which those are told of
# "two of them", "most of them": some of the people told of last.
_OF_THEM: Final = re.compile(
    r"(?:at least\s+|about\s+|some\s+)?(?:\d[\d,]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|"
    r"(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-\w+)?|some|many|most|several|all|both|each|none|few|half|hundreds|dozens|scores|thousands)\s+of\s+them",
    re.I,
)
# Pronouns of one person, with the gender that they are not of.
HE_SHE: Final = {
    **dict.fromkeys("he him himself his".split(), "f"),
    **dict.fromkeys("she her herself hers".split(), "m"),
}
THEY: Final = frozenset("they them it themselves itself its their who which".split())
WE: Final = frozenset("i we us me our my".split())
PRONOUNS: Final = frozenset(HE_SHE) | THEY | WE
_BESIDE: Final = re.compile(r",?\s+(?:and\s+|along with\s+|as well as\s+)?(?:at least\s+)?")
_MORE: Final = re.compile(
    r"another|(?:the )?(?:at least |about |some |as many as |up to )?(?:the |two |three |four |five |six |seven |eight |nine |ten |eleven |twelve |\d+ |several |many |dozens of |dozens )?"
    r"(?:others?|more)|(?:the )?(?:rest|remaining)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Side:
    """A participant of the article as the text goes, for pronouns and group words."""

    start: int
    reading: Reading
    text: str
    role: str = ""


def is_body(side: Side) -> bool:
    """Return whether a side is a state, a town or a body told by its noun, whom nobody calls "he" or "she".

    A body told by name may stand for its chief ("the NATO chief").
    """
    entity, head = side.reading.entity, side.reading.head
    if head is not None:
        return head.kind == "org"
    return entity is not None and entity.kind in PLACE_KINDS


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


def more_of(mention: Mention, role: str, sentence: Span, sides: Sequence[Side], text: str) -> Reading | None:
    """Return the reading of "another" or "three others": more of the group of that role named last before it in the sentence.

    "His men" and "its side" are of the last side before them that leads such people, "two of them" are some of the people named last.

    Args:
        mention: Words of a side.
        role: The role they play: who is hurt beside others is one of those who were hurt, not of those who hurt them.
        sentence: The sentence that it stands in.
        sides: The participants resolved so far.
        text: The article.
    """
    words = mention.text.strip()
    if (men := _MEN.fullmatch(words)) is not None:
        return _men_of(mention, men.group(1), sides)
    if _OF_THEM.fullmatch(words) is not None:
        return _some_of(mention, sides)
    if _MORE.fullmatch(words) is None:
        return None
    found = [s for s in sides if s.role == role and sentence.start <= s.start < mention.start]
    last = max(found, key=lambda s: s.start, default=None)
    if last is None or last.reading.entity is not None or last.reading.name is not None:
        return None  # "Keld, Halden and three others", "the mayor Anders Vik and eight others": others than those
    if _BESIDE.fullmatch(text, last.start + len(last.text), mention.start) and not last.text.endswith("s"):
        return None  # "a pastor and six others" are not seven pastors
    why = (f'"{mention.text}" are more of "{last.text}"', *last.reading.why)
    return replace(last.reading, why=why, strength=0.8 * last.reading.strength)


def _is_one_person(side: Side) -> bool:
    entity, head = side.reading.entity, side.reading.head
    if head is not None:
        return head.kind == "person" and not head.plural
    return side.reading.is_name or (entity is not None and entity.kind == "person")


def _men_of(mention: Mention, whose: str, sides: Sequence[Side]) -> Reading | None:
    """Return the reading of men who are led by the last side before them that a possessive can stand for."""
    is_one = whose.lower() in HE_SHE

    def leads(side: Side) -> bool:
        return is_one == _is_one_person(side) and bool(_LED.intersection(side.reading.sectors[:1]))

    side = _last_before(mention, sides, leads)
    if side is None:
        return None
    why = (f'"{mention.text}" are those of "{side.text}"', *side.reading.why)
    reading = replace(side.reading, entity=None, name=None, is_name=False, why=why)
    return replace(reading, strength=0.7 * side.reading.strength)


def _some_of(mention: Mention, sides: Sequence[Side]) -> Reading | None:
    """Return the reading of some of the last people before them."""

    def are_people(side: Side) -> bool:
        head = side.reading.head
        return head is not None and head.plural and head.kind == "people"

    side = _last_before(mention, sides, are_people)
    if side is None:
        return None
    why = (f'"{mention.text}" are some of "{side.text}"', *side.reading.why)
    return replace(side.reading, why=why, strength=0.8 * side.reading.strength)


def _last_before(mention: Mention, sides: Sequence[Side], fits: Callable[[Side], bool]) -> Side | None:
    near = [s for s in sides if mention.start - _REACH < s.start < mention.start and fits(s)]
    return max(near, key=lambda s: s.start, default=None)
