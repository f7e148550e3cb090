"""When a plan is looked at again, which weeks a leave touches, and when a reminder may come. The time is always given."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final

from keepwell.kit.periods import Week, local_instant, week_containing, weeks_between

REVIEW_AFTER: Final = timedelta(weeks=4)
REVIEW_AT_MOST: Final = timedelta(days=366)
LEAVE_AT_MOST: Final = timedelta(weeks=26)
REVIEW_FROM: Final = time(9)  # a review date begins then, on the person's own clock


def default_review(today: date) -> date:
    return today + REVIEW_AFTER


def review_fits(on: date, today: date) -> bool:
    """A day to come, within a year. Today counts as past: it would ask again at once."""
    return today < on <= today + REVIEW_AT_MOST


def review_is_due(on: date | None, today: date) -> bool:
    return on is not None and on <= today


def weeks_of_leave(first: date, last: date, week_start: int) -> list[Week]:
    """Every week that a leave touches: with one day off in it, a week owes nothing."""
    return list(weeks_between(week_containing(first, week_start), week_containing(last, week_start)))


def leave_fits(today: date, last: date) -> bool:
    return today <= last <= today + LEAVE_AT_MOST


def remind_at(day: date, at: time, zone: str, now: datetime) -> datetime | None:
    """The instant of a reminder; None when it has passed."""
    instant = local_instant(day, at, zone)
    return instant if instant > now else None


def begins(week: Week, zone: str) -> datetime:
    return local_instant(week.start, time(0), zone)


def ends(week: Week, zone: str) -> datetime:
    """The first instant that is no longer in the week."""
    return local_instant(week.end + timedelta(days=1), time(0), zone)
