"""The ontology file and the questions that it answers."""

from __future__ import annotations

import pytest

from dragoman.errors import UnknownCode
from dragoman.ontology import load_ontology

ONTOLOGY = load_ontology()
TYPES = (
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE", "REJECT", "THREATEN",
    "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
)  # fmt: skip


def test_the_sixteen_types_are_there() -> None:
    """The types are the sixteen of PLOVER 2.0, four per quad class."""
    assert sorted(ONTOLOGY.types) == sorted(TYPES)
    classes = [ONTOLOGY.quad_class(name) for name in TYPES]
    assert {c: classes.count(c) for c in (1, 2, 3, 4)} == {1: 4, 2: 3, 3: 4, 4: 5}


@pytest.mark.parametrize(
    ("event_type", "quad_class"),
    [("AGREE", 1), ("COOPERATE", 2), ("ACCUSE", 3), ("THREATEN", 3), ("PROTEST", 4), ("ASSAULT", 4)],
)
def test_words_and_deeds_stand_in_their_quad_class(event_type: str, quad_class: int) -> None:
    """Words of cooperation are 1, its deeds 2, words of conflict 3, its deeds 4."""
    assert ONTOLOGY.quad_class(event_type) == quad_class


def test_scores_lie_on_the_scale_and_on_the_side_of_their_class() -> None:
    """Every type and mode scores from -10 to +10; cooperation never below zero, conflict never above REQUEST's."""
    for name, kind in ONTOLOGY.types.items():
        scores = [kind.score, *(mode.score for mode in kind.modes.values())]
        assert all(-10 <= score <= 10 for score in scores), name
        if kind.quad_class <= 2:
            assert min(scores) > 0, name
        elif name != "REQUEST":
            assert max(scores) <= 0, name


def test_cameo_codes_are_cameo_codes() -> None:
    """Every type, context and mode leads to a code of two to four digits whose root is 01 to 20."""
    for kind in ONTOLOGY.types.values():
        codes = [kind.cameo, *kind.cameo_by_context.values(), *(mode.cameo for mode in kind.modes.values())]
        for code in codes:
            assert code.isdigit(), (kind.name, code)
            assert 2 <= len(code) <= 4, (kind.name, code)
            assert 1 <= int(code[:2]) <= 20, (kind.name, code)


def test_contexts_of_the_cameo_table_exist() -> None:
    """A context that decides a CAMEO code, or that a mode adds, is on the list of contexts."""
    for kind in ONTOLOGY.types.values():
        named = {*kind.cameo_by_context, *(m.adds_context for m in kind.modes.values() if m.adds_context)}
        assert named <= set(ONTOLOGY.contexts), kind.name


def test_a_mode_has_its_own_intensity() -> None:
    """The mode's score stands where there is a mode, the type's where there is none."""
    visit = ONTOLOGY.types["CONSULT"].modes["visit"].score
    assert ONTOLOGY.intensity("CONSULT", "visit") == visit
    assert ONTOLOGY.intensity("CONSULT", None) == ONTOLOGY.types["CONSULT"].score
    assert visit != ONTOLOGY.types["CONSULT"].score


def test_the_first_context_of_the_file_decides_the_cameo_code() -> None:
    """Of two contexts that both have a code the one written first in the file wins, whatever their order."""
    table = ONTOLOGY.types["AID"].cameo_by_context
    first, second = list(table)[:2]
    assert table[first] != table[second]
    assert ONTOLOGY.cameo("AID", None, [second, first]) == table[first]


def test_a_context_without_a_code_leaves_the_plain_one() -> None:
    """A context that says nothing about the type gives the type's own code; a mode's code goes before contexts."""
    assert ONTOLOGY.cameo("COOPERATE", None, ["environment"]) == ONTOLOGY.types["COOPERATE"].cameo
    assert ONTOLOGY.cameo("CONSULT", "visit", ["military"]) == "042"


def test_a_mode_brings_its_context_once() -> None:
    """COERCE/cyber adds the context "cyber" where it is not there yet, and no mode changes nothing."""
    assert ONTOLOGY.contexts_of("COERCE", "cyber", ["military"]) == ("military", "cyber")
    assert ONTOLOGY.contexts_of("COERCE", "cyber", ["cyber"]) == ("cyber",)
    assert ONTOLOGY.contexts_of("COERCE", None, ["military"]) == ("military",)


@pytest.mark.parametrize(
    ("wrong", "right"), [("PROTST", "PROTEST"), ("assault", "ASSAULT"), ("CONSLT", "CONSULT")]
)
def test_an_unknown_type_names_the_nearest(wrong: str, right: str) -> None:
    """A misspelt type is an error that quotes it and suggests the nearest known one."""
    with pytest.raises(UnknownCode, match=f'"{wrong}" is not an event type.*Did you mean "{right}"'):
        ONTOLOGY.get_type(wrong)


def test_an_unknown_type_unlike_any_other_lists_the_known_ones() -> None:
    """Without a near name there is no guess, only the list."""
    with pytest.raises(UnknownCode) as caught:
        ONTOLOGY.get_type("QQQQ")
    assert "Did you mean" not in str(caught.value)
    assert "PROTEST" in str(caught.value)


def test_an_unknown_mode_names_the_nearest_of_its_type() -> None:
    """A misspelt mode suggests a mode of the same type; a type without modes says so."""
    with pytest.raises(UnknownCode, match=r'a mode of CONSULT.*Did you mean "visit"'):
        ONTOLOGY.get_mode("CONSULT", "visits")
    with pytest.raises(UnknownCode, match=r"a mode of AGREE.*Known: none"):
        ONTOLOGY.get_mode("AGREE", "visit")


def test_an_unknown_sector_names_the_nearest() -> None:
    """A sector that is not one is an error; a known one passes."""
    ONTOLOGY.check_sector("MIL")
    with pytest.raises(UnknownCode, match=r'"MILL" is not a sector.*Did you mean "MIL"'):
        ONTOLOGY.check_sector("MILL")


def test_the_ontology_is_read_once() -> None:
    """Loading again gives the same object."""
    assert load_ontology() is ONTOLOGY
