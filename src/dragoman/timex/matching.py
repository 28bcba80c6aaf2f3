"""The frame of the rules: what a rule is, what a rule sees of its match, and what a text has told so far."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from dragoman.timex.expression import Value
from dragoman.timex.lexer import Tokens
from dragoman.timex.lexicon import CODES, compile_rule
from dragoman.timex.tense import Direction, direction_at

_YEAR_AHEAD = re.compile(
    compile_rule(
        "(?:AND|OR|TO|DASH|UNTIL|THROUGH|COMMA) (?:THE )?(?:DAY |ORD )?OF? {MONTHNO} (?:DAY |ORD )?COMMA? YEAR"
    )
)


@dataclass(slots=True)
class Scan:
    """One pass over one text: its tokens, the publication date, and the date last mentioned."""

    tokens: Tokens
    published_on: date | None
    last: Value | None = None
    last_end: int = 0
    tense: Direction | None = None  # what to take where no word tells
    tenses: dict[int, Direction | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hit:
    """The tokens ``first`` to ``last`` (exclusive) that a rule matched."""

    scan: Scan
    first: int
    last: int

    @property
    def published_on(self) -> date | None:
        """Return the publication date."""
        return self.scan.published_on

    @property
    def codes(self) -> str:
        """Return the classes of the matched tokens."""
        return self.scan.tokens.codes[self.first : self.last]

    def where(self, *names: str) -> int:
        """Return the index of the first token of these classes, -1 when there is none."""
        wanted = [CODES[n] for n in names]
        for i in range(self.first, self.last):
            if self.scan.tokens.codes[i] in wanted:
                return i
        return -1

    def has(self, *names: str) -> bool:
        """Return whether a token of one of these classes is there."""
        return self.where(*names) >= 0

    def value(self, *names: str) -> int | None:
        """Return the value of the first token of these classes."""
        i = self.where(*names)
        return None if i < 0 else self.scan.tokens.values[i]

    def values(self, *names: str) -> list[int]:
        """Return the values of all tokens of these classes, in order."""
        wanted = {CODES[n] for n in names}
        tokens = self.scan.tokens
        return [tokens.values[i] for i in range(self.first, self.last) if tokens.codes[i] in wanted]

    def need(self, *names: str) -> int:
        """Return the value of the first token of these classes, which the rule's pattern promises."""
        value = self.value(*names)
        assert value is not None, names
        return value

    def word(self, offset: int) -> str:
        """Return the token ``offset`` places before the match (negative) or after it (0 is the next)."""
        i = self.first + offset if offset < 0 else self.last + offset
        return self.scan.tokens.word(i) if 0 <= i < len(self.scan.tokens.codes) else ""

    def is_class(self, offset: int, *names: str) -> bool:
        """Return whether the token at that place before or after the match is of one of these classes."""
        i = self.first + offset if offset < 0 else self.last + offset
        codes = self.scan.tokens.codes
        return 0 <= i < len(codes) and codes[i] in [CODES[n] for n in names]

    @property
    def start(self) -> int:
        """Return the first character of the match."""
        return self.scan.tokens.starts[self.first]

    @property
    def end(self) -> int:
        """Return the character after the match."""
        return self.scan.tokens.ends[self.last - 1]

    @property
    def text(self) -> str:
        """Return the matched words in lower case."""
        return self.scan.tokens.text[self.start : self.end].lower()

    def direction(self) -> Direction | None:
        """Return whether the clause speaks of the past or the future."""
        if self.first not in self.scan.tenses:
            told = direction_at(self.scan.tokens.text, self.start, self.end)
            if told == "past" and self.is_class(-1, "UNTIL", "THROUGH"):
                told = None  # a past verb before "until" tells when it began: "extended until March 31"
            elif told is None and self.is_class(-1, "UNTIL", "THROUGH", "BY"):
                told = "future"
            self.scan.tenses[self.first] = told or self.scan.tense
        return self.scan.tenses[self.first]

    def year_ahead(self, month: int) -> int | None:
        """Return the year that a date joined to this one names ("June and November 2005", "March 3 to May 5, 2004")."""
        m = _YEAR_AHEAD.match(self.scan.tokens.codes, self.last)
        if m is None:
            return None
        other = Hit(self.scan, *m.span())
        return other.need("YEAR") - (1 if other.need("MONTH", "MAYMONTH") < month else 0)

    def capitalised(self, offset: int = 0) -> bool:
        """Return whether the token at that place starts with a capital."""
        i = self.first + offset if offset < 0 else self.last + offset
        tokens = self.scan.tokens
        return 0 <= i < len(tokens.codes) and tokens.text[tokens.starts[i]].isupper()


Builder = Callable[[Hit], Value | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern over word classes and what it means; the builder returns None where the words mean no date."""

    name: str
    pattern: str
    build: Builder


@dataclass(slots=True)
class RuleBook:
    """Rules in the order of their priority."""

    rules: list[Rule] = field(default_factory=list)

    def rule(self, *patterns: str) -> Callable[[Builder], Builder]:
        """Add a builder for these patterns."""

        def add(build: Builder) -> Builder:
            for i, pattern in enumerate(patterns):
                self.rules.append(Rule(f"{build.__name__}_{i}", compile_rule(pattern), build))
            return build

        return add


# Signs and words with which no expression begins; a cheap test before the rules are tried.
_NEVER_FIRST = (
    "COMMA", "DASH", "SLASH", "LPAREN", "RPAREN", "DOT", "POSS", "NEWLINE", "BREAK", "NAME", "OTHER", "AND", "OR", "OF",
    "TIME", "MOMENT", "OCLOCK", "ZONE", "LOCAL", "HENCE", "AGO", "THAN", "THROUGH", "UNTIL", "SINCE", "TO",
)  # fmt: skip


def compile_rules(rules: list[Rule]) -> tuple[re.Pattern[str], list[Builder]]:
    """Return all rules as one pattern whose group "r3" is the fourth rule, and their builders in order."""
    groups = [f"(?P<r{i}>{rule.pattern})" for i, rule in enumerate(rules)]
    never = "".join(CODES[n] for n in _NEVER_FIRST)
    return re.compile(f"(?=[^{never}])(?:{'|'.join(groups)})"), [rule.build for rule in rules]
