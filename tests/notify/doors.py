"""Who meets what at the addresses of the post: notes, hours, messages."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from keepwell.notify.models import Due, Hold, Message, Note
from tests.house.doors import AT_HOME, Door, canary, only
from tests.support import Cast

KEEPS_THE_POST = only("adam", "tess", "uma")

DOORS = {
    "notify:notes": Door(AT_HOME),
    "notify:read_all": Door(post=AT_HOME),
    "notify:open_note": Door(post=only("ada"), at=lambda scene: {"note_id": scene["note"].id}),
    "notify:catalogue": Door(AT_HOME),
    "notify:switch_on": Door(post=AT_HOME, at=lambda scene: {"kind": "check-in-reminder"}),
    "notify:switch_off": Door(post=AT_HOME, at=lambda scene: {"kind": "check-in-reminder"}),
    "notify:hours": Door(AT_HOME, AT_HOME),
    "notify:go_away": Door(post=AT_HOME),
    # The same answer whether there is such a hold or not, so that pressing twice is no fault.
    "notify:come_back": Door(post=AT_HOME, at=lambda scene: {"hold_id": scene["hold"].id}),
    "notify:email_test": Door(KEEPS_THE_POST),
    "notify:test_post": Door(post=KEEPS_THE_POST),
}


def scene(cast: Cast, now: datetime) -> dict[str, Any]:
    title = {"title": canary("notify.Due.words"), "sub": canary("notify.Due.words")}
    Due.objects.create(
        person=cast.ada, room="plans", kind="plan-review", occasion="2026-11-25", due_at=now, path="/plan/", words=title
    )
    note = Note.objects.create(
        person=cast.ada,
        kind="export-ready",
        occasion="one",
        words={"title": canary("notify.Note.words")},
        path="/me/",
        made_at=now,
    )
    hold = Hold.objects.create(
        person=cast.ada, kind="away", begins_at=now + timedelta(days=9), ends_at=now + timedelta(days=12)
    )
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
