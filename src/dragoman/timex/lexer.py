"""Cuts a text into classified tokens: words of the lexicon, dates in figures, numbers, signs.

Offsets refer to the text as given. The lexer never normalises and never raises.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from dragoman.timex.holidays import HOLIDAY_STARTS, match_holiday
from dragoman.timex.lexicon import CODES, LISTS, WORDS

_TOKEN = re.compile(
    r"""
    (?P<word>[^\W\d_]+(?:['’]clock)?\d?\w*)
  | (?P<number>['’]\d0s\b|\d
        (?:\d{3}-\d\d?-\d\d?(?!\d)(?:T\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?
          |\d{3}(?P<isosep>[/.])\d\d?(?P=isosep)\d\d?(?![\d/])
          |\d?(?P<sep>[/.-])\d\d?(?P=sep)\d\d(?:\d\d)?(?![\d/])
          |\d{3}\s?[/–-]\s?\d\d?(?![\d/.-])
          |\d?[:.]\d\d\s?[AaPp]\.?[Mm]\b\.?
          |\d?\s?(?:[AaPp]\.[Mm]\b\.?|[AaPp][Mm]\b)
          |\d?:\d\d(?::\d\d)?(?![\d:])
          |\d?/\d\d?(?![\d/])
          |(?:\d{2}0|\d{2}0['’]|0|0['’])s\b
          |\d{0,3}(?:st|nd|rd|th)\b
          |\d{0,2}(?:,\d{3})+(?:\.\d+)?
          |\d*(?:\.\d+)?
        )
    )
  | (?P<newline>\n\s*)
  | (?P<poss>['’](?:s\b|(?=\s)))
  | (?P<sign>[^\w\s]|_)
    """,
    re.VERBOSE,
)
_DIGITS = re.compile(r"\d+")
_SIGNS = {
    ",": "COMMA", "-": "DASH", "–": "DASH", "−": "DASH", "/": "SLASH", "(": "LPAREN", ")": "RPAREN", ".": "DOT",
    ";": "BREAK", "!": "BREAK", "?": "BREAK",
}  # fmt: skip
_SIGN_CODES = {sign: CODES[name] for sign, name in _SIGNS.items()}
_NAME, _OTHER, _BREAK, _NEWLINE, _POSS = (CODES[n] for n in ("NAME", "OTHER", "BREAK", "NEWLINE", "POSS"))
_MONTH, _MAYMONTH, _WDABBR, _EARLY, _HOLIDAY = (
    CODES[n] for n in ("MONTH", "MAYMONTH", "WDABBR", "EARLY", "HOLIDAY")
)  # fmt: skip
_HESITANT = frozenset(LISTS["lower_case_only_with_day"])
_CURRENCY = frozenset("$€£¥₹₽₺")
_PREFIXES = frozenset(("pre", "post"))


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text as tokens: ``codes[i]`` is the class of the token from ``starts[i]`` to ``ends[i]``, exclusive."""

    text: str
    codes: str
    starts: list[int]
    ends: list[int]
    values: list[int]

    def word(self, i: int) -> str:
        """Return a token's words in lower case."""
        return self.text[self.starts[i] : self.ends[i]].lower()


def cut(text: str) -> Tokens:
    """Return the tokens of a text."""
    codes: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    values: list[int] = []
    skip_to = 0
    for m in _TOKEN.finditer(text):
        start, end = m.span()
        if start < skip_to:
            continue
        kind = m.lastgroup
        value = 0
        if kind == "word":
            word = m.group().lower()
            if word in HOLIDAY_STARTS and (found := match_holiday(text, start)) is not None:
                code, (value, end) = _HOLIDAY, found
                skip_to = end
            else:
                code, value = _word(m.group(), word)
        elif kind == "sign":
            code = _SIGN_CODES.get(m.group(), _OTHER)
        elif kind == "newline":
            code = _NEWLINE
        elif kind == "poss":
            code = _POSS
        elif text.startswith("9/11", start) and (found := match_holiday(text, start)) is not None:
            code, (value, end) = _HOLIDAY, found
            skip_to = end
        else:
            code, value = _number(text, start, end, codes[-1] if codes else "")
        codes.append(code)
        starts.append(start)
        ends.append(end)
        values.append(value)
    return Tokens(text, "".join(codes), starts, ends, values)


def _word(written: str, word: str) -> tuple[str, int]:
    """Return class and value of a word; month and weekday names need their capital."""
    known = WORDS.get(word)
    if known is None:
        return (_NAME if written[0].isupper() else _OTHER), 0
    code = known[0]
    if code == _MONTH and written[0].islower() and word in _HESITANT:
        return _MAYMONTH, known[1]
    if code == _WDABBR and written[0].islower() and word in ("sun", "sat", "wed", "mon"):
        return CODES["OTHER"], 0
    return known


def _number(text: str, start: int, end: int, before: str) -> tuple[str, int]:
    """Return class and value of a token in figures."""
    written = text[start:end]
    shape = _shape(written)
    if shape is not None:
        name, value = shape
        return CODES[name], value
    if not written.isdecimal():
        return CODES["NUM"], int(_DIGITS.findall(written.replace(",", "")[:9])[0])
    value = int(written[:9])
    if _is_glued(text, start, end, before):
        return _OTHER, 0
    money = (start > 0 and text[start - 1] in _CURRENCY) or text[end : end + 1] in ("%", "°")
    if money:
        return CODES["NUM"], value
    if len(written) == 4 and 1000 <= value < 2200:
        return CODES["YEAR"], value
    if len(written) <= 2 and 1 <= value <= 31:
        return CODES["DAY"], value
    return CODES["NUM"], value


def _is_glued(text: str, start: int, end: int, before: str) -> bool:
    """Return whether a number is part of a name such as "Aras-2025" or "24-year-old"."""
    if text[end : end + 10].lower().startswith(("-year-old", "-month-old", "-yr-old")):
        return True
    if start < 2 or text[start - 1] not in "-–" or not text[start - 2].isalpha():
        return False
    head = text[max(0, start - 12) : start - 1]
    last = re.split(r"[\W\d_]+", head)[-1].lower()
    return not (last in _PREFIXES or WORDS.get(last, ("", 0))[0] in (_MONTH, _EARLY))


def _shape(written: str) -> tuple[str, int] | None:
    """Return class and value of a date or clock time in figures, None for a plain number.

    The value of a clock time is in minutes, of a year and month ``year * 100 + month``.
    """
    if written.isdecimal() or "," in written:
        return None
    parts = [int(p) for p in _DIGITS.findall(written)[:6]]
    last = written[-1]
    if written[-2:] in ("st", "nd", "rd", "th"):
        return ("ORD", parts[0])
    if last == "s":
        return ("DECADENO", parts[0])
    if last in "mM." or (":" in written and "T" not in written):
        return _clock(written, parts)
    if len(parts) >= 3 and (
        written[4:5] in ("-", "/", ".") or written[2:3] in "/.-" or written[1:2] in "/.-"
    ):
        return ("ISO", 0) if written[:4].isdecimal() else ("NUMDATE", 0)
    if len(parts) == 2 and written[:4].isdecimal():
        return _year_and(written, *parts)
    if "/" in written and len(parts) == 2:
        return ("MONTHDAY", parts[0] * 100 + parts[1])
    return None


def _clock(written: str, parts: list[int]) -> tuple[str, int]:
    """Return a clock time in minutes after midnight, or a plain number when there is no such time."""
    hour, minute = parts[0], parts[1] if len(parts) > 1 else 0
    lower = written.lower()
    if "p" in lower and hour < 12:
        hour += 12
    elif "a" in lower and hour == 12:
        hour = 0
    if hour > 24 or minute > 59:
        return ("NUM", parts[0])
    return ("CLOCK", hour * 60 + minute)


def _year_and(written: str, year: int, rest: int) -> tuple[str, int]:
    """Return a year with a month ("2013-03") or with another year ("2013-14", "2013/14")."""
    if not 1000 <= year < 2200:
        return ("NUM", year)
    following = (year + 1) % 100
    two_digits = written[-2:].isdecimal() and not written[-2:-1].isspace()
    if two_digits and (rest == following or (rest > 12 and rest > year % 100)):
        return ("YEARPAIR", year * 100 + rest)
    return ("YEARMONTH", year * 100 + rest) if 1 <= rest <= 12 else ("NUM", year)
