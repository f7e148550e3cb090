"""The harness itself: its clock, its post office, its closed door, its people. A harness that lies makes every test lie."""

from __future__ import annotations

import smtplib
import socket
import time
from collections.abc import Callable
from datetime import datetime

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from keepwell.people.viewer import viewer_for
from tests.support import Cast, NetworkIsOff, Post


def test_the_clock_stands_still(now: datetime) -> None:
    first = timezone.now()
    time.sleep(0.01)
    assert timezone.now() == first == now


@pytest.mark.parametrize("address", [("192.0.2.1", 25), ("2001:db8::1", 443)])
def test_the_network_is_off(address: tuple[str, int]) -> None:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as one, pytest.raises(NetworkIsOff):
        one.connect(address)


def test_names_are_not_looked_up() -> None:
    with pytest.raises(NetworkIsOff):
        socket.create_connection(("keepwell.example", 443), timeout=1)


def _letter() -> EmailMessage:
    return EmailMessage("A note", "is waiting", "notes@localhost", ["ada@demo.example"])


def test_the_post_office_takes_a_letter(smtp: Post) -> None:
    assert _letter().send() == 1
    assert [(letter["Subject"], smtp.recipients) for letter in smtp.mails] == [("A note", ["ada@demo.example"])]
    assert not hasattr(mail, "outbox") or mail.outbox == [], "it went over a wire, not into a list"


@pytest.mark.parametrize(("mode", "code"), [("refuse", 550), ("later", 451)])
def test_the_post_office_refuses(smtp: Post, mode: str, code: int) -> None:
    smtp.mode = mode
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        _letter().send()
    assert refused.value.recipients["ada@demo.example"][0] == code
    assert smtp.mails == []


def test_the_post_office_takes_a_letter_and_drops_the_line(smtp: Post) -> None:
    smtp.mode = "drop"
    with pytest.raises(smtplib.SMTPServerDisconnected):
        _letter().send()
    assert len(smtp.mails) == 1, "the letter arrived, though nobody was told"


def test_the_post_office_stalls(smtp: Post) -> None:
    smtp.mode, smtp.stalls = "stall", 5
    with smtplib.SMTP(smtp.host, smtp.port, timeout=0.3) as line, pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
        line.sendmail("notes@localhost", ["ada@demo.example"], "Subject: A note\n\nis waiting")


def test_everybody_is_where_the_cast_says(cast: Cast) -> None:
    def held(name: str) -> set[str]:
        return {one.kind for one in viewer_for(cast.people[name]).held}

    assert {name: held(name) for name in ("ada", "mia", "ben", "pia", "cleo", "adam", "tess", "dov", "noor", "lena")} == {
        "ada": set(),
        "mia": set(),
        "ben": {"supervisor"},
        "pia": {"programme-staff"},
        "cleo": {"manager"},
        "adam": {"administrator"},
        "tess": {"technical-administrator"},
        "dov": set(),
        "noor": {"supervisor"},
        "lena": set(),
    }
    assert viewer_for(cast.ben).supervises(cast.outreach.id)
    assert viewer_for(cast.lena).agency is None, "lena has left"
    assert viewer_for(cast.dov).agency == cast.quay


def test_a_client_is_signed_in(cast: Cast, client_of: Callable[..., Client], now: datetime) -> None:
    assert client_of(cast.ada).session["_auth_user_id"] == str(cast.ada.pk)
