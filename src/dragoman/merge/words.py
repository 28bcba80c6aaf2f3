"""Words as merging compares them: stems of triggers, and the telling words of sentences and articles.

In: text. Out: folded stems and sets of names and numbers. A drill and an exercise are one word here.
"""

from __future__ import annotations

import functools
import re
from typing import Final

_WORD: Final = re.compile(r"[^\W\d_]{3,}")
_TELLING: Final = re.compile(r"(?<![\w.,])(?:[A-Z][\w’'-]*[\w]|\d[\d,.]*\d|\d)(?![\w])")
_START: Final = re.compile(r"(?:^|[.!?:\n“\"]\s*)([A-Z][\w’'-]*)")
_ENDING: Final = re.compile(r"(?:ations?|ments?|ings?|ions?|ers?|ors?|ists?|ed|es|s|e|ly)$")
# Words of one line are one word: what newspapers call the same act.
_LINES: Final = (
    "drill drills exercise exercises manoeuvre manoeuvres maneuver maneuvers wargame wargames",
    "talk talks meeting meetings met meet meets negotiation negotiations summit discuss discussed discussion dialogue consult consultation conference",
    "visit visited visits visiting tour trip arrive arrived arrival travel travelled",
    "attack attacks attacked attacking strike strikes struck raid raided raids assault assaulted storm stormed offensive",
    "bomb bombs bombed bombing bombings blast blasts explosion exploded explode detonate detonated",
    "shell shelled shelling bombard bombarded bombardment pound pounded artillery",
    "kill killed kills killing killers killer carnage stabbed stabbing knifed hacked toll dead died dies death deaths slain murdered murder massacre massacred fatal",
    "wound wounded wounding injure injured injuries injury hurt",
    "shoot shot shooting gunfire gunned fired fire opened",
    "arrest arrested arrests arresting detain detained detention held nabbed apprehended custody seized picked captured capture caught rounded",
    "condemn condemned condemns condemning criticise criticised criticism criticize criticized denounce denounced slam slammed blast deplore deplored lambast lambasted",
    "accuse accused accuses accusing accusation blame blamed blames allege alleged allegation charge charged",
    "protest protests protested protesting demonstration demonstrated demonstrators demonstrate rally rallied rallies march marched",
    "walkout stoppage downed tools strikers",
    "sentence sentenced jailed jail convicted conviction imprisoned verdict guilty",
    "agree agreed agreement accord deal pact treaty sign signed signing memorandum",
    "ceasefire truce armistice cessation hostilities",
    "suspend suspended suspends shelve shelved freeze froze frozen freezes halt halted",
    "withdraw withdrew withdrawal pull pulled pullout retreat retreated leave left evacuated",
    "deploy deployed deployment send sent dispatch dispatched mobilise mobilised mobilize mobilized reinforce reinforced",
    "ban banned bans outlaw outlawed dissolve dissolved dissolution",
    "expel expelled expulsion deport deported deportation oust ousted",
    "sanction sanctions sanctioned embargo blacklist blacklisted",
    "release released releases freed free freeing",
    "threaten threatened threat threats warn warned warning ultimatum vow vowed",
    "deny denied denies denial reject rejected rejection refuse refused refusal dismiss dismissed",
    "aid donate donated donation relief supply supplied delivered delivery provide provided",
    "call called urge urged urges appeal appealed demand demanded request requested ask asked",
    "support supported supports back backed praise praised welcome welcomed endorse endorsed",
    "kidnap kidnapped kidnapping abduct abducted abduction hostage",
    "quake earthquake tremor",
)
_LINE_OF: Final = {word: f"#{n}" for n, line in enumerate(_LINES) for word in line.split()}


@functools.lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Return a word without its ending, or the name of the line of like words that it stands in.

    Example:
        >>> stem("drills") == stem("manoeuvre"), stem("nationalised")
        (True, 'nationalis')
    """
    lower = word.lower()
    line = _LINE_OF.get(lower)
    if line is not None:
        return line
    cut = _ENDING.sub("", lower)
    return cut if len(cut) >= 3 else lower


def stems(text: str) -> frozenset[str]:
    """Return the stems of a text's words of three letters and more."""
    return frozenset(stem(word) for word in _WORD.findall(text))


def telling(text: str) -> frozenset[str]:
    """Return the names and numbers of a text, folded; a capital at the start of a sentence tells nothing by itself."""
    starts = {m.start(1) for m in _START.finditer(text)}
    inner = {m.group().lower() for m in _TELLING.finditer(text) if m.start() not in starts}
    # A word at a start counts when it is capitalised elsewhere too.
    return frozenset(w.replace("’s", "").replace("'s", "") for w in inner)
