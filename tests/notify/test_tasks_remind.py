"""Reminders: at most one a day, at a time that may be, and always a note as well."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from keepwell.notify import actions, queries, tasks
from keepwell.notify.models import Due, Hold, Hours, Message, Note
from keepwell.people.models import Agency, Person
from keepwell.people.viewer import viewer_for
from tests.support import Cast

NEW_YORK = ZoneInfo("America/New_York")  # where the cast is at 9:00 when it is 14:00 UTC


def _due(
    person: Person,
    now: datetime,
    *,
    kind: str = "check-in",
    occasion: str = "2026-W48",
    remind_in: timedelta = timedelta(minutes=1),
    until: datetime | None = None,
) -> Due:
    return actions.put_due(
        person=person,
        room="plans" if kind != "check-in" else "measures",
        kind=kind,
        occasion=occasion,
        due_at=now,
        until=until,
        remind_at=now + remind_in,
        path="/plan/",
        words={"title": "A walk", "sub": "Wednesday"},
        now=now,
    )


def test_a_ripe_due_row_becomes_one_message_and_a_note(cast: Cast, now: datetime) -> None:
    due = _due(cast.ada, now)
    at = now + timedelta(minutes=2)
    assert tasks.remind(at) == 1
    message = Message.objects.get(person=cast.ada)
    assert (message.lane, message.kind, message.local_date) == ("reminder", "check-in-reminder", date(2026, 11, 25))
    assert message.envelope["to"] == cast.ada.email
    assert Note.objects.get(person=cast.ada).words == {"title": "A walk", "sub": "Wednesday"}
    due.refresh_from_db()
    assert due.remind_at is None


def test_a_second_turn_changes_nothing(cast: Cast, now: datetime) -> None:
    _due(cast.ada, now)
    tasks.remind(now + timedelta(minutes=2))
    assert tasks.remind(now + timedelta(minutes=3)) == 0
    assert Message.objects.count() == 1
    assert Note.objects.count() == 1


def test_two_things_on_one_day_come_on_two_days(cast: Cast, now: datetime) -> None:
    _due(cast.ada, now)
    second = _due(cast.ada, now, kind="commitment", remind_in=timedelta(minutes=2))
    tasks.remind(now + timedelta(minutes=3))
    second.refresh_from_db()
    assert second.remind_at == datetime(2026, 11, 26, 7, 30, tzinfo=NEW_YORK)
    tasks.remind(second.remind_at)
    days = list(Message.objects.filter(person=cast.ada).order_by("local_date").values_list("local_date", flat=True))
    assert days == [date(2026, 11, 25), date(2026, 11, 26)]


def test_what_another_sender_wrote_meanwhile_is_kept_by_the_store_itself(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The day's message was written by another process after this one had looked."""
    actions.put_message(
        person=cast.ada,
        to="x@y.example",
        language="en",
        lane="reminder",
        kind="commitment-reminder",
        occasion="x",
        params={},
        due_at=now,
        now=now,
    )
    Message.objects.update(local_date=date(2026, 11, 25))
    due = _due(cast.ada, now)
    blind = queries.Reach(Hours(person=cast.ada), (), frozenset(), cast.ada.zone)
    monkeypatch.setattr(tasks.queries, "reach_of", lambda persons, now: {person.id: blind for person in persons})
    tasks.remind(now + timedelta(minutes=2))
    due.refresh_from_db()
    assert Message.objects.filter(person=cast.ada).count() == 1
    assert due.remind_at == datetime(2026, 11, 26, 7, 30, tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("at", "moved_to"),
    [
        (datetime(2026, 11, 25, 21, tzinfo=NEW_YORK), datetime(2026, 11, 26, 7, 30, tzinfo=NEW_YORK)),
        (datetime(2026, 11, 28, 12, tzinfo=NEW_YORK), datetime(2026, 11, 30, 7, 30, tzinfo=NEW_YORK)),
    ],
)
def test_quiet_hours_and_days_off_move_it_on(cast: Cast, now: datetime, at: datetime, moved_to: datetime) -> None:
    due = _due(cast.ada, now)
    tasks.remind(at)
    due.refresh_from_db()
    assert due.remind_at == moved_to
    assert not Message.objects.exists()
    assert not Note.objects.exists()


def test_a_hold_is_waited_out(cast: Cast, now: datetime) -> None:
    actions.hold(person=cast.ada, kind="visit", begins_at=now, ends_at=now + timedelta(hours=3), now=now)
    due = _due(cast.ada, now)
    tasks.remind(now + timedelta(minutes=5))
    due.refresh_from_db()
    assert due.remind_at == now + timedelta(hours=3)


