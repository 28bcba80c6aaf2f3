"""``dragoman review``: accept, correct, reject and add events, and write what was said as gold and examples."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from dragoman.cli.terms import Asked, current_ontology, settings_with, to_filter
from dragoman.errors import InputError, UsageError
from dragoman.records import to_json

if TYPE_CHECKING:
    from dragoman.ontology import Ontology
    from dragoman.store import EventFilter, Store, Verdict

_PROMPT = "[a]ccept [r]eject [t]ype [m]ode [s]tatus a[c]tors reci[p]ients s[k]ip [q]uit: "
_KEYS = {"a": "accept", "r": "reject", "t": "type", "m": "mode", "s": "status", "c": "actors", "p": "recipients",
         "k": "skip", "q": "quit"}  # fmt: skip
_WORDS = frozenset(_KEYS.values())
_FIELDS = {
    "type": "event_type",
    "mode": "mode",
    "status": "status",
    "actors": "actors",
    "recipients": "recipients",
}
_HINTS = {
    "type": "type, such as REQUEST: ",
    "mode": "mode, or none: ",
    "status": "actual, future, hypothetical or negated: ",
    "actors": "actors, such as Police=COL/COP; Interior Minister=COL/GOV, or none: ",
    "recipients": "recipients, such as Police=COL/COP; Interior Minister=COL/GOV, or none: ",
}
Flag = Annotated[bool, Parameter(negative="")]


def review(
    event_id: str | None = None,
    *,
    accept: Flag = False,
    reject: Flag = False,
    set: list[str] | None = None,
    add: str | None = None,
    trigger: str | None = None,
    gold: Path | None = None,
    examples: Path | None = None,
    by: str | None = None,
    actor: str | None = None,
    recipient: str | None = None,
    type: list[str] | None = None,
    since: str | None = None,
    until: str | None = None,
    country: str | None = None,
    status: str | None = None,
    article: str | None = None,
    limit: int | None = None,
    db: str | None = None,
) -> int:
    """Accept, correct, reject or add events; without an event it asks about one after the other, the least sure first.

    Example: dragoman review 3f9a0c12 --set event_type=REQUEST --set actors="Police=COL/COP; Interior Minister=COL/GOV"

    Every answer is stored at once and holds also when the article is coded anew. Nothing is lost: --as-of an earlier day
    shows the earlier state, and the newest word on an event holds, so that --accept takes a rejection back.

    dragoman review --add ARTICLE_ID --trigger "called for" --set event_type=REQUEST adds an event that the coder missed.

    dragoman review --gold gold.jsonl --examples examples.jsonl writes what was said: annotated articles for dragoman eval
    and for training, and example sentences for dragoman teach.

    Parameters
    ----------
    event_id
        An event, or a beginning of its id that only one has; without --accept, --reject or --set it is asked about.
    accept
        The event is right as it is.
    reject
        The event is not in the text.
    set
        A field as it should be, FIELD=VALUE; may be given several times. Fields: event_type, mode, status, actors, recipients
        and trigger. Sides are words of the sentence with country and sectors, separated by semicolons; none empties a field.
    add
        An article, or a beginning of its id, to add a missed event to.
    trigger
        Words of the text that tell of the event to add; they must stand there once.
    gold
        File to write with the articles all of whose events are reviewed, annotated, one JSON object a line.
    examples
        File to write with a sentence a line; with --type the events of other types and modes are counter-examples.
    by
        Who says so [your login name].
    actor
        Ask only about events with this actor: a country (IRN), country and sector (IRN/MIL), or words of a name.
    recipient
        The same, for the recipient.
    type
        Only event types, separated by commas.
    since
        Only from this day, month or year on.
    until
        Only up to this day.
    country
        Only with this country of the place or of any side.
    status
        Only actual, future, hypothetical or negated.
    article
        Only of this article.
    limit
        At most so many.
    db
        The store's file [dragoman.duckdb].
    """  # noqa: D405, D411, D416 (a flag is called examples)
    loaded = settings_with(store__db=db)
    names = [name for many in type or () for name in many.split(",") if name]
    asked = Asked(actor=actor, recipient=recipient, since=since, until=until, country=country, status=status)
    wanted = to_filter(asked, article=article)
    filters = {"actor": actor, "recipient": recipient, "since": since, "until": until, "country": country,
               "status": status, "article": article, "limit": limit}  # fmt: skip
    desk = _Desk(Path(loaded.settings.store.db), current_ontology(loaded), by or login())
    desk.check(accept=accept, reject=reject, changes=set or (), event_id=event_id, add=add, trigger=trigger,
               files=(gold, examples), filters=[k for k, v in filters.items() if v is not None])  # fmt: skip
    if limit is not None and limit < 1:
        raise UsageError(f"--limit must be 1 or more; got {limit}.")
    if gold is not None or examples is not None:
        return desk.write(gold, examples, names)
    if add is not None:
        return desk.add(add, {**to_fields(set or ()), "trigger": trigger})
    if event_id is not None and accept:
        return desk.say(event_id, "accepted")
    if event_id is not None and reject:
        return desk.say(event_id, "rejected")
    if event_id is not None and set:
        return desk.say(event_id, "corrected", to_fields(set))
    if event_id is not None:
        return desk.ask([desk.get_id(event_id)])
    return desk.ask(desk.list_unreviewed(replace(wanted, event_types=desk.types(names)), limit))


def login() -> str:
    """Return the name of who is logged in."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"


