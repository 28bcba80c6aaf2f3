"""How many: the figures of an event's sentence that are its own, by kind, as written and as the range they stand for.

In: a ``Draft`` and the other drafts of its sentence. Out: one ``Count`` per kind ("dead", "injured", "arrested",
"displaced", "crowd"). A figure takes its kind from the words around it ("killed 12", "30 people were wounded") and goes
to the nearest event of its sentence that can have it. Conventions: docs/counts.md.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from dragoman.records import Count, Draft, Mention, Span
from dragoman.resolve.counts_words import Figure, find_figures, parse_count, parse_number

__all__ = ["count_mentions", "parse_count", "parse_number", "resolve_counts"]

_DEAD = (
    r"kill(?:ed|ings?|s)?|dead|died|dies?|dying|deaths?|perish(?:ed|ing)|slain|murder(?:ed|ing|s)?|execut(?:ed|ing)|"
    r"massacr(?:ed|ing)|assassinat(?:ed|ing)|behead(?:ed|ing)|slaughter(?:ed|ing)|shot dead|gunn(?:ed|ing) down|"
    r"fatalit(?:y|ies)|bodies|corpses|martyr(?:ed|s)|lynched|hanged|lost (?:their|his|her) li(?:ves|fe)|lives (?:were )?lost|"
    r"(?:took|taken|taking|take|takes|cost|costs|costing|claim(?:ed|s|ing)?)(?: the)? lives(?: of)?|claim(?:ed|ing|s)|lives"
)
_INJURED = r"injur(?:ed|ing|ies|es|e|y)|wound(?:ed|ing|s)?|hurt|maim(?:ed|ing)|hospitali[sz]ed"
_ARRESTED = (
    r"(?:re)?arrest(?:ed|ing|s)?|detain(?:ed|ing|s|ees)?|apprehend(?:ed|ing)|round(?:ed|ing) up|in(?:to)? custody|in handcuffs|"
    r"behind bars|nabbed|jailed|remanded|taken prisoner"
)
_DISPLACED = (
    r"displac(?:ed|ing|es|e)|homeless|uproot(?:ed|ing)|(?:forced|forcing|fled|flee|driven|driving) (?:from )?their (?:homes|villages|houses)|"
    r"(?:to|have|had|has) (?:flee|fled)|from their homes|sent fleeing|evacuees"
)
_CROWD = (
    r"march(?:ed|ing|ers|es)?|ralli(?:ed|es)|rally|rallying|protest(?:ed|ing|ers|ors|s)?|demonstrate|demonstrated|demonstrating|demonstrators|demonstrations?|"
    r"gather(?:ed|ing|s)?|took to the streets|turn(?:ed|ing)? out|attend(?:ed|ing)|join(?:ed|ing)|chant(?:ed|ing)|"
    r"pour(?:ed|ing) (?:in)?to|fill(?:ed|ing)|block(?:ed|ing)|walk(?:ed|ing) out|on strike|took part|taking part|crowd|"
    r"throng(?:ed|ing)|pack(?:ed|ing)|surround(?:ed|ing)|assembl(?:ed|ing)|strikers|converged|besieged|clashed|picketed"
)
_CUES = re.compile(
    rf"\b(?:(?P<dead>{_DEAD})|(?P<injured>{_INJURED})|(?P<arrested>{_ARRESTED})|(?P<displaced>{_DISPLACED})|(?P<crowd>{_CROWD}))"
    r"(?![\w-])", re.I
)  # fmt: skip
# Before the figure: the verb itself, nouns with "of", and what a toll does.
_BEFORE = re.compile(
    rf"\b(?:(?P<dead>{_DEAD}|genocide|massacre|slaughter|executions?)|(?P<injured>{_INJURED})|(?P<arrested>{_ARRESTED})|"
    rf"(?P<displaced>{_DISPLACED})|(?P<crowd>crowds?|(?:protests?|rally|rallies|march(?:es)?|demonstrations?|gathering|strike) (?:by|of)|joined|attended by|drew|draws|"
    r"drawing|involving|led|leading))"
    r"(?:\s(?:of|by))?(?:\s(?:also|of))?(?:\s(?:the|his|her|their|its|all))?\s*$", re.I
)  # fmt: skip
_PASSIVE_BEFORE = re.compile(r"\b(?:was|were|been|being|are|is|died|dead|dies|die)\b[\w\s]{0,20}$", re.I)
_TOLL = re.compile(
    r"\b(?:(?:death )?toll\b[^,;.]{0,70}?|(?:number of (?:the )?(?P<what>dead|deaths|fatalities|people killed|killed|injured|wounded|arrests|"
    r"arrested|displaced)\b[^,;.]{0,40}?))\s(?:to|at|of|is|was|reached|reaches|passed|topped|hit|exceeded|past|surpassed)\s*$", re.I
)  # fmt: skip
_SUBSET = re.compile(
    r"\b(?:including|includes|included|among them|among whom|among (?:the )?dead|of whom|of them|counting)[\s,:]*(?:were\s|was\s|are\s)?(?:at least\s)?$",
    re.I,
)
_RISE = re.compile(r"from\s.+?\sto\s", re.I)  # "the toll rose from 12 to 43" stands for 43
_SUBSET_AFTER = re.compile(
    r"\s(?:of (?:them|whom|the (?:dead|victims|injured|wounded|arrested|detained))|critically|seriously|severely|badly|gravely)\b",
    re.I,
)
_RIVAL = re.compile(r"^(?:\s(?:people|persons))?,?\s(?:according to|says?|said)\b", re.I)
_PUT = re.compile(
    r"\bput (?:the )?(?:figure|number|toll|death toll|count)s? (?:of [\w ]{3,20} )?at\s*$", re.I
)
_CLAIM = re.compile(
    r"\b(?:according to|sa(?:id|ys?)|claim\w*|but|while|whereas|although|though|put|later|revised)\b", re.I
)
# An apposition between a figure and its predicate: "three civilians - a woman and two children - were killed".
_ASIDE = re.compile(r"\s[-–—]\s[^-–—.;:]{3,70}\s[-–—](?=\s(?:was|were|have|had|has|are|died|marched)\b)")
# Where the predicate of a figure can no longer stand.
_BREAK = re.compile(
    r"[;:—]|\s[-–]\s|\b(?:when|after|while|before|because|but|amid|although|though|since|until|where|if|unless|whereas|so that|as (?:they|he|she|it|the|police|troops|forces))\b|,\s(?:who|which|whose)\b", re.I
)  # fmt: skip
_TRANSITIVE = re.compile(
    r"(?:kill|murder|execut|massacr|assassinat|behead|slaughter|wound|injur|hurt|arrest|detain|apprehend|displac|claim|jail)", re.I
)  # fmt: skip
_AUX = re.compile(
    r"\b(?:was|were|been|being|are|is|be|get|got|left|leaves?|leaving|reported(?:ly)?|feared|believed|confirmed|dead|or|and|also|others?)\s+(?:\w+ly\s)?$", re.I
)  # fmt: skip
_AFTER_PARTICIPLE = re.compile(
    r"\s*(?:$|[.,;:)”\"–—-]|(?:in|by|on|at|during|when|after|and|or|since|near|as|this|last|over|for|from|under|outside|inside|"
    r"across|while|with|so|yesterday|today|overnight|late|early|earlier|so far|there|here|that|but|if|because|following|amid|to|"
    r"within|along|between|around|off|before|of|"
    r"Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b|\d)", re.I
)  # fmt: skip
_JOINT = re.compile(r"(?:^|[,\s])(?:and|as well as|along with|plus|together with)\s|,", re.I)
# Totals of longer spells are not those of one event.
_TOTAL = re.compile(
    r"\b(?:(?:so far )?this (?:year|month)|since (?:the (?:start|beginning)|\d{4}|(?:January|February|March|April|May|June|July|August|"
    r"September|October|November|December)\b|last (?:year|month)|then)|(?:in|over|during) (?:the|recent|the past|the last|the previous) "
    r"(?:past |last |previous )?(?:\w+ )?(?:years?|months?|decades?|weeks?)|every year|each year|a year|last year|in recent (?:years|months|weeks))\b", re.I
)  # fmt: skip
_TOTAL_BEFORE = re.compile(r"\bbring(?:s|ing)? to\s*$|\bbrought to\s*$", re.I)
_LONG = re.compile(
    r"\b(?:war|conflict|violence|insurgency|fighting|rebellion|uprising|unrest|crackdown|campaign|protests|struggle|strikes|attacks|raids)\b",
    re.I,
)
_ELSEWHERE = re.compile(
    r"\b(?:after|following|since(?! (?:\d|last|early|late|then))|days after|in connection with|in response to|in retaliation for|in revenge for|in reprisal for|"
    r"accused of|suspected of|charged with|convicted of|anniversary of|responsible for|blamed for|involvement in|linked to)\b", re.I
)  # fmt: skip
# Which types can have a kind: the first that stands in the sentence takes it, the others only where there is none.
_TYPES = {
    "dead": (("ASSAULT", "PROTEST/riot"), ("PROTEST", "COERCE")),
    "injured": (("ASSAULT", "PROTEST/riot"), ("PROTEST", "COERCE")),
    "displaced": (("ASSAULT", "COERCE"),),
    "arrested": (("COERCE/arrest",), ("COERCE", "PROTEST", "ASSAULT")),
    "crowd": (("PROTEST",),),
}


@dataclass(frozen=True, slots=True)
class _Told:
    """A figure, or a list of them, with one kind: offsets into the sentence, and those of the words that tell the kind."""

    start: int
    end: int
    kind: str
    cue_start: int
    cue_end: int


def _kind(match: re.Match[str]) -> str:
    kind = match.lastgroup
    assert kind is not None  # every alternative of the pattern is a named group
    return kind


def _tell_before(text: str, figure: Figure) -> _Told | None:
    """Return the kind that the words right before a figure give it: "killed 12", "the toll rose to 43"."""
    before = text[max(0, figure.start - 110) : figure.start]
    offset = figure.start - len(before)
    rise = _RISE.match(text, figure.start, figure.end)
    toll = re.search(r"\btoll\b(?P<what>)[^,;.]{0,40}$", before) if rise else _TOLL.search(before)
    if toll:
        what = (toll["what"] or "dead").lower()
        kind = _CUES.search(what)
        return _Told(
            rise.end() if rise else figure.start,
            figure.end,
            _kind(kind) if kind else "dead",
            offset + toll.start(),
            offset + toll.end(),
        )
    cue = _BEFORE.search(before)
    if cue is None or _SUBSET.search(before):
        return None
    kind_name = _kind(cue)
    if kind_name in ("dead", "injured", "arrested") and not cue.group().rstrip().endswith(("of", "ing")):
        head = before[: cue.start()]
        if re.search(r"\b(?:was|were|been|being|are|is)\s(?:\w+ly\s)?$", head, re.I) or re.match(
            r"(?:dead|died|dies?)\b", cue.group(), re.I
        ):
            return None
    return _Told(
        figure.start, figure.end, kind_name, offset + cue.start(kind_name), offset + cue.end(kind_name)
    )


def _tell_after(text: str, figure: Figure, until: int, *, next_start: int | None) -> _Told | None:
    """Return the kind that the predicate after a figure gives it: "12 people were killed", "5 dead", "17 arrests"."""
    stop = _BREAK.search(text, figure.end, until)
    crowd: re.Match[str] | None = None
    for cue in _CUES.finditer(text, figure.end, stop.start() if stop else until):
        kind = _kind(cue)
        if kind == "crowd":
            crowd = crowd or (cue if cue.group().lower() not in _NOT_AFTER else None)
            if crowd is not None and not crowd.group().lower().endswith("ers"):
                break  # "hundreds marched and ...": what follows is told of others
            continue
        if next_start is not None and not text[cue.end() : next_start].strip():
            break  # "12 people and wounded 30": the next figure's verb
        fits = _fits(text, figure, cue)
        if fits is None:
            continue
        if not fits:
            break
        return _Told(figure.start, figure.end, kind, cue.start(), cue.end())
    return _Told(figure.start, figure.end, "crowd", crowd.start(), crowd.end()) if crowd is not None else None


_NOT_AFTER = frozenset(
    {"crowd", "protest", "protests", "march", "rally", "demonstration", "demonstrations", "strikers"}
)


def _fits(text: str, figure: Figure, cue: re.Match[str]) -> bool | None:
    """Return whether a cue after a figure tells of it; None to look further, False where it tells of something else."""
    gap, word = text[figure.end : cue.start()], cue.group().lower()
    if re.search(r"\b(?:by|against|not|never|whose|the|over)\s+(?:\w+\s)?$", gap, re.I):
        return None
    if word in (
        "kill",
        "kills",
        "arrest",
        "detain",
        "claims",
        "injure",
        "injures",
        "wound",
        "wounds",
        "displace",
    ) or (word.endswith("ing") and word != "dying"):
        return False
    if _TRANSITIVE.match(word) and word.endswith(("ed", "t")):
        bare = not _AUX.search(gap) and not _AFTER_PARTICIPLE.match(text, cue.end())
        return not bare or _is_adjective(
            text, figure, cue
        )  # "two gunmen killed a soldier" tells of the soldier
    return True


def _is_adjective(text: str, figure: Figure, cue: re.Match[str]) -> bool:
    return (
        not text[figure.end : cue.start()].strip()
        and re.match(r"\s[a-z]+(?:s|men|people|children)\b", text[cue.end() :]) is not None
    )


def _tell_joint(text: str, figure: Figure, floor: int) -> _Told | None:
    """Return the kind of a figure that goes on a list: "killed a policeman and two civilians"."""
    before = text[max(0, figure.start - 90, floor) : figure.start]
    if _BREAK.search(before) or _SUBSET.search(before):
        return None
    beside = re.search(r"\b(?:along with|as well as|together with)\s+(?:the\s)?$", before)
    cues = [c for c in _CUES.finditer(before) if _kind(c) != "crowd"]
    if not cues or not _JOINT.search(before[cues[-1].end() :][-18:]):
        return None
    cue, offset = cues[-1], figure.start - len(before)
    if (beside is None and _PASSIVE_BEFORE.search(before[: cue.start()])) or re.match(
        r"(?:dead|died|deaths)\b", cue.group(), re.I
    ):
        return None
    if len(before) - cue.end() > 70 or re.search(r"\band\s+\w+(?:ed|ing)\s*$", before, re.I):
        return None
    return _Told(figure.start, figure.end, _kind(cue), offset + cue.start(), offset + cue.end())


def _is_part(text: str, start: int, end: int) -> bool:
    """Return whether a figure is a part of one before: "15 dead, 3 of them children"."""
    return (
        _SUBSET_AFTER.match(text, end) is not None
        and re.search(r"[,(–—-]\s?$", text[max(0, start - 3) : start]) is not None
    )


@functools.lru_cache(maxsize=256)  # the events of a sentence ask alike
def find_told(text: str) -> tuple[_Told, ...]:
    """Return the figures of a sentence whose kind its words tell; figures of one predicate are one."""
    text = _ASIDE.sub(lambda m: " " * len(m.group()), text)
    figures = [
        f
        for f in find_figures(text)
        if not _SUBSET.search(text[max(0, f.start - 40) : f.start]) and not _is_part(text, f.start, f.end)
    ]
    told: list[_Told | None] = []
    floor = 0
    for n, figure in enumerate(figures):
        following = figures[n + 1].start if n + 1 < len(figures) else None
        until = min(following if following is not None else len(text), figure.end + 130)
        found = _tell_before(text, figure) or _tell_after(text, figure, until, next_start=following)
        found = found or _tell_joint(text, figure, floor) or _tell_rival(text, figure, told)
        told.append(found)
        floor = figure.end if found is None else floor
    return tuple(_join(text, _share(text, figures, told)))


def _tell_rival(text: str, figure: Figure, told: Sequence[_Told | None]) -> _Told | None:
    """Return the kind of another speaker's figure: "5 dead according to police, 12 according to the opposition"."""
    last = next((t for t in reversed(told) if t is not None), None)
    if last is not None and (_RIVAL.match(text[figure.end :]) or _PUT.search(text[: figure.start])):
        return replace(last, start=figure.start, end=figure.end)
    return None


