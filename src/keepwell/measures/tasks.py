"""What the clock asks of this room: keep everyone's check-in due in the week that is, and forget what is two years old.

Both go through any number of people in batches, a handful of queries each, and may be stopped and begun again at any point.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from keepwell.measures import actions
from keepwell.measures.models import CheckIn
from keepwell.measures.queries import this_week
from keepwell.measures.rules import checkin
from keepwell.notify.models import Due
from keepwell.notify.rules.hours import Rhythm
from keepwell.people import keyring
from keepwell.people.models import Person
from keepwell.people.rules.sealing import Owner

BATCH = 500
KEPT_YEARS = 2


def roll(now: datetime, batch: int = BATCH) -> int:
    """Past weeks' due rows move to the week that is; who has arrived and has none gets one. The number of rows touched."""
    return _move(now, batch) + _begin(now, batch)


def _move(now: datetime, batch: int) -> int:
    moved, after = 0, Q()
    while True:
        past = Due.objects.filter(after, kind=actions.KIND, until__lte=now).select_related("person").defer("words")
        rows = list(past.order_by("until", "id")[:batch])
        if not rows:
            return moved
        moved += _in_one_go_or_singly(rows, now)
        last = rows[-1]
        after = Q(until__gt=last.until) | Q(until=last.until, id__gt=last.id)


def _in_one_go_or_singly(rows: Sequence[Due], now: datetime) -> int:
    try:
        return _move_rows(rows, now)
    except IntegrityError:  # somebody finished a check-in at this very moment: only their row waits for the next turn
        moved = 0
        for row in rows:
            try:
                moved += _move_rows([row], now)
            except IntegrityError:
                continue
        return moved


@transaction.atomic
def _move_rows(rows: Sequence[Due], now: datetime) -> int:
    hours = actions.rhythms(row.person_id for row in rows)
    stands = set(
        Due.objects.filter(person__in=[row.person_id for row in rows], kind=actions.KIND, until__gt=now).values_list(
            "person_id", flat=True
        )
    )
    seen: set[UUID] = set()
    doubled: list[UUID] = []
    same: dict[tuple[str, datetime, datetime, datetime | None], list[UUID]] = defaultdict(list)
    for row in rows:
        if row.person_id in stands or row.person_id in seen:
            doubled.append(row.id)
            continue
        seen.add(row.person_id)
        weekday = checkin.today_of(row.remind_at, row.person.zone).weekday() if row.remind_at else None
        turn = actions.next_turn(
            person=row.person,
            rhythm=hours.get(row.person_id, Rhythm()),
            week=this_week(row.person, now),
            weekday=weekday,
        )
        remind = turn.remind_at if turn.remind_at and turn.remind_at > now else None
        same[turn.week.key, turn.due_at, turn.until, remind].append(row.id)
    # People of one zone and weekday share their moments, so a batch needs few updates; the sealed words stay untouched.
    for (occasion, due_at, until, remind_at), ids in same.items():
        Due.objects.filter(id__in=ids).update(occasion=occasion, due_at=due_at, until=until, remind_at=remind_at)
    if doubled:
        Due.objects.filter(id__in=doubled).delete()
    return len(rows)


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
            turn = actions.next_turn(person=person, rhythm=hours.get(person.id, Rhythm()), week=week)
            rows.append(
                Due(
                    person=person,
                    room=actions.ROOM,
                    kind=actions.KIND,
                    occasion=week.key,
                    due_at=turn.due_at,
                    until=turn.until,
                    remind_at=turn.remind_at if turn.remind_at and turn.remind_at > now else None,
                    path=path,
                    words=actions.due_words(person),
                )
            )
        Due.objects.bulk_create(rows, ignore_conflicts=True)
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
