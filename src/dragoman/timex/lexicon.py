"""The word classes of the date grammar, loaded once from ``lexicon.toml``.

Each class is one character, so that a text becomes a string of classes and the rules are regular expressions over it.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

# Classes that the lexer gives to shapes rather than words.
SHAPES = (
    "ISO", "NUMDATE", "MONTHDAY", "YEARMONTH", "YEARPAIR", "DECADENO", "CLOCK", "ORD", "YEAR", "DAY", "NUM", "HOLIDAY",
    "MAYMONTH", "NAME", "OTHER", "COMMA", "DASH", "SLASH", "LPAREN", "RPAREN", "DOT", "POSS", "NEWLINE", "BREAK",
)  # fmt: skip


def load_table(name: str) -> dict[str, Any]:
    """Return a packaged TOML table of the date grammar."""
    return tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))


_TABLE = load_table("lexicon.toml")
LISTS: dict[str, list[str]] = _TABLE["lists"]
UNITS = tuple(LISTS["units"])
_NAMES = (*SHAPES, *sorted(_TABLE["valued"]), *sorted(_TABLE["plain"]))
CODES: dict[str, str] = {name: chr(0x100 + i) for i, name in enumerate(_NAMES)}
WORDS: dict[str, tuple[str, int]] = {
    **{word: (CODES[name], 0) for name, words in _TABLE["plain"].items() for word in words},
    **{
        word: (CODES[name], value)
        for name, words in _TABLE["valued"].items()
        for word, value in words.items()
    },
}
_MACROS = {
    "{MONTHNO}": "(?:MONTH|MAYMONTH) DOT?",
    "{DAYNO}": "(?:DAY|ORD|(?:THE )?(?:ORD|(?:NUMWORD DASH? )?ORDWORD))",
    "{WEEKDAY}": "(?:(?:WEEKDAY|WDABBR DOT?) COMMA? )",
    "{QTY}": "(?:AN (?:NUMWORD|VAGUE|COUPLE|HALF) (?:OF )?|COUPLE (?:OF )?|VAGUE|HALF AN|NUM|DAY|YEAR"
    "|NUMWORD(?:(?: DASH| AND)? NUMWORD){0,6}|ANOTHER(?: (?:NUMWORD|DAY|VAGUE))?|AN)(?: AND AN? ?HALF)?",
    "{MORE}": "(?:(?:MORE|ABOUT) (?:THAN )?)?",
}


def compile_rule(pattern: str) -> str:
    """Return a rule over class names as a regular expression over class characters.

    Args:
        pattern: Class names of two or more capitals, macros in braces, and the usual regex signs; blanks mean nothing.
    """
    for macro, meaning in _MACROS.items():
        pattern = pattern.replace(macro, f"(?:{meaning})")
    return re.sub(r"[A-Z]{2,}", lambda m: CODES[m.group()], pattern).replace(" ", "")
