"""The words of figures: what "at least a dozen" or "a woman and her two sons" stands for, and where figures of people stand.

In: words, or a sentence. Out: a low and a high end (None is open), or ``Figure``s in text order. Ages, years, money,
shares, times, distances, ranks and counted things are no figures of people. Conventions: docs/counts.md.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SCALES = {
    "hundred": 100, "thousand": 1_000, "k": 1_000, "lakh": 100_000, "million": 1_000_000, "m": 1_000_000,
    "mn": 1_000_000, "crore": 10_000_000, "billion": 1_000_000_000, "bn": 1_000_000_000,
}  # fmt: skip
_SCALES |= {"lakhs": 100_000, "crores": 10_000_000}
_GROUPS = {"dozen": 12, "score": 20, "couple": 2, "pair": 2, "twin": 2, "twins": 2, "both": 2, "trio": 3}
_WORDS = {w: n for n, w in enumerate(_ONES)} | {w: 10 * n for n, w in enumerate(_TENS, 2)}
# Vague plurals: the least they can mean; nothing bounds them from above but the next one.
_VAGUE = {
    "several": 3, "some": 2, "many": 3, "few": 2, "handful": 3, "dozens": 24, "scores": 40, "tens": 20,
    "hundreds": 200, "thousands": 2_000, "millions": 2_000_000,
}  # fmt: skip
# No count of people is larger; what is comes from other digits, and would not fit the store's 64 bits for long.
_LARGEST = 10_000_000_000
_TOKEN = re.compile(r"\d{1,3}(?:,\d{2,3})+(?!\d)|\d+(?:\.\d+)?|[a-z]+", re.I)
_DECIMAL_COMMA = re.compile(r"\b(\d{1,3}),(\d{1,2})(?=\s?(?:million|billion|mn|bn|m)\b)", re.I)

_LEAST = re.compile(
    r"\b(?:at least|at the least|no fewer than|no less than|not less than|not fewer than|more than|over|upwards? of|"
    r"a minimum of|minimum of|exceed\w*|in excess of|above)\b", re.I
)  # fmt: skip
_MOST = re.compile(
    r"\b(?:up to|at most|at the most|fewer than|less than|under|below|no more than|not more than|as many as|"
    r"a maximum of|maximum of)\b", re.I
)  # fmt: skip
_NEARLY = re.compile(r"\b(?:nearly|almost|just under|just short of|just below)\b", re.I)
_UNKNOWN = re.compile(
    r"\b(?:unknown|unspecified|undisclosed|undetermined|unconfirmed|large|small|growing) number\b", re.I
)
_PART = re.compile(
    r",?\s*\b(?:including|among them|among whom|most of them|many of them|some of them|of whom|of which)\b|"
    r",\s*(?:mostly|mainly|largely)\b", re.I
)  # fmt: skip

_CARDINAL = "|".join(sorted((w for w in _WORDS if w != "zero"), key=len, reverse=True))
_SMALL = rf"(?:{_CARDINAL})(?:-(?:{_CARDINAL}))?"
_BIG = r"hundred|thousand|million|billion|lakhs?|crores?"
_DIGITS = (
    r"(?:\d{1,3}(?:,\d{2,3})+(?!\d)|\d{1,3},\d{1,2}(?=\s?(?:million|billion|m|mn|bn)\b)|\d+(?:\.\d+)?(?!\d))"
)
_NUMBER = (
    rf"(?:{_DIGITS}(?:\s(?:{_BIG}|dozen)|\s?(?:million|billion|mn|bn|m|k)\b)?"
    r"|(?:tens|dozens|scores|hundreds|thousands|millions)(?: of (?:hundreds|thousands|lakhs|millions))?"
    rf"|half a (?:{_BIG}|dozen)"
    rf"|(?:several|a few|few|an?|a couple(?: of)?|{_SMALL})\s(?:{_BIG}|dozen|score)"
    rf"(?:\s(?:{_BIG}))?(?:\s(?:and\s)?{_SMALL}(?:\shundred)?(?:\s(?:and\s)?{_SMALL})?)?"
    rf"|{_SMALL}(?:\sdozen)?|several|a handful|a few)"
)
_QUALIFIER = (
    r"(?:at least|at most|at the very least|no fewer than|no less than|not less than|no more than|not more than|more than|"
    r"fewer than|less than|upwards? of|in excess of|over|under|up to|as many as|as few as|about|around|roughly|"
    r"approximately|some|an estimated|estimated|nearly|almost|close to|just under|just over|well over|only|just|"
    r"another|an additional|a further|a total of|a maximum of|a minimum of|possibly|the other|other)"
)
# Tried on lower case: without "ignore case" a letter that begins none of the words is passed over at once.
_FIRST = (
    r"(?=\d|(?:a|an|the|at|no|not|more|fewer|less|upwards?|in|over|under|up|as|about|around|roughly|approximately|some|estimated|"
    r"nearly|almost|close|just|well|only|another|possibly|other|between|from|both|twins|half|several|few|tens|dozens|scores|"
    rf"hundreds|thousands|millions|{_CARDINAL})\b)"
)
_FIGURE = re.compile(
    rf"(?<![\w$€£¥₹#/+.,:'’-]){_FIRST}(?<![$€£¥₹#] )(?<!\bno )"
    rf"(?:{_QUALIFIER}\s+)*"
    r"(?:"
    rf"between\s+{_NUMBER}\s+and\s+{_NUMBER}|from\s+{_NUMBER}\s+to\s+{_NUMBER}|"
    rf"{_NUMBER}(?:\s?[-–—]\s?{_NUMBER}|\s+(?:or|to)\s+(?:more than\s+)?{_NUMBER}|,\s+(?:possibly|perhaps|maybe|if not)\s+{_NUMBER})?|"
    rf"(?:a|the)\sfamily\sof\s(?:{_QUALIFIER}\s+)*{_NUMBER}|"
    r"(?:both|(?:a|the)\s(?:\w+\s)?(?:couple(?! of)|pair|trio|twins)|twins|a couple of|a pair of)"
    r")(?![\w%°/]|[.:,]\d|-\w|’?'?s\b|\s?[$€£¥₹%])"
)

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Sept?|Oct|Nov|Dec"
# What a number after these words stands for is a name, a day, an age or a sum.
_NAMED = re.compile(
    rf"\b(?:{_MONTHS}|Resolution|Article|Section|Chapter|Route|Highway|Flight|Boeing|Airbus|Order|Act|Law|No|Number|Page|"
    r"Part|Phase|Channel|Unit|Area|Zone|Camp|Gate|Room|Level|Class|Group|Year|Day|Rs|INR|USD|EUR|GBP|US|A|"
    r"Group of|Case|Protocol|Bill|Decree|Brigade|Division|Sector)\.?\s$|\b(?:aged?|ages|age of|in|since|until|by|of early|of late|"
    r"category|magnitude|chapter|article|section|paragraph|number|page|room|gate|calibre|caliber)\s$"
)
_NAME_BEFORE = re.compile(r"[A-Z][\w'’.-]+(?:, | \()$")
_NAMED_IN = re.compile(r"\b(?:in|since|until|by)\s$")
_UNIT = re.compile(
    rf"[\s-]*(?:{_MONTHS})\b|[\s-]*(?:(?:more|other|consecutive|straight|square|cubic|metric|nautical|US|U\.S\.|Australian|Canadian|Hong Kong|long|"
    r"whole|full|further|separate|different|such|full|prison|jail)\s)*"
    r"(?:percent|per\s?cent|percentage|pct|points?|seconds?|minutes?|mins?|hours?|hrs?|days?|nights?|weeks?|weekends?|months?|years?|"
    r"decades?|centur(?:y|ies)|a\.?m\b|p\.?m\b|o'clock|o’clock|GMT|UTC|local time|km|kms|kilomet(?:er|re)s?|miles?|met(?:er|re)s?|"
    r"feet|foot|ft|yards?|inch(?:es)?|cm|mm|kg|kilos?|kilogram(?:me)?s?|grams?|tons?|tonnes?|lit(?:er|re)s?|gallons?|barrels?|"
    r"acres?|hectares?|degrees?|dollars?|euros?|pounds?|cents?|rupees?|pesos?|rand|yen|yuan|won|naira|shillings?|"
    r"dirhams?|riyals?|liras?|rubles?|roubles?|francs?|kronor|kroner|crowns|times|calib(?:er|re)|volts?|watts?|megawatts?|"
    r"counts?|charges?|rounds?|votes?|seats?|goals?|occasions?|stages?|phases?|thirds?|quarters?|halves|fifths?|tenths?|in ten)\b"
    r"|\s?(?:°|½|¼)",
    re.I,
)
# Counted things and bodies: their figure is not one of people.
_THINGS = frozenset(
    """aircraft airports airstrikes ambulances animals apartments areas attacks attempts banks barracks bases battles
    blasts boats bombings bombs boxes bridges buildings bullets buses camels camps cars cases cattle checkpoints churches
    cities clashes colleges companies convoys councils countries cows crimes deals departments devices districts dogs drones
    elections embassies episodes establishments explosions explosives factories families fires firms flights fronts
    goats governorates grenades groups guns helicopters homes horses hospitals hostels hotels houses households huts incidents injunctions
    institutions islands issues jets languages launches laws lines locations lorries machines malls markets meetings missiles
    mosques motorbikes motorcycles municipalities nations newspapers offences offenses offices operations orders organisations organizations
    outlets outposts associations unions generations frequencies faculties parts parties petitions phones pieces pistols places planes points ports positions posts prisons programmes
    projects protests provinces publications raids rallies regions reports resolutions rifles rights roads rockets rooms routes schools
    sections sectors settlements sheep shells ships shops shots sides sites sorties spots states stations statements stores
    streets strikes structures suburbs tanks targets temples tents terms territories things tons towns townships trains trucks
    tunnels universities vans vehicles versions vessels vests villages volleys wards warehouses warheads warships warplanes wells zones
    areas arms weapons phones computers laptops buffaloes livestock birds""".split()
)
_NOUN_END = re.compile(r"[^\w\s'’&.-]|\s[-–—]\s|\.(?:\s|$)")
_STOPS = frozenset(
    """and or but were was are is been being be have has had who whom which that when while as after before in on at by from to for
    of with during since near outside inside under over around across because died die dies dead killed wounded injured hurt arrested
    detained marched gathered protested rallied including against into within between through according later also reportedly still
    missing displaced homeless fled took said says told held jailed lost left remain remained attended joined""".split()
)
_WORD = re.compile(r"[\w'’.&-]+")
_PERSON = (
    r"(?:wom[ae]n|m[ae]n|mothers?|fathers?|parents|child(?:ren)?|boys?|girls?|babies|baby|infants?|toddlers?|sons?|daughters?|"
    r"brothers?|sisters?|siblings|wife|husband|wives|couple|grand(?:mother|father|parents|son|daughter|children)|uncle|aunt|"
    r"nephews?|nieces?|cousins?|soldiers?|officers?|policem[ae]n|policewom[ae]n|guards?|civilians?|villagers?|militants?|"
    r"rebels?|fighters?|gunm[ae]n|bombers?|attackers?|drivers?|students?|teachers?|journalists?|reporters?|doctors?|nurses?|"
    r"pilots?|passengers?|pedestrians?|shopkeepers?|farmers?|workers?|bystanders?|residents?|persons?|people|protesters?|"
    r"teenagers?|youths?|constables?|troops|colleagues?|aides?|bodyguards?|relatives?|friends?|victims?|others?)"
)
_SINGLE = (
    r"(?:woman|man|mother|father|child|boy|girl|baby|infant|toddler|son|daughter|brother|sister|wife|husband|grandmother|"
    r"grandfather|grandson|granddaughter|uncle|aunt|nephew|niece|cousin|soldier|officer|policeman|policewoman|guard|civilian|"
    r"villager|militant|rebel|fighter|gunman|bomber|attacker|driver|student|teacher|journalist|reporter|doctor|nurse|pilot|"
    r"passenger|pedestrian|shopkeeper|farmer|worker|bystander|resident|protester|teenager|youth|constable|colleague|aide|"
    r"bodyguard|relative|friend|chief|commander|leader|lawyer|judge|priest|peacekeeper|sergeant|captain|colonel|general)"
)
_ONE = rf"(?:an?|the|his|her|one)\s(?:(?:\d+-year-old|(?!of\b|and\b|with\b|in\b|to\b)[a-z][\w'’.-]*)\s){{0,3}}?{_SINGLE}"
# "A woman and her two sons": the link, then what it links, each tried only where the last one stood.
_LINK = re.compile(r",?\s(?:and|with|as well as|along with|together with)\s")
_LINKED_FIRST = re.compile(rf"\b(?:(?:a|the)\s(?:[\w-]+\s){{0,2}}?(?P<two>couple)|{_ONE})$")
_LINKED_SECOND = re.compile(
    rf"(?:{_QUALIFIER}\s)*(?:(?:his|her|their|its)\s)?(?:(?:young|baby|infant|small|unborn)\s)?{_NUMBER}(?![\w%-]|,\d|\.\d)"
)
_HOUSEHOLD_NOUN = re.compile(rf"\s(?:[\w'’-]+\s){{0,3}}?{_PERSON}\b", re.I)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of people: offsets into the words it was found in, its range, and the noun after it in lower case."""

    start: int
    end: int
    low: int | None
    high: int | None
    noun: str


