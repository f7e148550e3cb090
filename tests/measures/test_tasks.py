"""What the clock asks: rolling due rows into the week that is, and forgetting after two years."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from keepwell.measures import actions, tasks
from keepwell.measures.models import CheckIn
from keepwell.notify import actions as notify
from keepwell.notify.models import Due
from keepwell.people import actions as people
from keepwell.people import keyring
from keepwell.people.actions import Hello
from keepwell.people.models import Person
from keepwell.people.rules.sealing import Owner
from tests.measures import story
from tests.support import Cast


def due_of(person: Person) -> Due:
    return Due.objects.get(person=person, kind="check-in")


def test_whoever_has_arrived_gets_one_and_only_one(cast: Cast, now: datetime) -> None:
    Person.objects.filter(id=cast.rosa.id).update(arrived_at=None)
    Person.objects.filter(id=cast.kai.id).update(is_active=False)
    count = tasks.roll(now)
    assert count == Due.objects.count() == len(cast.people) - 2
    assert tasks.roll(now) == 0
    due = due_of(cast.ada)
    assert (due.occasion, due.due_at) == ("2026-W48", datetime(2026, 11, 23, 5, tzinfo=UTC))
    assert due.words["title"] == "A minute for you"
    assert due_of(cast.dov).due_at == datetime(2026, 11, 23, 6, tzinfo=UTC)  # Chicago
    assert due_of(cast.lena).occasion == "2026-W48"  # who has left an agency keeps their own space


def test_who_has_finished_this_week_gets_the_next(cast: Cast, now: datetime) -> None:
    story.live(cast.ada, now, [(2, 2)])
    tasks.roll(now)
    assert due_of(cast.ada).occasion == "2026-W49"


def test_a_past_weeks_row_moves_to_the_week_that_is(cast: Cast, now: datetime) -> None:
    tasks.roll(now)
    before = due_of(cast.ada)
    three_weeks_on = now + timedelta(weeks=3)
    assert tasks.roll(three_weeks_on) == len(cast.people)
    assert tasks.roll(three_weeks_on) == 0
    due = due_of(cast.ada)
    assert (due.id, due.occasion) == (before.id, "2026-W51")
    assert due.until == datetime(2026, 12, 21, 5, tzinfo=UTC)
    assert due.words == before.words  # still opens: the seal knows the row, not the week


def test_the_day_of_the_mention_stays_a_persons_own(cast: Cast, now: datetime) -> None:
    """Nobody who never finishes is reminded on another day each week, and not all on the same."""
    tasks.roll(now - timedelta(weeks=1))
    monday = datetime(2026, 11, 23, 7, tzinfo=UTC)
    tasks.roll(monday)
    first = {p.id: due_of(p).remind_at for p in cast.people.values()}
    tasks.roll(monday + timedelta(weeks=1))
    for person in cast.people.values():
        again = due_of(person).remind_at
        assert again is not None and first[person.id] is not None and again - first[person.id] == timedelta(weeks=1)
        assert time(8) <= again.astimezone(UTC).time()
    assert len({moment.weekday() for moment in first.values() if moment}) > 1


def test_working_days_are_kept_to(cast: Cast, now: datetime) -> None:
    notify.set_hours(
        by=cast.ada,
        working_days="0000011",
        work_from=time(10),
        work_to=time(14),
        quiet_from=time(20),
        quiet_to=time(7),
        by_email=True,
        say_more=False,
        now=now,
    )
    tasks.roll(now)
    remind = due_of(cast.ada).remind_at
    assert remind is not None and remind.weekday() in (5, 6) and remind.hour == 17  # noon in New York


def test_a_row_beside_a_newer_one_is_dropped(cast: Cast, now: datetime) -> None:
    tasks.roll(now - timedelta(weeks=1))
    actions._put(cast.ada, story.turn_of(cast.ada, now), now)
    assert Due.objects.filter(person=cast.ada).count() == 2
    tasks.roll(now)
    assert due_of(cast.ada).occasion == "2026-W48"


def test_an_unknown_zone_stops_nobody(cast: Cast, now: datetime) -> None:
    Person.objects.filter(id=cast.ada.id).update(zone="Atlantis/Poseidon")
    tasks.roll(now)
    tasks.roll(now + timedelta(weeks=1))
    assert due_of(cast.ada).occasion == due_of(cast.ben).occasion == "2026-W49"


def crowd(n: int, now: datetime) -> None:
    for number in range(n):
        hello = Hello(called="", zone=("America/New_York", "Europe/Madrid")[number % 2])
        person = people.new_person(email=f"p{number}@crowd.example", hello=hello, now=now)
        Person.objects.filter(id=person.id).update(arrived_at=now)


@pytest.mark.django_db
def test_queries_grow_with_batches_and_not_with_people(now: datetime) -> None:
    """The same number for ten people in a batch as for forty; so a hundred thousand are two hundred batches."""

    def counted(at: datetime, batch: int) -> int:
        with CaptureQueriesContext(connection) as rows, CaptureQueriesContext(connections["keys"]) as keys:
            tasks.roll(at, batch=batch)
        return len(rows) + len(keys)

    crowd(10, now)
    begun_few = counted(now, 40)
    moved_few = counted(now + timedelta(weeks=1), 40)
    Due.objects.all().delete()
    for number in range(30):
        person = people.new_person(email=f"q{number}@crowd.example", hello=Hello(called="", zone="Europe/Madrid"), now=now)
        Person.objects.filter(id=person.id).update(arrived_at=now)
    assert counted(now, 40) == begun_few
    assert counted(now + timedelta(weeks=1), 40) <= moved_few + 8  # at most one update for each weekday and zone more


def test_batches_reach_everybody(cast: Cast, now: datetime) -> None:
    assert tasks.roll(now, batch=4) == len(cast.people)
    assert tasks.roll(now + timedelta(weeks=1), batch=4) == len(cast.people)
    assert set(Due.objects.values_list("occasion", flat=True)) == {"2026-W49"}


def test_what_is_two_years_old_is_forgotten(cast: Cast, now: datetime) -> None:
    story.live(cast.ada, now, [(2, 2)] * 110)
    purged = tasks.purge(now, batch=3)
    kept = sorted(CheckIn.objects.values_list("week", flat=True))
    assert purged == 110 - len(kept)
    assert kept[0] == date(2024, 11, 25)
    assert tasks.purge(now) == 0


def test_a_leap_day_forgets_too(cast: Cast, now: datetime) -> None:
    assert tasks.purge(datetime(2028, 2, 29, 12, tzinfo=UTC)) == 0


def test_a_person_whose_key_is_gone_stops_nobody(cast: Cast, now: datetime) -> None:
    keyring.destroy_key(Owner("person", str(cast.rosa.id)))
    tasks.roll(now)
    assert not Due.objects.filter(person=cast.rosa).exists()
    assert due_of(cast.ada)
