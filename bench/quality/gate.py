"""The quality gate: fail when a figure on our own gold articles drops below its floor.

    python bench/quality/gate.py             compare with floors.toml; exit 1 when a figure is too low
    python bench/quality/gate.py --update    raise floors to what was measured; refuses to lower one
    python bench/quality/gate.py --update --lower    lower them too: say why in the changelog, under Coding

Gold articles were written and annotated by us and are never trained on. The floors go with a digest of the gold: when the
gold changes, the floors must be set anew. The tolerance is the noise of one event more or less.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from dragoman.pipeline import Coder, load
from dragoman.records import RawArticle, to_json
from dragoman.score import figures_of, score

HERE = Path(__file__).resolve().parent
GOLD, FLOORS = HERE / "gold", HERE / "floors.toml"
GATED = ("type", "event", "event_sector", "event_text", "type_precision", "mode", "status", "place", "date")
TOLERANCE = 0.005


def read_gold(folder: Path = GOLD) -> tuple[list[dict[str, Any]], str]:
    """Return the gold articles and a digest of their files."""
    files = sorted(folder.glob("*.jsonl"))
    digest = hashlib.sha256(b"".join(f.read_bytes() for f in files)).hexdigest()[:16]
    return [
        json.loads(line) for f in files for line in f.read_text(encoding="utf-8").splitlines() if line
    ], digest


def raw(article: Mapping[str, Any]) -> RawArticle:
    """Return a gold article as an input row."""
    published = article.get("published_on")
    return RawArticle(
        body=article["text"], media_type="text/plain", source=str(article["id"]), source_id=article["id"], verbatim=True,
        published_on=date.fromisoformat(published) if published else None, published_field="published_on" if published else None,
    )  # fmt: skip


def measure(coder: Coder, articles: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Return the gated figures of a coder on annotated articles."""
    events = [to_json(e) for e in coder([raw(a) for a in articles]).events]
    figures = figures_of(score(articles, events))
    return {k: round(figures[k], 4) for k in GATED}


def failures(figures: Mapping[str, float], floors: Mapping[str, float]) -> list[str]:
    """Return a line per figure that is below its floor by more than the tolerance."""
    return [
        f"{name} is {figures[name]:.4f}, its floor is {floor:.4f}"
        for name, floor in floors.items()
        if figures[name] < floor - TOLERANCE
    ]


def write_floors(figures: Mapping[str, float], digest: str, path: Path) -> None:
    """Write the floors in one step, so that a stopped run leaves the old file."""
    lines = [f'gold = "{digest}"', "", "[floors]", *(f"{k} = {v}" for k, v in figures.items())]
    temporary = path.with_suffix(".tmp")
    temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")
    temporary.replace(path)


def update(figures: Mapping[str, float], digest: str, path: Path, *, lower: bool) -> list[str]:
    """Write new floors; return the figures that would fall and were not allowed to (then nothing is written)."""
    old = tomllib.loads(path.read_text(encoding="utf-8"))["floors"] if path.exists() else {}
    falling = [
        f"{k}: {old[k]} would become {figures[k]}" for k in old if k in figures and figures[k] < old[k]
    ]
    if falling and not lower:
        return falling
    write_floors(figures, digest, path)
    return []


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the gate."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--lower", action="store_true")
    a = parser.parse_args(arguments)
    articles, digest = read_gold()
    figures = measure(load(today=date(2026, 12, 31)), articles)
    if a.update:
        falling = update(figures, digest, FLOORS, lower=a.lower)
        print("\n".join(falling) or f"floors written for {len(articles)} articles")
        return 1 if falling else 0
    pinned = tomllib.loads(FLOORS.read_text(encoding="utf-8"))
    if pinned["gold"] != digest:
        print(
            "the gold articles have changed since the floors were set; run: python bench/quality/gate.py --update"
        )
        return 1
    wrong = failures(figures, pinned["floors"])
    print("  ".join(f"{k} {v:.3f}" for k, v in figures.items()))
    print("\n".join(wrong) or f"quality gate passed on {len(articles)} articles")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
