"""Every read of this room. A check-in is shown to the person who answered it and to nobody else, so every read is of oneself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from keepwell.kit.periods import Week, week_from_key
from keepwell.measures.models import CheckIn
from keepwell.measures.rules import baseline, checkin
from keepwell.measures.rules.baseline import Reading
from keepwell.people.models import Person
from keepwell.people.viewer import Viewer


def this_week(person: Person, now: datetime) -> Week:
    return checkin.week_at(now, person.zone, person.week_start)


def week_named(person: Person, key: str) -> Week | None:
    """The week an address names, as this person's calendar draws it; None if it names none."""
    try:
        return week_from_key(key, person.week_start)
    except ValueError:
        return None


def check_in(viewer: Viewer, week: Week) -> CheckIn | None:
    """The viewer's check-in of that week, finished or not."""
    if viewer.person is None:
        return None
    return CheckIn.objects.filter(person=viewer.person, week=checkin.filed(week)).first()


def check_ins(viewer: Viewer, now: datetime, most: int | None = None) -> list[CheckIn]:
    """The viewer's check-ins that count, oldest first: finished ones, and earlier weeks that were left half way.

    This week's counts from the finishing tap on. Answers stay sealed until somebody looks at them.
    """
    if viewer.person is None:
        return []
    current = checkin.filed(this_week(viewer.person, now))
    rows = CheckIn.objects.filter(person=viewer.person).order_by("-week")
    found = [row for row in (rows[: most + 1] if most else rows) if row.finished or row.week < current]
    return found[:most][::-1]


@dataclass(frozen=True)
class History:
    """A person's weeks, without a hole: from the first check-in to ``until``, None where there was none."""

    rows: tuple[CheckIn, ...]
    until: date

    @cached_property
    def weeks(self) -> list[date]:
        return [week for week, _ in checkin.in_order({row.week: None for row in self.rows}, self.until)]

    def values(self, construct: str) -> list[int | None]:
        scored = {row.week: row.scores.get(construct) for row in self.rows}
        return [scored.get(week) for week in self.weeks]

    @cached_property
    def readings(self) -> dict[str, list[Reading]]:
        """What could be said of each strain after each week."""
        return {construct: baseline.history(self.values(construct)) for construct in checkin.STRAINS}

    def reading(self, construct: str) -> Reading:
        found = self.readings[construct]
        return found[-1] if found else Reading(None, None, None, None, 0)

    @property
    def last(self) -> CheckIn | None:
        return self.rows[-1] if self.rows else None


def history(viewer: Viewer, now: datetime, until: Week | None = None) -> History:
    """The viewer's weeks up to this one, or up to ``until``. One query."""
    assert viewer.person is not None  # pages of this room are for people who are signed in  # nosec B101
    end = checkin.filed(until or this_week(viewer.person, now))
    return History(tuple(row for row in check_ins(viewer, now) if row.week <= end), end)


def series(viewer: Viewer, construct: str, now: datetime) -> list[tuple[date, int | None]]:
    """One construct's score week by week, None for a week without one."""
    found = history(viewer, now)
    return list(zip(found.weeks, found.values(construct), strict=True))


def tags(rows: Sequence[CheckIn]) -> list[tuple[str, int]]:
    """Which stressors were tagged in how many of these weeks, most often first."""
    counted: dict[str, int] = {}
    for row in rows:
        for slug in row.stressors:
            counted[slug] = counted.get(slug, 0) + 1
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))


# ---- everything of a person's, for their own export and their own erasing ----


def export(person: Person) -> dict[str, list[dict[str, Any]]]:
    """All of the person's rows in this room, in plain JSON values; called only in their own session."""
    return {
        "check_ins": [
            {
                "id": str(row.id),
                "week": checkin.shown(row.week, person.week_start).key,
                "finished": row.finished,
                "answers": row.answers,
                "stressors": row.stressors,
                "scores": row.scores,
            }
            for row in CheckIn.objects.filter(person=person).order_by("week")
        ]
    }


def things(viewer: Viewer) -> list[dict[str, Any]]:
    """A line for each check-in, newest first, so that one can be erased: its id and the first day of its week."""
    if viewer.person is None:
        return []
    rows = CheckIn.objects.filter(person=viewer.person).order_by("-week").values_list("id", "week")
    return [{"id": str(key), "week": checkin.shown(monday, viewer.person.week_start).start} for key, monday in rows]
