"""Tables of other projects: each layout read, mapped and refused where it is another's; bad lines told by file and line."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path
from typing import Any

import pytest

from dragoman.errors import InputError
from dragoman.export.foreign import DATASETS, REASONS, Report, check_file, iter_foreign
from dragoman.export.layouts import GDELT_2, ICEWS, PHOENIX, POLECAT

from .foreign_rows import FILES, GDELT_ROW, ICEWS_ROW, PHOENIX_ROW, POLECAT_ROW, bare, polecat


def read(path: Path, dataset: str, report: Report | None = None) -> list[dict[str, Any]]:
    """Return the rows of a file."""
    return list(iter_foreign(path, dataset, report if report is not None else Report()))


def put(folder: Path, text: str | bytes, name: str = "a.tab") -> Path:
    """Return a file with these words."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_row_of_gdelt(tmp_path: Path) -> None:
    """Every column that we keep, mapped: CAMEO to PLOVER, its scores, FIPS to ISO, KSV to KOS, MED to JRN."""
    path = put(tmp_path, FILES["gdelt 2.0"][1])
    (row,) = read(path, "gdelt")
    assert row == {
        "dataset": "gdelt", "foreign_id": "410000001", "event_date": "2019-06-03", "actors": ["IRAN"], "actor_countries": ["IRN"],
        "actor_sectors": ["MIL"], "recipients": ["RADIO ORLA"], "recipient_countries": ["KOS"], "recipient_sectors": ["JRN"],
        "event_type": "COERCE", "mode": "restrict", "contexts": ["pro_autocracy"], "cameo": "1722", "quad_class": 4,
        "intensity": -7.0, "given_intensity": -5.0, "place": "Orla, Vojvodina, Serbia", "country": "SRB", "lat": 45.25,
        "lon": 19.85, "url": "https://orla.example/a?b=c", "publisher": None, "file": str(path), "line": 1,
    }  # fmt: skip


@pytest.mark.parametrize("name", ["gdelt 1.0", "gdelt before April 2013"])
def test_older_layouts_of_gdelt_say_the_same(name: str, tmp_path: Path) -> None:
    """58 and 57 columns give what 61 give, but for the address that the oldest lacks."""
    (newer,) = read(put(tmp_path, FILES["gdelt 2.0"][1]), "gdelt")
    (older,) = read(put(tmp_path, FILES[name][1]), "gdelt")
    assert older | {"url": None} == newer | {"url": None}
    assert (older["url"] is None) == (name == "gdelt before April 2013")


def test_a_row_of_icews(tmp_path: Path) -> None:
    """Sectors in words, a country as a name, the finest place that is named."""
    (row,) = read(put(tmp_path, FILES["icews"][1]), "icews")
    assert (row["foreign_id"], row["event_date"], row["line"]) == ("20718170", "2014-01-02", 2)
    assert (row["actors"], row["actor_countries"], row["actor_sectors"]) == (
        ["Army of Keld"],
        ["RUS"],
        ["MIL"],
    )
    assert (row["recipients"], row["recipient_countries"], row["recipient_sectors"]) == (
        ["Halden Front"],
        ["CIV"],
        ["REB"],
    )
    assert (row["event_type"], row["mode"], row["contexts"], row["cameo"]) == (
        "ASSAULT",
        None,
        ["military"],
        "190",
    )
    assert (row["intensity"], row["given_intensity"]) == (-9.0, -10.0)
    assert (row["place"], row["country"], row["lat"], row["lon"], row["publisher"]) == (
        "Man",
        "CIV",
        7.41,
        -7.55,
        "Keld Times",
    )


