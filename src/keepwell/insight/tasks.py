"""What the clock asks of this room: make the exports people asked for, forget old ones, finish erasures."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from keepwell.insight import actions, queries
from keepwell.insight.models import Export
from keepwell.insight.rules import archive
from keepwell.notify import actions as notify
from keepwell.people import keyring

LEASE = timedelta(minutes=10)


def build_exports(now: datetime, most: int = 5) -> int:
    """Make up to ``most`` waiting exports. One that was begun and not finished is begun again when its lease is over."""
    made = 0
    for _turn in range(most):
        export = _claim(now)
        if export is None:
            break
        with keyring.remembered(), translation.override(export.person.language):
            _build(export, now)
        made += 1
    return made


def _claim(now: datetime) -> Export | None:
    with transaction.atomic():
        free = Export.objects.filter(Q(leased_until=None) | Q(leased_until__lt=now), state=Export.WAITING)
        row = free.select_for_update(skip_locked=True, of=("self",)).select_related("person").order_by("asked_at").first()
        if row is not None:
            Export.objects.filter(id=row.id).update(leased_until=now + LEASE, done=0)
        return row


def _build(export: Export, now: datetime) -> None:
    person = export.person
    everything = {}
    for done, (room, of_room) in enumerate(queries.ROOMS, start=1):
        everything[room] = of_room(person)
        Export.objects.filter(id=export.id).update(done=done)
    explain = _(
        "This is everything %(product)s holds of you. everything.json has all of it; the folders have the same as tables that a "
        "spreadsheet opens; ahead.ics goes into a calendar. Keep it where only you will find it."
    ) % {"product": settings.KEEPWELL_NAME}
    events = [
        {"id": due["id"], "starts": datetime.fromisoformat(due["due_at"]), "title": settings.KEEPWELL_NAME}
        for due in everything.get("notify", {}).get("due", [])
    ]  # the calendar names no subject: it may lie open on a shared screen
    export.archive = archive.write(everything, events, product=settings.KEEPWELL_NAME, explain=explain, made_at=now)
    with transaction.atomic():
        export.state, export.ready_at, export.done = Export.READY, now, export.of
        export.save(update_fields=["archive", "state", "ready_at", "done"])
        notify.put_note(
            person=person,
            kind="export-ready",
            occasion=str(export.id),
            words={"title": _("Your data is ready"), "sub": _("The archive waits for a day, then it is gone.")},
            path=reverse("insight:data"),
            now=now,
        )
        notify.tell(person=person, kind="export-ready", occasion=str(export.id), path=reverse("insight:data"), now=now)


def tidy(now: datetime) -> int:
    """Old exports go, erasures that a crash left begun are finished."""
    return actions.drop_old_exports(now=now) + actions.finish_erasures(now=now)