_LISTED = re.compile(r"(?:\band|,|\bas well as|\balong with|\bor)\s*$")
_UNLISTED = re.compile(r"\b(?:in|at|near|said|says|who|that|was|were|after)\b|\w+ed\s+and\s*$")


def _share(text: str, figures: Sequence[Figure], told: list[_Told | None]) -> list[_Told]:
    """Give a figure without a kind that of the next one in its list: "two officers and five rebels were killed"."""
    for n in range(len(figures) - 2, -1, -1):
        after, gap = told[n + 1], text[figures[n].end : figures[n + 1].start]
        if told[n] is not None or after is None or after.cue_start < figures[n + 1].end or len(gap) >= 60:
            continue
        if _LISTED.search(gap) and not any(p.search(gap) for p in (_CUES, _BREAK, _UNLISTED)):
            told[n] = replace(after, start=figures[n].start, end=figures[n].end)
    return [t for t in told if t is not None]


def _join(text: str, told: Sequence[_Told]) -> Iterator[_Told]:
    """Yield the figures, those that share a predicate in a list as one stretch of words."""
    held: _Told | None = None
    for one in told:
        if (
            held is not None
            and (held.kind, held.cue_start) == (one.kind, one.cue_start)
            and not _CLAIM.search(text[held.end : one.start])
        ):
            gap = text[held.end : one.start]
            if _JOINT.search(gap) and len(gap) < 80:
                held = replace(held, end=one.end)
                continue
        if held is not None:
            yield held
        held = one
    if held is not None:
        yield held


