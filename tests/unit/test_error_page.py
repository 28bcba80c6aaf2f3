"""The page of mistakes."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from dragoman.cli.error_page import write_page
from dragoman.mistakes import Mistake, costs, find_mistakes
from dragoman.score import bootstrap, figures_of, per_outlet, score

from .annotated import FRANCE, IRAN, Row, annotated, article, coded, side


def page_of(
    articles: list[Row], events: list[Row], *, outlets: dict[str, dict[str, float]] | None = None, **more: Any
) -> str:
    """Return the page of some articles."""
    tallies = score(articles, events)
    fields: dict[str, Any] = {
        "name": "gold.jsonl", "figures": figures_of(tallies), "intervals": bootstrap(tallies, rounds=2),
        "outlets": per_outlet(articles, tallies) if outlets is None else outlets, "costs": costs(articles, events),
        "mistakes": find_mistakes(articles, events),
    }  # fmt: skip
    return write_page(**{**fields, **more})


class Reader(HTMLParser):
    """Reads a page back: its tags, and the text and marked words of each mistake."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.articles: list[str] = []
        self.marked: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append(tag)
        if tag != "meta":
            self.open.append(tag)
        if tag == "article":
            self.articles.append("")

    def handle_endtag(self, tag: str) -> None:
        """Close a tag, which must be the last that was opened."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keep the words of mistakes."""
        if "article" in self.open:
            self.articles[-1] += data
        if self.open and self.open[-1] == "mark":
            self.marked.append(data)


def test_every_mistake_is_on_the_page_once() -> None:
    """Each mistake has one box with its sentence and both events; every tag that is opened is closed."""
    gold = [
        article(
            [annotated("ACCUSE", "condemned", actors=[FRANCE], recipients=[IRAN])],
            [annotated("ASSAULT", "beat")],
        )
    ]
    events = [
        coded("ACCUSE", "condemned", actors=[IRAN], recipients=[FRANCE], status="future"),
        coded("AID", "arrested"),
    ]
    read = Reader(page_of(gold, events))
    assert read.open == []
    assert len(read.articles) == len(find_mistakes(gold, events)) == 4
    swapped = next(box for box in read.articles if "France FRA/GOV → Iran IRN/GOV" in box)
    assert "France condemned Iran over the trial." in swapped
    assert "ACCUSE (future): Iran IRN/GOV → France FRA/GOV" in swapped


def test_classes_follow_the_costs() -> None:
    """The dearest class is told first, and each class of the table leads to its place."""
    gold = [article([annotated("ACCUSE", "condemned", status="future")], [annotated("ASSAULT", "beat")])]
    page = page_of(gold, [coded("ACCUSE", "condemned")])
    assert page.index('<h2 id="missed">missed (1)') < page.index('<h2 id="wrong-status">wrong status (1)')
    assert page.count('href="#missed"') == page.count('href="#wrong-status"') == 1


def test_triggers_are_marked_in_their_sentence() -> None:
    """The words of both triggers are marked, once where they are the same, in a sentence that does not begin the text."""
    gold = [article((), [annotated("ASSAULT", "beat"), annotated("COERCE", "arrested", status="future")])]
    read = Reader(page_of(gold, [coded("COERCE", "arrested two")]))
    assert read.marked == ["beat", "arrested"]


def test_markup_of_articles_is_shown_not_obeyed() -> None:
    """Tags in names, sentences, outlets, ids, codes and file names come out as text."""
    bad = "<script>alert('&')</script>"
    words = f"{bad} condemned Iran."
    sentence = {"start": 0, "end": len(words), "events": []}
    trigger = {"start": words.index("condemned"), "end": words.index(" Iran"), "text": "condemned"}
    gold = {"id": bad, "text": words, "outlet": bad, "sentences": [sentence]}
    event = coded(
        bad, "condemned", source_id=bad, mode=bad, status=bad, actors=[side(bad, bad, bad)], trigger=trigger
    )
    page = page_of([gold, article(name="b")], [event], name=bad)
    read = Reader(page)
    assert "script" not in read.tags
    assert bad in read.articles[0]
    assert read.marked == ["condemned"]


def test_annotations_with_plain_triggers_have_a_page() -> None:
    """An annotated trigger without offsets, or none, is not marked; the sentence stands whole."""
    plain = annotated("ACCUSE", "condemned", trigger="condemned")
    without = {k: v for k, v in plain.items() if k != "trigger"}
    read = Reader(page_of([article([plain], [without])], []))
    assert read.marked == []
    assert len(read.articles) == 2
    assert "France condemned Iran over the trial." in read.articles[0]


def test_outlets_are_shown_where_there_are_several() -> None:
    """One outlet, or none, needs no table of outlets."""
    gold = [article([annotated("ACCUSE", "condemned")], outlet="Keld Times")]
    assert "By outlet" not in page_of(gold, [])
    assert "By outlet" not in page_of(gold, [], outlets={})
    page = page_of([*gold, article(name="b", outlet="Halden Post")], [])
    assert "By outlet" in page
    assert "Halden Post" in page


def test_a_page_without_mistakes_tells_the_figures() -> None:
    """Where all is right the page has its figures and no boxes."""
    gold = [article([annotated("ACCUSE", "condemned")])]
    mistakes: list[Mistake] = []
    page = page_of(gold, [coded("ACCUSE", "condemned")], mistakes=mistakes)
    assert Reader(page).articles == []
    assert "<td>type</td><td>1.000</td><td>1.000–1.000</td>" in page
