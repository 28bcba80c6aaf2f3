"""What to be told of: rules of the user's, and the alerts that a relation's turns give under them.

In: a TOML file of rules, and changes found in a relation. Out: ``Alert``s in words. Nothing is sent from here.
"""

from __future__ import annotations

import difflib
import hashlib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import Any

from dragoman.errors import RulesError, UsageError
from dragoman.relate.change import KINDS, PER_YEAR_RANGE, Change, Kind
from dragoman.relate.groups import Group, group_of, members_of

_KEYS = (
    "name",
    "sides",
    "kinds",
    "types",
    "rises",
    "per_year",
    "min_confidence",
    "min_incidents",
    "quiet_hours",
)
_OUTPUTS = ("webhook", "mail_folder", "mail_to", "rss", "json")
_HOURS = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)-([01]?\d|2[0-3]):([0-5]\d)\Z")


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing to watch.

    Attributes:
        name: What the user calls it; alerts are told once per name.
        first, second: The two sides.
        kinds: "conflict", "cooperation" or both.
        types: Only incidents of these event types; empty for all.
        rises: Only bursts (True), only lulls (False), or both (None).
        per_year: False alarms per year and kind when nothing changes.
        min_confidence: Least probability of the change.
        min_incidents: Least incidents that moved a burst.
        quiet_from, quiet_to: Local hours in which nothing is sent; what comes up then waits for the next run.
    """

    name: str
    first: Group
    second: Group
    kinds: tuple[Kind, ...] = KINDS
    types: tuple[str, ...] = ()
    rises: bool | None = None
    per_year: float = 0.5
    min_confidence: float = 0.0
    min_incidents: int = 2
    quiet_from: time | None = None
    quiet_to: time | None = None

    def is_quiet(self, now: time) -> bool:
        """Return whether nothing is to be sent at a local time of day."""
        if self.quiet_from is None or self.quiet_to is None:
            return False
        if self.quiet_from <= self.quiet_to:
            return self.quiet_from <= now < self.quiet_to
        return now >= self.quiet_from or now < self.quiet_to


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a file and where alerts go; ``outputs`` are paths or a URL by their name in the file."""

    rules: tuple[Rule, ...]
    outputs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Alert:
    """A turn that a rule asks for.

    ``incidents`` are the rows that moved it with their sentences, strongest first; ``missing`` says what is not known; ``members``
    are those that the two sides stand for.
    """

    alert_id: str
    rule: str
    sides: tuple[str, str]
    change: Change
    message: str
    incidents: tuple[Mapping[str, Any], ...]
    missing: tuple[str, ...]
    members: tuple[tuple[str, ...], tuple[str, ...]]

    def is_told_by(self, told: Mapping[str, Any]) -> bool:
        """Return whether an alert told before (``rule, kind, rises, since, raised_on``) speaks of the same turn."""
        change = self.change
        return bool(
            told["rule"] == self.rule and told["kind"] == change.kind and told["rises"] == change.rises
            and told["since"] <= change.raised_on and change.since <= told["raised_on"]
        )  # fmt: skip


def alert_of(
    rule: Rule, change: Change, incidents: Sequence[Mapping[str, Any]], missing: Sequence[str] = (),
    *, said: tuple[str, str] | None = None,
) -> Alert | None:  # fmt: skip
    """Return the alert that a change gives under a rule; None when the rule does not ask for it.

    Args:
        rule: What is watched.
        change: The turn.
        incidents: Rows of those that moved it.
        missing: What is not known.
        said: The sides as the message says them; None for the names that the rule gives them.
    """
    if change.kind not in rule.kinds or (rule.rises is not None and rule.rises != change.rises):
        return None
    if change.confidence < rule.min_confidence or (change.rises and len(incidents) < rule.min_incidents):
        return None
    key = f"{rule.name}|{change.kind}|{change.rises}|{change.since}"
    return Alert(
        hashlib.sha256(key.encode()).hexdigest()[:16], rule.name, (rule.first.name, rule.second.name), change,
        message_of(rule, change, len(incidents), said=said), tuple(incidents), tuple(missing),
        (rule.first.members, rule.second.members),
    )  # fmt: skip


def message_of(rule: Rule, change: Change, n: int, *, said: tuple[str, str] | None = None) -> str:
    """Return what changed, since when and how sure, in a sentence; ``said`` as for ``alert_of``."""
    first, second = said or (rule.first.name, rule.second.name)
    what = ", ".join(rule.types) if rule.types else change.kind
    how = f"{n} incident{'s' * (n != 1)} by" if change.rises else "nearly none by"
    return (
        f"{'More' if change.rises else 'Less'} {what} between {first} and {second} since {change.since}: "
        f"{how} {change.raised_on}, {change.before:.2g} a week before and {change.after:.2g} since "
        f"({chance_of(change)})."
    )  # fmt: skip


def chance_of(change: Change) -> str:
    """Return in words how often chance alone would show as much."""
    years = 1 / change.by_chance_per_year
    if years >= 1.5:
        return f"chance alone shows as much at most once in {years:.0f} years"
    return f"chance alone may show as much {'once' if change.by_chance_per_year <= 1 else 'twice'} a year"


