"""The weekly check-in without a database: its weeks, its two scores, what a result says and what it proposes.

**Scores.** Each answer is 0 to 4; a reversed sentence counts from the other end. A score is the mean of what was answered,
put on 0 to 100 and rounded to a whole number. It is given when *more than half* of its sentences were answered: two of the
three on compassion fatigue, three of the four on burnout. Two of four would do for "at least half", but two sentences can
miss what burnout is made of (exhaustion without cynicism, say), so we ask for three. A skipped sentence is never a zero.
Burnout and compassion fatigue are never added up, and nothing here can do it.

**Weeks.** A check-in belongs to the week that holds the person's local day. It is kept under the Monday of the ISO week
that this week mostly lies in, so that travelling, a new time zone or another first day of the week neither lose a week nor
make two of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from keepwell.kit.periods import Week, local_date, local_instant, week_from_key, week_of
from keepwell.measures.rules.baseline import NEEDED, Reading

BURNOUT: Final = "burnout"
FATIGUE: Final = "compassion-fatigue"
STRENGTHS: Final = "strengths"
PRESENCE: Final = "presence"
STRAINS: Final = (BURNOUT, FATIGUE)
CONSTRUCTS: Final = (BURNOUT, FATIGUE, STRENGTHS, PRESENCE)
HIGHEST: Final = 4  # the top of the answer scale
THINGS: Final = 3  # a result proposes at most this many

Answers = Mapping[str, int | None]  # item slug → 0…4, or None where it was skipped; absent where it was not reached


@dataclass(frozen=True, slots=True)
class Item:
    slug: str
    construct: str
    text: str
    reversed: bool = False


# ---- scores ----


def needed(items: int) -> int:
    """How many of a construct's sentences must be answered for a score: more than half."""
    return items // 2 + 1


def score(items: Iterable[Item], construct: str, answers: Answers) -> int | None:
    """The construct's score, 0 to 100; None when too few of its sentences were answered."""
    own = [item for item in items if item.construct == construct]
    given = [(item, answers.get(item.slug)) for item in own]
    values = [HIGHEST - value if item.reversed else value for item, value in given if value is not None]
    if not own or len(values) < needed(len(own)):
        return None
    return math.floor(sum(values) * 100 / (HIGHEST * len(values)) + 0.5)


def scores(items: Iterable[Item], answers: Answers) -> dict[str, int | None]:
    """Each construct by itself. There is no total."""
    items = tuple(items)
    return {construct: score(items, construct, answers) for construct in CONSTRUCTS}


def first_open(items: Sequence[Item], answers: Answers, after: int = 0) -> int | None:
    """The place (from 1) of the first sentence after ``after`` that was neither answered nor skipped; None at the end."""
    return next((n for n, item in enumerate(items, start=1) if n > after and item.slug not in answers), None)


# ---- weeks ----


def known_zone(zone: str) -> str:
    """The zone, or UTC where it is no longer known: that must not shut anyone out, nor stop the clock for others."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return "UTC"
    return zone


def week_at(now: datetime, zone: str, week_start: int) -> Week:
    """The person's week."""
    return week_of(now, known_zone(zone), week_start)


def filed(week: Week) -> date:
    """The day a week is kept under: the Monday of its ISO week, whatever day the person's weeks begin on."""
    return week_from_key(week.key).start


def shown(monday: date, week_start: int) -> Week:
    """The kept week as this person's calendar draws it."""
    return week_from_key(Week(monday).key, week_start)