def count_mentions(draft: Draft, others: Iterable[Draft] = ()) -> tuple[Mention, ...]:
    """Return the words of a draft's sentence that say how many, those of its own event only.

    Args:
        draft: The event; its own ``counts``, where the encoder gave some, win over what the sentence says of that kind.
        others: The drafts of the article or sentence; a figure goes to the nearest that can have it.
    """
    text, base = draft.sentence.text, draft.sentence.start
    rivals = [d for d in others if d.sentence.start == base and d is not draft]
    found: list[Mention] = []
    if draft.event_type in ("ASSAULT", "COERCE", "PROTEST") and re.search(r"\d|[a-z]", text):
        for told in find_told(text):
            if _belongs(told, draft, rivals) and not _is_total(told, draft):
                start, end = told.start, told.end
                found.append(Mention(base + start, base + end, text[start:end], told.kind))
        found += [m for m in _of_sides(draft) if all(m.end <= f.start or f.end <= m.start for f in found)]
    return _with_given(draft, found)


def _with_given(draft: Draft, found: list[Mention]) -> tuple[Mention, ...]:
    """Return the encoder's figures, widened to the words found here, then the found ones of kinds it did not give."""
    out: list[Mention] = []
    for given in draft.counts:
        wide = next((f for f in found if f.start < given.end and given.start < f.end), None)
        if wide is not None:
            out.append(replace(wide, confidence=given.confidence))
            found = [f for f in found if f is not wide]
        elif parse_count(given.text) != (None, None):
            out.append(given)
    kinds = {m.kind for m in out if any(m is g for g in draft.counts)}
    out += [f for f in found if f.kind not in kinds]
    return tuple(sorted(out, key=lambda m: m.start))