def parse_number(words: str) -> int | None:
    """Return the number that words or digits spell, None when there is none.

    Example:
        >>> parse_number("two hundred and fifty"), parse_number("1.5 million"), parse_number("3 lakh")
        (250, 1500000, 300000)
    """
    total, current, seen, article, half = 0.0, 0.0, False, False, False
    words = _DECIMAL_COMMA.sub(r"\1.\2", words.lower().replace("-", " "))
    for token in _TOKEN.findall(words):
        if token[0].isdigit() and token.isascii():
            current, seen = float(token.replace(",", "")), True
        elif token in ("a", "an"):
            article = True  # "a hundred", "a dozen": one of the next word, and nothing by itself
        elif token == "half":
            half = True
        elif token in _GROUPS and (seen or token not in ("score",) or article):
            current, seen = (0.5 if half else max(current, 1.0)) * _GROUPS[token], True
        elif token in _WORDS:
            current, seen = current + _WORDS[token], True
        elif token in _SCALES and (seen or (article and len(token) > 2)):
            current, seen = (0.5 if half and not seen else current or 1.0) * _SCALES[token], True
            if _SCALES[token] >= 1_000:
                total, current = total + current, 0.0
        elif token != "and" and seen:
            break
    value = total + current
    return round(value) if seen and value <= _LARGEST else None


