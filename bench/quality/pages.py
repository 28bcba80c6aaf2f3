"""How well saved pages are read: text, title and date, beside the extractor library alone on the same pages.

    python bench/quality/pages.py                # every part by itself, and all
    python bench/quality/pages.py --pages        # also page by page
    python bench/quality/pages.py --part fresh   # only one part

The pages stand in tests/unit/clean/html_pages/styles with their truth: 20 to develop on ("dev"), 20 to measure
("measure"), and eight parts written later ("fresh", "round3" to "round9"). Each part was written before the cleaner was run
on any of its pages, and every figure that says how well unseen pages are read is the first run on a part. "Before" is
what the rules of the round before give on the same pages:

    first contact        pages   text    title   date     before: text, title, date   library alone: text, title, date
    measure                 20   0.930   0.875   0.833                                 0.794   0.875   0.806
    fresh, 2026-11-27       24   0.899   0.905   0.727                                 0.843   0.714   0.909
    round3, 2026-11-27      30   0.928   0.923   0.929    0.909   0.923   0.857        0.827   0.769   0.902
    round4, 2026-11-27      19   0.890   0.944   0.833    0.877   0.944   0.722        0.853   0.889   0.667
    round5, 2026-11-27      29   0.783   0.692   0.778    the same, no rule between    0.753   0.654   0.778
    round6, 2026-11-27      23   0.800   0.750   0.667    0.773   0.800   0.667        0.723   0.700   0.667
    round7, 2026-11-27      18   0.895   0.882   0.706    0.761   0.824   0.706        0.710   0.706   0.824
    round8, 2026-11-27      10   0.996   0.900   0.900    0.937   0.900   0.800        0.861   0.600   0.700
    round9, 2026-11-27      40   0.969   0.973   0.995    the same, no rule between    0.879   0.838   0.937

Round 9 holds forty ordinary kinds, written by two who had read nothing of the project, and is left as it was read. All other parts have
become pages to develop on: after each round the failures were looked at and the general ones mended, so
what they give today says that nothing was lost, not how well new pages are read. That needs
new pages. The pages of round 3 were written before their author had read the cleaner, those of round 4 after, on purpose
in kinds of sites that no rule had been written for, and those of round 5 again before. "Before" of rounds 6 to 8 are
the rules as they stood before round 5. After the first run three truths were put right: a page of round 6 that names no
year has no date, and in round 7 the clocks of a running report are no text and a standfirst is. All are invented, in the
mark-up of common content systems.

Text is compared by the words of everything but the title (F1 of the two bags of words). A page that must be rejected
counts 1 if it is, for the library if it finds nothing.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import trafilatura

from dragoman.clean import Cleaner
from dragoman.records import Article, RawArticle, Rejected

FOLDER = Path(__file__).resolve().parents[2] / "tests/unit/clean/html_pages/styles"
TODAY = date(2026, 1, 1)
PARTS = ("round9", "round8", "round7", "round6", "round5", "round4", "round3", "fresh", "measure", "dev")
FLOORS = {"text": 0.95, "title": 0.97, "date": 0.95}


@dataclass(frozen=True)
class Score:
    """How one page was read, 0 to 1 each; None where it has no such truth."""

    text: float
    title: float | None = None
    date: float | None = None


def words(text: str) -> Counter[str]:
    """Return the words of a text, without case."""
    return Counter(re.findall(r"\w+", text.casefold()))


def token_f1(found: str, truth: str) -> float:
    """Return the F1 of two bags of words."""
    a, b = words(found), words(truth)
    both = sum((a & b).values())
    return 2 * both / (sum(a.values()) + sum(b.values())) if both else 0.0


def body_of(article: Article) -> str:
    """Return what an article says besides its title."""
    parts = [article.text[s.start : s.end] for s in article.sections if s.kind not in ("title", "teaser")]
    return "\n".join(parts)


def ours(name: str, page: bytes, truth: dict[str, Any]) -> Score:
    """Return how the cleaner reads a page."""
    raw = RawArticle(page, "text/html", name)
    found = Cleaner(today=TODAY)([raw])
    articles = [item for item in found if isinstance(item, Article)]
    if "rejected" in truth:
        reasons = [item.reason for item in found if isinstance(item, Rejected)]
        return Score(float(reasons == [truth["rejected"]]))
    text = "\n".join(map(body_of, articles))
    if "entries" in truth:
        days = {words_key(body_of(a)): str(a.published_on) for a in articles}
        right = sum(days.get(words_key(e["text"])) == e["published_on"] for e in truth["entries"])
        return Score(token_f1(text, entries_text(truth, articles)), None, right / len(truth["entries"]))
    if not articles:
        return Score(0.0, 0.0, 0.0)
    first = articles[0]
    return Score(
        token_f1(text, truth["text"]),
        float(same_title(first.title, truth["title"])),
        float(str(first.published_on) == str(truth["published_on"])),
    )


def entries_text(truth: dict[str, Any], articles: Sequence[Article] = ()) -> str:
    """Return what a live blog says besides the titles of its entries."""
    return "\n".join(entry["text"] for entry in truth["entries"])


def words_key(text: str) -> str:
    """Return the words of a text in order, without case."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def same_title(found: str | None, truth: str) -> bool:
    """Return whether two titles have the same words in the same order."""
    return words_key(found or "") == words_key(truth)


