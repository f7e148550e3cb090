"""Every write of this room. Keyword arguments, ``by=`` (the person) and ``now=``; one transaction each; safe to repeat.

Two tabs and the back button can't undo each other: an answer concerns its own sentence only, and a page that shows several
things sends along what it had shown, so that only what was changed on it is changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from uuid import UUID

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from keepwell.kit.periods import Week
from keepwell.measures import library
from keepwell.measures.models import CheckIn
from keepwell.measures.queries import this_week
from keepwell.measures.rules import checkin
from keepwell.measures.rules.checkin import Turn
from keepwell.notify import actions as notify
from keepwell.notify import queries as notify_queries
from keepwell.notify.models import Due, Hours
from keepwell.notify.rules.hours import Rhythm
from keepwell.people.actions import Refused
from keepwell.people.models import Person

ROOM, KIND = "measures", "check-in"
GRACE = timedelta(days=1)  # a page left open over the end of the week, or a traveller's clock, still finds its week


def may_be_changed(*, by: Person, week: Week, now: datetime) -> bool:
    """A week's check-in can be answered and corrected until the week ends, and a day's grace around it."""
    return week.key in {this_week(by, moment).key for moment in (now - GRACE, now, now + GRACE)}


# ---- answering ----


@transaction.atomic
def answer(*, by: Person, week: Week, item: str, value: int | None, now: datetime) -> CheckIn:
    """Keep one answer, 0 to 4, or that the sentence was skipped (None). Saying the same again changes nothing."""
    if item not in {one.slug for one in library.items()} or not (value is None or 0 <= value <= checkin.HIGHEST):
        raise Refused(_("That answer is not one of the check-in's. Choose one of the five, or skip it."))
    return _write(by, week, now, lambda row: _answered(row, {item: value}))


@transaction.atomic
def finish(
    *, by: Person, week: Week, stressors: Iterable[str], were: Iterable[str] = (), now: datetime
) -> CheckIn:
    """The one tap: keep what weighed, close this week's due row and write the next week's.

    ``were`` is what the page had shown as tapped. Done again it corrects the tags and leaves the next due row alone.
    """
    return _finish(by, week, {}, stressors, were, now)


@transaction.atomic
def answer_all(
    *,
    by: Person,
    week: Week,
    answers: Mapping[str, int | None],
    had: Mapping[str, int | None],
    stressors: Iterable[str],
    were: Iterable[str],
    now: datetime,
) -> CheckIn:
    """The whole check-in from one page. Sentences that stand as the page had shown them (``had``) are left alone."""
    known = {one.slug for one in library.items()}
    changed = {
        slug: value
        for slug, value in answers.items()
        if slug in known and (value is None or 0 <= value <= checkin.HIGHEST) and (slug not in had or had[slug] != value)
    }
    return _finish(by, week, changed, stressors, were, now)


def _answered(row: CheckIn, changed: Mapping[str, int | None]) -> None:
    row.answers = {**row.answers, **changed}
    row.scores = checkin.scores(library.items(), row.answers)


def _finish(
    by: Person,
    week: Week,
    changed: Mapping[str, int | None],
    stressors: Iterable[str],
    were: Iterable[str],
    now: datetime,
) -> CheckIn:
    known = library.questions("en").stressors
    tapped, shown = ({slug for slug in slugs if slug in known} for slugs in (stressors, were))
    first = []

    def change(row: CheckIn) -> None:
        first.append(not row.finished)
        skipped = {item.slug: None for item in library.items() if item.slug not in row.answers}
        _answered(row, {**skipped, **changed})
        kept = (set(row.stressors) | tapped) - (shown - tapped)
        row.stressors = [slug for slug in known if slug in kept]
        row.state = CheckIn.FINISHED

    row = _write(by, week, now, change)
    if first[-1]:
        put_next_due(person=by, finished=week, now=now)
    return row


def _write(by: Person, week: Week, now: datetime, change: Callable[[CheckIn], None]) -> CheckIn:
    if not may_be_changed(by=by, week=week, now=now):
        raise Refused(_("That week has ended, so its check-in stays as it is. Nothing you had answered is lost."))
    mine = CheckIn.objects.select_for_update().filter(person=by, week=checkin.filed(week))
    row = mine.first()
    if row is None:
        row = CheckIn(person=by, week=checkin.filed(week), answers={}, stressors=[], scores={})
        change(row)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
            return row
        except IntegrityError:  # the other tab was first
            row = mine.get()
    change(row)
    row.save(update_fields=["answers", "stressors", "scores", "state"])
    return row


# ---- erasing ----


@transaction.atomic
def erase_check_in(*, by: Person, check_in_id: UUID, now: datetime) -> bool:
    """Erase one of one's own check-ins; true if it was there. The week can be answered anew while it lasts."""
    return bool(CheckIn.objects.filter(person=by, id=check_in_id).delete()[0])


