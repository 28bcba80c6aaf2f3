"""Roots of words, so that "stopped" and "stops", "fell" and "falling", "killing" and "killed", "decision" and "decide" are one.

In: a word. Out: its root, a key to compare by and no word of the language. Irregular forms stand in lists of our own; the rest is rules
on endings, undone until none fits, in the manner of Porter (1980), An algorithm for suffix stripping.
"""

from __future__ import annotations

import functools
import re
from typing import Final

# Each item: the base, then its irregular forms and nominalisations, with slashes.
_IRREGULAR: Final = (
    "become/became begin/began/begun bear/bore/borne/born/birth beat/beaten bend/bent bid/bade bind/bound bite/bit/bitten bleed/bled blow/blew/blown "
    "break/broke/broken breed/bred bring/brought build/built burn/burnt buy/bought catch/caught choose/chose/chosen/choice come/came "
    "cling/clung creep/crept deal/dealt dig/dug do/did/done draw/drew/drawn drink/drank/drunk drive/drove/driven eat/ate/eaten fall/fell/fallen "
    "feed/fed feel/felt fight/fought find/found flee/fled/flight fly/flew/flown forbid/forbade/forbidden forget/forgot/forgotten forgive/forgave/forgiven "
    "freeze/froze/frozen get/got/gotten give/gave/given go/went/gone grow/grew/grown/growth hang/hung have/had/has hear/heard hide/hid/hidden "
    "hold/held keep/kept know/knew/known lay/laid lead/led leave/left lend/lent lie/lay/lain light/lit lose/lost/loss/losses make/made "
    "mean/meant meet/met pay/paid/payment plead/pled ride/rode/ridden ring/rang/rung rise/rose/risen run/ran say/said see/saw/seen seek/sought sell/sold/sale/sales "
    "send/sent shake/shook/shaken shine/shone shoot/shot/shots show/shown shrink/shrank/shrunk sing/sang/sung sink/sank/sunk sit/sat sleep/slept slay/slew/slain slide/slid "
    "speak/spoke/spoken/speech speed/sped spend/spent spin/spun spring/sprang/sprung stand/stood steal/stole/stolen stick/stuck "
    "strike/struck/stricken string/strung swear/swore/sworn sweep/swept swim/swam/swum swing/swung take/took/taken teach/taught tear/tore/torn tell/told "
    "think/thought/thoughts throw/threw/thrown undergo/underwent/undergone understand/understood undertake/undertook/undertaken uphold/upheld "
    "wake/woke/woken wear/wore/worn weep/wept win/won wind/wound withdraw/withdrew/withdrawn/withdrawal withhold/withheld withstand/withstood write/wrote/written "
    "overthrow/overthrew/overthrown overtake/overtook/overtaken oversee/oversaw/overseen override/overrode/overridden "
    "arrive/arrival bury/burial refuse/refusal propose/proposal approve/approval deny/denial survive/survival try/trial deploy/deployment decide/decision "
    "collide/collision explode/explosion/explosive invade/invasion erode/erosion divide/division intrude/intrusion persuade/persuasion expel/expulsion "
    "propel/propulsion compel/compulsion extend/extension/extent suspend/suspension apprehend/apprehension comprehend/comprehension expand/expansion "
    "permit/permission admit/admission submit/submission omit/omission commit/commission transmit/transmission "
    "destroy/destruction deceive/deception receive/reception/receipt perceive/perception redeem/redemption resume/resumption assume/assumption consume/consumption presume/presumption "
    "produce/production reduce/reduction introduce/introduction seduce/seduction abolish/abolition acquire/acquisition inquire/inquiry/enquiry require/requisition "
    "resolve/resolution dissolve/dissolution revolve/revolution evolve/evolution solve/solution describe/description prescribe/prescription subscribe/subscription "
    "intervene/intervention convene/convention contravene/contravention detain/detention retain/retention abstain/abstention maintain/maintenance "
    "complain/complaint restrain/restraint constrain/constraint succeed/success/succession proceed/procession concede/concession recede/recession secede/secession "
    "respond/response defend/defence/defense/defensive offend/offence/offense pretend/pretence depart/departure seize/seizure fail/failure close/closure/closed expose/exposure "
    "mix/mixture sign/signature/signing press/pressure confess/confession discuss/discussion oppress/oppression agress/aggression/aggressive "
    "die/dies/died/dying/death/dead/deaths lie/lying tie/tying live/life/lives believe/belief relieve/relief prove/proof grieve/grief choose/choice advise/advice "
    "hate/hatred rob/robbery deliver/delivery discover/discovery recover/recovery marry/marriage carry/carriage analyse/analysis judge/judgement/judgment "
    "weigh/weight high/height long/length strong/strength strengthen poor/poverty free/freedom hot/heat steal/theft thieve/theft "
    "marry/married injure/injury/injuries/injured perjure/perjury "
    "vote/voter elect/election flow/flood speak/spokesman vary/variation apply/application qualify/qualification notify/notification verify/verification ratify/ratification "
    "identify/identification occupy/occupation multiply/multiplication imply/implication testify/testimony bombard/bombardment "
    "man/men woman/women child/children person/people foot/feet wolf/wolves wife/wives knife/knives/knifed thief/thieves leaf/leaves loaf/loaves half/halves"
)  # fmt: skip
_ENDINGS: Final = re.compile(
    r"(?:ization|isation|ings|ing|ment|ments|ness|ations|ation|ions|ion|ers|er|ors|or|ists|ist|ed|ly|ive|ances|ance|ences|ence|[ae]nc|able|ible|al|es|s|e)$"
)
_VOWEL: Final = re.compile(r"[aeiouy]")
_LEAST: Final = 3
# Endings that are part of the word, not an ending: "news", "crisis", "chaos", "princess".
_NOT_PLURAL: Final = re.compile(r"(?:ss|us|is|os)$")


