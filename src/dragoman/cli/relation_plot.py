"""A relation as a picture: level with interval, incidents as points, turns as lines, counts below."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dragoman.cli.alert_outputs import write_whole
from dragoman.errors import UsageError

if TYPE_CHECKING:
    from dragoman.answer.relations import Relation

# Okabe and Ito's colours, told apart by people with any kind of colour vision.
CONFLICT, COOPERATION, LEVEL = "#D55E00", "#0072B2", "#333333"
_MARKS = {1: "o", 2: "D", 3: "v", 4: "X"}
_NAMES = {1: "verbal cooperation", 2: "material cooperation", 3: "verbal conflict", 4: "material conflict"}


def draw(relation: Relation, path: Path) -> None:
    """Draw a relation into a file.

    Raises:
        UsageError: matplotlib is not installed, the file's ending is not that of a picture, or it cannot be written.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise UsageError('--plot needs matplotlib. Install it: pip install "dragoman[analysis]"') from None

    if path.suffix not in (".svg", ".png", ".pdf"):
        raise UsageError(f'--plot must end in .svg, .png or .pdf; got "{path}".')
    figure = Figure(figsize=(11, 6.5), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
    _draw_level(above, relation)
    _draw_counts(below, relation)
    picture = io.BytesIO()
    figure.savefig(picture, format=path.suffix[1:])
    write_whole("--plot", path, picture.getvalue())


def _draw_level(axes: Any, relation: Relation) -> None:
    starts, level = relation.series.starts, relation.level
    axes.fill_between(
        starts, level.low, level.high, color=LEVEL, alpha=0.15, step="post", label="90 % interval"
    )
    axes.step(starts, level.mean, where="post", color=LEVEL, label="level")
    for quad_class, mark in _MARKS.items():
        ours = [
            p for p in relation.points if p.is_counted and p.quad_class == quad_class and p.on is not None
        ]
        axes.plot(
            [p.on for p in ours], [p.intensity for p in ours], mark, linestyle="none", markersize=5, alpha=0.6,
            color=CONFLICT if quad_class > 2 else COOPERATION, label=_NAMES[quad_class],
        )  # fmt: skip
    for change in relation.changes:
        colour = CONFLICT if change.kind == "conflict" else COOPERATION
        axes.axvline(change.since, color=colour, linestyle="-" if change.rises else ":", linewidth=1)
    axes.axhline(0, color=LEVEL, linewidth=0.5)
    axes.set_ylim(-10.5, 10.5)
    axes.set_ylabel("intensity: -10 conflict, +10 cooperation")
    axes.set_title(f"{relation.first.name} and {relation.second.name}")
    axes.legend(loc="lower left", ncols=3, fontsize="small", frameon=False)


def _draw_counts(axes: Any, relation: Relation) -> None:
    series = relation.series
    width = {"day": 1, "week": 7, "month": 28}[series.step]
    axes.bar(
        series.starts, series.cooperation, width=width, align="edge", color=COOPERATION, label="cooperation"
    )
    axes.bar(series.starts, -series.conflict, width=width, align="edge", color=CONFLICT, label="conflict")
    axes.set_ylabel(f"incidents a {series.step}")
    axes.legend(loc="lower left", ncols=2, fontsize="small", frameon=False)
