"""Names and passwords: from a closed file or the environment only, and never told."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest

from dragoman.errors import CredentialsError
from dragoman.read.web.credentials import load_credentials

SECRET = "s3cret-word"


def write(folder: Path, text: str, *, mode: int = 0o600) -> Path:
    """Write a file of credentials."""
    path = folder / "credentials.toml"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def test_user_and_password_become_a_header(tmp_path: Path) -> None:
    """The header belongs to scheme, host and port."""
    path = write(tmp_path, f'["https://feeds.keld.example"]\nuser = "reader"\npassword = "{SECRET}"\n')
    found = load_credentials(path)
    assert (
        found.find("https://feeds.keld.example:443")
        == "Basic " + base64.b64encode(f"reader:{SECRET}".encode()).decode()
    )
    for origin in (
        "http://feeds.keld.example:80",
        "https://feeds.keld.example:8443",
        "https://keld.example:443",
    ):
        assert found.find(origin) is None


def test_values_may_stand_in_the_environment(tmp_path: Path) -> None:
    """The file then names the variable only."""
    path = write(tmp_path, '["api.halden.example"]\ntoken_env = "HALDEN_TOKEN"\n')
    assert (
        load_credentials(path, environment={"HALDEN_TOKEN": SECRET}).find("https://api.halden.example:443")
        == f"Bearer {SECRET}"
    )
    with pytest.raises(CredentialsError, match='no variable "HALDEN_TOKEN"'):
        load_credentials(path, environment={})


def test_nothing_prints_a_secret(tmp_path: Path) -> None:
    """Printing the object tells the number of origins only."""
    path = write(tmp_path, f'["keld.example"]\ntoken = "{SECRET}"\n')
    found = load_credentials(path)
    assert repr(found) == str(found) == "Credentials(1 origins)"


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o601, 0o777])
def test_a_file_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    """Any right of group or world refuses the file, with the way out."""
    path = write(tmp_path, f'["keld.example"]\ntoken = "{SECRET}"\n', mode=mode)
    with pytest.raises(CredentialsError, match="chmod 600") as caught:
        load_credentials(path)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        f'["keld.example"]\ntoken = "{SECRET}', f'["keld.example"]\npassword = "{SECRET}"\n', f'["keld.example"]\nuser = "{SECRET}"\n',
        f'["keld.example"]\ntoken = "{SECRET}"\nuser = "a"\n', f'["keld.example"]\ntokn = "{SECRET}"\n',
        '["keld.example"]\ntoken = 3\n', f'["http://reader:{SECRET}@keld.example"]\ntoken = "a"\n', f'"keld.example" = "{SECRET}"\n',
        f'["keld.example"]\ntoken = "{SECRET}\\n"\n', f'["keld.example"]\ntoken = "{SECRET}é"\n',
    ],
)  # fmt: skip
def test_a_wrong_entry_is_told_without_its_value(tmp_path: Path, text: str) -> None:
    """The message names file and table, never a value, and neither does its cause."""
    with pytest.raises(CredentialsError) as caught:
        load_credentials(write(tmp_path, text))
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    """The error names the path."""
    with pytest.raises(CredentialsError, match=r"none\.toml"):
        load_credentials(tmp_path / "none.toml")
