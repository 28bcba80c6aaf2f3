"""Words that several commands share: inputs, dates, filters and settings from flags."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from dragoman.answer.asking import check_quads
from dragoman.answer.asking import to_day as to_day
from dragoman.answer.asking import to_moment as to_moment
from dragoman.config import Loaded, load_settings
from dragoman.errors import InputError, UsageError
from dragoman.ontology import Ontology, load_ontology
from dragoman.ontology.regions import get_region
from dragoman.store import EventFilter

# A file, a folder, or "-", which would else be taken for an option; ``check_inputs`` refuses the real ones.
Input = Annotated[str, Parameter(allow_leading_hyphen=True)]


def check_inputs(inputs: Sequence[str], command: Callable[..., int]) -> None:
    """Check that a command was given something to read, and that none of it is a misspelt option.

    Raises:
        UsageError: There is nothing, or an option that the command does not have.
    """
    name = command.__name__
    if not inputs:
        raise UsageError(f'nothing to read. Give a file, a folder, or "-": dragoman {name} page.txt')
    for words in inputs:
        if words.startswith("-") and words != "-":
            options = ["--" + p.replace("_", "-") for p in inspect.signature(command).parameters]
            near = difflib.get_close_matches(words, options, n=1)
            hint = f' Did you mean "{near[0]}"?' if near else ""
            raise UsageError(f'"{words}" is not an option of {name}.{hint} See: dragoman {name} --help')


def settings_with(**flags: object) -> Loaded:
    """Return the settings with flags put on top; names are "group__name"."""
    return load_settings(flags={name.replace("__", "."): value for name, value in flags.items()})


def taught_file(loaded: Loaded) -> str:
    """Return the file of taught types, empty where there is none; one that was asked for must be there.

    Raises:
        InputError: The settings name a file that does not exist.
    """
    name = loaded.settings.parse.taught
    if name and not Path(name).exists():
        if "parse.taught" in loaded.origins:
            raise InputError(
                f'the file of taught types "{name}" does not exist. Make it: dragoman teach --help'
            )
        return ""
    return name


def current_ontology(loaded: Loaded) -> Ontology:
    """Return the codes, with the types that the user taught.

    Raises:
        ModelError: The taught types cannot be read or belong to another encoder.
    """
    taught = taught_file(loaded)
    if not taught:
        return load_ontology()
    from dragoman.parse.model import PACKAGED, check_files, read_card
    from dragoman.parse.taught import read_taught
    from dragoman.pipeline import with_taught

    model = Path(loaded.settings.parse.model) if loaded.settings.parse.model else PACKAGED
    digest = check_files(model, read_card(model))
    return with_taught(load_ontology(), read_taught(Path(taught), model_digest=digest))


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Asked:
    """What a command looks for among stored events or incidents; each field is a flag of it.

    Parameters
    ----------
    actor
        A country (IRN), country and sector (IRN/MIL), or words of a name.
    recipient
        The same, for the recipient.
    type
        Event types, separated by commas.
    since
        First day, month or year of what happened.
    until
        Last day of it.
    place
        Words of the place's name.
    country
        Country of the place or of any side.
    status
        actual, future, hypothetical or negated.
    min_confidence
        Least confidence of the type, 0 to 1; of an incident, that of one of its events.
    quad
        Quad class: 1 verbal, 2 material cooperation; 3 verbal, 4 material conflict. Repeat it for several.
    region
        Region of the world, such as "Western Asia": of the place's country, without one of the sides' countries. Repeat it for several.
    outlet
        Words of the name of an outlet that reports it.
    min_sources
        Least number of newsrooms that report it; of an event, its incident.
    as_of
        The state of knowledge at the end of that day, or at a moment such as 2024-05-31T12:00.
    """

    actor: str | None = None
    recipient: str | None = None
    type: Annotated[list[str] | None, Parameter(negative="")] = None
    since: str | None = None
    until: str | None = None
    place: str | None = None
    country: str | None = None
    status: str | None = None
    min_confidence: float | None = None
    quad: Annotated[list[int] | None, Parameter(negative="")] = None
    region: Annotated[list[str] | None, Parameter(negative="")] = None
    outlet: str | None = None
    min_sources: int | None = None
    as_of: str | None = None


ANYTHING = Asked()


def to_filter(
    asked: Asked = ANYTHING, *, participant: str | None = None, article: str | None = None
) -> EventFilter:
    """Return a filter from flags, with its codes checked.

    Raises:
        UsageError: A date or number is not one.
        UnknownCode: A type, sector or region does not exist.
    """
    wanted = [t.upper() for many in asked.type or () for t in many.split(",") if t]
    ontology = load_ontology()
    if any(one not in ontology.types for one in wanted):
        ontology = current_ontology(settings_with())
    for one in wanted:
        ontology.get_type(one)
    if asked.status is not None and asked.status not in ("actual", "future", "hypothetical", "negated"):
        raise UsageError(f'--status must be actual, future, hypothetical or negated; got "{asked.status}".')
    if asked.min_confidence is not None and not 0 <= asked.min_confidence <= 1:
        raise UsageError(f"--min-confidence must be from 0 to 1; got {asked.min_confidence}.")
    for side in (asked.actor, asked.recipient, participant):
        if side and "/" in side and side.split("/")[0].isupper():
            ontology.check_sector(side.split("/")[1])
    check_quads("--quad", asked.quad or ())
    if asked.min_sources is not None and asked.min_sources < 1:
        raise UsageError(f"--min-sources must be 1 or more; got {asked.min_sources}.")
    return EventFilter(
        actor=asked.actor, recipient=asked.recipient, participant=participant, event_types=wanted,
        since=to_day("--since", asked.since), until=to_day("--until", asked.until), place=asked.place, country=asked.country,
        status=asked.status, min_confidence=asked.min_confidence, article_id=article,
        quad_classes=tuple(asked.quad or ()), regions=tuple(map(get_region, asked.region or ())), outlet=asked.outlet,
        min_sources=asked.min_sources, as_of=to_moment("--as-of", asked.as_of),
    )  # fmt: skip
