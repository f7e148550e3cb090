"""Every read of this room; the first argument is who is looking."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from keepwell.notify.models import Due, Hours
from keepwell.people.models import Person
from keepwell.people.viewer import Viewer


def dues(viewer: Viewer, now: datetime, most: int = 30) -> list[Due]:
    """What is due or ahead for the viewer, soonest first; what Today, the calendar feed and reminders read."""
    if viewer.person is None:
        return []
    return list(
        Due.objects.filter(Q(until=None) | Q(until__gt=now), person=viewer.person, room__in=viewer.rooms).order_by("due_at", "id")[
            :most
        ]
    )


def hours_of(person: Person) -> Hours:
    """The person's hours; unsaved defaults when they have never said."""
    return Hours.objects.filter(person=person).first() or Hours(person=person)
