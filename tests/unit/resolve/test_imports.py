"""Other people's tables of actors → rows: what is taken, what is not, and why. All names are invented."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from dragoman.errors import InputError, UsageError
from dragoman.resolve.actors import load_registry
from dragoman.resolve.actors.imports import REASONS, Format, Importer, Packaged, guess_format, read_file
from dragoman.resolve.actors.imports.found import Found, Item, Skipped, load_codes
from dragoman.resolve.actors.imports.petrarch import spell
from dragoman.resolve.actors.own import SPECIAL, ActorRow, check_row, read_own
from dragoman.resolve.actors.tables import SECTORS

REGISTRY = load_registry()
PACKAGED = Packaged(REGISTRY)


def take(
    path: Path, format: Format, *, keep_known: bool = False, country: str = ""
) -> tuple[Importer, list[Item]]:
    """Return an importer into an empty table and all that it told."""
    importer = Importer(read_own(path.parent / "own.csv"), PACKAGED, keep_known=keep_known)
    told = list(importer(read_file(path, format, PACKAGED, country=country, report=importer.report)))
    assert importer.report.taken == sum(isinstance(item, Found) for item in told)
    assert all(item.reason in REASONS for item in told if isinstance(item, Skipped))
    for item in told:
        if isinstance(item, Found):
            check_row(item.row, PACKAGED.states, where="")
    return importer, told


def rows_of(told: Iterable[Item]) -> list[ActorRow]:
    """Return the rows that were taken."""
    return [item.row for item in told if isinstance(item, Found)]


def skips_of(told: Iterable[Item]) -> list[tuple[int, str]]:
    """Return line and reason of what was passed over, comments apart."""
    return [(i.line, i.reason) for i in told if isinstance(i, Skipped) and i.reason != "comment"]


def brief(row: ActorRow) -> str:
    """Return a row in short."""
    days = f" {row.since}..{row.until}" if row.since or row.until else ""
    return f"{row.name} {row.country}/{'/'.join(row.sectors)} {row.kind}{days}"


class TestPetrarch:
    """Dictionaries of PETRARCH and TABARI."""

    def taken(self, folder: Path, text: str) -> list[Item]:
        """Return what a dictionary gives."""
        path = folder / "some.actors.txt"
        path.write_text(text, encoding="utf-8")
        return take(path, "petrarch")[1]

    @pytest.mark.parametrize(
        ("code", "expected"),
        [
            ("GHAMIL", "GHA/MIL institution"),
            ("GHAGOV", "GHA/GOV institution"),
            ("GHAREB", "GHA/REB group"),
            ("GHAPTY", "GHA/PTY party"),
            ("GHABUS", "GHA/BUS company"),
            ("GHAMED", "GHA/JRN media"),
            ("GHAHLH", "GHA/MED institution"),
            ("GHALAB", "GHA/LAB ngo"),
            ("GHAHRI", "GHA/SOC ngo"),
            ("GHAMUS", "GHA/REL ngo"),
            ("GHAMUSREB", "GHA/REB group"),
            ("GHAGOVMIL", "GHA/GOV/MIL institution"),
            ("KSVGOV", "KOS/GOV institution"),
            ("TMPMIL", "TLS/MIL institution"),
            ("BMUGOV", "GBR/GOV institution"),
            ("USAPRI", "USA/ region"),
            ("BMU", "GBR/ region"),
            ("IGOUNOHLHXXX", "UNO/MED igo"),
            ("IGOEUREEC", "EUR/ igo"),
            ("IGOWSTNAT", "IGO/ igo"),
            ("NGOXXX", "NGO/SOC ngo"),
            ("NGOENV", "NGO/SOC ngo"),
            ("NGOGHALAB", "GHA/LAB ngo"),
            ("MNC", "MNC/BUS company"),
            ("MNCGHA", "GHA/BUS company"),
            ("MNCGHAMED", "GHA/JRN media"),
            ("IMGMUSXXX", "IMG/REB group"),
        ],
    )
    def test_codes_become_country_sectors_and_kind(self, tmp_path: Path, code: str, expected: str) -> None:
        """The first group is the country or the kind of organisation, the others are sectors."""
        (row,) = rows_of(self.taken(tmp_path, f"KELD_BOARD_ [{code}] ; who it is\n"))
        assert brief(row) == f"Keld Board {expected}"

    @pytest.mark.parametrize(
        ("code", "reason"),
        [
            ("XQZGOV", "unknown_code"),
            ("MEAREB", "unknown_code"),
            ("---", "unknown_code"),
            ("GHAGO", "unknown_code"),
            ("GHAXQZ", "no_sector"),
            ("GHAGOV 20011301-20020101", "bad_date"),
            ("GHAGOV 20020101-20010101", "bad_date"),
            ("GHAGOV 2001-2002", "bad_date"),
        ],
    )
    def test_codes_that_tell_nothing_are_passed_over(self, tmp_path: Path, code: str, reason: str) -> None:
        """The reason names line, name and code."""
        told = self.taken(tmp_path, f"# a comment\nKELD_BOARD_ [{code}]\n")
        assert skips_of(told) == [(2, reason)]
        assert "Keld Board" in told[-1].detail if isinstance(told[-1], Skipped) else False

    def test_days_become_terms(self, tmp_path: Path) -> None:
        """Each code with days is a term of a person; a code without days comes last, since the first that holds counts."""
        text = "AMA_QUARTEY_ # who\n+A._QUARTEY_\n\t[GHAELI]\n\t[GHAGOV 310501-20090131]\n\t[GHALEG >090201]\n\t[GHAGOVMIL <310501]\n"
        rows = rows_of(self.taken(tmp_path, text))
        assert [brief(row) for row in rows] == [
            "Ama Quartey GHA/GOV person 1931-05-01..2009-01-31",
            "Ama Quartey GHA/LEG person 2009-02-01..",
            "Ama Quartey GHA/GOV/MIL person ..1931-04-30",
            "Ama Quartey GHA/ELI person",
        ]
        assert {row.id for row in rows} == {"GHA.ama_quartey"}
        assert all(row.aliases == ("A. Quartey",) for row in rows)

    def test_names_are_spelt_as_people_write_them(self, tmp_path: Path) -> None:
        """Capitals would be demanded of the text, so only acronyms keep them; one in brackets is a name of its own."""
        text = "KELD_FRONT_FOR_THE_COAST_(KFFTC)_ [GHAREB]\n+KFC_\n+AL-KELD_\n+K.F.C._\n+KELDU_\n"
        (row,) = rows_of(self.taken(tmp_path, text))
        assert (row.name, *row.aliases) == (
            "Keld Front for the Coast", "KFFTC", "KFC", "Al-Keld", "K.F.C.", "Keldu"
        )  # fmt: skip
        assert spell("PUBLIC HEALTH INC", ()) == "Public Health Inc"

    def test_bare_country_codes_become_names_of_the_state(self, tmp_path: Path) -> None:
        """One row per state holds what the packaged tables do not have; a name that they have is passed over."""
        text = "GHANA_ [GHA]\n+GHANAIAN_\n+GOLDEN_KELD_SHORE_\n\nACCRA_ [GHA]\nPORT_KELD_ [GHA]\n"
        told = self.taken(tmp_path, text)
        (row,) = rows_of(told)
        assert (row.id, row.name, row.kind, row.aliases) == (
            "GHA", "Ghana", "country", ("Golden Keld Shore", "Port Keld")
        )  # fmt: skip
        assert skips_of(told) == [(5, "known")]

    def test_agents_verbs_and_loose_lines_are_passed_over(self, tmp_path: Path) -> None:
        """Role words, names without a code and synonyms without a name each have their reason; verbs go file by file."""
        text = "+LOST_\nDOCKER_ [~LAB]\n!PERSON! = MAN, MEN\nKELD_BOARD_\nTUG_UNION_ [GHALAB]\n"
        assert skips_of(self.taken(tmp_path, text)) == [
            (1, "bad_row"), (2, "role_word"), (3, "role_word"), (4, "no_code")
        ]  # fmt: skip
        verbs = self.taken(tmp_path, "# verbs\n--- ABANDON [080] ---\nABANDON\n- * KELD [GHAGOV]\n")
        assert skips_of(verbs) == [(n, "not_actors") for n in range(1, 5)]

    def test_the_tables_of_codes_hold_codes_that_exist(self) -> None:
        """Every value of the packaged tables is a state or a sector."""
        codes = load_codes("cameo.csv")
        assert {*codes["state"].values(), *codes["territory"].values()} <= set(PACKAGED.states)
        assert {*codes["sector"].values(), *codes["religion"].values()} <= SECTORS
        assert set(load_codes("wikidata.csv")["state"].values()) <= set(PACKAGED.states)


def entity(**more: Any) -> dict[str, Any]:
    """Return an entity of Wikidata: a person of Ghana."""
    return {
        "id": "Q1",
        "labels": {"en": {"value": "Ama Quartey"}},
        "claims": claims(P31="Q5", P27="Q117"),
        **more,
    }


def claims(**items: str | list[dict[str, Any]]) -> dict[str, Any]:
    """Return claims; a string is the item or text that one holds."""
    return {
        what: [{"mainsnak": {"datavalue": {"value": {"id": v} if v[0] == "Q" else v}}}]
        if isinstance(v, str)
        else v
        for what, v in items.items()
    }


def time(words: str, precision: int = 11) -> list[dict[str, Any]]:
    """Return a qualifier that holds a time."""
    return [{"datavalue": {"value": {"time": words, "precision": precision}}}]


class TestWikidata:
    """Entities of a dump and results of a query."""

    def taken(self, folder: Path, things: Any, *, lines: bool = True) -> list[Item]:
        """Return what entities, one a line or as one document, give."""
        path = folder / "some.json"
        words = "\n".join(map(json.dumps, things)) if lines else json.dumps(things, indent=1)
        path.write_text(words, encoding="utf-8")
        assert guess_format(path) == "wikidata"
        return take(path, "wikidata")[1]

    def test_offices_become_terms(self, tmp_path: Path) -> None:
        """A person has a row per office with its days, as fine as they are known; deprecated claims do not count."""
        held = [
            {
                "mainsnak": {"datavalue": {"value": {"id": "Q7"}}},
                "rank": rank,
                "qualifiers": {"P580": since, "P582": until},
            }
            for rank, since, until in (
                ("normal", time("+2011-05-02T00:00:00Z"), time("+2015-00-00T00:00:00Z", 9)),
                ("normal", time("+2016-03-00T00:00:00Z", 10), []),
                ("deprecated", time("+1999-01-01T00:00:00Z"), []),
            )
        ]
        person = entity(
            descriptions={"en": {"value": "Ghanaian judge"}}, aliases={"en": [{"value": "A. Quartey"}]},
            claims=claims(P31="Q5", P27="Q117", P39=held),
        )  # fmt: skip
        rows = rows_of(self.taken(tmp_path, [person]))
        assert [brief(row) for row in rows] == [
            "Ama Quartey GHA/JUD person 2011-05-02..2015", "Ama Quartey GHA/JUD person 2016-03.."
        ]  # fmt: skip
        assert all((row.id, row.aliases) == ("Q1", ("A. Quartey",)) for row in rows)

    @pytest.mark.parametrize(
        ("own", "expected"),
        [
            (claims(P31="Q7278", P17="Q117"), "Ama Quartey GHA/PTY party"),
            (claims(P31="Q484652"), "Ama Quartey IGO/ igo"),
            (claims(P31="Q4830453", P17="Q999999", P298="GHA"), "Ama Quartey GHA/BUS company"),
            (claims(P31="Q5", P27="Q117", P102="Q8"), "Ama Quartey GHA/PTY person"),
            (claims(P31="Q5", P27="Q999999"), "no_country"),
            (claims(P31="Q999999", P17="Q117"), "no_kind"),
            ({}, "no_kind"),
        ],
    )
    def test_claims_become_country_sector_and_kind(
        self, tmp_path: Path, own: dict[str, Any], expected: str
    ) -> None:
        """What something is gives its kind, its state its country; what is not known is passed over."""
        (item,) = self.taken(tmp_path, [entity(claims=own)])
        assert (item.reason if isinstance(item, Skipped) else brief(item.row)) == expected

    @pytest.mark.parametrize("lines", [True, False])
    def test_a_bad_entity_costs_no_other(self, tmp_path: Path, lines: bool) -> None:
        """Entities that are none are told by line or item, and those after them are read."""
        told = self.taken(
            tmp_path, [entity(), 7, entity(labels={}), entity(claims=7), entity(id="Q2")], lines=lines
        )
        assert skips_of(told) == [(2, "bad_row"), (3, "no_name"), (4, "bad_row")]
        assert [row.id for row in rows_of(told)] == ["Q1", "Q2"]

    def test_a_dump_is_a_list_with_an_entity_a_line(self, tmp_path: Path) -> None:
        """The brackets and commas of a dump are passed over, and a line that is no JSON is told."""
        path = tmp_path / "dump.json"
        path.write_text(f"[\n{json.dumps(entity())},\nno json,\n{json.dumps(entity(id='Q2'))}\n]\n")
        assert guess_format(path) == "wikidata"
        told = take(path, "wikidata")[1]
        assert skips_of(told) == [(3, "bad_row")]
        assert len(rows_of(told)) == 2

    @pytest.mark.parametrize("short", [True, False])
    def test_results_of_a_query(self, tmp_path: Path, short: bool) -> None:
        """Rows of one office are joined with their aliases; the office gives the sector."""
        results = [
            {"item": "http://www.wikidata.org/entity/Q1", "itemLabel": "Ama Quartey", "countryCode": "GHA",
             "positionLabel": "Minister of Ports", "start": "2011-05-02T00:00:00Z", "altLabel": alias}
            for alias in ("A. Quartey", "Quartey of Keld|Ama Q.")
        ]  # fmt: skip
        results += [
            {"item": "x/Q2", "itemLabel": "Q2", "countryCode": "GHA"},
            {"item": "x/Q3", "itemLabel": "Kofi Adjei"},
        ]
        results += [{"item": "x/Q4", "itemLabel": "Efua Adjei", "countryCode": "GHA", "start": "long ago"}]
        long = [{k: {"type": "literal", "value": v} for k, v in row.items()} for row in results]
        document = results if short else {"head": {"vars": []}, "results": {"bindings": long}}
        told = self.taken(tmp_path, document, lines=False)
        (row,) = rows_of(told)
        assert brief(row) == "Ama Quartey GHA/GOV person 2011-05-02.."
        assert (row.id, row.office, row.aliases) == (
            "Q1", "Minister of Ports", ("A. Quartey", "Quartey of Keld", "Ama Q.")
        )  # fmt: skip
        assert skips_of(told) == [(3, "no_name"), (4, "no_country"), (5, "bad_date")]

    @pytest.mark.parametrize(
        "text", ['{"a": [1,\n', "[1, 2", '{"head": {}, "results": {"bindings": 7}}', "[" * 100_000]
    )
    def test_a_broken_document_is_told(self, tmp_path: Path, text: str) -> None:
        """JSON that cannot be read is a bad row, not a failure."""
        path = tmp_path / "broken.json"
        path.write_text(text)
        assert {reason for _, reason in skips_of(take(path, "wikidata")[1])} == {"bad_row"}


HEADER = "id,name,sort_name,email,twitter,facebook,group,group_id,area_id,area,chamber,term,start_date,end_date,image,gender,wikidata"


class TestCsv:
    """Tables in Dragoman's own format and members of parliaments."""

    def test_members_of_parliament(self, tmp_path: Path) -> None:
        """One row per term, with chamber and group as the office; bad rows name their line and cost no other."""
        path = tmp_path / "p.csv"
        path.write_text(
            f"{HEADER}\n1,Ama Quartey,,,,,Keld Party,,,,House,8,2011-05-02,2015,,,Q1\n"
            "1,Ama Quartey,,,,,Independent,,,,,9,2016-01-01,,,,\n2,,,,,,,,,,,9,,,,,\nshort,row\n"
            '3,Kofi Adjei,,,,,"a ""b",,,,,9,2016-13-01,,,,\n'
        )
        assert guess_format(path) == "everypolitician"
        _, told = take(path, "everypolitician", country="GHA")
        assert [(brief(row), row.office, row.id) for row in rows_of(told)] == [
            ("Ama Quartey GHA/LEG person 2011-05-02..2015", "member of House, Keld Party", "GHA.ama_quartey"),
            ("Ama Quartey GHA/LEG person 2016-01-01..", "member of parliament", "GHA.ama_quartey"),
        ]
        assert skips_of(told) == [(4, "no_name"), (5, "bad_row"), (6, "bad_date")]

    def test_own_format(self, tmp_path: Path) -> None:
        """Rows are taken as they are, those of the packaged tables too; wrong ones and repeated ones are told."""
        path = tmp_path / "a.csv"
        path.write_bytes(
            b"name,country,sectors,kind,from,to,why\nTug Union,GHA,LAB,ngo,,,x\n# no\nTug Union,GHA,LAB,ngo,,,y\n"
            b"Taliban,AFG,REB,group,,,\nQuay,GHN,,,,,\nQuay,GHA,DOCK,,,,\nQuay,GHA,,club,,,\nQuay,GHA,,,2020,2019,\n"
            b"Qu\xe9y,GHA,,,,,\nQuay,GHA,,,then,,\n"
        )
        assert guess_format(path) == "csv"
        importer, told = take(path, "csv", keep_known=True)
        assert [row.name for row in rows_of(told)] == ["Tug Union", "Taliban"]
        assert skips_of(told) == [
            (4, "duplicate"), (6, "bad_value"), (7, "bad_value"), (8, "bad_value"), (9, "bad_date"), (10, "not_utf8"),
            (11, "bad_date"),
        ]  # fmt: skip
        assert importer.report.lines == 11
        assert importer.report.skipped.total() + importer.report.taken == 11

    def test_what_the_packaged_tables_have_is_left_alone(self, tmp_path: Path) -> None:
        """A name that they have for the same country is known; for another country it is taken and counted."""
        path = tmp_path / "a.csv"
        path.write_text(
            "name,country,sectors,aliases\nTaliban,AFG,REB,\nTaliban,GHA,REB,\nTug Union,AFG,LAB,Taliban;TU\n"
        )
        importer, told = take(path, "csv")
        assert [(row.name, row.country, row.aliases) for row in rows_of(told)] == [
            ("Taliban", "GHA", ()), ("Tug Union", "AFG", ("TU",))
        ]  # fmt: skip
        assert skips_of(told) == [(2, "known")]
        assert importer.report.differ == 1

    def test_what_was_taken_is_what_the_coder_reads(self, tmp_path: Path) -> None:
        """The table that an import leaves loads without an error, and importing again adds nothing."""
        path = tmp_path / "d.txt"
        path.write_text('KELD_BOARD_ [GHAGOV 010101-021231]\n+K,_"B"_\n\t[GHAELI]\nPORT_KELD_ [GHA]\n')
        importer, _ = take(path, "petrarch")
        importer.table.write()
        assert load_registry([importer.table.path])
        again, told = take(path, "petrarch")
        assert again.report.taken == 0
        assert {reason for _, reason in skips_of(told)} == {"duplicate"}


