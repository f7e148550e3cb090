"""What goes into an archive comes out again, and opens in the programs people have."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from keepwell.insight.rules import archive

MADE = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)
values = st.one_of(st.none(), st.booleans(), st.integers(-(10**9), 10**9), st.text(max_size=40))
rows = st.lists(st.dictionaries(st.text(min_size=1, max_size=10), values | st.lists(values, max_size=3), max_size=4), max_size=4)


def made(everything: dict[str, Any], events: list[dict[str, Any]] | None = None) -> bytes:
    return archive.write(everything, events or [], product="Keepwell", explain="Read me.", made_at=MADE)


@given(st.dictionaries(st.sampled_from(["plans", "measures"]), st.dictionaries(st.sampled_from(["a", "b"]), rows, max_size=2), max_size=2))
def test_what_went_in_comes_out(everything: dict[str, Any]) -> None:
    assert archive.read(made(everything)) == everything


def test_tables_open_in_a_spreadsheet_and_hold_no_formula() -> None:
    held = {"plans": {"entries": [{"words": "=HYPERLINK(1)", "when": {"day": "Thursday", "after": "work"}, "tags": ["a", "b"]}]}}
    with zipfile.ZipFile(io.BytesIO(made(held))) as opened:
        text = opened.read("plans/entries.csv").decode("utf-8-sig")
    header, row = list(csv.reader(io.StringIO(text)))
    assert header == ["words", "when.day", "when.after", "tags"]
    assert not row[0].startswith("=")
    assert "HYPERLINK" in row[0]
    assert row[1:] == ["Thursday", "work", "a; b"]


def test_rows_with_different_columns_stand_under_their_own() -> None:
    sheet = archive.sheet([{"a": 1}, {"b": 2, "a": None}]).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(sheet))) == [["a", "b"], ["1", ""], ["", "2"]]


def test_the_calendar_has_the_hour_and_no_subject_of_health() -> None:
    book = Calendar.from_ical(archive.calendar([{"id": "x1", "starts": MADE, "title": "Keepwell"}], "Keepwell"))
    (event,) = book.walk("VEVENT")
    assert event["UID"] == "x1"
    assert event.decoded("DTSTART") == MADE
    assert event["SUMMARY"] == "Keepwell"