def test_what_is_over_before_it_may_come_waits_inside(cast: Cast, now: datetime) -> None:
    _due(cast.ada, now, until=now + timedelta(hours=2))
    actions.hold(person=cast.ada, kind="away", begins_at=now, ends_at=now + timedelta(days=1), now=now)
    tasks.remind(now + timedelta(minutes=5))
    assert not Message.objects.exists()
    assert Note.objects.count() == 1
    assert Due.objects.get().remind_at is None


def test_with_every_day_off_it_waits_inside(cast: Cast, now: datetime) -> None:
    Hours.objects.create(person=cast.ada, working_days="0000000")
    _due(cast.ada, now)
    tasks.remind(now + timedelta(minutes=5))
    assert not Message.objects.exists()
    assert Note.objects.count() == 1


@pytest.mark.parametrize(("choice", "notes"), [({"by_email": False}, 1), ({"not_kinds": ["check-in-reminder"]}, 0)])
def test_what_is_switched_off_is_not_sent(cast: Cast, now: datetime, choice: dict[str, object], notes: int) -> None:
    Hours.objects.create(person=cast.ada, **choice)
    _due(cast.ada, now)
    tasks.remind(now + timedelta(minutes=5))
    assert not Message.objects.exists()
    assert Note.objects.count() == notes


def test_a_room_that_is_switched_off_reminds_of_nothing(cast: Cast, now: datetime) -> None:
    Agency.objects.filter(id=cast.harbour.id).update(rooms=["plans"])
    _due(cast.ada, now)
    tasks.remind(now + timedelta(minutes=5))
    assert not Message.objects.exists()


def test_a_locked_person_is_not_written_to(cast: Cast, now: datetime) -> None:
    Person.objects.filter(id=cast.ada.id).update(is_active=False)
    _due(cast.ada, now)
    tasks.remind(now + timedelta(minutes=5))
    assert not Message.objects.exists()


def test_one_broken_row_silences_nobody_else(cast: Cast, now: datetime) -> None:
    broken = _due(cast.ada, now)
    Due.objects.filter(id=broken.id).update(occasion="moved")  # what was sealed for another place no longer opens
    Due.objects.filter(id=broken.id).update(person=cast.ben)
    _due(cast.mia, now)
    tasks.remind(now + timedelta(minutes=5))
    assert list(Message.objects.values_list("person__called", flat=True)) == ["Mia"]
    assert Due.objects.get(person=cast.ben).remind_at == now + timedelta(hours=1, minutes=5)


def test_queries_do_not_grow_with_each_persons_hours(
    cast: Cast, now: datetime, django_assert_max_num_queries: object
) -> None:
    for person in (cast.ada, cast.ben, cast.mia, cast.pia):
        Hours.objects.create(person=person)
        Hold.objects.create(person=person, kind="busy", begins_at=now, ends_at=now + timedelta(hours=1))
    with django_assert_max_num_queries(3):  # type: ignore[operator]  # the fixture of pytest-django
        queries.reach_of([cast.ada, cast.ben, cast.mia, cast.pia], now)


def test_the_time_shown_is_the_time_kept(cast: Cast, now: datetime) -> None:
    """The page's preview and the post: one function, one answer, through a whole strange week."""
    Hours.objects.create(
        person=cast.ada,
        working_days="1010100",
        quiet_from=time(11),
        quiet_to=time(10),
        work_from=time(22),
        work_to=time(6),
    )
    viewer = viewer_for(cast.ada)
    for hours in range(0, 200, 7):
        at = now + timedelta(hours=hours)
        shown = queries.next_reminder(viewer, at)
        due = _due(cast.ada, at, occasion=f"n{hours}", remind_in=timedelta(seconds=1))
        Due.objects.filter(id=due.id).update(remind_at=at)
        tasks.remind(at)
        due.refresh_from_db()
        if shown == at:
            assert due.remind_at is None
            assert Message.objects.filter(person=cast.ada, due_at=at).exists()
        else:
            assert due.remind_at == shown
        Due.objects.all().delete()


def test_travel_does_not_bring_a_second_message_on_one_local_day(cast: Cast, now: datetime) -> None:
    _due(cast.ada, now)
    tasks.remind(now + timedelta(minutes=2))
    Person.objects.filter(id=cast.ada.id).update(zone="Pacific/Honolulu")
    later = _due(cast.ada, now, kind="commitment")
    tasks.remind(datetime(2026, 11, 25, 22, tzinfo=UTC))  # noon there, the same day
    later.refresh_from_db()
    assert later.remind_at == datetime(2026, 11, 26, 7, 30, tzinfo=ZoneInfo("Pacific/Honolulu"))
