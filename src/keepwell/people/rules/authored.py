"""Help lines and the privacy page as they were authored: files in, plain records out, in one language and for one country.

A line of one country is never shown as that of another: where there is none, the file `other` answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from keepwell.kit.content import Entry, load_folder

FOLDER = Path(__file__).resolve().parents[2] / "content"
ELSEWHERE = "other"
STALE_AFTER_DAYS = 180


@dataclass(frozen=True)
class Line:
    """One way to reach somebody."""

    name: str
    about: str = ""
    note: str = ""
    number: str = ""
    text: str = ""  # what stands on the button
    text_to: str = ""  # what the phone is given
    url: str = ""
    hours: str = ""
    may_report: bool = False

    @property
    def call(self) -> str:
        """The number as a phone dials it."""
        return "".join(c for c in self.number if c.isdigit() or c == "+")


@dataclass(frozen=True)
class Country:
    code: str
    name: str


@dataclass(frozen=True)
class Lines:
    """What is known for one country. `intro` stands where nothing is."""

    country: Country
    danger: tuple[Line, ...]
    talk: tuple[Line, ...]
    work: tuple[Line, ...]
    intro: str
    verified_on: date | None
    stale: bool


@dataclass(frozen=True)
class Section:
    slug: str
    title: str
    text: tuple[str, ...]


@dataclass(frozen=True)
class Privacy:
    title: str
    short_title: str
    sections: tuple[Section, ...]
    short: tuple[Section, ...]


@lru_cache(maxsize=16)
def _folder(name: str, language: str, own: str) -> dict[str, Entry]:
    overlay = Path(own) / name if own else None
    return load_folder(FOLDER / name, language, overlay)


def _said(value: Any, language: str) -> str:
    return str(value.get(language) or value.get("en") or "") if isinstance(value, Mapping) else str(value or "")


def countries(language: str, own: str = "") -> list[Country]:
    """Every country there are lines for, by name; "another country" last."""
    known = [
        (
            entry.slug == ELSEWHERE,
            Country(str(entry.data.get("country") or ELSEWHERE), _said(entry.data["name"], language)),
        )
        for entry in _folder("crisis", language, own).values()
    ]
    return [country for _, country in sorted(known, key=lambda pair: (pair[0], pair[1].name))]


def help_lines(country: str, language: str, today: date, own: str = "") -> Lines:
    """The lines of a country (two letters), or what holds anywhere. `own` is an agency's own content folder."""
    entries = _folder("crisis", language, own)
    entry = entries.get(country.lower()) or entries[ELSEWHERE]
    kept = sorted(entry.data.get("line", []), key=lambda line: line.get("order", 0))
    checked = [line["verified_on"] for line in kept if isinstance(line.get("verified_on"), date)]
    danger = tuple(_line(line, language) for line in kept if line.get("kind") == "emergency")
    return Lines(
        country=Country(str(entry.data.get("country") or ELSEWHERE), _said(entry.data["name"], language)),
        danger=danger,
        talk=tuple(
            _line(one, language) for one in kept if one.get("group") == "you" and one.get("kind") != "emergency"
        ),
        work=tuple(_line(one, language) for one in kept if one.get("group") == "work"),
        intro=_said(entry.data.get("intro", ""), language),
        verified_on=min(checked, default=None),
        stale=any(
            (today - one["verified_on"]).days > STALE_AFTER_DAYS or today > one.get("expires_on", today)
            for one in kept
            if isinstance(one.get("verified_on"), date)
        ),
    )


def _line(line: Mapping[str, Any], language: str) -> Line:
    to, body = str(line.get("sms_to") or ""), _said(line.get("sms_body", ""), language)
    return Line(
        name=_said(line["name"], language),
        about=_said(line.get("who_for", ""), language),
        note=_said(line.get("note", ""), language),
        number=str(line.get("phone") or ""),
        text=f"{body} → {to}" if to and body else to,
        text_to=f"{''.join(c for c in to if c.isdigit() or c == '+')}{f'?&body={body}' if body else ''}" if to else "",
        url=str(line.get("chat_url") or ""),
        hours=_said(line.get("hours", ""), language),
        may_report=bool(line.get("may_report")),
    )


def privacy(language: str, *, host: str, agency: str, own: str = "") -> Privacy:
    """The page "What is private" and its short form, with who runs this server and the agency filled in."""
    data = _folder("privacy", language, own)["privacy"].data

    def filled(text: str) -> str:
        return text.replace("{host}", host).replace("{agency}", agency)

    def sections(name: str) -> tuple[Section, ...]:
        return tuple(
            Section(
                str(one["slug"]),
                filled(str(one["title"])),
                tuple(filled(str(text)) for text in (one["text"] if isinstance(one["text"], list) else [one["text"]])),
            )
            for one in data.get(name, [])
        )

    return Privacy(str(data["title"]), str(data["short_title"]), sections("section"), sections("short"))
