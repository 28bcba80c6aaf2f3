"""The sector that a state or people named alone has in an event of a type: "Israeli strikes" are the army's, "AFP" as a source is the agency.

In: a reading, the words behind it, its role and the event's type. Out: the reading, with another sector where usage tells it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final, Literal

from dragoman.resolve.actors.compose import Reading
from dragoman.resolve.actors.registry import Registry
from dragoman.resolve.actors.words import tokenize

Role = Literal["actor", "recipient", "said_by"]

_ADJECTIVE_SECTORS: Final = {
    ("ASSAULT", "actor"): "MIL",
    ("MOBILIZE", "actor"): "MIL",
    ("COERCE", "actor"): "MIL",
    ("COOPERATE", "actor"): "MIL",
    ("ASSAULT", "recipient"): "CVL",
    ("COERCE", "recipient"): "CVL",
}
_ARMS: Final = re.compile(
    r"\s+(?:(?:air|naval|drone|missile|military|ground|special|war|rocket|artillery)[\s-]?)*"
    r"(?:strikes?|raids?|planes?|drones?|jets?|shelling|bombings?|missiles?|ships?|warships?|warplanes?|airstrikes?|"
    r"rockets?|artillery|forces|soldiers|troops|tanks?|helicopters?|bombers?|fire|operation|offensive)\b",
    re.I,
)


def as_used(reading: Reading, behind: str, *, role: Role, event_type: str) -> Reading:
    """Give a state or people named alone the sector that it has in such events: "Israeli strikes" are the army's.

    Source: our annotation: 41 of 47 adjectives that are actors of ASSAULT are MIL, 12 of 17 of COOPERATE, 9 of 14 of
    COERCE.

    Args:
        reading: The reading of the mention.
        behind: The text behind the mention.
        role: Its role.
        event_type: Type of the event.
    """
    if reading.sectors != ("GOV",) or reading.head is not None:
        return reading
    is_adjective = any(w.startswith("adjective") for w in reading.why)
    sector = _ADJECTIVE_SECTORS.get((event_type, role)) if is_adjective else None
    if role == "actor" and event_type in ("ASSAULT", "MOBILIZE") and _ARMS.match(behind):
        sector = "MIL"
    if sector is None:
        return reading
    return replace(reading, sectors=(sector,), why=(*reading.why, f"as {role} of {event_type}"))


def as_media(words: str, registry: Registry) -> Reading | None:
    """Return the agency or paper that a speaker's name is: who is quoted as "AFP" is not the army of the Philippines."""
    tokens = tokenize(words)
    for hit in registry.find_names(tokens):
        media = next((e for e in hit.entries if e.kind == "media"), None)
        if media is not None and (hit.first, hit.last) == (0, len(tokens)):
            why = (f'name "{words}" is {media.name}, quoted as a source',)
            return Reading(media.country, media.sectors, media, media.name, why, strength=0.95)
    return None
