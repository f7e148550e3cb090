"""Every read of this room; the first argument is who is looking."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keepwell.ballots import queries as ballots
from keepwell.insight.models import Export
from keepwell.measures import queries as measures
from keepwell.notify import queries as notify
from keepwell.people import queries as people
from keepwell.people.models import Person
from keepwell.people.viewer import Viewer
from keepwell.plans import queries as plans

EXPORT_LASTS = timedelta(hours=24)

# Every room that holds something of a person, and its one read of all of it. A test compares this list with the models:
# a new private table that no room hands out fails there.
ROOMS = (
    ("people", people.export),
    ("notify", notify.export),
    ("ballots", ballots.export),
    ("measures", measures.export),
    ("plans", plans.export),
)


def everything(person: Person) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """All of the person's rows in plain JSON values: ``{room: {table: [row, …]}}``."""
    return {room: export(person) for room, export in ROOMS}


def exports(viewer: Viewer, now: datetime) -> list[Export]:
    """The viewer's exports that still exist, newest first, without their archives."""
    if viewer.person is None:
        return []
    fresh = Export.objects.filter(person=viewer.person, asked_at__gt=now - EXPORT_LASTS)
    return list(fresh.defer("archive").order_by("-asked_at"))


def ready_export(viewer: Viewer, export_id: UUID, now: datetime) -> Export | None:
    """One finished export of the viewer's own."""
    if viewer.person is None:
        return None
    return Export.objects.filter(
        person=viewer.person, id=export_id, state=Export.READY, asked_at__gt=now - EXPORT_LASTS
    ).first()


# What can be erased by itself: room, table, what the shelf is called, and its one read.
SHELVES: tuple[tuple[str, str, Promise, Callable[[Viewer], list[dict[str, Any]]]], ...] = (
    ("measures", "check-ins", gettext_lazy("Check-ins"), measures.things),
    ("plans", "commitments", gettext_lazy("One small thing a week"), plans.commitment_things),
    ("plans", "entries", gettext_lazy("My plan"), plans.entry_things),
    ("plans", "emergency", gettext_lazy("The emergency part"), plans.emergency_things),
    ("notify", "notes", gettext_lazy("Notes to me"), notify.note_things),
)


def _title(row: dict[str, Any]) -> str:
    if "title" in row:
        return str(row["title"])
    week: date = row["week"]
    return _("Week of %(day)s") % {"day": date_format(week, "DATE_FORMAT")}


@dataclass(frozen=True)
class Thing:
    """One line of the page "Every thing of mine"."""

    id: UUID
    title: str
    sub: str = ""


@dataclass(frozen=True)
class Shelf:
    """The things of one table."""

    room: str
    table: str
    title: str
    things: Sequence[Thing]


def shelves(viewer: Viewer) -> list[Shelf]:
    """Everything of the viewer's that can be erased by itself, table by table, newest first; empty tables left out."""
    if viewer.person is None:
        return []
    found = []
    for room, table, title, of_table in SHELVES:
        things = [Thing(UUID(str(row["id"])), _title(row), str(row.get("sub", ""))) for row in of_table(viewer)]
        if things:
            found.append(Shelf(room, table, str(title), things))
    return found