def _of_sides(draft: Draft) -> list[Mention]:
    """Return the figures at the head of the side that is counted: "Five soldiers" of "were killed"."""
    kind = _kind_of(draft)
    if kind is None:
        return []
    found = []
    text, base = draft.sentence.text, draft.sentence.start
    for side in draft.actors if kind == "crowd" else draft.recipients:
        figure = next((f for f in find_figures(side.text) if f.start == 0), None)
        at = side.start - base
        if (
            figure is None
            or _is_part(text, at, at + figure.end)
            or _SUBSET.search(text[max(0, at - 40) : max(0, at)])
        ):
            continue
        found.append(
            Mention(side.start, side.start + figure.end, side.text[: figure.end], kind, side.confidence)
        )
    return found[:1]


def _kind_of(draft: Draft) -> str | None:
    """Return what an event's own words say of the side it is done to, or of those who protest."""
    if draft.event_type == "PROTEST":
        return "crowd"
    if draft.event_type == "COERCE" and draft.mode == "arrest":
        return "arrested"
    cue = _CUES.search(draft.trigger.text) if draft.event_type == "ASSAULT" else None
    return _kind(cue) if cue is not None and cue["crowd"] is None else None


def _rank(draft: Draft, kind: str) -> int | None:
    """Return how well an event fits a kind: 0 best, None not at all."""
    names = (draft.event_type, f"{draft.event_type}/{draft.mode}")
    return next((n for n, tier in enumerate(_TYPES[kind]) if any(name in tier for name in names)), None)


