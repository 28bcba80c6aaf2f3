"""Gazetteers built from files in the format of GeoNames; all places are invented."""

from __future__ import annotations

import errno
import json
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from dragoman.errors import GazetteerError
from dragoman.resolve.gazetteer import PACKAGED, Gazetteer, full, name_key
from dragoman.resolve.gazetteer.full import Built, Wanted, build_gazetteer
from dragoman.resolve.gazetteer.geonames import (
    BadRow,
    load_country_codes,
    load_features,
    parse_name,
    parse_place,
)
from dragoman.resolve.gazetteer.keys import is_latin
from dragoman.resolve.gazetteer.own import load_own_places
from dragoman.resolve.gazetteer.writing import GazetteerWriter, NewPlace

TODAY = date(2025, 5, 1)


def line(
    number: int | str, name: str, code: str = "P.PPL", *, country: str = "SD", unit: str = "29", people: int | str = 0,
    at: tuple[float | str, float | str] = (15.5, 32.5), others: str = "",
) -> str:  # fmt: skip
    """Return a row of the table of places."""
    kind, feature = code.split(".")
    return "\t".join(
        map(str, [number, name, name, others, *at, kind, feature, country, "", unit, "", "", "", people, "", 400,
                  "Etc/UTC", "2024-01-01"])
    )  # fmt: skip


PLACES = [
    line(1, "Vurania", "A.PCLI", unit="00", people=40_000_000),
    line(2, "Zorbi State", "A.ADM1", others="Wilayat Zorbi"),
    line(3, "Upper Zorbi", "A.ADM2", people=5_000),
    line(4, "Karvelu", "P.PPLA", people=90_000, others="Karwelu,Карвелу,KVL"),
    line(5, "Karvelu", at=(12.0, 24.0), unit="30"),
    line(6, "Wadi Tesh", "H.STM"),
    line(7, "Wadi Gorm", "H.STM", others="Gormi,Gorma,Wad Gorm,Gormou,Khor Gorm"),
    line(8, "Farm of Belo", "S.FRM"),
    line(9, "Karvelu Airport", "S.AIRP"),
    line(10, "Tesh Camp", "S.CMPRF"),
    line(11, "Zamba Sea", "H.SEA", country="", unit="00"),
]


def build(
    tmp_path: Path, rows: Sequence[str] = PLACES, *, names: Path | None = None, **wanted: object
) -> Built:
    """Build from rows, zipped; nothing comes from the packaged table."""
    path = tmp_path / "SD.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "not this one")
        archive.writestr("SD.txt", "\n".join(rows) + "\n")
    return build_gazetteer(
        [path],
        out=tmp_path / "built",
        today=TODAY,
        names=names,
        wanted=Wanted(**{"alone": True, **wanted}),  # type: ignore[arg-type]
    )


def names_of(gazetteer: Gazetteer) -> set[str]:
    """Return the names of the places that came from the file."""
    return {
        gazetteer.get_place(row).name for row in range(len(gazetteer)) if gazetteer.get_place(row).geonames_id
    }


def test_places_are_found_by_each_of_their_names(tmp_path: Path) -> None:
    """A town has its unit, id, people and kind; alternates in other scripts and codes of three letters are no names."""
    built = build(tmp_path)
    gazetteer = Gazetteer(built.out)
    big, small = sorted(gazetteer.find("Karvelu"), key=lambda p: -p.population)
    assert (big.kind, big.country, big.admin1, big.population, big.geonames_id) == (
        "city",
        "SDN",
        "Zorbi State",
        90_000,
        4,
    )
    assert (small.admin1, small.population, small.lat) == (None, 0, 12.0)
    assert [(p.geonames_id, p.named) for p in gazetteer.find("karwelu")] == [(4, False)]
    assert not gazetteer.find("KVL")
    assert [p.kind for p in gazetteer.find("Zorbi")] == ["admin1"]
    assert gazetteer.find("Zamba Sea")[0].country == ""


def test_kinds_that_news_does_not_name_are_left_out(tmp_path: Path) -> None:
    """Farms and streams without other names go; ``everything`` keeps them; ``classes`` and people narrow the rest."""
    built = build(tmp_path)
    assert names_of(Gazetteer(built.out)) == {
        "Vurania", "Zorbi State", "Upper Zorbi", "Karvelu", "Wadi Gorm", "Karvelu Airport", "Tesh Camp", "Zamba Sea",
    }  # fmt: skip
    assert (built.read, built.left_out, len(built.bad)) == (11, 2, 0)
    built = build(tmp_path, everything=True)
    assert {"Wadi Tesh", "Farm of Belo"} < names_of(Gazetteer(built.out))
    built = build(tmp_path, classes="P", least_population=1000)
    gazetteer = Gazetteer(built.out)
    assert names_of(gazetteer) == {"Karvelu"}
    assert len(gazetteer.find("Karvelu")) == 1


