"""Every read of this room. The first argument is who is looking; a plan is shown to the person it is about and nobody else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from keepwell.kit.periods import Week, local_date, week_from_key, week_of
from keepwell.notify.models import Hold
from keepwell.notify.queries import hours_of
from keepwell.notify.rules.hours import Rhythm, Stretch, next_allowed
from keepwell.people.models import Person
from keepwell.people.viewer import Viewer
from keepwell.plans import library
from keepwell.plans.models import Commitment, Emergency, Entry, Plan
from keepwell.plans.rules import dates, parts
from keepwell.plans.rules.parts import Coverage

PAST_WEEKS = 26


@dataclass(frozen=True)
class WholePlan:
    """A plan opened for its owner. ``plan`` is None before the first line is written."""

    plan: Plan | None
    entries: tuple[Entry, ...]
    emergency: Emergency | None
    review_is_due: bool

    def of(self, part: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.part == part]

    def in_domain(self, domain: str) -> list[Entry]:
        """What is done, kept or new in one domain: what is kept first, then what is new, then what is done anyway."""
        order = {parts.KEEP: 0, parts.CHANGE: 1, parts.NOW_HELPFUL: 2}
        found = [e for e in self.entries if e.part in order and e.domain == domain]
        return sorted(found, key=lambda e: (order[e.part], e.place))

    @property
    def activities(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.part in parts.ACTIVITIES]

    @property
    def coverage(self) -> Coverage:
        return parts.coverage(entry.domain for entry in self.activities)

    @property
    def visited(self) -> list[str]:
        return self.plan.visited if self.plan else []

    @property
    def steps(self) -> set[str]:
        """Slugs of the small steps that stand in the plan."""
        return {entry.step for entry in self.entries if entry.step}

    @property
    def is_empty(self) -> bool:
        return not self.entries and not (self.emergency and self.emergency.says_something)


@dataclass(frozen=True)
class WeekPage:
    week: Week
    commitment: Commitment | None
    past: tuple[tuple[Week, Commitment], ...]
    away: tuple[date, date] | None


def _today(person: Person, now: datetime) -> date:
    return local_date(now, person.zone)


def whole_plan(viewer: Viewer, now: datetime) -> WholePlan:
    if viewer.person is None:
        return WholePlan(None, (), None, False)
    plan = Plan.objects.filter(person=viewer.person).first()
    entries = tuple(Entry.objects.filter(person=viewer.person, removed_at=None)[: parts.MOST_ENTRIES])
    emergency = emergency_plan(viewer)
    due = dates.review_is_due(plan.review_on if plan else None, _today(viewer.person, now))
    return WholePlan(plan, entries, emergency, due)


def emergency_plan(viewer: Viewer) -> Emergency | None:
    return Emergency.objects.filter(person=viewer.person).first() if viewer.person else None


def entry(viewer: Viewer, entry_id: UUID) -> Entry | None:
    if viewer.person is None:
        return None
    return Entry.objects.filter(person=viewer.person, id=entry_id, removed_at=None).first()


def this_week(person: Person, now: datetime) -> Week:
    return week_of(now, person.zone, person.week_start)


def week_page(viewer: Viewer, now: datetime) -> WeekPage:
    """This week's one thing, and the weeks before it that hold something. Weeks without one are not listed: they are no gap."""
    person = viewer.person
    assert person is not None  # the page is only for someone who is signed in  # nosec B101
    week = this_week(person, now)
    rows = list(Commitment.objects.filter(person=person, week__lte=week.key).order_by("-week")[: PAST_WEEKS + 1])
    now_row = next((row for row in rows if row.week == week.key), None)
    past = tuple((week_from_key(row.week, person.week_start), row) for row in rows if row.week != week.key)
    plan = Plan.objects.filter(person=person).first()
    return WeekPage(week, now_row, past[:PAST_WEEKS], away_days(plan, _today(person, now)))


def away_days(plan: Plan | None, today: date) -> tuple[date, date] | None:
    """The leave that is on or ahead; None once it has ended."""
    if plan is None or plan.away is None:
        return None
    first, last = (date.fromisoformat(day) for day in plan.away)
    return (first, last) if last >= today else None


def export(person: Person) -> dict[str, list[dict[str, object]]]:
    """Everything this room holds of a person, as they wrote it; called only in their own session."""
    return {
        "plan": [
            {
                "id": str(one.id),
                "review_on": one.review_on.isoformat() if one.review_on else None,
                "passed": one.visited,
                "away": list(one.away) if one.away else None,
            }
            for one in Plan.objects.filter(person=person)
        ],
        "entries": [
            {"id": str(one.id), **_filled(one.said)} for one in Entry.objects.filter(person=person, removed_at=None)
        ],
        "emergency": [
            {"id": str(one.id), **{part: _filled(said, leave="version") for part, said in one.said.items()}}
            for one in Emergency.objects.filter(person=person)
        ],
        "commitments": [
            {"id": str(one.id), "week": one.week, **_filled(one.kept)}
            for one in Commitment.objects.filter(person=person).order_by("week")
        ],
    }


def next_reminder(person: Person, instant: datetime) -> datetime | None:
    """The first moment from this one on at which a reminder may reach the person; the post asks the same function."""
    said = hours_of(person)
    rhythm = Rhythm(
        said.working_days, _time(said.work_from), _time(said.work_to), _time(said.quiet_from), _time(said.quiet_to)
    )
    holds = [Stretch(one.begins_at, one.ends_at) for one in Hold.objects.filter(person=person, ends_at__gt=instant)]
    return next_allowed(rhythm, holds, instant, person.zone)


def _time(value: time | str) -> time:
    """Hours that were never saved still hold their defaults as text."""
    return time.fromisoformat(value) if isinstance(value, str) else value


def _filled(said: Mapping[str, Any], leave: str = "") -> dict[str, object]:
    return {name: value for name, value in said.items() if value and name != leave}


# ---- one line for each thing that can be erased by itself; the page of all one's things shows them ----


def entry_things(viewer: Viewer) -> list[dict[str, object]]:
    titles = {slug: part.title for slug, part in library.words().parts.items()}
    rows = Entry.objects.filter(person=viewer.person) if viewer.person else Entry.objects.none()
    return [
        {"id": one.id, "title": one.words, "sub": titles.get(one.part, "")} for one in rows.order_by("-place", "id")
    ]


def commitment_things(viewer: Viewer) -> list[dict[str, object]]:
    rows = Commitment.objects.filter(person=viewer.person) if viewer.person else Commitment.objects.none()
    return [
        {"id": one.id, "title": one.words or pgettext("a week", "Away"), "sub": one.week}
        for one in rows.order_by("-week")
    ]


def emergency_things(viewer: Viewer) -> list[dict[str, object]]:
    found = emergency_plan(viewer)
    return [{"id": found.id, "title": _("When it is very hard")}] if found and found.says_something else []
