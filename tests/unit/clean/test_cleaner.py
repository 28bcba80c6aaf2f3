"""The cleaner gives an article or a reason for each raw article."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime

import pytest

from dragoman.clean import Cleaner
from dragoman.records import REASONS, Article, RawArticle, Rejected

TODAY = date(2025, 6, 1)
TEXT = "Talks begin in Halden\nThe two sides met in Halden on Monday for the first time since the truce."
CLEANER = Cleaner(today=TODAY)


def clean(raw: RawArticle) -> Article:
    """Return the article of a raw article that has one."""
    article = CLEANER([raw])[0]
    assert isinstance(article, Article)
    return article


def reject(raw: RawArticle, cleaner: Cleaner = CLEANER) -> Rejected:
    """Return the rejection of a raw article that has one."""
    rejected = cleaner([raw])[0]
    assert isinstance(rejected, Rejected)
    return rejected


def test_the_raw_fields_are_handed_on() -> None:
    """What the reader knew stands in the article."""
    fetched_at = datetime(2025, 5, 1, tzinfo=UTC)
    raw = RawArticle(
        TEXT, "text/plain", "a.jsonl:3", "id-7", "https://keld.example/1", "Keld Times", fetched_at=fetched_at
    )
    article = clean(raw)
    assert (article.source, article.source_id, article.url) == ("a.jsonl:3", "id-7", "https://keld.example/1")
    assert (article.outlet, article.fetched_at, article.language) == ("Keld Times", fetched_at, "en")
    assert article.title == "Talks begin in Halden"


def test_the_id_is_a_digest_of_text_and_url() -> None:
    """The id can be computed by anyone: SHA-256 of text, a zero and the URL, sixteen hexadecimal digits."""
    with_url = clean(RawArticle(TEXT, "text/plain", "a", url="https://keld.example/1"))
    without = clean(RawArticle(TEXT, "text/plain", "b"))
    again = clean(RawArticle(TEXT.encode(), "text/plain", "c"))
    expected = hashlib.sha256(f"{TEXT}\x00https://keld.example/1".encode()).hexdigest()[:16]
    assert with_url.article_id == expected
    assert without.article_id == again.article_id != expected


@pytest.mark.parametrize(
    ("raw", "reason", "told"),
    [
        (RawArticle("", "text/plain", "a.txt"), "empty", "no text"),
        (RawArticle(" \n\t\n", "text/plain", "a.txt"), "empty", "no text"),
        (RawArticle(b"\x00\x01", "text/plain", "a.txt"), "binary", "byte 0"),
        (RawArticle(b"abc \xff", "text/plain", "a.txt"), "not_utf8", "byte 4"),
        (RawArticle("Share\n|\n12 comments", "text/plain", "a.txt"), "no_article_text", "labels"),
        (
            RawArticle("Le gouvernement a annoncé mardi le retrait de ses troupes.", "text/plain", "a.txt"),
            "unsupported_language",
            '"fr"',
        ),
        (RawArticle("zxqv wqrt plom.", "text/plain", "a.txt"), "unknown_language", "likeliest"),
        (
            RawArticle(
                TEXT, "text/plain", "a.txt", published_on=date(2025, 7, 1), published_field="--published"
            ),
            "future_date",
            "--published says 2025-07-01",
        ),
    ],
)
def test_bad_articles_are_rejected_with_the_reason(raw: RawArticle, reason: str, told: str) -> None:
    """Each kind of bad input has its reason from the fixed list, and the detail names the input."""
    rejected = reject(raw)
    assert (rejected.stage, rejected.reason, rejected.item_id) == ("clean", reason, "a.txt")
    assert rejected.reason in REASONS
    assert rejected.detail.startswith("a.txt: ")
    assert told in rejected.detail


def test_a_long_text_is_too_large() -> None:
    """The limit on characters is inclusive and named in the rejection."""
    assert isinstance(
        Cleaner(today=TODAY, max_chars=len(TEXT))([RawArticle(TEXT, "text/plain", "a")])[0], Article
    )
    rejected = reject(RawArticle(TEXT, "text/plain", "a"), Cleaner(today=TODAY, max_chars=len(TEXT) - 1))
    assert rejected.reason == "too_large"
    assert str(len(TEXT) - 1) in rejected.detail


def test_other_languages_may_be_admitted() -> None:
    """A language that the caller names is not rejected."""
    raw = RawArticle("Le gouvernement a annoncé mardi le retrait de ses troupes.", "text/plain", "a.txt")
    article = Cleaner(today=TODAY, languages=frozenset({"en", "fr"}))([raw])[0]
    assert isinstance(article, Article)
    assert article.language == "fr"


def test_the_source_id_is_kept_on_rejections() -> None:
    """A rejected row can be found by its own id."""
    assert reject(RawArticle("", "text/plain", "a.jsonl:1", "id-7")).source_id == "id-7"


def test_the_title_of_the_row_stands_though_the_text_lacks_it() -> None:
    """A row's title is the article's, and the text stays as it is."""
    article = clean(RawArticle(TEXT, "text/plain", "a", title="Truce talks", verbatim=True))
    assert (article.title, article.text) == ("Truce talks", TEXT)


def test_dates_are_inferred_from_the_article_alone() -> None:
    """The dates of other stories and of labels are blank in what inference reads, and offsets stay."""
    seen: list[str] = []

    def infer(text: str, *, latest: date) -> None:
        seen.append(text)

    text = f"Share\n{TEXT}\nRead more: Harbour closed since 3 May 2024"
    Cleaner(today=TODAY, infer=infer)([RawArticle(text, "text/plain", "a")])
    assert len(seen[0]) == len(text)
    assert "2024" not in seen[0]
    assert seen[0].index("The two sides") == text.index("The two sides")


def test_inference_can_be_switched_off() -> None:
    """With ``infer_date`` false, nothing is asked and the date stays open."""

    def infer(text: str, *, latest: date) -> None:
        raise AssertionError("asked")

    article = Cleaner(today=TODAY, infer_date=False, infer=infer)([RawArticle(TEXT, "text/plain", "a")])[0]
    assert isinstance(article, Article)
    assert (article.published_on, article.published_evidence) == (None, None)
