"""The user's own table of actors: read, changed, written whole; and who a name stands for. All names are invented."""

from __future__ import annotations

import os
import stat
from datetime import date
from pathlib import Path

import pytest

from dragoman.errors import RegistryError
from dragoman.resolve.actors import load_registry
from dragoman.resolve.actors.lookup import find_packaged, look_up, near_names, packaged_ids
from dragoman.resolve.actors.own import ActorRow, check_row, make_id, read_own, to_row, write_whole

REGISTRY = load_registry()
STATES = REGISTRY.states
LEAGUE = ActorRow("Harbour Workers' League", "GHA", ("LAB",), "ngo", "GHA.hwl", ("HWL",))


def write(path: Path, text: str) -> Path:
    """Write a table."""
    path.write_bytes(text.encode())
    return path


class TestRows:
    """Cells to rows and back, and what is not a row."""

    def test_cells_and_rows_are_each_others_image(self) -> None:
        """A row's cells give the row again; an absent kind is an institution and an absent id is made."""
        assert to_row(LEAGUE.cells()) == LEAGUE
        row = to_row({"name": " Quay Board ", "sectors": "GOV; LAB ;"})
        assert (row.name, row.kind, row.sectors, row.entity_id) == (
            "Quay Board",
            "institution",
            ("GOV", "LAB"),
            "X.quay_board",
        )
        assert make_id("Quay Board", "GHA") == "GHA.quay_board"

    @pytest.mark.parametrize(
        ("row", "words"),
        [
            (ActorRow(" – ", "GHA"), "holds no word"),
            (ActorRow("Quay\nBoard"), "line end or a control character"),
            (ActorRow("Quay\u2028Board"), "line end or a control character"),
            (ActorRow("#quay"), 'begins with "#"'),
            (ActorRow("Quay Board", aliases=("a;b",)), "semicolon"),
            (ActorRow("Quay Board", kind="club"), '"club" is not a kind.*ngo'),
            (ActorRow("Quay Board", "GHN"), '"GHN" is not a country'),
            (ActorRow("Quay Board", "gha"), '"gha" is not a country'),
            (ActorRow("Quay Board", "GHA", ("LAB", "DOCK")), '"DOCK" is not a sector.*LAB'),
            (ActorRow("Quay Board", since="2020-13"), '"2020-13" is not a date'),
            (ActorRow("Quay Board", until="soon"), '"soon" is not a date'),
            (ActorRow("Quay Board", since="2021", until="2020-12"), "ends on 2020-12-31, before it begins on 2021-01-01"),
        ],
    )  # fmt: skip
    def test_a_row_that_would_not_be_read_is_refused(self, row: ActorRow, words: str) -> None:
        """Each mistake is told with where it stands and what was expected."""
        with pytest.raises(RegistryError, match=words) as caught:
            check_row(row, STATES, where="own.csv, line 7")
        assert str(caught.value).startswith("own.csv, line 7: ")

    @pytest.mark.parametrize("country", ["", "GHA", "KOS", "IGO", "UNO", "EUR", "NGO", "ISM", "IMG", "MNC"])
    def test_special_codes_are_countries(self, country: str) -> None:
        """States, the special codes and no country at all are taken; spans within a month or year are spans."""
        check_row(ActorRow("Quay Board", country, since="2020", until="2020"), STATES, where="")
        check_row(ActorRow("Quay Board", country, since="2020-05-03", until="2020-05"), STATES, where="")


