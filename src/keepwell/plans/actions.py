"""Every write of this room. ``by`` is the person whose plan it is; one transaction each; safe to repeat.

What the passing of time asks of a plan stands in due rows, written here in the same transaction: "commitment" for the week's one
thing, "plan-review" for the day a plan is looked at again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import translation
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keepwell.kit.periods import Week, local_date, local_instant, week_from_key
from keepwell.notify import actions as notify
from keepwell.notify.models import Due
from keepwell.people.actions import Refused
from keepwell.people.models import Person
from keepwell.plans import library
from keepwell.plans.models import Commitment, Emergency, Entry, Plan
from keepwell.plans.queries import this_week
from keepwell.plans.rules import answers, dates, parts

UNDO_FOR = timedelta(hours=1)
BATCH = 500
ROOM, WEEKLY, REVIEW = "plans", "commitment", "plan-review"

TOO_MANY = gettext_lazy("A plan holds 300 lines. Remove one that has had its time, and this one fits.")
WEEK_OVER = gettext_lazy("That week is over, and that is fine. Nothing was changed.")
NOTHING_CHOSEN = gettext_lazy("Nothing is chosen for that week, so nothing was changed.")


class Changed(Exception):
    """Written in two tabs. ``stands`` is the row as it is now; what was sent is not lost, the page shows both."""

    def __init__(self, stands: Any) -> None:
        super().__init__("changed meanwhile")
        self.stands = stands


# ---- the plan ----


def _plan(by: Person, now: datetime) -> Plan:
    """The person's plan, locked; begun here, with a first review in four weeks, if there is none."""
    plan = Plan.objects.select_for_update().filter(person=by).first()
    if plan is None:
        plan, made = Plan.objects.get_or_create(person=by, defaults={"kept": {}, "review_on": None})
        if made:
            _put_review(plan, by, dates.default_review(local_date(now, by.zone)), now)
    return plan


def _put_review(plan: Plan, by: Person, on: date, now: datetime) -> None:
    plan.review_on = on
    plan.version += 1
    plan.save()
    notify.close_due(person=by, kind=REVIEW, now=now)
    due_at = local_instant(on, dates.REVIEW_FROM, by.zone)
    with translation.override(by.language):
        words = {"title": _("Look at your plan again"), "sub": _("About five minutes"), "review_on": on.isoformat()}
    notify.put_due(
        person=by,
        room=ROOM,
        kind=REVIEW,
        occasion=on.isoformat(),
        due_at=due_at,
        path=reverse("plans:part", args=[parts.REVIEW]),
        words=words,
        remind_at=due_at,
        now=now,
    )


@transaction.atomic
def set_review(*, by: Person, review_on: date, now: datetime) -> Plan:
    """Say when to look at the plan again. Looking is what this is: the old due row goes, the new one stands."""
    if not dates.review_fits(review_on, local_date(now, by.zone)):
        raise Refused(_("Choose a day that is still to come, within a year. Nothing is lost."))
    plan = _plan(by, now)
    plan.kept = {**plan.kept, "visited": _with(plan.visited, parts.REVIEW)}
    _put_review(plan, by, review_on, now)
    return plan


@transaction.atomic
def pass_part(*, by: Person, part: str, now: datetime) -> Plan:
    """Note that a part of the builder was passed, whether anything was written in it or not."""
    plan = _plan(by, now)
    if part not in plan.visited:
        plan.kept = {**plan.kept, "visited": _with(plan.visited, part)}
        plan.save()
    return plan


def _with(passed: Iterable[str], part: str) -> list[str]:
    known = {*passed, part}
    return [one for one in parts.PARTS if one in known]


# ---- entries ----


