"""Weeks, longer periods, and local time that survives clock changes.

A week is named by the ISO week that holds most of its days, so "2026-W48" means the same week to everyone
whether their calendar begins on Sunday, Monday or Saturday. Nothing here asks for the time: it is always given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

MONDAY: Final = 0
SATURDAY: Final = 5
SUNDAY: Final = 6

_KEY = re.compile(r"(\d{4})-W(\d{2})")


def zone_of(zone: str | tzinfo) -> tzinfo:
    """The zone itself, from its name or as given. An unknown name raises `ZoneInfoNotFoundError`."""
    return ZoneInfo(zone) if isinstance(zone, str) else zone


def local_date(instant: datetime, zone: str | tzinfo) -> date:
    """The calendar day it is in `zone` at `instant`."""
    return _aware(instant).astimezone(zone_of(zone)).date()


def local_instant(day: date, at: time, zone: str | tzinfo) -> datetime:
    """When the clocks in `zone` show `at` on `day`, as an instant in UTC.

    A time the clocks skip (spring) becomes the moment just as long after the jump; a time they show twice (autumn)
    is the first of the two. So every day has exactly one answer, and a reminder is never lost or sent twice.
    """
    # fold=0 is the first of two and, in a gap, counts with the offset before the jump: both rules in one.
    return datetime.combine(day, at.replace(tzinfo=None, fold=0), tzinfo=zone_of(zone)).astimezone(UTC)


@dataclass(frozen=True, order=True, slots=True)
class Week:
    """Seven local days, known by the first of them."""

    start: date

    @property
    def key(self) -> str:
        """Stable name such as "2026-W48": the ISO week with at least four days of this one."""
        thursday = self.start + timedelta(days=(3 - self.start.weekday()) % 7)
        year, week, _ = thursday.isocalendar()
        return f"{year:04d}-W{week:02d}"

    @property
    def end(self) -> date:
        """The last day, itself inside the week."""
        return self.start + timedelta(days=6)

    def days(self) -> Iterator[date]:
        return (self.start + timedelta(days=n) for n in range(7))

    def shift(self, weeks: int) -> Week:
        return Week(self.start + timedelta(weeks=weeks))

    def next(self) -> Week:
        return self.shift(1)

    def previous(self) -> Week:
        return self.shift(-1)

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def __sub__(self, other: Week) -> int:
        """How many weeks lie between; both must begin on the same weekday."""
        days = (self.start - other.start).days
        if days % 7:
            raise ValueError(f"{self.start} and {other.start} begin on different weekdays.")
        return days // 7

    def __str__(self) -> str:
        return self.key


def week_containing(day: date, week_start: int = MONDAY) -> Week:
    """The week a local day falls in. `week_start` is 0 for Monday to 6 for Sunday."""
    _check_weekday(week_start)
    return Week(day - timedelta(days=(day.weekday() - week_start) % 7))


def week_of(instant: datetime, zone: str | tzinfo, week_start: int = MONDAY) -> Week:
    """The week it is in `zone` at `instant`."""
    return week_containing(local_date(instant, zone), week_start)


def week_from_key(key: str, week_start: int = MONDAY) -> Week:
    """The week a key names, for a calendar that begins on `week_start`."""
    _check_weekday(week_start)
    found = _KEY.fullmatch(key)
    if found is None:
        raise ValueError(f"{key!r} is not a week such as 2026-W48.")
    thursday = date.fromisocalendar(int(found[1]), int(found[2]), 4)
    return week_containing(thursday, week_start)


def weeks_between(first: Week, last: Week) -> Iterator[Week]:
    """Every week from `first` to `last`, both included."""
    return (first.shift(n) for n in range(last - first + 1))


PERIOD_DAYS: Final = 28
PERIOD_ANCHOR: Final = date(2024, 1, 1)  # a Monday; every period of 28 days is counted from here, everywhere


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """Twenty-eight days, the same for everybody, counted from one fixed Monday."""

    start: date

    @property
    def key(self) -> str:
        return self.start.isoformat()

    @property
    def end(self) -> date:
        """The last day, itself inside the period."""
        return self.start + timedelta(days=PERIOD_DAYS - 1)

    def shift(self, periods: int) -> Period:
        return Period(self.start + timedelta(days=PERIOD_DAYS * periods))

    def next(self) -> Period:
        return self.shift(1)

    def previous(self) -> Period:
        return self.shift(-1)

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def __str__(self) -> str:
        return self.key


def period_containing(day: date) -> Period:
    """The 28-day period a day falls in."""
    return Period(day - timedelta(days=(day - PERIOD_ANCHOR).days % PERIOD_DAYS))


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("A moment without a time zone can't be placed in a week.")
    return instant


def _check_weekday(week_start: int) -> None:
    if not 0 <= week_start <= 6:
        raise ValueError(f"A week begins on 0 (Monday) to 6 (Sunday), not on {week_start}.")