def _vague(words: str) -> tuple[int, None] | None:
    """Return the range of a vague plural: "dozens", "several hundred", "tens of thousands"."""
    tokens = _TOKEN.findall(words.lower())
    for at, token in enumerate(tokens):
        if token not in _VAGUE:
            if token in _WORDS or token.isdigit():
                return None
            continue
        rest = tokens[at + 1 : at + 3]
        if rest[:1] == ["of"] and len(rest) > 1 and rest[1].rstrip("s") in _SCALES:
            return _VAGUE[token] // 2 * _SCALES[rest[1].rstrip("s")], None
        if token in ("several", "few", "many") and rest:
            each = _SCALES.get(rest[0]) or {"dozen": 12, "score": 20}.get(rest[0])
            if each:
                return _VAGUE[token] * each, None
        as_many = token == "many" and tokens[max(0, at - 1) : at] == ["as"]
        known = parse_number(words) is not None or any(t in _VAGUE for t in rest)
        if as_many or (token == "some" and known):
            continue
        return _VAGUE[token], None
    return None


_RANGE = re.compile(
    r"\b(?:between\s+(?P<a>.+?)\s+and\s+(?P<b>.+)|(?:from\s+)?(?P<c>.+?)\s*(?:–|—|-|\bto\b|\bor\b)\s*(?P<d>.+))",
    re.I,
)
_SCALED = re.compile(rf"\b(?:{_BIG}|mn|bn|k|dozen)\b|\d(?:m|k)\b", re.I)


