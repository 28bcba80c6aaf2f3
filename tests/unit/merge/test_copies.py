"""Who wrote a text: near copies, credit lines, and the newsroom that follows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from dragoman.merge.copies import agency_of, are_copies, bands_of, credit_of, shingles_of
from dragoman.records import Article, Coded
from dragoman.store import Store, open_store

from ..store.test_writing import put

NOON = datetime(2024, 6, 5, 12, tzinfo=UTC)
WIRE = (
    "Fighting broke out on Sunday between the army and tribal fighters near the town of Merrindi, leaving at least nine people dead, "
    "a hospital doctor said. Shops in the centre stayed closed and hundreds of families fled across the river in small boats, "
    "according to a local teacher. The defence ministry said that its troops had come under fire at a checkpoint and had answered. "
    "It was the second clash in the province since the truce of March, which both sides accuse each other of breaking."
)
EDITED = (
    WIRE.replace("on Sunday", "at the weekend")
    .replace("at least nine", "nine")
    .replace("small boats", "boats")
)
OTHER = (
    "Nine people were killed when soldiers fought tribesmen outside Merrindi, doctors there report. A schoolteacher told our "
    "correspondent of closed shops and of families in flight. According to the ministry of defence the other side fired first, at a "
    "post on the road. The ceasefire agreed in spring had been broken once before, and neither camp admits to it."
)


def test_an_edited_text_is_a_copy_and_another_text_is_not() -> None:
    """Small edits leave a copy; the same news in other words is none; a shortened text is a copy of the long one."""
    wire, edited, other = map(shingles_of, (WIRE, EDITED, OTHER))
    assert are_copies(wire, edited)
    assert set(bands_of(WIRE)) & set(bands_of(EDITED))
    assert not are_copies(wire, other)
    assert are_copies(wire, shingles_of(WIRE[: len(WIRE) // 2]))


def test_short_texts_are_no_copies() -> None:
    """A stock phrase alone does not make two texts copies."""
    assert bands_of("The president said so on Sunday.") == []
    assert not are_copies(shingles_of("The president said so."), shingles_of("The president said so."))


@pytest.mark.parametrize(
    ("text", "agency", "extent"),
    [
        ("NAIROBI (Reuters) - Soldiers took the town.", "Reuters", "whole"),
        ("Paris, 3 May (AFP) – The minister left.", "AFP", "whole"),
        ("The minister left.\nAFP", "AFP", "whole"),
        ("The minister left.\n— The Associated Press", "AP", "whole"),
        ("The minister left.\nSource: Agence France-Presse", "AFP", "whole"),
        ("The minister left. (AP)", "AP", "whole"),
        ("By Reuters\nThe minister left.", "Reuters", "whole"),
        ("The minister left.\nAFP/Reuters", "AFP", "whole"),
        ("The minister left.\nWith inputs from PTI", "PTI", "partly"),
        ("The minister left.\nWith AFP", "AFP", "partly"),
        ("The minister left.\nAP with staff", "AP", "partly"),
        ("The minister left.\nWith inputs from agencies", "agencies", "partly"),
        ("The minister told Reuters that he would leave.", "Reuters", "partly"),
        ("The minister left, AFP reported.", "AFP", "partly"),
    ],
)
def test_credits(text: str, agency: str, extent: str) -> None:
    """Datelines, lines of their own and thanks are credits."""
    credit = credit_of(text)
    assert credit is not None
    assert (credit.agency, credit.extent) == (agency, extent)


@pytest.mark.parametrize(
    "text",
    ["The minister left for Paris.", "The AP Moller group bought a port.", "Reuters' owner sold shares.", "(BBC) The minister left."],
)  # fmt: skip
def test_no_credits(text: str) -> None:
    """An agency that is only named is not credited."""
    assert credit_of(text) is None


def test_agencies_are_known_by_their_names() -> None:
    """An outlet that is an agency is known under each of its names."""
    assert (agency_of("Press Trust of India"), agency_of("PTI"), agency_of("Keld Times"), agency_of(None)) == (
        "PTI", "PTI", None, None
    )  # fmt: skip


class TestNewsrooms:
    """What the store takes for the newsroom of an article."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[Store]:
        """Return an empty store."""
        with open_store(tmp_path / "a.duckdb") as opened:
            yield opened

    def article(
        self, name: str, text: str, day: int, outlet: str | None = None, url: str | None = None
    ) -> Article:
        """Return an article of that day of June."""
        return Article(
            name,
            text,
            f"{name}.txt",
            outlet=outlet or f"{name} Times",
            url=url,
            published_on=date(2024, 6, day),
        )

    def rooms(self, store: Store) -> dict[str, tuple[str | None, str | None]]:
        """Return article → (what it copies, its newsroom)."""
        rows = store.connection.execute(
            "SELECT article_id, copy_of, newsroom FROM articles WHERE superseded_at IS NULL"
        ).fetchall()
        return {r[0]: (r[1], r[2]) for r in rows}

    def test_copies_count_as_their_source(self, store: Store) -> None:
        """The copy that came first stands for the text, also when it is read last; the older row is kept."""
        put(store, Coded([self.article("b", EDITED, 4), self.article("c", OTHER, 3)]), at=NOON)
        assert self.rooms(store) == {"b": (None, "b Times"), "c": (None, "c Times")}
        put(store, Coded([self.article("a", WIRE, 3)]), at=NOON + timedelta(hours=1))
        assert self.rooms(store) == {"a": (None, "a Times"), "b": ("a", "a Times"), "c": (None, "c Times")}
        kept = store.connection.execute(
            "SELECT newsroom FROM articles WHERE superseded_at IS NOT NULL"
        ).fetchall()
        assert kept == [("b Times",)]

    def test_a_credit_in_one_copy_tells_of_all(self, store: Store) -> None:
        """Where one of the copies credits an agency it is the newsroom of all."""
        put(store, Coded([self.article("a", WIRE, 3), self.article("b", f"{EDITED}\nAFP", 4)]))
        assert self.rooms(store) == {"a": (None, "AFP"), "b": ("a", "AFP")}

    def test_thanks_alone_leave_the_outlet(self, store: Store) -> None:
        """An article of its own that thanks an agency counts as its outlet; a whole wire text as the agency."""
        put(store, Coded([
            self.article("a", f"{OTHER}\nWith inputs from Reuters", 3), self.article("b", f"{WIRE}\n(Reuters)", 3)
        ]))  # fmt: skip
        assert self.rooms(store) == {"a": (None, "a Times"), "b": (None, "Reuters")}

    def test_without_an_outlet_the_host_counts(self, store: Store) -> None:
        """The host of the address is the newsroom of a page that does not name its outlet."""
        page = replace(self.article("a", OTHER, 3, url="https://www.keld.example/1"), outlet=None)
        put(store, Coded([page, replace(page, article_id="b", source="b.txt", url=None, text=WIRE)]))
        assert self.rooms(store) == {"a": (None, "keld.example"), "b": (None, None)}