def in_order(kept: Mapping[date, float | None], until: date | None = None) -> list[tuple[date, float | None]]:
    """Every week from the first kept to ``until`` (or the last kept); None for a week without an answer."""
    if not kept:
        return []
    first, last = min(kept), until or max(kept)
    weeks = [first + timedelta(weeks=n) for n in range((last - first).days // 7 + 1)]
    return [(week, kept.get(week)) for week in weeks]


# ---- when it is due, and when it may be mentioned ----


@dataclass(frozen=True, slots=True)
class Turn:
    """One week's check-in on Today: from when, until when, and when post may mention it (None: not this week)."""

    week: Week
    due_at: datetime
    until: datetime
    remind_at: datetime | None


def middle_of_work(work_from: time, work_to: time) -> time:
    """Halfway through the working day, to the quarter of an hour: neither the first thing nor the last."""
    begin, end = (at.hour * 60 + at.minute for at in (work_from, work_to))
    minutes = (begin + ((end - begin) % 1440 or 1440) // 2) % 1440
    return time(minutes // 60, minutes % 60 // 15 * 15)


def usual_days(working_days: str, weekday: int) -> list[int]:
    """Working days in the order in which they come into question: the usual one, else the next, else the one before."""
    working = [day for day in range(7) if working_days[day] == "1"]
    return sorted(working, key=lambda day: (day - weekday) % 7)


def turn(week: Week, zone: str, *, working_days: str, at: time, weekday: int, not_before: date | None = None) -> Turn:
    """The week's turn. ``weekday`` is the usual one; ``not_before`` is the day to which a person has put it off."""
    begins = max(week.start, not_before or week.start)
    remind = None
    by_weekday = {day.weekday(): day for day in week.days() if day >= begins}
    for day in usual_days(working_days, weekday):
        if day in by_weekday:
            remind = local_instant(by_weekday[day], at, zone)
            break
    return Turn(
        week,
        local_instant(begins, time(0), zone),
        local_instant(week.end + timedelta(days=1), time(0), zone),
        remind,
    )


def today_of(now: datetime, zone: str) -> date:
    return local_date(now, known_zone(zone))


# ---- what a result says ----

MISSING: Final = "missing"  # not enough answers this week
EARLY: Final = "early"  # fewer than eight weeks so far
BELOW: Final = "below"
WITHIN: Final = "within"
ABOVE: Final = "above"
RISING: Final = "rising"  # inside the range, but higher than usual for weeks


def standing(reading: Reading) -> str:
    """Where one strain stands this week, against the person's own weeks."""
    if reading.value is None:
        return MISSING
    if reading.place is None:
        return EARLY
    if reading.place == WITHIN and reading.alarm is not None and reading.alarm.direction == "higher":
        return RISING
    return reading.place


def pattern(burnout: str, fatigue: str) -> str:
    """The slug of the guidance to show. What stands higher decides; without that it is early, or neither."""
    high = (ABOVE, RISING)
    if burnout in high and fatigue in high:
        return "both"
    if burnout in high:
        return BURNOUT
    if fatigue in high:
        return FATIGUE
    return EARLY if EARLY in (burnout, fatigue) else "neither"


def authored_heading(burnout: str, fatigue: str) -> str | None:
    """Which authored heading says exactly this; None where none does and the sentences are put together one by one."""
    known = {
        (EARLY, EARLY): "heading",
        (WITHIN, WITHIN): "heading",
        (BELOW, WITHIN): "heading_below_burnout",
        (WITHIN, BELOW): "heading_below_compassion_fatigue",
        (BELOW, BELOW): "heading_below_both",
        (ABOVE, WITHIN): "heading",
        (ABOVE, BELOW): "heading",
        (WITHIN, ABOVE): "heading",
        (BELOW, ABOVE): "heading",
        (ABOVE, ABOVE): "heading",
    }
    return known.get((burnout, fatigue))


def kicker_and_heading(text: str) -> tuple[str, str]:
    """ "Week of {week}. Burnout is …" as a small line and a heading; where the week isn't named first, a heading alone."""
    first, stop, rest = text.partition(". ")
    return (first, rest) if stop and "{week}" in first and rest else ("", text)


def weeks_above(readings: Sequence[Reading]) -> int:
    """For how many answered weeks in a row, the newest included, the value lay above the range of its time."""
    count = 0
    for reading in reversed(readings):
        if reading.value is None:
            continue
        if reading.place != ABOVE:
            break
        count += 1
    return count


def first_things(load: Sequence[str], own: Sequence[str], *, load_first: bool) -> list[str]:
    """Slugs of the things to propose, three at most: a tagged load comes before anything else."""
    first = list(load[:1]) if load_first else []
    return list(dict.fromkeys([*first, *own]))[:THINGS]


def still_needed(burnout: Reading, fatigue: Reading) -> int:
    """Answered weeks until both usual ranges can be shown."""
    return max(0, NEEDED - min(burnout.answered, fatigue.answered))
