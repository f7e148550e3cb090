"""One archive of everything: JSON for machines, CSV for spreadsheets, ICS for calendars, and a page that explains.

`everything` is ``{room: {table: [row, …]}}``; rows are flat or nested dictionaries of plain JSON values. The archive can be
read back by `read` into exactly what went in.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from icalendar import Calendar, Event

from keepwell.kit.sheets import write_csv

Rows = Sequence[Mapping[str, Any]]
Everything = Mapping[str, Mapping[str, Rows]]

JSON_NAME = "everything.json"


def flat(row: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested values as dotted columns; lists joined, so that a spreadsheet can hold a row."""
    out: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, Mapping):
            out |= flat(value, f"{prefix}{name}.")
        elif isinstance(value, list):
            out[prefix + name] = "; ".join(v if isinstance(v, str) else json.dumps(v, ensure_ascii=False) for v in value)
        else:
            out[prefix + name] = value
    return out


def sheet(rows: Rows) -> bytes:
    """The rows as UTF-8 CSV with a byte-order mark, so that a double click opens it right."""
    flattened = [flat(row) for row in rows]
    headers = list(dict.fromkeys(name for row in flattened for name in row))
    text = io.StringIO(newline="")
    write_csv(text, headers, ([("" if (v := row.get(h)) is None else v) for h in headers] for row in flattened))
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def calendar(events: Iterable[Mapping[str, Any]], product: str) -> bytes:
    """What is ahead as iCalendar: id, starts (aware datetime), title."""
    book = Calendar()
    book.add("prodid", f"-//{product}//my data//")
    book.add("version", "2.0")
    for one in events:
        event = Event()
        event.add("uid", one["id"])
        event.add("dtstamp", one["starts"])
        event.add("dtstart", one["starts"])
        event.add("dtend", one["starts"] + timedelta(minutes=15))
        event.add("summary", one["title"])
        book.add_component(event)
    return bytes(book.to_ical())


def write(everything: Everything, events: Iterable[Mapping[str, Any]], *, product: str, explain: str, made_at: datetime) -> bytes:
    """The archive's bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("READ-ME.txt", explain)
        document = {"product": product, "made_at": made_at.isoformat(), "rooms": everything}
        archive.writestr(JSON_NAME, json.dumps(document, ensure_ascii=False, indent=2))
        for room, tables in everything.items():
            for table, rows in tables.items():
                if rows:
                    archive.writestr(f"{room}/{table}.csv", sheet(rows))
        archive.writestr("ahead.ics", calendar(events, product))
    return buffer.getvalue()


def read(archive: bytes) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """What `write` put in."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        rooms: dict[str, dict[str, list[dict[str, Any]]]] = json.loads(opened.read(JSON_NAME))["rooms"]
        return rooms
