"""Whether a side's sector is what its words say or what the encoder takes it for in its sentence.

In: the reading of a mention, and the mention with the encoder's guess. Out: a reading. Words of the tables are believed
until the encoder is very sure of something else; where they say nothing, or only by default, the encoder is asked first.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from dragoman.records import Mention
from dragoman.resolve.actors.compose import BRANCH_OF, FOR_A_CAUSE, Reading
from dragoman.resolve.actors.registry import PLACE_KINDS

# Bodies that the tables leave without a sector on purpose: of the annotated sides of the UN 231 have none, 37 are GOV.
_NO_SECTOR: Final = frozenset({"UNO"})
# Least confidence of the encoder to be believed against each kind of evidence, set on the tuning tenth of our newsroom; that of weak words
# also on batches that no encoder had been fitted on.
LEAST: Final = {
    "none": 0.30,
    "body": 0.80,
    "default": 0.50,
    "weak": 0.50,
    "bare": 0.60,
    "words": 0.70,
    "entity": 0.97,
}


def evidence_of(reading: Reading) -> str:
    """Return what a reading's sector rests on: "none", "body", "default", "weak" words, "bare" (a state alone), "words" or "entity"."""
    if not reading.sectors:
        return "body" if reading.country in _NO_SECTOR else "none"
    why = " ".join(reading.why)
    if reading.sectors == ("ELI",):
        return "entity"  # "former" and "ex-" are plain words, and the sentence tells little of the past
    if "a person without an office" in why or why.startswith("pronoun"):
        return "default"
    if reading.entity is not None and reading.entity.kind not in PLACE_KINDS:
        return "entity"
    if any(w.startswith((BRANCH_OF, FOR_A_CAUSE)) for w in reading.why):
        return "entity"
    if reading.head is None:
        return "bare"
    is_weak = reading.head.weight <= 1 and reading.sectors == (reading.head.sector,) != ("CVL",)
    return "weak" if is_weak else "words"


def judge_sector(reading: Reading, mention: Mention) -> Reading:
    """Return the reading with the encoder's sector where that is the better evidence."""
    if mention.sector_confidence <= 0 or mention.sector == next(iter(reading.sectors), None):
        return reading
    evidence = evidence_of(reading)
    if mention.sector_confidence < LEAST[evidence]:
        return reading
    if mention.sector == "ELI" and (
        evidence == "weak" or (evidence == "words" and reading.sectors == ("CVL",))
    ):
        return reading  # a former clerk or teacher held no office
    words = mention.sector or "no sector"
    why = (*reading.why, f"{words} by the sentence ({mention.sector_confidence:.2f})")
    return replace(reading, sectors=(mention.sector,) if mention.sector else (), why=why)
