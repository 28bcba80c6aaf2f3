"""Cut sides where they begin and end: no dateline before one, no preposition or age behind it, no name cut in two.

In: mentions as the encoder found them. Out: the same, shorter, or joined.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from dragoman.records import Mention
from dragoman.resolve.actors.registry import Registry
from dragoman.resolve.actors.words import keys, tokenize

_DATELINE: Final = re.compile(
    r"[A-Z][A-Z.'’]+(?:[ ,/]+[A-Z][\w.'’]*){0,4}(?:\s+\([^)]{2,20}\))?\s+[-–—]+\s+(?=\w)"
)
_HANGING: Final = re.compile(
    r"(?<=\w)[\s,]+(?:(?:of|in|from|at|for|by|with|near|against|and|or|the|inside|across|between|to)[\s,]*)+$"
)


# "Kasidit Paiboon, 22" and "Hamukwaya (54)": an age is no part of a side.
_AGE: Final = re.compile(r"\s*(?:,\s*\d{1,3}|\(\s*\d{1,3}\s*\))\s*$")
# "… Fund" + "QNRF)": the short name in brackets is the same body.
_SHORT_NAME: Final = re.compile(r"\s*\(\s*(?:the\s+|or\s+)?[“\"'‘]?$")
# "its enemies, such as Israel": the names stand for the noun.
_SUCH_AS: Final = re.compile(
    r"\s*(?:abroad|there|in the region|overseas)?,?\s+(?:such as|namely)\s+(?:the\s+)?$", re.I
)
_ALTERNATIVE: Final = re.compile(r"\s+(?:and|or)\s+$")
# Words that stand before a head noun and are none.
_BEFORE_HEAD: Final = frozenset(
    "younger older elder eldest youngest half step two three four five six seven eight both other several senior junior top lead "
    "neighbouring neighboring rival warring former then new own local fellow late deputy chief leading main".split()
)
_HEADS: Final = frozenset({"person", "people", "org"})
# "10," + "000 people", "U." + "S. official": cut where a number or a short form has a mark of its own.
_NUMBER_BEFORE: Final = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})*,$")
_LETTER_BEFORE: Final = re.compile(r"\b(?:[A-Z]\.)+$")
# "Tens" + "of thousands of people".
_MANY: Final = re.compile(r"(?:tens|dozens|scores|hundreds|thousands|millions)", re.I)
_OF_MANY: Final = re.compile(r"\s+of\s+(?:(?:thousands|hundreds|millions)\b(?:\s+of\s+[a-z]+)?|[a-z]+)")
_WITHIN: Final = re.compile(r"\s+(?:of|from)\s+(?:the\s+)?", re.I)


def trim_sides(mentions: Sequence[Mention], text: str, registry: Registry) -> list[Mention]:
    """Return the sides of one role as whole noun phrases, without what does not belong to them.

    Args:
        mentions: Sides of one role of an event.
        text: The article's text.
        registry: Role words, which finish a side that was cut before its noun.
    """
    return [
        begin_cut(finish_cut(trim_side(m), text, registry), text, registry) for m in join_cut(mentions, text)
    ]


def join_cut(mentions: Sequence[Mention], text: str) -> list[Mention]:
    """Return the sides of one role with those joined that one phrase was cut into: "warships" + "of the Keld Navy".

    Args:
        mentions: Sides of one role of an event.
        text: The article's text.
    """
    out: list[Mention] = []
    for mention in _named_only(sorted(mentions, key=lambda m: m.start), text):
        last = out[-1] if out else None
        if last is not None and _is_short_name(last, mention, text):
            end = mention.end + text.startswith(")", mention.end)
            out[-1] = replace(last, end=end, text=text[last.start : end])
        elif (
            last is not None
            and last.end <= mention.start
            and (
                _WITHIN.fullmatch(text, last.end, mention.start)
                or (text[last.end : mention.start] == " " and _WITHIN.match(f" {mention.text}"))
            )
        ):
            out[-1] = replace(last, end=mention.end, text=text[last.start : mention.end])
        else:
            out.append(mention)
    return out


def _is_short_name(last: Mention, mention: Mention, text: str) -> bool:
    """Return whether a side is the short name in brackets of the one before it."""
    return (
        _SHORT_NAME.fullmatch(text, last.end, mention.start) is not None
        and ")" in text[mention.start : mention.end + 1]
    )


def _named_only(mentions: Sequence[Mention], text: str) -> list[Mention]:
    """Return the sides without the nouns that their names are told for: no "enemies or rivals" of "such as Israel"."""
    heads: set[int] = set()
    for before, mention in itertools.pairwise(mentions):
        if _SUCH_AS.fullmatch(text, before.end, mention.start):
            heads.add(before.start)
    for before, mention in reversed(list(itertools.pairwise(mentions))):
        if mention.start in heads and _ALTERNATIVE.fullmatch(text, before.end, mention.start):
            heads.add(before.start)
    return [m for m in mentions if m.start not in heads]


def finish_cut(mention: Mention, text: str, registry: Registry) -> Mention:
    """Return a side that ends before its head noun with that noun: "his younger" + "brother", "two" + "countries".

    Args:
        mention: The side.
        text: The article's text.
        registry: Role words; only they finish a side.
    """
    last = keys(mention.text)[-1:] or ("",)
    if last[0] not in _BEFORE_HEAD or text[mention.end : mention.end + 1] not in (" ", "-"):
        return mention
    tokens = tokenize(text[mention.end : mention.end + 60], offset=mention.end)[:4]
    hits = registry.find(tokens)
    noun = next((h for h in hits if h.role is not None and h.role.kind in _HEADS and not h.entries), None)
    if noun is None or any(not (t.is_capital or t.key in _BEFORE_HEAD) for t in tokens[: noun.first]):
        return mention
    end = tokens[noun.last - 1].end
    if any(c in ".,;:()" for c in text[mention.end : end]):
        return mention
    return replace(mention, end=end, text=text[mention.start : end])


def begin_cut(mention: Mention, text: str, registry: Registry) -> Mention:
    """Return a side that begins behind its nationality or within a number with what is missing: "Turkish" + "diplomat", "10," + "000 people".

    Args:
        mention: The side.
        text: The article's text.
        registry: Knows the adjectives of states.
    """
    start, end = mention.start, mention.end
    before = text[max(0, start - 40) : start]
    number, letter = _NUMBER_BEFORE.search(before), _LETTER_BEFORE.search(before)
    if number and re.match(r"\d{3}\b", mention.text):
        start -= len(number.group())
    elif letter and re.match(r"[A-Z]\.", mention.text):
        start -= len(letter.group())
    elif before.endswith(" "):
        tokens = tokenize(before, offset=start - len(before))
        hit = next(
            (
                h
                for h in registry.find_names(tokens)
                if h.last == len(tokens) and any(e.kind == "people" for e in h.entries)
            ),
            None,
        )
        joined = (
            hit is not None and text[tokens[hit.last - 1].end : start] == " "
        )  # not "a Russian. Protesters", "Britons, Turks"
        # "Franco-Turkish": half of a word is none.
        if (
            hit is not None
            and joined
            and text[tokens[hit.first].start - 1 : tokens[hit.first].start] in (" ", "", "\n")
        ):
            start = tokens[hit.first].start
    if _MANY.fullmatch(mention.text) and (rest := _OF_MANY.match(text, end)):
        end = rest.end()
    return (
        mention
        if (start, end) == (mention.start, mention.end)
        else replace(mention, start=start, end=end, text=text[start:end])
    )


def trim_side(mention: Mention) -> Mention:
    """Return a side without a dateline in front and without a preposition, "and", "the" or an age at its end.

    Example: "LAGOS - Police in" becomes "Police".
    """
    dateline = _DATELINE.match(mention.text)
    first = dateline.end() if dateline else 0
    hanging = _HANGING.search(mention.text, first)
    last = hanging.start() if hanging else len(mention.text)
    age = _AGE.search(mention.text, first, last)
    last = age.start() if age else last
    if not mention.text[first:last].strip() or (first, last) == (0, len(mention.text)):
        return mention
    return replace(
        mention, start=mention.start + first, end=mention.start + last, text=mention.text[first:last]
    )
