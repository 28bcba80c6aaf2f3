"""Who says it: the speaker of a sentence that reports an event, where the encoder marked none.

In: a ``Draft``. Out: the noun phrase before a reporting verb ("police said", ", the ministry reported") or after
"according to", without a leading article; None where the sentence has no such frame around the event, or where the event
is the statement itself or its actor the speaker. Conventions: docs/counts.md.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from dragoman.records import Draft, Mention

_VERB = (
    r"(?:said|says|say|told|tells|added|adds|reported|reports|report|confirmed|confirms|claimed|claims|stated|states|explained|noted|"
    r"recalled|recounted|maintained|insisted|asserted|wrote|tweeted|posted|disclosed|revealed|testified|argued|announced|asserted|concluded|reckons?|reckoned|estimated?s?|writes|theori[sz]ed)"
)
_AUX = r"(?:(?:has|have|had|also|later|earlier|then|further|however|,\s?however,|separately|reportedly|would|only|yesterday|today|on \w+day|\w+day)\s)*"
_FRAME = re.compile(rf"\b(?=[acdeimnprstw])(?P<verb>{_VERB})\b")
_BEFORE_VERB = re.compile(rf"(?:^|\b){_AUX}$", re.I)
_ACCORDING = re.compile(r"\baccording to\s+", re.I)
_INVERTED = re.compile(
    r"[,”\"’']\s+(?P<verb>said|says|added|reported)\s+"
    r"(?!(?:that|it|he|she|they|in|on|at|to|there|was|were|is|are|by|a day|an hour|\w+ing)\b)(?=[A-Z\w])"
)
# What ends a noun phrase that is read to its right.
_END = re.compile(
    r"[,;:.()\"“”](?:\s|$)|[.!?]?$|\s[-–—]\s|\b(?:who|which|that|said|says|told|on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|"
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|yesterday|today|after|when|while|and that|in a statement|in an interview|as|but|"
    r"were|was|had|has|have|is|are|seen by|released|published|cited|quoted|obtained|in (?:19|20)\d\d)\b"
)
_ARTICLE = re.compile(r"(?:the|a|an)\s+", re.I)
_VERB_INSIDE = re.compile(
    r"\b(?:was|were|is|are|be|been|had|has|have|did|does|do|will|would|could|can|should|must|may|might|not|he said|who|that|which|killed|"
    r"attacked|arrested|when|if|because|what|there|as|after|before)\b", re.I
)  # fmt: skip
_NOT_SPEAKER = re.compile(
    r"(?:this|that|what|which|who|they all|there|you|i|we|one|as|so|if|also|the|a|an|his|her|their|its|on \w+|in \w+|yesterday|today|"
    r"\w+day|earlier|later|meanwhile|however|lines|more|none|nobody|few|many)$", re.I
)  # fmt: skip
_OPENER = re.compile(
    r"^(?:(?:In|At|On|During|By|For|From|After|Before|Until|As of|Earlier|Later|Meanwhile|However|Separately|Also|But|And|Yet|Still|Elsewhere|Last|"
    r"Yesterday|Today|Reached|Asked|Contacted|Speaking|Responding|Addressing|Citing)\b[^,\"“]{0,60},\s+|As\s|\d\d?[:.]\d\d\s[-–—]\s(?:From [^,]{2,40}, )?|(?:But|And|Yet|Meanwhile|Earlier|Also|Later|Still)\s+)", re.I
)  # fmt: skip
_CLOSING_BREAK = re.compile(
    r";|[^”\"]\s(?<=[a-z]{4}\.\s)[A-Z][^”\"]*$|,\s(?:but|while|whereas|although)\b[^”\"]*$"
)
_PRONOUNS = frozenset({"he", "she", "they", "it"})
_BARE_FRAME = re.compile(rf"\W*{_AUX}{_VERB}(?:\s\w+day)?(?:\sthat)?\s", re.I)
# What is told after these is the reporter's own background.
_BACKGROUND = re.compile(
    r",\s(?:for )?(?:which|who|whose)\b[^,]*$|[,-]\s(?:a|an|the|words)\s[^,]*\bthat\b[^,]*$|"
    r"\b(?:linked to|suspected of|accused of|involvement in|blamed for|probe into|inquiry into|since|despite|following|-\sa charge)\b[^,]*$"
)
_REPORTS = re.compile(
    r"(?:^|\b(?:on|by|of|from|confirm|confirmed|deny|denied|are|were|been|to|the|seen|these)\s)(?P<who>(?:(?:recent|media|news|unconfirmed|fresh)\s)?reports?)\s(?=(?:that|of|suggest|indicate|say)\b)",
    re.I,
)
_HEADED = re.compile(
    r"^(?P<who>[^:,.]{0,60}\b(?:spokes\w+|minister|police|president|reports?|officials?|ministry|army|UN))\s?:\s",
    re.I,
)
_NORM = re.compile(
    r"(?:constitution|law|laws|rules?|plans?|schedule|need|means|type|age|tradition|custom)\b", re.I
)
_REPORTED_BREAK = re.compile(r";|[a-z]{3}\.\s+[A-Z]")


def find_speaker(draft: Draft) -> Mention | None:
    """Return who the sentence says reports the event, None for nobody but its own actor.

    Source:
        Annotation guide, ``said_by``: the words naming who reports or claims the event, when the sentence attributes it
        to someone other than its actor.
    """
    text, base = draft.sentence.text, draft.sentence.start
    first, last = draft.trigger.start - base, draft.trigger.end - base
    for start, end in _speakers(text, first, last):
        start, end = _trim(text, start, end)
        if end - start < 2 or _NOT_SPEAKER.match(text[start:end]):
            continue
        if _overlaps(start, end, first, last) or _is_side(draft, base + start, base + end):
            return None
        if _speaks_of_self(draft, text, end):
            return None
        return Mention(base + start, base + end, text[start:end], "said_by", 0.7)
    return None


@dataclass(frozen=True, slots=True)
class _Frame:
    """A reporting verb in lower case; ``start`` is that of its auxiliaries and adverbs."""

    start: int
    end: int
    verb: str


_NEED_THAT = frozenset(
    {"report", "reports", "claims", "states", "noted", "estimated", "estimate", "estimates", "posted"}
)


@functools.lru_cache(maxsize=256)  # the events of a sentence ask alike
def _frames(text: str) -> tuple[_Frame, ...]:
    found = []
    for match in _FRAME.finditer(text):
        verb = match["verb"]
        if text.startswith(" by ", match.end()) or text.endswith("aving ", 0, match.start()):
            continue
        if verb in _NEED_THAT and not text.startswith((" that ", ", "), match.end()):
            continue  # "a report", "a noted lawyer", "an estimated 40"
        near = max(0, match.start() - 40)
        before = _BEFORE_VERB.search(text[near : match.start()])
        start = near + before.start() if before else match.start()
        found.append(_Frame(start, match.end(), verb))
    return tuple(found)


def _speakers(text: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    """Yield where speakers of what is told at ``first``–``last`` may stand, the surest first."""
    for match in _ACCORDING.finditer(text):
        end = _END.search(text, match.end() + 1)
        stop = end.start() if end else len(text)
        between = text[last : match.start()] if match.start() >= last else text[stop:first]
        if _NORM.match(_ARTICLE.sub("", text[match.end() : match.end() + 40], count=1)):
            continue
        if not _overlaps(match.start(), stop, first, last) and not _REPORTED_BREAK.search(between):
            yield match.end(), stop
    for match in _INVERTED.finditer(text, last):
        end = _END.search(text, match.end() + 1)
        if not _CLOSING_BREAK.search(text[last : match.start()]):
            yield match.end(), end.start() if end else len(text)
    for frame in _frames(text):
        if _overlaps(frame.start, frame.end, first, last):
            continue
        yield from _closing(text, frame, last) if frame.start >= last else _opening(text, frame, first)
    for match in _REPORTS.finditer(text, 0, first):
        if first - match.end() < 90 and not _REPORTED_BREAK.search(text[match.end() : first]):
            yield match.start("who"), match.end("who")
    headed = _HEADED.match(text)
    if headed and headed.end() <= first:
        yield headed.start("who"), headed.end("who")


def _closing(text: str, frame: _Frame, last: int) -> Iterator[tuple[int, int]]:
    """Yield the speaker of a frame after the event: "EVENT, police said"; "EVENT, the minister, Ana Ruiz, said"."""
    head = text[last : frame.start]
    comma = max(head.rfind(c) for c in ',”"')
    if comma < 0 or _CLOSING_BREAK.search(head):
        return
    rest = text[frame.end :]
    simple = frame.verb in ("said", "says", "say", "added", "reported", "reports")
    if not simple and (len(rest.split()) > 9 or re.search(r"\bthat\b", rest)):
        return
    if simple and re.match(r"\s+(?:that|it|he|she|they|the|there|a)\s", rest):
        return
    if not head[comma + 1 :].strip():  # an apposition stands before the verb
        quote = max(head.rfind(c) for c in '”"')
        comma = quote if quote >= 0 else _before_apposition(head, comma)
        if comma < 0:
            return
    start = last + comma + 1
    if _VERB_INSIDE.search(text[start : frame.start]) or re.match(r"\s*and\s", text[start:]):
        return
    yield start, frame.start


def _before_apposition(head: str, comma: int) -> int:
    """Return where the speaker begins in ", the ministry's spokesman, Ana Ruiz," whose last comma is given; -1 for nowhere."""
    near = head.rfind(",", 0, comma)
    far = head.rfind(",", 0, near) if near > 0 else -1
    named = re.match(r",\s[A-Z]", head[near:]) is not None
    return (
        far if far >= 0 and named and re.match(r",\s(?:the|a|an|its|his|her|their)\s", head[far:]) else near
    )


def _opening(text: str, frame: _Frame, first: int) -> Iterator[tuple[int, int]]:
    """Yield the speaker of a frame before the event: "Police said (that) EVENT"."""
    verb = frame.verb
    after = text[frame.end : first]
    if _REPORTED_BREAK.search(after) or _BACKGROUND.search(after):
        return
    if verb in ("report", "reports", "claims", "states", "estimates", "estimate") and not re.match(
        r"\s+that\b", after
    ):
        return
    opener = _OPENER.match(text)
    start = opener.end() if opener else 0
    head = text[start : frame.start]
    if len(head) > 140 or not head.strip() or re.search(r"[\"“”;]", head):
        return
    if verb.startswith("report") and re.search(r"\b(?:on|by|of|those|no|as)\s+$", head):
        return
    if re.match(r"\s*,", after):  # "The camp, officials said, was shelled"
        comma = head.rstrip().rfind(",")
        if comma >= 0 and not _VERB_INSIDE.search(head[comma:]):
            yield start + comma + 1, frame.start
        return
    inner = _VERB_INSIDE.search(head)
    if inner is None and re.search(rf"\b{_VERB}\b", head):
        return
    if inner is None:
        together = re.search(r"\band\s*$", head)
        comma = head.find(",")
        if together is None:
            yield start, frame.start
        elif comma > 0:  # "The governor, a native, cut short talks, and told"
            yield start, start + comma
        return
    relative = re.search(r",\s(?:who|which|whose)\b[^,]*,\s*$", head)
    cut = [m.end() for m in re.finditer(r"(?:,\s|\s)(?:and|but)\s+", head) if m.end() > inner.end()]
    if relative and not _VERB_INSIDE.search(head[: relative.start()]):
        yield start, start + relative.start()
    elif cut and not _VERB_INSIDE.search(head[cut[-1] :]):
        yield start + cut[-1], frame.start


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the offsets without blanks, commas, a leading article and words of time at the end."""
    words = text[start:end]
    words_end = re.search(
        r"[\s,]*(?:\b(?:on )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|\b(?:also|later|earlier|yesterday|today))?[\s,]*$",
        words,
    )
    end = start + (words_end.start() if words_end else len(words))
    lead = re.match(r"[\s,]*", text[start:end])
    start += lead.end() if lead else 0
    article = _ARTICLE.match(text, start, end)
    return (article.end() if article else start), end


def _speaks_of_self(draft: Draft, text: str, end: int) -> bool:
    """Return whether the event's actor is the pronoun right after the frame: "Police said they had arrested him"."""
    for actor in draft.actors:
        at = actor.start - draft.sentence.start
        if actor.text.lower() in _PRONOUNS and 0 < at - end < 40 and _BARE_FRAME.fullmatch(text[end:at]):
            return True
    return False


def _overlaps(start: int, end: int, first: int, last: int) -> bool:
    return start < last and first < end


def _is_side(draft: Draft, start: int, end: int) -> bool:
    """Return whether words are the event's own actor, who then speaks of himself; a spokesman of the actor is another."""
    return any(
        _overlaps(start, end, m.start, m.end)
        and (m.start <= start + 4 or m.end - m.start > (end - start) / 2)
        for m in draft.actors
    )
