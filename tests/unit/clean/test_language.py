"""The language of a text is told, or that it cannot be told."""

from __future__ import annotations

import subprocess
import sys

import pytest

from dragoman.clean.language import find_language


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("fr", "Le gouvernement a annoncé mardi le retrait de ses troupes du nord du pays."),
        ("de", "Die Regierung kündigte am Dienstag den Abzug ihrer Truppen aus dem Norden an."),
        ("es", "El gobierno anunció el martes la retirada de sus tropas del norte del país."),
        ("nl", "De regering kondigde dinsdag aan dat de troepen zich uit het noorden terugtrekken."),
        ("ru", "Правительство объявило во вторник о выводе войск с севера страны."),
        ("pcm", "Di goment don tell pipol say dem no go fit carry di case go court till next week."),
        ("pcm", "Police dey find di men wey kidnap five pesin for Kaduna road, na so eyewitness tell us."),
        ("da", "Politiet siger at de har styr på situationen efter skud."),
        ("nl", "De minister van defensie is in het land aangekomen."),
        ("de", "Der Minister an der Grenze hat den Bericht under Vorbehalt."),
        ("it", "Il governo ha annunciato martedì il ritiro delle truppe dal nord del paese."),
    ],
)
def test_other_languages_are_named(code: str, text: str) -> None:
    """A sentence in another language is known for what it is, with a probability."""
    found = find_language(text)
    assert (found.code, found.is_known) == (code, True)
    assert 0.5 < found.probability <= 1.0


@pytest.mark.parametrize(
    "text",
    [
        "The government announced on Tuesday that its troops would leave the north of the country.",
        "Operation Emmanuel: FARC guerrillas release Colombian hostages Clara Rojas and Consuelo González.",
        "Protesters storm parliament",
        "Police arrest five protesters",
        "Talks stall",
        "RUSTAN SHELLS BORDER VILLAGE, KILLING FOUR",
        "The appeal court in Abuja grants bail to the governor and orders police to return his passport.",
        "Nigerian President Musa Adeleke sacks education minister Chidi Okoro for corruption.",
        "Gunmen kidnap nine foreign oil workers in Nigeria.",
        "Emancipation fighters and the army battle in Nigeria's Niger Delta.",
        "The Venus Orbiter enters orbit around Venus.",
        "The Senate votes to try former prime minister Hama Issoufou on graft charges.",
    ],
)
def test_english_is_known(text: str) -> None:
    """Sentences full of names and short headlines count as English."""
    assert find_language(text)[::2] == ("en", True)


@pytest.mark.parametrize("text", ["", "2024 12 15 !!", "zxqv wqrt plom", "Rusia"])
def test_what_cannot_be_told_is_not_guessed(text: str) -> None:
    """Figures, scrambled letters and single names are of no known language."""
    assert not find_language(text).is_known


def test_clear_english_does_not_load_the_model() -> None:
    """Neither the language model nor the HTML extractor is imported for a plain English text."""
    program = (
        "import sys, datetime; from dragoman.clean import Cleaner; from dragoman.records import RawArticle\n"
        "text = 'The minister said on Monday that the talks with the rebels would go on for a week. ' * 3\n"
        "Cleaner(today=datetime.date(2025, 6, 1), infer_date=False)([RawArticle(text, 'text/plain', 'x')])\n"
        "print(sorted({'py3langid', 'trafilatura', 'lxml', 'htmldate'} & set(sys.modules)))"
    )
    out = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
