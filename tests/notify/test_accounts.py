"""What the sign-in library sends goes through our outbox, in our words."""

from __future__ import annotations

from datetime import datetime

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.test import Client, RequestFactory
from django.urls import reverse

from keepwell.notify import tasks
from keepwell.notify.models import Message
from tests.support import Cast, Post


def test_a_code_for_a_new_password_comes_through_the_outbox(cast: Cast, now: datetime, smtp: Post) -> None:
    Client().post(reverse("account_reset_password"), {"email": cast.ada.email})
    message = Message.objects.get()
    assert (message.kind, message.lane, message.person) == ("password-reset-code", "account", cast.ada)
    tasks.send(clock=lambda: now)
    (mail,) = smtp.mails
    assert message.envelope["params"]["code"] in mail.get_payload()[0].get_payload(decode=True).decode()  # type: ignore[union-attr, index]


def test_an_unknown_address_gets_no_letter(cast: Cast, now: datetime) -> None:
    answer = Client().post(reverse("account_reset_password"), {"email": "nobody@x.example"})
    known = Client().post(reverse("account_reset_password"), {"email": cast.ada.email})
    assert answer.status_code == known.status_code
    assert Message.objects.filter(person=None).count() == 0


def test_a_change_of_sign_in_is_told_without_where_they_were(cast: Cast, now: datetime) -> None:
    request = RequestFactory().get("/", HTTP_USER_AGENT="Canary phone", REMOTE_ADDR="203.0.113.7")
    get_adapter(request).send_notification_mail("mfa/email/totp_activated", cast.ben)
    message = Message.objects.get()
    assert (message.kind, message.envelope["to"]) == ("totp-activated", cast.ben.email)
    assert "Canary" not in str(message.envelope)
    assert "203.0.113.7" not in str(message.envelope)


def test_a_message_to_a_private_address_leaves_with_its_person(cast: Cast, now: datetime) -> None:
    EmailAddress.objects.create(user=cast.mia, email="mia@home.example", verified=True)
    get_adapter().send_mail("account/email/password_reset_code", "mia@home.example", {"code": "X"})
    assert Message.objects.get().person == cast.mia
