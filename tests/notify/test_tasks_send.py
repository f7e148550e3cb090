"""Sending: claim, send, mark. Nothing lost, nothing twice without a fault, and one poisoned row stops nobody."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta
from email.header import decode_header, make_header
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from keepwell.notify import actions, line, tasks
from keepwell.notify.models import Hours, Message, Note
from keepwell.notify.rules import retry
from keepwell.notify.rules.reference import message_id, reference
from keepwell.people import actions as people
from keepwell.people.models import Invitation
from keepwell.people.viewer import viewer_for
from tests.support import Cast, Post


def _put(cast: Cast, now: datetime, n: int = 1, kind: str = "post-test") -> list[Message]:
    return [
        actions.put_message(
            person=cast.ada,
            to=f"ada{i}@demo.example",
            language="en",
            lane="account",
            kind=kind,
            occasion=str(uuid4()),
            params={"product": "Keepwell", "code": "X"},
            due_at=now,
            now=now,
        )
        for i in range(n)
    ]


def _send(now: datetime, **more: Any) -> int:
    return tasks.send(clock=lambda: now, **more)


def test_a_message_is_sent_in_both_forms_and_marked(cast: Cast, now: datetime, smtp: Post, settings: Settings) -> None:
    settings.KEEPWELL_EMAIL_FROM = "post@kw.example"
    (message,) = _put(cast, now)
    assert _send(now) == 1
    message.refresh_from_db()
    assert (message.state, message.done_at, message.lease) == (Message.SENT, now, None)
    (mail,) = smtp.mails
    assert smtp.recipients == ["ada0@demo.example"]
    assert mail["Message-ID"] == message_id(message.id, "email", "kw.example")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert str(make_header(decode_header(mail["Subject"]))) == "The post works"
    assert mail["From"] == "Keepwell <post@kw.example>"
    assert [part.get_content_type() for part in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    text = mail.get_payload()[0].get_payload(decode=True).decode()  # type: ignore[union-attr, index]  # as walked above
    assert reference(message.id) in text


def test_what_is_sent_is_not_sent_again(cast: Cast, now: datetime, smtp: Post) -> None:
    _put(cast, now, 3)
    _send(now)
    assert _send(now + timedelta(hours=1)) == 0
    assert len(smtp.mails) == 3


def test_one_line_serves_a_whole_batch(cast: Cast, now: datetime, smtp: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    real = line.get_connection
    monkeypatch.setattr(line, "get_connection", lambda: opened.append(1) or real())
    _put(cast, now, 60)
    assert [_send(now), _send(now)] == [50, 10]
    assert len(smtp.mails) == 60
    assert len(opened) == 2


def test_no_network_call_stands_inside_a_transaction(
    cast: Cast, now: datetime, smtp: Post, monkeypatch: pytest.MonkeyPatch, transactional_db: None
) -> None:
    inside: list[bool] = []
    for name in ("open", "send"):
        real = getattr(line.Line, name)

        def spy(self: line.Line, *args: Any, real: Any = real) -> Any:
            inside.append(connection.in_atomic_block)
            return real(self, *args)

        monkeypatch.setattr(line.Line, name, spy)
    _put(cast, now, 2)
    _send(now)
    assert inside == [False] * 4
    assert len(smtp.mails) == 2


@pytest.mark.parametrize(
    ("mode", "state", "sentence"),
    [("refuse", "given-up", "550 5.1.1 no such mailbox"), ("later", "pending", "451 4.3.0 try again later")],
)
def test_a_lasting_refusal_ends_it_and_another_waits(
    cast: Cast, now: datetime, smtp: Post, mode: str, state: str, sentence: str
) -> None:
    smtp.mode = mode
    (message,) = _put(cast, now)
    _send(now)
    message.refresh_from_db()
    assert (message.state, message.answer, message.attempts) == (state, sentence, 1)
    if state == "pending":
        assert message.due_at == now + timedelta(seconds=5)
        smtp.mode = "accept"
        _send(message.due_at)
        message.refresh_from_db()
        assert message.state == Message.SENT
        assert message.attempts == 2


def test_a_mail_server_that_is_down_loses_nothing(cast: Cast, now: datetime, smtp: Post, settings: Settings) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    _put(cast, now, 5)
    at, tries = now, 0
    while at < now + timedelta(minutes=30):
        _send(at)
        at += timedelta(seconds=30)
        tries += 1
    assert not smtp.mails
    assert Message.objects.filter(state=Message.PENDING).count() == 5
    settings.EMAIL_PORT = port
    _send(now + timedelta(minutes=59))
    assert len(smtp.mails) == 5


def test_a_message_nobody_takes_is_given_up_after_a_day_and_counted(cast: Cast, now: datetime, smtp: Post) -> None:
    from keepwell.notify import queries

    smtp.mode = "later"
    _put(cast, now, kind="email-changed")
    at = now
    while Message.objects.filter(state=Message.PENDING).exists():
        at = Message.objects.get().due_at
        _send(at)
    assert now + timedelta(hours=22) < at <= now + timedelta(hours=24)
    state = queries.post_state(viewer_for(cast.tess), at)
    assert state is not None
    assert (state.given_up, state.waiting) == (1, 0)


def test_cut_off_after_the_data_it_is_sent_again_with_the_same_id(cast: Cast, now: datetime, smtp: Post) -> None:
    smtp.mode = "drop"
    (message,) = _put(cast, now)
    _send(now)
    message.refresh_from_db()
    assert message.state == Message.PENDING
    smtp.mode = "accept"
    _send(message.due_at)
    assert len(smtp.mails) == 2
    assert len({mail["Message-ID"] for mail in smtp.mails}) == 1


def test_a_server_that_stalls_is_cut_off_and_the_next_batch_goes(
    cast: Cast, now: datetime, smtp: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    smtp.mode, smtp.stalls = "stall", 3.0
    monkeypatch.setattr(tasks, "Line", lambda: line.Line(within=0.3))
    (message,) = _put(cast, now)
    _send(now)
    message.refresh_from_db()
    assert message.state == Message.PENDING
    assert message.due_at > now


def test_a_server_that_will_not_open_is_tried_once_for_the_whole_batch(
    cast: Cast, now: datetime, smtp: Post, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_PORT = 1
    opened: list[object] = []
    real = line.get_connection
    monkeypatch.setattr(line, "get_connection", lambda: opened.append(1) or real())
    _put(cast, now, 20)
    _send(now)
    assert len(opened) == 1
    assert Message.objects.filter(attempts=0, lease=None).count() == 19


@pytest.mark.parametrize("poison", ["sealed for another row", "unknown kind", "an address with a line break"])
def test_one_poisoned_row_stops_nobody(
    cast: Cast, now: datetime, smtp: Post, poison: str, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = _put(cast, now, 2)
    Message.objects.filter(id=first.id).update(due_at=now - timedelta(minutes=1))  # it comes first
    if poison == "unknown kind":
        Message.objects.filter(id=first.id).update(kind="nobody-knows")
    elif poison == "an address with a line break":
        first.envelope = {
            "to": "secret-address@x.example\nBcc: y@x.example",
            "language": "en",
            "params": {"product": "x"},
        }
        first.save()
    else:
        with connection.cursor() as cursor, transaction.atomic():
            cursor.execute(
                "UPDATE notify_message SET envelope = (SELECT envelope FROM notify_message WHERE id <> %s LIMIT 1)",
                [_pk(first)],
            )
        second.save()
    with caplog.at_level(logging.ERROR, "keepwell.notify"):
        _send(now)
    assert smtp.recipients == ["ada1@demo.example"]
    first.refresh_from_db(fields=["state", "attempts", "due_at"])
    assert first.state == Message.PENDING
    assert first.due_at > now
    assert "secret-address" not in caplog.text
    while first.state == Message.PENDING:
        _send(first.due_at)
        first.refresh_from_db(fields=["state", "attempts", "due_at"])
    assert first.state == Message.GIVEN_UP
    assert first.attempts == tasks.POISONED_AFTER


def _pk(message: Message) -> Any:
    return message.id if connection.vendor == "postgresql" else message.id.hex


def test_a_lease_keeps_others_away_until_it_is_over(cast: Cast, now: datetime, smtp: Post) -> None:
    _put(cast, now)
    assert len(tasks.claim(now)) == 1
    assert tasks.claim(now + retry.LEASE - timedelta(seconds=1)) == []
    assert len(tasks.claim(now + retry.LEASE)) == 1


def test_a_sender_that_slept_past_its_lease_changes_nothing(cast: Cast, now: datetime, smtp: Post) -> None:
    (message,) = _put(cast, now)
    (slept,) = tasks.claim(now)
    later = now + retry.LEASE
    _send(later)
    assert len(smtp.mails) == 1
    assert not tasks._renew(slept, later)
    assert not tasks._mark(slept, Message.GIVEN_UP, later)
    message.refresh_from_db()
    assert message.state == Message.SENT


def test_told_to_stop_it_gives_back_what_it_has_not_begun(cast: Cast, now: datetime, smtp: Post) -> None:
    _put(cast, now, 5)
    answers = iter([False, False, True, True, True])
    _send(now, stop=lambda: next(answers))
    assert len(smtp.mails) == 2
    assert Message.objects.filter(state=Message.PENDING, lease=None, attempts=0).count() == 3


def test_codes_go_before_reminders(cast: Cast, now: datetime, smtp: Post) -> None:
    actions.put_message(
        person=cast.mia,
        to="r@x.example",
        language="en",
        lane="reminder",
        kind="check-in-reminder",
        occasion="x",
        params={},
        due_at=now - timedelta(hours=1),
        now=now,
    )
    _put(cast, now)
    assert [message.lane for message in tasks.claim(now)] == ["account", "reminder"]


def test_a_code_that_opens_nothing_any_more_is_withdrawn(cast: Cast, now: datetime, smtp: Post) -> None:
    (message,) = _put(cast, now, kind="password-reset-code")
    _send(now + timedelta(minutes=16))
    message.refresh_from_db()
    assert message.state == Message.WITHDRAWN
    assert not smtp.mails


def test_without_a_mail_server_everything_waits(cast: Cast, now: datetime, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    (message,) = _put(cast, now)
    assert _send(now) == 0
    message.refresh_from_db()
    assert (message.state, message.attempts) == (Message.PENDING, 0)


# ---- reminders are asked again at the moment of sending ----


def _reminder(cast: Cast, now: datetime) -> Message:
    actions.put_due(
        person=cast.ada,
        room="measures",
        kind="check-in",
        occasion="w",
        due_at=now,
        remind_at=now + timedelta(seconds=1),
        path="/check-in/",
        words={"title": "x"},
        now=now,
    )
    tasks.remind(now + timedelta(seconds=2))
    return Message.objects.get(kind="check-in-reminder")


def test_a_reminder_of_what_has_been_done_is_withdrawn(cast: Cast, now: datetime, smtp: Post) -> None:
    message = _reminder(cast, now)
    actions.close_due(person=cast.ada, kind="check-in", now=now)
    _send(now + timedelta(seconds=5))
    message.refresh_from_db()
    assert (message.state, message.local_date) == (Message.WITHDRAWN, None)
    assert not smtp.mails


def test_a_reminder_held_up_until_the_evening_waits_for_the_morning(cast: Cast, now: datetime, smtp: Post) -> None:
    message = _reminder(cast, now)
    night = now + timedelta(hours=13)  # 22:00 in New York
    _send(night)
    message.refresh_from_db()
    assert not smtp.mails
    assert message.local_date == date(2026, 11, 26)
    assert message.due_at == now.replace(day=26, hour=12, minute=30)
    _send(message.due_at)
    assert len(smtp.mails) == 1


def test_a_reminder_follows_what_was_switched_off_meanwhile(cast: Cast, now: datetime, smtp: Post) -> None:
    message = _reminder(cast, now)
    Hours.objects.create(person=cast.ada, by_email=False)
    _send(now + timedelta(seconds=5))
    message.refresh_from_db()
    assert message.state == Message.WITHDRAWN
    assert not smtp.mails


# ---- what becomes a message ----


def _invite(cast: Cast, now: datetime, note: str = "") -> Invitation:
    return people.invite(
        by=viewer_for(cast.adam), email="new@x.example", name="New", kind="staff", team=None, note=note, now=now
    )


def test_an_invitation_is_carried_once_and_again_when_it_is_repeated(cast: Cast, now: datetime, smtp: Post) -> None:
    _invite(cast, now, note="See you on Monday")
    assert tasks.post_invitations(now) == 1
    assert tasks.post_invitations(now) == 0
    _send(now)
    (mail,) = smtp.mails
    text = mail.get_payload()[0].get_payload(decode=True).decode()  # type: ignore[union-attr, index]
    assert "See you on Monday" in text
    assert "Harbour Street" in text
    token = people.invitation_token(Invitation.objects.get())
    assert token in text
    _invite(cast, now + timedelta(hours=1))
    assert tasks.post_invitations(now + timedelta(hours=1)) == 1


def test_an_invitation_withdrawn_before_it_was_sent_is_not_sent(cast: Cast, now: datetime, smtp: Post) -> None:
    invitation = _invite(cast, now)
    tasks.post_invitations(now)
    people.withdraw_invitation(by=viewer_for(cast.adam), invitation_id=invitation.id, now=now)
    _send(now)
    assert not smtp.mails
    assert Message.objects.get().state == Message.WITHDRAWN


def test_whose_place_ended_is_told_once(cast: Cast, now: datetime) -> None:
    assert tasks.tell_ended(now) == 1  # lena, of the cast
    assert tasks.tell_ended(now) == 0
    assert Message.objects.get(kind="membership-ended").person == cast.lena


def test_after_thirty_days_messages_and_notes_are_gone(cast: Cast, now: datetime) -> None:
    _put(cast, now, 3)
    actions.put_note(person=cast.ada, kind="k", occasion="o", words={"title": "x"}, now=now)
    assert tasks.purge(now + timedelta(days=29)) == 0
    assert tasks.purge(now + timedelta(days=31)) == 4
    assert not Message.objects.exists()
    assert not Note.objects.exists()


def test_the_clear_columns_name_nobody(cast: Cast, now: datetime) -> None:
    _invite(cast, now)
    tasks.post_invitations(now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM notify_message")
        row = repr([bytes(cell) if isinstance(cell, memoryview) else cell for cell in cursor.fetchone()])
    assert "new@x.example" not in row
    assert "Harbour" not in row


def test_a_claim_is_a_handful_of_statements_however_many_rows(cast: Cast, now: datetime) -> None:
    _put(cast, now, 40)
    with CaptureQueriesContext(connection) as seen:
        assert len(tasks.claim(now)) == 40
    assert len([q for q in seen if "notify_message" in q["sql"]]) == 3