@transaction.atomic
def add_entry(
    *,
    by: Person,
    part: str,
    words: str,
    domain: str = "",
    step: str = "",
    tiny: str = "",
    entry_id: UUID | None = None,
    now: datetime,
) -> Entry:
    """Write one line. The form made its id, so that sending it twice writes it once; a small step stands once in a plan."""
    if part not in parts.LISTS or (part in parts.ACTIVITIES) != (domain in parts.DOMAINS):
        raise ValueError(f"An entry of {part!r} can't sit in {domain!r}.")
    _plan(by, now)
    mine = Entry.objects.filter(person=by)
    if entry_id is not None:
        found = mine.filter(id=entry_id).first()
        if found is not None:
            return found
        if Entry.objects.filter(id=entry_id).exists():
            entry_id = None  # somebody else's id: nothing of theirs is touched or told
    standing = list(mine.filter(removed_at=None))
    if step:
        found = next((one for one in standing if one.step == step), None)
        if found is not None:
            return found
    if len(standing) >= parts.MOST_ENTRIES:
        raise Refused(str(TOO_MANY))
    last = mine.aggregate(last=Max("place"))["last"] or 0
    entry = Entry(
        person=by, said={"part": part, "words": words, "domain": domain, "step": step, "tiny": tiny}, place=last + 1
    )
    if entry_id is not None:
        entry.id = entry_id
    entry.save(force_insert=True)
    return entry


def add_step(*, by: Person, step: str, now: datetime) -> Entry:
    """Take a small step into the plan, in the words of the reader's language; from then on they are the person's own."""
    found = library.steps().get(step)
    if found is None:
        raise Refused(_("That small step is no longer in the list. Nothing was changed."))
    return add_entry(
        by=by, part=parts.CHANGE, words=found.title, domain=found.domain, step=found.slug, tiny=found.tiny, now=now
    )


@transaction.atomic
def change_entry(*, by: Person, entry: Entry, words: str, domain: str, version: int, now: datetime) -> Entry:
    """Rewrite one line. If it was rewritten elsewhere meanwhile, nothing is written and ``Changed`` carries what stands."""
    row = Entry.objects.select_for_update().filter(person=by, id=entry.id, removed_at=None).first()
    if row is None:
        raise Refused(_("This line was removed in another tab. Copy what you wrote, and add it again."))
    if row.words == words and row.domain == domain:
        return row
    if row.version != version:
        raise Changed(row)
    row.said = {**row.said, "words": words, "domain": domain}
    row.version += 1
    row.save()
    return row


@transaction.atomic
def keep_entry(*, by: Person, entry_id: UUID, now: datetime) -> Entry | None:
    """What I do now that helps becomes what I keep up."""
    return _move(by, entry_id, parts.NOW_HELPFUL, parts.KEEP)


@transaction.atomic
def unkeep_entry(*, by: Person, entry_id: UUID, now: datetime) -> Entry | None:
    """Take that back."""
    return _move(by, entry_id, parts.KEEP, parts.NOW_HELPFUL)


def _move(by: Person, entry_id: UUID, was: str, becomes: str) -> Entry | None:
    row = Entry.objects.select_for_update().filter(person=by, id=entry_id, removed_at=None).first()
    if row is not None and row.part == was:
        row.said = {**row.said, "part": becomes}
        row.version += 1
        row.save()
    return row


@transaction.atomic
def remove_entry(*, by: Person, entry_id: UUID, now: datetime) -> bool:
    """Take a line out. It can be put back for an hour; then it is gone for good. False: there is no such line."""
    if not Entry.objects.filter(person=by, id=entry_id).exists():
        return False
    Entry.objects.filter(person=by, id=entry_id, removed_at=None).update(removed_at=now)
    return True


@transaction.atomic
def restore_entry(*, by: Person, entry_id: UUID, now: datetime) -> bool:
    """Put a removed line back where it stood. False: it is gone for good, or never was."""
    if not Entry.objects.filter(person=by, id=entry_id).exists():
        return False
    Entry.objects.filter(person=by, id=entry_id).update(removed_at=None)
    return True


def close_past_weeks(*, now: datetime) -> int:
    """Take away the due rows of weeks that are over; what was chosen stays as it was left. At most a batch at a time."""
    over = Due.objects.filter(kind=WEEKLY, until__lte=now).values_list("id", flat=True)[:BATCH]
    return Due.objects.filter(id__in=list(over)).delete()[0]


def drop_removed(*, now: datetime) -> int:
    """Delete what was removed more than an hour ago; at most a batch at a time."""
    gone = Entry.objects.filter(removed_at__lt=now - UNDO_FOR).values_list("id", flat=True)[:BATCH]
    return Entry.objects.filter(id__in=list(gone)).delete()[0]


# ---- when it is very hard ----


