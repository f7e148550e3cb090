"""Weeks and local time: names that never collide, days that are never lost to a clock change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.kit import periods

days = st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 1, 1))
starts = st.integers(0, 6)


def test_wednesday_lies_in_week_48_for_every_calendar():
    wednesday = datetime(2026, 11, 25, 14, tzinfo=UTC)
    assert periods.week_of(wednesday, "America/Bogota") == periods.Week(date(2026, 11, 23))
    assert periods.week_of(wednesday, "UTC", periods.SUNDAY) == periods.Week(date(2026, 11, 22))
    assert {periods.week_of(wednesday, "UTC", start).key for start in (5, 6, 0, 1, 2)} == {"2026-W48"}


def test_the_week_is_the_week_where_the_person_is():
    late_sunday_in_chicago = datetime(2026, 11, 23, 4, 30, tzinfo=UTC)
    assert periods.week_of(late_sunday_in_chicago, "America/Chicago").key == "2026-W47"
    assert periods.week_of(late_sunday_in_chicago, "Europe/Berlin").key == "2026-W48"


def test_the_turn_of_the_year_belongs_to_the_week_with_most_days():
    assert periods.week_containing(date(2027, 1, 1)).key == "2026-W53"
    assert periods.week_containing(date(2024, 12, 30)).key == "2025-W01"


@given(days, starts)
def test_a_day_lies_in_its_week_and_the_key_leads_back(day, start):
    week = periods.week_containing(day, start)
    assert day in week and week.start.weekday() == start
    assert periods.week_from_key(week.key, start) == week
    assert week.next() - week == 1 and week.next().previous() == week
    assert list(week.days())[-1] == week.end


@given(days, starts)
def test_neighbouring_weeks_have_different_keys(day, start):
    week = periods.week_containing(day, start)
    assert week.key != week.next().key and week.key < week.next().key


def test_weeks_between_holds_both_ends():
    first, last = periods.week_from_key("2026-W52"), periods.week_from_key("2027-W01")
    assert [week.key for week in periods.weeks_between(first, last)] == ["2026-W52", "2026-W53", "2027-W01"]


def test_weeks_that_begin_on_different_days_have_no_distance():
    with pytest.raises(ValueError, match="different weekdays"):
        periods.Week(date(2026, 11, 23)) - periods.Week(date(2026, 11, 22))


def test_a_moment_without_zone_and_a_key_that_is_none_are_refused():
    with pytest.raises(ValueError, match="time zone"):
        periods.week_of(datetime(2026, 11, 25), "UTC")
    with pytest.raises(ValueError, match="not a week"):
        periods.week_from_key("2026-48")
    with pytest.raises(ValueError, match="0 \\(Monday\\)"):
        periods.week_containing(date(2026, 11, 25), 7)


def test_a_time_the_clocks_skip_comes_after_the_jump():
    instant = periods.local_instant(date(2026, 3, 29), time(2, 30), "Europe/Berlin")
    assert instant == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert instant.astimezone(ZoneInfo("Europe/Berlin")).time() == time(3, 30)


def test_a_time_the_clocks_show_twice_is_the_first():
    instant = periods.local_instant(date(2026, 10, 25), time(2, 30), "Europe/Berlin")
    assert instant == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_midnight_that_does_not_exist_stays_on_its_day():
    # Clocks in Asuncion and elsewhere have jumped at midnight: the day then begins at one.
    zone = ZoneInfo("America/Havana")
    instant = periods.local_instant(date(2026, 3, 8), time(0, 0), zone)
    assert instant.astimezone(zone).date() == date(2026, 3, 8)


@given(days, st.times(), st.sampled_from(["Europe/Berlin", "America/Chicago", "Australia/Lord_Howe", "Asia/Kolkata"]))
def test_a_local_time_moves_at_most_by_the_jump(day, at, zone):
    shown = periods.local_instant(day, at, zone).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    asked = datetime.combine(day, at)
    assert timedelta(0) <= shown - asked <= timedelta(hours=1)


@given(days)
def test_periods_tile_the_calendar(day):
    period = periods.period_containing(day)
    assert day in period and period.start.weekday() == periods.MONDAY
    assert period.next().start == period.end + timedelta(days=1)
    assert period.next().previous() == period
