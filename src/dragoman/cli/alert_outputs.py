"""Where alerts go besides the terminal: a webhook, files for a mailer, an RSS file, a file of JSON lines.

Each output is written whole or not at all; a failure is told and leaves the others alone.
"""

from __future__ import annotations

import json
import os
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from dragoman.errors import UsageError

_MOST_ITEMS = 200  # of the RSS file; readers forget older ones
_TIMEOUT_S = 20.0


def send(body: Mapping[str, Any], outputs: Mapping[str, str]) -> tuple[list[str], dict[str, str]]:
    """Send one alert to each output and return which took it, and by the names of the others what went wrong.

    Args:
        body: The alert in the shape of the JSON.
        outputs: Name ("webhook", "mail_folder", "rss", "json") → URL or path; "mail_to" is the address in the mails.
    """
    ways: dict[str, Callable[[], None]] = {
        "webhook": lambda: _post(outputs["webhook"], body),
        "mail_folder": lambda: _mail(Path(outputs["mail_folder"]), outputs.get("mail_to", "alerts@localhost"), body),
        "rss": lambda: _rss(Path(outputs["rss"]), body),
        "json": lambda: _append(Path(outputs["json"]), body),
    }  # fmt: skip
    sent: list[str] = []
    troubles: dict[str, str] = {}
    for name, way in ways.items():
        if name not in outputs:
            continue
        try:
            way()
            sent.append(name)
        except (OSError, ValueError) as error:
            troubles[name] = (isinstance(error, OSError) and error.strerror) or str(error)
    return sent, troubles


def _post(url: str, body: Mapping[str, Any]) -> None:
    """Post an alert as JSON.

    Raises:
        OSError: The server could not be reached, or did not take it.
    """
    import httpcore2

    data = json.dumps(body, ensure_ascii=False).encode()
    headers = [("Content-Type", "application/json"), ("User-Agent", "Dragoman alerts")]
    waits = dict.fromkeys(("connect", "read", "write", "pool"), _TIMEOUT_S)
    try:
        answer = httpcore2.request("POST", url, headers=headers, content=data, extensions={"timeout": waits})
    except Exception as error:
        raise OSError(f"{type(error).__name__}: {error}") from error
    if not 200 <= answer.status < 300:
        raise OSError(f"the server answered {answer.status}")


def text_of(body: Mapping[str, Any]) -> str:
    """Return an alert as plain text with its sentences and where they stand."""
    lines = [str(body["message"]), ""]
    for incident in body["incidents"]:
        for one in incident["evidence"]:
            where = ", ".join(w for w in (one["outlet"], one["published_on"], one["url"]) if w)
            lines += [f"- {incident['on']}: “{one['quote']}” ({where})"]
    if body["missing"]:
        lines += ["", "Not known:", *(f"- {note}" for note in body["missing"])]
    return "\n".join(lines) + "\n"


def _mail(folder: Path, to: str, body: Mapping[str, Any]) -> None:
    mail = EmailMessage()
    mail["Subject"] = " ".join(str(body["message"]).split(":")[0].split())
    mail["From"] = "dragoman@localhost"
    mail["To"] = to
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = f"<{body['alert_id']}@dragoman>"
    mail.set_content(text_of(body))
    folder.mkdir(parents=True, exist_ok=True)
    _replace(folder / f"{body['raised_on']}-{body['alert_id']}.eml", mail.as_bytes())


def _rss(path: Path, body: Mapping[str, Any]) -> None:
    """Add an alert on top of an RSS file, newest first.

    Raises:
        ValueError: The file is there and is not RSS.
        OSError: It cannot be written.
    """
    if path.exists():
        try:
            root = ET.parse(path).getroot()
        except ET.ParseError as error:
            raise ValueError(f"it is not an RSS file: {error}") from None
    else:
        root = ET.Element("rss", version="2.0")
        head = ET.SubElement(root, "channel")
        for name, words in (
            ("title", "Dragoman alerts"),
            ("link", "http://127.0.0.1:8765/"),
            ("description", "What changed"),
        ):
            ET.SubElement(head, name).text = words
    channel = root.find("channel")
    if channel is None:
        raise ValueError("it is not an RSS file: no channel")
    entry = ET.Element("item")
    ET.SubElement(entry, "title").text = str(body["message"])
    ET.SubElement(entry, "guid", isPermaLink="false").text = str(body["alert_id"])
    raised = date.fromisoformat(str(body["raised_on"]))
    ET.SubElement(entry, "pubDate").text = format_datetime(
        datetime(raised.year, raised.month, raised.day, tzinfo=UTC)
    )
    ET.SubElement(entry, "description").text = text_of(body)
    old = channel.findall("item")
    channel.insert(len(channel) - len(old), entry)
    for late in old[_MOST_ITEMS - 1 :]:
        channel.remove(late)
    _replace(path, ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _append(path: Path, body: Mapping[str, Any]) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(body, ensure_ascii=False) + "\n")


def _replace(path: Path, data: bytes) -> None:
    path = path.resolve()
    number, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(data)
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def check_target(flag: str, path: Path) -> None:
    """Check, before the work, that a file can be written where a flag says.

    Raises:
        UsageError: It is a folder, or its folder is not there.
    """
    if path.is_dir():
        raise UsageError(f'{flag} must be a file; "{path}" is a folder.')
    if not path.resolve().parent.is_dir():
        raise UsageError(f'{flag}: there is no folder "{path.parent}" to write "{path.name}" into.')


def write_whole(flag: str, path: Path, data: bytes) -> None:
    """Write the file that a flag names, whole or not at all; what is no plain file, such as /dev/stdout, is written into.

    Raises:
        UsageError: It cannot be written.
    """
    check_target(flag, path)
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)
        else:
            _replace(path, data)
    except OSError as error:
        raise UsageError(f'{flag}: "{path}" cannot be written: {error.strerror}.') from None