@transaction.atomic
def erase(*, person: Person, now: datetime) -> None:
    """Everything this room holds of a person. Safe to repeat."""
    CheckIn.objects.filter(person=person).delete()
    notify.close_due(person=person, kind=KIND, now=now)


# ---- what is due ----


def due_words(person: Person) -> dict[str, str]:
    """What a due row says wherever it is shown: nothing of health, nothing of the work."""
    with translation.override(person.language):
        return {"title": _("A minute for you"), "sub": _("Whenever it suits you this week")}


def next_turn(
    *,
    person_id: UUID,
    zone: str,
    rhythm: Rhythm,
    week: Week,
    weekday: int | None = None,
    not_before: date | None = None,
) -> Turn:
    """When that week's check-in is due. Without a usual weekday, one of the person's working days, always the same one."""
    if weekday is None:
        working = [day for day in range(7) if rhythm.working_days[day] == "1"]
        weekday = working[person_id.int % len(working)] if working else 0
    return _turn(zone, rhythm, week, weekday, not_before)


@lru_cache(maxsize=512)
def _turn(zone: str, rhythm: Rhythm, week: Week, weekday: int, not_before: date | None) -> Turn:
    return checkin.turn(
        week,
        checkin.known_zone(zone),
        working_days=rhythm.working_days,
        at=_outside_quiet(checkin.middle_of_work(rhythm.work_from, rhythm.work_to), rhythm),
        weekday=weekday,
        not_before=not_before,
    )


def _outside_quiet(at: time, rhythm: Rhythm) -> time:
    """Post keeps the quiet hours anyway; a moment that need not be put off is kinder to plan with."""
    begin, end = rhythm.quiet_from, rhythm.quiet_to
    quiet = begin <= at < end if begin <= end else at >= begin or at < end
    return end if quiet and begin != end else at


@transaction.atomic
def put_next_due(*, person: Person, finished: Week, now: datetime) -> Due:
    """After a finished week: its due row goes and the next week's stands, with a mention on the same weekday."""
    current = this_week(person, now)
    week = current if finished < current else finished.next()
    weekday = checkin.today_of(now, person.zone).weekday()
    turn = next_turn(person_id=person.id, zone=person.zone, rhythm=_rhythm(person), week=week, weekday=weekday)
    Due.objects.filter(person=person, kind=KIND).exclude(occasion=week.key).delete()
    return _put(person, turn, now)


@transaction.atomic
def later(*, by: Person, now: datetime) -> date | None:
    """ "Not today": the check-in comes back tomorrow; the day it comes back. Pressed twice it is still tomorrow."""
    due = Due.objects.select_for_update().filter(person=by, kind=KIND, until__gt=now).order_by("due_at").first()
    if due is None:
        return None
    week, tomorrow = this_week(by, now), checkin.today_of(now, by.zone) + timedelta(days=1)
    if tomorrow in week:
        turn = _turn(by.zone, _rhythm(by), week, tomorrow.weekday(), tomorrow)
    else:
        weekday = checkin.today_of(due.remind_at, by.zone).weekday() if due.remind_at else None
        turn = next_turn(person_id=by.id, zone=by.zone, rhythm=_rhythm(by), week=week.next(), weekday=weekday)
    if due.due_at >= turn.due_at:
        return checkin.today_of(due.due_at, by.zone)
    Due.objects.filter(person=by, kind=KIND).exclude(occasion=turn.week.key).delete()
    _put(by, turn, now)
    return tomorrow


def _rhythm(person: Person) -> Rhythm:
    return notify_queries.rhythm(notify_queries.hours_of(person))


def _put(person: Person, turn: Turn, now: datetime) -> Due:
    return notify.put_due(
        person=person,
        room=ROOM,
        kind=KIND,
        occasion=turn.week.key,
        due_at=turn.due_at,
        until=turn.until,
        path=reverse("measures:checkin"),
        words=due_words(person),
        remind_at=turn.remind_at,
        now=now,
    )


def rhythms(person_ids: Iterable[UUID]) -> dict[UUID, Rhythm]:
    """The rhythms of those who have said something about their hours; one query."""
    return {row.person_id: notify_queries.rhythm(row) for row in Hours.objects.filter(person__in=list(person_ids))}
