"""What tests of the check-in share: weeks lived by a member of the cast."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from keepwell.measures import actions, library, queries
from keepwell.measures.models import CheckIn
from keepwell.measures.rules import checkin
from keepwell.measures.rules.checkin import Turn
from keepwell.notify.rules.hours import Rhythm
from keepwell.people.models import Person

ITEMS = library.items()
STRAIN = {checkin.BURNOUT, checkin.FATIGUE}


def answers(burnout: int | None = 2, fatigue: int | None = 2, other: int | None = 2) -> dict[str, int | None]:
    """Each sentence of a construct answered alike, so that the strain stands at ``25 × level``."""
    level = {checkin.BURNOUT: burnout, checkin.FATIGUE: fatigue}
    found: dict[str, int | None] = {}
    for item in ITEMS:
        value = level.get(item.construct, other)
        found[item.slug] = 4 - value if value is not None and item.reversed else value
    return found


def live(
    person: Person,
    now: datetime,
    levels: Sequence[tuple[int | None, int | None] | None],
    *,
    tags: Sequence[str] = (),
    last_week_ago: int = 0,
) -> list[CheckIn]:
    """Finished check-ins, one a week, the last of them ``last_week_ago`` weeks back; None is a week without one."""
    rows = []
    this_week = checkin.filed(queries.this_week(person, now))
    for weeks_ago, level in zip(range(len(levels) - 1 + last_week_ago, -1, -1), levels, strict=False):
        if level is None:
            continue
        given = answers(*level)
        rows.append(
            CheckIn(
                person=person,
                week=this_week - timedelta(weeks=weeks_ago),
                answers=given,
                stressors=list(tags),
                scores=checkin.scores(ITEMS, given),
                state=CheckIn.FINISHED,
            )
        )
    return CheckIn.objects.bulk_create(rows)


def turn_of(person: Person, now: datetime, weekday: int | None = None) -> Turn:
    """This week's turn, as a person with the usual hours has it."""
    return actions.next_turn(
        person_id=person.id, zone=person.zone, rhythm=Rhythm(), week=queries.this_week(person, now), weekday=weekday
    )


def do_check_in(person: Person, now: datetime, given: dict[str, int | None] | None = None, tags: Sequence[str] = ()) -> CheckIn:
    """Answer and finish this week's check-in as a person would: one answer at a time."""
    week = queries.this_week(person, now)
    for slug, value in (given or answers()).items():
        actions.answer(by=person, week=week, item=slug, value=value, now=now)
    return actions.finish(by=person, week=week, stressors=tags, now=now)