class TestTable:
    """The file: what it holds stays, and it is written whole or not at all."""

    def test_a_new_table_is_one_that_the_coder_reads(self, tmp_path: Path) -> None:
        """A row that is added is found by its aliases and wins over the packaged row of the same name."""
        path = tmp_path / "own.csv"
        table = read_own(path)
        table.add(LEAGUE)
        table.add(ActorRow("Taliban", "IMG", ("REB",), "group"))
        table.write()
        registry = load_registry([path])
        (found,) = look_up("HWL", registry, on=None, paths=[path])
        assert (found.entry.entity_id, found.table, found.line, found.wins) == ("GHA.hwl", str(path), 2, True)
        first, *others = look_up("Taliban", registry, on=date(2000, 1, 1), paths=[path])
        assert (first.entry.country, first.table, first.wins) == ("IMG", str(path), True)
        assert first.why == "your own rows come first"
        assert others
        assert not any(other.wins for other in others)

    @pytest.mark.parametrize("end", ["\n", "\r\n"])
    def test_comments_and_unknown_columns_stay(self, tmp_path: Path, end: str) -> None:
        """Everything that is not changed keeps its letters; a column that a new row needs is added to all rows."""
        lines = ["name,country,who said so", '# a "remark, of ours', "Quay Board,GHA,the desk", "",
                 '"Pilots, United",GHA,"the ""Tide"""']  # fmt: skip
        path = write(tmp_path / "own.csv", "\ufeff" + end.join(lines))
        table = read_own(path)
        assert [(n, row.name) for n, row in table.rows()] == [(3, "Quay Board"), (5, "Pilots, United")]
        table.add(ActorRow("Tug Union", "GHA", ("LAB",)))
        table.write()
        expected = ["\ufeffname,country,who said so,sectors", '# a "remark, of ours', "Quay Board,GHA,the desk,", "",
                    '"Pilots, United",GHA,"the ""Tide""",', "Tug Union,GHA,,LAB", ""]  # fmt: skip
        assert path.read_bytes().decode() == end.join(expected)
        assert load_registry([path])

    def test_a_replaced_row_keeps_its_place_and_its_unknown_columns(self, tmp_path: Path) -> None:
        """Rows of an id are put where they were; more of them go to the end, fewer leave nothing behind."""
        path = write(
            tmp_path / "own.csv", "id,name,country,note\na,Quay Board,GHA,old\n# end\nb,Tug Union,GHA,x\n"
        )
        table = read_own(path)
        table.replace("a", [ActorRow("Quay Board", "TGO", id="a"), ActorRow("Quay Office", "TGO", id="a")])
        table.write()
        assert path.read_text() == (
            "id,name,country,note\na,Quay Board,TGO,old\n# end\nb,Tug Union,GHA,x\na,Quay Office,TGO,\n"
        )
        assert table.remove("a") == 2
        assert table.remove("a") == 0
        table.write()
        assert path.read_text() == "id,name,country,note\n# end\nb,Tug Union,GHA,x\n"

    def test_the_same_row_twice_is_refused(self, tmp_path: Path) -> None:
        """A row that says the same, aliases aside, is an error that names file and line; another term is another row."""
        path = tmp_path / "own.csv"
        table = read_own(path)
        table.add(LEAGUE)
        table.write()
        again = read_own(path)
        with pytest.raises(RegistryError, match=r"own.csv, line 2: .*dragoman actors correct GHA.hwl"):
            again.add(ActorRow(**{f: getattr(LEAGUE, f) for f in LEAGUE.__slots__} | {"aliases": ()}))
        again.add(ActorRow("Harbour Workers' League", "GHA", ("LAB",), "ngo", "GHA.hwl", since="2026"))
        assert len(again.find("GHA.hwl")) == 2

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("country\nGHA\n", 'line 1: the header must name the column "name"'),
            ("name,country\nQuay Board,GHA\nTug, Union,GHA\n", "line 3: expected 2 cells .*; got 3"),
            ("name\n\xff\n", "cannot be read"),
        ],
    )
    def test_a_broken_table_is_told_before_anything_is_written(
        self, tmp_path: Path, text: str, words: str
    ) -> None:
        """File and line are named, and the file stays as it was."""
        path = tmp_path / "own.csv"
        path.write_bytes(text.encode("latin-1"))
        with pytest.raises(RegistryError, match=words) as caught:
            read_own(path)
        assert str(path) in str(caught.value)
        assert path.read_bytes() == text.encode("latin-1")

    def test_a_file_that_changed_meanwhile_is_not_overwritten(self, tmp_path: Path) -> None:
        """Two programs at once lose nothing: the second is told to try again."""
        path = tmp_path / "own.csv"
        one, two = read_own(path), read_own(path)
        one.add(LEAGUE)
        one.write()
        two.add(ActorRow("Tug Union"))
        with pytest.raises(RegistryError, match="changed by another program"):
            two.write()
        assert len(read_own(path).rows()) == 1

    def test_a_link_and_the_permissions_stay(self, tmp_path: Path) -> None:
        """The file behind a link is written, with the permissions that it had, and no part is left over."""
        real = write(tmp_path / "real.csv", "name\nTug Union\n")
        real.chmod(0o640)
        link = tmp_path / "own.csv"
        link.symlink_to(real)
        table = read_own(link)
        table.add(LEAGUE)
        table.write()
        assert link.is_symlink()
        assert stat.S_IMODE(real.stat().st_mode) == 0o640
        assert sorted(p.name for p in tmp_path.iterdir()) == ["own.csv", "real.csv"]

    @pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may write everywhere")
    def test_a_folder_that_cannot_be_written_is_told(self, tmp_path: Path) -> None:
        """The error names the file."""
        tmp_path.chmod(0o500)
        with pytest.raises(RegistryError, match="cannot be written"):
            write_whole(tmp_path / "own.csv", b"")

    def test_a_folder_that_is_not_there_is_told(self, tmp_path: Path) -> None:
        """The error names the file and nothing is made."""
        with pytest.raises(RegistryError, match="cannot be written"):
            write_whole(tmp_path / "no" / "own.csv", b"")
        assert list(tmp_path.iterdir()) == []


