"""Every message of the catalogue leaves through a real mail server and arrives, in each language, by the way it is really made."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.header import decode_header, make_header
from typing import Any

import pytest
from django.conf import settings as configured

from keepwell.notify import actions, catalogue, tasks
from keepwell.notify.models import Due, Message
from keepwell.people import actions as people
from keepwell.people.models import Agency, Person
from keepwell.people.viewer import viewer_for
from tests.support import Cast, Post

# Which due row leads to which reminder; a reminder of the catalogue that stands here not would be found by the test.
DUES = {"check-in-reminder": "check-in", "commitment-reminder": "commitment", "plan-review-reminder": "plan-review"}


def _make(entry: catalogue.Entry, cast: Cast, language: str, now: datetime) -> str:
    """Brings the message about; the address it must reach."""
    if entry.lane == catalogue.REMINDER:
        actions.put_due(
            person=cast.ada,
            room="measures" if DUES[entry.slug] == "check-in" else "plans",
            kind=DUES[entry.slug],
            occasion="2026-W48",
            due_at=now,
            remind_at=now + timedelta(seconds=1),
            path="/check-in/",
            words={"title": "x", "sub": ""},
            now=now,
        )
        assert tasks.remind(now + timedelta(seconds=2)) == 1
        return cast.ada.email
    if entry.slug == "invitation":
        Agency.objects.update(language=language)
        people.invite(by=viewer_for(cast.adam), email="new@demo.example", name="New", kind="staff", team=None, now=now)
        assert tasks.post_invitations(now) == 1
        return "new@demo.example"
    actions.put_message(
        person=cast.ada,
        to=cast.ada.email,
        language=language,
        lane=entry.lane,
        kind=entry.slug,
        occasion="1",
        params=dict(entry.example),
        due_at=now,
        now=now,
    )
    return cast.ada.email


@pytest.mark.parametrize("language", [code for code, _ in configured.LANGUAGES])
@pytest.mark.parametrize("entry", catalogue.ENTRIES, ids=lambda entry: entry.slug)
def test_it_arrives(entry: catalogue.Entry, language: str, cast: Cast, now: datetime, smtp: Post, settings: Any) -> None:
    settings.KEEPWELL_BASE_URL = "https://kw.example"
    Person.objects.filter(pk=cast.ada.pk).update(language=language)
    cast.ada.refresh_from_db()
    to = _make(entry, cast, language, now)
    assert tasks.send(clock=lambda: now + timedelta(seconds=5)) == 1
    assert smtp.recipients == [to]
    (mail,) = smtp.mails
    text, page = mail.get_payload()  # type: ignore[misc]  # the two forms of one letter
    said = text.get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert str(make_header(decode_header(mail["Subject"])))
    assert "%(" not in said and "{{" not in said
    assert f'lang="{language}"' in page.get_payload(decode=True).decode()  # type: ignore[union-attr]
    message = Message.objects.get()
    assert (message.state, message.kind) == (Message.SENT, entry.slug)


def test_three_things_due_in_one_day_are_one_letter(cast: Cast, now: datetime, smtp: Post) -> None:
    for slug in DUES:
        _put_quietly(cast.ada, DUES[slug], now)
    for minute in range(0, 10 * 60, 5):
        at = now + timedelta(minutes=minute)
        tasks.remind(at)
        tasks.send(clock=lambda at=at: at)  # type: ignore[misc]
    assert smtp.recipients == [cast.ada.email]
    assert Due.objects.filter(person=cast.ada).count() == 3  # nothing that is due is lost by that


def _put_quietly(person: Person, kind: str, now: datetime) -> None:
    actions.put_due(
        person=person,
        room="measures" if kind == "check-in" else "plans",
        kind=kind,
        occasion="2026-W48",
        due_at=now,
        remind_at=now + timedelta(minutes=1),
        path="/",
        words={"title": "x", "sub": ""},
        now=now,
    )
