"""The registry of actors in memory: aliases of names and role words, found in tokens in one pass.

An ``Entry`` is something with a name of its own (a state, a ministry, a person in an office at a time); a ``Role`` is
a common noun that says which sector its bearer belongs to. The registry promises word boundaries and longest matches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from dragoman.resolve.actors.words import Token, fold, keys

Kind = Literal[
    "country", "people", "ethnic", "capital", "region", "city",
    "institution", "igo", "group", "party", "ngo", "media", "company", "person",
]  # fmt: skip
RoleKind = Literal["person", "people", "org", "thing", "quantity", "modifier"]
PLACE_KINDS = frozenset({"country", "people", "ethnic", "capital", "region", "city"})
ORG_KINDS = frozenset({"institution", "igo", "group", "party", "ngo", "media", "company"})
_ANY, _CAPITAL, _EXACT = 0, 1, 2
# Words that name a body of any state: "Department of Justice", "Supreme Court".
_GENERIC = frozenset(
    "ministry department court courts appeal appeals justice national assembly congress senate house "
    "representatives parliament supreme high constitutional federal police army navy air force coast "
    "guard armed forces central bank election elections electoral commission foreign office interior "
    "defence defense security council state chamber deputies lower upper anti corruption bureau "
    "investigation investigations general prosecutor prosecutors attorney of the and for royal public "
    "criminal crime director treasury health education finance home affairs authority agency committee "
    "service intelligence border guards presidential palace commons lords human rights".split()
)
_GENERIC_PARTY = frozenset(
    "labour labor congress democratic democrats democrat republican republicans socialist socialists liberal liberals conservative "
    "conservatives national people peoples 's progressive party parties civic platform green greens workers communist communists popular "
    "united unity front alliance movement social christian reform republic freedom centre center the of and for new".split()
)
# Of words that any body may have, and yet the name of one: other states have ministries or departments of foreign affairs.
_OWN_OF_ONE = frozenset({("state", "department"), ("department", "of", "state")})


@dataclass(frozen=True, slots=True)
class Entry:
    """A named actor, or one office of a person; ``since`` and ``until`` bound its validity, both days included."""

    entity_id: str
    name: str
    kind: Kind
    country: str | None
    sectors: tuple[str, ...]
    since: date | None = None
    until: date | None = None
    office: str | None = None
    plural: bool = False  # a demonym that counts people: "Iranians"
    rank: int = 1  # 0 for a user's own entry, which wins

    def is_valid(self, day: date) -> bool:
        """Return whether the entry holds on a day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Role:
    """A role word: the sector of its bearer, how far it decides (0 not at all, 3 alone), its kind and number."""

    word: str
    sector: str | None
    weight: int
    kind: RoleKind
    plural: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """Tokens ``first`` up to ``last`` (exclusive) that match a name, a role word, or both."""

    first: int
    last: int
    entries: tuple[Entry, ...] = ()
    role: Role | None = None


_AMERICANS: Final = frozenset({"american", "americans"})
_CONTINENT: Final = frozenset("latin inter south north central pan ibero meso all".split())


