"""Every write of this room. Rooms above write due rows, holds and messages through these."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from keepwell.kit import periods
from keepwell.notify import catalogue
from keepwell.notify.models import Due, Heartbeat, Hold, Hours, Message, Note
from keepwell.notify.queries import hours_of
from keepwell.people import policy
from keepwell.people.actions import Refused
from keepwell.people.models import Person
from keepwell.people.viewer import Viewer

TEST_AGAIN_AFTER = timedelta(minutes=1)
FAR = timedelta(days=3 * 366)  # who is away for longer than this has left


@transaction.atomic
def put_due(
    *,
    person: Person,
    room: str,
    kind: str,
    occasion: str,
    due_at: datetime,
    path: str,
    words: Mapping[str, Any],
    until: datetime | None = None,
    remind_at: datetime | None = None,
    now: datetime,
) -> Due:
    """Write or rewrite one due row. Call it in the transaction that writes the thing itself; a repeat changes nothing."""
    row = Due.objects.select_for_update().filter(person=person, kind=kind, occasion=occasion).first() or Due(
        person=person, kind=kind, occasion=occasion
    )
    row.room, row.due_at, row.until, row.path, row.words = room, due_at, until, path, dict(words)
    row.remind_at = remind_at if remind_at and remind_at > now else None
    row.save()
    return row


@transaction.atomic
def close_due(*, person: Person, kind: str, occasion: str | None = None, now: datetime) -> int:
    """Take due rows away: one occasion, or every one of that kind. The number taken."""
    rows = Due.objects.filter(person=person, kind=kind)
    return (rows.filter(occasion=occasion) if occasion is not None else rows).delete()[0]


@transaction.atomic
def hold(*, person: Person, kind: str, begins_at: datetime, ends_at: datetime, now: datetime) -> Hold:
    """Hold everything outside the safety lane between two instants; a repeat finds the same hold."""
    return Hold.objects.get_or_create(person=person, kind=kind, begins_at=begins_at, defaults={"ends_at": ends_at})[0]


@transaction.atomic
def lift_hold(*, person: Person, kind: str, begins_at: datetime, now: datetime) -> int:
    """Take back a hold: somebody is here again, or it was not to be. The number taken; a repeat takes none."""
    return Hold.objects.filter(person=person, kind=kind, begins_at=begins_at).delete()[0]


@transaction.atomic
def put_message(
    *,
    person: Person | None,
    to: str,
    language: str,
    lane: str,
    kind: str,
    occasion: str,
    params: Mapping[str, Any],
    due_at: datetime,
    now: datetime,
) -> Message:
    """Put one e-mail into the outbox, once an occasion; what it says is the catalogue's entry ``kind``."""
    catalogue.entry(kind).fits(params)
    found = Message.objects.filter(person=person, kind=kind, occasion=occasion, channel="email").first()
    if found:
        return found
    return Message.objects.create(
        person=person,
        lane=lane,
        kind=kind,
        occasion=occasion,
        channel="email",
        envelope={"to": to, "language": language, "params": dict(params)},
        due_at=due_at,
        made_at=now,
    )


@transaction.atomic
def put_note(
    *, person: Person, kind: str, occasion: str, words: Mapping[str, Any], path: str = "", now: datetime
) -> Note:
    """Leave a note inside Keepwell, once an occasion."""
    found = Note.objects.filter(person=person, kind=kind, occasion=occasion).first()
    return found or Note.objects.create(
        person=person, kind=kind, occasion=occasion, words=dict(words), path=path, made_at=now
    )


@transaction.atomic
def tell(
    *, person: Person, kind: str, occasion: str, params: Mapping[str, str] | None = None, path: str = "", now: datetime
) -> Message | None:
    """Put a message of the catalogue into the outbox for a person, at their main address; none if they switched it off."""
    entry = catalogue.entry(kind)
    if entry.optional and kind in hours_of(person).not_kinds:
        return None
    return put_message(
        person=person,
        to=person.email,
        language=person.language,
        lane=entry.lane,
        kind=kind,
        occasion=occasion,
        params={**(params or {}), **({"path": path} if path else {})},
        due_at=now,
        now=now,
    )


# ---- how somebody wants to be reached ----