@transaction.atomic
def write_emergency(
    *, by: Person, part: str, words: str, people: Iterable[Mapping[str, str]] = (), version: int, now: datetime
) -> Emergency:
    """Write one part of the emergency plan. Each part has a version of its own, so that two tabs on two parts never meet."""
    if part not in parts.EMERGENCY:
        raise ValueError(f"{part!r} is not a part of the emergency plan.")
    _plan(by, now)
    row = Emergency.objects.select_for_update().filter(person=by).first() or Emergency(person=by, said={})
    said: dict[str, Any] = {"words": words}
    if part == parts.CALL:
        said["people"] = [{"name": one["name"], "phone": one["phone"]} for one in people if one["name"] or one["phone"]]
    stands = {name: value for name, value in row.said.get(part, {}).items() if name != "version"}
    if stands == said or (not stands and not words and not said.get("people")):
        return row
    if row.version(part) != version:
        raise Changed(row)
    row.said = {**row.said, part: {**said, "version": version + 1}}
    row.save()
    return row


# ---- the week's one thing ----


def _place(week: Week, person: Person) -> tuple[datetime, datetime]:
    return dates.begins(week, person.zone), dates.ends(week, person.zone)


def _put_commitment(row: Commitment, by: Person, week: Week, now: datetime) -> None:
    begins_at, ends_at = _place(week, by)
    words = {name: row.kept.get(name, "") for name in ("day", "after", "domain", "state")}
    remind = None
    if row.remind and row.day:
        remind = dates.remind_at(date.fromisoformat(row.day), time.fromisoformat(row.remind), by.zone, now)
    with translation.override(by.language):
        words |= {"title": row.words, "sub": when_said(row.day, row.after), "week": row.week}
    notify.put_due(
        person=by,
        room=ROOM,
        kind=WEEKLY,
        occasion=row.week,
        due_at=begins_at,
        until=ends_at,
        path=reverse("plans:commitment"),
        words=words,
        remind_at=remind,
        now=now,
    )


def when_said(day: str, after: str) -> str:
    """The day and what it comes after, in words: "Thursday, after the last visit"."""
    name = capfirst(str(WEEKDAYS[date.fromisoformat(day).weekday()])) if day else ""
    return ", ".join(one for one in (name, after) if one)


@transaction.atomic
def choose(
    *,
    by: Person,
    week: Week,
    words: str,
    domain: str = "",
    entry: UUID | None = None,
    day: date | None = None,
    after: str = "",
    remind: time | None = None,
    version: int = 0,
    now: datetime,
) -> Commitment:
    """Choose the one thing of a week. ``version`` is of what the form stood on: 0 when nothing was chosen yet."""
    if _place(week, by)[1] <= now:
        raise Refused(str(WEEK_OVER))
    if day is not None and day not in week:
        raise Refused(_("Choose a day of this week."))
    kept = {
        "state": answers.CHOSEN,
        "words": words,
        "domain": domain,
        "entry": str(entry) if entry else "",
        "day": day.isoformat() if day else "",
        "after": after,
        "remind": remind.isoformat("minutes") if remind and day else "",
    }
    row, made = Commitment.objects.select_for_update().get_or_create(person=by, week=week.key, defaults={"kept": kept})
    if not made and row.kept != kept:
        if row.version != version:
            raise Changed(row)
        row.kept, row.version = kept, row.version + 1
        row.save()
    _put_commitment(row, by, week, now)
    return row


@transaction.atomic
def answer(*, by: Person, week_key: str, state: str, now: datetime) -> Commitment:
    """Say how it went: done, partly, not this week. All three close the week alike; it can be said again, or taken back."""
    if state not in (*answers.ANSWERS, answers.CHOSEN):
        raise ValueError(f"{state!r} is not an answer.")
    row = Commitment.objects.select_for_update().filter(person=by, week=week_key).first()
    if row is None or not row.words:
        raise Refused(str(NOTHING_CHOSEN))
    if row.state != state:
        row.kept = {**row.kept, "state": state}
        row.version += 1
        row.save()
    week = week_from_key(week_key, by.week_start)
    if state == answers.CHOSEN and _place(week, by)[1] > now:
        _put_commitment(row, by, week, now)
    else:
        notify.close_due(person=by, kind=WEEKLY, occasion=week_key, now=now)
    return row


