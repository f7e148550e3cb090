"""Every read of this room; the first argument is who is looking."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q

from keepwell.notify import catalogue
from keepwell.notify.letters import Letter, write
from keepwell.notify.models import Due, Heartbeat, Hold, Hours, Message, Note
from keepwell.notify.rules.hours import Rhythm, Stretch, next_allowed
from keepwell.people import policy
from keepwell.people.models import Person
from keepwell.people.viewer import Viewer

KEPT = timedelta(days=30)
EXAMPLE = UUID("00000000-0000-4000-8000-000000000000")  # the catalogue's letters bear a reference too


def dues(viewer: Viewer, now: datetime, most: int = 30) -> list[Due]:
    """What is due or ahead for the viewer, soonest first; what Today, the calendar feed and reminders read."""
    if viewer.person is None:
        return []
    # Few rows a person, since what is over is taken away: chosen and put in order here, it costs half of what the store would ask.
    rooms = viewer.rooms
    here = (due for due in Due.objects.filter(person=viewer.person) if due.room in rooms)
    return sorted((due for due in here if due.until is None or due.until > now), key=lambda due: (due.due_at, due.id))[:most]


def hours_of(person: Person) -> Hours:
    """The person's hours; unsaved defaults when they have never said."""
    return Hours.objects.filter(person=person).first() or Hours(person=person)


# ---- when somebody may be reached ----


@dataclass(frozen=True)
class Reach:
    """All that decides when a reminder may reach one person."""

    hours: Hours
    holds: tuple[Stretch, ...]
    taken: frozenset[date]  # local dates that had their reminder
    zone: str

    def next(self, now: datetime, also_taken: Iterable[date] = (), but: date | None = None) -> datetime | None:
        """The one answer to "when": post keeps to it and the page of hours shows it."""
        return next_allowed(rhythm(self.hours), self.holds, now, self.zone, (self.taken | set(also_taken)) - {but})

    def date_of(self, instant: datetime) -> date:
        return instant.astimezone(ZoneInfo(self.zone)).date()


def rhythm(hours: Hours) -> Rhythm:
    return Rhythm(hours.working_days, hours.work_from, hours.work_to, hours.quiet_from, hours.quiet_to)


def reach_of(persons: Iterable[Person], now: datetime) -> dict[UUID, Reach]:
    """For each person, in three queries however many they are."""
    zones = {person.id: person.zone for person in persons}
    hours = {row.person_id: row for row in Hours.objects.filter(person__in=zones)}
    holds: dict[UUID, list[Stretch]] = defaultdict(list)
    for row in Hold.objects.filter(person__in=zones, ends_at__gt=now):
        holds[row.person_id].append(Stretch(row.begins_at, row.ends_at))
    taken: dict[UUID, set[date]] = defaultdict(set)
    sent = Message.objects.filter(
        person__in=zones, lane=catalogue.REMINDER, local_date__gte=now.date() - timedelta(days=1)
    ).values_list("person_id", "local_date")
    for person_id, day in sent:
        if person_id and day:
            taken[person_id].add(day)
    return {
        key: Reach(hours.get(key) or Hours(person_id=key), tuple(holds[key]), frozenset(taken[key]), zone)
        for key, zone in zones.items()
    }


def next_reminder(viewer: Viewer, now: datetime) -> datetime | None:
    """When the next reminder could reach the viewer; None when every day is a day off."""
    return reach_of([viewer.person], now)[viewer.person.id].next(now) if viewer.person else None


@dataclass(frozen=True)
class Away:
    """Whole days as the person chose them."""

    id: UUID
    first_day: date
    last_day: date


def away(viewer: Viewer, now: datetime) -> list[Away]:
    """The viewer's own away times, now or ahead."""
    if viewer.person is None:
        return []
    zone = ZoneInfo(viewer.person.zone)
    return [
        Away(
            row.id, row.begins_at.astimezone(zone).date(), (row.ends_at - timedelta(seconds=1)).astimezone(zone).date()
        )
        for row in Hold.objects.filter(person=viewer.person, kind="away", ends_at__gt=now).order_by("begins_at")
    ]


# ---- notes ----


def notes(viewer: Viewer, now: datetime, most: int = 100) -> list[Note]:
    """The viewer's notes of the last 30 days, newest first."""
    if viewer.person is None:
        return []
    return list(Note.objects.filter(person=viewer.person, made_at__gt=now - KEPT).order_by("-made_at", "id")[:most])