@transaction.atomic
def set_hours(
    *,
    by: Person,
    working_days: str,
    work_from: time,
    work_to: time,
    quiet_from: time,
    quiet_to: time,
    by_email: bool,
    say_more: bool,
    now: datetime,
) -> Hours:
    """Keep a person's hours and how they want to be reached."""
    row = Hours.objects.select_for_update().filter(person=by).first() or Hours(person=by)
    row.working_days, row.work_from, row.work_to = working_days, work_from, work_to
    row.quiet_from, row.quiet_to, row.by_email, row.say_more = quiet_from, quiet_to, by_email, say_more
    row.save()
    return row


@transaction.atomic
def switch_message(*, by: Person, kind: str, on: bool, now: datetime) -> None:
    """Switch one optional message of the catalogue on or off for oneself."""
    if kind not in catalogue.OPTIONAL:
        raise Refused(_("This message can't be switched off."))
    row = Hours.objects.select_for_update().filter(person=by).first() or Hours(person=by)
    row.not_kinds = sorted({*row.not_kinds, kind} - ({kind} if on else set()))
    row.save()


@transaction.atomic
def go_away(*, by: Person, first: date, last: date, now: datetime) -> Hold:
    """Nothing is sent from the beginning of the first day to the end of the last, by the person's own clock."""
    if last < first:
        raise Refused(_("The last day comes before the first. Nothing was changed."))
    ends_at = periods.local_instant(last + timedelta(days=1), time(0), by.zone)
    if ends_at <= now:
        raise Refused(_("Those days have passed. Nothing was changed."))
    if ends_at > now + FAR:
        raise Refused(_("That is more than three years ahead. Choose a nearer day; you can always add more."))
    begins_at = periods.local_instant(first, time(0), by.zone)
    row = Hold.objects.select_for_update().filter(person=by, kind="away", begins_at=begins_at).first()
    if row is None:
        return Hold.objects.create(person=by, kind="away", begins_at=begins_at, ends_at=ends_at)
    row.ends_at = ends_at
    row.save(update_fields=["ends_at"])
    return row


@transaction.atomic
def come_back(*, by: Person, hold_id: UUID, now: datetime) -> bool:
    """End one's own away time, whether it has begun or not; true if there was one."""
    return bool(Hold.objects.filter(id=hold_id, person=by, kind="away").delete()[0])


# ---- notes ----


@transaction.atomic
def read_notes(*, by: Person, note_ids: Sequence[UUID] | None = None, now: datetime) -> int:
    """Mark one's own notes as read: these, or all."""
    rows = Note.objects.filter(person=by, read_at=None)
    return (rows if note_ids is None else rows.filter(id__in=note_ids)).update(read_at=now)


# ---- looking after the post ----


@transaction.atomic
def test_post(*, by: Viewer, now: datetime) -> Message:
    """Send a test to oneself. Asked twice within a minute, it is one test."""
    if not policy.may_look_after_server(by) or by.person is None:
        raise Refused(_("Testing the post is for administrators."))
    recent = Message.objects.filter(person=by.person, kind="post-test", made_at__gt=now - TEST_AGAIN_AFTER)
    found = recent.order_by("-made_at").first()
    if found is not None and found.state == Message.PENDING:
        return found
    made = tell(
        person=by.person,
        kind="post-test",
        occasion=str(uuid.uuid4()),
        params={"product": settings.KEEPWELL_NAME},
        now=now,
    )
    if made is None:
        raise Refused(_("Testing the post is for administrators."))
    return made


def beat(*, part: str, now: datetime) -> None:
    """This part of the clock gives a sign."""
    if not Heartbeat.objects.filter(part=part).update(beat_at=now):
        Heartbeat.objects.get_or_create(part=part, defaults={"beat_at": now})


@transaction.atomic
def erase_note(*, by: Person, note_id: UUID, now: datetime) -> bool:
    """Erase one note of one's own; true if it was there."""
    return bool(Note.objects.filter(person=by, id=note_id).delete()[0])


@transaction.atomic
def withdraw_waiting(*, now: datetime) -> int:
    """After a restore: what waits in the outbox may have gone out since the backup, so none of it goes. The number withdrawn."""
    return Message.objects.filter(state=Message.PENDING).update(state=Message.WITHDRAWN, done_at=now)


@transaction.atomic
def erase(*, person: Person, now: datetime) -> None:
    """Everything this room holds of a person."""
    for model in (Due, Note, Hours, Hold, Message):
        model.objects.filter(person=person).delete()