@transaction.atomic
def pause(*, by: Person, last: date, now: datetime) -> Plan:
    """Away from today up to and including a day: nothing is sent, and the weeks it touches owe nothing."""
    today = local_date(now, by.zone)
    if not dates.leave_fits(today, last):
        raise Refused(_("Choose a last day from today on, within half a year. Nothing is lost."))
    plan = _plan(by, now)
    first = today
    if plan.away is not None and plan.away[1] >= today.isoformat():
        first = date.fromisoformat(plan.away[0])
        _end_leave(plan, by, now)
    plan.kept = {**plan.kept, "away": [first.isoformat(), last.isoformat()]}
    plan.save()
    notify.hold(
        person=by,
        kind="away",
        begins_at=local_instant(first, time(0), by.zone),
        ends_at=local_instant(last + timedelta(days=1), time(0), by.zone),
        now=now,
    )
    weeks = {week.key for week in dates.weeks_of_leave(today, last, by.week_start)}
    standing = {row.week: row for row in Commitment.objects.select_for_update().filter(person=by, week__in=weeks)}
    for key in sorted(weeks):
        row = standing.get(key) or Commitment(person=by, week=key, kept={}, version=0)
        if row.state in answers.ANSWERS:
            continue
        row.kept, row.version = {**row.kept, "state": answers.PAUSED}, row.version + 1
        row.save()
        notify.close_due(person=by, kind=WEEKLY, occasion=key, now=now)
    return plan


@transaction.atomic
def come_back(*, by: Person, now: datetime) -> Plan | None:
    """Back before, or on, the last day. What was chosen for this week stands again."""
    plan = Plan.objects.select_for_update().filter(person=by).first()
    if plan is not None and plan.away is not None:
        _end_leave(plan, by, now)
        plan.kept = {**plan.kept, "away": None}
        plan.save()
    return plan


def _end_leave(plan: Plan, by: Person, now: datetime) -> None:
    assert plan.away is not None  # both callers looked  # nosec B101
    notify.lift_hold(
        person=by, kind="away", begins_at=local_instant(date.fromisoformat(plan.away[0]), time(0), by.zone), now=now
    )
    week = this_week(by, now)
    for row in Commitment.objects.select_for_update().filter(person=by, week__gte=week.key):
        if row.state != answers.PAUSED:
            continue
        if not row.words:
            row.delete()
            continue
        row.kept, row.version = {**row.kept, "state": answers.CHOSEN}, row.version + 1
        row.save()
        _put_commitment(row, by, week_from_key(row.week, by.week_start), now)


# ---- letting go ----


@transaction.atomic
def erase_entry(*, by: Person, entry_id: UUID, now: datetime) -> bool:
    """Gone at once and for good."""
    return bool(Entry.objects.filter(person=by, id=entry_id).delete()[0])


@transaction.atomic
def erase_commitment(*, by: Person, commitment_id: UUID, now: datetime) -> bool:
    row = Commitment.objects.filter(person=by, id=commitment_id).first()
    if row is None:
        return False
    notify.close_due(person=by, kind=WEEKLY, occasion=row.week, now=now)
    row.delete()
    return True


@transaction.atomic
def erase_emergency(*, by: Person, emergency_id: UUID, now: datetime) -> bool:
    return bool(Emergency.objects.filter(person=by, id=emergency_id).delete()[0])


@transaction.atomic
def erase(*, person: Person, now: datetime) -> None:
    """Everything of this room that is theirs."""
    for model in (Commitment, Emergency, Entry, Plan):
        model._default_manager.filter(person=person).delete()
    for kind in (WEEKLY, REVIEW):
        notify.close_due(person=person, kind=kind, now=now)


__all__ = [
    "Changed",
    "Refused",
    "add_entry",
    "add_step",
    "answer",
    "change_entry",
    "choose",
    "close_past_weeks",
    "come_back",
    "drop_removed",
    "erase",
    "erase_commitment",
    "erase_emergency",
    "erase_entry",
    "keep_entry",
    "pass_part",
    "pause",
    "remove_entry",
    "restore_entry",
    "set_review",
    "unkeep_entry",
    "write_emergency",
]