def test_a_row_of_polecat(tmp_path: Path) -> None:
    """Types stay, old modes are folded, contexts that are none are left out, lists are lists and None is nothing."""
    (row,) = read(put(tmp_path, FILES["polecat"][1]), "polecat")
    assert (row["event_type"], row["mode"], row["contexts"]) == (
        "ASSAULT",
        "targeted",
        ["military", "terrorism"],
    )
    assert (row["actors"], row["actor_countries"], row["actor_sectors"]) == (
        ["Keld"],
        ["NOR", "DNK"],
        ["MIL", "GOV"],
    )
    assert (row["recipients"], row["recipient_countries"], row["recipient_sectors"]) == (
        ["United Nations"],
        ["UNO"],
        [],
    )
    assert (row["cameo"], row["quad_class"], row["intensity"], row["given_intensity"]) == (
        None,
        4,
        -9.5,
        -9.5,
    )
    assert (row["place"], row["country"], row["publisher"]) == ("Ørsund", "NOR", "Keld Times")


def test_polecat_with_its_newer_name_of_the_score(tmp_path: Path) -> None:
    """Later files call the column "Event Intensity"; other columns may be there, too, in any order."""
    columns = ["Extra", *reversed(POLECAT)]
    header = "\t".join(columns).replace("Intensity", "Event Intensity")
    line = "\t".join({**dict.fromkeys(columns, "None"), **POLECAT_ROW}[name] for name in columns)
    (row,) = read(put(tmp_path, f"{header}\n{line}\n"), "polecat")
    (usual,) = read(put(tmp_path, FILES["polecat"][1]), "polecat")
    assert row == usual


def test_a_row_of_phoenix(tmp_path: Path) -> None:
    """Actors are codes; the daily files have no header."""
    (row,) = read(put(tmp_path, FILES["phoenix"][1]), "phoenix")
    assert (row["foreign_id"], row["event_date"]) == ("12_v0.2.0", "2014-06-20")
    assert (row["actors"], row["actor_countries"], row["actor_sectors"]) == (["INDPTY"], ["IND"], ["PTY"])
    assert (row["recipients"], row["recipient_countries"], row["recipient_sectors"]) == (
        ["IMGMUSISI"],
        ["IMG"],
        ["REL"],
    )
    assert (row["event_type"], row["contexts"], row["place"], row["country"]) == (
        "AGREE",
        ["economic"],
        "Delhi",
        "IND",
    )
    assert (row["url"], row["publisher"]) == ("http://keld.example/1", "keld_world")


def test_a_row_of_the_historical_phoenix(tmp_path: Path) -> None:
    """Commas, a header, and days as 1/31/1979."""
    (row,) = read(put(tmp_path, FILES["historical phoenix"][1]), "phoenix")
    assert (row["foreign_id"], row["event_date"], row["line"]) == ("NYT1", "1979-01-31", 2)
    assert (row["event_type"], row["mode"], row["actor_countries"], row["recipient_countries"]) == ("CONSULT", "visit", ["USA"], ["EGY"])  # fmt: skip
    assert (row["place"], row["country"], row["publisher"]) == ("Cairo", "EGY", "NYT")


@pytest.mark.parametrize("name", list(FILES))
@pytest.mark.parametrize("packing", ["plain", "gzip", "zip", "windows line ends"])
def test_packed_files_give_what_plain_ones_do(name: str, packing: str, tmp_path: Path) -> None:
    """A zip may hold several members and a folder; lines are counted in each."""
    dataset, text = FILES[name]
    (plain,) = read(put(tmp_path, text), dataset)
    path, file = tmp_path / "packed", str(tmp_path / "packed")
    if packing == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.mkdir("in")
            archive.writestr("in/a.csv", text)
            archive.writestr("in/b.csv", text)
            archive.writestr("__MACOSX/in/._a.csv", b"\x00\x05\x16\x07")
        file += "/in/a.csv"
    else:
        path.write_bytes(gzip.compress(text.encode()) if packing == "gzip" else text.replace("\n", "\r\n" if "ends" in packing else "\n").encode())  # fmt: skip
    found = read(path, dataset)
    assert found[0] == {**plain, "file": file}
    assert len(found) == (2 if packing == "zip" else 1)


