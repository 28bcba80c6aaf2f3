"""Measures of clusters, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from dragoman.train.coreference import b_cubed, best_alignment, ceaf_e, clusters_of, muc

MADE, TRUE = [["a", "b"], ["c"]], [["a", "b", "c"]]


def test_one_link_of_two_is_found() -> None:
    """MUC counts links: 1 of 2 found, none wrong."""
    assert muc(MADE, TRUE) == pytest.approx(2 / 3)


def test_each_mention_counts() -> None:
    """B3: precision 1; recall 2/3, 2/3 and 1/3."""
    assert b_cubed(MADE, TRUE) == pytest.approx(2 * (5 / 9) / (14 / 9))


def test_each_cluster_has_one_partner() -> None:
    """CEAF-e: the pair shares 2 of 5 places with the three, 0.8; one cluster of the two is left alone."""
    assert ceaf_e(MADE, TRUE) == pytest.approx(2 * 0.4 * 0.8 / 1.2)


def test_equal_clusters_are_right() -> None:
    """The true clusters in another order have F1 1 by each measure."""
    other = [["c", "b", "a"]]
    assert (muc(other, TRUE), b_cubed(other, TRUE), ceaf_e(other, TRUE)) == (1.0, 1.0, 1.0)


def test_the_best_alignment_is_not_the_greedy_one() -> None:
    """0.9 first would leave 0.1; 0.8 and 0.8 make more. More rows than columns are fine."""
    assert best_alignment(np.array([[0.9, 0.8], [0.8, 0.1]])) == pytest.approx(1.6)
    assert best_alignment(np.array([[0.9], [0.8], [1.0]])) == pytest.approx(1.0)


def test_clusters_of_labels() -> None:
    """Ids of one label stand together."""
    assert clusters_of({"a": "x", "b": "y", "c": "x"}) == [["a", "c"], ["b"]]
