"""Resolve the actors of one article: what a phrase leaves open is filled from the rest of the article.

In: mentions of drafts. Out: ``Participant``s; each says in ``basis`` what it rests on, and where nothing tells the
country it is None with the reason. Order of the evidence: the phrase itself → who the article introduced by that name →
pronouns and group words → the sentence → the country that the article is about, marked as a last resort.
"""

from __future__ import annotations

import bisect
import collections
import math
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Final

from dragoman.records import Mention, Parsed, Participant, Span
from dragoman.resolve.actors.antecedents import HE_SHE, PRONOUNS, WE, Side, is_body, more_of, office_before
from dragoman.resolve.actors.callings import vote_callings
from dragoman.resolve.actors.compose import RETINUE, Reading
from dragoman.resolve.actors.edges import trim_sides
from dragoman.resolve.actors.groups import Groups
from dragoman.resolve.actors.identity import holder_of, is_other_person, office_day, whole_name
from dragoman.resolve.actors.money import count_money
from dragoman.resolve.actors.owners import (
    is_apart,
    is_foreign_kind,
    is_from_abroad,
    may_borrow,
    other_state,
    owner_of,
)
from dragoman.resolve.actors.people import RELATIVE, Introductions, introduce, is_called_former, retire
from dragoman.resolve.actors.reading import Reader
from dragoman.resolve.actors.registry import ORG_KINDS, PLACE_KINDS, Registry
from dragoman.resolve.actors.sectors import judge_sector
from dragoman.resolve.actors.spots import (
    FROM_SIDE,
    LAST_RESORT,
    NO_STATE,
    Spot,
    find_alien,
    find_home,
    find_spots,
    outlet_country,
)
from dragoman.resolve.actors.usage import Role, as_media, as_used
from dragoman.resolve.actors.words import fold, keys

_COUNTERPART: Final = frozenset({"counterpart", "counterparts", "opposite number"})
# What is quoted and is nobody from somewhere.
_PAPER: Final = frozenset(
    "source sources statement statements report reports document documents letter video footage post communique".split()
)
_BARE: Final = frozenset(
    "the this that its their same such".split()
)  # words before a noun that say nothing of it
_INSIDE: Final = frozenset(
    "in across from inside at near southern northern eastern western central northeastern northwestern "
    "southeastern southwestern throughout around of".split()
)
# How fast a name's vote for the country of what is said fades with distance, and what it is worth everywhere; set by
# reading errors on our newsroom articles.
_NEAR_CHARACTERS, _EVERYWHERE, _LEAST_SHARE = 500.0, 0.12, 0.25
_HIS: Final = re.compile(r"(his|her)\s", re.I)
_CLAUSE: Final = re.compile(
    r",\s+(?:whose|whom|which|where)\b"
)  # what is told in it is told of somebody else
_PLACE_REACH = 35  # characters behind an actor within which "in X" says where it is from


