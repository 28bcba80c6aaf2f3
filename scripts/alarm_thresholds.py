"""Write src/dragoman/relate/thresholds.csv: the detector's threshold for a rate, a burstiness and a number of false alarms a year.

Histories in which nothing changes are drawn from a negative binomial (Poisson at dispersion 1) with a fixed seed; for each the alarms
at every threshold are counted. About ten minutes on one core.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from dragoman.relate.change import alarms_of, trace

RATES = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
DISPERSIONS = (1.0, 1.5, 2.5, 4.0, 8.0)
BUDGETS = (0.1, 0.25, 0.5, 1.0, 2.0)
THRESHOLDS = np.concatenate(
    [np.arange(0.1, 0.9, 0.05), np.arange(0.9, 0.99, 0.015), [0.99, 0.995, 0.998, 0.9995]]
)
HISTORIES, WEEKS, SETTLING = 60, 8 * 52, 2 * 52
TARGET = Path(__file__).parents[1] / "src/dragoman/relate/thresholds.csv"
HEAD = "# False-alarm thresholds of relate/change.py, simulated by scripts/alarm_thresholds.py (seed 7); made, not edited.\n"


def counts_of(rate: float, dispersion: float) -> np.ndarray:
    """Return int64 (HISTORIES, WEEKS) counts of one rate and burstiness."""
    random = np.random.default_rng(7)
    shape = (HISTORIES, WEEKS)
    if dispersion == 1.0:
        return random.poisson(rate, shape)
    size = rate / (dispersion - 1)
    return random.poisson(random.gamma(size, rate / size, shape))


def main() -> None:
    """Simulate and write the table."""
    years = HISTORIES * (WEEKS - SETTLING) / 52.18
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        file.write(HEAD)
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["per_week", "dispersion", "per_year", "threshold"])
        for rate in RATES:
            for dispersion in DISPERSIONS:
                found = trace(counts_of(rate, dispersion), np.ones(WEEKS))
                raised = []
                for threshold in THRESHOLDS:
                    levels = np.full(WEEKS, threshold)
                    raised.append(sum(t >= SETTLING for row in range(HISTORIES) for t in alarms_of(found, levels, row=row)) / years)  # fmt: skip
                for budget in BUDGETS:
                    fit = [float(h) for h, n in zip(THRESHOLDS, raised, strict=True) if n <= budget]
                    writer.writerow([rate, dispersion, budget, round(fit[0] if fit else 0.9999, 4)])
                print(rate, dispersion, [round(n, 2) for n in raised[::4]], flush=True)


if __name__ == "__main__":
    main()
