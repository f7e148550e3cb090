"""What Today shows, from due rows alone: one query, however many rooms there are."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from keepwell.notify import queries as notify
from keepwell.notify.models import Due
from keepwell.people.viewer import Viewer

FRESH = timedelta(days=2)


@dataclass(frozen=True)
class Day:
    """``check_in`` and ``commitment`` are the due rows of this week, if any; ``ahead`` is everything else, soonest first."""

    part: str  # morning, afternoon, evening, night: by the person's own clock
    check_in: Due | None
    commitment: Due | None
    ahead: list[Due] = field(default_factory=list)
    fresh: bool = False  # the first two days: three things, each optional

    @property
    def nothing(self) -> bool:
        return self.check_in is None and self.commitment is None and not self.ahead


def part_of_day(hour: int) -> str:
    if 5 <= hour < 12:
        return "morning"
    if 12 <= hour < 18:
        return "afternoon"
    return "evening" if 18 <= hour < 23 else "night"


def day(viewer: Viewer, now: datetime) -> Day:
    """The viewer's day at this moment."""
    assert viewer.person is not None  # the page is only for someone who is signed in  # nosec B101
    check_in = commitment = None
    ahead = []
    for due in notify.dues(viewer, now):
        if due.kind == "check-in":
            check_in = due if due.due_at <= now and check_in is None else check_in
        elif due.kind == "commitment" and commitment is None and due.due_at <= now:
            commitment = due
        elif due.kind != "commitment":
            ahead.append(due)
    arrived = viewer.person.arrived_at
    return Day(
        part=part_of_day(now.astimezone(ZoneInfo(viewer.person.zone)).hour),
        check_in=check_in,
        commitment=commitment,
        ahead=ahead,
        fresh=arrived is not None and now - arrived < FRESH,
    )
