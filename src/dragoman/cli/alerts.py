"""``dragoman alerts``: what changed under the user's rules, told once."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from dragoman.cli.ask import db_of
from dragoman.cli.terms import current_ontology, settings_with, to_day

if TYPE_CHECKING:
    from dragoman.relate.alerts import Alert, Rules

Flag = Annotated[bool, Parameter(negative="")]


def alerts(
    rules: Path | None = None,
    *,
    since: str | None = None,
    dry_run: Flag = False,
    told: Flag = False,
    format: Literal["table", "json"] = "table",
    db: str | None = None,
) -> int:
    """Show what changed between those you watch, with the sentences that say so; each change is told once.

    Example: dragoman alerts watch-list.toml

    Parameters
    ----------
    rules
        TOML file of rules; see docs/alerts.md. Without it the pairs with most news are looked at, and nothing is noted as told.
    since
        First day on which a change may have become sure [30 days before the last article].
    dry_run
        Show, but send nothing and note nothing as told.
    told
        Show the alerts that were told before.
    format
        table for people, json for programs: one line per alert.
    db
        The store's file [dragoman.duckdb].
    """
    from dragoman.answer.alerts import new_alerts, to_row, usual_rules
    from dragoman.relate.alerts import Rules, load_rules
    from dragoman.store import open_store
    from dragoman.store.relating import find_alerts

    loaded = settings_with(store__db=db)
    first = to_day("--since", since)
    if told:
        with open_store(db_of(db), read_only=True) as store:
            for row in find_alerts(store):
                _print(row["body"], format)
        return 0
    asked = load_rules(rules) if rules is not None else None
    with open_store(db_of(db), read_only=True) as store:
        wanted = asked or Rules(tuple(usual_rules(store)))
        _check_codes(wanted, loaded)
        found = new_alerts(store, wanted.rules, ontology=current_ontology(loaded), since=first)  # fmt: skip
    waiting = [] if dry_run or asked is None else [a for a in found if _is_quiet(wanted, a)]
    now = [a for a in found if a not in waiting]
    for alert in now:
        _print(to_row(alert), format)
    failed = 0
    if asked is not None and not dry_run and now:
        failed = _send(asked, now, db)
    quiet = f", {len(waiting)} held back until the quiet hours end" if waiting else ""
    print(f"{len(now)} alert{'s' * (len(now) != 1)}{quiet}", file=sys.stderr)
    return 1 if failed else 0


def _check_codes(rules: Rules, loaded: Any) -> None:
    """Check the sides and the event types that rules name.

    Raises:
        UnknownCode: A country, a sector or a type does not exist.
        UsageError: A group is called as a country is.
    """
    from dragoman.answer.relations import check_side

    ontology = current_ontology(loaded)
    for rule in rules.rules:
        for side in (rule.first, rule.second):
            check_side(side, ontology)
        for one in rule.types:
            ontology.get_type(one)


def _is_quiet(rules: Rules, alert: Alert) -> bool:
    rule = next(r for r in rules.rules if r.name == alert.rule)
    return rule.is_quiet(datetime.now().astimezone().time())


def _send(rules: Rules, found: list[Alert], db: str | None) -> int:
    """Send alerts to the outputs of the rules and note each as told; return how many sendings failed.

    What could not be sent anywhere is not noted, so that the next run tells it. The store is opened for writing before anything is
    sent: what cannot be noted would be sent twice. An output that failed is left alone for the rest of the run.
    """
    from dragoman.answer.alerts import to_row
    from dragoman.cli.alert_outputs import send
    from dragoman.store import open_store
    from dragoman.store.relating import note_alerts

    broken: dict[str, str] = {}
    failed = 0
    with open_store(db_of(db)) as store:
        for alert in found:
            body = to_row(alert)
            sent, troubles = send(body, {k: v for k, v in rules.outputs.items() if k not in broken})
            broken |= troubles
            failed += len(broken)
            if not sent and rules.outputs:
                continue
            row = {
                **body, "since": alert.change.since, "raised_on": alert.change.raised_on,
                "incidents": [i["incident_id"] for i in body["incidents"]], "body": body, "outputs": sent,
            }  # fmt: skip
            note_alerts(store, [row], at=datetime.now(UTC).replace(tzinfo=None))
    for name, trouble in broken.items():
        print(f"not sent: {name} {rules.outputs[name]}: {trouble}", file=sys.stderr)
    return failed


def _print(row: dict[str, Any], format: str) -> None:
    if format == "json":
        print(json.dumps(row, ensure_ascii=False))
        return
    from dragoman.cli.tables import console

    out = console()
    out.print(f"{row['raised_on']}  {row['message']}", markup=False)
    for incident in row["incidents"][:8]:
        for one in incident["evidence"]:
            out.print(f"    {incident['on']}  “{one['quote']}”  {one['outlet'] or ''}", markup=False)
    for note in row["missing"]:
        out.print(f"    not known: {note}", markup=False)