def to_fields(changes: Sequence[str]) -> dict[str, Any]:
    """Return the fields of flags such as ``--set mode=none``.

    Raises:
        UsageError: One is not FIELD=VALUE, or no such field can be corrected.
    """
    from dragoman.store.corrections import check_fields

    out: dict[str, Any] = {}
    for words in changes:
        name, is_pair, value = words.partition("=")
        if not is_pair:
            raise UsageError(f'--set must be FIELD=VALUE, such as --set event_type=REQUEST; got "{words}".')
        out[name.strip()] = value.strip()
    check_fields(out)
    return {name: _value(name, words) for name, words in out.items()}


def _value(name: str, words: str) -> Any:
    if name in ("actors", "recipients"):
        return _people(words)
    if name == "event_type":
        return words.upper()
    if name == "mode" and words.lower() in ("", "none"):
        return None
    return words.lower() if name == "status" else words


def _people(words: str) -> list[dict[str, Any]]:
    """Return the sides of words such as "Police=COL/COP; Interior Minister=COL/GOV"."""
    if words.lower() in ("", "none"):
        return []
    out: list[dict[str, Any]] = []
    for part in words.split(";"):
        text, is_pair, code = part.rpartition("=")
        if not part.strip():
            continue
        if not is_pair:
            out.append({"text": part.strip()})
            continue
        country, *sectors = (c.strip().upper() for c in code.split("/"))
        own = None if country in ("", "?") else country
        out.append({"text": text.strip(), "country": own, "sectors": [s for s in sectors if s]})
    return out