def library(page: bytes, truth: dict[str, Any]) -> Score:
    """Return how the extractor library alone reads a page, with the settings that we use it with."""
    document: Any = trafilatura.bare_extraction(page, fast=True, with_metadata=True, include_comments=False)
    text = (document.text if document is not None else "") or ""
    if "rejected" in truth:
        return Score(float(not text))
    if document is None:
        return Score(0.0, None if "entries" in truth else 0.0, 0.0)
    titles = [truth["title"], *(e["title"] for e in truth.get("entries", ()))]
    kept = [line for line in text.split("\n") if not any(same_title(line, title) for title in titles)]
    body = "\n".join(kept)
    if "entries" in truth:
        right = sum(document.date == e["published_on"] for e in truth["entries"])
        return Score(token_f1(body, entries_text(truth)), None, right / len(truth["entries"]))
    return Score(
        token_f1(body, truth["text"]),
        float(same_title(document.title, truth["title"])),
        float(document.date == truth["published_on"]),
    )


def mean(values: Sequence[float | None]) -> float:
    """Return the mean of what is there."""
    there = [value for value in values if value is not None]
    return sum(there) / len(there)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; exit 1 where a figure is below its floor or below the library's."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", action="store_true", help="print every page")
    parser.add_argument("--part", choices=PARTS, help="only this part")
    options = parser.parse_args(arguments)
    truths = json.loads((FOLDER / "truth.json").read_text("utf-8"))
    scores: dict[str, tuple[str, Score, Score]] = {}
    for name, truth in truths.items():
        if options.part in (None, truth["half"]):
            page = (FOLDER / f"{name}.html").read_bytes()
            scores[name] = (truth["half"], ours(f"{name}.html", page, truth), library(page, truth))
    if options.pages:
        for name, (half, own, alone) in scores.items():
            print(f"{name:24} {half:8} {show(own)}   alone {show(alone)}")
    failed = False
    for part in (*PARTS, None):
        chosen = [(own, alone) for where, own, alone in scores.values() if part in (None, where)]
        if not chosen:
            continue
        print(f"\n{part or 'all'}: {len(chosen)} pages")
        for field, floor in FLOORS.items():
            ours_mean = mean([getattr(a, field) for a, _ in chosen])
            library_mean = mean([getattr(b, field) for _, b in chosen])
            failed |= part is None and (ours_mean < floor or ours_mean < library_mean)
            print(f"  {field:6} {ours_mean:.3f}   library alone {library_mean:.3f}   asked {floor}")
    return int(failed)


def show(score: Score) -> str:
    """Return a score in one line."""
    cells = (score.text, score.title, score.date)
    return " ".join("  -  " if cell is None else f"{cell:.3f}" for cell in cells)


if __name__ == "__main__":
    sys.exit(main())
