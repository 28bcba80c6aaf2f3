"""Laws of cleaning: it is deterministic, changes no plain text, and its sections quote the text."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from dragoman.clean import Cleaner
from dragoman.clean.lines import to_key
from dragoman.clean.pages import find_sections
from dragoman.records import Article, RawArticle

CLEANER = Cleaner(today=date(2025, 6, 1))

LINES = (
    "Marenia frees forty prisoners ahead of talks",
    "Marenia freed forty prisoners on Monday, two days before talks open in Halden.",
    "The mediator called the release “a first step” and asked for more.",
    "What happens next",
    "By Jane Doe | 12 March 2024",
    "Facebook iconTwitter icon",
    "|",
    "Share",
    "Advertisement",
    "Related stories",
    "Read more: Rebels refuse to leave the harbour of Orrin",
    "A bus arrives in Port Ansel on Monday. (Photo: Northern Press)",
    "Photo: Jane Doe",
    "• Governor accused of passing letters",
    "# A heading",
    "They are:",
    "Anton Leif of Keld",
    "14:05 GMT",
    "",
    "   ",
)
lines = st.one_of(st.sampled_from(LINES), st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
pages = st.lists(lines, max_size=30).flatmap(
    lambda chosen: st.sampled_from(["\n", "\r\n", "\n\n"]).map(lambda end: end.join(chosen))
)


@given(pages, st.booleans(), st.one_of(st.none(), st.sampled_from(LINES)))
def test_sections_lie_in_order_inside_the_text(text: str, verbatim: bool, title: str | None) -> None:
    """Sections are not empty, do not overlap, stand in order, and neither starts nor ends with a blank."""
    reach = 0
    for section in find_sections(text, title=title, verbatim=verbatim):
        assert reach <= section.start < section.end <= len(text)
        words = text[section.start : section.end]
        assert words == words.strip()
        reach = section.end


@given(pages, st.booleans())
def test_copies_repeat_the_words_of_their_section(text: str, verbatim: bool) -> None:
    """A copy quotes the text and says, blanks and case aside, what its section says, outside of all sections."""
    sections = find_sections(text, verbatim=verbatim)
    for section in sections:
        for copy in section.copies:
            assert text[copy.start : copy.end] == copy.text
            assert to_key(copy.text) == to_key(text[section.start : section.end])
            assert all(copy.end <= other.start or copy.start >= other.end for other in sections)


@given(st.lists(st.sampled_from(LINES[1:3]), min_size=1, max_size=2, unique=True), st.booleans())
def test_sentences_of_a_clean_text_are_all_kept(sentences: list[str], verbatim: bool) -> None:
    """Every sentence of a text without furniture is a section."""
    text = "\n".join(sentences)
    found = [text[section.start : section.end] for section in find_sections(text, verbatim=verbatim)]
    assert found == sentences


@given(pages, st.booleans())
def test_plain_text_is_never_rewritten(text: str, verbatim: bool) -> None:
    """The article's text is the input, only CR LF made LF unless it is verbatim."""
    article = CLEANER([RawArticle(text, "text/plain", "x", verbatim=verbatim)])[0]
    if isinstance(article, Article):
        assert article.text == (text if verbatim else text.replace("\r\n", "\n"))


@given(st.lists(st.tuples(pages, st.booleans()), max_size=4))
def test_a_batch_equals_its_articles_one_by_one(batch: list[tuple[str, bool]]) -> None:
    """The size of a batch changes nothing, and cleaning twice gives the same twice."""
    raws = [RawArticle(text, "text/plain", f"x:{at}", verbatim=flag) for at, (text, flag) in enumerate(batch)]
    together = CLEANER(raws)
    assert together == [CLEANER([raw])[0] for raw in raws]
    assert together == CLEANER(raws)


@given(st.lists(st.sampled_from(LINES[:3]), min_size=1, max_size=6), st.text(max_size=40))
def test_pages_give_sections_that_quote_their_text(paragraphs: list[str], stray: str) -> None:
    """Whatever stands in a page, the article's sections lie in order inside its text."""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    page = f"<html><title>{stray}</title><body><h1>{stray}</h1>{body}</body></html>"
    article = CLEANER([RawArticle(page, "text/html", "x")])[0]
    if isinstance(article, Article):
        ends = [0, *(end for section in article.sections for end in (section.start, section.end))]
        assert ends == sorted(ends)
        assert ends[-1] <= len(article.text)