@pytest.mark.parametrize("name", list(FILES))
def test_a_table_of_another_dataset_is_refused(name: str, tmp_path: Path) -> None:
    """Each file is known for what it is and for nothing else; the message says which command reads it."""
    dataset, text = FILES[name]
    path = put(tmp_path, text)
    assert check_file(path, dataset).name
    for other in DATASETS.keys() - {dataset}:
        with pytest.raises(
            InputError, match=f"no table of {other}.*looks like {dataset}: dragoman foreign import {dataset}"
        ):
            read(path, other)


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "is empty"), ("\n \n", "is empty"), ("a,b\n1,2\n", "first line has 1 cells.*61 columns between tabs"), ("\x00\x01" * 400, "no table"),
     ("\t" * 60 + "\n", "is empty"), ('{"event_id": "1"}\n', "no table")],
)  # fmt: skip
def test_what_is_no_table_is_refused(text: str, message: str, tmp_path: Path) -> None:
    """An empty file, another format, binary rubbish: one sentence with the file's name and what was expected."""
    with pytest.raises(InputError, match=message):
        read(put(tmp_path, text), "gdelt")


def test_files_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    """A missing file, a folder, a broken gzip and a cut zip are errors with the path, not tracebacks."""
    with pytest.raises(InputError, match="does not exist"):
        read(tmp_path / "none", "icews")
    with pytest.raises(InputError, match="is a folder"):
        read(tmp_path, "icews")
    packed = gzip.compress(FILES["icews"][1].encode() * 2000)
    with pytest.raises(InputError, match="cannot be unpacked"):
        read(put(tmp_path, packed[: len(packed) // 2]), "icews")
    with zipfile.ZipFile(tmp_path / "z", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", FILES["icews"][1] * 2000)
    whole = (tmp_path / "z").read_bytes()
    at = whole.index(b"a", 30) + 40
    with pytest.raises(InputError, match="cannot be unpacked"):
        read(put(tmp_path, whole[:at] + bytes(20) + whole[at + 20 :]), "icews")


def test_bad_lines_are_counted_and_told_by_line(tmp_path: Path) -> None:
    """Each reason is counted, the first lines of it are told with file and line, and good lines around them are kept."""
    good = bare(GDELT_ROW, GDELT_2)
    lines = [
        good, good + "\tmore", "x", bare({**GDELT_ROW, "SQLDATE": "20190231"}, GDELT_2), bare({**GDELT_ROW, "EventCode": "---"}, GDELT_2),
        bare({**GDELT_ROW, "EventCode": "020"}, GDELT_2), "", bare({"GLOBALEVENTID": "7", "SQLDATE": "20190603", "EventCode": "190"}, GDELT_2),
        bare({**GDELT_ROW, "GLOBALEVENTID": ""}, GDELT_2), "y" * 1_200_000, bare({**GDELT_ROW, "GLOBALEVENTID": "8"}, GDELT_2),
    ]  # fmt: skip
    report = Report()
    path = put(tmp_path, "\n".join(lines))
    assert [r["line"] for r in read(path, "gdelt", report)] == [1, 11]
    assert report.skipped == {"bad_row": 4, "bad_date": 1, "bad_code": 1, "no_type": 1, "no_sides": 1}
    assert (report.rows, report.kept, report.layout) == (10, 2, "GDELT 2.0")
    assert report.told["bad_row"] == [
        f"{path}:2: 62 cells, expected 61", f"{path}:3: 1 cells, expected 61", f"{path}:9: there is no id",
        f"{path}:10: longer than 1,000,000 bytes",
    ]  # fmt: skip
    assert report.told["bad_date"] == [f'{path}:4: "20190231" is not a day']
    assert report.told["bad_code"] == [f'{path}:5: "---" is not a CAMEO code']
    assert report.skipped.keys() == REASONS.keys()


def test_only_the_first_lines_of_a_reason_are_told(tmp_path: Path) -> None:
    """A file of rubbish after a good line does not fill the report."""
    report = Report()
    path = put(tmp_path, FILES["gdelt 2.0"][1] + "x\n" * 100)
    assert len(read(path, "gdelt", report)) == 1
    assert (report.skipped["bad_row"], len(report.told["bad_row"])) == (100, 5)


def test_coordinates_off_the_earth_are_left_out(tmp_path: Path) -> None:
    """The event stays, without a point."""
    for lat, lon in (("95", "10"), ("10", "nan"), ("", "10"), ("x", "y")):
        text = bare({**GDELT_ROW, "ActionGeo_Lat": lat, "ActionGeo_Long": lon}, GDELT_2)
        (row,) = read(put(tmp_path, text), "gdelt")
        assert (row["lat"], row["lon"]) == (None, None)


def test_bytes_that_are_not_utf8_are_read_as_windows_1252(tmp_path: Path) -> None:
    """Older tables have names in Latin letters of one byte."""
    text = bare({**GDELT_ROW, "Actor1Name": "CÔTÉ"}, GDELT_2).encode("cp1252")
    (row,) = read(put(tmp_path, text), "gdelt")
    assert row["actors"] == ["CÔTÉ"]


@pytest.mark.parametrize(
    ("written", "name"),
    [('"Keld, ""the Elder"""', 'Keld, "the Elder"'), ('"Keld', '"Keld'), ('Keld "the Elder"', 'Keld "the Elder"'), ('"Keld" says', '"Keld" says'),
     ('"Keld\tand\tHalden"', "Keld\tand\tHalden"), ('"Keld\nand\n\nHalden"', "Keld\nand\n\nHalden")],
)  # fmt: skip
def test_quotes_are_taken_as_they_are_meant(written: str, name: str, tmp_path: Path) -> None:
    """Cells in quotes, as CSV has them, and quotes that are letters, in the same table; rows after them are read."""
    rows = [bare({**ICEWS_ROW, "Source Name": words}, ICEWS) for words in (written, "plain")]
    found = read(put(tmp_path, "\n".join(["\t".join(ICEWS), *rows]) + "\n"), "icews")
    assert [row["actors"] for row in found] == [[name], ["plain"]]


def test_a_row_whose_quote_never_closes_takes_no_other_row_with_it(tmp_path: Path) -> None:
    """It is counted as bad; the next ones are read."""
    broken = "\t".join(['"open', *["x"] * 5])
    rows = [broken, *[bare({**ICEWS_ROW, "Event ID": str(n)}, ICEWS) for n in range(60)]]
    report = Report()
    found = read(put(tmp_path, "\n".join(["\t".join(ICEWS), *rows]) + "\n"), "icews", report)
    assert [row["foreign_id"] for row in found] == [str(n) for n in range(60)]
    assert report.told == {"bad_row": [f"{tmp_path / 'a.tab'}:2: 6 cells, expected 20"]}


def test_polecat_refuses_types_that_plover_has_not(tmp_path: Path) -> None:
    """A type of the older draft is a bad code."""
    report = Report()
    text = (
        "\t".join(POLECAT)
        + "\n"
        + polecat({**POLECAT_ROW, "Event Type": "FIGHT"})
        + "\n"
        + polecat(POLECAT_ROW)
    )
    assert len(read(put(tmp_path, text), "polecat", report)) == 1
    assert report.told["bad_code"][0].endswith(':2: "FIGHT" is no event type')


def test_missing_values_of_phoenix_are_nothing(tmp_path: Path) -> None:
    """An actor "---" is none."""
    (row,) = read(put(tmp_path, bare({**PHOENIX_ROW, "TargetActorFull": "---"}, PHOENIX)), "phoenix")
    assert (row["recipients"], row["recipient_countries"]) == ([], [])
