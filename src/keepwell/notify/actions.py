"""Every write of this room. Rooms above write due rows, holds and messages through these."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from keepwell.notify.models import Due, Hold, Message, Note
from keepwell.people.models import Person


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
