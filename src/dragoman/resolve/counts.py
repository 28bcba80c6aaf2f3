"""How many: a figure as written to the range it stands for.

In: words such as "at least 12", "dozens of", "between 8 and 20". Out: a ``Count``; an open end is None.
"""

from __future__ import annotations

import re

from dragoman.records import Count, Draft, Mention

_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_WORDS = {w: n for n, w in enumerate(_ONES)} | {w: 10 * n for n, w in enumerate(_TENS, 2)}
_WORDS |= {"a": 1, "an": 1, "dozen": 12, "score": 20, "couple": 2, "pair": 2}
# Vague plurals: the least they can mean; nothing bounds them from above but the next one.
_VAGUE = {
    "several": (3, None), "some": (2, None), "many": (3, None), "few": (2, None), "dozens": (24, None),
    "scores": (40, None), "tens": (20, None), "hundreds": (200, None), "thousands": (2_000, None),
    "millions": (2_000_000, None),
}  # fmt: skip
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?|[a-z]+", re.I)
_LEAST = re.compile(
    r"\b(?:at least|more than|over|no fewer than|not less than|upwards? of|minimum of|exceed\w*)\b", re.I
)
_MOST = re.compile(
    r"\b(?:up to|at most|fewer than|less than|under|no more than|nearly|almost|as many as)\b", re.I
)
_RANGE = re.compile(r"\b(?:between\s+(.+?)\s+and\s+(.+)|(.+?)\s*(?:–|—|-|\bto\b)\s*(.+))", re.I)
_KILLED = re.compile(
    r"\b(?:kill|dead|died|dies|death|deadly|shot dead|execut|massacr|assassinat|behead|slain|murder)", re.I
)
_INJURED = re.compile(r"\b(?:injur|wound|hurt|maim)", re.I)
# A figure at the head of a noun phrase: "at least 12", "dozens of", "two hundred"; years and ages are not meant.
_FIGURE = re.compile(
    r"(?:(?:at least|more than|over|about|around|some|nearly|almost|up to|as many as|an estimated|fewer than|only)\s+)*"
    r"(?:\d{1,3}(?:,\d{3})+|\d{1,7}|(?:tens|dozens|scores|hundreds|thousands)(?: of (?:thousands|millions))?|"
    r"(?:a |two |three |several )?(?:dozen|hundred|thousand)|"
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    r"eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|several)"
    r"(?:\s(?:hundred|thousand|million))?(?![\w-])",
    re.I,
)
_TENS_OF = re.compile(r"\b(tens|dozens|scores|hundreds) of (thousands|millions)\b", re.I)


def parse_number(words: str) -> int | None:
    """Return the number that words or digits spell, None when there is none.

    Example:
        >>> parse_number("two hundred and fifty"), parse_number("1.5 million"), parse_number("1,200")
        (250, 1500000, 1200)
    """
    total, current, seen, article = 0.0, 0.0, False, False
    for token in _NUMBER.findall(words.lower().replace("-", " ")):
        if token[0].isdigit():
            current, seen = float(token.replace(",", "")), True
        elif token in ("a", "an"):
            article = True  # "a hundred", "a dozen": one of the next word, and nothing by itself
        elif token in ("dozen", "score"):
            current, seen = max(current, 1.0) * _WORDS[token], True
        elif token in _WORDS:
            current, seen = current + _WORDS[token], True
        elif token in _SCALES and (seen or article):
            current, seen = max(current, 1.0) * _SCALES[token], True
            if _SCALES[token] >= 1_000:
                total, current = total + current, 0.0
        elif token != "and" and seen:
            break
    value = total + current
    return int(value) if seen else None


def parse_count(words: str) -> tuple[int | None, int | None]:
    """Return the low and high end that a figure as written stands for.

    Example:
        >>> parse_count("at least 12"), parse_count("dozens of"), parse_count("between 8 and 20")
        ((12, None), (24, None), (8, 20))
    """
    many = _TENS_OF.search(words)
    if many:
        return (_VAGUE[many.group(1).lower()][0] // 2) * _SCALES[many.group(2).lower().rstrip("s")], None
    spread = _RANGE.search(words)
    if spread:
        low = parse_number(spread.group(1) or spread.group(3) or "")
        high = parse_number(spread.group(2) or spread.group(4) or "")
        if low is not None and high is not None and low <= high:
            return low, high
    number = parse_number(words)
    if number is not None:
        if _LEAST.search(words):
            return number, None
        if _MOST.search(words):
            return None, number
        return number, number
    for token in _NUMBER.findall(words.lower()):
        if token in _VAGUE:
            return _VAGUE[token]
    return (1, 1) if re.match(r"\s*(?:an?|the|one)\b", words, re.I) else (None, None)


def count_mentions(draft: Draft) -> tuple[Mention, ...]:
    """Return the words of a draft that say how many: those marked as such, else those of its sides.

    "Five soldiers were killed" marks its figure as the recipient; what the trigger says of them tells the kind.
    """
    if draft.counts:
        return draft.counts
    kind = _kind_of(draft)
    people = draft.actors if kind == "crowd" else draft.recipients
    figured = (_FIGURE.match(m.text) for m in people)
    return tuple(
        Mention(m.start, m.start + f.end(), m.text[: f.end()], kind, m.confidence)
        for m, f in zip(people, figured, strict=True)
        if kind is not None and f is not None
    )


def _kind_of(draft: Draft) -> str | None:
    trigger = draft.trigger.text
    if draft.event_type == "PROTEST":
        return "crowd"
    if draft.event_type == "COERCE" and draft.mode == "arrest":
        return "arrested"
    if draft.event_type == "ASSAULT":
        return "dead" if _KILLED.search(trigger) else "injured" if _INJURED.search(trigger) else None
    return None


def resolve_counts(mentions: tuple[Mention, ...]) -> dict[str, Count]:
    """Return one count per kind ("dead", "injured", "arrested", "crowd"); the first written one that reads as a figure."""
    out: dict[str, Count] = {}
    for m in mentions:
        low, high = parse_count(m.text)
        if m.kind not in out and (low is not None or high is not None):
            out[m.kind] = Count(m.text, m.start, m.end, low, high)
    return out