def _table() -> dict[str, str]:
    out: dict[str, str] = {}
    for item in _IRREGULAR.split():
        base, *forms = item.split("/")
        for form in forms:
            out.setdefault(form, base)
    return out


_BASE: Final = _table()


@functools.lru_cache(maxsize=200_000)
def root(word: str) -> str:
    """Return the root of a word, lower case.

    Example:
        >>> root("stopped") == root("stops"), root("fell") == root("falling"), root("nominated") == root("nomination")
        (True, True, True)
        >>> root("killings"), root("threatened") == root("threat")
        ('kil', False)
    """
    own = word.lower()
    own = _BASE.get(own, own)
    while True:
        cut = _cut(own)
        if cut == own:
            return _end(own)
        own = cut


def _cut(word: str) -> str:
    """Return a word without its last ending, or as it is."""
    if word.endswith(("ies", "ied")) and len(word) > 4:
        return word[:-3] + "y"
    if _NOT_PLURAL.search(word):
        return word
    match = _ENDINGS.search(word)
    if match is None:
        return word
    cut, ending = word[: match.start()], match.group()
    if ending in {"isation", "ization"}:
        return cut + "is"
    if len(cut) < _LEAST or not _VOWEL.search(cut):
        return word
    # What is left may be an irregular form itself ("founder" is no "find"): only inflections are looked up again.
    if ending in {"ing", "ings", "ed", "es", "s", "e"} and (base := _BASE.get(cut + "e") or _BASE.get(cut)):
        return base
    return cut


def _end(word: str) -> str:
    """Return a word as a key: "nominat" and "nomin" are one, doubled letters single, y an i."""
    if word.endswith(("at", "iz", "it")) and len(word) >= _LEAST + 3:
        word = word[:-2] + ("is" if word.endswith("iz") else "")
    if len(word) > _LEAST and word[-1] == word[-2]:
        word = word[:-1]
    return word[:-1] + "i" if word.endswith("y") and len(word) > _LEAST else word
