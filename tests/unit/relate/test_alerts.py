"""Rules of alerts: what they ask for, what is told twice, what is wrong with a file of them."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest

from dragoman.errors import RulesError
from dragoman.relate.alerts import Rule, alert_of, load_rules
from dragoman.relate.change import Change

from .telling import FIRST, SECOND, incident

BURST = Change("conflict", True, date(2024, 5, 12), date(2024, 5, 6), 0.4, 0.1, 3.0, 0.25)
ROWS = [incident(date(2024, 5, 7), "ASSAULT", n=n) for n in range(3)]
RULE = Rule("border", FIRST, SECOND)


def rules_of(folder: Path, words: str) -> Path:
    """Write a file of rules."""
    file = folder / "rules.toml"
    file.write_text(words, encoding="utf-8")
    return file


def test_an_alert_says_what_since_when_and_how_sure() -> None:
    """The message names the sides, the day, the rates and how often chance alone shows as much."""
    alert = alert_of(RULE, BURST, ROWS, ["a feed was silent"])
    assert alert is not None
    for words in (
        "More conflict between NOR and DNK since 2024-05-06",
        "3 incidents by 2024-05-12",
        "0.1 a week before",
        "at most once in 4 years",
    ):
        assert words in alert.message
    assert alert.missing == ("a feed was silent",)
    assert len(alert.incidents) == 3


def test_the_message_says_the_sides_as_it_is_told_to() -> None:
    """Names of countries stand in the message alone: the alert keeps the codes, and is the same one by whatever words."""
    coded, said = alert_of(RULE, BURST, ROWS), alert_of(RULE, BURST, ROWS, said=("Norway", "Denmark"))
    assert coded is not None
    assert said is not None
    assert "More conflict between Norway and Denmark since 2024-05-06" in said.message
    assert (said.alert_id, said.sides) == (coded.alert_id, ("NOR", "DNK"))


@pytest.mark.parametrize(
    "rule",
    [
        Rule("x", FIRST, SECOND, kinds=("cooperation",)), Rule("x", FIRST, SECOND, rises=False),
        Rule("x", FIRST, SECOND, min_confidence=0.5), Rule("x", FIRST, SECOND, min_incidents=4),
    ],
)  # fmt: skip
def test_a_rule_leaves_out_what_it_does_not_ask_for(rule: Rule) -> None:
    """Other kinds, lulls, what is less sure and what fewer incidents moved give no alert."""
    assert alert_of(rule, BURST, ROWS) is None


def test_the_same_turn_is_told_once() -> None:
    """A turn whose days overlap one told under the same rule is that one, though its first day moved; others are not."""
    alert = alert_of(RULE, BURST, ROWS)
    assert alert is not None
    told = {
        "rule": "border",
        "kind": "conflict",
        "rises": True,
        "since": date(2024, 4, 29),
        "raised_on": date(2024, 5, 7),
    }
    assert alert.is_told_by(told)
    for other in (
        {"rule": "coast"},
        {"kind": "cooperation"},
        {"rises": False},
        {"raised_on": date(2024, 5, 5)},
    ):
        assert not alert.is_told_by({**told, **other}), other


def test_quiet_hours_may_pass_midnight() -> None:
    """From 22 to 7 is quiet at night; from 12 to 14 at noon; without hours never."""
    night = Rule("x", FIRST, SECOND, quiet_from=time(22), quiet_to=time(7))
    noon = Rule("x", FIRST, SECOND, quiet_from=time(12), quiet_to=time(14))
    assert [night.is_quiet(time(h)) for h in (21, 22, 3, 7)] == [False, True, True, False]
    assert [noon.is_quiet(time(h)) for h in (11, 12, 14)] == [False, True, False]
    assert not RULE.is_quiet(time(3))


def test_rules_come_from_a_file(tmp_path: Path) -> None:
    """Every key is read, groups stand for their members, outputs go with the rules."""
    words = """
        [[rule]]
        name = "north"
        sides = ["Nordic", "RUS/MIL"]
        kinds = ["conflict"]
        types = ["assault", "MOBILIZE"]
        rises = true
        per_year = 0.2
        min_confidence = 0.3
        min_incidents = 4
        quiet_hours = "22:30-6:00"
        [groups]
        Nordic = ["NOR", "SWE"]
        [output]
        rss = "alerts.xml"
    """
    found = load_rules(rules_of(tmp_path, words))
    (rule,) = found.rules
    assert rule.first.members == ("NOR", "SWE")
    assert rule.second.members == ("RUS/MIL",)
    assert (rule.kinds, rule.types, rule.rises) == (("conflict",), ("ASSAULT", "MOBILIZE"), True)
    assert (rule.per_year, rule.min_confidence, rule.min_incidents) == (0.2, 0.3, 4)
    assert (rule.quiet_from, rule.quiet_to) == (time(22, 30), time(6, 0))
    assert found.outputs == {"rss": "alerts.xml"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("", "no rule"),
        ("[[rule]", "is not a TOML file"),
        ('[[rule]]\nsides = ["IRN"]', 'rule 1: sides must be two'),
        ('[[rule]]\nsides = ["IRN", "AZE"]\nkind = "conflict"', 'Did you mean "kinds"'),
        ('[[rule]]\nsides = ["IRN", "AZE"]\nkinds = ["war"]', 'kinds must be of'),
        ('[[rule]]\nsides = ["IRN", "AZE"]\nrises = "up"', 'rises must be true or false'),
        ('[[rule]]\nsides = ["IRN", "AZE"]\nper_year = 0', 'per_year must be a number from 0.1 to 2'),
        ('[[rule]]\nsides = ["IRN", "AZE"]\nquiet_hours = "night"', 'quiet_hours must be such as'),
        ('[[rule]]\nsides = ["IRN", "AZE"]\n[[rule]]\nsides = ["IRN", "AZE"]', 'two rules are called'),
        ('[[rule]]\nsides = ["IRN", "AZE"]\n[output]\nfax = "1"', '"fax" is not known'),
        ('[[rule]]\nsides = ["IRN", "IRN"]', 'sides must be two; both are'),
        ('[[rule]]\nsides = ["IRN", "AZE"]\ntypes = "ASSAULT"', 'types must be a list'),
        ('groups = 3\n[[rule]]\nsides = ["IRN", "AZE"]', 'groups must be a table'),
        ('[[rule]]\nsides = ["G", "AZE"]\n[groups]\nG = "IRN"', 'group "G" must be a list'),
        ('[[rule]]\nsides = ["IRN", "AZE"]\n[output]\nrss = 3', 'rss must be one line of text'),
        ('[[rule]]\nsides = ["IRN", "AZE"]\n[output]\nmail_folder = "m"\nmail_to = "a@b\\nc"', 'mail_to must be one line'),
        ('[[rule]]\nsides = ["IRN", "AZE"]\n[output]\nwebhook = "foo"', 'webhook must begin with'),
        ('[[rule]]\nsides = ["IRN", "AZE"]\n[output]\nmail_to = "a@b"', 'mail_to needs mail_folder'),
    ],
)  # fmt: skip
def test_a_wrong_file_of_rules_is_told(tmp_path: Path, words: str, told: str) -> None:
    """The message names the file, the rule and what was expected."""
    file = rules_of(tmp_path, words)
    with pytest.raises(RulesError) as error:
        load_rules(file)
    assert told in str(error.value)
    assert str(file) in str(error.value)


@pytest.mark.parametrize("name", ["missing.toml", "."])
def test_a_file_of_rules_that_cannot_be_read_is_told(tmp_path: Path, name: str) -> None:
    """A missing file and a folder are errors that name it."""
    with pytest.raises(RulesError, match="cannot be read"):
        load_rules(tmp_path / name)
