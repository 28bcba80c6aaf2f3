"""Hand-written rows in the layouts of other people's tables, with invented towns and people."""

from __future__ import annotations

from collections.abc import Mapping

from dragoman.export.layouts import GDELT_1, GDELT_1_OLD, GDELT_2, ICEWS, PHOENIX, PHOENIX_HISTORICAL, POLECAT

GDELT_ROW: Mapping[str, str] = {
    "GLOBALEVENTID": "410000001", "SQLDATE": "20190603", "MonthYear": "201906", "Year": "2019", "FractionDate": "2019.4192",
    "Actor1Code": "IRNMIL", "Actor1Name": "IRAN", "Actor1CountryCode": "IRN", "Actor1Type1Code": "MIL",
    "Actor2Code": "KSVMED", "Actor2Name": "RADIO ORLA", "Actor2CountryCode": "KSV", "Actor2Type1Code": "MED",
    "IsRootEvent": "1", "EventCode": "1722", "EventBaseCode": "172", "EventRootCode": "17", "QuadClass": "4",
    "GoldsteinScale": "-5", "NumMentions": "4", "NumSources": "1", "NumArticles": "4", "AvgTone": "-3.2",
    "ActionGeo_Type": "4", "ActionGeo_FullName": "Orla, Vojvodina, Serbia", "ActionGeo_CountryCode": "RI",
    "ActionGeo_Lat": "45.25", "ActionGeo_Long": "19.85", "ActionGeo_FeatureID": "-1", "DATEADDED": "20190603001500",
    "SOURCEURL": "https://orla.example/a?b=c",
}  # fmt: skip
ICEWS_ROW: Mapping[str, str] = {
    "Event ID": "20718170", "Event Date": "2014-01-02", "Source Name": "Army of Keld", "Source Sectors": "Military,Government",
    "Source Country": "Russian Federation", "Event Text": "Use conventional military force", "CAMEO Code": "190",
    "Intensity": "-10.0", "Target Name": "Halden Front", "Target Sectors": "Organized Violent,Rebel", "Target Country": "Cote d'Ivoire",
    "Story ID": "33210986", "Sentence Number": "4", "Publisher": "Keld Times", "City": "Man", "Province": "Montagnes",
    "Country": "Cote d'Ivoire", "Latitude": "7.41", "Longitude": "-7.55",
}  # fmt: skip
POLECAT_ROW: Mapping[str, str] = {
    "Event ID": "20230103-1-c", "Event Date": "2023-01-03", "Event Type": "ASSAULT", "Event Mode": "assassinate",
    "Intensity": "-9.5", "Quad Code": "MATERIAL CONFLICT", "Contexts": "military; terrorism; invented", "Actor Name": "Keld; None",
    "Actor Country": "NOR; DNK", "Actor COW": "385; 390", "Primary Actor Sector": "MIL; None", "Actor Sectors": "MIL; GOV",
    "Recipient Name": "United Nations", "Recipient Country": "UNO", "Placename": "Ørsund", "Country": "NOR",
    "Latitude": "59.5", "Longitude": "10.25", "GeoNames ID": "3143244", "Source": "Keld Times", "Publication Date": "2023-01-04",
    "Language": "English", "Version": "NGEC 1",
}  # fmt: skip
PHOENIX_ROW: Mapping[str, str] = {
    "EventID": "12_v0.2.0", "Date": "20140620", "Year": "2014", "Month": "6", "Day": "20", "SourceActorFull": "INDPTY",
    "SourceActorEntity": "IND", "SourceActorRole": "PTY", "TargetActorFull": "IMGMUSISI", "TargetActorEntity": "IMG",
    "TargetActorAttribute": "MUS;ISI", "EventCode": "0311", "EventRootCode": "03", "PentaClass": "1", "GoldsteinScore": "5.2",
    "Lat": "28.6", "Lon": "77.2", "LocationName": "Delhi", "StateName": "Delhi", "CountryCode": "IND",
    "SentenceID": "53a_1", "URLs": "http://keld.example/1", "NewsSources": "keld_world",
}  # fmt: skip
HISTORICAL_ROW: Mapping[str, str] = {
    "eid": "NYT1", "story_date": "1/31/1979", "year": "1979", "month": "1", "day": "31", "source": "USAGOV",
    "source_root": "USA", "source_agent": "GOV", "target": "EGY", "target_root": "EGY", "code": "042", "root_code": "04",
    "quad_class": "1", "goldstein": "1.9", "lat": "30.06", "lon": "31.25", "placename": "Cairo", "countryname": "EGY",
    "aid": "7", "process": "NYT",
}  # fmt: skip


def bare(row: Mapping[str, str], columns: tuple[str, ...]) -> str:
    """Return a row as a line with tabs."""
    return "\t".join(row.get(name, "") for name in columns)


def polecat(row: Mapping[str, str]) -> str:
    """Return a row of POLECAT, which says "None" for what it does not know."""
    return "\t".join(row.get(name) or "None" for name in POLECAT)


# Format → the text of a file with one good row.
FILES: Mapping[str, tuple[str, str]] = {
    "gdelt 2.0": ("gdelt", bare(GDELT_ROW, GDELT_2) + "\n"),
    "gdelt 1.0": ("gdelt", bare(GDELT_ROW, GDELT_1) + "\n"),
    "gdelt before April 2013": ("gdelt", bare(GDELT_ROW, GDELT_1_OLD) + "\n"),
    "icews": ("icews", "\t".join(ICEWS) + "\n" + bare(ICEWS_ROW, ICEWS) + "\n"),
    "polecat": ("polecat", "\t".join(POLECAT) + "\n" + polecat(POLECAT_ROW) + "\n"),
    "phoenix": ("phoenix", bare(PHOENIX_ROW, PHOENIX) + "\n"),
    "historical phoenix": (
        "phoenix",
        ",".join(PHOENIX_HISTORICAL)
        + "\n"
        + ",".join(HISTORICAL_ROW.get(c, "") for c in PHOENIX_HISTORICAL)
        + "\n",
    ),
}