class TestFiles:
    """Opening and telling formats."""

    def test_packed_files_are_read(self, tmp_path: Path) -> None:
        """Gzip and tar archives are read as what they hold; members are named in the lines that are told."""
        text = b"KELD_BOARD_ [GHAGOV]\nTUG_UNION_ [XQZ]\n"
        (tmp_path / "a.txt.gz").write_bytes(gzip.compress(text))
        with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as archive:
            for name in ("notes", "b.actors.txt"):
                member = tarfile.TarInfo(name)
                member.size = len(text) if name != "notes" else 0
                archive.addfile(member, io.BytesIO(text))
        for name in ("a.txt.gz", "a.tar.gz"):
            assert guess_format(tmp_path / name) == "petrarch"
            _, told = take(tmp_path / name, "petrarch")
            assert len(rows_of(told)) == 1
        assert told[-1].file == f"{tmp_path}/a.tar.gz/b.actors.txt"

    @pytest.mark.parametrize("name", ["none.csv", "folder", "cut.gz", "cut.tar.gz"])
    def test_a_file_that_cannot_be_read_is_told(self, tmp_path: Path, name: str) -> None:
        """Missing files, folders and damaged archives are errors that name the file."""
        (tmp_path / "folder").mkdir()
        (tmp_path / "cut.gz").write_bytes(gzip.compress(b"name\n" + bytes(range(256)) * 999)[:200])
        with tarfile.open(tmp_path / "w.tar.gz", "w:gz") as archive:
            member = tarfile.TarInfo("a.txt")
            member.size = 200_000
            archive.addfile(member, io.BytesIO(bytes(range(200)) * 1000))
        whole = (tmp_path / "w.tar.gz").read_bytes()
        (tmp_path / "cut.tar.gz").write_bytes(whole[: len(whole) // 2])
        with pytest.raises(InputError, match=name):
            take(tmp_path / name, "csv")

    def test_a_format_that_cannot_be_told_is_asked_for(self, tmp_path: Path) -> None:
        """Prose and an empty file are none of the formats."""
        for text in ("Just words.\n", ""):
            (tmp_path / "a.txt").write_text(text)
            with pytest.raises(UsageError, match="--format"):
                guess_format(tmp_path / "a.txt")


@pytest.mark.shared
def test_the_dictionaries_of_petrarch2() -> None:
    """Of the real dictionaries each line is told once or gives rows, and every row passes the checks."""
    archive = Path(__file__).parents[4] / "shared/data/facts/petrarch2_dictionaries.tar.gz"
    if not archive.exists():
        pytest.skip("the shared data folder is not there")
    importer = Importer(read_own(Path("none.csv")), PACKAGED, keep_known=False)
    told = list(importer(read_file(archive, guess_format(archive), PACKAGED, report=importer.report)))
    assert importer.report.lines == 76_828
    assert importer.report.taken > 25_000
    assert {row.country for row in rows_of(told)} <= {*PACKAGED.states, *SPECIAL}
    reasons = importer.report.skipped
    assert reasons["role_word"] > 2_000
    assert reasons["bad_row"] == 0
    assert reasons["bad_value"] == 0
