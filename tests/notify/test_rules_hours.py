"""Nobody is reached in quiet hours, on days off, during a hold, or twice a day: whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.notify.rules.hours import Rhythm, Stretch, is_allowed, is_quiet, is_working_day, next_allowed

NEW_YORK = "America/New_York"
ZONES = (
    NEW_YORK,
    "Europe/Madrid",
    "UTC",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Asia/Kathmandu",
    "America/Havana",
    "Africa/Cairo",
)
WEEK = Rhythm()
ALL_DAYS = Rhythm(working_days="1111111")


def at(zone: str, *wall: int, fold: int = 0) -> datetime:
    return datetime(*wall, tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)  # type: ignore[arg-type]  # year, month, day, …


walls = st.times().map(lambda t: t.replace(second=0, microsecond=0))
instants = st.datetimes(datetime(2025, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC))
# around the nights on which clocks change, where mistakes live
changes = st.builds(
    lambda day, minutes: day + timedelta(minutes=minutes),
    st.sampled_from(
        [
            datetime(2026, 3, 8, tzinfo=UTC),
            datetime(2026, 11, 1, tzinfo=UTC),
            datetime(2026, 3, 29, tzinfo=UTC),
            datetime(2026, 10, 25, tzinfo=UTC),
            datetime(2026, 4, 4, 12, tzinfo=UTC),
            datetime(2026, 9, 6, tzinfo=UTC),
            datetime(2026, 4, 24, tzinfo=UTC),
        ]
    ),
    st.integers(-2000, 2000),
)
rhythms = st.builds(
    Rhythm,
    working_days=st.text("01", min_size=7, max_size=7),
    work_from=walls,
    work_to=walls,
    quiet_from=walls,
    quiet_to=walls,
)
holds = st.lists(
    st.builds(
        lambda begin, hours: Stretch(begin, begin + timedelta(hours=hours)), instants | changes, st.integers(1, 3000)
    ),
    max_size=4,
)


@given(rhythms, holds, instants | changes, st.sampled_from(ZONES), st.integers(0, 3))
def test_what_is_found_is_allowed_and_never_before(
    rhythm: Rhythm, away: list[Stretch], now: datetime, zone: str, days: int
) -> None:
    taken = {now.astimezone(ZoneInfo(zone)).date() + timedelta(days=n) for n in range(days)}
    found = next_allowed(rhythm, away, now, zone, taken)
    if found is None:
        assert "1" not in rhythm.working_days or not _ever_open(rhythm, zone, now)
        return
    assert found >= now
    assert not is_quiet(rhythm, found, zone)
    assert is_working_day(rhythm, found, zone)
    assert not any(found in hold for hold in away)
    assert found.astimezone(ZoneInfo(zone)).date() not in taken
    assert is_allowed(rhythm, away, found, zone)


def _ever_open(rhythm: Rhythm, zone: str, now: datetime) -> bool:
    return any(is_allowed(rhythm, (), now + timedelta(minutes=n), zone) for n in range(10 * 24 * 60))


@given(rhythms, holds, changes, st.sampled_from(ZONES))
def test_nothing_earlier_would_have_been_allowed(rhythm: Rhythm, away: list[Stretch], now: datetime, zone: str) -> None:
    """Held against walking on minute by minute."""
    found = next_allowed(rhythm, away, now, zone)
    until = min(found or now + timedelta(days=3), now + timedelta(days=3))
    minute = now
    while minute < until:
        assert not is_allowed(rhythm, away, minute, zone), minute
        minute += timedelta(minutes=1)


@given(rhythms, holds, instants | changes, st.sampled_from(ZONES))
def test_asking_again_at_the_answer_changes_nothing(
    rhythm: Rhythm, away: list[Stretch], now: datetime, zone: str
) -> None:
    found = next_allowed(rhythm, away, now, zone)
    assert found is None or next_allowed(rhythm, away, found, zone) == found


@given(rhythms, holds, instants | changes, st.sampled_from(ZONES))
def test_a_row_of_messages_is_at_most_one_a_day(rhythm: Rhythm, away: list[Stretch], now: datetime, zone: str) -> None:
    taken: list[date] = []
    for _ in range(4):
        found = next_allowed(rhythm, away, now, zone, set(taken))
        if found is None:
            break
        taken.append(found.astimezone(ZoneInfo(zone)).date())
    assert len(taken) == len(set(taken))
    assert taken == sorted(taken)


def test_in_working_hours_it_is_now() -> None:
    now = at(NEW_YORK, 2026, 11, 25, 9)
    assert next_allowed(WEEK, (), now, NEW_YORK) == now


@pytest.mark.parametrize(
    ("wall", "opens"),
    [
        ((2026, 11, 25, 21, 0), (2026, 11, 26, 7, 30)),  # evening: the next morning
        ((2026, 11, 25, 0, 10), (2026, 11, 25, 7, 30)),  # after midnight: the same morning
        ((2026, 11, 27, 20, 0), (2026, 11, 30, 7, 30)),  # Friday night: Monday
        ((2026, 11, 28, 12, 0), (2026, 11, 30, 7, 30)),  # a day off
        ((2026, 11, 25, 19, 59), (2026, 11, 25, 19, 59)),  # the last minute before quiet
    ],
)
def test_quiet_hours_and_days_off(wall: tuple[int, ...], opens: tuple[int, ...]) -> None:
    assert next_allowed(WEEK, (), at(NEW_YORK, *wall), NEW_YORK) == at(NEW_YORK, *opens)


def test_every_day_off_means_never() -> None:
    assert next_allowed(Rhythm(working_days="0000000"), (), at(NEW_YORK, 2026, 11, 25, 9), NEW_YORK) is None


def test_no_quiet_hours_when_both_ends_are_the_same() -> None:
    rhythm = Rhythm(quiet_from=time(9), quiet_to=time(9))
    assert not any(is_quiet(rhythm, at("UTC", 2026, 11, 25, hour), "UTC") for hour in range(24))


def test_a_night_shift_reaches_into_the_day_off() -> None:
    nights = Rhythm(work_from=time(22), work_to=time(6), quiet_from=time(8), quiet_to=time(16))
    saturday_early, saturday_noon = at(NEW_YORK, 2026, 11, 28, 2), at(NEW_YORK, 2026, 11, 28, 7)
    assert next_allowed(nights, (), saturday_early, NEW_YORK) == saturday_early
    assert next_allowed(nights, (), saturday_noon, NEW_YORK) == at(NEW_YORK, 2026, 11, 30, 0)


def test_a_hold_is_waited_out_and_so_is_the_one_it_runs_into() -> None:
    now = at(NEW_YORK, 2026, 11, 25, 9)
    leave = Stretch(at(NEW_YORK, 2026, 11, 24, 0), at(NEW_YORK, 2026, 12, 1, 0))
    visit = Stretch(at(NEW_YORK, 2026, 12, 1, 7), at(NEW_YORK, 2026, 12, 1, 11))
    assert next_allowed(WEEK, (visit, leave), now, NEW_YORK) == visit.ends_at


def test_quiet_hours_that_end_in_the_skipped_hour_end_when_the_clocks_jump() -> None:
    rhythm = Rhythm(working_days="1111111", quiet_from=time(20), quiet_to=time(2, 30))
    assert next_allowed(rhythm, (), at(NEW_YORK, 2026, 3, 8, 1), NEW_YORK) == at(NEW_YORK, 2026, 3, 8, 3)


def test_quiet_hours_within_the_hour_shown_twice() -> None:
    rhythm = Rhythm(working_days="1111111", quiet_from=time(20), quiet_to=time(1, 30))
    first, second = at(NEW_YORK, 2026, 11, 1, 1, 30), at(NEW_YORK, 2026, 11, 1, 1, 30, fold=1)
    assert second - first == timedelta(hours=1)
    assert next_allowed(rhythm, (), at(NEW_YORK, 2026, 11, 1, 0, 30), NEW_YORK) == first
    assert next_allowed(rhythm, (), at(NEW_YORK, 2026, 11, 1, 1, 10, fold=1), NEW_YORK) == second


def test_who_travels_is_asked_by_the_clock_where_they_are() -> None:
    now = at(NEW_YORK, 2026, 11, 25, 16)
    assert next_allowed(WEEK, (), now, NEW_YORK) == now
    assert next_allowed(WEEK, (), now, "Europe/Madrid") == at("Europe/Madrid", 2026, 11, 26, 7, 30)


def test_a_day_that_has_had_its_message_is_passed() -> None:
    now = at(NEW_YORK, 2026, 11, 25, 9)
    assert next_allowed(WEEK, (), now, NEW_YORK, {date(2026, 11, 25)}) == at(NEW_YORK, 2026, 11, 26, 7, 30)
    assert next_allowed(ALL_DAYS, (), now, NEW_YORK, {date(2026, 11, d) for d in range(25, 30)}) == at(
        NEW_YORK, 2026, 11, 30, 7, 30
    )
