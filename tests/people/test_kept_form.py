"""A half-filled form survives a lost session: given back to its writer, to nobody else, and sent exactly once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from keepwell.people import actions
from keepwell.people.middleware import LAST_PERSON
from keepwell.people.models import KeptForm, Person
from keepwell.people.rules.kept import own_words
from tests import support

WORDS = "Long visit on Saturday. I keep going over it. שלום ✨"


@pytest.fixture(autouse=True)
def no_old_limits(db: None) -> None:
    cache.clear()


@pytest.fixture
def lost(cast: support.Cast, now: datetime) -> Client:
    """Ada's browser: her session has ended, and she has just sent a form."""
    client = Client()
    sign_in(client, cast.ada)
    client.get(reverse("me"))
    Session.objects.all().delete()
    sent = client.post(reverse("me_called"), {"called": WORDS, "kind": "note", "csrfmiddlewaretoken": "x"})
    assert sent.url == f"{reverse('account_login')}?next=%2Fkept%2F"
    return client


def sign_in(client: Client, person: Person, then: str = "") -> str:
    answer = client.post(reverse("account_login"), {"login": person.email, "password": support.PASSWORD, "next": then})
    return str(answer.headers["Location"])


def test_the_whole_way(cast: support.Cast, lost: Client) -> None:
    assert cast.ada.called == "Ada"
    assert "What you wrote is kept" in lost.get(f"{reverse('account_login')}?next=%2Fkept%2F").content.decode()
    assert sign_in(lost, cast.ada, "/kept/") == "/kept/"
    page = lost.get("/kept/").content.decode()
    assert WORDS.split(".")[0] in page
    assert "your settings" in page
    assert "csrfmiddlewaretoken" in page
    assert 'value="x"' not in page

    sent = lost.post(reverse("kept_form_send"), {"called": WORDS[:40], "kind": "note"})
    assert sent.status_code == 307
    assert sent.headers["Location"] == reverse("me_called")
    again = lost.post(sent.headers["Location"], {"called": WORDS[:40], "kind": "note"})
    assert again.url == reverse("me")
    cast.ada.refresh_from_db()
    assert cast.ada.called == WORDS[:40].strip()
    assert not KeptForm.objects.exists()


def test_sent_exactly_once(cast: support.Cast, lost: Client) -> None:
    sign_in(lost, cast.ada)
    answers = [lost.post(reverse("kept_form_send"), {"called": "Ada R"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [307, 302, 302]
    assert lost.get("/kept/").url == reverse("today")


def test_let_go(cast: support.Cast, lost: Client) -> None:
    sign_in(lost, cast.ada)
    assert lost.post(reverse("kept_form_let_go")).url == reverse("today")
    assert not KeptForm.objects.exists()
    assert lost.get("/kept/").url == reverse("today")


def test_somebody_else_in_the_same_browser_never_sees_it(cast: support.Cast, lost: Client) -> None:
    sign_in(lost, cast.rosa)
    answer = lost.get("/kept/", follow=True)
    assert WORDS.split(".")[0] not in answer.content.decode()
    assert lost.post(reverse("kept_form_send"), {"called": "x"}).status_code == 302
    assert KeptForm.objects.filter(person=cast.ada).exists()


def test_the_note_in_the_browser_follows_who_signs_in(cast: support.Cast, lost: Client) -> None:
    """What Rosa sends after Ada was here is kept for Rosa, not for Ada."""
    KeptForm.objects.all().delete()
    sign_in(lost, cast.rosa)
    lost.get(reverse("me"))
    Session.objects.all().delete()
    lost.post(reverse("me_called"), {"called": "Rosa writes this"})
    assert [kept.person for kept in KeptForm.objects.all()] == [cast.rosa]


def test_signed_out_by_oneself_nothing_is_kept(cast: support.Cast, now: datetime) -> None:
    client = Client()
    sign_in(client, cast.ada)
    client.get(reverse("me"))
    assert LAST_PERSON in client.cookies
    client.post(reverse("account_logout"))
    assert client.cookies[LAST_PERSON].value == ""
    answer = client.post(reverse("me_called"), {"called": WORDS})
    assert answer.url.startswith(reverse("account_login"))
    assert not KeptForm.objects.exists()


def test_a_form_with_a_password_is_never_kept(cast: support.Cast, now: datetime) -> None:
    client = Client()
    sign_in(client, cast.ada)
    client.get(reverse("me"))
    Session.objects.all().delete()
    client.post(reverse("account_change_password"), {"oldpassword": support.PASSWORD, "password1": "x"})
    client.post(reverse("account_reauthenticate"), {"password": support.PASSWORD})
    assert not KeptForm.objects.exists()


def test_after_an_hour_it_is_gone(cast: support.Cast, lost: Client, now: datetime) -> None:
    with time_machine.travel(now + actions.KEPT_FORM_LASTS * 1.01, tick=False):
        sign_in(lost, cast.ada)
        assert lost.get("/kept/").url == reverse("today")


def test_what_is_kept_lies_sealed(cast: support.Cast, lost: Client) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT fields FROM people_keptform")
        assert b"Saturday" not in bytes(cursor.fetchone()[0])


def test_a_forged_note_keeps_nothing(cast: support.Cast, now: datetime) -> None:
    client = Client()
    client.cookies[LAST_PERSON] = str(cast.ada.pk)
    client.post(reverse("me_called"), {"called": WORDS})
    assert not KeptForm.objects.exists()


@pytest.mark.parametrize(
    ("fields", "written", "chosen"),
    [
        ({"note": ["I am tired."], "answer": ["3"], "tags": ["load", "on-call"]}, ["I am tired."], 3),
        ({"a": [""], "b": ["  "]}, [], 0),
        ({"a": ["2026-11-25"], "b": ["Ñandú"], "c": ["x" * 80]}, ["Ñandú", "x" * 80], 1),
    ],
)
def test_own_words(fields: dict[str, list[str]], written: list[str], chosen: int) -> None:
    assert own_words(fields) == (written, chosen)


def test_it_is_shown_to_a_signed_in_person_only(
    client_of: Callable[..., Client], cast: support.Cast, lost: Client
) -> None:
    assert Client().get("/kept/").url.startswith(reverse("account_login"))
    assert WORDS.split(".")[0] in client_of(cast.ada).get("/kept/").content.decode()
