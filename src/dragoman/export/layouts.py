"""The columns of other people's tables, in order, as their publishers write them.

Source: codebooks and files of GDELT 1.0 and 2.0, ICEWS (Harvard Dataverse 28075), POLECAT (AJGVIT), Phoenix of the Open Event
Data Alliance and the historical Phoenix of the Cline Center.
"""

from __future__ import annotations

from typing import Final


def _gdelt_actor(n: int) -> tuple[str, ...]:
    parts = ("Code", "Name", "CountryCode", "KnownGroupCode", "EthnicCode", "Religion1Code", "Religion2Code", "Type1Code",
             "Type2Code", "Type3Code")  # fmt: skip
    return tuple(f"Actor{n}{part}" for part in parts)


def _gdelt_place(of: str, *, second: bool) -> tuple[str, ...]:
    parts = ("Type", "FullName", "CountryCode", "ADM1Code", "ADM2Code", "Lat", "Long", "FeatureID")
    return tuple(f"{of}Geo_{part}" for part in parts if second or part != "ADM2Code")


def _gdelt(*, second: bool) -> tuple[str, ...]:
    return (
        "GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate", *_gdelt_actor(1), *_gdelt_actor(2), "IsRootEvent",
        "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale", "NumMentions", "NumSources", "NumArticles",
        "AvgTone", *_gdelt_place("Actor1", second=second), *_gdelt_place("Actor2", second=second),
        *_gdelt_place("Action", second=second), "DATEADDED", "SOURCEURL",
    )  # fmt: skip


GDELT_2: Final = _gdelt(second=True)
GDELT_1: Final = _gdelt(second=False)
GDELT_1_OLD: Final = GDELT_1[:-1]  # the back files up to March 2013 have no address

ICEWS: Final = (
    "Event ID", "Event Date", "Source Name", "Source Sectors", "Source Country", "Event Text", "CAMEO Code", "Intensity",
    "Target Name", "Target Sectors", "Target Country", "Story ID", "Sentence Number", "Publisher", "City", "District",
    "Province", "Country", "Latitude", "Longitude",
)  # fmt: skip

POLECAT: Final = (
    "Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts", "Actor Name", "Actor Country",
    "Actor COW", "Primary Actor Sector", "Actor Sectors", "Actor Title", "Actor Name Raw", "Wikipedia Actor ID",
    "Recipient Name", "Recipient Country", "Recipient COW", "Primary Recipient Sector", "Recipient Sectors",
    "Recipient Title", "Recipient Name Raw", "Wikipedia Recipient ID", "Placename", "City", "District", "Province", "Country",
    "Latitude", "Longitude", "GeoNames ID", "Raw Placename", "Feature Type", "Source", "Publication Date", "Story People",
    "Story Organizations", "Story Locations", "Language", "Version",
)  # fmt: skip

PHOENIX: Final = (
    "EventID", "Date", "Year", "Month", "Day", "SourceActorFull", "SourceActorEntity", "SourceActorRole",
    "SourceActorAttribute", "TargetActorFull", "TargetActorEntity", "TargetActorRole", "TargetActorAttribute", "EventCode",
    "EventRootCode", "PentaClass", "GoldsteinScore", "Issues", "Lat", "Lon", "LocationName", "StateName", "CountryCode",
    "SentenceID", "URLs", "NewsSources",
)  # fmt: skip

PHOENIX_HISTORICAL: Final = (
    "eid", "story_date", "year", "month", "day", "source", "source_root", "source_agent", "source_others", "target",
    "target_root", "target_agent", "target_others", "code", "root_code", "quad_class", "goldstein", "joined_issues", "lat",
    "lon", "placename", "statename", "countryname", "aid", "process",
)  # fmt: skip
