"""Who meets what at the addresses of the post: notes, hours, messages."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from keepwell.notify.models import Due, Hold, Message, Note
from tests.house.doors import Door, canary
from tests.support import Cast

DOORS: dict[str, Door] = {}


def scene(cast: Cast, now: datetime) -> dict[str, Any]:
    title = {"title": canary("notify.Due.words"), "sub": canary("notify.Due.words")}
    Due.objects.create(
        person=cast.ada, room="plans", kind="plan-review", occasion="2026-11-25", due_at=now, path="/plan/", words=title
    )
    note = Note.objects.create(
        person=cast.ada, kind="export-ready", occasion="one", words={"title": canary("notify.Note.words")}, path="/me/", made_at=now
    )
    hold = Hold.objects.create(person=cast.ada, kind="away", begins_at=now + timedelta(days=9), ends_at=now + timedelta(days=12))
    Message.objects.create(
        person=cast.ada,
        lane="reminder",
        kind="check-in-reminder",
        occasion="2026-W48",
        channel="email",
        envelope={"to": cast.ada.email, "language": "en", "params": {}},
        due_at=now,
        made_at=now,
        answer=canary("notify.Message.answer"),
    )
    return {"note": note, "hold": hold}
