"""One page read again, changed, or found under another address stays one article."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dragoman.records import Article, Coded, Section
from dragoman.store import Store, Written, begin_run, get_counts, open_store, write
from dragoman.store.queries import find_rejections

NOON = datetime(2024, 6, 5, 12, tzinfo=UTC)
URL = "https://keld.example/world/talks"
LEAD = "Talks between Keld and Halden began on Monday in the old town hall, officials of both sides said."
MORE = "The mediator asked both delegations to stay until Friday and to leave their telephones at the door."
OTHER = (
    "A storm cut the power of four thousand houses along the coast during the night, the grid company said."
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Return an empty store."""
    with open_store(tmp_path / "a.duckdb") as opened:
        yield opened


def article(
    *paragraphs: str,
    url: str | None = URL,
    title: str = "Talks begin in Halden",
    source: str | None = None,
    fetched_at: datetime | None = None,
    notes: tuple[str, ...] = (),
) -> Article:
    """Return a cleaned article."""
    text = "\n\n".join([title, *paragraphs])
    body = len(title) + 2
    digest = hashlib.sha256(f"{text}\x00{url or ''}".encode()).hexdigest()[:16]
    sections = (Section("title", 0, len(title)), Section("body", body, body + len(paragraphs[0])))
    return Article(
        digest,
        text,
        source or url or "a.txt",
        url=url,
        title=title,
        sections=sections,
        fetched_at=fetched_at,
        notes=notes,
    )


def put(store: Store, *articles: Article, at: datetime = NOON) -> Written:
    """Store a batch in a run of its own."""
    run = begin_run(store, command="code", coder_version="0.1.0", model_digest="00", settings={}, at=at)
    return write(store, Coded(list(articles)), run_id=run, coder_version="0.1.0", model_digest="00", at=at)


def holding(store: Store) -> list[str]:
    """Return the texts that hold, shortest first."""
    rows = store.connection.execute("SELECT text FROM articles WHERE superseded_at IS NULL").fetchall()
    return sorted((r[0] for r in rows), key=len)


def told(store: Store) -> Sequence[str]:
    """Return the details of the duplicates."""
    return [r["detail"] for r in find_rejections(store) if r["reason"] == "duplicate"]


def test_a_changed_page_is_a_new_version(store: Store) -> None:
    """The text that grew takes the place of the old one, which is kept with its end."""
    old, new = article(LEAD), article(LEAD, MORE)
    assert put(store, old) == Written(1, 0, 0)
    later = NOON + timedelta(hours=2)
    assert put(store, new, at=later) == Written(0, 1, 0)
    assert holding(store) == [new.text]
    rows = store.connection.execute(
        "SELECT text, superseded_at FROM articles ORDER BY recorded_at"
    ).fetchall()
    assert rows[0] == (old.text, later.replace(tzinfo=None))


def test_versions_in_one_batch_follow_each_other(store: Store) -> None:
    """Of two states of a page in one batch the later one holds."""
    put(store, article(LEAD), article(LEAD, MORE))
    assert holding(store) == [article(LEAD, MORE).text]


def test_reading_all_versions_again_changes_nothing(store: Store) -> None:
    """An archive with both states, read twice, gives the same store: an old version does not come back."""
    both = article(LEAD), article(LEAD, MORE)
    put(store, *both)
    before = store.connection.execute("SELECT * FROM articles ORDER BY ALL").fetchall()
    assert put(store, *both, at=NOON + timedelta(days=1)) == Written(0, 0, 2)
    assert store.connection.execute("SELECT * FROM articles ORDER BY ALL").fetchall() == before


@pytest.mark.parametrize(
    "url",
    [
        f"{URL}?utm_source=rss&utm_medium=feed",
        f"{URL}/amp/",
        "http://www.keld.example/world/talks/",
        f"{URL}#comments",
    ],
)
def test_addresses_of_one_page_are_one_article(store: Store, url: str) -> None:
    """Tracking, AMP, scheme and slashes make no other article; the other address is told."""
    put(store, article(LEAD, MORE))
    assert put(store, article(LEAD, MORE, url=url)) == Written(0, 0, 1)
    assert get_counts(store)["articles"] == 1
    assert len(told(store)) == 1
    assert url in told(store)[0]
    assert URL in told(store)[0]
    put(store, article(LEAD, MORE, url=url))
    assert len(told(store)) == 1


def test_the_same_text_elsewhere_on_the_host_is_one_article(store: Store) -> None:
    """One article in two rubrics of an outlet is one, within a batch and between runs."""
    other = "https://keld.example/politics/12345"
    put(store, article(LEAD, MORE), article(LEAD, MORE, url=other))
    assert put(store, article(LEAD, MORE + " (Corrected.)", url="https://keld.example/front/1")) == Written(
        0, 0, 1
    )
    assert get_counts(store)["articles"] == 1
    assert [sum(other in line for line in told(store)), len(told(store))] == [1, 2]


def test_a_change_at_another_address_of_the_page_is_a_version(store: Store) -> None:
    """The AMP page of a changed article takes the place of the article."""
    put(store, article(LEAD))
    assert put(store, article(LEAD, MORE, url=f"{URL}/amp")) == Written(0, 1, 0)
    assert get_counts(store)["articles"] == 1


def test_another_outlet_with_the_same_text_is_another_report(store: Store) -> None:
    """Copies of an agency's text in two outlets are two articles; merging tells that they are copies."""
    put(store, article(LEAD, MORE), article(LEAD, MORE, url="https://halden.example/talks"))
    assert get_counts(store)["articles"] == 2


def test_a_page_given_to_another_story_is_another_article(store: Store) -> None:
    """An address whose text shares nothing with the old one does not end the old article."""
    put(store, article(LEAD, MORE))
    assert put(store, article(OTHER, title="Storm cuts power")) == Written(1, 0, 0)
    assert get_counts(store)["articles"] == 2


def test_an_earlier_state_does_not_replace_a_later_one(store: Store) -> None:
    """A page that an archive fetched earlier is told as a duplicate of the one that holds."""
    put(store, article(LEAD, MORE, fetched_at=NOON))
    put(store, article(LEAD, source="old.warc:0", fetched_at=NOON - timedelta(hours=3)))
    assert holding(store) == [article(LEAD, MORE).text]
    assert len(told(store)) == 1


def test_entries_of_a_live_blog_are_articles_of_their_own(store: Store) -> None:
    """Entries share their page's address and are told apart by their anchor; a changed entry is a version of it."""
    note = ('entry of the live blog "Talks"',)
    first = article(LEAD, url=f"{URL}#p1", title="Talks", notes=note)
    second = article(MORE, url=f"{URL}#p2", title="Talks", notes=note)
    assert put(store, first, second) == Written(2, 0, 0)
    assert put(
        store, article(LEAD + " A flag was raised.", url=f"{URL}#p1", title="Talks", notes=note)
    ) == Written(0, 1, 0)
    assert get_counts(store)["articles"] == 2


def test_articles_without_address_are_left_alone(store: Store) -> None:
    """Files without URL are told apart by their text alone."""
    assert put(store, article(LEAD, url=None), article(LEAD, MORE, url=None)) == Written(2, 0, 0)