class ActorResolver:
    """Resolves the actors of articles against the registry; owned by a Resolver."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry

    def start(self, parsed: Parsed, *, located: Sequence[tuple[int, str, str]] = ()) -> ArticleActors:
        """Return the resolver of one article, which has read it once.

        Args:
            parsed: The article with its names.
            located: (start, country, name) of places that the registry does not hold, from the gazetteer.
        """
        return ArticleActors(self.registry, parsed, located)


class ArticleActors:
    """Actors of one article; ``countries`` lists the country of every name in it, in text order."""

    def __init__(self, registry: Registry, parsed: Parsed, located: Sequence[tuple[int, str, str]]) -> None:
        self._parsed = parsed
        self._registry = registry
        self._text = parsed.article.text
        self._spots = find_spots(registry, parsed, located)
        self.countries: list[str] = [s.country for s in self._spots]
        self._starts = [s.start for s in self._spots]
        total = len(self.countries)
        share = {c: n / total for c, n in collections.Counter(self.countries).items()}
        lead = parsed.sentences[min(3, len(parsed.sentences)) - 1].end if parsed.sentences else 0
        outlet = outlet_country(registry, parsed.article.outlet)
        self._home = find_home(self._spots, lead, outlet=outlet, money=count_money(self._text))
        self._reader = Reader(
            registry, on=office_day(parsed, registry), share=share, alien=find_alien(self._spots, self._home)
        )
        names = [whole_name(m, self._text) if m.kind == "PER" else m for m in parsed.mentions]
        people = [m for m in names if m.kind in ("PER", "ORG") and not m.text.islower()]
        self._introduced: Introductions = introduce(self._text, people, registry, self._reader)
        self._persons = [m for m in names if m.kind == "PER"]
        self._persons_at = [m.start for m in self._persons]
        self._person_starts = [p.at for p in self._introduced.people]
        self._callings = vote_callings(parsed, self._persons)
        self._sides: list[Side] = []
        self._groups = Groups(self._spots, self._text, registry, self._reader)

    def trim(self, mentions: Sequence[Mention]) -> list[Mention]:
        """Return the sides of one role joined, cut and finished where the encoder erred in their ends."""
        return trim_sides(mentions, self._text, self._registry)

    def resolve(
        self,
        mention: Mention,
        *,
        role: Role,
        sentence: Span,
        event_type: str,
        apart_from: Collection[str] = (),
    ) -> Iterator[Participant]:
        """Yield the participants of a mention: one, or one for each state of "the two sides" and "Iranian and Omani navies".

        Args:
            mention: Words of the article with a role.
            role: The role they play.
            sentence: The sentence they stand in.
            event_type: Type of the event.
            apart_from: Names that a pronoun does not stand for: nobody who praises "her" praises herself.
        """
        words = fold(mention.text.strip())
        last = next((side for side in reversed(self._sides) if side.start < mention.start), None)
        several = self._groups.readings(
            mention, range(last.start, last.start + len(last.text)) if last else None
        )
        if several:
            behind = self._text[mention.end : mention.end + 24]
            for reading, because in several:
                yield self._participant(mention, as_used(reading, behind, role=role, event_type=event_type), because)  # fmt: skip
            return
        if words in PRONOUNS and mention.text.strip() != "US":
            reading = self._speaking(mention, words, sentence) or self._antecedent(
                mention, words, sentence, apart_from
            )
            if not reading.sectors and reading.entity is None and words in HE_SHE:
                reading = self._called(reading, reading.name or "")
            reading = reading if reading.country else self._borrow(reading, mention, sentence)
        else:
            behind = self._text[mention.end : mention.end + 24]
            if role == "said_by" and (named := as_media(mention.text, self._registry)) is not None:
                yield self._participant(mention, named, None)
                return
            more = more_of(mention, role, sentence, self._sides, self._text)
            reading = more or as_used(self._read(mention, sentence), behind, role=role, event_type=event_type)
            if reading.country:
                self._sides.append(Side(mention.start, reading, mention.text, role))
        yield self._participant(mention, judge_sector(reading, mention), None)

    def _participant(self, mention: Mention, reading: Reading, because: str | None) -> Participant:
        entity = reading.entity
        why = [*([because] if because else []), *reading.why]
        if reading.country is None:
            why.append("country not known: neither the words nor the article tell it")
        confidence = round(max(0.05, min(0.99, reading.strength or 0.2)) * mention.confidence, 4)
        named = entity if entity is not None and entity.kind in (*ORG_KINDS, "person", "country") else None
        return Participant(
            text=mention.text, start=mention.start, end=mention.end,
            entity_id=named.entity_id if named is not None else None,
            name=reading.name, country=reading.country, sectors=reading.sectors, basis="; ".join(why),
            confidence=confidence,
        )  # fmt: skip

    def _read(self, mention: Mention, sentence: Span) -> Reading:
        person = self._person_in(mention)
        name = (person.start - mention.start, person.end - mention.start) if person is not None else (0, 0)
        words = mention.text if person is not None else self._groups.whole_name(mention.text)
        reading = self._reader.around(words, *name) or Reading()
        if reading.entity is not None and reading.entity.kind in PLACE_KINDS and self._is_full_name(mention):
            reading = Reading(name=mention.text, is_name=True)  # Jordan Henderson is not Jordan
        entity = reading.entity
        if person is not None and entity is not None and entity.kind == "person":
            if is_other_person(person.text, entity, self._registry):
                reading = self._introduced.find(person.text) or Reading(name=person.text, is_name=True)
            elif reading.sectors[:1] == ("GOV",) and self._introduced.is_former(person.text):
                reading = retire(reading)
        if person is not None and reading.head is not None:
            full = self._introduced.parts.get(fold(person.text), person.text)
            aide = reading.head.word in RETINUE and self._introduced.is_former(full)
            reading = retire(reading) if aide or is_called_former(mention.text[: name[0]]) else reading
        if person is not None and reading.entity is None:
            reading = self._as_holder(reading, person)
        if reading.entity is None and (reading.is_name or reading.name):
            reading = self._as_introduced(reading, reading.name or mention.text)
        if reading.head is not None and reading.head.word in _COUNTERPART:
            reading = self._counterpart(reading, mention)
        if not reading.country or not reading.sectors:
            reading = self._apposed(reading, mention)
        if reading.country is None:
            reading = self._from_role(reading, mention)
        reading = self._as_person(reading, mention)
        return reading if reading.country is not None else self._borrow(reading, mention, sentence)

    def _as_holder(self, reading: Reading, person: Mention) -> Reading:
        """Let a title and a surname be who holds that office, unless the article names another of that surname in full."""
        if reading.head is None or " " in person.text or self._introduced.has_full_name(person.text):
            return reading
        holder = holder_of(
            reading.head.word, person.text, self._registry, on=self._reader.on, country=reading.country
        )
        if holder is None or (reading.country is None and holder.country not in self.countries):
            return reading
        why = (*reading.why, f'"{person.text}" is {holder.name}, {holder.office}')
        return replace(
            reading, country=holder.country, sectors=holder.sectors or reading.sectors, entity=holder, name=holder.name, why=why,
            strength=max(reading.strength, 0.85),
        )  # fmt: skip

    def _is_full_name(self, mention: Mention) -> bool:
        """Return whether the whole mention is a person's full name, or the surname of one named in full before."""
        person = self._person_in(mention)
        if person is None or person.text != mention.text:
            return False
        return " " in mention.text or self._introduced.has_full_name(mention.text)

    def _person_in(self, mention: Mention) -> Mention | None:
        """Return the last person's name inside a mention."""
        last = bisect.bisect_left(self._persons_at, mention.end)
        person = self._persons[last - 1] if last else None
        return (
            person
            if person is not None and mention.start <= person.start and person.end <= mention.end
            else None
        )

    def _as_person(self, reading: Reading, mention: Mention) -> Reading:
        """Take a named person without an office for what the article's sentences take him for, else for a civilian."""
        if reading.sectors or reading.entity is not None or not self._introduced.is_person(mention.text):
            return reading
        return self._called(reading, mention.text)

    def _called(self, reading: Reading, name: str) -> Reading:
        """Give a person without an office the sector that the sentences about him agree on."""
        sector, share = self._callings.get(keys(name)[-1] if keys(name) else "", ("CVL", 0.0))
        if sector == "CVL":
            why = "a person without an office in the article"
        else:
            why = f"{sector} by the sentences about this person ({share:.2f})"
        return replace(reading, sectors=(sector,), why=(*reading.why, why))

    def _borrow(self, reading: Reading, mention: Mention, sentence: Span) -> Reading:
        """Fill the country from the surroundings, the surest first."""
        if not may_borrow(reading) or is_from_abroad(mention.text, reading):
            return reading
        if not reading.is_name and keys(mention.text)[-1:] and keys(mention.text)[-1] in _PAPER:
            return replace(reading, why=(*reading.why, "a paper or an unnamed source has no country"))
        named = self._spots_near(mention, sentence)
        head = reading.head.word if reading.head is not None else None
        if is_apart(mention.text, head, named, self._text, mention.start):
            other = other_state(mention.text, named, mention.start, self.countries)
            why = f"the other state that is told of: {other}" if other else "of other states than those named"
            return replace(
                reading, country=other, why=(*reading.why, why), strength=0.5 if other else reading.strength
            )
        owner = owner_of(mention.text, self._text, mention.start, named)
        if owner is None and (his := _HIS.match(mention.text)) is not None:
            reading = self._of_person(reading, mention, fold(his.group(1)))
            if reading.country is not None:
                return reading
        return (
            self._borrowed(reading, mention, (owner,) if owner else (), "belongs to", 0.6)
            or self._from_place(reading, mention, sentence)
            or (self._from_side(reading, mention, sentence) if is_foreign_kind(reading) else None)
            or self._from_home(reading)
            or self._from_side(reading, mention, sentence)
            or self._from_text(reading, mention.start)
            or reading
        )

    def _of_person(self, reading: Reading, mention: Mention, word: str) -> Reading:
        """Let "his government" be of the country of the last person named before it, if the article tells that one's."""
        last = bisect.bisect_left(self._person_starts, mention.start)
        other = "m" if word == "her" else "f"
        person = next(
            (p.reading for p in reversed(self._introduced.people[:last]) if p.gender != other), None
        )
        if person is None or person.country is None or person.country in NO_STATE:
            return reading
        why = (*reading.why, f"{word} is that of {person.name}")
        return replace(reading, country=person.country, why=why, strength=0.6)

    def _as_introduced(self, reading: Reading, name: str) -> Reading:
        """Fill a name from where the article introduced it."""
        known = self._introduced.find(name)
        if known is None or known is reading:
            return reading
        why = f'"{name}" was introduced: {"; ".join(known.why) or known.name}'
        is_vague = reading.head is not None and reading.head.weight <= 1  # "Sheikh" says less than ", an MP"
        return replace(
            reading,
            country=reading.country or known.country,
            sectors=known.sectors if is_vague and known.sectors else reading.sectors or known.sectors,
            entity=reading.entity or known.entity,
            name=known.name or reading.name,
            why=(*reading.why, why),
            head=reading.head or known.head,
            strength=max(reading.strength, 0.9 * known.strength),
        )

    def _counterpart(self, reading: Reading, mention: Mention) -> Reading:
        """Give a counterpart the sector of the person named before it."""
        before = [s for s in self._sides if s.start < mention.start and s.reading.sectors]
        if not before:
            return reading
        sectors = before[-1].reading.sectors
        return replace(reading, sectors=sectors, why=(*reading.why, f'counterpart of "{before[-1].text}"'))

    def _apposed(self, reading: Reading, mention: Mention) -> Reading:
        """Read what stands in an apposition or brackets right behind the mention."""
        behind = self._text[mention.end : mention.end + 90]
        match = re.match(r"\s*[,(]\s*(?:the\s+|a\s+|an\s+)?([^,;:.()“”\"\n]{3,70})[,).]", behind)
        if match is None or RELATIVE.intersection(keys(match.group(1))[:1]):
            return reading
        other = self._reader(match.group(1))
        if other is None or other.head is None or other.head.kind not in ("person", "people", "org"):
            return reading
        if other.country is None and not other.sectors:
            return reading
        return replace(
            reading,
            country=reading.country or other.country,
            sectors=reading.sectors or other.sectors,
            why=(*reading.why, f'apposition "{match.group(1)}"'),
            strength=max(reading.strength, 0.8 * other.strength),
        )

    def _from_role(self, reading: Reading, mention: Mention) -> Reading:
        """Let "the minister" be the last person introduced with that title, and "the council" the last body of that name."""
        if reading.head is None or reading.name is not None:
            return reading
        if reading.head.kind == "org":
            return self._from_body(reading, reading.head.word, mention)
        last = bisect.bisect_left(self._person_starts, mention.start)
        for person in (p.reading for p in reversed(self._introduced.people[:last])):
            if person.country and person.head is not None and person.head.word == reading.head.word:
                why = (*reading.why, f'"{mention.text}" is {person.name}')
                return replace(
                    reading, country=person.country, name=person.name, entity=person.entity, why=why, strength=0.7
                )  # fmt: skip
        return reading

    def _from_body(self, reading: Reading, word: str, mention: Mention) -> Reading:
        """Let a bare noun for a body be the body that the article named so."""
        if [w for w in keys(mention.text) if w not in _BARE] != [*keys(word)]:
            return reading
        body = self._introduced.body_before(mention.start, fold(word), reading.sectors)
        if body is None:
            return reading
        return replace(
            reading,
            country=body.country,
            sectors=body.sectors or reading.sectors,
            name=body.name,
            entity=body.entity,
            why=(*reading.why, f'"{mention.text}" is {body.name}'),
            strength=0.75 * body.strength,
        )

    def _from_place(self, reading: Reading, mention: Mention, sentence: Span) -> Reading | None:
        """Take the country of the nearest "in X" of the sentence."""
        spots = [
            s
            for s in self._spots_near(mention, sentence)
            if self._is_where(s)
            and -20 < s.start - mention.end < _PLACE_REACH
            and not _CLAUSE.search(self._text[mention.end : s.start])
        ]
        return self._borrowed(reading, mention, spots, "place in the sentence", 0.6)

    def _from_side(self, reading: Reading, mention: Mention, sentence: Span) -> Reading | None:
        """Take the country of the nearest name of the sentence."""
        if reading.is_name:
            return None
        return self._borrowed(reading, mention, self._spots_near(mention, sentence), FROM_SIDE, 0.5)

    def _borrowed(
        self, reading: Reading, mention: Mention, spots: Sequence[Spot], what: str, strength: float
    ) -> Reading | None:
        if not spots:
            return None
        # Towns and regions say where; names of states in a sentence are often those of the other side.
        inner = [s for s in spots if s.kind not in ("country", "people", "ethnic", "person")]
        spot = min(inner or spots, key=lambda s: abs(s.start - mention.start))
        why = (*reading.why, f"{what}: {spot.name}")
        return replace(reading, country=spot.country, why=why, strength=strength)

    def _is_where(self, spot: Spot) -> bool:
        before = self._text[max(0, spot.start - 16) : spot.start].rstrip().rsplit(" ", 1)[-1].lower()
        return spot.kind in PLACE_KINDS | {"place"} and before in _INSIDE

    def _spots_near(self, mention: Mention, sentence: Span) -> list[Spot]:
        """Return the states named in the sentence outside the mention."""
        first, last = (
            bisect.bisect_left(self._starts, sentence.start),
            bisect.bisect_left(self._starts, sentence.end),
        )
        return [
            s
            for s in self._spots[first:last]
            if s.country not in NO_STATE and not mention.start <= s.start < mention.end
        ]

    def _from_home(self, reading: Reading) -> Reading | None:
        """Take the country at home in which the article seems to be written, and say that it is a last resort."""
        if self._home is None:
            return None
        country, share = self._home
        why = (*reading.why, f"{LAST_RESORT}: the article is mainly about {country}")
        return replace(reading, country=country, why=why, strength=0.2 + 0.5 * share)

    def _from_text(self, reading: Reading, at: int) -> Reading | None:
        """Take the country that the text around is about; names near count more, those before more than those behind."""
        votes: dict[str, float] = collections.defaultdict(float)
        for spot in self._spots:
            if spot.country not in NO_STATE and spot.kind != "person":
                distance = at - spot.start if spot.start <= at else 2.0 * (spot.start - at)
                votes[spot.country] += _EVERYWHERE + math.exp(-distance / _NEAR_CHARACTERS)
        if not votes:
            return None
        country, most = max(votes.items(), key=lambda v: v[1])
        share = most / sum(votes.values())
        if share < _LEAST_SHARE:
            return None
        why = (*reading.why, f"{LAST_RESORT}: the text around is mainly about {country}")
        return replace(reading, country=country, why=why, strength=0.2 + 0.4 * share)

    def _speaking(self, mention: Mention, word: str, sentence: Span) -> Reading | None:
        """Return the reading of who says "we" in a sentence, where the sentence names its speaker."""
        if word not in WE:
            return None
        said = [
            m
            for draft in self._parsed.drafts
            if draft.sentence.start < sentence.end and sentence.start < draft.sentence.end
            for m in draft.said_by
            if fold(m.text.strip()) not in PRONOUNS and not m.start < mention.end <= m.end
        ]
        if not said:
            return None
        speaker = min(said, key=lambda m: abs(m.start - mention.start))
        reading = self._read(speaker, sentence)
        if reading.country is None or not reading.sectors:
            return None
        why = (f'"{mention.text}" is the speaker "{speaker.text}"', *reading.why)
        return replace(reading, why=why, strength=0.8 * reading.strength)

    def _antecedent(
        self, mention: Mention, word: str, sentence: Span, apart_from: Collection[str]
    ) -> Reading:
        """Return the reading of a pronoun's antecedent: the last person named, or the last one of the sentence told by office.

        Source: principle B of Chomsky's binding theory (1981): a plain pronoun is not bound in its own clause.
        """
        if word in HE_SHE or word in WE:
            last = bisect.bisect_left(self._person_starts, mention.start)
            other = HE_SHE.get(word, "")
            before = [
                p.reading
                for p in self._introduced.people[:last]
                if p.reading.name not in apart_from and p.gender != other
            ]
            named = self._person_starts[last - 1] if last else -1
            office = office_before(mention, sentence, self._sides, named, apart_from) if word not in WE else None  # fmt: skip
            if office is not None:
                return replace(office.reading, why=(f'"{mention.text}" is "{office.text}"', *office.reading.why),
                               strength=0.7 * office.reading.strength)  # fmt: skip
            if before:
                person = before[-1]
                return replace(
                    person,
                    why=(f'"{mention.text}" is {person.name}', *person.why),
                    strength=0.8 * person.strength,
                )
        sides = [
            s for s in self._sides
            if s.start < mention.start and not {s.reading.name, s.text} & {*apart_from} and not (word in HE_SHE and is_body(s))
        ]  # fmt: skip
        if sides and word not in WE:
            side = sides[-1]
            return replace(side.reading, why=(f'"{mention.text}" is "{side.text}"', *side.reading.why),
                           strength=0.6 * side.reading.strength)  # fmt: skip
        guess = Reading(sectors=("GOV",), why=(f'pronoun "{mention.text}"',))
        return self._from_home(guess) or self._from_text(guess, mention.start) or guess
