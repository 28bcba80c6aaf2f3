"""Settings: their order, their checks, and where each came from."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from dragoman.config import Settings, environment_name, load_settings
from dragoman.errors import InvalidSetting, UnknownSetting


def write(folder: Path, text: str) -> Path:
    """Write a settings file."""
    path = folder / "dragoman.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_defaults_stand_alone(tmp_path: Path) -> None:
    """Without file, environment and flags every setting is the default and says so."""
    loaded = load_settings(file=tmp_path / "none.toml", environment={})
    assert loaded.settings == Settings()
    assert {value.origin for value in loaded.values()} == {"default"}
    assert loaded.changed() == {}


def test_flag_beats_environment_beats_file_beats_default(tmp_path: Path) -> None:
    """Each source wins over the ones before it, and a flag that is not given wins over nothing."""
    file = write(tmp_path, "[run]\nworkers = 2\n")
    environment = {"DRAGOMAN_RUN_WORKERS": "3"}
    flags: dict[str, Any] = {"run.workers": 4}
    unset: dict[str, Any] = {"run.workers": None}
    assert load_settings(file=file, environment={}).settings.run.workers == 2
    assert load_settings(file=file, environment=environment).settings.run.workers == 3
    assert load_settings(file=file, environment=environment, flags=flags).settings.run.workers == 4
    assert load_settings(file=file, environment=environment, flags=unset).settings.run.workers == 3


def test_every_value_tells_where_it_came_from(tmp_path: Path) -> None:
    """The origin is the file's path, the variable's name or the flag as written."""
    file = write(tmp_path, "[read]\nmax_bytes = 2000\n")
    loaded = load_settings(
        file=file, environment={"DRAGOMAN_PARSE_THREADS": "8"}, flags={"store.min_confidence": 0.5}
    )
    origins = {value.name: value.origin for value in loaded.values() if value.origin != "default"}
    assert origins == {
        "read.max_bytes": str(file),
        "parse.threads": "DRAGOMAN_PARSE_THREADS",
        "store.min_confidence": "--min-confidence",
    }
    assert loaded.changed() == {"read.max_bytes": 2000, "parse.threads": 8, "store.min_confidence": 0.5}


def test_the_process_environment_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a given environment the process's own counts, and other programs' variables are passed over."""
    monkeypatch.setenv("DRAGOMAN_RUN_WORKERS", "5")
    monkeypatch.setenv("DRAGO_MAN", "1")
    assert load_settings(file=tmp_path / "none.toml").settings.run.workers == 5


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("[run]\nworker = 2\n", "run.worker", "run.workers"),
        ("[stor]\ndb = 'a.duckdb'\n", "stor.db", "store.db"),
        ("workers = 2\n", "workers", "run.workers"),
    ],
)
def test_an_unknown_key_of_the_file_names_the_nearest(
    tmp_path: Path, text: str, wrong: str, right: str
) -> None:
    """A key that is not a setting is an error with the file, the key and the nearest known one."""
    file = write(tmp_path, text)
    with pytest.raises(UnknownSetting, match=f'"{wrong}".*Did you mean "{right}"') as caught:
        load_settings(file=file, environment={})
    assert str(file) in str(caught.value)


def test_an_unknown_variable_names_the_nearest(tmp_path: Path) -> None:
    """A variable with our prefix that is no setting is an error, not silence."""
    with pytest.raises(UnknownSetting, match=r"Did you mean \"DRAGOMAN_RUN_WORKERS\""):
        load_settings(file=tmp_path / "none.toml", environment={"DRAGOMAN_RUN_WORKER": "2"})


def test_an_unknown_key_unlike_any_other_gets_no_guess(tmp_path: Path) -> None:
    """A key near to nothing is told without a guess and with the way to list the settings."""
    with pytest.raises(UnknownSetting, match="dragoman settings") as caught:
        load_settings(file=tmp_path / "none.toml", environment={"DRAGOMAN_QQ": "2"})
    assert "Did you mean" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("run.workers", "0", "from 1 to 256"),
        ("run.workers", "257", "from 1 to 256"),
        ("run.workers", "two", "a whole number"),
        ("run.workers", "2.5", "a whole number"),
        ("read.max_bytes", "999", "at least 1000"),
        ("store.min_confidence", "1.01", "from 0 to 1"),
        ("store.min_confidence", "-0.01", "from 0 to 1"),
        ("store.min_confidence", "nan", "from 0 to 1"),
        ("store.min_confidence", "high", "a number"),
        ("clean.teasers", "maybe", "true or false"),
    ],
)
def test_a_bad_value_says_what_was_expected(tmp_path: Path, name: str, value: str, expected: str) -> None:
    """The error names setting, value, source and what the setting takes."""
    variable = environment_name(name)
    with pytest.raises(InvalidSetting, match=expected) as caught:
        load_settings(file=tmp_path / "none.toml", environment={variable: value})
    assert all(words in str(caught.value) for words in (f'"{name}"', f'"{value}"', variable))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[store]\ndb = 7\n", "text"),
        ("[run]\nworkers = true\n", "a whole number"),
        ("[run]\nworkers = 2.5\n", "a whole number"),
        ("[run]\nworkers = [2]\n", "a whole number"),
        ("[clean]\nteasers = 2\n", "true or false"),
        ("[run.workers]\nmost = 2\n", "a whole number"),
    ],
)
def test_a_value_of_another_kind_in_the_file_is_an_error(tmp_path: Path, text: str, expected: str) -> None:
    """A TOML value of another kind is not converted on the quiet."""
    with pytest.raises(InvalidSetting, match=expected):
        load_settings(file=write(tmp_path, text), environment={})


@pytest.mark.parametrize(
    ("words", "value"), [("true", True), ("Yes", True), ("1", True), ("FALSE", False), ("no", False)]
)
def test_words_for_true_and_false(tmp_path: Path, words: str, value: bool) -> None:
    """Both usual spellings of true and false are read, in any case."""
    loaded = load_settings(file=tmp_path / "none.toml", environment={"DRAGOMAN_CLEAN_TEASERS": words})
    assert loaded.settings.clean.teasers is value


@pytest.mark.parametrize("content", [b"[run\nworkers = 2", b"[store]\ndb = '\xff'"])
def test_a_broken_file_is_named(tmp_path: Path, content: bytes) -> None:
    """A file that is not TOML in UTF-8 is an error that names it."""
    file = tmp_path / "dragoman.toml"
    file.write_bytes(content)
    with pytest.raises(InvalidSetting, match="cannot be read") as caught:
        load_settings(file=file, environment={})
    assert str(file) in str(caught.value)


def test_defaults_pass_their_own_checks(tmp_path: Path) -> None:
    """Every default, given back as a flag, is accepted as it is."""
    flags = {value.name: value.value for value in load_settings(file=tmp_path / "x", environment={}).values()}
    assert load_settings(file=tmp_path / "x", environment={}, flags=flags).settings == Settings()


def test_every_setting_has_a_help_text() -> None:
    """No setting goes without words on what it does."""
    for group in dataclasses.fields(Settings):
        for one in dataclasses.fields(getattr(Settings(), group.name)):
            assert one.metadata["help"], f"{group.name}.{one.name}"
