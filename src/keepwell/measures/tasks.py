"""What the clock asks of this room: keep everyone's check-in due in the week that is, and forget what is two years old.

Both go through any number of people in batches, a handful of queries each, and may be stopped and begun again at any point.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from keepwell.measures import actions
from keepwell.measures.models import CheckIn
from keepwell.measures.queries import this_week
from keepwell.measures.rules import checkin
from keepwell.measures.rules.checkin import Turn
from keepwell.notify.models import Due
from keepwell.notify.rules.hours import Rhythm
from keepwell.people import keyring
from keepwell.people.models import Person
from keepwell.people.rules.sealing import Owner

BATCH = 500
AT_ONCE = 100  # rows written in one transaction: nobody who answers a check-in waits for the clock
KEPT_YEARS = 2


def roll(now: datetime, batch: int = BATCH) -> int:
    """Past weeks' due rows move to the week that is; who has arrived and has none gets one. The number of rows touched."""
    return _move(now, batch) + _begin(now, batch)


@dataclass(frozen=True, slots=True)
class _Past:
    """A due row whose week is over, and what decides where it moves."""

    id: UUID
    person_id: UUID
    zone: str
    week_start: int
    remind_at: datetime | None


def _move(now: datetime, batch: int) -> int:
    moved = 0
    stuck: set[UUID] = set()  # somebody finished a check-in at this very moment: only that row waits for the next turn
    past = Due.objects.filter(kind=actions.KIND, until__lte=now).order_by("until")
    while True:
        rows = [
            _Past(*row)
            for row in past.exclude(id__in=stuck).values_list(
                "id", "person_id", "person__zone", "person__week_start", "remind_at"
            )[:batch]
        ]
        if not rows:
            return moved
        try:
            moved += _move_rows(rows, now)
        except IntegrityError:
            for row in rows:
                try:
                    moved += _move_rows([row], now)
                except IntegrityError:
                    stuck.add(row.id)


def _move_rows(rows: Sequence[_Past], now: datetime) -> int:
    """Worked out first, written in one short transaction: nobody else waits for the working out."""
    hours = actions.rhythms(row.person_id for row in rows)
    turns = {row.id: _turn_after(row, hours.get(row.person_id, Rhythm()), now) for row in rows}
    with transaction.atomic():
        newer = Due.objects.filter(person__in={row.person_id for row in rows}, kind=actions.KIND, until__gt=now)
        stands = set(newer.values_list("person_id", flat=True))
        doubled: list[UUID] = []
        same: dict[Turn, list[UUID]] = defaultdict(list)
        for row in rows:
            if row.person_id in stands:
                doubled.append(row.id)
            else:
                stands.add(row.person_id)
                same[turns[row.id]].append(row.id)
        # People of one zone and weekday share their moments, so a batch needs few updates; the sealed words stay untouched.
        for turn, ids in same.items():
            Due.objects.filter(id__in=ids).update(
                occasion=turn.week.key, due_at=turn.due_at, until=turn.until, remind_at=_ahead(turn.remind_at, now)
            )
        if doubled:
            Due.objects.filter(id__in=doubled).delete()
    return len(rows)


def _turn_after(row: _Past, rhythm: Rhythm, now: datetime) -> Turn:
    weekday = checkin.today_of(row.remind_at, row.zone).weekday() if row.remind_at else None
    week = checkin.week_at(now, row.zone, row.week_start)
    return actions.next_turn(person_id=row.person_id, zone=row.zone, rhythm=rhythm, week=week, weekday=weekday)


def _ahead(moment: datetime | None, now: datetime) -> datetime | None:
    return moment if moment and moment > now else None


def _begin(now: datetime, batch: int) -> int:
    begun, after = 0, Q()
    without = ~Exists(Due.objects.filter(person=OuterRef("pk"), kind=actions.KIND))
    while True:
        arrived = Person.objects.filter(after, without, is_active=True, arrived_at__isnull=False)
        people = list(arrived.order_by("id")[:batch])
        if not people:
            return begun
        begun += _begin_for(people, now)
        after = Q(id__gt=people[-1].id)


def _begin_for(people: Sequence[Person], now: datetime) -> int:
    weeks = {person.id: this_week(person, now) for person in people}
    done = set(
        CheckIn.objects.filter(
            person__in=people, week__in={checkin.filed(week) for week in weeks.values()}, state=CheckIn.FINISHED
        ).values_list("person_id", "week")
    )
    hours = actions.rhythms(weeks)
    path = reverse("measures:checkin")
    with keyring.remembered():
        openable = keyring.fetch(Owner("person", str(person.id)) for person in people)
        rows = []
        for person in people:
            if Owner("person", str(person.id)) not in openable:
                continue  # being erased at this moment
            week = weeks[person.id]
            week = week.next() if (person.id, checkin.filed(week)) in done else week
            rhythm = hours.get(person.id, Rhythm())
            turn = actions.next_turn(person_id=person.id, zone=person.zone, rhythm=rhythm, week=week)
            rows.append(
                Due(
                    person=person,
                    room=actions.ROOM,
                    kind=actions.KIND,
                    occasion=week.key,
                    due_at=turn.due_at,
                    until=turn.until,
                    remind_at=_ahead(turn.remind_at, now),
                    path=path,
                    words=actions.due_words(person),
                )
            )
        for first in range(0, len(rows), AT_ONCE):
            Due.objects.bulk_create(rows[first : first + AT_ONCE], ignore_conflicts=True)
    return len(rows)


def purge(now: datetime, batch: int = BATCH) -> int:
    """Erase check-ins older than two years. The number erased."""
    day = now.date()
    limit = date(day.year - KEPT_YEARS, day.month, min(day.day, 28))
    purged = 0
    while True:
        with transaction.atomic():
            ids = list(CheckIn.objects.filter(week__lt=limit).order_by("week").values_list("id", flat=True)[:batch])
            CheckIn.objects.filter(id__in=ids).delete()
        purged += len(ids)
        if len(ids) < batch:
            return purged