def test_table_of_alternate_names_replaces_the_column(tmp_path: Path) -> None:
    """Names of places that were taken join them; links, codes and other scripts do not; bad rows are counted."""
    rows = [
        "1\t4\ten\tOld Karvelu\t\t\t\t1\t\t",
        "2\t4\tlink\thttps://example.org/Karvelu\t\t\t\t\t\t",
        "3\t4\tru\tКарвелу\t\t\t\t\t\t",
        "4\t8\ten\tBelos Farm\t\t\t\t\t\t",
        "5\tfour\ten\tKarvelo\t\t\t\t\t\t",
        "6\t4",
        "7\t10\tar\tMukhayyam Tesh",
    ]
    table = tmp_path / "alternateNamesV2.txt"
    table.write_text("\n".join(rows) + "\n", "utf-8")
    built = build(tmp_path, names=table)
    gazetteer = Gazetteer(built.out)
    assert [p.geonames_id for p in gazetteer.find("Old Karvelu")] == [4]
    assert [p.geonames_id for p in gazetteer.find("Mukhayyam Tesh")] == [10]
    # What the table of names does not speak of keeps the names of its column.
    assert not gazetteer.find("Karwelu")
    assert gazetteer.find("Wilayat Zorbi")
    assert not gazetteer.find("Belos Farm")
    assert list(built.bad) == [
        "alternateNamesV2.txt: 1 row left out, an id that is no number (line 5)",
        "alternateNamesV2.txt: 1 row left out, fewer than 4 columns (line 6)",
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (line("x", "Bad"), "an id that is no number"),
        (line(2**32, "Bad"), "an id that is no number"),
        (line(20, "Bad").rsplit("\t", 1)[0], "not 19 columns"),
        (line(20, ""), "no name"),
        (line(20, "Bad", at=("north", 3)), "coordinates that are no numbers"),
        (line(20, "Bad", at=("nan", 3)), "coordinates out of range"),
        (line(20, "Bad", at=(91, 3)), "coordinates out of range"),
        (line(20, "Bad", country="QQ"), "a country code that is not one"),
        (line(20, "Bad", people="-5"), "a population that is no number"),
        (line(20, "Bad", people="many"), "a population that is no number"),
        ("", "not 19 columns"),
    ],
)
def test_bad_rows_are_counted_with_their_lines(tmp_path: Path, row: str, reason: str) -> None:
    """Each reason is told with file and first lines; the good rows are there."""
    built = build(tmp_path, [PLACES[0], row, *PLACES[1:4], row, row, row])
    assert list(built.bad) == [f"SD.zip: 4 rows left out, {reason} (line 2, 6, 7, …)"]
    assert "Karvelu" in names_of(Gazetteer(built.out))