@dataclass
class _Desk:
    """Where a person reviews; the store is open only while something is read or stored, so that others can use it."""

    path: Path
    ontology: Ontology
    reviewer: str
    reviewed: set[str] = field(default_factory=set)

    def check(
        self, *, accept: bool, reject: bool, changes: Sequence[str], event_id: str | None, add: str | None,
        trigger: str | None, files: Sequence[Path | None], filters: Sequence[str],
    ) -> None:  # fmt: skip
        """Check that the flags go together.

        Raises:
            UsageError: They do not.
        """
        verdicts = [
            name for name, on in (("--accept", accept), ("--reject", reject), ("--set", changes)) if on
        ]
        about = [
            n
            for n, on in (("an event", event_id), ("--add", add), ("--gold or --examples", any(files)))
            if on
        ]
        if len(about) > 1:
            raise UsageError(f"{about[0]} and {about[1]} do not go together; give one of them.")
        if filters and about:
            raise UsageError(f"--{filters[0]} does not go with {about[0]}.")
        if len(verdicts) > 1:
            raise UsageError(f"{verdicts[0]} and {verdicts[1]} do not go together; give one of them.")
        if trigger is not None and add is None:
            raise UsageError(
                "--trigger goes with --add. Correct the trigger of an event with --set trigger=WORDS."
            )
        if add is not None and trigger is None:
            raise UsageError(
                '--add needs the words of the text that tell of the event: --trigger "called for"'
            )
        if verdicts and event_id is None and (add is None or verdicts != ["--set"]):
            raise UsageError(f"{verdicts[0]} needs an event: dragoman review EVENT_ID {verdicts[0]}")

    def types(self, names: Iterable[str]) -> list[str]:
        """Return event types, checked."""
        return [self.ontology.get_type(name.upper()).name for name in names]

    def open(self, *, read_only: bool = False) -> Store:
        """Return the store, which must be there."""
        from dragoman.store import open_store

        return open_store(self.path, read_only=read_only or not self.path.exists())

    def get_id(self, beginning: str) -> str:
        """Return the whole id of an event."""
        from dragoman.store import get_event_id

        with self.open() as store:
            return get_event_id(store, beginning)

    def list_unreviewed(self, wanted: EventFilter, limit: int | None) -> list[str]:
        """Return the ids of events to ask about."""
        from dragoman.store import find_unreviewed, get_article

        with self.open() as store:
            if wanted.article_id is not None:
                article = get_article(store, wanted.article_id)
                if article is None:
                    raise _no_article(wanted.article_id)
                wanted = replace(wanted, article_id=article["article_id"])
            return [row["event_id"] for row in find_unreviewed(store, wanted, limit)]

    def say(self, event_id: str, verdict: Verdict, correction: Mapping[str, Any] | None = None) -> int:
        """Store one review and show what the event is now."""
        from dragoman.store import add_review, get_event_id

        with self.open() as store:
            key = get_event_id(store, event_id)
            event = add_review(
                store, event_id=key, verdict=verdict, correction=correction, reviewer=self.reviewer,
                at=datetime.now(UTC), ontology=self.ontology,
            )  # fmt: skip
        self._tell(verdict, key, to_json(event) if event is not None else None)
        return 0

    def add(self, words: str, correction: dict[str, Any]) -> int:
        """Store a missed event of an article."""
        from dragoman.store import add_review
        from dragoman.store.queries import find_by_id

        with self.open() as store:
            found = find_by_id(store, words) if words else None
            if found is None or found[0] == "incident":
                raise _no_article(words)
            event = add_review(
                store, event_id=None, verdict="added", correction={**correction, "article_id": found[1]["article_id"]},
                reviewer=self.reviewer, at=datetime.now(UTC), ontology=self.ontology,
            )  # fmt: skip
        assert event is not None  # an added event is there
        self._tell("added", event.event_id, to_json(event))
        return 0

    def _tell(self, verdict: Verdict, event_id: str, event: dict[str, Any] | None) -> None:
        if event is not None:
            from dragoman.cli.tables import console, event_line

            console().print(f"{event_id}  ", event_line(event), sep="")
        print(f"{verdict}: {event_id}", file=sys.stderr)

    def ask(self, ids: Sequence[str]) -> int:
        """Ask about events, one after the other, until they or the answers end."""
        if not ids:
            print("no event to review: all that fit are reviewed, or none fits", file=sys.stderr)
            return 0
        answers = _Answers()
        try:
            for number, event_id in enumerate(ids, 1):
                print(f"{number} of {len(ids)}", file=sys.stderr)
                if not self._ask_one(event_id, answers):
                    break
        finally:
            if answers.heard:
                print(f"{_many(len(self.reviewed), 'event')} reviewed", file=sys.stderr)
        return 0

    def _ask_one(self, event_id: str, answers: _Answers) -> bool:
        """Ask about one event until it is settled; return False to stop."""
        self._show(event_id)
        while (line := answers.read(_PROMPT)) is not None:
            first, _, rest = line.strip().partition(" ")
            answer = first.lower() if first.lower() in _WORDS else _KEYS.get(first.lower())
            if answer == "quit":
                return False
            if answer == "skip" or (answer == "accept" and event_id in self.reviewed):
                return True
            if answer in ("accept", "reject"):
                return self._store(event_id, "accepted" if answer == "accept" else "rejected", None)
            if answer is None:
                print(f'answer with one of {" ".join(_KEYS)}; got "{first}"', file=sys.stderr)
                continue
            value = rest.strip() or answers.read(_HINTS[answer])
            if value is None:
                return False
            name = _FIELDS[answer]
            if self._store(event_id, "corrected", {name: _value(name, value.strip())}):
                self._show(event_id)
        return False

    def _store(self, event_id: str, verdict: Verdict, correction: Mapping[str, Any] | None) -> bool:
        """Store an answer; a mistake in it is told, and False comes back."""
        from dragoman.store import add_review

        try:
            with self.open() as store:
                add_review(
                    store, event_id=event_id, verdict=verdict, correction=correction, reviewer=self.reviewer,
                    at=datetime.now(UTC), ontology=self.ontology,
                )  # fmt: skip
        except UsageError as error:
            print(str(error), file=sys.stderr)
            return verdict != "corrected"
        self.reviewed.add(event_id)
        return True

    def _show(self, event_id: str) -> None:
        from dragoman.cli.tables import print_event
        from dragoman.store import find_reviewed, get_article
        from dragoman.store.queries import find_by_id

        with self.open(read_only=True) as store:
            found = find_by_id(store, event_id)
            rejected = (row for _, row in find_reviewed(store) if row["event_id"] == event_id)
            row = found[1] if found is not None else next(rejected, None)
            if row is not None:
                print_event(row, get_article(store, row["article_id"]))
        sys.stdout.flush()

    def write(self, gold: Path | None, examples: Path | None, names: Sequence[str]) -> int:
        """Write what was said to files."""
        from dragoman.store.gold import iter_examples, make_gold

        with self.open() as store:
            articles, left_out = make_gold(store) if gold is not None else ([], 0)
            lines = list(iter_examples(store, self._names(names))) if examples is not None else []
        if examples is not None:
            if not lines:
                raise UsageError("no event is reviewed yet. Begin: dragoman review")
            _write_lines(examples, lines)
            print(f"{_many(len(lines), 'example')} in {examples}", file=sys.stderr)
        if gold is not None:
            rest = f"{_many(left_out, 'article')} left out, which hold events without a review"
            if not articles:
                raise UsageError(
                    f"no article is reviewed whole; {rest}. Go on: dragoman review --article ARTICLE_ID"
                )
            _write_lines(gold, articles)
            print(f"{_many(len(articles), 'article')} in {gold}; {rest}", file=sys.stderr)
        return 0

    def _names(self, names: Iterable[str]) -> list[str]:
        """Return types and modes, checked."""
        modes = {mode for kind in self.ontology.types.values() for mode in kind.modes}
        return [name if name in modes else self.ontology.get_type(name.upper()).name for name in names]


class _Answers:
    """Lines of standard input; ``heard`` tells whether there was one."""

    def __init__(self) -> None:
        self._lines: Iterator[str] = iter(sys.stdin)
        self.heard = False

    def read(self, prompt: str) -> str | None:
        """Return the next answer, None at the end of input.

        Raises:
            UsageError: There is no terminal and not one answer.
        """
        print(prompt, end="", file=sys.stderr, flush=True)
        line = next(self._lines, None)
        if line is None and not self.heard and not sys.stdin.isatty():
            print(file=sys.stderr)
            raise UsageError(
                "standard input is no terminal and holds no answers. Run it in a terminal, or name an event: "
                "dragoman review EVENT_ID --accept"
            )
        self.heard = True
        if line is None or not sys.stdin.isatty():
            print(file=sys.stderr)
        return line


def _many(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _no_article(words: str) -> UsageError:
    return UsageError(
        f'no article "{words}" (or more than one begins so). Its id stands in: dragoman show EVENT_ID'
    )


def _write_lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write a JSONL file whole or not at all."""
    part = path.with_name(path.name + ".part")
    try:
        part.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise InputError(
            f'"{path}" cannot be written: {error.strerror or error}. Give another file.'
        ) from error
