"""What a user wants to teach: types and examples, and every mistake in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dragoman.errors import InputError, LessonError
from dragoman.ontology import load_ontology
from dragoman.teach import Example, Lesson, read_examples, read_lessons

ONTOLOGY = load_ontology()
EVACUATE = Lesson("EVACUATE", "AID", False, "people are brought to safety", 2, 3.5, "074")


def lessons(folder: Path, text: str) -> list[Lesson]:
    """Read types from a file that holds a text."""
    path = folder / "my_types.toml"
    path.write_text(text, encoding="utf-8")
    return read_lessons(path, ONTOLOGY)


def examples(folder: Path, *rows: Any) -> list[Example]:
    """Read examples from a file of rows; a string is written as it is."""
    path = folder / "examples.jsonl"
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_examples(path, [EVACUATE])


class TestTypes:
    """The TOML file."""

    def test_a_type_takes_what_is_not_given_from_the_packaged_one(self, tmp_path: Path) -> None:
        """Quad class, score and CAMEO code are those of the type it is like."""
        (lesson,) = lessons(tmp_path, '[EVACUATE]\nmeans = " people are brought to safety "\nlike = "AID"\n')
        base = ONTOLOGY.types["AID"]
        assert lesson == Lesson(
            "EVACUATE", "AID", False, "people are brought to safety", base.quad_class, base.score, base.cameo
        )

    def test_a_type_may_have_its_own_numbers(self, tmp_path: Path) -> None:
        """What is given is kept, a whole number as a score as well."""
        text = '[X2_Y]\nmeans = "m"\nlike = "AID"\nquad_class = 4\nscore = -7\ncameo = "190"\n'
        (lesson,) = lessons(tmp_path, text)
        assert (lesson.quad_class, lesson.score, lesson.cameo) == (4, -7.0, "190")

    def test_a_sub_type_is_of_its_type(self, tmp_path: Path) -> None:
        """A table with "of" is a mode, and several tables come in order."""
        text = '[summon-envoy]\nmeans = "m"\nof = "ACCUSE"\nscore = -2.5\n[EVACUATE]\nmeans = "m"\nlike = "AID"\n'
        first, second = lessons(tmp_path, text)
        assert (first.name, first.like, first.is_mode, first.score) == ("summon-envoy", "ACCUSE", True, -2.5)
        assert (second.name, second.is_mode) == ("EVACUATE", False)

    def test_a_byte_order_mark_is_passed_over(self, tmp_path: Path) -> None:
        """A file as editors on Windows write it is read."""
        (lesson,) = lessons(tmp_path, '\ufeff[EVACUATE]\nmeans = "m"\nlike = "AID"\n')
        assert lesson.name == "EVACUATE"

    @pytest.mark.parametrize(
        ("name", "table", "words"),
        [
            ("EVACUATE", 'like = "AID"', "means"),
            ("EVACUATE", 'means = "  "\nlike = "AID"', "means"),
            ("EVACUATE", 'means = 3\nlike = "AID"', "means"),
            ("EVACUATE", 'means = "m"', "like"),
            ("EVACUATE", 'means = "m"\nlike = 3', "like"),
            ("EVACUATE", 'means = "m"\nlike = "AID"\nof = "AID"', "either"),
            ("EVACUATE", 'means = "m"\nlike = "ADI"', 'Did you mean "AID"'),
            ("evacuate", 'means = "m"\nlike = "AID"', "capitals"),
            ("EVACUATE", 'means = "m"\nof = "AID"', "small letters"),
            ("AGREE", 'means = "m"\nlike = "AID"', "packaged"),
            ("strike", 'means = "m"\nof = "PROTEST"', "packaged"),
            ("EVACUATE", 'means = "m"\nlike = "AID"\nquadclass = 2', '"quadclass" is not a key'),
            ("EVACUATE", 'means = "m"\nlike = "AID"\nquad_class = 5', "1 to 4"),
            ("EVACUATE", 'means = "m"\nlike = "AID"\nquad_class = 2.5', "whole number"),
            ("EVACUATE", 'means = "m"\nlike = "AID"\nquad_class = inf', "whole number"),
            ("EVACUATE", 'means = "m"\nlike = "AID"\nquad_class = true', "whole number"),
            ("EVACUATE", 'means = "m"\nlike = "AID"\nscore = 10.5', "-10 to 10"),
            ("EVACUATE", 'means = "m"\nlike = "AID"\nscore = nan', "-10 to 10"),
            ("EVACUATE", 'means = "m"\nlike = "AID"\nscore = "high"', '"high"'),
            ("EVACUATE", 'means = "m"\nlike = "AID"\ncameo = 74', "cameo must be text"),
            ("summon-envoy", 'means = "m"\nof = "ACCUSE"\nquad_class = 4', "leave it out"),
        ],
    )
    def test_a_wrong_type_names_file_and_type(
        self, tmp_path: Path, name: str, table: str, words: str
    ) -> None:
        """Each mistake is told with the file, the type and what was expected."""
        right = '[RESCUE]\nmeans = "m"\nlike = "AID"\n'
        with pytest.raises(LessonError, match=words) as caught:
            lessons(tmp_path, f"{right}[{name}]\n{table}\n")
        assert f'my_types.toml, type "{name}"' in str(caught.value)

    def test_a_value_in_place_of_a_table_is_named(self, tmp_path: Path) -> None:
        """A type that is no table is told to be one."""
        with pytest.raises(LessonError, match=r'my_types\.toml, type "EVACUATE": it must be a table'):
            lessons(tmp_path, 'EVACUATE = "AID"\n')

    @pytest.mark.parametrize("content", [b"[EVACUATE\n", b'[EVACUATE]\nmeans = "\xff"\n'])
    def test_a_file_that_is_not_toml_is_named(self, tmp_path: Path, content: bytes) -> None:
        """Broken TOML and other encodings are one kind of mistake."""
        path = tmp_path / "my_types.toml"
        path.write_bytes(content)
        with pytest.raises(LessonError, match=r'my_types\.toml" are not TOML'):
            read_lessons(path, ONTOLOGY)

    def test_an_empty_file_says_what_to_write(self, tmp_path: Path) -> None:
        """A file without types is told how one looks."""
        with pytest.raises(LessonError, match=r"my_types\.toml.*means.*like"):
            lessons(tmp_path, "# nothing\n")

    def test_a_missing_file_is_named(self, tmp_path: Path) -> None:
        """A file that is not there is an input error."""
        with pytest.raises(InputError, match=r"none\.toml.*cannot be read"):
            read_lessons(tmp_path / "none.toml", ONTOLOGY)


TEXT = "Troops evacuated the town, and then evacuated the port."


class TestExamples:
    """The JSONL file."""

    def test_the_trigger_is_found_in_the_text(self, tmp_path: Path) -> None:
        """The span is that of the words where they first stand."""
        (example,) = examples(tmp_path, {"text": TEXT, "type": "EVACUATE", "trigger": "evacuated the"})
        ((start, end),) = example.spans["EVACUATE"]
        assert (start, TEXT[start:end]) == (7, "evacuated the")

    def test_lines_of_one_text_are_one_sentence(self, tmp_path: Path) -> None:
        """Two events of a sentence are told on two lines; the same line twice is one event."""
        rows = [
            {"text": TEXT, "type": "EVACUATE", "trigger": t}
            for t in ("evacuated the town", "evacuated the port")
        ]
        (example,) = examples(tmp_path, *rows, rows[0])
        assert len(example.spans["EVACUATE"]) == 2

    @pytest.mark.parametrize("row", [{"text": TEXT, "type": None}, {"text": TEXT}])
    def test_without_a_type_it_is_a_counter_example(self, tmp_path: Path, row: dict[str, Any]) -> None:
        """A null type, or none, gives a sentence without events."""
        assert examples(tmp_path, row, "", "  ") == [Example(TEXT, {})]

    @pytest.mark.parametrize("mark", ["\u2028", "\x85"])
    def test_line_separators_within_a_text_do_not_end_a_line(self, tmp_path: Path, mark: str) -> None:
        """JSON text may hold Unicode's line separators as they are, and a byte order mark may begin the file."""
        rows = [{"text": f"{mark}Troops", "type": None}, {"text": "Ships", "type": None}]
        assert [e.text for e in examples(tmp_path, *rows)] == [f"{mark}Troops", "Ships"]
        assert examples(tmp_path, "\ufeff" + json.dumps(rows[1])) == [Example("Ships", {})]

    @pytest.mark.parametrize(
        ("row", "words"),
        [
            ("{", "an example is"),
            ("[1]", "an example is"),
            ('"text"', "an example is"),
            ({"type": "EVACUATE", "trigger": "a"}, "an example is"),
            ({"text": "", "type": None}, "the text is empty"),
            ({"text": 3, "type": None}, "the text is empty"),
            (
                {"text": TEXT, "type": "EVACUAT", "trigger": "evacuated"},
                r'"EVACUAT" is not one of .*\(EVACUATE\)',
            ),
            ({"text": TEXT, "type": ["EVACUATE"], "trigger": "evacuated"}, "is not one of"),
            (
                {"text": TEXT, "type": "EVACUATE", "trigger": "Evacuated"},
                '"Evacuated" must be words of the text',
            ),
            ({"text": TEXT, "type": "EVACUATE", "trigger": " "}, "must be words of the text"),
            ({"text": TEXT, "type": "EVACUATE", "trigger": 3}, "must be words of the text"),
            ({"text": TEXT, "type": "EVACUATE"}, "must be words of the text"),
        ],
    )
    def test_a_wrong_line_names_file_and_line(self, tmp_path: Path, row: Any, words: str) -> None:
        """Each mistake is told with the file and the line, blank lines counted."""
        right = {"text": "Ships sailed.", "type": None}
        with pytest.raises(LessonError, match=words) as caught:
            examples(tmp_path, right, "", row)
        assert "examples.jsonl, line 3: " in str(caught.value)

    def test_a_file_without_examples_is_named(self, tmp_path: Path) -> None:
        """Blank lines are no examples."""
        with pytest.raises(LessonError, match=r"examples\.jsonl.*no examples"):
            examples(tmp_path, "", " ")

    def test_an_unreadable_file_is_named(self, tmp_path: Path) -> None:
        """A missing file, and one that is not UTF-8, are input errors."""
        (tmp_path / "latin.jsonl").write_bytes(b'{"text": "\xe9"}')
        for name in ("none.jsonl", "latin.jsonl"):
            with pytest.raises(InputError, match=name):
                read_examples(tmp_path / name, [EVACUATE])
