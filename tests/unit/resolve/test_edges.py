"""Sides that the encoder cut in front or behind are whole again, and never longer than their phrase."""

import pytest

from dragoman.records import Mention
from dragoman.resolve.actors import load_registry
from dragoman.resolve.actors.edges import trim_sides

REGISTRY = load_registry()


@pytest.mark.parametrize(
    ("text", "words", "whole"),
    [
        ("The shooting killed a Turkish diplomat.", "diplomat", "Turkish diplomat"),
        ("More than 10,000 people rally.", "000 people", "10,000 people"),
        ("A U.S. official said so.", "S. official", "U.S. official"),
        ("Tens of thousands of Greeks march.", "Tens", "Tens of thousands"),
        ("Hundreds of workers march.", "Hundreds", "Hundreds of workers"),
        ("The Franco-Turkish firm paid.", "firm", "firm"),
        ("In Turkey diplomats met.", "diplomats", "diplomats"),
        ("They killed Americans, Britons and Turks.", "Britons", "Britons"),
        ("The court jailed a Russian. Protesters came.", "Protesters", "Protesters"),
        ("Police, 300 strong, marched.", "300 strong", "300 strong"),
    ],
)
def test_what_was_cut_off_a_side_is_put_back(text: str, words: str, whole: str) -> None:
    """A nationality, the thousands of a number, the letters of a short form and what there are tens of belong to the side."""
    start = text.index(words)
    (found,) = trim_sides([Mention(start, start + len(words), words, "actor")], text, REGISTRY)
    assert (found.text, text[found.start : found.end]) == (whole, whole)