def test_repeated_ids_and_bytes_that_are_no_text_are_counted(tmp_path: Path) -> None:
    """The first row of an id stays; a row in another encoding is left out."""
    path = tmp_path / "SD.txt"
    path.write_bytes(
        "\n".join(PLACES).encode() + b"\n" + line(4, "Other").encode() + b"\n" + b"30\tB\xe9lo\t\n"
    )
    built = build_gazetteer([path], out=tmp_path / "built", today=TODAY, wanted=Wanted(alone=True))
    assert [line.split(", ", 1)[1] for line in built.bad] == [
        "an id that came before (line 12)",
        "not UTF-8 (line 13)",
    ]
    with pytest.raises(BadRow):
        parse_place(b"\xff", load_country_codes())
    with pytest.raises(BadRow):
        parse_name(b"\xff\t\t\t")


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    """A missing, cut-off, foreign or empty file is an error that names it; nothing is left behind."""
    good = tmp_path / "SD.zip"
    with zipfile.ZipFile(good, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("SD.txt", "\n".join(line(n, f"Place {n * 7919 % 10_007}") for n in range(1, 20_000)))
    data = good.read_bytes()
    cut, hurt, empty, foreign, text = (
        tmp_path / n for n in ("cut.zip", "hurt.zip", "no.zip", "other.zip", "notes.txt")
    )
    cut.write_bytes(data[: len(data) // 2])
    hurt.write_bytes(data[:5000] + b"\0" * 2000 + data[7000:])
    empty.write_bytes(b"")
    with zipfile.ZipFile(foreign, "w") as archive:
        archive.writestr("data.csv", "a,b")
    text.write_text("nothing\nlike a table\n")
    for path, words in (
        (tmp_path / "none.zip", "does not exist"), (cut, "is cut off or damaged"), (hurt, "is cut off or damaged"),
        (empty, "is cut off or damaged"), (foreign, "holds no table of GeoNames"), (text, "no usable row"),
    ):  # fmt: skip
        with pytest.raises(GazetteerError, match=words) as caught:
            build_gazetteer([path], out=tmp_path / "out/built", today=TODAY)
        assert path.name in str(caught.value)
        assert list((tmp_path / "out").iterdir()) == []


def test_result_takes_its_place_only_when_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A gazetteer is replaced, a foreign folder refused; a stopped or failed build leaves the old one."""
    built = build(tmp_path)
    before = len(Gazetteer(built.out))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/thesis.txt").write_text("dear")
    with pytest.raises(GazetteerError, match="is not a gazetteer"):
        build_gazetteer([tmp_path / "SD.zip"], out=tmp_path / "mine", today=TODAY)
    assert (tmp_path / "mine/thesis.txt").read_text() == "dear"

    def stop(*_: object) -> int:
        raise KeyboardInterrupt

    def fill(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    for failure, error in ((stop, KeyboardInterrupt), (fill, GazetteerError)):
        with monkeypatch.context() as patch:
            patch.setattr(full._Joined, "finish", failure)
            with pytest.raises(error):
                build(tmp_path, PLACES[:4])
        assert len(Gazetteer(built.out)) == before
        assert sorted(p.name for p in tmp_path.iterdir()) == ["SD.zip", "built", "mine"]
    build(tmp_path, PLACES[:4])
    assert len(Gazetteer(built.out)) < before


def test_countries_that_the_files_lack_come_from_the_packaged_table(tmp_path: Path) -> None:
    """Other countries' places keep kind, unit, people and names; this country's come from the file and our table."""
    built = build(tmp_path, alone=False)
    gazetteer, packaged = Gazetteer(built.out), Gazetteer()
    assert built.packaged > 250_000
    for name in ("Lagos", "Diyarbakır", "Red Sea", "Texas", "Calif.", "Francia"):
        fields = [sorted((p.name, p.kind, p.country, p.admin1 or "", p.lat, p.population, p.named, p.dotted)
                         for p in g.find(name) if p.country != "SDN") for g in (gazetteer, packaged)]  # fmt: skip
        assert fields[0] == fields[1], name
    assert {p.geonames_id for p in gazetteer.find("Karvelu")} >= {4, 5}
    assert [p.country for p in gazetteer.find("Darfur")] == ["SDN"]
    # A town of ours is no town of the file: it is there from our table.
    assert any(p.country == "SDN" for p in gazetteer.find("Nyala"))
    assert not any(p.country == "SDN" and p.geonames_id for p in gazetteer.find("Nyala"))


def test_our_rows_join_those_of_the_file(tmp_path: Path) -> None:
    """A town, unit or site of ours that the file has gives it our aliases, and no second row."""
    rows = [
        line(1, "Republic of the Sudan", "A.PCLI", unit="00", others="Sudan"),
        line(2, "Northern Darfur", "A.ADM1", unit="55"),
        line(3, "El Fasher", people=200_000, at=(13.62, 25.35), unit="55"),
        line(4, "Zamzam", "S.CMPRF", at=(13.5, 25.3), unit="55"),
    ]
    gazetteer = Gazetteer(build(tmp_path, rows).out)
    for name, number in (("Sudan", 1), ("North Darfur", 2), ("Al-Fashir", 3), ("Zamzam camp", 4)):
        assert [p.geonames_id for p in gazetteer.find(name) if p.country == "SDN"] == [number], name
    assert gazetteer.find("El Fasher")[0].admin1 == "North Darfur"


def test_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    """The build depends on the files alone; the day stands in one place, and many parts and tries find the same."""
    first = build(tmp_path)
    kept = {p.name: p.read_bytes() for p in first.out.iterdir()}
    assert {p.name: p.read_bytes() for p in build(tmp_path).out.iterdir()} == kept
    assert json.loads(kept["labels.json"])["built"] == {
        "on": "2025-05-01", "from": [{"file": "SD.zip", "bytes": (tmp_path / "SD.zip").stat().st_size, "rows": 11}],
        "classes": "AHLPRSTUV", "everything": False, "least_population": 0,
    }  # fmt: skip


def test_parts_and_tries_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Spread over many parts and tries, every name leads to the same places."""
    rows = [*PLACES, *(line(100 + n, f"Tolmar {n % 60}", others=f"Old Tolmar {n % 45}") for n in range(400))]
    whole = Gazetteer(build(tmp_path, rows).out)
    names = ["Karvelu", "Zorbi", *(f"Tolmar {n}" for n in range(60)), *(f"Old Tolmar {n}" for n in range(45))]
    expected = {n: sorted(p.geonames_id or 0 for p in whole.find(n)) for n in names}
    del whole
    monkeypatch.setattr(full, "_PART_BYTES", 4_000)
    monkeypatch.setattr(full, "_TRIE_KEYS", 200)
    spread = Gazetteer(build(tmp_path, rows).out)
    assert len(list(spread.folder.glob("names-*.marisa"))) > 3
    assert {n: sorted(p.geonames_id or 0 for p in spread.find(n)) for n in names} == expected
    assert spread.count_names() == sum(1 for _ in spread.iter_names())


def test_names_of_units_come_from_the_tables_of_units(tmp_path: Path) -> None:
    """A name of ``admin1CodesASCII.txt`` finds the unit; a bad line of it is counted."""
    units = tmp_path / "admin1CodesASCII.txt"
    units.write_text("SD.29\tGreater Zorbi\tGreater Zorbi\t2\nSD.30\tbroken\n", "utf-8")
    path = tmp_path / "SD.txt"
    path.write_text("\n".join(PLACES), "utf-8")
    built = build_gazetteer(
        [path], out=tmp_path / "built", today=TODAY, units=[units], wanted=Wanted(alone=True)
    )
    assert [p.geonames_id for p in Gazetteer(built.out).find("Greater Zorbi")] == [2]
    assert list(built.bad) == ["admin1CodesASCII.txt: 1 row left out, not 4 columns (line 2)"]


def test_common_names_keep_the_largest_of_each_unit(tmp_path: Path) -> None:
    """Of a name with hundreds of rows, each unit's two most peopled are given, so that no article waits for it."""
    with GazetteerWriter(tmp_path) as writer:
        writer.units = ["", *(f"Unit {n}" for n in range(1, 41))]
        for n in range(400):
            writer.add_names(
                writer.add(NewPlace("Sanmar", "city", "SDN", 1, 1, n, n + 1, n % 40 + 1)), [("Sanmar", 1)]
            )
    found = Gazetteer(tmp_path).find("Sanmar")
    assert len(found) == 80
    assert min(p.population for p in found) == 320


def test_own_rows_are_sound() -> None:
    """Our rows have known countries, no row twice, and lie where their country is."""
    countries = set(load_country_codes().values())
    own = load_own_places()
    assert {o.place.country for o in own} <= countries
    conflict = load_own_places([PACKAGED / "own_places_conflict.csv"])
    keys = [(name_key(o.place.name), o.place.kind, o.place.country) for o in conflict]
    assert len(keys) == len(set(keys)), [k for k in keys if keys.count(k) > 1]


def test_feature_codes_are_sound() -> None:
    """The table of feature codes takes towns, units, seas and bases, and no farms, schools or convents."""
    features = load_features()
    assert all(
        features[c].taken
        for c in ("P.PPL", "A.ADM1", "H.SEA", "L.MILB", "S.INSM", "S.DAM", "S.CMPRF", "S.PSTB")
    )
    assert not any(features[c].taken for c in ("S.MSTY", "S.FRM", "S.SCH", "T.HLL"))


def test_keys_and_scripts_are_what_they_were() -> None:
    """The quick way to a key gives what the thorough one gives."""
    for name, key in (("Tolmar", "tolmar"), ("Tol mar", "tol mar"), (" A  b ", "a b"), ("Tol’mar", "tolmar"),
                      ("Tol-mar (old)", "tol mar old"), ("Žolmár", "zolmar"), ("²x", "2x"), ("", "")):  # fmt: skip
        assert name_key(name) == key
    assert is_latin("Žolmár 2")
    assert not is_latin("Толмар")
