"""How often what was given a chance came so, as a picture: one field per kind and horizon."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dragoman.errors import InputError, UsageError

if TYPE_CHECKING:
    from dragoman.relate.backtest import Method, Scores

# Okabe and Ito's colours, told apart by people with any kind of colour vision.
_COLOURS: Mapping[Method, str] = {"model": "#0072B2", "persistence": "#E69F00", "climatology": "#999999"}
_MARKS: Mapping[Method, str] = {"model": "o", "persistence": "s", "climatology": "^"}
_LEAST = 5  # bins of fewer forecasts say nothing


def check(path: Path) -> None:
    """Check that a calibration can be drawn into a file.

    Raises:
        UsageError: matplotlib is not installed, or the file's ending is not that of a picture.
    """
    _figure_class()
    if path.suffix not in (".svg", ".png", ".pdf"):
        raise UsageError(f'--plot must end in .svg, .png or .pdf; got "{path}".')


def _figure_class() -> Any:
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise UsageError('--plot needs matplotlib. Install it: pip install "dragoman[analysis]"') from None
    return Figure


def draw(tested: Mapping[tuple[str, int], Scores], path: Path, *, title: str) -> None:
    """Draw scores by kind and weeks into a file.

    Raises:
        UsageError: matplotlib is not installed.
        InputError: The file cannot be written.
    """
    kinds, horizons = list(dict.fromkeys(k for k, _ in tested)), sorted({w for _, w in tested})
    figure = _figure_class()(figsize=(3.4 * len(horizons), 3.4 * len(kinds)), layout="constrained")
    fields = figure.subplots(len(kinds), len(horizons), squeeze=False, sharex=True, sharey=True)
    for i, kind in enumerate(kinds):
        for j, weeks in enumerate(horizons):
            _draw(
                fields[i][j],
                tested[kind, weeks],
                f"{kind.replace('_', ' ')}, {weeks} week{'s' if weeks > 1 else ''}",
            )
    fields[0][0].legend(fontsize="small", frameon=False, loc="upper left")
    figure.supxlabel("chance given", fontsize="small")
    figure.supylabel("share that came so", fontsize="small")
    figure.suptitle(title)
    try:
        figure.savefig(path)
    except OSError as error:
        raise InputError(f'"{path}" cannot be written: {error.strerror}.') from None


def _draw(field: Any, scores: Scores, title: str) -> None:
    field.plot([0, 1], [0, 1], color="#333333", linewidth=0.6)
    for method, colour in _COLOURS.items():
        bins = [b for b in scores.calibration[method] if b.n >= _LEAST]
        size = [12 + 60 * (b.n / max(scores.n, 1)) ** 0.5 for b in bins]
        field.plot([b.said for b in bins], [b.came for b in bins], color=colour, linewidth=1, label=method)
        field.scatter(
            [b.said for b in bins],
            [b.came for b in bins],
            s=size,
            marker=_MARKS[method],
            color=colour,
            alpha=0.8,
        )
    field.set_xlim(0, 1)
    field.set_ylim(0, 1)
    field.set_title(f"{title} ({scores.n})", fontsize="small")