def note(viewer: Viewer, note_id: UUID) -> Note | None:
    return Note.objects.filter(person=viewer.person, id=note_id).first() if viewer.person else None


# ---- the catalogue, as one reader would get it ----


@dataclass(frozen=True)
class Shown:
    entry: catalogue.Entry
    letter: Letter
    on: bool
    off: bool  # by the viewer's own switch


def messages(viewer: Viewer, language: str) -> list[Shown]:
    """Every message Keepwell can send, in its very words, and whether the viewer has it on."""
    hours = hours_of(viewer.person) if viewer.person else Hours()
    example = {"product": settings.KEEPWELL_NAME, "agency": viewer.agency.name if viewer.agency else "…"}
    return [
        Shown(
            entry,
            write(entry, {**entry.example, **example}, language=language, say_more=hours.say_more, message=EXAMPLE),
            entry.slug not in hours.not_kinds and (hours.by_email or entry.lane != catalogue.REMINDER),
            entry.slug in hours.not_kinds,
        )
        for entry in catalogue.ENTRIES
    ]


# ---- the post itself: counts and states, never whose ----


@dataclass(frozen=True)
class PostState:
    set_up: bool
    waiting: int
    given_up: int  # in the last 30 days
    test: Message | None
    clock_beat: datetime | None


def post_is_set_up() -> bool:
    """Without a mail server nothing is sent and nothing is lost: messages wait."""
    return not settings.EMAIL_BACKEND.endswith("dummy.EmailBackend")


def post_state(viewer: Viewer, now: datetime) -> PostState | None:
    """How the post is doing; for those who look after the server."""
    if not policy.may_look_after_server(viewer) or viewer.person is None:
        return None
    counts = Message.objects.filter(made_at__gt=now - KEPT).aggregate(
        waiting=Count("id", filter=Q(state=Message.PENDING, due_at__lte=now)),
        given_up=Count("id", filter=Q(state=Message.GIVEN_UP)),
    )
    return PostState(
        set_up=post_is_set_up(),
        waiting=counts["waiting"],
        given_up=counts["given_up"],
        test=Message.objects.filter(person=viewer.person, kind="post-test").order_by("-made_at").first(),
        clock_beat=heartbeats().get("post"),
    )


def heartbeats() -> dict[str, datetime]:
    """When each part of the clock last gave a sign."""
    return dict(Heartbeat.objects.values_list("part", "beat_at"))


def note_things(viewer: Viewer) -> list[dict[str, Any]]:
    """A line for each note, newest first, so that one can be erased by itself."""
    if viewer.person is None:
        return []
    rows = Note.objects.filter(person=viewer.person).order_by("-made_at", "id")[:500]
    return [{"id": row.id, "title": row.words.get("title", ""), "sub": ""} for row in rows]


# ---- everything of a person's, for their own export ----


def export(person: Person) -> dict[str, list[dict[str, Any]]]:
    """All of the person's rows in this room, in plain JSON values."""
    return {
        "due": [
            {
                "id": str(row.id),
                "kind": row.kind,
                "occasion": row.occasion,
                "due_at": row.due_at.isoformat(),
                "until": row.until.isoformat() if row.until else None,
                "words": row.words,
            }
            for row in Due.objects.filter(person=person).order_by("due_at", "id")
        ],
        "notes": [
            {
                "made_at": row.made_at.isoformat(),
                "read_at": row.read_at.isoformat() if row.read_at else None,
                "words": row.words,
            }
            for row in Note.objects.filter(person=person).order_by("made_at", "id")
        ],
        "hours": [
            {
                "working_days": row.working_days,
                "work_from": row.work_from.isoformat("minutes"),
                "work_to": row.work_to.isoformat("minutes"),
                "quiet_from": row.quiet_from.isoformat("minutes"),
                "quiet_to": row.quiet_to.isoformat("minutes"),
                "by_email": row.by_email,
                "say_more": row.say_more,
                "switched_off": list(row.not_kinds),
            }
            for row in Hours.objects.filter(person=person)
        ],
        "away": [
            {"kind": row.kind, "begins_at": row.begins_at.isoformat(), "ends_at": row.ends_at.isoformat()}
            for row in Hold.objects.filter(person=person).order_by("begins_at", "id")
        ],
        "messages": [
            {"kind": row.kind, "state": row.state, "made_at": row.made_at.isoformat()}
            for row in Message.objects.filter(person=person).order_by("made_at", "id")
        ],
    }
