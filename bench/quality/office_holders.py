"""Share of persons resolved right at the day of publication, on invented sentences with office-holders.

    python bench/quality/office_holders.py [--wrong]

``office_holders.jsonl`` was written from general knowledge, without a look at the tables of the resolver. A case is a
sentence, its day and the person's words in it, with country, sector, name and office on that day. ``also`` lists
sectors that are as right (a former ruler who leads the opposition). A null sector is left out of the count.

Of the participants that overlap the words, one that has all of it right is enough. In the group "traps" a private
person bears a famous name: right means that no participant on these words has a country, or, for the identity, an entity. An
identity of the other groups counts only where the resolver knows the person: a name copied from the text, without an
entity and without the right country, is none.
"""

from __future__ import annotations

import argparse
import collections
import difflib
import json
import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import dragoman
from dragoman.records import Participant

CASES = Path(__file__).with_suffix(".jsonl")
_LIKE = 0.66  # two spellings of one name part are at least this alike ("Kadhafi", "Gaddafi")
_NO_NAME = frozenset(
    "king sultan sheikh pope mullah prince sir general president al el bin ibn of the jr ii iii iv vi xvi".split()
)


def parts(name: str) -> list[str]:
    """Return the parts of a name in small letters without accents, titles and articles."""
    plain = unicodedata.normalize("NFKD", name.casefold().replace("đ", "d").replace("ı", "i"))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    words = re.findall(r"[a-z]+", re.sub(r"['’.]", "", plain))
    return [w for w in words if w not in _NO_NAME]


def same_person(gold: str, found: str | None) -> bool:
    """Return whether the first and the last part of the gold name stand in the name found, in about that spelling."""
    theirs = parts(found or "")
    ours = parts(gold)

    def stands(part: str) -> bool:
        return any(difflib.SequenceMatcher(None, part, t).ratio() >= _LIKE for t in theirs)

    return bool(ours) and stands(ours[0]) and stands(ours[-1])


def judge(case: dict[str, Any], found: Sequence[Participant]) -> dict[str, bool]:
    """Return which of country, both and identity are right; what the case leaves open is absent."""
    if case["group"] == "traps":
        return {
            "country": all(p.country is None for p in found),
            "identity": all(p.entity_id is None for p in found),
        }
    right = {"country": any(p.country == case["country"] for p in found)}
    if case["sector"] is not None:
        sectors = {case["sector"], *case.get("also", ())}
        right["country and sector"] = any(
            p.country == case["country"] and bool(sectors & set(p.sectors[:1])) for p in found
        )
    known = (p for p in found if p.entity_id is not None or p.country == case["country"])
    right["identity"] = any(same_person(case["name"], p.name) for p in known)
    return right


def main() -> None:
    """Print the shares by group and region, and the wrong ones with --wrong."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--wrong", action="store_true", help="list the wrong ones")
    a = options.parse_args()
    right: collections.Counter[tuple[str, str]] = collections.Counter()
    total: collections.Counter[tuple[str, str]] = collections.Counter()
    for line in CASES.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        start = case["text"].index(case["mention"])
        end = start + len(case["mention"])
        found = [
            p
            for p in dragoman.find_actors(case["text"], date.fromisoformat(case["published_on"]))
            if p.start < end and start < p.end
        ]
        marks = judge(case, found)
        groups = ["traps"] if case["group"] == "traps" else ["all", case["group"], case["region"]]
        for group in groups:
            for what, ok in marks.items():
                total[group, what] += 1
                right[group, what] += ok
        if a.wrong and not all(marks.values()):
            got = " | ".join(f"{p.text}: {p.name} {p.country}/{'+'.join(p.sectors)}" for p in found)
            want = f"{case['name']} {case['country']}/{case['sector']}"
            print(f"{case['published_on']}  {case['text']}\n    want {want}  got {got or 'nothing'}")
    for group in dict.fromkeys(g for g, _ in total):
        shares = (
            f"{what} {right[group, what] / total[group, what]:.3f} of {total[group, what]}"
            for what in ("country", "country and sector", "identity")
            if total[group, what]
        )
        print(f"{group:30} {', '.join(shares)}")


if __name__ == "__main__":
    main()