class TestLookingUp:
    """Every row with a name, and the one that counts."""

    def test_the_row_that_holds_on_the_day_counts(self) -> None:
        """A group that became a government is what it was on the day, and each row says where it stands."""
        for day, sector in ((date(2000, 1, 1), "REB"), (date(2025, 1, 1), "GOV")):
            first, *others = look_up("Taliban", REGISTRY, on=day)
            assert first.wins
            assert first.entry.sectors == (sector,)
            assert first.why == f"the only row that holds on {day}"
            assert all(other.why == f"does not hold on {day}" for other in others)
            assert first.table.endswith(".csv")
            assert first.line > 1

    def test_capitals_count_as_in_a_text(self) -> None:
        """A name written as no article would write it is shown but does not count."""
        assert [c.wins for c in look_up("WHO", REGISTRY, on=None)] == [True]
        (found,) = look_up("who", REGISTRY, on=None)
        assert not found.wins
        assert "capitals" in found.why

    def test_places_that_share_a_name_are_both_shown(self) -> None:
        """Without an article the order of the tables decides, and the reason says what an article would change."""
        first, *others = look_up("Georgia", REGISTRY, on=None)
        assert (first.entry.country, others[0].entry.country) == ("GEO", "USA")
        assert "country that it writes about" in first.why
        assert first.table == "countries.csv"

    def test_a_misspelt_name_has_near_ones(self) -> None:
        """A name that no row has is answered with those spelt much like it."""
        assert look_up("Afganistann", REGISTRY, on=None) == []
        assert look_up("–", REGISTRY, on=None) == []
        assert "Afghanistan" in near_names("Afganistann", REGISTRY)
        assert near_names("qqqqqqqqqqq", REGISTRY) == []

    def test_every_entry_of_the_tables_is_found_where_it_stands(self) -> None:
        """Whatever the first alias of an entry is, its file and line are told."""
        lost = [
            (known, candidate.entry)
            for rows in list(REGISTRY.names.values())[:120]
            for known, _, entries in rows[:2]
            for candidate in look_up(" ".join(known), REGISTRY, on=None)
            if not candidate.table
        ]
        assert lost == []

    def test_packaged_rows_are_found_by_id(self) -> None:
        """All rows of an id come, with the kind of their table; a state comes with its names."""
        assert {row.kind for row in find_packaged("AFG.taliban")} == {"group", "institution"}
        (ghana,) = find_packaged("GHA")
        assert (ghana.name, ghana.kind, ghana.country) == ("Ghana", "country", "GHA")
        assert find_packaged("GHA.nobody_at_all") == []
        assert "AFG.taliban" in packaged_ids()