@dataclass(slots=True)
class Registry:
    """Aliases and role words keyed by their first word, longest first; filled once by ``load_registry``."""

    names: dict[str, list[tuple[tuple[str, ...], int, list[Entry]]]] = field(default_factory=dict)
    roles: dict[str, list[tuple[tuple[str, ...], Role]]] = field(default_factory=dict)
    # For ``find``: first word → lengths of its aliases, longest first, and the aliases by their words.
    _compiled: dict[str, tuple[list[int], dict[tuple[str, ...], list[tuple[int, tuple[Entry, ...]]]]]] = (
        field(default_factory=dict)
    )
    persons: dict[str, list[Entry]] = field(default_factory=dict)
    # Folded surname → offices of those who bear it.
    surnames: dict[str, list[Entry]] = field(default_factory=dict)
    states: dict[str, Entry] = field(default_factory=dict)
    country_names: dict[str, str] = field(
        default_factory=dict
    )  # lower-case name or alias of a state → its code

    def add_name(self, alias: str, entry: Entry) -> None:
        """Add one alias of an entry; capitals in the alias are demanded of the text."""
        words = keys(alias)
        if not words:
            return
        exact = alias.isupper() and len(alias.replace(".", "").replace("-", "")) <= 7
        case = _EXACT if exact else _CAPITAL if alias[0].isupper() else _ANY
        rows = self.names.setdefault(words[0], [])
        for known, known_case, entries in rows:
            if known == words and known_case == case:
                if entry not in entries:
                    entries.append(entry)
                return
        rows.append((words, case, [entry]))

    def add_role(self, role: Role) -> None:
        """Add a role word."""
        words = keys(role.word)
        self.roles.setdefault(words[0], []).append((words, role))

    def sort(self) -> None:
        """Order the aliases so that the longest is tried first."""
        for rows in self.names.values():
            if len(rows) > 1:
                rows.sort(key=lambda row: (-len(row[0]), -row[1]))
        for role_rows in self.roles.values():
            role_rows.sort(key=lambda row: -len(row[0]))
        for first, rows in self.names.items():
            if len(rows) == 1:
                known, case, entries = rows[0]
                self._compiled[first] = [len(known)], {known: [(case, tuple(entries))]}
                continue
            lengths = sorted({len(known) for known, _, _ in rows}, reverse=True)
            by_words: dict[tuple[str, ...], list[tuple[int, tuple[Entry, ...]]]] = {}
            for known, case, entries in rows:
                by_words.setdefault(known, []).append((case, tuple(entries)))
            self._compiled[first] = (lengths, by_words)

    def find(self, tokens: Sequence[Token]) -> list[Hit]:
        """Return the longest names and role words in a run of tokens, left to right, without overlaps."""
        hits: list[Hit] = []
        words = [token.key for token in tokens]
        at = 0
        while at < len(words):
            entries, name_length = self._name_at(tokens, words, at)
            role, role_length = self._role_at(words, at)
            if not name_length and not role_length:
                at += 1
                continue
            length = max(name_length, role_length)
            hits.append(
                Hit(
                    at,
                    at + length,
                    entries if name_length == length else (),
                    role if role_length == length else None,
                )
            )
            at += length
        return hits

    def find_names(self, tokens: Sequence[Token]) -> list[Hit]:
        """Return the longest names in a run of tokens, left to right, without overlaps."""
        hits: list[Hit] = []
        words = [token.key for token in tokens]
        at = 0
        while at < len(words):
            entries, length = self._name_at(tokens, words, at)
            if length:
                hits.append(Hit(at, at + length, entries))
            at += length or 1
        return hits

    def role_of(self, word: str) -> Role | None:
        """Return the role word that is exactly this word or phrase."""
        words = keys(word)
        return next(
            (role for known, role in self.roles.get(words[0] if words else "", ()) if known == words), None
        )

    def _name_at(self, tokens: Sequence[Token], words: list[str], at: int) -> tuple[tuple[Entry, ...], int]:
        """Return the entries of the longest alias that starts at a token, and its length in tokens."""
        compiled = self._compiled.get(words[at])
        if compiled is None:
            return (), 0
        lengths, by_words = compiled
        left = len(words) - at
        for length in lengths:
            if length > left:
                continue
            if length == 1 and at and words[at] in _AMERICANS and words[at - 1] in _CONTINENT:
                continue  # "Latin American" bishops, the "Inter-American" court
            for case, entries in by_words.get(tuple(words[at : at + length]), ()):
                if case == _CAPITAL and not tokens[at].is_capital:
                    continue
                if case == _EXACT and not all(token.text.isupper() for token in tokens[at : at + length]):
                    continue
                return entries, length
        return (), 0

    def _role_at(self, words: list[str], at: int) -> tuple[Role | None, int]:
        """Return the longest role word that starts at a token, and its length in tokens."""
        for known, role in self.roles.get(words[at], ()):
            length = len(known)
            if length == 1 or tuple(words[at : at + length]) == known:
                return role, length
        return None, 0


def is_generic(words: str) -> bool:
    """Return whether a body's name could be that of any state.

    Example:
        >>> is_generic("Department of Justice"), is_generic("Knesset"), is_generic("State Department")
        (True, False, False)
    """
    return keys(words) not in _OWN_OF_ONE and has_common_words(words)


def has_common_words(words: str) -> bool:
    """Return whether a body's name is made of words that bodies of all states have."""
    return all(word in _GENERIC for word in keys(words))


def is_common_party(words: str) -> bool:
    """Return whether a party's name could be that of a party, or of something else, in any state.

    Example:
        >>> is_common_party("Labour"), is_common_party("Socialist Party"), is_common_party("Likud")
        (True, True, False)
    """
    return all(word in _GENERIC_PARTY for word in keys(words))


def is_country_code(code: str, registry: Registry) -> bool:
    """Return whether a code is a state of the registry or one of PLOVER's special codes.

    Source: PLOVER manual 2.0, list of countries and non-state "countries".
    """
    return code in registry.states or code in {"IGO", "UNO", "EUR", "NGO", "ISM", "IMG", "MNC"}


def surname(name: str) -> str:
    """Return the folded last word of a person's name."""
    return fold(name.split()[-1])