def load_rules(path: Path) -> Rules:
    """Return the rules of a TOML file; see ``docs/alerts.md``.

    Raises:
        RulesError: The file cannot be read or is not TOML, or a rule is wrong; names file and rule.
    """
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RulesError(f'"{path}" is not a TOML file of rules: {error}.') from None
    except OSError as error:
        raise RulesError(f'the file of rules "{path}" cannot be read: {error.strerror}.') from None
    _check_keys(str(path), told, ("rule", "groups", "output"))
    groups = _groups(path, _table(path, told, "groups"))
    rows = told.get("rule", [])
    if not isinstance(rows, list) or not rows:
        raise RulesError(
            f'{path}: no rule. Write at least one: [[rule]], with name = "…" and sides = ["IRN", "AZE"].'
        )
    rules = tuple(_rule(f"{path}, rule {n}", row, groups) for n, row in enumerate(rows, 1))
    names = [r.name for r in rules]
    for name in names:
        if names.count(name) > 1:
            raise RulesError(
                f'{path}: two rules are called "{name}"; alerts are told once per name, so give each its own.'
            )
    return Rules(rules, _outputs(f"{path}, [output]", _table(path, told, "output")))


def _table(path: Path, told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = told.get(name, {})
    if not isinstance(table, dict):
        raise RulesError(f"{path}: {name} must be a table [{name}]; got {table!r}.")
    return table


def _groups(path: Path, table: Mapping[str, Any]) -> dict[str, Group]:
    try:
        return {name: Group(name, members_of(str(path), name, members)) for name, members in table.items()}
    except UsageError as error:
        raise RulesError(str(error)) from None


def _outputs(where: str, table: Mapping[str, Any]) -> dict[str, str]:
    _check_keys(where, table, _OUTPUTS)
    for name, value in table.items():
        if not isinstance(value, str) or not value.strip() or not value.isprintable():
            raise RulesError(f"{where}: {name} must be one line of text; got {value!r}.")
    if "webhook" in table and not table["webhook"].startswith(("http://", "https://")):
        raise RulesError(f'{where}: webhook must begin with http:// or https://; got "{table["webhook"]}".')
    if "mail_to" in table and "mail_folder" not in table:
        raise RulesError(f"{where}: mail_to needs mail_folder, the folder that mails are written into.")
    return dict(table)


def _check_keys(where: str, row: Mapping[str, Any], known: Sequence[str]) -> None:
    for key in row:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            hint = f' Did you mean "{near[0]}"?' if near else f" Known: {', '.join(known)}."
            raise RulesError(f'{where}: "{key}" is not known.{hint}')


def _rule(where: str, row: Any, groups: Mapping[str, Group]) -> Rule:
    if not isinstance(row, dict):
        raise RulesError(f"{where}: must be a table [[rule]]; got {row!r}.")
    _check_keys(where, row, _KEYS)
    sides = row.get("sides")
    if not (
        isinstance(sides, list) and len(sides) == 2 and all(isinstance(s, str) and s.strip() for s in sides)
    ):
        raise RulesError(f'{where}: sides must be two, such as ["IRN", "AZE"]; got {sides!r}.')
    kinds = row.get("kinds", list(KINDS))
    if not isinstance(kinds, list) or not kinds or any(k not in KINDS for k in kinds):
        raise RulesError(f'{where}: kinds must be of "conflict" and "cooperation"; got {kinds!r}.')
    types = row.get("types", [])
    if not isinstance(types, list) or any(not isinstance(t, str) for t in types):
        raise RulesError(f'{where}: types must be a list such as ["ASSAULT", "MOBILIZE"]; got {types!r}.')
    first, second = group_of(sides[0], groups), group_of(sides[1], groups)
    if set(first.members) == set(second.members):
        raise RulesError(f"{where}: sides must be two; both are {sides[0]!r}.")
    rises = row.get("rises")
    if rises is not None and not isinstance(rises, bool):
        raise RulesError(f"{where}: rises must be true or false; got {rises!r}.")
    return Rule(
        str(row.get("name") or " and ".join(sides)), first, second, tuple(kinds),
        tuple(t.upper() for t in types), rises, _number(where, row, "per_year", 0.5, *PER_YEAR_RANGE),
        _number(where, row, "min_confidence", 0.0, 0.0, 1.0), int(_number(where, row, "min_incidents", 2, 1, 1e6)),
        *_quiet(where, row.get("quiet_hours")),
    )  # fmt: skip


def _number(where: str, row: Mapping[str, Any], key: str, default: float, low: float, high: float) -> float:
    value = row.get(key, default)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
        raise RulesError(f"{where}: {key} must be a number from {low:g} to {high:g}; got {value!r}.")
    return float(value)


def _quiet(where: str, words: Any) -> tuple[time | None, time | None]:
    if words is None:
        return None, None
    found = _HOURS.match(words) if isinstance(words, str) else None
    if found is None:
        raise RulesError(f'{where}: quiet_hours must be such as "22:00-07:00"; got {words!r}.')
    a, b, c, d = map(int, found.groups())
    return time(a, b), time(c, d)