def _cost(told: _Told, draft: Draft, text: str) -> tuple[int, int]:
    """Return how far an event's trigger stands from a figure and its cue; words that part clauses weigh."""
    start, end = draft.trigger.start - draft.sentence.start, draft.trigger.end - draft.sentence.start
    if start < told.cue_end and told.cue_start < end:
        return (-1, 0)
    own = _CUES.search(draft.trigger.text)
    apart = 40 if own is not None and _kind(own) != told.kind and draft.event_type == "ASSAULT" else 0
    low, high = min(told.start, told.cue_start), max(told.end, told.cue_end)
    gap = text[end:low] if end <= low else text[high:start] if start >= high else ""
    return (_rank(draft, told.kind) or 0, len(gap) + 40 * len(_BREAK.findall(gap)) + apart)


def _belongs(told: _Told, draft: Draft, rivals: Sequence[Draft]) -> bool:
    """Return whether a figure is this event's: no other event of the sentence fits better, and no other clause holds it."""
    if _rank(draft, told.kind) is None:
        return False
    text = draft.sentence.text
    mine = _cost(told, draft, text)
    fitting = (_cost(told, rival, text) for rival in rivals if _rank(rival, told.kind) is not None)
    if any(theirs < mine for theirs in fitting):
        return False
    end = draft.trigger.end - draft.sentence.start
    low = min(told.start, told.cue_start)
    if mine[0] != -1 and end <= low:
        between = text[end:low]
        if _ELSEWHERE.search(between):
            return False
        if mine[0] > 0 and (_ELSEWHERE.search(between) or re.search(r"\b(?:for|over)\b", between)):
            return False
    return True