def _range(words: str) -> tuple[int, int] | None:
    """Return both ends of "between 8 and 20", "8-20" or "two or three"; a scale of the second end holds for both."""
    spread = _RANGE.search(words)
    if spread is None:
        return None
    first, second = spread["a"] or spread["c"], spread["b"] or spread["d"]
    low, high = parse_number(first), parse_number(second)
    scale = _SCALED.search(second)
    if low is not None and high is not None and scale and low < 1_000 and _SCALED.search(first) is None:
        plain = parse_number(second[: scale.start()] or second)
        if plain and low < plain < high:
            low *= high // plain
    return (low, high) if low is not None and high is not None and low <= high else None


def parse_count(words: str) -> tuple[int | None, int | None]:
    """Return the low and high end that a figure as written stands for; figures joined by "and" are added.

    Example:
        >>> parse_count("at least 12"), parse_count("dozens of"), parse_count("a woman and her two sons")
        ((12, None), (24, None), (3, 3))
    """
    part = _PART.search(words)
    if part and part.start() > 0:
        words = words[: part.start()]
    if _UNKNOWN.search(words):
        return None, None
    figures = find_figures(words)
    if len(figures) > 1 and all(f.low is not None for f in figures):
        return add_ranges([(f.low, f.high) for f in figures])
    return _parse_one(words)


