"""Reviews, leave and reminders, in the person's own zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from keepwell.kit.periods import week_containing
from keepwell.plans.rules import dates

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("on", "fits"),
    [
        (TODAY - timedelta(days=1), False),
        (TODAY, False),
        (TODAY + timedelta(days=1), True),
        (TODAY + timedelta(days=366), True),
        (TODAY + timedelta(days=367), False),
    ],
)
def test_a_review_is_on_a_day_to_come_within_a_year(on: date, fits: bool) -> None:
    assert dates.review_fits(on, TODAY) is fits


def test_the_review_offered_first_is_in_four_weeks_and_fits() -> None:
    assert dates.default_review(TODAY) == date(2026, 12, 23)
    assert dates.review_fits(dates.default_review(TODAY), TODAY)


@pytest.mark.parametrize(
    ("on", "due"),
    [(None, False), (TODAY + timedelta(days=1), False), (TODAY, True), (TODAY - timedelta(days=40), True)],
)
def test_a_review_is_due_from_its_day_on(on: date | None, due: bool) -> None:
    assert dates.review_is_due(on, TODAY) is due


def test_a_leave_touches_every_week_it_has_a_day_in() -> None:
    thursday, next_monday = date(2026, 11, 26), date(2026, 11, 30)
    assert [w.key for w in dates.weeks_of_leave(thursday, next_monday, 0)] == ["2026-W48", "2026-W49"]
    assert [w.key for w in dates.weeks_of_leave(thursday, thursday, 0)] == ["2026-W48"]


def test_where_weeks_begin_on_sunday_a_leave_until_sunday_touches_the_next_week() -> None:
    friday, sunday = date(2026, 11, 27), date(2026, 11, 29)
    assert [w.key for w in dates.weeks_of_leave(friday, sunday, 6)] == ["2026-W48", "2026-W49"]
    assert [w.key for w in dates.weeks_of_leave(friday, sunday, 0)] == ["2026-W48"]


@pytest.mark.parametrize(
    ("last", "fits"),
    [
        (TODAY - timedelta(days=1), False),
        (TODAY, True),
        (TODAY + timedelta(weeks=26), True),
        (TODAY + timedelta(weeks=27), False),
    ],
)
def test_a_leave_ends_today_or_later_within_half_a_year(last: date, fits: bool) -> None:
    assert dates.leave_fits(TODAY, last) is fits


def test_a_week_begins_and_ends_at_local_midnight_also_when_the_clocks_change() -> None:
    week = week_containing(date(2026, 10, 28))  # New York leaves summer time on Sunday 1 November
    begins, ends = dates.begins(week, "America/New_York"), dates.ends(week, "America/New_York")
    assert begins == datetime(2026, 10, 26, 4, tzinfo=UTC)
    assert ends == datetime(2026, 11, 2, 5, tzinfo=UTC)
    assert ends - begins == timedelta(days=7, hours=1)


def test_a_reminder_that_has_passed_is_none() -> None:
    now = datetime(2026, 11, 25, 14, tzinfo=UTC)  # 9:00 in New York
    assert dates.remind_at(TODAY, time(9), "America/New_York", now) is None
    assert dates.remind_at(TODAY, time(9, 1), "America/New_York", now) == datetime(2026, 11, 25, 14, 1, tzinfo=UTC)
