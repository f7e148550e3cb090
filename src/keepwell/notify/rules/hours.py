"""When a person may be reached: on their working days, outside their quiet hours, never during a hold, once a day.

All by the clock on their wall. The page that shows the next possible moment and the post that keeps to it ask the same
function, so what is shown is what is kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from keepwell.kit.periods import zone_of

MIDNIGHT: Final = time(0)
_A_WHILE: Final = 15  # days looked ahead: two whole weeks, should a clock change swallow the one open hour of a week


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Somebody's week. ``working_days`` begins on Monday, "1" is a working day. Equal quiet ends mean no quiet hours."""

    working_days: str = "1111100"
    work_from: time = time(9)
    work_to: time = time(17)
    quiet_from: time = time(20)
    quiet_to: time = time(7, 30)

    def works_on(self, day: date) -> bool:
        return self.working_days[day.weekday()] == "1"


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one instant up to, not including, another."""

    begins_at: datetime
    ends_at: datetime

    def __contains__(self, instant: datetime) -> bool:
        return self.begins_at <= instant < self.ends_at


def is_quiet(rhythm: Rhythm, instant: datetime, zone: str | tzinfo) -> bool:
    """Within the quiet hours, which may run over midnight."""
    return _between(instant.astimezone(zone_of(zone)).time(), rhythm.quiet_from, rhythm.quiet_to)


def is_working_day(rhythm: Rhythm, instant: datetime, zone: str | tzinfo) -> bool:
    """On a working day, or in the hours after midnight of a night shift that began on one."""
    here = instant.astimezone(zone_of(zone))
    if rhythm.works_on(here.date()):
        return True
    overnight = rhythm.work_from > rhythm.work_to
    return overnight and here.time() < rhythm.work_to and rhythm.works_on(here.date() - timedelta(days=1))


def is_allowed(rhythm: Rhythm, holds: Iterable[Stretch], instant: datetime, zone: str | tzinfo) -> bool:
    """May something reach them at this very instant?"""
    return (
        is_working_day(rhythm, instant, zone)
        and not is_quiet(rhythm, instant, zone)
        and not any(instant in hold for hold in holds)
    )


def next_allowed(
    rhythm: Rhythm, holds: Iterable[Stretch], instant: datetime, zone: str | tzinfo, taken: Collection[date] = ()
) -> datetime | None:
    """The first instant from this one on at which something may reach them; None when there is none, with every day off.

    ``taken`` are local dates that had their one message already.
    """
    away = sorted(holds, key=lambda hold: hold.begins_at)
    place = zone_of(zone)
    moment: datetime | None = instant.astimezone(UTC)
    while moment is not None:
        moment = _next_open(rhythm, moment, place, taken)
        held_until = moment and max((hold.ends_at for hold in away if moment in hold), default=None)
        if not held_until:  # every turn leaves at least one hold behind, so this comes to an end
            return moment
        moment = held_until.astimezone(UTC)
    return None


def _next_open(rhythm: Rhythm, instant: datetime, zone: tzinfo, taken: Collection[date]) -> datetime | None:
    """As above, without holds: a closed time opens only at midnight, when quiet hours end, or when the clocks jump."""

    def is_open(moment: datetime) -> bool:
        return is_allowed(rhythm, (), moment, zone) and moment.astimezone(zone).date() not in taken

    if is_open(instant):
        return instant
    first = instant.astimezone(zone).date()
    for ahead in range(_A_WHILE + 7 * len(taken)):
        day = first + timedelta(days=ahead)
        turns = {turn for wall in (MIDNIGHT, rhythm.quiet_to) for turn in _instants(day, wall, zone)}
        for turn in sorted(turns):
            if turn > instant and is_open(turn):
                return turn
    return None


def _between(at: time, begins: time, ends: time) -> bool:
    if begins <= ends:
        return begins <= at < ends
    return at >= begins or at < ends


def _instants(day: date, wall: time, zone: tzinfo) -> Iterator[datetime]:
    """When the clocks show ``wall`` on ``day``: once, twice in autumn; where spring skips it, the moment of the jump."""
    wall = wall.replace(tzinfo=None)
    early, late = sorted(datetime.combine(day, wall.replace(fold=fold), tzinfo=zone).astimezone(UTC) for fold in (0, 1))
    if early == late or early.astimezone(zone).time() == wall:
        yield from {early, late}
        return
    before = early.astimezone(zone).utcoffset()  # skipped: early and late lie on either side of the jump
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) / 2
        early, late = (middle, late) if middle.astimezone(zone).utcoffset() == before else (early, middle)
    yield late.replace(microsecond=0)