def _parse_one(words: str) -> tuple[int | None, int | None]:
    household = next(_households(_lower(words)), None)
    if household is not None:
        first, second = household[2:]
        return add_ranges([(first, first), _parse_one(second)])
    vague = _vague(words)
    if vague is not None:
        return vague
    spread = _range(words)
    if spread is not None:
        return spread
    number = parse_number(words)
    if number is None:
        return (1, 1) if re.match(r"\s*(?:an?|the|one)\b", words, re.I) else (None, None)
    if _LEAST.search(words) and not re.search(r"\bno more than\b|\bnot more than\b", words, re.I):
        return number, None
    if _MOST.search(words):
        return None, number
    if _NEARLY.search(words):
        return math.ceil(number * 0.9), number
    return number, number


def _households(lower: str) -> Iterator[tuple[int, int, int, str]]:
    """Yield start, end, how many the first part is, and the second part of "a couple with their three"."""
    for link in _LINK.finditer(lower):
        second = _LINKED_SECOND.match(lower, link.end())
        if second is None:
            continue
        first = _LINKED_FIRST.search(lower, max(0, link.start() - 60), link.start())
        if first is not None:
            yield first.start(), second.end(), 2 if first["two"] else 1, second.group()


def add_ranges(ranges: list[tuple[int | None, int | None]]) -> tuple[int | None, int | None]:
    """Return the sum of ranges; an open end stays open."""
    lows, highs = [low for low, _ in ranges], [high for _, high in ranges]
    low = sum(n for n in lows if n is not None) if all(n is not None for n in lows) else None
    high = sum(n for n in highs if n is not None) if all(n is not None for n in highs) else None
    return low, high


def find_figures(text: str) -> list[Figure]:
    """Return the figures of people in a text, in order; they do not overlap.

    Example:
        >>> [text[f.start : f.end] for text in ["On 12 May a 34-year-old and at least 5 others died"] for f in find_figures(text)]
        ['at least 5']
    """
    found: list[Figure] = []
    lower = _lower(text)
    for start, end, _, _ in _households(lower):
        low, high = _parse_one(text[start:end])
        if _HOUSEHOLD_NOUN.match(text, end) and (low is not None or high is not None):
            found.append(Figure(start, end, low, high, noun_after(text, end)))
    taken = [(f.start, f.end) for f in found]
    for match in _FIGURE.finditer(lower):
        if any(match.start() < end and start < match.end() for start, end in taken) or _is_other(text, match):
            continue
        low, high = _parse_one(match.group())
        if low is not None or high is not None:
            found.append(Figure(match.start(), match.end(), low, high, noun_after(text, match.end())))
    return sorted(found, key=lambda f: f.start)


def _lower(text: str) -> str:
    lower = text.lower()
    return lower if len(lower) == len(text) else text  # "İ" grows: offsets must hold


def noun_after(text: str, at: int) -> str:
    """Return the head of the noun phrase that goes on at an offset, in lower case; empty for none."""
    end = _NOUN_END.search(text, at)
    head = ""
    for word in _WORD.findall(text[at : end.start() if end else at + 80])[:6]:
        lower = word.lower().strip(".'’")
        if lower in _STOPS or (head and lower.endswith(("ed", "ing"))):
            if lower == "of" and not head:
                continue
            break
        head = lower
        if head in _THINGS:
            break
    return head


def _is_other(text: str, match: re.Match[str]) -> bool:
    """Return whether a number is no figure of people: a year, an age, a sum, a measure, a name, a thing."""
    words, before = match.group(), text[max(0, match.start() - 24) : match.start()]
    if re.fullmatch(r"\d+\.\d+", words) or (
        _NAME_BEFORE.search(before) and re.match(r"\s?[,)]", text[match.end() :])
    ):
        return True  # a time, a rate; the age in "Ana Ruiz, 42, of Lima"
    if _UNIT.match(text, match.end()) or noun_after(text, match.end()) in _THINGS:
        return True
    is_year = re.fullmatch(r"(?:1[5-9]|20)\d\d", words) is not None
    if _NAMED.search(before) and not (_NAMED_IN.search(before) and not is_year):
        return words[0].isdigit() or is_year
    if is_year and re.search(r"\d,?\s$", before):
        return True
    if is_year:
        return not re.match(rf"\s(?:[\w'’-]+\s){{0,2}}?{_PERSON}\b", text[match.end() :], re.I)
    if re.fullmatch(r"\d+[-–]\d+", words) and re.match(
        r"\s?(?:win|victory|defeat|vote|draw|loss)", text[match.end() :]
    ):
        return True
    return (
        bool(re.search(r"\b(?:every|any|each|this|that|the only|which|no)\s$", before, re.I))
        and words.lower() == "one"
    )