def _is_total(told: _Told, draft: Draft) -> bool:
    """Return whether a figure sums up a longer spell than the event: "400 people killed this year"."""
    text = draft.sentence.text
    start, end = draft.trigger.start - draft.sentence.start, draft.trigger.end - draft.sentence.start
    if (start < told.cue_end and told.cue_start < end) or _LONG.search(draft.trigger.text):
        return False
    if _TOTAL_BEFORE.search(text[: told.start]):
        return True
    stop = max(told.end, told.cue_end)
    total = _TOTAL.search(text, stop, min(len(text), stop + 70))
    return (
        total is not None
        and not (stop <= start < total.start())
        and not re.search(r"[,;]", text[stop : total.start()])
    )


def resolve_counts(mentions: Sequence[Mention], *, sentence: Span | None = None) -> dict[str, Count]:
    """Return one count per kind: the first written one that reads as a figure.

    Args:
        mentions: Figures with their kinds, in text order.
        sentence: Where they stand; with it a second speaker's figure of a kind widens the range of the first.
    """
    out: dict[str, Count] = {}
    for m in mentions:
        low, high = parse_count(m.text)
        if low is None and high is None:
            continue
        first = out.get(m.kind)
        if first is None:
            out[m.kind] = Count(m.text, m.start, m.end, low, high)
        elif sentence is not None and first.end <= m.start:
            between = sentence.text[first.end - sentence.start : m.start - sentence.start]
            if _CLAIM.search(between):
                out[m.kind] = replace(first, low=_least(first.low, low), high=_most(first.high, high))
    return out


def _least(first: int | None, second: int | None) -> int | None:
    return None if first is None or second is None else min(first, second)


def _most(first: int | None, second: int | None) -> int | None:
    return None if first is None or second is None else max(first, second)
