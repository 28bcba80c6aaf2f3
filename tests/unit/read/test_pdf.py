"""PDF reports are read by their text layer; what has none, or does more than show text, is refused."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pypdf
import pytest

from dragoman.clean import Cleaner
from dragoman.records import Article, Rejected

from .archive_making import articles_of, pdf_file, read_all, reasons_of

LINES = (
    "Situation report of the northern mission\n12 March 2024\n\nArmed men attacked a convoy of the mission near Orrin on Monday\n"
    "and wounded two drivers, the mission said in its weekly report."
)


def write(folder: Path, content: bytes) -> Path:
    """Write a PDF file."""
    path = folder / "report.pdf"
    path.write_bytes(content)
    return path


def test_the_text_layer_is_read(tmp_path: Path) -> None:
    """The lines of a page come out in order, and the printed date is the day of publication."""
    (raw,) = articles_of(read_all(write(tmp_path, pdf_file([LINES]))))
    assert raw.media_type == "text/plain"
    (article,) = Cleaner(today=date(2025, 1, 1))([raw])
    assert isinstance(article, Article)
    assert "wounded two drivers" in article.text
    assert article.published_on == date(2024, 3, 12)


def test_running_headers_and_page_numbers_are_left_out(tmp_path: Path) -> None:
    """Lines that stand on most pages at the same end are the report's, not its text."""
    body = "The mission counted {} attacks in the week and held talks with the elders of the valley."
    pages = [f"Weekly report no. 7\n{body.format(n)}\n{n}" for n in range(1, 6)]
    (raw,) = articles_of(read_all(write(tmp_path, pdf_file(pages))))
    assert "Weekly report" not in str(raw.body)
    assert [line for line in str(raw.body).split("\n") if line.strip().isdigit()] == []
    assert str(raw.body).count("The mission counted") == 5


def test_a_sentence_over_two_pages_is_one(tmp_path: Path) -> None:
    """A page's last line without stop goes on with the next page."""
    pages = [
        "The elders of the valley agreed on Monday to open the road that leads",
        "to the mill, the mission said in Orrin on Tuesday.",
    ]
    (raw,) = articles_of(read_all(write(tmp_path, pdf_file(pages))))
    assert "leads\nto the mill" in str(raw.body)


def test_pictures_of_pages_are_rejected_as_such(tmp_path: Path) -> None:
    """A scan without text layer says what to do."""
    found = read_all(write(tmp_path, pdf_file(["", "7"])))
    assert reasons_of(found) == ["no_text_layer"]
    assert isinstance(found[0], Rejected)
    assert "text recognition" in found[0].detail


def test_a_password_is_asked_for(tmp_path: Path) -> None:
    """A file that opens with a password only is refused as encrypted."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf_file([LINES])))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    assert reasons_of(read_all(write(tmp_path, out.getvalue()))) == ["encrypted"]


SCRIPT = "<< /Type /Action /S /JavaScript /JS (app.alert\\(1\\)) >>"


@pytest.mark.parametrize(
    ("root", "extra"),
    [
        ("/OpenAction {extra} 0 R", [SCRIPT]),
        ("/Names << /JavaScript << /Names [(a) {extra} 0 R] >> >>", [SCRIPT]),
        ("/OpenAction {extra} 0 R", ["<< /Type /Action /S /Launch /F (calc.exe) >>"]),
        ("/AA << /WC {extra} 0 R >>", [SCRIPT]),
    ],
)
def test_scripts_are_refused(tmp_path: Path, root: str, extra: list[str]) -> None:
    """A report that runs something when it is opened is not read, and nothing of it is run."""
    assert reasons_of(read_all(write(tmp_path, pdf_file([LINES], root=root, extra=extra)))) == ["scripts"]


@pytest.mark.parametrize("cut", [9, 200, -60])
def test_a_broken_file_is_told_or_mended(tmp_path: Path, cut: int) -> None:
    """A file that was cut off is read where its pages are whole, and else rejected."""
    found = read_all(write(tmp_path, pdf_file([LINES])[:cut]))
    assert len(found) == 1
    assert set(reasons_of(found)) <= {"failed", "no_text_layer"}


def test_circles_in_the_page_tree_end(tmp_path: Path) -> None:
    """Pages that name themselves as their own pages cost one rejection."""
    content = pdf_file([LINES]).replace(b"/Kids [4 0 R]", b"/Kids [2 0 R]")
    assert reasons_of(read_all(write(tmp_path, content))) in (["failed"], ["no_text_layer"])
